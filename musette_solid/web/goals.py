"""Goals: what one wants to reach and by when, the steps on the way, and where each stands."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.model.goal import Goal
from musette_solid.model.labels import concepts
from musette_solid.model.validation import Unfit
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.pursue_goal import (
    correct_goal,
    correct_step,
    list_goals,
    move_goal,
    move_step,
    one_goal,
    plan_step,
    remove_goal,
    remove_step,
    set_goal,
)
from musette_solid.web import clock, family, forms, i18n, notices, removals
from musette_solid.web.access import with_bag
from musette_solid.web.family import Family, Words
from musette_solid.web.shelves import shelf

bp = Blueprint("goals", __name__, url_prefix="/goals")


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.goals}#{name}"


pages = Family(
    bp=bp,
    shapes=(terms.GoalShape,),
    words=Words(
        add=N_("Set a goal"),
        correct=N_("Correct a goal"),
        remove=N_("Delete this goal and its steps?"),
        lead=N_("What you want to reach, in your words. It can be small; it can change."),
        gone=N_("The goal was deleted"),
    ),
    iri=iri_of,
    name=names.local,
    add=set_goal,
    correct=correct_goal,
    remove=remove_goal,
    first=("title", "valid"),
    title="title",
    leave_out=("goalState",),
    show="show",
)
family.install(pages)

#: A step is added on the page of its goal, and moved and deleted there; it has a form to be corrected.
steps = Family(
    bp=Blueprint("steps", __name__, url_prefix="/goals/steps"),
    shapes=(terms.StepShape,),
    words=Words(
        add="",
        correct=N_("Correct a step"),
        remove="",
        lead=N_("What you will do on the way. It can be small; it can change."),
        gone="",
    ),
    iri=iri_of,
    name=names.local,
    add=None,
    correct=correct_step,
    remove=None,
    first=("title", "valid"),
    title="title",
    leave_out=("stepState", "position", "isPartOf"),
    show="show",
)
family.install(steps)


@steps.bp.get("/<name>", endpoint="show")
@with_bag
def step_of(bag: Bag, name: str) -> ResponseReturnValue:
    """The page of its goal, which shows it."""
    iri = iri_of(bag, name)
    goal = next((one for one in list_goals(bag).goals if any(step.iri == iri for step in one.steps)), None)
    if goal is None:
        raise NotThere(iri, 404)
    return redirect(url_for("goals.show", name=names.local(goal.iri)) + "#steps", 303)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = list_goals(bag)
    today = clock.today()
    return render_template(
        "pages/goals.html",
        pursued=found.pursued,
        others=[goal for goal in found.goals if not goal.is_pursued],
        late={goal.iri for goal in found.goals if goal.is_late(today)},
        done=lambda goal: sum(step.state == terms.STEP_STATE_DONE for step in goal.steps),
        unreadable=found.unreadable,
    )


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    return _page(bag, name)


def _page(bag: Bag, name: str, problems: tuple[str, ...] = (), title: str = "") -> str:
    goal = one_goal(bag, iri_of(bag, name)).goal
    return render_template(
        "pages/goal.html",
        name=name,
        goal=goal,
        is_late=goal.is_late(clock.today()),
        needs=_needs(bag, goal),
        occupations=[(_called(goal, iri), url_for("bridges.show", occupation=iri)) for iri in goal.occupations],
        step_states=concepts(terms.STEP_STATES),
        goal_states=[state for state in concepts(terms.GOAL_STATES) if state != goal.state],
        problems=problems,
        title=title,
    )


def _needs(bag: Bag, goal: Goal) -> list[tuple[str, str]]:
    """Name and page of each skill that it needs; a concept of a register has no page here."""
    if not goal.needs:
        return []
    skills = {one.iri: one.label for one in list_activities(bag).skills}
    return [
        (skills[iri], url_for("skills.show", name=names.local(iri))) if iri in skills else (_called(goal, iri), "")
        for iri in goal.needs
    ]


def _called(goal: Goal, iri: str) -> str:
    concept = shelf().concept(iri)
    return i18n.concept_label(concept) if concept else goal.last_known(iri) or iri


@bp.post("/<name>/steps")
@with_bag
def write(bag: Bag, name: str) -> ResponseReturnValue:
    """One more step, after the others."""
    title, by = request.form.get("title", "").strip(), forms.as_iso(request.form.get("by", ""))
    try:
        plan_step(bag, iri_of(bag, name), {"title": [title], "valid": [by] if by else []}, clock.now())
    except Unfit as error:
        return _page(bag, name, tuple(forms.message(one) for one in error.findings), title), 422
    notices.say("noted")
    return redirect(url_for(".show", name=name) + "#steps", 303)


@bp.post("/<name>/steps/<step>")
@with_bag
def move(bag: Bag, name: str, step: str) -> ResponseReturnValue:
    """Where a step stands."""
    one_goal(bag, iri_of(bag, name)).step(iri_of(bag, step))
    try:
        move_step(bag, iri_of(bag, step), URIRef(request.form.get("state", "")))
    except Unfit as error:
        return _page(bag, name, tuple(forms.message(one) for one in error.findings)), 422
    return redirect(url_for(".show", name=name) + "#steps", 303)


@bp.post("/<name>/steps/<step>/delete")
@with_bag
def drop(bag: Bag, name: str, step: str) -> ResponseReturnValue:
    one_goal(bag, iri_of(bag, name)).step(iri_of(bag, step))
    removed = remove_step(bag, iri_of(bag, step))
    return removals.page(removed.packed, i18n.gettext("The step was deleted"), url_for(".show", name=name))


@bp.post("/<name>/state")
@with_bag
def settle(bag: Bag, name: str) -> ResponseReturnValue:
    """Pursued, reached, set aside."""
    try:
        move_goal(bag, iri_of(bag, name), URIRef(request.form.get("state", "")))
    except Unfit as error:
        return _page(bag, name, tuple(forms.message(one) for one in error.findings)), 422
    notices.say("noted-corrected")
    return redirect(url_for(".show", name=name), 303)
