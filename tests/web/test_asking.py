"""An address of somebody else's that takes its time: for a method, for a tool, behind a page that one may stop."""

import threading

import pytest

from musette_solid import shipped
from musette_solid.model import tools as tools_model
from musette_solid.pod import containers, resources
from musette_solid.pod.cache import Cache
from musette_solid.usecases.bring_method import own_methods
from musette_solid.usecases.layout import Bag
from musette_solid.web import under_way
from tests.web.elsewhere import Site, until_ended
from tests.web.reviewer import Page, Reviewer

TOOL = (
    '<#it> a <https://w3id.org/musette#Tool> ; <http://purl.org/dc/terms/title> "Carte des savoirs" ;'
    " <http://purl.org/dc/terms/license> <https://creativecommons.org/licenses/by/4.0/> ."
)
#: The page that asks, and what is published at an address that it may be given.
ASKED = {
    "/methods/bring": (shipped.VOCAB / "examples" / "method.ttl").read_bytes(),
    "/tools/take-up": TOOL.encode(),
}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.1,))


def slow(site: Site, page: str) -> None:
    site.slow["/it"] = threading.Event()
    site.answers["/it"] = (200, {"Content-Type": "text/turtle"}, ASKED[page])


def things(bag: Bag) -> int:
    bag.pod.cache = Cache()
    tools = tools_model.read(resources.read(bag.pod, bag.layout.tools).graph)
    return len(tools) + len(tuple(containers.members(bag.pod, bag.layout.methods)))


@pytest.mark.parametrize("page", ASKED)
def test_a_slow_address_gets_a_page_that_waits_for_it(who: Reviewer, bag_there: Bag, site: Site, page: str) -> None:
    slow(site, page)
    begun = who.post(page, data={"address": site.url("/it")})
    assert begun.status_code == 303
    assert begun.location.startswith(f"{page}/under-way/")
    waiting = who.get(begun.location)
    assert site.url("/it") in waiting.text
    assert waiting.headers["Cache-Control"] == "no-store"
    assert who.get(begun.location, headers={"Accept": "application/json"}).get_json()["ended"] is False
    assert begun.location in who.get(page).text  # one may leave, and find it again
    assert who.post(page, data={"address": site.url("/it")}).location == begun.location
    assert things(bag_there) == 0
    site.slow["/it"].set()
    until_ended(who, begun.location)
    came = who.get(begun.location)
    if page == "/tools/take-up":
        assert "Carte des savoirs" in came.text
        came = who.send(came, page, address=site.url("/it"), chosen=site.url("/it#it"))
        if "under-way" in came.location:
            until_ended(who, came.location)
            came = who.get(came.location)
    assert came.status_code == 303
    assert who.get(came.location).status_code == 200
    assert things(bag_there) == 1


@pytest.mark.parametrize("page", ASKED)
def test_who_waits_no_longer_has_nothing_written(who: Reviewer, bag_there: Bag, site: Site, page: str) -> None:
    slow(site, page)
    begun = who.post(page, data={"address": site.url("/it")}).location
    assert who.post(f"{begun}/stop").location == begun
    until_ended(who, begun)  # although nobody has answered yet
    said = Page(who.get(begun).text).root.words
    assert "Vous n’avez pas attendu sa réponse" in said
    assert "Rien n’a été écrit" in said
    site.slow["/it"].set()
    assert things(bag_there) == 0
    assert own_methods(bag_there) == ()
    # And it may be asked again.
    again = who.post(page, data={"address": site.url("/it")})
    assert again.status_code in {200, 303}


@pytest.mark.parametrize("page", ASKED)
def test_a_slow_address_that_gives_nothing_is_told_in_a_sentence(who: Reviewer, site: Site, page: str) -> None:
    site.slow["/it"] = threading.Event()
    site.answers["/it"] = (200, {"Content-Type": "text/html"}, b"<script>alert(1)</script>")
    begun = who.post(page, data={"address": site.url("/it")}).location
    site.slow["/it"].set()
    until_ended(who, begun)
    answer = who.get(begun)
    assert answer.status_code == 422
    alert = next(one for one in Page(answer.text).all if one.attributes.get("role") == "alert")
    assert len(alert.words) > 20
    assert site.url("/it") in answer.text  # typed once


@pytest.mark.parametrize("page", ASKED)
def test_what_is_of_another_day_leads_back(who: Reviewer, page: str) -> None:
    assert who.get(f"{page}/under-way/1-2-3").location == page
    gone = who.get(f"{page}/under-way/1-2-3", headers={"Accept": "application/json"})
    assert gone.get_json() == {"ended": True}
