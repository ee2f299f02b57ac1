"""Find a skill or an occupation in the registers at hand, and put it in the bag."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import MusetteError
from musette_solid.model.references.concepts import Kind
from musette_solid.model.references.search import SKILLS, Found
from musette_solid.model.validation import Unfit
from musette_solid.rdf.names import local
from musette_solid.usecases import ask_esco
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.propose_skills import declare_from_concept
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.shelves import esco_host, esco_service, shelf

bp = Blueprint("skill_search", __name__, url_prefix="/skills/find")

_SHOWN = 12
_LONGEST = 200


@bp.get("/")
@with_bag
def index(_bag: Bag) -> ResponseReturnValue:
    """The whole page; only its list of answers for the script that asks while one types (`part`)."""
    words = request.args.get("q", "")[:_LONGEST]
    found = answers(words)
    if request.args.get("part"):
        # No page of its own: opened as one, it is text and nothing in it runs.
        return Response(render_template("components/found.html", found=found, words=words), mimetype="text/plain")
    return _page(words, found)


def _page(words: str, found: list[tuple[Found, str, str]], online: "Online | None" = None) -> str:
    return render_template(
        "pages/skill_find.html", found=found, words=words, registers=shelf().about(), online=online, host=esco_host()
    )


@bp.post("/online")
@with_bag
def ask_online(bag: Bag) -> ResponseReturnValue:
    """The person says that ESCO may be asked these words."""
    words = request.form.get("q", "")[:_LONGEST]
    online = asked_online(bag, words, Kind.SKILL)
    return _page(words, answers(words), online), online.status


@dataclass(frozen=True)
class Online:
    """What ESCO's service found that the registers at hand did not show; or the two sentences that say why nothing."""

    found: tuple[tuple[str, str], ...] = ()  # IRI, and what it is called
    problem: tuple[str, str] | None = None

    @property
    def status(self) -> int:
        return 502 if self.problem else 200


def asked_online(bag: Bag, words: str, kind: Kind) -> Online:
    try:
        found = ask_esco.search(bag.pod.transport, shelf(), esco_service(), words, kind, i18n.language())
    except MusetteError as error:
        return Online(problem=i18n.sentences(error))
    return Online(tuple((one.iri, i18n.concept_label(one)) for one in found))


def answers(words: str, kinds: tuple[Kind, ...] = SKILLS) -> list[tuple[Found, str, str]]:
    """Each answer with what it is called first, and its other name when that is what answered."""
    found = []
    for one in shelf().search(words, kinds, _SHOWN) if words.strip() else []:
        concept = shelf().concept(one.iri)
        preferred = i18n.concept_label(concept) if concept else one.label
        found.append((one, preferred, one.label if one.label != preferred else ""))
    return found


@bp.post("/add")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    try:
        iri = declare_from_concept(
            bag,
            shelf(),
            request.form.get("concept", ""),
            clock.now(),
            words=request.form.get("words", ""),
            language=i18n.language(),
        )
    except Unfit:
        return redirect(url_for(".index", q=request.form.get("words", "")), 303)
    notices.say("skill-added")
    return redirect(url_for("skills.show", name=local(iri)), 303)
