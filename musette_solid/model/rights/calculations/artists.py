"""Performing artists and technicians (annexes VIII and X). Source: annexes VIII and X to the règlement d'assurance chômage."""

from decimal import Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import Evaluation

DAY: Final = "day"
HOUR: Final = "hour"


def _is_month(when: str) -> bool:
    """Whether fees are those of one month (`2024-03`, or any name of one), and not of a year or of no said time."""
    return when not in {"", "?"} and not (when.isdigit() and len(when) == 4)


def intermittent_hours(e: Evaluation) -> Conclusion:
    """507 hours in 12 months: fees count 12 hours each, 28 a month; teaching and training up to their own limits."""
    hours, given = e.number("hours"), e.amounts("fees")
    months, teaching = e.number("fee-months"), e.number("teaching")
    training, covered = e.number("training"), e.number("covered-days")
    most_fees, fees = e.parameter("most-fees-a-month"), sum(given.values(), Decimal(0))
    counted_fees = sum(
        (min(n, most_fees * (1 if _is_month(when) else months)) for when, n in given.items()), Decimal(0)
    )
    from_fees = counted_fees * e.parameter("hours-a-fee")
    younger, older = e.parameter("most-teaching"), e.parameter("most-teaching-older")
    age = e.maybe_number("age")
    if age is None and teaching > younger:
        e.known("age")
    limit = older if age is not None and age >= e.parameter("older-age") else younger
    kept_teaching = min(teaching, limit)
    kept_training = min(training + kept_teaching, e.parameter("most-training"))
    from_cover = covered * e.parameter("hours-a-covered-day")
    total = hours + from_fees + kept_training + from_cover
    needed = e.parameter("hours")
    if fees:
        e.compute("fees", fees=counted_fees, given=fees, hours=Quantity(from_fees, HOUR))
    if teaching or training:
        e.compute(
            "teaching",
            teaching=Quantity(teaching, HOUR),
            kept=Quantity(kept_training, HOUR),
            limit=Quantity(limit, HOUR),
        )
    if covered:
        e.compute("covered", days=Quantity(covered, DAY), hours=Quantity(from_cover, HOUR))
    with_older = total - kept_training + min(training + min(teaching, older), e.parameter("most-training"))
    # Below 50 or above: only when it makes the difference is the age worth asking for.
    unsure = age is None and total < needed <= with_older
    e.check(
        "total",
        None if unsure else total >= needed,
        "age" if unsure else None,
        hours=Quantity(total, HOUR),
        needed=Quantity(needed, HOUR),
    )
    e.lacks(needed - total, HOUR)
    status = e.status()
    return e.conclude(
        status, Quantity(total, HOUR), hours=total, open=None if status is Status.UNKNOWN else status is Status.MET
    )
