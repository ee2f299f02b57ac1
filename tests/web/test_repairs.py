"""Copies and repairs, as a person meets them."""

import re

from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import keep
from musette_solid.usecases.layout import Bag
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer

PAGE = "/your-data/copies/"


def damage(server: MemoryPod, bag: Bag) -> bytes:
    whole = server._stored[bag.layout.activities].body
    cut = whole[: len(whole) // 2] + b"<"
    server.put_bytes(bag.layout.activities, cut)
    return cut


def documents(page: str) -> list[str]:
    return re.findall(r'name="document" value="([^"]+)"', page)


def test_everything_is_whole(person: Reviewer, full_bag: Bag) -> None:
    keep.look_after(full_bag, NOW)
    page = person.get(PAGE)
    assert "Tout est entier" in page.text
    assert "Activités" in page.text
    assert documents(page.text) == []


def test_a_damaged_document_is_shown_and_restored(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    titles = re.findall(r'dcterms:title "([^"]+)"', server._stored[full_bag.layout.activities].body.decode())
    keep.look_after(full_bag, NOW)
    cut = damage(server, full_bag)
    assert PAGE in person.get("/activities/").text  # the notice leads there
    (document,) = documents(person.get(PAGE).text)
    assert document == full_bag.layout.activities
    assert server._stored[document].body == cut
    done = person.post(PAGE + "restore", data={"document": document}, follow_redirects=True)
    assert "de nouveau entier" in done.text
    assert "Tout est entier" in done.text
    assert all(title in server._stored[document].body.decode() for title in titles)


def test_what_is_missing_is_named_and_comes_back(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    keep.look_after(full_bag, NOW)
    place = full_bag.layout.activities
    graph = syntax.parse(server._stored[place].body, syntax.TURTLE, place)
    one, title = min(graph.subject_objects(terms.DCTERMS_TITLE), key=lambda pair: str(pair[0]))
    server.put_bytes(place, syntax.turtle(syntax.graph_of(t for t in graph if t[0] != one)))
    page = person.get(PAGE).text
    assert f'<li class="as-typed">{title}</li>' in page
    person.post(PAGE + "restore", data={"document": place})
    assert str(title) in server._stored[place].body.decode()


def test_what_was_taken_out_elsewhere_may_stay_out(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    keep.look_after(full_bag, NOW)
    place = full_bag.layout.skills
    server.put_bytes(place, b"<#s> a <https://w3id.org/musette#Skill> .")
    assert documents(person.get(PAGE).text) == [place, place]
    assert "C’est noté" in person.post(PAGE + "accept", data={"document": place}, follow_redirects=True).text
    assert documents(person.get(PAGE).text) == []


def test_only_what_is_wrong_is_written_to(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    keep.look_after(full_bag, NOW)
    before = dict(server._stored)
    for document in ("", full_bag.layout.activities, "https://pod.example/association/musette/activities.ttl"):
        for what in ("restore", "accept"):
            assert person.post(PAGE + what, data={"document": document}).status_code == 409
    assert server._stored == before


def test_the_copies_are_deleted_when_asked(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    keep.look_after(full_bag, NOW)
    assert keep.copies(full_bag)
    assert "supprimées" in person.post(PAGE + "delete", follow_redirects=True).text
    assert keep.copies(full_bag) == {}


def test_a_document_that_was_never_copied_says_so(server: MemoryPod, person: Reviewer, full_bag: Bag) -> None:
    damage(server, full_bag)
    page = person.get(PAGE).text
    assert "pas encore de copie" in page
    assert documents(page) == [full_bag.layout.activities]
