"""What is about to be done to several documents, written down so that it can be finished or taken back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.model import dates
from musette_solid.model.described import Index
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple

#: Where one thing in a document stands against a change: as before it, as after it, or neither.
State: TypeAlias = OneOf["before", "after", "other"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one document loses and gains. IRIs of things, never blank nodes."""

    document: str
    delta: Delta

    @property
    def inverse(self) -> "Change":
        return Change(self.document, Delta(self.delta.into, self.delta.out))

    def by_thing(self) -> Iterator[tuple[Node, Delta]]:
        """The change of each subject by itself, in the order of their names."""
        for subject in sorted({s for s, _, _ in self.delta.out | self.delta.into}, key=str):
            out = frozenset(t for t in self.delta.out if t[0] == subject)
            into = frozenset(t for t in self.delta.into if t[0] == subject)
            yield subject, Delta(out, into)

    def states(self, graph: Graph) -> dict[Node, State]:
        """Where each thing stands in `graph`, which is the document as it is now."""
        return {subject: state(delta, graph) for subject, delta in self.by_thing()}

    def remaining(self, graph: Graph) -> Delta:
        """What is still to be done: only to things that are as they were before. Somebody else's words stay."""
        whole = Delta()
        for _, delta in self.by_thing():
            if state(delta, graph) == "before":
                whole |= Delta(delta.out, delta.into - frozenset(graph))
        return whole


def state(delta: Delta, graph: Graph) -> State:
    there = frozenset(graph)
    if delta.into <= there and not delta.out & there:
        return "after"
    if delta.out <= there and not (delta.out and delta.into & there):
        return "before"
    return "other"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is put where nothing was (`makes`), then `changes` in the order in which they are made, then what is deleted."""

    iri: str
    operation: URIRef
    begun_at: datetime
    changes: tuple[Change, ...] = ()
    makes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()


def graph_of_intent(intent: Intent) -> Graph:
    """The intent's document. The triples to move are texts: no application takes them for statements of this document."""
    graph = syntax.empty()
    it = URIRef(intent.iri)
    graph.add((it, terms.RDF_TYPE, terms.Intent))
    graph.add((it, terms.OPERATION, intent.operation))
    graph.add((it, terms.DCTERMS_CREATED, dates.moment(intent.begun_at)))
    for number, change in enumerate(intent.changes, 1):
        node = URIRef(f"{intent.iri.partition('#')[0]}#change-{number}")
        graph.add((it, terms.CHANGE, node))
        graph.add((node, terms.RDF_TYPE, terms.Change))
        graph.add((node, terms.SCHEMA_POSITION, Literal(str(number), datatype=terms.XSD_INTEGER)))
        graph.add((node, terms.DOCUMENT, URIRef(change.document)))
        for predicate, triples in ((terms.TAKES_OUT, change.delta.out), (terms.PUTS_IN, change.delta.into)):
            if triples:
                graph.add((node, predicate, Literal(_text(triples))))
    for predicate, iris in ((terms.PUTS_THERE, intent.makes), (terms.DELETES, intent.deletes)):
        for iri in iris:
            graph.add((it, predicate, URIRef(iri)))
    return graph


def _text(triples: Iterable[Triple]) -> str:
    return syntax.n_triples(syntax.graph_of(triples)).decode()


def read(graph: Graph) -> Intent | None:
    """The intent of a document; None when there is none, or not all of it: it was cut while it was being written."""
    index = Index(graph)
    it = next(iter(sorted(index.of_type(terms.Intent), key=lambda node: node.iri)), None)
    operation, begun_at = (it.concept(terms.OPERATION), it.moment(terms.DCTERMS_CREATED)) if it else (None, None)
    if it is None or operation is None or begun_at is None:
        return None
    found: list[tuple[int, Change]] = []
    for iri in it.iris(terms.CHANGE):
        node = index[iri]
        position, document = node.decimal(terms.SCHEMA_POSITION), node.iri_of(terms.DOCUMENT)
        try:
            out, into = (_triples(node.texts(path)) for path in (terms.TAKES_OUT, terms.PUTS_IN))
        except syntax.NotRdf:
            return None
        if position is None or document is None or not (out or into):
            return None
        found.append((int(position), Change(document, Delta(out, into))))
    found.sort(key=lambda pair: pair[0])
    makes, deletes = (tuple(sorted(it.iris(path))) for path in (terms.PUTS_THERE, terms.DELETES))
    if not (found or makes or deletes):
        return None
    return Intent(it.iri, operation, begun_at, tuple(change for _, change in found), makes, deletes)


def _triples(texts: Sequence[str]) -> frozenset[Triple]:
    return frozenset(t for text in texts for t in syntax.parse(text.encode(), syntax.N_TRIPLES, "urn:musette:intent"))
