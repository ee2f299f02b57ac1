"""Conclusions in words: a sentence first, then every step, from the values that the decision itself was made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Final

from babel.numbers import format_decimal
from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.dates import in_words
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Shown, Status, Step, Used
from musette_solid.model.rights.facts import Problem
from musette_solid.model.rights.schemes import Input, Texts
from musette_solid.rdf import terms

#: What every outcome says, whatever shows it.
NOT_BINDING: Final[Texts] = {"fr": "Simulation, non opposable.", "en": "Simulation: it binds nobody."}

_PROBLEMS: Final[Mapping[str, Texts]] = {
    "missing": {"fr": "Il manque une réponse\u00a0: {question}", "en": "An answer is missing: {question}"},
    "parameter": {
        "fr": "Le chiffre «\u00a0{parameter}\u00a0» n’est pas connu pour le {day}\u00a0: rien n’est deviné.",
        "en": "The figure “{parameter}” is not known for {day}: nothing is guessed.",
    },
    "negative": {
        "fr": "«\u00a0{input}\u00a0» est négatif ({found})\u00a0: corrigez ce fait.",
        "en": "“{input}” is negative ({found}): correct this fact.",
    },
    "kind": {
        "fr": "«\u00a0{input}\u00a0» n’est pas de la sorte attendue ({found})\u00a0: corrigez ce fait.",
        "en": "“{input}” is not of the kind expected ({found}): correct this fact.",
    },
    "contradiction": {
        "fr": "Deux faits se contredisent sur «\u00a0{input}\u00a0»\u00a0: gardez celui qui est juste.",
        "en": "Two facts contradict each other on “{input}”: keep the one that is right.",
    },
    "figures": {
        "fr": "Les chiffres de cette règle ne permettent pas le calcul\u00a0: c’est à qui la publie de la corriger.",
        "en": "The figures of this rule do not allow the calculation: whoever publishes it has to correct it.",
    },
    "rule": {
        "fr": "La règle ne dit pas «\u00a0{key}\u00a0»\u00a0: c’est à qui la publie de la corriger.",
        "en": "The rule does not say “{key}”: whoever publishes it has to correct it.",
    },
}  # fmt: skip
_FACTS: Final[Mapping[str, Texts]] = {
    "contradiction": {
        "fr": "{year}\u00a0: deux montants se contredisent pour «\u00a0{kind}\u00a0» ({titles})\u00a0; gardez celui qui est juste. Ce qui en dépend n’est pas calculé.",
        "en": "{year}: two amounts contradict each other for “{kind}” ({titles}); keep the one that is right. What depends on it is not worked out.",
    },
    "twice": {
        "fr": "{year}\u00a0: «\u00a0{kind}\u00a0» est noté deux fois pour la même période ({titles})\u00a0; il n’est compté qu’une fois.",
        "en": "{year}: “{kind}” is noted twice for the same period ({titles}); it is counted once.",
    },
    "too-full": {
        "fr": "Le {day} compte plus de 24 heures notées ({titles})\u00a0: vérifiez ces temps.",
        "en": "More than 24 hours are noted on {day} ({titles}): check these times.",
    },
    "too-many-hours": {
        "fr": "À partir du {day}, les contrats qui se chevauchent demandent plus de 24 heures par jour ({titles})\u00a0: vérifiez leurs dates ou leurs heures.",
        "en": "From {day}, contracts that overlap ask for more than 24 hours a day ({titles}): check their dates or their hours.",
    },
}
_UNKNOWN: Final[Texts] = {"fr": "On ne peut pas encore le dire.", "en": "It cannot be said yet."}
_NOT_APPLICABLE: Final[Texts] = {"fr": "Cela ne s’applique pas ici.", "en": "This does not apply here."}
_SINCE: Final[Texts] = {"fr": "{title}\u00a0: {value} (depuis le {since})", "en": "{title}: {value} (since {since})"}
_ALWAYS: Final[Texts] = {"fr": "{title}\u00a0: {value}", "en": "{title}: {value}"}
_STATES: Final[Mapping[Status, Texts]] = {
    Status.MET: {"fr": "rempli", "en": "met"},
    Status.NOT_MET: {"fr": "non rempli", "en": "not met"},
    Status.UNKNOWN: {"fr": "à préciser", "en": "unknown"},
    Status.NOT_APPLICABLE: {"fr": "sans objet", "en": "not applicable"},
    Status.COMPUTED: {"fr": "calcul", "en": "computed"},
}


@dataclass(frozen=True)
class Line:
    """One step in words, the things of the bag that it rests on, and the parameters with their texts of law."""

    status: Status
    text: str
    sources: tuple[str, ...]
    parameters: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    title: str
    summary: str
    lines: tuple[Line, ...]
    questions: tuple[str, ...]
    citations: tuple[str, ...]
    remedy: str
    uncertainty: str
    not_binding: str


def explain(conclusion: Conclusion, language: str) -> Explanation:
    rule = conclusion.rule
    return Explanation(
        title=say(rule.title, language),
        summary=summary(conclusion, language),
        lines=tuple(_line(conclusion, step, language) for step in conclusion.steps),
        questions=questions(conclusion, language),
        citations=rule.citations,
        remedy=say(rule.remedy, language)
        if conclusion.status in {Status.NOT_MET, Status.UNKNOWN} or conclusion.lacking
        else "",
        uncertainty=say(rule.uncertainty, language),
        not_binding=say(NOT_BINDING, language),
    )


def summary(conclusion: Conclusion, language: str) -> str:
    """The conclusion in a sentence or two; what is lacking for the next step of the right is said too."""
    rule = conclusion.rule
    match conclusion.status:
        case Status.MET:
            said = fill(say(rule.met, language), conclusion.values, language)
        case Status.NOT_MET:
            said = fill(say(rule.not_met, language), conclusion.values, language)
        case Status.NOT_APPLICABLE:
            said = " ".join(_step_text(conclusion, step, language) for step in conclusion.steps) or say(
                _NOT_APPLICABLE, language
            )
        case _:
            asked = questions(conclusion, language)[:1]
            stopped = [_step_text(conclusion, s, language) for s in conclusion.steps if s.status is Status.UNKNOWN]
            return " ".join([say(_UNKNOWN, language), *(asked or stopped[:1])])
    following = next((step for step in conclusion.steps if step.key in {"next", "missing"}), None)
    return f"{said} {_step_text(conclusion, following, language)}" if following else said


def questions(conclusion: Conclusion, language: str) -> tuple[str, ...]:
    found = (conclusion.rule.input(key) for key in conclusion.asked)
    return tuple(question(conclusion, wanted, language) for wanted in found if wanted is not None)


def question(conclusion: Conclusion, wanted: Input, language: str) -> str:
    """The question, after the name of what it is about when there are several such things."""
    _, name = conclusion.about(wanted.key)
    text = say(wanted.question, language)
    return f"{name} – {text}" if name else text


def problem(found: Problem, titles: Mapping[str, str], language: str) -> str:
    """A sentence about facts that cannot be so; `titles` names the activities among what it is about."""
    named = [titles[iri] for iri in found.about if titles.get(iri)]
    values: dict[str, Shown] = {
        "year": found.year,
        "kind": labels.label(found.kind, language) if found.kind else "",
        "titles": ", ".join(dict.fromkeys(named)) or str(len(found.about)),
    }
    if found.day:
        values["day"] = found.day
    return fill(say(_FACTS[found.key], language), values, language)


def state(status: Status, language: str) -> str:
    return say(_STATES[status], language)


def say(texts: Texts, language: str) -> str:
    return labels.in_language(dict(texts), language)


def _line(conclusion: Conclusion, step: Step, language: str) -> Line:
    return Line(
        status=step.status,
        text=_step_text(conclusion, step, language),
        sources=tuple(dict.fromkeys(iri for fact in step.facts for iri in fact.sources)),
        parameters=tuple(_parameter(conclusion, used, language) for used in step.parameters),
        citations=tuple(
            dict.fromkeys(
                citation
                for used in step.parameters
                if (parameter := conclusion.rule.parameter(used.key))
                for citation in parameter.citations
            )
        ),
    )


def _step_text(conclusion: Conclusion, step: Step, language: str) -> str:
    condition = conclusion.rule.condition(step.key)
    if condition is not None and step.because in {None, "missing"}:
        texts = {Status.NOT_MET: condition.not_met, Status.UNKNOWN: condition.unknown}.get(step.status, condition.met)
        if texts:
            return fill(say(texts, language), step.values, language)
    sentence = _PROBLEMS[step.because or "missing"]
    wanted = conclusion.rule.input(step.asks or step.key)
    parameter = conclusion.rule.parameter(step.key)
    return fill(
        say(sentence, language),
        {
            **step.values,
            "question": question(conclusion, wanted, language) if wanted else step.key,
            "input": say(wanted.label, language) if wanted else step.key,
            "parameter": say(parameter.title, language) if parameter else step.key,
            "key": step.key,
        },
        language,
    )


def _parameter(conclusion: Conclusion, used: Used, language: str) -> str:
    parameter = conclusion.rule.parameter(used.key)
    title = say(parameter.title, language) if parameter else used.key
    words = _ALWAYS if used.since.year <= 1900 else _SINCE
    return fill(say(words, language), {"title": title, "value": used.value, "since": used.since}, language)


def fill(sentence: str, values: Mapping[str, Shown], language: str) -> str:
    """The sentence with its values in the language; a name that has no value is an ellipsis, braces that do not pair stay."""
    shown = {key: written(value, language) for key, value in values.items()}
    parts: list[str] = []
    try:
        for text, field, _, _ in Formatter().parse(sentence):
            parts.append(text)
            if field is not None:
                parts.append(shown.get(field, "…"))
    except ValueError:
        return sentence
    return "".join(parts)


def written(value: Shown, language: str) -> str:
    """A value as people of the language write it: `1 747,50 €`, `3 trimestres`, `30 juin 2025`."""
    if isinstance(value, Quantity):
        return quantity(value, language)
    if isinstance(value, date):
        return in_words(value, language)
    if isinstance(value, Decimal):
        return number(value, language)
    return str(value)


def quantity(value: Quantity, language: str) -> str:
    space = "\u00a0"
    if value.unit in {"eur", "eur-hour"}:
        exact = value.number == value.number.to_integral_value()
        said = format_decimal(value.number, "#,##0" if exact else "#,##0.00##", locale=_locale(language))
        return f"{_signed(said)}{space}€" + (
            {"fr": " par heure"}.get(language, " an hour") if value.unit == "eur-hour" else ""
        )
    said = number(value.number, language)
    if value.unit in {"count", "date-number", ""}:
        return said
    if value.unit in {"percent", "ratio"}:
        hundredths = value.number * (100 if value.unit == "ratio" else 1)
        return f"{number(hundredths.quantize(Decimal('0.1')), language)}{space}%"
    if value.unit == "rank":
        return said + _ordinal_end(int(value.number), language)
    if value.unit == "hour":
        return f"{said}{space}h"
    return f"{said}{space}{_unit(value.unit, is_plural(value.number, language), language)}"


def is_plural(number_: Decimal, language: str) -> bool:
    """French counts from two, English everything but one."""
    return abs(number_) >= 2 if language == "fr" else abs(number_) != 1


def _ordinal_end(rank: int, language: str) -> str:
    if language.startswith("fr"):
        return "er" if rank == 1 else "e"
    return {1: "st", 2: "nd", 3: "rd"}.get(rank, "th")


def number(value: Decimal, language: str) -> str:
    return _signed(format_decimal(value, "#,##0.####", locale=_locale(language)))


def _signed(said: str) -> str:
    """With a minus sign, which a hyphen is not."""
    return said.replace("-", "\u2212")


@lru_cache(maxsize=128)
def _unit(unit: str, plural: bool, language: str) -> str:
    path = terms.SKOS_ALT_LABEL if plural else terms.SKOS_PREF_LABEL
    concept = terms.MUS + "unit-" + unit
    texts = labels.by_language(labels.graph(), URIRef(concept), path)
    return labels.in_language(texts, language) or unit


def _locale(language: str) -> str:
    return "fr" if language.startswith("fr") else "en_GB"
