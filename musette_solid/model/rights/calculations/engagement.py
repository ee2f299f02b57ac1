"""CEC and volunteer firefighters. Source: C. trav. L5151-7 s., D5151-14; CSS R173-4-6."""

from datetime import date
from decimal import Decimal
from typing import Final

from musette_solid.model.rights.calculations.claims import reached
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation

EUR: Final = "eur"
HOUR: Final = "hour"


def _plus_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def cec_volunteering(e: Evaluation) -> Conclusion:
    """200 hours in the year, 100 of them in one association, on its board or leading volunteers; declared long enough."""
    last_day = date(e.on.year, 12, 31)
    hours = e.amounts("hours")
    total = sum(hours.values(), ZERO)
    needed, same = e.parameter("hours", last_day), e.parameter("hours-in-one", last_day)
    most_in, most = max(sorted(hours.items()), key=lambda pair: pair[1], default=("", ZERO))
    e.check(
        "hours", total >= needed, hours=Quantity(total, HOUR), needed=Quantity(needed, HOUR), year=e.on.year
    )  # fmt: skip
    e.check(
        "one-association",
        most >= same,
        hours=Quantity(most, HOUR),
        needed=Quantity(same, HOUR),
        organisation=most_in or "?",
        year=e.on.year,
    )
    e.lacks(max(needed - total, same - most), HOUR)
    e.check("board", e.maybe_flag("on-board"), "on-board", organisation=most_in or "?")
    declared = e.maybe_day("declared-on")
    years = e.parameter("association-years", last_day)
    old_enough = None if declared is None else _plus_years(declared, int(years)) <= last_day
    e.check(
        "association-age",
        old_enough,
        "declared-on",
        organisation=most_in or "?",
        years=Quantity(years, "year"),
        year=e.on.year,
    )
    e.check("public-interest", e.maybe_flag("public-interest"), "public-interest")
    _check_age(e, last_day)
    status = e.status()
    # The calculation that credits the account takes the category; this one says whether it is reached, and for how much.
    return e.conclude(status, _credit(e, status), **_named(e, status), hours=total)


def _check_age(e: Evaluation, on: date) -> None:
    least = e.parameter("least-age-apprentice" if e.flag("apprentice") else "least-age", on)
    age = e.maybe_number("age")
    if age is None and e.known("birth") is not None:
        birth = e.day("birth")
        age = Decimal(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))
    holds = None if age is None else age >= least
    e.check("age", holds, "birth", age=Quantity(age or ZERO, "year"), least=Quantity(least, "year"))


def _year_amount(e: Evaluation) -> Quantity:
    """In hours before 2019, in euros since."""
    last_day = date(e.on.year, 12, 31)
    return e.quantity("credit" if e.has_parameter("credit", last_day) else "credit-hours", last_day)


def _credit(e: Evaluation, status: Status) -> Quantity:
    return _year_amount(e) if status is Status.MET else Quantity(ZERO, EUR)


def _named(e: Evaluation, status: Status) -> dict[str, object]:
    """The credit of one category, in the outputs of its time: `euros`, and `credit_hours` before 2019."""
    credit = _credit(e, status)
    return {"euros": credit.number} if credit.unit == EUR else {"credit_hours": credit.number}


def cec_category(e: Evaluation) -> Conclusion:
    """A category of D5151-14 other than volunteering: an amount of engagement, and a second one where the text has one."""
    reached(e)
    status = e.status()
    named = {} if status is Status.UNKNOWN else _named(e, status)
    return e.conclude(status, _credit(e, status), reached=status is Status.MET, **named)


def cec_credit(e: Evaluation) -> Conclusion:
    """So much for each category reached in the year, never past the ceiling; in hours before 2019."""
    last_day = date(e.on.year, 12, 31)
    in_euros = e.has_parameter("credit", last_day)
    each = e.quantity("credit" if in_euros else "credit-hours", last_day)
    ceiling = e.parameter("ceiling" if in_euros else "ceiling-hours", last_day)
    open_ = e.texts("open-categories")
    balance = e.number("balance" if in_euros else "balance-hours")
    found = len(dict.fromkeys(e.texts("categories")))
    late = int(e.number("late"))
    if late:
        # What was declared after the deadline is not credited, even where its threshold is reached.
        e.compute("late", year=e.on.year)
        found = max(0, found - late)
    earned = each.number * found
    credit = min(earned, max(ZERO, ceiling - balance))
    if not found and open_:
        e.check("categories", None, None, count=0, each=each, year=e.on.year)
        return e.conclude(Status.UNKNOWN)
    said = Quantity(credit, each.unit)
    e.check("categories", found > 0, count=found, each=each, year=e.on.year, credit=said)
    if open_:
        e.doubt("others-open", count=len(open_))
    if credit < earned:
        e.check(
            "room",
            credit > 0,
            earned=Quantity(earned, each.unit),
            ceiling=Quantity(ceiling, each.unit),
            credit=Quantity(credit, each.unit),
        )
    worth = None if in_euros else Quantity(credit * e.parameter("hour-worth", last_day), EUR)
    if worth and credit:
        e.compute("converted", worth=worth)
    e.moves(credit, each.unit, worth=worth)
    named = {"euros" if in_euros else "hours": credit}
    return e.conclude(e.status(), Quantity(credit, each.unit), balance=balance + credit, **named)


def cec_declaration(e: Evaluation) -> Conclusion:
    """Hours of one year are declared from 1 January to 30 June of the next; the association validates by 31 December."""
    year = int(e.number("year"))
    first = date(year + 1, 1, 1)
    last = date(year + 1, int(e.parameter("last-month", first)), int(e.parameter("last-day", first)))
    declared = e.maybe_day("declared-on")
    today = e.maybe_day("today")
    if declared is None and today is not None and today > last:
        e.check("too-late", None, "declared-on", last=last, year=year)
        return e.conclude(Status.UNKNOWN)
    if declared is None:
        e.deadline(last, "declare", year)
        e.check("declare", None, "declared-on", first=first, last=last, year=year)
        return e.conclude(Status.UNKNOWN)
    e.check("in-time", first <= declared <= last, declared=declared, first=first, last=last, year=year)
    return e.conclude(e.status(), admissible=first <= declared <= last)


def _tier(e: Evaluation, years: Decimal, prefix: str) -> tuple[Decimal, Decimal | None]:
    """The last step reached on a ladder of years, and the years of the next one."""
    reached, following = ZERO, None
    for n in range(1, 6):
        if not any(p.key == f"{prefix}-years-{n}" for p in e.rule.parameters):
            break
        at = e.parameter(f"{prefix}-years-{n}")
        if years >= at:
            reached = e.parameter(f"{prefix}-{n}")
        else:
            following = at
            break
    return reached, following


def firefighter_quarters(e: Evaluation) -> Conclusion:
    """One quarter from 10 years of service, two from 20, three from 25, for pensions from 1 July 2026."""
    if not e.has_parameter("bonus-1"):
        e.check("pension", holds=False, on=e.on)
        return e.conclude(Status.NOT_APPLICABLE, Quantity(ZERO, "quarter"), quarters=ZERO)
    years = e.number("years")
    quarters, following = _tier(e, years, "bonus")
    e.check("years", quarters > 0, years=Quantity(years, "year"), quarters=Quantity(quarters, "quarter"))
    if following is not None:
        e.lacks(following - years, "year")
        e.compute("next", missing=Quantity(following - years, "year"))
    return e.conclude(e.status(), Quantity(quarters, "quarter"), quarters=quarters)


def firefighter_benefit(e: Evaluation) -> Conclusion:
    """The yearly benefit after 15 years of service, from 55."""
    years = e.number("years")
    amount, following = _tier(e, years, "benefit")
    e.check("years", amount > 0, years=Quantity(years, "year"), amount=Quantity(amount, EUR))
    higher = e.quantity("higher-years")
    if years >= higher.number:
        e.check("higher", None, None, higher=higher, amount=Quantity(amount, EUR))
    least = e.parameter("least-age")
    age = e.maybe_number("age")
    e.check(
        "age",
        None if age is None else age >= least,
        "age",
        least=Quantity(least, "year"),
        age=Quantity(age or ZERO, "year"),
    )
    if following is not None:
        e.lacks(following - years, "year")
    status = e.status()
    if status is Status.UNKNOWN:
        return e.conclude(status)
    due = amount if status is Status.MET else ZERO
    return e.conclude(status, Quantity(due, EUR), euros=due)
