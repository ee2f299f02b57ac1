"""The published vocabulary, its context and its shapes: Turtle, JSON-LD or a page, as asked; open to every site."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import Graph, URIRef
from werkzeug.exceptions import NotFound

from musette_solid import shipped
from musette_solid.model import labels
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.names import local
from musette_solid.web import i18n
from musette_solid.web.access import public

bp = Blueprint("vocabulary", __name__)

NAMESPACE = syntax.PREFIXES["mus"]
_SHACL = "http://www.w3.org/ns/shacl#"

_KINDS = (
    ("http://www.w3.org/2002/07/owl#Class", "class"),
    ("http://www.w3.org/2000/01/rdf-schema#Class", "class"),
    ("http://www.w3.org/2002/07/owl#ObjectProperty", "property"),
    ("http://www.w3.org/2002/07/owl#DatatypeProperty", "property"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#Property", "property"),
    (str(terms.SKOS_CONCEPT_SCHEME), "scheme"),
    (str(terms.SKOS_CONCEPT), "concept"),
)
_MAPPINGS = (
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf",
    "http://www.w3.org/2002/07/owl#equivalentClass",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2004/02/skos/core#closeMatch",
    "http://www.w3.org/2004/02/skos/core#broadMatch",
    "http://www.w3.org/2004/02/skos/core#relatedMatch",
)


@dataclass(frozen=True)
class Term:
    iri: str
    name: str
    kind: str
    scheme: str
    definition: str
    mappings: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]


def published() -> Graph:
    """Everything under vocab/ that defines terms."""
    return labels.graph()


@lru_cache(maxsize=4)
def terms_of(language: str) -> tuple[Term, ...]:
    graph = published()
    found = []
    for subject in {
        s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(NAMESPACE) and s != URIRef(NAMESPACE)
    }:
        types = {str(kind) for kind in graph.objects(subject, terms.RDF_TYPE)}
        kind = next((name for iri, name in _KINDS if iri in types), "")
        if not kind:
            continue
        found.append(
            Term(
                str(subject),
                local(str(subject)),
                kind,
                local(str(graph.value(subject, terms.SKOS_IN_SCHEME) or "")),
                labels.definition(subject, language) or "",
                tuple(
                    (local(path), str(other))
                    for path in _MAPPINGS
                    for other in sorted(map(str, graph.objects(subject, URIRef(path))))
                ),
                tuple(
                    str(text) for text in graph.objects(subject, URIRef("http://www.w3.org/2004/02/skos/core#example"))
                ),
            )
        )
    return tuple(sorted(found, key=lambda term: term.name.lower()))


def _wanted(*, html: bool = True) -> str:
    """The media type to answer with; a page for whoever has no preference for data."""
    offered = [*(["text/html"] if html else []), syntax.TURTLE, syntax.JSON_LD, syntax.N_TRIPLES]
    ending = request.args.get("format", "")
    if ending in {"ttl", "jsonld", "nt"}:
        return {"ttl": syntax.TURTLE, "jsonld": syntax.JSON_LD, "nt": syntax.N_TRIPLES}[ending]
    return request.accept_mimetypes.best_match(offered, default=offered[0]) or offered[0]


def _data(graph: Graph, media_type: str) -> ResponseReturnValue:
    match media_type:
        case syntax.JSON_LD:
            text = json.dumps(syntax.json_ld(graph), ensure_ascii=False, indent=2, sort_keys=True).encode()
        case syntax.N_TRIPLES:
            text = syntax.n_triples(graph)
        case _:
            text, media_type = syntax.turtle(graph), syntax.TURTLE
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers.add("Vary", "Accept")
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/ns")
@public
def namespace() -> ResponseReturnValue:
    wanted = _wanted()
    if wanted != "text/html":
        return _data(published(), wanted)
    response = Response(render_template("pages/vocabulary.html", terms=terms_of(i18n.language()), shapes=shape_names()))
    response.headers.add("Vary", "Accept")
    return response


@bp.get("/ns/<name>")
@public
def term(name: str) -> ResponseReturnValue:
    subject = URIRef(NAMESPACE + name)
    said = list(published().triples((subject, None, None)))
    if not said:
        raise NotFound
    wanted = _wanted()
    if wanted == "text/html":
        return redirect(url_for(".namespace", _anchor=name), 303)
    return _data(syntax.graph_of(said), wanted)


@bp.get("/context.jsonld")
@public
def context() -> ResponseReturnValue:
    response = Response((shipped.VOCAB / "context.jsonld").read_bytes(), content_type=syntax.JSON_LD)
    response.add_etag()
    return response.make_conditional(request)


def shape_names() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted(shipped.SHAPES.glob("*.ttl")))


def _shape_file(name: str) -> Path:
    if name not in shape_names():
        raise NotFound
    return shipped.SHAPES / f"{name}.ttl"


@bp.get("/shapes/<name>")
@public
def shape(name: str) -> ResponseReturnValue:
    path = _shape_file(name.removesuffix(".ttl"))
    wanted = syntax.TURTLE if name.endswith(".ttl") else _wanted()
    source = path.read_bytes()
    if wanted == syntax.TURTLE:
        # As it was written, comments and all.
        response = Response(source, content_type="text/turtle; charset=utf-8")
        response.headers.add("Vary", "Accept")
        response.add_etag()
        return response.make_conditional(request)
    if wanted == "text/html":
        response = Response(render_template("pages/shape.html", name=path.stem, source=source.decode()))
        response.headers.add("Vary", "Accept")
        return response
    return _data(syntax.parse(source, syntax.TURTLE, NAMESPACE), wanted)
