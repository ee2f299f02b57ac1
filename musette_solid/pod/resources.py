"""Read, create, change and delete resources: an ETag in every signature, nothing written over what was not read."""

from dataclasses import dataclass, field

from rdflib import Graph

from musette_solid.errors import N_
from musette_solid.pod.errors import (
    AlreadyThere,
    ChangedMeanwhile,
    NotThere,
    NotUnderstood,
    PodError,
    for_status,
)
from musette_solid.pod.http import Limits, Response
from musette_solid.pod.links import Links, links
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.rdf.names import canonical, document

# Never */*: NSS would answer with an index.html.
ACCEPT = "text/turtle, application/ld+json;q=0.9"
N3 = "text/n3"
TRIES = 3


@dataclass(frozen=True)
class Resource:
    """A document as it was read. Absence is an answer: then `exists` is False and the graph is empty."""

    iri: str
    graph: Graph = field(repr=False)
    exists: bool = True
    etag: str | None = None  # strong, from a GET; None when the server gave none that can be trusted
    links: Links = field(default=Links({}), repr=False)
    accept_patch: frozenset[str] = frozenset()
    body: bytes = field(default=b"", repr=False)
    media_type: str = syntax.TURTLE

    @property
    def version(self) -> str:
        """What to show again at a save, to prove that this version was seen."""
        return self.etag or ("absent" if not self.exists else "unversioned")


def read(pod: Pod, iri: str, *, limits: Limits | None = None) -> Resource:
    """The document at `iri`: not asked for while a channel says that it has not moved, else only if it changed.

    Raises AccessRefused or SignInNeeded (somebody may know more), NotUnderstood (no RDF, or damaged), Unreachable, and
    PodError for the rest. None of those is an absence.
    """
    url = canonical(document(iri))
    current: Resource | None = pod.cache.current(url)
    if current is not None:
        return current
    turn = pod.cache.asking(url)
    known: Resource | None = pod.cache.get(url)
    headers = {"Accept": ACCEPT}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    response = pod.send("GET", url, headers, limits=limits)
    if response.status == 304 and known is not None:
        pod.cache.confirmed(url, turn)
        return known
    if response.status in {404, 410}:
        absent = Resource(url, syntax.empty(), exists=False, links=links(response))
        pod.cache.put(url, absent, 1024, turn=turn)  # kept only while a channel would tell of its creation
        return absent
    if not response.ok:
        pod.cache.forget(url)
        raise _error(response)
    resource = _resource(url, response)
    # A listing is asked for each time: CSS answers 304 although a member changed, and tells of no member's change.
    if not url.endswith("/"):
        pod.cache.put(url, resource, len(resource.body) * 8, etag=resource.etag, turn=turn)
    return resource


def _resource(url: str, response: Response) -> Resource:
    media_type = response.headers.get("Content-Type", "")
    try:
        graph = syntax.parse(response.body, media_type, url)
    except syntax.NotRdf as error:
        raise NotUnderstood(url, response.status, **error.details) from error
    return Resource(
        url,
        graph,
        etag=strong(response.headers.get("ETag")),
        links=links(response),
        accept_patch=frozenset(kind.strip().lower() for kind in response.headers.get("Accept-Patch", "").split(",")),
        body=response.body,
        media_type=media_type,
    )


def strong(etag: str | None) -> str | None:
    """The tag if it may go into If-Match: RFC 9110 13.1.1 compares strongly, so a weak one never matches."""
    return etag if etag and etag.startswith('"') else None


def _error(response: Response) -> PodError:
    if 300 <= response.status < 400:
        # Followed by nobody here: a redirect could carry the proof to another place.
        return NotUnderstood(response.url, response.status, reason=N_("it has moved elsewhere"))
    if response.status == 406:  # "no representation that you accept": another kind of file was put in its place
        return NotUnderstood(response.url, response.status, reason=N_("it is neither Turtle nor JSON-LD"))
    return for_status(response.url, response.status)


def create(pod: Pod, iri: str, graph: Graph) -> None:
    """A new document, with the containers on the way to it. Raises AlreadyThere; nothing is ever overwritten."""
    put(pod, iri, syntax.turtle(graph), syntax.TURTLE, {"If-None-Match": "*"})


def put(pod: Pod, iri: str, body: bytes, media_type: str, conditions: dict[str, str]) -> Response:
    """PUT under a condition (If-None-Match: * to create, If-Match to replace)."""
    url = canonical(document(iri))
    pod.cache.forget(url)
    response = pod.send("PUT", url, {"Content-Type": media_type, **conditions}, body)
    if response.status == 412 and "If-None-Match" in conditions:
        raise AlreadyThere(url, response.status)
    if not response.ok:
        raise _error(response)
    return response


def insert(pod: Pod, iri: str, graph: Graph) -> None:
    """Add triples in one request, creating the document and its containers if absent; sending it twice changes nothing.

    An insert-only N3 Patch (Solid Protocol 0.11, 5.3.1) needs no version: it takes nothing away from anybody.
    """
    url = canonical(document(iri))
    change_ = Delta(into=frozenset(graph))
    if not change_:
        return
    pod.cache.forget(url)
    response = pod.send("PATCH", url, {"Content-Type": N3}, n3_patch(change_))
    if response.status in {405, 415, 501}:
        change(pod, read(pod, url), change_)
    elif not response.ok:
        # Nothing is taken away, so nobody can have been faster: is the document damaged? Then that is what to say.
        if response.status in {400, 409, 412, 422} or response.status >= 500:
            read(pod, url)
        if response.status == 409:
            raise PodError(url, response.status)
        raise _error(response)


def change(pod: Pod, base: Resource, delta: Delta) -> None:
    """Apply a change made from `base`; what others wrote meanwhile, elsewhere in the document, is kept.

    When the very triples of the change were changed by somebody else, nothing is written and ChangedMeanwhile is raised
    with `.details["theirs"]`, the Resource as it is now.
    """
    for _ in range(TRIES):
        if not delta:
            return
        refusal = _try(pod, base, delta)
        if refusal is None:
            return
        base = read(pod, base.iri)
        if not delta.out <= frozenset(base.graph):
            raise ChangedMeanwhile(base.iri, refusal.status, theirs=base)
        delta = Delta(delta.out, delta.into - frozenset(base.graph))
    raise ChangedMeanwhile(base.iri, 412, theirs=base)


def _try(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """One attempt. None when it is done, the answer when somebody was faster."""
    url = canonical(base.iri)
    pod.cache.forget(url)
    conditions: dict[str, str] = {"If-Match": base.etag} if base.exists and base.etag else {}
    if not base.exists and not delta.out:
        conditions = {"If-None-Match": "*"}
    if N3 in base.accept_patch or not base.accept_patch - {""}:
        # `solid:deletes` must be there, or the server answers 409: a compare-and-swap even without an ETag.
        response = pod.send("PATCH", url, {"Content-Type": N3, **conditions}, n3_patch(delta))
        if response.status in {409, 412}:
            return response
        if response.ok:
            return None
        if response.status not in {405, 415, 501}:
            raise _error(response)
    if not conditions:
        raise PodError(url, 428)  # RFC 6585: without a version nor a patch, a write could bury somebody's words
    after = (set(base.graph) - delta.out) | delta.into
    response = pod.send(
        "PUT", url, {"Content-Type": syntax.TURTLE, **conditions}, syntax.turtle(syntax.graph_of(after))
    )
    if response.status in {409, 412}:
        return response
    if not response.ok:
        raise _error(response)
    return None


def delete(pod: Pod, iri: str, etag: str | None = None) -> bool:
    """Delete a document or an empty container; False when there was nothing. With `etag`, only that version."""
    url = canonical(document(iri))
    pod.cache.forget(url)
    response = pod.send("DELETE", url, {"If-Match": etag} if etag else None)
    if response.status in {404, 410}:
        return False
    if not response.ok:
        raise _error(response)
    return True


def look(pod: Pod, iri: str) -> tuple[Response, Links]:
    """What a HEAD tells: status, links, allowed methods. Never a validator: one server sends the same on every HEAD."""
    response = pod.send("HEAD", canonical(document(iri)), {"Accept": ACCEPT})
    return response, links(response)


def required(resource: Resource) -> Resource:
    """The resource, or NotThere: for those who cannot go on without it."""
    if not resource.exists:
        raise NotThere(resource.iri, 404)
    return resource


def fetch(pod: Pod, iri: str, accept: str, *, limits: Limits | None = None) -> Response:
    """The bytes at `iri`, whatever they are. Raises as `read` does, and NotThere."""
    response = pod.send("GET", canonical(document(iri)), {"Accept": accept}, limits=limits)
    if not response.ok:
        raise _error(response)
    return response
