"""Files of worked cases: `{"cases": [{"id", "rule", "input", "expected"}]}`, what was expected beside what was obtained.

Generous about the form: names are compared without case, accents or signs, what is not known is named, and nothing stops
the other cases. Numbers are exact: JSON is read with decimals.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from musette_solid.errors import N_, MusetteError
from musette_solid.model.rights.conclusions import Conclusion, Fact, Known, Quantity, Status
from musette_solid.model.rights.deciding import decide
from musette_solid.model.rights.measures import KINDS
from musette_solid.model.rights.schemes import Example, Input, Rule, Scheme
from musette_solid.model.words import folded


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


def name(text: str) -> str:
    """A name without case, accents, spaces or signs: `heuresParAsso` and `heures_par_asso` are one."""
    return re.sub(r"[^a-z0-9]", "", folded(re.sub(r"[._-]", " ", text)))


_YES: Final = frozenset({"yes", "oui", "true", "vrai", "ok", "1"})
_NO: Final = frozenset({"no", "non", "false", "faux", "ko", "0"})
_REFUSED: Final = _NO | {"pas", "insuffisant", "refuse", "refusee"}
_STATUS_NAMES: Final = frozenset({"statut", "status", "resultat", "etat", "conclusion"})
_HOLDS_NAMES: Final = frozenset(
    {"ouvert", "recevable", "eligible", "droit", "atteint", "expose", "acquis", "accorde", "valide", "met", "holds"}
)
_STATUS_WORDS: Final[Mapping[str, str]] = {
    "met": "met", "rempli": "met", "ouvert": "met", "acquis": "met", "notmet": "not met", "nonrempli": "not met", "nonouvert": "not met",
    "unknown": "unknown", "inconnu": "unknown", "incertain": "unknown", "uncertain": "unknown", "notapplicable": "not applicable",
    "sansobjet": "not applicable", "nonapplicable": "not applicable",
}  # fmt: skip
_NATURES: Final[Mapping[str, str]] = {
    "bnc": "bnc", "liberal": "bnc", "liberale": "bnc", "vente": "sales", "ventes": "sales", "sales": "sales", "marchandises": "sales",
    "achatrevente": "sales", "bicvente": "sales", "bicventes": "sales", "services": "services", "service": "services", "bic": "services",
    "bicservices": "services", "bicservice": "services", "prestations": "services", "prestationsbic": "services", "bicprestations": "services",
    "prestationsservices": "services", "prestationsdeservices": "services", "artisan": "services", "commerce": "sales",
}  # fmt: skip
#: Names that say when, or go with another name: never reported as unknown.
_ALWAYS_KNOWN: Final = frozenset({"annee", "year", "date", "nature", "commentaire", "note"})
_BAD_ENDS: Final = frozenset({"demission", "abandonposte", "abandondeposte", "volontaire"})


def read(data: bytes) -> list[Mapping[str, Any]]:
    """The cases of a file, which is an object with `cases`, or a bare list. Raises NotCases."""
    try:
        document = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
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


class Book:
    """Rules by every name they have in case files."""

    def __init__(self, schemes: tuple[Scheme, ...]) -> None:
        self.by_iri = {rule.iri: rule for scheme in schemes for rule in scheme.rules}
        self._by_name = {
            name(said): rule for rule in self.by_iri.values() for said in (rule.key, *rule.case_keys)
        }  # fmt: skip

    def rule(self, said: str) -> Rule | None:
        """By IRI, by name, else by the longest beginning of a dotted name that is one."""
        if said in self.by_iri:
            return self.by_iri[said]
        parts = said.split(".")
        for n in range(len(parts), 0, -1):
            found = self._by_name.get(name(".".join(parts[:n])))
            if found:
                return found
        return None


def _run(case: Mapping[str, Any], book: Book, today: date, n: int) -> Result:
    identity, said = str(case.get("id", n)), str(case.get("rule", ""))
    given, expected = case.get("input"), case.get("expected", {})
    if not isinstance(given, Mapping) or not isinstance(expected, Mapping):
        return Result(identity, said, {}, {}, {}, False, None, (), "input and expected must be objects")
    rule = book.rule(said)
    if rule is None:
        return Result(identity, said, given, expected, dict.fromkeys(expected), False, None, (said,), "unknown rule")
    case_ = _Case(given, book, today)
    conclusion = case_.conclude(rule)
    unknown = tuple(key for key in given if key not in case_.used and name(key) not in _ALWAYS_KNOWN)
    outputs = {key: _output(conclusion, key) for key in expected} if expected else dict(all_outputs(conclusion))
    fits = all(_same(expected[key], outputs[key]) for key in expected)
    return Result(identity, said, given, expected, outputs, fits, conclusion, unknown)


class _Case:
    """One case as facts. Rules that take conclusions of others get them from the same case."""

    def __init__(self, given: Mapping[str, Any], book: Book, today: date) -> None:
        self._given = {name(key): (key, value) for key, value in given.items()}
        self._book = book
        self._today = today
        self.used: set[str] = set()
        self._under_way: set[str] = set()

    def conclude(self, rule: Rule) -> Conclusion:
        on = self._day(rule)
        facts: dict[str, Fact] = {}
        for wanted in rule.inputs:
            fact = self._fact(wanted, on)
            if fact is not None:
                facts[wanted.key] = fact
        return decide(rule, facts, on)

    def _take(self, *names: str) -> Any:
        for said in names:
            found = self._given.get(name(said))
            if found is not None:
                self.used.add(found[0])
                return found[1]
        return None

    def _day(self, rule: Rule) -> date:
        """The day whose law applies: an end of contract, a date, the last day of the year; else today."""
        ends = next((i for i in rule.inputs if i.measure == "contract-end"), None)
        said = self._take(*ends.case_keys) if ends else None
        day = _as_day(said) if said is not None else None
        for key, (original, value) in self._given.items():
            if day is None and key.startswith("date") and key != "datenaissance" and _as_day(value):
                self.used.add(original)
                day = _as_day(value)
        if day is None:
            year = _as_number(self._take("annee", "year"))
            day = date(int(year), 12, 31) if year is not None and 1 <= year <= 9999 else None
        return day or self._today

    def _fact(self, wanted: Input, on: date) -> Fact | None:
        value = self._take(wanted.key, *wanted.case_keys)
        known = None if value is None else self._known(wanted, value)
        if known is not None:
            return Fact(wanted.key, known)
        if wanted.key == "age" and (born := _as_day(self._take("naissance", "dateNaissance"))):
            return Fact(wanted.key, Decimal(on.year - born.year - ((on.month, on.day) < (born.month, born.day))))
        if wanted.measure == "year":
            return Fact(wanted.key, Decimal(on.year), how="derived")
        if wanted.rules and any(self._speaks_of(self._book.by_iri[i]) for i in wanted.rules if i in self._book.by_iri):
            return self._concluded(wanted)
        for said, how in ((wanted.assumed, "assumed"), (wanted.when_absent, "absent")):
            if said is not None:
                known = self._known(wanted, said if KINDS.get(wanted.measure) != "texts" else ())
                return Fact(wanted.key, known, how=how) if known is not None else None
        return None

    def _known(self, wanted: Input, value: Any) -> Known | None:
        kind = KINDS.get(wanted.measure, "number")
        if wanted.measure == "none":
            kind = "number" if wanted.unit else "day"
        if kind == "flag":
            return _as_flag(value)
        if kind == "day":
            return _as_day(value)
        if kind == "amounts":
            return self._amounts(wanted, value)
        if kind == "texts":
            return self._categories(wanted, value)
        if kind == "text":
            return str(value)
        if wanted.measure == "birth-year" and (born := _as_day(value)):
            return Decimal(born.year)
        return _as_number(value)

    def _amounts(self, wanted: Input, value: Any) -> Mapping[str, Decimal] | None:
        """A number alone is of one thing; a turnover is of the nature that goes with it."""
        nature = self._take("nature") if wanted.measure == "stated-by-kind" else None
        if value in ("", "none"):
            return {}
        if not isinstance(value, Mapping):
            number = _as_number(value)
            if number is None:
                return None
            if wanted.measure != "stated-by-kind":
                return {"?": number}
            known = _NATURES.get(name(str(nature))) if nature is not None else None
            return {known: number} if known else None
        numbers = {str(key): _as_number(part) for key, part in value.items()}
        if wanted.measure == "stated-by-kind":
            numbers = {_NATURES.get(name(key), key): number for key, number in numbers.items()}
        return {key: number for key, number in numbers.items() if number is not None}

    def _concluded(self, wanted: Input) -> Fact | None:
        """What other rules say of the same case, when the case says something that they take."""
        total, found, sources, names_, open_ = Decimal(0), False, [], [], []
        for iri in wanted.rules:
            rule = self._book.by_iri.get(iri)
            if rule is None or iri in self._under_way or not self._speaks_of(rule):
                continue
            self._under_way.add(iri)
            conclusion = self.conclude(rule)
            self._under_way.discard(iri)
            found = True
            sources += list(conclusion.sources)
            if conclusion.status is Status.UNKNOWN:
                open_.append(iri)
                if wanted.measure == "conclusion":
                    return None
            elif conclusion.status is Status.MET:
                names_.append(iri)
            total += conclusion.amount.number if conclusion.amount else 0
        if not found:
            return None
        value: Known = total
        if wanted.measure == "categories":
            value = tuple(names_)
        elif wanted.measure == "open-categories":
            value = tuple(open_)
        return Fact(wanted.key, value, tuple(dict.fromkeys(sources)), "concluded")

    def _speaks_of(self, rule: Rule) -> bool:
        return any(
            name(key) in self._given for i in rule.inputs if i.measure != "year" and not i.rules for key in i.case_keys
        )  # fmt: skip

    def _categories(self, wanted: Input, value: Any) -> tuple[str, ...]:
        """Activities in words: "benevolat ok", "reserve militaire 90 jours". Each is a category, reached or not."""
        said = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else []
        reached = []
        for text in (str(one) for one in said):
            rule = self._category(wanted, text)
            if rule is not None and self._is_reached(rule, text):
                reached.append(rule.iri)
        return tuple(reached) if wanted.measure == "categories" else ()

    def _category(self, wanted: Input, text: str) -> Rule | None:
        words = set(folded(text).split())
        best: tuple[int, Rule] | None = None
        for rule in (self._book.by_iri[iri] for iri in wanted.rules if iri in self._book.by_iri):
            for title in (*rule.title.values(), *rule.case_keys, rule.key):
                of_rule = set(folded(re.sub(r"[._]", " ", title)).split()) - {"cec", "de", "la", "du", "and", "of"}
                shared = len(words & of_rule)
                if shared and (best is None or shared > best[0]):
                    best = shared, rule
        return best[1] if best else None

    def _is_reached(self, rule: Rule, text: str) -> bool:
        words = folded(text).split()
        if _REFUSED & set(words):
            return False
        numbers = [Decimal(word) for word in words if word.isdigit()]
        if not numbers or not any(i.key == "amount" for i in rule.inputs):
            return True
        facts = {"amount": Fact("amount", numbers[0])}
        facts |= {"second-amount": Fact("second-amount", numbers[1])} if len(numbers) > 1 else {}
        return decide(rule, facts, self._day(rule)).status is Status.MET


def _as_number(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _as_day(value: Any) -> date | None:
    """A day as 2024-05-31, a month (its first day) or a year (its first day)."""
    if isinstance(value, date):
        return value
    text = str(value).strip() if value is not None else ""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _as_flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    said = name(str(value))
    if said in _YES or said in _NO:
        return said in _YES
    # A ground for the end of a contract: what is no resignation is involuntary or legitimate.
    return said not in _BAD_ENDS if said and not said.isdigit() else None


def all_outputs(conclusion: Conclusion) -> Iterator[tuple[str, Any]]:
    """Every result under the name that its rule's worked examples give it, and the status."""
    shown = {line.partition("=")[0].strip() for example in conclusion.rule.examples for line in example.expected}
    for output in conclusion.rule.outputs:
        if output.key in conclusion.outputs:
            names_ = sorted(output.case_keys, key=lambda key: (key not in shown, key))
            yield next(iter(names_), output.key), _simple(conclusion.outputs[output.key])
    yield "statut", conclusion.status.value


def _output(conclusion: Conclusion, key: str) -> Any:
    said = name(key)
    if said in _STATUS_NAMES:
        return conclusion.status.value
    for output in conclusion.rule.outputs:
        if said in {name(k) for k in (output.key, *output.case_keys)} and output.key in conclusion.outputs:
            return _simple(conclusion.outputs[output.key])
    if said in _HOLDS_NAMES:
        return None if conclusion.status is Status.UNKNOWN else conclusion.status is Status.MET
    if said in {"incertain", "uncertain"}:
        return not conclusion.is_certain or conclusion.status is Status.UNKNOWN
    if said in {"manque", "manquant", "missing"} and conclusion.lacking:
        return conclusion.lacking[0].number
    shown = {name(k): v for k, v in conclusion.values.items()}
    if said in shown:
        return _simple(shown[said])
    return None


def _simple(value: Any) -> Any:
    return value.number if isinstance(value, Quantity) else value


def _same(expected: Any, obtained: Any) -> bool:
    if isinstance(obtained, bool) or isinstance(expected, bool):
        known = _as_flag(expected)
        return known is not None and known == obtained
    if expected is None or obtained is None:
        return expected is None and obtained is None
    if isinstance(obtained, Decimal | int):
        number = _as_number(expected)
        return number is not None and number == obtained
    one, other = name(str(expected)), name(str(obtained))
    return _STATUS_WORDS.get(one, one) == _STATUS_WORDS.get(other, other)
