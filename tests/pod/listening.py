"""What tests of channels share: a transport that counts, and a WebSocket server that does what a test tells it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from websockets.sync.server import ServerConnection, serve

from musette_solid.pod.http import Limits, Outgoing, Request, Response


class Counted(Outgoing):
    """The real transport, and what went through it."""

    def __init__(self, allowed_hosts: frozenset[str]) -> None:
        super().__init__(allowed_hosts)
        self.sent: list[tuple[str, str]] = []

    def send(self, request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
        self.sent.append((request.method, request.url))
        return super().send(request, limits)


def until(claim: Callable[[], object], within_s: float = 10) -> None:
    """Wait until a claim holds; fail when it does not in time."""
    end = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


@contextmanager
def socket_server(handle: Callable[[ServerConnection], None]) -> Iterator[int]:
    """A WebSocket server on loopback; its port."""
    with serve(handle, "localhost", 0) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield running.socket.getsockname()[1]
        finally:
            running.shutdown()
            thread.join(5)
