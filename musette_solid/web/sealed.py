"""Small secrets kept on our side, sealed: a stolen store opens nothing, a stolen server key alone opens nothing.

The browser holds `name.secret`; the store holds, under a hash of the name, AES-256-GCM under a key made (HKDF) from the
server's key and the browser's secret. Nothing from a person's space is ever put here: sign-in tokens and where the bag is.
"""

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from musette_solid.errors import N_, MusetteError

_VERSION = b"1"
_SWEEP_S = 3600
#: Longer than the slowest refresh (three answers of a provider), so that a lock is never taken from who holds it.
_LOCK_S = 60
#: A lock that is free is noticed this fast.
_LOOK_S = 0.02
#: Redis is a neighbour: when it is slow it is ill, and a page that says so is better than one that never comes.
_REDIS_S = 2.0
_REDIS_CONNECT_S = 1.0
_REDIS_AWAY_S = 1.0


class StoreUnreachable(MusetteError):
    what = N_("This site cannot look up who is signed in at the moment.")
    do = N_("You are not signed out, and nothing was changed. Try again in a moment.")


class Store(Protocol):
    """Where sealed bytes are kept: a folder for one instance, Redis for several. Each of these raises StoreUnreachable."""

    def read(self, key: str) -> bytes | None: ...
    def write(self, key: str, value: bytes, lives_s: int) -> None: ...
    def delete(self, key: str) -> None: ...
    def lock(self, key: str) -> AbstractContextManager[None]: ...
    def check(self) -> None:
        """Raises StoreUnreachable when nothing could be kept now."""
        ...


class FolderStore:
    """One file a secret, replaced whole; the lock is the operating system's, so it holds between workers too."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._sweep_at = clock() + _SWEEP_S
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    def read(self, key: str) -> bytes | None:
        path = self._folder / key
        try:
            ends_at, _, value = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnreachable from error
        if not ends_at.isdigit() or int(ends_at) < self._clock():
            self.delete(key)
            return None
        return value

    def write(self, key: str, value: bytes, lives_s: int) -> None:
        if self._clock() > self._sweep_at:
            self.sweep()
        path = self._folder / key
        new = path.with_suffix(f".{secrets.token_hex(4)}.new")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(f"{int(self._clock()) + lives_s}\n".encode() + value)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError as error:  # a full disk, say: what was there before is still there, whole
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise StoreUnreachable from error

    def delete(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)
        (self._folder / f"{key}.lock").unlink(missing_ok=True)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        try:
            descriptor = os.open(self._folder / f"{key}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnreachable from error
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def check(self) -> None:
        self.write("check", b"", 60)

    def sweep(self) -> None:
        """Drop what has outlived itself: at the start, then once an hour as sessions are written."""
        self._sweep_at = self._clock() + _SWEEP_S
        for path in self._folder.iterdir():
            if not path.suffix:
                self.read(path.name)
            elif path.suffix == ".lock" and not path.with_suffix("").exists():
                path.unlink(missing_ok=True)  # whoever holds it finds no secret and writes none
            elif path.suffix == ".new" and _age_s(path) > _SWEEP_S:
                path.unlink(missing_ok=True)  # a write that was cut short


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


class RedisStore:
    """For two instances and more."""

    def __init__(self, url: str) -> None:
        import redis  # noqa: PLC0415  (an optional extra)
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=_REDIS_S,
            socket_connect_timeout=_REDIS_CONNECT_S,
            # Once more over a new connection, when the old one had been cut; never after a wait in vain.
            retry=Retry(NoBackoff(), 1, (redis.ConnectionError,)),
        )
        self._away_until = 0.0
        self._error = redis.RedisError
        self._lock_error = redis.exceptions.LockError

    def read(self, key: str) -> bytes | None:
        with self._reached():
            found = self._redis.get(f"musette:{key}")
        return found if isinstance(found, bytes) else None

    def write(self, key: str, value: bytes, lives_s: int) -> None:
        with self._reached():
            self._redis.set(f"musette:{key}", value, ex=lives_s)

    def delete(self, key: str) -> None:
        with self._reached():
            self._redis.delete(f"musette:{key}")

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        lock = self._redis.lock(f"musette:{key}:lock", timeout=_LOCK_S, blocking_timeout=_LOCK_S, sleep=_LOOK_S)
        with self._reached():
            if not lock.acquire():
                raise StoreUnreachable
        try:
            yield
        finally:
            # It may have ended meanwhile, with Redis or by its time; what was done under it is done.
            with suppress(self._error, self._lock_error):
                lock.release()

    def check(self) -> None:
        with self._reached():
            self._redis.set("musette:check", b"1", ex=60)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        if time.monotonic() < self._away_until:  # each thread that waits in vain is one that serves nobody
            raise StoreUnreachable
        try:
            yield
        except self._error as error:
            self._away_until = time.monotonic() + _REDIS_AWAY_S
            raise StoreUnreachable from error


@dataclass(frozen=True)
class Ticket:
    """What the browser holds. Its text is the cookie."""

    name: str
    secret: str

    @classmethod
    def new(cls) -> "Ticket":
        return cls(secrets.token_urlsafe(16), secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, cookie: str) -> "Ticket | None":
        name, dot, secret = cookie.partition(".")
        return cls(name, secret) if dot and 0 < len(name) <= 64 and 0 < len(secret) <= 128 else None

    def __str__(self) -> str:
        return f"{self.name}.{self.secret}"

    @property
    def key(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()


class Sealed:
    """Records by ticket."""

    def __init__(self, store: Store, server_keys: tuple[bytes, ...]) -> None:
        """`server_keys`: the first seals, all open; so a key can be replaced without signing anybody out."""
        self._store = store
        self._server_keys = server_keys

    def write(self, ticket: Ticket, record: dict[str, Any], lives_s: int) -> None:
        nonce = secrets.token_bytes(12)
        cipher = AESGCM(self._key(self._server_keys[0], ticket))
        sealed = nonce + cipher.encrypt(nonce, json.dumps(record).encode(), ticket.name.encode() + _VERSION)
        self._store.write(ticket.key, sealed, lives_s)

    def read(self, ticket: Ticket) -> dict[str, Any] | None:
        sealed = self._store.read(ticket.key)
        if sealed is None:
            return None
        for server_key in self._server_keys:
            try:
                opened = AESGCM(self._key(server_key, ticket)).decrypt(
                    sealed[:12], sealed[12:], ticket.name.encode() + _VERSION
                )
            except (InvalidTag, ValueError):  # ValueError: a record cut too short to hold a nonce
                continue
            record: dict[str, Any] = json.loads(opened)
            return record
        return None

    def delete(self, ticket: Ticket) -> None:
        self._store.delete(ticket.key)

    def lock(self, ticket: Ticket) -> AbstractContextManager[None]:
        return self._store.lock(ticket.key)

    def check(self) -> None:
        """Raises StoreUnreachable when no session could be opened or begun now."""
        self._store.check()

    @staticmethod
    def _key(server_key: bytes, ticket: Ticket) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"musette session 1").derive(server_key + ticket.secret.encode())
