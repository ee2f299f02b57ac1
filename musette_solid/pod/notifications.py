"""Being told when a document changes, so that nothing is asked while nothing moved.

`Channels` listens for all the people of one process, in one thread. A session is *attended*: each of its documents that is
read a second time gets a channel of its own (a container's channel does not tell of its members' changes on CSS), and its
`cache` then answers without a request. Two protocols, the first that the storage offers:

- WebSocketChannel2023 (Solid Notifications Protocol 0.3.0), found in the storage description; the subscription is a signed
  POST to the storage's own origin, and asks for the present state, so that the first message proves that the channel works;
- `Updates-Via` (`sub`, `ack`, `pub`: node-solid-server, javascript-solid-server), one connection a person and origin.

A channel saves requests and decides nothing: when it is not there, breaks, or stays silent about a change of our own, reads
are conditional requests again, and all that is kept is asked about once. What a message says is believed only in one
direction: it can end a copy; only the ETag of the copy itself can spare it.
"""

import asyncio
import json
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable
from urllib.parse import urljoin, urlsplit

from rdflib import Graph, URIRef
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from musette_solid.pod.errors import (
    AccessRefused,
    NoChannel,
    NotAllowed,
    PodError,
    SignInNeeded,
    Unreachable,
    for_status,
)
from musette_solid.pod.http import SMALL, Request, Response, Transport
from musette_solid.pod.links import STORAGE_DESCRIPTION, links
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import canonical, is_within, origin

T = TypeVar("T")

_NOTIFY = "http://www.w3.org/ns/solid/notifications#"
_WEB_SOCKET = _NOTIFY + "WebSocketChannel2023"
_SUBSCRIPTION = URIRef(_NOTIFY + "subscription")
_CHANNEL_TYPE = URIRef(_NOTIFY + "channelType")
_FEATURE = URIRef(_NOTIFY + "feature")
_STATE = URIRef(_NOTIFY + "state")

#: The context that CSS has built in, then the one of the specification, which CSS would have to fetch (it answers 422).
_CONTEXTS = (
    "https://www.w3.org/ns/solid/notification/v1",
    "https://www.w3.org/ns/solid/notifications-context/v1",
)

#: A message is a few lines; more is no message.
_LONGEST_MESSAGE = 64 * 1024


@runtime_checkable
class Connecting(Protocol):
    """A transport that can also open a guarded connection for a WebSocket: `http.Outgoing`."""

    def connect(self, url: str, timeout_s: float = 5) -> socket.socket: ...


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


@dataclass(frozen=True)
class Service:
    """Where a storage takes subscriptions. One of the two is there."""

    subscribe_at: str | None = None
    tells_state: bool = False
    updates_via: str | None = None


def service(pod: Pod, iri: str) -> Service:
    """How the storage of `iri` tells of changes. Raises NoChannel, and what asking raises."""
    response = pod.send("HEAD", iri, {"Accept": ACCEPT}, limits=SMALL)
    if response.status in {401, 403}:
        raise for_status(response.url, response.status)
    description = links(response).first(STORAGE_DESCRIPTION)
    if description is not None and origin(description) == origin(iri):
        found = _described(pod, description, iri)
        if found is not None:
            return found
    updates_via = response.headers.get("Updates-Via", "")
    if updates_via:
        try:
            place = urljoin(response.url, updates_via)
        except ValueError as error:  # no address at all
            raise NoChannel(iri) from error
        # What signs requests goes to the storage's own origin and nowhere else; so does a connection that it opens.
        if _web(place) and origin(_web(place)) == origin(iri):
            return Service(updates_via=place)
    raise NoChannel(iri)


def _described(pod: Pod, description: str, iri: str) -> Service | None:
    response = pod.send("GET", description, {"Accept": ACCEPT}, limits=SMALL)
    if not response.ok:
        return None
    try:
        graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), response.url)
    except syntax.NotRdf:
        return None
    return _offered(graph, iri)


def _offered(graph: Graph, iri: str) -> Service | None:
    services = {str(o) for o in graph.objects(None, _SUBSCRIPTION) if isinstance(o, URIRef)}
    for place in sorted(services):
        node = URIRef(place)
        if (node, _CHANNEL_TYPE, URIRef(_WEB_SOCKET)) in graph and origin(place) == origin(iri):
            return Service(subscribe_at=place, tells_state=(node, _FEATURE, _STATE) in graph)
    return None


@dataclass(frozen=True)
class Subscription:
    """A channel that was granted: where it is listened to, and what ends it."""

    receive_from: str
    id: str | None


def subscribe(pod: Pod, at: Service, topic: str) -> Subscription:
    """Ask for a WebSocketChannel2023 about one document. Raises NoChannel, SignInNeeded, Unreachable."""
    if at.subscribe_at is None:
        raise NoChannel(topic)
    response: Response | None = None
    for context in _CONTEXTS:
        asked = {"@context": [context], "type": _WEB_SOCKET, "topic": topic}
        if at.tells_state:
            asked["state"] = "none"  # no ETag looks like this: the present state is sent as soon as we listen
        headers = {"Content-Type": syntax.JSON_LD, "Accept": syntax.JSON_LD}
        response = pod.send("POST", at.subscribe_at, headers, json.dumps(asked).encode(), limits=SMALL)
        if response.ok:
            return _granted(response, topic)
        if response.status not in {400, 415, 422}:
            break
    if response is not None and (response.status >= 500 or response.status == 429):
        raise for_status(response.url, response.status)
    raise NoChannel(topic, response.status if response else 0)


def _granted(response: Response, topic: str) -> Subscription:
    try:
        answer = json.loads(response.body)
        receive_from = _iri(answer, "receiveFrom")
    except (ValueError, RecursionError) as error:
        raise NoChannel(topic) from error
    if not _web(receive_from):
        raise NoChannel(topic)
    name = _iri(answer, "id")
    return Subscription(receive_from, name if name and origin(name) == origin(topic) else None)


def _iri(answer: Any, name: str) -> str:
    """The IRI of a member of an answer: as compacted by the context of the protocol, or with its prefix or in full."""
    if not isinstance(answer, dict):
        return ""
    for key in (name, f"@{name}", f"notify:{name}", _NOTIFY + name):
        found = answer.get(key)
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = found.get("id") or found.get("@id")
        if isinstance(found, str):
            return found
    return ""


def _web(address: str) -> str:
    """The http(s) address that says the same as a ws(s) one; "" when it is none."""
    scheme, colon, rest = address.partition(":")
    web = {"ws": "http", "wss": "https"}.get(scheme.lower())
    return f"{web}{colon}{rest}" if web else ""


@dataclass(eq=False)
class _Attended:
    """One session that is listened for. Its fields are the loop's, but for `wanted`, which grows under the lock."""

    pod: Pod
    below: str
    channels: "Channels"
    wanted: set[str] = field(default_factory=set)
    tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    service: "asyncio.Future[Service] | None" = None
    spokesman: "_Legacy | None" = None
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
        self._workers: ThreadPoolExecutor | None = None
        self._live: set[tuple[int, str]] = set()
        self._tls: ssl.SSLContext | None = None

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
            workers, self._workers = self._workers, None
            thread, self._thread = self._thread, None
        for one in everybody:
            one.pod.cache.listener = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout_s)
        if workers is not None:
            workers.shutdown(wait=False, cancel_futures=True)

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
            # Two at a time: what is slow to subscribe to keeps nobody's page waiting, and few threads busy.
            self._workers = ThreadPoolExecutor(2, thread_name_prefix="musette-subscribe")

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

    async def _aside(self, work: Callable[[], T]) -> T:
        """Run what waits in a thread of ours: the loop never does."""
        workers = self._workers
        if workers is None:
            raise asyncio.CancelledError
        return await asyncio.get_running_loop().run_in_executor(workers, work)

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
            who.service = asyncio.ensure_future(self._aside(lambda: service(who.pod, who.below)))
            who.service.add_done_callback(_seen)
        return await asyncio.shield(who.service)

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
        granted = await self._aside(lambda: subscribe(who.pod, at, url))
        try:
            async with self._connected(granted.receive_from) as listening:
                if at.tells_state:
                    message = await asyncio.wait_for(listening.recv(), self._settings.opened_within_s)
                    self._is_live(who, url, _state(message, url))
                else:
                    # CSS looks the channel up after it has opened the connection; others may, too.
                    await asyncio.sleep(self._settings.first_wait_s)
                    self._is_live(who, url, None)
                await self._messages(who, listening, url, lambda message: self._told(who, url, _state(message, url)))
        finally:
            self._gone(who, url)
            if granted.id is not None:
                self._unsubscribe(granted.id)

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

    def _unsubscribe(self, channel: str) -> None:
        """As a courtesy (CSS: anybody who knows the identifier may); without it the server ends it in its own time."""
        workers = self._workers
        if workers is not None:
            with suppress(RuntimeError):
                workers.submit(_quietly, lambda: self._transport.send(Request("DELETE", channel), SMALL))

    @asynccontextmanager
    async def _connected(
        self, address: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[ClientConnection]:
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
                open_timeout=self._settings.opened_within_s,
                close_timeout=1,
                ping_interval=self._settings.ping_s,
                ping_timeout=self._settings.ping_s,
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
        workers, connecting = self._workers, self._connecting
        if workers is None or connecting is None:
            raise asyncio.CancelledError
        opening = workers.submit(connecting.connect, address, 5)
        try:
            return await asyncio.shield(asyncio.wrap_future(opening))
        except asyncio.CancelledError:
            opening.add_done_callback(_closed)
            raise

    # Updates-Via

    async def _sub(self, who: _Attended, at: Service, url: str) -> None:
        if who.spokesman is None or who.spokesman.has_ended:
            who.spokesman = _Legacy(self, who, at)
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


class _Legacy:
    """One `Updates-Via` connection: `sub` a document, `ack` when it is taken, `pub` when it changed."""

    def __init__(self, channels: Channels, who: _Attended, at: Service) -> None:
        self._channels = channels
        self._who = who
        self._at = at.updates_via or ""
        self._acknowledged: dict[str, asyncio.Future[None]] = {}
        self._connection: ClientConnection | None = None
        self._connected = asyncio.Event()
        self.ended: asyncio.Task[None] = asyncio.get_running_loop().create_task(self._listen())
        self.ended.add_done_callback(_seen)

    @property
    def has_ended(self) -> bool:
        return self.ended.done()

    def end(self) -> None:
        self.ended.cancel()

    async def sub(self, url: str) -> None:
        """Raises NoChannel when the server does not take it."""
        waiting = self._acknowledged[url] = asyncio.get_running_loop().create_future()
        connected = asyncio.ensure_future(self._connected.wait())
        await asyncio.wait({self.ended, connected}, timeout=15, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self._connection is None:
            raise Unreachable(url, cause="closed")
        await self._connection.send(f"sub {url}")
        try:
            await asyncio.wait_for(waiting, self._channels._settings.opened_within_s)  # noqa: SLF001
        except TimeoutError as error:
            raise NoChannel(url) from error

    def unsub(self, url: str) -> None:
        self._acknowledged.pop(url, None)
        if not self._acknowledged:
            self.end()

    async def _listen(self) -> None:
        pod = self._who.pod
        web = canonical(_web(self._at))
        sign = pod.credentials.sign if pod.credentials else None
        signed = await self._channels._aside(lambda: sign("GET", web)) if sign else {}  # noqa: SLF001
        async with self._channels._connected(self._at, signed) as connection:  # noqa: SLF001
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
            self._channels._told(self._who, url, None)  # noqa: SLF001
        elif waiting.done():
            return
        elif word == "ack":
            waiting.set_result(None)
        elif word in {"err", "error:"}:
            waiting.set_exception(NoChannel(url))


def _state(message: str | bytes, url: str) -> str | None:
    """The ETag that a message says `url` has now; None when it says none that we understand."""
    try:
        said = json.loads(message)
        state = said.get("state") if said.get("object") == url else None
    except (ValueError, RecursionError, AttributeError):
        return None
    return state if isinstance(state, str) else None


async def _all_ended(loop: asyncio.AbstractEventLoop) -> None:
    """Nothing is left pending when the loop closes."""
    left = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(0)  # for the sockets to be closed: a transport does that in the next round


def _seen(done: "asyncio.Future[Any]") -> None:
    """What went wrong is dealt with by whoever waits for it; without this, asyncio would say that nobody did."""
    if not done.cancelled():
        done.exception()


def _closed(opening: Future[socket.socket]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _quietly(work: Callable[[], object]) -> None:
    with suppress(PodError):
        work()


#: A socket's peers, headers and messages are nobody's business.
_QUIET = logging.getLogger("musette_solid.pod.notifications")
_QUIET.setLevel(logging.CRITICAL)

__all__ = ["Channels", "Connecting", "NoChannel", "Service", "Settings", "Subscription", "service", "subscribe"]
