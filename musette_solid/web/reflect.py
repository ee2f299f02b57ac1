"""Where one steps back: the pages that look back and those that look ahead, each in a sentence."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_
from musette_solid.usecases.layout import Bag
from musette_solid.web.access import with_bag

bp = Blueprint("reflect", __name__, url_prefix="/reflect")


@dataclass(frozen=True)
class Door:
    icon: str
    title: str
    text: str
    address: str


#: What looks back, then what looks ahead: icon, title, sentence, endpoint.
BACK = (
    ("journal", N_("Journal"), N_("A line now and then: what you did, learnt, felt."), "journal.index"),
    (
        "bag",
        N_("My trajectory"),
        N_("A life in lanes, some years of it, or a month; the turning points."),
        "trajectory.index",
    ),
    ("time", N_("Where my time goes"), N_("By sphere, by season, by week; paid and unpaid."), "rhythm.index"),
    (
        "method",
        N_("Methods"),
        N_("Questions, one at a time, to find what you know and what you want."),
        "methods.index",
    ),
    (
        "values",
        N_("What it is worth to me"),
        N_("Meaning, ties, learning, income…: the sides of each activity."),
        "values.index",
    ),
    ("people", N_("People"), N_("Who counts on your way, and what goes between you."), "people.index"),
    (
        "tool",
        N_("Tools, methods, resources"),
        N_("What you work with, and what you could lend, teach, pass on."),
        "tools.index",
    ),
)
AHEAD = (
    ("goal", N_("Goals"), N_("What you want to reach, and the steps on the way."), "goals.index"),
    (
        "scenario",
        N_("What if…"),
        N_("Name a what-if, and see it beside today: time, skills, what it is worth to you, rights."),
        "scenarios.index",
    ),
    (
        "watch",
        N_("Watch"),
        N_("Offers at the addresses you choose, each with why it may concern you."),
        "watch.index",
    ),
)


@bp.get("/")
@with_bag
def index(_bag: Bag) -> ResponseReturnValue:
    def doors(found: tuple[tuple[str, str, str, str], ...]) -> list[Door]:
        return [Door(icon, title, text, url_for(endpoint)) for icon, title, text, endpoint in found]

    return render_template("pages/reflect.html", back=doors(BACK), ahead=doors(AHEAD))
