"""Where time goes: what was logged, by sphere, by week, by day of the week, paid and unpaid. Nothing is made up in between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from rdflib import URIRef

from musette_solid.model.time import TimeEntry

#: Article L3121-20 of the French labour code: never more than 48 hours of paid work in one week.
FULL_WEEK_MINUTES: Final = 48 * 60


@dataclass(frozen=True)
class Week:
    """Monday, and minutes by sphere (None: not noted)."""

    monday: date
    by_sphere: Mapping[URIRef | None, int]

    @property
    def minutes(self) -> int:
        return sum(self.by_sphere.values())


@dataclass(frozen=True)
class Rhythm:
    """Of some entries; every figure is a sum of their minutes. `weeks` goes from the first to the last, empty ones included."""

    total: int = 0
    by_sphere: Mapping[URIRef | None, int] = field(default_factory=dict)
    by_counterpart: Mapping[URIRef | None, int] = field(default_factory=dict)
    by_weekday: tuple[int, ...] = (0,) * 7  # Monday first
    weeks: tuple[Week, ...] = ()
    days: int = 0  # with at least one entry
    heavy: tuple[Week, ...] = ()  # above the ceiling of the law, whatever was paid
    longest_run: tuple[date, date] | None = None  # days in a row with something logged


def rhythm(entries: Iterable[TimeEntry], spheres: Mapping[str, URIRef | None]) -> Rhythm:
    """`spheres`: of activities, by IRI."""
    found = tuple(entries)
    if not found:
        return Rhythm()
    by_sphere: dict[URIRef | None, int] = {}
    by_counterpart: dict[URIRef | None, int] = {}
    by_weekday = [0] * 7
    by_week: dict[date, dict[URIRef | None, int]] = {}
    for one in found:
        sphere = spheres.get(one.activity)
        by_sphere[sphere] = by_sphere.get(sphere, 0) + one.minutes
        by_counterpart[one.counterpart] = by_counterpart.get(one.counterpart, 0) + one.minutes
        by_weekday[one.on.weekday()] += one.minutes
        week = by_week.setdefault(monday(one.on), {})
        week[sphere] = week.get(sphere, 0) + one.minutes
    first, last = min(by_week), max(by_week)
    weeks = tuple(
        Week(day, by_week.get(day, {}))
        for day in (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    )
    days = sorted({one.on for one in found})
    return Rhythm(
        total=sum(by_sphere.values()),
        by_sphere=_largest_first(by_sphere),
        by_counterpart=_largest_first(by_counterpart),
        by_weekday=tuple(by_weekday),
        weeks=weeks,
        days=len(days),
        heavy=tuple(week for week in weeks if week.minutes > FULL_WEEK_MINUTES),
        longest_run=_longest_run(days),
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _largest_first(minutes: Mapping[URIRef | None, int]) -> Mapping[URIRef | None, int]:
    return dict(sorted(minutes.items(), key=lambda pair: (-pair[1], pair[0] or "")))


def _longest_run(days: list[date]) -> tuple[date, date] | None:
    best: tuple[date, date] | None = None
    start = previous = None
    for day in days:
        if previous is None or start is None or (day - previous).days > 1:
            start = day
        previous = day
        if best is None or day - start > best[1] - best[0]:
            best = (start, day)
    return best
