"""What activities count for: a form by dimension, a radar and its table, and how it changed. Never a total."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model import values as values_model
from musette_solid.model.validation import Unfit
from musette_solid.model.values import MOST, ValueStatement
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.say_value import (
    Values,
    list_values,
    own_dimension,
    remove_dimension,
    remove_statement,
    say_values,
)
from musette_solid.web import clock, i18n, notices, removals
from musette_solid.web.access import with_bag
from musette_solid.web.forms import message
from musette_solid.web.i18n import gettext

bp = Blueprint("values", __name__, url_prefix="/values")

#: The drawing: a square round which names stand.
WIDTH, HEIGHT, RADIUS = 440, 330, 108
#: The height of one line of a name; the letters that it may have.
LINE, WIDEST = 16, 15


@dataclass(frozen=True)
class Axis:
    x: float
    y: float
    name_x: float
    name_y: float
    anchor: str
    lines: tuple[str, ...]  # of its name


@dataclass(frozen=True)
class Radar:
    """`shapes`: points of a polygon for each day shown, the earliest first; `rings`: one an intensity."""

    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    shapes: tuple[str, ...]
    centre: tuple[float, float]


def radar(dimensions: Sequence[tuple[URIRef, str]], said: Sequence[Mapping[URIRef, ValueStatement]]) -> Radar | None:
    """None below three dimensions: two points make no figure."""
    if len(dimensions) < 3:
        return None
    cx, cy = WIDTH / 2, HEIGHT / 2

    def at(place: int, part: float) -> tuple[float, float]:
        angle = 2 * math.pi * place / len(dimensions) - math.pi / 2
        return round(cx + part * RADIUS * math.cos(angle), 1), round(cy + part * RADIUS * math.sin(angle), 1)

    def polygon(parts: Sequence[float]) -> str:
        return " ".join(f"{x},{y}" for x, y in (at(place, part) for place, part in enumerate(parts)))

    axes = []
    for place, (_, name) in enumerate(dimensions):
        (x, y), (name_x, name_y) = at(place, 1), at(place, 1.13)
        anchor = "middle" if abs(name_x - cx) < 20 else "start" if name_x > cx else "end"
        lines = _lines(name)
        # Above the figure a name grows upwards, below it downwards, beside it both ways.
        up = (len(lines) - 1) * (1 if name_y < cy - RADIUS else 0 if name_y > cy + RADIUS else 0.5)
        axes.append(Axis(x, y, name_x, round(name_y + 5 - up * LINE, 1), anchor, lines))
    shapes = [polygon([one[d].weight / MOST if d in one else 0 for d, _ in dimensions]) for one in said]
    rings = [polygon([step / MOST] * len(dimensions)) for step in range(1, MOST + 1)]
    return Radar(tuple(axes), tuple(rings), tuple(shapes), (cx, cy))


def _lines(name: str) -> tuple[str, ...]:
    """A name in two lines at most, which stay inside the picture; what does not fit ends in dots: the table has it whole."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    shown = [*lines[:1], *([" ".join(lines[1:])] if lines[1:] else [])]
    return tuple(line if len(line) <= WIDEST else line[: WIDEST - 1].rstrip() + "…" for line in shown)


def name_of_dimension(listed: Values, dimension: URIRef) -> str:
    return listed.own.get(dimension) or i18n.sentence_case(i18n.label(dimension))


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    listed = list_values(bag)
    by_activity = [
        (activity, values_model.latest(values_model.of_activity(listed.statements, activity.iri)))
        for activity in listed.activities
    ]
    said = [(activity, held) for activity, held in by_activity if held]
    used = [d for d in listed.dimensions if any(d in held for _, held in said)]
    return render_template(
        "pages/values.html",
        said=said,
        silent=[activity for activity, held in by_activity if not held],
        dimensions=[(d, name_of_dimension(listed, d)) for d in used],
        own=listed.own,
        most=MOST,
        unreadable=listed.unreadable,
    )


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    return _page(list_values(bag), bag, name)


def _page(
    listed: Values, bag: Bag, name: str, problems: Sequence[str] = (), typed: Mapping[str, str] | None = None
) -> str:
    iri = f"{bag.layout.activities}#{name}"
    activity = listed.activity(iri)
    if activity is None:
        raise NotThere(iri, 404)
    statements = values_model.of_activity(listed.statements, iri)
    now = values_model.latest(statements)
    on = values_model.days(statements)
    named = [(d, name_of_dimension(listed, d)) for d in listed.dimensions]
    used = [(d, called) for d, called in named if d in now]
    first: Mapping[URIRef, ValueStatement] = values_model.latest(statements, on[0]) if len(on) > 1 else {}
    return render_template(
        "pages/value.html",
        name=name,
        activity=activity,
        named=named,
        used=used,
        now=now,
        said=[(one, name_of_dimension(listed, one.dimension)) for one in reversed(statements)],
        days=on,
        held=[values_model.latest(statements, day) for day in on],
        radar=radar(used, [first, now] if first else [now]),
        size=(WIDTH, HEIGHT),
        most=MOST,
        problems=problems,
        typed=typed or {},
        today=clock.today(),
    )


@bp.post("/<name>")
@with_bag
def create(bag: Bag, name: str) -> ResponseReturnValue:
    today = clock.today()
    weights: dict[str, tuple[int, str]] = {}
    for place, weight in request.form.items():
        if place.startswith("w-") and weight.isascii() and weight.isdigit():
            dimension = request.form.get("d-" + place[2:], "")
            weights[dimension] = (int(weight[:3]), request.form.get("s-" + place[2:], "").strip()[:500])
    own_weight = request.form.get("own-weight", "")
    own = (
        (request.form.get("own", "").strip(), int(own_weight[:3]), request.form.get("own-sentence", "").strip())
        if own_weight.isascii() and own_weight.isdigit()
        else None
    )
    try:
        made = say_values(bag, f"{bag.layout.activities}#{name}", weights, today, clock.now(), own=own)
    except Unfit as error:
        return _page(list_values(bag), bag, name, [message(one) for one in error.findings], request.form), 422
    notices.say("noted" if made else "nothing-said")
    return redirect(url_for(".show", name=names.local(name)), 303)


@bp.post("/<name>/said/<statement>/delete")
@with_bag
def delete(bag: Bag, name: str, statement: str) -> ResponseReturnValue:
    """What was said before it holds again."""
    removed = remove_statement(bag, f"{bag.layout.values}#{statement}", clock.now())
    return removals.page(removed.packed, gettext("What you said was deleted"), url_for(".show", name=name))


@bp.get("/dimension/<name>/delete")
@with_bag
def confirm(bag: Bag, name: str) -> ResponseReturnValue:
    own = own_dimension(bag, f"{bag.layout.values}#{name}")
    return render_template("pages/dimension_delete.html", own=own, name=name)


@bp.post("/dimension/<name>/delete")
@with_bag
def drop(bag: Bag, name: str) -> ResponseReturnValue:
    removed = remove_dimension(bag, f"{bag.layout.values}#{name}", clock.now())
    return removals.page(removed.packed, gettext("The dimension was deleted"), url_for(".index"))
