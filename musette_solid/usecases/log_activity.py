"""Put an activity in the bag."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model.entry import entry
from musette_solid.model.validation import Unfit
from musette_solid.model.words import folded
from musette_solid.pod import resources
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.layout import Bag

Texts = Mapping[str, Sequence[str]]


def log_activity(bag: Bag, texts: Texts, now: datetime, *, sensitivity: URIRef | None = None) -> str:
    """Write a new activity; its IRI. Raises Unfit with what does not fit; then nothing was written.

    `texts` are by field name of the activity's shape; `organization` is a name: one that is known is used again.
    `sensitivity`: what one could infer from it; it then stays out of whatever others see, unless it is named there.
    """
    document = bag.layout.activities
    iri = f"{document}#{names.fragment('a', now.date())}"
    known = resources.read(bag.pod, document) if _organization_name(texts) else None
    graph = activity_graph(iri, texts, known.graph if known else syntax.empty())
    graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
    if sensitivity is not None:
        graph.add((URIRef(iri), terms.SENSITIVITY, sensitivity))
    resources.insert(bag.pod, document, graph)
    return iri


def activity_graph(iri: str, texts: Texts, known: Graph) -> Graph:
    """The triples of one activity and, when it is new, of its organisation. Raises Unfit."""
    document = names.document(iri)
    name = _organization_name(texts)
    additions = syntax.empty()
    plain = dict(texts)
    if name:
        organization = _known_organization(known, name)
        if organization is None:
            organization = URIRef(f"{document}#{names.fragment('o')}")
            additions.add((organization, terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS))
            additions.add((organization, terms.FOAF_NAME, Literal(name)))
        plain["organization"] = [str(organization)]
    made = entry(terms.ActivityShape, URIRef(iri), plain)
    if made.findings:
        raise Unfit(findings=made.findings)
    for triple in additions:
        made.graph.add(triple)
    return made.graph


def _organization_name(texts: Texts) -> str:
    return next((text.strip() for text in texts.get("organization", ()) if text.strip()), "")


def _known_organization(graph: Graph, name: str) -> URIRef | None:
    wanted = folded(name)
    for organization in activities_model.organizations(graph):
        if folded(organization.name) == wanted:
            return URIRef(str(organization.iri))
    return None


def timestamp(now: datetime) -> Literal:
    return Literal(now.isoformat(timespec="seconds"), datatype=terms.XSD_DATE_TIME)
