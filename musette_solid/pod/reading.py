"""What is at an address: a document as it was read, absence as an answer, everything else as an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urljoin

from rdflib import Graph

from musette_solid.errors import N_
from musette_solid.pod.cache import NOTHING
from musette_solid.pod.errors import NotThere, NotUnderstood, PodError
from musette_solid.pod.http import Limits, Response
from musette_solid.pod.links import Links, links
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import canonical, document, origin

# Never */*: NSS would answer with an index.html.
ACCEPT = "text/turtle, application/ld+json;q=0.9"
HOPS = 3

V = TypeVar("V")

#: What makes something of a document: its bytes, their media type, the base of its IRIs. Raises syntax.NotRdf for all that
#: is damaged, whatever part of the document it wants.
Reader: TypeAlias = Callable[[bytes, str, str], V]


@dataclass(frozen=True)
class Resource:
    """A document as it was read. Absence is an answer: then `exists` is False and the graph is empty.

    What it says is made when it is asked for, and once: a page that needs little of a document builds no graph of it.
    """

    iri: str
    exists: bool = True
    etag: str | None = None  # strong, from a GET; None when the server gave none that can be trusted
    modified: str | None = None  # Last-Modified, in whole seconds: better than nothing as a condition
    links: Links = field(default=Links({}), repr=False)
    accept_patch: frozenset[str] = frozenset()
    body: bytes = field(default=b"", repr=False)
    media_type: str = syntax.TURTLE
    _made: dict[Reader[Any], Any] = field(default_factory=dict, repr=False, compare=False)

    def holding(self, graph: Graph) -> "Resource":
        """The same document once it holds `graph`, as nobody has read it yet: without a version."""
        return replace(self, exists=True, body=b"", etag=None, modified=None, _made={syntax.parse: graph})

    @property
    def graph(self) -> Graph:
        return self.said(syntax.parse)

    def said(self, reader: Reader[V]) -> V:
        """What `reader` makes of it. Raises NotUnderstood when the document is damaged."""
        try:
            value: V = self._made[reader]
        except KeyError:
            try:
                value = self._made[reader] = reader(self.body, self.media_type, self.iri)
            except syntax.NotRdf as error:
                raise NotUnderstood(self.iri, 200, **error.details) from error
        return value

    @property
    def version(self) -> str:
        """What to show again at a save, to prove that this version was seen."""
        return self.etag or ("absent" if not self.exists else "unversioned")


def read(
    pod: Pod, iri: str, *, limits: Limits | None = None, reader: Callable[[bytes, str, str], object] = syntax.parse
) -> Resource:
    """The document at `iri`: not asked for while a channel says that it has not moved, else only if it changed.

    It has been read through `reader` when it is given: what is damaged is never found out later, nor kept.

    Raises AccessRefused or SignInNeeded (somebody may know more), NotUnderstood (no RDF, or damaged), Unreachable, and
    PodError for the rest. None of those is an absence.
    """
    url = canonical(document(iri))
    current: Resource | None = pod.cache.current(url)
    if current is not None:
        current.said(reader)
        return current
    turn = pod.cache.asking(url)
    known: Resource | None = pod.cache.get(url)
    headers = {"Accept": ACCEPT}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    response = _get(pod, url, headers, limits)
    if response.status == 304 and known is not None:
        known.said(reader)
        pod.cache.confirmed(url, known, turn if known.iri == url else None)
        return known
    if response.status in {404, 410}:
        absent = Resource(url, exists=False, links=links(response))
        pod.cache.put(url, absent, 1024, turn=turn)  # kept only while a channel would tell of its creation
        pod.cache.found(url, NOTHING)
        return absent
    if not response.ok:
        pod.cache.forget(url)
        raise refusal(pod, response)
    resource = Resource(
        canonical(response.url),
        etag=strong(response.headers.get("ETag")),
        modified=response.headers.get("Last-Modified"),
        links=links(response),
        accept_patch=frozenset(kind.strip().lower() for kind in response.headers.get("Accept-Patch", "").split(",")),
        body=response.body,
        media_type=response.headers.get("Content-Type", ""),
    )
    resource.said(reader)
    # A listing is asked for each time: CSS answers 304 although a member changed, and tells of no member's change.
    if not url.endswith("/"):
        # What a redirect led to is written elsewhere, and told of elsewhere.
        turn = turn if resource.iri == url else None
        pod.cache.put(url, resource, len(resource.body) * 8, etag=resource.etag, turn=turn)
    return resource


def is_at_hand(pod: Pod, iri: str) -> bool:
    """Whether reading it would ask nobody."""
    return pod.cache.current(canonical(document(iri))) is not None


def fetch(pod: Pod, iri: str, accept: str, *, limits: Limits | None = None) -> Response:
    """The bytes at `iri`, whatever they are. Raises as `read` does, and NotThere."""
    response = pod.send("GET", canonical(document(iri)), {"Accept": accept}, limits=limits)
    if not response.ok:
        raise refusal(pod, response)
    return response


def look(pod: Pod, iri: str) -> tuple[Response, Links]:
    """What a HEAD tells: status, links, allowed methods. Never a validator: one server sends the same on every HEAD."""
    response = pod.send("HEAD", canonical(document(iri)), {"Accept": ACCEPT})
    return response, links(response)


def required(resource: Resource) -> Resource:
    """The resource, or NotThere: for those who cannot go on without it."""
    if not resource.exists:
        raise NotThere(resource.iri, 404)
    return resource


def _get(pod: Pod, url: str, headers: Mapping[str, str], limits: Limits | None) -> Response:
    """The answer, redirects followed by hand: on the same server only, each with a proof of its own."""
    response = pod.send("GET", url, headers, limits=limits)
    for _ in range(HOPS):
        if response.status not in {301, 302, 303, 307, 308}:
            break
        try:
            target = urljoin(response.url, response.headers.get("Location", ""))
        except ValueError:  # "https://[::1:4000/" is no address
            break
        if origin(target) != origin(url):
            break
        response = pod.send("GET", target, headers, limits=limits)
    return response


def strong(etag: str | None) -> str | None:
    """The tag if it may go into If-Match: RFC 9110 13.1.1 compares strongly, so a weak one never matches."""
    return etag if etag and etag.startswith('"') else None


def refusal(pod: Pod, response: Response) -> PodError:
    """What an answer that is no success means to who asked."""
    if 300 <= response.status < 400:
        # Followed by nobody here: a redirect could carry the proof to another place.
        return NotUnderstood(response.url, response.status, reason=N_("it has moved elsewhere"))
    if response.status == 406:  # "no representation that you accept": another kind of file was put in its place
        return NotUnderstood(response.url, response.status, reason=N_("it is neither Turtle nor JSON-LD"))
    return pod.failure(response)
