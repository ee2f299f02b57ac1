"""Pass a tool, a method, a resource on to others: look at exactly what they would read, publish it under a licence, take it back.

What is published lies alone in a container of its own, which is opened last; a stranger is asked whether it is so. Where it was learnt,
how well it is mastered and in what it is used stay with the person.
"""

from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.model import tools as tools_model
from musette_solid.model.tools import Tool
from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import NotThere, PodError, Unreachable
from musette_solid.rdf import delta, names, syntax, terms
from musette_solid.usecases.ask import NotPublished
from musette_solid.usecases.correct_activity import Removed
from musette_solid.usecases.intents import under_way
from musette_solid.usecases.keep_tools import remove_tool as take_out
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
    what = N_("It was taken up from somebody who does not say that it may be passed on.")
    do = N_("Ask them, or write your own in your own words; nothing was published.")


class StillSeen(MusetteError):
    what = N_("It can still be seen: your space did not close it.")
    do = N_("Try again in a minute; if it stays so, ask the service that keeps your space.")


@dataclass(frozen=True)
class Shown:
    """Exactly what others would read; `address` is where. `is_public`: something of it is published now, `now_public`, this."""

    tool: Tool
    licence: str
    graph: Graph
    address: str
    public: Tool | None
    with_offers: bool

    @property
    def digest(self) -> str:
        return syntax.digest(self.graph)

    @property
    def seen(self) -> Tool:
        return tools_model.read(self.graph)[0]


def _tool(bag: Bag, iri: str) -> Tool:
    read = resources.read(bag.pod, bag.layout.tools)
    found = next((one for one in tools_model.read(read.graph) if one.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return found


def published(bag: Bag, iri: str) -> Tool | None:
    """What others read of it now; None when it is not published."""
    found = resources.read(bag.pod, bag.layout.common(names.local(iri)))
    return next(iter(tools_model.read(found.graph)), None) if found.exists else None


def licence_of(tool: Tool) -> str | None:
    """The one that whoever made it chose; None: the person chooses. Raises NotOursToPassOn."""
    if not tool.taken_from:
        return None
    if tool.license is None:
        raise NotOursToPassOn
    return tool.license


def look(bag: Bag, iri: str, licence: str, now: datetime, *, with_offers: bool = False) -> Shown:
    """Nothing is written. `with_offers`: with what the person could do with it for others.

    Raises NotThere, NoLicence, NotOursToPassOn, and NotUnderstood when the document is damaged.
    """
    tool = _tool(bag, iri)
    chosen = licence_of(tool) or licence
    if chosen not in {*LICENCES, tool.license}:
        raise NoLicence
    address = bag.layout.common(names.local(iri))
    graph = _graph(bag, tool, f"{address}#it", chosen, now, with_offers=with_offers)
    return Shown(tool, chosen, graph, address, published(bag, iri), with_offers)


def _graph(bag: Bag, tool: Tool, iri: str, licence: str, now: datetime, *, with_offers: bool) -> Graph:
    node = URIRef(iri)
    kinds = {terms.TOOL_KIND_METHOD: terms.Method}
    graph = syntax.graph_of([(node, terms.RDF_TYPE, terms.Tool)])
    if tool.kind in kinds:
        graph.add((node, terms.RDF_TYPE, kinds[tool.kind]))
    for path, text in ((terms.DCTERMS_TITLE, tool.title), (terms.DCTERMS_DESCRIPTION, tool.description)):
        if text:
            graph.add((node, path, Literal(text)))
    if tool.kind:
        graph.add((node, terms.TOOL_KIND, tool.kind))
    if tool.url:
        graph.add((node, terms.SCHEMA_URL, URIRef(tool.url)))
    graph.add((node, terms.DCTERMS_LICENSE, URIRef(licence)))
    for creator in tool.creators or ((bag.owner,) if not tool.taken_from else ()):
        graph.add((node, terms.DCTERMS_CREATOR, URIRef(creator)))
    for origin in tool.taken_from:
        graph.add((node, terms.PROV_WAS_DERIVED_FROM, URIRef(origin)))
    for offer in tool.offers if with_offers else ():
        graph.add((node, terms.OFFER, offer))
    graph.add(
        (node, terms.DCTERMS_CREATED, dates.moment(datetime.combine(now.date(), datetime.min.time(), now.tzinfo)))
    )
    return graph


def pass_on(
    bag: Bag, iri: str, licence: str, now: datetime, digest: str | None = None, *, with_offers: bool = False
) -> str:
    """Publish it as it was looked at; its address. What was published of it before is replaced.

    `digest`: of what the person looked at. Raises what `look` raises, PreviewOutdated, NotPublished (it was taken back), Interrupted.
    """
    shown = look(bag, iri, licence, now, with_offers=with_offers)
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    open_to_all(bag, shown.address, shown.graph, bag.layout.tools, now)
    return f"{shown.address}#it"


def open_to_all(bag: Bag, address: str, graph: Graph, source: str, now: datetime) -> None:
    """Put a graph where everybody may read it, alone in its container; what was there is replaced.

    `source`: the document that it was made from, which stays closed. Raises NotPublished (it was taken back), Interrupted.
    """
    container = names.resolve(address, "./")
    there = resources.read(bag.pod, address)
    if there.exists:
        change = delta.between(there.graph, graph)
        if change:
            resources.change(bag.pod, there, change)
        access.publish(bag.pod, container, bag.owner)
        try:
            _prove(bag, address, graph, source)
        except NotPublished:
            close_to_all(bag, address, now)
            raise
        return
    with under_way(bag, terms.OPERATION_PUBLISH, now, makes=[container]):
        resources.create(bag.pod, address, graph)
        access.publish(bag.pod, container, bag.owner)
        _prove(bag, address, graph, source)


def _prove(bag: Bag, address: str, graph: Graph, source: str) -> None:
    """A stranger reads it, whole, and of what it was made from as little as before."""
    try:
        read = resources.read(bag.pod.anonymous(), address)
    except Unreachable:
        raise
    except PodError as error:  # refused to a stranger: not what was meant
        raise NotPublished from error
    private = bag.pod.anonymous().send("GET", source, {"Accept": resources.ACCEPT}).status
    if not read.exists or syntax.digest(read.graph) != syntax.digest(graph) or private not in CLOSED:
        raise NotPublished


def take_back(bag: Bag, iri: str, now: datetime) -> None:
    """Nobody reads it any more; those who took it up keep what they took. Raises StillSeen."""
    close_to_all(bag, bag.layout.common(names.local(iri)), now)


def close_to_all(bag: Bag, address: str, now: datetime) -> None:
    """Delete what everybody could read, and its container; then a stranger asks. Raises StillSeen."""
    container = names.resolve(address, "./")
    with under_way(bag, terms.OPERATION_UNPUBLISH, now, deletes=[container]):
        containers.remove(bag.pod, container)
    check_closed(bag, address)


def check_closed(bag: Bag, address: str) -> None:
    """A stranger asks. Raises StillSeen."""
    if bag.pod.anonymous().send("GET", address, {"Accept": resources.ACCEPT}).status not in CLOSED:
        raise StillSeen


def remove_tool(bag: Bag, iri: str, now: datetime) -> Removed:
    """Out of the bag, with what was published of it: both or neither. Raises NotThere, StillSeen."""
    if published(bag, iri) is None:
        return take_out(bag, iri, now)
    address = bag.layout.common(names.local(iri))
    removed = take_out(bag, iri, now, deletes=[names.resolve(address, "./")])
    check_closed(bag, address)
    return removed
