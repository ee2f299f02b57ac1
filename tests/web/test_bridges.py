"""The pages of bridges: find an occupation, see what is there and what lacks, make a goal of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from musette_solid.exchange import esco, rome
from musette_solid.model.references.index import build
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod import resources
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.declare_skill import declare_skill
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pursue_goal import list_goals
from tests.model.references.registers import ROME_FILES, TODAY
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer
from tests.web.test_skills import kept

TREASURER = "https://w3id.org/musette/rome/code/M1"
TO = f"/bridges/to?occupation={TREASURER}"


@pytest.fixture
def _rome(app: Flask, tmp_path: Path) -> Iterator[None]:
    build(tmp_path / "rome.sqlite", rome.read(ROME_FILES), installed=TODAY).close()
    before, app.extensions["musette.shelf"] = app.extensions["musette.shelf"], Shelf(tmp_path)
    yield
    app.extensions["musette.shelf"] = before


def test_without_a_register_the_page_says_so(person: Reviewer) -> None:
    assert "musette references install rome" in person.get("/bridges/").text
    assert person.get(TO).status_code == 404


@pytest.mark.usefixtures("_rome")
def test_an_occupation_is_found_and_shown_without_any_mark(person: Reviewer, full_bag: Bag) -> None:
    declare_skill(full_bag, {"prefLabel": ["Tenir les comptes de deux associations"]}, NOW)
    assert TREASURER in person.get("/bridges/?q=trésorière").text
    assert person.get("/bridges/?q=tre&part=1").mimetype == "text/plain"
    text = person.get(TO).text
    for said in ("Ce qui reste à prouver", "Ce qui manque", "Tenir les comptes", "le dit avec des mots proches"):
        assert said in text
    assert "%" not in text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.usefixtures("_rome")
def test_a_likeness_is_confirmed_and_a_goal_is_set(person: Reviewer, full_bag: Bag) -> None:
    skill = declare_skill(full_bag, {"prefLabel": ["Tenir les comptes de deux associations"]}, NOW)
    page = person.get(TO)
    need = "https://w3id.org/musette/rome/ogr/1"
    assert person.send(page, "/bridges/tie", skill=skill, concept=need, occupation=TREASURER).status_code == 303
    assert kept(full_bag)["Tenir les comptes de deux associations"].close == (need,)
    budget = "https://w3id.org/musette/rome/ogr/2"
    answer = person.send(
        person.get(TO),
        "/bridges/goal",
        occupation=TREASURER,
        title="Devenir trésorière",
        by="2028",
        need=[budget],
        **{f"step-{budget}": "Apprendre à faire un budget"},
    )
    assert answer.status_code == 303
    (goal,) = list_goals(full_bag).goals
    assert [step.title for step in goal.steps] == ["Apprendre à faire un budget"]
    text = person.get(TO).text
    assert "Vos objectifs pour ce métier" in text
    assert "Apprendre à faire un budget" in text
    assert "Devenir trésorière" in person.get("/bridges/").text
    wrong = person.send(person.get(TO), "/bridges/goal", occupation=TREASURER, title="Voir", by="bientôt")
    assert wrong.status_code == 422
    assert goal.state == terms.GOAL_STATE_PURSUED


def test_a_concept_that_its_register_gave_up_is_kept_and_marked(
    app: Flask, person: Reviewer, full_bag: Bag, tmp_path: Path
) -> None:
    gone = "http://data.europa.eu/esco/skill/old"
    register = esco.read(
        {
            "v1.2_skills_fr.csv": f"conceptUri,skillType,preferredLabel,altLabels,status\n{gone},,raboter,,obsolete\n".encode()
        }
    )
    build(tmp_path / "esco.sqlite", register, installed=TODAY).close()
    before, app.extensions["musette.shelf"] = app.extensions["musette.shelf"], Shelf(tmp_path)
    try:
        tied = syntax.parse(
            f"<#s-1> <http://www.w3.org/2004/02/skos/core#closeMatch> <{gone}> .".encode(),
            syntax.TURTLE,
            full_bag.layout.skills,
        )
        resources.insert(full_bag.pod, full_bag.layout.skills, tied)
        text = person.get("/skills/s-1").text
        assert "raboter" in text
        assert "n’y est plus en usage" in text
    finally:
        app.extensions["musette.shelf"] = before
