"""Goals: set with their steps, corrected, moved, taken out and put back."""

from datetime import date

import pytest
from rdflib import Literal, URIRef

from musette_solid.model.goal import Goal
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere, PodError
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pursue_goal import (
    correct_goal,
    correct_step,
    list_goals,
    move_goal,
    move_step,
    one_goal,
    plan_step,
    remove_goal,
    remove_step,
    set_goal,
)
from musette_solid.usecases.take_out import put_back
from tests.usecases.conftest import NOW

ACCOUNTANT = "https://w3id.org/musette/rome/code/M1203"
ACCOUNTS = "https://w3id.org/musette/rome/ogr/100023"


@pytest.fixture
def goal(bag: Bag) -> str:
    texts = {
        "title": ["Devenir comptable"],
        "roleName": ["Comptable"],
        "wishedState": ["Je tiens les comptes de trois associations."],
        "condition": ["Un congé de formation", "Deux soirs par semaine"],
        "valid": ["2028"],
        "occupation": [ACCOUNTANT],
        "needs": [ACCOUNTS],
    }
    steps = [
        {"title": ["Préparer le bilan du club"], "valid": ["2027-03"], "needs": [ACCOUNTS]},
        {"title": ["Postuler"]},
    ]
    return set_goal(bag, texts, NOW, steps)


def held(bag: Bag) -> Goal:
    (one,) = list_goals(bag).goals
    return one


def test_a_goal_is_set_with_its_steps_in_one_write(server: MemoryPod, bag: Bag, goal: str) -> None:
    one = held(bag)
    assert (one.iri, one.title, one.role, one.by.text if one.by else "") == (
        goal,
        "Devenir comptable",
        "Comptable",
        "2028",
    )
    assert one.wished_state == "Je tiens les comptes de trois associations."
    assert set(one.conditions) == {"Un congé de formation", "Deux soirs par semaine"}
    assert (one.occupations, one.needs, one.is_pursued) == ((ACCOUNTANT,), (ACCOUNTS,), True)
    assert [(step.title, step.position, step.state) for step in one.steps] == [
        ("Préparer le bilan du club", 1, terms.STEP_STATE_AHEAD),
        ("Postuler", 2, terms.STEP_STATE_AHEAD),
    ]
    writes = [request for request in server.requests if bag.layout.goals in request.url and request.method != "GET"]
    assert [request.method for request in writes] == ["PATCH"]


def test_what_is_written_fits_the_shapes(bag: Bag, goal: str) -> None:
    assert check(resources.read(bag.pod, bag.layout.goals).graph) == ()


def test_its_json_ld_comes_back_as_it_was(bag: Bag, goal: str) -> None:
    graph = resources.read(bag.pod, bag.layout.goals).graph
    again = syntax.parse(syntax.json_ld_bytes(graph), syntax.JSON_LD, bag.layout.goals)
    assert set(again) == set(graph)


def test_a_step_comes_after_those_that_are_there_and_moves(bag: Bag, goal: str) -> None:
    step = plan_step(bag, goal, {"title": ["Passer l’examen"]}, NOW)
    assert held(bag).steps[-1].iri == step
    first = held(bag).steps[0].iri
    assert held(bag).next_step == held(bag).steps[0]
    move_step(bag, first, terms.STEP_STATE_DONE)
    assert held(bag).steps[0].state == terms.STEP_STATE_DONE
    assert (held(bag).next_step or held(bag).steps[0]).title == "Postuler"
    move_step(bag, step, terms.STEP_STATE_UNDER_WAY)
    assert (held(bag).next_step or held(bag).steps[0]).iri == step
    with pytest.raises(Unfit):
        move_step(bag, step, URIRef("https://other.example/finished"))


def test_a_goal_is_reached_or_set_aside_and_its_horizon_can_pass(bag: Bag, goal: str) -> None:
    assert held(bag).is_late(date(2029, 1, 1))
    assert not held(bag).is_late(date(2028, 12, 31))
    move_goal(bag, goal, terms.GOAL_STATE_REACHED)
    assert held(bag).state == terms.GOAL_STATE_REACHED
    assert not held(bag).is_late(date(2029, 1, 1))
    assert list_goals(bag).pursued == ()


def test_a_correction_keeps_what_the_form_does_not_ask(bag: Bag, goal: str) -> None:
    resources.insert(
        bag.pod, bag.layout.goals, syntax.graph_of([(URIRef(goal), URIRef("https://other.example/p"), Literal("x"))])
    )
    seen = one_goal(bag, goal).version
    correct_goal(bag, goal, {"title": ["Devenir expert-comptable"], "condition": []}, NOW, seen)
    one = held(bag)
    assert (one.title, one.conditions, one.role, one.needs) == (
        "Devenir expert-comptable",
        (),
        "Comptable",
        (ACCOUNTS,),
    )
    assert Literal("x") in set(resources.read(bag.pod, bag.layout.goals).graph.objects(URIRef(goal)))
    with pytest.raises(ChangedMeanwhile):
        correct_goal(bag, goal, {"title": ["Trop tard"]}, NOW, seen)


def test_a_step_is_corrected_and_taken_out(bag: Bag, goal: str) -> None:
    step = held(bag).steps[1]
    correct_step(
        bag,
        step.iri,
        {"title": ["Postuler à trois offres"], "valid": ["2027"]},
        NOW,
        one_goal(bag, goal).step_versions[step.iri],
    )
    assert held(bag).steps[1].title == "Postuler à trois offres"
    remove_step(bag, step.iri)
    assert len(held(bag).steps) == 1
    with pytest.raises(NotThere):
        remove_step(bag, step.iri)


def test_a_goal_is_taken_out_with_its_steps_and_put_back(bag: Bag, goal: str) -> None:
    before = held(bag)
    removed = remove_goal(bag, goal)
    assert list_goals(bag).goals == ()
    put_back(bag, removed.packed)
    assert held(bag) == before


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"title": ["x" * 201]},
        {"title": ["Voir"], "valid": ["bientôt"]},
        {"title": ["Voir"], "goalState": ["finie"]},
    ],
)
def test_what_does_not_fit_writes_nothing(bag: Bag, texts: dict[str, list[str]]) -> None:
    with pytest.raises(Unfit):
        set_goal(bag, texts, NOW)
    assert list_goals(bag).goals == ()


def test_a_damaged_document_is_named_and_never_written(server: MemoryPod, bag: Bag, goal: str) -> None:
    url = bag.layout.goals
    server.put_bytes(url, b"@prefix broken <#a> ")
    assert list_goals(bag).unreadable == (url,)
    with pytest.raises(PodError):
        plan_step(bag, goal, {"title": ["Postuler"]}, NOW)
    assert server._stored[url].body == b"@prefix broken <#a> "
