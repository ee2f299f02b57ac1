"""references: install, list, search, show, remove; no pod, no network."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musette_solid.cli import cli
from tests.model.references.esco_service import TREASURER, running
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


def test_esco_is_asked_online_when_the_command_says_so(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as service:
        monkeypatch.setenv("MUSETTE_ALLOWED_HOSTS", service.host)
        monkeypatch.setenv("MUSETTE_ESCO_SERVICE", service.address)
        machine.run("search", "trésorière", "--kind", "occupation")
        assert service.asked == []
        found = json.loads(machine.run("search", "trésorière", "--kind", "occupation", "--online", "--json").stdout)
        assert found[0]["iri"] == TREASURER
        assert "Gérer" not in machine.run("show", TREASURER).stdout
        service.mode = "ill"
        assert "n’a pas donné de réponse" in machine.run("search", "caisse", "--online", code=1).output
        machine.run("remove", "esco-online")
        assert "Aucun registre de cette machine" in machine.run("show", TREASURER, code=5).output
    monkeypatch.setenv("MUSETTE_ESCO_SERVICE", "none")
    assert "n’est pas interrogé d’ici" in machine.run("search", "caisse", "--online", code=1).output


def test_what_is_not_found_is_said_so(machine: Machine) -> None:
    found = machine.run("search", "xyzzy")
    assert (found.stdout, found.stderr) == ("", "Rien trouvé.\n")
    assert "n’est pas sur cette machine" in machine.run("remove", "rome", code=5).output
