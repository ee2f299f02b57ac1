"""The first page: for who has a bag, the trajectory, the latest time, one line to log time and one thing to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from musette_solid.model.activity import Outline, newest
from musette_solid.model.overview import by_label
from musette_solid.model.trajectory import draw
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import Overview, overview
from musette_solid.web import access, clock, i18n, picture, things
from musette_solid.web.access import public
from musette_solid.web.activities import addresses, first_controls
from musette_solid.web.i18n import gettext
from musette_solid.web.time import entry_name

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Suggestion:
    text: str
    address: str
    action: str


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    visitor = access.visitor()
    if visitor is None:
        return render_template("pages/landing.html", providers=access.config().providers)
    bag = visitor.bag
    if bag is None:
        return redirect(url_for("signin.setup"), 303)
    return _bag_page(bag)


def _bag_page(bag: Bag) -> str:
    today = clock.today()

    def figure(activities: Iterable[Outline], made: dict[Any, Any]) -> Markup:
        return _trajectory(bag, activities, made, today)

    found = overview(bag, today, meanwhile=figure)
    activities = {a.iri: a for a in found.activities}
    return render_template(
        "pages/home.html",
        found=found,
        activities=activities,
        trajectory=figure(found.activities, found.made),
        suggestion=suggestion(found, today),
        first=first_controls() if not found.activities else (),
        name_of=entry_name,
    )


def _trajectory(bag: Bag, activities: Iterable[Outline], made: dict[Any, Any], today: date) -> Markup:
    """The figure and its table: most of the work of this page, done once a version of the activities, day and language."""
    key = (today, i18n.language())
    drawn: Markup | None = made.get(key)
    if drawn is None:
        pictured = picture.of(draw(activities, today), address=addresses(bag))
        drawn = Markup(render_template("components/figure.html", picture=pictured))  # noqa: S704 (a template's own)
        made.clear()  # yesterday's, or the other language's
        made[key] = drawn
    return drawn


def suggestion(found: Overview, today: date) -> Suggestion | None:
    """One thing worth doing, the most useful first; none when the bag is in good order."""
    if not found.activities:
        return None
    if not found.skills:
        return Suggestion(
            gettext("You have noted what you do. What have you learnt to do there?"),
            url_for("skills.new"),
            gettext("Add a first skill"),
        )
    undated = min((a for a in found.activities if not a.has_start and a.part_of is None), key=newest, default=None)
    if undated is not None:
        return Suggestion(
            gettext("“%(title)s” has no date yet: with one, it finds its place in the picture.", title=undated.title),
            url_for("activities.edit", name=undated.iri.partition("#")[2]),
            gettext("Say when it was"),
        )
    unproved = min((s for s in found.skills if s.level is None), key=by_label, default=None)
    if unproved is not None:
        return Suggestion(
            gettext("Where do you stand with “%(skill)s”? Five steps, in your own judgement.", skill=unproved.label),
            url_for("skills.assess_form", name=unproved.iri.partition("#")[2]),
            gettext("Choose a level"),
        )
    if not any(a.is_ongoing(today) for a in found.activities):
        return Suggestion(
            gettext(
                "Nothing in your bag is going on at the moment. A search, a break, caring for somebody: all of it counts."
            ),
            url_for("activities.new"),
            gettext("Add what you are doing now"),
        )
    bare = min(
        (s for s in found.skills if not s.has_evidence and things.level_rank(s.level) >= 3),
        key=by_label,
        default=None,
    )
    if bare is not None:
        return Suggestion(
            gettext(
                "You can do “%(skill)s” on your own. Something that shows it would make it easier to believe.",
                skill=bare.label,
            ),
            url_for("skills.evidence", name=bare.iri.partition("#")[2]),
            gettext("Add evidence"),
        )
    return None
