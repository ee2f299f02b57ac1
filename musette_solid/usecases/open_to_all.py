"""Open a copy of something to everybody, under a licence: looked at first, alone in its container, taken back at will.

Tools and methods of the bag are passed on so (`pass_on`, `pass_on_method`). Whoever takes one up keeps its licence, its maker and
where it comes from; the document that the copy was made from stays closed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.pod import access, containers, resources, webid
from musette_solid.pod.errors import PodError, Unreachable
from musette_solid.rdf import delta, names, syntax, terms
from musette_solid.usecases.ask import NotPublished
from musette_solid.usecases.intents import under_way
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.share import PreviewOutdated
from musette_solid.usecases.unpublish import CLOSED

#: Licences that let others take something up, the freest last; each says what it asks.
LICENCES = (
    "https://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org/licenses/by-sa/4.0/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)


class NoLicence(MusetteError):
    what = N_("Nobody can take it up without knowing under what licence.")
    do = N_("Choose one of the licences; nothing was published.")


class NotOursToPassOn(MusetteError):
    what = N_("It does not say that it may be passed on.")
    do = N_("Ask whoever made it; if it is yours, write its licence into it and bring it again. Nothing was published.")


class StillSeen(MusetteError):
    what = N_("It can still be seen: your space did not close it.")
    do = N_("Try again in a minute; if it stays so, ask the service that keeps your space.")


class Made(Protocol):
    """What says whose it is: addresses, and names of makers who have none."""

    @property
    def license(self) -> str | None: ...
    @property
    def creators(self) -> tuple[str, ...]: ...
    @property
    def taken_from(self) -> tuple[str, ...]: ...


Thing = TypeVar("Thing", bound=Made)


@dataclass(frozen=True)
class Shown(Generic[Thing]):
    """Exactly what others would read at `address`, as a graph and as `seen`; it was made from the document `source`.

    `public`: what they read there now; None when it is not published.
    """

    graph: Graph
    address: str
    source: str
    seen: Thing
    public: Thing | None

    @property
    def licence(self) -> str:
        return self.seen.license or ""

    @property
    def digest(self) -> str:
        return syntax.digest(self.graph)


def licence_of(thing: Made) -> str | None:
    """The one that whoever made it chose; None: it is the person's own, and they choose. Raises NotOursToPassOn."""
    if thing.license is None and (thing.taken_from or thing.creators):
        raise NotOursToPassOn
    return thing.license


def signed(bag: Bag, graph: Graph, iri: str, thing: Made, licence: str, now: datetime) -> Graph:
    """The graph of a copy, with its licence, its makers, where it comes from, and its day.

    `licence`: of LICENCES, where its maker chose none. Raises NoLicence, NotOursToPassOn.
    """
    bound = licence_of(thing)
    if bound is None and licence not in LICENCES:
        raise NoLicence
    node = URIRef(iri)
    graph.add((node, terms.DCTERMS_LICENSE, URIRef(bound or licence)))
    for creator in thing.creators or ((bag.owner,) if not thing.taken_from else ()):
        maker = URIRef(creator) if webid.is_web_address(creator) else Literal(creator)
        graph.add((node, terms.DCTERMS_CREATOR, maker))
    for origin in thing.taken_from:
        graph.add((node, terms.PROV_WAS_DERIVED_FROM, URIRef(origin)))
    midnight = datetime.combine(now.date(), datetime.min.time(), now.tzinfo)
    graph.add((node, terms.DCTERMS_CREATED, dates.moment(midnight)))
    return graph


def open_to_all(bag: Bag, shown: Shown[Thing], now: datetime, digest: str | None = None) -> str:
    """Publish it as it was looked at; the IRI that others take it up from. What was published of it before is replaced.

    `digest`: of what the person looked at. Raises PreviewOutdated, NotPublished (it was taken back), Interrupted.
    """
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    container = names.resolve(shown.address, "./")
    there = resources.read(bag.pod, shown.address)
    if there.exists:
        change = delta.between(there.graph, shown.graph)
        if change:
            resources.change(bag.pod, there, change)
        access.publish(bag.pod, container, bag.owner)
        try:
            _prove(bag, shown)
        except NotPublished:
            close_to_all(bag, shown.address, now)
            raise
    else:
        with under_way(bag, terms.OPERATION_PUBLISH, now, makes=[container]):
            resources.create(bag.pod, shown.address, shown.graph)
            access.publish(bag.pod, container, bag.owner)
            _prove(bag, shown)
    return f"{shown.address}#it"


def _prove(bag: Bag, shown: Shown[Thing]) -> None:
    """A stranger reads it, whole, and of what it was made from as little as before."""
    try:
        read = resources.read(bag.pod.anonymous(), shown.address)
    except Unreachable:
        raise
    except PodError as error:  # refused to a stranger: not what was meant
        raise NotPublished from error
    private = bag.pod.anonymous().send("GET", shown.source, {"Accept": resources.ACCEPT}).status
    if not read.exists or syntax.digest(read.graph) != shown.digest or private not in CLOSED:
        raise NotPublished


def close_to_all(bag: Bag, address: str, now: datetime) -> None:
    """Nobody reads it any more; those who took it up keep what they took. Raises StillSeen.

    What everybody could read is deleted, with its container; then a stranger asks.
    """
    container = names.resolve(address, "./")
    with under_way(bag, terms.OPERATION_UNPUBLISH, now, deletes=[container]):
        containers.remove(bag.pod, container)
    check_closed(bag, address)


def check_closed(bag: Bag, address: str) -> None:
    """Raises StillSeen."""
    if bag.pod.anonymous().send("GET", address, {"Accept": resources.ACCEPT}).status not in CLOSED:
        raise StillSeen
