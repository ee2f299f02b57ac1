"""Our store answers every question as rdflib's own does, whatever was put in and taken out, in whatever order it was asked."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.rdf.store import SubjectStore, by_subject, once

NAMES = [URIRef(f"urn:{letter}") for letter in "abc"]
NODES: list[Node] = [*NAMES, Literal("a"), Literal("a", lang="fr"), Literal("1", datatype=URIRef("urn:int"))]
TRIPLES = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NODES))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "remove", "ask"]), TRIPLES), max_size=30)


@settings(deadline=None)
@given(STEPS)
def test_it_answers_as_rdflibs_own_store_does(steps: list[tuple[str, tuple[Node, Node, Node]]]) -> None:
    ours, theirs = Graph(store=SubjectStore()), Graph()
    for verb, triple in steps:
        for graph in (ours, theirs):
            if verb == "add":
                graph.add(triple)
            elif verb == "remove":
                graph.remove(triple)
        if verb == "ask":
            for s, p, o in product((None, triple[0]), (None, triple[1]), (None, triple[2])):
                assert set(ours.triples((s, p, o))) == set(theirs.triples((s, p, o)))
    assert len(ours) == len(theirs)
    assert set(ours) == set(theirs)
    assert {(s, p, o) for s, found in by_subject(ours).items() for p, os in found.items() for o in os} == set(theirs)
    assert by_subject(theirs) == by_subject(ours)


def test_a_pattern_takes_out_all_that_it_fits() -> None:
    graph = Graph(store=SubjectStore())
    for subject, object_ in product(NAMES, NODES):
        graph.add((subject, NAMES[0], object_))
    graph.remove((None, NAMES[0], Literal("a")))
    assert len(graph) == 15
    graph.remove((NAMES[1], None, None))
    assert len(graph) == 10
    assert list(graph.triples((NAMES[1], None, None))) == []
    graph.remove((None, None, None))
    assert len(graph) == 0
    assert by_subject(graph) == {}


def test_what_is_grouped_already_is_taken_as_it_is() -> None:
    nested: dict[Node, dict[Node, dict[Node, None]]] = {NAMES[0]: {NAMES[1]: {NAMES[2]: None, Literal("a"): None}}}
    graph = Graph(store=SubjectStore.of(nested))
    assert set(graph) == {(NAMES[0], NAMES[1], NAMES[2]), (NAMES[0], NAMES[1], Literal("a"))}
    assert len(graph) == 2
    graph.add((NAMES[0], NAMES[1], NAMES[2]))
    assert len(graph) == 2


def test_a_graph_is_read_once_until_it_changes() -> None:
    asked: list[Graph] = []

    @once
    def size(graph: Graph) -> int:
        """How many triples."""
        asked.append(graph)
        return len(graph)

    graph, other = Graph(store=SubjectStore()), Graph()
    assert [size(graph), size(graph), len(asked)] == [0, 0, 1]
    graph.add((NAMES[0], NAMES[1], NAMES[2]))
    assert [size(graph), size(graph), len(asked)] == [1, 1, 2]
    graph.remove((NAMES[0], None, None))
    assert size(graph) == 0
    other.add((NAMES[0], NAMES[1], NAMES[2]))
    assert size(other) == 1
    assert size.__doc__ == "How many triples."
