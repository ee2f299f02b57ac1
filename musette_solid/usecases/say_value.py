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
