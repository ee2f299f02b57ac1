"""Skills: the register, one skill and how it evolved, an assessment, a piece of evidence."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Skill
from musette_solid.model.standing import Standing, State, guarantee, standing
from musette_solid.model.validation import Finding, Unfit
from musette_solid.model.words import folded
from musette_solid.pod.errors import ChangedMeanwhile
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.declare_skill import (
    assess,
    correct_skill,
    declare_skill,
    one_skill,
    remove_skill,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.look_at_skill import look_at_skill, pass_on
from musette_solid.web import clock, forms, i18n, level_curve, notices, removals, things
from musette_solid.web import evidence as proofs
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Problem, Texts
from musette_solid.web.i18n import gettext
from musette_solid.web.shelves import shelf

bp = Blueprint("skills", __name__, url_prefix="/skills")

LEFT_OUT = ("evidence", "exactMatch", "closeMatch", "created", "source")
EVIDENCE = "evidence-"


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.skills}#{name}"


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    listing = list_activities(bag)
    today = clock.today()
    stands = [standing(skill, listing.activities, bag.owner, today) for skill in listing.skills]
    return render_template(
        "pages/skills.html",
        skills=listing.skills,
        states={one.skill.iri: state_names(one) for one in stands},
        used=Counter(skill for activity in listing.activities for skill in set(activity.mobilises)),
        has_activities=bool(listing.activities),
        unreadable=listing.unreadable,
    )


def state_names(one: Standing) -> list[str]:
    """How a skill stands, in words; that it is on one's word alone goes without saying."""
    said = []
    if one.dormant_since:
        said.append(gettext("dormant since %(day)s", day=i18n.day(one.dormant_since)))
    if State.GROWING in one.states:
        said.append(gettext("growing"))
    if State.PROVEN in one.states:
        said.append(gettext("shown by something"))
    return said


@bp.get("/new")
@with_bag
def new(bag: Bag) -> ResponseReturnValue:
    listing = list_activities(bag)
    wanted = request.args.get("activity", "")
    used = [a.iri for a in listing.activities if local(a.iri) == wanted]
    return _new_page(_form({}, ()), forms.form(terms.EvidenceShape, {}, prefix=EVIDENCE), listing.activities, used)


@bp.post("/")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    texts = forms.texts(terms.SkillShape, leave_out=LEFT_OUT)
    proof = forms.texts(terms.EvidenceShape, prefix=EVIDENCE)
    used = request.form.getlist("used_in")
    level = request.form.get("level") or None
    try:
        declare_skill(bag, texts, clock.now(), level=level, evidence=proof, used_in=used)
    except Unfit as error:
        listing = list_activities(bag)
        on_skill, on_proof = _by_shape(error.findings)
        page = _new_page(
            _form(texts, (), on_skill),
            forms.form(terms.EvidenceShape, proof, findings=on_proof, prefix=EVIDENCE),
            listing.activities,
            used,
            level,
        )
        return page, 422
    notices.say("skill-added")
    return redirect(url_for(".index"), 303)


def _by_shape(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Findings on the skill and findings on its evidence: both have a description."""
    proof = [found for found in findings if local(found.focus).startswith("e-")]
    return [found for found in findings if found not in proof], proof


def _new_page(
    form: Form, proof: Form, activities: Sequence[Activity], used: Sequence[str], level: str | None = None
) -> str:
    return render_template(
        "pages/skill_new.html",
        form=form,
        proof=proof,
        all_problems=(*form.problems, *proof.problems),
        levels=things.levels(),
        level=level,
        activities=activities,
        used=frozenset(used),
        proof_is_open=any(control.value or control.error for control in proof.controls),
    )


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    today = clock.today()
    as_of = _past_day(request.args.get("on", ""), today)
    look = look_at_skill(bag, iri_of(bag, name), today, as_of)

    def called(by: str | None) -> str:
        return things.called(by, bag.owner, look.names)

    return render_template(
        "pages/skill.html",
        name=name,
        skill=look.skill,
        used_in=look.used_in,
        standing=look.standing,
        drawn=level_curve.of(look.curve, called),
        as_of=look.as_of,
        is_past=as_of is not None,
        then=look.then,
        wider=look.wider,
        narrower=look.narrower,
        learnt_from=_people(bag, look.skill.learnt_from, called),
        taught_to=_people(bag, look.skill.taught_to, called),
        references=references_of(look.skill),
        guarantee_of=guarantee,
        called=called,
    )


def _people(bag: Bag, iris: Sequence[str], called: Callable[[str | None], str]) -> list[tuple[str, str]]:
    """Their names, with the page of those who are in the bag."""
    own = bag.layout.people + "#"
    pairs = [(called(iri), url_for("people.show", name=local(iri)) if iri.startswith(own) else "") for iri in iris]
    return sorted(pairs, key=lambda pair: folded(pair[0]))


def _past_day(text: str, today: date) -> date | None:
    """The day that was asked for; none when it is none, and the day itself when it is to come."""
    try:
        day = PartialDate.from_text(forms.as_iso(text)) if text else None
    except ValueError:
        return None
    return min(day.last(), today) if day else None


@dataclass(frozen=True)
class Reference:
    """A concept of a shared register as a page shows it; `name` is its IRI when no register at hand knows it."""

    iri: str
    name: str
    register: str
    is_known: bool
    is_deprecated: bool


def references_of(skill: Skill) -> list[Reference]:
    """What it is tied to: what nobody at hand knows is kept, and may be known again."""
    found = []
    for iri in skill.matches:
        concept = shelf().concept(iri)
        kept = skill.last_known(iri)
        name = i18n.concept_label(concept) if concept else kept or iri
        deprecated = concept is not None and concept.is_deprecated
        found.append(Reference(iri, name, shelf().register_of(iri), concept is not None, deprecated))
    return found


@bp.get("/<name>/passed-on")
@with_bag
def passed(bag: Bag, name: str) -> ResponseReturnValue:
    look = look_at_skill(bag, iri_of(bag, name), clock.today())
    return render_template(
        "pages/skill_passed.html",
        name=name,
        skill=look.skill,
        learnt_from=[things.called(iri, bag.owner, look.names) for iri in look.skill.learnt_from],
        taught_to=[things.called(iri, bag.owner, look.names) for iri in look.skill.taught_to],
    )


@bp.post("/<name>/passed-on")
@with_bag
def pass_it_on(bag: Bag, name: str) -> ResponseReturnValue:
    learnt = request.form.get("learnt", "").splitlines()
    taught = request.form.get("taught", "").splitlines()
    pass_on(bag, iri_of(bag, name), learnt, taught, clock.now())
    notices.say("passed-on-noted")
    return redirect(url_for(".show", name=name), 303)


@bp.get("/<name>/correct")
@with_bag
def edit(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_skill(bag, iri_of(bag, name))
    form = _form(said_by(one.skill), list_activities(bag).skills, itself=one.skill.iri)
    return _edit_page(form, name, one.version, one.activities, [a.iri for a in one.used_in])


@bp.post("/<name>/correct")
@with_bag
def correct(bag: Bag, name: str) -> ResponseReturnValue:
    iri = iri_of(bag, name)
    texts = forms.texts(terms.SkillShape, leave_out=LEFT_OUT)
    seen = request.form.get("seen", "")
    used = request.form.getlist("used_in")
    try:
        correct_skill(bag, iri, texts, clock.now(), seen, used)
    except Unfit as error:
        listing = list_activities(bag)
        return _edit_page(
            _form(texts, listing.skills, error.findings, itself=iri), name, seen, listing.activities, used
        ), 422
    except ChangedMeanwhile:
        one = one_skill(bag, iri)
        listing = list_activities(bag)
        mine, theirs = _form(texts, listing.skills, itself=iri), _form(said_by(one.skill), listing.skills, itself=iri)
        return render_template(
            "pages/conflict.html",
            action=url_for(".correct", name=name),
            leave=url_for(".show", name=name),
            seen=one.version,
            rows=things.differences(mine, theirs),
            kept=[*mine.pairs, *(("used_in", value) for value in used)],
        ), 412
    notices.say("skill-corrected")
    return redirect(url_for(".show", name=name), 303)


def _edit_page(form: Form, name: str, seen: str, activities: Sequence[Activity], used: Sequence[str]) -> str:
    return render_template(
        "pages/skill_edit.html", form=form, name=name, seen=seen, activities=activities, used=frozenset(used)
    )


@bp.get("/<name>/assess")
@with_bag
def assess_form(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_skill(bag, iri_of(bag, name))
    return _assess_page(name, one.skill, clock.today().isoformat())


@bp.post("/<name>/assess")
@with_bag
def add_assessment(bag: Bag, name: str) -> ResponseReturnValue:
    iri = iri_of(bag, name)
    level, comment = request.form.get("level", ""), request.form.get("comment", "").strip()
    way = request.form.get("way", "")
    proof = {"title": [request.form.get("evidence-title", "")], "url": [request.form.get("evidence-url", "")]}
    if proof["url"][0].strip() and not proof["title"][0].strip():
        proof["title"] = proof["url"]
    on = forms.as_iso(request.form.get("on", ""))
    problems = []
    try:
        day = PartialDate.from_text(on)
    except ValueError:
        day = None
    if day is None or not day.day:
        problems.append(Problem(gettext("Write a day that exists."), "f-on"))
    if not things.level_rank(level):
        problems.append(Problem(gettext("Choose one of the five levels."), "f-level"))
    if problems or day is None:
        return _assess_page(name, one_skill(bag, iri).skill, on, level, comment, problems, way, proof), 422
    try:
        assess(bag, iri, level, day.first(), comment, proof, way=way, now=clock.now())
    except Unfit as error:
        problems = [Problem(found.messages.get(i18n.language(), "")) for found in error.findings]
        return _assess_page(name, one_skill(bag, iri).skill, on, level, comment, problems, way, proof), 422
    notices.say("assessment-added")
    return redirect(url_for(".show", name=name), 303)


def _assess_page(
    name: str,
    skill: Skill,
    on: str,
    level: str = "",
    comment: str = "",
    problems: Sequence[Problem] = (),
    way: str = "",
    proof: Texts | None = None,
) -> str:
    errors = {problem.target: problem.text for problem in problems}
    day = Control("on", gettext("Day"), "date", "f-on", required=True, values=(on,), error=errors.get("f-on", ""))
    words = Control(
        "comment",
        gettext("In your own words"),
        "textarea",
        "f-comment",
        values=(comment,),
        max_length=2000,
        hint=gettext("What makes you say so: a situation, what you did, what came out of it."),
    )
    how = Control(
        "way",
        gettext("How"),
        "select",
        "f-way",
        options=tuple(forms.Option(iri, text, iri == way) for iri, text in things.named(things.assessment_ways())),
    )
    said = proof or {}
    shown = [
        Control("evidence-url", gettext("Link"), "url", "f-evidence-url", values=tuple(said.get("url", ()))),
        Control("evidence-title", gettext("What it is"), id="f-evidence-title", values=tuple(said.get("title", ()))),
    ]
    return render_template(
        "pages/assess.html",
        name=name,
        skill=skill,
        levels=things.levels(),
        level=level,
        day=day,
        words=words,
        how=how,
        shown=shown,
        problems_found=problems,
    )


@bp.route("/<name>/evidence", methods=["GET", "POST"])
@with_bag
def evidence(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_skill(bag, iri_of(bag, name))
    return proofs.form_page(
        bag, one.skill.iri, one.skill.label, url_for(".evidence", name=name), url_for(".show", name=name)
    )


@bp.route("/<name>/assessments/<said>/evidence", methods=["GET", "POST"])
@with_bag
def assessment_evidence(bag: Bag, name: str, said: str) -> ResponseReturnValue:
    one = one_skill(bag, iri_of(bag, name))
    assessment = next((a for a in one.skill.assessments if local(a.iri) == said), None)
    if assessment is None:
        abort(404)
    title = gettext(
        "“%(skill)s”, as seen on %(day)s",
        skill=one.skill.label,
        day=i18n.day(assessment.on) if assessment.on else "?",
    )
    action = url_for(".assessment_evidence", name=name, said=said)
    return proofs.form_page(bag, assessment.iri, title, action, url_for(".show", name=name))


@bp.get("/<name>/delete")
@with_bag
def confirm(bag: Bag, name: str) -> ResponseReturnValue:
    one = one_skill(bag, iri_of(bag, name))
    return render_template("pages/skill_delete.html", name=name, skill=one.skill, used_in=one.used_in)


@bp.post("/<name>/delete")
@with_bag
def delete(bag: Bag, name: str) -> ResponseReturnValue:
    removed = remove_skill(bag, iri_of(bag, name), clock.now())
    return removals.page(removed.packed, i18n.gettext("The skill was deleted"), url_for(".index"))


def said_by(skill: Skill) -> dict[str, list[str]]:
    return {
        "prefLabel": [skill.label],
        "description": [skill.description or ""],
        "broader": list(skill.all_broader),
    }


def _form(texts: Texts, skills: Sequence[Skill], findings: Sequence[Finding] = (), *, itself: str = "") -> Form:
    others = [(skill.iri, skill.label) for skill in skills if skill.iri != itself]
    return forms.form(
        terms.SkillShape,
        texts,
        findings=findings,
        leave_out=LEFT_OUT if others else (*LEFT_OUT, "broader"),
        options={"broader": others},
    )
