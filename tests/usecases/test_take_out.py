"""Whatever is deleted comes back exactly as it was: the thing, its parts, what pointed at it, what others said of it."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from musette_solid import shipped
from musette_solid.model.methods import all_methods
from musette_solid.pod import containers, resources
from musette_solid.pod.cache import Cache
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.bring_method import from_file, keep_method
from musette_solid.usecases.correct_activity import remove_activity
from musette_solid.usecases.declare_skill import assess, declare_skill, remove_skill
from musette_solid.usecases.follow_method import Answer, answer, begin, list_sessions, one_session, remove_session
from musette_solid.usecases.imagine import imagine, remove_scenario, remove_supposed, suppose
from musette_solid.usecases.journal import remove_reflection, write_reflection
from musette_solid.usecases.keep_tools import keep_tool, remove_tool
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.log_time import log_time, remove_entry
from musette_solid.usecases.note_right import note_fact, remove_fact
from musette_solid.usecases.pass_on_method import remove_method
from musette_solid.usecases.pursue_goal import list_goals, remove_goal, remove_step, set_goal
from musette_solid.usecases.say_value import list_values, remove_dimension, remove_statement, say_values
from musette_solid.usecases.take_out import NotPutBack, Removed, put_back
from musette_solid.usecases.watch import remove_watch, watch_address
from tests.usecases.conftest import NOW

Remove = Callable[[Bag, str], Removed]
LATER = NOW + timedelta(minutes=1)

#: What can be deleted and put back, by what it is.
REMOVES: Mapping[str, Remove] = {
    "activity": remove_activity,
    "assessed skill": lambda bag, iri: remove_skill(bag, iri, LATER),
    "time": remove_entry,
    "tool": lambda bag, iri: remove_tool(bag, iri, LATER),
    "note": remove_reflection,
    "session": lambda bag, iri: remove_session(bag, one_session(bag, iri)),
    "method": lambda bag, iri: remove_method(bag, names.local(iri), LATER),
    "goal": remove_goal,
    "step": remove_step,
    "what-if": remove_scenario,
    "supposed": remove_supposed,
    "watched": remove_watch,
    "statement": lambda bag, iri: remove_statement(bag, iri, LATER),
    "dimension": lambda bag, iri: remove_dimension(bag, iri, LATER),
    "fact": remove_fact,
}


def filled(bag: Bag) -> dict[str, str]:
    """One of each, each tied to others; their names."""
    sphere = {"sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    activity = log_activity(bag, {"title": ["Repair café"], **sphere}, NOW)
    mission = log_activity(bag, {"title": ["Accueil"], "isPartOf": [activity], **sphere}, NOW)
    skill = declare_skill(bag, {"prefLabel": ["souder"]}, NOW, used_in=[activity, mission])
    assess(bag, skill, str(terms.LEVEL_ADAPTING), NOW.date())
    tool = keep_tool(bag, {"title": ["Fer à souder"]}, NOW, [activity, mission])
    person = know_person(bag, {"fn": ["A."], "relationKind": [str(terms.RELATION_KIND_CLIENT)]}, NOW)
    note = write_reflection(bag, {"description": ["Une file."], "about": [activity, skill], "with": [person]}, NOW)
    entry = log_time(bag, activity, 90, date(2026, 11, 20), None, "samedi")
    method = all_methods()["star"]
    session = begin(bag, method, "fr", NOW)
    answer(bag, one_session(bag, session), method.steps[0], Answer(chosen=(activity,)), "fr", NOW)
    answer(bag, one_session(bag, session), method.steps[1], Answer("Douze personnes."), "fr", NOW)
    example = (shipped.VOCAB / "examples" / "method.ttl").read_bytes()
    key = keep_method(bag, from_file(example, "mine.ttl"), NOW)
    goal = set_goal(bag, {"title": ["Une VAE"]}, NOW, [{"title": ["Demander"]}, {"title": ["Écrire"]}])
    what_if = imagine(
        bag,
        {"title": ["Quatre jours"], "startDate": ["2027-01-01"], "endDate": ["2027-12-31"], "wouldEnd": [activity]},
        NOW,
    )
    (own, _) = say_values(bag, activity, {str(terms.DIMENSION_CARE): (3, "")}, NOW.date(), NOW, own=("Voix", 2, "fort"))
    (dimension,) = list_values(bag).own
    supposed = suppose(
        bag,
        {"title": ["Atelier"], "isPartOf": [what_if], "weeklyHours": ["7"], "mobilises": [skill], **sphere},
        NOW,
        {str(dimension): 4, str(terms.DIMENSION_MEANING): 1},
    )
    watched = watch_address(bag, {"title": ["Offres"], "url": ["https://offers.example/"]}, NOW)
    income = str(terms.FACT_KIND_GROSS_SALARY)
    fact = note_fact(bag, {"factKind": [income], "amount": ["1234.50"], "date": ["2023"]}, NOW, is_income=True)
    (one,) = list_goals(bag).goals
    return {
        "activity": activity,
        "assessed skill": skill,
        "time": entry.iri,
        "tool": tool,
        "note": note,
        "session": session,
        "method": f"{bag.layout.method(key)}#{key}",
        "goal": goal,
        "step": one.steps[0].iri,
        "what-if": what_if,
        "supposed": supposed,
        "watched": watched,
        "statement": own,
        "dimension": str(dimension),
        "fact": fact,
    }


def everything(bag: Bag) -> dict[str, frozenset[Triple]]:
    """Every document in which something is kept, as the space has it now."""
    bag.pod.cache = Cache()
    layout = bag.layout
    whole = [layout.activities, layout.skills, layout.goals, layout.people, layout.tools, layout.values]
    whole += [layout.watch, layout.scenarios, layout.rights, layout.time(2026), layout.journal(2026)]
    whole += [member.iri for member in containers.members(bag.pod, layout.methods)]
    return {iri: frozenset(resources.read(bag.pod, iri).graph) for iri in whole}


def is_there(bag: Bag, iri: str) -> bool:
    return any((URIRef(iri), terms.RDF_TYPE) == triple[:2] for graph in everything(bag).values() for triple in graph)


@pytest.fixture
def things(bag: Bag) -> dict[str, str]:
    return filled(bag)


def test_one_of_each_is_there(bag: Bag, things: dict[str, str]) -> None:
    assert things.keys() == REMOVES.keys()
    assert len(list_sessions(bag)) == 1
    there = {subject for graph in everything(bag).values() for subject, _, _ in graph}
    assert {URIRef(iri) for iri in things.values()} <= there


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_deleted_and_put_back_is_as_it_was(bag: Bag, things: dict[str, str], data: st.DataObject) -> None:
    """In any order, several at a time, the last first; with what other applications said of them, and that points at them."""
    chosen = data.draw(st.lists(st.sampled_from(sorted(REMOVES)), min_size=1, max_size=4, unique=True))
    for kind in chosen:
        iri, foreign = URIRef(things[kind]), URIRef("https://other.example/note")
        of_it, from_elsewhere = (iri, foreign, Literal("à eux")), (URIRef("https://other.example/#x"), foreign, iri)
        more: list[Triple] = data.draw(st.sampled_from([[], [of_it], [from_elsewhere], [of_it, from_elsewhere]]))
        if more and kind != "method":
            resources.insert(bag.pod, names.document(iri), syntax.graph_of(more))
    before = everything(bag)
    undone = [REMOVES[kind](bag, things[kind]) for kind in chosen if is_there(bag, things[kind])]
    assert everything(bag) != before
    for removed in reversed(undone):
        put_back(bag, removed.packed, LATER)
    assert everything(bag) == before


def test_a_tool_comes_back_into_what_is_still_there_only(bag: Bag, things: dict[str, str]) -> None:
    removed = remove_tool(bag, things["tool"], LATER)
    remove_activity(bag, things["activity"])
    put_back(bag, removed.packed, LATER)
    bag.pod.cache = Cache()
    graph = resources.read(bag.pod, bag.layout.activities).graph
    (using,) = graph.subjects(terms.USES, URIRef(things["tool"]))
    assert str(using) != things["activity"]
    assert (URIRef(things["activity"]), terms.RDF_TYPE, None) not in graph


def test_a_statement_taken_back_lets_the_one_before_hold_again(bag: Bag, things: dict[str, str]) -> None:
    activity = things["activity"]
    (second,) = say_values(bag, activity, {str(terms.DIMENSION_CARE): (0, "")}, NOW.date() + timedelta(1), LATER)
    remove_statement(bag, second, LATER)
    weights = [one.weight for one in list_values(bag).statements if one.dimension == terms.DIMENSION_CARE]
    assert weights == [3]


@pytest.mark.parametrize(
    "said",
    [
        {"gone": [], "out": []},
        {"gone": ["x"], "out": [["https://elsewhere.example/activities.ttl", "<a:b> <c:d> <e:f> ."]]},
        {"gone": ["x"], "out": [["{root}musette.ttl", "<a:b> <c:d> <e:f> ."]]},
        {"gone": ["x"], "out": [["{root}shares/x/dossier.ttl", "<a:b> <c:d> <e:f> ."]]},
        {"gone": ["x"], "out": [["{root}activities.ttl", "no triples"]]},
        {"gone": 3, "out": {}},
        ["gone"],
        "gone",
    ],
)
def test_what_was_never_packed_here_is_not_put_back(bag: Bag, things: dict[str, str], said: object) -> None:
    before = everything(bag)
    text = json.dumps(said).replace("{root}", bag.layout.root).encode()
    with pytest.raises(NotPutBack):
        put_back(bag, base64.urlsafe_b64encode(zlib.compress(text)).decode(), LATER)
    assert everything(bag) == before
