"""Accounts on a Community Solid Server 7, by its account API: a log-in, a pod, and credentials for programs."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from musette_solid.errors import N_, MusetteError
from musette_solid.pod.errors import for_status
from musette_solid.pod.http import Limits, Outgoing, Request, Response

#: A password is hashed slowly on purpose; on a busy machine that takes seconds.
_LIMITS = Limits(total_s=60, size_bytes=1024 * 1024)


class AccountRefused(MusetteError):
    what = N_("The pod server did not make an account for %(email)s: %(reason)s.")
    do = N_("Use the password this account was made with, or another e-mail address.")


@dataclass(frozen=True)
class Account:
    webid: str
    email: str
    password: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    pod: str


def create(
    base_url: str,
    email: str,
    password: str,
    pod_name: str,
    *,
    person_name: str | None = None,
    kept: Account | None = None,
) -> Account:
    """The account with this e-mail address, made if there is none; its pod, made if it has none of this name.

    `kept` is what an earlier call gave: its credentials are given back while the server still knows them, otherwise new
    ones are made. `person_name` is written into the profile of a new pod. Raises AccountRefused, PodError.
    """
    server = _Server(base_url)
    if not server.log_in(email, password):
        server.register(email, password)
    pod, webid = server.pod(pod_name, person_name)
    if kept is not None and (kept.webid, kept.pod) == (webid, pod) and server.knows(kept.client_id):
        return Account(webid, email, password, kept.client_id, kept.client_secret, pod)
    client_id, client_secret = server.credentials(webid)
    return Account(webid, email, password, client_id, client_secret, pod)


class _Server:
    """The account API of one server, and the session of one account on it."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        parts = urlsplit(self.base_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._outgoing = Outgoing(allowed_hosts=frozenset({f"{parts.hostname}:{port}"}), pool_size=1)
        self._token: str | None = None
        self._controls: Mapping[str, Mapping[str, str]] = {}
        self._email = ""

    def log_in(self, email: str, password: str) -> bool:
        self._email = email
        answer = self._post(self._control("password", "login"), {"email": email, "password": password})
        if not answer.ok:
            return False
        self._enter(_read(answer))
        return True

    def register(self, email: str, password: str) -> None:
        self._enter(self._done(self._post(self._control("account", "create"), {})))
        # An account counts for nothing until it has a log-in: stopping here leaves nothing behind.
        self._done(self._post(self._control("password", "create"), {"email": email, "password": password}))

    def pod(self, name: str, person_name: str | None) -> tuple[str, str]:
        """The pod of that name and the WebID in it."""
        control = self._control("account", "pod")
        webids = self._done(self._get(self._control("account", "webId")))["webIdLinks"]
        # As the server makes a path of a name: SuffixIdentifierGenerator, sanitizeUrlPart.
        wanted = urljoin(self.base_url, re.sub(r"\W", "-", name, flags=re.ASCII).lower() + "/")
        for pod in self._done(self._get(control))["pods"]:
            if pod == wanted:
                for webid in webids:
                    if webid.startswith(pod):
                        return pod, webid
                raise AccountRefused(email=self._email, reason=N_("its pod holds no profile of its own"))
        settings = {"name": person_name} if person_name else {}
        made = self._done(self._post(control, {"name": name, "settings": settings}))
        return made["pod"], made["webId"]

    def knows(self, client_id: str) -> bool:
        return client_id in self._done(self._get(self._control("account", "clientCredentials")))["clientCredentials"]

    def credentials(self, webid: str) -> tuple[str, str]:
        control = self._control("account", "clientCredentials")
        made = self._done(self._post(control, {"name": "musette", "webId": webid}))
        return made["id"], made["secret"]

    def _enter(self, answer: Mapping[str, Any]) -> None:
        self._token = answer["authorization"]
        self._controls = {}

    def _control(self, group: str, name: str) -> str:
        """The address of one action. They are asked for, never guessed, and depend on who is logged in."""
        if not self._controls:
            self._controls = self._done(self._get(self.base_url + ".account/"))["controls"]
        try:
            return self._controls[group][name]
        except KeyError as error:
            raise AccountRefused(email=self._email, reason=f"the server offers no {group}.{name}") from error

    def _get(self, url: str) -> Response:
        return self._outgoing.send(Request("GET", url, self._headers()), _LIMITS)

    def _post(self, url: str, body: Mapping[str, Any]) -> Response:
        headers = {**self._headers(), "Content-Type": "application/json"}
        return self._outgoing.send(Request("POST", url, headers, json.dumps(body).encode()), _LIMITS)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"CSS-Account-Token {self._token}"
        return headers

    def _done(self, answer: Response) -> dict[str, Any]:
        if answer.ok:
            return _read(answer)
        if answer.status in {400, 403, 409}:
            reason = str(_read(answer).get("message") or answer.status)
            raise AccountRefused(email=self._email, reason=reason.rstrip("."))
        raise for_status(answer.url, answer.status)


def _read(answer: Response) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
