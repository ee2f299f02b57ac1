"""Retirement quarters. Source: CSS R351-5, R351-9, R351-12; L. 2023-270; LFSS 2026."""

from datetime import date
from decimal import Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Shown, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation, day_number, whole

QUARTER: Final = "quarter"
RANK: Final = "rank"


def _threshold(e: Evaluation) -> Decimal:
    """What validates one quarter: so many hours of the minimum wage of 1 January, whatever it became during the year."""
    new_year = date(e.on.year, 1, 1)
    return e.parameter("smic", new_year) * e.parameter("hours-for-a-quarter", new_year)


def _from_income(e: Evaluation, income: Decimal, key: str, **shown: Shown) -> Conclusion:
    threshold = _threshold(e)
    most = e.parameter("most-a-year")
    complete = whole(income / threshold)
    quarters = min(most, complete)
    e.check(
        key,
        quarters >= 1,
        income=Quantity(income, "eur"),
        threshold=Quantity(threshold, "eur"),
        quarters=Quantity(quarters, QUARTER),
        most=Quantity(most, QUARTER),
        asks=None,
        year=e.on.year,
        **shown,
    )
    if quarters < most:
        missing = threshold * (quarters + 1) - income
        e.lacks(missing, "eur")
        e.compute("next", missing=Quantity(missing, "eur"), rank=Quantity(quarters + 1, RANK))
    status = Status.MET if quarters else Status.NOT_MET
    return e.conclude(status, Quantity(quarters, QUARTER), quarters=quarters, threshold=threshold)


def quarters_from_salary(e: Evaluation) -> Conclusion:
    """`min(4, floor(gross salary / threshold))`: earned at any time of the year, it counts for the whole of it."""
    return _from_income(e, e.number("salary"), "salary")


def quarters_from_turnover(e: Evaluation) -> Conclusion:
    """The same for a micro-entrepreneur, on what is left of the turnover after the flat allowance of each activity."""
    turnover = e.amounts("turnover")
    kept = ZERO
    for nature, amount in sorted(turnover.items()):
        share = e.parameter(f"share-{nature}")
        kept += amount * share
        e.compute(f"share-{nature}", turnover=Quantity(amount, "eur"), kept=Quantity(amount * share, "eur"))
    return _from_income(e, kept, "income", turnover=Quantity(sum(turnover.values(), ZERO), "eur"))


#: The days that count as if contributions had been paid: sickness and work accident are counted together (circ. Cnav 2017/1).
ASSIMILATED: Final = (("unemployment",), ("sickness", "accident"), ("maternity",), ("training",), ("national-service",))


def quarters_assimilated(e: Evaluation) -> Conclusion:
    """One quarter for so many days of each kind, or hours of partial unemployment; counted apart, four a year in all."""
    most = e.parameter("most-a-year")
    found = [_of_days(e, kinds) for kinds in ASSIMILATED]
    found.append(_of_hours(e))
    kept = min(sum((quarters for quarters, _ in found), ZERO), most)
    e.check("total", kept >= 1, quarters=Quantity(kept, QUARTER), most=Quantity(most, QUARTER), year=e.on.year)
    if kept < most:
        # The nearest of each unit: another quarter takes days of one kind, or hours.
        for unit in ("day", "hour"):
            lacking = [lack.number for _, lack in found if lack and lack.unit == unit]
            e.lacks(min(lacking, default=ZERO), unit)
    return e.conclude(Status.MET if kept else Status.NOT_MET, Quantity(kept, QUARTER), quarters=kept)


def _of_days(e: Evaluation, kinds: tuple[str, ...]) -> tuple[Decimal, Quantity | None]:
    """The quarters of some kinds of days counted together, and the days that one more takes."""
    there = {kind: days for kind in kinds if (days := e.number(f"{kind}-days"))}
    if not there:
        return ZERO, None
    days, first = sum(there.values(), ZERO), next(iter(there))
    if not e.has_parameter(f"days-{first}"):
        e.compute("too-early", days=Quantity(days, "day"), year=e.on.year)
        return ZERO, None
    needed = e.quantity(f"days-{first}")
    return _complete(e, first if len(there) == 1 else "illness", Quantity(days, "day"), needed)


def _of_hours(e: Evaluation) -> tuple[Decimal, Quantity | None]:
    hours = Quantity(e.number("partial-hours"), "hour")
    if not hours.number:
        return ZERO, None
    if not e.has_parameter("hours-partial"):
        e.compute("partial-too-early", days=hours, year=e.on.year)
        return ZERO, None
    return _complete(e, "partial", hours, e.quantity("hours-partial"))


def _complete(e: Evaluation, key: str, there: Quantity, needed: Quantity) -> tuple[Decimal, Quantity]:
    quarters = whole(there.number / needed.number)
    e.compute(key, days=there, needed=needed, quarters=Quantity(quarters, QUARTER), year=e.on.year)
    return quarters, Quantity(needed.number * (quarters + 1) - there.number, there.unit)


def quarters_of_family(e: Evaluation) -> Conclusion:
    """Months of AVPF or AVA, each worth 169 hours of the minimum wage of the last July, as a salary: four a year at most.

    Whether one ever was registered is asked once; the months of a year only of those who were.
    """
    months = e.maybe_number("months")
    if months is None and e.maybe_flag("registered") is None:
        e.check("registered", None, "registered", year=e.on.year)
        return e.conclude(Status.UNKNOWN)
    if months is None and e.flag("registered"):
        months = e.number("months")
    if not months:
        e.check(
            "income", holds=False, base=Quantity(ZERO, "eur"), threshold=Quantity(_threshold(e), "eur"), year=e.on.year
        )
        return e.conclude(Status.NOT_MET, Quantity(ZERO, QUARTER), quarters=ZERO, base=ZERO)
    hours = e.quantity("family-hours")
    base = months * hours.number * e.parameter("smic", date(e.on.year - 1, 7, 1))
    shown: dict[str, Shown] = {"months": Quantity(months, "month"), "base": Quantity(base, "eur"), "year": e.on.year}
    e.compute("base", hours=hours, **shown)
    threshold, most = _threshold(e), e.parameter("most-a-year")
    quarters = min(most, whole(base / threshold))
    e.check(
        "income",
        quarters >= 1,
        asks=None,
        threshold=Quantity(threshold, "eur"),
        quarters=Quantity(quarters, QUARTER),
        most=Quantity(most, QUARTER),
        **shown,
    )
    return e.conclude(
        Status.MET if quarters else Status.NOT_MET, Quantity(quarters, QUARTER), quarters=quarters, base=base
    )


def quarters_from_service(e: Evaluation) -> Conclusion:
    """Service civique: by its length until 2013 (the State topped up), by its taxed indemnity since 2014."""
    most = e.parameter("most-a-year")
    if e.on.year >= int(e.parameter("indemnity-from-year")):
        return _from_income(e, e.number("indemnity"), "indemnity")
    days = e.number("days")
    needed = e.parameter("days-for-a-quarter")
    quarters = min(most, whole(days / needed))
    e.check("days", quarters >= 1, days=Quantity(days, "day"), quarters=Quantity(quarters, QUARTER), year=e.on.year)
    return e.conclude(Status.MET if quarters else Status.NOT_MET, Quantity(quarters, QUARTER), quarters=quarters)


def quarters_of_the_year(e: Evaluation) -> Conclusion:
    """Contributed and assimilated quarters together, four a civil year; both counts are kept, since they differ later.

    Four that are sure are four, whatever is not known of the others.
    """
    most = e.parameter("most-a-year")
    known = {
        key: e.maybe_number(f"{key}-quarters") for key in ("salary", "turnover", "assimilated", "service", "family")
    }
    parts = {key: number or ZERO for key, number in known.items()}
    total = sum(parts.values(), ZERO)
    contributed = min(most, parts["salary"] + parts["turnover"])
    kept = min(most, total)
    open_ = next((key for key, number in known.items() if number is None), None)
    unsure = open_ is not None and total < most
    e.check(
        "total",
        None if unsure else kept >= 1,
        f"{open_}-quarters" if unsure else None,
        year=e.on.year,
        salary=Quantity(parts["salary"], QUARTER),
        turnover=Quantity(parts["turnover"], QUARTER),
        assimilated=Quantity(parts["assimilated"], QUARTER),
        service=Quantity(parts["service"], QUARTER),
        family=Quantity(parts["family"], QUARTER),
        total=Quantity(total, QUARTER),
        quarters=Quantity(kept, QUARTER),
        most=Quantity(most, QUARTER),
    )
    if unsure:
        return e.conclude(Status.UNKNOWN, None, at_least=kept)
    if total > most:
        e.compute("capped", total=Quantity(total, QUARTER), most=Quantity(most, QUARTER))
    e.compute("kinds", contributed=Quantity(contributed, QUARTER), rest=Quantity(kept - contributed, QUARTER))
    e.moves(kept, QUARTER)
    if kept < most:
        e.lacks(most - kept, QUARTER)
    return e.conclude(
        Status.MET if kept else Status.NOT_MET,
        Quantity(kept, QUARTER),
        quarters=kept,
        contributed=contributed,
        assimilated=kept - contributed,
    )


def _years_after(day: date, months: Decimal) -> date:
    total = day.year * 12 + day.month - 1 + int(months)
    # A person born on the 31st reaches an age in a shorter month on its last day, near enough for a year's rule.
    return date(total // 12, total % 12 + 1, min(day.day, 28))


def quarters_required(e: Evaluation) -> Conclusion:
    """How many quarters a full pension takes, by birth and by the day of the pension: two tables, since LFSS 2026."""
    birth = e.day("birth")
    pension = e.maybe_day("pension-on")
    switch = day_number(e.parameter("new-table-from"))
    if pension is None:
        pension = _years_after(birth, e.parameter("age-months", birth))
    table = "quarters-new" if pension >= switch else "quarters"
    needed = e.parameter(table, birth)
    age = e.parameter("age-months", birth)
    years, months = divmod(int(age), 12)
    has = e.maybe_number("balance")
    values: dict[str, Shown] = {
        "birth": birth,
        "needed": Quantity(needed, QUARTER),
        "years": Quantity(Decimal(years), "year"),
        "months": Quantity(Decimal(months), "month"),
    }
    e.compute("table", **values)
    if has is None:
        return e.conclude(Status.MET, Quantity(needed, QUARTER), quarters=needed, age_months=age)
    e.check("enough", has >= needed, asks=None, has=Quantity(has, QUARTER), **values)
    e.lacks(needed - has, QUARTER)
    return e.conclude(e.status(), Quantity(needed, QUARTER), quarters=needed, age_months=age)
