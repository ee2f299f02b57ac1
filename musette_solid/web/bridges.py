"""Bridges: an occupation, what one has of it, and the goal that the rest becomes."""

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.bridges import Answer, How, Need, Reason, Status
from musette_solid.model.references.concepts import Kind, Link
from musette_solid.model.references.search import Found
from musette_solid.model.validation import Unfit
from musette_solid.usecases import ask_esco
from musette_solid.usecases.bridge_to import aim_at, bridge_to, from_here, tie
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, forms, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Problem, message
from musette_solid.web.i18n import gettext
from musette_solid.web.shelves import esco_host, esco_service, shelf
from musette_solid.web.skill_search import Online, answers, asked_online

bp = Blueprint("bridges", __name__, url_prefix="/bridges")

_LONGEST = 200
#: More steps than this are no plan.
_MOST_STEPS = 30


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    words = request.args.get("q", "")[:_LONGEST]
    found = answers(words, (Kind.OCCUPATION,))
    if request.args.get("part"):
        return Response(
            render_template("components/found_occupations.html", found=found, words=words), mimetype="text/plain"
        )
    return _index(bag, words, found)


def _index(bag: Bag, words: str, found: list[tuple[Found, str, str]], online: Online | None = None) -> str:
    start = from_here(bag, shelf(), clock.today(), i18n.language())
    return render_template(
        "pages/bridges.html",
        words=words,
        found=found,
        online=online,
        host=esco_host(),
        ways=start.ways,
        goals=[(goal, goal.occupations[0]) for goal in start.goals],
        has_occupations=shelf().has_occupations,
        unreadable=start.unreadable,
    )


@bp.post("/online")
@with_bag
def ask_online(bag: Bag) -> ResponseReturnValue:
    """The person says that ESCO may be asked these words."""
    words = request.form.get("q", "")[:_LONGEST]
    online = asked_online(bag, words, Kind.OCCUPATION)
    return _index(bag, words, answers(words, (Kind.OCCUPATION,)), online), online.status


@bp.post("/learn")
@with_bag
def learn(bag: Bag) -> ResponseReturnValue:
    """The person says that ESCO may be asked what this occupation needs."""
    occupation = request.form.get("occupation", "")
    try:
        ask_esco.learn(bag.pod.transport, shelf(), esco_service(), occupation, i18n.language())
    except ask_esco.EscoSilent as error:
        if shelf().concept(occupation) is None:
            raise
        return _page(bag, occupation, [Problem(" ".join(i18n.sentences(error)))]), 502
    return redirect(url_for(".show", occupation=occupation), 303)


@bp.get("/to")
@with_bag
def show(bag: Bag) -> ResponseReturnValue:
    return _page(bag, request.args.get("occupation", ""))


def _page(bag: Bag, occupation: str, problems: Sequence[Problem] = ()) -> str:
    to = bridge_to(bag, shelf(), occupation, clock.today(), i18n.language())
    made = to.bridge
    name = i18n.concept_label(made.occupation)
    return render_template(
        "pages/bridge.html",
        name=name,
        occupation=made.occupation,
        register=shelf().register_of(made.occupation.iri),
        groups=[(status, made.of(status)) for status in (Status.HELD, Status.TO_PROVE, Status.MISSING)],
        contexts=made.contexts,
        neighbours=made.neighbours,
        goals=to.goals,
        elsewhere=to.elsewhere,
        host=esco_host() if ask_esco.is_of_esco(made.occupation.iri) else "",
        why=why,
        place=place,
        step_words=step_words,
        title=gettext("Become: %(occupation)s", occupation=name),
        likely=How.WORDS,
        unreadable=to.unreadable,
        problems_found=problems,
    )


def place(link: Link) -> str:
    """Where a need lies in an occupation."""
    match link:
        case Link.CORE:
            return gettext("at its heart")
        case Link.EMERGING:
            return gettext("becoming part of it")
        case _:
            return gettext("also useful")


def why(need: Need, answer: Answer) -> str:
    """What ties a skill of the bag to a need, and what is left to show, as a sentence."""
    skill = answer.standing.skill.label
    match answer.how:
        case How.SAME:
            tied = gettext("Your skill “%(skill)s” is the same.", skill=skill)
        case How.CLOSE:
            tied = gettext("Your skill “%(skill)s” is tied to it.", skill=skill)
        case How.WIDER:
            tied = gettext("Your skill “%(skill)s” is wider.", skill=skill)
        case How.NARROWER:
            tied = gettext("Your skill “%(skill)s” is a part of it.", skill=skill)
        case _:
            tied = gettext("Your skill “%(skill)s” says it in like words.", skill=skill)
    reasons = need.reasons if need.answers and answer == need.answers[0] else ()
    return " ".join([tied, *(_reason(one) for one in reasons if one != Reason.LIKENESS)])


def _reason(reason: Reason) -> str:
    match reason:
        case Reason.ONLY_SAID:
            return gettext("Nothing shows it yet.")
        case Reason.LEARNING:
            return gettext("You do not do it on your own yet.")
        case _:
            return gettext("Nothing has used it for two years.")


def step_words(need: Need) -> str:
    """How a step begins; the person changes it as they like."""
    if need.status == Status.TO_PROVE:
        return gettext("Show that I can: %(need)s", need=need.label)[:200]
    return gettext("Learn: %(need)s", need=need.label)[:200]


@bp.post("/goal")
@with_bag
def create_goal(bag: Bag) -> ResponseReturnValue:
    occupation = request.form.get("occupation", "")
    chosen = request.form.getlist("need")[:_MOST_STEPS]
    steps = {need: request.form.get(f"step-{need}", "").strip() for need in chosen}
    by = forms.as_iso(request.form.get("by", ""))
    try:
        aim_at(bag, shelf(), occupation, request.form.get("title", ""), steps, by, clock.now(), i18n.language())
    except Unfit as error:
        return _page(bag, occupation, [Problem(text) for text in dict.fromkeys(map(message, error.findings))]), 422
    notices.say("goal-set")
    return redirect(url_for(".show", occupation=occupation), 303)


@bp.post("/tie")
@with_bag
def tie_skill(bag: Bag) -> ResponseReturnValue:
    """The person says that what looked alike is alike."""
    tie(bag, shelf(), request.form.get("skill", ""), request.form.get("concept", ""), i18n.language())
    notices.say("skill-tied")
    return redirect(url_for(".show", occupation=request.form.get("occupation", "")), 303)
