"""WebSockets that pass the guard, and the threads in which what waits is done, so that the loop that listens never does."""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar, runtime_checkable
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from musette_solid.pod.errors import NoChannel, PodError

T = TypeVar("T")

#: A message is a few lines; more is no message.
_LONGEST_MESSAGE = 64 * 1024


@runtime_checkable
class Connecting(Protocol):
    """A transport that can also open a guarded connection for a WebSocket: `http.Outgoing`."""

    def connect(self, url: str, timeout_s: float = 5) -> socket.socket: ...


class Sockets:
    """Opens WebSockets for one loop. `opened_within_s`: each step of opening one; `ping_s`: how often it has to show that it lives."""

    def __init__(self, connecting: Connecting, opened_within_s: float, ping_s: float) -> None:
        self._connecting = connecting
        self.opened_within_s = opened_within_s
        self._ping_s = ping_s
        # Two at a time: what is slow to subscribe to keeps nobody's page waiting, and few threads busy.
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="musette-subscribe")
        self._tls: ssl.SSLContext | None = None

    def close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def aside(self, work: Callable[[], T]) -> T:
        """What `work` gives, which waits in a thread of ours."""
        return await asyncio.wrap_future(self._submit(work))

    def quietly(self, work: Callable[[], object]) -> None:
        """Do it in a thread of ours, as a courtesy: nobody waits for it, and it may fail."""

        def done() -> None:
            with suppress(PodError):
                work()

        with suppress(asyncio.CancelledError):
            self._submit(done)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        try:
            return self._workers.submit(work)
        except RuntimeError as error:  # closed, or the interpreter ends: nothing is waited for any more
            raise asyncio.CancelledError from error

    @asynccontextmanager
    async def connected(
        self, address: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[ClientConnection]:
        """A connection to `address`. Raises NoChannel on a redirect, and what connecting raises."""
        opened = await self._opened(address)
        secure: dict[str, Any] = {}
        if address.lower().startswith("wss:"):
            self._tls = self._tls or ssl.create_default_context()
            secure = {"ssl": self._tls, "server_hostname": urlsplit(address).hostname}
        try:
            connection = await connect(
                address,
                sock=opened,  # checked by the guard; with a socket given, no redirect is followed
                proxy=None,
                compression=None,
                max_size=_LONGEST_MESSAGE,
                max_queue=16,
                open_timeout=self.opened_within_s,
                close_timeout=1,
                ping_interval=self._ping_s,
                ping_timeout=self._ping_s,
                user_agent_header="LaMusette/0.1",
                additional_headers=headers,
                logger=_QUIET,
                **secure,
            )
        except BaseException as error:
            opened.close()
            if isinstance(error, ValueError):  # a redirect, which is not followed
                raise NoChannel(address) from error
            raise
        try:
            async with connection:
                yield connection
        finally:
            # Whoever is cancelled while saying goodbye leaves half a connection open, which the other side waits for.
            connection.transport.abort()

    async def _opened(self, address: str) -> socket.socket:
        """A socket that passed the guard; closed when nobody waits for it any more."""
        opening = self._submit(lambda: self._connecting.connect(address, 5))
        try:
            return await asyncio.shield(asyncio.wrap_future(opening))
        except asyncio.CancelledError:
            opening.add_done_callback(_closed)
            raise


def _closed(opening: Future[socket.socket]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


#: A socket's peers, headers and messages are nobody's business.
_QUIET = logging.getLogger("musette_solid.pod.sockets")
_QUIET.setLevel(logging.CRITICAL)
