"""Who listens to what: the documents that a session reads again are listened for, so that nothing is asked while nothing moved.

`Channels` listens for all the people of one process, in one thread. A session is *attended*: each of its documents that is
read a second time gets a channel of its own (a container's channel does not tell of its members' changes on CSS), and its
`cache` then answers without a request. How a storage tells is said in `notifications`.

A channel saves requests and decides nothing: when it is not there, breaks, or stays silent about a change of our own, reads
are conditional requests again, and all that is kept is asked about once. What a message says is believed only in one
direction: it can end a copy; only the ETag of the copy itself can spare it.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from musette_solid.pod.errors import AccessRefused, NoChannel, NotAllowed, PodError, SignInNeeded, Unreachable
from musette_solid.pod.http import SMALL, Request, Transport
from musette_solid.pod.notifications import Service, service, state_of, subscribe, web
from musette_solid.pod.session import Pod
from musette_solid.pod.sockets import Connecting, Sockets
from musette_solid.pod.updates_via import UpdatesVia, seen
from musette_solid.rdf.names import canonical, is_within


@dataclass(frozen=True)
class Settings:
    """How many channels, and for how long."""

    a_person: int = 12
    in_all: int = 256
    idle_s: float = 600  # a document that nobody looked at for so long has no channel
    told_within_s: float = 10  # a change of our own that is not told by then: the channel is not believed
    first_wait_s: float = 1
    longest_wait_s: float = 300
    doubted_s: float = 3600  # how long a storage without channels, or with doubtful ones, is left alone
    opened_within_s: float = 10
    settled_s: float = 2  # a message without a state: for so long, what is read may still be what was there before
    ping_s: float = 20


@dataclass(eq=False)
class _Attended:
    """One session that is listened for. Its fields are the loop's, but for `wanted`, which grows under the lock."""

    pod: Pod
    below: str
    channels: "Channels"
    wanted: set[str] = field(default_factory=set)
    tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    service: "asyncio.Future[Service] | None" = None
    spokesman: UpdatesVia | None = None
    told_at: dict[str, float] = field(default_factory=dict)
    doubted_until: float = 0

    def reused(self, url: str) -> None:
        self.channels._want(self, url)  # noqa: SLF001  (two halves of one thing)

    def wrote(self, url: str) -> None:
        self.channels._expect(self, url)  # noqa: SLF001


class Channels:
    """The live channels of everybody in this process. Safe to call from any thread; its own thread starts when needed."""

    def __init__(self, transport: Transport, settings: Settings = Settings()) -> None:
        self._transport = transport
        self._connecting = transport if isinstance(transport, Connecting) else None
        self._settings = settings
        self._lock = threading.Lock()
        self._attended: dict[int, _Attended] = {}
        self._open = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._sockets: Sockets | None = None
        self._live: set[tuple[int, str]] = set()

    def attend(self, pod: Pod, below: str) -> None:
        """From now on, documents in the container `below` that the session reads again are listened for."""
        if self._connecting is None or pod.credentials is None:
            return
        known = pod.cache.listener
        if isinstance(known, _Attended) and known.below == below:
            return
        self.leave(pod)
        with self._lock:
            made = self._attended[id(pod)] = _Attended(pod, below, self)
        pod.cache.listener = made

    def leave(self, pod: Pod) -> None:
        """The session is over: its channels close, and nothing is believed about its documents any more."""
        pod.cache.listener = None
        with self._lock:
            left = self._attended.pop(id(pod), None)
            loop = self._loop
        if left is not None and loop is not None:
            with suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(self._release, left)

    def close(self, timeout_s: float = 2) -> None:
        """End every channel, and the thread."""
        with self._lock:
            loop, self._loop = self._loop, None
            everybody = list(self._attended.values())
            self._attended.clear()
            sockets, self._sockets = self._sockets, None
            thread, self._thread = self._thread, None
        for one in everybody:
            one.pod.cache.listener = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout_s)
        if sockets is not None:
            sockets.close()

    def live(self, pod: Pod) -> frozenset[str]:
        """The documents of a session that have a live channel now."""
        with self._lock:
            return frozenset(url for who, url in self._live if who == id(pod))

    @property
    def open(self) -> int:
        """How many channels are open or being opened, for everybody."""
        with self._lock:
            return self._open

    # From any thread

    def _want(self, who: _Attended, url: str) -> None:
        # Documents of one's own space only: who follows somebody else's document shows them that they do.
        if url.endswith("/") or not is_within(who.below, url):
            return
        with self._lock:
            full = self._open >= self._settings.in_all or len(who.wanted) >= self._settings.a_person
            if full or url in who.wanted or id(who.pod) not in self._attended:
                return
            if time.monotonic() < who.doubted_until:
                return
            who.wanted.add(url)
            self._open += 1
            loop = self._started()
        loop.call_soon_threadsafe(self._begin, who, url)

    def _expect(self, who: _Attended, url: str) -> None:
        """We wrote: the server has to tell of it. Who else looks at it through this process need not wait for that."""
        with self._lock:
            loop = self._loop if (id(who.pod), url) in self._live else None
            others = [
                other for other in self._attended.values() if other is not who and (id(other.pod), url) in self._live
            ]
        for other in others:
            other.pod.cache.moved(url)
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._check_later, who, url, time.monotonic())

    def _started(self) -> asyncio.AbstractEventLoop:
        """The loop, in its own thread. Started late, so that a process that forks first has one of its own."""
        if self._loop is None:
            loop = self._loop = asyncio.new_event_loop()
            assert self._connecting is not None  # else nobody is attended
            self._sockets = Sockets(self._connecting, self._settings.opened_within_s, self._settings.ping_s)

            def run() -> None:
                asyncio.set_event_loop(loop)
                loop.run_forever()
                loop.run_until_complete(_all_ended(loop))
                loop.close()

            self._thread = threading.Thread(target=run, name="musette-channels", daemon=True)
            self._thread.start()
        return self._loop

    # In the loop

    def _begin(self, who: _Attended, url: str) -> None:
        task = who.tasks[url] = asyncio.get_running_loop().create_task(self._follow(who, url))
        with self._lock:
            if self._attended.get(id(who.pod)) is not who:  # signed out meanwhile
                task.cancel()

        def ended(_task: "asyncio.Task[None]") -> None:
            who.tasks.pop(url, None)
            self._gone(who, url)
            with self._lock:
                who.wanted.discard(url)
                self._open -= 1

        task.add_done_callback(ended)

    def _release(self, who: _Attended) -> None:
        for task in list(who.tasks.values()):
            task.cancel()
        if who.spokesman is not None:
            who.spokesman.end()

    async def _follow(self, who: _Attended, url: str) -> None:
        """Keep one document listened for, until nobody wants it any more."""
        wait_s = self._settings.first_wait_s
        while True:
            begun = time.monotonic()
            try:
                at = await self._service(who)
                await (self._listen(who, at, url) if at.subscribe_at else self._sub(who, at, url))
            except (NoChannel, SignInNeeded, AccessRefused, NotAllowed):
                who.doubted_until = time.monotonic() + self._settings.doubted_s
                return
            except (PodError, WebSocketException, OSError, TimeoutError):
                pass  # a gap: it may come back
            else:
                return  # nobody looked at it for a while
            finally:
                self._gone(who, url)
            if time.monotonic() < who.doubted_until:
                return
            if time.monotonic() - begun > 60:
                wait_s = self._settings.first_wait_s
            # Not all at once: a server that has just restarted has enough to do.
            await asyncio.sleep(wait_s * random.uniform(0.5, 1.5))  # noqa: S311  (no secret)
            wait_s = min(wait_s * 2, self._settings.longest_wait_s)
            if self._is_idle(who, url):
                return

    async def _service(self, who: _Attended) -> Service:
        """How this person's storage tells; asked once a session."""
        if who.service is None or (who.service.done() and who.service.exception() is not None):
            who.service = asyncio.ensure_future(self._open_sockets().aside(lambda: service(who.pod, who.below)))
            who.service.add_done_callback(seen)
        return await asyncio.shield(who.service)

    def _open_sockets(self) -> Sockets:
        if self._sockets is None:
            raise asyncio.CancelledError  # all of it is over
        return self._sockets

    def _is_idle(self, who: _Attended, url: str) -> bool:
        return time.monotonic() - who.pod.cache.asked_at(url) > self._settings.idle_s

    def _is_live(self, who: _Attended, url: str, state: str | None) -> None:
        who.pod.cache.live(url, state)
        with self._lock:
            self._live.add((id(who.pod), url))

    def _gone(self, who: _Attended, url: str) -> None:
        who.pod.cache.gone(url)
        with self._lock:
            self._live.discard((id(who.pod), url))

    def _told(self, who: _Attended, url: str, state: str | None) -> None:
        """A change was told; with a state, it is known which."""
        who.told_at[url] = time.monotonic()
        if state is not None:
            who.pod.cache.moved(url, state)
            return
        # Some servers tell before they have done it: what is read now may be what was there before.
        who.pod.cache.gone(url)
        asyncio.get_running_loop().call_later(self._settings.settled_s, self._settle, who, url)

    def _settle(self, who: _Attended, url: str) -> None:
        with self._lock:
            still = (id(who.pod), url) in self._live
        if still and time.monotonic() - who.told_at.get(url, 0) >= self._settings.settled_s:
            who.pod.cache.live(url)

    def _check_later(self, who: _Attended, url: str, at: float) -> None:
        asyncio.get_running_loop().call_later(self._settings.told_within_s, self._check, who, url, at)

    def _check(self, who: _Attended, url: str, at: float) -> None:
        """A server of several processes may not tell in one what was written in another: then no channel is believed."""
        with self._lock:
            still = (id(who.pod), url) in self._live
        # Told a little before the answer was there counts.
        if still and who.told_at.get(url, 0) < at - self._settings.told_within_s:
            who.doubted_until = time.monotonic() + self._settings.doubted_s
            self._release(who)

    # WebSocketChannel2023

    async def _listen(self, who: _Attended, at: Service, url: str) -> None:
        sockets = self._open_sockets()
        granted = await sockets.aside(lambda: subscribe(who.pod, at, url))
        try:
            async with sockets.connected(granted.receive_from) as listening:
                if at.tells_state:
                    message = await asyncio.wait_for(listening.recv(), self._settings.opened_within_s)
                    self._is_live(who, url, state_of(message, url))
                else:
                    # CSS looks the channel up after it has opened the connection; others may, too.
                    await asyncio.sleep(self._settings.first_wait_s)
                    self._is_live(who, url, None)
                await self._messages(who, listening, url, lambda message: self._told(who, url, state_of(message, url)))
        finally:
            self._gone(who, url)
            if granted.id is not None:
                self._unsubscribe(sockets, granted.id)

    async def _messages(
        self, who: _Attended, listening: ClientConnection, url: str, each: Callable[[str | bytes], None]
    ) -> None:
        """Every message until nobody looks at the document any more. Raises ConnectionClosed when the other side ends."""
        while True:
            try:
                each(await asyncio.wait_for(listening.recv(), self._settings.idle_s / 4))
            except TimeoutError:
                if self._is_idle(who, url):
                    return

    def _unsubscribe(self, sockets: Sockets, channel: str) -> None:
        """As a courtesy (CSS: anybody who knows the identifier may); without it the server ends it in its own time."""
        sockets.quietly(lambda: self._transport.send(Request("DELETE", channel), SMALL))

    # Updates-Via

    async def _sub(self, who: _Attended, at: Service, url: str) -> None:
        if who.spokesman is None or who.spokesman.has_ended:
            who.spokesman = self._speaking(who, at.updates_via or "")
        speaking = who.spokesman
        try:
            await speaking.sub(url)
            self._is_live(who, url, None)
            while not self._is_idle(who, url):
                await asyncio.wait({speaking.ended}, timeout=self._settings.idle_s / 4)
                if speaking.has_ended:
                    raise Unreachable(url, cause="closed")
        finally:
            speaking.unsub(url)

    def _speaking(self, who: _Attended, address: str) -> UpdatesVia:
        credentials, asked = who.pod.credentials, canonical(web(address))

        def sign() -> Mapping[str, str]:
            return credentials.sign("GET", asked) if credentials else {}

        return UpdatesVia(self._open_sockets(), address, sign, lambda url: self._told(who, url, None))


async def _all_ended(loop: asyncio.AbstractEventLoop) -> None:
    """Nothing is left pending when the loop closes."""
    left = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(0)  # for the sockets to be closed: a transport does that in the next round
