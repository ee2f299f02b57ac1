"""Frames for looking at oneself: say where one stands, and see how that moves; a radar with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.dates import PartialDate
from musette_solid.model.frames import Frame, around
from musette_solid.model.validation import Unfit
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.look_at_oneself import look_at_oneself, my_frame, my_frames
from musette_solid.web import clock, forms, i18n, notices, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Problem, message
from musette_solid.web.i18n import gettext
from musette_solid.web.level_curve import MARKS

bp = Blueprint("frames", __name__, url_prefix="/skills/frames")

_RADIUS: Final = 150
_MIDDLE: Final = 200


class Spoke(NamedTuple):
    x: float
    y: float
    name_x: float
    name_y: float
    code: str
    title: str


class Corner(NamedTuple):
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Ring:
    """One day in the radar: its polygon where three competences or more were said, and a mark for each."""

    day: str
    number: int
    mark: str
    points: str
    corners: tuple[Corner, ...]


@dataclass(frozen=True)
class Radar:
    size: int
    middle: int
    circles: tuple[float, ...]
    spokes: tuple[Spoke, ...]
    rings: tuple[Ring, ...]


def radar(frame: Frame) -> Radar:
    count, steps = len(frame.competences), len(things.levels())
    spokes = []
    for number, competence in enumerate(frame.competences):
        x, y = around(count, number, _RADIUS)
        name_x, name_y = around(count, number, _RADIUS + 22)
        spokes.append(Spoke(_at(x), _at(y), _at(name_x), _at(name_y), competence.code, i18n.label(competence.iri)))
    rings = []
    for number, profile in enumerate(frame.profiles):
        day = i18n.day(profile.day)
        corners = []
        for place, (competence, rank) in enumerate(zip(frame.competences, profile.ranks, strict=True)):
            if rank:
                x, y = around(count, place, _RADIUS * rank / steps)
                title = f"{day} – {i18n.label(competence.iri)} – {i18n.label(things.levels()[rank - 1])}"
                corners.append(Corner(_at(x), _at(y), title))
        points = " ".join(f"{corner.x},{corner.y}" for corner in corners) if len(corners) > 2 else ""
        rings.append(Ring(day, number, MARKS[number % len(MARKS)], points, tuple(corners)))
    circles = tuple(round(_RADIUS * step / steps, 1) for step in range(1, steps + 1))
    return Radar(2 * _MIDDLE, _MIDDLE, circles, tuple(spokes), tuple(rings))


def _at(place: float) -> float:
    return round(_MIDDLE + place, 1)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return render_template("pages/frames.html", frames=my_frames(bag))


@bp.get("/<key>")
@with_bag
def show(bag: Bag, key: str) -> ResponseReturnValue:
    return _page(my_frame(bag, key), clock.today().isoformat())


def _page(frame: Frame, on: str, problems: Sequence[Problem] = (), status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "pages/frame.html",
        frame=frame,
        key=frame.key,
        radar=radar(frame) if frame.answered else None,
        profiles=frame.profiles,
        levels=things.levels(),
        on=on,
        problems_found=problems,
    )
    return page, status


@bp.post("/<key>")
@with_bag
def answer(bag: Bag, key: str) -> ResponseReturnValue:
    on = forms.as_iso(request.form.get("on", ""))
    frame = my_frame(bag, key)
    try:
        day = PartialDate.from_text(on)
    except ValueError:
        day = None
    if day is None or not day.day:
        return _page(frame, on, [Problem(gettext("Write a day that exists."), "f-on")], 422)
    levels = {c.iri: level for c in frame.competences if (level := request.form.get(f"level-{c.code}", ""))}
    if not levels:
        return _page(frame, on, [Problem(gettext("Choose a level for one competence at least."))], 422)
    try:
        look_at_oneself(bag, key, levels, day.first(), clock.now())
    except Unfit as error:
        return _page(frame, on, [Problem(text) for text in dict.fromkeys(map(message, error.findings))], 422)
    notices.say("assessment-added")
    return redirect(url_for(".show", key=key), 303)
