"""Conclusions as a page shows them: a sentence, its steps, each fact with its page, each rule with its text of law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING
from urllib.parse import quote

from flask import url_for

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.explanation import Explanation, explain, quantity, question, state
from musette_solid.model.rights.measures import KINDS
from musette_solid.model.rights.schemes import Input
from musette_solid.model.rights.supposing import HYPOTHESIS
from musette_solid.rdf.names import local
from musette_solid.usecases.explain_rights import Rights
from musette_solid.web import i18n
from musette_solid.web.i18n import gettext


@dataclass(frozen=True)
class Link:
    text: str
    address: str


@dataclass(frozen=True)
class ShownStep:
    slug: str
    word: str
    text: str
    facts: tuple[Link, ...]
    parameters: tuple[str, ...]
    laws: tuple[Link, ...]


@dataclass(frozen=True)
class Question:
    """What to ask, and how it is answered: by a small form (`kind` of control), or on the page of what it is about."""

    text: str
    id: str
    control: str  # number, yes-no, day, or "" when a page answers it
    fact_kind: str = ""
    unit: str = ""
    year: str = ""
    activity: str = ""
    address: str = ""


@dataclass(frozen=True)
class Reason:
    """One conclusion, ready to show."""

    id: str
    title: str
    year: int
    is_of_a_year: bool
    about: Link | None
    slug: str  # met, not-met, unknown, not-applicable
    word: str
    summary: str
    steps: tuple[ShownStep, ...]
    questions: tuple[Question, ...]
    laws: tuple[Link, ...]
    remedy: str
    uncertainty: str
    is_certain: bool


_WAITS = {
    "fr": "On ne peut pas encore le dire\u00a0: une réponse manque.",
    "en": "It cannot be said yet: an answer is missing.",
}


def slug(status: Status) -> str:
    return status.value.replace(" ", "-")


def law(citation: str) -> Link:
    """A text of law where everybody can read it: the search of Légifrance finds an article by its number."""
    return Link(citation, "https://www.legifrance.gouv.fr/search/all?tab_selection=all&query=" + quote(citation))


def reasons(conclusions: Iterable[Conclusion], rights: Rights) -> tuple[Reason, ...]:
    return tuple(reason(conclusion, rights) for conclusion in conclusions)


def reason(conclusion: Conclusion, rights: Rights) -> Reason:
    language = i18n.language()
    said = explain(conclusion, language)
    steps = tuple(
        ShownStep(
            slug(line.status),
            state(line.status, language),
            line.text,
            tuple(link for iri in line.sources if (link := thing(iri, rights))),
            line.parameters,
            tuple(law(citation) for citation in line.citations),
        )
        for step, line in zip(conclusion.steps, said.lines, strict=True)
        # A step that only asks is the question itself, which has its own form.
        if step.because != "missing" or _says_what_is_unknown(conclusion, step.key)
    )
    asked = tuple(questions(conclusion, rights))
    place = conclusion.subject.rpartition("#")[2] if conclusion.subject else ""
    return Reason(
        id="-".join(filter(None, ["c", local(conclusion.rule.iri), str(conclusion.year), place])),
        title=said.title,
        year=conclusion.year,
        is_of_a_year=conclusion.rule.scope in {"year", "activity-year"},
        about=thing(conclusion.subject, rights) if conclusion.subject else None,
        slug=slug(conclusion.status),
        word=gettext("not yet") if _is_still_open(conclusion, rights) else state(conclusion.status, language),
        summary=_waiting(conclusion, said, language) if asked and conclusion.status is Status.UNKNOWN else said.summary,
        steps=steps,
        questions=asked,
        laws=tuple(law(citation) for citation in said.citations),
        remedy=said.remedy,
        uncertainty=said.uncertainty,
        is_certain=conclusion.is_certain,
    )


def _waiting(conclusion: Conclusion, said: Explanation, language: str) -> str:
    """What is known already and what waits, where the rule has a sentence for it."""
    open_ = (
        line.text
        for step, line in zip(conclusion.steps, said.lines, strict=True)
        if step.status is Status.UNKNOWN and step.because == "missing" and _says_what_is_unknown(conclusion, step.key)
    )
    return next(open_, _WAITS[language])


def _is_still_open(conclusion: Conclusion, rights: Rights) -> bool:
    """Whether what is lacking may still come: the year of the conclusion is not over."""
    is_of_now = conclusion.rule.scope in {"year", "activity-year"} and conclusion.year == rights.outcome.as_of.year
    return is_of_now and conclusion.status is Status.NOT_MET and bool(conclusion.lacking)


def _says_what_is_unknown(conclusion: Conclusion, key: str) -> bool:
    condition = conclusion.rule.condition(key)
    return condition is not None and bool(condition.unknown)


def thing(iri: str, rights: Rights) -> Link | None:
    """The page of a thing of the bag: an activity, or a fact that was noted. What is only supposed has none."""
    if iri.startswith(HYPOTHESIS):
        return Link(gettext("what you supposed"), "")
    activity = rights.activity(iri)
    if activity is not None:
        return Link(activity.title or gettext("An activity"), url_for("activities.show", name=local(iri)))
    fact = next((s for s in rights.stated if s.iri == iri), None)
    if fact is None:
        return None
    when = f" ({fact.period.text})" if fact.period else ""
    return Link(i18n.label(fact.kind) + when, url_for("rights.facts") + "#" + quote(local(iri)))


def questions(conclusion: Conclusion, rights: Rights) -> Iterable[Question]:
    for key in conclusion.asked:
        wanted = conclusion.rule.input(key)
        if wanted is not None:
            yield _question(conclusion, wanted, rights)


def _question(conclusion: Conclusion, wanted: Input, rights: Rights) -> Question:
    text = question(conclusion, wanted, i18n.language())
    of_one, _ = conclusion.about(wanted.key)
    subject = conclusion.subject or ""
    id_ = "-".join(
        ["q", local(conclusion.rule.iri), wanted.key, str(conclusion.year), local(subject) if subject else ""]
    )
    kind = KINDS.get(wanted.measure, "")
    activity = next(iter(of_one), "") or subject or _only_activity(conclusion, rights)
    year = str(conclusion.year) if conclusion.rule.scope in {"year", "activity-year"} else ""
    if len(wanted.fact_kinds) == 1:
        about_a_person = wanted.measure in {"age", "birth-year"} or wanted.key == "birth"
        control = "day" if kind == "day" or about_a_person else "yes-no" if kind == "flag" else "number"
        of_all_time = about_a_person or wanted.measure in {"declared-on", "ever", "on-board"}
        return Question(
            text,
            id_,
            control,
            wanted.fact_kinds[0],
            "" if not wanted.unit or control != "number" else wanted.unit,
            "" if of_all_time else year,
            "" if about_a_person or wanted.measure == "ever" else activity,
        )
    if wanted.fact_kinds:
        return Question(text, id_, "", address=url_for("rights.facts", year=year) + "#add")
    if wanted.measure.startswith("hours"):
        return Question(text, id_, "", address=url_for("time.new"))
    if activity:
        return Question(text, id_, "", address=url_for("activities.edit", name=local(activity)))
    return Question(text, id_, "", address=url_for("activities.index"))


def _only_activity(conclusion: Conclusion, rights: Rights) -> str:
    """The activity that the asking step rests on: the association with most hours, the one contract of the year."""
    # All hours of a year come from many activities; what is said of one association comes from its own.
    of_facts = ([iri for iri in fact.sources if rights.activity(iri)] for fact in conclusion.facts)
    there = min(filter(None, of_facts), key=len, default=[])
    if not there:
        spheres = set(conclusion.rule.spheres)
        period = date(conclusion.year, 1, 1), date(conclusion.year, 12, 31)
        there = [
            a.iri
            for a in rights.life.activities
            if str(a.sphere) in spheres and (a.covers(period[0]) or a.covers(period[1]))
        ]
    return there[0] if there else ""


def written(value: Quantity | None) -> str:
    if value is not None and value.unit == "hour" and value.number % 1:
        return i18n.duration(int((value.number * 60).to_integral_value(ROUND_CEILING)))
    return quantity(value, i18n.language()) if value is not None else ""
