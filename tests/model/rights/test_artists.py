"""507 hours in the twelve months before the last contract: a window that slides over the years, month by month."""

from datetime import date
from decimal import Decimal

import pytest

from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Conclusion, Status
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.life import Evaluator
from tests.model.rights.lives import life, of

AS_OF = date(2026, 11, 25)


def noted(kind: str, when: str, amount: str, name: str = "") -> str:
    of_time = "gYear" if len(when) == 4 else "gYearMonth"
    return f"""<#f-{kind}-{when}{name}> a mus:RightsFact ; mus:factKind mus:factKind-artist-{kind} ; mus:amount {amount} ;
        dcterms:date "{when}"^^xsd:{of_time} .
    """


def concluded(turtle: str, as_of: date = AS_OF) -> Conclusion:
    return of(Evaluator(schemes.law()).evaluate(life(turtle, as_of)), "annexes8_10")


def test_the_twelve_months_cross_the_new_year() -> None:
    """300 hours in each of two years, in neighbouring months: neither year has 507, the twelve months have."""
    found = concluded(noted("hours", "2025-10", "300.0") + noted("hours", "2026-03", "207.0"))
    assert (found.status, found.amount and found.amount.number) == (Status.MET, Decimal(507))
    assert explain(found, "fr").lines[0].text == "Cherchées sur 12\u00a0mois, jusqu’au 31\u00a0mars 2026."


@pytest.mark.parametrize(("first", "total"), [("2025-03", 207), ("2025-04", 507)])
def test_a_month_too_old_is_left_out(first: str, total: int) -> None:
    found = concluded(noted("hours", first, "300.0") + noted("hours", "2026-03", "207.0"))
    assert found.amount
    assert found.amount.number == total
    assert found.status is (Status.MET if total >= 507 else Status.NOT_MET)


def test_the_limit_of_fees_is_of_each_month() -> None:
    found = concluded(noted("fees", "2025-12", "30.0") + noted("fees", "2026-01", "10.0"))
    assert found.amount
    assert found.amount.number == (28 + 10) * 12


def test_what_is_noted_for_a_year_on_the_edge_is_asked_only_when_it_decides() -> None:
    edge = noted("hours", "2025", "400.0") + noted("hours", "2026-03", "{}")
    asked = concluded(edge.format("207.0"))
    assert (asked.status, asked.asked) == (Status.UNKNOWN, ("unplaced",))
    assert "207\u00a0h sûres, 607\u00a0h au plus" in explain(asked, "fr").lines[-1].text
    assert concluded(edge.format("507.0")).status is Status.MET
    assert concluded(edge.format("100.0")).status is Status.NOT_MET


def test_a_year_that_goes_on_is_whole_and_a_year_noted_alone_is_its_own_window() -> None:
    assert concluded(noted("hours", "2026", "507.0")).status is Status.MET
    assert concluded(noted("hours", "2024", "506.0")).status is Status.NOT_MET


def test_two_amounts_for_one_month_are_a_contradiction_here_too() -> None:
    twice = noted("hours", "2026-03", "507.0") + noted("hours", "2026-03", "100.0", "-b")
    found = concluded(twice)
    assert found.status is Status.UNKNOWN
    assert found.steps[-1].because == "contradiction"


def test_what_was_not_known_yet_that_day_is_not_counted() -> None:
    found = concluded(noted("hours", "2025-10", "300.0") + noted("hours", "2026-03", "207.0"), date(2025, 12, 1))
    assert found.amount
    assert found.amount.number == 300
