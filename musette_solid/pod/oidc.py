"""Solid-OIDC: authorization code with PKCE and DPoP, refresh, client credentials.

What is checked, and why: facts of the field show clients that verify a signature and forget to ask whether the person's
profile names the provider that made it; then any provider can sign anybody in (`webid_vouched`).
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from musette_solid.errors import N_
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import SignInFailed, SignInNeeded, Unreachable
from musette_solid.pod.http import SMALL, Limits, Request, Response, Transport
from musette_solid.pod.webid import is_web_address, profile
from musette_solid.rdf.names import origin

SCOPE = "openid webid offline_access"
#: RFC 8725 3.1: only what we expect; never "none", never HS256 with a public key.
ALGORITHMS = ("ES256", "RS256", "PS256", "ES384", "ES512", "RS384", "RS512", "PS384", "PS512", "EdDSA", "Ed25519")
CLOCK_SKEW_S = 60
_TOKEN_LIMITS = Limits(total_s=15, size_bytes=256 * 1024)
_MAX_TOKEN = 16 * 1024
#: The reason of SignInFailed where nothing of the kind is found, as opposed to a service that is not in order.
NO_SERVICE = N_("there is no sign-in service at this address")
#: Ask for new tokens this long before the old ones end.
EARLY_S = 45


@dataclass(frozen=True)
class Provider:
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str | None = None
    end_session_endpoint: str | None = None
    sends_issuer: bool = False  # RFC 9207: its answers name it


@dataclass(frozen=True)
class Client:
    client_id: str
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: kept sealed on our side, bound to one browser, used once."""

    provider: Provider
    client: Client
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    key: Key = field(repr=False)
    webid: str | None  # who said they were signing in, if they said
    return_to: str
    begun_at: float


@dataclass(frozen=True)
class Tokens:
    """What a session lives on. Never shown, never logged; sealed wherever it is kept."""

    webid: str
    provider: Provider
    client: Client
    key: Key = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    ends_at: float

    def to_json(self) -> str:
        return json.dumps(
            {
                "webid": self.webid,
                "provider": self.provider.__dict__,
                "client": self.client.__dict__,
                "key": self.key.private,
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "ends_at": self.ends_at,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Tokens":
        kept = json.loads(text)
        return cls(
            kept["webid"],
            Provider(**kept["provider"]),
            Client(**kept["client"]),
            Key(kept["key"]),
            kept["access_token"],
            kept["refresh_token"],
            kept["ends_at"],
        )


# --- the provider


def provider(transport: Transport, issuer: str) -> Provider:
    """What the provider says of itself. Raises SignInFailed when it contradicts itself, Unreachable, NotAllowed."""
    if not is_web_address(issuer):
        raise SignInFailed(reason=N_("this is not a web address"))
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    response = transport.send(Request("GET", url, {"Accept": "application/json"}), SMALL)
    if not response.ok:
        raise SignInFailed(reason=NO_SERVICE)
    try:
        said = _json(response)
    except SignInFailed as error:  # some sites answer every address with a page
        raise SignInFailed(reason=NO_SERVICE) from error
    # OpenID Connect Discovery 4.3: the issuer must be exactly the one that was asked for.
    named = said.get("issuer")
    if named != issuer and not (isinstance(named, str) and named.rstrip("/") == issuer.rstrip("/")):
        raise SignInFailed(reason=N_("the sign-in service gives another name for itself"))
    try:
        found = Provider(
            issuer=said["issuer"],
            authorization_endpoint=said["authorization_endpoint"],
            token_endpoint=said["token_endpoint"],
            jwks_uri=said["jwks_uri"],
            registration_endpoint=said.get("registration_endpoint"),
            end_session_endpoint=said.get("end_session_endpoint"),
            sends_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        )
    except KeyError as error:
        raise SignInFailed(reason=N_("the sign-in service is incomplete")) from error
    for endpoint in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.registration_endpoint):
        if endpoint is not None and (not isinstance(endpoint, str) or not is_web_address(endpoint) or "#" in endpoint):
            raise SignInFailed(reason=N_("the sign-in service gives an address that cannot be used"))
    if urlsplit(issuer).scheme == "https" and not found.authorization_endpoint.startswith("https:"):
        raise SignInFailed(reason=N_("the sign-in service gives an address that cannot be used"))
    return found


def register(transport: Transport, at: Provider, redirect_uri: str, name: str) -> Client:
    """A client made on the spot, for a provider that cannot fetch our client identifier document."""
    if at.registration_endpoint is None:
        raise SignInFailed(reason=N_("the sign-in service does not accept new applications"))
    wanted = {
        "client_name": name,
        "application_type": "web",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": SCOPE,
        "token_endpoint_auth_method": "none",
        "subject_type": "public",
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    response = transport.send(Request("POST", at.registration_endpoint, headers, json.dumps(wanted).encode()), SMALL)
    if not response.ok:
        raise SignInFailed(reason=N_("the sign-in service does not accept new applications"))
    said = _json(response)
    if not isinstance(said.get("client_id"), str):
        raise SignInFailed(reason=N_("the sign-in service is incomplete"))
    secret = said.get("client_secret")
    return Client(said["client_id"], secret if isinstance(secret, str) else None)


def _json(response: Response) -> dict[str, Any]:
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected")) from error
    if not isinstance(said, dict):
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected"))
    return said


# --- signing in


def begin(at: Provider, client: Client, redirect_uri: str, webid: str | None, return_to: str) -> tuple[str, Attempt]:
    """Where to send the browser, and what to keep until it comes back."""
    attempt = Attempt(
        provider=at,
        client=client,
        redirect_uri=redirect_uri,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        key=Key.generate(),
        webid=webid,
        return_to=return_to,
        begun_at=time.time(),
    )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "consent",  # without it CSS gives no refresh token
    }
    glue = "&" if "?" in at.authorization_endpoint else "?"
    return at.authorization_endpoint + glue + urlencode(asked), attempt


def attempt_to_json(attempt: Attempt) -> str:
    kept = dict(attempt.__dict__)
    kept["provider"] = attempt.provider.__dict__
    kept["client"] = attempt.client.__dict__
    kept["key"] = attempt.key.private
    return json.dumps(kept)


def attempt_from_json(text: str) -> Attempt:
    kept = json.loads(text)
    kept["provider"] = Provider(**kept["provider"])
    kept["client"] = Client(**kept["client"])
    kept["key"] = Key(kept["key"])
    return Attempt(**kept)


def finish(transport: Transport, attempt: Attempt, answer: Mapping[str, str]) -> Tokens:
    """Tokens for the answer that the browser brought back. Raises SignInFailed with the reason; nothing is kept then."""
    if not secrets.compare_digest(answer.get("state", ""), attempt.state):
        raise SignInFailed(reason=N_("the answer does not belong to this attempt"))
    issuer = answer.get("iss")
    # RFC 9207 2.4: compared as strings; absent although promised, it is refused before the code is spent.
    if issuer is None and attempt.provider.sends_issuer:
        raise SignInFailed(reason=N_("the answer does not say where it comes from"))
    if issuer is not None and issuer != attempt.provider.issuer:
        raise SignInFailed(reason=N_("the answer comes from another sign-in service"))
    if answer.get("error") == "access_denied":
        raise SignInFailed(reason=N_("you did not give your consent"))
    if "error" in answer or not answer.get("code"):
        raise SignInFailed(reason=N_("the sign-in service stopped the sign-in"))
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.verifier,
    }
    try:
        granted = _ask_for_tokens(transport, attempt.provider, attempt.client, attempt.key, form)
    except SignInNeeded as error:  # said of a code; no session has ended here
        raise SignInFailed(reason=N_("this sign-in was already used, or took too long")) from error
    claims = check_id_token(
        transport, attempt.provider, attempt.client, str(granted.get("id_token", "")), nonce=attempt.nonce
    )
    webid = _webid(claims)
    if attempt.webid is not None and webid != attempt.webid:
        raise SignInFailed(reason=N_("somebody else signed in than the address you gave"))
    webid_vouched(transport, webid, attempt.provider.issuer)
    return _tokens(granted, webid, attempt.provider, attempt.client, attempt.key)


def _ask_for_tokens(
    transport: Transport, at: Provider, client: Client, key: Key, form: Mapping[str, str]
) -> dict[str, Any]:
    body = dict(form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if client.secret:
        # RFC 6749 2.3.1: both parts url-encoded before they are joined.
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        body["client_id"] = client.client_id
    nonce: str | None = None
    for _ in range(2):
        proof = key.proof("POST", at.token_endpoint, nonce=nonce)
        response = transport.send(
            Request("POST", at.token_endpoint, {**headers, "DPoP": proof}, urlencode(body).encode()), _TOKEN_LIMITS
        )
        if response.status >= 500:
            # Out of order for now: that is no refusal, and ends nobody's session.
            raise Unreachable(at.token_endpoint, response.status, host=urlsplit(at.token_endpoint).hostname)
        said = _json(response)
        # RFC 9449 8: the provider may ask for its nonce, once.
        if not response.ok and said.get("error") == "use_dpop_nonce" and response.headers.get("DPoP-Nonce"):
            nonce = response.headers["DPoP-Nonce"]
            continue
        break
    if not response.ok:
        if said.get("error") == "invalid_grant":
            raise SignInNeeded(at.token_endpoint, 401)
        raise SignInFailed(reason=N_("the sign-in service gave no access"))
    # RFC 9449 5: a Bearer token would be one that anybody could use.
    if str(said.get("token_type", "")).lower() != "dpop" or not isinstance(said.get("access_token"), str):
        raise SignInFailed(reason=N_("the sign-in service gave an access that is not bound to us"))
    if len(said["access_token"]) > _MAX_TOKEN or len(str(said.get("id_token", ""))) > _MAX_TOKEN:
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected"))
    bound_to = _confirmation(said["access_token"])
    if bound_to is not None and bound_to != key.thumbprint:
        raise SignInFailed(reason=N_("the sign-in service gave an access that is not bound to us"))
    return said


def _confirmation(access_token: str) -> str | None:
    """`cnf.jkt` of a token that is a JWT; None when the token is opaque or says nothing."""
    parts = access_token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return str(claims["cnf"]["jkt"])
    except (ValueError, KeyError, TypeError):
        return None


def _tokens(granted: Mapping[str, Any], webid: str, at: Provider, client: Client, key: Key) -> Tokens:
    lifetime_s = granted.get("expires_in")
    refresh_token = granted.get("refresh_token")
    return Tokens(
        webid=webid,
        provider=at,
        client=client,
        key=key,
        access_token=granted["access_token"],
        refresh_token=refresh_token if isinstance(refresh_token, str) else None,
        ends_at=time.time() + (lifetime_s if isinstance(lifetime_s, int | float) and lifetime_s > 0 else 300),
    )


def check_id_token(
    transport: Transport, at: Provider, client: Client, id_token: str, *, nonce: str | None
) -> dict[str, Any]:
    """The claims of an ID token, when every check of OpenID Connect Core 3.1.3.7 holds. Raises SignInFailed."""
    if not id_token:
        raise SignInFailed(reason=N_("the sign-in service does not say who you are"))
    response = transport.send(Request("GET", at.jwks_uri, {"Accept": "application/json"}), SMALL)
    if not response.ok:
        raise SignInFailed(reason=N_("the sign-in service does not show its keys"))
    try:
        decoded = jwt.decode(id_token, _keys(_json(response)), algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignInFailed(reason=N_("the signature of the sign-in service does not hold")) from error
    claims = dict(decoded.claims)
    now = time.time()

    def require(holds: bool, reason: str) -> None:
        if not holds:
            raise SignInFailed(reason=reason)

    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    require(claims.get("iss") == at.issuer, N_("the answer comes from another sign-in service"))
    require(client.client_id in audiences, N_("the answer was made for another application"))
    # Core 3.1.3.7-5: with several audiences `azp` must name us (CSS: ["<client>", "solid"]).
    if "azp" in claims:
        require(claims["azp"] == client.client_id, N_("the answer was made for another application"))
    expires, issued = claims.get("exp"), claims.get("iat")
    require(
        isinstance(expires, int | float) and expires > now - CLOCK_SKEW_S,
        N_("the answer is too old; check the clock of this computer"),
    )
    require(
        isinstance(issued, int | float) and issued < now + CLOCK_SKEW_S,
        N_("the answer comes from the future; check the clock of this computer"),
    )
    not_before = claims.get("nbf")
    require(
        not_before is None or (isinstance(not_before, int | float) and not_before < now + CLOCK_SKEW_S),
        N_("the answer comes from the future; check the clock of this computer"),
    )
    if nonce is not None:
        require(
            isinstance(claims.get("nonce"), str) and secrets.compare_digest(claims["nonce"], nonce),
            N_("the answer does not belong to this attempt"),
        )
    return claims


def _keys(said: Mapping[str, Any]) -> KeySet:
    """The provider's keys that we can read; one that we cannot must not hide the others."""
    keys = said.get("keys")
    usable = []
    for key in keys[:50] if isinstance(keys, list) else []:
        if not isinstance(key, dict) or key.get("kty") not in {"RSA", "EC", "OKP"}:
            continue
        try:
            usable.extend(KeySet.import_key_set({"keys": [key]}).keys)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    return KeySet(usable)


def _webid(claims: Mapping[str, Any]) -> str:
    """Solid-OIDC 5.1.2: the `webid` claim, else `sub` when it is a web address."""
    found = claims.get("webid", claims.get("sub"))
    if not isinstance(found, str) or not is_web_address(found):
        raise SignInFailed(reason=N_("the sign-in service does not say who you are"))
    return found


def webid_vouched(transport: Transport, webid: str, issuer: str) -> None:
    """Solid-OIDC 5.2: the profile itself must name the provider. Raises SignInFailed when it does not."""
    if issuer not in profile(transport, webid).issuers:
        raise SignInFailed(reason=N_("your profile does not name this sign-in service"))


# --- staying signed in


def refreshed(transport: Transport, tokens: Tokens) -> Tokens:
    """New tokens with the same key (CSS binds the refresh token to it). Raises SignInNeeded when they are refused."""
    if tokens.refresh_token is None:
        raise SignInNeeded(tokens.provider.token_endpoint, 401)
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token, "scope": SCOPE}
    try:
        granted = _ask_for_tokens(transport, tokens.provider, tokens.client, tokens.key, form)
    except SignInFailed as error:
        raise SignInNeeded(tokens.provider.token_endpoint, 401) from error
    if granted.get("id_token"):
        try:
            claims = check_id_token(transport, tokens.provider, tokens.client, str(granted["id_token"]), nonce=None)
            is_the_same = _webid(claims) == tokens.webid
        except SignInFailed as error:
            raise SignInNeeded(tokens.provider.token_endpoint, 401) from error
        if not is_the_same:
            raise SignInNeeded(tokens.provider.token_endpoint, 401)
    renewed = _tokens(granted, tokens.webid, tokens.provider, tokens.client, tokens.key)
    return renewed if renewed.refresh_token else replace(renewed, refresh_token=tokens.refresh_token)


class Keeper(Protocol):
    """Where one session's tokens are kept, sealed, and the lock that makes a refresh happen once."""

    def load(self) -> Tokens | None: ...
    def save(self, tokens: Tokens) -> None: ...
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


class KeptTokens(_Signer):
    """Credentials of a person who signed in; refreshed ahead of time, once for all who wait."""

    def __init__(self, transport: Transport, keeper: Keeper) -> None:
        super().__init__()
        self._transport = transport
        self._keeper = keeper
        self._tokens = keeper.load()

    def sign(self, method: str, url: str) -> Mapping[str, str]:
        tokens = self._tokens
        if tokens is None:
            raise SignInNeeded(url, 401)
        if tokens.ends_at - time.time() < EARLY_S:
            tokens = self._renew(tokens)
        return self._headers(tokens, method, url)

    def refused(self, response: Response) -> bool:
        if self._learned_nonce(response):
            return True
        tokens = self._tokens
        # A 400 or 401 with a token that has long to live is about something else.
        if tokens is None or (response.status == 400 and tokens.ends_at - time.time() > 120):
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
        with self._keeper.locked():
            kept = self._keeper.load()
            if kept is None:  # signed out meanwhile: do not bring the session back to life
                self._tokens = None
                raise SignInNeeded(old.provider.token_endpoint, 401)
            if kept.access_token == old.access_token:
                kept = refreshed(self._transport, kept)
                self._keeper.save(kept)
            self._tokens = kept
            return kept


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

    @property
    def webid(self) -> str:
        """Who the provider says the program acts for, when the profile confirms it."""
        return self._granted().webid

    def sign(self, method: str, url: str) -> Mapping[str, str]:
        return self._headers(self._granted(), method, url)

    def refused(self, response: Response) -> bool:
        if self._learned_nonce(response):
            return True
        if self._tokens is None or (response.status == 400 and self._tokens.ends_at - time.time() > 120):
            return False
        self._tokens = None
        return True

    def _granted(self) -> Tokens:
        if self._tokens is not None and self._tokens.ends_at - time.time() > EARLY_S:
            return self._tokens
        at = provider(self._transport, self._issuer) if self._tokens is None else self._tokens.provider
        form = {"grant_type": "client_credentials", "scope": "webid"}
        granted = _ask_for_tokens(self._transport, at, self._client, self._key, form)
        webid = self._webid or _webid_of_access_token(granted["access_token"])
        self._tokens = _tokens(granted, webid, at, self._client, self._key)
        return self._tokens


def _webid_of_access_token(access_token: str) -> str:
    """Who the token says it acts for. Only a name to show: the pod decides by checking the token itself."""
    try:
        body = access_token.split(".")[1]
        return _webid(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
    except (ValueError, IndexError) as error:
        raise SignInFailed(reason=N_("the sign-in service does not say who you are")) from error


def client_document(base_url: str, name: str, redirect_uri: str) -> dict[str, Any]:
    """Our client identifier document (Solid-OIDC 5): its `client_id` is its own address, byte for byte."""
    return {
        "@context": ["https://www.w3.org/ns/solid/oidc-context.jsonld"],
        "client_id": base_url + "client-id.jsonld",
        "client_name": name,
        "client_uri": base_url,
        "logo_uri": base_url + "static/img/mark.svg",
        "redirect_uris": [redirect_uri],
        "post_logout_redirect_uris": [base_url],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": SCOPE,
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "default_max_age": 3600,
        "require_auth_time": True,
    }


def can_fetch(issuer: str, base_url: str) -> bool:
    """Whether the provider can fetch a document of ours: ours is public, or both are on this machine."""
    local = {"localhost", "127.0.0.1", "::1"}
    ours, theirs = urlsplit(base_url), urlsplit(issuer)
    if ours.hostname in local or ours.scheme != "https":
        return theirs.hostname in local and ours.hostname == "localhost"
    return True
