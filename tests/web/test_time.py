"""Time in the pages: one line is enough, totals are exact."""

from datetime import date, timedelta

import pytest

from musette_solid.model import time as time_model
from musette_solid.model.time import Month, TimeEntry
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_time import list_month, log_time
from musette_solid.web.time import minutes_of
from tests.web.reviewer import Page, Reviewer

TODAY = date.today()  # noqa: DTZ011  (the pages' own idea of today, within a day)


def entries(bag: Bag, year: int) -> tuple[TimeEntry, ...]:
    bag.pod.cache = Cache()
    return time_model.read(resources.read(bag.pod, bag.layout.time(year)).graph)


def test_one_line_logs_time_in_one_write(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    page = person.get("/")
    server.requests.clear()
    answer = person.send(page, "/time/", line="2 h 30 repair café grille-pain")
    assert [r.method for r in server.requests if r.method != "GET"] == ["PATCH"]
    assert answer.status_code == 303
    assert "C’est noté\u00a0: 2\u00a0h\u00a030." in person.get(answer.location).text
    (entry,) = entries(full_bag, int(answer.location[6:10]))
    assert (entry.minutes, entry.description, entry.activity) == (
        150,
        "grille-pain",
        full_bag.layout.activities + "#a-11",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("repair café", "ne dit pas combien de temps"),
        ("1h75 repair café", "n’est pas une durée"),
        ("25 h repair café", "un jour a 24 heures"),
        ("2 h repair café 31/02", "n’existe pas"),
    ],
)
def test_a_line_that_is_not_understood_says_why_and_stays(person: Reviewer, line: str, sentence: str) -> None:
    answer = person.send(person.get("/time/"), "/time/", line=line)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    box = next(e for e in Page(answer.text).named("input") if e.attributes.get("id") == "line")
    assert box.attributes["value"] == line
    assert box.attributes["aria-invalid"] == "true"


def test_only_the_activity_is_asked_when_the_rest_is_understood(person: Reviewer, full_bag: Bag) -> None:
    answer = person.send(person.get("/time/"), "/time/", line="45 min broderie")
    assert answer.status_code == 422
    logged = person.send(answer, "/time/new", activity=full_bag.layout.activities + "#a-13")
    assert logged.status_code == 303
    (entry,) = entries(full_bag, int(logged.location[6:10]))
    assert (entry.minutes, entry.description) == (45, "broderie")


def test_the_totals_of_a_month_are_exact(person: Reviewer, full_bag: Bag) -> None:
    for minutes, name in ((7, "a-11"), (53, "a-7"), (600, "a-9"), (1, "a-11")):
        log_time(full_bag, f"{full_bag.layout.activities}#{name}", minutes, date(2026, 3, 12))
    log_time(full_bag, f"{full_bag.layout.activities}#a-11", 999, date(2026, 4, 1))
    page = person.page("/time/2026-03")
    foot = next(e.text for e in page.named("tfoot"))
    assert "11\u00a0h\u00a001" in foot
    assert list_month(full_bag, Month(2026, 3)).total == timedelta(minutes=661)


def test_an_entry_is_corrected_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    log_time(full_bag, full_bag.layout.activities + "#a-11", 60, date(2026, 3, 12), None, "avant")
    link = next(
        a.attributes["href"] for a in person.page("/time/2026-03").named("a") if "/entry/" in a.attributes["href"]
    )
    answer = person.send(person.get(link), link, minutes="1 h 45", description="après")
    assert answer.location == "/time/2026-03"
    (entry,) = entries(full_bag, 2026)
    assert (entry.minutes, entry.description) == (105, "après")
    deleted = person.send(person.get(link), f"{link}/delete")
    assert entries(full_bag, 2026) == ()
    assert person.send(deleted, "/activities/undo").location == "/time/"
    assert len(entries(full_bag, 2026)) == 1


def test_both_versions_of_an_entry_are_shown_when_somebody_else_was_faster(person: Reviewer, full_bag: Bag) -> None:
    log_time(full_bag, full_bag.layout.activities + "#a-11", 60, date(2026, 3, 12), None, "avant")
    link = next(
        a.attributes["href"] for a in person.page("/time/2026-03").named("a") if "/entry/" in a.attributes["href"]
    )
    mine, theirs = person.get(link), person.get(link)
    person.send(theirs, link, minutes="1 h 30", description="la leur")
    answer = person.send(mine, link, minutes="2 h 15", description="la mienne")
    assert answer.status_code == 412
    assert "la leur" in answer.text
    assert "la mienne" in answer.text
    assert [e.minutes for e in entries(full_bag, 2026)] == [90]
    assert person.send(answer, link).status_code == 303
    assert [(e.minutes, e.description) for e in entries(full_bag, 2026)] == [(135, "la mienne")]


def test_moving_an_entry_to_another_year_keeps_it_once(person: Reviewer, full_bag: Bag) -> None:
    log_time(full_bag, full_bag.layout.activities + "#a-11", 60, date(2026, 1, 1))
    link = next(
        a.attributes["href"] for a in person.page("/time/2026-01").named("a") if "/entry/" in a.attributes["href"]
    )
    person.send(person.get(link), link, on="2025-12-31")
    assert entries(full_bag, 2026) == ()
    assert [e.on for e in entries(full_bag, 2025)] == [date(2025, 12, 31)]


@pytest.mark.parametrize(
    ("minutes", "on"), [("0", "2026-03-12"), ("1500", "2026-03-12"), ("x", "2026-03-12"), ("5", "hier")]
)
def test_a_form_that_says_no_length_or_no_day_writes_nothing(
    person: Reviewer, full_bag: Bag, minutes: str, on: str
) -> None:
    page = person.get("/time/new?activity=a-11")
    answer = person.send(page, "/time/new", minutes=minutes, on=on)
    assert answer.status_code == 422
    assert entries(full_bag, 2026) == ()


def test_a_day_with_more_than_24_hours_is_a_question(person: Reviewer, full_bag: Bag) -> None:
    for name in ("a-7", "a-11"):
        log_time(full_bag, f"{full_bag.layout.activities}#{name}", 13 * 60, date(2026, 3, 12))
    assert "plus de 24\u00a0heures" in person.get("/time/2026-03").text


@pytest.mark.parametrize("path", ["/time/2026-13", "/time/demo", "/time/entry/2026/t-x", "/time/entry/demo/t-x"])
def test_a_month_or_an_entry_that_does_not_exist(person: Reviewer, path: str) -> None:
    assert person.get(path).status_code == 404


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 h 30", 150),
        ("2\u00a0h\u00a030", 150),
        ("2:30", 150),
        ("45 min", 45),
        ("150", 150),
        ("2,5 h", 150),
        ("", None),
        ("demain", None),
    ],
)
def test_a_length_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes
