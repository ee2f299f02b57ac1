"""The receipt of a share, the same for both sides: who allowed whom to read what, what for, until when, and that it can be undone.

A consent receipt in the words of DPV, with the fields of ISO/IEC TS 27560:2023 that say something here. The person's record is
the grant, from which it is derived; the recipient's copy travels in the letter that announces the dossier. Both bear the same
name, a `urn:uuid:` made from the share's own, which says nothing about where anything lies.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.model.described import Index
from musette_solid.model.dossier import Dossier
from musette_solid.model.grant import Grant
from musette_solid.rdf import syntax, terms

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What follows the structure of a consent record and receipt.
STANDARD: Final = "ISO/IEC TS 27560:2023"
#: Untrusted text is cut to this.
_LONGEST: Final = 200


class NotAReceipt(MusetteError):
    what = N_("There is no receipt here.")
    do = N_("Ask the person who opened the dossier to you.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`until` includes that day. `replaces`: the receipt that this one renews. `withdrawn_at`: when the person closed it.

    `copies_deleted_at`: when the recipient said that they had deleted what they had kept of it.
    """

    iri: str
    person: str
    recipient: str
    dossier: str
    purpose: URIRef
    given_at: datetime
    until: date
    title: str = ""
    person_name: str | None = None
    recipient_name: str | None = None
    detail: frozenset[URIRef] = frozenset()
    live: bool = False
    replaces: str | None = None
    withdrawn_at: datetime | None = None
    copies_deleted_at: datetime | None = None

    def status(self, today: date) -> URIRef:
        """A concept of DPV: given, given anew, expired, withdrawn."""
        if self.withdrawn_at is not None:
            return terms.DPV_CONSENT_WITHDRAWN
        if self.until < today:
            return terms.DPV_CONSENT_EXPIRED
        return terms.DPV_RENEWED_CONSENT_GIVEN if self.replaces else terms.DPV_CONSENT_GIVEN


def name_of(iri: str) -> str | None:
    """The name of the receipt of a share, from the address of its dossier or grant; None for what has no name of ours."""
    found = _UUID.findall(iri)
    return f"urn:uuid:{found[-1]}" if found else None


def of_grant(grant: Grant) -> Receipt:
    """Raises NotAReceipt when the grant does not say what for, since when and until when."""
    name = name_of(grant.dossier)
    if name is None or grant.purpose is None or grant.granted_at is None or grant.until is None:
        raise NotAReceipt
    return Receipt(
        iri=name,
        person=grant.granted_by,
        person_name=grant.person_name,
        recipient=grant.recipient,
        recipient_name=grant.recipient_name,
        dossier=grant.dossier,
        purpose=grant.purpose,
        given_at=grant.granted_at,
        until=grant.until,
        title=grant.title,
        detail=grant.detail,
        live=grant.live,
        replaces=name_of(grant.replaces) if grant.replaces else None,
        withdrawn_at=grant.revoked_at,
        copies_deleted_at=grant.copies_deleted_at,
    )


def of_dossier(dossier: Dossier) -> Receipt:
    """For a recipient who got no letter: what the dossier itself says of its terms. Raises NotAReceipt."""
    name = name_of(dossier.iri)
    if name is None or dossier.purpose is None or dossier.issued is None or dossier.until is None:
        raise NotAReceipt
    return Receipt(
        iri=name,
        person=dossier.owner,
        person_name=dossier.owner_name,
        recipient=dossier.recipient,
        recipient_name=dossier.recipient_name,
        dossier=dossier.iri,
        purpose=dossier.purpose,
        given_at=dossier.issued,
        until=dossier.until,
        title=dossier.title,
        detail=dossier.detail,
        live=dossier.live,
    )


def graph_of_receipt(receipt: Receipt, today: date | None = None) -> Graph:
    """`today`: to say whether it still holds; without it, as it was on the day it was given."""
    graph = syntax.empty()
    it, person, recipient = URIRef(receipt.iri), URIRef(receipt.person), URIRef(receipt.recipient)
    for kind in (terms.DPV_CONSENT_RECEIPT, terms.INTEROP_ACCESS_RECEIPT):
        graph.add((it, terms.RDF_TYPE, kind))
    graph.add((it, terms.DCTERMS_IDENTIFIER, Literal(receipt.iri)))
    graph.add((it, terms.DPV_HAS_DATA_SUBJECT, person))
    graph.add((it, terms.DPV_HAS_DATA_CONTROLLER, recipient))
    graph.add((it, terms.DPV_HAS_RECIPIENT, recipient))
    graph.add((it, terms.DPV_HAS_PURPOSE, receipt.purpose))
    graph.add((it, terms.DPV_HAS_LEGAL_BASIS, terms.DPV_CONSENT))
    graph.add((it, terms.DPV_HAS_PROCESSING, terms.DPV_ACCESS))
    graph.add((it, terms.DPV_HAS_CONSENT_STATUS, receipt.status(today or receipt.given_at.date())))
    graph.add((it, terms.DCTERMS_ISSUED, dates.moment(receipt.given_at)))
    graph.add((it, terms.DCTERMS_VALID, dates.day(receipt.until)))
    graph.add((it, terms.DOSSIER, URIRef(receipt.dossier)))
    graph.add((it, terms.CURRENCY, terms.CURRENCY_LIVE if receipt.live else terms.CURRENCY_FROZEN))
    for shown in receipt.detail:
        graph.add((it, terms.DETAIL, shown))
    if receipt.title:
        graph.add((it, terms.DCTERMS_TITLE, Literal(receipt.title)))
    if receipt.replaces:
        graph.add((it, terms.DCTERMS_REPLACES, URIRef(receipt.replaces)))
    if receipt.withdrawn_at:
        graph.add((it, terms.PROV_INVALIDATED_AT_TIME, dates.moment(receipt.withdrawn_at)))
    if receipt.copies_deleted_at:
        graph.add((it, terms.COPIES_DELETED_AT, dates.moment(receipt.copies_deleted_at)))
    for agent, name in ((person, receipt.person_name), (recipient, receipt.recipient_name)):
        if name:
            graph.add((agent, terms.FOAF_NAME, Literal(name)))
    return graph


def read(graph: Graph) -> tuple[Receipt, ...]:
    """Every receipt of a graph that somebody else wrote, by name; what does not say who, whom, what for and when is left out."""
    index = Index(graph)
    found = []
    for node in index.of_type(terms.DPV_CONSENT_RECEIPT):
        person, recipient = node.iri_of(terms.DPV_HAS_DATA_SUBJECT), node.iri_of(terms.DPV_HAS_DATA_CONTROLLER)
        dossier, purpose = node.iri_of(terms.DOSSIER), node.concept(terms.DPV_HAS_PURPOSE)
        given_at, until = node.moment(terms.DCTERMS_ISSUED), node.day(terms.DCTERMS_VALID)
        if not (person and recipient and dossier and purpose and given_at and until):
            continue
        found.append(
            Receipt(
                iri=node.iri,
                person=person,
                person_name=(index[person].text(terms.FOAF_NAME) or "")[:_LONGEST] or None,
                recipient=recipient,
                recipient_name=(index[recipient].text(terms.FOAF_NAME) or "")[:_LONGEST] or None,
                dossier=dossier,
                purpose=purpose,
                given_at=given_at,
                until=until,
                title=(node.text(terms.DCTERMS_TITLE) or "")[:_LONGEST],
                detail=frozenset(node.concepts(terms.DETAIL)),
                live=node.concept(terms.CURRENCY) == terms.CURRENCY_LIVE,
                replaces=node.iri_of(terms.DCTERMS_REPLACES),
                withdrawn_at=node.moment(terms.PROV_INVALIDATED_AT_TIME),
                copies_deleted_at=node.moment(terms.COPIES_DELETED_AT),
            )
        )
    return tuple(sorted(found, key=lambda one: one.iri))


def nested(receipt: Receipt) -> dict[str, Any]:
    """The receipt as one node of JSON-LD, with full IRIs: to stand inside a letter whose context is not ours."""
    graph = graph_of_receipt(receipt)
    node: dict[str, Any] = {"@id": receipt.iri}
    for _, predicate, value in sorted(graph.triples((URIRef(receipt.iri), None, None))):
        if predicate == terms.RDF_TYPE:
            node.setdefault("@type", []).append(str(value))
        elif isinstance(value, Literal):
            typed = {"@type": str(value.datatype)} if value.datatype else {}
            node.setdefault(str(predicate), []).append({"@value": str(value), **typed})
        else:
            name = graph.value(value, terms.FOAF_NAME)
            named = {str(terms.FOAF_NAME): str(name)} if name else {}
            node.setdefault(str(predicate), []).append({"@id": str(value), **named})
    return node
