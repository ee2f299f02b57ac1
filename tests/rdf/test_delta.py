import pytest
from hypothesis import given
from rdflib import BNode, Graph, Literal, URIRef

from musette_solid.rdf import delta, syntax
from musette_solid.rdf.delta import Delta
from tests.rdf.graphs import graphs

A = URIRef("https://demo.example/activities.ttl#a-1")
TITLE = URIRef("http://purl.org/dc/terms/title")


def turtle(text: str) -> Graph:
    return syntax.parse(text.encode(), syntax.TURTLE, "https://demo.example/activities.ttl")


@given(graphs, graphs)
def test_applying_what_lies_between_gives_the_other(a: Graph, b: Graph) -> None:
    assert set(delta.apply(delta.between(a, b), a)) == set(b)


@given(graphs, graphs)
def test_a_delta_never_takes_out_what_it_puts_in(a: Graph, b: Graph) -> None:
    change = delta.between(a, b)
    assert not change.out & change.into


@given(graphs)
def test_nothing_lies_between_a_graph_and_itself(a: Graph) -> None:
    assert not delta.between(a, a)


@given(graphs, graphs, graphs)
def test_two_changes_in_a_row_are_one_change(a: Graph, b: Graph, c: Graph) -> None:
    both = delta.between(a, b) | delta.between(b, c)
    assert both == delta.between(a, c)


def test_applying_leaves_the_first_graph_as_it_was() -> None:
    before = turtle('<#a-1> <http://purl.org/dc/terms/title> "x" .')
    delta.apply(Delta(into=frozenset({(A, TITLE, Literal("y"))})), before)
    assert len(before) == 1


def test_two_spellings_of_a_number_are_two_literals() -> None:
    change = delta.between(
        turtle("<#a-1> <#n> 1 ."), turtle('<#a-1> <#n> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .')
    )
    assert len(change.out) == len(change.into) == 1


@pytest.mark.parametrize("place", ["out", "into"])
def test_a_node_without_a_name_is_refused(place: str) -> None:
    with pytest.raises(delta.BlankNode):
        Delta(**{place: frozenset({(A, TITLE, BNode())})})


def test_someone_elses_triples_survive_a_correction() -> None:
    theirs = turtle('<#a-1> <http://purl.org/dc/terms/title> "x" ; <https://other.example/#mood> "calm" .')
    corrected = delta.apply(
        delta.between(
            turtle('<#a-1> <http://purl.org/dc/terms/title> "x" .'),
            turtle('<#a-1> <http://purl.org/dc/terms/title> "y" .'),
        ),
        theirs,
    )
    assert set(corrected) == set(
        turtle('<#a-1> <http://purl.org/dc/terms/title> "y" ; <https://other.example/#mood> "calm" .')
    )


def test_an_n3_patch_says_what_goes_out_and_what_comes_in() -> None:
    change = Delta(frozenset({(A, TITLE, Literal("x"))}), frozenset({(A, TITLE, Literal('y "z"\n'))}))
    assert delta.n3_patch(change).decode() == (
        "@prefix solid: <http://www.w3.org/ns/solid/terms#>.\n"
        "_:patch a solid:InsertDeletePatch;\n"
        "  solid:deletes {\n"
        '<https://demo.example/activities.ttl#a-1> <http://purl.org/dc/terms/title> "x" .\n'
        "  };\n"
        "  solid:inserts {\n"
        '<https://demo.example/activities.ttl#a-1> <http://purl.org/dc/terms/title> "y \\"z\\"\\n" .\n'
        "  }.\n"
    )


def test_an_insert_only_patch_deletes_nothing() -> None:
    assert b"deletes" not in delta.n3_patch(Delta(into=frozenset({(A, TITLE, Literal("x"))})))
