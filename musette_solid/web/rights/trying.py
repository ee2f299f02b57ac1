"""Rules that are worked out on figures of a paper: typed here, shown with their steps, kept nowhere."""

from dataclasses import dataclass
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from musette_solid.model.rights import schemes
from musette_solid.model.rights.book import Book
from musette_solid.model.rights.conclusions import Conclusion, Quantity
from musette_solid.model.rights.schemes import Input, Rule
from musette_solid.model.rights.told import Told
from musette_solid.pod.errors import NotThere
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, i18n
from musette_solid.web.access import with_bag
from musette_solid.web.reasons import Reason, reason, written
from musette_solid.web.rights.blueprint import bp, scheme_of, words

_LONGEST = 20


@dataclass(frozen=True)
class Control:
    key: str
    label: str
    unit: str
    value: str


@dataclass(frozen=True)
class Try:
    """One rule as a form. `found`: what it says of what was typed."""

    key: str
    title: str
    controls: tuple[Control, ...]
    on: str
    found: Reason | None


@bp.get("/<slug>/try")
@with_bag
def trying(bag: Bag, slug: str) -> ResponseReturnValue:
    scheme = scheme_of(slug)
    cases = [rule for rule in sorted(scheme.rules, key=lambda r: r.order) if rule.scope == "case"]
    # One that another one says too, and more, is left to it.
    rules = [rule for rule in cases if not any(_figures(rule) < _figures(other) for other in cases)]
    if not rules:
        raise NotThere("", 404)
    asked = next((rule for rule in rules if rule.key == request.args.get("rule")), None)
    found = None
    if asked is not None:
        # Nothing of the bag is in it; its pages are where a step could point.
        found = reason(_conclude(asked), explain_rights(bag, clock.today()))
    return render_template(
        "pages/rights_try.html",
        scheme=scheme,
        title=words(scheme.title),
        tries=[_try(rule, found if rule is asked else None) for rule in rules],
    )


def _figures(rule: Rule) -> frozenset[str]:
    return frozenset(parameter.iri for parameter in rule.parameters)


def _asked(rule: Rule) -> tuple[Input, ...]:
    return tuple(wanted for wanted in rule.inputs if wanted.measure != "year")


def _conclude(rule: Rule) -> Conclusion:
    given = {wanted.key: text for wanted in _asked(rule) if (text := _typed(wanted.key))}
    on = _typed("on")
    return Told(given | ({"date": on} if on else {}), Book(schemes.law()), clock.today()).conclude(rule)


def _typed(name: str) -> str:
    return " ".join(request.args.get(name, "").split())[:_LONGEST]


def _try(rule: Rule, found: Reason | None) -> Try:
    is_asked = found is not None
    return Try(
        rule.key,
        words(rule.title),
        tuple(
            Control(w.key, i18n.sentence_case(words(w.label)), _unit(w.unit), _typed(w.key) if is_asked else "")
            for w in _asked(rule)
        ),
        (_typed("on") if is_asked else "") or clock.today().isoformat(),
        found,
    )


def _unit(unit: str) -> str:
    return "€" if unit == "eur" else written(Quantity(Decimal(2), unit)).partition("\u00a0")[2] if unit else ""
