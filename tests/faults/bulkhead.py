"""A space that stalls slows nobody whose space is elsewhere: a real process, its real threads, a server that really stalls.

Three people in ten have their space on a server that accepts every connection and never answers; each of them keeps eight tabs
reloading. The others' waiting times are taken in turn, with and without that, so that what else the machine does weighs on both.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from tests.figures import Figure
from tests.pod.provider import Provider
from tests.web.served import Browser, Instance, a_person, instances, pods_over_http

_PAGES = ("/activities/", "/time/", "/skills/")
TABS = 8


@dataclass
class Street:
    """One instance; people whose space is well, and people whose space can be made to stall."""

    instance: Instance
    well: list[Browser]
    ill: list[Browser]
    stalled: MemoryPod
    over: threading.Event = field(default_factory=threading.Event)
    ended: list[tuple[int, float]] = field(default_factory=list)  # what the tabs of the ill got, and after how long

    def visit(self, each: int) -> list[float]:
        """So many pages for each of the others, side by side; the seconds that each page took. Every page must come."""

        def one(browser: Browser) -> list[float]:
            taken = []
            for number in range(each):
                begun = time.monotonic()
                status, _, _ = browser.ask("GET", _PAGES[number % len(_PAGES)])
                taken.append(time.monotonic() - begun)
                assert status == 200, status
            return taken

        with ThreadPoolExecutor(len(self.well)) as pool:
            return [seconds for taken in pool.map(one, self.well) for seconds in taken]

    @contextmanager
    def stalling(self) -> Iterator[None]:
        """The server of the ill stalls, and all their tabs reload; at the end it answers again."""
        release = threading.Event()
        reloading = threading.Event()
        reloading.set()

        def stall(request: Request) -> Response:
            release.wait(60)
            return Response(request.url, 503, {})

        def reload(browser: Browser) -> None:
            while reloading.is_set() and not self.over.is_set():
                begun = time.monotonic()
                status, _, _ = browser.ask("GET", "/activities/")
                self.ended.append((status, time.monotonic() - begun))
                self.over.wait(2)  # a person who reloads as soon as they are told they may, not a machine that attacks

        self.stalled.instead = stall
        tabs = [threading.Thread(target=reload, args=(browser,), daemon=True) for browser in self.ill * TABS]
        for tab in tabs:
            tab.start()
        try:
            yield
        finally:
            reloading.clear()
            self.stalled.instead = lambda _request: None
            release.set()
            for tab in tabs:
                tab.join(40)


@contextmanager
def a_street(folder: Path, well: int = 7, ill: int = 3) -> Iterator[Street]:
    provider = Provider()
    try:
        with pods_over_http() as healthy, pods_over_http() as stalled:
            places = {pods.base.removeprefix("http://").rstrip("/") for pods in (healthy, stalled)}
            allowed = frozenset({f"localhost:{provider.port}", *places})
            with instances(1, folder, "", allowed, None) as (instance,):
                people: list[list[Browser]] = []
                for pods, number in ((healthy, well), (stalled, ill)):
                    browsers = []
                    for name in range(number):
                        browser = Browser(instance.environ["MUSETTE_BASE_URL"])
                        browser.sign_in(provider, a_person(pods, provider, f"person{name}"))
                        assert browser.ask("GET", "/activities/")[0] == 200
                        browsers.append(browser)
                    people.append(browsers)
                street = Street(instance, people[0], people[1], stalled)
                yield street
                street.over.set()
    finally:
        provider.close()


def quantile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def figures(rounds: int = 4, each: int = 40) -> list[Figure]:
    alone: list[float] = []
    beside: list[float] = []
    with tempfile.TemporaryDirectory() as folder, a_street(Path(folder)) as street:
        street.visit(10)
        for _ in range(rounds):
            alone += street.visit(each)
            with street.stalling():
                time.sleep(0.5)
                beside += street.visit(each)
            time.sleep(3)  # the rest of the server that was ill
        with street.stalling():
            time.sleep(18)
    p99 = quantile(beside, 0.99) / quantile(alone, 0.99)
    p50 = quantile(beside, 0.5) / quantile(alone, 0.5)
    longest = max((seconds for _, seconds in street.ended), default=0)
    quick = sum(seconds < 1.5 for _, seconds in street.ended) / max(1, len(street.ended))
    what = f"others' p99 beside a stalled server ({len(beside)} pages, {quantile(alone, 0.99) * 1000:.0f} ms alone)"
    return [
        Figure("S-16 p99", what, p99, "x", "<= 1.2", p99 <= 1.2),
        Figure("S-16 p50", "others' p50 beside a stalled server", p50, "x", "<= 1.2", p50 <= 1.2),
        Figure("S-16 longest", "longest wait of somebody whose server stalls", longest, "s", "<= 31", longest <= 31),
        Figure("S-16 told", "share of their pages that said so within 1.5 s", quick, "", ">= 0.5", quick >= 0.5),
    ]
