"""What lies in a container, and making and removing one."""

from urllib.parse import urljoin

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid.pod import containers, resources
from musette_solid.pod.links import ACL, STORAGE, STORAGE_DESCRIPTION, TYPE
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod
from musette_solid.rdf.syntax import graph_of


def titled(iri: str) -> Graph:
    return graph_of([(URIRef(iri + "#it"), URIRef("http://purl.org/dc/terms/title"), Literal("x"))])


def test_a_container_lists_its_direct_members(pod: Pod, box: str) -> None:
    for name in ("b.ttl", "a.ttl", "sub/c.ttl", "sub/deeper/d.ttl"):
        resources.create(pod, box + name, titled(box + name))
    found = containers.members(pod, box)
    assert [(m.iri, m.is_container) for m in found] == [
        (box + "a.ttl", False),
        (box + "b.ttl", False),
        (box + "sub/", True),
    ]
    assert all(m.modified for m in found)


def test_a_listing_says_when_a_member_changed(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri))
    before = containers.members(pod, box)[0].modified
    resources.insert(pod, iri, titled(iri + "2"))
    pod.cache.forget(box)
    assert containers.members(pod, box)[0].modified != before


def test_rule_documents_are_not_members(pod: Pod, box: str) -> None:
    assert containers.members(pod, box) == ()


def test_an_absent_container_has_no_members(pod: Pod, box: str) -> None:
    assert containers.members(pod, box + "none/") == ()


def test_a_container_is_made_only_once(pod: Pod, box: str) -> None:
    assert containers.make(pod, box + "new/")
    assert not containers.make(pod, box + "new/")
    assert [m.iri for m in containers.members(pod, box)] == [box + "new/"]


def test_a_full_container_cannot_be_deleted(pod: Pod, box: str) -> None:
    resources.create(pod, box + "sub/a.ttl", titled(box + "sub/a.ttl"))
    assert pod.send("DELETE", box + "sub/").status == 409
    assert resources.read(pod, box + "sub/a.ttl").exists


def test_removing_a_container_removes_what_is_in_it(pod: Pod, box: str) -> None:
    for name in ("sub/a.ttl", "sub/deeper/b.ttl"):
        resources.create(pod, box + name, titled(box + name))
    containers.remove(pod, box + "sub/")
    assert containers.members(pod, box) == ()
    assert not resources.read(pod, box + "sub/deeper/b.ttl").exists


def test_the_root_of_a_storage_says_what_it_is_and_stays(pod: Pod, owner: Person) -> None:
    response, found = resources.look(pod, owner.storage)
    assert found.has(TYPE, STORAGE)
    assert found.first(STORAGE_DESCRIPTION)
    assert found.only(ACL)
    assert response.ok
    # 405 by the specification; CSS says 403, for the container above is nobody's.
    assert pod.send("DELETE", owner.storage).status in {403, 405}


def test_only_the_root_is_a_storage(pod: Pod, box: str) -> None:
    _, found = resources.look(pod, box)
    assert not found.has(TYPE, STORAGE)
    assert found.has(TYPE, "http://www.w3.org/ns/ldp#BasicContainer")


def test_the_storage_description_is_there_to_read(pod: Pod, box: str) -> None:
    _, found = resources.look(pod, box)
    description = found.first(STORAGE_DESCRIPTION)
    assert description
    assert len(resources.read(pod, description).graph) > 0


@pytest.mark.parametrize(("first", "second"), [("x", "x/"), ("x/", "x")])
def test_a_name_with_and_without_a_slash_is_not_two_things(pod: Pod, box: str, first: str, second: str) -> None:
    for name, accepted in ((first, True), (second, False)):
        assert pod.send("PUT", box + name, {"Content-Type": "text/turtle"}, b"").ok is accepted
    assert [m.iri for m in containers.members(pod, box)] == [box + first]


def test_what_is_posted_is_kept_inside_under_the_name_the_server_says(pod: Pod, box: str) -> None:
    places = []
    for _ in range(2):
        response = pod.send("POST", box, {"Content-Type": "text/turtle", "Slug": "note.ttl"}, b"<#it> a <#Note> .")
        assert response.status == 201
        places.append(urljoin(response.url, response.headers["Location"]))
    assert len(set(places)) == 2
    assert {m.iri for m in containers.members(pod, box)} == set(places)
