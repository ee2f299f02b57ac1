"""Signing in by Solid-OIDC: authorization code with PKCE and DPoP.

What is checked, and why: facts of the field show clients that verify a signature and forget to ask whether the person's
profile names the provider that made it; then any provider can sign anybody in (`webid_vouched`).
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from musette_solid.errors import N_
from musette_solid.pod.credentials import ClientCredentials, Keeper, KeptTokens
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import SignInFailed, SignInNeeded
from musette_solid.pod.http import Transport
from musette_solid.pod.providers import (
    NO_SERVICE,
    SCOPE,
    Client,
    Provider,
    can_fetch,
    client_document,
    provider,
    register,
)
from musette_solid.pod.tokens import Tokens, ask_for_tokens, check_id_token, refreshed, tokens_of, webid_of
from musette_solid.pod.webid import profile

__all__ = [
    "NO_SERVICE",
    "SCOPE",
    "Attempt",
    "Client",
    "ClientCredentials",
    "Keeper",
    "KeptTokens",
    "Provider",
    "Tokens",
    "attempt_from_json",
    "attempt_to_json",
    "begin",
    "can_fetch",
    "check_id_token",
    "client_document",
    "finish",
    "provider",
    "refreshed",
    "register",
    "webid_vouched",
]


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
        granted = ask_for_tokens(transport, attempt.provider, attempt.client, attempt.key, form)
    except SignInNeeded as error:  # said of a code; no session has ended here
        raise SignInFailed(reason=N_("this sign-in was already used, or took too long")) from error
    claims = check_id_token(
        transport,
        attempt.provider,
        attempt.client,
        str(granted.get("id_token", "")),
        nonce=attempt.nonce,
        hashed={"at_hash": granted["access_token"], "c_hash": answer["code"]},
    )
    webid = webid_of(claims)
    if attempt.webid is not None and webid != attempt.webid:
        raise SignInFailed(reason=N_("somebody else signed in than the address you gave"))
    webid_vouched(transport, webid, attempt.provider.issuer)
    tokens = tokens_of(granted, webid, attempt.provider, attempt.client, attempt.key)
    return replace(tokens, subject=str(claims["sub"]) if "sub" in claims else None)


def webid_vouched(transport: Transport, webid: str, issuer: str) -> None:
    """Solid-OIDC 5.2: the profile itself must name the provider. Raises SignInFailed when it does not."""
    if issuer not in profile(transport, webid).issuers:
        raise SignInFailed(reason=N_("your profile does not name this sign-in service"))
