"""The dossier: what one recipient will see, and nothing else. How it is derived is in `projection`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import activity as activities_of
from musette_solid.model import journal, time
from musette_solid.model import skill as skills_of
from musette_solid.model.activity import Activity
from musette_solid.model.described import Index
from musette_solid.model.journal import Reflection
from musette_solid.model.rights import accounts as accounts_of
from musette_solid.model.rights.accounts import Account
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms


class NotADossier(MusetteError):
    what = N_("This document holds no dossier.")
    do = N_("Check the address you were given, or ask the person who gave it to you.")


#: What is shown of each thing unless the person says otherwise (concepts of `mus:details`).
USUAL: Final = frozenset(
    {terms.DETAIL_TEXT, terms.DETAIL_PLACES, terms.DETAIL_DATES, terms.DETAIL_LEVEL, terms.DETAIL_EVIDENCE}
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The IRIs that go in, and what is shown of them.

    `named`: the sensitive ones among them that the person chose by name; the other sensitive ones stay out.
    `notes`: of the journal, each chosen by name; nothing else of the journal is ever looked at.
    `live`: the dossier follows its sources; otherwise it stays as it was on the day.
    """

    activities: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    detail: frozenset[URIRef] = USUAL
    named: frozenset[str] = frozenset()
    live: bool = False
    notes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.activities or self.skills or self.notes)

    @property
    def everything(self) -> frozenset[str]:
        return frozenset(str(iri) for iri in self.activities | self.skills | self.notes)

    @property
    def needs_time(self) -> bool:
        return not self.detail.isdisjoint({terms.DETAIL_TOTAL_HOURS, terms.DETAIL_EACH_HOUR})

    @property
    def needs_rights(self) -> bool:
        return terms.DETAIL_RIGHTS in self.detail


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom, what for and until when (that day included)."""

    title: str
    owner: str
    owner_name: str | None
    recipient: str
    purpose: str
    issued: datetime
    until: date
    note: str | None = None
    recipient_name: str | None = None
    comments: bool = False  # the recipient may leave comments beside it


@dataclass(frozen=True, slots=True)
class Dossier:
    iri: str
    title: str
    owner: str
    owner_name: str | None
    recipient: str
    purpose: URIRef | None
    issued: datetime | None
    until: date | None
    note: str | None
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    version: str | None = None
    recipient_name: str | None = None
    detail: frozenset[URIRef] = frozenset()
    live: bool = False
    entries: tuple[TimeEntry, ...] = ()
    modified: datetime | None = None
    accounts: tuple[Account, ...] = ()
    comments: str | None = None  # the container where the recipient may leave comments
    notes: tuple[Reflection, ...] = ()

    def is_expired(self, today: date) -> bool:
        return self.until is not None and self.until < today


def read(graph: Graph) -> Dossier:
    """Raises NotADossier. Fields that are missing are None: the recipient sees what is there."""
    index = Index(graph)
    node = min(index.of_type(terms.Dossier), key=lambda node: node.iri, default=None)
    if node is None:
        raise NotADossier
    owner, recipient = node.iri_of(terms.DCTERMS_CREATOR) or "", node.iri_of(terms.RECIPIENT) or ""
    return Dossier(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE) or "",
        owner=owner,
        owner_name=index[owner].text(terms.FOAF_NAME) if owner else None,
        recipient=recipient,
        recipient_name=index[recipient].text(terms.FOAF_NAME) if recipient else None,
        purpose=node.concept(terms.DPV_HAS_PURPOSE),
        issued=node.moment(terms.DCTERMS_ISSUED),
        until=node.day(terms.DCTERMS_VALID),
        note=node.text(terms.DCTERMS_DESCRIPTION),
        activities=activities_of.read(graph),
        skills=skills_of.read(graph),
        version=node.text(terms.OWL_VERSION_INFO),
        detail=frozenset(node.concepts(terms.DETAIL)),
        live=node.concept(terms.CURRENCY) == terms.CURRENCY_LIVE,
        entries=time.read(graph),
        modified=node.moment(terms.DCTERMS_MODIFIED),
        accounts=accounts_of.read(graph),
        comments=node.iri_of(terms.OA_ANNOTATION_SERVICE),
        notes=journal.read(graph),
    )
