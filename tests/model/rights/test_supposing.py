"""What a change would do: gained, lost, kept; hours and pay that are only supposed; figures that go on when that is said."""

from datetime import date
from decimal import Decimal
from typing import Any

from musette_solid.model.rights import schemes
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.supposing import HYPOTHESIS, Comparison, comparison, suppose
from musette_solid.rdf import terms
from tests.model.rights.lives import PATH, hours, life, of

TODAY = date(2026, 11, 25)
NOW = life(PATH + hours("a", "<#asso>", 2026, 190), TODAY)


def supposed(now: Life = NOW, **said: Any) -> Life:
    given: dict[str, Any] = {
        "title": "?",
        "sphere": str(terms.SPHERE_EMPLOYMENT),
        "start": TODAY,
        "end": date(2026, 12, 31),
    }
    given |= {"weekly_hours": None, "monthly_amount": None, "ends_contracts": False, **said}
    return suppose(now, **given)


def compared(then: Life, *, figures_go_on: bool = False) -> Comparison:
    law = schemes.stretched(schemes.law()) if figures_go_on else schemes.law()
    before = Evaluator(law).evaluate(NOW.supposing(until=then.as_of))
    return comparison(before, Evaluator(law).evaluate(then), law, since=TODAY)


def kinds(found: Comparison) -> dict[tuple[str, int], str]:
    sides = [(change, change.after or change.before) for change in found.changes]
    return {(side.rule.key, side.year): change.kind for change, side in sides if side}


def test_ten_more_hours_in_the_same_association_give_the_credit() -> None:
    asso = next(a for a in NOW.activities if a.title == "Repair café")
    there = supposed(sphere=str(terms.SPHERE_VOLUNTEERING), weekly_hours=Decimal(8), like=asso)
    found = compared(there)
    assert kinds(found)["cec", 2026] == "gained"
    (balance,) = [b for b in found.balances if b.scheme.slug == "engagement-account"]
    assert balance.after.number - balance.before.number == 240
    elsewhere = compared(supposed(sphere=str(terms.SPHERE_VOLUNTEERING), weekly_hours=Decimal(1)))
    assert ("cec", 2026) not in kinds(elsewhere) or kinds(elsewhere)["cec", 2026] != "gained"


def test_supposed_hours_are_neither_lost_nor_made() -> None:
    for weekly in ("0.1", "1", "7.5", "20", "35"):
        there = supposed(sphere=str(terms.SPHERE_VOLUNTEERING), weekly_hours=Decimal(weekly), start=date(2026, 1, 1))
        minutes = sum(e.minutes for e in there.entries if e.iri.startswith(HYPOTHESIS))
        assert minutes == int(Decimal(weekly) * 60 * 365 / 7)


def test_a_year_whose_figures_are_not_published_is_unknown_unless_one_says_that_they_go_on() -> None:
    there = supposed(end=date(2027, 6, 30), weekly_hours=Decimal(20), monthly_amount=Decimal(1500))
    assert kinds(compared(there))["retraite.trimestres.salaire", 2027] == "unknown"
    assert kinds(compared(there, figures_go_on=True))["retraite.trimestres.salaire", 2027] == "gained"
    # Nothing that is worked out for real was stretched.
    assert all(p.known_until for s in schemes.law() for r in s.rules for p in r.parameters if p.key == "smic")


def test_what_holds_either_way_is_kept_and_a_supposed_contract_ends_by_its_term() -> None:
    there = supposed(weekly_hours=Decimal(35), monthly_amount=Decimal(2000), start=date(2026, 1, 1))
    found = compared(there)
    assert {"vae", "bilan"} <= {c.rule.key for c in found.kept}
    assert not {c.rule.iri for c in found.kept} & {c.after.rule.iri for c in found.changes if c.after}
    opening = of(Evaluator(schemes.law()).evaluate(there), "are.ouverture")
    assert opening.outputs["open"] is True
    assert f"{HYPOTHESIS}activity" in opening.sources


def test_nothing_that_is_supposed_stays_in_the_life_it_was_supposed_of() -> None:
    before = (NOW.activities, NOW.stated, NOW.entries, NOW.as_of)
    compared(supposed(weekly_hours=Decimal(20), monthly_amount=Decimal(900), ends_contracts=True))
    assert (NOW.activities, NOW.stated, NOW.entries, NOW.as_of) == before
    assert HYPOTHESIS not in str(Evaluator(schemes.law()).evaluate(NOW))


def test_a_month_that_is_begun_is_paid_by_its_days() -> None:
    there = supposed(start=date(2026, 11, 16), end=date(2027, 2, 14), monthly_amount=Decimal(1000))
    paid = {s.year: s.amount for s in there.stated if s.iri.startswith(HYPOTHESIS) and s.amount}
    assert paid == {2026: Decimal("1500.00"), 2027: Decimal("1500.00")}
