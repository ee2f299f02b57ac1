"""The curve of a skill's level as values ready to draw: lengths along time in hundredths of the width, heights in pixels.

Each person has a line of their own, with a mark and a dash of its own: colour is never the only difference. The table
beside it says the same, and more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from musette_solid.model import labels
from musette_solid.model.curve import Curve, Line
from musette_solid.rdf import terms
from musette_solid.web import i18n

TOP: Final = 14
STEP: Final = 40
BOTTOM: Final = 26

#: The marks of lines, in the order of lines; they begin again where there are more lines than marks.
MARKS: Final = ("circle", "square", "diamond", "triangle")


class Dot(NamedTuple):
    x: float
    y: int
    title: str


class Stroke(NamedTuple):
    x1: float
    y1: int
    x2: float
    y2: int


class Grid(NamedTuple):
    y: int
    name: str


class DrawnMark(NamedTuple):
    x: float
    text: str
    is_at_end: bool
    is_minor: bool  # left out where the screen is narrow


@dataclass(frozen=True)
class DrawnLine:
    """`strokes` go from one level to the next; `tail` says that the last one has held until today."""

    name: str
    number: int
    mark: str
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]
    tail: Stroke | None


@dataclass(frozen=True)
class Drawn:
    height: int
    base: int
    grid: tuple[Grid, ...]
    marks: tuple[DrawnMark, ...]
    lines: tuple[DrawnLine, ...]
    first: str
    last: str


def of(curve: Curve, called: Callable[[str], str]) -> Drawn | None:
    """None when there is nothing to draw. `called` names the person who says a level."""
    if not curve:
        return None
    levels = labels.concepts(terms.LEVELS)
    base = TOP + STEP * (len(levels) - 1)
    return Drawn(
        height=base + STEP // 2 + BOTTOM,
        base=base,
        grid=tuple(
            Grid(_y(rank, len(levels)), i18n.sentence_case(i18n.label(level)))
            for rank, level in enumerate(levels, start=1)
        ),
        marks=_marks(curve),
        lines=tuple(_line(number, line, called(line.by), len(levels)) for number, line in enumerate(curve.lines)),
        first=i18n.day(curve.first),
        last=i18n.day(curve.last),
    )


def _marks(curve: Curve) -> tuple[DrawnMark, ...]:
    return tuple(
        DrawnMark(
            _percent(mark.x),
            f"{mark.on.year:04}",
            is_at_end=mark.x > 0.93,
            is_minor=len(curve.marks) > 4 and bool((len(curve.marks) - 1 - number) % 2),
        )
        for number, mark in enumerate(curve.marks)
    )


def _line(number: int, line: Line, name: str, levels: int) -> DrawnLine:
    dots, strokes = [], []
    for before, point in zip((None, *line.points), line.points, strict=False):
        x, y = _percent(point.x), _y(point.rank, levels)
        day = i18n.day(point.assessment.on) if point.assessment.on else ""
        dots.append(Dot(x, y, f"{name}, {day} – {i18n.label(point.assessment.level)}"))
        if before is not None:
            from_x, from_y = _percent(before.x), _y(before.rank, levels)
            strokes += [Stroke(from_x, from_y, x, from_y), Stroke(x, from_y, x, y)]
    last = dots[-1]
    tail = Stroke(last.x, last.y, 100.0, last.y) if last.x < 99 else None
    return DrawnLine(name, number % 6, MARKS[number % len(MARKS)], tuple(dots), tuple(strokes), tail)


def _y(rank: int, levels: int) -> int:
    return TOP + STEP * (levels - rank)


def _percent(x: float) -> float:
    return round(100 * x, 2)
