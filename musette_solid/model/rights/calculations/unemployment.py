"""ARE and intermittents.

Source: règlements d'assurance chômage, décrets 2019-797, 2020-929, 2020-1716, 2021-346, 2023-33; annexes VIII and X. The reference salary of irregular careers and complex reloading are not simulated: they must be asked.
"""

from decimal import Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import Evaluation, cents, whole

DAY: Final = "day"
HOUR: Final = "hour"


def are_opening(e: Evaluation) -> Conclusion:
    """Enough days or hours worked in the reference period, on the law of the day the contract ended."""
    ended = e.day("contract-end")
    seasonal = e.flag("seasonal")
    has_own = seasonal and e.has_parameter("seasonal-days", ended)
    needed_days = e.parameter("seasonal-days" if has_own else "days", ended)
    needed_hours = e.parameter("seasonal-hours" if has_own else "hours", ended)
    period = _reference_months(e, ended)
    days, hours = e.maybe_number("days"), e.maybe_number("hours")
    enough = (days is not None and days >= needed_days) or (hours is not None and hours >= needed_hours)
    shown = {"days": Quantity(days, DAY)} if days is not None else {}
    shown |= {"hours": Quantity(hours, HOUR)} if hours is not None else {}
    e.check(
        "work" if days is not None and hours is not None else "work-hours" if days is None else "work-days",
        None if days is None and hours is None else enough,
        "days",
        needed_days=Quantity(needed_days, DAY),
        needed_hours=Quantity(needed_hours, HOUR),
        months=Quantity(period, "month"),
        on=ended,
        **shown,
    )
    if not enough:
        if e.has_parameter("reference-extension", ended):
            e.doubt("extended", more=e.quantity("reference-extension", ended))
        if days is not None:
            e.lacks(needed_days - days, DAY)
        if hours is not None:
            e.lacks(needed_hours - hours, HOUR)
        if days is not None and hours is not None:
            e.compute(
                "missing",
                days=Quantity(needed_days - days, DAY),
                hours=Quantity(needed_hours - hours, HOUR),
                months=Quantity(period, "month"),
            )
    e.check("loss", e.maybe_flag("involuntary"), "involuntary", on=ended)
    status = e.status()
    return e.conclude(
        status,
        open=None if status is Status.UNKNOWN else status is Status.MET,
        needed_days=needed_days,
        needed_hours=needed_hours,
        reference_months=period,
    )


def _reference_months(e: Evaluation, ended: object) -> Decimal:  # noqa: ARG001  (the law of the evaluation's day)
    age = e.maybe_number("age")
    senior = age is not None and age >= e.parameter("senior-age")
    return e.parameter("reference-senior" if senior else "reference")


def are_duration(e: Evaluation) -> Conclusion:
    """How long it may be paid: the days of affiliation, shortened since February 2023, within bounds that follow age."""
    age, days = e.number("age"), e.maybe_number("days")
    if age >= e.parameter("oldest-age"):
        longest = e.parameter("longest-oldest")
    elif age >= e.parameter("older-age"):
        longest = e.parameter("longest-older")
    else:
        longest = e.parameter("longest")
    if days is None:
        e.check("days", None, "days", longest=Quantity(longest, DAY))
        return e.conclude(Status.UNKNOWN, None, longest=longest)
    least = e.parameter("shortest")
    duration = min(longest, max(least, whole(days * e.parameter("coefficient"))))
    e.check(
        "duration", holds=True, age=Quantity(age, "year"), days=Quantity(duration, DAY), longest=Quantity(longest, DAY)
    )
    return e.conclude(Status.MET, Quantity(duration, DAY), days=duration, longest=longest)


def are_amount(e: Evaluation) -> Conclusion:
    """The daily allowance for a reference daily salary: the better of two formulas, a floor, and 75 % of the salary at most."""
    salary = e.number("daily-salary")
    by_parts = salary * e.parameter("rate-with-fixed") + e.parameter("fixed")
    by_rate = salary * e.parameter("rate")
    better = max(by_parts, by_rate, e.parameter("minimum"))
    amount = cents(min(better, salary * e.parameter("most-share")))
    e.check("amount", holds=True, salary=Quantity(salary, "eur"), amount=Quantity(amount, "eur"), on=e.on)
    return e.conclude(Status.MET, Quantity(amount, "eur"), daily_euros=amount)


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
