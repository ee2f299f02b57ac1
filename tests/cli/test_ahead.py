"""The day and the trajectory on the command line."""

import json

import pytest

from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from tests.cli.conftest import NOW, run


@pytest.fixture
def bag(bag: Bag) -> Bag:
    for title, sphere, start, end in (
        ("Cuisine", terms.SPHERE_EMPLOYMENT, "2010-01", "2012-06"),
        ("Atelier", terms.SPHERE_VOLUNTEERING, "2015-01", "2026-12-20"),
        ("Mission", terms.SPHERE_EMPLOYMENT, "2020-01", "2026-12-20"),
    ):
        log_activity(bag, {"title": [title], "sphere": [str(sphere)], "startDate": [start], "endDate": [end]}, NOW)
    return bag


def test_the_day_says_what_ends_and_why(bag: Bag) -> None:
    told = run("day")
    assert told.exit_code == 0
    assert "«\u00a0Mission\u00a0» se termine le 20\u00a0décembre 2026" in told.stdout
    said = json.loads(run("day", "--json").stdout)
    assert {one["kind"] for one in said["worth"]} >= {"ending"}
    assert all(one["why"] for one in said["worth"])


def test_a_life_and_a_part_of_it(bag: Bag) -> None:
    said = json.loads(run("trajectory", "--json", "--rights").stdout)
    assert [len(lane["activities"]) for lane in said["lanes"]] == [2, 1]
    assert said["intervals"] == [{"from": "2012-07-01", "to": "2014-12-31"}]
    assert said["rights"]
    part = json.loads(run("trajectory", "--json", "--from", "2011").stdout)
    assert [one["title"] for lane in part["lanes"] for one in lane["activities"]] == ["Cuisine"]
    assert run("trajectory", "--from", "soon").exit_code == 2
    assert "(2012-07-01 – 2014-12-31)" in run("trajectory").stdout


def test_an_interval_is_named(bag: Bag) -> None:
    assert run("add", "interval", "Un temps pour moi", "--from", "2012-07", "--to", "2014-12").exit_code == 0
    assert json.loads(run("trajectory", "--json").stdout)["intervals"] == []
