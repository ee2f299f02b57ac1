"""Every method that comes along is followed to its end: what its answers could become is confirmed, thing by thing, and is there."""

import pytest
from rdflib import Graph, URIRef

from musette_solid.model import methods as model
from musette_solid.model.methods import CHOSEN, Method, Step, all_methods
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases import follow_method as follow
from musette_solid.usecases.declare_skill import declare_skill
from musette_solid.usecases.follow_method import Answer
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.take_out import remove
from tests.usecases.conftest import NOW

#: What is made of an answer, and the document that it goes to.
MADE = {
    terms.OUTCOME_ACTIVITY: (terms.Activity, "activities"),
    terms.OUTCOME_SKILL: (terms.Skill, "skills"),
    terms.OUTCOME_EVIDENCE: (terms.Evidence, "activities"),
    terms.OUTCOME_GOAL: (terms.Goal, "goals"),
    terms.OUTCOME_STEP: (terms.Step, "goals"),
    terms.OUTCOME_TOOL: (terms.Tool, "tools"),
    terms.OUTCOME_RELATION: (terms.VCARD_INDIVIDUAL, "people"),
    terms.OUTCOME_VALUE: (terms.ValueStatement, "values"),
}


@pytest.fixture
def chosen(bag: Bag) -> dict[URIRef, str]:
    activity = log_activity(bag, {"title": ["Atelier"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    return {
        terms.ANSWER_KIND_ACTIVITY: activity,
        terms.ANSWER_KIND_SKILLS: declare_skill(bag, {"prefLabel": ["Souder"]}, NOW, level=None, evidence=None),
        terms.ANSWER_KIND_PEOPLE: know_person(bag, {"fn": ["D. M."]}, NOW),
    }


def said(step: Step, number: int, chosen: dict[URIRef, str]) -> Answer:
    if step.most:
        return Answer("Une phrase.", mark=step.most)
    if step.kind in CHOSEN:
        return Answer(chosen=(chosen[step.kind],))
    if step.kind == terms.ANSWER_KIND_DAY:
        return Answer("2026-11-01")
    return Answer(
        f"Zibeline {number}\nOutarde {number}" if step.kind == terms.ANSWER_KIND_LINES else f"Zibeline {number}"
    )


def stored(bag: Bag, document: str) -> Graph:
    bag.pod.cache = Cache()
    return resources.read(bag.pod, bag.layout.document(document)).graph


def made_of(bag: Bag, session: str) -> dict[URIRef, int]:
    """How many things of each kind come from an answer of the session."""
    bag.pod.cache = Cache()
    answers = {URIRef(one.iri) for one in follow.one_session(bag, session).answers.values()}
    found = {}
    for outcome, (kind, document) in MADE.items():
        graph = stored(bag, document)
        things = set(graph.subjects(terms.RDF_TYPE, kind))
        found[outcome] = sum(bool(answers & set(graph.objects(one, terms.PROV_WAS_DERIVED_FROM))) for one in things)
    return found


@pytest.mark.parametrize("key", sorted(all_methods()))
def test_a_method_is_followed_to_its_end_stopped_taken_up_and_done_again(
    bag: Bag, chosen: dict[URIRef, str], key: str
) -> None:
    method = all_methods()[key]
    session = follow.begin(bag, method, "fr", NOW)
    half = len(method.steps) // 2
    for number, step in enumerate(method.steps[:half], 1):
        follow.answer(bag, follow.one_session(bag, session), step, said(step, number, chosen), "fr", NOW)
    # Stopped there, and taken up another day, with nothing in memory.
    bag.pod.cache = Cache()
    for number, step in enumerate(method.steps[half:], half + 1):
        follow.answer(bag, follow.one_session(bag, session), step, said(step, number, chosen), "fr", NOW)
    found = follow.one_session(bag, session)
    assert len(found.answers) == len(method.steps)

    proposals = model.proposed(method, found)
    outcomes = {step.makes for step in method.steps} - {terms.OUTCOME_NOTE}
    assert {one.outcome for one in proposals} == outcomes
    assert follow.already_made(bag, found, proposals) == frozenset()
    assert not any(made_of(bag, session).values()), "nothing before the person says yes"

    # One by one, as somebody would who goes slowly.
    for place, one in enumerate(proposals, 1):
        spheres = {one.key: str(terms.SPHERE_CARE)}
        assert follow.confirm(bag, found, [(one, "")], NOW, spheres=spheres) == 1
        assert len(follow.already_made(bag, found, proposals)) == place, one
    expected = {outcome: sum(one.outcome == outcome for one in proposals) for outcome in MADE}
    assert made_of(bag, session) == expected
    follow.finish(bag, found, NOW)
    assert follow.one_session(bag, session).is_over
    _nothing_is_loose(bag, chosen[terms.ANSWER_KIND_ACTIVITY])

    again = follow.begin(bag, method, "fr", NOW.replace(hour=12))
    follow.answer(bag, follow.one_session(bag, again), method.steps[-1], Answer("Autrement."), "fr", NOW)
    bag.pod.cache = Cache()
    assert [one.iri for one in follow.list_sessions(bag)] == [again, session]
    assert len(follow.one_session(bag, session).answers) == len(method.steps)


def _nothing_is_loose(bag: Bag, activity: str) -> None:
    """A step has its goal, a person their relation, a piece of evidence and a value their activity."""
    goals, people = stored(bag, "goals"), stored(bag, "people")
    for step in goals.subjects(terms.RDF_TYPE, terms.Step):
        assert (goals.value(step, terms.DCTERMS_IS_PART_OF), terms.RDF_TYPE, terms.Goal) in goals
    for person in people.subjects(terms.RDF_TYPE, terms.VCARD_INDIVIDUAL):
        assert (None, terms.WITH, person) in people
    activities, values = stored(bag, "activities"), stored(bag, "values")
    evidence = set(activities.subjects(terms.RDF_TYPE, terms.Evidence))
    assert evidence <= set(activities.objects(URIRef(activity), terms.EVIDENCE))
    assert set(values.objects(None, terms.ACTIVITY)) <= {URIRef(activity)}


def test_all_kinds_of_things_come_of_some_method() -> None:
    def makes(method: Method) -> set[URIRef]:
        return {step.makes for step in method.steps}

    assert set().union(*map(makes, all_methods().values())) == {*MADE, terms.OUTCOME_NOTE}
    assert len(all_methods()) >= 12


def test_what_was_confirmed_is_known_again_whatever_it_is_called_now_and_comes_back_after_it_was_deleted(
    bag: Bag, chosen: dict[URIRef, str]
) -> None:
    method = all_methods()["star"]
    session = follow.begin(bag, method, "fr", NOW)
    for number in (1, 6):
        step = method.steps[number - 1]
        follow.answer(bag, follow.one_session(bag, session), step, said(step, number, chosen), "fr", NOW)
    found = follow.one_session(bag, session)
    (first, second) = model.proposed(method, found)
    follow.confirm(bag, found, [(first, "Apaiser une file d’attente")], NOW)
    assert follow.already_made(bag, found, (first, second)) == {first.key}
    skills = stored(bag, "skills")
    (made,) = [
        s for s in skills.subjects(terms.SKOS_PREF_LABEL) if "Apaiser" in str(skills.value(s, terms.SKOS_PREF_LABEL))
    ]
    remove(bag, bag.layout.skills, frozenset({str(made)}))
    bag.pod.cache = Cache()
    assert follow.already_made(bag, found, (first, second)) == frozenset()
    follow.confirm(bag, found, [(first, "")], NOW)
    skills = stored(bag, "skills")
    assert (made, terms.RDF_TYPE, terms.Skill) in skills
    assert (made, terms.PROV_INVALIDATED_AT_TIME, None) not in skills
