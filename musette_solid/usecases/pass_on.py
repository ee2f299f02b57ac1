"""Pass a tool, a method, a resource on to others: look at exactly what they would read, publish it, take it back.

Where it was learnt, how well it is mastered and in what it is used stay with the person.
"""

from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model import tools as tools_model
from musette_solid.model.tools import Tool
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.keep_tools import remove_tool as take_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import Shown, check_closed, close_to_all, open_to_all, signed
from musette_solid.usecases.take_out import Removed


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


def look(bag: Bag, iri: str, licence: str, now: datetime, *, with_offers: bool = False) -> Shown[Tool]:
    """Nothing is written. `with_offers`: with what the person could do with it for others.

    Raises NotThere, NoLicence, NotOursToPassOn, and NotUnderstood when the document is damaged.
    """
    tool = _tool(bag, iri)
    address = bag.layout.common(names.local(iri))
    graph = _copied(tool, f"{address}#it", with_offers=with_offers)
    signed(bag, graph, f"{address}#it", tool, licence, now)
    return Shown(graph, address, bag.layout.tools, tools_model.read(graph)[0], published(bag, iri))


def _copied(tool: Tool, iri: str, *, with_offers: bool) -> Graph:
    node = URIRef(iri)
    graph = syntax.graph_of([(node, terms.RDF_TYPE, terms.Tool)])
    if tool.kind == terms.TOOL_KIND_METHOD:
        graph.add((node, terms.RDF_TYPE, terms.Method))
    for path, text in ((terms.DCTERMS_TITLE, tool.title), (terms.DCTERMS_DESCRIPTION, tool.description)):
        if text:
            graph.add((node, path, Literal(text)))
    if tool.kind:
        graph.add((node, terms.TOOL_KIND, tool.kind))
    if tool.url:
        graph.add((node, terms.SCHEMA_URL, URIRef(tool.url)))
    for offer in tool.offers if with_offers else ():
        graph.add((node, terms.OFFER, offer))
    return graph


def pass_on(
    bag: Bag, iri: str, licence: str, now: datetime, digest: str | None = None, *, with_offers: bool = False
) -> str:
    """Publish it as it was looked at; the IRI that others take it up from. Raises what `look` and `open_to_all` raise."""
    return open_to_all(bag, look(bag, iri, licence, now, with_offers=with_offers), now, digest)


def take_back(bag: Bag, iri: str, now: datetime) -> None:
    """Nobody reads it any more; those who took it up keep what they took. Raises StillSeen."""
    close_to_all(bag, bag.layout.common(names.local(iri)), now)


def remove_tool(bag: Bag, iri: str, now: datetime) -> Removed:
    """Out of the bag, with what was published of it: both or neither. Raises NotThere, StillSeen."""
    if published(bag, iri) is None:
        return take_out(bag, iri, now)
    address = bag.layout.common(names.local(iri))
    removed = take_out(bag, iri, now, deletes=[names.resolve(address, "./")])
    check_closed(bag, address)
    return removed
