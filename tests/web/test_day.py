"""The page of the day: what it says of a bag, what it costs, and that it asks for nothing when all is well."""

from datetime import timedelta

import pytest
from flask import Flask

from musette_solid.model import day as day_model
from musette_solid.model.day import Worth
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax
from musette_solid.usecases.layout import Bag
from musette_solid.web import day as day_page
from tests.web.conftest import today
from tests.web.reviewer import Reviewer


def test_at_most_three_things_each_with_why(person: Reviewer, full_bag: Bag) -> None:
    soon = (today() + timedelta(days=20)).isoformat()
    goal = person.post("/goals/", data={"title": "Ouvrir un atelier"}).location
    person.post(f"{goal}/steps", data={"title": "Visiter un local", "by": soon})
    person.post("/people/", data={"fn": "D. M.", "thanksFor": "deux soirées"})
    person.post(
        "/activities/",
        data={"title": "Mission courte", "sphere": "employment", "startDate": "2026-01", "endDate": soon},
    )
    page = person.page("/day/")
    (section,) = [e for e in page.named("section") if e.attributes.get("aria-labelledby") == "worth"]
    things = [e for e in page.named("li") if e.parent and e.parent.parent is section]
    assert len(things) == 3
    assert "Mission courte" in section.text
    assert "Visiter un local" in section.text
    assert "Ouvrir un atelier" in section.text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", list(day_model.SENTENCES))
def test_each_kind_says_what_and_why_and_leads_somewhere(app: Flask, kind: day_model.Kind, language: str) -> None:
    iri = "https://demo.example/musette/journal/2026.ttl#x-1"
    with app.test_request_context("/day/", headers={"Accept-Language": language}):
        said = day_page._suggestion(Worth(kind, "Titre", iri, today(), "autre"), {})
    assert "Titre" in said.text
    assert said.why
    assert said.address.startswith("/")
    assert said.action
    assert "%(" not in said.text + said.why


def test_a_question_about_a_right_and_an_entry_to_complete(person: Reviewer, full_bag: Bag) -> None:
    text = person.get("/day/").text
    assert "Une question est ouverte sur un droit" in text
    assert "/rights/nearly" in text


def test_a_skill_that_slept_is_used_again(person: Reviewer, bag: Bag, server: MemoryPod) -> None:
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    begun = (today() - timedelta(days=20)).isoformat()
    server.put_bytes(
        bag.layout.activities,
        (
            head
            + '<#a-1> a mus:Activity ; dcterms:title "Avant" ; mus:mobilises <skills.ttl#s-1> ; mus:sphere mus:sphere-care ; '
            'schema:startDate "2008"^^xsd:gYear ; schema:endDate "2010"^^xsd:gYear .\n'
            '<#a-2> a mus:Activity ; dcterms:title "Chantier" ; mus:mobilises <skills.ttl#s-1> ; mus:sphere mus:sphere-volunteering ; '
            f'schema:startDate "{begun}"^^xsd:date .\n'
        ).encode(),
    )
    server.put_bytes(bag.layout.skills, (head + '<#s-1> a mus:Skill ; skos:prefLabel "Souder" .').encode())
    text = person.get("/day/").text
    assert "Souder" in text
    assert "Chantier" in text
    assert "/skills/s-1/assess" in text


def test_an_empty_bag_is_welcomed(newcomer: Reviewer) -> None:
    text = newcomer.get("/day/").text
    assert "Votre musette est vide" in text
    assert "worth" not in text


def test_a_second_look_asks_only_whether_something_changed(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    person.get("/day/")
    server.requests.clear()
    person.get("/day/")
    assert all(request.method == "GET" for request in server.requests)
    # Seven documents and three years of time.
    assert len(server.requests) <= 10


def test_what_was_written_since_the_last_visit_is_said(person: Reviewer, full_bag: Bag) -> None:
    assert "Depuis le" not in person.get("/day/").text
    before = (today() - timedelta(days=3)).isoformat()
    person.set_cookie("musette-day", before, domain="localhost", path="/day")
    person.post("/journal/line", data={"description": "Une ligne."})
    text = person.get("/day/").text
    assert "1 note écrite" in text
    assert "1 note écrite" in person.get("/day/").text  # the same all day long


def test_a_cookie_of_somebody_elses_making_is_ignored(person: Reviewer, full_bag: Bag) -> None:
    person.set_cookie("musette-day", "x.9999-99-99.'", domain="localhost", path="/day")
    assert person.get("/day/").status_code == 200


def test_a_damaged_document_is_named_and_the_day_goes_on(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    server.put_bytes(full_bag.layout.goals, b"<#g")
    text = person.get("/day/").text
    assert "goals" in text
    assert 'id="line"' in text
