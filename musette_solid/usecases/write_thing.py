"""Add, correct and read again one thing of the bag that a shape describes and one document holds."""

from collections.abc import Iterable
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model.entry import entry
from musette_solid.model.shapes import all_fields, fields
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import said_of, version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, timestamp


def made(shape: URIRef, iri: str, texts: Texts, now: datetime, findings: Iterable[Finding] = ()) -> Graph:
    """The triples of a new thing. Raises Unfit, with `findings` beside what the shape says."""
    said = entry(shape, URIRef(iri), texts)
    found = (*said.findings, *findings)
    if found:
        raise Unfit(findings=found)
    if any(field.path == terms.DCTERMS_CREATED for field in all_fields(shape)):
        said.graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
    return said.graph


def add(bag: Bag, shape: URIRef, iri: str, texts: Texts, now: datetime) -> str:
    """Write a new thing in one write; its IRI. Raises Unfit; then nothing was written."""
    resources.insert(bag.pod, names.document(iri), made(shape, iri, texts, now))
    return iri


def seen_as(bag: Bag, iri: str, seen: str) -> Resource:
    """The document of a thing, which is still what a form was made from. Raises NotThere, ChangedMeanwhile."""
    base = resources.read(bag.pod, names.document(iri))
    if not said_of(base.graph, iri):
        raise NotThere(iri, 404)
    if version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    return base


def replaced(graph: Graph, shape: URIRef, iri: str, texts: Texts, now: datetime) -> Delta:
    """The change that makes a thing what `texts` say; what they do not name, and what others said of it, stays."""
    after = entry(shape, URIRef(iri), texts)
    if after.findings:
        raise Unfit(findings=after.findings)
    ours = {field.path for field in all_fields(shape) if field.name in texts}
    into = set(after.graph)
    if any(field.path == terms.DCTERMS_MODIFIED for field in all_fields(shape)):
        ours.add(terms.DCTERMS_MODIFIED)
        into.add((URIRef(iri), terms.DCTERMS_MODIFIED, timestamp(now)))
    out = {t for t in said_of(graph, iri) if t[1] in ours}
    return Delta(frozenset(out - into), frozenset(into - set(graph)))


def correct(bag: Bag, shape: URIRef, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """Raises Unfit, NotThere, ChangedMeanwhile (see `correct_activity`); then nothing was written."""
    base = seen_as(bag, iri, seen)
    resources.change(bag.pod, base, replaced(base.graph, shape, iri, texts, now))


def said(graph: Graph, shape: URIRef, iri: str) -> dict[str, list[str]]:
    """What a form of this shape would say of a thing, by field name."""
    found: dict[str, list[str]] = {}
    for field in fields(shape):
        values = sorted(str(v) for v in graph.objects(URIRef(iri), field.path) if isinstance(v, Literal | URIRef))
        if values:
            found[field.name] = values
    return found
