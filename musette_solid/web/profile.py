"""What other applications show of the person in their profile: chosen one by one; what was edited there, to take or to set aside."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.exchange import profile_writing as writing
from musette_solid.exchange.profile_writing import Edited
from musette_solid.model.dossier import Selection
from musette_solid.usecases import show_in_profile as showing
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext

bp = Blueprint("profile", __name__, url_prefix="/profile")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = showing.look(bag)
    return render_template(
        "pages/profile.html",
        found=found,
        everything=found.selection.everything,
        edits=[(edit, _lines(edit)) for edit in found.edits],
        behind=_is_behind(bag, found),
    )


def _lines(edit: Edited) -> list[tuple[str, str]]:
    names = {
        writing.TITLE: gettext("Title"),
        writing.START: gettext("Start"),
        writing.END: gettext("End"),
        writing.DESCRIPTION: gettext("Description"),
        writing.ORGANIZATION: gettext("Organisation"),
    }
    return [(names[name], text or "") for name, text in edit.changes.items()]


def _is_behind(bag: Bag, found: showing.Shown) -> bool:
    """Whether the bag says something else by now than what was written there."""
    shown = found.selection.everything
    made = writing.graph(
        [one for one in found.activities if one.iri in shown],
        [one for one in found.skills if one.iri in shown],
        bag.owner,
        clock.today(),
    )
    return found.is_shown and not found.edits and frozenset(made) != frozenset(found.written)


@bp.post("/")
@with_bag
def show(bag: Bag) -> ResponseReturnValue:
    layout, form = bag.layout, request.form
    places = {"activities": layout.activities, "skills": layout.skills}
    named = frozenset(
        f"{places[kind]}#{name}"
        for kind, _, name in (one.partition("#") for one in form.getlist("named"))
        if kind in places
    )
    activities = {f"{layout.activities}#{name}" for name in form.getlist("activity")}
    skills = {f"{layout.skills}#{name}" for name in form.getlist("skill")}
    selection = Selection(
        frozenset(activities | {iri for iri in named if iri.startswith(layout.activities + "#")}),
        frozenset(skills | {iri for iri in named if iri.startswith(layout.skills + "#")}),
        named=named,
    )
    showing.show(bag, selection, clock.now())
    notices.say("profile-shown" if selection else "profile-empty")
    return redirect(url_for(".index"), 303)


@bp.post("/decide")
@with_bag
def decide(bag: Bag) -> ResponseReturnValue:
    source = request.form.get("source", "")
    if request.form.get("take") == "yes":
        showing.take_over(bag, source, clock.now())
        notices.say("profile-taken")
    else:
        showing.put_right(bag, source, clock.now())
        notices.say("profile-put-right")
    return redirect(url_for(".index"), 303)


@bp.post("/again")
@with_bag
def again(bag: Bag) -> ResponseReturnValue:
    showing.rebuild(bag, clock.now())
    notices.say("profile-shown")
    return redirect(url_for(".index"), 303)
