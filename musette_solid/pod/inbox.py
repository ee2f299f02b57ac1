"""Linked Data Notifications: drop an announcement, read the ones that came. Nothing in them is believed by itself."""

import heapq
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox
from rdflib import RDF, Graph

from musette_solid.pod import containers, resources
from musette_solid.pod.errors import NotThere, PodError, TooLarge
from musette_solid.pod.http import Limits
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import canonical

#: H-80: one announcement is a few lines; a hundred megabytes are an attack.
ONE = Limits(total_s=10, size_bytes=64 * 1024)
#: The Community Solid Server gives up after six seconds, at some five to ten thousand letters.
LISTING = Limits(total_s=8, size_bytes=16 * 1024 * 1024)
#: For who takes everything out, and has nobody waiting: the space may take its time.
WHOLE = Limits(total_s=60, size_bytes=64 * 1024 * 1024)
#: Read at once. Another page is read as long as this one held an announcement, and no further than `MOST`: who accompanies
#: sixty people has more letters than one page, and whoever drops fifty thousand does not make us read them.
PAGE = 50
MOST = 400
#: What a letter is kept as, beside what else is kept of an address.
_FORM = "as a letter"
_CONTAINS = ox.NamedNode("http://www.w3.org/ns/ldp#contains")
_MODIFIED = ox.NamedNode("http://purl.org/dc/terms/modified")
ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"


def send(pod: Pod, inbox: str, announcement: Mapping[str, Any]) -> str | None:
    """Drop an announcement (JSON-LD); where the receiver keeps it, when it says. Raises as writing does."""
    body = json.dumps(announcement, ensure_ascii=False).encode()
    response = pod.send("POST", inbox, {"Content-Type": syntax.JSON_LD}, body, limits=ONE)
    if not response.ok:
        raise pod.failure(response)
    location = response.headers.get("Location")
    try:
        return urljoin(response.url, location) if location else None  # it may be relative (RFC 9110 10.2.2)
    except ValueError:  # no address at all
        return None


def newest(body: bytes, media_type: str, base: str) -> tuple[containers.Member, ...]:
    """The members of a container that changed last, at most `MOST`, the newest first: a reader for `resources.read`.

    Nothing is made of the others: anybody may drop fifty thousand letters. Raises NotRdf.
    """
    own, changed = _own(body, media_type, base)
    letters = (iri for iri in own if not iri.endswith("/"))
    last = heapq.nlargest(MOST, letters, key=lambda iri: (changed.get(iri, ""), iri))
    return tuple(containers.Member(iri, changed.get(iri)) for iri in last)


def all_of_them(body: bytes, media_type: str, base: str) -> tuple[containers.Member, ...]:
    """Every member, in whatever order: a reader like `newest`, for who takes them out. Raises NotRdf."""
    own, changed = _own(body, media_type, base)
    return tuple(containers.Member(iri, changed.get(iri)) for iri in own)


class CannotList(PodError):
    """The space gives up before it has said what is there."""


def everything(pod: Pod, place: str, limits: Limits = WHOLE) -> tuple[containers.Member, ...]:
    """All that lies in a container that others may have filled; nothing where there is none. Raises CannotList, and as reading does."""
    try:
        return resources.read(pod, place, limits=limits, reader=all_of_them).said(all_of_them)
    except NotThere:
        return ()
    except PodError as error:
        if (error.status or 500) < 500 and not isinstance(error, TooLarge):
            raise
        raise CannotList(place, error.status) from error


def _own(body: bytes, media_type: str, base: str) -> tuple[list[str], dict[str, str]]:
    """What lies directly in a container, and when each changed; what it names elsewhere is not believed."""
    inside, changed = canonical(base), {}
    found: list[str] = []
    for quad in chain.from_iterable(syntax.batches(body, media_type, base)):
        if quad.predicate == _CONTAINS:
            found.append(getattr(quad.object, "value", ""))
        elif quad.predicate == _MODIFIED:
            changed[getattr(quad.subject, "value", "")] = getattr(quad.object, "value", "")

    def is_inside(iri: str) -> bool:
        rest = iri[len(inside) :].removesuffix("/")
        return iri.startswith(inside) and bool(rest) and "/" not in rest and "#" not in rest

    return [iri for iri in found if is_inside(iri)], changed


@dataclass(frozen=True)
class Received:
    iri: str
    modified: str | None
    graph: Graph


def received(pod: Pod, inbox: str) -> tuple[Received, ...]:
    """The newest announcements of an inbox, at most `MOST`; the ones that cannot be read are left out."""
    listed = resources.read(pod, inbox, limits=LISTING, reader=newest).said(newest)

    def one(member: containers.Member) -> Received | None:
        # The listing says when a letter changed: one that did not is not asked for again.
        place = canonical(member.iri)
        kept: Received | None = pod.cache.get(place, _FORM)
        if kept is not None and member.modified and kept.modified == member.modified:
            return kept
        try:
            response = pod.send("GET", member.iri, {"Accept": ACCEPT}, limits=ONE)
            if not response.ok:
                return None
            graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), member.iri)
        except (PodError, syntax.NotRdf):
            return None
        read = Received(member.iri, member.modified, graph)
        pod.cache.put(place, read, len(response.body) * 8, form=_FORM, etag=member.modified)
        return read

    read: list[Received] = []
    for start in range(0, len(listed), PAGE):
        came = pod.together([partial(one, member) for member in listed[start : start + PAGE]])
        page = [letter for letter in came if letter is not None]
        read += page
        if not any(_announces(letter.graph) for letter in page):
            break
    return tuple(read)


def _announces(graph: Graph) -> bool:
    return any(str(kind).startswith(ACTIVITY_STREAMS) for kind in graph.objects(None, RDF.type))
