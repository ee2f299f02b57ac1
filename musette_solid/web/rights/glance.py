"""My rights at a glance; one with its reasons, beside what the official statement says; what is nearly there."""

from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.rights import explanation
from musette_solid.model.rights.conclusions import Quantity
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import Nearly, nearly, silent_years
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.note_right import copy_balance, keep_movements
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import Reason, reason, reasons, thing, written
from musette_solid.web.rights.blueprint import (
    bp,
    day,
    keep_calendar,
    line_of,
    number,
    problems_of,
    scheme_of,
    today,
    words,
)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, today())
    return render_template(
        "pages/rights.html",
        lines=[line_of(standing, rights) for standing in rights.standings],
        problems=problems_of(rights),
        unreadable=rights.unreadable,
        nearly=len(nearly(rights.outcome)),
        has_activities=bool(rights.life.activities),
        as_of=rights.outcome.as_of,
        is_past=rights.outcome.as_of != clock.today(),
    )


@bp.get("/<slug>")
@with_bag
def show(bag: Bag, slug: str) -> ResponseReturnValue:
    scheme = scheme_of(slug)
    rights = explain_rights(bag, today())
    return _show(rights, scheme)


def _show(rights: Rights, scheme: Scheme, error: str = "", typed: str = "") -> str:
    standing = next((s for s in rights.standings if s.scheme.iri == scheme.iri), None)
    by_rule: list[tuple[str, list[Reason]]] = []
    for rule in sorted(scheme.rules, key=lambda r: r.order):
        found = [c for c in (standing.conclusions if standing else ()) if c.rule.iri == rule.iri]
        if found:
            by_rule.append((words(rule.title), sorted(reasons(found, rights), key=lambda r: -r.year)))
    movements = [
        (m.on, written(m.counted), [link for iri in m.proofs if (link := thing(iri, rights))])
        for c in (standing.conclusions if standing else ())
        for m in c.movements
    ]
    return render_template(
        "pages/right.html",
        scheme=scheme,
        title=words(scheme.title),
        description=words(scheme.description),
        ask=words(scheme.ask),
        uncertainty=words(scheme.uncertainty),
        line=line_of(standing, rights) if standing else None,
        by_rule=by_rule,
        movements=sorted(movements, key=lambda m: m[0], reverse=True),
        unit=written(Quantity(Decimal(2), scheme.unit)).partition("\u00a0")[2],
        copied_on=standing.copied_on if standing else None,
        expires=standing.expires if standing else None,
        today=clock.today().isoformat(),
        error=error,
        typed=typed,
        can_try=any(rule.scope == "case" for rule in scheme.rules),
        not_binding=explanation.say(explanation.NOT_BINDING, i18n.language()),
    )


@bp.post("/<slug>/official")
@with_bag
def official(bag: Bag, slug: str) -> ResponseReturnValue:
    """Keep what an official site says, beside what is simulated."""
    scheme = scheme_of(slug)
    typed = request.form.get("balance", "")
    balance = number(typed)
    on = day(request.form.get("on", "")) or clock.today()
    if balance is None or balance < 0:
        error = gettext("Write the balance as a number, such as 1500 or 1500.50.")
        return _show(explain_rights(bag, clock.today()), scheme, error, typed), 422
    copy_balance(bag, scheme, balance, on, day(request.form.get("expires", "")))
    keep_calendar(bag)
    notices.say("balance-copied")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/keep")
@with_bag
def keep(bag: Bag) -> ResponseReturnValue:
    """Write the movements of the simulation into the accounts."""
    rights = explain_rights(bag, clock.today())
    keep_movements(bag, rights.outcome, rights.schemes)
    notices.say("movements-kept")
    return redirect(url_for(".index"), 303)


@bp.get("/nearly")
@with_bag
def nearly_there(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, today())
    found = nearly(rights.outcome)
    groups = [
        (why, [(n, reason(n.conclusion, rights), _lacking(n)) for n in found if n.why == why])
        for why in ("deadline", "lacking", "question", "unvalidated")
    ]
    return render_template(
        "pages/rights_nearly.html",
        groups=[g for g in groups if g[1]],
        as_of=rights.outcome.as_of,
        silent=silent_years(rights.outcome),
    )


def _lacking(near: Nearly) -> list[str]:
    """How much, where the sentence of the conclusion does not say it already."""
    is_said = any(step.key in {"next", "missing"} for step in near.conclusion.steps)
    return [] if is_said else [written(quantity) for quantity in near.lacking]
