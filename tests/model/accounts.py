"""Accounts as another application writes them."""

from rdflib import Graph, Literal, URIRef

from musette_solid.model.identity import Account
from musette_solid.rdf import syntax, terms


def graph_of_account(account: Account) -> Graph:
    it = URIRef(account.iri)
    said = [(it, terms.RDF_TYPE, terms.FOAF_ONLINE_ACCOUNT), (it, terms.FOAF_ACCOUNT_NAME, Literal(account.name))]
    for path, address in (
        (terms.FOAF_ACCOUNT_SERVICE_HOMEPAGE, account.service),
        (terms.FOAF_HOMEPAGE, account.url),
    ):
        if address:
            said.append((it, path, URIRef(address)))
    if account.facet is not None:
        said.append((it, terms.FACET, account.facet))
    if account.note:
        said.append((it, terms.DCTERMS_DESCRIPTION, Literal(account.note)))
    return syntax.graph_of(said)
