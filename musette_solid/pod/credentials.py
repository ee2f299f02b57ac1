"""What signs the requests of an agent: a person's kept tokens, or a program's own credentials."""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from musette_solid.errors import N_
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import SignInFailed, SignInNeeded, Unreachable
from musette_solid.pod.http import Response, Transport
from musette_solid.pod.providers import Client, provider
from musette_solid.pod.tokens import Tokens, ask_for_tokens, refreshed, tokens_of, webid_of
from musette_solid.rdf.names import origin

#: Ask for new tokens this long before the old ones end.
EARLY_S = 45
#: How long somebody who refreshed at the same time, against the rule, may take to write it down.
_OTHERS_S = 0.3
#: Tokens are new for so long.
_NEW_S = 30


class Keeper(Protocol):
    """Where one session's tokens are kept, sealed, and the lock that makes a refresh happen once."""

    def load(self) -> Tokens | None: ...
    def save(self, tokens: Tokens) -> None: ...
    def end(self) -> None:
        """The provider will not renew these tokens ever again: there is nothing left to keep."""
        ...

    def locked(self) -> AbstractContextManager[Any]: ...


class _Signer:
    """What the two kinds of credentials share: one proof a request, the servers' nonces, a refresh under a lock."""

    def __init__(self) -> None:
        self._nonces: dict[str, str] = {}

    def _headers(self, tokens: Tokens, method: str, url: str) -> dict[str, str]:
        proof = tokens.key.proof(method, url, token=tokens.access_token, nonce=self._nonces.get(origin(url)))
        return {"Authorization": f"DPoP {tokens.access_token}", "DPoP": proof}

    def _learned_nonce(self, response: Response) -> bool:
        nonce = response.headers.get("DPoP-Nonce")
        if not nonce or self._nonces.get(origin(response.url)) == nonce:
            return False
        self._nonces[origin(response.url)] = nonce
        return True


def _is_old(tokens: Tokens) -> bool:
    return tokens.ends_at - time.time() < EARLY_S


class _Turn:
    """New tokens, asked for by one thread: those that waited have what it got, or its failure."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._failure: Unreachable | None = None

    def take(self, there: Callable[[], Tokens | None], ask: Callable[[], Tokens]) -> Tokens:
        """`there`: what another thread has just got, if anything."""
        failures = self._failures
        with self._lock:
            tokens = there()
            if tokens is not None:
                return tokens
            if self._failure is not None and self._failures != failures:
                # It asked while we waited, in vain: twenty who wait must not each wait for the same silence in turn.
                raise self._failure
            try:
                return ask()
            except Unreachable as error:
                self._failures += 1
                self._failure = error
                raise


class KeptTokens(_Signer):
    """Credentials of a person who signed in; refreshed ahead of time, once for all who wait."""

    def __init__(self, transport: Transport, keeper: Keeper) -> None:
        super().__init__()
        self._transport = transport
        self._keeper = keeper
        self._tokens = keeper.load()
        self._turn = _Turn()
        self._renewed_at: float | None = None

    def sign(self, method: str, url: str) -> Mapping[str, str]:
        tokens = self._tokens
        if tokens is None:
            raise SignInNeeded(url, 401)
        if _is_old(tokens):
            tokens = self._renew(tokens)
        return self._headers(tokens, method, url)

    def refused(self, response: Response) -> bool:
        if self._learned_nonce(response):
            return True
        tokens = self._tokens
        # A 400 or 401 with a token that has long to live is about something else.
        if tokens is None or (response.status == 400 and tokens.ends_at - time.time() > 120):
            return False
        # New a moment ago, and refused all the same: newer ones would be too, and a server could make us ask for ever.
        if self._renewed_at is not None and time.monotonic() - self._renewed_at < _NEW_S and not _is_old(tokens):
            return False
        try:
            self._renew(tokens)
        except SignInNeeded:
            if response.status == 400:  # CSS says so of a token that has ended; nothing else would tell the person
                raise
            return False
        except Unreachable:
            return False
        return True

    def _renew(self, old: Tokens) -> Tokens:
        """New tokens, asked for once: by one thread of this process, and by one process of all."""

        def there() -> Tokens | None:
            tokens = self._tokens
            return tokens if tokens is not None and tokens.access_token != old.access_token else None

        def ask() -> Tokens:
            with self._keeper.locked():
                self._tokens = self._renewed(old)
            return self._tokens

        return self._turn.take(there, ask)

    def _renewed(self, old: Tokens) -> Tokens:
        kept = self._keeper.load()
        if kept is None:  # signed out meanwhile: do not bring the session back to life
            self._tokens = None
            raise SignInNeeded(old.provider.token_endpoint, 401)
        if kept.access_token != old.access_token:
            return kept
        try:
            renewed = refreshed(self._transport, kept)
        except SignInNeeded as error:
            # Where a lock was lost (its store began anew), somebody else may have spent this refresh token before us.
            time.sleep(_OTHERS_S)
            theirs = self._keeper.load()
            if theirs is not None and theirs.access_token != kept.access_token:
                return theirs
            if error.details.get("is_final"):
                self._tokens = None
                self._keeper.end()
            raise
        self._keeper.save(renewed)
        self._renewed_at = time.monotonic()
        return renewed


class ClientCredentials(_Signer):
    """Credentials of a program: an identifier and a secret that the person made for it at their provider."""

    def __init__(self, transport: Transport, issuer: str, client: Client, webid: str | None = None) -> None:
        super().__init__()
        self._transport = transport
        self._issuer = issuer
        self._client = client
        self._key = Key.generate()
        self._webid = webid
        self._tokens: Tokens | None = None
        self._granted_at = 0.0
        self._turn = _Turn()

    @property
    def webid(self) -> str:
        """Who the provider says the program acts for, when the profile confirms it."""
        return self._granted().webid

    def sign(self, method: str, url: str) -> Mapping[str, str]:
        return self._headers(self._granted(), method, url)

    def refused(self, response: Response) -> bool:
        if self._learned_nonce(response):
            return True
        tokens = self._tokens
        if tokens is not None and response.status == 400 and tokens.ends_at - time.time() > 120:
            return False
        # New a moment ago: it may be those before them that were refused, to a request that left earlier.
        if tokens is not None and time.monotonic() - self._granted_at > _NEW_S:
            self._tokens = None
        return True

    def _granted(self) -> Tokens:
        return self._there() or self._turn.take(self._there, self._ask)

    def _there(self) -> Tokens | None:
        tokens = self._tokens
        return tokens if tokens is not None and not _is_old(tokens) else None

    def _ask(self) -> Tokens:
        at = provider(self._transport, self._issuer) if self._tokens is None else self._tokens.provider
        form = {"grant_type": "client_credentials", "scope": "webid"}
        granted = ask_for_tokens(self._transport, at, self._client, self._key, form)
        webid = self._webid or _webid_of_access_token(granted["access_token"])
        tokens = self._tokens = tokens_of(granted, webid, at, self._client, self._key)
        self._granted_at = time.monotonic()
        return tokens


def _webid_of_access_token(access_token: str) -> str:
    """Who the token says it acts for. Only a name to show: the pod decides by checking the token itself."""
    try:
        body = access_token.split(".")[1]
        return webid_of(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
    except (ValueError, IndexError) as error:
        raise SignInFailed(reason=N_("the sign-in service does not say who you are")) from error
