"""The page that everybody may see: choose, look at exactly that page, publish; withdraw in one gesture."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import MusetteError
from musette_solid.exchange import portfolio as pages
from musette_solid.model import identity, sensitivity
from musette_solid.model.dossier import Selection
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.portfolio import LANGUAGES, SHOWN, Portfolio
from musette_solid.pod import webid
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases import publish as publishing
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.publish import GivenAway
from musette_solid.usecases.share import NothingChosen, PreviewOutdated
from musette_solid.usecases.unpublish import withdraw as withdrawing
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Option, Problem
from musette_solid.web.i18n import gettext

bp = Blueprint("portfolio", __name__, url_prefix="/portfolio")

_BOXES: Final = (terms.DETAIL_TEXT, terms.DETAIL_PLACES, terms.DETAIL_EVIDENCE)
_DATES: Final = (terms.DETAIL_DATES, terms.DETAIL_YEARS)
_ALSO: Final = (terms.DETAIL_LEVEL, terms.DETAIL_TOTAL_HOURS)
_LONGEST: Final = {"name": 120, "headline": 200, "about": 3000}


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = publishing.standing(bag)
    chosen = found.draft or _proposed(bag)
    return _form(bag, chosen, found.public)


def _proposed(bag: Bag) -> Portfolio:
    """Nothing is ticked: what everybody may see is never a default."""
    name = webid.profile(bag.pod.transport, bag.owner).name or ""
    return Portfolio(
        iri="", name=name, saved_at=clock.now(), language=i18n.language(), selection=Selection(detail=SHOWN)
    )


def _form(bag: Bag, chosen: Portfolio, public: Portfolio | None, problems: tuple[Problem, ...] = ()) -> str:
    listing = list_activities(bag)
    accounts = identity.read(read_documents(bag, (bag.layout.identities,)).graph(bag.layout.identities))
    return render_template(
        "pages/portfolio.html",
        listing=listing,
        accounts=accounts,
        chosen=chosen,
        controls=_controls(chosen, problems),
        details=_details(chosen),
        problems_=problems,
        public=public,
        reasons=sensitivity.sensitive(listing.activities, listing.skills),
    )


def _controls(chosen: Portfolio, problems: tuple[Problem, ...]) -> tuple[Control, ...]:
    errors = {problem.target: problem.text for problem in problems}
    languages = tuple(Option(code, i18n.LANGUAGES[code], code == chosen.language) for code in LANGUAGES)
    made = (
        Control(
            "name",
            gettext("Your name, as it stands on the page"),
            "text",
            "f-name",
            values=(chosen.name,),
            required=True,
            max_length=_LONGEST["name"],
        ),
        Control("headline", gettext("In one line"), "text", "f-headline", values=(chosen.headline,), max_length=200),
        Control("about", gettext("In a few words"), "textarea", "f-about", values=(chosen.about,), max_length=3000),
        Control("language", gettext("Language of the page"), "select", "f-language", required=True, options=languages),
    )
    return tuple(replace(control, error=errors.get(control.id, "")) for control in made)


def _details(chosen: Portfolio) -> tuple[Control, ...]:
    shown = chosen.selection.detail

    def option(concept: URIRef) -> Option:
        return Option(local(concept), i18n.sentence_case(i18n.label(concept)), concept in shown)

    none = Option("", gettext("No dates"), not shown & set(_DATES))
    follow = (
        Option("currency-frozen", gettext("Stay as it is today"), not chosen.selection.live),
        Option("currency-live", gettext("Follow what I change in my bag"), chosen.selection.live),
    )
    return (
        Control(
            "detail", gettext("Shown as well"), "checkboxes", "f-detail", options=tuple(map(option, (*_BOXES, *_ALSO)))
        ),
        Control("dates", gettext("Dates"), "radios", "f-dates", required=True, options=(*map(option, _DATES), none)),
        Control(
            "currency", gettext("Afterwards, this page should"), "radios", "f-currency", required=True, options=follow
        ),
    )


@bp.post("/")
@with_bag
def choose(bag: Bag) -> ResponseReturnValue:
    """The choice is kept in the person's own space, then looked at."""
    chosen = _typed(bag)
    problems = []
    if not chosen.name:
        problems.append(Problem(gettext("Write the name that the page shows."), "f-name"))
    if not chosen.selection:
        problems.append(Problem(gettext("Choose at least one activity or skill."), "f-items"))
    if not problems:
        try:
            publishing.preview(bag, chosen)
        except (FacetsMixed, GivenAway, NothingChosen) as error:
            problems.append(Problem(" ".join(i18n.sentences(error)), "f-items"))
    if problems:
        return _form(bag, chosen, publishing.standing(bag).public, tuple(problems)), 422
    publishing.prepare(bag, chosen)
    return redirect(url_for(".look"), 303)


def _typed(bag: Bag) -> Portfolio:
    form, layout = request.form, bag.layout
    places = {"activities": layout.activities, "skills": layout.skills}
    named = frozenset(
        f"{places[kind]}#{name}"
        for kind, _, name in (one.partition("#") for one in form.getlist("named"))
        if kind in places
    )
    said = {key: form.get(key, "").replace("\r\n", "\n").strip()[:most] for key, most in _LONGEST.items()}
    detail = {*form.getlist("detail"), form.get("dates", "")}
    return Portfolio(
        iri="",
        name=said["name"],
        headline=said["headline"],
        about=said["about"],
        saved_at=clock.now(),
        language=form["language"] if form.get("language") in LANGUAGES else LANGUAGES[0],
        selection=Selection(
            frozenset({f"{layout.activities}#{name}" for name in form.getlist("activity")})
            | {iri for iri in named if iri.startswith(layout.activities + "#")},
            frozenset({f"{layout.skills}#{name}" for name in form.getlist("skill")})
            | {iri for iri in named if iri.startswith(layout.skills + "#")},
            frozenset(one for one in (*_BOXES, *_DATES, *_ALSO) if local(one) in detail),
            named,
            live=form.get("currency") == local(terms.CURRENCY_LIVE),
        ),
        accounts=frozenset(f"{layout.identities}#{name}" for name in form.getlist("account")),
    )


@bp.get("/preview")
@with_bag
def look(bag: Bag) -> ResponseReturnValue:
    return _look(bag, 200)


def _look(bag: Bag, status: int, warning: MusetteError | None = None) -> ResponseReturnValue:
    found = publishing.standing(bag)
    if found.draft is None:
        return redirect(url_for(".index"), 303)
    try:
        shown = publishing.preview(bag, found.draft)
    except (FacetsMixed, GivenAway, NothingChosen) as error:
        # Something in the bag changed since the choice was made.
        return _form(bag, found.draft, found.public, (Problem(" ".join(i18n.sentences(error)), "f-items"),)), 422
    what, do = i18n.sentences(warning) if warning else ("", "")
    page_ = render_template(
        "pages/portfolio_preview.html",
        shown=shown,
        public=found.public,
        address=bag.layout.page,
        warning=what,
        what_to_do=do,
    )
    return page_, status


@bp.get("/page")
@with_bag
def page(bag: Bag) -> ResponseReturnValue:
    """The very bytes that would be published, under the rules that they carry themselves."""
    draft = publishing.standing(bag).draft
    if draft is None:
        raise NotThere("", 404)
    response = Response(publishing.preview(bag, draft).page.data, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = f"{pages.policy()}; frame-ancestors 'self'; sandbox allow-popups"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.post("/publish")
@with_bag
def publish(bag: Bag) -> ResponseReturnValue:
    try:
        publishing.publish(bag, clock.now(), request.form.get("digest", ""))
    except PreviewOutdated as error:
        return _look(bag, 409, error)
    notices.say("published")
    return redirect(url_for(".index"), 303)


@bp.post("/withdraw")
@with_bag
def withdraw(bag: Bag) -> ResponseReturnValue:
    """One gesture: closing never takes more clicks than opening."""
    withdrawing(bag, clock.now())
    notices.say("withdrawn")
    return redirect(url_for(".index"), 303)
