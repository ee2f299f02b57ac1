"""Take up a tool, a method, a resource that somebody published: from its address, through the guard, with its licence and its maker."""

from dataclasses import dataclass
from datetime import datetime

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import tools as tools_model
from musette_solid.model.entry import entry
from musette_solid.model.labels import concepts
from musette_solid.model.tools import Tool
from musette_solid.model.validation import Unfit
from musette_solid.pod import resources, webid
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.http import Transport
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.ask_elsewhere import ask_elsewhere
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp

#: So many are shown of one document.
MOST = 30


class NothingToTakeUp(MusetteError):
    what = N_("There is no tool, method or resource at this address.")
    do = N_("Ask whoever gave it to you for the address that their page shows; nothing was written.")


class TakenUpAlready(MusetteError):
    what = N_("You took this up already.")
    do = N_("It is in your list, where you can correct it.")


@dataclass(frozen=True)
class Found:
    """What somebody publishes. `address` is that of the document, after redirects."""

    address: str
    tools: tuple[Tool, ...]


def find(transport: Transport, address: str) -> Found:
    """One request (and a few redirects), anonymous, limited in size and in time; nothing is written.

    Raises NothingToTakeUp, NotOpen, NotThere, NotAllowed, Unreachable, NotUnderstood.
    """
    if not webid.is_web_address(address):
        raise NothingToTakeUp
    response = ask_elsewhere(transport, names.document(address))
    try:
        graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), response.url)
    except syntax.NotRdf as error:
        raise NotUnderstood(address, response.status, **error.details) from error
    found = [one for one in tools_model.read(graph) if one.title.strip()]
    exact = [one for one in found if one.iri == address]
    if not found:
        raise NothingToTakeUp
    return Found(response.url, tuple((exact or found)[:MOST]))


def take_up(bag: Bag, there_now: Found, chosen: str, now: datetime) -> str:
    """Put one of them in the bag, with where it comes from, who made it and under what licence; its IRI here.

    `there_now`: as it was just found: what was on a page may have changed. Raises NothingToTakeUp, TakenUpAlready, Unfit.
    """
    found = next((one for one in there_now.tools if one.iri == chosen), None)
    if found is None:
        raise NothingToTakeUp
    there = resources.read(bag.pod, bag.layout.tools)
    if any(chosen in one.taken_from for one in tools_model.read(there.graph)):
        raise TakenUpAlready
    iri = f"{bag.layout.tools}#{names.fragment('z')}"
    node = URIRef(iri)
    texts = {
        "title": [found.title[:200]],
        "description": [found.description[:10_000]] if found.description else [],
        "toolKind": [str(found.kind)] if found.kind in concepts(terms.TOOL_KINDS) else [],
        "url": [found.url] if found.url and webid.is_web_address(found.url) else [],
    }
    made = entry(terms.ToolShape, node, texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    graph = made.graph
    if found.license and webid.is_web_address(found.license):
        graph.add((node, terms.DCTERMS_LICENSE, URIRef(found.license)))
    for creator in found.creators[:20]:
        if webid.is_web_address(creator):
            graph.add((node, terms.DCTERMS_CREATOR, URIRef(creator)))
    graph.add((node, terms.PROV_WAS_DERIVED_FROM, URIRef(chosen)))
    graph.add((node, terms.DCTERMS_CREATED, timestamp(now)))
    resources.insert(bag.pod, bag.layout.tools, graph)
    return iri
