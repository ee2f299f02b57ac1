"""What people and organisations are called in a graph, whoever wrote it."""

from typing import Final

from rdflib import Graph

from musette_solid.model.described import Index
from musette_solid.rdf import terms

_NAMES: Final = (terms.VCARD_FN, terms.FOAF_NAME, terms.SCHEMA_NAME, terms.SKOS_PREF_LABEL)
_KINDS: Final = (
    terms.VCARD_INDIVIDUAL,
    terms.FOAF_PERSON,
    terms.FOAF_AGENT,
    terms.ORG_ORGANIZATION_CLASS,
    terms.FOAF_ORGANIZATION,
    terms.SCHEMA_ORGANIZATION,
)


def names(graph: Graph) -> dict[str, str]:
    """The name of each person and organisation that has one, by IRI."""
    found = {}
    for node in Index(graph).of_type(*_KINDS):
        name = node.text(*_NAMES)
        if name:
            found[node.iri] = name
    return found
