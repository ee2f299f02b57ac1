"""Where a rule is being evaluated, and what of a life is seen from there: a year, a whole life, or the months of a window."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from musette_solid.model.activity import Activity
from musette_solid.model.rights.conclusions import Conclusion
from musette_solid.model.rights.facts import Life, Stated, Year
from musette_solid.model.rights.schemes import Input, Rule
from musette_solid.rdf import terms

BIRTH: Final = str(terms.FACT_KIND_BIRTH_DATE)


@dataclass(frozen=True)
class Place:
    """Where a rule is being evaluated: a year or a whole life, one activity or all, after other rules."""

    life: Life
    on: date
    year: Year | None = None
    subject: Activity | None = None
    rule: Rule | None = None
    concluded: Mapping[str, tuple[Conclusion, ...]] = field(default_factory=dict)
    #: By account and unit.
    balances: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    contradicted: frozenset[tuple[str, int]] = frozenset()

    @property
    def stated(self) -> tuple[Stated, ...]:
        return self.year.stated if self.year else self.life.stated

    def of_kinds(self, wanted: Input) -> list[Stated]:
        """Facts of the kinds of an input; about the activity, where the rule is about one; of the months it looks at."""
        subject = self.subject.iri if self.subject else None
        found = [
            s for s in self.stated if s.kind in wanted.fact_kinds and (subject is None or s.activity in {subject, None})
        ]
        return [s for s in found if lies(s, self.window) == "inside"] if self.window else found

    @cached_property
    def window(self) -> tuple[date, date] | None:
        """The months that a rule with a `window` looks at: so many, until the last one that anything is noted for."""
        months = self.rule.parameter("window") if self.rule and self.year is None else None
        if months is None or self.rule is None:
            return None
        kinds = {kind for i in self.rule.inputs if i.measure != "age" for kind in i.fact_kinds}
        this_month = month_end(self.life.as_of)
        ends = [
            min(s.period.last(), this_month)
            for s in self.life.stated
            if s.kind in kinds and s.period and s.period.first() <= this_month
        ]
        known = months.on(max(ends)) if ends else None
        if known is None:
            return None
        last = month_end(max(ends))
        begin = last.year * 12 + last.month - int(known[1])
        return date(begin // 12, begin % 12 + 1, 1), last

    @property
    def first(self) -> date:
        return date(self.on.year, 1, 1)

    @property
    def last(self) -> date:
        return min(date(self.on.year, 12, 31), self.life.as_of)


def month_end(day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


def lies(fact: Stated, window: tuple[date, date]) -> str:
    """Where a fact lies: `inside` the months of a window, `across` its edge, or `outside`; what has no time is everywhere."""
    if fact.period is None:
        return "inside"
    first, last = fact.period.first(), fact.period.last()
    if first > window[1] or last < window[0]:
        return "outside"
    return "inside" if first >= window[0] else "across"


def born(place: Place) -> Stated | None:
    return next((s for s in place.life.stated if s.kind == BIRTH and s.day), None)
