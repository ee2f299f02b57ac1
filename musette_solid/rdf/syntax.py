"""Bytes to graph and back: Turtle and JSON-LD, nothing else.

RDF/XML is refused unread: a few hundred bytes of it can hold a processor for minutes. JSON-LD contexts are never fetched:
only the ones we ship are known.
"""

import json
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any, TypeAlias

import pyoxigraph as ox
import rdflib
from pyld import jsonld
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import NamespaceManager
from rdflib.term import Node

from musette_solid import shipped
from musette_solid.errors import N_, MusetteError
from musette_solid.rdf import terms
from musette_solid.rdf.store import Nested, SubjectStore

# "PT150M" must stay "PT150M": a patch that deletes another spelling of a literal is answered 409.
rdflib.NORMALIZE_LITERALS = False
# rdflib logs each literal that it cannot convert, traceback and all: the content of a graph never goes to a log.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

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
    "oa": "http://www.w3.org/ns/oa#",
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
    """A graph with our prefixes, in a store that keeps one order of the triples until another is asked for."""
    return _graph(SubjectStore())


class _Graph(Graph):
    """With our prefixes, bound when somebody asks for one: most graphs are read and forgotten."""

    _is_bound = False

    @property
    def namespace_manager(self) -> NamespaceManager:
        manager = super().namespace_manager
        if not self._is_bound:
            self._is_bound = True
            for prefix, namespace in PREFIXES.items():
                manager.bind(prefix, namespace)
        return manager

    @namespace_manager.setter
    def namespace_manager(self, manager: NamespaceManager) -> None:
        self._is_bound = True
        Graph.namespace_manager.fset(self, manager)  # type: ignore[attr-defined]  # a property, to mypy its value


def _graph(store: SubjectStore) -> Graph:
    return _Graph(store=store, bind_namespaces="none")


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = empty()
    for triple in triples:
        graph.add(triple)
    return graph


def parse(data: bytes, media_type: str, base: str) -> Graph:
    """The graph that `data` says, its literals to the letter. Raises NotRdf.

    `media_type` may carry parameters; anything but Turtle and JSON-LD is refused unread.
    """
    if _is_json_ld(media_type):
        return _from_json_ld(data, base)
    known = _Known()
    nested: Nested = {}
    last: object = None
    said: dict[Node, dict[Node, None]] = {}
    try:
        for some in _read(data, base):
            for quad in some:
                subject = quad.subject
                # Documents say all of one thing and then go on to the next.
                if subject != last:
                    last, said = subject, nested.setdefault(known[subject], {})
                said.setdefault(known[quad.predicate], {})[known[quad.object]] = None
    except (SyntaxError, ValueError) as error:
        raise _not_well_formed(error) from error
    return _graph(SubjectStore.of(nested))


def batches(data: bytes, media_type: str, base: str) -> Iterator[Sequence[ox.Quad]]:
    """What `data` says, some hundred triples at a time, in pyoxigraph's terms: for who needs no graph. Raises as `parse` does."""
    if _is_json_ld(media_type):
        yield _quads(_from_json_ld(data, base))
        return
    try:
        yield from _read(data, base)
    except (SyntaxError, ValueError) as error:
        raise _not_well_formed(error) from error


def last_typed(data: bytes, media_type: str, base: str) -> Triple | None:
    """Of what the whole of `data` says, one triple, as near to its end as can be: the type of a thing if any has one.

    None when it says nothing of a thing that has a name. Raises as `parse` does.
    """
    typed = other = None
    for some in batches(data, media_type, base):
        for quad in some:
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode):
                other = quad
                if quad.predicate.value == _RDF_TYPE:
                    typed = quad
    last = typed or other
    return None if last is None else (rdflib_term(last.subject), rdflib_term(last.predicate), rdflib_term(last.object))


#: The parser lets go of the interpreter after each triple. Two threads that both parse take it from each other thousands of
#: times, and need four times as long as one after the other; so one at a time goes to the parser, and not for long.
_PARSER = threading.Lock()
_AT_A_TIME = 512


def _read(data: bytes, base: str) -> Iterator[Sequence[ox.Quad]]:
    """Turtle. Raises SyntaxError, ValueError."""
    reader = ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=base)
    while True:
        with _PARSER:
            some = list(islice(reader, _AT_A_TIME))
        if not some:
            return
        yield some


def salvaged(data: bytes, media_type: str, base: str) -> Graph:
    """What can still be read of a damaged Turtle document: the whole of each subject but the last, which may be cut."""
    read: list[ox.Quad] = []
    if media_type.partition(";")[0].strip().lower() == TURTLE:
        with suppress(SyntaxError, ValueError):
            read.extend(ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=base))
    last = read[-1].subject if read else None
    known = _Known()
    return graph_of(
        (known[quad.subject], known[quad.predicate], known[quad.object]) for quad in read if quad.subject != last
    )


def _is_json_ld(media_type: str) -> bool:
    """Or Turtle. Raises NotRdf for all the rest."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind in {TURTLE, N_TRIPLES}:
        return False
    if kind in {JSON_LD, "application/json"}:
        return True
    raise NotRdf(reason=N_("its format is %(kind)s, not Turtle or JSON-LD"), kind=kind or "?")


def _not_well_formed(error: Exception) -> NotRdf:
    """Where, for the person; the parser's own words are for who writes software (`said`)."""
    line, column, said = getattr(error, "lineno", None), getattr(error, "offset", None), _first_line(error)
    if line is None or column is None:
        return NotRdf(reason=N_("it is not well formed"), said=said)
    reason = N_("it is not well formed at line %(line)s, column %(column)s")
    return NotRdf(reason=reason, line=line, column=column, said=said)


class _Known(dict[Any, Any]):
    """rdflib's terms by pyoxigraph's: each is made once in a document."""

    def __missing__(self, value: Any) -> Node:
        made = self[value] = rdflib_term(value)
        return made


#: The very objects that readers ask with: a dictionary finds those without comparing texts.
_TERMS: Mapping[str, URIRef] = {str(term): term for term in vars(terms).values() if isinstance(term, URIRef)}


def rdflib_term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The same term as rdflib has it. Raises ValueError for a quoted triple."""
    if isinstance(value, ox.NamedNode):
        text = value.value
        # Not `URIRef(text)`: oxigraph has checked the same, and more.
        return _TERMS.get(text) or str.__new__(URIRef, text)
    if isinstance(value, ox.Literal):
        if value.language:
            return Literal(value.value, lang=value.language)
        datatype = value.datatype.value
        if datatype == _XSD_STRING:
            return _plain(value.value)
        return _typed(value.value, datatype) if len(value.value) <= _LONGEST_SHARED else _made(value.value, datatype)
    if isinstance(value, ox.BlankNode):
        return BNode(value.value)
    raise ValueError("quoted triples are not used here")


def _plain(text: str) -> Literal:
    """`Literal(text)` without the questions that rdflib asks of it: most of a document is plain text."""
    made = str.__new__(Literal, text)
    made._language, made._datatype, made._value, made._ill_typed = None, None, text, None  # noqa: SLF001
    return made


def _made(text: str, datatype: str) -> Literal:
    # Said here too: pyshacl.validate and others set the global switch back.
    return Literal(text, datatype=_TERMS.get(datatype) or URIRef(datatype), normalize=False)


#: Numbers, days and moments: the same few come back in every document, and rdflib reads each one's value.
_typed = lru_cache(maxsize=4096)(_made)
_LONGEST_SHARED = len("2026-11-22T09:00:00+01:00")

_RDF_TYPE = str(terms.RDF_TYPE)
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
    return [ox.Quad(_oxigraph_term(s), _oxigraph_term(p), _oxigraph_term(o)) for s, p, o in sorted(graph, key=_rank)]


def _rank(triple: Triple) -> tuple[Any, ...]:
    """The type first; then by name. Two literals of one text differ by their language or datatype."""
    s, p, o = triple
    tags = (o.language or "", o.datatype or "") if isinstance(o, Literal) else ("", "")
    return (str(s), str(p) != _RDF_TYPE, str(p), str(o), isinstance(o, Literal), *tags)


_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def turtle(graph: Graph) -> bytes:
    """Turtle with prefixes declared and IRIs absolute; the same graph always gives the same bytes."""
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for triple in graph for iri in _iris(triple)}
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in namespaces}
    return _bytes(ox.serialize(_quads(graph), format=ox.RdfFormat.TURTLE, prefixes=used))


def _bytes(serialized: bytes | None) -> bytes:
    """Pyoxigraph answers None only when it was given a file to write to."""
    return serialized or b""


def _iris(triple: Triple) -> Iterable[str]:
    for node in triple:
        if isinstance(node, URIRef):
            yield node
        elif isinstance(node, Literal) and node.datatype:
            yield node.datatype


def prologue() -> bytes:
    """An empty Turtle document that declares our prefixes: a server that patches it keeps them, and people can read it."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()).encode()


def n_triples(graph: Graph) -> bytes:
    return _bytes(ox.serialize(_quads(graph), format=ox.RdfFormat.N_TRIPLES))


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
    raise NotRdf(
        reason=N_("it relies on a definition elsewhere (%(elsewhere)s), and those are never fetched"),
        elsewhere=url[:80],
    )


def _from_json_ld(data: bytes, base: str) -> Graph:
    """Every graph of the dataset in one.

    Not by way of N-Quads: PyLD does not read the escapes of control characters back, and checks no IRI.
    """
    try:
        document = json.loads(data, parse_constant=_not_json)
        dataset = jsonld.to_rdf(document, {"base": base, "documentLoader": _load_document})
        return graph_of(
            (_from_pyld(quad["subject"]), _from_pyld(quad["predicate"]), _from_pyld(quad["object"]))
            for quads in dataset.values()
            for quad in quads
        )
    except NotRdf:
        raise
    except jsonld.JsonLdError as error:
        # PyLD wraps what our loader raises, in one error a level of context.
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, NotRdf):
            cause = cause.__cause__
        raise cause or NotRdf(reason=N_("it is not JSON-LD"), said=_first_line(error.args[0])) from error
    except (ValueError, RecursionError, TypeError, LookupError, AttributeError) as error:
        raise NotRdf(reason=N_("it is not JSON-LD"), said=_first_line(error)) from error


def _from_pyld(node: Mapping[str, Any]) -> Node:
    """Through oxigraph's terms, which refuse what is no IRI, no language tag and no text."""
    if node["type"] == "blank node":
        return rdflib_term(ox.BlankNode(node["value"].removeprefix("_:")))
    if node["type"] == "IRI":
        return rdflib_term(ox.NamedNode(node["value"]))
    if node.get("language"):
        return rdflib_term(ox.Literal(node["value"], language=node["language"]))
    return rdflib_term(ox.Literal(node["value"], datatype=ox.NamedNode(node["datatype"])))


def _to_pyld(node: Node) -> dict[str, Any]:
    if isinstance(node, URIRef):
        return {"type": "IRI", "value": str(node)}
    if isinstance(node, Literal):
        if node.language:
            return {"type": "literal", "value": str(node), "language": node.language, "datatype": _LANG_STRING}
        return {"type": "literal", "value": str(node), "datatype": str(node.datatype or _XSD_STRING)}
    return {"type": "blank node", "value": f"_:{node}"}


_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _first_line(said: object) -> str:
    return next(iter(str(said).splitlines()), "")[:200]


def json_ld(graph: Graph, *, compact: bool = True) -> dict[str, Any]:
    """The graph as JSON-LD, compacted with our context (the context is named by its IRI, not copied).

    What our context cannot compact without changing it is given in full instead.
    """
    expanded = _expanded(graph)
    if compact:
        try:
            compacted: dict[str, Any] = jsonld.compact(
                expanded, CONTEXT_IRI, {"documentLoader": _load_document, "graph": True}
            )
        except jsonld.JsonLdError:  # an IRI such as <time:2026>, whose scheme is one of our prefixes
            return {"@graph": expanded}
        return compacted
    return {"@graph": expanded}


def _expanded(graph: Graph) -> list[Any]:
    quads = [
        {"subject": _to_pyld(s), "predicate": _to_pyld(p), "object": _to_pyld(o)}
        for s, p, o in sorted(graph, key=_rank)
    ]
    found: list[Any] = jsonld.from_rdf({"@default": quads}, {"useNativeTypes": False})
    return found


def json_ld_bytes(graph: Graph) -> bytes:
    """The graph as JSON-LD that needs no context, its literals to the letter: for a server that takes nothing else.

    A plain list of its things: javascript-solid-server reads nothing of what is inside `@graph`.
    """
    return json.dumps(_expanded(graph), ensure_ascii=False).encode()
