"""Where a person's things are: asked, never assumed; what cannot be read is not absent."""

import pytest
from rdflib import URIRef

from musette_solid.pod import discovery, resources
from musette_solid.pod.errors import AccessRefused, PodError
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import PRIVATE_TYPE_INDEX, STORAGE, NotAProfile, profile
from musette_solid.rdf import syntax

KIND = URIRef("https://x.example/Kind")


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod()


@pytest.fixture
def person(server: MemoryPod) -> Person:
    return server.create_pod("demo", "Demo")


@pytest.fixture
def pod(server: MemoryPod, person: Person) -> Pod:
    return server.pod_for(person.webid)


def say(pod: Pod, person: Person, *triples: tuple[URIRef, URIRef]) -> None:
    me = URIRef(person.webid)
    resources.insert(pod, person.webid, syntax.graph_of([(me, p, o) for p, o in triples]))


def test_a_storage_that_the_profile_does_not_name_is_proposed_when_it_holds_the_profile(
    server: MemoryPod, pod: Pod, person: Person
) -> None:
    (found,) = discovery.storages(pod, profile(server, person.webid))
    assert (found.iri, found.from_profile) == (person.storage, False)


def test_it_is_not_proposed_to_somebody_who_does_not_control_it(server: MemoryPod, person: Person) -> None:
    stranger = server.pod_for(server.create_pod("stranger").webid)
    assert discovery.storages(stranger, profile(server, person.webid)) == ()


def test_several_storages_are_all_there_to_choose_from(server: MemoryPod, pod: Pod, person: Person) -> None:
    say(pod, person, (STORAGE, URIRef("https://a.example/")), (STORAGE, URIRef("https://b.example/")))
    found = discovery.storages(pod, profile(server, person.webid))
    assert [(s.iri, s.from_profile) for s in found] == [("https://a.example/", True), ("https://b.example/", True)]


def test_an_index_is_made_once_private_and_linked(server: MemoryPod, pod: Pod, person: Person) -> None:
    for _ in range(2):
        assert discovery.register(pod, profile(server, person.webid), person.storage, KIND, person.storage + "a.ttl")
    index = discovery.private_type_index(pod, profile(server, person.webid))
    assert index.iri is not None
    assert discovery.registered(pod, index, KIND) == (person.storage + "a.ttl",)
    assert len(list(resources.read(pod, index.iri).graph.subjects(None, KIND))) == 1
    assert pod.anonymous().send("GET", index.iri).status == 401
    stranger = server.pod_for(server.create_pod("stranger").webid)
    assert stranger.send("GET", index.iri).status == 403


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_an_index_that_cannot_be_read_is_never_made_a_second_time(
    server: MemoryPod, pod: Pod, person: Person, status: int
) -> None:
    index = person.storage + "settings/index.ttl"
    say(pod, person, (PRIVATE_TYPE_INDEX, URIRef(index)))
    before = dict(server._stored)

    def refuse(request: Request) -> Response | None:
        return Response(request.url, status, {}) if request.url == index else None

    server.instead = refuse
    try:
        made = discovery.register(pod, profile(server, person.webid), person.storage, KIND, person.storage + "a.ttl")
    except PodError:
        made = False
    assert not made
    assert set(server._stored) == set(before)


def test_what_another_subject_says_does_not_count(server: MemoryPod, pod: Pod, person: Person) -> None:
    other = URIRef(person.webid + "-other")
    resources.insert(pod, person.webid, syntax.graph_of([(other, STORAGE, URIRef("https://evil.example/"))]))
    assert profile(server, person.webid).storages == ()


@pytest.mark.parametrize(
    "webid",
    [
        "",
        "demo",
        "ftp://x/",
        "javascript:alert(1)",
        "https://u:p@pod.example/#me",
        "https://pod.example/none#me",
        "https://x y/",
    ],
)
def test_what_is_no_profile_is_said_to_be_none(server: MemoryPod, webid: str) -> None:
    with pytest.raises(NotAProfile):
        profile(server, webid)


def test_a_private_profile_is_none_for_strangers(server: MemoryPod, pod: Pod, person: Person) -> None:
    resources.insert(
        pod, person.storage + "secret.ttl", syntax.parse(b"<#me> <urn:a> 1 .", syntax.TURTLE, "https://x/")
    )
    with pytest.raises(NotAProfile):
        profile(server, person.storage + "secret.ttl#me")
    with pytest.raises(AccessRefused):
        resources.read(server.pod_for(server.create_pod("stranger").webid), person.storage + "secret.ttl")


def test_a_profile_is_remembered_and_asked_about_each_time(server: MemoryPod, pod: Pod, person: Person) -> None:
    first = profile(server, person.webid, pod.cache)
    assert profile(server, person.webid, pod.cache).graph is first.graph
    assert server.requests[-1].headers["If-None-Match"] == first.etag
    say(pod, person, (STORAGE, URIRef("https://a.example/")))
    assert profile(server, person.webid, pod.cache).storages == ("https://a.example/",)


def test_a_profile_changed_by_another_application_is_seen(server: MemoryPod, pod: Pod, person: Person) -> None:
    profile(server, person.webid, pod.cache)
    say(server.pod_for(person.webid), person, (STORAGE, URIRef("https://a.example/")))
    assert profile(server, person.webid, pod.cache).storages == ("https://a.example/",)


def test_what_a_stranger_sees_is_kept_apart_from_what_the_owner_reads(
    server: MemoryPod, pod: Pod, person: Person
) -> None:
    resources.read(pod, person.webid)
    profile(server, person.webid, pod.cache)
    assert "If-None-Match" not in server.requests[-1].headers
    assert "Authorization" not in server.requests[-1].headers
