"""Read, create, change and delete resources: an ETag in every signature, nothing written over what was not read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urljoin

from rdflib import BNode, Graph, Literal

from musette_solid.errors import N_
from musette_solid.pod import capabilities
from musette_solid.pod.errors import (
    AlreadyThere,
    Busy,
    ChangedMeanwhile,
    NotKept,
    NotThere,
    NotUnderstood,
    PodError,
    Unreachable,
    for_status,
)
from musette_solid.pod.http import Limits, Response
from musette_solid.pod.links import Links, links
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta, merge, n3_patch, sparql_update
from musette_solid.rdf.names import canonical, document, origin
from musette_solid.rdf.syntax import Triple

# Never */*: NSS would answer with an index.html.
ACCEPT = "text/turtle, application/ld+json;q=0.9"
N3 = "text/n3"
SPARQL = "application/sparql-update"
TRIES = 3
HOPS = 3
#: For looking whether something was done: the person has waited once already.
LOOK = Limits(total_s=10)

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
        return absent
    if not response.ok:
        pod.cache.forget(url)
        raise _error(response)
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
    """PUT under a condition (If-None-Match: * to create, If-Match to replace).

    Turtle goes as JSON-LD to a server that takes nothing else. Raises NotKept when what is there afterwards is not that.
    """
    url = canonical(document(iri))
    pod.cache.forget(url)
    response = _put(pod, url, body, media_type, conditions)
    if response.status == 412 and "If-None-Match" in conditions:
        raise AlreadyThere(url, response.status)
    if not response.ok:
        raise _error(response)
    if not capabilities.known(url).is_proved("PUT"):
        if not _is_there(pod, url, body, media_type):
            capabilities.learn(url, drops=True)
            raise NotKept(url, response.status)
        capabilities.learn(url, keeps_put=True)
    return response


def _put(pod: Pod, url: str, body: bytes, media_type: str, conditions: dict[str, str]) -> Response:
    response = Response(url, 415, {})
    is_turtle = media_type.partition(";")[0].strip().lower() == syntax.TURTLE

    def done() -> bool:
        return _is_there(pod, url, body, media_type)

    if not is_turtle or capabilities.known(url).turtle is not False:
        response = sent(pod, "PUT", url, {"Content-Type": media_type, **conditions}, body, done)
    if response.status == 415 and is_turtle:
        capabilities.learn(url, turtle=False)
        as_json = syntax.json_ld_bytes(syntax.parse(body, media_type, url))
        response = sent(pod, "PUT", url, {"Content-Type": syntax.JSON_LD, **conditions}, as_json, done)
    return response


def _is_there(pod: Pod, url: str, body: bytes, media_type: str) -> bool:
    """Whether a document says what `body` does: the same bytes, or the same triples."""
    response = pod.send("GET", url, {"Accept": f"{media_type}, {ACCEPT}"}, limits=LOOK)
    if not response.ok:
        return False
    if response.body == body:
        return True
    try:
        found = syntax.parse(response.body, response.headers.get("Content-Type", ""), url)
        return same(found, syntax.parse(body, media_type, url))
    except syntax.NotRdf:
        return False


def sent(
    pod: Pod, method: str, url: str, headers: Mapping[str, str], body: bytes | None, done: Callable[[], bool]
) -> Response:
    """The answer to a write; when none came, the answer is looked for (`done`) before the write is sent once more.

    A write that was done although its answer was lost is answered 200 here. Raises Unreachable when nothing can be known.
    """
    for is_second in (False, True):
        try:
            response = pod.send(method, url, headers, body)
        except Busy:  # that is an answer: nothing was done
            raise
        except Unreachable:
            # Sent or not, done or not: RFC 9110 9.2.2 lets nobody repeat it blindly.
            pod.cache.forget(url)
            if done():
                return Response(url, 200, {})
            if is_second:
                raise
            continue
        # A gateway that gave up may have passed it on; a condition refused the second time may be the first time's doing.
        if response.status in {500, 502, 504} or (is_second and response.status in {409, 412}):
            pod.cache.forget(url)
            try:
                if done():
                    return Response(url, 200, {})
            except PodError:
                return response
        return response
    raise AssertionError


def insert(pod: Pod, iri: str, graph: Graph) -> None:
    """Add triples in one request, creating the document and its containers if absent; sending it twice changes nothing.

    An insert-only N3 Patch (Solid Protocol 0.11, 5.3.1) needs no version: it takes nothing away from anybody.
    """
    url = canonical(document(iri))
    change_ = Delta(into=frozenset(graph))
    if not change_:
        return
    pod.cache.forget(url)
    if not capabilities.patches(pod, url):
        change(pod, read(pod, url), change_)
        return
    response = sent(pod, "PATCH", url, {"Content-Type": N3}, n3_patch(change_), lambda: _holds(pod, url, change_))
    if response.status in {405, 415, 501}:
        change(pod, read(pod, url), change_)
    elif not response.ok:
        # Nothing is taken away, so nobody can have been faster: is the document damaged? Then that is what to say.
        if response.status in {400, 409, 412, 422} or response.status >= 500:
            read(pod, url)
        if response.status == 409:
            raise PodError(url, response.status)
        raise _error(response)
    else:
        found = _doubted(pod, url, change_)
        if found is not None:
            change(pod, found, Delta(into=change_.into - frozenset(found.graph)))


def change(pod: Pod, base: Resource, delta: Delta, tries: int = TRIES) -> None:
    """Apply a change made from `base`; what others wrote meanwhile, elsewhere in the document, is kept.

    `tries` 1: whatever others wrote meanwhile, ChangedMeanwhile is raised, for who decides from the whole document. When both changed the same thing (rdf.delta.merge says what that is), nothing is written and ChangedMeanwhile is raised
    with `.details["theirs"]`, the Resource as it is now. Raises NotKept when the server says yes and does not do it.
    """
    seen, wanted = base, delta
    for _ in range(tries):
        if not delta:
            return
        refusal = _try(pod, base, delta)
        if refusal is None:
            return
        pod.cache.forget(base.iri)
        now = read(pod, base.iri)
        if refusal.status == 409 and _is_unchanged(now, base):
            # Nobody was faster: the server reads what is to be taken out in a way of its own (NSS takes 12.50 for 12.5, and
            # "@fr-BE" for another language).
            refusal = _as_a_whole(pod, now, delta)
            if refusal is None:
                return
            pod.cache.forget(base.iri)
            now = read(pod, base.iri)
        base = now
        merged = merge(seen.graph, wanted, base.graph) if base.exists or not seen.exists else None
        if merged is None:
            raise ChangedMeanwhile(base.iri, refusal.status, theirs=base)
        delta = merged
    raise ChangedMeanwhile(base.iri, 412, theirs=base)


def _try(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """One attempt, the gentlest first. None when it is done, the answer when somebody was faster."""
    url = canonical(base.iri)
    pod.cache.forget(url)
    for attempt in (_by_n3, _by_sparql):
        response = attempt(pod, base, delta)
        if response is None or response.status in {405, 415, 501}:
            continue
        if response.status in {409, 412}:
            return response
        if not response.ok:
            raise _error(response)
        found = _doubted(pod, url, delta)
        if found is None:
            return None
        # It said yes and did something else. What was there is known: put it right, as a whole.
        base, delta = found, _repair(base, delta, found)
        break
    return _as_a_whole(pod, base, delta)


def _by_n3(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """`solid:deletes` must be there, or the server answers 409: a compare-and-swap even without an ETag."""
    if N3 not in base.accept_patch and base.accept_patch - {""}:
        return None
    url = canonical(base.iri)
    if not capabilities.patches(pod, url):
        return None
    headers = {"Content-Type": N3, **_conditions(base, delta)}
    return sent(pod, "PATCH", url, headers, n3_patch(delta), lambda: _holds(pod, url, delta))


def _by_sparql(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """Only under a condition that the server keeps: DELETE DATA of what is absent is no error, so it locks nothing."""
    url = canonical(base.iri)
    if SPARQL not in base.accept_patch or not base.etag or capabilities.known(url).drops:
        return None
    if not capabilities.honours_if_match(pod, url):
        return None
    headers = {"Content-Type": SPARQL, "If-Match": base.etag}
    return sent(pod, "PATCH", url, headers, sparql_update(delta), lambda: _holds(pod, url, delta))


def _conditions(base: Resource, delta: Delta) -> dict[str, str]:
    if not base.exists:
        return {} if delta.out else {"If-None-Match": "*"}
    return {"If-Match": base.etag} if base.etag else {}


def _as_a_whole(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """The last resort: the whole document, over exactly the version that was read and understood."""
    url = canonical(base.iri)
    conditions = _conditions(base, delta)
    if base.exists and not (base.etag and capabilities.honours_if_match(pod, url)):
        pod.cache.forget(url)
        if not _is_unchanged(read(pod, url), base):
            return Response(url, 412, {})
        conditions = {"If-Unmodified-Since": base.modified} if base.modified else {}
    after = syntax.graph_of((set(base.graph) - delta.out) | delta.into)
    response = _put(pod, url, syntax.turtle(after), syntax.TURTLE, conditions)
    if response.status in {409, 412}:
        return response
    if not response.ok:
        raise _error(response)
    if not capabilities.known(url).is_proved("PUT"):
        pod.cache.forget(url)
        if not _named(after) <= _named(read(pod, url).graph):
            capabilities.learn(url, drops=True)
            raise NotKept(url, response.status)
        capabilities.learn(url, keeps_put=True)
    return None


def _holds(pod: Pod, url: str, delta: Delta) -> bool:
    """Whether a document says what a change wanted it to."""
    pod.cache.forget(url)
    found = frozenset(read(pod, url, limits=LOOK).graph)
    return delta.into <= found and not delta.out & found


def _doubted(pod: Pod, url: str, delta: Delta) -> Resource | None:
    """After a patch to a server that has not proved itself: the document, when the patch did not do what it said."""
    if capabilities.known(url).is_proved("PATCH"):
        return None
    pod.cache.forget(url)
    found = read(pod, url)
    if delta.into <= frozenset(found.graph) and not delta.out & frozenset(found.graph):
        # Plain words are easily kept: what has a datatype or a language shows whether literals are.
        telling = any(isinstance(o, Literal) and (o.datatype or o.language) for _, _, o in delta.into)
        if telling and capabilities.known(url).patches is not None:
            capabilities.learn(url, keeps_patched=True)
        return None
    capabilities.learn(url, patches=False, drops=True)
    return found


def _repair(base: Resource, delta: Delta, found: Resource) -> Delta:
    """From what a bad patch left to what was meant: our own subjects as we said them, and nobody's triple lost."""
    meant = (_named(base.graph) - delta.out) | delta.into
    left = _named(found.graph)
    ours = {s for s, _, _ in delta.out | delta.into}
    return Delta(frozenset(t for t in left - meant if t[0] in ours), meant - left)


def _is_unchanged(now: Resource, base: Resource) -> bool:
    return now.exists and base.exists and (now.body == base.body or same(now.graph, base.graph))


def same(one: Graph, other: Graph) -> bool:
    """Whether two graphs say the same, nodes without a name counted and not compared."""
    return len(one) == len(other) and _named(one) == _named(other)


def _named(graph: Graph) -> frozenset[Triple]:
    return frozenset(triple for triple in graph if not any(isinstance(node, BNode) for node in triple))


def delete(pod: Pod, iri: str, etag: str | None = None) -> bool:
    """Delete a document or an empty container; False when there was nothing. With `etag`, only that version."""
    url = canonical(document(iri))
    pod.cache.forget(url)

    def done() -> bool:
        return pod.send("GET", url, {"Accept": ACCEPT}, limits=LOOK).status in {404, 410}

    response = sent(pod, "DELETE", url, {"If-Match": etag} if etag else {}, None, done)
    # NSS says of what is absent that it may not be deleted.
    if response.status in {404, 410} or (response.status == 403 and done()):
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
