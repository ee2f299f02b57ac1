"""One case as facts: what is said of a situation, in any words, as the inputs of a rule."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from musette_solid.model.rights import said as values
from musette_solid.model.rights.book import DAYS, Book, best_named, names_of
from musette_solid.model.rights.conclusions import Conclusion, Fact, Known, Status
from musette_solid.model.rights.deciding import decide
from musette_solid.model.rights.measures import KINDS
from musette_solid.model.rights.said import name
from musette_solid.model.rights.schemes import Input, Rule
from musette_solid.model.words import folded


class Told:
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
        own = names_of(rule)
        dated = [key for key in self._given if key.startswith("date") and key != "datenaissance" and key not in own]
        for key in (*dated, *(key for key in DAYS if key in self._given and key not in own)):
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
        return values.number(value, wanted.unit)

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
