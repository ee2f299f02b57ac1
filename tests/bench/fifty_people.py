"""P8: fifty active people on one instance of the application, in front of a real pod server.

Each person acts every five seconds: seven times in ten a look at a page, else an hour logged and the page after it. In
between, the very requests that the action took are sent directly, from here, under the same load: what the
application adds is the difference. A page that needed no request is compared with nothing at all. A trivial page of another
process is asked for as often, at the same moments: where that waits too, it is the machine that is taken. Nothing counts
before everybody has been there for a while.
"""

import base64
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from musette_solid.embedded import accounts, server
from musette_solid.embedded.server import PodServer
from musette_solid.pod import oidc, resources
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.usecases import set_up
from musette_solid.usecases.documents import HEAD_START_S
from tests.figures import Figure, publish

PEOPLE = 50
LASTS_S = 90.0
EVERY_S = 5.0
LOOKS = ("/", "/activities/", "/skills/", "/time/")


@dataclass
class Person:
    account: accounts.Account
    pod: Pod
    root: str
    cookie: str = ""


@dataclass(frozen=True)
class Taken:
    """Seconds: by the application, of which so much of a processor; for the same requests sent directly; by a trivial page.

    `so_far`: seconds of a processor that the whole application had taken by then.
    """

    by_us: float
    processor: float
    so_far: float
    direct: float
    trivial: float
    requests: int


@dataclass
class Seen:
    """What happened, and what went wrong."""

    taken: list[Taken] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, taken: Taken) -> None:
        with self.lock:
            self.taken.append(taken)

    def wrong(self, what: str) -> None:
        with self.lock:
            self.errors.append(what)


def made(css: PodServer, number: int, transport: Outgoing) -> Person:
    """Somebody with a bag that holds a life of ordinary length."""
    name = f"demo-{number}"
    account = accounts.create(css.url, f"{name}@example.org", "musette-demo", name)
    credentials = oidc.ClientCredentials(
        transport, css.url, oidc.Client(account.client_id, account.client_secret), account.webid
    )
    pod = Pod(transport, account.webid, credentials)
    now = datetime.now(UTC)
    layout = set_up.create(pod, account.pod, now).layout
    prefixes = "\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in syntax.PREFIXES.items())
    activities = [
        f'<#a-{i}> a mus:Activity ; dcterms:title "Atelier {i}" ; mus:sphere mus:sphere-volunteering ; '
        f'schema:startDate "{2000 + i % 25}-03"^^xsd:gYearMonth ; schema:roleName "Rôle {i}" .'
        for i in range(40)
    ]
    skills = [f'<#s-{i}> a mus:Skill ; skos:prefLabel "Compétence {i}" .' for i in range(20)]
    entries = [
        f"<#t-{i}> a mus:TimeEntry ; mus:activity <{layout.activities}#a-{i % 40}> ; "
        f'dcterms:date "{now.year}-{1 + i % now.month:02}-0{1 + i % 9}"^^xsd:date ; mus:minutes {15 + i} ; mus:precision mus:precision-exact .'
        for i in range(100)
    ]
    for iri, lines in ((layout.activities, activities), (layout.skills, skills), (layout.time(now.year), entries)):
        resources.delete(pod, iri)
        resources.put(pod, iri, "\n".join((prefixes, *lines)).encode(), syntax.TURTLE, {"If-None-Match": "*"})
    return Person(account, pod, layout.root)


class Child:
    """A program of ours in its own process; it ends when nobody writes to it any more."""

    _process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


class Instance(Child):
    """The application in its own process, everybody signed in."""

    def __init__(self, css: PodServer, people: list[Person], folder: Path) -> None:
        self.port = server.free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.instance"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        who = [
            {
                "webid": one.account.webid,
                "client_id": one.account.client_id,
                "client_secret": one.account.client_secret,
                "root": one.root,
            }
            for one in people
        ]
        told = {"port": self.port, "data": str(folder), "pods": css.url, "accounts": who}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        ready = json.loads(self._process.stdout.readline())
        for person, cookie in zip(people, ready["cookies"], strict=True):
            person.cookie = f"{ready['name']}={cookie}"


class Trivial(Child):
    """The trivial page in its own process."""

    def __init__(self) -> None:
        self.port = server.free_port()
        command = [sys.executable, "-m", "tests.bench.trivial_page", str(self.port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    processor: float
    so_far: float
    requests: list[Any]


class Browser:
    """One person's browser: one connection, cookies, and the time each answer took."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=30)
        self._origin = f"http://localhost:{port}"
        self._cookies = dict([cookie.split("=", 1)]) if cookie else {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = urlencode(form) if form else None
        if form:
            headers |= {"Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        answer.read()
        taken = time.perf_counter() - begun
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        processor, so_far = map(float, answer.headers.get("X-Processor", "0 0").split())
        return Answer(answer.status, taken, processor, so_far, json.loads(answer.headers.get("X-Requests", "[]")))

    def close(self) -> None:
        self._connection.close()


def directly(person: Person, requests: list[Any]) -> float:
    """Send the same requests straight to the pod, those together that went together; how many seconds it took."""
    if not requests:
        return 0.0
    ordered = sorted(requests, key=lambda one: float(one["at"]))
    groups: list[list[Any]] = [[ordered[0]]]
    for one in ordered[1:]:
        # What left within some milliseconds of each other did not wait for an answer; the first of several may have had a
        # head start.
        together = one["at"] - groups[-1][0]["at"] < 0.008 + HEAD_START_S and one["method"] == "GET"
        groups[-1].append(one) if together else groups.append([one])
    begun = time.perf_counter()
    for group in groups:
        person.pod.together([partial(_again, person.pod, one) for one in group])
    return time.perf_counter() - begun


def _again(pod: Pod, one: Any) -> None:
    body = base64.b64decode(one["body"]) if one["body"] is not None else None
    answer = pod.send(one["method"], one["url"], one["headers"], body)
    if answer.status >= 500:
        raise SystemExit(f"the pod server answered {answer.status}")


@dataclass
class Scene:
    """Where everybody acts: the application, the trivial page, what was seen, and when it begins and ends for all of them."""

    port: int
    trivial: int
    lasts_s: float
    all_here: threading.Barrier
    seen: Seen = field(default_factory=Seen)


def act(scene: Scene, person: Person, seed: int) -> None:
    """One person, until the end."""
    chance = random.Random(seed)
    browser, beside = Browser(scene.port, person.cookie), Browser(scene.trivial)
    for path in LOOKS * 2:  # they have been here for a while
        browser.ask("GET", path)
    scene.all_here.wait(600)
    ends_at = time.monotonic() + scene.lasts_s
    time.sleep(chance.uniform(0, EVERY_S))
    while time.monotonic() < ends_at:
        try:
            if chance.random() < 0.7:
                steps: list[tuple[str, str, dict[str, str] | None]] = [("GET", chance.choice(LOOKS), None)]
            else:
                steps = [("POST", "/time/", {"line": f"{chance.randint(1, 4)} h atelier {chance.randint(0, 9)}"})]
                steps.append(("GET", "/time/", None))
            for method, path, form in steps:
                answer = browser.ask(method, path, form)
                if answer.status not in {200, 303} and not (method == "POST" and answer.status == 422):
                    scene.seen.wrong(f"{method} {path} answered {answer.status}")
                trivial = beside.ask("GET", "/").seconds
                time.sleep(max(0.0, chance.gauss(EVERY_S / 4, 0.3)))
                direct = directly(person, answer.requests)
                sent = len(answer.requests)
                scene.seen.add(Taken(answer.seconds, answer.processor, answer.so_far, direct, trivial, sent))
        except (OSError, http.client.HTTPException) as error:
            scene.seen.wrong(f"{type(error).__name__}: {error}")
            browser.close()
        time.sleep(max(0.0, chance.gauss(EVERY_S / 2, 0.5)))
    browser.close()
    beside.close()


def figures(css: PodServer, people: int = PEOPLE, lasts_s: float = LASTS_S) -> list[Figure]:
    transport = Outgoing(frozenset({f"localhost:{css.port}"}))
    with ThreadPoolExecutor(4) as pool:
        everybody = list(pool.map(partial(made, css, transport=transport), range(people)))
    with (
        tempfile.TemporaryDirectory() as folder,
        Instance(css, everybody, Path(folder)) as instance,
        Trivial() as trivial,
    ):
        scene = Scene(instance.port, trivial.port, lasts_s, threading.Barrier(people))
        threads = [
            threading.Thread(target=act, args=(scene, person, number)) for number, person in enumerate(everybody)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _figures(scene.seen, people)


def _figures(seen: Seen, people: int) -> list[Figure]:
    by_us, processor, direct, trivial = (
        sorted(1000 * getattr(one, of) for one in seen.taken) for of in ("by_us", "processor", "direct", "trivial")
    )
    requests = sum(one.requests for one in seen.taken)
    for error in sorted(set(seen.errors))[:5]:
        sys.stderr.write(f"{error}\n")
    what = f"{people} active people, {len(by_us)} pages and forms"
    made = [Figure("P8", f"{what}: errors", len(seen.errors), "errors", "= 0", not seen.errors, requests)]
    for name, share, most in (("p50", 0.5, 10), ("p99", 0.99, 40)):
        ours, theirs = _quantile(by_us, share), _quantile(direct, share)
        by_itself, beside = _quantile(processor, share), _quantile(trivial, share)
        told = f"what the application adds to the same requests sent directly, {name}"
        made += [
            Figure(f"P8-{name}", f"{told} ({ours:.1f} - {theirs:.1f})", ours - theirs, "ms", f"<= {most}", ours - theirs <= most),
            Figure(f"P8-{name}-cpu", f"processor time of a page or form, {name}", by_itself, "ms", f"<= {most}", by_itself <= most),
            Figure(f"P8-{name}-idle", f"a trivial page asked for at the same moments, {name}", beside, "ms", "published", True),
        ]  # fmt: skip
    so_far = [one.so_far for one in seen.taken] or [0.0]
    all_of_it = 1000 * (max(so_far) - min(so_far)) / max(1, len(seen.taken))
    what = "processor time of the whole application, a page or form"
    return [*made, Figure("P8-cpu", what, all_of_it, "ms", "published", True)]


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def main() -> int:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    lasts_s = float(sys.argv[2]) if len(sys.argv) > 2 else LASTS_S
    server.install()
    with tempfile.TemporaryDirectory() as folder, server.PodServer(Path(folder), server.free_port()) as css:
        publish("bench-people", figures(css, people, lasts_s))
    return 0


if __name__ == "__main__":
    sys.exit(main())
