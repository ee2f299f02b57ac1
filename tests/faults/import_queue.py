"""Many people bring files at once, over HTTP, to one real instance: whoever only looks at a page does not wait for them.

Large files and small ones, really read by real processes. Plain pages are timed in turn with and without that. Then the queue
is filled to its last place, and emptied by those who wait in it.

python -m tests.faults import_queue
"""

import json
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from musette_solid.pod.memory import MemoryPod
from tests.faults.bulkhead import quantile
from tests.faults.hostile_corpus import endless, rides, table
from tests.figures import Figure
from tests.pod.provider import Provider
from tests.web.served import Browser, Instance, a_person, instances, pods_over_http

PAGES = ("/activities/", "/time/", "/skills/")
#: Three are read at once and thirty wait: one more is told to come back.
PLACES = 33


@dataclass
class Answer:
    status: int
    where: str
    page: str
    seconds: float


def send_file(browser: Browser, data: bytes, name: str) -> Answer:
    """As a browser does, in one form."""
    parts = urlsplit(browser.base_url)
    mark = secrets.token_hex(12)
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
    headers = {"Origin": browser.base_url, "Content-Type": f"multipart/form-data; boundary={mark}"}
    return _ask(browser, parts.port or 80, "POST", "/import/", body, headers)


def _ask(browser: Browser, port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
    said = {
        "Host": urlsplit(browser.base_url).netloc,
        "Accept-Language": "en",
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
    }
    try:
        connection.request(method, path, body, said | headers)
        answer = connection.getresponse()
        page = unescape(answer.read().decode())
        return Answer(answer.status, answer.headers.get("Location", ""), page, time.monotonic() - begun)
    finally:
        connection.close()


def outcome(browser: Browser, first: Answer, patience_s: float = 300) -> Answer:
    """What came of a file in the end, waiting for it as the page does."""
    begun = time.monotonic()
    answer, port = first, urlsplit(browser.base_url).port or 80
    while answer.status == 303 and "/under-way/" in answer.where:
        where = answer.where
        while True:
            asked = _ask(browser, port, "GET", where, None, {"Accept": "application/json"})
            if asked.status != 200 or json.loads(asked.page)["ended"]:
                break
            assert time.monotonic() - begun < patience_s, "it is never done"
            time.sleep(0.2)
        answer = _ask(browser, port, "GET", where, None, {"Accept": "text/html"})
    return Answer(answer.status, answer.where, answer.page, first.seconds + time.monotonic() - begun)


@dataclass
class Scale:
    """How much memory an instance and its readers take, looked at many times a second (Linux)."""

    pid: int
    own_mb: float = 0
    readers_mb: float = 0  # all of them together
    readers: int = 0

    def look(self) -> None:
        self.own_mb = max(self.own_mb, _resident_mb(self.pid))
        mine = children(self.pid)
        self.readers = max(self.readers, len(mine))
        self.readers_mb = max(self.readers_mb, sum(map(_resident_mb, mine)))

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                self.look()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(5)


def _resident_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(number) for number in task.read_text().split()]
        except OSError:  # a thread that has just ended
            continue
    return found


@dataclass
class Town:
    """One instance, and people who have a bag each."""

    instance: Instance
    pods: MemoryPod
    people: list[Browser]
    _kept: list[int] = field(default_factory=list)

    def said(self) -> dict[str, bytes]:
        return {url: kept.body for url, kept in self.pods._stored.items()}


@contextmanager
def a_town(folder: Path, number: int) -> Iterator[Town]:
    provider = Provider()
    try:
        with pods_over_http() as pods:
            places = frozenset({f"localhost:{provider.port}", pods.base.removeprefix("http://").rstrip("/")})
            with instances(1, folder, "", places, None) as (instance,):
                people = []
                for name in range(number):
                    browser = Browser(instance.environ["MUSETTE_BASE_URL"])
                    browser.sign_in(provider, a_person(pods, provider, f"person{name}"))
                    people.append(browser)
                yield Town(instance, pods, people)
    finally:
        provider.close()


def visit(people: list[Browser], each: int) -> list[float]:
    """So many pages for each, side by side; the seconds that each page took. Every page must come."""

    def one(browser: Browser) -> list[float]:
        taken = []
        for number in range(each):
            begun = time.monotonic()
            status, _, _ = browser.ask("GET", PAGES[number % len(PAGES)])
            taken.append(time.monotonic() - begun)
            assert status == 200, status
            time.sleep(0.05)  # a person who looks, not a machine that asks
        return taken

    with ThreadPoolExecutor(len(people)) as pool:
        return [seconds for taken in pool.map(one, people) for seconds in taken]


def _small(number: int) -> bytes:
    work = [{"name": "Demo", "position": f"Work {number}-{n}", "startDate": f"20{n % 24 + 1:02}-03"} for n in range(40)]
    return json.dumps({"basics": {"name": "Demo"}, "work": work}).encode()


def beside(town: Town, rounds: int, each: int) -> tuple[list[float], list[float], list[Answer], list[Answer], Scale]:
    """Waiting times of plain pages without and with imports; what came of the large files and of the small ones."""
    readers, large, small = town.people[:4], town.people[4:8], town.people[8:12]
    big = (table(12_000), rides(150_000), table(8_000), rides(60_000))
    scale = Scale(town.instance.process.pid)
    alone: list[float] = []
    with_imports: list[float] = []
    heavy: list[Answer] = []
    light: list[Answer] = []
    visit(readers, 6)
    scale.look()
    before_mb = scale.own_mb
    for round_ in range(rounds):
        alone += visit(readers, each)
        over = threading.Event()

        def go_on(
            browser: Browser, make: Callable[[], bytes], into: list[Answer], over: threading.Event = over
        ) -> None:
            while not over.is_set():
                into.append(outcome(browser, send_file(browser, make(), "a.csv")))

        with scale.watching(), ThreadPoolExecutor(8) as pool:
            waiting = [pool.submit(go_on, one, lambda n=n: big[n % 4], heavy) for n, one in enumerate(large)]  # type: ignore[misc]
            time.sleep(1.5)
            waiting += [pool.submit(go_on, one, lambda n=round_: _small(n), light) for one in small]  # type: ignore[misc]
            with_imports += visit(readers, each)
            over.set()
            for one in waiting:
                one.result()
    scale.own_mb -= before_mb
    return alone, with_imports, heavy, light, scale


@dataclass
class Filled:
    """What was said when the queue was full, when somebody had two files, and when everybody went."""

    taken: int
    full: Answer
    second: Answer
    page: Answer
    small: Answer
    stopped_s: float
    readers_left: int


def filled(town: Town) -> Filled:
    """Every place of the queue taken by files that take a minute; then all of them stopped."""
    port = town.instance.port
    slow = endless("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30") * 60
    many, last, other = town.people[:PLACES], town.people[PLACES], town.people[PLACES + 1]
    with ThreadPoolExecutor(PLACES) as pool:
        answers = list(pool.map(lambda one: send_file(one, slow, "a.ics"), many))
    taken = sum(one.status == 303 and "/under-way/" in one.where for one in answers)
    full = send_file(last, slow, "a.ics")
    second = send_file(many[-1], _small(1), "cv.json")
    page = _ask(other, port, "GET", "/activities/", None, {})
    small = outcome(other, send_file(other, _small(1), "cv.json"))
    begun = time.monotonic()

    def stop(pair: tuple[Browser, Answer]) -> None:
        one, answer = pair
        headers = {"Origin": one.base_url, "Content-Type": "application/x-www-form-urlencoded"}
        _ask(one, port, "POST", f"{answer.where}/stop", b"", headers)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(stop, ((one, answer) for one, answer in zip(many, answers, strict=True) if answer.where)))
    while children(town.instance.process.pid) and time.monotonic() - begun < 60:
        time.sleep(0.05)
    return Filled(taken, full, second, page, small, time.monotonic() - begun, len(children(town.instance.process.pid)))


def figures(rounds: int = 3, each: int = 40) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, a_town(Path(folder), 12) as town:
        before = town.said()
        alone, with_imports, heavy, light, scale = beside(town, rounds, each)
        is_untouched = town.said() == before
    with tempfile.TemporaryDirectory() as folder, a_town(Path(folder), PLACES + 2) as town:
        full = filled(town)
    p50 = quantile(with_imports, 0.5) / quantile(alone, 0.5)
    p99 = quantile(with_imports, 0.99) / quantile(alone, 0.99)
    done = sum(one.status == 200 for one in (*heavy, *light))
    slowest, typical = max(one.seconds for one in light), quantile([one.seconds for one in heavy], 0.5)
    says_full = full.full.status == 503 and "Too much is under way" in full.full.page
    says_second = full.second.status == 409 and "under way" in full.second.page
    what = f"plain pages beside imports / without, {len(with_imports)} of them ({quantile(alone, 0.99) * 1000:.0f} ms alone)"
    return [
        Figure("S-17 p50", f"median of {what}", p50, "x", "<= 2", p50 <= 2),
        Figure("S-17 p99", f"p99 of {what}", p99, "x", "<= 3", p99 <= 3),
        Figure("S-17 longest", "longest wait for a plain page beside imports", max(with_imports), "s", "<= 2", max(with_imports) <= 2),
        Figure("S-17 done", f"files that were read to the end ({len(heavy)} large, {len(light)} small)", done, "", f"= {len(heavy) + len(light)}", done == len(heavy) + len(light)),
        Figure("S-17 fair", f"longest wait of a small file (a large one: {typical:.1f} s)", slowest, "s", "<= 5", slowest <= 5),
        Figure("S-17 own", "memory that the instance itself grew by", scale.own_mb, "MB", "<= 500", scale.own_mb <= 500),
        Figure("S-17 readers", "readers at once", scale.readers, "", "<= 3", scale.readers <= 3),
        Figure("S-17 weight", "memory of the readers together", scale.readers_mb, "MB", "<= 3072", scale.readers_mb <= 3072),
        Figure("S-17 untouched", "nothing was written by looking", is_untouched, "", "= 1", is_untouched),
        Figure("S-17 places", "people in the queue when it was full", full.taken, "", f"= {PLACES}", full.taken == PLACES),
        Figure("S-17 full", "the next one is told so", says_full, "", "= 1", says_full),
        Figure("S-17 second", "somebody's second file is told to wait", says_second, "", "= 1", says_second),
        Figure("S-17 page", "a plain page beside a full queue", full.page.seconds, "s", "<= 2", full.page.status == 200 and full.page.seconds <= 2),
        Figure("S-17 small", "a small file beside a full queue", full.small.seconds, "s", "<= 5", full.small.status == 200 and full.small.seconds <= 5),
        Figure("S-17 stopped", "until the queue was empty, once everybody stopped", full.stopped_s, "s", "<= 20", full.stopped_s <= 20 and not full.readers_left),
    ]  # fmt: skip
