"""Sign-in providers: what one says of itself, and who we are for it."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from musette_solid.errors import N_
from musette_solid.pod.errors import SignInFailed
from musette_solid.pod.http import SMALL, Request, Response, Transport
from musette_solid.pod.webid import is_web_address

SCOPE = "openid webid offline_access"
#: The reason of SignInFailed where nothing of the kind is found, as opposed to a service that is not in order.
NO_SERVICE = N_("there is no sign-in service at this address")


@dataclass(frozen=True)
class Provider:
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str | None = None
    end_session_endpoint: str | None = None
    revocation_endpoint: str | None = None  # RFC 7009
    sends_issuer: bool = False  # RFC 9207: its answers name it


@dataclass(frozen=True)
class Client:
    client_id: str
    secret: str | None = field(default=None, repr=False)


def provider(transport: Transport, issuer: str) -> Provider:
    """What the provider says of itself. Raises SignInFailed when it contradicts itself, Unreachable, NotAllowed."""
    if not is_web_address(issuer):
        raise SignInFailed(reason=N_("this is not a web address"))
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    response = transport.send(Request("GET", url, {"Accept": "application/json"}), SMALL)
    if not response.ok:
        raise SignInFailed(reason=NO_SERVICE)
    try:
        said = read_json(response)
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
            revocation_endpoint=said.get("revocation_endpoint"),
            sends_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        )
    except KeyError as error:
        raise SignInFailed(reason=N_("the sign-in service is incomplete")) from error
    endpoints = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    for endpoint in (*endpoints, found.registration_endpoint, found.revocation_endpoint):
        if endpoint is not None and (not isinstance(endpoint, str) or not is_web_address(endpoint) or "#" in endpoint):
            raise SignInFailed(reason=N_("the sign-in service gives an address that cannot be used"))
    every = (*endpoints, found.registration_endpoint, found.revocation_endpoint)
    if urlsplit(issuer).scheme == "https" and not all(endpoint.startswith("https:") for endpoint in every if endpoint):
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
    said = read_json(response)
    if not isinstance(said.get("client_id"), str):
        raise SignInFailed(reason=N_("the sign-in service is incomplete"))
    secret = said.get("client_secret")
    return Client(said["client_id"], secret if isinstance(secret, str) else None)


def read_json(response: Response) -> dict[str, Any]:
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected")) from error
    if not isinstance(said, dict):
        raise SignInFailed(reason=N_("the sign-in service answers something else than expected"))
    return said


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
