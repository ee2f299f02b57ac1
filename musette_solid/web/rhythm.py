"""Where my time goes: all years, one year week by week, and the rows behind every figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model.activity import Activity
from musette_solid.model.labels import concepts
from musette_solid.model.rhythm import Rhythm, Week, monday
from musette_solid.model.time import Month, TimeEntry
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.look_at_time import all_years, year_of_time
from musette_solid.web import clock, i18n, things
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext
from musette_solid.web.time import entry_name

bp = Blueprint("rhythm", __name__, url_prefix="/where-time-goes")

#: The picture of the weeks, in pixels; widths are hundredths.
HEIGHT, TOP, BOTTOM = 190, 12, 22


@dataclass(frozen=True)
class Part:
    """One line of a table of shares: of 100, rounded to the nearest; the minutes are exact."""

    name: str
    slug: str
    minutes: int
    share: int
    address: str


@dataclass(frozen=True)
class Block:
    slug: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    x: float
    width: float
    blocks: tuple[Block, ...]
    title: str
    address: str
    mark: str  # the month that begins here
    is_even: bool  # every other month is named where there is little room


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) > 0):
        raise NotThere(text, 404)
    return int(text)


def sphere_name(sphere: URIRef | None) -> str:
    return i18n.sentence_case(i18n.label(sphere)) if sphere else gettext("Sphere not noted")


def counterpart_name(counterpart: URIRef | None) -> str:
    return i18n.sentence_case(i18n.label(counterpart)) if counterpart else gettext("Not said")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = all_years(bag, clock.today())
    spheres = {a.iri: a.sphere for a in found.activities}
    by_year: dict[int, dict[URIRef | None, int]] = {}
    whole: dict[URIRef | None, int] = {}
    for year, summary in found.years.items():
        shares = by_year.setdefault(year, {})
        for activity, minutes in summary.by_activity.items():
            sphere = spheres.get(activity)
            shares[sphere] = shares.get(sphere, 0) + minutes
            whole[sphere] = whole.get(sphere, 0) + minutes
    order = sorted(whole, key=lambda sphere: (-whole[sphere], sphere or ""))
    months = {
        year: [summary.by_month.get(Month(year, n), 0) for n in range(1, 13)] for year, summary in found.years.items()
    }
    return render_template(
        "pages/rhythm.html",
        years=list(found.years),
        order=[(sphere, sphere_name(sphere), things.sphere_slug(sphere)) for sphere in order],
        bands={year: _bands(shares, order) for year, shares in by_year.items()},
        by_year=by_year,
        whole=whole,
        totals={year: summary.minutes for year, summary in found.years.items()},
        months=months,
        most=max((minutes for row in months.values() for minutes in row), default=0),
        month_names=[i18n.dated(date(2026, n, 1), "LLL") for n in range(1, 13)],
        unreadable=found.unreadable,
    )


def _bands(shares: Mapping[URIRef | None, int], order: list[URIRef | None]) -> list[tuple[str, float, float, str]]:
    """A line of the picture, from left to right: slug, start, width in hundredths, words."""
    total = sum(shares.values()) or 1
    x, found = 0.0, []
    for sphere in order:
        minutes = shares.get(sphere, 0)
        if minutes:
            width = 100 * minutes / total
            words = f"{sphere_name(sphere)}, {i18n.duration(minutes)}"
            found.append((things.sphere_slug(sphere), round(x, 3), round(width, 3), words))
            x += width
    return found


@bp.get("/<text>")
@with_bag
def year(bag: Bag, text: str) -> ResponseReturnValue:
    number = _year(text)
    found = year_of_time(bag, number)
    rhythm = found.rhythm
    rows = url_for(".rows", text=text)
    return render_template(
        "pages/rhythm_year.html",
        year=number,
        rhythm=rhythm,
        by_sphere=[
            _part(sphere_name(s), things.sphere_slug(s), m, rhythm, f"{rows}?sphere={things.sphere_slug(s)}")
            for s, m in rhythm.by_sphere.items()
        ],
        by_counterpart=[
            _part(counterpart_name(c), "none", m, rhythm, f"{rows}?in-return={local(c) if c else 'none'}")
            for c, m in rhythm.by_counterpart.items()
        ],
        by_feeling=[
            _part(feeling_name(f), "none", minutes, rhythm, f"{rows}?felt={local(f) if f else 'none'}")
            for f in (*concepts(terms.FEELINGS), None)
            if (minutes := found.by_feeling.get(f, 0))
        ],
        says_feelings=bool(found.felt),
        by_weekday=[
            _part(i18n.sentence_case(_weekday(n)), "none", m, rhythm, f"{rows}?weekday={n + 1}")
            for n, m in enumerate(rhythm.by_weekday)
        ],
        columns=_columns(rhythm.weeks, rows),
        lines=_lines(rhythm.weeks),
        height=HEIGHT,
        week_rows=[(week, f"{rows}?week={week.monday}") for week in rhythm.weeks if week.minutes],
        weeks_without=sum(1 for week in rhythm.weeks if not week.minutes),
        slugs=[things.sphere_slug(s) for s in rhythm.by_sphere],
        sphere_name=sphere_name,
        unreadable=found.unreadable,
        is_last=number >= clock.today().year,
    )


def feeling_name(feeling: URIRef | None) -> str:
    return i18n.sentence_case(i18n.label(feeling)) if feeling else gettext("The journal says nothing of it")


def _weekday(number: int) -> str:
    return i18n.dated(date(2026, 6, 1) + timedelta(days=number), "EEEE")  # 1 June 2026 is a Monday


def _part(name: str, slug: str, minutes: int, rhythm: Rhythm, address: str) -> Part:
    return Part(name, slug, minutes, round(100 * minutes / rhythm.total) if rhythm.total else 0, address)


def _scale(weeks: tuple[Week, ...]) -> int:
    """The top of the picture, in minutes: whole tens of hours above the longest week."""
    longest = max((week.minutes for week in weeks), default=0)
    return max(600, -(-longest // 600) * 600)


def _lines(weeks: tuple[Week, ...]) -> list[tuple[float, str]]:
    top = _scale(weeks)
    step = 600 if top <= 3600 else 1200 if top <= 7200 else 2400
    room = HEIGHT - TOP - BOTTOM
    return [(round(TOP + room * (1 - m / top), 1), i18n.duration(m)) for m in range(step, top + 1, step)]


def _columns(weeks: tuple[Week, ...], rows: str) -> list[Column]:
    top, room = _scale(weeks), HEIGHT - TOP - BOTTOM
    width = 100 / max(len(weeks), 12)
    found, month = [], 0
    for number, week in enumerate(weeks):
        y = float(HEIGHT - BOTTOM)
        blocks = []
        for sphere, minutes in sorted(week.by_sphere.items(), key=lambda pair: pair[0] or ""):
            height = room * minutes / top
            y -= height
            blocks.append(Block(things.sphere_slug(sphere), round(y, 1), round(height, 1)))
        shown = week.monday + timedelta(days=3)
        mark = i18n.dated(shown, "LLL") if shown.month != month else ""
        month = shown.month
        words = gettext(
            "Week of %(day)s: %(duration)s", day=i18n.day(week.monday), duration=i18n.duration(week.minutes)
        )
        found.append(
            Column(
                round(number * width, 3),
                round(width * 0.8, 3),
                tuple(blocks),
                words,
                f"{rows}?week={week.monday}" if week.minutes else "",
                mark,
                shown.month % 2 == 0,
            )
        )
    return found


@bp.get("/<text>/rows")
@with_bag
def rows(bag: Bag, text: str) -> ResponseReturnValue:
    """The entries that a figure is made of."""
    found = year_of_time(bag, _year(text))
    activities = {a.iri: a for a in found.activities}
    words, entries = _chosen(found.entries, activities, found.felt)
    return render_template(
        "pages/rhythm_rows.html",
        year=found.year,
        words=words,
        entries=entries[:1000],
        more=max(0, len(entries) - 1000),
        total=sum(one.minutes for one in entries),
        activities=activities,
        name_of=entry_name,
    )


def _chosen(
    entries: tuple[TimeEntry, ...], activities: Mapping[str, Activity], felt: Mapping[str, URIRef]
) -> tuple[list[str], tuple[TimeEntry, ...]]:
    words: list[str] = []
    sphere, counterpart = request.args.get("sphere"), request.args.get("in-return")
    weekday, week = request.args.get("weekday", ""), request.args.get("week")

    def slug_of(one: TimeEntry) -> str:
        activity = activities.get(one.activity)
        return things.sphere_slug(activity.sphere if activity else None)

    if sphere:
        entries = tuple(one for one in entries if slug_of(one) == sphere)
        words.append(sphere_name(things.sphere_of_slug(sphere)))
    if counterpart:
        entries = tuple(
            one for one in entries if (local(one.counterpart) if one.counterpart else "none") == counterpart
        )
        known = URIRef(terms.MUS + counterpart) if counterpart != "none" else None
        words.append(counterpart_name(known if known in things.counterparts() else None))
    feeling = request.args.get("felt")
    if feeling:
        known_feelings = {local(one): one for one in concepts(terms.FEELINGS)}
        entries = tuple(one for one in entries if felt.get(one.activity) == known_feelings.get(feeling))
        words.append(feeling_name(known_feelings.get(feeling)))
    if weekday in {"1", "2", "3", "4", "5", "6", "7"}:
        entries = tuple(one for one in entries if one.on.isoweekday() == int(weekday))
        words.append(_weekday(int(weekday) - 1))
    if week:
        try:
            first = monday(date.fromisoformat(week))
        except (ValueError, OverflowError) as error:
            raise NotThere(week, 404) from error
        entries = tuple(one for one in entries if monday(one.on) == first)
        words.append(gettext("week of %(day)s", day=i18n.day(first)))
    return words, entries
