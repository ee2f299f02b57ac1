"""Tools, methods and resources: what a person works with, and what they could do with it for others."""

from dataclasses import dataclass

from rdflib import Graph, URIRef

from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once


@dataclass(frozen=True, slots=True)
class Tool:
    iri: str
    title: str = ""
    kind: URIRef | None = None
    description: str | None = None
    learnt_at: str | None = None
    level: URIRef | None = None
    offers: tuple[URIRef, ...] = ()
    url: str | None = None
    license: str | None = None
    creators: tuple[str, ...] = ()
    taken_from: tuple[str, ...] = ()


@once
def read(graph: Graph) -> tuple[Tool, ...]:
    """By name, accents folded; methods and resources that other applications wrote as such too."""
    found = map(_tool, Index(graph).of_type(terms.Tool, terms.Method, terms.Resource))
    return tuple(sorted(found, key=lambda one: (folded(one.title), one.iri)))


def _tool(node: Described) -> Tool:
    return Tool(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.RDFS_LABEL) or "",
        kind=node.concept(terms.TOOL_KIND),
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        learnt_at=node.text(terms.LEARNT_AT),
        level=node.concept(terms.LEVEL),
        offers=node.concepts(terms.OFFER),
        url=node.address(terms.SCHEMA_URL),
        license=node.iri_of(terms.DCTERMS_LICENSE),
        creators=node.iris(terms.DCTERMS_CREATOR),
        taken_from=node.iris(terms.PROV_WAS_DERIVED_FROM),
    )
