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
from musette_solid.model.rights import said as values
from musette_solid.model.rights.conclusions import Conclusion, Fact, Known, Quantity, Status
from musette_solid.model.rights.deciding import decide
from musette_solid.model.rights.measures import KINDS
from musette_solid.model.rights.said import name
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


_STATUS_NAMES: Final = frozenset({"statut", "status", "resultat", "etat", "conclusion"})
_HOLDS_NAMES: Final = frozenset(
    {
        "ouvert", "recevable", "eligible", "droit", "atteint", "expose", "acquis", "accorde", "valide", "met", "holds", "accessible",
        "possible", "conforme", "rempli", "du", "acces",
    }
)  # fmt: skip
_UNSURE: Final = frozenset({"incertain", "uncertain", "incertaine"})
_STATUS_WORDS: Final[Mapping[str, str]] = {
    "met": "met", "rempli": "met", "ouvert": "met", "acquis": "met", "holds": "met", "notmet": "not met", "nonrempli": "not met",
    "nonouvert": "not met", "unmet": "not met", "unknown": "unknown", "inconnu": "unknown", "incertain": "unknown",
    "uncertain": "unknown", "aprecis": "unknown", "apreciser": "unknown", "notapplicable": "not applicable",
    "sansobjet": "not applicable", "nonapplicable": "not applicable",
}  # fmt: skip
#: Names that say when, or go with another name: never reported as unknown.
_ALWAYS_KNOWN: Final = frozenset({"annee", "year", "date", "nature", "commentaire", "note", "why", "description"})
#: Names of the day of the event, where the rule has no name of its own for it.
_DAYS: Final = (
    "fincontrat",
    "datefincontrat",
    "fin",
    "jour",
    "le",
    "on",
    "liquidation",
    "depart",
    "demandele",
    "evenement",
)
#: Names that say which of several rules of one scheme is meant.
_WHICH: Final = ("facteur", "categorie", "type", "dispositif", "activite")


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

    def meant(self, rule: Rule, given: Mapping[str, Any]) -> Rule:
        """The rule that a case speaks of: another of its scheme that it names, or the next one, which alone knows its facts."""
        names_ = {name(key): value for key, value in given.items()}
        own = _names(rule)
        for key in _WHICH:
            if isinstance(names_.get(key), str) and key not in own:
                scheme = [r for r in self.by_iri.values() if r.scheme == rule.scheme]
                return best_named(scheme, names_[key]) or rule
        own |= {key for iri in rule.needs if iri in self.by_iri for key in _names(self.by_iri[iri])}
        unknown = {key for key in names_ if key not in own | _ALWAYS_KNOWN and key not in _DAYS}
        if unknown:
            for following in self.by_iri.values():
                if rule.iri in following.needs and unknown <= _names(following) and following.scheme == rule.scheme:
                    return following
            among = sorted((r for r in self.by_iri.values() if r.scheme == rule.scheme), key=lambda r: r.order)
            return next((r for r in among if set(names_) <= _names(r) | _ALWAYS_KNOWN), rule)
        return rule


def _run(case: Mapping[str, Any], book: Book, today: date, n: int) -> Result:
    identity, said = str(case.get("id", n)), str(case.get("rule", ""))
    given, expected = case.get("input"), case.get("expected", {})
    if not isinstance(given, Mapping) or not isinstance(expected, Mapping):
        return Result(
            identity,
            said,
            {},
            {},
            {},
            False,
            None,
            (),
            N_("What is given and what is expected must each be an object of names and values."),
        )
    rule = book.rule(said)
    if rule is None:
        return Result(
            identity, said, given, expected, dict.fromkeys(expected), False, None, (said,), N_("No rule has this name.")
        )
    case_ = _Case(given, book, today)
    meant = book.meant(rule, given)
    conclusion = case_.conclude(meant)
    which = _WHICH if meant is not rule else ()
    unknown = tuple(
        key for key in given if key not in case_.used and name(key) not in {*_ALWAYS_KNOWN, *which}
    )  # fmt: skip
    outputs = {k: _output(conclusion, k, v) for k, v in expected.items()} if expected else dict(all_outputs(conclusion))
    fits = all(_same(expected[key], outputs[key]) for key in expected)
    return Result(identity, said, given, expected, outputs, fits, conclusion, unknown)


def _names(rule: Rule) -> set[str]:
    return {name(key) for i in rule.inputs for key in (i.key, *i.case_keys)}


def best_named(rules: Iterable[Rule], text: str) -> Rule | None:
    """The rule whose titles and names share most words with a text."""
    words = set(folded(text).split())
    best: tuple[int, Rule] | None = None
    for rule in rules:
        for title in (*rule.title.values(), *rule.case_keys, rule.key):
            of_rule = set(folded(re.sub(r"[._]", " ", title)).split()) - {"cec", "de", "la", "du", "and", "of"}
            shared = len(words & of_rule)
            if shared and (best is None or shared > best[0]):
                best = shared, rule
    return best[1] if best else None


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

    def _all(self, *names: str) -> list[Any]:
        found = [self._given[name(said)] for said in dict.fromkeys(map(name, names)) if name(said) in self._given]
        self.used |= {key for key, _ in found}
        return [value for _, value in found]

    def _day(self, rule: Rule) -> date:
        """The day whose law applies: an end of contract, a date, the last day of the year; else today."""
        ends = next((i for i in rule.inputs if i.measure == "contract-end"), None)
        said = self._take(*ends.case_keys) if ends else None
        day = values.day(said) if said is not None else None
        own = _names(rule)
        dated = [key for key in self._given if key.startswith("date") and key != "datenaissance" and key not in own]
        for key in (*dated, *(key for key in _DAYS if key in self._given and key not in own)):
            original, value = self._given[key]
            if day is None and values.day(value):
                self.used.add(original)
                day = values.day(value)
        if day is None:
            year = values.number(self._take("annee", "year"))
            day = date(int(year), 12, 31) if year is not None and 1 <= year <= 9999 else None
        if day is None and "date" in self._given:
            day = values.day(self._take("date"))
        return day or self._today

    def _fact(self, wanted: Input, on: date) -> Fact | None:
        said = [value for value in self._all(wanted.key, *wanted.case_keys) if value is not None]
        if said:
            known = self._known(wanted, said)
            # What was said and not understood is a fact of the wrong kind, never one that was not said.
            return Fact(wanted.key, known if known is not None else _shortened(said[0]))
        if (
            wanted.key == "involuntary"
            and (resigned := values.flag(self._take("demission", "aDemissionne"))) is not None
        ):
            return Fact(wanted.key, not resigned)
        if wanted.key == "second-amount" and isinstance(parts := self._take("heures"), Mapping):
            # The hours of each body: the most in one of them.
            return Fact(wanted.key, max((values.amounts(parts) or {}).values(), default=Decimal(0)))
        if wanted.key == "age" and (born := values.day(self._take("naissance", "dateNaissance"))):
            return Fact(wanted.key, Decimal(on.year - born.year - ((on.month, on.day) < (born.month, born.day))))
        if wanted.measure == "year":
            return Fact(wanted.key, Decimal(on.year), how="derived")
        if wanted.rules and any(self._speaks_of(self._book.by_iri[i]) for i in wanted.rules if i in self._book.by_iri):
            return self._concluded(wanted)
        for text, how in ((wanted.assumed, "assumed"), (wanted.when_absent, "absent")):
            if text is not None:
                known = self._known(wanted, [text if KINDS.get(wanted.measure) not in {"texts", "amounts"} else ()])
                return Fact(wanted.key, known, how=how) if known is not None else None
        return None

    def _known(self, wanted: Input, said: list[Any]) -> Known | None:
        """The value of an input, of the kind of its measure; of several answers to a yes or no, one yes is enough."""
        kind, value = KINDS.get(wanted.measure, "number"), said[0]
        if wanted.measure == "none":
            kind = "number" if wanted.unit else "day"
        match kind:
            case "flag":
                return values.flag(value if len(said) == 1 else said, wanted.key)
            case "day":
                return values.day(value)
            case "amounts":
                return self._amounts(wanted, value)
            case "texts":
                return self._categories(wanted, value)
            case "text":
                return str(value)
        if wanted.measure == "birth-year" and (born := values.day(value)):
            return Decimal(born.year)
        if wanted.unit == "month" and isinstance(value, str) and values.day(value):
            return Decimal(1)  # `2024-03` is one month
        if isinstance(value, Mapping) and self._is_of_each(wanted):
            read = [values.number(part, wanted.unit) for part in value.values()]
            return max((n for n in read if n is not None), default=None)
        if wanted.unit == "count" and isinstance(value, list) and all(isinstance(one, str) for one in value):
            return Decimal(len(set(value)))  # factors by their names
        number = values.number(value, wanted.unit)
        return None if number is not None and values.is_beyond_measure(number) else number

    def _is_of_each(self, wanted: Input) -> bool:
        """Whether the rule of an input is about one activity at a time: amounts by name are not added together."""
        return any(wanted in rule.inputs and rule.scope == "activity-year" for rule in self._book.by_iri.values())

    def _amounts(self, wanted: Input, value: Any) -> Mapping[str, Decimal] | None:
        """A number alone is of one thing; a turnover is of the nature that goes with it."""
        found = values.amounts(value)
        if found is None or wanted.measure != "stated-by-kind":
            return found
        natures = {key: values.nature(key) for key in found}
        if set(found) == {"?"}:
            said = self._take("nature", "type", "categorie", "activite")
            natures = {"?": values.nature(said) if said is not None else None}
        if None in natures.values():
            return None
        totals: dict[str, Decimal] = {}
        for key, number in found.items():
            totals[str(natures[key])] = totals.get(str(natures[key]), Decimal(0)) + number
        return totals

    def _concluded(self, wanted: Input) -> Fact | None:
        """What other rules say of the same case, when the case says something that they take."""
        total, found, refused, sources, names_, open_ = Decimal(0), False, 0, [], [], []
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
            refused += conclusion.status is Status.NOT_MET
            total += conclusion.amount.number if conclusion.amount else 0
        if not found:
            return None
        value: Known = total
        if wanted.measure == "refused":
            value = Decimal(refused)
        elif wanted.measure == "categories":
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
        among = [self._book.by_iri[iri] for iri in wanted.rules if iri in self._book.by_iri]
        for text in (str(one) for one in said):
            rule = best_named(among, text)
            if rule is not None and self._is_reached(rule, text):
                reached.append(rule.iri)
        return tuple(reached) if wanted.measure == "categories" else ()

    def _is_reached(self, rule: Rule, text: str) -> bool:
        words = folded(text).split()
        if values.REFUSED & set(words):
            return False
        numbers = [Decimal(word) for word in words if word.isdigit()]
        if not numbers or not any(i.key == "amount" for i in rule.inputs):
            return True
        facts = {"amount": Fact("amount", numbers[0])}
        facts |= {"second-amount": Fact("second-amount", numbers[1])} if len(numbers) > 1 else {}
        return decide(rule, facts, self._day(rule)).status is Status.MET


def _shortened(value: Any) -> str:
    return str(value)[:80]


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
    if said in _STATUS_NAMES:
        unsure = name(str(expected)) in _UNSURE and not conclusion.is_certain
        return str(expected) if unsure else conclusion.status.value
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
