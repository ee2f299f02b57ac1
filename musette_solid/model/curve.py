"""The level of a skill through time as geometry: one line for each person who saw it, everything between 0 and 1.

Pure: a picture is made of it elsewhere. A level holds until the same person says another one. Nobody's line is made of
somebody else's, and no line is made of several.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from musette_solid.model.skill import Assessment
from musette_solid.model.standing import rank

_MOST_TICKS: Final = 8
#: A picture of less than this would say nothing about time.
_LEAST: Final = timedelta(days=90)


class Point(NamedTuple):
    x: float
    rank: int
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Line:
    """What one person said, oldest first."""

    by: str
    points: tuple[Point, ...]


class Mark(NamedTuple):
    """The first day of a year."""

    x: float
    on: date


@dataclass(frozen=True, slots=True)
class Curve:
    """`apart`: what was said without a day or in other words than the scale's; it is in the table, not in the picture."""

    lines: tuple[Line, ...]
    first: date
    last: date
    marks: tuple[Mark, ...]
    apart: tuple[Assessment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)


def curve(said: Mapping[str, Sequence[Assessment]], today: date) -> Curve:
    """`said` are the assessments of each person, oldest first (`standing.by_agent`); the first line is the first person's."""
    shown = {by: [one for one in own if _has_place(one)] for by, own in said.items()}
    apart = tuple(one for own in said.values() for one in own if not _has_place(one))
    days = [one.on for own in shown.values() for one in own if one.on]
    last = max([today, *days])
    first = min([*days, last])
    if last - first < _LEAST:
        first = last - _LEAST
    span = (last - first).days

    def place(day: date) -> float:
        return (day - first).days / span

    lines = tuple(
        Line(by, tuple(Point(place(one.on), rank(one.level), one) for one in own if one.on))
        for by, own in shown.items()
        if own
    )
    return Curve(lines, first, last, tuple(Mark(place(day), day) for day in _years(first, last)), apart)


def _has_place(one: Assessment) -> bool:
    return one.on is not None and rank(one.level) > 0


def _years(first: date, last: date) -> Iterable[date]:
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1) if date(year, 1, 1) >= first]
    for step in (1, 2, 5, 10, 20, 50):
        found = [day for day in years if day.year % step == 0]
        if len(found) <= _MOST_TICKS:
            return found
    return years[:_MOST_TICKS]
