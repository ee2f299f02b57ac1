"""What was read, kept in memory for as long as the server says that it still holds.

One cache belongs to one session: nothing is shared between two people, nothing is written to a disk, nothing outlives the
process. A kept copy is used in two ways:

- `get`: to ask whether it still holds, by its ETag;
- `current`: without asking, while a live channel (`channels`) tells of every change of the document and has told of
  none since the copy was asked for. What we write ourselves, a message, a gap in the channel and ten minutes end that.

Each document with a live channel has a *turn*, a number that no other moment has: it changes with everything that may have
changed the document. A copy is current while the turn it was asked in has not passed.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any, Final, Generic, Protocol, TypeVar

V = TypeVar("V")

#: A channel that broke without a sign can hide a change for so long and no longer.
TRUSTED_S = 600

#: What is found where there is no document.
NOTHING: Final = "nothing"

#: How many addresses we remember having asked for.
_MOST_ASKED = 4096


class Listener(Protocol):
    """Who is told what a session reads and writes: `channels.Channels`."""

    def reused(self, url: str) -> None:
        """Asked for again, so that a channel would have saved a request."""
        ...

    def wrote(self, url: str) -> None:
        """We changed it ourselves: a live channel has to tell of it."""
        ...


@dataclass
class _Kept(Generic[V]):
    value: V
    size_bytes: int
    etag: str | None
    turn: int | None
    confirmed_at: float


class Cache(Generic[V]):
    """The last few values by URL and form (what was asked for: media types), dropped when they pass the size."""

    def __init__(self, size_bytes: int = 32 * 1024 * 1024, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[tuple[str, str], _Kept[V]] = OrderedDict()
        self._size_bytes = size_bytes
        self._held_bytes = 0
        self._clock = clock
        self._lock = Lock()
        self._turns: dict[str, int] = {}  # of the documents with a live channel
        self._next_turn = count(1)
        self._asked_at: OrderedDict[str, float] = OrderedDict()
        self._mark: str | None = None
        self._found: OrderedDict[str, Any] = OrderedDict()
        self.writes = 0  # how often we changed something
        self.listener: Listener | None = None

    # Reading

    def current(self, url: str, form: str = "") -> V | None:
        """The copy that needs no asking; None when there is no such copy."""
        with self._lock:
            kept = self._kept.get((url, form))
            if kept is None or kept.turn is None or kept.turn != self._turns.get(url):
                return None
            if self._clock() - kept.confirmed_at > TRUSTED_S:
                return None
            self._asked(url)
            self._kept.move_to_end((url, form))
            return kept.value

    def asking(self, url: str) -> int | None:
        """To be called before a request for `url` leaves; what it answers belongs to what the request brings back."""
        with self._lock:
            again = url in self._asked_at
            self._asked(url)
            turn = self._turns.get(url)
        if again and self.listener is not None:
            self.listener.reused(url)
        return turn

    def get(self, url: str, form: str = "") -> V | None:
        """The copy to ask about."""
        with self._lock:
            kept = self._kept.get((url, form))
            if kept is None:
                return None
            self._kept.move_to_end((url, form))
            return kept.value

    def put(
        self,
        url: str,
        value: V,
        size_bytes: int,
        *,
        form: str = "",
        etag: str | None = None,
        turn: int | None = None,
    ) -> None:
        """Keep what a request brought. Without ETag nor turn it could never be used, and is not kept."""
        with self._lock:
            self._drop((url, form))
            if size_bytes > self._size_bytes or (etag is None and turn is None):
                return
            self._kept[url, form] = _Kept(value, size_bytes, etag, turn, self._clock())
            self._held_bytes += size_bytes
            while self._held_bytes > self._size_bytes:
                self._drop(next(iter(self._kept)))

    def confirmed(self, url: str, value: V, turn: int | None, form: str = "") -> None:
        """The server said that this copy still holds (304): this one, not what was read beside it meanwhile."""
        with self._lock:
            kept = self._kept.get((url, form))
            if kept is not None and kept.value is value:
                kept.turn = turn
                kept.confirmed_at = self._clock()

    def found(self, url: str, what: Any | None) -> None:
        """Remember a thing that the document at `url` holds, whatever its version, or NOTHING; None: it is not known any more."""
        with self._lock:
            self._found.pop(url, None)
            if what is not None:
                self._found[url] = what
                while len(self._found) > _MOST_ASKED:
                    self._found.popitem(last=False)

    def holds(self, url: str) -> Any | None:
        """What was last found in `url`: it is no copy, and what we write does not end it."""
        with self._lock:
            return self._found.get(url)

    # Writing

    def forget(self, url: str) -> None:
        """Drop every form of a document."""
        with self._lock:
            self._forget(url)

    def writing(self, url: str) -> None:
        """To be called before and after we change `url`: what was read before, or during the change, does not hold."""
        with self._lock:
            self._forget(url)
            if url in self._turns:
                self._turns[url] = next(self._next_turn)

    def written(self, url: str) -> None:
        """We changed `url`, and the server said so."""
        self.writing(url)
        self.writes += 1
        if self.listener is not None:
            self.listener.wrote(url)

    # What channels tell

    def live(self, url: str, state: str | None = None) -> None:
        """From now on every change of `url` will be told. `state`: the ETag that it has now, when the channel says it."""
        with self._lock:
            turn = self._turns[url] = next(self._next_turn)
            for kept in self._of(url):
                if state is not None and kept.etag == state:
                    kept.turn = turn
                    kept.confirmed_at = self._clock()

    def moved(self, url: str, state: str | None = None) -> None:
        """`url` changed; `state` is its new ETag. Often it is our own change, and already read again: then all is well."""
        with self._lock:
            if url not in self._turns:
                return
            before, turn = self._turns[url], next(self._next_turn)
            # Always a new turn: an answer that is still on its way may be older than the change.
            self._turns[url] = turn
            for kept in self._of(url):
                if state is not None and kept.etag == state and kept.turn == before:
                    kept.turn = turn

    def gone(self, url: str) -> None:
        """Nobody tells of changes of `url` any more."""
        with self._lock:
            self._turns.pop(url, None)

    def distrust(self, mark: str | None = None) -> None:
        """Ask about everything once more, whatever the channels say; for one `mark`, only the first time."""
        with self._lock:
            if mark is not None and mark == self._mark:
                return
            self._mark = mark
            for url in self._turns:
                self._turns[url] = next(self._next_turn)

    def asked_at(self, url: str) -> float:
        """When `url` was last wanted, by the clock of this cache; long ago when it never was."""
        with self._lock:
            return self._asked_at.get(url, float("-inf"))

    # Within the lock

    def _of(self, url: str) -> list[_Kept[V]]:
        return [kept for (of, _), kept in self._kept.items() if of == url]

    def _asked(self, url: str) -> None:
        self._asked_at[url] = self._clock()
        self._asked_at.move_to_end(url)
        while len(self._asked_at) > _MOST_ASKED:
            self._asked_at.popitem(last=False)

    def _forget(self, url: str) -> None:
        for key in [key for key in self._kept if key[0] == url]:
            self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._held_bytes -= dropped.size_bytes
