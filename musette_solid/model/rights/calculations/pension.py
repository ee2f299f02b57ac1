"""Agirc-Arrco points. Source: the scheme's circulars; rates of calculation 6.20 % and 17 % (the call rate adds no points)."""

from datetime import date
from typing import TYPE_CHECKING

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import ZERO, Evaluation, cents

if TYPE_CHECKING:
    from decimal import Decimal


def agirc_arrco_points(e: Evaluation) -> Conclusion:
    """Salary up to the ceiling at one rate, up to eight ceilings at another, divided by the price of a point."""
    new_year, last_day = date(e.on.year, 1, 1), date(e.on.year, 12, 31)
    salary = e.number("salary")
    ceiling = e.parameter("ceiling", new_year)
    first = min(salary, ceiling)
    second = max(ZERO, min(salary, ceiling * e.parameter("most-ceilings")) - ceiling)
    price = e.parameter("price", new_year)
    # The points are written with two decimals.
    points = cents((first * e.parameter("rate-1") + second * e.parameter("rate-2")) / price)
    e.check(
        "points",
        points > 0,
        salary=Quantity(salary, "eur"),
        points=Quantity(points, "point"),
        price=Quantity(price, "eur"),
        year=e.on.year,
    )
    outputs: dict[str, Decimal] = {"points": points}
    if e.has_parameter("worth", last_day):
        worth = cents(points * e.parameter("worth", last_day))
        e.compute("worth", points=Quantity(points, "point"), worth=Quantity(worth, "eur"))
        outputs["euros_a_year"] = worth
    e.moves(points, "point")
    return e.conclude(Status.MET if points else Status.NOT_MET, Quantity(points, "point"), **outputs)
