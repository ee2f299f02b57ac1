"""Tables that open in a spreadsheet, say everything, and run nothing."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.exchange import tables
from musette_solid.model.activity import Activity, Evidence, Organization
from musette_solid.model.dates import PartialDate
from musette_solid.model.dossier import Dossier
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms

COOK = Activity(
    "https://demo.example/musette/activities.ttl#a-1",
    "Cuisinière",
    terms.SPHERE_EMPLOYMENT,
    PartialDate(2019, 3),
    PartialDate(2021),
    Organization("#o", "Café « Lumen »"),
    "Cheffe",
    "Lyon",
    Decimal("17.50"),
    "Une ligne\nUne autre",
    ("Carte", "Équipe"),
    mobilises=("#s-1",),
    evidence=(Evidence("#e", "Certificat", "https://cafe.example/c"), Evidence("#f", "Photo")),
)
SKILL = Skill(
    "#s-1",
    "Cuisine",
    assessments=(Assessment("#m", "#s-1", terms.LEVEL_ADAPTING, "https://demo.example/#me", date(2026, 1, 2)),),
)
SPANISH = Skill("#s-2", "Espagnol", assessments=(Assessment("#n", "#s-2", as_stated="Courant"),))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def shown(*activities: Activity, skills: tuple[Skill, ...] = ()) -> Dossier:
    return Dossier("#it", "", "", None, "", None, None, None, None, activities, skills)


def test_an_activity_is_a_row_with_everything_it_says() -> None:
    entries = [TimeEntry(f"#t-{n}", COOK.iri, date(2026, 1, 1), minutes) for n, minutes in enumerate((150, 45))]
    (row,) = rows(tables.activities([COOK], entries, "en"))
    assert row == {
        "title": "Cuisinière",
        "sphere": row["sphere"],
        "start": "2019-03",
        "end": "2021",
        "organisation": "Café « Lumen »",
        "role": "Cheffe",
        "place": "Lyon",
        "weekly_hours": "17.50",
        "logged_minutes": "195",
        "description": "Une ligne\nUne autre",
        "achievements": "Carte\nÉquipe",
        "evidence": "Certificat <https://cafe.example/c>\nPhoto",
        "sphere_iri": str(terms.SPHERE_EMPLOYMENT),
        "iri": COOK.iri,
    }
    assert row["sphere"]
    assert tuple(row) == tables.ACTIVITIES


def test_the_spheres_are_in_the_language_asked_for() -> None:
    french, english = (rows(tables.activities([COOK], (), language))[0]["sphere"] for language in ("fr", "en"))
    assert french != english


def test_a_dossier_is_its_activities_then_its_skills() -> None:
    found = rows(tables.dossier(shown(COOK, skills=(SKILL, SPANISH))))
    assert [(row["kind"], row["title"]) for row in found] == [
        ("activity", "Cuisinière"),
        ("skill", "Cuisine"),
        ("skill", "Espagnol"),
    ]
    assert found[0]["skills"] == "Cuisine"
    assert (found[1]["assessed_on"], found[1]["level_iri"]) == ("2026-01-02", str(terms.LEVEL_ADAPTING))
    assert found[1]["level"]
    assert (found[2]["level"], found[2]["level_as_stated"]) == ("", "Courant")
    assert tuple(found[0]) == tables.DOSSIER


def test_a_spreadsheet_sees_the_accents() -> None:
    assert tables.activities([COOK]).startswith(b"\xef\xbb\xbftitle,")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝"])
def test_no_cell_is_a_formula(begin: str) -> None:
    cell = f'{begin}HYPERLINK("https://evil.example")'
    row = rows(tables.activities([Activity("#1", cell, description=cell, achievements=(cell,))]))[0]
    assert row["title"] == row["description"] == row["achievements"] == f"'{cell}"


@settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_any_text_comes_back_from_its_cell(text: str) -> None:
    cell = rows(tables.activities([Activity("#1", text)]))[0]["title"]
    assert cell in {text, f"'{text}"}
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_a_date_that_is_none_is_shown_as_it_was_written() -> None:
    assert rows(tables.activities([Activity("#1", end_as_written="2013-12-021")]))[0]["end"] == "2013-12-021"


def test_no_activity_is_a_table_without_rows() -> None:
    assert rows(tables.activities([])) == []
