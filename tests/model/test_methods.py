"""Methods as open content: those that come along fit their shapes, and a bad file gets a sentence."""

import pytest
from rdflib import Graph

from musette_solid import shipped
from musette_solid.model import methods
from musette_solid.model.journal import Reflection
from musette_solid.model.methods import NotAMethod, Session, all_methods, proposed
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

FILES = sorted((shipped.VOCAB / "methods").glob("*.ttl"))
HEAD = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
IT = '<#it> a mus:Method ; dcterms:title "Demo"@en .\n'


def parsed(text: str) -> Graph:
    return syntax.parse((HEAD + text).encode(), syntax.TURTLE, "https://demo.example/method.ttl")


def step(name: str, *, after: str = "", kind: str = "mus:answerKind-text", more: str = "") -> str:
    place = f"mus:after <#{after}> ; " if after else ""
    return (
        f'<#{name}> a mus:MethodStep ; dcterms:isPartOf <#it> ; {place}mus:question "{name}?"@en ; '
        f"{more}mus:answerKind {kind} .\n"
    )


def test_there_are_at_least_twelve() -> None:
    assert len(all_methods()) == len(FILES) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_method_that_comes_along_is_whole(path: object) -> None:
    file = next(f for f in FILES if f == path)
    graph = syntax.parse(file.read_bytes(), syntax.TURTLE, methods.PUBLISHED + file.stem)
    assert check(graph) == ()
    method = methods.read(graph)
    assert method.key == file.stem
    assert method.license == "https://creativecommons.org/licenses/by/4.0/"
    assert method.origin
    for texts in (method.title, method.description, method.audience, *(one.question for one in method.steps)):
        assert set(texts) == {"en", "fr"}
    for one in method.steps:
        assert set(one.help) in ({"en", "fr"}, set())
        assert (one.makes == terms.OUTCOME_VALUE) == (one.dimension is not None)
    assert 1 <= (method.minutes or 0) <= 240


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_french_is_well_set(path: object) -> None:
    file = next(f for f in FILES if f == path)
    from tests.conventions.test_vocabulary import test_french_typography_is_right

    test_french_typography_is_right(file)


def test_steps_are_put_in_their_order() -> None:
    found = methods.read(parsed(IT + step("c", after="b") + step("a") + step("b", after="a")))
    assert [one.iri.partition("#")[2] for one in found.steps] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "describes no method"),
        (IT, "has no step"),
        (IT + IT.replace("#it", "#other"), "several methods"),
        (IT + step("a", after="b") + step("b", after="a"), "round in a circle: a, b"),
        (IT + step("a") + step("b", after="c") + step("c", after="b"), "round in a circle: b, c"),
        (IT + step("a", after="a"), "round in a circle: a"),
        (IT + step("a") + step("b"), "come first: a, b"),
        (IT + step("a") + step("b", after="a") + step("c", after="a"), "after the same one: b, c"),
        (IT + step("a") + step("b", after="nowhere"), "“b” comes after one that is not there"),
        (IT + step("a", kind="mus:answerKind-song"), "in a way that nobody knows: answerKind-song"),
        (IT + step("a", more="mus:makes mus:outcome-gold ; "), "makes something that nobody knows: outcome-gold"),
        (IT + step("a").replace('"a?"@en', '" "@en'), "asks no question"),
        (IT + step("s0") + "".join(step(f"s{n}", after=f"s{n - 1}") for n in range(1, 70)), "more than sixty"),
    ],
)
def test_a_bad_file_gets_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(NotAMethod) as error:
        methods.read(parsed(text))
    assert reason in error.value.sentences()[0]


def session(answers: dict[str, Reflection], method: str) -> Session:
    return Session("#n", method, "", "2026-11-22", False, answers)


def test_lines_become_proposals_and_nothing_more() -> None:
    method = all_methods()["star"]
    lines = Reflection("#r", "- Lire un schéma\n\n • Souder\n")
    can = method.steps[-1]
    found = proposed(method, session({can.iri: lines}, method.iri))
    assert [(one.outcome, one.text) for one in found] == [
        (terms.OUTCOME_SKILL, "Lire un schéma"),
        (terms.OUTCOME_SKILL, "Souder"),
    ]


def test_what_needs_an_activity_waits_for_one() -> None:
    method = all_methods()["wheel-of-values"]
    which, income = method.steps[:2]
    said = {income.iri: Reflection("#r", mark=3)}
    assert proposed(method, session(said, method.iri)) == ()
    said[which.iri] = Reflection("#w", about=("https://demo.example/activities.ttl#a-1",))
    (found,) = proposed(method, session(said, method.iri))
    assert (found.dimension, found.mark) == (terms.DIMENSION_INCOME, 3)
