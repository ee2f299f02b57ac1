"""skills: what a program asks of one's register, on a real Community Solid Server."""

from pathlib import Path

import pytest

from musette_solid.embedded.server import PodServer
from tests.cli.test_command_line import Agent
from tests.conftest import MakeAccount
from tests.model.references.registers import ROME_FILES, write

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
    drawn = person.json("skills", "map", "--by", "age")
    assert ([group["key"] for group in drawn["groups"]], len(drawn["edges"])) == (["unknown"], 2)
    assert "je fais en autonomie" in person.run("skills", "show", iri).stdout


def test_a_file_is_kept_taken_and_removed_on_a_real_server(person: Agent, tmp_path: Path) -> None:
    skill = person.json("add", "skill", "Tenir la trésorerie du club")["iri"]
    photograph = tmp_path / "bilan.bin"
    photograph.write_bytes(bytes(range(256)) * 20_000)  # 5 MB: more than one piece
    iri = person.json("evidence", "add", skill, str(photograph), "--title", "Le bilan")["iri"]
    (piece,) = person.json("evidence", "list")["evidence"]
    assert (piece["evidence"]["size_bytes"], piece["is_file"], piece["uses"][0]["iri"]) == (5_120_000, True, skill)
    person.run("evidence", "get", iri, str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == photograph.read_bytes()
    (tmp_path / "dessin.svg").write_text("<svg><script>x</script></svg>", "utf-8")
    refused = person.json("evidence", "add", skill, str(tmp_path / "dessin.svg"), code=7)
    assert refused["error"] == "MayRun"
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(2 * 1024**3)
    assert "60" in person.json("evidence", "add", skill, str(tmp_path / "film.mp4"), code=7)["what"]
    person.json("evidence", "add", skill, str(tmp_path / "nothing"), code=5)
    assert person.json("evidence", "remove", iri, code=1)["uses"][0]["label"] == "Tenir la trésorerie du club"
    person.json("evidence", "remove", iri, "--yes")
    assert person.json("evidence", "list") == {"evidence": [], "loose": [], "unreadable": []}


def test_an_occupation_and_its_gaps_become_a_goal(person: Agent, tmp_path: Path) -> None:
    person.environ["MUSETTE_REFERENCES"] = str(tmp_path / "references")
    person.run("references", "install", "rome", "--from", str(write(tmp_path / "rome", ROME_FILES)))
    skill = person.json("add", "skill", "Tenir les comptes de deux associations")["iri"]
    made = person.json("skills", "bridge", "trésorière", "--as-goal", "Devenir trésorière", "--by", "2028")
    status = {need["label"]: need["status"] for need in made["needs"]}
    assert status["Tenir les comptes d'une association"] == "to-prove"
    assert status["Établir un budget prévisionnel"] == "missing"
    assert made["needs"][0]["link"] == "core"
    assert [one["skill"] for need in made["needs"] for one in need["answers"]] == [skill]
    (goal,) = person.json("skills", "bridges")["goals"]
    assert (goal["iri"], len(goal["steps"])) == (made["goal"], 2)
    person.json("skills", "bridge", "astronaute", code=5)


def test_a_frame_is_answered_and_any_day_is_rebuilt(person: Agent) -> None:
    person.json("frames", "assess", "lifecomp", "P1=assisted", "s1=adapting", "--on", "2024-05-01")
    person.json("frames", "assess", "lifecomp", "P1=passing-on")
    assert person.json("frames", "show", "lifecomp")["ranks"][:4] == [5, 0, 0, 4]
    assert person.json("frames", "show", "lifecomp", "--as-of", "2025-01-01")["ranks"][:4] == [2, 0, 0, 4]
    person.json("frames", "assess", "lifecomp", "P1=expert", code=7)
    person.json("frames", "assess", "lifecomp", "X9=assisted", code=5)
    assert person.json("frames", "list")[0]["answered"] == 2


def test_somebody_else_says_what_they_see_and_it_is_kept(
    person: Agent, css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    mentor = Agent(css_new_account("organisation"), css.url, tmp_path)
    mentor.json("setup")
    skill = person.json("add", "skill", "Tenir la trésorerie du club", "--level", "assisted")["iri"]
    made = person.json(
        *("share", "--skill", skill, "--to", mentor.account.webid, "--purpose", "counselling", "--until", "2099-01-01"),
        *("--title", "Mes compétences"),
    )
    sent = mentor.json(
        *("assessments", "give", made["url"], "Tenir la trésorerie du club=autonomous", "--as", "mentor"),
        *("--way", "seen", "--comment", "Deux bilans."),
    )
    assert sent == {"sent": 1}
    mentor.json("assessments", "give", made["url"], "Tenir la trésorerie du club=expert", code=7)
    ((answer,), strangers) = person.json("assessments", "list").values()
    assert (answer["by"], answer["given"][0]["comment"], strangers) == (mentor.account.webid, "Deux bilans.", 0)
    assert person.json("assessments", "keep", answer["letter"]) == {"kept": 1}
    levels = person.json("skills", "show", skill)["levels"]
    assert {by: said["level"].rpartition("-")[2] for by, said in levels.items()} == {
        person.account.webid: "assisted",
        mentor.account.webid: "autonomous",
    }
    assert person.json("assessments", "list")["answers"] == []
