"""Calculations that any scheme may use: thresholds, and units for hours."""

from musette_solid.model.rights.conclusions import Conclusion, Quantity
from musette_solid.model.rights.evaluation import ZERO, Evaluation, whole


def reached(e: Evaluation) -> None:
    """Check that an amount reaches a threshold; a second amount too, where the rule has a second threshold."""
    amount = e.number("amount")
    needed = e.quantity("threshold")
    e.check("reached", amount >= needed.number, amount=Quantity(amount, needed.unit), needed=needed, year=e.on.year)
    e.lacks(needed.number - amount, needed.unit)
    if any(parameter.key == "second-threshold" for parameter in e.rule.parameters):
        second, second_needed = e.maybe_number("second-amount"), e.quantity("second-threshold")
        e.check(
            "second-reached",
            None if second is None else second >= second_needed.number,
            "second-amount",
            amount=Quantity(second or ZERO, second_needed.unit),
            needed=second_needed,
            year=e.on.year,
        )
        if second is not None:
            e.lacks(second_needed.number - second, second_needed.unit)


def reaches_threshold(e: Evaluation) -> Conclusion:
    """An amount reaches a threshold, or two amounts theirs."""
    reached(e)
    status = e.status()
    return e.conclude(status, reached=status.value == "met")


def units_for_hours(e: Evaluation) -> Conclusion:
    """So many units for so many hours, whole ones only, so many a year at most."""
    hours = e.number("hours")
    each, units = e.parameter("hours-for-a-unit"), e.quantity("units")
    most = e.parameter("most-a-year")
    complete = whole(hours / each)
    earned = min(complete * units.number, most)
    e.check(
        "hours",
        earned > 0,
        hours=Quantity(hours, "hour"),
        each=Quantity(each, "hour"),
        units=Quantity(earned, units.unit),
        most=Quantity(most, units.unit),
        year=e.on.year,
    )
    if earned < most:
        e.lacks(each * (complete + 1) - hours, "hour")
        e.compute("next", missing=Quantity(each * (complete + 1) - hours, "hour"))
    e.moves(earned, units.unit)
    return e.conclude(e.status(), Quantity(earned, units.unit), units=earned)
