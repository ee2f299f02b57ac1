"""Say what an activity counts for; what was said before stays, so that it can be seen to change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Literal, URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import values as values_model
from musette_solid.model.activity import Activity
from musette_solid.model.entry import entry
from musette_solid.model.labels import concepts
from musette_solid.model.validation import Finding, Unfit
from musette_solid.model.values import ValueStatement
from musette_solid.model.words import folded
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.take_out import Removed, remove


@dataclass(frozen=True)
class Values:
    """`dimensions` in order: those of the vocabulary, then one's own; `own` names the latter."""

    statements: tuple[ValueStatement, ...]
    activities: tuple[Activity, ...]
    own: Mapping[URIRef, str]
    unreadable: tuple[str, ...]

    @property
    def dimensions(self) -> tuple[URIRef, ...]:
        return (*concepts(terms.DIMENSIONS), *self.own)

    def activity(self, iri: str) -> Activity | None:
        return next((a for a in self.activities if a.iri == iri), None)


def list_values(bag: Bag) -> Values:
    layout = bag.layout
    documents = read_documents(bag, (layout.values, layout.activities))
    graph = documents.graph(layout.values)
    return Values(
        values_model.read(graph),
        activities_model.read(documents.graph(layout.activities)),
        values_model.own_dimensions(graph),
        documents.unreadable,
    )


def say_values(
    bag: Bag,
    activity: str,
    weights: Mapping[str, tuple[int, str]],
    on: date,
    now: datetime,
    *,
    own: tuple[str, int, str] | None = None,
) -> tuple[str, ...]:
    """One write: intensity and sentence by dimension; `own` names one more, of one's own. Raises Unfit, NotThere.

    Nothing said, nothing written.
    """
    layout = bag.layout
    listed = list_values(bag)
    if listed.activity(activity) is None:
        raise NotThere(activity, 404)
    graph = syntax.empty()
    findings: list[Finding] = []
    said = dict(weights)
    if own is not None and own[0].strip():
        name, weight, sentence = own
        known = {folded(label): iri for iri, label in listed.own.items()}
        dimension = known.get(folded(name))
        if dimension is None:
            dimension = URIRef(f"{layout.values}#{names.fragment('own')}")
            graph.add((dimension, terms.RDF_TYPE, terms.SKOS_CONCEPT))
            graph.add((dimension, terms.SKOS_PREF_LABEL, Literal(name.strip()[:100])))
            graph.add((dimension, terms.SKOS_IN_SCHEME, terms.DIMENSIONS))
        said[str(dimension)] = (weight, sentence)
    made = []
    for dimension_iri, (weight, sentence) in said.items():
        iri = f"{layout.values}#{names.fragment('d', on)}"
        texts = {
            "activity": [activity],
            "dimension": [dimension_iri],
            "weight": [str(weight)],
            "description": [sentence],
            "date": [on.isoformat()],
        }
        one = entry(terms.ValueStatementShape, URIRef(iri), texts)
        findings += one.findings
        graph += one.graph
        graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
        made.append(iri)
    if findings:
        raise Unfit(findings=findings)
    if made:
        resources.insert(bag.pod, layout.values, graph)
    return tuple(made)


def remove_statement(bag: Bag, iri: str, now: datetime) -> Removed:
    """Take back one thing that was said; what was said before it holds again. Raises NotThere."""
    if not any(one.iri == iri for one in list_values(bag).statements):
        raise NotThere(iri, 404)
    return remove(bag, bag.layout.values, {iri}, now)


@dataclass(frozen=True)
class OwnDimension:
    """`said`: all that was said through it, of what is and of what is supposed."""

    iri: str
    name: str
    said: frozenset[str]


def own_dimension(bag: Bag, iri: str) -> OwnDimension:
    """Raises NotThere, also for a dimension of the vocabulary."""
    documents = read_documents(bag, (bag.layout.values, bag.layout.scenarios))
    graphs = [documents.resource(one).graph for one in (bag.layout.values, bag.layout.scenarios)]
    name = values_model.own_dimensions(graphs[0]).get(URIRef(iri))
    if name is None:
        raise NotThere(iri, 404)
    return OwnDimension(iri, name, frozenset(str(s) for g in graphs for s in g.subjects(terms.DIMENSION, URIRef(iri))))


def remove_dimension(bag: Bag, iri: str, now: datetime) -> Removed:
    """Take out a dimension of one's own with all that was said through it. Raises NotThere."""
    own = own_dimension(bag, iri)
    removed = remove(bag, bag.layout.values, {iri, *own.said}, now, beside=(bag.layout.scenarios,))
    return Removed(iri, removed.packed)
