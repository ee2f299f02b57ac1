"""From an activity's words to skills, and from everyday words to a register, in the pages."""

from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from tests.web.conftest import NOW
from tests.web.reviewer import Page, Reviewer


def club(bag: Bag) -> str:
    texts = {"title": ["Trésorerie du club"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return log_activity(bag, texts, NOW).partition("#")[2]


def test_proposals_say_why_and_are_kept_reworded_or_set_aside(newcomer: Reviewer, bag: Bag) -> None:
    name = club(bag)
    assert f"/activities/{name}/skills" in newcomer.get(f"/activities/{name}").text
    page = newcomer.get(f"/activities/{name}/skills")
    assert "Vous avez écrit «\u00a0Trésorerie\u00a0»" in page.text
    offered = [e.attributes["value"] for e in Page(page.text).named("input") if e.attributes.get("name") == "proposal"]
    answers: dict[str, str | list[str]] = {"answer-0": "keep", "words-0": "Les comptes du judo", "answer-1": "aside"}
    answer = newcomer.send(page, f"/activities/{name}/skills/answers", **answers)
    assert answer.status_code == 303
    bag.pod.cache = Cache()
    (skill,) = list_activities(bag).skills
    assert (skill.label, skill.matches) == ("Les comptes du judo", (offered[0],))
    again = newcomer.get(f"/activities/{name}/skills").text
    assert offered[1] not in again
    assert "Les comptes du judo" in again


def test_words_can_be_told_anew(newcomer: Reviewer, bag: Bag) -> None:
    page = newcomer.get(f"/activities/{club(bag)}/skills?words=réparer+des+grille-pain")
    assert "Réparer" in page.text


def test_too_many_words_are_said_at_their_place(newcomer: Reviewer, bag: Bag) -> None:
    name = club(bag)
    page = newcomer.get(f"/activities/{name}/skills")
    answer = newcomer.send(page, f"/activities/{name}/skills/answers", **{"answer-0": "keep", "words-0": "x" * 300})
    assert answer.status_code == 422
    assert list_activities(bag).skills == ()


def test_an_activity_that_is_not_there_is_a_page_not_found(newcomer: Reviewer) -> None:
    assert newcomer.get("/activities/a-none/skills").status_code == 404


def test_a_skill_is_found_and_put_in_the_bag(newcomer: Reviewer, bag: Bag) -> None:
    page = newcomer.get("/skills/find/?q=calmer+une+dispute")
    assert "Apaiser un conflit" in page.text
    answer = newcomer.send(page, "/skills/find/add")
    assert answer.status_code == 303
    (skill,) = list_activities(bag).skills
    shown = newcomer.get(answer.location).text
    assert "La Musette" in shown
    assert "votre parole" in shown
    assert skill.matches[0].startswith("https://w3id.org/musette#transversal-skill-")


def test_what_is_asked_while_typing_is_a_part_that_runs_nothing(newcomer: Reviewer) -> None:
    answer = newcomer.get("/skills/find/?q=<script>alert(1)</script>+vendre&part=1")
    assert answer.mimetype == "text/plain"
    assert "<script" not in answer.text
    assert "Rien" in newcomer.get("/skills/find/?q=zzzzzzzz").text


def test_a_concept_that_nobody_knows_and_no_words_lead_back(newcomer: Reviewer, bag: Bag) -> None:
    answer = newcomer.post("/skills/find/add", data={"concept": "https://x.example/1", "words": ""})
    assert answer.location.startswith("/skills/find/")
    assert list_activities(bag).skills == ()
