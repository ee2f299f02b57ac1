"""The page of the day: what the summary of time tells rights is what the years themselves tell them, in one round."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.day import read_day
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.time_totals import refresh
from tests.usecases.conftest import NOW

TODAY = NOW.date()
HEAD = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    activities = "".join(
        f'<#a-{n}> a mus:Activity ; dcterms:title "A{n}" ; mus:sphere mus:sphere-{sphere} ; schema:startDate "2019"^^xsd:gYear .\n'
        for n, sphere in enumerate(("employment", "volunteering", "civic-engagement"))
    )
    server.put_bytes(bag.layout.activities, (HEAD + activities).encode())
    for year in (2024, 2025, 2026):
        lines = "".join(
            f"<#t-{i}> a mus:TimeEntry ; mus:activity <{bag.layout.activities}#a-{i % 3}> ; mus:minutes {60 + i} ; "
            f'dcterms:date "{date(year, 11, 21) - timedelta(days=i)}"^^xsd:date .\n'
            for i in range(90)
        )
        server.put_bytes(bag.layout.time(year), (HEAD + lines).encode())
    refresh(bag, TODAY, datetime.now(UTC) + timedelta(hours=1))
    LATER.settle()
    return afresh(bag)


def afresh(bag: Bag) -> Bag:
    return Bag(Pod(bag.pod.transport, bag.pod.webid, bag.pod.credentials), bag.layout)


def test_the_first_look_and_the_later_ones_say_the_same(full: Bag, server: MemoryPod) -> None:
    server.requests.clear()
    first = read_day(full, TODAY)
    asked = [r.url.rpartition("/musette/")[2] for r in server.requests]
    assert "time/summary.ttl" in asked
    assert "time/2025.ttl" not in asked
    server.requests.clear()
    later = read_day(full, TODAY)
    assert "time/2025.ttl" in [r.url.rpartition("/musette/")[2] for r in server.requests]
    assert first.rights
    assert replace(first, rights=()) == replace(later, rights=())
    assert [(n.why, n.conclusion.status, n.conclusion.amount) for n in first.rights] == [
        (n.why, n.conclusion.status, n.conclusion.amount) for n in later.rights
    ]


def test_time_ahead_is_not_spent(full: Bag, server: MemoryPod) -> None:
    ahead = (
        f"<#t-x> a <{terms.TimeEntry}> ; <{terms.ACTIVITY}> <{full.layout.activities}#a-1> ; <{terms.MINUTES}> 600 ; "
    )
    body = server._stored[full.layout.time(2026)].body + (
        f'{ahead}<{terms.DCTERMS_DATE}> "{TODAY + timedelta(days=9)}"^^<{terms.XSD_DATE}> .'.encode()
    )
    before = read_day(full, TODAY)
    server.put_bytes(full.layout.time(2026), body)
    refresh(full, TODAY, datetime.now(UTC) + timedelta(hours=1))
    LATER.settle()
    after = read_day(afresh(full), TODAY)
    assert [n.conclusion.amount for n in after.rights] == [n.conclusion.amount for n in before.rights]
    assert all(one.on <= TODAY for one in after.week.latest)
