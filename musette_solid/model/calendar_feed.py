"""A calendar that a person published at an address of its own, as it is noted in their own space."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef

from musette_solid.model import dates
from musette_solid.model.described import Index
from musette_solid.rdf import syntax, terms

#: opening, closing: begun, and not known to be finished.
State: TypeAlias = OneOf["opening", "published", "closing", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`url`: the file, whoever knows it reads it. `named`: it names the rights, not only their days.

    `sha256`: of the days in it; the moment at which they were written is not part of it.
    """

    iri: str
    url: str
    published_at: datetime
    language: str = "fr"
    named: bool = False
    sha256: str = ""
    written_at: datetime | None = None
    withdrawn_at: datetime | None = None
    under_way: URIRef | None = None

    @property
    def state(self) -> State:
        if self.under_way is not None:
            return "opening" if self.under_way == terms.OPERATION_PUBLISH else "closing"
        return "published" if self.withdrawn_at is None else "withdrawn"

    @property
    def container(self) -> str:
        return self.url.rpartition("/")[0] + "/"


def read(graph: Graph) -> Feed | None:
    """The one of the document that was begun last; None when there is none."""
    found = []
    for node in Index(graph).of_type(terms.CalendarFeed):
        url, published_at = node.iri_of(terms.SCHEMA_URL), node.moment(terms.DCTERMS_ISSUED)
        if url is not None and published_at is not None:
            found.append(
                Feed(
                    iri=node.iri,
                    url=url,
                    published_at=published_at,
                    language=node.text(terms.DCTERMS_LANGUAGE) or "fr",
                    named=terms.DETAIL_RIGHTS in node.concepts(terms.DETAIL),
                    sha256=node.text(terms.SCHEMA_SHA256) or "",
                    written_at=node.moment(terms.DCTERMS_MODIFIED),
                    withdrawn_at=node.moment(terms.PROV_INVALIDATED_AT_TIME),
                    under_way=node.concept(terms.UNDER_WAY),
                )
            )
    return max(found, key=lambda one: (one.published_at, one.iri), default=None)


def graph_of_feed(one: Feed) -> Graph:
    it = URIRef(one.iri)
    graph = syntax.graph_of(
        [
            (it, terms.RDF_TYPE, terms.CalendarFeed),
            (it, terms.SCHEMA_URL, URIRef(one.url)),
            (it, terms.DCTERMS_LANGUAGE, Literal(one.language)),
            (it, terms.DCTERMS_ISSUED, dates.moment(one.published_at)),
        ]
    )
    if one.sha256:
        graph.add((it, terms.SCHEMA_SHA256, Literal(one.sha256)))
    if one.named:
        graph.add((it, terms.DETAIL, terms.DETAIL_RIGHTS))
    if one.under_way is not None:
        graph.add((it, terms.UNDER_WAY, one.under_way))
    for path, when in (
        (terms.DCTERMS_MODIFIED, one.written_at),
        (terms.PROV_INVALIDATED_AT_TIME, one.withdrawn_at),
    ):
        if when is not None:
            graph.add((it, path, dates.moment(when)))
    return graph
