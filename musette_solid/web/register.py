"""Which sessions one person has open, so that they can see them and end them from any of their browsers.

A list for each person, under a name and a key made from the server's key and their address: without the server's key nobody
finds it, and with it nobody signs in. It holds when each session began and was last seen, and the kind of browser; no token.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from musette_solid.web.sealed import Store

#: More open at once than anybody has browsers: beyond, the oldest are ended.
MOST = 50


@dataclass(frozen=True)
class Entry:
    """One session. `key`: what its record is kept under, which opens nothing. Times in seconds since 1970."""

    key: str
    began_at: int
    seen_at: int
    browser: str = ""
    system: str = ""

    @property
    def id(self) -> str:
        """Enough of the key to tell one session of a person from another."""
        return self.key[:16]


class Register:
    """`is_over` says which entries have ended by themselves; `lives_s` is how long the list outlives its last change."""

    def __init__(
        self, store: Store, server_keys: tuple[bytes, ...], is_over: Callable[[Entry], bool], lives_s: int
    ) -> None:
        self._store = store
        self._server_keys = server_keys
        self._is_over = is_over
        self._lives_s = lives_s

    def of(self, webid: str) -> tuple[Entry, ...]:
        """The sessions that are open, the last seen first."""
        found: dict[str, Entry] = {}
        for server_key in reversed(self._server_keys):
            found |= {entry.key: entry for entry in self._read(server_key, webid)}
        kept = [entry for entry in found.values() if not self._is_over(entry)]
        return tuple(sorted(kept, key=lambda entry: (entry.seen_at, entry.began_at), reverse=True))

    def add(self, webid: str, entry: Entry) -> None:
        """One more; the ones that are too many are ended."""
        with self._locked(webid):
            entries = (entry, *(other for other in self.of(webid) if other.key != entry.key))
            self._write(webid, entries[:MOST])
        self._end(entries[MOST:])

    def seen(self, webid: str, key: str, at: int) -> None:
        with self._locked(webid):
            self._write(webid, tuple(replace(e, seen_at=at) if e.key == key else e for e in self.of(webid)))

    def drop(self, webid: str, key: str) -> None:
        """A session that was ended: it is in the list no more."""
        with self._locked(webid):
            self._write(webid, tuple(entry for entry in self.of(webid) if entry.key != key))

    def end(self, webid: str, which: Callable[[Entry], bool]) -> int:
        """End sessions of this person, on every instance, from the next request on; how many there were."""
        with self._locked(webid):
            entries = self.of(webid)
            ended = tuple(entry for entry in entries if which(entry))
            self._write(webid, tuple(entry for entry in entries if entry not in ended))
        self._end(ended)
        return len(ended)

    def _end(self, entries: tuple[Entry, ...]) -> None:
        """After the list is let go: whoever renews a session's tokens holds its lock, and may want the list next."""
        for entry in entries:
            with self._store.lock(entry.key):
                self._store.delete(entry.key)

    def _locked(self, webid: str) -> AbstractContextManager[None]:
        return self._store.lock(self._name(self._server_keys[0], webid))

    def _read(self, server_key: bytes, webid: str) -> tuple[Entry, ...]:
        sealed = self._store.read(self._name(server_key, webid))
        if sealed is None:
            return ()
        with suppress(InvalidTag, ValueError, TypeError):
            opened = AESGCM(_derived(server_key, webid, b"key")).decrypt(sealed[:12], sealed[12:], b"1")
            return tuple(Entry(**entry) for entry in json.loads(opened))
        return ()

    def _write(self, webid: str, entries: tuple[Entry, ...]) -> None:
        for old in self._server_keys[1:]:
            self._store.delete(self._name(old, webid))
        name = self._name(self._server_keys[0], webid)
        if not entries:
            self._store.delete(name)
            return
        nonce = secrets.token_bytes(12)
        text = json.dumps([asdict(entry) for entry in entries]).encode()
        cipher = AESGCM(_derived(self._server_keys[0], webid, b"key"))
        self._store.write(name, nonce + cipher.encrypt(nonce, text, b"1"), self._lives_s)

    @staticmethod
    def _name(server_key: bytes, webid: str) -> str:
        return hashlib.sha256(_derived(server_key, webid, b"name")).hexdigest()


def _derived(server_key: bytes, webid: str, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"musette register 1 " + use).derive(server_key + webid.encode())
