"""A whole life: what holds whatever the facts are, facts that cannot be so, rules that cannot be used, and edits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from musette_solid.model.activity import Activity, Organization
from musette_solid.model.dates import PartialDate
from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Conclusion, Fact, Status
from musette_solid.model.rights.deciding import decide
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.facts import Life, Stated
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.schemes import Rule
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms
from tests.model.rights.lives import PATH, hours, life, of

RULES = {rule.key: rule for scheme in schemes.law() for rule in scheme.rules}
AS_OF = date(2026, 11, 25)
amounts = st.decimals(0, 200_000, places=2)
years = st.integers(2014, 2025)


def amount_of(rule: Rule, on: date, **facts: Decimal | dict[str, Decimal] | bool) -> Decimal:
    found = decide(
        rule, {key.replace("_", "-"): Fact(key.replace("_", "-"), value) for key, value in facts.items()}, on
    )
    assert found.amount is not None
    return found.amount.number


# --- Properties -------------------------------------------------------------------------------------------------------


@given(amounts, amounts, years)
def test_more_salary_never_gives_fewer_quarters_and_four_are_the_most(one: Decimal, more: Decimal, year: int) -> None:
    rule, on = RULES["retraite.trimestres.salaire"], date(year, 12, 31)
    fewer, greater = amount_of(rule, on, salary=one), amount_of(rule, on, salary=one + more)
    assert 0 <= fewer <= greater <= 4
    assert fewer == int(fewer)


@given(st.decimals(0, 600, places=1), st.decimals(0, 600, places=1), years)
def test_more_hours_never_give_less_of_engagement(one: Decimal, more: Decimal, year: int) -> None:
    rule, on = RULES["cec.benevolat"], date(year, 12, 31)
    known: dict[str, Decimal | bool] = {"on_board": True, "public_interest": True, "age": Decimal(40)}

    def credit(hours_: Decimal) -> Decimal:
        facts = {key.replace("_", "-"): Fact(key.replace("_", "-"), value) for key, value in known.items()}
        facts |= {"hours": Fact("hours", {"A": hours_}), "declared-on": Fact("declared-on", date(1990, 1, 1))}
        found = decide(rule, facts, on).amount
        return found.number if found else Decimal(0)

    if year >= 2019:
        assert credit(one) <= credit(one + more)


@given(st.decimals(0, 9000, places=2), st.decimals(0, 1, places=3), st.booleans(), st.integers(2019, 2026))
def test_the_ceiling_of_the_training_account_is_never_passed(
    balance: Decimal, share: Decimal, majored: bool, year: int
) -> None:
    rule = RULES["cpf"]
    facts = {
        "balance": Fact("balance", balance),
        "work-share": Fact("work-share", share),
        "majored": Fact("majored", majored),
        **{key: Fact(key, Decimal(0)) for key in ("self-employed-share", "leave-share", "leave-days")},
    }
    found = decide(rule, facts, date(year, 12, 31))
    assert found.amount is not None
    assert found.amount.number >= 0
    ceiling = Decimal(8000 if majored else 5000)
    assert balance + found.amount.number <= max(balance, ceiling)


@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 66)),
    st.integers(0, 400),
    st.dates(date(2020, 9, 30), date(2026, 12, 31)),
)
def test_the_days_of_a_carer_stay_within_the_person_and_the_life(taken: dict[str, int], wanted: int, on: date) -> None:
    facts = {
        "taken": Fact("taken", {key: Decimal(days) for key, days in taken.items()}),
        "person": Fact("person", "A"),
        "wanted": Fact("wanted", Decimal(wanted)),
    }
    found = decide(RULES["ajpa"], facts, on)
    days = found.outputs["days"]
    assert isinstance(days, Decimal)
    assert 0 <= days <= wanted
    assert days == 0 or taken.get("A", 0) + days <= 66
    assert days == 0 or sum(taken.values()) + days <= (264 if on.year >= 2025 else 66)


@given(st.sampled_from(sorted(RULES)), st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_without_any_fact_nothing_is_guessed(key: str, on: date) -> None:
    """No fact: unknown with what is missing, not applicable yet, or a right of everybody; never a refusal for lack of words."""
    found = decide(RULES[key], {}, on)
    if found.status is Status.UNKNOWN:
        assert any(step.because in {"missing", "parameter"} for step in found.steps)
        assert not found.movements
    else:
        assert found.status is not Status.NOT_MET or key == "never"


_SPHERES = st.sampled_from(
    [terms.SPHERE_EMPLOYMENT, terms.SPHERE_VOLUNTEERING, terms.SPHERE_PLATFORM_WORK, terms.SPHERE_CARE]
)
_ACTIVITIES = st.lists(
    st.builds(
        Activity,
        iri=st.sampled_from([f"https://demo.example/a#{n}" for n in range(6)]),
        sphere=_SPHERES,
        start=st.dates(date(2012, 1, 1), date(2026, 12, 31)).map(PartialDate.of),
        weekly_hours=st.one_of(st.none(), st.integers(0, 60).map(Decimal)),
    ),
    max_size=6,
    unique_by=lambda a: a.iri,
)
_KINDS = st.sampled_from([str(k) for k in (terms.FACT_KIND_GROSS_SALARY, terms.FACT_KIND_UNEMPLOYMENT_DAYS, terms.FACT_KIND_AJPA_DAYS, terms.FACT_KIND_C2P_FACTORS, terms.FACT_KIND_C2P_MONTHS, terms.FACT_KIND_CEC_FIREFIGHTER)])  # fmt: skip
_STATED = st.lists(
    st.builds(
        Stated,
        iri=st.integers(0, 10**6).map(lambda n: f"https://demo.example/r#{n}"),
        kind=_KINDS,
        amount=st.decimals(-10, 50_000, places=2),
        period=st.integers(2010, 2026).map(PartialDate),
    ),
    max_size=12,
    unique_by=lambda s: s.iri,
)


@settings(max_examples=60, deadline=None)
@given(_ACTIVITIES, _STATED)
def test_whatever_the_facts_movements_sum_and_caps_hold(activities: list[Activity], stated: list[Stated]) -> None:
    outcome = Evaluator(schemes.law()).evaluate(Life(tuple(activities), tuple(stated), (), AS_OF))
    for scheme in schemes.law():
        moved = [m.counted for c in outcome.of_scheme(scheme.iri) for m in c.movements]
        total = sum((q.number for q in moved), Decimal(0))
        assert outcome.balance(scheme.iri) == total
        # Apart from proposals an account has one unit.
        assert {q.unit for q in moved} <= {scheme.unit}
        if scheme.slug == "training-account":
            assert total <= 5000
        if scheme.slug == "engagement-account":
            assert total <= 720
    for conclusion in outcome.conclusions:
        assert conclusion.status is not Status.UNKNOWN or not conclusion.movements
        if conclusion.rule.key == "retraite.trimestres" and conclusion.amount:
            assert conclusion.amount.number <= 4
        for language in ("fr", "en"):
            assert explain(conclusion, language).summary


# --- Facts that cannot be so ------------------------------------------------------------------------------------------


def test_two_incomes_for_one_month_are_said_and_the_rest_is_worked_out() -> None:
    twice = """
    <#m1> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 1000.0 ; dcterms:date "2023-03"^^xsd:gYearMonth ; mus:activity <#old> .
    <#m2> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 1200.0 ; dcterms:date "2023-03"^^xsd:gYearMonth ; mus:activity <#old> .
    <#old> a mus:Activity ; dcterms:title "Ancien" ; mus:sphere mus:sphere-employment ; schema:startDate "2023"^^xsd:gYear ; schema:endDate "2023"^^xsd:gYear .
    """  # fmt: skip
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + twice, date(2024, 12, 31)))
    (problem,) = outcome.problems
    assert problem.key == "contradiction"
    assert {iri.rpartition("#")[2] for iri in problem.about} == {"m1", "m2"}
    wrong = of(outcome, "retraite.trimestres.salaire", 2023)
    assert wrong.status is Status.UNKNOWN
    assert [step.because for step in wrong.steps] == ["contradiction"]
    assert of(outcome, "retraite.trimestres", 2023).status is Status.UNKNOWN
    assert of(outcome, "retraite.trimestres", 2024).status is Status.MET


def test_a_year_that_is_not_the_sum_of_its_months_is_a_contradiction_and_one_that_is_counts_once() -> None:
    month = '<#m1> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount {} ; dcterms:date "2024-01"^^xsd:gYearMonth ; mus:activity <#job> .'
    wrong = Evaluator(schemes.law()).evaluate(life(PATH + month.format("900.0"), date(2024, 12, 31)))
    assert [p.key for p in wrong.problems] == ["contradiction"]
    right = Evaluator(schemes.law()).evaluate(life(PATH + month.format("8000.0"), date(2024, 12, 31)))
    assert right.problems == ()
    assert right.conclusions[0].rule
    assert of(right, "agirc_arrco", 2024).values["salary"].number == 8000  # type: ignore[union-attr]  # a quantity


def test_more_than_24_hours_a_day_are_said_with_the_day_and_the_activities() -> None:
    entries = "".join(
        f'<#t{n}> a mus:TimeEntry ; mus:activity <#{a}> ; dcterms:date "2024-02-01"^^xsd:date ; mus:minutes 800 .\n'
        for n, a in enumerate(("asso", "other"))
    )
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + entries, date(2024, 12, 31)))
    (problem,) = outcome.problems
    assert (problem.key, problem.day) == ("too-full", date(2024, 2, 1))
    assert len(problem.about) == 2


def test_contracts_of_more_than_24_hours_a_day_are_said() -> None:
    more = """
    <#j2> a mus:Activity ; mus:sphere mus:sphere-employment ; mus:weeklyHours 140.0 ; schema:startDate "2024-02-01"^^xsd:date .
    """
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + more, date(2024, 12, 31)))
    (problem,) = outcome.problems
    assert problem.key == "too-many-hours"
    assert {iri.rpartition("#")[2] for iri in problem.about} == {"job", "j2"}


def test_without_a_birth_date_the_rules_that_need_it_ask_and_the_others_answer() -> None:
    born = '<#f-birth> a mus:RightsFact ; mus:factKind mus:factKind-birth-date ; mus:statedDay "1990-05-02"^^xsd:date .'
    assert born in PATH
    nameless = PATH.replace(born, "") + hours("a", "<#asso>", 2024, 220)
    outcome = Evaluator(schemes.law()).evaluate(life(nameless, date(2024, 12, 31)))
    assert of(outcome, "retraite.duree_requise").asked == ("birth",)
    volunteering = of(outcome, "cec.benevolat", 2024)
    assert (volunteering.status, volunteering.asked) == (Status.UNKNOWN, ("birth",))
    assert of(outcome, "retraite.trimestres", 2024).status is Status.MET


def test_a_negative_amount_is_named() -> None:
    outcome = Evaluator(schemes.law()).evaluate(life(PATH.replace("8000.0", "-8000.0"), date(2024, 12, 31)))
    wrong = of(outcome, "retraite.trimestres.salaire", 2024)
    assert [(s.because, s.asks) for s in wrong.steps] == [("negative", "salary")]


def test_a_year_that_no_parameter_knows_is_unknown_and_the_others_are_not() -> None:
    later = '<#f27> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 9000.0 ; dcterms:date "2027"^^xsd:gYear .'
    outcome = Evaluator(schemes.law()).evaluate(life(PATH + later, date(2027, 12, 31)))
    unknown = of(outcome, "retraite.trimestres.salaire", 2027)
    assert unknown.status is Status.UNKNOWN
    assert "SMIC" in explain(unknown, "fr").lines[0].text
    assert of(outcome, "retraite.trimestres.salaire", 2024).status is Status.MET


# --- Rules that cannot be used ----------------------------------------------------------------------------------------


def test_a_circle_of_rules_is_named_and_the_rest_goes_on() -> None:
    (scheme,) = [s for s in schemes.law() if s.slug == "retirement-quarters"]
    year = next(r for r in scheme.rules if r.key == "retraite.trimestres")
    salary = next(r for r in scheme.rules if r.key == "retraite.trimestres.salaire")
    turning = replace(salary, inputs=(*salary.inputs, replace(salary.inputs[0], key="x", rules=(year.iri,))))
    turned = replace(scheme, rules=tuple(turning if r is salary else r for r in scheme.rules))
    outcome = Evaluator([turned]).evaluate(life(PATH, date(2024, 12, 31)))
    assert {b.rule for b in outcome.broken} == {year.iri, salary.iri}
    assert {b.because for b in outcome.broken} == {"cycle"}
    assert of(outcome, "retraite.trimestres.assimiles", 2024).status is Status.MET


@pytest.mark.parametrize(("field", "because"), [("calculation", "calculation"), ("measure", "measure")])
def test_a_calculation_or_a_measure_that_does_not_exist_is_named(field: str, because: str) -> None:
    (scheme,) = [s for s in schemes.law() if s.slug == "platform-workers"]
    cover = scheme.rules[0]
    if field == "calculation":
        wrong = replace(cover, calculation="os.system")
    else:
        wrong = replace(cover, inputs=(replace(cover.inputs[1], measure="__import__"),))
    outcome = Evaluator([replace(scheme, rules=(wrong, *scheme.rules[1:]))]).evaluate(life(PATH, date(2024, 12, 31)))
    assert [(b.rule, b.because) for b in outcome.broken] == [(cover.iri, because)]
    assert of(outcome, "plateforme.donnees").status is Status.MET


# --- As of, hypotheses, edits -----------------------------------------------------------------------------------------


def test_as_of_a_day_what_came_later_is_not_known() -> None:
    then = Evaluator(schemes.law()).evaluate(life(PATH, date(2024, 11, 30)))
    assert not [c for c in then.conclusions if c.rule.key == "ajpa.pris"]
    assert of(then, "ajpa").outputs["left_in_life"] == 66


def test_a_hypothesis_changes_another_life_and_never_this_one() -> None:
    now = life(PATH, date(2024, 12, 31))
    contract = Activity(
        iri="urn:hypothesis:1",
        title="20 h",
        sphere=terms.SPHERE_EMPLOYMENT,
        start=PartialDate(2025, 1, 1),
        end=PartialDate(2025, 6, 30),
        weekly_hours=Decimal(20),
    )
    evaluator = Evaluator(schemes.law())
    before = evaluator.evaluate(now)
    supposed = Evaluator(schemes.law()).evaluate(now.supposing([contract], until=date(2025, 6, 30)))
    assert of(supposed, "are.ouverture").status is Status.UNKNOWN
    assert evaluator.evaluate(now).conclusions == before.conclusions
    assert not any(contract.iri in c.sources for c in evaluator.evaluate(now).conclusions)


def test_an_edit_works_out_the_year_that_it_touches_and_gives_what_a_new_start_gives() -> None:
    activities = tuple(
        Activity(
            f"https://demo.example/a#{n}",
            sphere=URIRef(terms.SPHERE_VOLUNTEERING),
            start=PartialDate(2016),
            organization=Organization("https://demo.example/o", "A"),
        )
        for n in range(3)
    )
    entries = tuple(
        TimeEntry(f"https://demo.example/t#{year}-{n}", activities[0].iri, date(year, 1, 1 + n), 60)
        for year in range(2016, 2027)
        for n in range(20)
    )
    evaluator = Evaluator(schemes.law())
    evaluator.evaluate(Life(activities, (), entries, AS_OF))
    before = evaluator.worked_out
    more = (*entries, TimeEntry("https://demo.example/t#new", activities[0].iri, date(2020, 5, 1), 30))
    edited = evaluator.evaluate(Life(activities, (), more, AS_OF))
    assert evaluator.worked_out - before == 1
    assert edited.conclusions == Evaluator(schemes.law()).evaluate(Life(activities, (), more, AS_OF)).conclusions


def _opening(start: str, end: str) -> Conclusion:
    job = f"""<#job> a mus:Activity ; dcterms:title "CDD" ; mus:sphere mus:sphere-employment ; mus:weeklyHours 35.0 ;
        schema:startDate "{start}"^^xsd:date ; schema:endDate "{start[:8]}28"^^xsd:date .
    <#last> a mus:Activity ; dcterms:title "Dernier" ; mus:sphere mus:sphere-employment ; mus:weeklyHours 35.0 ;
        schema:startDate "{end[:8]}01"^^xsd:date ; schema:endDate "{end}"^^xsd:date .
    <#f-b> a mus:RightsFact ; mus:factKind mus:factKind-birth-date ; mus:statedDay "1990-05-02"^^xsd:date ."""
    return of(Evaluator(schemes.law()).evaluate(life(job, AS_OF)), "are.ouverture")


@pytest.mark.parametrize(
    ("start", "end", "both"),
    [("2018-04-01", "2020-06-30", True), ("2018-02-01", "2020-06-30", False), ("2018-04-01", "2020-04-14", False),
     ("2018-08-01", "2021-01-31", True), ("2018-06-01", "2021-01-31", False), ("2018-06-01", "2021-07-31", False)],
)  # fmt: skip
def test_the_spring_of_2020_lets_older_contracts_count(start: str, end: str, both: bool) -> None:
    days = next(f.value for f in _opening(start, end).facts if f.key == "days")
    assert isinstance(days, Decimal)
    assert (days > 25) is both


def test_what_may_go_further_than_is_counted_is_no_certainty() -> None:
    assert _opening("2018-04-01", "2020-06-30").is_certain
    assert not _opening("2018-08-01", "2021-01-31").is_certain
