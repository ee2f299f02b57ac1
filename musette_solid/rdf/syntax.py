"""Bytes to graph and back: Turtle and JSON-LD, nothing else.

RDF/XML is refused unread: a few hundred bytes of it can hold a processor for minutes. JSON-LD contexts are never fetched:
only the ones we ship are known.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias

import pyoxigraph as ox
import rdflib
from pyld import jsonld
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.term import Node

from musette_solid import shipped
from musette_solid.errors import N_, MusetteError

# "PT150M" must stay "PT150M": a patch that deletes another spelling of a literal is answered 409.
rdflib.NORMALIZE_LITERALS = False

Triple: TypeAlias = tuple[Node, Node, Node]

TURTLE = "text/turtle"
JSON_LD = "application/ld+json"
N_TRIPLES = "application/n-triples"

#: Where the JSON-LD context of the vocabulary is published.
CONTEXT_IRI = "https://w3id.org/musette/context.jsonld"

PREFIXES: Mapping[str, str] = {
    "mus": "https://w3id.org/musette#",
    "acl": "http://www.w3.org/ns/auth/acl#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "dcterms": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "interop": "http://www.w3.org/ns/solid/interop#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pim": "http://www.w3.org/ns/pim/space#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "solid": "http://www.w3.org/ns/solid/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class NotRdf(MusetteError):
    what = N_("This document could not be read: %(reason)s.")
    do = N_("Nothing was changed. Check the document with the application that wrote it last.")


def empty() -> Graph:
    """A graph with our prefixes, in the light store (three times faster to fill than rdflib's default)."""
    graph = Graph(store=SimpleMemory(), bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = empty()
    for triple in triples:
        graph.add(triple)
    return graph


def parse(data: bytes, media_type: str, base: str) -> Graph:
    """The graph that `data` says, its literals to the letter. Raises NotRdf.

    `media_type` may carry parameters; anything but Turtle and JSON-LD is refused unread.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind in {TURTLE, N_TRIPLES}:
        return _from_oxigraph(data, ox.RdfFormat.TURTLE, base)
    if kind in {JSON_LD, "application/json"}:
        return _from_json_ld(data, base)
    raise NotRdf(reason=f"its format is {kind or 'not said'}, not Turtle or JSON-LD")


def _from_oxigraph(data: bytes, rdf_format: ox.RdfFormat, base: str) -> Graph:
    graph = empty()
    add = graph.store.add
    known: dict[object, Node] = {}

    def term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        found = known.get(value)
        if found is None:
            found = known[value] = _rdflib_term(value)
        return found

    try:
        for quad in ox.parse(data, format=rdf_format, base_iri=base):
            # The store's own `add`: Graph.add checks types that the parser already guarantees.
            add((term(quad.subject), term(quad.predicate), term(quad.object)), graph)
    except (SyntaxError, ValueError) as error:
        raise NotRdf(reason=str(error).splitlines()[0][:200]) from error
    return graph


def _rdflib_term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(value, ox.NamedNode):
        return URIRef(value.value)
    if isinstance(value, ox.Literal):
        if value.language:
            return Literal(value.value, lang=value.language)
        datatype = value.datatype.value
        return Literal(value.value, datatype=None if datatype == _XSD_STRING else URIRef(datatype))
    if isinstance(value, ox.BlankNode):
        return BNode(value.value)
    raise ValueError("quoted triples are not used here")


_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def _oxigraph_term(node: Node) -> Any:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
    return ox.BlankNode(str(node))


def _quads(graph: Graph) -> list[ox.Quad]:
    # Sorted, so that the same graph is always the same bytes: a preview and what is sent can be compared.
    return [
        ox.Quad(_oxigraph_term(s), _oxigraph_term(p), _oxigraph_term(o))
        for s, p, o in sorted(graph, key=lambda t: (str(t[0]), str(t[1]) != _RDF_TYPE, str(t[1]), str(t[2])))
    ]


_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def turtle(graph: Graph) -> bytes:
    """Turtle with prefixes declared and IRIs absolute; the same graph always gives the same bytes."""
    used = {p: n for p, n in PREFIXES.items() if any(n in str(node) for t in graph for node in _iris(t))}
    text: bytes = ox.serialize(_quads(graph), format=ox.RdfFormat.TURTLE, prefixes=used)
    return text


def _iris(triple: Triple) -> Iterable[str]:
    for node in triple:
        if isinstance(node, URIRef):
            yield node
        elif isinstance(node, Literal) and node.datatype:
            yield node.datatype


def n_triples(graph: Graph) -> bytes:
    text: bytes = ox.serialize(_quads(graph), format=ox.RdfFormat.N_TRIPLES)
    return text


def digest(graph: Graph) -> str:
    """A short mark of exactly these triples (128 bits of SHA-256, in hexadecimal)."""
    return sha256(n_triples(graph)).hexdigest()[:32]


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """Our JSON-LD 1.1 context, as published."""
    document: dict[str, Any] = json.loads((shipped.VOCAB / "context.jsonld").read_text("utf-8"))
    return document


def _load_document(url: str, _options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    if url == CONTEXT_IRI:
        return {"contentType": JSON_LD, "contextUrl": None, "documentUrl": url, "document": context()}
    raise NotRdf(reason=f"it relies on a definition elsewhere ({url[:80]}), and those are never fetched")


def _from_json_ld(data: bytes, base: str) -> Graph:
    try:
        document = json.loads(data)
        quads = jsonld.to_rdf(
            document, {"base": base, "documentLoader": _load_document, "format": "application/n-quads"}
        )
    except NotRdf:
        raise
    except jsonld.JsonLdError as error:
        cause = error.cause
        while cause is not None and not isinstance(cause, NotRdf):
            cause = getattr(cause, "cause", None) or cause.__cause__
        if isinstance(cause, NotRdf):
            raise cause from error
        raise NotRdf(reason=str(error).splitlines()[0][:200]) from error
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise NotRdf(reason=str(error).splitlines()[0][:200] if str(error) else "it is not JSON-LD") from error
    return _from_oxigraph(quads.encode(), ox.RdfFormat.N_QUADS, base)


def json_ld(graph: Graph, *, compact: bool = True) -> dict[str, Any]:
    """The graph as JSON-LD, compacted with our context (the context is named by its IRI, not copied)."""
    expanded = jsonld.from_rdf(n_triples(graph).decode(), {"format": "application/n-quads", "useNativeTypes": False})
    if not compact:
        return {"@graph": expanded}
    compacted: dict[str, Any] = jsonld.compact(expanded, CONTEXT_IRI, {"documentLoader": _load_document, "graph": True})
    return compacted
