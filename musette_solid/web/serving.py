"""Listen, serve, and leave without dropping anybody: what was begun is finished, what comes next is somebody else's."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

from musette_solid.web import health, putting_back

#: More than one stalled server can hold (pod/origins.py lets 16 requests through to one, and turns the next ones away).
_THREADS = 64
#: A browser only shows our sentence about a file that is too large if it could send it to the end: up to here it is
#: received (on the disk, not in memory) and refused with a page; beyond, the server refuses it unread.
_MOST_RECEIVED_BYTES = 128 * 1024 * 1024
#: How long what is under way may take to finish: as long as the slowest answer of a space.
FINISH_S = 30.0
_LOOK_S = 0.05


class _Task(WSGITask):  # type: ignore[misc]  # untyped
    def build_response_header(self) -> bytes:
        if self.channel.server.is_leaving:
            self.set_close_on_finish()  # a proxy that keeps connections must not send the next request over this one
        return bytes(super().build_response_header())


class _Much:
    """The settings of the server for one request that may bring a whole archive."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual
        self.max_request_body_size = putting_back.LARGEST_BYTES

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)


def _parser(app: Flask) -> type[HTTPRequestParser]:
    class _Parser(HTTPRequestParser):  # type: ignore[misc]  # untyped
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            # Known by its address alone: what is not ours to receive is refused before any of it lies on the disk.
            if putting_back.may_bring_much(app, self.path):
                self.adj: Any = _Much(self.adj)

    return _Parser


class _Channel(HTTPChannel):  # type: ignore[misc]  # untyped
    task_class = _Task

    @property
    def is_busy(self) -> bool:
        """A request has come in part or whole, or its answer is not yet sent."""
        return bool(self.requests or self.total_outbufs_len or (self.request is not None and not self.request.empty))


class Serving:
    """The application behind a listening socket, in threads of its own. Raises OSError when a place is taken."""

    def __init__(self, app: Flask, listen: Sequence[str]) -> None:
        self._app = app
        self._made = create_server(
            app,
            listen=" ".join(listen),
            threads=_THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=_MOST_RECEIVED_BYTES,
        )
        sockets: dict[int, Any] = self._made.map if hasattr(self._made, "map") else self._made._map  # noqa: SLF001
        self._map = sockets
        self._listening = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]
        for one in self._listening:
            one.channel_class = type("_Channel", (_Channel,), {"parser_class": _parser(app)})
            one.is_leaving = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._made.run, name="listening", daemon=True)
        self._thread.start()

    def leave(self, notice_s: float, hurried: Callable[[float], bool] | None = None) -> None:
        """Say that we leave, keep serving for `notice_s`, take no new connection, finish what was begun, close.

        `hurried` waits so many seconds and says whether nothing is to be waited for any more.
        """
        hurried = hurried or threading.Event().wait
        health.leave(self._app)
        for one in self._listening:
            one.is_leaving = True
        hurried(notice_s)
        for one in self._listening:
            one.trigger.pull_trigger(lambda one=one: self._stop_accepting(one))
        ends_at = time.monotonic() + FINISH_S
        while time.monotonic() < ends_at and (self._channels(accepting=True) or self._channels()):
            if hurried(_LOOK_S):
                break
        self.close()

    def close(self) -> None:
        """Doing it twice is doing it once."""
        if self._is_closed:
            return
        self._is_closed = True
        self._made.task_dispatcher.shutdown(timeout=1)
        self._made.close()
        self._thread.join(5)

    def _channels(self, *, accepting: bool = False) -> list[Any]:
        """What is still under way; connections on which nothing is are closed."""
        if accepting:
            return [one for one in self._listening if one.accepting]
        busy = []
        for channel in [c for one in self._listening for c in list(one.active_channels.values())]:
            if channel.is_busy:
                busy.append(channel)
            else:
                channel.will_close = True
        if self._listening:
            self._listening[0].pull_trigger()
        return busy

    @staticmethod
    def _stop_accepting(one: Any) -> None:
        """In the thread that listens: who has already knocked comes in, then the door is shut."""
        waiting = -1
        while waiting != len(one.active_channels):
            waiting = len(one.active_channels)
            one.handle_accept()
        one.accepting = False
        one.del_channel()
        one.socket.close()


def loopback(port: int) -> list[str]:
    """Both loopbacks where there are two: a provider on this machine may look for us at either."""
    places = [f"127.0.0.1:{port}"]
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        places.append(f"[::1]:{port}")
    except OSError:
        pass
    return places
