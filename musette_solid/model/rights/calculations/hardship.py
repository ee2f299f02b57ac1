"""C2P. Source: C. trav. L4163-7, D4163-2, R4163-9; décrets 2023-759 and 2023-760."""

from datetime import date
from decimal import Decimal
from typing import Final

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation, whole

POINT: Final = "point"
_MONTHS_IN_A_QUARTER: Final = 3


def c2p_points(e: Evaluation) -> Conclusion:
    """One point a factor and a quarter of exposure since 1 September 2023; one or two, and 100 in all, before."""
    factors = e.number("factors")
    exposed = e.maybe_number("quarters")
    months = min(e.number("months") if exposed is None else exposed * _MONTHS_IN_A_QUARTER, Decimal(12))
    quarters = int(whole(months / _MONTHS_IN_A_QUARTER))
    each = e.parameter("points-a-quarter")
    total = ZERO
    for n in range(quarters):
        # The law of the quarter's first day: the quarter of September 2023 began under the old one.
        first = _first_of_quarter(e.on, n, quarters)
        most = e.parameter("factors-counted", first)
        total += each * min(factors, most)
    cap = e.parameter("ceiling")
    balance = e.number("balance")
    credit = min(total, max(ZERO, cap - balance)) if cap else total
    if credit < total:
        e.compute("capped", points=Quantity(credit, POINT), ceiling=Quantity(cap, POINT))
    e.check(
        "exposure",
        credit > 0,
        factors=int(factors),
        months=Quantity(months, "month"),
        points=Quantity(credit, POINT),
        year=e.on.year,
    )
    e.moves(credit, POINT)
    return e.conclude(e.status(), Quantity(credit, POINT), points=credit)


def _first_of_quarter(on: date, n: int, quarters: int) -> date:
    """The first day of the nth of the last `quarters` civil quarters of the year (a whole year: all four)."""
    quarter = 4 - quarters + n
    return date(on.year, quarter * _MONTHS_IN_A_QUARTER + 1, 1)


def c2p_uses(e: Evaluation) -> Conclusion:
    """What points can become: training first (20 of them reserved), half-time months, quarters from 55."""
    points = e.number("points")
    born = e.maybe_number("birth-year")
    training = Quantity(points * e.parameter("training-worth"), "eur")
    if born is None:
        e.check("birth", None, "birth-year", training=training)
        return e.conclude(Status.UNKNOWN, None, training_euros=training.number)
    reserved = min(points, e.parameter("reserved", date(int(born), 1, 1)))
    free = points - reserved
    for_half_time = free
    if e.has_parameter("half-time-most-points") and e.on.year - born < e.parameter("half-time-age"):
        for_half_time = min(free, e.parameter("half-time-most-points"))
    months = whole(for_half_time / e.parameter("points-for-half-time")) * e.parameter("half-time-months")
    quarters = min(whole(free / e.parameter("points-for-a-quarter")), e.parameter("most-quarters"))
    age, from_age = e.maybe_number("age-now"), e.quantity("quarter-age")
    e.check(
        "uses",
        points > 0,
        points=Quantity(points, POINT),
        reserved=Quantity(reserved, POINT),
        free=Quantity(free, POINT),
        training=training,
        months=Quantity(months, "month"),
        quarters=Quantity(quarters, "quarter"),
        age=from_age,
    )
    if age is not None and age < from_age.number:
        quarters = ZERO
        e.compute("too-young", age=from_age)
    return e.conclude(
        Status.MET if points else Status.NOT_MET,
        Quantity(points, POINT),
        reserved=reserved,
        free=free,
        training_euros=training.number,
        half_time_months=months,
        quarters=quarters,
    )
