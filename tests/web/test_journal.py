"""The journal in the pages: a line in one box, the day in the past, the same year after year."""

from datetime import date

import pytest

from musette_solid.model import journal as journal_model
from musette_solid.model.journal import Reflection
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from musette_solid.web.notices import SENTENCES, is_saved
from tests.web.conftest import today
from tests.web.reviewer import Page, Reviewer


def kept(bag: Bag, year: int) -> tuple[Reflection, ...]:
    bag.pod.cache = Cache()
    return journal_model.read(resources.read(bag.pod, bag.layout.journal(year)).graph)


def test_a_line_is_kept_with_its_prompt_and_how_it_felt(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/journal/")
    answer = person.send(page, "/journal/line", description="Deux heures à l’atelier.", feeling=str(terms.FEELING_CALM))
    assert answer.location == "/journal/"
    (note,) = kept(full_bag, today().year)
    assert (note.text, note.on, note.feeling) == ("Deux heures à l’atelier.", today(), terms.FEELING_CALM)
    assert note.prompt
    assert note.prompt in page.text.replace("&#39;", "'")
    assert "Deux heures à l’atelier." in person.get("/journal/").text


def test_the_next_page_says_that_no_draft_is_needed_any_more(person: Reviewer, full_bag: Bag) -> None:
    """The script of drafts looks for this mark: without it, what was saved would be offered again."""
    person.post("/journal/line", data={"description": "Une ligne."})
    assert "data-saved" in person.get("/journal/").text
    assert "data-saved" not in person.get("/journal/").text


@pytest.mark.parametrize("name", ["activity-added", "time-logged", "skill-added", "noted", "session-kept"])
def test_what_was_saved_is_no_draft(name: str) -> None:
    assert name in SENTENCES
    assert is_saved(name)


def test_writing_costs_one_request(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    person.get("/journal/")
    server.requests.clear()
    person.post("/journal/line", data={"description": "Une ligne."})
    person.post("/journal/line", data={"description": "Une autre."})
    assert [r.method for r in server.requests] == ["PATCH", "PATCH"]  # the page saw that there was nothing


def test_a_day_ahead_and_an_empty_note_get_a_sentence(person: Reviewer, full_bag: Bag) -> None:
    year = today().year + 1
    answer = person.post("/journal/", data={"description": "Demain", "date": f"{year}-03-01"})
    assert answer.status_code == 422
    assert "encore à venir" in answer.text
    assert "Demain" in answer.text
    assert person.post("/journal/", data={"description": " "}).status_code == 422
    assert person.post("/journal/", data={"description": "Hier", "date": "2024-02-31"}).status_code == 422
    assert kept(full_bag, year) == ()


def test_a_note_of_another_year_goes_to_its_document_and_can_move(person: Reviewer, full_bag: Bag) -> None:
    made = person.post(
        "/journal/",
        data={"description": "L’assemblée", "date": "2024-05-12", "about": [full_bag.layout.activities + "#a-2"]},
    )
    assert made.status_code == 303
    (note,) = kept(full_bag, 2024)
    name = "2024-" + note.iri.partition("#")[2]
    form = person.get(f"/journal/{name}/correct")
    assert "L’assemblée" in form.text
    answer = person.send(form, f"/journal/{name}/correct", date="2023-05-12")
    assert answer.status_code == 303
    assert kept(full_bag, 2024) == ()
    (moved,) = kept(full_bag, 2023)
    assert (moved.text, moved.on, moved.about) == (
        "L’assemblée",
        date(2023, 5, 12),
        (full_bag.layout.activities + "#a-2",),
    )
    found = person.get("/journal/?q=ASSEMBLEE").text
    assert "L’assemblée" in found
    assert "L’assemblée" in person.get("/journal/?about=a-2").text
    assert "L’assemblée" not in person.get("/journal/?q=rien").text


def test_a_note_is_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    person.post("/journal/line", data={"description": "À garder"})
    (note,) = kept(full_bag, today().year)
    name = f"{today().year}-" + note.iri.partition("#")[2]
    assert "À garder" in person.get(f"/journal/{name}/delete").text
    gone = person.post(f"/journal/{name}/delete")
    assert kept(full_bag, today().year) == ()
    assert person.send(gone, "/activities/undo").location == "/journal/"
    assert [one.text for one in kept(full_bag, today().year)] == ["À garder"]


def test_somebody_who_changed_it_meanwhile_is_not_overwritten(person: Reviewer, full_bag: Bag) -> None:
    person.post("/journal/line", data={"description": "Premier"})
    (note,) = kept(full_bag, today().year)
    name = f"{today().year}-" + note.iri.partition("#")[2]
    form = person.get(f"/journal/{name}/correct")
    person.send(form, f"/journal/{name}/correct", description="Deuxième")
    answer = person.send(form, f"/journal/{name}/correct", description="Troisième")
    assert answer.status_code == 412
    assert "Deuxième" in answer.text
    assert "Troisième" in answer.text


def test_what_is_no_year_is_not_there(person: Reviewer) -> None:
    for name in ("r-1", "20x4-r-1", "2024-"):
        assert person.get(f"/journal/{name}/correct").status_code == 404


def test_ten_thousand_notes_are_shown_by_pages(newcomer: Reviewer, bag: Bag, server: MemoryPod) -> None:
    year = today().year
    notes = "".join(
        f'<#r-{n}> a mus:Reflection ; dcterms:date "{year}-01-01"^^xsd:date ; dcterms:description "Note {n}" .\n'
        for n in range(10_000)
    )
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    server.put_bytes(bag.layout.journal(year), (head + notes).encode())
    page = newcomer.page("/journal/?page=250")
    assert len(page.named("article")) == 40
    assert "Page 250 sur 250" in page.root.words


def test_the_pages_are_in_order_without_script(newcomer: Reviewer) -> None:
    page = Page(newcomer.get("/journal/").text)
    assert [e.attributes.get("name") for e in page.named("textarea")] == ["description"]


def test_one_note_is_put_into_a_dossier_by_name(person: Reviewer, full_bag: Bag, organisation: Person) -> None:
    person.post("/journal/line", data={"description": "J’ai tenu la réunion."})
    person.post("/journal/line", data={"description": "CANARY une autre."})
    ways = [
        e.attributes["href"]
        for e in Page(person.get("/journal/").text).named("a")
        if "/shares/new?note=" in e.attributes.get("href", "")
    ]
    (name,) = [way for way in ways if "tenu la réunion" in person.get(way).text]
    form = person.get(name)
    assert "J’ai tenu la réunion." in form.text
    assert "CANARY" not in form.text
    said = {
        "recipient": organisation.webid,
        "purpose": str(terms.PURPOSE_COUNSELLING),
        "until": f"{today().year + 1}-02-01",
    }
    look = person.send(form, "/shares/preview", **said)
    assert look.status_code == 200
    assert "J’ai tenu la réunion." in look.text
    assert "CANARY" not in look.text
    # What follows the bag takes no note along; the sentence says what to do.
    refused = person.send(form, "/shares/preview", **said, currency="currency-live")
    assert refused.status_code == 422
    assert "reste tel quel" in refused.text
    made = person.send(look, "/shares/")
    assert made.status_code == 303
    assert "Une note de votre journal" in person.get(made.location).text


def test_without_being_named_no_note_is_proposed(person: Reviewer, full_bag: Bag) -> None:
    person.post("/journal/line", data={"description": "CANARY une ligne."})
    text = person.get("/shares/new").text
    assert "CANARY" not in text
    assert all(e.attributes.get("name") != "journal" for e in Page(text).named("input"))
