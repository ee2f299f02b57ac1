"""What is drawn under the trajectory, on its axis: skills, rights, and the hours of some days. Widths are hundredths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from rdflib import URIRef

from musette_solid.model.alongside import RightLine, RightYear, SkillLine
from musette_solid.model.rights import explanation
from musette_solid.model.time import TimeEntry
from musette_solid.model.trajectory import Period
from musette_solid.rdf.names import local
from musette_solid.web import i18n, things
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import slug as status_slug
from musette_solid.web.reasons import written

#: More lines than these make no picture: the register of skills has them all.
MOST_LINES = 24
#: The picture of the days, in pixels.
HEIGHT, TOP, BOTTOM = 182, 12, 34


@dataclass(frozen=True)
class Stretch:
    x: float
    width: float
    title: str
    kind: str = ""


@dataclass(frozen=True)
class Mark:
    """A day on which somebody judged a skill: how high on the scale of five."""

    x: float
    rank: int
    title: str


@dataclass(frozen=True)
class Line:
    """`said`: what the line shows, in words, for the table beside it."""

    name: str
    address: str
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    said: tuple[str, ...]


class _Axis:
    def __init__(self, window: Period) -> None:
        self.window = window
        self.days = (window.last - window.first).days + 1

    def x(self, day: date) -> float:
        return round(100 * (day - self.window.first).days / self.days, 3)

    def stretch(self, period: Period, title: str, kind: str = "") -> Stretch:
        first, last = max(period.first, self.window.first), min(period.last, self.window.last)
        return Stretch(self.x(first), max(round(100 * ((last - first).days + 1) / self.days, 3), 0.2), title, kind)


def skills(lines: Sequence[SkillLine], window: Period) -> list[Line]:
    axis = _Axis(window)
    found = []
    for line in lines[:MOST_LINES]:
        used = [
            gettext("in use from %(first)s to %(last)s", first=i18n.day(one.first), last=i18n.day(one.last))
            for one in line.used
        ]
        judged = [
            gettext("%(level)s on %(day)s", level=i18n.label(level), day=i18n.day(on))
            if level
            else gettext("judged on %(day)s", day=i18n.day(on))
            for on, level in line.judged
        ]
        found.append(
            Line(
                line.skill.label,
                url_for("skills.show", name=local(line.skill.iri)),
                tuple(axis.stretch(one, words) for one, words in zip(line.used, used, strict=True)),
                tuple(
                    Mark(axis.x(on), things.level_rank(level), words)
                    for (on, level), words in zip(line.judged, judged, strict=True)
                ),
                (*used, *judged),
            )
        )
    return found


def rights(lines: Iterable[RightLine], window: Period) -> list[Line]:
    axis = _Axis(window)
    found = []
    for line in lines:
        stretches = tuple(
            axis.stretch(
                Period(date(one.year, 1, 1), date(one.year, 12, 31)),
                f"{one.year}: {_year_said(one)}",
                status_slug(one.status),
            )
            for one in line.years
        )
        found.append(
            Line(
                explanation.say(line.scheme.title, i18n.language()),
                url_for("rights.show", slug=line.scheme.slug) if not line.scheme.is_proposal else "",
                stretches,
                (),
                tuple(f"{_years(first, last)}{_colon()} {words}" for first, last, words in _runs(line.years)),
            )
        )
    return found


def _colon() -> str:
    return gettext(":")


def _year_said(one: RightYear) -> str:
    state = explanation.state(one.status, i18n.language())
    words = f"{state}, {written(one.given)}" if one.given else state
    if one.is_open and state != explanation.state(type(one.status).UNKNOWN, i18n.language()):
        return gettext("%(state)s; a question is open", state=words)
    return words


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _runs(years: Iterable[RightYear]) -> list[tuple[int, int, str]]:
    """Years that say the same word after word are said once."""
    found: list[tuple[int, int, str]] = []
    for one in years:
        words = _year_said(one)
        if found and found[-1][1] == one.year - 1 and found[-1][2] == words:
            found[-1] = (found[-1][0], one.year, words)
        else:
            found.append((one.year, one.year, words))
    return found


@dataclass(frozen=True)
class Block:
    slug: str
    y: float
    height: float
    title: str


@dataclass(frozen=True)
class Day:
    """A column of the picture and a line of its table: minutes by sphere, in the order of the spheres."""

    on: date
    x: float
    width: float
    blocks: tuple[Block, ...]
    mark: tuple[str, ...]  # in lines
    name: str
    spheres: tuple[tuple[str, int], ...]
    minutes: int


@dataclass(frozen=True)
class Days:
    days: tuple[Day, ...]
    lines: tuple[tuple[float, str], ...]
    slugs: tuple[str, ...]
    minutes: int


def hours(entries: Iterable[TimeEntry], spheres: Mapping[str, URIRef | None], window: Period) -> Days:
    """What was logged on each day of a short window, by sphere."""
    logged: dict[date, dict[URIRef | None, int]] = {}
    for entry in entries:
        day = logged.setdefault(entry.on, {})
        sphere = spheres.get(entry.activity)
        day[sphere] = day.get(sphere, 0) + entry.minutes
    order = [
        *things.spheres(),
        *sorted({s for day in logged.values() for s in day if s and s not in things.spheres()}),
        None,
    ]
    axis = _Axis(window)
    top = max(480, -(-max((sum(day.values()) for day in logged.values()), default=0) // 240) * 240)
    room = HEIGHT - TOP - BOTTOM
    found = []
    for number in range(axis.days):
        on = window.first + timedelta(days=number)
        y, blocks, said = float(HEIGHT - BOTTOM), [], []
        for sphere in order:
            minutes = logged.get(on, {}).get(sphere, 0)
            if minutes:
                name = sphere_name(sphere)
                height = room * minutes / top
                y -= height
                title = f"{name}, {i18n.duration(minutes)}"
                blocks.append(Block(things.sphere_slug(sphere), round(y, 1), round(height, 1), title))
                said.append((name, minutes))
        is_week = axis.days <= 7
        # Two short lines: seven names of days stand side by side on a phone.
        mark = (i18n.dated(on, "EEE"), str(on.day)) if is_week else (str(on.day),) if number % 7 == 0 else ()
        found.append(
            Day(
                on,
                axis.x(on),
                round(100 / axis.days * 0.8, 3),
                tuple(blocks),
                mark,
                i18n.sentence_case(i18n.dated(on, "EEEE d MMMM")),
                tuple(said),
                sum(minutes for _, minutes in said),
            )
        )
    step = 240 if top <= 960 else 480
    lines = tuple((round(TOP + room * (1 - m / top), 1), i18n.duration(m)) for m in range(step, top + 1, step))
    slugs = tuple(dict.fromkeys(block.slug for day in found for block in day.blocks))
    return Days(tuple(found), lines, slugs, sum(day.minutes for day in found))


def sphere_name(sphere: URIRef | None) -> str:
    return i18n.sentence_case(i18n.label(sphere)) if sphere else gettext("Sphere not noted")
