"""The page that says who can see what, and closes it."""

from musette_solid.pod import access, resources, wac
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Page, Reviewer
from tests.web.test_shares import opened


def text_of(page: Page) -> str:
    return " ".join(next(e.text for e in page.named("main")).split())


def widened(bag: Bag, place: str, agent: str = wac.PUBLIC) -> None:
    rules = access.rules(bag.pod, place)
    inside = place.endswith("/")
    graph = rules.graph if rules.exists else wac.owner_only(place, rules.document, bag.owner, container=inside)
    graph = wac.with_agent(graph, place, rules.document, agent, {Mode.READ}, "x", contents=inside, everybody=True)
    resources.put(bag.pod, rules.document, syntax.turtle(graph), syntax.TURTLE, {})


def test_somebody_who_shows_nothing_reads_so(newcomer: Reviewer) -> None:
    assert "Vous ne montrez rien à personne" in text_of(newcomer.page("/shares/who/"))


def test_a_share_is_listed_by_recipient_and_by_thing(person: Reviewer, organisation: Person) -> None:
    opened(person, organisation.webid)
    page = text_of(person.page("/shares/who/"))
    assert "Tout est comme vous l’avez décidé" in page
    assert page.count("Association démo") >= 2
    assert "Ouvert, comme prévu" in page


def test_the_list_is_said_to_be_all_of_it_only_where_it_is(
    person: Reviewer, full_bag: Bag, organisation: Person
) -> None:
    opened(person, organisation.webid)
    alone = "personne d’autre que vous ne le voit"
    assert alone in text_of(person.page("/shares/who/"))
    widened(full_bag, full_bag.layout.activities)
    assert alone not in text_of(person.page("/shares/who/"))


def test_everything_of_a_recipient_is_closed_in_one_gesture(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    addresses = [opened(person, organisation.webid)[1] for _ in range(2)]
    answer = person.send(person.get("/shares/who/"), "/shares/who/close-all")
    assert answer.status_code == 303
    assert "Vous ne montrez rien à personne" in text_of(person.page("/shares/who/"))
    for address in addresses:
        assert reader.get(f"/granted/dossier?url={address}").status_code in {403, 404}


def test_what_another_application_opened_is_shown_and_made_private(
    person: Reviewer, full_bag: Bag, server: MemoryPod
) -> None:
    widened(full_bag, full_bag.layout.activities)
    assert full_bag.pod.anonymous().send("GET", full_bag.layout.activities).status == 200
    page = person.get("/shares/who/?lang=fr")
    assert "vos activités" in page.text
    assert "tout le monde, sans même se connecter" in page.text
    assert person.send(page, "/shares/who/private").status_code == 303
    assert full_bag.pod.anonymous().send("GET", full_bag.layout.activities).status == 401
    assert "Tout est comme vous l’avez décidé" in text_of(person.page("/shares/who/"))


def test_a_share_wider_than_asked_says_who_else_and_closes_to_everybody(
    person: Reviewer, organisation: Person, full_bag: Bag
) -> None:
    share_id, address = opened(person, organisation.webid)
    widened(full_bag, full_bag.layout.share(share_id))
    page = person.get("/shares/who/")
    assert "Plus ouvert que demandé" in page.text
    person.send(page, f"/shares/{share_id}/revoke")
    assert full_bag.pod.anonymous().send("GET", address).status in {401, 404}


def test_nobody_makes_a_place_elsewhere_private(person: Reviewer, server: MemoryPod) -> None:
    writes = len([r for r in server.requests if r.method == "PUT"])
    answer = person.post("/shares/who/private", data={"place": "https://pod.example/demo/profile/"})
    assert answer.status_code >= 400
    assert len([r for r in server.requests if r.method == "PUT"]) == writes
