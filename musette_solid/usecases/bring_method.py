"""Bring a method of somebody else, or of one's own, from a file or an address: looked at, then kept in the bag to be followed.

It is checked whole before anything is written: what cannot be followed to its end is refused with the step that is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import methods as model
from musette_solid.model.methods import Method, NotAMethod
from musette_solid.pod import containers, resources, webid
from musette_solid.pod.errors import NotThere, NotUnderstood
from musette_solid.pod.http import Transport
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.ask_elsewhere import ask_elsewhere
from musette_solid.usecases.follow_method import list_sessions
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.take_out import Removed, pack

#: No questions in a row need more than this.
LARGEST_BYTES = 200_000
TOO_LARGE = N_("it has more than 200 kB")
NOT_AN_ADDRESS = N_("this is not a web address")

#: So many makers are kept.
_MOST_MAKERS = 20

_BY_ENDING = {"jsonld": syntax.JSON_LD, "json": syntax.JSON_LD, "nt": syntax.N_TRIPLES}
_SAID = (
    terms.DCTERMS_TITLE,
    terms.DCTERMS_DESCRIPTION,
    terms.AUDIENCE,
    terms.SKOS_NOTE,
    terms.DCTERMS_BIBLIOGRAPHIC_CITATION,
    terms.MINUTES,
)
_ASKED = (terms.QUESTION, terms.SKOS_NOTE, terms.ANSWER_KIND, terms.MAKES, terms.DIMENSION)


class InUse(MusetteError):
    what = N_("You have followed this method: what you answered would lose its questions.")
    do = N_("Delete its sessions first, if you want it gone; nothing was deleted.")


@dataclass(frozen=True)
class Brought:
    """`graph` is that of its document, `method` what can be followed of it."""

    method: Method
    graph: Graph


def from_file(data: bytes, name: str) -> Brought:
    """Raises NotAMethod, NotRdf. The names of the file are its own: nothing else in the world is called so."""
    ending = name.rpartition(".")[2].lower()
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-."))[:80] or "file"
    return _read(data, _BY_ENDING.get(ending, syntax.TURTLE), f"https://file.invalid/{plain}")


def from_url(transport: Transport, url: str) -> Brought:
    """One request (and a few redirects), through the guard. Raises NotAMethod, NotRdf, NotOpen, NotThere, NotAllowed, Unreachable…"""
    if not webid.is_web_address(url):
        raise NotAMethod(reason=NOT_AN_ADDRESS)
    response = ask_elsewhere(transport, names.document(url))
    return _read(response.body, response.headers.get("Content-Type", ""), response.url)


def _read(data: bytes, media_type: str, base: str) -> Brought:
    if len(data) > LARGEST_BYTES:
        raise NotAMethod(reason=TOO_LARGE)
    graph = syntax.parse(data, media_type, base)
    return Brought(model.read(graph), graph)


def keep_method(bag: Bag, brought: Brought, now: datetime) -> str:
    """Keep it in the bag, under a name of our own; its key. Brought again in the same words, it is the same one."""
    key = names.derived("m", None, brought.method.iri, syntax.digest(brought.graph))
    document = bag.layout.method(key)
    if not resources.read(bag.pod, document).exists:
        graph = copied(brought.graph, brought.method, f"{document}#{key}")
        _attribute(graph, brought, f"{document}#{key}")
        graph.add((URIRef(f"{document}#{key}"), terms.DCTERMS_CREATED, timestamp(now)))
        resources.create(bag.pod, document, graph)
    return key


def copied(source: Graph, method: Method, iri: str) -> Graph:
    """What our own reading understands of a method, and nothing else; steps are named after their place.

    Whose it is and where it comes from is not in it.
    """
    it = URIRef(iri)
    graph = syntax.graph_of([(it, terms.RDF_TYPE, terms.Method)])
    _copy(source, URIRef(method.iri), graph, it, _SAID)
    before: URIRef | None = None
    for number, step in enumerate(method.steps, 1):
        node = URIRef(f"{iri}-{number}")
        graph.add((node, terms.RDF_TYPE, terms.MethodStep))
        graph.add((node, terms.DCTERMS_IS_PART_OF, it))
        if before is not None:
            graph.add((node, terms.AFTER, before))
        _copy(source, URIRef(step.iri), graph, node, _ASKED)
        before = node
    return graph


def _attribute(graph: Graph, brought: Brought, iri: str) -> None:
    """Its licence, who made it, where it comes from: web addresses, or the name of a maker."""
    it, method = URIRef(iri), brought.method
    if method.license and webid.is_web_address(method.license):
        graph.add((it, terms.DCTERMS_LICENSE, URIRef(method.license)))
    for creator in method.creators[:_MOST_MAKERS]:
        if webid.is_web_address(creator):
            graph.add((it, terms.DCTERMS_CREATOR, URIRef(creator)))
        elif (URIRef(method.iri), terms.DCTERMS_CREATOR, URIRef(creator)) not in brought.graph:
            graph.add((it, terms.DCTERMS_CREATOR, Literal(creator[:200])))
    if not method.iri.startswith("https://file.invalid/"):
        graph.add((it, terms.PROV_WAS_DERIVED_FROM, URIRef(method.iri)))


def _copy(source: Graph, subject: URIRef, target: Graph, node: URIRef, paths: tuple[URIRef, ...]) -> None:
    for path in paths:
        for value in source.objects(subject, path):
            if isinstance(value, Literal | URIRef):
                target.add((node, path, value))


def own_method(bag: Bag, key: str) -> Method:
    """One that was brought. Raises NotThere, and NotAMethod when somebody changed it into something else."""
    found = resources.read(bag.pod, bag.layout.method(key))
    if not found.exists:
        raise NotThere(found.iri, 404)
    return model.read(found.graph)


def any_method(bag: Bag, key: str) -> Method:
    """One that comes along, or one that was brought. Raises NotThere, NotAMethod."""
    return model.all_methods().get(key) or own_method(bag, key)


def own_methods(bag: Bag) -> tuple[Method, ...]:
    """All that were brought; one that cannot be read any more is left out."""

    def one(key: str) -> Method | None:
        try:
            return own_method(bag, key)
        except (NotAMethod, NotThere, NotUnderstood):
            return None

    there = containers.members(bag.pod, bag.layout.methods)
    keys = [names.local(member.iri).removesuffix(".ttl") for member in there if member.iri.endswith(".ttl")]
    found = bag.pod.together([partial(one, key) for key in keys])
    return tuple(method for method in found if method)


def check_unused(bag: Bag, key: str) -> None:
    """Raises NotThere, and InUse while a session follows it."""
    method = own_method(bag, key)
    if any(session.method == method.iri for session in list_sessions(bag)):
        raise InUse


def remove_method(bag: Bag, key: str, now: datetime, *, deletes: Sequence[str] = ()) -> Removed:
    """What `deletes` names in the bag goes with it, and first. Raises NotThere, InUse."""
    check_unused(bag, key)
    there = resources.read(bag.pod, bag.layout.method(key))
    carry_out(bag, terms.OPERATION_REMOVE, (), now, deletes=[*deletes, there.iri])
    gone = {str(subject) for subject in there.graph.subjects()}
    return Removed(f"{there.iri}#{key}", pack(gone, {there.iri: frozenset(there.graph)}))
