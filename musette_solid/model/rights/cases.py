"""Files of worked cases: `{"cases": [{"id", "rule", "input", "expected"}]}`, what was expected beside what was obtained.

Generous about the form: names are compared without case, accents or signs, what is not known is named, and nothing stops
the other cases. Numbers are exact: JSON is read with decimals.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from musette_solid.errors import N_, MusetteError
from musette_solid.model.rights import said as values
from musette_solid.model.rights.book import ALWAYS_KNOWN, WHICH, Book
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.said import name
from musette_solid.model.rights.schemes import Example, Rule, Scheme
from musette_solid.model.rights.told import Told

#: The name of a result that was given without one.
_WHOLE: Final = "="
_EXPECTED: Final = ("expected", "expect", "attendu", "output", "result")
_NOT_OBJECTS: Final = N_("What is given and what is expected must each be an object of names and values.")


class NotCases(MusetteError):
    what = N_("This is not a file of cases: %(reason)s.")
    do = N_("Give a JSON file with a list named cases; each case has id, rule, input and expected.")


@dataclass(frozen=True)
class Result:
    """One case. `obtained` has the names of `expected`, or every result when nothing was expected."""

    id: str
    rule: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    obtained: Mapping[str, Any]
    fits: bool
    conclusion: Conclusion | None
    unknown_names: tuple[str, ...]
    problem: str | None = None


_STATUS_NAMES: Final = frozenset({"statut", "status", "resultat", "etat", "conclusion", "outcome", "issue"})
_HOLDS_NAMES: Final = frozenset(
    {
        "ouvert", "recevable", "eligible", "droit", "atteint", "expose", "acquis", "accorde", "valide", "met", "holds", "accessible",
        "possible", "conforme", "rempli", "du", "acces",
    }
)  # fmt: skip
#: Words about a result, which are no result.
_REMARKS: Final = frozenset({"note", "notes", "why", "pourquoi", "raison", "reason", "explication", "explanation", "commentaire", "source", "sources", "confidence"})  # fmt: skip
_UNSURE: Final = frozenset({"incertain", "uncertain", "incertaine"})
_STATUS_WORDS: Final[Mapping[str, str]] = {
    "met": "met", "rempli": "met", "ouvert": "met", "acquis": "met", "holds": "met", "notmet": "not met", "nonrempli": "not met",
    "nonouvert": "not met", "unmet": "not met", "unknown": "unknown", "inconnu": "unknown", "incertain": "unknown",
    "uncertain": "unknown", "aprecis": "unknown", "apreciser": "unknown", "notapplicable": "not applicable",
    "sansobjet": "not applicable", "nonapplicable": "not applicable",
}  # fmt: skip


def read(data: bytes) -> list[Mapping[str, Any]]:
    """The cases of a file, which is an object with `cases`, or a bare list. Raises NotCases."""
    try:
        document = json.loads(data, parse_float=Decimal, parse_int=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotCases(reason=N_("it is not JSON"), said=str(error)[:200]) from error
    found = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(found, list):
        raise NotCases(reason=N_("it has no list of cases"))
    return [case if isinstance(case, dict) else {"input": case} for case in found]


def run(cases: Iterable[Mapping[str, Any]], schemes: tuple[Scheme, ...], today: date) -> list[Result]:
    book = Book(schemes)
    return [_run(case, book, today, n) for n, case in enumerate(cases, 1)]


def run_example(rule: Rule, example: Example, schemes: tuple[Scheme, ...], today: date) -> Result:
    """A worked example of a scheme, which is a case of its rule."""
    return _run(as_case(rule, example), Book(schemes), today, 1)


def as_case(rule: Rule, example: Example) -> Mapping[str, Any]:
    return {"id": example.iri, "rule": rule.iri, "input": _nested(example.given), "expected": _nested(example.expected)}


def _nested(lines: Iterable[str]) -> dict[str, Any]:
    """`name = value` lines; `name.part = value` is a value of several."""
    found: dict[str, Any] = {}
    for line in lines:
        key, _, value = line.partition("=")
        whole, dot, part = key.strip().partition(".")
        read_value = _plain_value(value.strip())
        if dot:
            found.setdefault(whole, {})[part] = read_value
        else:
            found[whole] = read_value
    return found


def _plain_value(text: str) -> Any:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _first(case: Mapping[str, Any], *names: str) -> Any:
    return next((case[key] for key in names if key in case), None)


def _run(case: Mapping[str, Any], book: Book, today: date, n: int) -> Result:
    identity, said = str(_first(case, "id", "nom", "name") or n), str(_first(case, "rule", "regle", "règle") or "")
    given, expected = _first(case, "input", "inputs", "given", "entree", "donnees"), _first(case, *_EXPECTED)
    given = {} if given is None else given
    if not isinstance(expected, Mapping):
        # A bare result is that of the rule: its amount, or whether it holds.
        expected = {} if expected is None else {_WHOLE: expected}
    if not isinstance(given, Mapping) or isinstance(expected.get(_WHOLE), list):
        return Result(identity, said, {}, {}, {}, False, None, (), _NOT_OBJECTS)
    rule = book.rule(said)
    if rule is None:
        return Result(
            identity, said, given, expected, dict.fromkeys(expected), False, None, (said,), N_("No rule has this name.")
        )
    case_ = Told(given, book, today)
    meant = book.meant(rule, given)
    conclusion = case_.conclude(meant)
    which = WHICH if book.is_named(rule, given) else ()
    unknown = tuple(
        key for key in given if key not in case_.used and name(key) not in {*ALWAYS_KNOWN, *which}
    )  # fmt: skip
    outputs = {k: _output(conclusion, k, v) for k, v in expected.items()} if expected else dict(all_outputs(conclusion))
    fits = all(
        _same(expected[key], outputs[key]) for key in expected if outputs[key] is not None or not _is_remark(key)
    )
    return Result(identity, said, given, expected, outputs, fits, conclusion, unknown)


def all_outputs(conclusion: Conclusion) -> Iterator[tuple[str, Any]]:
    """Every result under the name that its rule's worked examples give it, and the status."""
    shown = {line.partition("=")[0].strip() for example in conclusion.rule.examples for line in example.expected}
    for output in conclusion.rule.outputs:
        if output.key in conclusion.outputs:
            names_ = sorted(output.case_keys, key=lambda key: (key not in shown, key))
            yield next(iter(names_), output.key), _simple(conclusion.outputs[output.key])
    yield "statut", conclusion.status.value


def _output(conclusion: Conclusion, key: str, expected: Any = None) -> Any:
    said = name(key)
    if key == _WHOLE:
        holds = None if conclusion.status is Status.UNKNOWN else conclusion.status is Status.MET
        return holds if isinstance(expected, bool) or conclusion.amount is None else conclusion.amount.number
    is_open = conclusion.status is Status.UNKNOWN
    if name(str(expected)) in _UNSURE | {"unknown", "inconnu"} and (is_open or not conclusion.is_certain):
        return str(expected)
    if said in _STATUS_NAMES:
        return conclusion.status.value
    for output in conclusion.rule.outputs:
        if said in {name(k) for k in (output.key, *output.case_keys)} and output.key in conclusion.outputs:
            return _simple(conclusion.outputs[output.key])
    if said in _HOLDS_NAMES:
        return None if conclusion.status is Status.UNKNOWN else conclusion.status is Status.MET
    if said in _UNSURE:
        return not conclusion.is_certain or conclusion.status is Status.UNKNOWN
    if said in {"manque", "manquant", "missing"} and conclusion.lacking:
        return conclusion.lacking[0].number
    shown = {name(k): v for k, v in conclusion.values.items()}
    if said in shown:
        return _simple(shown[said])
    return None


def _is_remark(key: str) -> bool:
    return name(key) in _REMARKS


def _simple(value: Any) -> Any:
    return value.number if isinstance(value, Quantity) else value


def _same(expected: Any, obtained: Any) -> bool:
    if isinstance(obtained, bool) or isinstance(expected, bool):
        known = values.flag(expected)
        return known is not None and known == obtained
    if expected is None or obtained is None:
        return expected is None and obtained is None
    if isinstance(obtained, Decimal | int):
        number = values.number(expected)
        return number is not None and number == obtained
    one, other = name(str(expected)), name(str(obtained))
    return _STATUS_WORDS.get(one, one) == _STATUS_WORDS.get(other, other)
