"""Keep a copy of each document from day to day, in the person's own space; see what was damaged or lost; put it right.

What is damaged: a document that does not parse, or that is its last copy cut short inside a thing. What is lost: a thing of the last copy
that is no longer there and of which no application of ours says that it was taken out. Nothing is put right unasked, and
nothing is written over: what was damaged is kept too, beside the copies.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import containers, resources
from musette_solid.pod.containers import Member
from musette_solid.pod.errors import AlreadyThere, ChangedMeanwhile, NotThere, NotUnderstood
from musette_solid.pod.resources import Resource
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.intents import under_way
from musette_solid.usecases.layout import Bag

#: A copy is made of what has changed, so often at most, and kept for so long: the last one for ever.
EVERY = timedelta(hours=20)
KEPT_FOR = timedelta(days=30)

_STAMP = "%Y%m%dT%H%M%SZ"
_DAMAGED = ".damaged.bin"
#: Containers of documents that people write; the rest is derived, or receipts that are written once.
_INSIDE = ("time/", "journal/")
_DERIVED = frozenset({"time/summary.ttl"})

State: TypeAlias = OneOf["damaged", "lacking"]


class NoCopy(MusetteError):
    what = N_("There is no copy of this document to restore it from, and nothing in it can be read.")
    do = N_("It was left as it is. Ask the service that keeps your space for an older version.")


class NothingToRestore(MusetteError):
    what = N_("There is nothing to restore in this document.")
    do = N_("Nothing was written.")


@dataclass(frozen=True)
class Copy:
    iri: str
    document: str
    taken_at: datetime
    modified: str | None  # as the server says it of the copy: to be compared with what it says of the document


@dataclass(frozen=True)
class Condition:
    """What is wrong with one document. `missing`: the things of the last copy that are not there; `since`: its day."""

    document: str
    state: State
    since: datetime | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looked:
    conditions: tuple[Condition, ...]
    copied: int


def copies(bag: Bag) -> dict[str, tuple[Copy, ...]]:
    """The copies of each document, the newest first."""
    found: dict[str, list[Copy]] = {}
    for member in containers.members(bag.pod, bag.layout.kept):
        name, _, stamp = member.iri.removeprefix(bag.layout.kept).removesuffix(".ttl").rpartition(".")
        try:
            taken_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        document = f"{bag.layout.root}{name.replace('.', '/')}.ttl"
        found.setdefault(document, []).append(Copy(member.iri, document, taken_at, member.modified))
    return {iri: tuple(sorted(own, key=lambda one: one.taken_at, reverse=True)) for iri, own in found.items()}


def _place(bag: Bag, document: str, now: datetime, ending: str = ".ttl") -> str:
    name = document.removeprefix(bag.layout.root).removesuffix(".ttl").replace("/", ".")
    return f"{bag.layout.kept}{name}.{now.astimezone(UTC).strftime(_STAMP)}{ending}"


def _documents(bag: Bag) -> tuple[Member, ...]:
    """What people write in this bag."""
    listed = bag.pod.together(
        [partial(containers.members, bag.pod, bag.layout.root + inside) for inside in ("", *_INSIDE)]
    )
    inner = {bag.layout.root + name for name in _DERIVED}
    return tuple(
        m
        for members in listed
        for m in members
        if m.iri.endswith(".ttl") and "." not in _name(m) and m.iri not in inner
    )


def _name(member: Member) -> str:
    return member.iri.rpartition("/")[2].removesuffix(".ttl")


def look_after(bag: Bag, now: datetime) -> Looked:
    """Copy what has changed since its last copy and is whole; name what is not. Three or four requests when nothing moved."""
    known = copies(bag)
    conditions, copied = [], 0
    for member in _documents(bag):
        own = known.get(member.iri, ())
        newest = own[0] if own else None
        # Servers tell seconds: what happened in the one in which it was copied may have happened after that.
        if newest and member.modified and newest.modified and member.modified < newest.modified:
            continue
        condition, document = _look(bag, member.iri, newest)
        if condition is not None:
            conditions.append(condition)
        elif document is not None and (newest is None or now - newest.taken_at >= EVERY):
            copied += _copy(bag, document, now)
            _prune(bag, own, now)
    return Looked(tuple(conditions), copied)


def conditions(bag: Bag) -> tuple[Condition, ...]:
    """What is damaged or lost now; nothing is written."""
    known = copies(bag)
    documents = {member.iri for member in _documents(bag)} | set(known)
    found = bag.pod.together(
        [partial(_look, bag, iri, next(iter(known.get(iri, ())), None)) for iri in sorted(documents)]
    )
    return tuple(condition for condition, _ in found if condition is not None)


def _look(bag: Bag, iri: str, newest: Copy | None) -> tuple[Condition | None, Resource | None]:
    since = newest.taken_at if newest else None
    try:
        document = resources.read(bag.pod, iri)
        graph = document.graph
    except NotUnderstood:
        return Condition(iri, "damaged", since), None
    if newest is None:
        return None, document
    copy = resources.read(bag.pod, newest.iri)
    if not copy.exists:
        return None, document
    lost = missing(copy.graph, graph)
    gone = {URIRef(thing) for thing in lost}
    rest = {t for t in copy.graph if t[0] not in gone}
    if is_cut(document.body, copy.body.partition(b"\n")[2]) and rest != set(graph):
        # Cut inside a thing, or before what is said there of things elsewhere, and it parses all the same: "12.5" became "12."
        return Condition(iri, "damaged", since, lost), document
    return (Condition(iri, "lacking", since, lost) if lost else None), document


def is_cut(body: bytes, copy: bytes) -> bool:
    """Whether `body` is the beginning of `copy` and no more."""
    short = body.rstrip()
    return len(short) < len(copy.rstrip()) and copy.startswith(short)


def missing(copy: Graph, now: Graph) -> tuple[str, ...]:
    """The things of the copy of which nothing is said any more, not even that they were taken out."""
    there = set(now.subjects())
    return tuple(sorted(str(s) for s in things(copy) if s not in there))


def things(graph: Graph) -> set[Node]:
    return {s for s in graph.subjects(terms.RDF_TYPE) if isinstance(s, URIRef)}


def _copy(bag: Bag, document: Resource, now: datetime) -> bool:
    """Byte for byte after a first line that says what its names are relative to; an empty document needs no copy."""
    if not len(document.graph):
        return False
    is_turtle = document.media_type.partition(";")[0].strip().lower() == syntax.TURTLE
    body = f"@base <{document.iri}> .\n".encode() + (document.body if is_turtle else syntax.turtle(document.graph))
    with suppress(AlreadyThere):
        resources.put(bag.pod, _place(bag, document.iri, now), body, syntax.TURTLE, {"If-None-Match": "*"})
    return True


def _prune(bag: Bag, own: Iterable[Copy], now: datetime) -> None:
    for copy in own:
        if now - copy.taken_at > KEPT_FOR:
            resources.delete(bag.pod, copy.iri)


def restore(bag: Bag, document: str, now: datetime) -> int:
    """Put back what was lost, or make a damaged document whole again; how many things came back.

    A damaged one becomes: each thing as it can still be read there, except the last, which may be cut; every other thing as
    in the last copy. What was damaged is kept beside the copies first. Raises NoCopy, NothingToRestore, ChangedMeanwhile,
    NotThere.
    """
    own = copies(bag).get(document, ())
    copy = resources.read(bag.pod, own[0].iri).graph if own else syntax.empty()
    condition, _ = _look(bag, document, own[0] if own else None)
    if condition is None:
        raise NothingToRestore
    if condition.state == "lacking":
        # With them what was said there of things elsewhere.
        there = set(resources.read(bag.pod, document).graph.subjects())
        resources.insert(bag.pod, document, syntax.graph_of(t for t in copy if t[0] not in there))
        return len(condition.missing)
    response = resources.fetch(bag.pod, document, resources.ACCEPT)
    readable = syntax.salvaged(response.body, response.headers.get("Content-Type", ""), document)
    whole = _whole(copy, readable)
    if not len(whole):
        raise NoCopy
    with suppress(AlreadyThere):
        place = _place(bag, document, now, _DAMAGED)
        resources.put(bag.pod, place, response.body, "application/octet-stream", {"If-None-Match": "*"})
    _put(bag, document, syntax.turtle(whole), response.body, resources.strong(response.headers.get("ETag")))
    return len(things(whole)) - len(things(readable))


def _whole(copy: Graph, readable: Graph) -> Graph:
    """Every thing of both: as it can be read now, else as it was copied."""
    now = set(readable.subjects())
    return syntax.graph_of([*readable, *(t for t in copy if t[0] not in now)])


def _put(bag: Bag, document: str, body: bytes, seen: bytes, etag: str | None) -> None:
    """In place of exactly what was seen to be damaged."""
    if etag is None:
        again = resources.fetch(bag.pod, document, resources.ACCEPT)
        if again.body != seen:
            raise ChangedMeanwhile(document, 412)
    resources.put(bag.pod, document, body, syntax.TURTLE, {"If-Match": etag} if etag else {})


def accept(bag: Bag, document: str, now: datetime) -> None:
    """It is right as it is: the next comparison is with this. Raises NotThere, NotUnderstood (a damaged one is not right)."""
    current = resources.required(resources.read(bag.pod, document))
    if document not in {m.iri for m in _documents(bag)}:
        raise NotThere(document, 404)
    _copy(bag, current, now)


def forget(bag: Bag, now: datetime) -> int:
    """Delete every copy, what was damaged included; how many. What was deleted from the bag is then nowhere any more.

    Interrupted, it is finished at the next sign-in: somebody who wanted it gone wants none of it left.
    """
    there = [member.iri for member in containers.members(bag.pod, bag.layout.kept)]
    if len(there) < 2:
        return sum(resources.delete(bag.pod, iri) for iri in there)
    with under_way(bag, terms.OPERATION_REMOVE, now, deletes=there):
        return sum(resources.delete(bag.pod, iri) for iri in there)
