"""The application as it is run for others: processes, a pod over HTTP, a proxy in front that knows who is ready."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from musette_solid.embedded.server import free_port
from musette_solid.pod.http import Request
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.log_activity import log_activity
from tests.pod.provider import Provider
from tests.web.conftest import NOW


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join(5)


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def say(self, status: int, headers: Any, body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def pods_over_http(host: str = "localhost") -> Iterator[MemoryPod]:
    """A pod server in memory, really listening. It believes the WebID that a token names: what is tested is the asking."""
    pods: MemoryPod

    class Handler(_Quiet):
        def answer(self) -> None:
            body = self.body()
            token = self.headers.get("Authorization", "").partition(" ")[2]
            if token.count(".") == 2:
                claims = token.split(".")[1]
                pods._tokens[token] = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["webid"]
            asked = Request(self.command, pods.base.rstrip("/") + self.path, dict(self.headers.items()), body)
            found = pods.send(asked)
            self.say(found.status, found.headers.items(), found.body)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    server = _Server(("127.0.0.1", 0), Handler)
    pods = MemoryPod(f"http://{host}:{server.server_port}/")
    with server.running():
        yield pods


def a_person(pods: MemoryPod, provider: Provider, name: str) -> Person:
    """Somebody with an account at `provider`, and a bag in `pods` with one activity."""
    person = pods.create_pod(name)
    profile = (
        f"<#me> <http://www.w3.org/ns/pim/space#storage> <{person.storage}>;"
        f" <http://www.w3.org/ns/solid/terms#oidcIssuer> <{provider.issuer}> ."
    )
    pods.put_bytes(person.webid.partition("#")[0], profile.encode())
    bag = set_up.create(pods.pod_for(person.webid), person.storage, NOW)
    log_activity(bag, {"title": ["Repair café"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    return person


@dataclass
class Instance:
    """One process of `musette serve`."""

    port: int
    environ: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "musette_solid.start", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environ, stderr=subprocess.DEVNULL)

    def status(self, path: str) -> int:
        """Asked at its number: health is told whatever name one asks under."""
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", path)
                return connection.getresponse().status
        except (OSError, HTTPException):
            return 0

    def until_ready(self) -> None:
        for _ in range(600):
            if self.status("/readyz") == 200:
                return
            assert self.process.poll() is None, "it ended at once"
            time.sleep(0.05)
        raise AssertionError("it is not ready after half a minute")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(60)


@contextmanager
def instances(
    number: int, folder: Path, base_url: str, allowed: frozenset[str], redis_url: str | None
) -> Iterator[list[Instance]]:
    """So many processes over one Redis, with the same keys, all ready. One alone may be its own base URL (empty)."""
    ports = [free_port() for _ in range(number)]
    environ = {
        **os.environ,
        "MUSETTE_BASE_URL": base_url or f"http://localhost:{ports[0]}",
        "MUSETTE_DATA": str(folder),
        "MUSETTE_ALLOWED_HOSTS": " ".join(sorted(allowed)),
        **({"MUSETTE_REDIS_URL": redis_url} if redis_url else {}),
    }
    started = [Instance(port, environ) for port in ports]
    try:
        for one in started:
            one.start()
        for one in started:
            one.until_ready()
        yield started
    finally:
        for one in started:
            if one.process.poll() is None:
                one.process.kill()
                one.process.wait(10)


@dataclass
class Proxy:
    """In front of several instances: sends to who is ready, and to the next one when a connection is refused."""

    port: int = 0
    backends: list[int] = field(default_factory=list)
    ready: set[int] = field(default_factory=set)
    retries: int = 0
    failures: list[str] = field(default_factory=list)
    _turn: int = 0

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    def look(self) -> None:
        for port in self.backends:
            is_ready = Instance(port, {}).status("/readyz") == 200
            (self.ready.add if is_ready else self.ready.discard)(port)

    def forward(self, handler: _Quiet) -> None:
        body = handler.body()
        self._turn += 1
        order = sorted(
            self.backends, key=lambda port: (port not in self.ready, (port + self._turn) % len(self.backends))
        )
        for port in order:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                connection.connect()
            except OSError:  # nothing was sent: the next one
                self.retries += 1
                continue
            try:
                connection.request(handler.command, handler.path, body or None, dict(handler.headers.items()))
                answer = connection.getresponse()
                handler.say(answer.status, answer.getheaders(), answer.read())
            except (OSError, HTTPException) as error:
                self.failures.append(f"{handler.command} {handler.path}: {error!r}")
                handler.say(502, (), b"")
            finally:
                connection.close()
            return
        self.failures.append(f"{handler.command} {handler.path}: nobody there")
        handler.say(502, (), b"")


@contextmanager
def a_proxy(look_s: float = 0.1) -> Iterator[Proxy]:
    proxy = Proxy()

    class Handler(_Quiet):
        def answer(self) -> None:
            proxy.forward(self)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815

    server = _Server(("127.0.0.1", 0), Handler)
    proxy.port = server.server_port
    over = threading.Event()

    def keep_looking() -> None:
        while not over.wait(look_s):
            proxy.look()

    with server.running():
        looking = threading.Thread(target=keep_looking, daemon=True)
        looking.start()
        yield proxy
        over.set()
        looking.join(5)


class Browser:
    """Cookies, and where a form comes from; no more of a browser than that."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, port: int | None = None
    ) -> tuple[int, str, str]:
        """Status, where to go next, and the page. `port`: ask one instance, past the proxy."""
        parts = urlsplit(self.base_url)
        connection = HTTPConnection("127.0.0.1", port or parts.port or 80, timeout=60)
        headers = {
            "Host": parts.netloc,
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Origin": self.base_url, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                if found := re.match(r"([^=;]+)=([^;]*)", line):
                    self.cookies[found[1]] = found[2].strip('"')
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        finally:
            connection.close()

    def sign_in(self, provider: Provider, person: Person) -> None:
        provider.webid = person.webid
        status, where, page = self.ask("POST", "/signin", {"address": person.webid})
        assert status == 303, page
        back = provider.visit(where)
        status, where, page = self.ask("GET", back.removeprefix(self.base_url))
        assert status == 303, page
