"""Several documents as if they were one: what is refused is taken back, and nothing that was there before goes with it."""

from datetime import UTC, datetime

import pytest
from rdflib import Literal, URIRef

from musette_solid.model.intent import Change, Intent, graph_of_intent
from musette_solid.pod import resources
from musette_solid.pod.errors import AccessRefused, NotForStrangers, SignInNeeded
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.intents import File, carry_out, settle, under_way
from musette_solid.usecases.layout import Bag

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def says(document: str, words: str) -> Change:
    triple = (URIRef(f"{document}#x"), terms.DCTERMS_TITLE, Literal(words))
    return Change(document, Delta(into=frozenset({triple})))


def test_what_is_refused_in_the_middle_is_taken_back_and_what_was_there_before_stays(
    server: MemoryPod, bag: Bag
) -> None:
    first, last = says(bag.layout.skills, "new"), says(bag.layout.activities, "there before")
    resources.insert(bag.pod, bag.layout.activities, syntax.graph_of(last.delta.into))
    file = File(bag.layout.root + "imports/a.bin", b"bytes", "application/octet-stream")

    def refuse(request: Request) -> Response | None:
        is_last = request.url == bag.layout.activities and request.method != "GET"
        return Response(request.url, 403, {}) if is_last else None

    server.instead = refuse
    with pytest.raises(AccessRefused):
        carry_out(bag, terms.OPERATION_RECORD, [first, last], NOW, files=[file])
    server.instead = lambda _request: None
    assert not first.delta.into & set(resources.read(bag.pod, bag.layout.skills).graph)
    assert last.delta.into <= set(resources.read(bag.pod, bag.layout.activities).graph)
    assert file.iri not in server._stored
    assert not [url for url in server._stored if "/intents/" in url and not url.endswith("/")]


def test_what_a_stranger_is_refused_ends_no_session_and_is_taken_back(server: MemoryPod, bag: Bag) -> None:
    """401 to a question asked as a stranger: the person's own session is in order, so what was made can be unmade."""
    place = bag.layout.root + "shown/a.ttl"

    def show() -> None:
        with under_way(bag, terms.OPERATION_PUBLISH, NOW, makes=[place]):
            resources.create(bag.pod, place, syntax.graph_of(says(place, "shown").delta.into))
            resources.read(bag.pod.anonymous(), place)

    with pytest.raises(NotForStrangers):
        show()
    assert place not in server._stored
    assert not [url for url in server._stored if "/intents/" in url and not url.endswith("/")]


def test_a_session_that_ends_in_the_middle_leaves_its_intent_and_signing_in_again_settles_it(
    server: MemoryPod, bag: Bag
) -> None:
    first, last = says(bag.layout.skills, "one"), says(bag.layout.activities, "other")
    server.instead = lambda request: (
        Response(request.url, 401, {}) if request.url == bag.layout.activities and request.method == "PATCH" else None
    )
    with pytest.raises(SignInNeeded):
        carry_out(bag, terms.OPERATION_RECORD, [first, last], NOW)
    assert [url for url in server._stored if "/intents/" in url and not url.endswith("/")]
    server.instead = lambda _request: None
    (found,) = settle(bag, NOW)
    assert found.outcome == "completed"
    assert last.delta.into <= set(resources.read(bag.pod, bag.layout.activities).graph)


def test_a_file_that_was_there_before_is_not_taken_back(server: MemoryPod, bag: Bag) -> None:
    file = File(bag.layout.root + "imports/a.bin", b"bytes", "application/octet-stream")
    carry_out(bag, terms.OPERATION_RECORD, [], NOW, files=[file])
    server.instead = lambda request: (
        Response(request.url, 403, {}) if request.url == bag.layout.skills and request.method == "PATCH" else None
    )
    with pytest.raises(AccessRefused):
        carry_out(
            bag,
            terms.OPERATION_RECORD,
            [says(bag.layout.skills, "a"), says(bag.layout.activities, "b")],
            NOW,
            files=[file],
        )
    assert server._stored[file.iri].body == b"bytes"


@pytest.mark.parametrize("victim", ["", "../", "./", "../profile/card", "%2e%2e/profile/card", "x/../../profile/card"])
def test_whatever_an_intent_says_nothing_outside_the_bag_is_deleted_nor_the_bag(
    server: MemoryPod, bag: Bag, victim: str
) -> None:
    before = set(server._stored)
    place = bag.layout.intent("planted")
    planted = Intent(
        f"{place}#it", terms.OPERATION_REMOVE, datetime(2020, 1, 1, tzinfo=UTC), (), (), (bag.layout.root + victim,)
    )
    resources.create(bag.pod, place, graph_of_intent(planted))
    settle(bag, NOW)
    assert before <= set(server._stored)
