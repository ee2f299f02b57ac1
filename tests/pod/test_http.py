"""The guard of everything that goes out: where it does not go, how long it waits, how much it takes."""

import contextlib
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from musette_solid.pod.addresses import is_public
from musette_solid.pod.errors import NotAllowed, TooLarge, Unreachable
from musette_solid.pod.http import Limits, Outgoing, Request
from tests.pod.canary import Canary

QUICK = Limits(connect_s=2, total_s=2, size_bytes=100_000)


@pytest.fixture
def canary() -> Iterator[Canary]:
    found = Canary()
    yield found
    found.close()


# {p} is the port of the canary: each of these would reach it, or something else that is nobody's business.
REFUSED = [
    # not https
    "http://localhost:{p}/",
    "http://127.0.0.1:{p}/",
    "http://[::1]:{p}/",
    "http://example.org/",
    "HTTP://LOCALHOST:{p}/",
    # names of this machine
    "https://localhost:{p}/",
    "https://LOCALHOST:{p}/",
    "https://localhost.:{p}/",
    # this machine by number, in every notation that a resolver takes
    "https://127.0.0.1:{p}/",
    "https://127.0.0.2:{p}/",
    "https://127.1:{p}/",
    "https://127.0.1:{p}/",
    "https://2130706433:{p}/",
    "https://0x7f000001:{p}/",
    "https://0x7f.0.0.1:{p}/",
    "https://0177.0.0.1:{p}/",
    "https://017700000001:{p}/",
    "https://0:{p}/",
    "https://0.0.0.0:{p}/",
    "https://[::1]:{p}/",
    "https://[0:0:0:0:0:0:0:1]:{p}/",
    "https://[::]:{p}/",
    "https://[::ffff:127.0.0.1]:{p}/",
    "https://[::ffff:7f00:1]:{p}/",
    "https://[64:ff9b::7f00:1]:{p}/",
    "https://[2002:7f00:1::]:{p}/",
    "https://127。0。0。1:{p}/",
    "https://①②⑦.⓪.⓪.①:{p}/",
    "https://ⓛocalhost:{p}/",
    "https://127.0.0.1%2f@localhost:{p}/",
    # private, link-local, metadata and other places by number
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://[fe80::1]/",
    "https://[fe80::1%25lo]/",
    "https://[fd00::1]/",
    "https://[fec0::1]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://93.184.216.34/",  # public, but a bare number: no certificate names it
    # a user name, to make one host look like another
    "https://example.org@localhost:{p}/",
    "https://example.org:443@127.0.0.1:{p}/",
    "https://demo:secret@example.org/",
    "https://@localhost:{p}/",
    # spellings that two parsers read differently
    "https://localhost:{p}\\@example.org/",
    "https://example.org\\@localhost:{p}/",
    "https:\\\\localhost:{p}\\",
    "https://localhost:{p} .example.org/",
    "https://localhost\t:{p}/",
    "https://local\nhost:{p}/",
    "https://localhost:{p}/\r\nHost: example.org",
    " https://localhost:{p}/",
    "https://[::1:{p}/",
    "https://localhost:{p}x/",
    "https://localhost:99999/",
    "https://:{p}/",
    "https:///path",
    "https:localhost:{p}/",
    "//localhost:{p}/",
    "/etc/passwd",
    "",
    # other schemes
    "file:///etc/passwd",
    "ftp://localhost:{p}/",
    "gopher://localhost:{p}/_",
    "data:text/turtle,%3Ca%3E",
    "javascript:alert(1)",
    "ws://localhost:{p}/",
    "unix:/run/socket",
]


def test_the_table_is_long_enough() -> None:
    assert len(set(REFUSED)) >= 40


@pytest.mark.parametrize("form", REFUSED)
def test_this_address_is_refused_before_any_connection(form: str, canary: Canary) -> None:
    with pytest.raises(NotAllowed):
        Outgoing().send(Request("GET", form.replace("{p}", str(canary.port))), QUICK)
    assert canary.hits == 0


@pytest.mark.parametrize(
    "form", [form for form in REFUSED if "{p}" in form and not form.startswith("http://localhost")]
)
def test_allowing_one_host_opens_no_other(form: str, canary: Canary) -> None:
    """Only the exact name and port that were allowed; here a port that is not the canary's."""
    outgoing = Outgoing(allowed_hosts=frozenset({f"localhost:{canary.port + 1}", "pod.example:443"}))
    with pytest.raises(NotAllowed):
        outgoing.send(Request("GET", form.replace("{p}", str(canary.port))), QUICK)
    assert canary.hits == 0


def test_the_canary_would_notice(canary: Canary) -> None:
    with pytest.raises(Unreachable):
        Outgoing(frozenset({f"localhost:{canary.port}"})).send(
            Request("GET", f"http://localhost:{canary.port}/"), QUICK
        )
    assert canary.hits > 0


def _resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that gives these answers, the last one again and again; the names it was asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


PRIVATE = [
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["fe80::1"],
    ["fd12::1"],
    ["0.0.0.0"],
    ["93.184.216.34", "127.0.0.1"],
    ["127.0.0.1", "93.184.216.34"],
]


@pytest.mark.parametrize("addresses", PRIVATE, ids="+".join)
def test_a_public_name_of_a_private_place_is_refused(
    addresses: list[str], canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _resolver(monkeypatch, addresses)
    with pytest.raises(NotAllowed):
        Outgoing().send(Request("GET", f"https://rebound.example:{canary.port}/"), QUICK)
    assert asked == ["rebound.example"]
    assert canary.hits == 0


def test_a_name_is_looked_up_once_so_that_it_cannot_point_elsewhere_meanwhile(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TEST-NET-like answers would be refused; this one is public and never reached, for the connection is refused here.
    asked = _resolver(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    connected: list[Any] = []

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            connected.append(address)
            raise OSError("no way out of here")

    monkeypatch.setattr(socket, "socket", Socket)
    with pytest.raises(Unreachable):
        Outgoing().send(Request("GET", f"https://rebound.example:{canary.port}/"), QUICK)
    assert asked == ["rebound.example"]
    assert connected == [("93.184.216.34", canary.port)]
    assert canary.hits == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.31.255.255", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(self, "page_" + self.path.strip("/").partition("?")[0].replace("-", "_"))()

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page_small(self) -> None:
        self._say(200, b"small", Content_Type="text/plain")

    def page_headers(self) -> None:
        self._say(200, json.dumps(dict(self.headers.items())).encode(), Set_Cookie="a=1; Path=/")

    def page_redirect(self) -> None:
        self._say(302, b"", Location="/small")

    def page_announced(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()

    def page_endless(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"x" * 65536)

    def page_bomb(self) -> None:
        self._say(200, gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    def page_silent(self) -> None:
        time.sleep(5)
        self.close_connection = True

    def page_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(40):
                self.wfile.write(b"x")
                time.sleep(0.25)

    def page_drip_headers(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(40):
                self.wfile.write(f"X-{number}: y\r\n".encode())
                time.sleep(0.25)

    def page_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """A real HTTP server that behaves badly, one page a way."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def outgoing(pages: str) -> Outgoing:
    return Outgoing(frozenset({pages.removeprefix("http://").rstrip("/")}))


def test_an_allowed_host_is_reached(pages: str, outgoing: Outgoing) -> None:
    answer = outgoing.send(Request("GET", pages + "small"), QUICK)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"small", "text/plain")


def test_a_redirect_is_an_answer_not_an_order(pages: str, outgoing: Outgoing) -> None:
    answer = outgoing.send(Request("GET", pages + "redirect"), QUICK)
    assert (answer.status, answer.headers["Location"]) == (302, "/small")
    assert answer.url == pages + "redirect"


@pytest.mark.parametrize("page", ["announced", "endless"])
def test_more_than_the_limit_is_not_read(pages: str, outgoing: Outgoing, page: str) -> None:
    with pytest.raises(TooLarge):
        outgoing.send(Request("GET", pages + page), QUICK)


def test_what_is_compressed_stays_compressed(pages: str, outgoing: Outgoing) -> None:
    answer = outgoing.send(Request("GET", pages + "bomb"), QUICK)
    assert len(answer.body) < 100_000


@pytest.mark.parametrize("page", ["silent", "drip", "drip-headers"])
def test_the_whole_answer_has_a_time_limit(pages: str, outgoing: Outgoing, page: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        outgoing.send(Request("GET", pages + page), Limits(connect_s=1, total_s=1, size_bytes=100_000))
    assert time.monotonic() - begun < 3


def test_an_answer_cut_short_is_no_answer(pages: str, outgoing: Outgoing) -> None:
    with pytest.raises(Unreachable):
        outgoing.send(Request("GET", pages + "cut"), QUICK)


def test_nobody_there_is_said_so(outgoing: Outgoing) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable):
        Outgoing(frozenset({f"127.0.0.1:{port}"})).send(Request("GET", f"http://127.0.0.1:{port}/"), QUICK)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    pages: str, outgoing: Outgoing, canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login demo password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answer = outgoing.send(Request("GET", pages + "headers"), QUICK)
    assert "Authorization" not in json.loads(answer.body)
    assert canary.hits == 0


def test_cookies_are_not_kept(pages: str, outgoing: Outgoing) -> None:
    for _ in range(2):
        answer = outgoing.send(Request("GET", pages + "headers"), QUICK)
        assert "Cookie" not in json.loads(answer.body)


def test_answers_are_asked_for_uncompressed(pages: str, outgoing: Outgoing) -> None:
    said = json.loads(outgoing.send(Request("GET", pages + "headers", {"Accept": "text/turtle"}), QUICK).body)
    assert said["Accept-Encoding"] == "identity"
    assert said["Accept"] == "text/turtle"


@pytest.mark.parametrize("value", ["a\r\nHost: x", "a\nX: y", "a\r"])
def test_a_header_cannot_bring_another_one(pages: str, outgoing: Outgoing, value: str) -> None:
    with pytest.raises((NotAllowed, Unreachable)):
        outgoing.send(Request("GET", pages + "headers", {"Slug": value}), QUICK)


class Forgetful:
    """A server that answers the first request of a connection, reads the next one, and closes instead of answering it.

    `first`: how many it answers before; 0: none, ever.
    """

    def __init__(self, first: int = 1) -> None:
        self.first, self.asked = first, list[str]()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as sent, contextlib.suppress(OSError):
            for number in range(self.first + 1):
                line, size = sent.readline().decode(), 0
                while (header := sent.readline().strip().lower()) != b"":
                    size = int(header.partition(b":")[2]) if header.startswith(b"content-length") else size
                sent.read(size)
                if not line:
                    return
                self.asked.append(line.partition(" ")[0])
                if number < self.first:
                    body = b"" if line.startswith("HEAD") else b"hello"
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body)

    def close(self) -> None:
        # `close` alone would leave the thread in `accept` for ever.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(2)


@pytest.fixture(params=[1])
def forgetful(request: pytest.FixtureRequest) -> Iterator[Forgetful]:
    made = Forgetful(request.param)
    yield made
    made.close()


def towards(server: Forgetful) -> Outgoing:
    return Outgoing(frozenset({server.url.removeprefix("http://").rstrip("/")}))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_kept_connection_that_was_closed_meanwhile_is_not_a_server_that_does_not_answer(
    forgetful: Forgetful, method: str
) -> None:
    outgoing = towards(forgetful)
    for _ in range(4):
        assert outgoing.send(Request(method, forgetful.url), QUICK).status == 200
    assert forgetful.asked == [method] * 7  # the first, then each time one that was not answered


def test_with_several_kept_ones_the_last_is_a_new_one(forgetful: Forgetful) -> None:
    outgoing, ready = towards(forgetful), threading.Barrier(4)

    def reads() -> None:
        ready.wait(5)
        outgoing.send(Request("GET", forgetful.url), QUICK)

    threads = [threading.Thread(target=reads) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert outgoing.send(Request("GET", forgetful.url), QUICK).body == b"hello"


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_write_is_never_sent_again_by_itself(forgetful: Forgetful, method: str) -> None:
    outgoing = towards(forgetful)
    outgoing.send(Request("GET", forgetful.url), QUICK)
    with pytest.raises(Unreachable):
        outgoing.send(Request(method, forgetful.url, body=b"x"), QUICK)
    assert forgetful.asked == ["GET", method]


@pytest.mark.parametrize("forgetful", [0], indirect=True)
def test_a_server_that_closes_a_new_connection_is_asked_once(forgetful: Forgetful) -> None:
    with pytest.raises(Unreachable):
        towards(forgetful).send(Request("GET", forgetful.url), QUICK)
    assert forgetful.asked == ["GET"]
