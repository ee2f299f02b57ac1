"""A long list of activities in pages: those that go on, then year by year; each year has its address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from musette_solid.model.activity import Activity, newest
from musette_solid.model.words import folded

#: So many on one page; a list that is not longer is shown whole.
PAGE = 50

#: What goes on, and what has no date.
NOW, UNDATED = "now", "undated"


@dataclass(frozen=True)
class Year:
    """`key`: a year, NOW or UNDATED."""

    key: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Listed:
    """One page. `at`: the number of the page on which each year begins; empty where one page holds everything."""

    years: tuple[Year, ...]
    page: int
    pages: int
    at: Mapping[str, int]


def year_of(activity: Activity) -> str:
    """The one it ended in, or was in."""
    group = newest(activity)[0]
    last = activity.end or activity.start
    return NOW if group == 0 else str(last.last().year) if group == 1 and last else UNDATED


def listed(activities: Sequence[Activity], page: int, *, whole: bool = False) -> Listed:
    """`activities`: newest first. A page that is not there is the last; `whole`: all of them on one."""
    if len(activities) <= PAGE:
        return Listed((Year("", tuple(activities)),), 1, 1, {})
    most = len(activities) if whole else PAGE
    pages = -(-len(activities) // most)
    page = min(max(page, 1), pages)
    at: dict[str, int] = {}
    for place, activity in enumerate(activities):
        at.setdefault(year_of(activity), place // most + 1)
    shown = activities[(page - 1) * most : page * most]
    return Listed(tuple(Year(key, tuple(own)) for key, own in groupby(shown, year_of)), page, pages, at)


def search(activities: Iterable[Activity], parts: Mapping[str, Sequence[Activity]], words: str) -> tuple[Activity, ...]:
    """Those in which every word is found, accents folded: in what it is called, where, with whom; also of its missions."""
    wanted = folded(words).split()

    def holds(activity: Activity) -> bool:
        text = " ".join(map(_text, (activity, *parts.get(activity.iri, ()))))
        return all(word in text for word in wanted)

    return tuple(one for one in activities if holds(one))


def _text(one: Activity) -> str:
    whose = one.organization.name if one.organization else ""
    return folded(" ".join((one.title, one.role or "", whose, one.location or "", one.description or "")))
