"""Signing in for real: a provider on loopback, a pod in memory that takes its tokens, and instances of the application."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import syntax
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app, session
from tests.pod.provider import Provider
from tests.web.reviewer import Reviewer

CALLBACK = "http://localhost:8000/signin/callback"


class Both:
    """The pod in memory for what is below its address; real requests, with the real guard, for everything else."""

    def __init__(self, pods: MemoryPod, outgoing: Outgoing) -> None:
        self._pods = pods
        self._outgoing = outgoing

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        limits = limits or Limits()
        if not request.url.startswith(self._pods.base):
            return self._outgoing.send(request, limits)
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if token:
            body = token.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            self._pods._tokens[token] = claims["webid"]
        return self._pods.send(request, limits)


@dataclass
class World:
    """One person with an account at `provider` and a space in `pods`; any number of instances over one store."""

    folder: Path
    redis_url: str | None = None
    base_url: str = "http://localhost:8000"
    ahead_s: float = 0  # how far the clock of every instance is ahead
    provider: Provider = field(default_factory=Provider)
    pods: MemoryPod = field(default_factory=MemoryPod)

    def __post_init__(self) -> None:
        self.person: Person = self.pods.create_pod("demo")
        self.provider.webid = self.person.webid
        self.publish(f"solid:oidcIssuer <{self.provider.issuer}>")

    def publish(self, said: str) -> None:
        """What the person's profile says of them."""
        prefixes = (
            "@prefix solid: <http://www.w3.org/ns/solid/terms#> . @prefix pim: <http://www.w3.org/ns/pim/space#> ."
        )
        profile = f"{prefixes} <#me> pim:storage <{self.person.storage}>{'; ' + said if said else ''} ."
        self.pods.put_bytes(self.person.webid.partition("#")[0], profile.encode(), syntax.TURTLE)

    def config(self) -> Config:
        allowed = frozenset({f"localhost:{self.provider.port}"})
        return Config(self.base_url, self.folder, allowed, redis_url=self.redis_url)

    def instance(self) -> Flask:
        """One more instance of the application, as another worker would be."""
        config = self.config()
        app = create_app(config)
        session.install(
            app, config, Both(self.pods, Outgoing(config.allowed_hosts)), lambda: time.time() + self.ahead_s
        )
        app.testing = True
        app.test_client_class = Reviewer
        return app

    def browser(self, app: Flask, language: str = "fr") -> Reviewer:
        client = cast("Reviewer", app.test_client())
        client.base_url = self.base_url
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    def leave(self, browser: Reviewer, address: str | None = None, **form: str) -> TestResponse:
        """Send the sign-in form; the answer leads to the provider, when all is well."""
        return browser.post("/signin", data={"address": address or self.person.webid, **form})

    def come_back(self, browser: Reviewer, left: TestResponse) -> TestResponse:
        """What follows at the provider, and the browser's way back."""
        assert left.status_code == 303, left.text
        back = self.provider.visit(left.location)
        assert back.startswith(self.base_url + "/signin/callback?")
        return browser.get(back.removeprefix(self.base_url))

    def sign_in(self, browser: Reviewer, **form: str) -> TestResponse:
        return self.come_back(browser, self.leave(browser, **form))

    def bag(self) -> Bag:
        """The person's bag, seen by themselves."""
        from musette_solid.usecases import set_up

        found = set_up.find(self.pods.pod_for(self.person.webid))
        assert found is not None
        return found


def cookie(browser: Reviewer, name: str = "musette") -> str | None:
    found = browser.get_cookie(name)
    return found.value if found else None


@dataclass(frozen=True)
class RedisServer:
    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def dump(self) -> bytes:
        """Everything that it holds, as it would write it to its disk."""
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.save()
        return (self.folder / "dump.rdb").read_bytes()

    def empty(self) -> None:
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    """A real Redis on loopback, ended with us. Skips where there is none; fails where everything must be tested."""
    binary = shutil.which("redis-server")
    if binary is None:
        if os.environ.get("CI"):
            pytest.fail("redis-server is not installed, and everything must be tested here")
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
        "--rdbcompression",
        "no",
    ]
    process = subprocess.Popen([binary, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "redis-server ended at once"
            time.sleep(0.05)
        yield RedisServer(f"redis://127.0.0.1:{port}/0", folder, process)
    finally:
        process.send_signal(signal.SIGCONT)  # a test may have stopped it
        process.terminate()
        process.wait(10)
