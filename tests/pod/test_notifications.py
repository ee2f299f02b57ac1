"""Nothing is asked while nothing moved: channels of a real pod server, and servers that do not keep their word."""

import uuid
from collections.abc import Iterator

import pytest
from rdflib import Graph

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod import access, containers, notifications, oidc, resources
from musette_solid.pod.channels import Channels, Settings
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from tests.pod.listening import Counted, until

pytestmark = pytest.mark.css
QUICK = Settings(first_wait_s=0.1, told_within_s=1, idle_s=600)


class Person:
    """One person in one session: a pod of their own, with its own memory."""

    def __init__(self, css: PodServer, account: Account, transport: Counted) -> None:
        client = oidc.Client(account.client_id, account.client_secret)
        self.transport = transport
        self.pod = Pod(transport, account.webid, oidc.ClientCredentials(transport, css.url, client, account.webid))
        self.storage = account.pod

    def asked(self, *iris: str) -> list[tuple[str, str]]:
        """What reading these documents sends."""
        self.transport.sent.clear()
        for iri in iris:
            resources.read(self.pod, iri)
        return [(method, url) for method, url in self.transport.sent if url in iris]


@pytest.fixture
def transport(css: PodServer) -> Counted:
    return Counted(frozenset({f"localhost:{css.port}"}))


@pytest.fixture
def channels(transport: Counted) -> Iterator[Channels]:
    made = Channels(transport, QUICK)
    yield made
    made.close()


@pytest.fixture
def person(css: PodServer, css_account: Account, transport: Counted) -> Person:
    return Person(css, css_account, transport)


@pytest.fixture
def other(css: PodServer, css_account: Account) -> Person:
    """Another application of the same person."""
    return Person(css, css_account, Counted(frozenset({f"localhost:{css.port}"})))


def said(iri: str, text: str = "one") -> Graph:
    return syntax.parse(f'<#{text}> <http://purl.org/dc/terms/title> "{text}" .'.encode(), syntax.TURTLE, iri)


@pytest.fixture
def box(person: Person) -> str:
    container = f"{person.storage}box-{uuid.uuid4().hex[:8]}/"
    containers.make(person.pod, container)
    access.make_private(person.pod, container, person.pod.webid or "")
    return container


@pytest.fixture
def document(person: Person, box: str) -> str:
    iri = box + "a.ttl"
    resources.create(person.pod, iri, said(iri))
    return iri


def listen(channels: Channels, person: Person, box: str, *iris: str) -> None:
    """Read twice, so that each document gets its channel, and wait for them."""
    channels.attend(person.pod, box)
    for _ in range(2):
        for iri in iris:
            resources.read(person.pod, iri)
    until(lambda: channels.live(person.pod) == frozenset(iris))


def test_a_document_that_has_not_moved_is_not_asked_for(
    channels: Channels, person: Person, box: str, document: str
) -> None:
    listen(channels, person, box, document)
    assert [person.asked(document) for _ in range(3)] == [[], [], []]


def test_without_a_channel_each_read_is_one_conditional_request(person: Person, document: str) -> None:
    assert [len(person.asked(document)) for _ in range(3)] == [1, 1, 1]


def test_one_reading_alone_opens_no_channel(channels: Channels, person: Person, box: str, document: str) -> None:
    channels.attend(person.pod, box)
    resources.read(person.pod, document)
    assert channels.open == 0


def test_a_change_by_another_application_is_seen(
    channels: Channels, person: Person, other: Person, box: str, document: str
) -> None:
    listen(channels, person, box, document)
    for text in ("two", "three"):
        resources.insert(other.pod, document, said(document, text))
        until(lambda text=text: not len(said(document, text) - resources.read(person.pod, document).graph))  # type: ignore[misc]
        until(lambda: person.asked(document) == [])


def test_our_own_change_is_seen_at_once(channels: Channels, person: Person, box: str, document: str) -> None:
    listen(channels, person, box, document)
    for number in range(5):
        resources.insert(person.pod, document, said(document, f"t{number}"))
        assert not len(said(document, f"t{number}") - resources.read(person.pod, document).graph)
    until(lambda: person.asked(document) == [])


def test_a_document_that_comes_to_be_is_seen(channels: Channels, person: Person, other: Person, box: str) -> None:
    iri = box + "later.ttl"
    assert not resources.read(person.pod, iri).exists
    listen(channels, person, box, iri)
    until(lambda: person.asked(iri) == [])
    resources.create(other.pod, iri, said(iri))
    until(lambda: resources.read(person.pod, iri).exists)
    resources.delete(other.pod, iri)
    until(lambda: not resources.read(person.pod, iri).exists)


def test_a_listing_is_never_taken_from_memory(channels: Channels, person: Person, other: Person, box: str) -> None:
    """A Community Solid Server answers 304 for a container whose member changed."""
    iri = box + "a.ttl"
    resources.create(person.pod, iri, said(iri))
    channels.attend(person.pod, box)
    before = [containers.members(person.pod, box)[0].modified for _ in range(2)]
    resources.insert(other.pod, iri, said(iri, "two"))
    assert containers.members(person.pod, box)[0].modified not in before


def test_other_peoples_documents_are_not_listened_for(channels: Channels, person: Person, box: str) -> None:
    channels.attend(person.pod, box)
    for _ in range(3):
        resources.read(person.pod, person.pod.webid or "")
    assert channels.open == 0


def test_after_signing_out_nothing_is_listened_for(channels: Channels, person: Person, box: str, document: str) -> None:
    listen(channels, person, box, document)
    channels.leave(person.pod)
    until(lambda: channels.open == 0)
    assert len(person.asked(document)) == 1
    assert channels.live(person.pod) == frozenset()


def test_what_is_not_looked_at_is_not_listened_for(transport: Counted, person: Person, box: str, document: str) -> None:
    channels = Channels(transport, Settings(first_wait_s=0.1, idle_s=0.4))
    try:
        listen(channels, person, box, document)
        until(lambda: channels.open == 0)
        assert ("DELETE", True) in {(m, "/.notifications/" in u) for m, u in transport.sent}
    finally:
        channels.close()


def test_there_are_no_more_channels_than_agreed(transport: Counted, person: Person, box: str) -> None:
    channels = Channels(transport, Settings(a_person=2))
    iris = [f"{box}{name}.ttl" for name in "abcd"]
    for iri in iris:
        resources.create(person.pod, iri, said(iri))
    try:
        channels.attend(person.pod, box)
        for _ in range(4):
            for iri in iris:
                resources.read(person.pod, iri)
        until(lambda: len(channels.live(person.pod)) == 2)
        assert channels.open == 2
    finally:
        channels.close()


def test_the_service_is_found_in_the_storage_description(person: Person, css: PodServer, box: str) -> None:
    found = notifications.service(person.pod, box)
    assert found.subscribe_at == f"{css.url}.notifications/WebSocketChannel2023/"
    assert found.tells_state


def test_a_stranger_cannot_listen(person: Person, css: PodServer, box: str, document: str) -> None:
    found = notifications.service(person.pod, box)
    with pytest.raises(notifications.NoChannel):
        notifications.subscribe(person.pod.anonymous(), found, document)


def test_what_is_written_in_one_window_is_shown_in_the_other_without_waiting_for_a_message(
    channels: Channels, person: Person, css: PodServer, css_account: Account, box: str, document: str
) -> None:
    second = Person(css, css_account, Counted(frozenset({f"localhost:{css.port}"})))
    for window in (person, second):
        listen(channels, window, box, document)
        until(lambda window=window: window.asked(document) == [])  # type: ignore[misc]
    for number in range(5):
        resources.insert(person.pod, document, said(document, f"t{number}"))
        assert not len(said(document, f"t{number}") - resources.read(second.pod, document).graph)
