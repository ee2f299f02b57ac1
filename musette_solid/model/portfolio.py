"""What a person chose to show to everybody on one page, as it is kept in their own space."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias
from typing import Literal as OneOf

from rdflib import Graph, Literal, URIRef

from musette_solid.model import dates
from musette_solid.model.described import Described, Index
from musette_solid.model.dossier import USUAL, Selection
from musette_solid.rdf import names, syntax, terms

LANGUAGES: Final = ("fr", "en")
#: The two things of the document: what is being prepared, and what everybody sees.
DRAFT: Final = "draft"
IT: Final = "it"

#: opening, closing: begun, and not known to be finished.
State: TypeAlias = OneOf["draft", "opening", "published", "closing", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """`name`: as it stands on the page, which need not be the name of the profile. `accounts`: their IRIs.

    `saved_at`: when the choice was made: its day is on the page. `sha256`: of the page as it was published.
    """

    iri: str
    name: str
    saved_at: datetime
    headline: str = ""
    about: str = ""
    language: str = LANGUAGES[0]
    selection: Selection = field(default_factory=Selection)
    accounts: frozenset[str] = frozenset()
    page: str | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    under_way: URIRef | None = None
    sha256: str | None = None

    @property
    def state(self) -> State:
        if self.under_way == terms.OPERATION_UNPUBLISH:
            return "closing"
        if self.under_way == terms.OPERATION_PUBLISH:
            return "opening"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "published" if self.published_at is not None else "draft"


def read(graph: Graph, document: str, which: str) -> Portfolio | None:
    """What is being prepared (DRAFT) or what everybody sees (IT); None when there is none."""
    index = Index(graph)
    iri = f"{document}#{which}"
    node = next((node for node in index.of_type(terms.Portfolio) if node.iri == iri), None)
    saved_at = node.moment(terms.DCTERMS_MODIFIED) if node else None
    return None if node is None or saved_at is None else _read(node, saved_at)


def _read(node: Described, saved_at: datetime) -> Portfolio:
    base = names.resolve(node.iri, "./")
    chosen = frozenset(node.iris(terms.SELECTION))
    of = {
        kind: frozenset(one for one in chosen if names.document(one) == f"{base}{kind}.ttl")
        for kind in ("activities", "skills", "identities")
    }
    detail = frozenset(node.concepts(terms.DETAIL))
    return Portfolio(
        iri=node.iri,
        name=node.text(terms.FOAF_NAME) or "",
        saved_at=saved_at,
        headline=node.text(terms.DCTERMS_TITLE) or "",
        about=node.text(terms.DCTERMS_DESCRIPTION) or "",
        language=node.text(terms.DCTERMS_LANGUAGE) or LANGUAGES[0],
        selection=Selection(
            of["activities"],
            of["skills"],
            detail,
            frozenset(node.iris(terms.NAMED)),
            live=node.concept(terms.CURRENCY) == terms.CURRENCY_LIVE,
        ),
        accounts=of["identities"],
        page=node.iri_of(terms.SCHEMA_URL),
        published_at=node.moment(terms.DCTERMS_ISSUED),
        withdrawn_at=node.moment(terms.PROV_INVALIDATED_AT_TIME),
        under_way=node.concept(terms.UNDER_WAY),
        sha256=node.text(terms.SCHEMA_SHA256),
    )


def graph_of_portfolio(one: Portfolio) -> Graph:
    it = URIRef(one.iri)
    graph = syntax.graph_of(
        [
            (it, terms.RDF_TYPE, terms.Portfolio),
            (it, terms.FOAF_NAME, Literal(one.name)),
            (it, terms.DCTERMS_MODIFIED, dates.moment(one.saved_at)),
            (it, terms.DCTERMS_LANGUAGE, Literal(one.language)),
            (it, terms.CURRENCY, terms.CURRENCY_LIVE if one.selection.live else terms.CURRENCY_FROZEN),
            *((it, terms.SELECTION, URIRef(iri)) for iri in (*one.selection.everything, *one.accounts)),
            *((it, terms.NAMED, URIRef(iri)) for iri in one.selection.named),
            *((it, terms.DETAIL, shown) for shown in one.selection.detail),
        ]
    )
    for path, text in (
        (terms.DCTERMS_TITLE, one.headline),
        (terms.DCTERMS_DESCRIPTION, one.about),
        (terms.SCHEMA_SHA256, one.sha256),
    ):
        if text:
            graph.add((it, path, Literal(text)))
    if one.page:
        graph.add((it, terms.SCHEMA_URL, URIRef(one.page)))
    for path, when in (
        (terms.DCTERMS_ISSUED, one.published_at),
        (terms.PROV_INVALIDATED_AT_TIME, one.withdrawn_at),
    ):
        if when is not None:
            graph.add((it, path, dates.moment(when)))
    if one.under_way is not None:
        graph.add((it, terms.UNDER_WAY, one.under_way))
    return graph


#: What a page shows of each thing unless the person says otherwise.
SHOWN: Final = USUAL
