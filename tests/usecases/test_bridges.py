"""From one's skills to an occupation: held, to prove, missing, each with why; and the goal that the rest becomes."""

import pytest

from musette_solid.exchange import esco, rome
from musette_solid.model.bridges import How, Need, Reason, Status
from musette_solid.model.references.concepts import Link
from musette_solid.model.references.index import build
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import terms
from musette_solid.usecases.bridge_to import UnknownOccupation, aim_at, bridge_to, from_here, tie
from musette_solid.usecases.declare_skill import add_evidence, assess, declare_skill
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.propose_skills import declare_from_concept
from musette_solid.usecases.pursue_goal import list_goals
from tests.model.references.registers import ESCO_FILES, ROME_FILES, TODAY
from tests.usecases.conftest import NOW

ROME = "https://w3id.org/musette/rome/"
TREASURER = ROME + "code/M1"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("references")
    build(folder / "rome.sqlite", rome.read(ROME_FILES), installed=TODAY).close()
    build(folder / "esco.sqlite", esco.read(ESCO_FILES), installed=TODAY).close()
    return Shelf(folder)


def needs(bag: Bag, shelf: Shelf, occupation: str = TREASURER) -> dict[str, Need]:
    made = bridge_to(bag, shelf, occupation, NOW.date(), "fr").bridge
    return {need.iri.removeprefix(ROME + "ogr/"): need for need in made.needs}


def test_an_empty_bag_lacks_everything_and_its_heart_comes_first(bag: Bag, shelf: Shelf) -> None:
    found = needs(bag, shelf)
    assert {need.status for need in found.values()} == {Status.MISSING}
    links = [need.link for need in found.values()]
    assert links[:3] == [Link.CORE] * 3
    assert found["20"].link == Link.USES


def test_what_is_held_what_is_to_prove_and_why(bag: Bag, shelf: Shelf) -> None:
    held = declare_from_concept(bag, shelf, ROME + "ogr/1", NOW)
    add_evidence(bag, held, {"title": ["Comptes 2025"], "url": ["https://proof.example/2025"]})
    declare_from_concept(bag, shelf, ROME + "ogr/2", NOW, words="Faire le budget du club")
    learning = declare_from_concept(bag, shelf, ROME + "ogr/20", NOW)
    add_evidence(bag, learning, {"title": ["Attestation"], "url": ["https://proof.example/a"]})
    assess(bag, learning, str(terms.LEVEL_DISCOVERING), NOW.date())
    declare_skill(bag, {"prefLabel": ["suivre la trésorerie et ses mouvements"]}, NOW)
    found = needs(bag, shelf)
    assert (found["1"].status, found["1"].answers[0].how, found["1"].reasons) == (Status.HELD, How.SAME, ())
    assert (found["2"].status, found["2"].answers[0].how, found["2"].reasons) == (
        Status.TO_PROVE,
        How.CLOSE,
        (Reason.ONLY_SAID,),
    )
    assert (found["20"].status, found["20"].reasons) == (Status.TO_PROVE, (Reason.LEARNING,))
    likely = found["3"]
    assert (likely.status, likely.answers[0].how) == (Status.TO_PROVE, How.WORDS)
    assert likely.reasons == (Reason.LIKENESS, Reason.ONLY_SAID)
    assert found["5"].status == Status.MISSING


def test_a_likeness_becomes_a_tie_when_the_person_says_so(bag: Bag, shelf: Shelf) -> None:
    skill = declare_skill(bag, {"prefLabel": ["suivre la trésorerie et ses mouvements"]}, NOW)
    tie(bag, shelf, skill, ROME + "ogr/3", "fr")
    assert needs(bag, shelf)["3"].answers[0].how == How.CLOSE
    with pytest.raises(NotThere):
        tie(bag, shelf, bag.layout.skills + "#s-none", ROME + "ogr/3", "fr")
    with pytest.raises(NotThere):
        tie(bag, shelf, skill, ROME + "ogr/unknown", "fr")


def test_a_wider_skill_answers_with_a_question(bag: Bag, shelf: Shelf) -> None:
    declare_from_concept(bag, shelf, ROME + "ogr/9", NOW)
    assert needs(bag, shelf)["1"].answers[0].how == How.WIDER
    assert Reason.LIKENESS in needs(bag, shelf)["1"].reasons


def test_neighbours_are_those_of_the_register_each_with_what_is_shared(bag: Bag, shelf: Shelf) -> None:
    declare_from_concept(bag, shelf, ROME + "ogr/1", NOW)
    near = bridge_to(bag, shelf, TREASURER, NOW.date(), "fr").bridge.neighbours
    assert [(one.label, one.rank, one.shared, one.held, one.total) for one in near] == [
        ("Comptable", 1, ("Tenir les comptes d'une association",), 1, 1),
        ("Caissier / Caissière", 2, (), 0, 1),
    ]


def test_what_one_holds_leads_towards_occupations(bag: Bag, shelf: Shelf) -> None:
    assert from_here(bag, shelf, NOW.date(), "fr").ways == ()
    declare_from_concept(bag, shelf, ROME + "ogr/1", NOW, words="Tenir la trésorerie du club")
    ways = from_here(bag, shelf, NOW.date(), "fr").ways
    assert [(way.label, way.skills, way.total) for way in ways] == [
        ("Comptable", ("Tenir la trésorerie du club",), 1),
        ("Trésorier / Trésorière", ("Tenir la trésorerie du club",), 3),
    ]


def test_gaps_become_a_goal_with_steps(bag: Bag, shelf: Shelf) -> None:
    steps = {ROME + "ogr/2": "Apprendre à établir un budget", ROME + "ogr/3": "Suivre la caisse du club un an"}
    aim_at(bag, shelf, TREASURER, "Devenir trésorière", steps, "2028", NOW, "fr")
    (goal,) = list_goals(bag).goals
    assert (goal.title, goal.role, goal.occupations) == ("Devenir trésorière", "Trésorier / Trésorière", (TREASURER,))
    assert [(step.title, step.needs) for step in goal.steps] == [(text, (need,)) for need, text in steps.items()]
    assert bridge_to(bag, shelf, TREASURER, NOW.date(), "fr").goals == (goal,)
    assert [one.iri for one in from_here(bag, shelf, NOW.date(), "fr").goals] == [goal.iri]
    graph = resources.read(bag.pod, bag.layout.goals).graph
    assert "Établir un budget prévisionnel" in {str(text) for text in graph.objects(None, terms.SKOS_PREF_LABEL)}
    assert check(graph) == ()
    assert goal.last_known(TREASURER) == "Trésorier / Trésorière"


def test_what_is_no_occupation_and_what_does_not_fit_is_said(bag: Bag, shelf: Shelf) -> None:
    for unknown in ("", "https://other.example/", ROME + "ogr/1", ROME + "code/M9"):
        with pytest.raises(UnknownOccupation):
            bridge_to(bag, shelf, unknown, NOW.date(), "fr")
    with pytest.raises(Unfit):
        aim_at(bag, shelf, TREASURER, "", {}, "", NOW, "fr")
    assert list_goals(bag).goals == ()


def test_a_register_that_says_nothing_of_an_occupation_leads_to_one_that_does(bag: Bag, shelf: Shelf) -> None:
    to = bridge_to(bag, shelf, "http://data.europa.eu/esco/occupation/o1", NOW.date(), "fr")
    assert to.bridge.needs == ()
