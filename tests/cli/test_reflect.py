"""Looking back on the command line: notes, people, tools, values, methods."""

import json
from pathlib import Path

import pytest

from musette_solid import shipped
from musette_solid.cli import methods
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from tests.cli.conftest import NOW, run
from tests.usecases.test_take_out import everything, filled


def test_a_note_is_added_and_found(bag: Bag) -> None:
    assert run("add", "note", "Réunion à l’atelier", "--feeling", "serein").exit_code == 0
    assert run("add", "note", "Autre chose", "--on", "2025-01-02").exit_code == 0
    found = run("journal", "REUNION")
    assert found.stdout == "2026-11-22 (serein)  Réunion à l’atelier\n"
    assert [one["text"] for one in json.loads(run("journal", "--json").stdout)["notes"]] == [
        "Réunion à l’atelier",
        "Autre chose",
    ]
    late = run("add", "note", "Demain", "--on", "2026-12-01")
    assert late.exit_code == 7
    assert "encore à venir" in late.stderr


def test_somebody_is_added_and_forgotten(bag: Bag) -> None:
    iri = run("add", "person", "D. M.", "--kind", "mentor", "--circle", "close").stdout.strip()
    assert "mentor" in run("people").stdout
    assert run("people", "--forget", iri).exit_code == 0
    assert run("people").stdout == ""
    assert run("people", "--forget", iri).exit_code == 5


def test_a_tool(bag: Bag) -> None:
    assert run("add", "tool", "Fer à souder", "--kind", "hand", "--offer", "lend").exit_code == 0
    assert run("tools").stdout.startswith("Fer à souder")


def test_a_tool_is_passed_on_taken_back_and_taken_up(bag: Bag) -> None:
    iri = run("add", "tool", "Fer à souder", "--learnt-at", "ici").stdout.strip()
    looked = run("tools", "--pass-on", iri, "--dry-run")
    assert ("Fer à souder" in looked.stdout, "ici" in looked.stdout) == (True, False)
    public = run("tools", "--pass-on", iri).stdout.strip()
    assert bag.pod.anonymous().send("GET", public.partition("#")[0], {}).status == 200
    assert run("tools", "--take-up", public).exit_code == 0
    assert run("tools", "--take-up", public).exit_code != 0
    assert len(run("tools").stdout.splitlines()) == 2
    assert run("tools", "--take-back", iri).exit_code == 0
    assert bag.pod.anonymous().send("GET", public.partition("#")[0], {}).status in {401, 403, 404}
    assert run("tools", "--pass-on", iri, "--licence", "https://x.example/").exit_code != 0


def test_values_are_said_of_an_activity(bag: Bag) -> None:
    texts = {"title": ["Repair café"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    activity = log_activity(bag, texts, NOW)
    assert run("values", activity, "--say", "care=3", "--say", "lien social=4").exit_code == 0
    assert "3/4" in run("values").stdout
    assert run("values", activity, "--say", "care=9").exit_code == 7
    assert len(json.loads(run("values", "--json").stdout)["values"]) == 2


def test_what_was_said_is_taken_back_and_put_back(bag: Bag) -> None:
    texts = {"title": ["Repair café"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    activity = log_activity(bag, texts, NOW)
    iri = run("values", activity, "--say", "care=3").stdout.strip()
    gone = run("values", "--delete", iri)
    assert gone.exit_code == 0, gone.output
    assert run("values").stdout == ""
    packed = gone.stderr.split("musette undo ")[1].strip()
    assert run("undo", packed).exit_code == 0
    assert "3/4" in run("values").stdout
    assert run("undo", "nonsense").exit_code != 0
    assert run("values", "--delete", f"{iri}x").exit_code != 0


def test_the_methods_and_whether_a_file_is_one(bag: Bag, tmp_path: Path) -> None:
    assert "star" in run("methods").stdout
    good = run("methods", "--check", str(shipped.VOCAB / "methods" / "star.ttl"))
    assert (good.exit_code, "6 étapes" in good.stderr) == (0, True)
    text = (shipped.VOCAB / "methods" / "star.ttl").read_text("utf-8")
    (tmp_path / "bad.ttl").write_text(text.replace("answerKind-lines", "answerKind-song"), "utf-8")
    bad = run("methods", "--check", str(tmp_path / "bad.ttl"))
    assert bad.exit_code == 7
    assert "answerKind-song" in bad.stderr
    assert run("methods", "--bring", str(tmp_path / "bad.ttl")).exit_code == 7
    kept = run("methods", "--bring", str(shipped.VOCAB / "methods" / "star.ttl"))
    assert kept.stdout.startswith("m-"), kept.output


def test_a_method_is_followed_to_its_end_and_compared(bag: Bag, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = log_activity(bag, {"title": ["Atelier"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    assert "1  " in run("method", "show", "star").stdout
    session = run("method", "begin", "star").stdout.strip()
    assert run("method", "answer", session, "1", "--choose", activity).exit_code == 0
    assert run("method", "answer", session, "2", "Douze personnes attendaient.").exit_code == 0
    assert run("method", "answer", session, "6", "Tenir une caisse\nApaiser une file").exit_code == 0
    assert run("method", "answer", session, "2", "--mark", "3").exit_code == 2
    assert run("method", "answer", session, "9", "x").exit_code == 5
    said = json.loads(run("method", "session", session, "--json").stdout)
    assert [(one["key"], one["made"]) for one in said["proposals"]] == [("5-0", False), ("5-1", False)]
    assert run("method", "keep", session, "5-1=Apaiser une attente", "--finish").exit_code == 0
    assert run("method", "keep", session, "9-9").exit_code == 2
    assert "Apaiser une file" in run("method", "session", session).stdout
    monkeypatch.setattr(methods, "now", lambda: NOW.replace(hour=11))
    again = run("method", "begin", "star").stdout.strip()
    run("method", "answer", again, "2", "Une autre fois.")
    side_by_side = run("method", "compare", "star").stdout
    assert side_by_side.index("Douze personnes") < side_by_side.index("Une autre fois.")
    assert run("method", "delete", again).exit_code == 0
    assert len(run("methods", "--sessions").stdout.splitlines()) == 1


def test_a_method_is_passed_on_taken_back_and_taken_up(bag: Bag) -> None:
    key = run("methods", "--bring", str(shipped.VOCAB / "examples" / "method.ttl")).stdout.strip()
    assert run("methods", "--own").stdout.startswith(key)
    assert "What I learnt there" in run("method", "pass-on", key, "--dry-run").stdout
    public = run("method", "pass-on", key).stdout.strip()
    theirs = run("methods", "--bring", public).stdout.strip()
    assert theirs != key
    assert public in run("method", "show", theirs).stdout
    assert run("method", "take-back", key).exit_code == 0
    assert bag.pod.anonymous().send("GET", public.partition("#")[0], {}).status in {401, 403, 404}
    assert run("method", "delete", key).exit_code == 0
    assert run("method", "pass-on", key).exit_code == 5
    assert run("method", "pass-on", "star").exit_code == 5


def test_what_ifs_are_imagined_and_compared(bag: Bag) -> None:
    texts = {
        "title": ["Caisse"],
        "sphere": [str(terms.SPHERE_EMPLOYMENT)],
        "startDate": ["2020"],
        "weeklyHours": ["35"],
    }
    job = log_activity(bag, texts, NOW)
    made = run("add", "scenario", "Quatre jours", "--from", "2027-01-01", "--until", "2027-12-31", "--ends", job)
    assert made.exit_code == 0, made.output
    iri = made.stdout.strip()
    inside = ("--sphere", "employment", "--hours", "28", "--pay", "1500", "--worth", "care=3", "--learn", "souffler")
    assert run("add", "supposed", iri, "Caisse, quatre jours", *inside, "--like", job).exit_code == 0
    assert run("scenarios", "--list").stdout.startswith("Quatre jours")
    said = run("scenarios").stdout
    assert "35" in said
    assert "28" in said
    (column,) = json.loads(run("scenarios", iri, "--json").stdout)["scenarios"]
    assert column["learns"] == ["souffler"]
    assert column["rights"]["changes"]
    assert run("add", "scenario", "Trop loin", "--from", "2027", "--until", "2050").exit_code == 7
    assert run("add", "supposed", iri, "X", "--sphere", "care", "--worth", "care").exit_code == 2
    assert run("scenarios", "--remove", iri).exit_code == 0
    assert run("scenarios", "--list").stdout == ""


def test_anything_is_deleted_by_its_name_and_put_back(bag: Bag) -> None:
    things = filled(bag)
    for kind, iri in things.items():
        before = everything(bag)
        gone = run("delete", iri)
        assert gone.exit_code == 0, (kind, gone.output)
        assert everything(bag) != before, kind
        assert run("undo", gone.stderr.split("musette undo ")[1].strip()).exit_code == 0, kind
        assert everything(bag) == before, kind
    (person,) = json.loads(run("people", "--json").stdout)["people"]
    before = everything(bag)
    for wrong in (f"{bag.layout.activities}#none", "https://elsewhere.example/#x", person["iri"], bag.layout.root):
        assert run("delete", wrong).exit_code != 0, wrong
    assert everything(bag) == before
