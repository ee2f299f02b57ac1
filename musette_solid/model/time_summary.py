"""What a document of time entries adds up to, and how that is kept: `time/summary.ttl`.

A summary is derived: it holds while its document was last modified when it says, and can be made again at any time. Every
node of it has a name that follows from what it sums, so that making it again changes only what changed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from rdflib import Graph, Literal, URIRef

from musette_solid.model import dates
from musette_solid.model.described import Described
from musette_solid.model.overview import iri_in, moment_in, text_in
from musette_solid.model.time import Month, TimeEntry, entry_of, minutes_of
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.scan import Literal as Value
from musette_solid.rdf.scan import Scanned, Wanted, named, scan
from musette_solid.rdf.syntax import Triple

#: How many of the last entries a summary holds, and of how many days before it was made it knows each.
LATEST: Final = 5
DAYS: Final = 7


class Spent(NamedTuple):
    """What a first page asks of a time entry."""

    iri: str
    activity: str
    on: date
    minutes: int
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one document, `of`; `modified` as its container said it when the document was read, `made` on that day.

    `by_day` knows the days from `DAYS` before it was made; `latest` is newest first.
    """

    of: str
    modified: str
    made: date
    minutes: int = 0
    by_activity: Mapping[str, int] = field(default_factory=dict)
    by_month: Mapping[Month, int] = field(default_factory=dict)
    by_day: Mapping[date, int] = field(default_factory=dict)
    latest: tuple[Spent, ...] = ()

    def since(self, first: date) -> int:
        """Minutes from that day on, days ahead included. `first` is not before what `by_day` knows."""
        return sum(minutes for day, minutes in self.by_day.items() if day >= first)


_OF_ENTRIES: Final = Wanted(
    terms.RDF_TYPE, terms.ACTIVITY, terms.DCTERMS_DATE, terms.MINUTES, terms.DCTERMS_DESCRIPTION
)


def entries(body: bytes, media_type: str, base: str) -> tuple[Spent, ...]:
    """Every entry that can be counted, in no order: those that `time.read` gives. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_ENTRIES)
    found = []
    for iri, said in named(scanned.single, terms.TimeEntry):
        day, written = moment_in(said.get(terms.DCTERMS_DATE)), said.get(terms.MINUTES)
        minutes = minutes_of(written.value) if type(written) is Value else None
        if day is not None and minutes is not None:
            text = text_in(said, (terms.DCTERMS_DESCRIPTION,))
            found.append(Spent(iri, iri_in(said.get(terms.ACTIVITY)) or "", day.date(), minutes, text))
    odd = (Described(iri, said) for iri, said in scanned.odd())
    several = (entry_of(node) for node in odd if node.is_a(terms.TimeEntry))
    return (*found, *(spent(entry) for entry in several if entry is not None))


def spent(entry: TimeEntry) -> Spent:
    return Spent(entry.iri, entry.activity, entry.on, entry.minutes, entry.description)


def newest(one: Spent) -> tuple[int, str]:
    return -one.on.toordinal(), one.iri


def summarise(found: Iterable[Spent], of: str, modified: str, today: date) -> Summary:
    by_activity: dict[str, int] = {}
    by_month: dict[Month, int] = {}
    by_day: dict[date, int] = {}
    total = 0
    first = today - timedelta(days=DAYS - 1)
    found = tuple(found)
    for one in found:
        total += one.minutes
        # What has no address of its own is no activity to come back to.
        activity = one.activity if ":" in one.activity else ""
        by_activity[activity] = by_activity.get(activity, 0) + one.minutes
        month = Month(one.on.year, one.on.month)
        by_month[month] = by_month.get(month, 0) + one.minutes
        if one.on >= first:
            by_day[one.on] = by_day.get(one.on, 0) + one.minutes
    return Summary(of, modified, today, total, by_activity, by_month, by_day, tuple(sorted(found, key=newest)[:LATEST]))


# --- as it is kept

_OF_SUMMARIES: Final = Wanted(
    terms.RDF_TYPE,
    terms.PROV_WAS_DERIVED_FROM,
    terms.DCTERMS_MODIFIED,
    terms.DCTERMS_DATE,
    terms.DCTERMS_IS_PART_OF,
    terms.ACTIVITY,
    terms.MINUTES,
    terms.DCTERMS_DESCRIPTION,
)


@dataclass(slots=True)
class _Made:
    by_activity: dict[str, int] = field(default_factory=dict)
    by_month: dict[Month, int] = field(default_factory=dict)
    by_day: dict[date, int] = field(default_factory=dict)
    latest: list[Spent] = field(default_factory=list)
    is_whole: bool = True


def read(body: bytes, media_type: str, base: str) -> dict[str, Summary]:
    """By the document that each sums. One that does not add up is left out, and made again. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_SUMMARIES)
    parts: dict[str, _Made] = {}
    for subject in scanned.several.values():
        # Somebody else had a hand in it: nothing of that document's summary is believed.
        for value in subject.get(terms.DCTERMS_IS_PART_OF, ()):
            parts.setdefault(iri_in(value) or "", _Made()).is_whole = False
    _totals(scanned, parts)
    found = {}
    for iri, said in named(scanned.single, terms.TimeSummary):
        of, made = iri_in(said.get(terms.PROV_WAS_DERIVED_FROM)), moment_in(said.get(terms.DCTERMS_DATE))
        modified, minutes = text_in(said, (terms.DCTERMS_MODIFIED,)), _number(said.get(terms.MINUTES))
        part = parts.get(iri, _Made())
        whole = part.is_whole and sum(part.by_month.values()) == sum(part.by_activity.values()) == minutes
        if of and made and modified and minutes is not None and whole:
            latest = tuple(sorted(part.latest, key=newest))
            found[of] = Summary(
                of, modified, made.date(), minutes, part.by_activity, part.by_month, part.by_day, latest
            )
    return found


def _totals(scanned: Scanned, parts: dict[str, _Made]) -> None:
    for _, said in named(scanned.single, terms.TimeTotal):
        part = parts.setdefault(iri_in(said.get(terms.DCTERMS_IS_PART_OF)) or "", _Made())
        minutes, activity, when = (
            _number(said.get(terms.MINUTES)),
            said.get(terms.ACTIVITY),
            said.get(terms.DCTERMS_DATE),
        )
        if minutes is None:
            part.is_whole = False
        elif when is None:
            part.by_activity[iri_in(activity) or ""] = minutes
        else:
            try:
                said_on = dates.from_other(when.value)
            except ValueError:
                part.is_whole = False
                continue
            if said_on.day:
                part.by_day[said_on.first()] = minutes
            else:
                part.by_month[Month.of(said_on.first())] = minutes
    for _, said in named(scanned.single, terms.LatestEntry):
        part = parts.setdefault(iri_in(said.get(terms.DCTERMS_IS_PART_OF)) or "", _Made())
        of, day = iri_in(said.get(terms.PROV_WAS_DERIVED_FROM)), moment_in(said.get(terms.DCTERMS_DATE))
        minutes = _number(said.get(terms.MINUTES))
        if of is None or day is None or minutes is None:
            part.is_whole = False
        else:
            text = text_in(said, (terms.DCTERMS_DESCRIPTION,))
            part.latest.append(Spent(of, iri_in(said.get(terms.ACTIVITY)) or "", day.date(), minutes, text))


_NUMBER: Final = re.compile(r"[0-9]{1,12}").fullmatch


def _number(value: object) -> int | None:
    return int(value.value) if type(value) is Value and _NUMBER(value.value) else None


_OURS: Final = frozenset(_OF_SUMMARIES.of.values())
_KINDS: Final = frozenset({terms.TimeSummary, terms.TimeTotal, terms.LatestEntry})


def change(kept: Graph, document: str, made: Iterable[Summary], gone: Iterable[str] = ()) -> Delta:
    """What brings `kept` up to date: these summaries as they are now, none of documents that are `gone`.

    What others say in the document stays, also of our own nodes.
    """
    before: set[Triple] = set()
    after: set[Triple] = set()
    for of in gone:
        before |= _kept_of(kept, of)
    for summary in made:
        before |= _kept_of(kept, summary.of)
        after |= set(_triples(summary, document))
    return Delta(frozenset(before - after), frozenset(after - set(kept)))


def _kept_of(kept: Graph, of: str) -> set[Triple]:
    heads = [
        head
        for head in kept.subjects(terms.PROV_WAS_DERIVED_FROM, URIRef(of))
        if (head, terms.RDF_TYPE, terms.TimeSummary) in kept
    ]
    nodes = [*heads, *(part for head in heads for part in kept.subjects(terms.DCTERMS_IS_PART_OF, head))]
    return {
        (s, p, o)
        for node in nodes
        for s, p, o in kept.triples((node, None, None))
        if p in _OURS and (p != terms.RDF_TYPE or o in _KINDS)
    }


def _triples(summary: Summary, document: str) -> Iterable[Triple]:
    name = re.sub(r"[^A-Za-z0-9-]", "", summary.of.rpartition("/")[2].removesuffix(".ttl"))
    head = URIRef(f"{document}#y-{name}")
    yield head, terms.RDF_TYPE, terms.TimeSummary
    yield head, terms.PROV_WAS_DERIVED_FROM, URIRef(summary.of)
    yield head, terms.DCTERMS_MODIFIED, Literal(summary.modified, datatype=terms.XSD_DATE_TIME)
    yield head, terms.DCTERMS_DATE, dates.day(summary.made)
    yield head, terms.MINUTES, _integer(summary.minutes)

    def total(mark: str, minutes: int) -> tuple[URIRef, Iterable[Triple]]:
        node = URIRef(f"{document}#{mark}")
        return node, (
            (node, terms.RDF_TYPE, terms.TimeTotal),
            (node, terms.DCTERMS_IS_PART_OF, head),
            (node, terms.MINUTES, _integer(minutes)),
        )

    for activity, minutes in summary.by_activity.items():
        node, said = total(f"a-{name}-{sha256(activity.encode()).hexdigest()[:10]}", minutes)
        yield from said
        if activity:
            yield node, terms.ACTIVITY, URIRef(activity)
    for month, minutes in summary.by_month.items():
        node, said = total(f"m-{name}-{month.text}", minutes)
        yield from said
        yield node, terms.DCTERMS_DATE, Literal(month.text, datatype=terms.XSD_G_YEAR_MONTH)
    for day, minutes in summary.by_day.items():
        node, said = total(f"d-{name}-{day}", minutes)
        yield from said
        yield node, terms.DCTERMS_DATE, dates.day(day)
    for number, one in enumerate(summary.latest, 1):
        node = URIRef(f"{document}#l-{name}-{number}")
        yield node, terms.RDF_TYPE, terms.LatestEntry
        yield node, terms.DCTERMS_IS_PART_OF, head
        yield node, terms.PROV_WAS_DERIVED_FROM, URIRef(one.iri)
        if ":" in one.activity:
            yield node, terms.ACTIVITY, URIRef(one.activity)
        yield node, terms.DCTERMS_DATE, dates.day(one.on)
        yield node, terms.MINUTES, _integer(one.minutes)
        if one.description:
            yield node, terms.DCTERMS_DESCRIPTION, Literal(one.description)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=terms.XSD_INTEGER)


def graph_of(document: str, made: Iterable[Summary]) -> Graph:
    """A whole summary document."""
    return syntax.graph_of(triple for summary in made for triple in _triples(summary, document))
