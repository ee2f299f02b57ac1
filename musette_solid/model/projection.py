"""From a selection to the dossier that shows it, and nothing else.

WAC and ACP grant whole documents, so a share is a document of its own, derived from a selection. The derivation goes
through the values that readers give: what has no field here cannot get out, whatever another application wrote.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.model import activity as activities_of
from musette_solid.model import dates, journal, sensitivity, time
from musette_solid.model import skill as skills_of
from musette_solid.model.activity import Activity, Evidence, Organization
from musette_solid.model.dates import PartialDate
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.journal import Reflection
from musette_solid.model.rights import accounts as accounts_of
from musette_solid.model.rights.accounts import Account
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import names, syntax, terms

# Other applications write links as texts too; what is no IRI would make the whole dossier unreadable.
_A_LINK: Final = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")
_STATES: Final = {"official": terms.MOVEMENT_STATE_OFFICIAL, "simulated": terms.MOVEMENT_STATE_SIMULATED}
#: The account of carers says that somebody near is ill or old: it is never among the balances.
_SAYS_TOO_MUCH: Final = frozenset({"https://w3id.org/musette/rights/fr/carers#it"})
#: The fragment of the dossier itself in its document.
IT: Final = "it"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The things of a selection, as they are in the sources now."""

    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    entries: tuple[TimeEntry, ...]
    held_back: tuple[Activity | Skill, ...]  # sensitive and not named: they stay out
    accounts: tuple[Account, ...] = ()
    notes: tuple[Reflection, ...] = ()


def choose(sources: Mapping[str, Graph], selection: Selection) -> Chosen:
    """What a selection takes from `sources`: the IRI of each document that may hold selected things, and its graph."""
    wanted, named = frozenset(map(str, selection.activities | selection.skills)), frozenset(map(str, selection.named))
    diary = frozenset(map(str, selection.notes)) & named
    diaries = {names.document(iri) for iri in diary}
    # A year of the journal is opened for the notes that were chosen in it, and for nothing else.
    notes = [
        one
        for source, graph in sources.items()
        if names.document(source) in diaries
        for one in journal.notes(journal.read(graph))
        if one.iri in diary and names.document(one.iri) == names.document(source)
    ]
    sources = {source: graph for source, graph in sources.items() if names.document(source) not in diaries}

    def is_chosen(iri: str, source: str) -> bool:
        # What another document says of it is not what the person wrote about it.
        return iri in wanted and names.document(iri) == names.document(source)

    activities = [
        one for source, graph in sources.items() for one in activities_of.read(graph) if is_chosen(one.iri, source)
    ]
    skills = [one for source, graph in sources.items() for one in skills_of.read(graph) if is_chosen(one.iri, source)]
    either: tuple[Activity | Skill, ...] = (*activities, *skills)
    private = sensitivity.sensitive(activities, skills).keys() - named
    shown = tuple(one for one in activities if one.iri not in private)
    entries: list[TimeEntry] = []
    if selection.needs_time:
        about = {one.iri for one in shown}
        entries = [entry for graph in sources.values() for entry in time.read(graph) if entry.activity in about]
    return Chosen(
        shown,
        tuple(one for one in skills if one.iri not in private),
        tuple(sorted(entries, key=lambda entry: (entry.on, entry.iri))),
        tuple(one for one in either if one.iri in private),
        tuple(
            account
            for source, graph in (sources.items() if selection.needs_rights else ())
            for account in accounts_of.read(graph)
            if names.document(account.iri) == names.document(source) and account.scheme not in _SAYS_TOO_MUCH
        ),
        tuple(notes),
    )


def project(sources: Mapping[str, Graph], selection: Selection, agreed: Terms, document: str) -> Graph:
    """The graph of the dossier, to be stored at `document`. The same arguments always give the same graph."""
    found = choose(sources, selection)
    writer = _Writer(document, map(names.document, sources), selection.detail)
    # Names are given before anything is written, in the order of the IRIs: the order of the sources makes no difference.
    things: tuple[Activity | Skill | Reflection, ...] = (*found.activities, *found.skills, *found.notes)
    chosen = sorted(one.iri for one in things)
    parts = [writer.rename(iri) for iri in chosen]
    shown_skills = {skill.iri for skill in found.skills}
    for activity in found.activities:
        writer.write_activity(activity, shown_skills)
    for skill in found.skills:
        writer.write_skill(skill)
    for note in found.notes:
        writer.write_note(note)
    writer.write_time(found.entries)
    for account in found.accounts:
        writer.write_account(account)
    also = (*(entry.iri for entry in found.entries), *(account.iri for account in found.accounts))
    derived_from = {names.document(iri) for iri in (*chosen, *also)}
    writer.write_head(agreed, selection, parts, derived_from)
    return writer.graph


def moved(graph: Graph, old: str, new: str, issued: datetime, until: date) -> Graph:
    """The same dossier at another address, issued anew until another day; all else word for word."""
    inside = old.rpartition("/")[0] + "/"

    def renamed(node: Node) -> Node:
        if isinstance(node, URIRef) and names.document(str(node)) == old:
            return URIRef(new + str(node)[len(old) :])
        if isinstance(node, URIRef) and str(node).startswith(inside):  # its comments lie beside it
            return URIRef(new.rpartition("/")[0] + "/" + str(node)[len(inside) :])
        return node

    it = URIRef(f"{new}#{IT}")
    terms_of_it = {terms.DCTERMS_ISSUED, terms.DCTERMS_VALID}
    made = syntax.graph_of((renamed(s), p, renamed(o)) for s, p, o in graph)
    for predicate in terms_of_it:
        made.remove((it, predicate, None))
    made.add((it, terms.DCTERMS_ISSUED, dates.moment(issued)))
    made.add((it, terms.DCTERMS_VALID, dates.day(until)))
    return made


class _Writer:
    """Writes values into the dossier's graph under names of its own document."""

    def __init__(self, document: str, sources: Iterable[str], detail: frozenset[URIRef]) -> None:
        self.graph = syntax.empty()
        self._detail = detail
        self._document = document
        self._private = tuple(source.rpartition("/")[0] + "/" for source in sources)
        self._names: dict[str, URIRef] = {}
        self._taken = {IT}

    def rename(self, iri: str) -> URIRef:
        """The same fragment in this document; a second one of the same name gets a number."""
        if iri not in self._names:
            fragment = wanted = names.local(iri) or "x"
            number = 2
            while fragment in self._taken:
                fragment, number = f"{wanted}-{number}", number + 1
            self._taken.add(fragment)
            self._names[iri] = URIRef(f"{self._document}#{fragment}")
        return self._names[iri]

    def write_head(
        self, agreed: Terms, selection: Selection, parts: Iterable[URIRef], derived_from: Iterable[str]
    ) -> None:
        it, owner = URIRef(f"{self._document}#{IT}"), URIRef(agreed.owner)
        self._say(it, terms.RDF_TYPE, terms.Dossier)
        self._text(it, terms.DCTERMS_TITLE, agreed.title)
        self._say(it, terms.DCTERMS_CREATOR, owner)
        self._text(owner, terms.FOAF_NAME, agreed.owner_name)
        self._say(it, terms.RECIPIENT, URIRef(agreed.recipient))
        self._text(URIRef(agreed.recipient), terms.FOAF_NAME, agreed.recipient_name)
        self._say(it, terms.DPV_HAS_PURPOSE, URIRef(agreed.purpose))
        self._say(it, terms.DCTERMS_ISSUED, dates.moment(agreed.issued))
        self._say(it, terms.DCTERMS_VALID, dates.day(agreed.until))
        self._say(it, terms.CURRENCY, terms.CURRENCY_LIVE if selection.live else terms.CURRENCY_FROZEN)
        for shown in self._detail:
            self._concept(it, terms.DETAIL, shown)
        self._text(it, terms.DCTERMS_DESCRIPTION, agreed.note)
        if agreed.comments:
            self._say(it, terms.OA_ANNOTATION_SERVICE, URIRef(self._document.rpartition("/")[0] + "/comments/"))
        self._say(it, terms.OWL_VERSION_INFO, Literal("1"))
        for source in derived_from:
            self._say(it, terms.PROV_WAS_DERIVED_FROM, URIRef(names.document(source)))
        for part in parts:
            self._say(it, terms.DCTERMS_HAS_PART, part)

    def write_activity(self, activity: Activity, skills: set[str]) -> None:
        node = self.rename(activity.iri)
        self._say(node, terms.RDF_TYPE, terms.Activity)
        self._text(node, terms.DCTERMS_TITLE, activity.title)
        self._concept(node, terms.SPHERE, activity.sphere)
        for path, said in ((terms.SCHEMA_START_DATE, activity.start), (terms.SCHEMA_END_DATE, activity.end)):
            self._date(node, path, said)
        if terms.DETAIL_TEXT in self._detail:
            self._text(node, terms.SCHEMA_ROLE_NAME, activity.role)
            self._text(node, terms.DCTERMS_DESCRIPTION, activity.description)
            for achievement in activity.achievements:
                self._text(node, terms.ACHIEVEMENT, achievement)
        if terms.DETAIL_PLACES in self._detail:
            self._text(node, terms.SCHEMA_LOCATION, activity.location)
            if activity.organization and activity.organization.name:
                self._say(node, terms.ORG_ORGANIZATION, self._organization(activity.organization))
        if terms.DETAIL_WEEKLY_HOURS in self._detail and activity.weekly_hours is not None:
            self._say(node, terms.WEEKLY_HOURS, Literal(f"{activity.weekly_hours:f}", datatype=terms.XSD_DECIMAL))
        for skill in activity.mobilises:
            if skill in skills:
                self._say(node, terms.MOBILISES, self.rename(skill))
        self._evidence(node, activity.evidence)

    def write_skill(self, skill: Skill) -> None:
        node = self.rename(skill.iri)
        self._say(node, terms.RDF_TYPE, terms.Skill)
        self._text(node, terms.SKOS_PREF_LABEL, skill.label)
        if terms.DETAIL_TEXT in self._detail:
            self._text(node, terms.DCTERMS_DESCRIPTION, skill.description)
        self._evidence(node, skill.evidence)
        if terms.DETAIL_LEVELS in self._detail:
            for assessment in skill.assessments:
                self._assessment(node, assessment)
        elif terms.DETAIL_LEVEL in self._detail and skill.current is not None:
            self._assessment(node, skill.current)

    def write_note(self, note: Reflection) -> None:
        """Its words and its day: neither how it felt, nor what asked for it, nor who it is about."""
        node = self.rename(note.iri)
        self._say(node, terms.RDF_TYPE, terms.Reflection)
        self._text(node, terms.DCTERMS_DESCRIPTION, note.text)
        if note.on and terms.DETAIL_DATES in self._detail:
            self._say(node, terms.DCTERMS_DATE, dates.day(note.on))

    def write_time(self, entries: Iterable[TimeEntry]) -> None:
        minutes: dict[str, int] = {}
        for entry in entries:
            minutes[entry.activity] = minutes.get(entry.activity, 0) + entry.minutes
            # A day is a full date: cut to the year, or left out, only the total is left to tell.
            if terms.DETAIL_EACH_HOUR in self._detail and terms.DETAIL_DATES in self._detail:
                node = self.rename(entry.iri)
                self._say(node, terms.RDF_TYPE, terms.TimeEntry)
                self._say(node, terms.ACTIVITY, self.rename(entry.activity))
                self._say(node, terms.DCTERMS_DATE, dates.day(entry.on))
                self._say(node, terms.MINUTES, Literal(str(entry.minutes), datatype=terms.XSD_INTEGER))
        for activity, spent in minutes.items():
            self._say(self.rename(activity), terms.TOTAL_MINUTES, Literal(str(spent), datatype=terms.XSD_INTEGER))

    def write_account(self, account: Account) -> None:
        """What it holds, officially and simulated, each as one movement: neither when nor from what it grew."""
        sums = [(said, [e for e in account.entries if e.is_official is (said == "official")]) for said in _STATES]
        if not any(entries for _, entries in sums):
            return
        node = self.rename(account.iri)
        self._say(node, terms.RDF_TYPE, terms.RightsAccount)
        self._text(node, terms.DCTERMS_TITLE, account.title)
        self._concept(node, terms.UNIT, URIRef(f"{terms.MUS}unit-{account.unit}"))
        if account.valid:
            self._say(node, terms.DCTERMS_VALID, dates.day(account.valid))
        for said, entries in sums:
            if not entries:
                continue
            movement = self.rename(f"{account.iri}-{said}")
            self._say(movement, terms.RDF_TYPE, terms.RightsMovement)
            self._say(movement, terms.DCTERMS_IS_PART_OF, node)
            self._say(movement, terms.DCTERMS_DATE, dates.day(max(entry.on for entry in entries)))
            self._say(movement, terms.AMOUNT, accounts_of.exact(sum((e.amount for e in entries), Decimal(0))))
            self._say(movement, terms.MOVEMENT_STATE, _STATES[said])

    def _assessment(self, skill: URIRef, said: Assessment) -> None:
        node = self.rename(said.iri)
        self._say(node, terms.RDF_TYPE, terms.Assessment)
        self._say(node, terms.SKILL, skill)
        self._concept(node, terms.LEVEL, said.level)
        if said.level is None:
            # The level in somebody's words is a level too: "Native speaker".
            self._text(node, terms.LEVEL_AS_STATED, said.as_stated)
        if said.on:
            self._date(node, terms.DCTERMS_DATE, PartialDate.of(said.on))
        if said.by:
            self._say(node, terms.PROV_WAS_ATTRIBUTED_TO, URIRef(said.by))

    def _date(self, node: URIRef, path: URIRef, said: PartialDate | None) -> None:
        if said is None:
            return
        if terms.DETAIL_DATES in self._detail:
            self._say(node, path, said.literal())
        elif terms.DETAIL_YEARS in self._detail:
            self._say(node, path, PartialDate(said.year).literal())

    def _organization(self, organization: Organization) -> URIRef:
        node = self.rename(organization.iri)
        self._say(node, terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS)
        self._text(node, terms.FOAF_NAME, organization.name)
        self._link(node, organization.url)
        return node

    def _evidence(self, about: URIRef, pieces: Iterable[Evidence]) -> None:
        for piece in pieces if terms.DETAIL_EVIDENCE in self._detail else ():
            if not piece.title:
                continue
            node = self.rename(piece.iri)
            self._say(about, terms.EVIDENCE, node)
            self._say(node, terms.RDF_TYPE, terms.Evidence)
            self._text(node, terms.DCTERMS_TITLE, piece.title)
            self._text(node, terms.DCTERMS_DESCRIPTION, piece.description)
            self._text(node, terms.DCTERMS_PUBLISHER, piece.publisher)
            self._link(node, piece.url)
            self._date(node, terms.DCTERMS_DATE, piece.date)

    def _link(self, node: URIRef, url: str | None) -> None:
        # A file in the person's own bag would answer 403, and say what it is called.
        if url and _A_LINK.fullmatch(url) and not url.startswith(self._private):
            self._say(node, terms.SCHEMA_URL, URIRef(url))

    def _concept(self, node: URIRef, path: URIRef, concept: URIRef | None) -> None:
        # A concept of the person's own lives in a document that the recipient cannot read.
        if concept is not None and concept.startswith(terms.MUS):
            self._say(node, path, concept)

    def _text(self, node: URIRef, path: URIRef, text: str | None) -> None:
        if text:
            self._say(node, path, Literal(text))

    def _say(self, subject: Node, predicate: Node, object_: Node) -> None:
        self.graph.add((subject, predicate, object_))
