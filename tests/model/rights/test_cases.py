"""Boundaries, switches of dates and of ages, caps: the law as a table of cases, and files of cases in bad shape."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from musette_solid.model.rights import cases, schemes
from musette_solid.model.rights.conclusions import Status

TODAY = date(2026, 11, 25)
GIVEN = Path(__file__).parents[4] / "shared" / "facts" / "rights" / "cases.json"


def result(rule: str, given: dict[str, Any], expected: dict[str, Any] | None = None) -> cases.Result:
    text = json.dumps([{"id": "1", "rule": rule, "input": given, "expected": expected or {}}])
    (found,) = cases.run(cases.read(text.encode()), schemes.law(), TODAY)
    return found


@pytest.mark.skipif(not GIVEN.is_file(), reason="the shared cases are not here")
def test_every_given_case_fits() -> None:
    results = cases.run(cases.read(GIVEN.read_bytes()), schemes.law(), TODAY)
    assert results
    assert [(r.id, r.expected, r.obtained) for r in results if not r.fits] == []
    assert [r.unknown_names for r in results if r.unknown_names] == []


#: SMIC of 1 January times 150 hours (200 until 2013), published a year.
QUARTER = {2002: "1334", 2008: "1688", 2013: "1886", 2014: "1429.50", 2019: "1504.50", 2023: "1690.50", 2024: "1747.50", 2025: "1782", 2026: "1803"}  # fmt: skip


@pytest.mark.parametrize("year", QUARTER)
@pytest.mark.parametrize("quarters", [1, 2, 3, 4])
def test_a_quarter_begins_at_its_threshold_to_the_cent(year: int, quarters: int) -> None:
    threshold = Decimal(QUARTER[year]) * quarters
    for salary, expected in ((threshold - Decimal("0.01"), quarters - 1), (threshold, quarters)):
        found = result(
            "retraite.trimestres", {"salaireBrutSoumis": str(salary), "annee": year}, {"trimestres": expected}
        )
        assert found.fits, (salary, found.obtained)


TABLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("retraite.trimestres", {"salaireBrutSoumis": 1_000_000, "annee": 2024}, {"trimestres": 4}),
    ("retraite.trimestres", {"salaireBrutSoumis": 3495, "joursChomageIndemnise": 50, "annee": 2024}, {"trimestres": 3}),
    ("retraite.trimestres", {"salaireBrutSoumis": 8000, "joursChomageIndemnise": 150, "annee": 2024}, {"trimestres": 4}),
    ("retraite.trimestres.micro", {"CA": 2648, "nature": "BNC", "annee": 2024}, {"trimestres": 1}),
    ("retraite.trimestres.micro", {"CA": 3494.99, "nature": "BIC services", "annee": 2024}, {"trimestres": 0}),
    ("retraite.trimestres.micro", {"CA": 3495, "nature": "BIC services", "annee": 2024}, {"trimestres": 1}),
    ("retraite.trimestres.micro", {"CA": 6025, "nature": "vente", "annee": 2024}, {"trimestres": 0}),
    ("retraite.trimestres.micro", {"CA": 6026, "nature": "ventes", "annee": 2024}, {"trimestres": 1}),
    ("retraite.trimestres.assimiles", {"joursMaladie": 59, "annee": 2024}, {"trimestres": 0}),
    ("retraite.trimestres.assimiles", {"joursMaladie": 60, "joursMaternite": 90, "annee": 2024}, {"trimestres": 2}),
    ("retraite.trimestres.assimiles", {"joursFormation": 50, "annee": 2014}, {"trimestres": 0}),
    ("retraite.trimestres.assimiles", {"joursFormation": 50, "annee": 2015}, {"trimestres": 1}),
    ("retraite.trimestres.service_civique", {"jours": 180, "annee": 2012}, {"trimestres": 2}),
    ("retraite.duree_requise", {"naissance": "1964-12-31", "datePension": "2026-08-31"}, {"trimestres": 171}),
    ("retraite.duree_requise", {"naissance": "1964-12-31", "datePension": "2026-09-01"}, {"trimestres": 170}),
    ("retraite.duree_requise", {"naissance": "1965-03-31", "datePension": "2028-09-01"}, {"trimestres": 170}),
    ("retraite.duree_requise", {"naissance": "1965-04-01", "datePension": "2028-09-01"}, {"trimestres": 171}),
    ("retraite.duree_requise", {"naissance": "1969-01-01"}, {"trimestres": 172, "ageMois": 768}),
    ("cpf", {"solde": 0, "tempsDeTravail": 0.5, "annee": 2024}, {"credit": 500, "incertain": False}),
    ("cpf", {"solde": 0, "tempsDeTravail": 0.49, "annee": 2024}, {"credit": 245, "incertain": True}),
    ("cpf", {"tempsDeTravail": 0.33333, "annee": 2024}, {"credit": 166.67}),
    ("cpf", {"solde": 5200, "tempsDeTravail": 1, "annee": 2024}, {"credit": 0, "solde": 5200}),
    ("cpf", {"solde": 7200, "majore": True, "tempsDeTravail": 1, "annee": 2024}, {"credit": 800, "solde": 8000}),
    ("cpf.participation", {"date": "2024-05-02"}, {"participation": 100}),
    ("cpf.participation", {"annee": 2026}, {"participation": 103.2}),
    ("cec.benevolat", {"heures": {"A": 200}}, {"euros": 240}),
    ("cec.benevolat", {"heures": {"A": 199.99}}, {"euros": 0}),
    ("cec.benevolat", {"heures": {"A": 99.99, "B": 99.99, "C": 50}}, {"euros": 0}),
    ("cec.benevolat", {"heures": {"A": 250}, "bureau": False}, {"euros": 0}),
    ("cec.benevolat", {"heures": {"A": 250}, "creationAsso": "2023-01-15", "annee": 2023}, {"euros": 0}),
    ("cec.benevolat", {"heures": {"A": 250}, "creationAsso": "2024-12-31", "annee": 2025}, {"euros": 240}),
    ("cec.benevolat", {"heures": {"A": 250}, "creationAsso": "2025-01-01", "annee": 2025}, {"euros": 0}),
    ("cec.benevolat", {"heures": {"A": 250}, "naissance": "2008-12-31", "annee": 2024}, {"euros": 240}),
    ("cec.benevolat", {"heures": {"A": 250}, "naissance": "2009-01-01", "annee": 2024}, {"euros": 0}),
    ("cec", {"soldeCEC": 0, "activites": ["benevolat ok", "service civique ok"]}, {"euros": 480}),
    ("cec", {"soldeCEC": 0, "activites": ["benevolat ok", "benevolat ok"]}, {"euros": 240}),
    ("cec", {"soldeCEC": 0, "activites": ["réserve militaire 90 jours", "réserve sanitaire 29 jours"]}, {"euros": 240}),
    ("cec", {"soldeCEC": 0, "activites": ["benevolat non"]}, {"euros": 0}),
    ("cec", {"soldeCEC": 0, "activites": ["benevolat ok"], "annee": 2018}, {"heures": 20}),
    ("cec", {"soldeCEC": 480, "activites": ["benevolat ok", "pompier ok"], "annee": 2024}, {"euros": 240, "solde": 720}),
    ("cec.declaration", {"annee": 2024, "declareLe": "2024-12-31"}, {"recevable": False}),
    ("cec.declaration", {"annee": 2024, "declareLe": "2025-01-01"}, {"recevable": True}),
    ("cec.reserve_civique", {"heures": 200, "heuresMemeOrganisme": 99}, {"atteint": False}),
    ("c2p", {"facteurs": 1, "moisExposition": 12, "annee": 2022}, {"points": 4}),
    ("c2p", {"facteurs": 2, "moisExposition": 12, "annee": 2022}, {"points": 8}),
    ("c2p", {"facteurs": 3, "moisExposition": 12, "annee": 2022, "solde": 97}, {"points": 3}),
    ("c2p", {"facteurs": 3, "moisExposition": 12, "annee": 2024, "solde": 97}, {"points": 12}),
    ("c2p", {"facteurs": 3, "moisExposition": 12, "annee": 2023}, {"points": 9}),
    ("c2p.nuit", {"nuits": 100, "date": "2023-08-31"}, {"expose": False}),
    ("c2p.nuit", {"nuits": 100, "date": "2023-09-01"}, {"expose": True}),
    ("c2p.usage", {"points": 30, "naissance": 1962}, {"formationReservee": 10, "libres": 20}),
    ("c2p.usage", {"points": 30, "naissance": 1959}, {"formationReservee": 0, "libres": 30, "trimestres": 3}),
    ("c2p.usage", {"points": 15, "naissance": 1990}, {"formationReservee": 15, "libres": 0, "euros": 7500}),
    ("c2p.usage", {"points": 200, "naissance": 1950}, {"trimestres": 8, "mois": 80}),
    ("are.ouverture", {"jours": 121, "finContrat": "2017-09-30"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 88, "finContrat": "2017-10-01"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 88, "finContrat": "2019-10-31"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 88, "finContrat": "2019-11-01"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 88, "finContrat": "2020-07-31"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 88, "finContrat": "2020-08-01"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 88, "finContrat": "2021-12-01"}, {"ouvert": False}),
    ("are.ouverture", {"heures": 909.99, "finContrat": "2024-05-31"}, {"ouvert": False}),
    ("are.ouverture", {"heures": 910, "finContrat": "2024-05-31"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 100, "heures": 910, "finContrat": "2024-05-31"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 108, "saisonnier": True, "finContrat": "2025-03-31"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 107, "saisonnier": True, "finContrat": "2025-04-01"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 108, "saisonnier": True, "finContrat": "2025-04-01"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 108, "finContrat": "2025-04-01"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 200, "finContrat": "2024-05-31", "motif": "démission"}, {"ouvert": False}),
    ("are.ouverture", {"jours": 200, "finContrat": "2024-05-31", "motif": "fin de CDD"}, {"ouvert": True}),
    ("are.ouverture", {"jours": 130, "finContrat": "2025-03-31", "age": 53}, {"periodeReference": 36}),
    ("are.ouverture", {"jours": 130, "finContrat": "2025-04-01", "age": 54}, {"periodeReference": 24}),
    ("are.ouverture", {"jours": 130, "finContrat": "2025-04-01", "age": 55}, {"periodeReference": 36}),
    ("are.ouverture", {"jours": 122, "finContrat": "2016-01-01", "age": 50}, {"periodeReference": 36, "ouvert": True}),
    ("are.ouverture", {"finContrat": "2024-05-31"}, {"ouvert": None, "statut": "inconnu"}),
    ("are.duree", {"jours": 1000, "age": 52, "date": "2024-01-01"}, {"duree": 548}),
    ("are.duree", {"jours": 1000, "age": 53, "date": "2024-01-01"}, {"duree": 685}),
    ("are.duree", {"jours": 1100, "age": 55, "date": "2025-03-31"}, {"duree": 822}),
    ("are.duree", {"jours": 1100, "age": 55, "date": "2025-04-01"}, {"duree": 685}),
    ("are.montant", {"SJR": 60, "date": "2024-08-01"}, {"allocation": 37.35}),
    ("annexes8_10", {"heures": 506.99}, {"ouvert": False}),
    ("annexes8_10", {"heures": 400, "enseignement": 120, "age": 49}, {"heuresRetenues": 470, "ouvert": False}),
    ("annexes8_10", {"heures": 400, "enseignement": 120, "age": 50}, {"heuresRetenues": 520, "ouvert": True}),
    ("annexes8_10", {"heures": 400, "enseignement": 120}, {"ouvert": None}),
    ("annexes8_10", {"heures": 100, "formation": 400, "enseignement": 70}, {"heuresRetenues": 438}),
    ("annexes8_10", {"cachets": 43}, {"heuresRetenues": 516, "ouvert": True}),
    ("annexes8_10", {"heures": 400, "joursMaternite": 22}, {"heuresRetenues": 510, "ouvert": True}),
    ("ajpa", {"joursDemandes": 66, "personne": "P2", "dejaPris": {"P1": 66}, "date": "2024-12-31"}, {"joursAccordables": 0}),
    ("ajpa", {"joursDemandes": 66, "personne": "P1", "dejaPris": {"P1": 22}, "date": "2025-01-01"}, {"joursAccordables": 44}),
    ("ajpa", {"joursDemandes": 66, "personne": "P4", "dejaPris": {"P1": 66, "P2": 66, "P3": 65.5}, "date": "2025-01-01"}, {"joursAccordables": 66}),
    ("ajpa", {"joursDemandes": 66, "personne": "P5", "dejaPris": {"P1": 66, "P2": 66, "P3": 66, "P4": 60}, "date": "2025-01-01"}, {"joursAccordables": 6}),
    ("ajpa", {"joursDemandes": 10, "personne": "P1", "date": "2020-09-29"}, {"joursAccordables": 0, "statut": "not applicable"}),
    ("plateforme.prise_en_charge", {"CA": 6123, "annee": 2025}, {"priseEnCharge": True}),
    ("plateforme.prise_en_charge", {"CA": 6122.99, "annee": 2025}, {"priseEnCharge": False}),
    ("plateforme.prise_en_charge", {"CA": 6247.80, "annee": 2026}, {"priseEnCharge": True, "seuil": 6247.8}),
    ("spv", {"annees": 24}, {"trimestres": 2}),
    ("spv", {"annees": 25, "datePension": "2026-06-30"}, {"trimestres": 0}),
    ("agirc_arrco", {"salaire": 47100, "annee": 2025}, {"points": 144.65}),
    ("agirc_arrco", {"salaire": 57100, "annee": 2025}, {"points": 228.86}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "expected"), TABLE, ids=[f"{r}-{n}" for n, (r, _, _) in enumerate(TABLE)])
def test_the_law_at_its_boundaries(rule: str, given: dict[str, Any], expected: dict[str, Any]) -> None:
    found = result(rule, given, expected)
    assert found.fits, (found.expected, found.obtained)
    assert found.unknown_names == ()


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("retraite.trimestres", {"salaireBrutSoumis": 5000, "annee": 2027}),
        ("retraite.trimestres", {"salaireBrutSoumis": 5000, "annee": 1990}),
        ("agirc_arrco", {"salaire": 5000, "annee": 2026}),
        ("are.montant", {"SJR": 60, "date": "2026-07-01"}),
    ],
)
def test_a_figure_that_nobody_has_published_is_unknown_and_named(rule: str, given: dict[str, Any]) -> None:
    found = result(rule, given)
    assert found.conclusion
    assert found.conclusion.status is Status.UNKNOWN
    assert found.conclusion.amount is None


def test_a_negative_amount_names_the_fact() -> None:
    found = result("plateforme.prise_en_charge", {"CA": -1, "annee": 2024})
    assert found.conclusion
    (step,) = found.conclusion.steps
    assert (step.because, step.asks) == ("negative", "turnover")


def test_names_and_rules_that_nobody_knows_are_named_and_the_rest_goes_on() -> None:
    text = json.dumps(
        {
            "cases": [
                {"id": "a", "rule": "no.such.rule", "input": {"x": 1}, "expected": {"y": 1}},
                {"id": "b", "rule": "spv", "input": {"anneesDeService_": 12, "étoile": 3}, "expected": {"trimestres": 1}},
                {"id": "c", "rule": "spv", "input": [], "expected": 3},
                7,
                {"id": "d", "rule": "SPV", "input": {"Années": 12}, "expected": {"Trimestres": 1}},
            ]
        }
    )  # fmt: skip
    found = cases.run(cases.read(text.encode()), schemes.law(), TODAY)
    assert [r.fits for r in found] == [False, False, False, False, True]
    assert found[0].problem
    assert set(found[1].unknown_names) == {"anneesDeService_", "étoile"}


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b'"cases"', b'{"cases": {}}', b"[" * 100_000])
def test_what_is_no_file_of_cases_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(cases.NotCases):
        cases.read(data)


def test_without_expectations_every_result_is_given() -> None:
    found = result("cpf", {"solde": 4900, "tempsDeTravail": 1, "annee": 2024})
    assert (found.obtained["credit"], found.obtained["solde"], found.obtained["statut"]) == (100, 5000, "met")
