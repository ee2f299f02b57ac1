"""Tokens: asked for with a proof, checked claim by claim, renewed with the same key."""

import base64
import hashlib
import json
import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeGuard
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from musette_solid.errors import N_
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import PodError, SignInFailed, SignInNeeded, Unreachable
from musette_solid.pod.http import SMALL, Limits, Request, Transport
from musette_solid.pod.providers import SCOPE, Client, Provider, read_json
from musette_solid.pod.webid import is_web_address

#: RFC 8725 3.1: only what we expect; never "none", never HS256 with a public key.
ALGORITHMS = ("ES256", "RS256", "PS256", "ES384", "ES512", "RS384", "RS512", "PS384", "PS512", "EdDSA", "Ed25519")
CLOCK_SKEW_S = 60
_LIMITS = Limits(total_s=15, size_bytes=256 * 1024)
_QUICK = Limits(connect_s=3, total_s=5, size_bytes=64 * 1024)
_MAX_TOKEN = 16 * 1024
_LONGEST_S = 86_400


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
    subject: str | None = None  # `sub` of the ID token: what the provider calls the person, WebID or not

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
                "subject": self.subject,
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
            kept.get("subject"),
        )


def ask_for_tokens(
    transport: Transport, at: Provider, client: Client, key: Key, form: Mapping[str, str]
) -> dict[str, Any]:
    headers, body = _from_client(client, form)
    nonce: str | None = None
    for _ in range(2):
        proof = key.proof("POST", at.token_endpoint, nonce=nonce)
        response = transport.send(
            Request("POST", at.token_endpoint, {**headers, "DPoP": proof}, urlencode(body).encode()), _LIMITS
        )
        if response.status >= 500:
            # Out of order for now: that is no refusal, and ends nobody's session.
            raise Unreachable(at.token_endpoint, response.status, host=urlsplit(at.token_endpoint).hostname)
        said = read_json(response)
        # RFC 9449 8: the provider may ask for its nonce, once.
        if not response.ok and said.get("error") == "use_dpop_nonce" and response.headers.get("DPoP-Nonce"):
            nonce = response.headers["DPoP-Nonce"]
            continue
        break
    if not response.ok:
        if said.get("error") == "invalid_grant":
            raise SignInNeeded(at.token_endpoint, 401, is_final=True)
        raise SignInFailed(reason=N_("the sign-in service gave no access"))
    # RFC 9449 5: a Bearer token would be one that anybody could use.
    if str(said.get("token_type", "")).lower() != "dpop" or not isinstance(said.get("access_token"), str):
        raise SignInFailed(reason=N_("the sign-in service gave an access that is not bound to us"))
    if len(said["access_token"]) > _MAX_TOKEN or len(str(said.get("id_token", ""))) > _MAX_TOKEN:
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected"))
    claims = _claims(said["access_token"])
    if claims is not None and _confirmation(claims) != key.thumbprint:
        raise SignInFailed(reason=N_("the sign-in service gave an access that is not bound to us"))
    return said


def _from_client(client: Client, form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and form of a request that the provider must know to be ours."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if not client.secret:
        return headers, {**form, "client_id": client.client_id}
    # RFC 6749 2.3.1: both parts url-encoded before they are joined.
    pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    return headers | {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}, dict(form)


def revoked(transport: Transport, tokens: Tokens) -> bool:
    """Whether the provider took the tokens back (RFC 7009). Signing out never waits on it: a failure is only False."""
    place = tokens.provider.revocation_endpoint
    if place is None or tokens.refresh_token is None:
        return False
    headers, body = _from_client(tokens.client, {"token": tokens.refresh_token, "token_type_hint": "refresh_token"})
    try:
        answer = transport.send(Request("POST", place, headers, urlencode(body).encode()), _QUICK)
    except PodError:
        return False
    return answer.ok


def _claims(access_token: str) -> dict[str, Any] | None:
    """What a token that is a JWT says, unproved; None when it is opaque. Pods cannot check an opaque one, providers can."""
    parts = access_token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _confirmation(claims: Mapping[str, Any]) -> str | None:
    """RFC 9449 6.1: the thumbprint of the key that a token is bound to; without one, anybody could use it."""
    bound = claims.get("cnf")
    return bound.get("jkt") if isinstance(bound, dict) and isinstance(bound.get("jkt"), str) else None


def tokens_of(granted: Mapping[str, Any], webid: str, at: Provider, client: Client, key: Key) -> Tokens:
    """Raises SignInFailed when the access token itself names somebody else."""
    named = (_claims(granted["access_token"]) or {}).get("webid", webid)
    if named != webid:
        raise SignInFailed(reason=N_("the sign-in service does not say who you are"))
    lifetime_s = granted.get("expires_in")
    refresh_token = granted.get("refresh_token")
    return Tokens(
        webid=webid,
        provider=at,
        client=client,
        key=key,
        access_token=granted["access_token"],
        refresh_token=refresh_token if isinstance(refresh_token, str) else None,
        ends_at=time.time() + (min(lifetime_s, _LONGEST_S) if _is_number(lifetime_s) and lifetime_s > 0 else 300),
    )


def check_id_token(
    transport: Transport,
    at: Provider,
    client: Client,
    id_token: str,
    *,
    nonce: str | None,
    hashed: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The claims of an ID token, when every check of OpenID Connect Core 3.1.3.7 holds. Raises SignInFailed.

    `hashed`: what the token may give the hash of, by the name of that claim (`at_hash`, `c_hash`).
    """
    if not id_token:
        raise SignInFailed(reason=N_("the sign-in service does not say who you are"))
    response = transport.send(Request("GET", at.jwks_uri, {"Accept": "application/json"}), SMALL)
    if not response.ok:
        raise SignInFailed(reason=N_("the sign-in service does not show its keys"))
    try:
        decoded = jwt.decode(id_token, _keys(read_json(response)), algorithms=list(ALGORITHMS))
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
    # Core 3.1.3.7-4 and -5: with several audiences `azp` is there, and it names us (CSS: ["<client>", "solid"]).
    if "azp" in claims or len(audiences) > 1:
        require(claims.get("azp") == client.client_id, N_("the answer was made for another application"))
    expires, issued = claims.get("exp"), claims.get("iat")
    require(
        _is_number(expires) and expires > now - CLOCK_SKEW_S,
        N_("the answer is too old; check the clock of this computer"),
    )
    require(
        _is_number(issued) and issued < now + CLOCK_SKEW_S,
        N_("the answer comes from the future; check the clock of this computer"),
    )
    not_before = claims.get("nbf")
    require(
        not_before is None or (_is_number(not_before) and not_before < now + CLOCK_SKEW_S),
        N_("the answer comes from the future; check the clock of this computer"),
    )
    for name, value in hashed.items():
        # Core 3.1.3.8: a token that was swapped for another one does not have its hash.
        require(
            name not in claims or _is_hash(claims[name], value, str(decoded.header.get("alg"))),
            N_("the answer does not belong to this attempt"),
        )
    if nonce is not None:
        require(
            isinstance(claims.get("nonce"), str) and secrets.compare_digest(claims["nonce"], nonce),
            N_("the answer does not belong to this attempt"),
        )
    return claims


def _is_number(value: object) -> TypeGuard[int | float]:
    """A number as JSON means it: Python reads NaN and Infinity too, which pass or fail every comparison."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_hash(claimed: object, value: str, algorithm: str) -> bool:
    """Core 3.1.3.6: the left half of the hash that the signature uses."""
    whole = hashlib.new({"384": "sha384", "512": "sha512"}.get(algorithm[-3:], "sha256"), value.encode()).digest()
    if algorithm in {"EdDSA", "Ed25519"}:
        whole = hashlib.sha512(value.encode()).digest()
    half = base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()
    return isinstance(claimed, str) and secrets.compare_digest(claimed.encode(), half.encode())


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


def webid_of(claims: Mapping[str, Any]) -> str:
    """Solid-OIDC 5.1.2: the `webid` claim, else `sub` when it is a web address."""
    found = claims.get("webid", claims.get("sub"))
    if not isinstance(found, str) or not is_web_address(found):
        raise SignInFailed(reason=N_("the sign-in service does not say who you are"))
    return found


def refreshed(transport: Transport, tokens: Tokens) -> Tokens:
    """New tokens with the same key (CSS binds the refresh token to it).

    Raises SignInNeeded when they are refused; with `is_final` among its details when asking again would change nothing.
    """
    if tokens.refresh_token is None:
        raise SignInNeeded(tokens.provider.token_endpoint, 401)
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token, "scope": SCOPE}
    try:
        granted = ask_for_tokens(transport, tokens.provider, tokens.client, tokens.key, form)
    except SignInFailed as error:
        raise SignInNeeded(tokens.provider.token_endpoint, 401) from error
    if granted.get("id_token"):
        try:
            hashed = {"at_hash": str(granted["access_token"])}
            token = str(granted["id_token"])
            claims = check_id_token(transport, tokens.provider, tokens.client, token, nonce=None, hashed=hashed)
            is_the_same = webid_of(claims) == tokens.webid and claims.get("sub") == (
                tokens.subject or claims.get("sub")
            )
        except SignInFailed:
            is_the_same = False
        if not is_the_same:  # OpenID Connect Core 12.2: somebody else, or an answer that proves nothing
            raise SignInNeeded(tokens.provider.token_endpoint, 401, is_final=True)
    try:
        renewed = tokens_of(granted, tokens.webid, tokens.provider, tokens.client, tokens.key)
    except SignInFailed as error:
        raise SignInNeeded(tokens.provider.token_endpoint, 401, is_final=True) from error
    return replace(renewed, refresh_token=renewed.refresh_token or tokens.refresh_token, subject=tokens.subject)
