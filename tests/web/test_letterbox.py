"""A letterbox that takes its time, or that somebody filled: a page at once, another letterbox in one gesture, no hang."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from musette_solid.model.request import Need
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.ask import ask, send
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.renew_letterbox import letterboxes
from musette_solid.web import under_way
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer
from tests.web.test_imports import waited


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    app.extensions.pop("musette.works", None)  # what another test had under way
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.2,))


@pytest.fixture
def organisation_bag(server: MemoryPod, organisation: Person) -> Bag:
    return set_up.create(server.pod_for(organisation.webid), organisation.storage, NOW)


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod("https://space.example/")


def until(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.05)


def slow(server: MemoryPod, place: str, seconds: float) -> None:
    def instead(request: Request) -> Response | None:
        if request.url == place and request.method == "GET":
            time.sleep(seconds)
        return None

    server.instead = instead


@pytest.mark.parametrize("address", ["/requests/", "/granted/"])
def test_a_slow_letterbox_gets_a_page_that_waits_then_what_is_in_it(
    person: Reviewer, server: MemoryPod, full_bag: Bag, address: str
) -> None:
    slow(server, full_bag.layout.inbox, 1)
    page = person.get(address)
    assert "<progress" in page.text
    assert "Votre boîte aux lettres est en cours de lecture" in page.text

    def how_far() -> dict[str, object]:
        found: dict[str, object] = person.get(address, headers={"Accept": "application/json"}).get_json()
        return found

    assert how_far()["ended"] is False
    until(lambda: how_far()["ended"] is True)
    server.requests.clear()
    page = person.get(address)
    assert "<progress" not in page.text
    # What was read meanwhile is what is shown: it is not read again.
    assert full_bag.layout.inbox not in [request.url for request in server.requests]


def test_a_letterbox_that_answers_at_once_is_shown_at_once(person: Reviewer, full_bag: Bag) -> None:
    assert full_bag
    assert "<progress" not in person.get("/requests/").text


def flooded(server: MemoryPod, bag: Bag) -> None:
    place = bag.layout.inbox
    server.instead = lambda r: Response(place, 500, {}, b"") if r.url == place and r.method in {"GET", "HEAD"} else None


def test_who_was_flooded_receives_again_in_one_gesture(
    person: Reviewer, server: MemoryPod, full_bag: Bag, organisation_bag: Bag
) -> None:
    flooded(server, full_bag)
    page = person.get("/requests/")
    assert "n’a pas pu être lue à temps" in page.text
    assert 'href="/letterbox/"' in page.text
    box = person.get("/letterbox/")
    answer = waited(person, person.send(box, "/letterbox/renew"))
    shown = person.get(answer.location) if answer.status_code == 303 else person.get("/letterbox/")
    assert "elle est annoncée" in shown.text
    made = ask(organisation_bag, "Atelier", terms.PURPOSE_RESEARCH, 30, (Need(terms.Activity),), {}, NOW)
    assert send(organisation_bag, made.request, full_bag.owner, NOW)
    page = person.get("/requests/")
    assert "Atelier" in page.text
    assert "n’a pas pu être lue à temps" not in page.text
    # What the server cannot list stays, and is said to do no harm.
    emptied = person.send(person.get("/letterbox/"), "/letterbox/empty", number="1")
    assert emptied.status_code == 502
    assert "Elle ne gêne pas" in emptied.text


def test_the_form_sent_again_opens_no_third_one(person: Reviewer, full_bag: Bag) -> None:
    box = person.get("/letterbox/")
    for _ in range(2):
        waited(person, person.send(box, "/letterbox/renew"))
    assert letterboxes(full_bag).current == full_bag.layout.letterbox(2)


def renewed(person: Reviewer) -> None:
    waited(person, person.send(person.get("/letterbox/"), "/letterbox/renew"))


@pytest.fixture
def old(person: Reviewer, server: MemoryPod, full_bag: Bag) -> str:
    """A letterbox of sixty letters that is announced no longer, in a space that takes its time to delete."""
    place = full_bag.layout.inbox
    for number in range(60):
        server.put_bytes(f"{place}zz-{number:02}.ttl", b"<> a <urn:x> .")
    renewed(person)

    def takes_its_time(request: Request) -> Response | None:
        if request.method == "DELETE":
            time.sleep(0.1)
        return None

    server.instead = takes_its_time
    return place


def test_the_old_one_is_emptied_while_one_does_something_else(person: Reviewer, server: MemoryPod, old: str) -> None:
    answer = person.send(person.get("/letterbox/"), "/letterbox/empty", number="1")
    assert "/under-way/" in answer.location
    page = person.get(answer.location)
    assert "L’ancienne boîte aux lettres se vide" in page.text
    # Leave: every other page answers, this one says that it goes on.
    assert person.get("/activities/").status_code == 200
    assert answer.location in person.get("/letterbox/").text
    last = waited(person, answer)
    assert "60 lettres" in person.get(last.location).text
    assert old not in server._stored


def test_emptying_is_stopped_and_begun_again(person: Reviewer, server: MemoryPod, old: str) -> None:
    answer = person.send(person.get("/letterbox/"), "/letterbox/empty", number="1")
    page = person.get(answer.location)
    person.send(page, answer.location + "/stop")
    last = waited(person, answer)
    assert "C’est arrêté" in person.get(last.location).text
    left = [url for url in server._stored if url.startswith(old) and url.endswith(".ttl")]
    assert 0 < len(left) < 60
    server.instead = lambda _request: None
    waited(person, person.send(person.get("/letterbox/"), "/letterbox/empty", number="1"))
    assert old not in server._stored


@pytest.mark.parametrize("number", ["", "2", "1", "-1", "x", "999999"])
def test_only_an_old_letterbox_is_emptied(person: Reviewer, server: MemoryPod, full_bag: Bag, number: str) -> None:
    before = dict(server._stored)
    assert person.post("/letterbox/empty", data={"number": number}).status_code in {303, 502}
    assert server._stored == before
    assert full_bag.layout.inbox in before


def test_who_has_no_bag_waits_for_a_slow_letterbox_too(
    reader: Reviewer, organisation_bag: Bag, server: MemoryPod
) -> None:
    slow(server, organisation_bag.layout.inbox, 0.8)
    assert "<progress" in reader.get("/granted/").text
