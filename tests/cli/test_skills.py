"""skills: what a program asks of one's register, on a real Community Solid Server."""

from pathlib import Path

import pytest

from musette_solid.embedded.server import PodServer
from tests.cli.test_command_line import Agent
from tests.conftest import MakeAccount

pytestmark = pytest.mark.css


@pytest.fixture
def person(css: PodServer, css_new_account: MakeAccount, tmp_path: Path) -> Agent:
    agent = Agent(css_new_account("person"), css.url, tmp_path)
    agent.json("setup")
    return agent


def test_a_skill_is_assessed_over_the_years_and_any_day_is_rebuilt(person: Agent) -> None:
    iri = person.json("add", "skill", "Tenir la trésorerie du club")["iri"]
    person.json("skills", "assess", "tenir la tresorerie du club", "assisted", "--on", "2024-09-01", "--way", "seen")
    person.json("skills", "assess", iri, "autonomous", "--on", "2026-09-01", "--comment", "Deux bilans tenus seule.")
    now = person.json("skills", "show", iri)
    assert [one["level"].rpartition("-")[2] for one in now["skill"]["assessments"]] == ["assisted", "autonomous"]
    then = person.json("skills", "show", iri, "--as-of", "2025-01-01")
    assert [one["on"] for one in then["levels"].values()] == ["2024-09-01"]
    assert person.json("skills", "show", iri, "--as-of", "2020-01-01")["levels"] == {}
    person.json("skills", "assess", iri, "expert", code=7)
    person.json("skills", "show", "Voler", code=5)
    person.run("skills", "show", iri, "--as-of", "hier", code=2)
    person.json("skills", "passed-on", iri, "--learnt-from", "D. M.", "--taught-to", "Une voisine")
    shown = person.json("skills", "show", iri)
    assert sorted(shown["names"].values()) == ["D. M.", "Une voisine"]
    assert "je fais en autonomie" in person.run("skills", "show", iri).stdout
