import pytest
from rdflib import URIRef

from musette_solid.pod import discovery, resources, webid
from musette_solid.pod.errors import AccessRefused, AlreadyThere, PodError
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag
from tests.usecases.conftest import NOW


def test_nobody_but_the_owner_reads_a_bag(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    layout = bag.layout
    for iri in (layout.root, layout.bag, layout.inbox):
        assert organisation.pod.send("GET", iri).status == 403
        assert bag.pod.anonymous().send("GET", iri).status == 401


def test_a_bag_is_found_again_through_the_private_type_index(server: MemoryPod, bag: Bag) -> None:
    found = set_up.find(server.pod_for(bag.owner))
    assert found is not None
    assert found.layout == bag.layout


def test_making_it_twice_changes_nothing(server: MemoryPod, bag: Bag) -> None:
    before = resources.read(bag.pod, bag.layout.bag).body
    set_up.create(bag.pod, bag.layout.root.removesuffix("musette/"), NOW)
    assert resources.read(bag.pod, bag.layout.bag).body == before


def test_somebody_without_a_bag_has_none(server: MemoryPod) -> None:
    person = server.create_pod("new")
    assert set_up.find(server.pod_for(person.webid)) is None


def test_a_container_of_that_name_with_other_things_in_it_is_left_alone(server: MemoryPod) -> None:
    person = server.create_pod("taken")
    server.put_bytes(person.storage + "musette/songs.ttl", b"<#a> <urn:b> 1 .")
    with pytest.raises(AlreadyThere):
        set_up.create(server.pod_for(person.webid), person.storage, NOW)


def test_an_index_that_cannot_be_read_is_not_an_index_that_is_absent(server: MemoryPod, bag: Bag) -> None:
    profile = webid.profile(server, bag.owner)
    index = discovery.private_type_index(bag.pod, profile).iri
    assert index is not None

    def broken(request: Request) -> Response | None:
        return Response(request.url, 500, {}) if request.url == index else None

    server.instead = broken
    with pytest.raises(PodError):
        set_up.find(server.pod_for(bag.owner))


def test_the_inbox_takes_announcements_from_who_is_signed_in_and_shows_them_to_nobody(
    bag: Bag, organisation: Bag
) -> None:
    body, kind = b'{"@id": "urn:x", "http://schema.org/name": "hello"}', {"Content-Type": syntax.JSON_LD}
    posted = organisation.pod.send("POST", bag.layout.inbox, kind, body)
    assert posted.status == 201
    assert organisation.pod.send("GET", bag.layout.inbox).status == 403
    assert organisation.pod.send("GET", posted.headers["Location"]).status == 403
    assert bag.pod.anonymous().send("POST", bag.layout.inbox, kind, body).status == 401


def test_the_private_index_says_what_is_where(bag: Bag, server: MemoryPod) -> None:
    profile = webid.profile(server, bag.owner)
    index = discovery.private_type_index(bag.pod, profile)
    assert discovery.registered(bag.pod, index, terms.Musette) == (bag.layout.bag,)
    with pytest.raises(AccessRefused):
        resources.read(server.pod_for(server.create_pod("stranger").webid), str(index.iri))
    assert (URIRef(bag.owner), webid.INBOX, URIRef(bag.layout.inbox)) in profile.graph
