"""Activities: the list, one, its form, its deletion."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.activity import Activity
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod.errors import ChangedMeanwhile
from musette_solid.rdf import terms
from musette_solid.rdf.names import document, local
from musette_solid.usecases.correct_activity import correct_activity, remove_activity
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities, one_activity
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.take_out import put_back
from musette_solid.web import by_year, clock, forms, i18n, notices, removals, things
from musette_solid.web import evidence as proofs
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Texts
from musette_solid.web.rights.blueprint import keep_calendar

bp = Blueprint("activities", __name__, url_prefix="/activities")

#: Chosen on pages of their own, or not asked from a person at all.
LEFT_OUT = ("evidence", "created", "modified", "source")


#: Names that stand in an address as they are: ours.
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.activities}#{name}"


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    listing = list_activities(bag)
    chosen = request.args.get("sphere", "")
    tops = [a for a in listing.activities if a.part_of is None or listing.activity(a.part_of) is None]
    parts: dict[str, list[Activity]] = {}
    for activity in listing.activities:
        if activity.part_of is not None and listing.activity(activity.part_of) is not None:
            parts.setdefault(activity.part_of, []).append(activity)
    spheres = [s for s in things.spheres() if any(a.sphere == s for a in listing.activities)]
    is_long, words = len(tops) > by_year.PAGE, request.args.get("q", "").strip()[:200]
    if chosen:
        tops = [a for a in tops if things.sphere_slug(a.sphere) == chosen]
    if words:
        tops = list(by_year.search(tops, parts, words))
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return render_template(
        "pages/activities.html",
        found=by_year.listed(tops, number, whole=page == "all"),
        shown=len(tops),
        is_long=is_long,
        is_whole=page == "all",
        words=words,
        named={by_year.NOW: i18n.gettext("Going on"), by_year.UNDATED: i18n.gettext("Without a date")},
        parts=parts,
        spheres=spheres,
        chosen=chosen,
        total=len(listing.activities),
        unreadable=listing.unreadable,
    )


@bp.get("/new")
@with_bag
def new(bag: Bag) -> ResponseReturnValue:
    asked: dict[str, list[str]] = {}
    if sphere := things.sphere_of_slug(request.args.get("sphere", "")):
        asked["sphere"] = [str(sphere)]
    if within := request.args.get("within"):
        asked["isPartOf"] = [iri_of(bag, within)]
    listing = list_activities(bag)
    return _form_page(_form(asked, listing.activities, listing.skills))


@bp.post("/")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    texts = forms.texts(terms.ActivityShape, leave_out=LEFT_OUT)
    try:
        log_activity(bag, texts, clock.now())
    except Unfit as error:
        listing = list_activities(bag)
        return _form_page(_form(texts, listing.activities, listing.skills, error.findings)), 422
    notices.say("activity-added")
    return redirect(url_for(".index"), 303)


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_activity(bag, iri_of(bag, name))
    used = [skill for skill in one.skills if skill.iri in one.activity.mobilises]
    return render_template("pages/activity.html", name=name, activity=one.activity, parts=one.parts, skills=used)


@bp.get("/<name>/correct")
@with_bag
def edit(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_activity(bag, iri_of(bag, name))
    others = list_activities(bag).activities
    form = _form(said_by(one.activity), others, one.skills, itself=one.activity.iri)
    return _form_page(form, name=name, seen=one.version)


@bp.post("/<name>/correct")
@with_bag
def correct(bag: Bag, name: str) -> ResponseReturnValue:
    texts = forms.texts(terms.ActivityShape, leave_out=LEFT_OUT)
    seen = request.form.get("seen", "")
    iri = iri_of(bag, name)
    try:
        correct_activity(bag, iri, texts, clock.now(), seen)
    except Unfit as error:
        listing = list_activities(bag)
        form = _form(texts, listing.activities, listing.skills, error.findings, itself=iri)
        return _form_page(form, name=name, seen=seen), 422
    except ChangedMeanwhile:
        return _both_versions(bag, name, texts), 412
    notices.say("activity-corrected")
    return redirect(url_for(".show", name=name), 303)


def _both_versions(bag: Bag, name: str, texts: Texts) -> str:
    """What was typed beside what is there now; sending it again is made from the version that is shown."""
    iri = iri_of(bag, name)
    one = one_activity(bag, iri)
    listing = list_activities(bag)
    mine = _form(texts, listing.activities, listing.skills, itself=iri)
    theirs = _form(said_by(one.activity), listing.activities, listing.skills, itself=iri)
    return render_template(
        "pages/conflict.html",
        action=url_for(".correct", name=name),
        leave=url_for(".show", name=name),
        seen=one.version,
        rows=things.differences(mine, theirs),
        kept=mine.pairs,
    )


@bp.get("/<name>/delete")
@with_bag
def confirm(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_activity(bag, iri_of(bag, name))
    return render_template("pages/activity_delete.html", name=name, activity=one.activity, parts=one.parts)


@bp.post("/<name>/delete")
@with_bag
def delete(bag: Bag, name: str) -> ResponseReturnValue:
    removed = remove_activity(bag, iri_of(bag, name))
    return removals.page(removed.packed, i18n.gettext("The activity was deleted"), url_for(".index"))


@bp.post("/undo")
@with_bag
def undo(bag: Bag) -> ResponseReturnValue:
    target = put_back(bag, request.form.get("packed", ""), clock.now())
    notices.say("put-back")
    if target == bag.layout.rights:
        keep_calendar(bag)
    layout = bag.layout
    listings = {layout.activities: ".index", layout.skills: "skills.index"}
    listings |= {layout.people: "people.index", layout.tools: "tools.index", layout.values: "values.index"}
    listings |= {layout.rights: "rights.facts"}
    listings |= {layout.watch: "watch.index", layout.goals: "goals.index", layout.scenarios: "scenarios.index"}
    if target.startswith(layout.methods):
        return redirect(url_for("methods.index"), 303)
    otherwise = "journal.index" if layout.is_journal(target) else "time.index"
    return redirect(url_for(listings.get(target, otherwise)), 303)


@bp.route("/<name>/evidence", methods=["GET", "POST"])
@with_bag
def evidence(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_activity(bag, iri_of(bag, name))
    action, leave = url_for(".evidence", name=name), url_for(".show", name=name)
    return proofs.form_page(bag, one.activity.iri, one.activity.title, action, leave)


def said_by(activity: Activity) -> dict[str, list[str]]:
    """An activity as the texts of its form."""
    return {
        "title": [activity.title],
        "sphere": [str(activity.sphere)] if activity.sphere else [],
        "startDate": [activity.start.text if activity.start else activity.start_as_written or ""],
        "endDate": [activity.end.text if activity.end else activity.end_as_written or ""],
        "organization": [activity.organization.name] if activity.organization else [],
        "roleName": [activity.role or ""],
        "location": [activity.location or ""],
        "weeklyHours": [i18n.decimal(activity.weekly_hours)] if activity.weekly_hours is not None else [],
        "description": [activity.description or ""],
        "achievement": list(activity.achievements),
        "mobilises": list(activity.mobilises),
        "isPartOf": [activity.part_of] if activity.part_of else [],
    }


def _form(
    texts: Texts,
    activities: Sequence[Activity],
    skills: Sequence[Skill],
    findings: Sequence[Finding] = (),
    *,
    itself: str = "",
) -> Form:
    options: Mapping[str, Sequence[tuple[str, str]]] = {
        "mobilises": [(skill.iri, skill.label) for skill in skills],
        # A mission has no missions: one level is what people mean by a job and what they did in it.
        "isPartOf": [(a.iri, a.title) for a in activities if a.iri != itself and a.part_of is None],
    }
    names = sorted({a.organization.name for a in activities if a.organization and a.organization.name})
    return forms.form(
        terms.ActivityShape,
        texts,
        findings=findings,
        leave_out=LEFT_OUT if skills else (*LEFT_OUT, "mobilises"),
        options=options,
        suggestions={"organization": names, "roleName": sorted({a.role for a in activities if a.role})},
    )


def first_controls() -> tuple[Control, ...]:
    """What a first activity asks for, and no more: the page of somebody whose bag is empty holds them."""
    return _form({}, (), ()).only("title", "sphere")


def _form_page(form: Form, *, name: str | None = None, seen: str = "") -> str:
    return render_template("pages/activity_form.html", form=form, name=name, seen=seen, today=clock.today())


def address(bag: Bag, iri: str) -> str:
    """The page of one activity of the bag."""
    return url_for("activities.show", name=local(iri)) if document(iri) == bag.layout.activities else ""


def addresses(bag: Bag) -> Callable[[str], str]:
    """The page of each activity; the beginning of the address is made once."""
    listing = url_for("activities.index")
    document = bag.layout.activities + "#"

    def address(iri: str) -> str:
        if not iri.startswith(document):
            return ""
        name = iri[len(document) :]
        return listing + (name if _PLAIN(name) else quote(name))

    return address
