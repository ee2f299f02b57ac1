"""`musette rights`: cases in, expected and obtained out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from musette_solid.cli import cli, rights, supposing
from musette_solid.model.rights.proposals import shipped_examples
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import set_up
from tests.model.rights.lives import PATH


def run(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["--lang", "fr", "rights", "case", str(path), *options])
    return result.exit_code, result.stdout


def cases(path: Path, expected: int) -> Path:
    case = {"id": "A", "rule": "spv", "input": {"annees": 19}, "expected": {"trimestres": expected}}
    path.write_text(json.dumps({"cases": [case]}), "utf-8")
    return path


def test_a_case_that_fits(tmp_path: Path) -> None:
    code, said = run(cases(tmp_path / "c.json", 1), "--json")
    report = json.loads(said)
    assert code == 0
    (case,) = report["cases"]
    assert (case["expected"], case["obtained"], case["fits"]) == ({"trimestres": 1}, {"trimestres": 1}, True)
    assert case["conclusion"]["steps"][0]["sources"]
    assert report["notice"] == case["conclusion"]["notice"] == "Simulation, non opposable."


def test_a_case_that_differs_is_said_and_is_the_exit_code(tmp_path: Path) -> None:
    code, said = run(cases(tmp_path / "c.json", 3))
    assert code == 1
    assert '≠ A  spv\n    attendu {"trimestres": 3}\n    obtenu {"trimestres": 1}' in said
    assert "Simulation, non opposable." in said


def test_a_file_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("{}", "utf-8")
    code, said = run(tmp_path / "c.json", "--json")
    assert code != 0
    assert json.loads(said)["error"] == "NotCases"


def test_the_rights_of_a_bag_with_every_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = MemoryPod()
    person = server.create_pod("demo", "Démo")
    bag = set_up.create(server.pod_for(person.webid), person.storage, datetime(2026, 11, 22, tzinfo=UTC))
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())
    activities, cut, stated = PATH.partition("<#f-birth>")
    for name in ("job", "micro", "platform", "asso", "care"):
        stated = stated.replace(f"<#{name}>", f"<activities.ttl#{name}>")
    server.put_bytes(bag.layout.activities, (prefixes + activities).encode())
    server.put_bytes(bag.layout.rights, (prefixes + cut + stated).encode())
    monkeypatch.setattr(rights, "open_bag", lambda: bag)
    result = CliRunner().invoke(cli, ["--lang", "fr", "rights", "--as-of", "2024-12-31", "--keep", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["as_of"], report["binding"], report["problems"]) == ("2024-12-31", False, [])
    found = {(c["rule"], c["year"]): c for c in report["conclusions"]}
    quarters = found["retraite.trimestres", 2024]
    assert (quarters["amount"], quarters["unit"], quarters["status"]) == (4, "quarter", "met")
    assert all(step["text"] and step["status"] for step in quarters["steps"])
    assert found["cpf", 2024]["questions"]
    written = resources.read(bag.pod, bag.layout.rights).graph
    assert (None, terms.MOVEMENT_STATE, terms.MOVEMENT_STATE_SIMULATED) in written
    days = CliRunner().invoke(cli, ["--lang", "fr", "rights", "deadlines"])
    assert days.exit_code == 0, days.output
    assert days.stdout.startswith("BEGIN:VCALENDAR")
    assert json.loads(CliRunner().invoke(cli, ["rights", "deadlines", "--json"]).stdout) == []
    monkeypatch.setattr(supposing, "open_bag", lambda: bag)
    asked = [
        "--sphere",
        "employment",
        "--from",
        "2026-12-01",
        "--until",
        "2027-06-30",
        "--pay",
        "1500",
        "--figures-go-on",
    ]
    supposed = CliRunner().invoke(cli, ["rights", "suppose", *asked, "--json"])
    assert supposed.exit_code == 0, supposed.output
    compared = json.loads(supposed.stdout)
    assert "gained" in {change["kind"] for change in compared["changes"]}
    assert compared["kept"]
    in_words = CliRunner().invoke(cli, ["--lang", "fr", "rights", "suppose", *asked]).output
    assert "+ Trimestres par le salaire (2027)" in in_words
    assert b"urn:hypothesis" not in syntax.turtle(resources.read(bag.pod, bag.layout.rights).graph)
    for wrong in (["--sphere", "nowhere"], ["--until", "soon"], ["--pay", "-1"], ["--until", "2020-01-01"]):
        assert CliRunner().invoke(cli, ["rights", "suppose", *asked, *wrong]).exit_code == 2
    proposal = tmp_path / "mine.ttl"
    proposal.write_bytes(dict(shipped_examples())["volunteer-hours"])
    tried = CliRunner().invoke(cli, ["rights", "try", str(proposal), "--json"])
    assert tried.exit_code == 0, tried.output
    assert [r for s in json.loads(tried.stdout)["schemes"] for r in s["rules"]] == [
        "proposition.formation",
        "proposition.retraite",
    ]
    said = CliRunner().invoke(cli, ["--lang", "en", "rights", "--as-of", "2024-12-31"])
    assert "Simulation: it binds nobody." in said.stdout
    assert CliRunner().invoke(cli, ["rights", "--as-of", "soon"]).exit_code == 2


def test_a_proposal_is_checked_without_any_data_and_what_was_left_out_is_the_exit_code(tmp_path: Path) -> None:
    whole = dict(shipped_examples())["volunteer-hours"].decode()
    path = tmp_path / "mine.ttl"
    path.write_text(whole.replace('"points = 5"', '"points = 6"', 1), "utf-8")
    result = CliRunner().invoke(cli, ["--lang", "fr", "rights", "try", str(path), "--only-check"])
    assert result.exit_code == 7
    assert "La règle « training » a été laissée de côté" in result.output.replace("\u00a0", " ")
    path.write_text("nothing", "utf-8")
    assert CliRunner().invoke(cli, ["rights", "try", str(path), "--only-check"]).exit_code == 7
    assert CliRunner().invoke(cli, ["rights", "try", str(tmp_path / "absent.ttl")]).exit_code == 2
