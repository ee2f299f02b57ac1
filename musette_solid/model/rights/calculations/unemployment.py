"""ARE: opening, duration, daily amount, reduction after six months, and beside a salary.

Source: règlements d'assurance chômage, décrets 2019-797, 2020-425, 2020-929, 2020-1716, 2021-346, 2023-33. The reference salary
of irregular careers and complex reloading are not simulated: they must be asked.
"""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Shown, Status
from musette_solid.model.rights.evaluation import Evaluation, cents, day_number, whole

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


def _reference_months(e: Evaluation, ended: date) -> Decimal:
    """The months in which work is looked for; longer for the older, and for the spring of 2020."""
    age = e.maybe_number("age")
    senior = age is not None and age >= e.parameter("senior-age")
    months = e.parameter("reference-senior" if senior else "reference")
    more = Decimal(0)
    if e.applies("reference-extension", ended):
        more = e.parameter("reference-extension", ended)
        e.compute("extended", more=Quantity(more, "month"), months=Quantity(months + more, "month"))
    if e.applies("second-extension-from", ended):
        since = day_number(e.parameter("second-extension-from", ended))
        # The texts extend it by the days until mid-2021, whenever the contract ended: these are sure, more may count.
        e.doubt("extended-again", more=Quantity(Decimal((ended - since).days + 1), DAY))
    return months + more


def _longest(e: Evaluation, age: Decimal) -> Decimal:
    if age >= e.parameter("oldest-age"):
        return e.parameter("longest-oldest")
    return e.parameter("longest-older" if age >= e.parameter("older-age") else "longest")


def are_longest(e: Evaluation) -> Conclusion:
    """How long it may last at most: three classes of age, at the end of the contract."""
    age = e.number("age")
    longest = Quantity(_longest(e, age), DAY)
    e.check("longest", holds=True, age=Quantity(age, "year"), longest=longest, on=e.on)
    return e.conclude(Status.MET, longest, longest=longest.number)


def are_duration(e: Evaluation) -> Conclusion:
    """How long it may be paid: the days of affiliation, shortened since February 2023, within bounds that follow age."""
    age, days = e.number("age"), e.maybe_number("days")
    longest = _longest(e, age)
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


def are_degressivity(e: Evaluation) -> Conclusion:
    """Thirty percent less after six months of benefit, above a floor, for those who are not old enough."""
    amount = e.number("daily-amount")
    floor, full = e.quantity("degressivity-floor"), e.quantity("degressivity-days")
    shown: dict[str, Shown] = {"amount": Quantity(amount, "eur"), "floor": floor}
    if not e.check("above", amount > floor.number, asks=None, **shown):
        return _unreduced(e, amount, floor)
    age, limit = e.maybe_number("age"), e.quantity("degressivity-age")
    young = None if age is None else age < limit.number
    e.check("age", young, "age", limit=limit, age=Quantity(age or Decimal(0), "year"))
    if young is False:
        return _unreduced(e, amount, floor)
    reduced = cents(max(amount * e.parameter("degressivity-share"), floor.number))
    day = e.maybe_number("day")
    begun = day is None or day > full.number
    e.check("time", begun, asks=None, full=full, reduced=Quantity(reduced, "eur"), **shown)
    if e.status() is Status.NOT_MET:
        return _unreduced(e, amount, floor)
    if e.status() is Status.UNKNOWN:
        return e.conclude(Status.UNKNOWN, None, floor=floor.number)
    return e.conclude(Status.MET, Quantity(reduced, "eur"), daily_euros=reduced, reduced=True, floor=floor.number)


def _unreduced(e: Evaluation, amount: Decimal, floor: Quantity) -> Conclusion:
    return e.conclude(
        Status.NOT_MET, Quantity(amount, "eur"), daily_euros=amount, reduced=False, floor=floor.number
    )  # fmt: skip


def are_complement(e: Evaluation) -> Conclusion:
    """One month of benefit beside a salary taken up again: what is left after 70 % of it, in whole days, below the former salary.

    Of an allowance that is said for the month, what is left is worked out, not in how many days it is paid.
    """
    monthly = e.maybe_number("monthly-amount")
    if monthly is not None:
        return _complement_of_month(e, monthly)
    amount, pay = e.number("daily-amount"), e.number("pay")
    days = e.maybe_number("days-of-month")
    if days is None:
        of_month = Decimal(monthrange(e.on.year, e.on.month)[1])
        days = e.parameter("month-days") if e.has_parameter("month-days") else of_month
    rest = _after_salary(e, "rest", amount * days, pay, days=Quantity(days, DAY))
    salary, cap_days = e.maybe_number("daily-salary"), e.parameter("cap-days")
    # An allowance is 75 % of the former salary at most: what stays below that needs no further question.
    if salary is None and rest and pay + rest > amount / e.parameter("most-share") * cap_days:
        e.check("cap", None, "daily-salary")
        return e.conclude(Status.UNKNOWN, None, rest=rest)
    rest = _below_former(e, rest, pay, salary, cap_days)
    paid = (rest / amount).quantize(Decimal(1), ROUND_HALF_UP) if amount else Decimal(0)
    euros = cents(paid * amount)
    e.check(
        "days",
        paid > 0,
        rest=Quantity(rest, "eur"),
        amount=Quantity(amount, "eur"),
        paid=Quantity(paid, DAY),
        left=Quantity(days - paid, DAY),
        euros=Quantity(euros, "eur"),
        total=Quantity(pay + euros, "eur"),
        pay=Quantity(pay, "eur"),
    )
    return e.conclude(e.status(), Quantity(euros, "eur"), days=paid, euros=euros, total=pay + euros, rest=rest)


def _complement_of_month(e: Evaluation, month: Decimal) -> Conclusion:
    pay = e.number("pay")
    rest = _after_salary(e, "rest-of-month", month, pay)
    salary = e.maybe_number("daily-salary")
    rest = cents(_below_former(e, rest, pay, salary, e.parameter("cap-days")))
    shown: dict[str, Shown] = {
        "pay": Quantity(pay, "eur"),
        "euros": Quantity(rest, "eur"),
        "total": Quantity(pay + rest, "eur"),
    }
    if salary is None:
        e.doubt("former-unknown")
    e.check("month", rest > 0, asks=None, **shown)
    return e.conclude(e.status(), Quantity(rest, "eur"), euros=rest, total=pay + rest, rest=rest)


def _after_salary(e: Evaluation, key: str, month: Decimal, pay: Decimal, **shown: Shown) -> Decimal:
    share = e.quantity("counted-share")
    rest = max(Decimal(0), month - pay * share.number)
    of_both = {"whole": Quantity(month, "eur"), "pay": Quantity(pay, "eur"), "rest": Quantity(rest, "eur")}
    e.compute(key, share=share, **of_both, **shown)
    return rest


def _below_former(e: Evaluation, rest: Decimal, pay: Decimal, salary: Decimal | None, cap_days: Decimal) -> Decimal:
    """What does not lift salary and allowance above the former salary of a month."""
    if salary is None or not rest:
        return rest
    cap = salary * cap_days
    room = max(Decimal(0), cap - pay)
    if rest <= room:
        e.check("cap", holds=True, cap=Quantity(cap, "eur"))
        return rest
    e.compute("capped", cap=Quantity(cap, "eur"), rest=Quantity(room, "eur"))
    return room
