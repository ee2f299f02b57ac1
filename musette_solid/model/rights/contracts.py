"""Contracts of employment as the law of unemployment looks at them: the last end, and what lies in the reference period before it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from musette_solid.model.activity import Activity
from musette_solid.model.rights.evaluation import day_number
from musette_solid.model.rights.facts import span, within
from musette_solid.model.rights.places import Place, born
from musette_solid.rdf import terms

EMPLOYMENT: Final = str(terms.SPHERE_EMPLOYMENT)


def contracts(place: Place) -> list[tuple[tuple[date, date], Activity]]:
    return [
        (period, a)
        for a in place.life.activities
        if str(a.sphere) == EMPLOYMENT and a.part_of not in place.life.by_iri and (period := span(a, place.life.as_of))
    ]


def contract_end_day(place: Place) -> date | None:
    """The end of the latest contract; of one that goes on, the day of the simulation: as if it ended now."""
    return max((last for (_, last), _ in contracts(place)), default=None)


def in_reference(place: Place) -> list[tuple[tuple[date, date], Activity]]:
    """The parts of contracts that lie in the reference period before the last end."""
    end = contract_end_day(place)
    if end is None or place.rule is None:
        return []
    said = born(place)
    age = end.year - said.day.year - ((end.month, end.day) < (said.day.month, said.day.day)) if said and said.day else 0
    rule = place.rule

    def value(key: str) -> Decimal:
        parameter = rule.parameter(key)
        known = parameter.on(end) if parameter else None
        return known[1] if known else Decimal(0)

    months, senior, from_age = (rule.parameter(key) for key in ("reference", "reference-senior", "senior-age"))
    found = months.on(end) if months else None
    if senior and from_age and (at := from_age.on(end)) and age >= at[1]:
        found = senior.on(end)
    more = value("reference-extension")
    count = end.year * 12 + end.month - 1 - int((found[1] if found else 24) + more)
    begin = date(count // 12, count % 12 + 1, min(end.day, 28))
    if second := value("second-extension-from"):
        begin -= end - day_number(second) + timedelta(days=1)
    return [(part, a) for period, a in contracts(place) if (part := within(period, begin, end))]
