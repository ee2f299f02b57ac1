"""Who is signed in: an opaque cookie in the browser, sealed tokens on our side, nothing of the person's space anywhere."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from musette_solid.pod.channels import Channels
from musette_solid.pod.errors import SignInNeeded
from musette_solid.pod.http import Outgoing, Transport
from musette_solid.pod.oidc import KeptTokens, Tokens
from musette_solid.pod.session import Pod
from musette_solid.pod.tokens import revoked
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.web.config import Config
from musette_solid.web.register import Entry, Register
from musette_solid.web.sealed import FolderStore, RedisStore, Sealed, Store, StoreUnreachable, Ticket

IDLE_S = 2 * 3600
ABSOLUTE_S = 12 * 3600
ATTEMPT_S = 600
#: How often a visit is written down: not at every click. Kept that much longer, so that two hours are never less.
_TOUCH_S = 300
_WARM = 256


@dataclass
class Session:
    """One person, signed in. `root` is where their bag is, once found."""

    ticket: Ticket
    pod: Pod
    root: str | None

    @property
    def webid(self) -> str:
        return self.pod.webid or ""

    @property
    def bag(self) -> Bag | None:
        """The person's bag; looked for once, then remembered. Raises what looking raises."""
        if self.root is None:
            found = set_up.find(self.pod)
            if found is None:
                return None
            sessions().remember_root(self, found.layout.root)
        return Bag(self.pod, Layout(self.root)) if self.root else None


class _TicketKeeper:
    """Tokens inside a sealed session, and the lock that makes a refresh happen once over all workers."""

    def __init__(
        self, sealed: Sealed, ticket: Ticket, left: Callable[[dict[str, Any]], int], ended: Callable[[str], None]
    ) -> None:
        self._sealed = sealed
        self._ticket = ticket
        self._left = left
        self._ended = ended

    def load(self) -> Tokens | None:
        record = self._sealed.read(self._ticket)
        return Tokens.from_json(record["tokens"]) if record else None

    def save(self, tokens: Tokens) -> None:
        record = self._sealed.read(self._ticket)
        if record is not None:
            record["tokens"] = tokens.to_json()
            self._sealed.write(self._ticket, record, self._left(record))

    def end(self) -> None:
        record = self._sealed.read(self._ticket)
        self._sealed.delete(self._ticket)
        if record is not None:
            self._ended(Tokens.from_json(record["tokens"]).webid)

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._sealed.lock(self._ticket):
            yield


class Sessions:
    """All the sessions of this application."""

    def __init__(
        self, store: Store, transport: Transport, config: Config, clock: Callable[[], float] = time.time
    ) -> None:
        keys = config.keys("session")
        self._sealed = Sealed(store, keys)
        self.register = Register(store, keys, self._is_over, ABSOLUTE_S)
        self._clock = clock
        self.transport = transport
        self.channels = Channels(transport)
        self._secure = config.is_secure
        # What one person's requests share while they are here: the connection to their space, what was read. Memory only.
        self._warm: OrderedDict[str, Pod] = OrderedDict()
        self._lock = Lock()
        self.cookie_name = config.cookie("musette")
        self.attempt_cookie_name = config.cookie("musette-signin")

    def begin(self, tokens: Tokens, root: str | None = None, browser: tuple[str, str] = ("", "")) -> Session:
        """A new session under a new name: an old cookie never becomes a signed-in one. `browser`: its kind and its system."""
        ticket = Ticket.new()
        now = int(self._clock())
        record = {"tokens": tokens.to_json(), "root": root, "began_at": now, "seen_at": now}
        self._sealed.write(ticket, record, self._left(record))
        self.register.add(tokens.webid, Entry(ticket.key, now, now, *browser))
        found = self._load(ticket)
        if found is None:
            raise SignInNeeded("", 401)
        return found

    def of_request(self) -> Session | None:
        ticket = Ticket.parse(request.cookies.get(self.cookie_name, ""))
        return self._load(ticket) if ticket else None

    def _load(self, ticket: Ticket) -> Session | None:
        record = self._sealed.read(ticket)
        now = self._clock()
        if record is None or record["began_at"] + ABSOLUTE_S < now or record["seen_at"] + IDLE_S + _TOUCH_S < now:
            self._forget(ticket)
            return None
        if now - record["seen_at"] > _TOUCH_S:
            with self._sealed.lock(ticket):
                fresh = self._sealed.read(ticket)
                if fresh is None:
                    return None
                fresh["seen_at"] = int(now)
                self._sealed.write(ticket, fresh, self._left(fresh))
                record = fresh
            self.register.seen(Tokens.from_json(record["tokens"]).webid, ticket.key, int(now))
        tokens = Tokens.from_json(record["tokens"])
        pod = self._pod(ticket, tokens.webid, record["root"])
        if record["root"]:
            self.channels.attend(pod, record["root"])
        return Session(ticket, pod, record["root"])

    def _left(self, record: dict[str, Any]) -> int:
        return max(1, min(IDLE_S + _TOUCH_S, int(record["began_at"] + ABSOLUTE_S - self._clock())))

    def _is_over(self, entry: Entry) -> bool:
        now = self._clock()
        return entry.began_at + ABSOLUTE_S < now or entry.seen_at + IDLE_S + _TOUCH_S < now

    def _pod(self, ticket: Ticket, webid: str, root: str | None) -> Pod:
        with self._lock:
            pod = self._warm.get(ticket.key)
            if pod is None:
                keeper = _TicketKeeper(
                    self._sealed, ticket, self._left, lambda webid: self.register.drop(webid, ticket.key)
                )
                credentials = KeptTokens(self.transport, keeper)
                pod = self._warm[ticket.key] = Pod(self.transport, webid, credentials, known=(webid,))
            self._warm.move_to_end(ticket.key)
            while len(self._warm) > _WARM:
                self.channels.leave(self._warm.popitem(last=False)[1])
        if root is not None:
            pod.meet(root)
        return pod

    def now(self) -> float:
        return self._clock()

    def check(self) -> None:
        """Raises StoreUnreachable when nobody could be signed in now."""
        self._sealed.check()

    def remember_root(self, session: Session, root: str | None) -> None:
        """None: there is no bag any more."""
        session.root = root
        with self._sealed.lock(session.ticket):
            record = self._sealed.read(session.ticket)
            if record is not None:
                record["root"] = root
                self._sealed.write(session.ticket, record, self._left(record))

    def end(self, session: Session) -> None:
        """Over here first; then the provider is asked to take its tokens back, which it may not be able to."""
        with self._sealed.lock(session.ticket):
            record = self._sealed.read(session.ticket)
            self._sealed.delete(session.ticket)
        self._forget(session.ticket)
        with suppress(StoreUnreachable):  # only a list: it leaves out what has ended
            self.register.drop(session.webid, session.ticket.key)
        if record is not None:
            revoked(self.transport, Tokens.from_json(record["tokens"]))

    def _forget(self, ticket: Ticket) -> None:
        with self._lock:
            left = self._warm.pop(ticket.key, None)
        if left is not None:
            self.channels.leave(left)

    # --- one sign-in under way

    def keep_attempt(self, text: str) -> Ticket:
        ticket = Ticket.new()
        self._sealed.write(ticket, {"attempt": text}, ATTEMPT_S)
        return ticket

    def take_attempt(self) -> str | None:
        """The attempt of this browser, once: a second answer finds nothing."""
        ticket = Ticket.parse(request.cookies.get(self.attempt_cookie_name, ""))
        if ticket is None:
            return None
        with self._sealed.lock(ticket):
            record = self._sealed.read(ticket)
            self._sealed.delete(ticket)
        return str(record["attempt"]) if record and "attempt" in record else None

    # --- cookies

    def set_cookie(self, response: Response, name: str, ticket: Ticket, lives_s: int | None) -> None:
        response.set_cookie(
            name, str(ticket), max_age=lives_s, secure=self._secure, httponly=True, samesite="Lax", path="/"
        )

    def drop_cookie(self, response: Response, name: str) -> None:
        response.delete_cookie(name, secure=self._secure, httponly=True, samesite="Lax", path="/")


def install(
    app: Flask, config: Config, transport: Transport | None = None, clock: Callable[[], float] = time.time
) -> None:
    """The sessions of this application: in its data folder, or in Redis where there are several instances."""
    store: Store
    if config.redis_url:
        store = RedisStore(config.redis_url)
    else:
        store = FolderStore(config.data / "sessions", clock)
        store.sweep()
    app.extensions["musette.sessions"] = Sessions(store, transport or Outgoing(config.allowed_hosts), config, clock)


def sessions() -> Sessions:
    found: Sessions = current_app.extensions["musette.sessions"]
    return found


def current() -> Session | None:
    """The session of this request, read once. Raises StoreUnreachable once: the page that says so shows nobody."""
    if not hasattr(g, "musette_session"):
        g.musette_session = None
        g.musette_session = sessions().of_request()
    found: Session | None = g.musette_session
    return found
