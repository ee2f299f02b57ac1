"""All rights of a whole life: every rule in its order, year after year, each year worked out again only when it changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from musette_solid.model.activity import Activity
from musette_solid.model.rights.calculations import CALCULATIONS
from musette_solid.model.rights.conclusions import Conclusion, Fact, Movement, Status, Step
from musette_solid.model.rights.deciding import decide
from musette_solid.model.rights.facts import Life, Problem, Year
from musette_solid.model.rights.measures import MEASURES, about, fact
from musette_solid.model.rights.places import Place
from musette_solid.model.rights.schemes import Rule, Scheme


@dataclass(frozen=True)
class Broken:
    """A rule that cannot be used, and why: `calculation`, `measure` or `cycle`. The others are worked out all the same."""

    rule: str
    because: str
    said: str


@dataclass(frozen=True)
class Outcome:
    """Every conclusion, in the order of the years; what does not fit in the facts; the rules that could not be used."""

    conclusions: tuple[Conclusion, ...]
    problems: tuple[Problem, ...]
    broken: tuple[Broken, ...]
    as_of: date

    @property
    def movements(self) -> tuple[Movement, ...]:
        return tuple(m for c in self.conclusions for m in c.movements)

    def of_scheme(self, iri: str) -> tuple[Conclusion, ...]:
        return tuple(c for c in self.conclusions if c.rule.scheme == iri)

    def balance(self, scheme: str) -> Decimal:
        return sum((m.counted.number for m in self.movements if m.account == scheme), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Remembered:
    year: Year
    activities: tuple[Activity, ...]
    before: tuple[tuple[tuple[str, str], Decimal], ...]
    contradicted: frozenset[tuple[str, int]]
    as_of: date
    conclusions: tuple[Conclusion, ...]


class Evaluator:
    """Works lives out under some schemes. It remembers each year: on an edit, only what changed is worked out again."""

    def __init__(self, schemes: Iterable[Scheme]) -> None:
        self.schemes = tuple(schemes)
        self._rules, self.broken = in_order(self.schemes)
        self._years: dict[int, _Remembered] = {}
        #: How many years were worked out so far: what was remembered is not among them.
        self.worked_out = 0

    def evaluate(self, life: Life) -> Outcome:
        problems = life.problems
        contradicted = frozenset((p.kind, p.year) for p in problems if p.key == "contradiction")
        balances: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        found: list[Conclusion] = []
        for year in life.years:
            conclusions = self._year(life, year, balances, contradicted)
            found += conclusions
            for movement in (m for c in conclusions for m in c.movements):
                for amount in {movement.amount, movement.counted}:
                    balances[movement.account, amount.unit] += amount.number
        found += self._whole_life(life, balances, contradicted)
        return Outcome(tuple(found), problems, self.broken, life.as_of)

    def _year(
        self,
        life: Life,
        year: Year,
        balances: Mapping[tuple[str, str], Decimal],
        contradicted: frozenset[tuple[str, int]],
    ) -> tuple[Conclusion, ...]:
        before = tuple(sorted(balances.items()))
        wrong = frozenset(pair for pair in contradicted if pair[1] == year.number)
        # A mission is found by its job: another job is another year.
        roots = tuple(a for iri, _ in year.minutes if (a := life.root(iri)) is not None)
        known = self._years.get(year.number)
        new = _Remembered(year, roots, before, wrong, life.as_of, ())
        if known is not None and _same(known, new):
            return known.conclusions
        self.worked_out += 1
        concluded: dict[str, tuple[Conclusion, ...]] = {}
        on = date(year.number, 12, 31)
        stated = frozenset(s.kind for s in year.stated)
        spheres = frozenset(str(a.sphere) for a in (*year.activities, *roots))
        for rule in self._rules:
            if rule.scope not in {"year", "activity-year"} or not _applies(rule, spheres, stated, concluded):
                continue
            subjects = year.activities if rule.scope == "activity-year" else (None,)
            for subject in subjects:
                if subject is not None and str(subject.sphere) not in rule.spheres:
                    continue
                place = Place(life, on, year, subject, rule, concluded, balances, wrong)
                concluded[rule.iri] = (*concluded.get(rule.iri, ()), _decide(place, rule))
        conclusions = tuple(c for found in concluded.values() for c in found)
        self._years[year.number] = _Remembered(year, roots, before, wrong, life.as_of, conclusions)
        return conclusions

    def _whole_life(
        self, life: Life, balances: Mapping[tuple[str, str], Decimal], contradicted: frozenset[tuple[str, int]]
    ) -> list[Conclusion]:
        concluded: dict[str, tuple[Conclusion, ...]] = {}
        stated = frozenset(s.kind for s in life.stated)
        spheres = frozenset(str(a.sphere) for a in life.activities)
        for rule in self._rules:
            if rule.scope not in {"life", "each-activity"} or not _applies(rule, spheres, stated, concluded):
                continue
            subjects: tuple[Activity | None, ...] = (None,)
            if rule.scope == "each-activity":
                subjects = tuple(a for a in life.activities if str(a.sphere) in rule.spheres)
            for subject in subjects:
                place = Place(life, life.as_of, None, subject, rule, concluded, balances, contradicted)
                concluded[rule.iri] = (*concluded.get(rule.iri, ()), _decide(place, rule))
        return [c for found in concluded.values() for c in found]


def _same(known: _Remembered, new: _Remembered) -> bool:
    return (
        known.before == new.before
        and known.contradicted == new.contradicted
        and known.year == new.year
        and known.activities == new.activities
        # The day of the simulation counts for its own year, and for what waits for an answer.
        and (
            known.as_of == new.as_of or (not _waits(known) and min(known.as_of.year, new.as_of.year) > new.year.number)
        )
    )


def _waits(known: _Remembered) -> bool:
    return any(i.measure == "today" for c in known.conclusions for i in c.rule.inputs)


def _applies(
    rule: Rule, spheres: frozenset[str], stated: frozenset[str], concluded: Mapping[str, tuple[Conclusion, ...]]
) -> bool:
    """Whether the rule is worth asking: an activity of its spheres or a fact of its kinds; after others, when they spoke."""
    if rule.only_if:
        return any(_may_hold(c) for iri in rule.only_if for c in concluded.get(iri, ()))
    if rule.fact_kinds:
        return any(kind in stated for kind in rule.fact_kinds)
    if rule.spheres:
        asked = {kind for i in rule.inputs for kind in i.fact_kinds if i.measure.startswith("stated")}
        return any(sphere in spheres for sphere in rule.spheres) or bool(asked & stated)
    needed = [iri for i in rule.inputs for iri in i.rules]
    return not needed or any(iri in concluded for iri in needed)


def _may_hold(conclusion: Conclusion) -> bool:
    """Met, or waiting for an answer with something of it met already."""
    begun = any(step.status is Status.MET for step in conclusion.steps)
    return conclusion.status is Status.MET or (conclusion.status is Status.UNKNOWN and begun)


def _decide(place: Place, rule: Rule) -> Conclusion:
    facts: dict[str, Fact] = {}
    for wanted in rule.inputs:
        found = fact(place, wanted)
        if found is not None:
            facts[wanted.key] = found
    on = place.on
    ends = (facts[i.key].value for i in rule.inputs if i.measure in {"contract-end", "window-end"} and i.key in facts)
    end = next(ends, None)
    if isinstance(end, date):
        on = end  # the law of the day of the event
    subject = place.subject.iri if place.subject else None
    conclusion = decide(rule, facts, on, subject=subject, as_of=place.life.as_of)
    if not conclusion.asked:
        return conclusion
    return replace(conclusion, steps=tuple(_about(place, rule, step) for step in conclusion.steps))


def _about(place: Place, rule: Rule, step: Step) -> Step:
    """A question says which thing it is about."""
    wanted = rule.input(step.asks) if step.asks else None
    if wanted is None:
        return step
    iris, name = about(place, wanted)
    return replace(step, about=iris, about_name=name) if iris else step


def in_order(schemes: tuple[Scheme, ...]) -> tuple[tuple[Rule, ...], tuple[Broken, ...]]:
    """Every rule after those whose conclusions it takes; without those that cannot be used."""
    rules = {rule.iri: rule for scheme in schemes for rule in scheme.rules}
    broken: dict[str, Broken] = {}
    for rule in rules.values():
        if rule.calculation not in CALCULATIONS:
            broken[rule.iri] = Broken(rule.iri, "calculation", rule.calculation)
        for wanted in rule.inputs:
            if wanted.measure not in MEASURES:
                broken[rule.iri] = Broken(rule.iri, "measure", wanted.measure)
    while True:
        needs = {
            iri: [n for n in rule.needs if n in rules and n not in broken]
            for iri, rule in rules.items()
            if iri not in broken
        }
        try:
            order = list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = list(dict.fromkeys(error.args[1]))
            broken |= {iri: Broken(iri, "cycle", " → ".join(circle)) for iri in circle}
            continue
        return tuple(rules[iri] for iri in order), tuple(broken.values())
