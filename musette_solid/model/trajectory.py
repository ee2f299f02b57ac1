"""The trajectory as geometry: spheres as lanes, overlaps as rows, gaps; everything between 0 and 1.

Pure: a picture is made of it elsewhere. A year that is an end lasts to its last day, one that is a start begins on its
first: what is drawn never says less than what the person said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from rdflib import URIRef

from musette_solid.model.activity import Outline, newest
from musette_solid.model.labels import concepts
from musette_solid.rdf import terms

_A_DAY: Final = timedelta(days=1)
#: A silence this long between two activities is worth a word; a shorter one is a holiday.
_GAP: Final = timedelta(days=31)
_MOST_TICKS: Final = 12
_DEEPEST: Final = 4


class Bar(NamedTuple):
    """`row` is where a mission lies among the `parts` of its parent; for a bar of a lane, its row in the lane."""

    activity: Outline
    start_x: float
    end_x: float
    ongoing: bool
    parts: tuple["Bar", ...] = ()
    row: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A sphere (None: not said) and its bars; those of one row never overlap, missions included."""

    sphere: URIRef | None
    rows: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """From the first to the last day without any activity, whatever its sphere."""

    start: date
    end: date
    start_x: float = 0.0
    end_x: float = 0.0


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a year or of a month; `text` is `2019` or `2019-03`."""

    x: float
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Trajectory:
    lanes: tuple[Lane, ...]
    gaps: tuple[Gap, ...]
    first: date
    last: date
    ticks: tuple[Tick, ...]
    undated: tuple[Outline, ...] = ()


class Period(NamedTuple):
    """Both days included."""

    first: date
    last: date


def draw(activities: Iterable[Outline], today: date, window: tuple[date, date] | None = None) -> Trajectory:
    """Every activity with a date exactly once, in the lane of its sphere or inside the one it is part of.

    `window`: from one day to another, both included; what lies outside is left out, what passes an edge is cut there.
    """
    known = {activity.iri: activity for activity in activities}
    periods = {iri: period for iri, activity in known.items() if (period := period_of(activity, today))}
    if window is not None:
        return _within(known, periods, today, Period(*window))
    undated = tuple(sorted((activity for iri, activity in known.items() if iri not in periods), key=newest))
    first = min((period.first for period in periods.values()), default=today)
    last = max([today, *(period.last for period in periods.values())])
    scale = _Scale(min(first, today), last)
    parents = _parents(known, periods)
    return Trajectory(
        lanes=_lanes(known, periods, parents, scale),
        gaps=_gaps(periods.values(), today, scale),
        first=scale.first,
        last=scale.last,
        ticks=_ticks(scale),
        undated=undated,
    )


def _within(known: dict[str, Outline], periods: dict[str, Period], today: date, window: Period) -> Trajectory:
    shown = {
        iri: Period(max(period.first, window.first), min(period.last, window.last))
        for iri, period in periods.items()
        if period.first <= window.last and period.last >= window.first
    }
    scale = _Scale(window.first, window.last)
    until = min(today, window.last)
    return Trajectory(
        lanes=_lanes(known, shown, _parents(known, shown), scale),
        gaps=_gaps(shown.values(), until, scale) if shown and window.first < until else (),
        first=scale.first,
        last=scale.last,
        ticks=_ticks(scale),
    )


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.days = (last - first).days + 1

    def before(self, day: date) -> float:
        """Where `day` begins."""
        return (day - self.first).days / self.days

    def after(self, day: date) -> float:
        """Where `day` is over: a single day is as wide as a day."""
        return ((day - self.first).days + 1) / self.days


def period_of(activity: Outline, today: date) -> Period | None:
    """The days that an activity takes in the picture; None without any date."""
    start, end = activity.start, activity.end
    if start and end:
        # An end before its start is shown where both dates are, and reported elsewhere.
        is_swapped = end.last() < start.first()
        return Period(end.first(), start.last()) if is_swapped else Period(start.first(), end.last())
    if start:
        # Without an end it goes on; with one that nobody can read, only its start is sure.
        goes_on = not activity.has_end and start.first() <= today
        return Period(start.first(), today if goes_on else start.last())
    return Period(end.first(), end.last()) if end else None


def _parents(known: dict[str, Outline], periods: dict[str, Period]) -> dict[str, str]:
    """Mission to parent, both dated. A chain that comes back to itself is cut; one too deep to be drawn is flattened."""
    parents: dict[str, str] = {}
    chains: dict[str, list[str]] = {}
    for iri in sorted(periods):
        parent = known[iri].part_of
        if parent is None or parent not in periods:
            continue
        above = [parent]
        while above[-1] in parents and above[-1] != iri:
            above.append(parents[above[-1]])
        if above[-1] != iri:
            parents[iri] = parent
    for iri, parent in parents.items():
        chain = chains[iri] = [parent]
        while chain[-1] in parents:
            chain.append(parents[chain[-1]])
    return {iri: chain[max(0, len(chain) - _DEEPEST)] for iri, chain in chains.items()}


def _lanes(
    known: dict[str, Outline], periods: dict[str, Period], parents: dict[str, str], scale: _Scale
) -> tuple[Lane, ...]:
    missions: dict[str, list[str]] = {}
    for iri, parent in parents.items():
        missions.setdefault(parent, []).append(iri)
    spheres: dict[URIRef | None, list[str]] = {}
    for iri in periods:
        if iri not in parents:
            spheres.setdefault(known[iri].sphere, []).append(iri)

    def extent(iri: str) -> Period:
        """The period of an activity and of its missions, which may lie outside it."""
        if iri not in missions:
            return periods[iri]
        inside = [extent(mission) for mission in missions[iri]]
        return Period(
            min([periods[iri].first, *(period.first for period in inside)]),
            max([periods[iri].last, *(period.last for period in inside)]),
        )

    def bar(iri: str, row: int) -> Bar:
        first, last = periods[iri]
        return Bar(
            known[iri],
            scale.before(first),
            scale.after(last),
            not known[iri].has_end,
            inside(missions[iri]) if iri in missions else (),
            row,
        )

    def inside(parts: list[str]) -> tuple[Bar, ...]:
        rows = _stack({mission: extent(mission) for mission in parts})
        return tuple(bar(mission, number) for number, row in enumerate(rows) for mission in row)

    return tuple(
        Lane(
            sphere,
            tuple(
                tuple(bar(iri, number) for iri in row)
                for number, row in enumerate(_stack({iri: extent(iri) for iri in spheres[sphere]}))
            ),
        )
        for sphere in sorted(spheres, key=_order)
    )


def _order(sphere: URIRef | None) -> tuple[int, str]:
    """The order of the scheme; then the person's own spheres, then those that do not say."""
    order = concepts(terms.SPHERES)
    if sphere is None:
        return len(order) + 1, ""
    return (order.index(sphere) if sphere in order else len(order)), str(sphere)


def _stack(periods: dict[str, Period]) -> list[list[str]]:
    """As few rows as the overlaps ask for; each activity in the first one that is free."""
    rows: list[list[str]] = []
    ends: list[date] = []
    for iri in sorted(periods, key=lambda iri: (periods[iri].first, -periods[iri].last.toordinal(), iri)):
        first, last = periods[iri]
        for number, end in enumerate(ends):
            if end < first:
                rows[number].append(iri)
                ends[number] = last
                break
        else:
            rows.append([iri])
            ends.append(last)
    return rows


def _gaps(periods: Iterable[Period], today: date, scale: _Scale) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    covered: date | None = None
    beyond = Period(today + _A_DAY, today + _A_DAY) if today < date.max else Period(today, today)
    for period in sorted([*periods, beyond], key=lambda period: period.first):
        begins = min(period.first, beyond.first)
        if covered is not None and begins - covered - _A_DAY > _GAP:
            start, end = covered + _A_DAY, begins - _A_DAY
            gaps.append(Gap(start, end, scale.before(start), scale.after(end)))
        covered = max(covered or period.last, period.last)
    return tuple(gaps)


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    """Round numbers: 2010, 2015, 2020; over less than two years January, April, July."""
    years = range(scale.first.year, scale.last.year + 1)
    if scale.days <= 2 * 366:
        months = [date(year, month, 1) for year in years for month in range(1, 13)]
        for step in (1, 3, 6):
            found = [day for day in months if (day.month - 1) % step == 0 and scale.first <= day <= scale.last]
            if len(found) <= _MOST_TICKS:
                break
        return tuple(Tick(scale.before(day), f"{day:%Y-%m}", day) for day in found)
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        found = [date(year, 1, 1) for year in years if year % step == 0 and scale.first <= date(year, 1, 1)]
        if len(found) <= _MOST_TICKS:
            break
    return tuple(Tick(scale.before(day), f"{day.year:04}", day) for day in found)
