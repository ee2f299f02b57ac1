"""What was read, kept in memory for as long as the server says that it still holds: never trusted without asking.

One cache belongs to one agent; nothing is shared between two people, nothing is written to a disk.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """The last few values by URL, dropped when they grow old in use or pass the size."""

    def __init__(self, size_bytes: int = 32 * 1024 * 1024) -> None:
        self._kept: OrderedDict[str, tuple[V, int]] = OrderedDict()
        self._size_bytes = size_bytes
        self._held_bytes = 0
        self._lock = Lock()

    def get(self, url: str) -> V | None:
        with self._lock:
            found = self._kept.get(url)
            if found is None:
                return None
            self._kept.move_to_end(url)
            return found[0]

    def put(self, url: str, value: V, size_bytes: int) -> None:
        with self._lock:
            self._drop(lambda key: key == url)
            if size_bytes > self._size_bytes:
                return
            self._kept[url] = (value, size_bytes)
            self._held_bytes += size_bytes
            while self._held_bytes > self._size_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self._held_bytes -= freed

    def forget(self, url: str) -> None:
        with self._lock:
            self._drop(lambda key: key == url)

    def _drop(self, which: Callable[[str], bool]) -> None:
        for key in [key for key in self._kept if which(key)]:
            _, freed = self._kept.pop(key)
            self._held_bytes -= freed
