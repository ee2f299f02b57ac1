"""Platform work. Source: C. trav. D7342-1, L7342-7, D7342-6; RGPD articles 15 and 20."""

from datetime import date

from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import Evaluation


def platform_cover(e: Evaluation) -> Conclusion:
    """A platform pays accident insurance and the training contribution from 13 % of the ceiling of the year on it."""
    new_year = date(e.on.year, 1, 1)
    turnover = e.number("turnover")
    threshold = e.parameter("ceiling", new_year) * e.parameter("share", new_year)
    e.check(
        "turnover",
        turnover >= threshold,
        turnover=Quantity(turnover, "eur"),
        threshold=Quantity(threshold, "eur"),
        year=e.on.year,
    )
    e.lacks(threshold - turnover, "eur")
    return e.conclude(e.status(), covered=turnover >= threshold, threshold=threshold)


def platform_data(e: Evaluation) -> Conclusion:
    """Whoever works through a platform may receive their data in a structured format, and pass it on."""
    if not e.has_parameter("in-force"):
        e.check("not-yet", holds=False, on=e.on)
        return e.conclude(Status.NOT_APPLICABLE)
    e.parameter("in-force")
    works = e.flag("platform-work")
    e.check("platform", works)
    months = e.quantity("rating-months")
    e.compute("ratings", months=months)
    return e.conclude(e.status(), right=works)
