"""Bring in, take along, put back elsewhere, leave: by command line, on a real Community Solid Server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from musette_solid.embedded.server import PodServer
from musette_solid.exchange.packages import Package
from musette_solid.usecases import set_up
from tests.cli.test_command_line import Agent
from tests.conftest import MakeAccount, pod_of
from tests.exchange.test_linkedin import TABLES, archive
from tests.usecases.test_import_cut import cut
from tests.usecases.test_import_formats import CALENDAR, career

pytestmark = pytest.mark.css


def test_a_life_comes_in_goes_along_and_leaves_nothing(
    css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    person = Agent(css_new_account("demo"), css.url, tmp_path)
    other = Agent(css_new_account("elsewhere"), css.url, tmp_path)
    for one in (person, other):
        one.run("setup")
    (tmp_path / "linkedin.zip").write_bytes(archive())
    folder = tmp_path / "Basic_LinkedInDataExport_06-06-2026"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "a.ics").write_bytes(CALENDAR)

    dry = json.loads(person.run("import", str(tmp_path / "linkedin.zip"), "--dry-run", "--json").stdout)
    assert (dry["format"], dry["written"], dry["counts"]["activities"]) == ("LinkedIn", False, 8)
    assert any(line["place"].endswith("Positions.csv#row=2") for line in dry["lines"])
    assert all(loss["place"] for loss in dry["losses"])
    done = json.loads(person.run("import", str(tmp_path / "linkedin.zip"), "--json").stdout)
    assert done["written"]
    again = json.loads(person.run("import", str(folder), "--json").stdout)
    assert not again["written"]
    assert again["counts"]["activities"] == 0
    assert len(again["duplicates"]) >= 8
    told = ["--time", "Repair café=volunteering", "--time", "Dentist=-"]
    times = json.loads(person.run("import", str(tmp_path / "a.ics"), "--json", *told).stdout)
    assert times["counts"]["time_entries"] == 3

    person.run("archive", "--output", str(tmp_path / "bag.zip"))
    assert "bag/time/2026.ttl" in Package((tmp_path / "bag.zip").read_bytes()).names
    back = json.loads(other.run("put-back", str(tmp_path / "bag.zip"), "--json").stdout)
    assert {"time/2026.ttl"} <= {*back["written"], *back["added_to"]}
    here, there = (json.loads(one.run("show", "activities", "--json").stdout)["activities"] for one in (person, other))
    assert sorted(one["title"] for one in here) == sorted(one["title"] for one in there)
    person.run("cv", "--output", str(tmp_path / "cv.pdf"))
    assert (tmp_path / "cv.pdf").read_bytes().startswith(b"%PDF")

    gone = json.loads(person.run("leave", "--yes", "--json").stdout)
    assert gone["deleted"]
    assert "activities.ttl" in gone["documents"]


def test_an_import_that_was_cut_goes_on_without_its_file_or_is_taken_back(
    css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    account = css_new_account("demo")
    person = Agent(account, css.url, tmp_path)
    person.run("setup")
    bag = set_up.find(pod_of(css.url, account.webid, account.client_id, account.client_secret))
    assert bag is not None
    past = datetime.now(UTC) - timedelta(minutes=5)
    run = cut(bag, bag.pod.transport, "activities.ttl", career(3, 2), at=past)
    told = person.run("imports").output
    assert f"{run}  " in told
    assert "musette resume-import" in told
    done = person.json("resume-import", run)
    assert (done["run"], done["counts"]["activities"], done["losses"]) == (run, 3, [])
    assert sorted(one["title"] for one in person.json("show", "activities")["activities"]) == [
        "Job 0",
        "Job 1",
        "Job 2",
    ]
    assert [one["state"] for one in person.json("imports")] == ["ended"]
    assert "Cet import" in person.run("resume-import", run, code=1).output
    assert person.json("undo-import", run)["removed"] > 3

    other = cut(bag, bag.pod.transport, "activities.ttl", career(2, 2), at=datetime.now(UTC))
    assert "deux minutes" in person.run("resume-import", other, code=1).output
    assert "complet" in person.run("resume-import", other, "--now").output
