"""Addresses of others, over real connections to a server on loopback and through the real guard; some take their time."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import MemoryPod
from tests.web.reviewer import Reviewer

OFFER = {
    "@type": "JobPosting",
    "title": "Menuisière d’atelier",
    "url": "https://offers.example/1",
    "validThrough": "2099-12-15",
    "skills": "assembler à tenon et mortaise, parler anglais",
}


@dataclass
class Beside:
    """The person's space in memory; every other address over real connections, through the real guard."""

    pods: MemoryPod
    outgoing: Outgoing

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        ours = request.url.startswith(self.pods.base)
        return (self.pods if ours else self.outgoing).send(request, limits or Limits())


@dataclass
class Site:
    """What each path answers: status, headers, body."""

    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    slow: dict[str, threading.Event] = field(default_factory=dict)  # what answers only once it is told to

    def url(self, path: str) -> str:
        return f"http://localhost:{self.port}{path}"


@contextmanager
def running_site(port: int = 0) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(dict(self.headers))
            if self.path in made.slow:
                made.slow[self.path].wait(20)
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    made = Site(server.server_port)
    made.answers["/offers"] = (200, {"Content-Type": "application/ld+json"}, json.dumps([OFFER]).encode())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


def until_ended(who: Reviewer, address: str) -> None:
    for _ in range(100):
        if who.get(address, headers={"Accept": "application/json"}).get_json()["ended"]:
            return
        time.sleep(0.05)
    raise AssertionError("it does not end")
