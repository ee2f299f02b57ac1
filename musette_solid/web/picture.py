"""The trajectory as values ready to draw: lengths along time in hundredths of the width, heights in pixels.

The drawing has no scale of its own: widths are percentages, so that it fits a phone and its letters stay as large as the
page's. What does not fit beside a bar is in the table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rdflib import URIRef

from musette_solid.model.activity import Outline
from musette_solid.model.trajectory import Bar, Gap, Tick, Trajectory
from musette_solid.web import i18n, things
from musette_solid.web.i18n import dated

TOP = 26
NAME = 24
LABEL = 18
BAR = 14
PART = 6
ROW = LABEL + BAR + 8
LANE_END = 10

#: Letters are about this wide at the size of the picture; enough to know whether a name fits.
_LETTER_PX = 7.2
_WIDE_PX = 680
_NARROW_PX = 320
#: Beyond this many bars names would make the picture endless: rows are those of the model, names where they fit.
_FEW = 40
_LONGEST_NAME = 44
_CLOSE_TO_THE_END = 0.93


class DrawnPart(NamedTuple):
    x: float
    width: float
    y: int
    title: str


class DrawnBar(NamedTuple):
    x: float
    width: float
    y: int
    title: str
    name: str  # what fits; empty when nothing does
    name_x: float
    name_width: float
    is_name_at_end: bool
    fits_narrow: bool
    ongoing: bool
    address: str
    parts: tuple[DrawnPart, ...]

    @property
    def end(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class DrawnLane:
    slug: str
    name: str
    y: int
    bars: tuple[DrawnBar, ...]


@dataclass(frozen=True)
class DrawnTick:
    x: float
    text: str
    is_minor: bool
    is_at_end: bool


@dataclass(frozen=True)
class DrawnGap:
    x: float
    width: float
    text: str


class Row(NamedTuple):
    """One line of the table beside the picture."""

    title: str
    address: str
    sphere: URIRef | None
    period: str
    is_part: bool


@dataclass(frozen=True)
class Picture:
    lanes: tuple[DrawnLane, ...]
    ticks: tuple[DrawnTick, ...]
    gaps: tuple[DrawnGap, ...]
    height: int
    first: date
    last: date
    rows: tuple[Row, ...]
    undated: tuple[Row, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(lane.slug for lane in self.lanes))

    @property
    def spheres(self) -> frozenset[URIRef | None]:
        """Those that the table names."""
        return frozenset(row.sphere for row in self.rows)


def of(trajectory: Trajectory, address: Callable[[str], str]) -> Picture:
    # Each activity is a bar and a line of the table: its address and its period are put into words once.
    period = i18n.periods()
    rows = {activity.iri: _row(activity, address, period, is_part=part) for activity, part in _in_order(trajectory)}
    lanes = []
    y = TOP
    count = sum(len(row) for lane in trajectory.lanes for row in lane.rows)
    for lane in trajectory.lanes:
        top = y
        placed = _named_rows(lane.rows) if count <= _FEW else lane.rows
        y += NAME
        bars: list[DrawnBar] = []
        for row in placed:
            bars.extend(_bars(row, y, rows))
            y += ROW
        y += LANE_END
        slug = things.sphere_slug(lane.sphere)
        name = i18n.sentence_case(i18n.label(lane.sphere)) if lane.sphere else ""
        lanes.append(DrawnLane(slug, name, top, tuple(bars)))
    return Picture(
        lanes=tuple(lanes),
        ticks=_ticks(trajectory.ticks),
        gaps=tuple(_gap(gap) for gap in trajectory.gaps),
        height=y,
        first=trajectory.first,
        last=trajectory.last,
        rows=tuple(rows.values()),
        undated=tuple(_row(activity, address, period, is_part=False) for activity in trajectory.undated),
    )


def _percent(x: float) -> float:
    return round(100 * x, 3)


def _name_width(title: str) -> float:
    """How much of the width a name takes, of 1, on a wide screen."""
    return (min(len(title), _LONGEST_NAME) * _LETTER_PX + 10) / _WIDE_PX


def _named_rows(rows: Sequence[Sequence[Bar]]) -> list[list[Bar]]:
    """The bars in rows such that each name has room too; a name that would pass the right edge is drawn to the left."""
    placed: list[list[Bar]] = []
    taken: list[list[tuple[float, float]]] = []
    for bar in sorted((bar for row in rows for bar in row), key=lambda bar: (bar.start_x, -bar.end_x)):
        width = _name_width(bar.activity.title)
        span = (bar.start_x, max(bar.end_x, bar.start_x + width))
        if span[1] > 1:
            span = (max(0.0, min(bar.start_x, bar.end_x - width)), max(bar.end_x, min(1.0, bar.start_x + width)))
        for row, spans in zip(placed, taken, strict=True):
            if all(span[0] >= end or span[1] <= start for start, end in spans):
                row.append(bar)
                spans.append(span)
                break
        else:
            placed.append([bar])
            taken.append([span])
    return placed


def _bars(row: Sequence[Bar], y: int, rows: Mapping[str, Row]) -> Iterator[DrawnBar]:
    """The bars of one row, from left to right, each with its name where it fits between its neighbours."""
    places = [_place(bar) for bar in row]
    starts = [x for x, _ in places[1:]] + [100.0]
    ends = [0.0] + [x + width for x, width in places[:-1]]
    said_until = 0.0  # on a narrow screen, in pixels: a name drawn from the right may meet the one before it
    for bar, (x, width), before, after in zip(row, places, ends, starts, strict=True):
        said = rows[bar.activity.iri]
        room = after - x
        # To the left of its end where there is more room.
        at_end = room < 100 * _name_width(said.title) and x + width - before > room
        if at_end:
            room = x + width - before
        name = _name(said.title, room)
        length = len(name) * _LETTER_PX
        left = (x + width) / 100 * _NARROW_PX - length if at_end else x / 100 * _NARROW_PX
        fits_narrow = length <= room / 100 * _NARROW_PX and left >= said_until
        if name and fits_narrow:
            said_until = left + length
        yield DrawnBar(
            x=x,
            width=width,
            y=y,
            title=_said(said),
            name=name,
            name_x=x + width - room if at_end else x,
            name_width=round(room, 3),
            is_name_at_end=at_end,
            fits_narrow=fits_narrow,
            ongoing=bar.ongoing,
            address=said.address,
            parts=_parts(bar.parts, y + LABEL + BAR - PART, rows) if bar.parts else (),
        )


def _parts(parts: Sequence[Bar], y: int, rows: Mapping[str, Row]) -> tuple[DrawnPart, ...]:
    return tuple(DrawnPart(*_place(part), y, _said(rows[part.activity.iri])) for part in parts)


def _place(bar: Bar) -> tuple[float, float]:
    return _percent(bar.start_x), max(_percent(bar.end_x - bar.start_x), 0.1)


def _said(row: Row) -> str:
    return f"{row.title}, {row.period}"


def _name(title: str, room: float) -> str:
    """As much of a title as fits, if that still says something."""
    letters = min(int((room / 100 * _WIDE_PX - 6) / _LETTER_PX), _LONGEST_NAME)
    if len(title) <= letters:
        return title
    return title[: letters - 1].rstrip() + "…" if letters > 4 else ""


def _ticks(ticks: Sequence[Tick]) -> tuple[DrawnTick, ...]:
    # Within one year the page has said which.
    pattern = "MMM" if len({tick.on.year for tick in ticks}) == 1 and len(ticks) > 2 else "MMM yyyy"
    return tuple(
        DrawnTick(
            _percent(tick.x),
            tick.text if len(tick.text) == 4 else dated(tick.on, pattern),
            is_minor=len(ticks) > 5 and (bool(number % 2) or tick.x > _CLOSE_TO_THE_END),
            is_at_end=tick.x > _CLOSE_TO_THE_END,
        )
        for number, tick in enumerate(ticks)
    )


def _gap(gap: Gap) -> DrawnGap:
    return DrawnGap(
        _percent(gap.start_x), _percent(gap.end_x - gap.start_x), f"{i18n.day(gap.start)} – {i18n.day(gap.end)}"
    )


def _in_order(trajectory: Trajectory) -> Iterator[tuple[Outline, bool]]:
    """What the table says, lane by lane, the latest first; and whether it is part of the activity above it."""

    def inside(bar: Bar) -> Iterator[tuple[Outline, bool]]:
        for part in bar.parts:
            yield part.activity, True
            yield from inside(part)

    for lane in trajectory.lanes:
        for bar in sorted((bar for row in lane.rows for bar in row), key=lambda bar: -bar.end_x):
            yield bar.activity, False
            yield from inside(bar)


def _row(activity: Outline, address: Callable[[str], str], period: Callable[..., str], *, is_part: bool) -> Row:
    said = period(activity.start, activity.end, activity.start_as_written, activity.end_as_written)
    return Row(activity.title, address(activity.iri), activity.sphere, said, is_part)
