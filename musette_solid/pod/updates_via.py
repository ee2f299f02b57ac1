"""The older way of being told: one `Updates-Via` connection, `sub` a document, `ack` when it is taken, `pub` when it changed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from musette_solid.pod.errors import NoChannel, Unreachable
from musette_solid.pod.sockets import Sockets

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

#: How long a connection may take that is being opened already.
_CONNECTED_WITHIN_S = 15


class UpdatesVia:
    """One connection for one person and origin. `sign`: what shows who asks; `told`: called with each document that changed.

    Made, and used, in the loop.
    """

    def __init__(
        self, sockets: Sockets, address: str, sign: Callable[[], Mapping[str, str]], told: Callable[[str], None]
    ) -> None:
        self._sockets = sockets
        self._address = address
        self._sign = sign
        self._told = told
        self._acknowledged: dict[str, asyncio.Future[None]] = {}
        self._connection: ClientConnection | None = None
        self._connected = asyncio.Event()
        self.ended: asyncio.Task[None] = asyncio.get_running_loop().create_task(self._listen())
        self.ended.add_done_callback(seen)

    @property
    def has_ended(self) -> bool:
        return self.ended.done()

    def end(self) -> None:
        self.ended.cancel()

    async def sub(self, url: str) -> None:
        """Raises NoChannel when the server does not take it, Unreachable when there is no connection."""
        waiting = self._acknowledged[url] = asyncio.get_running_loop().create_future()
        connected = asyncio.ensure_future(self._connected.wait())
        await asyncio.wait({self.ended, connected}, timeout=_CONNECTED_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self._connection is None:
            raise Unreachable(url, cause="closed")
        await self._connection.send(f"sub {url}")
        try:
            await asyncio.wait_for(waiting, self._sockets.opened_within_s)
        except TimeoutError as error:
            raise NoChannel(url) from error

    def unsub(self, url: str) -> None:
        self._acknowledged.pop(url, None)
        if not self._acknowledged:
            self.end()

    async def _listen(self) -> None:
        signed = await self._sockets.aside(self._sign)
        async with self._sockets.connected(self._address, signed) as connection:
            self._connection = connection
            self._connected.set()
            async for message in connection:
                self._heard(message)

    def _heard(self, message: str | bytes) -> None:
        text = message if isinstance(message, str) else message.decode("utf-8", "replace")
        word, _, rest = text.strip().partition(" ")
        url = rest.partition(" ")[0]
        waiting = self._acknowledged.get(url)
        if waiting is None:
            return
        if word == "pub":
            self._told(url)
        elif waiting.done():
            return
        elif word == "ack":
            waiting.set_result(None)
        elif word in {"err", "error:"}:
            waiting.set_exception(NoChannel(url))


def seen(done: "asyncio.Future[Any]") -> None:
    """What went wrong is dealt with by whoever waits for it; without this, asyncio would say that nobody did."""
    if not done.cancelled():
        done.exception()
