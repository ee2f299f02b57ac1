"""What a program does: the whole main job by command line, on a real Community Solid Server."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from musette_solid.cli import cli
from musette_solid.embedded import server
from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.rdf import syntax
from tests.conftest import MakeAccount

pytestmark = pytest.mark.css


class Agent:
    """The command line of one person or organisation: its own credentials, its own answers."""

    def __init__(self, account: Account, issuer: str, folder: Path) -> None:
        self.account = account
        self.environ = {"MUSETTE_LOGIN": str(folder / f"{account.client_id}.json"), "LANG": "fr_FR.UTF-8"}
        login = ["login", "--issuer", issuer, "--client-id", account.client_id, "--client-secret", "-", "--json"]
        done = self.run(*login, typed=account.client_secret + "\n")
        assert json.loads(done.stdout)["webid"] == account.webid
        assert Path(self.environ["MUSETTE_LOGIN"]).stat().st_mode & 0o777 == 0o600

    def run(self, *arguments: str, typed: str | None = None, code: int = 0) -> Result:
        done = CliRunner().invoke(cli, list(arguments), env=self.environ, input=typed)
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def person(css: PodServer, css_new_account: MakeAccount, tmp_path: Path) -> Agent:
    agent = Agent(css_new_account("person"), css.url, tmp_path)
    agent.json("setup")
    return agent


@pytest.fixture
def organisation(css: PodServer, css_new_account: MakeAccount, tmp_path: Path) -> Agent:
    agent = Agent(css_new_account("organisation"), css.url, tmp_path)
    agent.json("setup")
    return agent


def test_the_main_job(person: Agent, organisation: Agent, tmp_path: Path) -> None:
    sample = str(server.sample_resume())
    dry = person.json("import", sample, "--dry-run")
    assert dry["written"] is False
    assert person.json("show")["activities"] == []
    done = person.json("import", sample)
    assert done["written"] is True
    assert done["counts"]["activities"] == dry["counts"]["activities"] == 6
    assert all(loss["place"] for loss in done["losses"])
    again = person.json("import", sample)
    assert again["written"] is False
    assert again["counts"]["activities"] == again["counts"]["skills"] == again["counts"]["evidence"] == 0

    club = person.json("add", "activity", "--title", "Repair café", "--sphere", "bénévolat", "--start", "2024")["iri"]
    entry = person.json("add", "time", "2 h 30 repair café hier")
    assert (entry["minutes"], entry["activity"]) == (150, club)
    skill = person.json(
        "add",
        "skill",
        "Réparer un grille-pain",
        "--level",
        "autonomous",
        "--evidence",
        "https://example.org/a",
        "--used-in",
        club,
    )["iri"]
    assert len(person.json("show")["activities"]) == 7
    assert any(e["minutes"] == 150 for e in person.json("show", "time", "--month", entry["on"][:7])["entries"])

    to = organisation.account.webid
    arguments = ["--to", to, "--purpose", "recruitment", "--until", "2099-01-01", "--activity", club, "--skill", skill]
    previewed = person.json("share", *arguments, "--preview")
    assert "Repair café" in json.dumps(previewed, ensure_ascii=False)
    assert person.json("shares") == []
    shared = person.json("share", *arguments)
    assert shared["state"] == "effective"
    assert shared["announced"] is True
    seen = person.json("who", "--everywhere")
    assert [(one["id"], one["state"], one["to"]) for one in seen["shares"]] == [(shared["id"], "effective", to)]
    assert {name for one in seen["shares"] for name in one["items"]} == {"Repair café", "Réparer un grille-pain"}
    assert seen["openings"] == seen["unreadable"] == []

    (announced,) = organisation.json("granted")
    assert announced["dossier"].partition("#")[0] == shared["url"]
    dossier = organisation.json("read", shared["url"])
    assert "Repair café" in json.dumps(dossier, ensure_ascii=False)
    assert "General Manager" not in json.dumps(dossier)
    turtle = organisation.run("read", shared["url"], "--turtle").stdout
    assert len(syntax.parse(turtle.encode(), syntax.TURTLE, shared["url"])) > 5
    assert organisation.run("read", shared["url"], "--csv").stdout.count("\n") >= 2
    _reads_that_and_nothing_else(organisation, shared["url"], dossier, club.partition("#")[0])

    assert person.json("revoke", shared["id"])["verified"] is True
    assert organisation.json("read", shared["url"], code=_refused(organisation, shared["url"]))["error"]
    assert [line["state"] for line in person.json("shares")] == ["revoked"]
    person.json("share", *arguments)
    assert [one["verified"] for one in person.json("revoke-all", to)] == [True]
    assert {one["state"] for one in person.json("who")["shares"]} == {"closed"}

    undone = person.json("undo-import", done["run"])
    assert undone["removed"] > 0
    assert [a["title"] for a in person.json("show")["activities"]] == ["Repair café"]


def _reads_that_and_nothing_else(organisation: Agent, url: str, dossier: object, activities: str) -> None:
    assert organisation.json("read", activities, code=4)["error"] == "AccessRefused"
    lines = organisation.run("read", url, activities, code=1).stdout.splitlines()
    both = [json.loads(line) for line in lines]
    assert both[0] == {"url": url, "dossier": dossier}
    assert (both[1]["url"], set(both[1])) == (activities, {"url", "error"})


def test_a_share_is_prolonged_and_both_have_its_receipt(person: Agent, organisation: Agent) -> None:
    club = person.json("add", "activity", "--title", "Repair café", "--sphere", "bénévolat")["iri"]
    to = organisation.account.webid
    shared = person.json(
        *("share", "--to", to, "--purpose", "recruitment", "--until", "2027-01-01", "--activity", club)
    )
    mine, theirs = person.json("receipt", shared["id"]), organisation.json("receipt", shared["url"])
    assert mine == theirs
    assert shared["id"] in json.dumps(mine)
    assert organisation.json("ask-renewal", shared["url"])["told"] is True
    renewed = person.json("renew", shared["id"], "--until", "2027-06-01")
    assert (renewed["replaces"], renewed["announced"], renewed["proved"]) == (shared["id"], True, True)
    assert "Repair café" in json.dumps(organisation.json("read", renewed["url"]), ensure_ascii=False)
    assert organisation.json("read", shared["url"], code=_refused(organisation, shared["url"]))["error"]
    assert shared["id"] in json.dumps(organisation.json("receipt", renewed["url"]))
    states = {line["id"]: line["state"] for line in person.json("shares")}
    assert states == {renewed["id"]: "active", shared["id"]: "revoked"}


def test_a_flooded_letterbox_is_followed_by_another(person: Agent, organisation: Agent) -> None:
    before = person.json("letterbox")
    after = person.json("letterbox", "--another")
    assert after["old"][0] == before["current"] != after["current"]
    made = organisation.json(
        "request", "--title", "Mission", "--purpose", "recruitment", "--need", "activity", "--to", person.account.webid
    )
    assert list(made["sent"].values()) == [True]
    organisation.run("withdraw", made["id"])
    emptied = person.json("letterbox", "--empty", "1")
    assert emptied["old"] == after["old"][1:]
    assert person.json("letterbox", "--empty", "99")["deleted"] == 0


def test_an_organisation_asks_from_the_command_line(person: Agent, organisation: Agent) -> None:
    arguments = ["--title", "Mission", "--purpose", "recruitment", "--days", "30", "--notice-fr", "Pour une mission."]
    to = ["--to", person.account.webid]
    made = organisation.json("request", *arguments, "--need", "activity", "--optional", "skill:comptes", *to)
    assert made["sent"] == {person.account.webid: True}
    (asked,) = organisation.json("requests")
    assert (asked["id"], asked["days"], asked["replies"]) == (made["id"], 30, [])
    assert [(need["kind"], need["required"], need["words"]) for need in asked["needs"]] == [
        ("activity", True, ""),
        ("skill", False, "comptes"),
    ]
    assert organisation.run("request", *arguments, "--need", "income", code=2)
    assert organisation.json("request", *arguments, code=1)["error"] == "BadRequest"
    organisation.run("withdraw", made["id"])
    assert organisation.json("requests") == []


def _refused(agent: Agent, url: str) -> int:
    """Refused, or nothing there: never read."""
    done = CliRunner().invoke(cli, ["read", url, "--json"], env=agent.environ)
    assert done.exit_code in {4, 5}
    return done.exit_code


@pytest.mark.parametrize("form", ["jsonld", "turtle", "csv", "jsonresume"])
def test_everything_comes_out_in_open_formats(person: Agent, tmp_path: Path, form: str) -> None:
    person.json("add", "activity", "--title", "=Trésorerie", "--sphere", "volunteering", "--start", "2019-03")
    target = tmp_path / "out"
    person.run("export", "--format", form, "--output", str(target))
    data = target.read_bytes()
    assert "Trésorerie" in data.decode("utf-8-sig") or "Tr\\u00e9sorerie" in data.decode("utf-8-sig")
    if form in {"jsonld", "turtle"}:
        kind = syntax.JSON_LD if form == "jsonld" else syntax.TURTLE
        assert len(syntax.parse(data, kind, "https://example.org/")) > 5
    if form == "csv":
        assert "\n=Tr" not in data.decode("utf-8-sig")


BAD = [
    (["add", "activity", "--title", "x", "--sphere", "sorcellerie"], 7, "Unfit"),
    (["add", "activity", "--title", "x", "--sphere", "care", "--start", "2020", "--end", "2019"], 7, "Unfit"),
    (["add", "time", "25 h repair café"], 7, None),
    (["add", "time", "1 h rien de connu"], 7, "NoSuchActivity"),
    (
        ["share", "--to", "http://xmlns.com/foaf/0.1/Agent", "--purpose", "recruitment", "--until", "2099-01-01"],
        7,
        "RecipientRefused",
    ),
    (["share", "--to", "not an address", "--purpose", "recruitment", "--until", "2099-01-01"], 7, "RecipientRefused"),
    (["read", "javascript:alert(1)"], 5, "NotADossier"),
    (["read", "http://169.254.169.254/"], 7, "NotAllowed"),
    (["read", "https://127.0.0.1/x"], 7, "NotAllowed"),
    (["revoke", "00000000-0000-0000-0000-000000000000"], 5, "NotThere"),
]


@pytest.mark.parametrize(("arguments", "code", "error"), BAD)
def test_bad_input_says_what_to_do(person: Agent, arguments: list[str], code: int, error: str | None) -> None:
    told = person.json(*arguments, code=code)
    assert told["what"]
    assert told["do"]
    assert error is None or told["error"] == error
    assert person.json("show")["activities"] == []


def test_a_file_that_is_not_a_resume_is_said_to_be_none(person: Agent, tmp_path: Path) -> None:
    for name, text in (("a.json", '{"hello": 1}'), ("b.json", "[1,2"), ("c.json", ""), ("d.json", "\x00\x01")):
        (tmp_path / name).write_text(text)
        told = person.json("import", str(tmp_path / name), code=7)
        assert told["error"] == "UnreadableFile"
        assert told["what"]
    assert person.json("show")["activities"] == []


def test_nobody_is_signed_in_by_wrong_credentials(css: PodServer, css_account: Account, tmp_path: Path) -> None:
    environ = {"MUSETTE_LOGIN": str(tmp_path / "login.json"), "LANG": "en_GB.UTF-8"}
    login = ["login", "--issuer", css.url, "--client-id", css_account.client_id, "--client-secret", "wrong", "--json"]
    done = CliRunner().invoke(cli, login, env=environ)
    assert done.exit_code == 3
    assert not (tmp_path / "login.json").exists()
    done = CliRunner().invoke(cli, ["show", "--json"], env=environ)
    assert done.exit_code == 3
    assert json.loads(done.stdout)["error"] == "SignInNeeded"


def test_check_reports_property_value_and_what_was_expected(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(
        "@prefix mus: <https://w3id.org/musette#> . <https://x.example/#a> a mus:Activity ; mus:sphere <https://x.example/y> ."
    )
    for lang, word in (("fr", "activité"), ("en", "activity")):
        done = CliRunner().invoke(cli, ["--lang", lang, "check", str(wrong), "--json"])
        assert done.exit_code == 7
        findings = json.loads(done.stdout)
        assert {f["path"].rpartition("/")[2].rpartition("#")[2] for f in findings} >= {"title", "sphere"}
        assert any(word in f["messages"][lang] for f in findings)
    example = Path(__file__).parents[2] / "vocab" / "examples" / "activities.ttl"
    done = CliRunner().invoke(cli, ["check", str(example)])
    assert done.exit_code == 0, done.output


def test_skills_are_proposed_kept_and_set_aside(person: Agent) -> None:
    activity = person.json("add", "activity", "--title", "Trésorerie du club", "--sphere", "volunteering")["iri"]
    first, second, *_ = person.json("skills", "propose", activity)
    assert first["words"]
    made = person.json("skills", "accept", activity, first["iri"], "--words", "Les comptes du judo")["created"]
    assert [skill["label"] for skill in person.json("show", "skills")["skills"]] == ["Les comptes du judo"]
    person.run("skills", "decline", activity, second["iri"])
    again = {one["iri"] for one in person.json("skills", "propose", activity)}
    assert {first["iri"], second["iri"], *made}.isdisjoint(again)
