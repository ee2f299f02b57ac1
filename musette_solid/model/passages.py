"""Turning points: where something of one sphere ended and something of another began; and what was carried over."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from musette_solid.model.activity import Mobilising

#: An end and a beginning this near belong to one turn.
_NEAR: Final = timedelta(days=92)


@dataclass(frozen=True)
class Passage:
    """`carried`: the skills that both mobilise, by IRI."""

    on: date
    before: Mobilising
    after: Mobilising
    carried: tuple[str, ...]


def passages(activities: Iterable[Mobilising]) -> tuple[Passage, ...]:
    """The latest first; each end with the nearest beginning of another sphere, by dates said as precisely as a month."""
    known = [a for a in activities if a.part_of is None and a.sphere is not None]
    begun = sorted(
        ((a.start.first(), a) for a in known if a.start and a.start.month), key=lambda one: (one[0], one[1].iri)
    )
    starts = [start for start, _ in begun]
    found = []
    for before in known:
        if before.end is None or not before.end.month:
            continue
        end = before.end.last()
        # Only those that begin near: a long life has hundreds.
        around = begun[bisect_left(starts, _moved(end, -_NEAR)) : bisect_right(starts, _moved(end, _NEAR))]
        sphere = str(before.sphere)
        near = [(abs(start - end), start, after) for start, after in around if str(after.sphere) != sphere]
        if near:
            _, start, after = min(near, key=lambda one: (one[0], one[2].iri))
            carried = tuple(iri for iri in before.mobilises if iri in after.mobilises)
            found.append(Passage(max(start, end), before, after, carried))
    return tuple(sorted(found, key=lambda one: (one.on, one.before.iri), reverse=True))


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.min if by < timedelta() else date.max
