"""Assessment by others: say what one sees in the skills of a dossier; keep or not what others say of one's own."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import MusetteError
from musette_solid.model import labels
from musette_solid.model.validation import Unfit
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.assess_another import (
    Answers,
    NotDelivered,
    NothingSaid,
    Said,
    assess_another,
    keep_assessments,
    received,
)
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import NoInbox
from musette_solid.web import clock, i18n, notices, things
from musette_solid.web.access import Visitor, signed_in, with_bag
from musette_solid.web.forms import Problem, message

bp = Blueprint("assessments", __name__, url_prefix="/assessments")


@bp.route("/give", methods=["GET", "POST"])
@signed_in
def give(visitor: Visitor) -> ResponseReturnValue:
    """For whom a dossier was opened to: their own eyes, their own words."""
    url = request.values.get("url", "").strip()
    if request.method != "POST":
        return _give_page(visitor, url)
    opened = read_dossier(visitor.pod, url, clock.now())
    said = [
        Said(skill.iri, request.form.get(f"level-{name}", ""), request.form.get(f"comment-{name}", "").strip())
        for skill in opened.dossier.skills
        for name in [local(skill.iri)]
    ]
    way, relation = request.form.get("way", ""), request.form.get("relation", "")
    try:
        assess_another(visitor.pod, url, said, clock.now(), way=way, relation=relation)
    except Unfit as error:
        return _give_page(visitor, url, [Problem(text) for text in dict.fromkeys(map(message, error.findings))]), 422
    except (NothingSaid, NotDelivered) as error:
        return _give_page(visitor, url, [_problem(error)]), 422
    notices.say("assessment-sent")
    return redirect(url_for("granted.dossier", url=url), 303)


def _problem(error: MusetteError) -> Problem:
    return Problem(" ".join(i18n.sentences(error)))


def _give_page(visitor: Visitor, url: str, problems: Sequence[Problem] = ()) -> str:
    opened = read_dossier(visitor.pod, url, clock.now())
    return render_template(
        "pages/assessment_give.html",
        url=url,
        dossier=opened.dossier,
        levels=things.levels(),
        ways=things.named(things.assessment_ways()),
        relations=things.named(labels.concepts(terms.RELATION_KINDS)),
        typed=request.form,
        problems_found=problems,
    )


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    try:
        found, no_letterbox = received(bag), None
    except NoInbox as error:
        found, no_letterbox = Answers(()), i18n.sentences(error)
    return render_template(
        "pages/assessments.html", answers=found.answers, strangers=found.strangers, no_letterbox=no_letterbox
    )


@bp.post("/keep")
@with_bag
def keep(bag: Bag) -> ResponseReturnValue:
    """What is ticked is kept; the rest of the letter goes with it."""
    kept = keep_assessments(bag, request.form.get("letter", ""), request.form.getlist("given"), clock.now())
    notices.say("assessments-kept" if kept else "assessments-left")
    return redirect(url_for(".index"), 303)
