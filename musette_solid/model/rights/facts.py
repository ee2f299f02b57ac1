"""What a bag says that rights depend on: a life, sliced by year, and what in it contradicts itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from rdflib import Graph

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.described import Described, Index
from musette_solid.model.time import DAY_IN_MINUTES, TimeEntry
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

_HOURS_IN_A_WEEK = 168


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact that a person noted from a paper. Without a period it holds for every year."""

    iri: str
    kind: str
    amount: Decimal | None = None
    answer: bool | None = None
    day: date | None = None
    period: PartialDate | None = None
    activity: str | None = None
    description: str | None = None

    @property
    def year(self) -> int | None:
        return self.period.year if self.period else None


@once
def read(graph: Graph) -> tuple[Stated, ...]:
    """Facts and income statements, the newest period first; those of no kind are left out."""
    index = Index(graph)
    found = [_stated(node) for node in index.of_type(terms.RightsFact, terms.IncomeStatement)]
    return tuple(sorted((s for s in found if s.kind), key=lambda s: (-(s.year or 9999), s.kind, s.iri)))


def _stated(node: Described) -> Stated:
    answer = node.iri_of(terms.ANSWER)
    period = None
    for literal in node.literals(terms.DCTERMS_DATE):
        try:
            period = PartialDate.from_literal(literal)
            break
        except ValueError:
            continue
    return Stated(
        iri=node.iri,
        kind=node.iri_of(terms.FACT_KIND) or "",
        amount=node.decimal(terms.AMOUNT),
        answer=None if answer is None else answer == str(terms.ANSWER_YES),
        day=node.day(terms.STATED_DAY),
        period=period,
        activity=node.iri_of(terms.ACTIVITY),
        description=node.text(terms.DCTERMS_DESCRIPTION),
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the facts that cannot be so; `about` are the things to look at (IRIs)."""

    key: str  # contradiction, twice, too-full, too-many-hours
    about: tuple[str, ...]
    year: int
    kind: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of one civil year. Two equal years give equal conclusions."""

    number: int
    #: Minutes by activity.
    minutes: tuple[tuple[str, int], ...]
    stated: tuple[Stated, ...]
    #: The activities that were going on at some time of the year; a mission inside a job is not among them.
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Life:
    """All that is known until `as_of`. Pure: hypotheses are added with `supposing`, which gives another life."""

    activities: tuple[Activity, ...]
    stated: tuple[Stated, ...]
    entries: tuple[TimeEntry, ...]
    as_of: date

    def supposing(
        self,
        activities: Iterable[Activity] = (),
        stated: Iterable[Stated] = (),
        entries: Iterable[TimeEntry] = (),
        until: date | None = None,
    ) -> "Life":
        """This life with activities, facts and time that are not so, looked at on a later day."""
        return replace(
            self,
            activities=(*self.activities, *activities),
            stated=(*self.stated, *stated),
            entries=(*self.entries, *entries),
            as_of=max(self.as_of, until) if until else self.as_of,
        )

    @cached_property
    def by_iri(self) -> Mapping[str, Activity]:
        return {a.iri: a for a in self.activities}

    def root(self, iri: str) -> Activity | None:
        """The activity, or the job that it is a mission of."""
        seen: set[str] = set()
        found = self.by_iri.get(iri)
        while (
            found is not None and found.part_of is not None and found.part_of in self.by_iri and found.iri not in seen
        ):
            seen.add(found.iri)
            found = self.by_iri[found.part_of]
        return found

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """From the first year that anything is known of to the year of `as_of`."""
        minutes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for entry in self.entries:
            if entry.on <= self.as_of:
                minutes[entry.on.year][entry.activity] += entry.minutes
        stated: dict[int, list[Stated]] = defaultdict(list)
        always = [s for s in self.stated if s.period is None]
        for fact in self.stated:
            if fact.period and fact.period.first() <= self.as_of:
                stated[fact.period.year].append(fact)
        present: dict[int, list[Activity]] = defaultdict(list)
        for activity in self.activities:
            if activity.part_of in self.by_iri:
                continue
            period = span(activity, self.as_of)
            for year in range(period[0].year, period[1].year + 1) if period else ():
                present[year].append(activity)
        return tuple(
            Year(
                number=year,
                minutes=tuple(sorted(minutes[year].items())),
                stated=tuple(sorted([*stated[year], *always], key=lambda s: s.iri)),
                activities=tuple(sorted(present[year], key=lambda a: a.iri)),
            )
            for year in sorted({*minutes, *stated, *present})
        )

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return (*_contradictions(self.stated), *_too_full(self.entries), *_too_many_hours(self))


def span(activity: Activity, as_of: date) -> tuple[date, date] | None:
    """The first and last day of an activity up to `as_of`; None when it has no start, or begins later."""
    if activity.start is None or activity.start.first() > as_of:
        return None
    end = activity.end.last() if activity.end else as_of
    end = min(end, as_of)
    return (activity.start.first(), end) if end >= activity.start.first() else None


def merged(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The same days, each once."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def within(period: tuple[date, date], first: date, last: date) -> tuple[date, date] | None:
    start, end = max(period[0], first), min(period[1], last)
    return (start, end) if start <= end else None


def weekdays(first: date, last: date) -> int:
    """Days from Monday to Friday, both ends counted."""
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * 5 + sum((first.weekday() + n) % 7 < 5 for n in range(rest))


def _contradictions(stated: Iterable[Stated]) -> list[Problem]:
    """Two amounts of one kind for one period and one activity; or a year that is not the sum of its months."""
    by_period: dict[tuple[str, str | None, str], list[Stated]] = defaultdict(list)
    by_year: dict[tuple[str, str | None, int], list[Stated]] = defaultdict(list)
    for fact in stated:
        if fact.amount is not None and fact.period is not None:
            by_period[fact.kind, fact.activity, fact.period.text].append(fact)
            by_year[fact.kind, fact.activity, fact.period.year].append(fact)
    found = []
    for (kind, _, _), facts in by_period.items():
        if len(facts) > 1:
            key = "contradiction" if len({f.amount for f in facts}) > 1 else "twice"
            found.append(Problem(key, tuple(f.iri for f in facts), facts[0].year or 0, kind))
    for (kind, _, year), facts in by_year.items():
        whole = {f.amount for f in facts if f.period and not f.period.month}
        parts = {(f.period.text, f.amount) for f in facts if f.period and f.period.month}
        if len(whole) == 1 and parts and sum((a for _, a in parts if a is not None), Decimal(0)) not in whole:
            found.append(Problem("contradiction", tuple(f.iri for f in facts), year, kind))
    return found


def counted(facts: Iterable[Stated]) -> list[Stated]:
    """Each fact once: not what is noted twice, not the months of a year that is noted whole."""
    kept: dict[tuple[str, str | None, str], Stated] = {}
    for fact in facts:
        kept.setdefault((fact.kind, fact.activity, fact.period.text if fact.period else ""), fact)
    whole = {(f.kind, f.activity, f.year) for f in kept.values() if f.period and not f.period.month}
    return [
        f
        for f in kept.values()
        if not (f.period and f.period.month and (f.kind, f.activity, f.year) in whole)
    ]  # fmt: skip


def _too_full(entries: Iterable[TimeEntry]) -> list[Problem]:
    by_day: dict[date, int] = defaultdict(int)
    for entry in entries:
        by_day[entry.on] += entry.minutes
    full = {day for day, minutes in by_day.items() if minutes > DAY_IN_MINUTES}
    about: dict[date, list[str]] = defaultdict(list)
    for entry in entries if full else ():
        if entry.on in full:
            about[entry.on].append(entry.activity)
    return [Problem("too-full", tuple(dict.fromkeys(about[day])), day.year, day=day) for day in sorted(full)]


def _too_many_hours(life: Life) -> list[Problem]:
    """Contracts that overlap and ask for more than 24 hours a day: from which day, and which ones."""
    events: list[tuple[date, int, str, Decimal]] = []
    for activity in life.activities:
        period = span(activity, life.as_of) if activity.weekly_hours and activity.part_of is None else None
        if period and activity.weekly_hours:
            first, last = period
            events.append((first, 1, activity.iri, activity.weekly_hours))
            events.append((last + timedelta(days=1), 0, activity.iri, -activity.weekly_hours))
    found, there, total = [], set(), Decimal(0)
    was_too_many = False
    # What ends before a day is taken out before what begins on it.
    for day, begins, iri, hours in sorted(events):
        total += hours
        there.add(iri) if begins else there.discard(iri)
        is_too_many = total > _HOURS_IN_A_WEEK
        if is_too_many and not was_too_many:
            found.append(Problem("too-many-hours", tuple(sorted(there)), day.year, day=day))
        was_too_many = is_too_many
    return found
