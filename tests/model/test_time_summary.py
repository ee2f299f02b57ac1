"""What a year of time adds up to is the same from its document and from what was kept of it."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD

from musette_solid.model import time, time_summary
from musette_solid.model.time import Month
from musette_solid.model.time_summary import Spent, Summary
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import TURTLE, Triple

TIMES = "https://demo.example/musette/time/"
YEAR, OTHER, PLACE = TIMES + "2026.ttl", TIMES + "2025.ttl", TIMES + "summary.ttl"
ACTIVITY = "https://demo.example/musette/activities.ttl#a-1"
TODAY = date(2026, 11, 22)
MOVED = "2026-11-22T09:00:00.581Z"

_nodes = st.sampled_from([URIRef(f"{YEAR}#t-{number}") for number in range(4)])
_values = st.sampled_from(
    [
        Literal("2026-11-20", datatype=XSD.date),
        Literal("2026-11-20Z", datatype=XSD.date),
        Literal("2026-11-20T10:00:00Z", datatype=XSD.dateTime),
        Literal("2026-11", datatype=XSD.gYearMonth),
        Literal("soon"),
        Literal("90", datatype=XSD.integer),
        Literal("090", datatype=XSD.integer),
        Literal("+90", datatype=XSD.integer),
        Literal("90.0", datatype=XSD.decimal),
        Literal(" 90 "),
        Literal("-1", datatype=XSD.integer),
        Literal("café"),
        Literal("coffee", lang="en"),
        URIRef(ACTIVITY),
        URIRef(ACTIVITY + "1"),
    ]
)
_paths = st.sampled_from([terms.ACTIVITY, terms.DCTERMS_DATE, terms.MINUTES, terms.DCTERMS_DESCRIPTION])
_triples: st.SearchStrategy[Triple] = st.one_of(
    st.tuples(_nodes, _paths, _values), st.tuples(_nodes, st.just(RDF.type), st.just(terms.TimeEntry))
)

_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_activities = st.sampled_from([ACTIVITY, ACTIVITY + "1", "", "https://else.example/thing"])
_entries = st.lists(
    st.tuples(_activities, _days, st.integers(0, 1440), st.none() | st.text(st.characters(codec="utf-8"), min_size=1)),
    max_size=30,
).map(
    lambda found: [
        Spent(f"{YEAR}#t-{number}", activity, on, minutes, text if text and not text.isspace() else None)
        for number, (activity, on, minutes, text) in enumerate(found)
    ]
)


@given(st.lists(_triples, max_size=25))
def test_entries_read_in_a_hurry_are_those_of_the_other_pages(triples: Iterable[Triple]) -> None:
    graph = syntax.graph_of(triples)
    quick = time_summary.entries(syntax.turtle(graph), TURTLE, YEAR)
    assert sorted(quick) == sorted(map(time_summary.spent, time.read(graph)))


def kept(graph: Graph) -> dict[str, Summary]:
    return time_summary.read(syntax.turtle(graph), TURTLE, PLACE)


@given(_entries, _entries)
def test_what_is_kept_is_what_was_summed(found: list[Spent], others: list[Spent]) -> None:
    summaries = [time_summary.summarise(found, YEAR, MOVED, TODAY), time_summary.summarise(others, OTHER, MOVED, TODAY)]
    graph = time_summary.graph_of(PLACE, summaries)
    assert kept(graph) == {summary.of: summary for summary in summaries}
    assert check(graph) == ()
    assert not any(isinstance(node, BNode) for triple in graph for node in triple)


@given(_entries)
def test_the_parts_sum_to_the_whole(found: list[Spent]) -> None:
    summary = time_summary.summarise(found, YEAR, MOVED, TODAY)
    assert sum(summary.by_activity.values()) == sum(summary.by_month.values()) == summary.minutes
    assert summary.minutes == sum(one.minutes for one in found)
    for later in (0, 1, 6, 20):
        first = TODAY + timedelta(days=later - time_summary.DAYS + 1)
        assert summary.since(first) == sum(one.minutes for one in found if one.on >= first)


@given(_entries, _entries, _entries)
def test_a_change_leaves_what_a_new_summary_would_say_and_all_that_is_not_ours(
    before: list[Spent], others: list[Spent], after: list[Spent]
) -> None:
    old = [time_summary.summarise(before, YEAR, MOVED, TODAY), time_summary.summarise(others, OTHER, MOVED, TODAY)]
    foreign = {
        (URIRef(f"{PLACE}#y-2026"), URIRef("https://else.example/colour"), Literal("red")),
        (URIRef(f"{PLACE}#y-2026"), RDF.type, URIRef("https://else.example/Thing")),
        (URIRef(f"{PLACE}#else"), terms.MINUTES, Literal("5", datatype=XSD.integer)),
    }
    graph = syntax.graph_of({*time_summary.graph_of(PLACE, old), *foreign})
    new = time_summary.summarise(after, YEAR, "2026-11-23T08:00:00.001Z", TODAY)
    delta = time_summary.change(graph, PLACE, [new])
    changed = {*(set(graph) - delta.out), *delta.into}
    assert delta.out <= set(graph)
    assert foreign <= changed
    assert changed - foreign == set(time_summary.graph_of(PLACE, [new, old[1]]))
    assert time_summary.change(syntax.graph_of(changed), PLACE, [new]) == Delta()


def test_the_summary_of_a_document_that_is_gone_goes() -> None:
    graph = time_summary.graph_of(PLACE, [time_summary.summarise([], YEAR, MOVED, TODAY)])
    assert time_summary.change(graph, PLACE, [], gone=[YEAR]) == Delta(out=frozenset(graph))


ENTRY = Spent(f"{YEAR}#t-1", ACTIVITY, date(2026, 11, 20), 90, "café")


@pytest.mark.parametrize(
    "meddled",
    [
        f"<#y-2026> <{terms.MINUTES}> 7 .",
        f"<#m-2026-2026-11> <{terms.MINUTES}> 7 .",
        f"<#x> a <{terms.TimeTotal}> ; <{terms.DCTERMS_IS_PART_OF}> <#y-2026> ; <{terms.MINUTES}> 7 .",
        f"<#x> a <{terms.TimeTotal}> ; <{terms.DCTERMS_IS_PART_OF}> <#y-2026> ; <{terms.MINUTES}> 'many' .",
        f"<#x> a <{terms.LatestEntry}> ; <{terms.DCTERMS_IS_PART_OF}> <#y-2026> .",
    ],
)
def test_a_summary_that_does_not_add_up_is_not_believed(meddled: str) -> None:
    graph = time_summary.graph_of(PLACE, [time_summary.summarise([ENTRY], YEAR, MOVED, TODAY)])
    assert YEAR in kept(graph)
    other = syntax.parse(meddled.encode(), TURTLE, PLACE)
    assert YEAR not in kept(syntax.graph_of({*graph, *other}))


def test_a_month_and_an_activity_find_their_minutes() -> None:
    summary = time_summary.summarise([ENTRY, ENTRY._replace(on=date(2026, 3, 1), minutes=5)], YEAR, MOVED, TODAY)
    assert summary.by_month == {Month(2026, 11): 90, Month(2026, 3): 5}
    assert summary.by_activity == {ACTIVITY: 95}
    assert summary.by_day == {date(2026, 11, 20): 90}
    assert summary.latest[0] == ENTRY
