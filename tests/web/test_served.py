"""As it is run for others: several processes, one Redis, a proxy in front. Nobody notices when one is replaced."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from musette_solid.pod.http import Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.web import Config, create_app, health
from musette_solid.web.serving import Serving
from tests.pod.provider import Provider
from tests.web.served import Browser, Instance, Proxy, a_person, a_proxy, instances, pods_over_http
from tests.web.world import RedisServer, running_redis


@dataclass
class Installation:
    pods: MemoryPod
    provider: Provider
    proxy: Proxy
    instances: list[Instance]
    redis: RedisServer

    def signed_in(self, name: str) -> Browser:
        person = a_person(self.pods, self.provider, name)
        browser = Browser(self.proxy.base_url)
        browser.sign_in(self.provider, person)
        return browser


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("served")
    provider = Provider()
    try:
        with running_redis(folder) as redis, pods_over_http() as pods, a_proxy() as proxy:
            allowed = frozenset({f"localhost:{provider.port}", pods.base.removeprefix("http://").rstrip("/")})
            with instances(2, folder / "data", proxy.base_url, allowed, redis.url) as started:
                proxy.backends = [one.port for one in started]
                proxy.look()
                yield Installation(pods, provider, proxy, started, redis)
    finally:
        provider.close()


def test_twenty_requests_to_two_processes_at_the_instant_of_expiry_refresh_once(installation: Installation) -> None:
    """With rotation and detection of reuse on: a second refresh would end the session."""
    provider = installation.provider
    provider.lifetime_s = 46  # renewed 45 s before its end
    try:
        browser = installation.signed_in("expiring")
        ports = [one.port for one in installation.instances]
        for port in ports:  # both processes hold the connection to the space by now
            assert browser.ask("GET", "/activities/", port=port)[0] == 200
        time.sleep(1.3)
        provider.lifetime_s = 600
        provider.slow_s = 0.3
        before = provider.refreshes, provider.reuses
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda n: browser.ask("GET", "/activities/", port=ports[n % 2])[0], range(20)))
        assert answers == [200] * 20
        assert (provider.refreshes - before[0], provider.reuses - before[1]) == (1, 0)
    finally:
        provider.lifetime_s, provider.slow_s = 600, 0


def test_a_rolling_restart_loses_no_request_and_signs_nobody_out(installation: Installation) -> None:
    browsers = [installation.signed_in(f"person{number}") for number in range(4)]
    over = threading.Event()
    seen: list[tuple[int, str]] = []

    def visit(browser: Browser) -> None:
        number = 0
        while not over.is_set():
            number += 1
            if number % 4:
                status, where, _ = browser.ask("GET", ("/activities/", "/", "/time/")[number % 3])
            else:
                status, where, _ = browser.ask("POST", "/time/", {"line": f"{number} min repair café"})
            seen.append((status, where))

    threads = [threading.Thread(target=visit, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    try:
        for one in installation.instances:
            assert one.stop() == 0
            one.start()
            one.until_ready()
            time.sleep(0.5)
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
    assert installation.proxy.failures == []
    failed = [(status, where) for status, where in seen if status >= 400 or "signin" in where]
    assert failed == []
    assert len(seen) > 20
    for browser in browsers:
        assert browser.ask("GET", "/activities/")[0] == 200


def test_one_of_two_killed_outright_signs_nobody_out(installation: Installation) -> None:
    browser = installation.signed_in("survivor")
    one, other = installation.instances
    one.stop(signal.SIGKILL)
    try:
        assert browser.ask("GET", "/activities/", port=other.port)[0] == 200
        assert browser.ask("GET", "/activities/")[0] == 200
    finally:
        one.start()
        one.until_ready()


def test_readiness_follows_redis_and_health_does_not(installation: Installation) -> None:
    one = installation.instances[0]
    assert (one.status("/healthz"), one.status("/readyz")) == (200, 200)
    installation.redis.process.send_signal(signal.SIGSTOP)
    try:
        assert (one.status("/healthz"), one.status("/readyz")) == (200, 503)
    finally:
        installation.redis.process.send_signal(signal.SIGCONT)
    time.sleep(1.1)
    assert one.status("/readyz") == 200


def test_no_space_and_no_provider_is_asked_whether_we_are_well(installation: Installation) -> None:
    installation.signed_in("somebody")
    one = installation.instances[0]
    requests, hits = len(installation.pods.requests), sum(installation.provider.hits.values())
    installation.pods.instead = lambda request: Response(request.url, 500, {})
    try:
        assert [one.status(path) for path in ("/healthz", "/readyz")] == [200, 200]
    finally:
        installation.pods.instead = lambda _request: None
    assert (len(installation.pods.requests), sum(installation.provider.hits.values())) == (requests, hits)


# --- leaving, in this process


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    made = create_app(Config("http://localhost:8000", tmp_path))

    @made.get("/slow")
    def slow() -> str:
        time.sleep(1)
        return "done"

    slow.access_rule = "public"  # type: ignore[attr-defined]
    return made


def port_of(serving: Serving) -> int:
    return int(serving._listening[0].effective_port)


def test_what_was_begun_is_finished_and_nothing_new_comes_in(app: Flask) -> None:
    serving = Serving(app, ["127.0.0.1:0"])
    port = port_of(serving)
    idle = HTTPConnection("127.0.0.1", port, timeout=10)  # kept open, as browsers and proxies do
    idle.request("GET", "/healthz", headers={"Host": "localhost:8000"})
    idle.getresponse().read()
    slow = HTTPConnection("127.0.0.1", port, timeout=10)
    slow.request("GET", "/slow", headers={"Host": "localhost:8000"})
    time.sleep(0.2)
    leaving = threading.Thread(target=serving.leave, args=(0.3,))
    begun = time.monotonic()
    leaving.start()
    time.sleep(0.1)
    idle.request("GET", "/readyz", headers={"Host": "localhost:8000"})
    answer = idle.getresponse()
    assert (answer.status, answer.read()) == (503, b"leaving\n")
    assert answer.headers["Connection"] == "close"
    answer = slow.getresponse()
    assert (answer.status, answer.read()) == (200, b"done")
    leaving.join(10)
    assert time.monotonic() - begun < 4
    with pytest.raises(OSError):
        HTTPConnection("127.0.0.1", port, timeout=2).connect()


_ASKED_IN_ANOTHER_THREAD = """
import signal, threading
from musette_solid.start import _Stop
stop = _Stop()
def ask(times):
    for _ in range(times):
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
threading.Timer(0.2, ask, (1,)).start()
stop.wait()
assert not stop.hurried(0.1)
threading.Timer(0.2, ask, (1,)).start()
assert stop.hurried(60)
"""


def test_whichever_thread_is_handed_the_signal_it_is_obeyed() -> None:
    """The kernel chooses the thread: while many are at work, one that serves was handed it, and nobody left."""
    subprocess.run([sys.executable, "-c", _ASKED_IN_ANOTHER_THREAD], check=True, timeout=20)


def test_whoever_is_in_a_hurry_waits_for_nothing(app: Flask) -> None:
    serving = Serving(app, ["127.0.0.1:0"])
    hurry = threading.Event()
    hurry.set()
    begun = time.monotonic()
    serving.leave(60, hurry.wait)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("host", ["localhost:8000", "10.0.0.7:8000", "anything.example"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_under_whatever_name(app: Flask, host: str, path: str) -> None:
    answer = app.test_client().get(path, headers={"Host": host})
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert app.test_client().head(path, headers={"Host": host}).data == b""


def test_an_instance_that_cannot_keep_sessions_is_not_ready(app: Flask, tmp_path: Path) -> None:
    import shutil

    shutil.rmtree(tmp_path / "sessions")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "sessions cannot be kept\n")
    assert app.test_client().get("/healthz").status_code == 200


def test_an_instance_that_leaves_is_not_ready(app: Flask) -> None:
    health.leave(app)
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/help", base_url="http://localhost:8000").status_code == 200
