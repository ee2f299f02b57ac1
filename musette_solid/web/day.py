"""The page of the day: at most three things worth doing, each with why; a line for time, a light question, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model import day as day_model
from musette_solid.model.day import Changes, Worth
from musette_solid.model.labels import concepts
from musette_solid.model.prompts import prompt_of, prompts
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.day import of_rights, read_day
from musette_solid.usecases.layout import Bag
from musette_solid.web import access, clock, i18n, journal
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext, ngettext
from musette_solid.web.time import entry_name

bp = Blueprint("day", __name__, url_prefix="/day")

_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Suggestion:
    icon: str
    text: str
    why: str
    address: str
    action: str


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    today = clock.today()
    found = read_day(bag, today)
    # An empty bag is welcomed, not questioned.
    worth = day_model.chosen((*found.worth, *of_rights(found.rights, i18n.language()))) if found.activities else ()
    since = _since(today)
    prompt = prompt_of(today, prompts(found.activities, found.skills, found.notes, found.people, today=today))
    changes = (
        day_model.changes(since, found.activities, found.skills, found.notes, found.goals)
        if since is not None
        else None
    )
    page = render_template(
        "pages/day.html",
        today=today,
        weekday=i18n.sentence_case(i18n.dated(today, "EEEE")),
        suggestions=[_suggestion(one, found.own) for one in worth],
        prompt=gettext(prompt.sentence, **prompt.values),
        prompt_about=prompt.about,
        feelings=concepts(terms.FEELINGS),
        week=found.week.latest,
        week_total=found.week.week,
        activities={a.iri: a for a in found.activities},
        name_of=entry_name,
        changes=_said(changes) if changes else [],
        since=since,
        is_empty=not found.activities,
        unreadable=found.unreadable,
    )
    response = make_response(page)
    _remember(response, today)
    return response


def _suggestion(one: Worth, own: Mapping[URIRef, str]) -> Suggestion:
    values = {"title": one.title, "beside": one.beside, "day": i18n.day(one.on) if one.on else ""}
    text, why = (gettext(sentence, **values) if sentence else "" for sentence in day_model.SENTENCES[one.kind])
    more = []
    if one.skills:
        more.append(gettext(day_model.HELD, skills=", ".join(one.skills)))
    if one.dimension is not None:
        called = own.get(one.dimension) or i18n.label(one.dimension)
        more.append(gettext(day_model.COUNTS, dimension=called))
    return Suggestion(
        _ICONS[one.kind], text, " ".join((why or one.beside, *more)), *_way(one, local(one.iri) if one.iri else "")
    )


_ICONS: Mapping[day_model.Kind, str] = {
    "right": "proof",
    "question": "proof",
    "opportunity": "watch",
    "ending": "method",
    "step": "goal",
    "session": "method",
    "awake": "skill",
    "thanks": "people",
    "undated": "bag",
}


def _way(one: Worth, name: str) -> tuple[str, str]:
    """Where it leads, and what the button says."""
    match one.kind:
        case "right":
            return url_for("rights.nearly_there"), gettext("See what it takes")
        case "question":
            return url_for("rights.nearly_there"), gettext("Answer it")
        case "opportunity":
            return url_for("watch.index", show="kept"), gettext("Look again")
        case "ending":
            return url_for("methods.show", key="end-of-activity"), gettext("Prepare to leave well")
        case "step":
            return url_for("goals.show", name=name), gettext("See the goal")
        case "session":
            return url_for("methods.session", name=journal.name_of(one.iri)), gettext("Take it up again")
        case "awake":
            return url_for("skills.assess_form", name=name), gettext("Choose a level")
        case "thanks":
            return url_for("people.show", name=name), gettext("See")
        case _:
            return url_for("activities.edit", name=name), gettext("Say when it was")


def _said(changes: Changes) -> list[str]:
    """What was added, kind by kind."""
    added = changes.added
    return [
        text
        for number, text in (
            (
                added["activities"],
                ngettext("%(num)d activity added", "%(num)d activities added", added["activities"]),
            ),
            (added["skills"], ngettext("%(num)d skill added", "%(num)d skills added", added["skills"])),
            (added["notes"], ngettext("%(num)d note written", "%(num)d notes written", added["notes"])),
            (added["goals"], ngettext("%(num)d goal set", "%(num)d goals set", added["goals"])),
        )
        if number
    ]


def _cookie() -> str:
    return access.config().cookie("musette-day")


def _days() -> list[date]:
    """The day of the visit before this one, and that of the latest; days only, in the person's own browser."""
    found = []
    for text in request.cookies.get(_cookie(), "").split("."):
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return found[-2:]


def _since(today: date) -> date | None:
    """The last visit of another day; None when this is the first."""
    return next((day for day in reversed(_days()) if day < today), None)


def _remember(response: Response, today: date) -> None:
    before = _since(today)
    value = ".".join(day.isoformat() for day in (before, today) if day)
    if request.cookies.get(_cookie()) != value:
        response.set_cookie(
            _cookie(),
            value,
            max_age=_YEAR_S,
            secure=access.config().is_secure,
            httponly=True,
            samesite="Lax",
            path="/day",
        )
