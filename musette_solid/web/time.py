"""Time: one line to log it, a month to look at, one entry to correct or delete."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.durations import mentions
from musette_solid.model.time import Month, TimeEntry, Unclear
from musette_solid.model.time_summary import Spent
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_time import (
    MonthListing,
    OneEntry,
    correct_entry,
    counterpart_of,
    list_month,
    log_line,
    log_time,
    one_entry,
    remove_entry,
)
from musette_solid.web import clock, forms, i18n, notices, removals, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Option, Problem
from musette_solid.web.i18n import gettext

bp = Blueprint("time", __name__, url_prefix="/time")


@dataclass(frozen=True)
class Line:
    """One row of a table of totals; `share` is the width of its bar, of 100."""

    name: str
    slug: str
    length: timedelta
    share: int


@bp.get("/")
@bp.get("/<text>")
@with_bag
def index(bag: Bag, text: str | None = None) -> ResponseReturnValue:
    return render_template("pages/time.html", **_month_page(bag, _month(text)))


def _month(text: str | None) -> Month:
    today = clock.today()
    if text is None:
        return Month(today.year, today.month)
    try:
        return Month.from_text(text)
    except ValueError as error:
        raise NotThere("", 404) from error


def _month_page(bag: Bag, month: Month) -> dict[str, object]:
    listing = list_month(bag, month)
    today = clock.today()
    return {
        "month": month,
        "listing": listing,
        "activities": {a.iri: a for a in listing.activities},
        "by_activity": _lines(listing, listing.by_activity, spheres=False),
        "by_sphere": _lines(listing, listing.by_sphere, spheres=True),
        "is_current": (month.year, month.number) >= (today.year, today.month),
        "name_of": entry_name,
    }


def _lines(listing: MonthListing, totals: tuple[tuple[str, timedelta], ...], *, spheres: bool) -> list[Line]:
    longest = max((length for _, length in totals), default=timedelta(minutes=1))
    lines = []
    for iri, length in totals:
        if spheres:
            known = iri if iri and iri != "None" else None
            name = i18n.sentence_case(i18n.label(known)) if known else gettext("Sphere not noted")
            slug = things.sphere_slug(known)
        else:
            activity = listing.activity(iri)
            name = activity.title if activity else gettext("An activity that is no longer in your bag")
            slug = things.sphere_slug(activity.sphere if activity else None)
        lines.append(Line(name, slug, length, max(1, round(100 * length / longest))))
    return lines


@bp.post("/")
@with_bag
def log(bag: Bag) -> ResponseReturnValue:
    """The line, understood and written at once; when it names no activity, a form that has understood the rest."""
    line = request.form.get("line", "").strip()
    try:
        entry = log_line(bag, line, clock.today())
    except Unclear as error:
        return _not_clear(bag, line, error)
    notices.say("time-logged", duration=i18n.duration(entry.minutes))
    return redirect(url_for(".index", text=f"{entry.on:%Y-%m}"), 303)


def _not_clear(bag: Bag, line: str, error: Unclear) -> ResponseReturnValue:
    quick = error.details.get("quick")
    activities = list_activities(bag).activities
    if quick is None or not activities:
        what, do = i18n.sentences(error)
        return render_template("pages/time_line.html", line=line, error=what, what_to_do=do, activities=activities), 422
    # The length and the day were understood: only the activity is asked.
    candidates = quick.candidates or activities
    form = _form(
        candidates,
        activity=candidates[0].iri if len(candidates) == 1 else "",
        minutes=str(quick.minutes),
        on=quick.on.isoformat(),
        description=quick.rest,
    )
    return render_template(
        "pages/time_form.html",
        form=form,
        action=url_for(".create"),
        understood=quick,
        is_new=True,
        leave=url_for(".index"),
    ), 422


@bp.get("/new")
@with_bag
def new(bag: Bag) -> ResponseReturnValue:
    activities = list_activities(bag).activities
    wanted = request.args.get("activity", "")
    chosen = next((a.iri for a in activities if local(a.iri) == wanted), "")
    form = _form(activities, activity=chosen, on=clock.today().isoformat())
    return render_template(
        "pages/time_form.html", form=form, action=url_for(".create"), is_new=True, leave=url_for(".index")
    )


@bp.post("/new")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    activities = list_activities(bag).activities
    said = _said()
    try:
        activity, minutes, on = _decoded(said)
        counterpart = URIRef(said["counterpart"]) if said["counterpart"] else _usual(activities, activity)
        entry = log_time(bag, activity, minutes, on, counterpart, said["description"])
    except Unfit as error:
        form = _form(activities, **said, findings=error.findings)
        return render_template(
            "pages/time_form.html", form=form, action=url_for(".create"), is_new=True, leave=url_for(".index")
        ), 422
    notices.say("time-logged", duration=i18n.duration(entry.minutes))
    return redirect(url_for(".index", text=f"{entry.on:%Y-%m}"), 303)


def _usual(activities: tuple[Activity, ...], iri: str) -> URIRef | None:
    found = next((a for a in activities if a.iri == iri), None)
    return counterpart_of(found) if found else None


@bp.get("/entry/<year>/<name>")
@with_bag
def edit(bag: Bag, year: str, name: str) -> ResponseReturnValue:
    one = one_entry(bag, _iri(bag, year, name))
    return render_template(
        "pages/time_form.html",
        form=_form_of(one),
        seen=one.version,
        action=url_for(".correct", year=year, name=name),
        remove=url_for(".delete", year=year, name=name),
        leave=url_for(".index", text=f"{one.entry.on:%Y-%m}"),
        is_new=False,
    )


def _form_of(one: OneEntry) -> Form:
    entry = one.entry
    return _form(
        one.activities,
        activity=entry.activity or "",
        minutes=str(entry.minutes),
        on=entry.on.isoformat(),
        counterpart=str(entry.counterpart or ""),
        description=entry.description or "",
    )


@bp.post("/entry/<year>/<name>")
@with_bag
def correct(bag: Bag, year: str, name: str) -> ResponseReturnValue:
    said, seen = _said(), request.form.get("seen", "")
    iri = _iri(bag, year, name)
    try:
        activity, minutes, on = _decoded(said)
        counterpart = URIRef(said["counterpart"]) if said["counterpart"] else None
        correct_entry(bag, iri, activity, minutes, on, counterpart, said["description"], now=clock.now(), seen=seen)
    except Unfit as error:
        form = _form(list_activities(bag).activities, **said, findings=error.findings)
        return render_template(
            "pages/time_form.html",
            form=form,
            seen=seen,
            action=url_for(".correct", year=year, name=name),
            remove=url_for(".delete", year=year, name=name),
            leave=url_for(".index"),
            is_new=False,
        ), 422
    except ChangedMeanwhile:
        return _both_versions(bag, iri, said, url_for(".correct", year=year, name=name)), 412
    notices.say("time-corrected")
    return redirect(url_for(".index", text=f"{on:%Y-%m}"), 303)


def _both_versions(bag: Bag, iri: str, said: dict[str, str], action: str) -> str:
    """What was typed beside what is there now; sending it again is made from the version that is shown."""
    one = one_entry(bag, iri)
    mine, theirs = _form(one.activities, **said, findings=()), _form_of(one)
    return render_template(
        "pages/conflict.html",
        action=action,
        leave=url_for(".index", text=f"{one.entry.on:%Y-%m}"),
        seen=one.version,
        rows=things.differences(mine, theirs),
        kept=tuple(said.items()),
    )


@bp.post("/entry/<year>/<name>/delete")
@with_bag
def delete(bag: Bag, year: str, name: str) -> ResponseReturnValue:
    removed = remove_entry(bag, _iri(bag, year, name))
    return removals.page(removed.packed, i18n.gettext("The time was deleted"), url_for(".index"))


def entry_name(entry: TimeEntry | Spent) -> dict[str, str]:
    """The parts of the address of an entry's page: its year's document and its own name."""
    return {"year": local(entry.iri.partition("#")[0]).removesuffix(".ttl"), "name": local(entry.iri)}


def _iri(bag: Bag, year: str, name: str) -> str:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotThere("", 404)
    return f"{bag.layout.time(int(year))}#{quote(name, safe='-._~')}"


def _said() -> dict[str, str]:
    return {
        "activity": request.form.get("activity", ""),
        "minutes": request.form.get("minutes", "").strip(),
        "on": forms.as_iso(request.form.get("on", "")),
        "counterpart": request.form.get("counterpart", ""),
        "description": request.form.get("description", "").strip(),
    }


def _decoded(said: dict[str, str]) -> tuple[str, int, date]:
    """Raises Unfit where the form does not say an activity, a length or a day."""
    findings = []
    if not said["activity"]:
        findings.append(_finding(terms.ACTIVITY, "Choose the activity.", "Choisissez l’activité."))
    minutes = minutes_of(said["minutes"])
    if minutes is None:
        findings.append(
            _finding(
                terms.MINUTES,
                "Write a length such as 2 h 30 or 45 min.",
                "Écrivez une durée, par exemple 2 h 30 ou 45 min.",
            )
        )
    try:
        on = PartialDate.from_text(said["on"])
        if not on.day:
            raise ValueError
    except ValueError:
        on = None
        findings.append(_finding(terms.DCTERMS_DATE, "Write a day that exists.", "Écrivez un jour qui existe."))
    if findings or minutes is None or on is None:
        raise Unfit(findings=tuple(findings))
    return said["activity"], minutes, on.first()


def _finding(path: URIRef, en: str, fr: str) -> Finding:
    return Finding(
        focus="",
        path=str(path),
        value=None,
        severity="violation",
        messages={"en": en, "fr": fr},
        expected={"en": en, "fr": fr},
    )


def minutes_of(text: str) -> int | None:
    """Whole minutes of `2 h 30`, `2:30`, `2,5 h`, `45 min`; a bare number counts minutes."""
    plain = text.strip().lower().replace("\u00a0", " ").replace("\u202f", " ")
    if plain.isascii() and plain.isdigit():
        return int(plain[:6])
    found = [mention for mention in mentions(plain, plain) if mention.is_valid]
    return found[0].minutes if len(found) == 1 else None


def _form(
    activities: tuple[Activity, ...],
    *,
    activity: str = "",
    minutes: str = "",
    on: str = "",
    counterpart: str = "",
    description: str = "",
    findings: tuple[Finding, ...] = (),
) -> Form:
    errors = {found.path: found.messages.get(i18n.language(), "") for found in findings}
    length = i18n.duration(int(minutes)) if minutes.isdigit() else minutes
    choices = [(a.iri, a.title) for a in activities]
    if activity and activity not in {iri for iri, _ in choices}:
        choices.append((activity, gettext("An activity that is no longer in your bag")))
    controls = (
        Control(
            "activity",
            gettext("Activity"),
            "select",
            "f-activity",
            required=True,
            error=errors.get(str(terms.ACTIVITY), ""),
            options=tuple(Option(iri, title, iri == activity) for iri, title in choices),
        ),
        Control(
            "minutes",
            gettext("How long"),
            id="f-minutes",
            required=True,
            values=(length,),
            max_length=20,
            hint=gettext("For example 2 h 30, 45 min or 2:30."),
            error=errors.get(str(terms.MINUTES), ""),
        ),
        Control(
            "on",
            gettext("Day"),
            "date",
            "f-on",
            required=True,
            values=(on,),
            error=errors.get(str(terms.DCTERMS_DATE), ""),
        ),
        Control(
            "counterpart",
            gettext("In return"),
            "select",
            "f-counterpart",
            error=errors.get(str(terms.COUNTERPART), ""),
            options=tuple(Option(iri, label, iri == counterpart) for iri, label in things.named(things.counterparts())),
        ),
        Control(
            "description",
            gettext("Note"),
            id="f-description",
            values=(description,),
            max_length=300,
            error=errors.get(str(terms.DCTERMS_DESCRIPTION), ""),
        ),
    )
    problems = []
    for found in findings:
        target = next((c.id for c in controls if c.error and c.error == errors.get(found.path)), "")
        problems.append(Problem(found.messages.get(i18n.language(), ""), target))
    return Form(controls, tuple(problems))
