"""The trajectory alone: a life, or some years of it, or a month; what was learnt when; the turning points."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.dates import PartialDate
from musette_solid.model.passages import passages
from musette_solid.model.skill import Skill
from musette_solid.model.trajectory import Trajectory, draw
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import clock, i18n, picture, things
from musette_solid.web.access import with_bag
from musette_solid.web.activities import address
from musette_solid.web.forms import as_iso
from musette_solid.web.i18n import gettext

bp = Blueprint("trajectory", __name__, url_prefix="/trajectory")


@dataclass(frozen=True)
class Mark:
    """A day on which somebody judged a skill: hundredths of the width, and how high on the scale of five."""

    x: float
    rank: int
    words: str


@dataclass(frozen=True)
class Line:
    name: str
    address: str
    marks: tuple[Mark, ...]


def _window() -> tuple[date, date] | None:
    """What the query asks for; None: everything. An unreadable date is no date."""
    found: list[PartialDate | None] = []
    for name in ("from", "to"):
        try:
            found.append(PartialDate.from_text(as_iso(request.args.get(name, ""))))
        except ValueError:
            found.append(None)
    start, end = found
    if start is None:
        return None
    first, last = start.first(), (end or start).last()
    return (first, last) if first < last else (first, first + timedelta(days=27))


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    today = clock.today()
    found = list_activities(bag)
    whole = draw(found.activities, today)
    window = _window()
    shown = draw(found.activities, today, window) if window else whole
    labels = {skill.iri: skill.label for skill in found.skills}
    turns = [
        (one, [labels[iri] for iri in one.carried if iri in labels])
        for one in passages(found.activities)
        if shown.first <= one.on <= shown.last
    ]
    return render_template(
        "pages/trajectory.html",
        picture=picture.of(shown, address=lambda iri: address(bag, iri)),
        is_whole=window is None,
        said=_said(shown),
        zooms=_zooms(shown, window),
        judged=_lines(found.skills, shown),
        turns=turns[:20],
        has_any=bool(whole.lanes),
        year=shown.first.year if shown.first.year == shown.last.year else 0,
        month=f"{shown.first:%Y-%m}" if (shown.last - shown.first).days < 32 else "",
        unreadable=found.unreadable,
        first=request.args.get("from", "")[:10],
        last=request.args.get("to", "")[:10],
    )


def _said(shown: Trajectory) -> str:
    return gettext("From %(first)s to %(last)s", first=i18n.day(shown.first), last=i18n.day(shown.last))


def _at(first: str, last: str = "") -> str:
    return url_for(".index") + "?" + urlencode({"from": first} | ({"to": last} if last else {}))


def _zooms(shown: Trajectory, window: tuple[date, date] | None) -> list[tuple[str, str]]:
    """Ways nearer: from a life to its decades and years, from a year to its months."""
    found = []
    if window is not None:
        found.append((gettext("The whole life"), url_for(".index")))
    if shown.first.year == shown.last.year and (shown.last - shown.first).days > 31:
        months = [date(shown.first.year, n, 1) for n in range(shown.first.month, shown.last.month + 1)]
        found += [(i18n.dated(m, "LLLL"), _at(f"{m:%Y-%m}")) for m in months]
    elif shown.first.year != shown.last.year:
        years = list(range(shown.first.year, shown.last.year + 1))
        if len(years) > 15:
            tens = range(shown.first.year // 10 * 10, shown.last.year + 1, 10)
            found += [(f"{ten}–{ten + 9}", _at(f"{ten:04}", f"{ten + 9:04}")) for ten in tens]
        else:
            found += [(str(year), _at(f"{year:04}")) for year in years]
    elif window is not None:
        year = f"{shown.first.year:04}"
        found.append((year, _at(year)))
    return found


def _lines(skills: tuple[Skill, ...], shown: Trajectory) -> list[Line]:
    """Skills that were judged in the window, on the time axis of the picture above."""
    days = (shown.last - shown.first).days + 1
    found = []
    for skill in skills:
        marks = tuple(
            Mark(
                round(100 * (one.on - shown.first).days / days, 3),
                things.level_rank(one.level),
                f"{skill.label}, {i18n.day(one.on)}: {i18n.label(one.level)}" if one.level else i18n.day(one.on),
            )
            for one in skill.assessments
            if one.on and shown.first <= one.on <= shown.last
        )
        if marks:
            found.append(Line(skill.label, url_for("skills.show", name=local(skill.iri)), marks))
    return found[:40]
