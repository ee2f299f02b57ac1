"""Servers of the older protocol, and servers that do not keep their word: real sockets, with a pod in memory behind."""

import http
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import pytest
from requests.structures import CaseInsensitiveDict
from websockets.datastructures import Headers
from websockets.http11 import Request as Handshake
from websockets.http11 import Response as Refusal
from websockets.sync.server import ServerConnection, serve
from websockets.utils import accept_key

from musette_solid.pod import resources
from musette_solid.pod.channels import Channels, Settings
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from tests.pod.listening import socket_server, until

QUICK = Settings(first_wait_s=0.1, settled_s=0.1, told_within_s=0.4, opened_within_s=2)
SUBSCRIBE = ".notifications/"


class World:
    """A pod in memory at the address of a WebSocket server, and one document in it. `answers` say what it offers."""

    def __init__(self, port: int) -> None:
        self.pods = MemoryPod(f"http://localhost:{port}/")
        self.person = self.pods.create_pod("demo")
        self.document = self.person.storage + "a.ttl"
        self.pods.put_bytes(self.document, b"<#it> <http://purl.org/dc/terms/title> 'one' .")
        self._outgoing = Outgoing(frozenset({f"localhost:{port}"}))
        self.sent: list[Request] = []
        self.head: dict[str, str] = {}
        self.granted: dict[str, str] = {}
        self.pod = Pod(self, self.person.webid, self.pods.pod_for(self.person.webid).credentials)
        self.channels = Channels(self, QUICK)
        self.channels.attend(self.pod, self.person.storage)

    def send(self, request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
        self.sent.append(request)
        if request.url.endswith("/.well-known/solid") and self.granted:
            service = f"<{self.pods.base}{SUBSCRIBE}>"
            described = (
                "@prefix notify: <http://www.w3.org/ns/solid/notifications#> . "
                f"<> notify:subscription {service} . {service} notify:channelType notify:WebSocketChannel2023 ."
            )
            return _answer(request, described.encode(), syntax.TURTLE)
        if request.url == self.pods.base + SUBSCRIBE:
            return _answer(request, json.dumps(self.granted).encode(), syntax.JSON_LD)
        response = self.pods.send(request, limits)
        return Response(response.url, response.status, {**response.headers, **self.head}, response.body)

    def connect(self, url: str, timeout_s: float = 5) -> socket.socket:
        return self._outgoing.connect(url, timeout_s)

    def grant_at(self, port: int) -> None:
        """A channel at another port of this machine."""
        self._outgoing = Outgoing(frozenset({f"localhost:{port}"}))
        self.granted = {"receiveFrom": f"ws://localhost:{port}/"}

    def asked(self) -> int:
        """How many requests one reading of the document sends."""
        before = len(self.sent)
        resources.read(self.pod, self.document)
        return sum(request.url == self.document for request in self.sent[before:])

    @property
    def is_live(self) -> bool:
        return self.document in self.channels.live(self.pod)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    headers: Mapping[str, str] = CaseInsensitiveDict({"Content-Type": media_type})
    return Response(request.url, 200, headers, body)


@contextmanager
def world(handle: Callable[[ServerConnection], None]) -> Iterator[World]:
    with socket_server(handle) as port:
        made = World(port)
        try:
            yield made
        finally:
            made.channels.close()


class Older:
    """`Updates-Via`, as node-solid-server and javascript-solid-server speak it."""

    def __init__(self, answer: str = "ack") -> None:
        self.answer = answer
        self.connections: list[ServerConnection] = []
        self.heard: list[str] = []

    def __call__(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        connection.send("protocol solid-0.1")
        for message in connection:
            self.heard.append(str(message))
            connection.send(f"{self.answer} {str(message).partition(' ')[2]}")

    def tell(self, iri: str) -> None:
        self.connections[-1].send(f"pub {iri}")


@contextmanager
def older_world(server: Older) -> Iterator[World]:
    with world(server) as made:
        made.head = {"Updates-Via": made.pods.base.replace("http:", "ws:")}
        yield made


def listen(made: World) -> None:
    for _ in range(2):
        resources.read(made.pod, made.document)
    until(lambda: made.is_live)
    resources.read(made.pod, made.document)


def test_the_older_protocol_saves_requests_too() -> None:
    server = Older()
    with older_world(server) as made:
        listen(made)
        assert [made.asked() for _ in range(3)] == [0, 0, 0]
        assert server.heard == [f"sub {made.document}"]
        made.pods.put_bytes(made.document, b"<#it> <http://purl.org/dc/terms/title> 'two' .")
        server.tell(made.document)
        until(lambda: b"two" in resources.read(made.pod, made.document).body)
        until(lambda: made.asked() == 0)


def test_one_connection_serves_all_documents_of_a_person() -> None:
    server = Older()
    with older_world(server) as made:
        second = made.person.storage + "b.ttl"
        made.pods.put_bytes(second, b"")
        listen(made)
        for _ in range(2):
            resources.read(made.pod, second)
        until(lambda: second in made.channels.live(made.pod))
        assert len(server.connections) == 1


@pytest.mark.parametrize("answer", ["err", "never mind"])
def test_a_server_that_does_not_take_the_subscription_is_asked_each_time(answer: str) -> None:
    with older_world(Older(answer)) as made:
        for _ in range(2):
            resources.read(made.pod, made.document)
        until(lambda: made.channels.open == 0)
        assert [made.asked() for _ in range(2)] == [1, 1]
        assert made.channels.open == 0  # nor is it bothered again


def test_after_a_gap_everything_is_asked_once_and_then_listened_for_again() -> None:
    server = Older()
    with older_world(server) as made:
        listen(made)
        made.pods.put_bytes(made.document, b"<#it> <http://purl.org/dc/terms/title> 'meanwhile' .")
        server.connections[-1].close()
        until(lambda: not made.is_live)
        assert b"meanwhile" in resources.read(made.pod, made.document).body
        until(lambda: made.is_live)
        assert made.asked() == 1
        assert made.asked() == 0


def test_a_server_that_stays_silent_about_our_own_change_is_not_believed_any_more() -> None:
    with older_world(Older()) as made:
        listen(made)
        resources.insert(made.pod, made.document, syntax.parse(b"<#it> a <#Thing> .", syntax.TURTLE, made.document))
        until(lambda: made.channels.open == 0)
        assert [made.asked() for _ in range(3)] == [1, 1, 1]
        assert made.channels.open == 0


def test_who_leaves_in_a_hurry_leaves_no_half_of_a_connection_behind() -> None:
    """A farewell that nobody answers is cut short by the end of the process: the socket is closed all the same."""
    greeted, ended = threading.Event(), threading.Event()

    def answer_the_greeting_and_nothing_more(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            key = connection.recv(65536).partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r")[0].decode()
            upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(key)}"
            connection.sendall(f"HTTP/1.1 101 Switching Protocols\r\n{upgrade}\r\n\r\n".encode())
            with suppress(ConnectionError):
                while connection.recv(65536):
                    greeted.set()
        ended.set()

    with world(lambda _: None) as made, socket.create_server(("localhost", 0)) as listening:
        threading.Thread(target=answer_the_greeting_and_nothing_more, args=[listening], daemon=True).start()
        made.grant_at(listening.getsockname()[1])
        listen(made)
        made.channels.leave(made.pod)
        assert greeted.wait(5)  # the farewell is under way
        made.channels.close()
        assert ended.wait(5)


def test_a_message_too_long_to_be_one_ends_the_channel() -> None:
    server = Older()
    with older_world(server) as made:
        listen(made)
        server.connections[-1].send("pub " + "x" * 100_000)
        until(lambda: len(server.connections) == 2)  # ended, and begun anew
        assert made.asked() == 1


@pytest.mark.parametrize(
    "message",
    [
        "",
        "not json",
        "[1]",
        '{"state": 3}',
        "[" * 20_000,
        '{"object": "https://elsewhere.example/", "state": "x"}',
        b"\xff",
    ],
)
def test_a_message_that_says_nothing_ends_a_copy_and_harms_nobody(message: str | bytes) -> None:
    connections: list[ServerConnection] = []

    def handle(connection: ServerConnection) -> None:
        connections.append(connection)
        for _ in connection:
            pass

    with world(handle) as made:
        made.granted = {"receiveFrom": made.pods.base.replace("http:", "ws:")}
        listen(made)
        assert made.asked() == 0
        connections[-1].send(message)
        until(lambda: made.asked() == 1)
        until(lambda: made.asked() == 0)


@pytest.mark.parametrize(
    "address",
    ["wss://10.0.0.1/", "ws://example.org/", "wss://user@example.org/", "http://localhost/", "file:///etc/passwd", ""],
)
def test_a_channel_at_an_address_that_we_do_not_go_to_is_none(address: str) -> None:
    with world(lambda _: None) as made:
        made.granted = {"receiveFrom": address}
        for _ in range(2):
            resources.read(made.pod, made.document)
        until(lambda: made.channels.open == 0)
        assert made.asked() == 1


def test_a_channel_on_this_machine_is_not_gone_to_unless_it_is_allowed() -> None:
    touched = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as canary:

        def wait() -> None:
            with suppress(OSError):
                canary.accept()
                touched.set()

        threading.Thread(target=wait, daemon=True).start()
        with world(lambda _: None) as made:
            made.granted = {"receiveFrom": f"ws://localhost:{canary.getsockname()[1]}/"}
            for _ in range(2):
                resources.read(made.pod, made.document)
            until(lambda: made.channels.open == 0)
        assert not touched.is_set()


def test_a_subscription_service_elsewhere_gets_no_token() -> None:
    with world(lambda _: None) as made:
        made.granted = {"receiveFrom": made.pods.base.replace("http:", "ws:")}
        inner = made.send

        def elsewhere(request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
            answer = inner(request, limits)
            body = answer.body.replace(f"<{made.pods.base}{SUBSCRIBE}>".encode(), b"<https://elsewhere.example/>")
            return Response(answer.url, answer.status, answer.headers, body)

        made.send = elsewhere  # type: ignore[method-assign]
        for _ in range(2):
            resources.read(made.pod, made.document)
        until(lambda: made.channels.open == 0)
        assert {request.url.startswith(made.pods.base) for request in made.sent} == {True}


def test_a_redirect_is_not_followed() -> None:
    paths: list[str] = []

    def answer(_connection: ServerConnection, request: Handshake) -> Refusal | None:
        paths.append(request.path)
        if request.path == "/there":
            return None
        return Refusal(http.HTTPStatus.FOUND.value, "Found", Headers(Location="/there"))

    with serve(lambda _: None, "localhost", 0, process_request=answer) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        made = World(running.socket.getsockname()[1])
        made.granted = {"receiveFrom": made.pods.base.replace("http:", "ws:")}
        for _ in range(2):
            resources.read(made.pod, made.document)
        until(lambda: made.channels.open == 0)
        made.channels.close()
        running.shutdown()
    assert paths == ["/"]
