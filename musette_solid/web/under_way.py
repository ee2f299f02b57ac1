"""Work that takes longer than a page may: in a thread of its own, one at a time for each person, with how far it is.

What it gives waits a few minutes in the memory of this process, for the person who began it. Where several processes
serve, a page that is asked of another one says that the work goes on: its name says since when and whose it is.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from typing import Literal as OneOf

from flask import current_app, request

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.apart import Stopped
from musette_solid.web import carried

#: What is ready within this time is shown at once.
SOON_S: Final = 1.9
#: Longer than any work lasts: reading has a minute, writing as long as a slow space.
_LONGEST_S: Final = 600
_KEPT_S: Final = 900
_MOST_KEPT: Final = 200
#: `light`: a reading that is soon done, and waits for no large file.
Kind = OneOf["read", "light", "write", "ask", "letters"]

_FILES: Final[frozenset[Kind]] = frozenset({"read", "light", "write"})

#: Each reading is a process of up to a gigabyte; writing, asking and fetching letters mostly wait for somebody else's machine.
_AT_ONCE: Final[dict[Kind, int]] = {"read": 3, "light": 2, "write": 32, "ask": 16, "letters": 32}
#: What was not fetched within this time is out of date.
_FRESH_S: Final = 60
_MOST_WAITING: Final = 30


class AlreadyAtWork(MusetteError):
    what = N_("An import of yours is under way.")
    do = N_("Wait until it is done, or stop it; then begin this one.")


class TooMuchAtWork(MusetteError):
    what = N_("Too much is under way at the moment.")
    do = N_("Nothing was written. Try again in a minute.")


class NotKnownHere(MusetteError):
    what = N_("What was under way is not known here any more.")
    do = N_(
        "Look at the list of your imports; if yours is not there, choose the file once more: nothing comes in twice."
    )


@dataclass
class Work:
    """`result` and `error`: what came of it; `step` of `steps`: how far it is, when that can be said."""

    name: str
    owner: str
    kind: Kind
    title: str
    begun_at: float = field(default_factory=time.monotonic)
    step: int = 0
    steps: int = 0
    waiting: tuple[str, ...] = ()  # what is still waited for, by name
    result: Any = None
    error: Exception | None = None
    ended_at: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event, repr=False)
    stopping: threading.Event = field(default_factory=threading.Event, repr=False)

    def told(self, step: int, steps: int) -> None:
        """Called by the work itself, before each step. Raises Stopped when the person does not want it any more."""
        self.step, self.steps = step, steps
        if self.stopping.is_set() and step < steps:
            raise Stopped

    @property
    def seconds(self) -> int:
        return int(time.monotonic() - self.begun_at)


class Works:
    """What is under way in this process."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._works: dict[str, Work] = {}
        self._places = {kind: threading.BoundedSemaphore(most) for kind, most in _AT_ONCE.items()}

    def begin(self, owner: str, kind: Kind, title: str, run: Callable[[Work], Any], soon_s: float = SOON_S) -> Work:
        """Begin, and wait a moment: it may be done at once. Raises AlreadyAtWork and TooMuchAtWork."""
        with self._lock:
            self._forget()
            going = [one for one in self._works.values() if not one.ended.is_set()]
            if any(one.owner == owner for one in going):
                raise AlreadyAtWork
            if kind in _FILES:  # who chooses another file, or writes, is done with what the last one gave
                for one in [w for w in self._works.values() if w.owner == owner and w.kind in _FILES]:
                    del self._works[one.name]
            work = Work(self._name(owner), owner, kind, title)
            if sum(one.kind == kind for one in going) >= _AT_ONCE[kind] + _MOST_WAITING:
                raise TooMuchAtWork
            self._works[work.name] = work
        # What writes is finished even when the application is asked to end.
        threading.Thread(target=self._run, args=(work, run), name=kind, daemon=kind != "write").start()
        if work.ended.wait(soon_s):
            self._drop(work)
        return work

    def latest(self, owner: str, *, take: bool = True) -> Work | None:
        """What this person has under way here, or what came of it a moment ago: taken once, unless `take` is False."""
        with self._lock:
            found = [one for one in self._works.values() if one.owner == owner]
            work = max(found, key=lambda one: one.begun_at, default=None)
            if work is None or not work.ended.is_set():
                return work
            if take:
                del self._works[work.name]
            return work if time.monotonic() - work.ended_at < _FRESH_S else None

    def find(self, name: str, owner: str) -> Work | None:
        """Raises NotKnownHere; None: another process may well be at it."""
        with self._lock:
            work = self._works.get(name)
        if work is not None and work.owner == owner:
            return work
        begun, _, rest = name.partition("-")
        unique, _, mark = rest.partition("-")
        fresh = begun.isdecimal() and len(begun) < 12 and time.time() - int(begun) < _LONGEST_S
        if fresh and hmac.compare_digest(mark, self._mark(owner, begun, unique)):
            return None
        raise NotKnownHere

    def of(self, owner: str) -> Work | None:
        """What this person has under way here."""
        with self._lock:
            return next((one for one in self._works.values() if one.owner == owner and not one.ended.is_set()), None)

    def stop(self, owner: str) -> None:
        """Whatever this person has under way here."""
        with self._lock:
            for work in self._works.values():
                if work.owner == owner:
                    work.stopping.set()

    def _run(self, work: Work, run: Callable[[Work], Any]) -> None:
        try:
            with self._places[work.kind]:
                if work.stopping.is_set():
                    raise Stopped
                work.result = run(work)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is raised where its page is asked for)
            work.error = error
        finally:
            work.ended_at = time.monotonic()
            work.ended.set()

    def _drop(self, work: Work) -> None:
        with self._lock:
            self._works.pop(work.name, None)

    def _forget(self) -> None:
        now = time.monotonic()
        ended = [work for work in self._works.values() if work.ended.is_set()]
        for work in ended:
            if now - work.begun_at > _KEPT_S or len(self._works) > _MOST_KEPT:
                del self._works[work.name]

    def _name(self, owner: str) -> str:
        begun, unique = str(int(time.time())), secrets.token_hex(8)
        return f"{begun}-{unique}-{self._mark(owner, begun, unique)}"

    def _mark(self, owner: str, begun: str, unique: str) -> str:
        return hmac.new(self._key, f"{owner}\n{begun}\n{unique}".encode(), sha256).hexdigest()[:24]


def works() -> Works:
    found: Works | None = current_app.extensions.get("musette.works")
    if found is None:
        found = current_app.extensions.setdefault("musette.works", Works(carried.key()))
    return found


def how_far(work: Work | None) -> dict[str, int | bool]:
    ended = work is not None and work.ended.is_set()
    step, steps = (work.step, work.steps) if work else (0, 0)
    return {"ended": ended, "step": step, "steps": steps, "seconds": work.seconds if work else 0}


def wants_data() -> bool:
    """Whether it is the script on the page that asks: nothing is taken by asking."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
