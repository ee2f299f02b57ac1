"""Incomes and facts: what papers say, and answers to the questions of rights."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Quantity
from musette_solid.model.rights.facts import Stated
from musette_solid.model.validation import Finding, Unfit
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.note_right import note_fact, remove_fact
from musette_solid.web import clock, forms, i18n, notices, removals
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Form
from musette_solid.web.reasons import written
from musette_solid.web.rights.blueprint import bp, keep_calendar, problems_of

#: Written by the application, or kept on other pages.
_LEFT_OUT = ("evidence", "created")


def _unit_of(kind: str) -> str:
    """The unit that a kind of fact is counted in; empty when it is a day or an answer."""
    return str(labels.graph().value(URIRef(kind), terms.UNIT) or "")


@bp.get("/facts")
@with_bag
def facts(bag: Bag) -> ResponseReturnValue:
    return _facts_page(_fact_form(bag, {"date": [request.args.get("year", "")]}))


def _fact_form(bag: Bag, texts: forms.Texts, findings: tuple[Finding, ...] = ()) -> tuple[Form, Rights]:
    rights = explain_rights(bag, clock.today())
    options = {"activity": [(a.iri, a.title or local(a.iri)) for a in rights.life.activities]}
    return forms.form(terms.RightsFactShape, texts, findings=findings, leave_out=_LEFT_OUT, options=options), rights


def _facts_page(made: tuple[Form, Rights]) -> str:
    form, rights = made
    rows = [_row(fact, rights) for fact in rights.stated]
    return render_template("pages/rights_facts.html", form=form, rows=rows, problems=problems_of(rights))


@dataclass(frozen=True)
class Row:
    name: str
    kind: str
    value: str
    when: str
    activity: str
    note: str


def _row(fact: Stated, rights: Rights) -> Row:
    unit = schemes.short(_unit_of(fact.kind))
    if fact.amount is not None:
        value = written(Quantity(fact.amount, unit))
    elif fact.day is not None:
        value = i18n.day(fact.day)
    elif fact.answer is not None:
        value = i18n.label(str(terms.ANSWER_YES if fact.answer else terms.ANSWER_NO))
    else:
        value = ""
    activity = rights.activity(fact.activity) if fact.activity else None
    return Row(
        local(fact.iri),
        i18n.sentence_case(i18n.label(fact.kind)),
        value,
        i18n.partial(fact.period) if fact.period else "",
        activity.title if activity else "",
        fact.description or "",
    )


@bp.post("/facts")
@with_bag
def note(bag: Bag) -> ResponseReturnValue:
    """A fact from the form, or the answer to one question of a page of rights."""
    texts = forms.texts(terms.RightsFactShape, leave_out=_LEFT_OUT)
    if amount := texts.get("amount"):
        texts["amount"] = [text.replace("€", "").strip() for text in amount]
    kind = (texts.get("factKind") or [""])[0]
    is_income = schemes.short(_unit_of(kind)) == "eur"
    findings = _says_something(texts)
    try:
        if findings:
            raise Unfit(findings=findings)
        note_fact(bag, texts, clock.now(), is_income=is_income)
    except Unfit as error:
        return _facts_page(_fact_form(bag, texts, tuple(error.findings))), 422
    keep_calendar(bag)
    notices.say("fact-noted")
    slug = request.form.get("right", "")
    known = any(s.slug == slug for s in schemes.law())
    return redirect(url_for(".show", slug=slug) if known else url_for(".facts"), 303)


def _says_something(texts: forms.Texts) -> tuple[Finding, ...]:
    if any(texts.get(name) for name in ("amount", "answer", "statedDay")):
        return ()
    messages = {
        "en": "Write an amount, an answer or a day: a fact says something.",
        "fr": "Écrivez un montant, une réponse ou un jour\u00a0: un fait dit quelque chose.",
    }
    return (Finding("", str(terms.AMOUNT), None, "violation", messages, messages),)


@bp.post("/facts/<name>/delete")
@with_bag
def delete_fact(bag: Bag, name: str) -> ResponseReturnValue:
    removed = remove_fact(bag, f"{bag.layout.rights}#{name}")
    keep_calendar(bag)
    return removals.page(removed.packed, i18n.gettext("The fact was removed"), url_for(".facts"))
