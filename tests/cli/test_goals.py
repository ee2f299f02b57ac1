"""Goals on the command line: set with steps, added to, marked; what cannot be is said and changes nothing."""

import json

import pytest

from musette_solid.usecases.layout import Bag
from tests.cli.conftest import run


def steps() -> list[tuple[str, str]]:
    (goal,) = json.loads(run("goals", "--json").stdout)["goals"]
    return [(step["title"], step["state"].rpartition("-")[2]) for step in goal["steps"]]


def test_a_goal_with_steps_is_set_added_to_and_reached(bag: Bag) -> None:
    made = run("add", "goal", "Ouvrir un atelier", "--by", "2028", "--step", "Trouver un lieu", "--step", "Un budget")
    iri = made.stdout.strip()
    assert run("goals", "--plan", iri, "Une équipe").exit_code == 0
    assert steps() == [("Trouver un lieu", "ahead"), ("Un budget", "ahead"), ("Une équipe", "ahead")]
    shown = run("goals").stdout
    assert shown.startswith("Ouvrir un atelier  → 2028  (")
    first = json.loads(run("goals", "--json").stdout)["goals"][0]["steps"][0]["iri"]
    assert run("goals", "--mark", first, "done").exit_code == 0
    assert steps()[0] == ("Trouver un lieu", "done")
    assert run("goals", "--mark", iri, "reached").exit_code == 0
    assert json.loads(run("goals", "--json").stdout)["goals"][0]["state"].endswith("goal-state-reached")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "goal", ""), 7),
        (("add", "goal", "Ouvrir", "--by", "un jour"), 7),
        (("add", "goal", "Ouvrir", "--step", ""), 7),
        (("goals", "--mark", "IRI", "someday"), 7),
        (("goals", "--mark", "https://pod.example/none#g", "reached"), 5),
        (("goals", "--plan", "https://pod.example/none#g", "Un pas"), 5),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(bag: Bag, arguments: tuple[str, ...], code: int) -> None:
    iri = run("add", "goal", "Tenir").stdout.strip()
    before = run("goals", "--json").stdout
    refused = run(*(iri if one == "IRI" else one for one in arguments))
    assert (refused.exit_code, "Traceback" in refused.output) == (code, False)
    assert refused.stderr.strip()
    assert run("goals", "--json").stdout == before
