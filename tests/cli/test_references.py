"""references: install, list, search, show, remove; no pod, no network."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musette_solid.cli import cli
from tests.model.references.registers import ESCO_FILES, ROME_FILES, write


class Machine:
    def __init__(self, folder: Path) -> None:
        self.environ = {"MUSETTE_REFERENCES": str(folder / "references"), "LANG": "fr_FR.UTF-8"}

    def run(self, *arguments: str, code: int = 0) -> Result:
        done = CliRunner().invoke(cli, ["references", *arguments], env=self.environ)
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_registers_are_installed_listed_searched_and_removed(machine: Machine, tmp_path: Path) -> None:
    done = machine.run("install", "rome", "--from", str(write(tmp_path / "rome", ROME_FILES)))
    assert "ROME 4.0 4.60 est installé" in done.stderr
    assert "Source : France Travail, ROME 4.0, v4.60" in done.stdout
    machine.run("install", "esco", "--from", str(write(tmp_path / "esco", ESCO_FILES)), "--json")
    listed = json.loads(machine.run("list", "--json").stdout)
    assert [one["key"] for one in listed] == ["musette", "esco", "rome"]
    found = json.loads(machine.run("search", "tenir", "la", "caisse", "--in", "esco", "--json").stdout)
    assert found[0]["label"] == "tenir une caisse"
    assert found[0]["answers"] == [["tenir", "tenir une caisse"], ["caisse", "tenir une caisse"]]
    assert "Trésorier" in machine.run("search", "trésorière", "--kind", "occupation").stdout
    assert "directrice technique" in machine.run("show", "http://data.europa.eu/esco/occupation/o1").stdout
    machine.run("remove", "rome")
    machine.run("remove", "rome", code=5)
    assert machine.run("search", "trésorière", "--kind", "occupation").stdout == ""


def test_what_cannot_be_installed_is_said_in_sentences(machine: Machine, tmp_path: Path) -> None:
    done = machine.run("install", "esco", code=1)
    assert "esco.ec.europa.eu" in done.output
    (tmp_path / "page.csv").write_text("<html></html>", "utf-8")
    machine.run("install", "esco", "--from", str(tmp_path / "page.csv"), code=7)
    done = machine.run("install", "rome", "--from", str(write(tmp_path / "esco", ESCO_FILES)), "--json", code=7)
    assert "unix_referentiel_competence" in json.loads(done.stdout)["do"]


def test_skills_to_begin_with_are_there_without_anything_installed(machine: Machine) -> None:
    found = json.loads(machine.run("search", "tenir la trésorerie du club", "--json").stdout)
    assert found[0]["iri"] == "https://w3id.org/musette#transversal-skill-keep-accounts"
