"""Skills proposed from the words of an activity: each with why, kept, reworded or set aside."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.proposals import Proposal
from musette_solid.model.validation import Unfit
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.propose_skills import answer, proposals
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Problem, message
from musette_solid.web.i18n import gettext
from musette_solid.web.shelves import shelf

bp = Blueprint("skill_proposals", __name__, url_prefix="/activities")

#: More than one page ever shows: what is beyond was not made here.
_MOST = 40


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.activities}#{name}"


@bp.get("/<name>/skills")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    return _page(bag, name, request.args.get("words", "").strip()[:2000])


def _page(bag: Bag, name: str, words: str = "", problems: Sequence[Problem] = ()) -> str:
    found = proposals(bag, shelf(), iri_of(bag, name), i18n.language(), words)
    return render_template(
        "pages/proposals.html",
        name=name,
        activity=found.activity,
        skills=found.skills,
        proposals=[(one, why(one)) for one in found.proposals],
        words=words,
        problems_found=problems,
    )


def why(proposal: Proposal) -> str:
    """The reason, as a sentence."""
    words = i18n.quoted(proposal.words)
    match proposal.reason:
        case "own":
            return gettext("A skill of yours; you wrote %(words)s.", words=words)
        case "tied":
            return gettext("A skill of yours that fits what you wrote: %(words)s.", words=words)
        case "occupation":
            return gettext(
                "At the heart of the occupation “%(occupation)s”, which %(words)s made us think of.",
                occupation=proposal.through,
                words=words,
            )
        case _:
            return gettext("You wrote %(words)s.", words=words)


@bp.post("/<name>/skills/answers")
@with_bag
def write(bag: Bag, name: str) -> ResponseReturnValue:
    accepted: dict[str, str] = {}
    declined: list[str] = []
    for number, iri in enumerate(request.form.getlist("proposal")[:_MOST]):
        said = request.form.get(f"answer-{number}")
        if said == "keep":
            accepted[iri] = request.form.get(f"words-{number}", "").strip()
        elif said == "aside":
            declined.append(iri)
    try:
        answer(bag, shelf(), iri_of(bag, name), accepted, declined, clock.now(), i18n.language())
    except Unfit as error:
        return _page(
            bag, name, request.form.get("words", ""), [Problem(message(found)) for found in error.findings]
        ), 422
    notices.say("proposals-answered")
    return redirect(url_for("activities.show", name=name), 303)
