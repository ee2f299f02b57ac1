"""Cases derived by hand, beside those given; every figure beside the published ones; whatever a file of cases may hold."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.model.rights import cases, said, schemes
from musette_solid.model.rights.conclusions import Status
from musette_solid.model.rights.evaluation import is_beyond_measure
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.reporting import cases_data

TODAY = date(2026, 11, 25)
OURS = json.loads((Path(__file__).parent / "boundaries.json").read_text("utf-8"))["cases"]
FIGURES = Path(__file__).parents[4] / "shared" / "facts" / "rights" / "parameters.json"
LAW = schemes.law()
RULES = {rule.key: rule for scheme in LAW for rule in scheme.rules}
BY_NAME = {iri.rpartition("/")[2]: p for r in RULES.values() for p in r.parameters for iri in [p.iri]}


def run(rule: str, given_: Any, expected: dict[str, Any] | None = None) -> cases.Result:
    text = json.dumps([{"id": "1", "rule": rule, "input": given_, "expected": expected or {}}])
    (found,) = cases.run(cases.read(text.encode()), LAW, TODAY)
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, cases.Result]:
    """Every case of the file, run as the command runs it: once, and together."""
    return {found.id: found for found in cases.run(cases.read(json.dumps(OURS).encode()), LAW, TODAY)}


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['id']}-{case['rule']}")
def test_a_case_derived_by_hand(case: dict[str, Any], ours: dict[str, cases.Result]) -> None:
    found = ours[case["id"]]
    assert found.fits, (found.expected, found.obtained)
    assert found.unknown_names == ()


# --- Every year of the series, a cent below and at the threshold -----------------------------------------------------

SMIC: Final = {
    2002: "6.67", 2003: "6.83", 2004: "7.19", 2005: "7.61", 2006: "8.03", 2007: "8.27", 2008: "8.44", 2009: "8.71", 2010: "8.86",
    2011: "9.00", 2012: "9.22", 2013: "9.43", 2014: "9.53", 2015: "9.61", 2016: "9.67", 2017: "9.76", 2018: "9.88", 2019: "10.03",
    2020: "10.15", 2021: "10.25", 2022: "10.57", 2023: "11.27", 2024: "11.65", 2025: "11.88", 2026: "12.02",
}  # fmt: skip
PASS: Final = {
    2018: "39732", 2019: "40524", 2020: "41136", 2021: "41136", 2022: "41136", 2023: "43992", 2024: "46368", 2025: "47100", 2026: "48060",
}  # fmt: skip
CENT: Final = Decimal("0.01")


@pytest.mark.parametrize("year", SMIC)
def test_the_quarter_of_each_year_to_the_cent(year: int) -> None:
    quarter = Decimal(SMIC[year]) * (150 if year >= 2014 else 200)
    for salary, expected in (
        (quarter - CENT, 0),
        (quarter, 1),
        (quarter * 4 - CENT, 3),
        (quarter * 4, 4),
        (quarter * 9, 4),
    ):
        assert run(
            "retraite.trimestres", {"salaireBrutSoumis": str(salary), "annee": year}, {"trimestres": expected}
        ).fits


@pytest.mark.parametrize("year", PASS)
def test_the_share_of_the_ceiling_of_each_year_to_the_cent(year: int) -> None:
    threshold = Decimal(PASS[year]) * Decimal("0.13")
    rule = "plateforme.prise_en_charge"
    assert run(rule, {"CA": str(threshold), "annee": year}, {"priseEnCharge": True, "seuil": str(threshold)}).fits
    assert run(rule, {"CA": str(threshold - CENT), "annee": year}, {"priseEnCharge": False}).fits


@pytest.mark.parametrize(
    ("last", "needed"),
    [("2009-04-01", 122), ("2017-09-30", 122), ("2017-10-01", 88), ("2019-10-31", 88), ("2019-11-01", 130), ("2020-07-31", 130),
     ("2020-08-01", 88), ("2021-11-30", 88), ("2021-12-01", 130), ("2025-03-31", 130), ("2026-11-01", 130)],
)  # fmt: skip
@pytest.mark.parametrize("age", [25, 49, 50, 52, 53, 54, 55, 62])
def test_the_days_asked_at_each_date_do_not_depend_on_age(last: str, needed: int, age: int) -> None:
    for days in (needed - 1, needed):
        assert run("are.ouverture", {"jours": days, "finContrat": last, "age": age}, {"ouvert": days >= needed}).fits


@pytest.mark.parametrize(
    ("last", "age", "months"),
    [("2016-01-01", 49, 28), ("2016-01-01", 50, 36), ("2017-09-30", 52, 36), ("2017-10-01", 52, 28), ("2017-10-01", 53, 36),
     ("2019-10-31", 40, 28), ("2019-11-01", 40, 24), ("2019-11-01", 53, 36), ("2025-03-31", 53, 36), ("2025-04-01", 53, 24),
     ("2025-04-01", 54, 24), ("2025-04-01", 55, 36)],
)  # fmt: skip
def test_the_reference_period_follows_the_age_of_the_law_of_the_day(last: str, age: int, months: int) -> None:
    assert run("are.ouverture", {"jours": 130, "finContrat": last, "age": age}, {"moisReference": months}).fits


# --- Every figure beside the published ones --------------------------------------------------------------------------

#: Published figure to ours: file, fragment. The others are said in several of ours, and tested by their effect.
SAME: Final = {
    "smic.horaire.brut": "common#p-smic", "pass.annuel": "common#p-ceiling", "cpf.credit.annuel": "training-account#p-credit",
    "cpf.plafond": "training-account#p-ceiling", "cpf.credit.annuel.majore": "training-account#p-credit-majored",
    "cpf.plafond.majore": "training-account#p-ceiling-majored", "cpf.participation": "training-account#p-participation",
    "cec.credit.annuel": "engagement-account#p-credit", "cec.plafond": "engagement-account#p-ceiling",
    "cec.benevolat.heures": "engagement-account#p-hours", "cec.benevolat.heures_meme_asso": "engagement-account#p-hours-in-one",
    "cec.benevolat.anciennete_asso": "engagement-account#p-association-years", "are.affiliation.jours": "unemployment#p-days",
    "are.affiliation.heures": "unemployment#p-hours", "are.partie_fixe": "unemployment#p-fixed", "are.minimum": "unemployment#p-minimum",
    "annexes8_10.heures": "performing-artists#p-hours", "ajpa.jour": "carers#p-day-amount", "ajpa.jours.par_aide": "carers#p-days-each",
    "ajpa.jours.carriere": "carers#p-days-life", "ajpa.jours.mois": "carers#p-days-a-month",
    "plateforme.prise_en_charge.taux_pass": "platform-workers#p-share", "agirc_arrco.prix_achat": "complementary-pension#p-price",
    "agirc_arrco.valeur_service": "complementary-pension#p-worth",
}  # fmt: skip


@pytest.mark.skipif(not FIGURES.is_file(), reason="the published figures are not here")
def test_every_published_figure_is_ours_on_its_day() -> None:
    figures = json.loads(FIGURES.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)["parameters"]
    by_id = {figure["id"]: figure["values"] for figure in figures}
    assert set(SAME) <= set(by_id)
    for published, ours in SAME.items():
        for day, value in by_id[published].items():
            found = BY_NAME[ours].on(date.fromisoformat(day))
            assert found, (ours, day)
            assert found[1] == value, (ours, day, found)


# --- Whatever a file of cases may hold -------------------------------------------------------------------------------

_KEYS = sorted(
    {key for rule in RULES.values() for i in rule.inputs for key in i.case_keys}
    | {"annee", "date", "nature", "unheard-of"}
)
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=20),
    st.sampled_from(["2024-02-30", "0000-00-00", "31/12/2024", "1 747,50 €", "40 %", "NaN", "1e999", "oui", "démission"]),
)  # fmt: skip
_NAMES = st.sampled_from(["", "A", "B", "2024", "2024-02", "?"])
_FLAT = st.one_of(_SCALARS, st.lists(_SCALARS, max_size=3), st.dictionaries(_NAMES, _SCALARS, max_size=3))
_VALUES = st.one_of(_FLAT, st.lists(_FLAT, max_size=2), st.dictionaries(_NAMES, _FLAT, max_size=2))
_SOME = st.lists(st.sampled_from(sorted(RULES)), min_size=8, max_size=8, unique=True)


@settings(max_examples=70, deadline=None)
@given(_SOME, st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=6))
def test_whatever_a_case_holds_it_is_answered(rules: list[str], given_: dict[str, Any]) -> None:
    """What is drawn costs more than what is asked of it: eight rules answer each."""
    text = json.dumps([{"id": rule, "rule": rule, "input": given_} for rule in rules])
    results = cases.run(cases.read(text.encode()), LAW, TODAY)
    assert [found.id for found in results] == rules
    for found in results:
        assert found.conclusion is not None
        assert found.conclusion.status in {Status.MET, Status.NOT_MET, Status.UNKNOWN, Status.NOT_APPLICABLE}
    for language in ("fr", "en"):
        json.dumps(cases_data(results, language), allow_nan=False)


@pytest.mark.parametrize(
    "given_",
    [
        {"saisonnier": "peut-être"},
        {"jours": "beaucoup"},
        {"jours": [1, "x"]},
        {"finContrat": "bientôt"},
        {"motif": "autre chose"},
    ],
)
def test_what_is_not_understood_is_no_answer_and_is_said(given_: dict[str, Any]) -> None:
    whole = {"jours": 200, "finContrat": "2024-05-31", "age": 40, **given_}
    found = run("are.ouverture", whole)
    assert found.conclusion
    assert found.conclusion.status is Status.UNKNOWN
    (step,) = [s for s in found.conclusion.steps if s.status is Status.UNKNOWN]
    assert step.because == "kind"
    assert step.values["found"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6 988,00 €", "6988"), ("6\u202f988,5", "6988.5"), ("1.747,50", "1747.50"), ("1,747.50", "1747.50"), ("12 h", "12"),
     ("3 années", "3"), ("-5", "-5"), ("", None), ("€", None), ("trois", None), ("1e400", None), ("inf", None)],
)  # fmt: skip
def test_a_number_as_people_write_it(text: str, expected: str | None) -> None:
    found = said.number(text)
    if expected is None:
        assert found is None or is_beyond_measure(found)
    else:
        assert found == Decimal(expected)


def test_a_share_may_be_a_percentage() -> None:
    assert [said.number(v, "ratio") for v in ("40 %", Decimal(40), Decimal("0.4"), Decimal(1))] == [
        Decimal("0.4")
    ] * 3 + [1]


def test_what_is_lacking_for_the_next_quarter_reads_as_a_sentence() -> None:
    found = run("retraite.trimestres.salaire", {"salaireBrutSoumis": 6988, "annee": 2024}).conclusion
    assert found
    assert explain(found, "fr").lines[-1].text == "Il manque 2\u00a0€ pour un 4e trimestre."
    assert explain(found, "en").lines[-1].text == "2\u00a0€ are lacking for a 4th quarter."


_SPV: Final = {"rule": "spv", "input": {"annees": 19}}
_CPF: Final = {"rule": "cpf", "input": {"tempsDeTravail": 0.4, "annee": 2024}}
_WHOLE: Final = {"rule": "cpf", "input": {"tempsDeTravail": 0.5, "annee": 2024}}
_ARE: Final = {"rule": "are", "input": {"finContrat": "2024-05-31"}}


@pytest.mark.parametrize(
    ("case", "fits"),
    [
        ({**_SPV, "expected": 1}, True),
        ({**_SPV, "expected": 2}, False),
        ({**_SPV, "expected": None}, True),
        (_SPV, True),
        ({**_SPV, "expected": {"trimestres": 1, "note": "10 à 19 ans"}}, True),
        ({**_SPV, "expected": {"trimestres": 2, "note": "10 à 19 ans"}}, False),
        ({**_SPV, "expected": [1]}, False),
        ({**_SPV, "input": None, "expected": {"statut": "unknown"}}, True),
        ({**_SPV, "input": [1], "expected": {}}, False),
        ({**_SPV, "rule": ["x"]}, False),
        ({"regle": "spv", "entree": {"annees": 19}, "attendu": {"trimestres": 1}, "extra": [1, {"x": None}]}, True),
        ({"rule": "cec.declaration", "input": {"annee": 2024, "declareLe": "2025-06-30"}, "expected": True}, True),
        ({**_CPF, "expected": {"credit": "incertain"}}, True),
        ({**_CPF, "expected": {"outcome": "uncertain"}}, True),
        ({**_WHOLE, "expected": {"credit": "incertain"}}, False),
        ({**_ARE, "expected": {"ouvert": "unknown"}}, True),
        (
            {"rule": "are", "input": {"jours": 200, "finContrat": "2024-05-31"}, "expected": {"ouvert": "unknown"}},
            False,
        ),
        ({"rule": None, "input": {}}, False),
        ({}, False),
    ],
)
def test_a_case_in_any_form_is_answered(case: dict[str, Any], fits: bool) -> None:
    for whole in ([case], {"description": "x", "cases": [case], "version": 3}):
        (found,) = cases.run(cases.read(json.dumps(whole).encode("utf-8-sig")), LAW, TODAY)
        assert found.fits is fits
        json.dumps(cases_data([found], "fr"), allow_nan=False)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['id']}-{case['rule']}")
def test_every_step_of_a_case_reads_as_a_sentence(
    case: dict[str, Any], language: str, ours: dict[str, cases.Result]
) -> None:
    conclusion = ours[case["id"]].conclusion
    assert conclusion
    explained = explain(conclusion, language)
    for text in (explained.summary, *(line.text for line in explained.lines)):
        assert "…" not in text
        assert "{" not in text
        assert re.match(r"[A-ZÀÉ0-9«“−-]", text), text
        assert re.search(r"[.?]$", text), text
    # A computation says what it found: only what is not known asks.
    for step, line in zip(conclusion.steps, explained.lines, strict=True):
        if step.status is Status.COMPUTED:
            assert conclusion.rule.condition(step.key), step.key
            assert not line.text.startswith(("Il manque une réponse", "An answer is missing"))
