"""What the hostile cases share: a world with one person, a canary that must never be touched, a site under hostile hands."""

import contextlib
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from musette_solid.pod.http import Outgoing
from musette_solid.usecases import set_up
from musette_solid.web import Config, session
from tests.pod.canary import Canary
from tests.pod.provider import Provider
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer
from tests.web.world import Both, World


@dataclass
class Site:
    """A web site under hostile hands, which we may reach: `answers` by path; every request to it is remembered."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                site.asked.append((self.command, self.path, {n.lower(): v for n, v in self.headers.items()}))
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status, headers, body = site.answers.get(self.path.partition("?")[0], (404, {}, b""))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://localhost:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def place(self) -> str:
        return self.url.removeprefix("http://").rstrip("/")

    @property
    def secrets_received(self) -> list[str]:
        """Paths of requests that carried a token or a proof."""
        return [path for _, path, headers in self.asked if {"authorization", "dpop", "cookie"} & headers.keys()]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class HostileWorld(World):
    """As World, and our application may also reach a second provider and a hostile site."""

    second: Provider = field(default_factory=Provider)
    site: Site = field(default_factory=Site)
    canary: Canary = field(default_factory=Canary)

    def config(self) -> Config:
        hosts = {f"localhost:{self.provider.port}", f"localhost:{self.second.port}", self.site.place}
        return Config(self.base_url, self.folder, frozenset(hosts), redis_url=self.redis_url)

    def close(self) -> None:
        for each in (self.provider, self.second, self.site, self.canary):
            each.close()


@dataclass
class Lab:
    world: HostileWorld
    app: Flask

    @property
    def provider(self) -> Provider:
        return self.world.provider

    @property
    def transport(self) -> Both:
        found = session_of(self.app).transport
        assert isinstance(found, Both)
        return found

    def as_before(self) -> None:
        """A correct world again, with a fresh transport: a server that rested is asked again."""
        world = self.world
        for provider in (world.provider, world.second):
            provider.as_before()
        world.provider.webid = world.person.webid
        world.provider.lifetime_s = 600
        world.pods.instead = lambda _request: None
        world.publish(f"solid:oidcIssuer <{world.provider.issuer}>")
        world.site.answers.clear()
        world.site.asked.clear()
        world.canary.hits = 0
        world.pods.requests.clear()
        session_of(self.app).transport = Both(world.pods, Outgoing(world.config().allowed_hosts))

    def browser(self, language: str = "en") -> Reviewer:
        return self.world.browser(self.app, language)

    def sign_in(self, browser: Reviewer | None = None, **form: str) -> TestResponse:
        """The whole way; a refusal on the way out is an answer too."""
        browser = browser or self.browser()
        left = self.world.leave(browser, **form)
        return self.world.come_back(browser, left) if left.status_code == 303 else left

    def refuses(self, browser: Reviewer | None = None, **form: str) -> bool:
        """Whether a sign-in fails, with a page that says why, and nobody is in."""
        browser = browser or self.browser()
        answer = self.sign_in(browser, **form)
        return answer.status_code == 400 and not is_in(browser)

    def accepts(self) -> bool:
        browser = self.browser()
        return self.sign_in(browser).status_code == 303 and is_in(browser)


def session_of(app: Flask) -> session.Sessions:
    found: session.Sessions = app.extensions["musette.sessions"]
    return found


def is_in(browser: Reviewer) -> bool:
    return browser.get("/activities/").status_code == 200


@contextmanager
def a_lab(folder: Path | None = None) -> Iterator[Lab]:
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = HostileWorld(place / "data")
        stack.callback(world.close)
        set_up.create(world.pods.pod_for(world.person.webid), world.person.storage, NOW)
        yield Lab(world, world.instance())


def cost(task: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and megabytes that this process grew by."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    task()
    return time.monotonic() - begun, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


__all__ = ["Canary", "HostileWorld", "Lab", "Site", "a_lab", "cost", "is_in", "session_of"]
