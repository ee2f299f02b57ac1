"""How each server is doing, so that one that is ill slows nobody who asks another one.

Three rules, one origin at a time (scheme, host and port):

* **a narrow door**: so many requests under way, no more; where some of them have been waiting long already, no new one;
* **rest after failures**: after five in a row nothing is sent for two seconds, then one request to see, and so on;
* **Retry-After is kept**, up to a minute: for everybody after a 503, for the same agent after a 429.

What is refused here was never sent.
"""

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from musette_solid.pod.errors import Busy
from musette_solid.rdf.names import origin

#: The door: requests under way to one origin, and how long one more waits for its turn, at least and at most: those who came
#: together are not all turned away, and told so, at the same moment, which those who ask another server would feel.
WIDTH = 16
TURN_S = (0.8, 1.4)
#: A request that has been waiting this long is slow; with so many of them to one origin, no new one is sent there...
SLOW_S = 3.0
MOST_SLOW = 6
#: ...and with so many of them to all origins together, none to an origin that has one of them.
MOST_SLOW_IN_ALL = 24
#: Failures in a row before a rest, and the rest.
FAILURES = 5
REST_S = 2.0
#: No server sends us away for longer than this.
LONGEST_WAIT_S = 60.0
#: Statuses that say that the server itself is out of order, whatever was asked.
_OUT_OF_ORDER = frozenset({502, 503, 504})
_KEPT = 1024


@dataclass
class _Origin:
    under_way: dict[int, float] = field(default_factory=dict)  # when each began
    failures: int = 0
    failing: set[str] = field(default_factory=set)
    closed_until: float = 0
    is_tried: bool = False  # one request is on its way to see whether it is well again
    closed_to: dict[int, float] = field(default_factory=dict)  # agents who asked too much, by the hash of their proof


class Passage:
    """One request under way. Say how it ended; one that ends unsaid changes nothing."""

    def __init__(self, origins: "Origins", place: _Origin, url: str, agent: int | None) -> None:
        self._origins = origins
        self._place = place
        self._url = url
        self._agent = agent

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        self._origins.answered(self._place, self._url, self._agent, status, headers)

    def failed(self, *, anywhere: bool) -> None:
        """No answer. `anywhere`: there was not even a connection, so another address there would do no better."""
        self._origins.failed(self._place, self._url, anywhere=anywhere)


class Origins:
    """The state of the servers that one process asks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._places: OrderedDict[str, _Origin] = OrderedDict()
        self._turn = threading.Condition()
        self._number = 0
        self._patience = random.Random()  # noqa: S311  (nobody gains by guessing it)

    @contextmanager
    def passage(self, url: str, proof: str | None) -> Iterator[Passage]:
        """The way to an origin. `proof` tells one agent from another. Raises Busy."""
        agent = hash(proof) if proof else None
        with self._turn:
            place = self._place(origin(url))
            number, is_trial = self._enter(place, url, agent)
        try:
            yield Passage(self, place, url, agent)
        finally:
            with self._turn:
                del place.under_way[number]
                if is_trial:
                    place.is_tried = False
                self._turn.notify_all()

    def _place(self, name: str) -> _Origin:
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = _Origin()
            if len(self._places) > _KEPT:
                idle = next((o for o, p in self._places.items() if not p.under_way and p is not place), None)
                self._places.pop(idle or "", None)
        self._places.move_to_end(name)
        return place

    def _enter(self, place: _Origin, url: str, agent: int | None) -> tuple[int, bool]:
        latest = self._clock() + self._patience.uniform(*TURN_S)
        while True:
            now = self._clock()
            self._refuse_what_is_closed(place, url, agent, now)
            slow = sum(now - begun > SLOW_S for begun in place.under_way.values())
            if slow >= MOST_SLOW or (slow and self._slow_in_all(now) >= MOST_SLOW_IN_ALL):
                raise _busy(url, SLOW_S)
            if len(place.under_way) < WIDTH:
                break
            if now >= latest or not self._turn.wait(latest - now):
                raise _busy(url, SLOW_S)
        is_trial = place.failures >= FAILURES
        place.is_tried = place.is_tried or is_trial
        self._number += 1
        place.under_way[self._number] = self._clock()
        return self._number, is_trial

    @staticmethod
    def _refuse_what_is_closed(place: _Origin, url: str, agent: int | None, now: float) -> None:
        until = max(place.closed_until, place.closed_to.get(agent, 0) if agent is not None else 0)
        if until > now:
            raise _busy(url, until - now)
        if place.failures >= FAILURES and place.is_tried:
            raise _busy(url, REST_S)

    def _slow_in_all(self, now: float) -> int:
        return sum(now - begun > SLOW_S for place in self._places.values() for begun in place.under_way.values())

    def answered(self, place: _Origin, url: str, agent: int | None, status: int, headers: Mapping[str, str]) -> None:
        wait_s = retry_after(headers) if status in {429, 503} else None
        if status < 500 or status in {501, 505, 507}:
            with self._turn:
                place.failures = 0
                place.failing.clear()
                if wait_s and agent is not None:
                    place.closed_to = {a: t for a, t in place.closed_to.items() if t > self._clock()}
                    place.closed_to[agent] = self._clock() + wait_s
                elif wait_s:
                    place.closed_until = self._clock() + wait_s
            return
        self.failed(place, url, anywhere=status in _OUT_OF_ORDER)
        if wait_s:
            with self._turn:
                place.closed_until = max(place.closed_until, self._clock() + wait_s)

    def failed(self, place: _Origin, url: str, *, anywhere: bool) -> None:
        with self._turn:
            place.failures += 1
            place.failing.add("" if anywhere else url)
            if place.failures < FAILURES:
                return
            # One document that breaks its server each time it is asked for is no reason to leave the others alone.
            if place.failing <= {url} and not anywhere:
                place.failures = FAILURES - 1
                return
            place.closed_until = max(place.closed_until, self._clock() + REST_S)


def _busy(url: str, wait_s: float) -> Busy:
    return Busy(url, host=urlsplit(url).hostname or "", seconds=max(1, round(wait_s)), sent=False)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, a minute at most; None when the server says nothing that can be understood (RFC 9110 10.2.3)."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_WAIT_S)
