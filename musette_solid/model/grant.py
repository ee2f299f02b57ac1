"""The receipt of a share: who may read which dossier, what for, until when. Only its owner reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.model.described import Index
from musette_solid.rdf import syntax, terms

#: opening, closing: begun, and not known to be finished.
State: TypeAlias = OneOf["opening", "active", "expired", "closing", "revoked"]


class NotAGrant(MusetteError):
    what = N_("This document holds no share.")
    do = N_("Nothing was changed. If another application wrote this document, check it there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`until` includes that day. `selection`: the IRIs of what went into the dossier, sorted.

    `detail`, `named`, `live`: what else the selection said, so that a dossier that follows its sources can be made anew.
    `request`: the request that it answers. `replaces`: the grant that it renews. `copies_deleted_at`: when the recipient said,
    after its end, that nothing of it is left with them.
    """

    iri: str
    recipient: str
    granted_by: str
    dossier: str
    purpose: URIRef | None = None
    granted_at: datetime | None = None
    until: date | None = None
    title: str = ""
    recipient_name: str | None = None
    selection: tuple[str, ...] = ()
    revoked_at: datetime | None = None
    copies_deleted_at: datetime | None = None
    under_way: URIRef | None = None  # mus:operation-share or mus:operation-revoke, until it is known to be finished
    detail: frozenset[URIRef] = frozenset()
    named: frozenset[str] = frozenset()
    live: bool = False
    request: str | None = None
    replaces: str | None = None
    comments: str | None = None  # the container where the recipient may leave comments
    person_name: str | None = None  # as the recipient sees it

    def state(self, today: date) -> State:
        if self.revoked_at is not None:
            return "revoked"
        if self.under_way == terms.OPERATION_REVOKE:
            return "closing"
        if self.under_way == terms.OPERATION_SHARE:
            return "opening"
        return "expired" if self.until is not None and self.until < today else "active"


def graph_of_grant(grant: Grant) -> Graph:
    graph = syntax.empty()
    it, recipient = URIRef(grant.iri), URIRef(grant.recipient)
    for kind in (terms.Grant, terms.ODRL_AGREEMENT, terms.DPV_CONSENT_RECORD, terms.INTEROP_ACCESS_RECEIPT):
        graph.add((it, terms.RDF_TYPE, kind))
    graph.add((it, terms.RECIPIENT, recipient))
    graph.add((it, terms.INTEROP_GRANTEE, recipient))
    graph.add((it, terms.INTEROP_GRANTED_BY, URIRef(grant.granted_by)))
    graph.add((it, terms.DOSSIER, URIRef(grant.dossier)))
    if grant.purpose:
        graph.add((it, terms.DPV_HAS_PURPOSE, grant.purpose))
    if grant.granted_at:
        graph.add((it, terms.INTEROP_GRANTED_AT, dates.moment(grant.granted_at)))
    if grant.until:
        graph.add((it, terms.DCTERMS_VALID, dates.day(grant.until)))
    if grant.title:
        graph.add((it, terms.DCTERMS_TITLE, Literal(grant.title)))
    if grant.recipient_name:
        graph.add((recipient, terms.FOAF_NAME, Literal(grant.recipient_name)))
    if grant.person_name:
        graph.add((URIRef(grant.granted_by), terms.FOAF_NAME, Literal(grant.person_name)))
    if grant.under_way:
        graph.add((it, terms.UNDER_WAY, grant.under_way))
    graph += _chosen(grant)
    if grant.copies_deleted_at:
        graph += confirmation(grant.iri, grant.copies_deleted_at)
    return graph + revocation(grant.iri, grant.revoked_at) if grant.revoked_at else graph


def _chosen(grant: Grant) -> Graph:
    """What the person chose, so that the same dossier can be made again."""
    graph, it = syntax.empty(), URIRef(grant.iri)
    for iri in grant.selection:
        graph.add((it, terms.SELECTION, URIRef(iri)))
    for iri in grant.named:
        graph.add((it, terms.NAMED, URIRef(iri)))
    for shown in grant.detail:
        graph.add((it, terms.DETAIL, shown))
    graph.add((it, terms.CURRENCY, terms.CURRENCY_LIVE if grant.live else terms.CURRENCY_FROZEN))
    if grant.request:
        graph.add((it, terms.INTEROP_HAS_ACCESS_REQUEST, URIRef(grant.request)))
    if grant.comments:
        graph.add((it, terms.OA_ANNOTATION_SERVICE, URIRef(grant.comments)))
    if grant.replaces:
        for predicate in (terms.DCTERMS_REPLACES, terms.INTEROP_REPLACES):
            graph.add((it, predicate, URIRef(grant.replaces)))
    return graph


def revocation(grant_iri: str, when: datetime) -> Graph:
    """What to add to a grant that is revoked; the rest of it stays, as its history."""
    return syntax.graph_of([(URIRef(grant_iri), terms.PROV_INVALIDATED_AT_TIME, dates.moment(when))])


def confirmation(grant_iri: str, when: datetime) -> Graph:
    """What to add to a grant whose recipient said that they had deleted what they had kept."""
    return syntax.graph_of([(URIRef(grant_iri), terms.COPIES_DELETED_AT, dates.moment(when))])


def read(graph: Graph) -> Grant:
    """The grant of a document. Raises NotAGrant when there is none, or when it does not say for whom or what."""
    index = Index(graph)
    node = min(index.of_type(terms.Grant), key=lambda node: node.iri, default=None)
    recipient = node.iri_of(terms.RECIPIENT) or node.iri_of(terms.INTEROP_GRANTEE) if node else None
    dossier = node.iri_of(terms.DOSSIER) if node else None
    if node is None or recipient is None or dossier is None:
        raise NotAGrant
    granted_by = node.iri_of(terms.INTEROP_GRANTED_BY) or ""
    return Grant(
        iri=node.iri,
        recipient=recipient,
        granted_by=granted_by,
        person_name=index[granted_by].text(terms.FOAF_NAME) if granted_by else None,
        dossier=dossier,
        purpose=node.concept(terms.DPV_HAS_PURPOSE),
        granted_at=node.moment(terms.INTEROP_GRANTED_AT),
        until=node.day(terms.DCTERMS_VALID),
        title=node.text(terms.DCTERMS_TITLE) or "",
        recipient_name=index[recipient].text(terms.FOAF_NAME),
        selection=node.iris(terms.SELECTION),
        revoked_at=node.moment(terms.PROV_INVALIDATED_AT_TIME),
        copies_deleted_at=node.moment(terms.COPIES_DELETED_AT),
        under_way=node.concept(terms.UNDER_WAY),
        detail=frozenset(node.concepts(terms.DETAIL)),
        named=frozenset(node.iris(terms.NAMED)),
        live=node.concept(terms.CURRENCY) == terms.CURRENCY_LIVE,
        comments=node.iri_of(terms.OA_ANNOTATION_SERVICE),
        request=node.iri_of(terms.INTEROP_HAS_ACCESS_REQUEST),
        replaces=node.iri_of(terms.DCTERMS_REPLACES) or node.iri_of(terms.INTEROP_REPLACES),
    )
