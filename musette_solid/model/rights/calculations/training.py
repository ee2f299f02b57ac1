"""CPF, VAE, bilan de compétences. Source: C. trav. L6323-4, L6323-11, R6323-1, R6313-4, L6411-1."""

from calendar import isleap
from decimal import Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation, cents_up

EUR: Final = "eur"


def cpf_credit(e: Evaluation) -> Conclusion:
    """The credit of a year: whole from half time, else in proportion; never past the ceiling.

    The proportion below half time is not settled: both readings are shown.
    """
    majored = e.flag("majored")
    full = e.parameter("credit-majored" if majored else "credit")
    ceiling = e.parameter("ceiling-majored" if majored else "ceiling")
    half = e.parameter("half-time")
    share = e.number("work-share")
    days_in_year = Decimal(366 if isleap(e.on.year) else 365)
    leave = min(e.parameter("whole-time"), e.number("leave-share") + e.number("leave-days") / days_in_year)
    if leave:
        # L6323-12: these leaves are counted as work.
        e.compute("leave", leave=Quantity(leave * 100, "percent"))
        share += leave
    if e.number("self-employed-share"):
        paid = e.maybe_flag("contribution-paid")
        if e.check("contribution", paid, "contribution-paid", year=e.on.year) is None:
            return e.conclude(Status.UNKNOWN, None)
        if paid:
            share += e.number("self-employed-share")
    balance = e.number("balance")
    percent = Quantity(min(share, e.parameter("whole-time")) * 100, "percent")
    earned = other = full
    if share >= half:
        e.compute("whole", share=percent, earned=Quantity(earned, EUR), year=e.on.year)
    else:
        # R6323-1: in proportion; rounded up to the cent.
        earned = cents_up(full * share)
        other = cents_up(full * share / half)
        e.doubt("prorata", share=percent, earned=Quantity(earned, EUR), other=Quantity(other, EUR), year=e.on.year)
    room = max(ZERO, ceiling - balance)
    credit = min(earned, room)
    if credit < earned:
        e.compute("capped", earned=Quantity(earned, EUR), ceiling=Quantity(ceiling, EUR), credit=Quantity(credit, EUR))
    e.check(
        "credit",
        credit > 0,
        credit=Quantity(credit, EUR),
        balance=Quantity(balance + credit, EUR),
        ceiling=Quantity(ceiling, EUR),
        year=e.on.year,
    )
    e.moves(credit, EUR)
    return e.conclude(
        e.status(),
        Quantity(credit, EUR),
        credit=credit,
        balance=balance + credit,
        uncertain=share < half,
        low=min(earned, room),
        high=min(other, full, room),
    )


def cpf_participation(e: Evaluation) -> Conclusion:
    """What the person pays of a course, since 2 May 2024, unless somebody tops it up or they are looking for work."""
    if not e.has_parameter("participation"):
        e.check("before", holds=False, on=e.on)
        return e.conclude(Status.NOT_APPLICABLE, Quantity(ZERO, EUR), participation=ZERO)
    amount = e.parameter("participation")
    if e.flag("exempt"):
        e.check("exempt", holds=False, amount=Quantity(amount, EUR))
        return e.conclude(Status.NOT_APPLICABLE, Quantity(ZERO, EUR), participation=ZERO)
    e.check("owed", holds=True, amount=Quantity(amount, EUR), on=e.on)
    return e.conclude(Status.MET, Quantity(amount, EUR), participation=amount)


def vae_access(e: Evaluation) -> Conclusion:
    """Anybody, with no least duration, since 1 January 2024; one year of experience before."""
    needed = e.parameter("experience-years")
    leave = e.quantity("leave-hours")
    if needed:
        years = e.number("experience-years")
        e.check("experience", years >= needed, years=Quantity(years, "year"), needed=Quantity(needed, "year"))
        e.lacks(needed - years, "year")
    else:
        e.check("open", holds=True, on=e.on, leave=leave)
    return e.conclude(e.status(), leave, leave_hours=leave.number)


def bilan_access(e: Evaluation) -> Conclusion:
    """A bilan de compétences: at most 24 hours, the synthesis is the person's own."""
    hours = e.quantity("longest-hours")
    e.check("open", holds=True, hours=hours)
    planned = e.maybe_number("planned-hours")
    if planned is not None:
        e.check("length", planned <= hours.number, hours=hours, planned=Quantity(planned, "hour"))
    last = e.maybe_number("years-since-last")
    apart = e.parameter("years-apart")
    if last is not None and apart and last < apart:
        e.doubt("again", apart=Quantity(apart, "year"), since=Quantity(last, "year"))
    return e.conclude(e.status(), hours, hours=hours.number)
