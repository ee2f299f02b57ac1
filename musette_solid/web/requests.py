"""Requests: the person's side (who asks, what for, decide once) and the organisation's (ask, follow the answers)."""

import io
from dataclasses import dataclass

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model.request import LONGEST_DAYS, AccessRequest, BadRequest, Need
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases import answer_request as answering
from musette_solid.usecases import renew
from musette_solid.usecases.answer_request import letterbox, open_request
from musette_solid.usecases.ask import Asked, ask, list_asked, send, withdraw
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.share import BadTerms, RecipientRefused, confirm
from musette_solid.web import access, clock, forms, i18n, notices, patience, probe, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Option, Problem
from musette_solid.web.i18n import gettext

bp = Blueprint("requests", __name__, url_prefix="/requests")

#: Three lines of needs to begin with; more can be asked for one by one.
_LINES = 4
_KINDS = {"activity": terms.Activity, "skill": terms.Skill, "time": terms.TimeEntry}


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    read, meanwhile = patience.letters_of(bag.pod, url_for(".index"))
    if meanwhile is not None:
        return meanwhile
    box = letterbox(bag, clock.now(), read)
    return render_template("pages/requests.html", box=box, asked=list_asked(bag, box.came))


@bp.get("/open")
@with_bag
def show(bag: Bag) -> ResponseReturnValue:
    url = _inside(request.args.get("url", "").strip())
    return _page(bag, url)


def _inside(address: str) -> str:
    """The address of the request; from a link to this page, here or on another site like ours, the one inside it."""
    return forms.address_inside(address, url_for(".show"))


def _page(bag: Bag, url: str, problems: tuple[Problem, ...] = ()) -> str:
    opened = open_request(bag, url)
    line = renew.asked_again(bag, opened, clock.today())
    return render_template(
        "pages/request.html",
        opened=opened,
        asked=opened.request,
        until=opened.request.until(clock.today()),
        problems_=problems,
        language_=i18n.language(),
        line=line,
        renewable=opened.request.replaces is not None,
        prolong_until=request.form.get("until") or opened.request.until(clock.today()).isoformat(),
    )


@bp.post("/renew")
@with_bag
def prolong(bag: Bag) -> ResponseReturnValue:
    """One gesture: the same dossier, until the day that is asked for or another."""
    url = request.form.get("url", "")
    opened = answering.check_unchanged(bag, url, request.form.get("shown", ""))
    line, until = renew.asked_again(bag, opened, clock.today()), forms.day_of(request.form.get("until", ""))
    if line is None:
        raise renew.NothingToRenew
    if until is None:
        return _page(bag, url, (Problem(gettext("Write a day that exists."), "f-until"),)), 422
    try:
        renewed = renew.prolong(bag, line.share_id, until, clock.now(), opened.request.iri)
    except BadTerms as error:
        return _page(bag, url, (Problem(" ".join(i18n.sentences(error)), "f-until"),)), 422
    confirm(bag, renewed.share_id, probe.probes())
    answering.accepted(bag, opened, (), clock.now())
    notices.say("prolonged")
    return redirect(url_for("shares.show", share_id=renewed.share_id, announced=int(renewed.announced)), 303)


@bp.post("/decline")
@with_bag
def decline(bag: Bag) -> ResponseReturnValue:
    opened = answering.check_unchanged(bag, request.form.get("url", ""), request.form.get("shown", ""))
    told = answering.decline(bag, opened, clock.now(), request.form.get("words", ""))
    notices.say("request-declined" if told else "request-declined-untold")
    return redirect(url_for(".index"), 303)


@bp.post("/ask-back")
@with_bag
def ask_back(bag: Bag) -> ResponseReturnValue:
    url, words = request.form.get("url", ""), request.form.get("words", "").strip()
    opened = answering.check_unchanged(bag, url, request.form.get("shown", ""))
    if not words:
        return _page(bag, url, (Problem(gettext("Write your question."), "f-words"),)), 422
    if not answering.ask_back(bag, opened, words, clock.now()):
        problem = Problem(gettext("Your question could not be sent: write to them another way."), "f-words")
        return _page(bag, url, (problem,)), 502
    notices.say("request-asked-back")
    return redirect(url_for(".index"), 303)


@bp.post("/silence")
@with_bag
def silence(bag: Bag) -> ResponseReturnValue:
    answering.silence(bag, request.form.get("sender", ""), clock.now(), request.form.get("url") or None)
    notices.say("sender-silenced")
    return redirect(url_for(".index"), 303)


@bp.post("/hear")
@with_bag
def hear(bag: Bag) -> ResponseReturnValue:
    answering.hear_again(bag, request.form.get("sender", ""))
    notices.say("sender-heard")
    return redirect(url_for(".index"), 303)


@dataclass(frozen=True)
class Line:
    """One need as it was typed."""

    kind: str = ""
    words: str = ""
    spheres: tuple[str, ...] = ()
    required: str = "yes"


@bp.get("/new")
@with_bag
def new(_bag: Bag) -> ResponseReturnValue:
    lines = (Line("activity"), Line("skill"), *(Line() for _ in range(_LINES - 2)))
    return _form_page({"days": "90"}, lines)


def _form_page(typed: dict[str, str], lines: tuple[Line, ...], problems: tuple[Problem, ...] = ()) -> str:
    errors = {problem.target: problem.text for problem in problems}

    def control(name: str, label: str, kind: str = "text", **more: object) -> Control:
        made = Control(name, label, kind, f"f-{name}", values=(typed.get(name, ""),), **more)  # type: ignore[arg-type]
        return made if f"f-{name}" not in errors else forms.with_error(made, errors[f"f-{name}"])

    purpose = typed.get("purpose", "")
    controls = (
        control("title", gettext("Title"), required=True, max_length=200, hint=gettext("What the person reads first.")),
        control(
            "purpose",
            gettext("What for"),
            "select",
            required=True,
            options=tuple(Option(iri, label, iri == purpose) for iri, label in things.named(things.purposes())),
        ),
        control(
            "days",
            gettext("For how many days"),
            "number",
            required=True,
            hint=gettext("From the day they say yes; two years at most."),
        ),
        control(
            "notice_fr",
            gettext("Why, in plain words, in French"),
            "textarea",
            max_length=5000,
            hint=gettext("What you will do with it, who will read it, and what happens without it."),
        ),
        control("notice_en", gettext("The same in English"), "textarea", max_length=5000),
    )
    return render_template(
        "pages/request_new.html",
        form=Form(controls, problems),
        lines=lines,
        spheres=things.named(things.spheres()),
        local=local,
    )


@bp.post("/")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    typed = {
        name: request.form.get(name, "").strip() for name in ("title", "purpose", "days", "notice_fr", "notice_en")
    }
    lines = tuple(
        Line(kind, words.strip(), tuple(request.form.getlist(f"sphere-{number}")), required)
        for number, (kind, words, required) in enumerate(
            zip(
                request.form.getlist("kind"),
                request.form.getlist("words"),
                request.form.getlist("required"),
                strict=False,
            )
        )
    )
    needs = tuple(
        Need(
            _KINDS[line.kind],
            {i18n.language(): line.words} if line.words else {},
            frozenset(URIRef(terms.MUS + name) for name in line.spheres),
            is_required=line.required == "yes",
        )
        for line in lines
        if line.kind in _KINDS
    )
    days = int(typed["days"]) if typed["days"].isascii() and typed["days"].isdigit() and len(typed["days"]) < 6 else 0
    notice = {language: typed[f"notice_{language}"] for language in ("fr", "en") if typed[f"notice_{language}"]}
    problems = _problems(typed, days, needs)
    if problems:
        return _form_page(typed, lines, problems), 422
    try:
        made = ask(bag, typed["title"], URIRef(typed["purpose"]), days, needs, notice, clock.now())
    except BadRequest as error:
        return _form_page(typed, lines, (Problem(" ".join(i18n.sentences(error))),)), 422
    notices.say("request-made")
    return redirect(url_for(".mine", request_id=made.request_id), 303)


def _problems(typed: dict[str, str], days: int, needs: tuple[Need, ...]) -> tuple[Problem, ...]:
    found = []
    if not typed["title"]:
        found.append(Problem(gettext("Give the request a title."), "f-title"))
    if URIRef(typed["purpose"]) not in things.purposes():
        found.append(Problem(gettext("Choose what it is for."), "f-purpose"))
    if not 1 <= days <= LONGEST_DAYS:
        found.append(Problem(gettext("Write a number of days, two years at most."), "f-days"))
    if not needs:
        found.append(Problem(gettext("Say at least one thing that you need to see."), "f-needs"))
    return tuple(found)


def _mine(bag: Bag, request_id: str) -> Asked:
    found = next((one for one in list_asked(bag) if one.request_id == request_id), None)
    if found is None:
        raise NotThere("", 404)
    return found


@bp.get("/mine/<request_id>")
@with_bag
def mine(bag: Bag, request_id: str) -> ResponseReturnValue:
    return _mine_page(_mine(bag, request_id))


def _mine_page(asked: Asked, to: str = "", error: str = "") -> str:
    return render_template(
        "pages/request_mine.html",
        one=asked,
        asked=asked.request,
        link=_link(asked.request),
        to=to,
        error=error,
        language_=i18n.language(),
    )


def _link(asked: AccessRequest) -> str:
    return access.config().base_url + url_for(".show", url=asked.iri)


@bp.get("/mine/<request_id>/code.svg")
@with_bag
def code(bag: Bag, request_id: str) -> ResponseReturnValue:
    """The link as a picture that a phone reads."""
    picture = io.BytesIO()
    segno.make(_link(_mine(bag, request_id).request), error="m").save(picture, kind="svg", scale=6, border=4)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@bp.post("/mine/<request_id>/send")
@with_bag
def tell(bag: Bag, request_id: str) -> ResponseReturnValue:
    asked, to = _mine(bag, request_id), request.form.get("to", "").strip()
    try:
        told = send(bag, asked.request, to, clock.now())
    except RecipientRefused as error:
        return _mine_page(asked, to, " ".join(i18n.sentences(error))), 422
    if not told:
        return _mine_page(asked, to, gettext("They have no letterbox that takes it: send them the link.")), 422
    notices.say("request-sent")
    return redirect(url_for(".mine", request_id=request_id), 303)


@bp.post("/mine/<request_id>/withdraw")
@with_bag
def take_back(bag: Bag, request_id: str) -> ResponseReturnValue:
    withdraw(bag, request_id)
    notices.say("request-withdrawn")
    return redirect(url_for(".index"), 303)
