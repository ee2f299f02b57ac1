"""`musette rights`: cases in, expected and obtained out."""

import json
from pathlib import Path

from click.testing import CliRunner

from musette_solid.cli import cli


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
