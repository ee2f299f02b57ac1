"""Dossiers that follow their sources: made anew when something in them changed, one write for each that did.

A dossier is derived again from what its grant says was chosen, and from what it says itself (title, purpose, end, words to
the recipient): nothing new can get in, because the selection is the one that the person agreed to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from rdflib import Graph, URIRef

from musette_solid.model import dates, projection
from musette_solid.model import dossier as dossiers
from musette_solid.model.dossier import NotADossier, Selection, Terms
from musette_solid.model.grant import Grant
from musette_solid.model.identity import FacetsMixed, check_apart
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError
from musette_solid.pod.resources import Resource
from musette_solid.rdf import delta, names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.note_account import list_accounts
from musette_solid.usecases.revoke import ShareLine, Shares, list_shares
from musette_solid.usecases.share import read_sources


@dataclass(frozen=True)
class Followed:
    """Shares by identifier: made anew, already as they should be, and those that could not be brought up to date."""

    updated: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def selection_of(grant: Grant, bag: Bag) -> Selection:
    """What the person chose when they agreed."""
    skills = {iri for iri in grant.selection if names.document(iri) == bag.layout.skills}
    notes = {iri for iri in grant.selection if bag.layout.is_journal(names.document(iri))}
    return Selection(
        frozenset(grant.selection) - skills - notes,
        frozenset(skills),
        grant.detail,
        grant.named,
        live=grant.live,
        notes=frozenset(notes),
    )


def follow(bag: Bag, now: datetime, written: Iterable[str] | None = None, *, shares: Shares | None = None) -> Followed:
    """Bring every live dossier up to date; with `written`, only those that take from one of these documents.

    `shares`: when just listed.
    """
    touched = None if written is None else {names.document(iri) for iri in written}
    updated: list[str] = []
    current: list[str] = []
    behind: list[str] = []
    for line in (shares or list_shares(bag, now.date())).lines:
        if not line.grant.live or line.state != "active" or not _takes_from(bag, line.grant, touched):
            continue
        try:
            (updated if _bring_up_to_date(bag, line, now) else current).append(line.share_id)
        except (PodError, NotADossier, FacetsMixed):
            # The source cannot be read, or the dossier is not ours any more: never a shorter dossier in its place. Or it would name
            # two sides of a life, which nobody was shown when they agreed.
            behind.append(line.share_id)
    return Followed(tuple(updated), tuple(current), tuple(behind))


def _takes_from(bag: Bag, grant: Grant, touched: set[str] | None) -> bool:
    if touched is None:
        return True
    sources = {names.document(iri) for iri in grant.selection}
    in_time = any(iri.startswith(bag.layout.times) for iri in touched)
    chosen = selection_of(grant, bag)
    if bag.layout.rights in touched and chosen.needs_rights:
        return True
    return not touched.isdisjoint(sources) or (in_time and chosen.needs_time)


def _bring_up_to_date(bag: Bag, line: ShareLine, now: datetime) -> bool:
    """Whether it had to be written. Raises PodError, NotADossier, FacetsMixed."""
    selection = selection_of(line.grant, bag)
    document = bag.layout.dossier(line.share_id)
    base = resources.required(resources.read(bag.pod, document))
    derived = _derived(bag, selection, base, document)
    change = delta.between(base.graph, derived)
    moments = {triple for triple in change.out if triple[1] == terms.DCTERMS_MODIFIED}
    if not change.into and not change.out - moments:
        return False
    check_apart(map(str, derived.objects()), list_accounts(bag))
    it = URIRef(f"{document}#{projection.IT}")
    stamped = change.into | {(it, terms.DCTERMS_MODIFIED, dates.moment(now))}
    # A change from what was read: another window may have been faster, then there is nothing left to do.
    resources.change(bag.pod, base, Delta(change.out - stamped, stamped - change.out))
    return True


def sources(bag: Bag) -> frozenset[str]:
    """What dossiers are made from, besides the years of time."""
    return frozenset({bag.layout.activities, bag.layout.skills, bag.layout.rights})


def is_source(bag: Bag, iri: str) -> bool:
    return iri in sources(bag) or iri.startswith(bag.layout.times)


def _derived(bag: Bag, selection: Selection, base: Resource, document: str) -> Graph:
    said = dossiers.read(base.graph)
    if said.issued is None or said.until is None or said.purpose is None:
        raise NotADossier
    agreed = Terms(
        title=said.title,
        owner=said.owner,
        owner_name=said.owner_name,
        recipient=said.recipient,
        purpose=said.purpose,
        issued=said.issued,
        until=said.until,
        note=said.note,
        recipient_name=said.recipient_name,
        comments=said.comments is not None,
    )
    return projection.project(read_sources(bag, selection), replace(selection, live=True), agreed, document)
