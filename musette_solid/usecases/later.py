"""Work that a page does not wait for: it is done once at a time for one key, and may as well not be done at all."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock

from musette_solid.errors import MusetteError

_log = logging.getLogger(__name__)

#: So many tasks wait at most; more are dropped, since each is asked for again by the next page that wants it.
_MOST = 64
_TIMES_KEPT = 4096


class Later:
    """A few threads of their own, so that a space that does not answer holds up nobody's page."""

    def __init__(self, workers: int = 2) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="later")
        self._under_way: dict[str, Future[None]] = {}
        self._begun: dict[str, float] = {}
        self._lock = Lock()

    def run(self, key: str, task: Callable[[], object], *, not_within_s: float = 0) -> bool:
        """Do it soon. False when the same is under way, or was begun less than `not_within_s` ago."""
        now = time.monotonic()
        with self._lock:
            recently = now - self._begun.get(key, float("-inf")) < not_within_s
            if key in self._under_way or recently or len(self._under_way) >= _MOST:
                return False
            if len(self._begun) >= _TIMES_KEPT:
                self._begun.clear()
            self._begun[key] = now
            try:
                self._under_way[key] = self._pool.submit(self._do, key, task)
            except RuntimeError:  # the process is ending
                return False
        return True

    def _do(self, key: str, task: Callable[[], object]) -> None:
        try:
            task()
        except MusetteError as error:
            _log.info("left for another time: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 (nobody waits for it: a page is never the worse for it)
            _log.warning("could not be done: %s", type(error).__name__)
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def end(self) -> None:
        """The process is ending: what has not begun is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def settle(self, timeout_s: float = 30) -> None:
        """Wait for what is under way: for tests and measures."""
        with self._lock:
            waiting = list(self._under_way.values())
        wait(waiting, timeout_s)


LATER = Later()
