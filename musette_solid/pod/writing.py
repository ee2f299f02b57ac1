"""Whole documents: created, put, deleted, under conditions; when no answer comes, the first thing done is to look."""

import json
from collections.abc import Callable, Mapping

from rdflib import BNode, Graph

from musette_solid.pod import capabilities
from musette_solid.pod.errors import AlreadyThere, Busy, NotKept, PodError, Unreachable
from musette_solid.pod.http import Limits, Response
from musette_solid.pod.reading import ACCEPT, refusal, strong
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import telling
from musette_solid.rdf.names import canonical, document
from musette_solid.rdf.syntax import Triple

#: For looking whether something was done: the person has waited once already.
LOOK = Limits(total_s=10)


def create(pod: Pod, iri: str, graph: Graph) -> None:
    """A new document, with the containers on the way to it. Raises AlreadyThere; nothing is ever overwritten."""
    put(pod, iri, syntax.turtle(graph), syntax.TURTLE, {"If-None-Match": "*"})
    pod.cache.found(canonical(document(iri)), telling(graph))


def put(pod: Pod, iri: str, body: bytes, media_type: str, conditions: dict[str, str]) -> Response:
    """PUT under a condition (If-None-Match: * to create, If-Match to replace).

    Turtle goes as JSON-LD to a server that takes nothing else. Raises NotKept when what is there afterwards is not that.
    """
    url = canonical(document(iri))
    pod.cache.forget(url)
    response = put_whole(pod, url, body, media_type, conditions)
    if response.status == 412 and "If-None-Match" in conditions:
        raise AlreadyThere(url, response.status)
    if not response.ok:
        raise refusal(pod, response)
    if not capabilities.known(url).is_proved("PUT"):

        def kept() -> bool:
            return _is_there(pod, url, body, media_type)

        if not kept() and not kept_as_json_ld(pod, url, body, media_type, kept):
            capabilities.learn(url, drops=True)
            raise NotKept(url, response.status)
        capabilities.learn(url, keeps_put=True)
    return response


def put_whole(pod: Pod, url: str, body: bytes, media_type: str, conditions: dict[str, str]) -> Response:
    """One PUT, as Turtle or, where that is not taken, as JSON-LD; any status is an answer."""
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


def kept_as_json_ld(pod: Pod, url: str, body: bytes, media_type: str, kept: Callable[[], bool]) -> bool:
    """Whether a document that was not kept as Turtle is kept when the same is sent as JSON-LD.

    javascript-solid-server makes JSON-LD of Turtle, with numbers written anew and a wrong name for the document itself; what
    it is given as JSON-LD it keeps as it is. Tried only where patches are not read either, and never on a server that reads them:
    what such a one loses, it loses in every form.
    """
    is_turtle = media_type.partition(";")[0].strip().lower() == syntax.TURTLE
    if not is_turtle or capabilities.known(url).turtle is False or capabilities.patches(pod, url):
        return False
    etag = strong(pod.send("HEAD", url, {"Accept": ACCEPT}).headers.get("ETag"))
    capabilities.learn(url, turtle=False)
    response = put_whole(pod, url, body, media_type, {"If-Match": etag} if etag else {})
    pod.cache.forget(url)
    if response.ok and kept():
        return True
    capabilities.learn(url, turtle=None)
    return False


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
        raise refusal(pod, response)
    return True


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


def _is_there(pod: Pod, url: str, body: bytes, media_type: str) -> bool:
    """Whether a document says what `body` does: the same bytes, the same JSON, or the same triples."""
    is_turtle = media_type.partition(";")[0].strip().lower() == syntax.TURTLE
    # Some give Turtle to whoever names it at all: what is no Turtle is asked for as what it is.
    response = pod.send("GET", url, {"Accept": f"{media_type}, {ACCEPT if is_turtle else '*/*;q=0.1'}"}, limits=LOOK)
    if not response.ok:
        return False
    if response.body == body or _is_same_json(response.body, body):
        return True
    try:
        found = syntax.parse(response.body, response.headers.get("Content-Type", ""), url)
        return same(found, syntax.parse(body, media_type, url))
    except syntax.NotRdf:
        return False


def _is_same_json(one: bytes, other: bytes) -> bool:
    """Whether two JSON texts differ in their spaces alone: javascript-solid-server gives JSON out with spaces of its own."""
    if other[:1] not in {b"{", b"["}:
        return False
    try:
        first, second = (
            json.loads(text, object_pairs_hook=list, parse_int=str, parse_float=str) for text in (one, other)
        )
    except (ValueError, RecursionError):
        return False
    return bool(first == second)


def same(one: Graph, other: Graph) -> bool:
    """Whether two graphs say the same, nodes without a name counted and not compared."""
    return len(one) == len(other) and named(one) == named(other)


def named(graph: Graph) -> frozenset[Triple]:
    """What it says without nodes that have no name: those are other nodes each time."""
    return frozenset(triple for triple in graph if not any(isinstance(node, BNode) for node in triple))
