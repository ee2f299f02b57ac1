"""One deadline for a whole exchange, from the look-up of a name to the last byte, whatever the other side does.

A timeout of a socket starts anew with each byte that comes: headers or a body that drip could hold a thread for ever. Here
one thread for the whole process looks at the clock, and shuts the socket of an exchange that is late.
"""

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Exchange:
    """One request and its answer. `late` once its time has passed: what was read until then is not an answer.

    `has_opened`: it went over a connection of its own, not over one that was kept.
    """

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.late = self.has_opened = False
        self._socket: socket.socket | None = None
        self._is_over = False
        self._lock = threading.Lock()

    @property
    def left_s(self) -> float:
        return max(0.0, self.ends_at - time.monotonic())

    def goes_over(self, opened: socket.socket | None) -> None:
        """Which socket to shut. One that was opened too late is shut at once."""
        with self._lock:
            self._socket = opened
            late = self.late
        if late and opened is not None:
            _shut(opened)

    def until(self, ends_at: float) -> None:
        """Another end, as when the first byte has come."""
        self.ends_at = ends_at

    def over(self) -> None:
        with self._lock:
            self._is_over = True
            self._socket = None

    def cut(self) -> None:
        with self._lock:
            if self._is_over:  # the socket may serve somebody else by now
                return
            self.late = True
            if self._socket is not None:
                _shut(self._socket)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        # Of the plain socket: the one of TLS would forget its encryption, and read on in clear.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


class _Watch:
    """The thread that looks at the clock; begun with the first exchange, and again in a process that was forked."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Exchange]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, exchange: Exchange) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (exchange.ends_at, next(self._numbers), exchange))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0][2] is exchange:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting or self._waiting[0][0] > time.monotonic():
                    self._changed.wait(self._waiting[0][0] - time.monotonic() if self._waiting else None)
                _, _, exchange = heapq.heappop(self._waiting)
                if exchange.ends_at > time.monotonic():  # it was given more time
                    heapq.heappush(self._waiting, (exchange.ends_at, next(self._numbers), exchange))
                    continue
            exchange.cut()


_WATCH = _Watch()
_OF_THREAD = threading.local()


@contextmanager
def exchange(seconds: float) -> Iterator[Exchange]:
    """What this thread sends inside is one exchange."""
    begun = Exchange(seconds)
    _WATCH.add(begun)
    _OF_THREAD.exchange = begun
    try:
        yield begun
    finally:
        begun.over()
        _OF_THREAD.exchange = None


def current() -> Exchange | None:
    """The exchange that this thread is in."""
    found: Exchange | None = getattr(_OF_THREAD, "exchange", None)
    return found
