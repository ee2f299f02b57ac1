"""People: who is in the bag, a map of them, what goes each way, whom to thank, and forgetting somebody everywhere."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_
from musette_solid.model.people import Person, to_thank
from musette_solid.rdf import names, terms
from musette_solid.usecases.know_person import (
    SHAPES,
    correct_person,
    forget,
    know_person,
    list_people,
    one_person,
    what_is_forgotten,
)
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, family, i18n, journal, notices
from musette_solid.web.access import with_bag
from musette_solid.web.family import Family, Options, Shown, Words

bp = Blueprint("people", __name__, url_prefix="/people")


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.people}#{name}"


def _options(bag: Bag) -> Options:
    return {"through": [(a.iri, a.title) for a in list_people(bag).activities]}


def _one(bag: Bag, iri: str) -> Shown:
    one = one_person(bag, iri)
    return Shown(one.texts, one.version, one.person.name)


pages = Family(
    bp=bp,
    shapes=SHAPES,
    words=Words(
        add=N_("Add somebody"),
        correct=N_("Correct what you noted of somebody"),
        remove="",
        lead=N_("Initials are enough. What you note here stays with you and is in no dossier."),
        gone="",
    ),
    iri=iri_of,
    name=names.local,
    add=know_person,
    correct=correct_person,
    remove=None,
    first=("fn", "relationKind", "circle"),
    title="fn",
    options=_options,
    read=_one,
    show="show",
)
family.install(pages)


@dataclass(frozen=True)
class Point:
    """A person on the map: hundredths of the width and of the height."""

    x: float
    y: float
    name: str
    address: str
    gives: bool
    receives: bool
    is_below: bool
    anchor: str  # which end of the name stands at the point: names stay inside the picture


#: Half of what is left free at the top.
_FREE = math.radians(25)

#: How far from the middle each circle is, of 50.
RINGS = {terms.CIRCLE_CLOSE: 17, terms.CIRCLE_OCCASIONAL: 30, terms.CIRCLE_AHEAD: 43}


def points(people: Sequence[Person]) -> tuple[Point, ...]:
    """Round the middle, each on the ring of their circle; who has none stands on the second.

    The top is left free for the names of the rings.
    """
    found = []
    for number, (circle, radius) in enumerate(RINGS.items()):
        here = [p for p in people if (_circle(p) or terms.CIRCLE_OCCASIONAL) == circle]
        for place, person in enumerate(here):
            part = (place + 0.5 + (number - 1) * 0.22) / len(here)
            angle = -math.pi / 2 + _FREE + part * 2 * (math.pi - _FREE)
            x = 50 + radius * math.cos(angle)
            relation = person.relation
            y = 50 + radius * math.sin(angle)
            found.append(
                Point(
                    round(x, 2),
                    round(y, 2),
                    person.name if len(person.name) <= 14 else person.name[:13] + "…",
                    url_for(".show", name=names.local(person.iri)),
                    bool(relation and relation.given),
                    bool(relation and relation.received),
                    y >= 50,
                    "start" if x < 20 else "end" if x > 80 else "middle",
                )
            )
    return tuple(found)


def _circle(person: Person) -> str | None:
    circle = person.relation.circle if person.relation else None
    return circle if circle in RINGS else None


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = list_people(bag)
    return render_template(
        "pages/people.html",
        people=found.people,
        points=points(found.people),
        rings=[(radius, i18n.sentence_case(i18n.label(circle))) for circle, radius in RINGS.items()],
        titles={a.iri: a.title for a in found.activities},
        thanks=to_thank(found.people),
        unreadable=found.unreadable,
    )


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_person(bag, iri_of(bag, name), clock.today().year)
    with_them = [a for a in one.activities if one.person.relation and a.iri in one.person.relation.through]
    return render_template(
        "pages/person.html",
        name=name,
        person=one.person,
        activities=with_them,
        notes=one.notes,
        called={a.iri: a.title for a in one.activities} | {one.person.iri: one.person.name},
        address=lambda iri: journal.address(bag, iri),
    )


@bp.get("/<name>/forget")
@with_bag
def forgetting(bag: Bag, name: str) -> ResponseReturnValue:
    found = what_is_forgotten(bag, iri_of(bag, name))
    return render_template(
        "pages/person_forget.html",
        name=name,
        person=found.person,
        count=sum(number for _, number in found.pointers),
        mentions=[(text, _where_corrected(bag, thing)) for thing, text in found.mentions],
    )


def _where_corrected(bag: Bag, thing: str) -> str:
    """The page that corrects a text; empty where there is none of its own."""
    if bag.layout.is_journal(names.document(thing)):
        return url_for("journal.edit", name=journal.name_of(thing))
    return journal.address(bag, thing)


@bp.post("/<name>/forget")
@with_bag
def delete(bag: Bag, name: str) -> ResponseReturnValue:
    forget(bag, iri_of(bag, name), clock.now())
    notices.say("person-forgotten")
    return redirect(url_for(".index"), 303)
