"""Where my time goes, in the pages: shares, weeks, and the rows behind each figure."""

import re
from datetime import UTC, datetime

import pytest

from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.journal import write_reflection
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Page, Reviewer

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HEAD = "@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


@pytest.fixture
def logged(server: MemoryPod, full_bag: Bag) -> Bag:
    def entry(n: int, activity: str, day: str, minutes: int, counterpart: str) -> str:
        return (
            f"<#t-{n}> a mus:TimeEntry ; mus:activity <../activities.ttl#{activity}> ; "
            f'dcterms:date "{day}"^^xsd:date ; mus:minutes {minutes} ; mus:counterpart mus:counterpart-{counterpart} .\n'
        )

    server.put_bytes(
        full_bag.layout.time(2026),
        (
            HEAD
            + entry(1, "a-2", "2026-03-02", 120, "paid")
            + entry(2, "a-2", "2026-03-09", 60, "unpaid")
            + entry(3, "gone", "2026-05-04", 30, "given")
        ).encode(),
    )
    server.put_bytes(full_bag.layout.time(2025), (HEAD + entry(1, "a-2", "2025-12-30", 45, "paid")).encode())
    return full_bag


def test_all_years_by_sphere_and_season(person: Reviewer, logged: Bag) -> None:
    text = person.get("/where-time-goes/").text
    assert "3\u00a0h\u00a030" in text  # 2026 in all
    assert "45\u00a0min" in text
    assert "/time/2026-03" in text


def test_a_year_leads_to_the_rows_behind_each_figure(person: Reviewer, logged: Bag) -> None:
    page = person.page("/where-time-goes/2026")
    links = {e.attributes["href"] for e in page.named("a") if "/rows?" in e.attributes.get("href", "")}
    assert len(links) >= 8
    for link in sorted(links):
        shown = person.get(link).text
        assert "Aucune ligne" not in shown, link
        assert re.search(r"<td[^>]*>\s*\d", shown), link


def test_figures_are_those_of_their_rows(person: Reviewer, logged: Bag) -> None:
    for query, total in (
        ("in-return=counterpart-paid", "2\u00a0h"),
        ("weekday=1", "3\u00a0h\u00a030"),
        ("week=2026-03-11", "1\u00a0h"),
        ("sphere=none", "30\u00a0min"),
    ):
        lead = next(
            e
            for e in Page(person.get(f"/where-time-goes/2026/rows?{query}").text).all
            if e.attributes.get("class") == "lead"
        )
        assert lead.text.endswith(total), query


def test_a_page_of_years_costs_few_requests(person: Reviewer, logged: Bag, server: MemoryPod) -> None:
    person.get("/where-time-goes/")
    server.requests.clear()
    person.get("/where-time-goes/")
    assert len([r for r in server.requests if r.method == "GET"]) <= 5
    server.requests.clear()
    person.get("/where-time-goes/2026")
    assert len(server.requests) == 3  # side by side: activities, the year of time, the journal of that year


@pytest.mark.parametrize(
    "path", ["/where-time-goes/20x6", "/where-time-goes/0000", "/where-time-goes/2026/rows?week=x"]
)
def test_what_is_no_year_is_not_there(person: Reviewer, logged: Bag, path: str) -> None:
    assert person.get(path).status_code == 404


def test_a_damaged_year_is_named_and_the_rest_is_shown(person: Reviewer, logged: Bag, server: MemoryPod) -> None:
    server.put_bytes(logged.layout.time(2025), b"<#t-1> a")
    text = person.get("/where-time-goes/").text
    assert "2025" in text
    assert "3\u00a0h\u00a030" in text


def test_what_carries_stands_beside_what_weighs_as_the_journal_says(person: Reviewer, logged: Bag) -> None:
    def said(path: str) -> str:
        logged.pod.cache = Cache()
        return person.get(f"/where-time-goes/2026{path}").text

    assert "notez dans le journal" in said("")
    texts = {"description": ["Dur"], "about": [f"{logged.layout.activities}#a-2"]}
    for feeling, day in ((terms.FEELING_CARRIED, "2026-02-05"), (terms.FEELING_HEAVY, "2026-01-05")):
        write_reflection(logged, {**texts, "date": [day], "feeling": [str(feeling)]}, NOW)
    page = said("")
    assert "?felt=feeling-carried" in page
    assert "?felt=feeling-heavy" not in page, "what was said last holds"
    assert "t-1" in said("/rows?felt=feeling-carried")
    silent = said("/rows?felt=none")
    assert ("t-3" in silent, "t-1" in silent) == (True, False)
