# ruff: noqa: SLF001  (the server and one exchange with it are two halves of one thing)
"""A pod server in memory: what a correct Solid server does, as a Transport.

For trying things out and for tests: it passes the same conformance suite as real servers. Where the specification leaves a
choice it takes the less helpful one (no ETag with the answer to a write), so that nobody comes to rely on help. Who asks is
said by `Authorization: DPoP <token>`, with a token from `token_for`.
"""

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from typing import ClassVar, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from rdflib import Graph, Literal, URIRef
from requests.structures import CaseInsensitiveDict

from musette_solid.pod import acp, patch, wac
from musette_solid.pod.errors import TooLarge, Unreachable
from musette_solid.pod.http import Limits, Request, Response, Upload
from musette_solid.pod.links import ACCESS_CONTROL_RESOURCE
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.names import canonical

_SUFFIXES: Final = {"wac": ".acl", "acp": ".acr"}
_DESCRIPTION: Final = ".well-known/solid"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_STORAGE: Final = "http://www.w3.org/ns/pim/space#Storage"
_STORAGE_DESCRIPTION: Final = "http://www.w3.org/ns/solid/terms#storageDescription"
_BASIC_CONTAINER: Final = "http://www.w3.org/ns/ldp#BasicContainer"
_ISSUER: Final = URIRef("http://www.w3.org/ns/solid/terms#oidcIssuer")
_NAME: Final = URIRef("http://xmlns.com/foaf/0.1/name")
_PERSON: Final = URIRef("http://xmlns.com/foaf/0.1/Person")


class Person(NamedTuple):
    """Somebody with a pod here."""

    webid: str
    storage: str


@dataclass(frozen=True)
class _Stored:
    body: bytes
    media_type: str
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    number: str = field(default_factory=lambda: uuid4().hex)

    @property
    def is_rdf(self) -> bool:
        return self.media_type.partition(";")[0].strip().lower() in {syntax.TURTLE, syntax.JSON_LD}

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.number.encode() + self.body).hexdigest()[:20]


class _Refusal(Exception):
    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = headers or {}


class Token:
    """Credentials for a Session: one token, nothing to renew."""

    def __init__(self, token: str) -> None:
        self._token = token

    def sign(self, method: str, url: str) -> Mapping[str, str]:  # noqa: ARG002  (what real proofs are bound to)
        return {"Authorization": f"DPoP {self._token}"}

    def refused(self, response: Response) -> bool:  # noqa: ARG002
        return False


class MemoryPod:
    """Everything below `base`. Pods are made with `create_pod`; requests are counted in `requests`.

    `rules` is the kind of access rules it keeps. `instead` lets a test stand between: called with each request, it may
    answer in place of the server, or raise.
    """

    #: What looks at one request; a server with other habits has another.
    exchange: "ClassVar[type[Exchange]]"

    def __init__(self, base: str = "https://pod.example/", rules: str = "wac") -> None:
        self.base = base
        self.rules = rules
        self._suffix = _SUFFIXES[rules]
        self.requests: deque[Request] = deque(maxlen=10_000)
        self.instead: Callable[[Request], Response | None] = lambda _request: None
        self._stored: dict[str, _Stored] = {}
        self._storages: set[str] = set()
        self._tokens: dict[str, str] = {}
        self._lock = threading.RLock()
        self._make_container(base)

    # Setting up

    def create_pod(self, name: str, person_name: str | None = None) -> Person:
        """A storage with a public profile in it, and rules as Community Solid Server makes them."""
        storage = f"{self.base}{name}/"
        card = f"{storage}profile/card"
        webid = f"{card}#me"
        with self._lock:
            self._storages.add(storage)
            self._make_container(f"{storage}profile/")
            profile = syntax.graph_of(
                [(URIRef(webid), terms.RDF_TYPE, _PERSON), (URIRef(webid), _ISSUER, URIRef(self.base))]
            )
            if person_name:
                profile.add((URIRef(webid), _NAME, Literal(person_name)))
            self._stored[card] = _Stored(syntax.turtle(profile), syntax.TURTLE)
            for target in (storage, card):
                # The home page and the profile are open to everybody, what is below the home page is not.
                place = target + self._suffix
                kind = wac if self.rules == "wac" else acp
                rules = kind.owner_only(target, place, webid, container=target.endswith("/"))
                rules = kind.with_agent(
                    rules, target, place, wac.PUBLIC, {Mode.READ}, "public", contents=False, everybody=True
                )
                self._stored[place] = _Stored(syntax.turtle(rules), syntax.TURTLE)
        return Person(webid, storage)

    def token_for(self, webid: str) -> str:
        """A token that says that `webid` asks."""
        with self._lock:
            token = secrets.token_urlsafe(16)
            self._tokens[token] = webid
            return token

    def pod_for(self, webid: str | None) -> Pod:
        """An agent's way in; None: somebody who is not signed in."""
        return Pod(self, webid, Token(self.token_for(webid)) if webid else None)

    def put_bytes(self, iri: str, body: bytes, media_type: str = syntax.TURTLE) -> None:
        """Store bytes as they are, unasked: what another application, or a fault, left there."""
        with self._lock:
            self._make_container(_parent(canonical(iri)))
            self._stored[canonical(iri)] = _Stored(body, media_type)

    # Requests

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        self.requests.append(request)
        url = canonical(request.url)
        if not url.startswith(self.base):
            raise Unreachable(request.url, host=urlsplit(request.url).hostname or "")
        answered = self.instead(request)
        if answered is not None:
            return answered
        with self._lock:
            try:
                response = self.exchange(self, request, url.partition("?")[0]).answer()
            except _Refusal as refusal:
                headers = CaseInsensitiveDict({"Content-Type": "text/plain", **refusal.headers})
                response = Response(request.url, refusal.status, headers, str(refusal).encode())
        if request.method == "HEAD":
            return Response(request.url, response.status, response.headers)
        if len(response.body) > (limits or Limits()).size_bytes:
            raise TooLarge(request.url, response.status)
        return response

    # What is stored

    def _make_container(self, container: str) -> None:
        while container.startswith(self.base) and container not in self._stored:
            self._stored[container] = _Stored(b"", syntax.TURTLE)
            container = _parent(container)

    def _touch(self, container: str) -> None:
        self._stored[container] = _Stored(b"", syntax.TURTLE)

    def _storage_of(self, url: str) -> str | None:
        return next((storage for storage in self._storages if url.startswith(storage)), None)

    def _members(self, container: str) -> list[str]:
        return sorted(
            url
            for url in self._stored
            if url != container
            and not url.endswith(self._suffix)
            and url.startswith(container)
            and _parent(url) == container
        )

    def _listing(self, container: str) -> Graph:
        me = URIRef(container)
        listing = syntax.graph_of(
            [
                (me, terms.RDF_TYPE, kind)
                for kind in (terms.LDP_CONTAINER, terms.LDP_BASIC_CONTAINER, terms.LDP_RESOURCE)
            ]
        )
        for url in [container, *self._members(container)]:
            listing.add((URIRef(url), terms.DCTERMS_MODIFIED, _date_time(self._stored[url].modified)))
            if url != container:
                listing.add((me, terms.LDP_CONTAINS, URIRef(url)))
        return listing

    def _modes(self, url: str, agent: str | None) -> frozenset[Mode]:
        """What `agent` may do to `url`, there or not, by the rules that there are on the way to it."""
        return self._by_acp(url, agent) if self.rules == "acp" else self._by_wac(url, agent)

    def _by_wac(self, url: str, agent: str | None) -> frozenset[Mode]:
        """By its own rules, else by those of the nearest container that has any."""
        own = self._rules_of(url)
        if own is not None:
            return wac.modes(own, url, agent, inherited=False)
        for container in self._above(url):
            rules = self._rules_of(container)
            if rules is not None:
                return wac.modes(rules, container, agent, inherited=True)
        return frozenset()

    def _by_acp(self, url: str, agent: str | None) -> frozenset[Mode]:
        """By its own policies and those of every container above, all together."""
        found = [*acp.policies(self._rules_of(url) or syntax.empty(), url, inherited=False)]
        for container in self._above(url):
            found += acp.policies(self._rules_of(container) or syntax.empty(), container, inherited=True)
        return acp.modes(found, agent)

    def _rules_of(self, url: str) -> Graph | None:
        stored = self._stored.get(url + self._suffix)
        return syntax.parse(stored.body, stored.media_type, url + self._suffix) if stored else None

    def _above(self, url: str) -> Iterator[str]:
        container = _parent(url)
        while container.startswith(self.base):
            yield container
            container = _parent(container)


class Exchange:
    """One request, looked at from all sides."""

    def __init__(self, server: MemoryPod, request: Request, url: str) -> None:
        self.suffix = server._suffix
        self.server = server
        self.request = request
        self.url = url
        self.stored = server._stored
        self.headers = CaseInsensitiveDict(dict(request.headers))
        self.body = request.body.open().read() if isinstance(request.body, Upload) else request.body or b""
        self.is_rules = url.endswith(self.suffix)
        self.subject = url.removesuffix(self.suffix)
        self.agent = self._agent()

    @property
    def current(self) -> _Stored | None:
        return self.stored.get(self.url)

    def answer(self) -> Response:
        method = self.request.method
        path = urlsplit(self.request.url).path
        if any(segment in {".", ".."} for segment in path.split("/")) or "//" in path:
            raise _Refusal(400, "a path with dots or empty segments")
        handle = {
            "GET": self._get,
            "HEAD": self._get,
            "OPTIONS": self._options,
            "PUT": self._put,
            "POST": self._post,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }.get(method)
        if handle is None:
            raise _Refusal(405, "unknown method", {"Allow": self._allow()})
        # "Servers MUST reject PUT, POST, and PATCH requests without the Content-Type header with a status code of 400."
        if method in {"PUT", "POST", "PATCH"} and "Content-Type" not in self.headers:
            raise _Refusal(400, "no Content-Type")
        return handle()

    # Who asks, and whether they may

    def _agent(self) -> str | None:
        authorization = self.headers.get("Authorization")
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        agent = self.server._tokens.get(token)
        if scheme.lower() != "dpop" or agent is None:
            raise _Refusal(401, "unknown token", {"WWW-Authenticate": "DPoP"})
        return agent

    def _require(self, *needed: Mode, url: str | None = None) -> None:
        target = url or self.url
        if target.endswith(self.suffix):
            target, needed = target.removesuffix(self.suffix), (Mode.CONTROL,)
        if not self.server._modes(target, self.agent) >= set(needed):
            if self.agent is None:
                raise _Refusal(401, "sign in", {"WWW-Authenticate": 'DPoP scope="openid webid"'})
            raise _Refusal(403, "not for you")

    # Reading

    def _get(self) -> Response:
        storage = self.server._storage_of(self.url)
        if storage and self.url == storage + _DESCRIPTION:
            graph = syntax.graph_of([(URIRef(storage), terms.RDF_TYPE, URIRef(_STORAGE))])
            return self._respond(200, {"Content-Type": syntax.TURTLE}, syntax.turtle(graph))
        self._require(Mode.READ)
        current = self.current
        if current is None:
            raise _Refusal(404, "nothing here", self._described())
        body, media_type = self._representation(current)
        headers = {
            **self._described(),
            "Content-Type": media_type,
            "ETag": self._etag(current, media_type),
            "Last-Modified": format_datetime(current.modified, usegmt=True),
            "Vary": "Accept, Authorization, Origin",
        }
        if self._matches(self.headers.get("If-None-Match"), current):
            return self._respond(304, headers)
        return self._respond(200, headers, body)

    def _options(self) -> Response:
        return self._respond(204, self._described())

    def _representation(self, current: _Stored) -> tuple[bytes, str]:
        if self.url.endswith("/"):
            listing = syntax.turtle(self.server._listing(self.url))
            current = _Stored(listing, syntax.TURTLE, current.modified)
        accept = self.headers.get("Accept", "*/*")
        wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
        kind = current.media_type.partition(";")[0].strip().lower()
        if {kind, kind.partition("/")[0] + "/*", "*/*"} & set(wanted):
            return current.body, current.media_type
        if current.is_rdf and syntax.TURTLE in wanted:
            try:
                return syntax.turtle(syntax.parse(current.body, current.media_type, self.url)), syntax.TURTLE
            except syntax.NotRdf as error:
                raise _Refusal(500, "what is stored cannot be read") from error
        raise _Refusal(406, "not in a form that you accept")

    def _described(self) -> dict[str, str]:
        """Headers that say what this is and what may be done with it."""
        links = [f'<{terms.LDP_RESOURCE}>; rel="type"']
        if self.is_rules and self.server.rules == "acp":
            # "Servers MUST advertise": how clients tell the two kinds of rules apart (ACP 0.9, 3.1).
            links.append(f'<{ACCESS_CONTROL_RESOURCE}>; rel="type"')
        if not self.is_rules:
            links.append(f'<{self.url}{self.suffix}>; rel="acl"')
        if self.url.endswith("/"):
            links += [f'<{terms.LDP_CONTAINER}>; rel="type"', f'<{_BASIC_CONTAINER}>; rel="type"']
        storage = self.server._storage_of(self.url)
        if storage:
            links.append(f'<{storage}{_DESCRIPTION}>; rel="{_STORAGE_DESCRIPTION}"')
            if self.url == storage:
                links.append(f'<{_STORAGE}>; rel="type"')
        headers = {"Link": ", ".join(links), "Allow": self._allow(), "Accept-Patch": "text/n3", "Accept-Put": "*/*"}
        if self.url.endswith("/"):
            headers["Accept-Post"] = "*/*"
        if not self.is_rules and self.server.rules == "wac":
            groups = {"user": self.server._modes(self.url, self.agent), "public": self.server._modes(self.url, None)}
            held = {who: " ".join(sorted(mode.name.lower() for mode in modes)) for who, modes in groups.items()}
            headers["WAC-Allow"] = ", ".join(f'{who}="{modes}"' for who, modes in held.items())
        return headers

    def _allow(self) -> str:
        methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH"]
        if self.url.endswith("/"):
            methods.append("POST")
        if not self._is_fixed():
            methods.append("DELETE")
        return ", ".join(methods)

    def _is_fixed(self) -> bool:
        # "Server MUST reject DELETE requests on the root container or its associated ACL resource" (405)
        return self.subject in {self.server.base, *self.server._storages}

    # Conditions (RFC 9110, 13)

    def _etag(self, current: _Stored, media_type: str | None = None) -> str:
        kind = (media_type or current.media_type).partition(";")[0]
        inside = current.digest
        if self.url.endswith("/"):
            inside = hashlib.sha256(syntax.turtle(self.server._listing(self.url))).hexdigest()[:20]
        return f'"{inside}-{kind.rpartition("/")[2]}"'

    def _matches(self, header: str | None, current: _Stored | None) -> bool:
        if header is None or current is None:
            return False
        tags = {tag.strip() for tag in header.split(",")}
        # The form it was read in is no matter for a write; it is for what a reader kept.
        ours = {self._etag(current, kind) for kind in (current.media_type, syntax.TURTLE, syntax.JSON_LD)}
        return "*" in tags or bool(tags & ours)

    def _check_conditions(self) -> None:
        if "If-Match" in self.headers and not self._matches(self.headers["If-Match"], self.current):
            raise _Refusal(412, "it has changed")
        if self._matches(self.headers.get("If-None-Match"), self.current):
            raise _Refusal(412, "it is there already")

    # Writing

    def _require_write(self, *needed: Mode) -> None:
        """WAC 1.0: creating asks for Append on the container, whatever it asks for on the resource itself."""
        self._require(*needed)
        if self.current is None and not self.is_rules:
            self._require(Mode.APPEND, url=self._nearest_container())

    def _nearest_container(self) -> str:
        container = _parent(self.url)
        while container not in self.stored:
            container = _parent(container)
        return container

    def _check_place(self) -> None:
        if self.is_rules and self.subject not in self.stored:
            raise _Refusal(404, "rules for nothing")
        # "if two URIs differ only in the trailing slash, and the server has associated a resource with one of them, then
        # the other URI MUST NOT correspond to another resource" (Solid Protocol 0.11, 3.1)
        twin = self.url[:-1] if self.url.endswith("/") else self.url + "/"
        if self.current is None and twin in self.stored:
            raise _Refusal(409, "the same name with and without a slash")
        above = _parent(self.url)
        while above not in self.stored and above.startswith(self.server.base):
            if above[:-1] in self.stored:
                raise _Refusal(409, "a document on the way")
            above = _parent(above)

    def _put(self) -> Response:
        # What is new takes nothing away from anybody: Append will do, here and on the container (as in CSS).
        self._require_write(Mode.WRITE if self.current else Mode.APPEND)
        self._check_conditions()
        self._check_place()
        if self.url.endswith("/") and self.current is not None:
            raise _Refusal(409, "a container lists what it contains; it cannot be replaced")
        return self._keep(_Stored(self.body, self.headers["Content-Type"]))

    def _keep(self, stored: _Stored) -> Response:
        if self.is_rules:
            self._check_rules(stored)
        created = self.current is None
        if self.url.endswith("/"):
            stored = _Stored(b"", syntax.TURTLE)
        self.server._make_container(_parent(self.url))
        self.stored[self.url] = stored
        if created:
            self.server._touch(_parent(self.url))
            return self._respond(201, {"Location": self.url})
        return self._respond(204)

    def _check_rules(self, stored: _Stored) -> None:
        try:
            syntax.parse(stored.body, stored.media_type, self.url)
        except syntax.NotRdf as error:
            raise _Refusal(400, "rules that cannot be read") from error

    def _post(self) -> Response:
        if not self.url.endswith("/"):
            raise _Refusal(405, "only containers take what is posted", {"Allow": self._allow()})
        self._require(Mode.APPEND)
        if self.current is None:
            raise _Refusal(404, "no such container")
        slash = "/" if _BASIC_CONTAINER in self.headers.get("Link", "") else ""
        name = self.headers.get("Slug", "").strip("/")
        # Slug is a hint (RFC 5023, 9.7): what could not be a plain name of its own becomes a new one.
        if not name or "/" in name or name.startswith(".") or name.endswith(self.suffix):
            name = str(uuid4())
        url = canonical(self.url + name)
        while url in self.stored or url + "/" in self.stored:
            url = canonical(f"{self.url}{uuid4()}-{name}")
        self.url = self.subject = url + slash
        return self._keep(_Stored(self.body, self.headers["Content-Type"]))

    def _patch(self) -> Response:
        if self.headers["Content-Type"].partition(";")[0].strip().lower() != "text/n3":
            raise _Refusal(415, "only text/n3", {"Accept-Patch": "text/n3"})
        try:
            change = patch.read(self.body, self.url)
        except patch.InvalidPatch as error:
            raise _Refusal(422, str(error)) from error
        # "?conditions non-empty: Read; ?insertions: Append; ?deletions: Read and Write"
        needed = {Mode.READ} if change.where else set()
        needed |= {Mode.APPEND} if change.inserts else set()
        needed |= {Mode.READ, Mode.WRITE} if change.deletes else set()
        self._require_write(*needed)
        self._check_conditions()
        self._check_place()
        if self.url.endswith("/"):
            raise _Refusal(409, "a container lists what it contains; it cannot be changed")
        graph = self._graph()
        if not change.where | change.deletes <= set(graph):
            raise _Refusal(409, "a triple of the change is not there")
        after = (set(graph) - change.deletes) | change.inserts
        return self._keep(_Stored(syntax.turtle(syntax.graph_of(after)), syntax.TURTLE))

    def _graph(self) -> Graph:
        current = self.current
        if current is None:
            return syntax.empty()
        try:
            return syntax.parse(current.body, current.media_type, self.url)
        except syntax.NotRdf as error:
            raise _Refusal(409, "what is stored cannot be read, so it cannot be changed") from error

    def _delete(self) -> Response:
        self._require(Mode.WRITE)
        if self._is_fixed():
            raise _Refusal(405, "the root stays", {"Allow": self._allow()})
        # "Delete needs Write on the resource and on its container" (WAC 1.0, 4.3)
        if not self.is_rules:
            self._require(Mode.WRITE, url=_parent(self.url))
        if self.current is None:
            raise _Refusal(404, "nothing here")
        self._check_conditions()
        # "When a DELETE request targets a container that contains resources: 409" (Solid Protocol 0.11, 5.4)
        if self.url.endswith("/") and self.server._members(self.url):
            raise _Refusal(409, "the container is not empty")
        del self.stored[self.url]
        self.stored.pop(self.url + self.suffix, None)
        if not self.is_rules:
            self.server._touch(_parent(self.url))
        return self._respond(204)

    def _respond(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Response:
        return Response(self.request.url, status, CaseInsensitiveDict(dict(headers or {})), body)


def _parent(url: str) -> str:
    return url.rstrip("/").rpartition("/")[0] + "/"


def _date_time(moment: datetime) -> Literal:
    return Literal(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"), datatype=terms.XSD_DATE_TIME)


MemoryPod.exchange = Exchange
