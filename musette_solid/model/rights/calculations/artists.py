"""Performing artists and technicians (annexes VIII and X). Source: annexes VIII and X to the règlement d'assurance chômage."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """507 hours in 12 months: fees count 12 hours each, 28 a month; teaching and training up to their own limits.

    The months are those before the end of the last contract. What was noted for a year that only partly lies in them is
    counted neither way: when it decides, it is asked for by month.
    """
    until = e.maybe_day("window-end")
    if until is not None:
        e.compute("window", months=e.quantity("window", until), until=until)
    given = e.amounts("fees")
    months = e.number("fee-months")
    most_fees = e.parameter("most-fees-a-month")
    fees = sum((min(n, most_fees * (1 if _is_month(when) else months)) for when, n in given.items()), Decimal(0))
    known = _Year(e.number("hours"), fees, e.number("teaching"), e.number("training"), e.number("covered-days"))
    younger, older = e.parameter("most-teaching"), e.parameter("most-teaching-older")
    age = e.maybe_number("age")
    if age is None and known.teaching > younger:
        e.known("age")
    limit = older if age is not None and age >= e.parameter("older-age") else younger
    total = _total(e, known, limit)
    needed = e.parameter("hours")
    if given:
        e.compute(
            "fees",
            fees=fees,
            given=sum(given.values(), Decimal(0)),
            hours=Quantity(fees * e.parameter("hours-a-fee"), HOUR),
        )
    if known.teaching or known.training:
        e.compute(
            "teaching",
            teaching=Quantity(known.teaching, HOUR),
            kept=Quantity(_kept_training(e, known, limit), HOUR),
            limit=Quantity(limit, HOUR),
        )
    if known.covered:
        from_cover = known.covered * e.parameter("hours-a-covered-day")
        e.compute("covered", days=Quantity(known.covered, DAY), hours=Quantity(from_cover, HOUR))
    # Below 50 or above, these months or those: only what makes the difference is worth asking for.
    asks = "age" if age is None and total < needed <= _total(e, known, older) else None
    across = e.amounts("unplaced")
    most = known.with_(across)
    if asks is None and total < needed <= _total(e, most, limit):
        asks = "unplaced"
    if asks == "unplaced":
        e.check("unplaced", None, asks, hours=Quantity(total, HOUR), most=Quantity(_total(e, most, limit), HOUR))
    else:
        e.check(
            "total",
            None if asks else total >= needed,
            asks,
            hours=Quantity(total, HOUR),
            needed=Quantity(needed, HOUR),
        )
    e.lacks(needed - total, HOUR)
    status = e.status()
    return e.conclude(
        status, Quantity(total, HOUR), hours=total, open=None if status is Status.UNKNOWN else status is Status.MET
    )


@dataclass(frozen=True)
class _Year:
    """What was done in twelve months: hours, fees that count, hours of teaching and of training, days covered."""

    hours: Decimal
    fees: Decimal
    teaching: Decimal
    training: Decimal
    covered: Decimal

    def with_(self, more: Mapping[str, Decimal]) -> "_Year":
        """The most it can be, with all of what is noted for a whole year."""
        zero = Decimal(0)
        return _Year(
            self.hours + more.get("hours", zero),
            self.fees + more.get("fees", zero),
            self.teaching + more.get("teaching", zero),
            self.training + more.get("training", zero),
            self.covered + more.get("days", zero),
        )


def _kept_training(e: Evaluation, year: _Year, limit: Decimal) -> Decimal:
    return min(year.training + min(year.teaching, limit), e.parameter("most-training"))


def _total(e: Evaluation, year: _Year, limit: Decimal) -> Decimal:
    from_fees = year.fees * e.parameter("hours-a-fee")
    return year.hours + from_fees + _kept_training(e, year, limit) + year.covered * e.parameter("hours-a-covered-day")
