"""One person, one year, every line of their statement: a contract, a search, a micro-enterprise, volunteering and care."""

from datetime import date
from decimal import Decimal

import pytest

from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Quantity, Status
from musette_solid.model.rights.explanation import explain, summary
from musette_solid.model.rights.life import Evaluator, Outcome
from musette_solid.model.rights.standing import silent_years
from tests.model.rights.lives import BASE, PATH, hours, life, of

NEW_YEAR_S_EVE = date(2024, 12, 31)
VOLUNTEERING = hours("a", "<#asso>", 2024, 214) + hours("b", "<#other>", 2024, 30)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return Evaluator(schemes.law()).evaluate(life(PATH + VOLUNTEERING, NEW_YEAR_S_EVE))


def test_four_retirement_quarters_out_of_eight(outcome: Outcome) -> None:
    found = {key: of(outcome, f"retraite.trimestres.{key}", 2024).amount for key in ("salaire", "micro", "assimiles")}
    assert found == {
        "salaire": Quantity(Decimal(4), "quarter"),
        "micro": Quantity(Decimal(1), "quarter"),
        "assimiles": Quantity(Decimal(3), "quarter"),
    }
    year = of(outcome, "retraite.trimestres", 2024)
    assert year.amount == Quantity(Decimal(4), "quarter")
    assert [step.key for step in year.steps] == ["total", "capped", "kinds"]
    assert year.values["total"] == Quantity(Decimal(8), "quarter")
    assert {"#f-salary", "#f-days", "#f-turnover"} <= {iri.removeprefix(BASE) for iri in year.sources}


def test_a_credit_of_engagement_that_waits_for_a_declaration(outcome: Outcome) -> None:
    reached = of(outcome, "cec.benevolat", 2024)
    assert reached.status is Status.MET
    assert reached.values["hours"] == Quantity(Decimal(244), "hour")
    credit = of(outcome, "cec", 2024)
    assert credit.amount == Quantity(Decimal(240), "eur")
    assert [m.amount.number for m in credit.movements] == [Decimal(240)]
    declaration = of(outcome, "cec.declaration", 2024)
    assert declaration.status is Status.UNKNOWN
    assert [d.on for d in declaration.deadlines] == [date(2025, 6, 30)]


def test_twenty_two_days_for_a_carer(outcome: Outcome) -> None:
    taken = of(outcome, "ajpa.pris", 2024)
    assert [m.amount for m in taken.movements] == [Quantity(Decimal(-22), "day")]
    assert taken.outputs["euros"] == Decimal("1419.88")
    assert of(outcome, "ajpa").outputs["left_in_life"] == 44
    assert of(outcome, "ava", 2024).outputs["automatic"] is True


def test_from_2025_the_days_of_the_carer_are_by_person() -> None:
    later = Evaluator(schemes.law()).evaluate(life(PATH, date(2025, 1, 1)))
    left = of(later, "ajpa").outputs
    assert (left["left_for_person"], left["left_in_life"], left["days"]) == (44, 242, 44)


def test_the_training_account_asks_before_it_answers(outcome: Outcome) -> None:
    credit = of(outcome, "cpf", 2024)
    assert credit.status is Status.UNKNOWN
    assert credit.asked == ("contribution-paid",)
    assert "CFP" in summary(credit, "fr")


def test_the_platform_does_not_pay_below_13_percent(outcome: Outcome) -> None:
    cover = of(outcome, "plateforme.prise_en_charge", 2024)
    assert cover.status is Status.NOT_MET
    assert cover.outputs["threshold"] == Decimal("6027.84")
    assert cover.lacking == (Quantity(Decimal("4127.84"), "eur"),)


def test_no_new_unemployment_right_and_what_is_missing(outcome: Outcome) -> None:
    opening = of(outcome, "are.ouverture")
    assert opening.status is Status.NOT_MET
    assert opening.on == date(2024, 4, 30)
    (work,) = [step for step in opening.steps if step.key == "work"]
    assert (work.values["days"], work.values["hours"]) == (Quantity(Decimal(86), "day"), Quantity(Decimal(602), "hour"))
    assert opening.lacking == (Quantity(Decimal(44), "day"), Quantity(Decimal(308), "hour"))
    assert "Les contrats plus anciens ne sont comptés que s’ils sont notés." in summary(opening, "fr")


def test_hours_split_in_three_give_no_credit_and_say_why() -> None:
    split = hours("a", "<#asso>", 2024, 95) + hours("b", "<#other>", 2024, 95) + hours("c", "<#care>", 2024, 24)
    third = split.replace("<#care>", "<#third>") + "\n<#third> a mus:Activity ; dcterms:title 'C' ; mus:sphere mus:sphere-volunteering ; schema:startDate '2024'^^xsd:gYear ."  # fmt: skip
    found = Evaluator(schemes.law()).evaluate(life(PATH + third, NEW_YEAR_S_EVE))
    refused = of(found, "cec.benevolat", 2024)
    assert refused.status is Status.NOT_MET
    assert [step.key for step in refused.steps if step.status is Status.NOT_MET] == ["one-association"]
    assert of(found, "cec", 2024).status is Status.NOT_MET
    assert not [c for c in found.conclusions if c.rule.key == "cec.declaration"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_conclusion_says_that_it_binds_nobody_and_reads_whole(outcome: Outcome, language: str) -> None:
    for conclusion in outcome.conclusions:
        said = explain(conclusion, language)
        assert said.not_binding in {"Simulation, non opposable.", "Simulation: it binds nobody."}
        assert "…" not in said.summary + "".join(line.text for line in said.lines), conclusion.rule.key
        assert said.citations


def test_the_movements_of_an_account_sum_to_its_balance(outcome: Outcome) -> None:
    for scheme in schemes.law():
        total = sum(m.amount.number for c in outcome.of_scheme(scheme.iri) for m in c.movements)
        assert outcome.balance(scheme.iri) == total


def test_four_quarters_that_are_sure_are_four_and_fewer_are_a_least() -> None:
    """The turnover of the year is not known: with 8,000 € of salary nothing depends on it, with 5,000 € it does."""
    unknown = PATH.replace("<#f-turnover> a mus:IncomeStatement", "<#f-turnover> a mus:Resource")
    sure = of(Evaluator(schemes.law()).evaluate(life(unknown, NEW_YEAR_S_EVE)), "retraite.trimestres", 2024)
    assert (sure.status, sure.outputs["quarters"]) == (Status.MET, 4)
    open_ = unknown.replace("8000.0", "1800.0").replace("mus:amount 150.0", "mus:amount 50.0")
    least = of(Evaluator(schemes.law()).evaluate(life(open_, NEW_YEAR_S_EVE)), "retraite.trimestres", 2024)
    assert (least.status, least.outputs["at_least"], least.movements) == (Status.UNKNOWN, 2, ())
    assert (
        explain(least, "fr").lines[0].text == "Au moins 2\u00a0trimestres en 2024\u00a0: le reste attend une réponse."
    )


@pytest.mark.parametrize(("declared", "credit"), [("2025-06-30", 240), ("2025-07-01", 0), (None, 240)])
def test_what_was_declared_late_is_not_credited_and_what_nobody_said_is_asked(
    declared: str | None, credit: int
) -> None:
    said = (
        ""
        if declared is None
        else f"""<#f-said> a mus:RightsFact ; mus:factKind mus:factKind-cec-declared ;
        dcterms:date "2024"^^xsd:gYear ; mus:statedDay "{declared}"^^xsd:date ."""
    )
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + VOLUNTEERING + said, date(2025, 12, 31)))
    found = of(outcome, "cec", 2024)
    assert sum(int(m.counted.number) for m in found.movements) == credit
    asked = of(outcome, "cec.declaration", 2024).asked
    assert asked == (() if declared else ("declared-on",))
    if not credit:
        assert "n’a pas été déclaré à temps" in explain(found, "fr").lines[0].text


def test_years_of_which_nothing_is_said_are_named_and_the_year_that_goes_on_is_not() -> None:
    earlier = """<#f-2019> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 9000.0 ;
        dcterms:date "2019"^^xsd:gYear ."""
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + earlier, date(2025, 6, 1)))
    # In 2023 there is the care of a parent: what the CAF registered is asked for.
    assert silent_years(outcome) == (2020, 2021, 2022)
    assert silent_years(Evaluator(schemes.law()).evaluate(life("", date(2025, 6, 1)))) == ()
