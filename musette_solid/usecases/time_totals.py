"""Totals of time, from the summary that is kept of every year; a year whose document moved is summed again, and only that.

Whether a summary holds is told by the listing of the container, in one request for all years. What does not hold is read and
shown at once; the summary itself is brought up to date behind the page, so that logging an hour stays one write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from musette_solid.model import time_summary
from musette_solid.model.time import Month
from musette_solid.model.time_summary import DAYS, LATEST, Spent, Summary
from musette_solid.pod import containers, resources
from musette_solid.pod.containers import Member
from musette_solid.pod.errors import ChangedMeanwhile, NotUnderstood
from musette_solid.pod.resources import Reader, Resource
from musette_solid.rdf import syntax
from musette_solid.usecases.documents import Documents, read_documents
from musette_solid.usecases.later import LATER, Later
from musette_solid.usecases.layout import Bag

#: A server that tells whole seconds may have taken two writes within one.
_RECENT = timedelta(seconds=3)
#: So many entries before the first summary is made: fewer are read as quickly as it would be.
WORTH = 50
#: While somebody is at work, the summary follows at this distance; the next visit catches up anyway.
_FOLLOWING_S = 300

#: What tells whether summaries hold, and the summaries: to be read beside the other documents of a page.
READERS: tuple[Reader[tuple[Member, ...]], Reader[dict[str, Summary]]] = (containers.listing, time_summary.read)


def documents_of(bag: Bag) -> tuple[str, str]:
    """What `READERS` are for."""
    return bag.layout.times, bag.layout.summary


@dataclass(frozen=True)
class Recent:
    """The last entries, newest first, and the minutes of the last seven days."""

    latest: tuple[Spent, ...] = ()
    week: int = 0


@dataclass(frozen=True)
class Totals:
    """Minutes of all years; `unreadable` years are not in them."""

    by_activity: Mapping[str, int] = field(default_factory=dict)
    by_month: Mapping[Month, int] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def recent_years(bag: Bag, today: date) -> tuple[str, ...]:
    """The documents that the last seven days are in: mostly one."""
    years = {today.year: None, (today - timedelta(days=DAYS - 1)).year: None}
    return tuple(bag.layout.time(year) for year in years)


def is_known(bag: Bag, today: date) -> bool:
    """Whether this session has read the year itself: then that is asked about, and no summary is needed."""
    memory = bag.pod.cache
    return any(memory.get(iri) is not None for iri in (bag.layout.summary, *recent_years(bag, today)))


def recent_of_documents(bag: Bag, documents: Documents, today: date) -> Recent:
    """From the year's own document, read beside the others through `time_summary.entries`."""
    found: list[Spent] = []
    for iri in recent_years(bag, today):
        entries = documents.said(iri, time_summary.entries)
        found.extend(entries)
        read = documents.by_iri[iri]
        if len(entries) >= WORTH and isinstance(read, Resource) and not read.said(_noticed):
            read.said(_noticed).append(True)
            refresh_later(bag, today, not_within_s=_FOLLOWING_S)
    return _recent([time_summary.summarise(found, "", "", today)], today)


def _noticed(_body: bytes, _media_type: str, _base: str) -> list[bool]:
    """A mark on a version of a document in memory: whether somebody has been told of it."""
    return []


def recent_of_summary(bag: Bag, documents: Documents, today: date) -> tuple[Recent, tuple[str, ...]]:
    """From the summary, read beside the others; and the documents that had to be read but could not be."""
    years = _Years(bag, documents)
    wanted = [iri for iri in recent_years(bag, today) if years.is_there(iri)]
    summaries, unreadable = years.summaries(wanted, today)
    return _recent(summaries, today), unreadable


def summaries_of(
    bag: Bag, documents: Documents, years: Iterable[int], today: date
) -> tuple[dict[int, Summary], tuple[str, ...]]:
    """Of those years, from what `READERS` read beside the other documents; and what had to be read but could not be."""
    known = _Years(bag, documents)
    wanted = {bag.layout.time(year): year for year in years}
    found, unreadable = known.summaries([iri for iri in wanted if known.is_there(iri)], today)
    return {wanted[one.of]: one for one in found}, unreadable


def recent(summaries: Iterable[Summary], today: date) -> Recent:
    """What the summaries of the years of the last seven days say of those."""
    return _recent(summaries, today)


def totals(bag: Bag, today: date) -> Totals:
    """Of every year. Raises what reading raises, but for damaged documents."""
    years = _Years(bag, read_documents(bag, documents_of(bag), readers=READERS))
    summaries, unreadable = years.summaries(years.all, today)
    by_activity: dict[str, int] = {}
    by_month: dict[Month, int] = {}
    for summary in summaries:
        for activity, minutes in summary.by_activity.items():
            by_activity[activity] = by_activity.get(activity, 0) + minutes
        for month, minutes in summary.by_month.items():
            by_month[month] = by_month.get(month, 0) + minutes
    return Totals(by_activity, by_month, unreadable)


def yearly(bag: Bag, today: date) -> tuple[dict[int, Summary], tuple[str, ...]]:
    """What each year adds up to, the latest first, and the years that could not be read. As few requests as `totals`."""
    years = _Years(bag, read_documents(bag, documents_of(bag), readers=READERS))
    summaries, unreadable = years.summaries(years.all, today)
    inner = len(bag.layout.times)
    by_year = {int(one.of[inner : inner + 4]): one for one in summaries if one.of not in unreadable}
    return dict(sorted(by_year.items(), reverse=True)), unreadable


def _recent(summaries: Iterable[Summary], today: date) -> Recent:
    summaries = tuple(summaries)
    latest = sorted((one for summary in summaries for one in summary.latest), key=time_summary.newest)
    first = today - timedelta(days=DAYS - 1)
    return Recent(tuple(latest[:LATEST]), sum(summary.since(first) for summary in summaries))


class _Years:
    """What the container says of each year's document, and what is kept of it."""

    def __init__(self, bag: Bag, documents: Documents) -> None:
        layout = bag.layout
        self._bag = bag
        members = documents.said(layout.times, containers.listing)
        self.modified = {member.iri: member.modified for member in members if layout.is_year(member.iri)}
        self.kept = documents.said(layout.summary, time_summary.read)
        # A container that cannot be understood tells nothing: then each document is asked itself.
        self._is_listed = layout.times not in documents.unreadable

    @property
    def all(self) -> Sequence[str]:
        return sorted(self.modified)

    @property
    def stale(self) -> list[str]:
        """Those to sum again. What a server does not date cannot be kept."""
        return [iri for iri, modified in self.modified.items() if modified and not self._holds(iri)]

    @property
    def gone(self) -> list[str]:
        return [iri for iri in self.kept if iri not in self.modified] if self._is_listed else []

    def is_there(self, iri: str) -> bool:
        return iri in self.modified or not self._is_listed

    def summaries(self, wanted: Sequence[str], today: date) -> tuple[list[Summary], tuple[str, ...]]:
        """Those kept, and for those that do not hold, the documents themselves; what is stale is refreshed later."""
        # Made on a day that is not yet here (another time zone), it lacks days that are wanted.
        usable = {iri for iri in wanted if self._holds(iri) and self.kept[iri].made <= today}
        to_read = [iri for iri in wanted if iri not in usable]
        documents = read_documents(self._bag, to_read, readers=[time_summary.entries] * len(to_read))
        found = [self.kept[iri] for iri in wanted if iri in usable]
        found += [_summed(documents, iri, self.modified.get(iri), today) for iri in to_read]
        long_enough = self.kept or sum(len(documents.said(iri, time_summary.entries)) for iri in to_read) >= WORTH
        if long_enough and (self.stale or self.gone):
            refresh_later(self._bag, today)
        return found, documents.unreadable

    def _holds(self, iri: str) -> bool:
        kept = self.kept.get(iri)
        return kept is not None and kept.modified == self.modified.get(iri)


def _summed(documents: Documents, iri: str, modified: str | None, today: date) -> Summary:
    return time_summary.summarise(documents.said(iri, time_summary.entries), iri, modified or "", today)


def refresh_later(bag: Bag, today: date, *, not_within_s: float = 0, later: Later = LATER) -> bool:
    return later.run(bag.layout.summary, lambda: refresh(bag, today, datetime.now(UTC)), not_within_s=not_within_s)


def refresh(bag: Bag, today: date, now: datetime) -> tuple[str, ...]:
    """Bring the summary up to date in one write; none when it holds. Answers the documents that were summed again.

    Whoever is second, in another window or another process, finds it done: it looks first, and its patch takes out what
    it has seen, which is there no more. Raises what reading and writing raise.
    """
    documents = read_documents(bag, documents_of(bag), readers=READERS)
    years = _Years(bag, documents)
    stale = [iri for iri in years.stale if _is_settled(years.modified[iri] or "", now)]
    if not stale and not years.gone:
        return ()
    read = read_documents(bag, stale, readers=[time_summary.entries] * len(stale))
    made = [_summed(read, iri, years.modified[iri], today) for iri in stale if iri not in read.unreadable]
    place = bag.layout.summary
    base = documents.by_iri[place]
    try:
        if isinstance(base, NotUnderstood):
            _replace(bag, made)
            return tuple(summary.of for summary in made)
        resources.change(bag.pod, base, time_summary.change(base.graph, place, made, years.gone))
    except ChangedMeanwhile:
        return ()
    return tuple(summary.of for summary in made)


def _replace(bag: Bag, made: Sequence[Summary]) -> None:
    """A summary that nobody can read is the one document that is written over: all of it can be made again.

    Only the very version that could not be read; without a mark to tell it by, it stays.
    """
    place = bag.layout.summary
    found = resources.fetch(bag.pod, place, resources.ACCEPT)
    etag = resources.strong(found.headers.get("ETag"))
    if etag is not None:
        body = syntax.turtle(time_summary.graph_of(place, made))
        resources.put(bag.pod, place, body, syntax.TURTLE, {"If-Match": etag})


def _is_settled(modified: str, now: datetime) -> bool:
    """Whether no other write can hide behind the same date."""
    try:
        when = datetime.fromisoformat(modified)
    except ValueError:
        return True
    return when.microsecond != 0 or when.tzinfo is None or abs(now - when) > _RECENT
