"""The first page and the totals, from the summary that is kept of every year: always what the documents say."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from musette_solid.model import time_summary
from musette_solid.pod import resources
from musette_solid.pod.http import Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import time_totals
from musette_solid.usecases.later import LATER, Later
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import overview
from musette_solid.usecases.log_time import log_time
from musette_solid.usecases.time_totals import refresh, totals
from tests.usecases.conftest import NOW

TODAY = NOW.date()
ONE, TWO = "https://demo.example/activities.ttl#a-1", "https://demo.example/activities.ttl#a-2"
WRITES = {"PUT", "PATCH", "POST", "DELETE"}
#: The pod in memory dates by its own clock: refreshed well after, no write can hide behind the same date.
LATER_ON = datetime.now(UTC) + timedelta(hours=1)


def year(bag: Bag, server: MemoryPod, number: int, minutes: int, entries: int = 60) -> None:
    """A year's document of so many entries, the last ones in November."""
    lines = [
        f"<#t-{i}> a <{terms.TimeEntry}> ; <{terms.ACTIVITY}> <{(ONE, TWO)[i % 2]}> ; "
        f'<{terms.DCTERMS_DATE}> "{date(number, 11, 21) - timedelta(days=i)}"^^<{terms.XSD_DATE}> ; '
        f"<{terms.MINUTES}> {minutes} ."
        for i in range(entries)
    ]
    server.put_bytes(bag.layout.time(number), "\n".join(lines).encode())


def afresh(bag: Bag) -> Bag:
    """The same person in a new session."""
    return Bag(Pod(bag.pod.transport, bag.pod.webid, bag.pod.credentials), bag.layout)


@pytest.fixture(autouse=True)
def _nothing_under_way() -> None:
    LATER.settle()


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    for number in (2024, 2025, 2026):
        year(bag, server, number, number - 2000)
    refresh(bag, TODAY, LATER_ON)
    server.requests.clear()
    return afresh(bag)


def read(server: MemoryPod) -> list[str]:
    return [request.url.rpartition("/")[2] for request in server.requests if request.method == "GET"]


def test_the_first_page_reads_no_year_when_the_summary_holds(server: MemoryPod, full: Bag) -> None:
    found = overview(full, TODAY)
    LATER.settle()
    assert sorted(read(server)) == ["", "activities.ttl", "skills.ttl", "summary.ttl"]
    assert not [request for request in server.requests if request.method in WRITES]
    assert [(one.on, one.minutes) for one in found.time.latest][:2] == [
        (date(2026, 11, 21), 26),
        (date(2026, 11, 20), 26),
    ]
    assert len(found.time.latest) == 5
    assert found.time.week == 6 * 26


def test_activities_are_asked_for_first_and_worked_upon_while_the_rest_comes(server: MemoryPod, full: Bag) -> None:
    seen = []

    def meanwhile(activities: object, made: dict[str, str]) -> None:
        assert threading.current_thread() is threading.main_thread()
        made["figure"] = "drawn"
        seen.append(activities)

    found = overview(full, TODAY, meanwhile=meanwhile)
    assert seen == [found.activities]
    assert found.made == {"figure": "drawn"}
    assert read(server)[0] == "activities.ttl"
    # Later looks ask about everything at once: nothing is likely to have changed.
    assert overview(full, TODAY, meanwhile=meanwhile).made == {"figure": "drawn"}
    assert len(seen) == 1


def test_what_fails_meanwhile_is_not_hidden(full: Bag) -> None:
    def meanwhile(*_: object) -> None:
        raise LookupError("drawing")

    with pytest.raises(LookupError, match="drawing"):
        overview(full, TODAY, meanwhile=meanwhile)


def test_both_ways_to_the_first_page_say_the_same(full: Bag) -> None:
    by_summary = overview(full, TODAY)
    by_document = overview(full, TODAY)
    assert by_summary == by_document
    in_january = date(2027, 1, 3)
    assert overview(afresh(full), in_january).time == overview(full, in_january).time


def test_a_second_look_asks_about_the_year_itself(server: MemoryPod, full: Bag) -> None:
    overview(full, TODAY)
    server.requests.clear()
    overview(full, TODAY)
    assert sorted(read(server)) == ["2026.ttl", "activities.ttl", "skills.ttl"]


def test_logging_an_hour_is_one_write_and_shows_at_once(server: MemoryPod, full: Bag) -> None:
    log_time(full, ONE, 45, TODAY)
    assert [request.method for request in server.requests] == ["GET", "PATCH"]
    found = overview(afresh(full), TODAY)
    assert found.time.latest[0].minutes == 45
    assert found.time.week == 6 * 26 + 45


def test_only_the_year_that_moved_is_read_and_summed_again(server: MemoryPod, full: Bag) -> None:
    log_time(full, ONE, 45, TODAY)
    server.requests.clear()
    assert refresh(afresh(full), TODAY, LATER_ON) == (full.layout.time(2026),)
    assert sorted(read(server)) == ["", "2026.ttl", "summary.ttl"]
    assert [request.method for request in server.requests if request.method in WRITES] == ["PATCH"]
    server.requests.clear()
    assert refresh(afresh(full), TODAY, LATER_ON) == ()
    assert not [request for request in server.requests if request.method in WRITES]


def test_another_applications_change_to_a_closed_year_is_noticed(server: MemoryPod, full: Bag) -> None:
    year(full, server, 2024, 100)
    found = totals(full, TODAY)
    assert found.of_year(2024) == 60 * 100
    assert found.by_activity[ONE] == 30 * (100 + 25 + 26)
    assert "2025.ttl" not in read(server)


def test_the_page_brings_the_summary_up_to_date_behind_itself(server: MemoryPod, full: Bag) -> None:
    year(full, server, 2026, 10)
    overview(full, TODAY)
    # The memory pod's dates have microseconds: nothing can hide behind one.
    LATER.settle()
    kept = resources.read(afresh(full).pod, full.layout.summary).said(time_summary.read)
    assert kept[full.layout.time(2026)].minutes == 600


def test_a_short_year_is_summed_from_its_document_and_leaves_no_summary(server: MemoryPod, bag: Bag) -> None:
    log_time(bag, ONE, 45, TODAY)
    assert overview(bag, TODAY).time.week == 45
    LATER.settle()
    assert not resources.read(bag.pod, bag.layout.summary).exists


def test_foreign_triples_survive_in_the_summary(full: Bag, server: MemoryPod) -> None:
    other = syntax.parse(b"<#y-2026> <https://else.example/colour> 'red' .", syntax.TURTLE, full.layout.summary)
    resources.insert(full.pod, full.layout.summary, other)
    year(full, server, 2026, 10)
    refresh(full, TODAY, LATER_ON)
    graph = resources.read(full.pod, full.layout.summary).graph
    assert set(other) <= set(graph)
    assert resources.read(full.pod, full.layout.summary).said(time_summary.read)[full.layout.time(2026)].minutes == 600


def test_a_year_that_is_gone_leaves_the_totals(full: Bag) -> None:
    resources.delete(full.pod, full.layout.time(2025))
    assert totals(full, TODAY).of_year(2025) == 0
    LATER.settle()
    refresh(full, TODAY, LATER_ON)
    kept = resources.read(afresh(full).pod, full.layout.summary).said(time_summary.read)
    assert sorted(kept) == [full.layout.time(2024), full.layout.time(2026)]


def test_an_unreadable_summary_is_made_again(full: Bag, server: MemoryPod) -> None:
    server.put_bytes(full.layout.summary, b"<#y-2026> a <")
    found = overview(full, TODAY)
    assert (found.time.week, found.unreadable) == (6 * 26, ())
    refresh(full, TODAY, LATER_ON)
    assert len(resources.read(full.pod, full.layout.summary).said(time_summary.read)) == 3


def test_a_damaged_year_is_named_and_never_summed(full: Bag, server: MemoryPod) -> None:
    server.put_bytes(full.layout.time(2026), b"<#t-1> a <")
    found = overview(full, TODAY)
    assert found.unreadable == (full.layout.time(2026),)
    assert found.time.latest == ()
    assert refresh(full, TODAY, LATER_ON) == ()
    assert totals(full, TODAY).unreadable == (full.layout.time(2026),)


def test_a_listing_that_cannot_be_understood_hides_nothing(full: Bag, server: MemoryPod) -> None:
    times = full.layout.times
    server.instead = lambda r: (
        Response(r.url, 200, {"Content-Type": "text/html"}, b"<p>") if r.method == "GET" and r.url == times else None
    )
    assert overview(full, TODAY).time.week == 6 * 26


def test_two_windows_never_bring_it_up_to_date_twice(full: Bag, server: MemoryPod) -> None:
    year(full, server, 2026, 10)
    windows = [afresh(full) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda window: refresh(window, TODAY, LATER_ON), windows))
    done = resources.read(full.pod, full.layout.summary)
    assert done.said(time_summary.read)[full.layout.time(2026)].minutes == 600
    whole = time_summary.graph_of(full.layout.summary, done.said(time_summary.read).values())
    assert set(done.graph) == set(whole)


def test_a_day_that_is_not_yet_here_is_no_reason_to_miss_days(full: Bag) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert overview(full, yesterday).time.week == 7 * 26


def test_later_does_one_thing_once_at_a_time_and_survives_failure() -> None:
    later, done = Later(), []

    def slow() -> None:
        done.append(1)
        raise ZeroDivisionError

    assert later.run("a", slow)
    later.settle()
    assert later.run("a", slow)
    later.settle()
    assert not later.run("a", slow, not_within_s=60)
    assert done == [1, 1]


def test_a_date_of_a_whole_second_is_not_trusted_at_once() -> None:
    now = datetime(2026, 11, 22, 9, 0, 1, tzinfo=UTC)
    assert not time_totals._is_settled("2026-11-22T09:00:00.000Z", now)
    assert time_totals._is_settled("2026-11-22T09:00:00.581Z", now)
    assert time_totals._is_settled("2026-11-22T08:59:00Z", now)
