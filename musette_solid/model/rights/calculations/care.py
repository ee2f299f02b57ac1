"""AJPA and AVA. Source: CSS D168-11 s., L381-2; décret 2024-697; circ. Cnav 2024-28."""

from datetime import date
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation, cents

DAY: Final = "day"


def ajpa_days_left(e: Evaluation) -> Conclusion:
    """How many days can be had for one person: 66 for each since 2025 and 264 in a life; 66 in a life before."""
    if not e.has_parameter("days-each"):
        e.check("not-yet", holds=False, on=e.on)
        return e.conclude(Status.NOT_APPLICABLE, Quantity(ZERO, DAY), days=ZERO)
    taken = e.amounts("taken")
    person = e.text("person")
    each, life = e.parameter("days-each"), e.parameter("days-life")
    for_this = max(ZERO, each - taken.get(person, ZERO))
    for_life = max(ZERO, life - sum(taken.values(), ZERO))
    left = min(for_this, for_life)
    wanted = e.maybe_number("wanted")
    granted = left if wanted is None else min(wanted, left)
    in_month = e.maybe_number("wanted-in-month")
    monthly, months = e.parameter("days-a-month"), e.maybe_number("months")
    if in_month is not None:
        granted = min(granted, monthly, in_month)
    if months is not None:
        granted = min(granted, monthly * months)
    euros = cents(granted * e.parameter("day-amount")) if e.has_parameter("day-amount") else None
    e.compute(
        "left-for-person",
        left=Quantity(for_this, DAY),
        each=Quantity(each, DAY),
        taken=Quantity(taken.get(person, ZERO), DAY),
    )
    e.compute("left-in-life", left=Quantity(for_life, DAY), life=Quantity(life, DAY))
    e.check("days", granted > 0, days=Quantity(granted, DAY), month=Quantity(monthly, DAY), on=e.on)
    outputs = {"days": granted, "left_for_person": for_this, "left_in_life": for_life}
    return e.conclude(e.status(), Quantity(granted, DAY), **outputs, euros=euros)


def ajpa_days_taken(e: Evaluation) -> Conclusion:
    """The days taken in a year: they leave the account, and are paid so much each (taxable)."""
    days = e.number("days")
    amount = e.parameter("day-amount", date(e.on.year, 12, 31))
    euros = cents(days * amount)
    e.check(
        "taken",
        days > 0,
        days=Quantity(days, DAY),
        amount=Quantity(amount, "eur"),
        euros=Quantity(euros, "eur"),
        year=e.on.year,
    )
    e.moves(-days, DAY)
    return e.conclude(e.status(), Quantity(-days, DAY), days=days, euros=euros)


def ava_affiliation(e: Evaluation) -> Conclusion:
    """Old-age insurance of carers: automatic with the AJPA, on request with the leave, since 1 September 2023."""
    if not e.has_parameter("in-force"):
        e.check("not-yet", holds=False, on=e.on)
        return e.conclude(Status.NOT_APPLICABLE, affiliated=False)
    e.parameter("in-force")
    if e.number("ajpa-days"):
        e.check("automatic", holds=True, year=e.on.year)
        return e.conclude(Status.MET, automatic=True, affiliated=True)
    leave = e.maybe_flag("on-leave")
    e.check("on-request", leave, "on-leave", year=e.on.year)
    return e.conclude(e.status(), automatic=False, affiliated=leave)
