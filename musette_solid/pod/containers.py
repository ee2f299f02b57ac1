"""Containers: what lies in one, and making one."""

from dataclasses import dataclass

from rdflib import Literal, URIRef

from musette_solid.pod.capabilities import put_empty
from musette_solid.pod.resources import delete, read
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import canonical

_CONTAINS = URIRef("http://www.w3.org/ns/ldp#contains")
_MODIFIED = URIRef("http://purl.org/dc/terms/modified")
_BASIC_CONTAINER = '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"'

#: A stranger can fill an inbox; nobody reads further than this in one listing.
MAX_MEMBERS = 5000


@dataclass(frozen=True)
class Member:
    iri: str
    modified: str | None  # as the server wrote it: to compare, not to calculate

    @property
    def is_container(self) -> bool:
        return self.iri.endswith("/")


def members(pod: Pod, container: str) -> tuple[Member, ...]:
    """The direct members of a container, by name; an absent container has none. Raises as `resources.read` does."""
    return read(pod, container, reader=listing).said(listing)


def listing(body: bytes, media_type: str, base: str) -> tuple[Member, ...]:
    """What a container says that it holds: a reader for `resources.read`. Raises NotRdf.

    A listing that names things elsewhere is not believed.
    """
    graph = syntax.parse(body, media_type, base)
    found = []
    for member in graph.objects(None, _CONTAINS):
        iri = str(member)
        inner = iri.removeprefix(canonical(base))
        if iri == inner or not inner or "/" in inner.rstrip("/") or inner.startswith(("..", "?", "#")):
            continue
        modified = next((str(m) for m in graph.objects(member, _MODIFIED) if isinstance(m, Literal)), None)
        found.append(Member(iri, modified))
    return tuple(sorted(found, key=lambda m: m.iri)[:MAX_MEMBERS])


def make(pod: Pod, container: str) -> bool:
    """Make an empty container; False when it was there already."""
    pod.cache.forget(canonical(container))
    response = put_empty(pod, container, {"Link": _BASIC_CONTAINER, "If-None-Match": "*"})
    if response.status in {409, 412}:  # RFC 9110: 412 for the condition; a PUT on a container is a conflict anyway
        return False
    if not response.ok:
        raise pod.failure(response)
    return response.status == 201  # NSS answers 204 to a PUT on a container that is there


def remove(pod: Pod, container: str) -> None:
    """Delete a container and all that is in it, the deepest first (a server refuses to delete a full one)."""
    there = members(pod, container)
    while there:
        for member in there:
            if member.is_container:
                remove(pod, member.iri)
            else:
                delete(pod, member.iri)
        if len(there) < MAX_MEMBERS:
            break
        pod.cache.forget(canonical(container))
        there = members(pod, container)
    delete(pod, container)
