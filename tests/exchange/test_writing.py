"""Out in other formats: what they can say comes back, what they cannot is named, nothing in them runs."""

import io
import json
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from musette_solid.exchange import calendar_writing, cv, europass_writing
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.goal import Goal, Step
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms
from tests.exchange.reading import NOW, activities, lost, read, skills, times
from tests.exchange.test_formats import OLD
from tests.exchange.test_linkedin import archive


def a_life() -> tuple[list[Activity], list[Skill]]:
    found = read(archive())
    return activities(found), skills(found)


def test_a_europass_cv_comes_back() -> None:
    kept, known = a_life()
    data, losses = europass_writing.write(kept, known, name="Demo Un", now=NOW)
    again = read(data)
    assert again.format == "Europass (XML)"
    said = {
        one.title: (one.start, one.end, one.organization.name if one.organization else "") for one in activities(again)
    }
    for one in kept:
        if one.sphere in {terms.SPHERE_EMPLOYMENT, terms.SPHERE_TRAINING}:
            assert said[one.title] == (one.start, one.end, one.organization.name if one.organization else "")
    assert {one.label for one in skills(again)} == {one.label for one in known}
    assert any("Trésorière" in loss.value for loss in losses)
    old = read(OLD)
    rewritten, _ = europass_writing.write(activities(old), skills(old), name="Demo", now=NOW)
    assert {one.label: one.current.as_stated for one in skills(read(rewritten)) if one.current} == {
        "Elvish": "C2+",
        "Japanese": "Listening C1, Reading C1, Writing B2",
    }


def test_an_empty_bag_is_an_empty_cv() -> None:
    data, losses = europass_writing.write([], [], name="", now=NOW)
    assert losses == ()
    assert b"LearnerInfo" in data
    assert calendar_writing.write([], [], NOW)[1] == ()
    empty = cv.compose([], [], name="Demo", today=NOW.date())
    assert cv.pdf(empty).startswith(b"%PDF")


def test_time_as_a_calendar_comes_back_to_the_minute() -> None:
    activity = Activity("https://demo.example/a#1", "Repair; café, un", end=PartialDate(2027, 1, 31))
    entries = [TimeEntry(f"https://demo.example/t#{n}", activity.iri, date(2026, 11, n), 10 + n) for n in range(1, 6)]
    data, losses = calendar_writing.write(entries, [activity], NOW)
    assert len(losses) == 1
    again = read(data)
    assert sorted((one.on, one.minutes) for one in times(again)) == [(one.on, one.minutes) for one in entries]
    assert [line.label for line in again.lines] == ["Repair; café, un"]
    assert b"DTSTART;VALUE=DATE:20270131" in data
    assert any("whole days" in sentence for _, sentence in lost(again))


HOSTILE = '#set page(fill: red) $x$ *b* <script>alert(1)</script> " \\ @x'


@pytest.mark.parametrize("layout", cv.LAYOUTS)
@pytest.mark.parametrize("language", cv.LANGUAGES)
def test_a_cv_in_two_languages_and_every_layout(layout: str, language: str) -> None:
    kept, known = a_life()
    kept.append(
        Activity(
            "https://demo.example/a#a-9", HOSTILE, terms.SPHERE_EMPLOYMENT, description=HOSTILE, achievements=(HOSTILE,)
        )
    )
    made = cv.compose(
        kept, known, name="Demo " + HOSTILE, today=NOW.date(), headline=HOSTILE, language=language, layout=layout
    )
    assert cv.pdf(made).startswith(b"%PDF")
    page = cv.html(made).decode()
    assert f'lang="{language}"' in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!https?://(atlas|sst)\.example)", page)
    assert "https://demo.example/musette" not in page
    assert 'data-source="' in page


def test_a_cv_shows_what_was_chosen_and_care_only_when_it_was() -> None:
    care = Activity("https://demo.example/a#a-1", "Soin", terms.SPHERE_CARE)
    job = Activity("https://demo.example/a#a-2", "Soudeuse", terms.SPHERE_EMPLOYMENT)
    everything = cv.compose([care, job], [], name="Demo", today=NOW.date())
    assert everything.sources == ("a-2",)
    chosen = cv.compose([care, job], [], name="Demo", today=NOW.date(), chosen={care.iri})
    assert chosen.sources == ("a-1",)


def test_a_french_cv_is_set_as_french_is_and_links_stay_as_they_are() -> None:
    job = Activity(
        "https://demo.example/a#a-1",
        "Atelier : l'accueil",
        terms.SPHERE_EMPLOYMENT,
        description="Dire « bonjour » ; écouter !",
    )
    french = cv.compose([job], [], name="Demo", today=NOW.date(), about="C'est dit : voilà.")
    (line,) = french.sections[0].lines
    assert line.title == "Atelier\u00a0: l’accueil"
    assert line.text == "Dire «\u00a0bonjour\u00a0»\u202f; écouter\u202f!"
    assert french.about == "C’est dit\u00a0: voilà."
    english = cv.compose([job], [], name="Demo", today=NOW.date(), language="en")
    assert english.sections[0].lines[0].title == "Atelier : l'accueil"


def test_a_cv_of_many_skills_loses_none_of_them() -> None:
    many = [Skill(f"https://demo.example/s#s-{n}", f"Compétence numéro {n}") for n in range(90)]
    for layout in cv.LAYOUTS:
        made = cv.compose([], many, name="Demo", today=NOW.date(), layout=layout)
        assert len(cv.pdf(made)) > len(cv.pdf(cv.compose([], many[:20], name="Demo", today=NOW.date(), layout=layout)))
        assert all(one.label in cv.html(made).decode() for one in many)


def test_the_days_of_goals_and_steps_are_in_the_calendar() -> None:
    step = Step(
        "https://demo.example/g#p-1", "https://demo.example/g#g-1", "Écrire le livret", by=PartialDate(2027, 2, 1)
    )
    done = replace(step, iri="https://demo.example/g#p-2", title="Fini", state=terms.STEP_STATE_DONE)
    vague = replace(step, iri="https://demo.example/g#p-3", title="Vague", by=PartialDate(2027))
    goal = Goal("https://demo.example/g#g-1", "VAE", by=PartialDate(2027, 6, 30), steps=(step, done, vague))
    data, losses = calendar_writing.write([], [], NOW, goals=[goal])
    assert losses == ()
    assert b"DTSTART;VALUE=DATE:20270201" in data
    assert b"DTSTART;VALUE=DATE:20270630" in data
    assert b"Fini" not in data
    assert b"Vague" not in data


def test_a_europass_cv_is_in_the_order_of_its_schema() -> None:
    """Checked once against the schema of its makers (3.3, github.com/europass/ewa-cedefop), whose licence keeps it out of here."""
    undated = Activity(
        iri="https://a.example/#a", title="Atelier", sphere=terms.SPHERE_EMPLOYMENT, end=PartialDate(2020)
    )
    dated = replace(undated, start=PartialDate(2019, 3))
    data, losses = europass_writing.write([undated, dated], [], name="Demo", now=NOW)
    text = data.decode()
    said = re.findall(r"<(DocumentType|CreationDate|LastUpdateDate|XSDVersion|Generator|From|To|Current)\b", text)
    assert said == [
        "DocumentType",
        "CreationDate",
        "LastUpdateDate",
        "XSDVersion",
        "Generator",
        "From",
        "To",
        "Current",
    ]
    assert "<XSDVersion>V3.3</XSDVersion>" in text
    assert text.count("<Period>") == 1
    assert any("2020" in loss.value for loss in losses)


@pytest.mark.parametrize("layout", cv.LAYOUTS)
def test_a_pdf_says_where_each_line_comes_from_without_showing_it(layout: str) -> None:
    read_back = read(archive())
    made = cv.compose(activities(read_back), skills(read_back), name="Demo Un", today=date(2026, 11, 25), layout=layout)
    with pikepdf.open(io.BytesIO(cv.pdf(made))) as opened:
        attached = json.loads(opened.attachments["sources.json"].get_file().read_bytes())
    assert [one["source"] for one in attached] == list(made.sources)
    assert all(one["line"] for one in attached)
    assert "://" not in json.dumps([one["source"] for one in attached])
