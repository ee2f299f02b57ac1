"""Methods in the pages: followed step by step, stopped, taken up again, confirmed, compared, deleted."""

import re
from io import BytesIO

import pytest
from rdflib import URIRef
from werkzeug.test import TestResponse

from musette_solid import shipped
from musette_solid.model import activity as activities_model
from musette_solid.model import people as people_model
from musette_solid.model import skill as skills_model
from musette_solid.model import values as values_model
from musette_solid.model.methods import all_methods
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.follow_method import list_sessions
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES
from tests.web.conftest import NOW, MakeClient, Somebody
from tests.web.reviewer import Reviewer


def begun(person: Reviewer, key: str) -> str:
    answer = person.post(f"/methods/{key}")
    assert answer.status_code == 303
    return answer.location.rpartition("/")[0]


def test_a_method_is_followed_to_skills_that_the_person_confirms(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "star")
    activity = full_bag.layout.activities + "#a-2"
    said = [
        {"chosen": [activity]},
        {"text": "Douze personnes attendaient."},
        {"text": "La caisse."},
        {},
        {"text": "Tout le monde est reparti réparé."},
    ]
    for number, data in enumerate(said, 1):
        assert person.get(f"{session}/{number}").status_code == 200
        assert person.post(f"{session}/{number}", data=data).location == f"{session}/{number + 1}"
    assert person.post(f"{session}/6", data={"text": "Tenir une caisse\nApaiser une file"}).location == f"{session}/end"
    page = person.get(f"{session}/end")
    assert page.text.count('name="keep"') == 2
    full_bag.pod.cache = Cache()
    before = {s.label for s in skills_model.read(resources.read(full_bag.pod, full_bag.layout.skills).graph)}
    assert "Apaiser une file" not in before  # nothing before the person says yes
    answer = person.post(f"{session}/end", data={"keep": ["5-1"], "words-5-1": "Apaiser une file d’attente"})
    assert answer.location == session
    full_bag.pod.cache = Cache()
    skills = skills_model.read(resources.read(full_bag.pod, full_bag.layout.skills).graph)
    assert {s.label for s in skills} - before == {"Apaiser une file d’attente"}
    (made,) = [s for s in skills if s.label not in before]
    activities = activities_model.read(resources.read(full_bag.pod, full_bag.layout.activities).graph)
    assert made.iri in next(a for a in activities if a.iri == activity).mobilises
    (one,) = list_sessions(full_bag)
    assert one.is_over
    shown = person.get(session).text
    assert "Douze personnes attendaient." in shown
    assert "Menuisier" in shown


def test_a_session_is_stopped_and_taken_up_again(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "weekly-journal")
    answer = person.post(f"{session}/1", data={"text": "Atelier, courses, école.", "go": "stop"})
    assert answer.location == session
    assert "Atelier, courses, école." in person.get(session).text
    assert session in person.get("/methods/").text
    assert f"{session}/2" in person.get(session).text
    person.post(f"{session}/1", data={"text": "Atelier et école."})
    (one,) = list_sessions(full_bag)
    assert [a.text for a in one.answers.values()] == ["Atelier et école."]
    person.post(f"{session}/1", data={"text": ""})
    full_bag.pod.cache = Cache()
    assert list_sessions(full_bag)[0].answers == {}


def test_answers_of_a_method_stay_out_of_the_journals_own_notes(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "weekly-journal")
    person.post(f"{session}/1", data={"text": "Rien que pour la méthode."})
    assert "Rien que pour la méthode." not in person.get("/journal/").text


def test_a_mark_is_kept_and_one_that_is_none_is_not(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "weekly-journal")
    for mark, kept in (("7", 7), ("11", None), ("x", None)):
        person.post(f"{session}/4", data={"mark": mark, "text": "mot"})
        full_bag.pod.cache = Cache()
        (one,) = list_sessions(full_bag)
        assert [a.mark for a in one.answers.values()] == [kept]


def test_the_wheel_gives_value_statements(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "wheel-of-values")
    activity = full_bag.layout.activities + "#a-2"
    person.post(f"{session}/1", data={"chosen": [activity]})
    person.post(f"{session}/3", data={"mark": "4", "text": "On s’y retrouve."})
    person.post(f"{session}/end", data={"keep": ["2-0"]})
    full_bag.pod.cache = Cache()
    (said,) = values_model.read(resources.read(full_bag.pod, full_bag.layout.values).graph)
    assert (said.activity, said.dimension, said.weight) == (activity, terms.DIMENSION_SOCIAL_TIE, 4)
    assert "déjà dans votre musette" in person.get(f"{session}/end").text
    person.post(f"{session}/end", data={"keep": ["2-0"]})
    full_bag.pod.cache = Cache()
    assert len(values_model.read(resources.read(full_bag.pod, full_bag.layout.values).graph)) == 1


def test_people_are_proposed_by_initials(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "map-of-relations")
    person.post(f"{session}/1", data={"text": "demo person"})
    person.post(f"{session}/end", data={"keep": ["0-0"], "words-0-0": "demo person"})
    full_bag.pod.cache = Cache()
    (one,) = people_model.read(resources.read(full_bag.pod, full_bag.layout.people).graph)
    assert one.name == "D. P."


def test_goals_and_their_steps_come_together(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "four-winds")
    person.post(f"{session}/6", data={"text": "Ouvrir un atelier"})
    person.post(f"{session}/7", data={"text": "Trouver un lieu\nFaire le budget"})
    person.post(f"{session}/end", data={"keep": ["5-0", "6-0", "6-1"]})
    full_bag.pod.cache = Cache()
    graph = resources.read(full_bag.pod, full_bag.layout.goals).graph
    (goal,) = graph.subjects(terms.RDF_TYPE, terms.Goal)
    steps = list(graph.subjects(terms.RDF_TYPE, terms.Step))
    assert len(steps) == 2
    assert all((one, terms.DCTERMS_IS_PART_OF, goal) in graph for one in steps)


def test_an_activity_needs_its_sphere(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "unseen-work")
    person.post(f"{session}/1", data={"text": "La chorale"})
    refused = person.post(f"{session}/end", data={"keep": ["0-0"]})
    assert refused.status_code == 422
    kept = person.post(f"{session}/end", data={"keep": ["0-0"], "sphere-0-0": str(terms.SPHERE_VOLUNTEERING)})
    assert kept.status_code == 303
    full_bag.pod.cache = Cache()
    activities = activities_model.read(resources.read(full_bag.pod, full_bag.layout.activities).graph)
    assert "La chorale" in {a.title for a in activities}


def test_two_times_are_seen_side_by_side(person: Reviewer, full_bag: Bag) -> None:
    for words in ("Longue.", "Courte."):
        session = begun(person, "weekly-journal")
        person.post(f"{session}/1", data={"text": words})
    page = person.get("/methods/weekly-journal/compare").text
    assert "Longue." in page
    assert "Courte." in page


def test_a_session_is_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "weekly-journal")
    person.post(f"{session}/1", data={"text": "À garder"})
    gone = person.post(f"{session}/delete")
    full_bag.pod.cache = Cache()
    assert list_sessions(full_bag) == ()
    assert person.send(gone, "/activities/undo").location == "/journal/"
    full_bag.pod.cache = Cache()
    assert [a.text for one in list_sessions(full_bag) for a in one.answers.values()] == ["À garder"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("key", sorted(all_methods()))
def test_every_method_and_its_sheet_can_be_read(person: Reviewer, key: str, language: str) -> None:
    for path in (f"/methods/{key}", f"/methods/{key}/sheet"):
        person.page(path, headers={"Accept-Language": language})


def test_what_is_not_there_is_not_there(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "star")
    assert person.get(f"{session}/0").status_code == 404
    assert person.get(f"{session}/7").status_code == 404
    assert person.post(f"{session}/99", data={"text": "x"}).status_code == 404
    assert person.get("/methods/nothing").status_code == 404
    assert person.post("/methods/nothing").status_code == 404
    assert person.get("/methods/session/2020-n-1").status_code == 404


def test_a_chosen_thing_must_be_in_the_bag(person: Reviewer, full_bag: Bag) -> None:
    session = begun(person, "star")
    person.post(f"{session}/1", data={"chosen": ["https://elsewhere.example/activities.ttl#a-1"]})
    full_bag.pod.cache = Cache()
    assert list_sessions(full_bag)[0].answers == {}
    graph = resources.read(full_bag.pod, list_sessions(full_bag)[0].iri).graph
    assert (None, None, URIRef("https://elsewhere.example/activities.ttl#a-1")) not in graph


def test_a_method_is_brought_from_a_file_followed_and_deleted(person: Reviewer, full_bag: Bag) -> None:
    example = (shipped.VOCAB / "examples" / "method.ttl").read_bytes()
    for bad in (example.replace(b"answerKind-lines", b"answerKind-song"), b"<html>", b"x" * 300_000):
        refused = person.post("/methods/bring", data={"file": (BytesIO(bad), "mine.ttl")})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    assert person.post("/methods/bring", data={"address": "http://127.0.0.1/x"}).status_code == 422
    brought = person.post("/methods/bring", data={"file": (BytesIO(example), "mine.ttl")})
    assert brought.status_code == 303
    page = brought.location
    assert "Ce que j’y ai appris" in person.get("/methods/").text
    key = page.rpartition("/")[2]
    assert person.get(f"/methods/own/{key}/sheet").status_code == 200
    assert person.get(f"/methods/{key}/sheet").status_code == 404
    first = person.post(page).location
    assert person.get(first).status_code == 200
    session = first.rpartition("/")[0]
    assert person.post(f"/methods/own/{key}/delete").status_code == 409
    person.post(f"{session}/delete")
    gone = person.post(f"/methods/own/{key}/delete")
    full_bag.pod.cache = Cache()
    assert person.get(page).status_code == 404
    assert person.send(gone, "/activities/undo").location == "/methods/"
    full_bag.pod.cache = Cache()
    assert person.get(page).status_code == 200


def of_look(page: TestResponse) -> dict[str, str]:
    """What the button below the look sends."""
    return {
        name: re.findall(rf'<input type="hidden" name="{name}" value="([^"]+)"', page.text)[-1]
        for name in ("licence", "digest")
    }


def test_a_method_is_passed_on_and_taken_up_by_somebody_else(
    person: Reviewer, full_bag: Bag, server: MemoryPod, client_of: MakeClient
) -> None:
    example = (shipped.VOCAB / "examples" / "method.ttl").read_bytes()
    page = person.post("/methods/bring", data={"file": (BytesIO(example), "mine.ttl")}).location
    key = page.rpartition("/")[2]
    looked = person.get(f"/methods/own/{key}/pass-on")
    assert "Exactement ceci" in looked.text  # its file says its licence: there is nothing to choose
    assert person.post(f"/methods/own/{key}/pass-on", data=of_look(looked)).location == page
    shown = person.get(page)
    address = full_bag.layout.common_method(key) + "#it"
    assert address in shown.text

    account = server.create_pod("ailleurs", "Ailleurs")
    other = set_up.create(server.pod_for(account.webid), account.storage, NOW)
    somebody = client_of(Somebody(other.pod, other))
    taken = somebody.post("/methods/bring", data={"address": address})
    assert taken.status_code == 303
    text = somebody.get(taken.location).text
    assert full_bag.owner in text  # who made it
    assert address in text  # where it comes from
    assert "CC BY 4.0" in text
    somebody.page(f"/methods/own/{taken.location.rpartition('/')[2]}/pass-on", headers={"Accept-Language": "en"})

    assert person.post(f"/methods/own/{key}/take-back").location == page
    assert address not in person.get(page).text
    assert person.get("/methods/own/star/pass-on").status_code == 404


def test_one_without_maker_or_licence_is_passed_on_as_ones_own_and_one_of_somebody_is_not(
    person: Reviewer, full_bag: Bag
) -> None:
    example = (shipped.VOCAB / "examples" / "method.ttl").read_text("utf-8")
    bare = example.replace("dcterms:license <https://creativecommons.org/licenses/by/4.0/>", "mus:minutes 10", 1)
    for text, offers in ((bare, True), (bare.replace("mus:minutes 10 ;", 'dcterms:creator "Demo" ;', 1), False)):
        page = person.post("/methods/bring", data={"file": (BytesIO(text.encode()), "a.ttl")}).location
        address = f"/methods/own/{page.rpartition('/')[2]}/pass-on"
        asked = person.get(address).text
        assert ("Voir ce que les autres liraient" in asked) is offers
        assert ("Rien ne dit qu’on peut le transmettre" in asked) is not offers
        if offers:
            looked = person.get(f"{address}?licence={LICENCES[1]}")
            assert person.post(address, data=of_look(looked)).location == page
        else:
            assert person.post(address, data={"licence": LICENCES[1]}).status_code == 409
