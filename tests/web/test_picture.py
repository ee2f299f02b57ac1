"""The trajectory as geometry: nothing outside the picture, nothing twice, names where they fit."""

from datetime import date
from itertools import pairwise

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.trajectory import draw
from musette_solid.web import picture, things

TODAY = date(2026, 11, 22)


def activities() -> st.SearchStrategy[list[Activity]]:
    years = st.integers(1980, 2026)

    def one(number: int, start: int, length: int, sphere: int, title: str, *, open_end: bool) -> Activity:
        return Activity(
            iri=f"https://pod.example/a#{number}",
            title=title,
            sphere=things.spheres()[sphere] if sphere < 10 else None,
            start=PartialDate(start),
            end=None if open_end else PartialDate(min(start + length, 2026)),
        )

    values = st.tuples(years, st.integers(0, 20), st.integers(0, 10), st.text(max_size=60), st.booleans())
    return st.lists(values, max_size=60).map(
        lambda found: [one(i, s, n, k, t, open_end=o) for i, (s, n, k, t, o) in enumerate(found)]
    )


@given(activities())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_is_drawn_once_and_inside(app: Flask, found: list[Activity]) -> None:
    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        drawn = picture.of(draw(found, TODAY), address=lambda iri: iri)
    bars = [bar for lane in drawn.lanes for bar in lane.bars]
    assert sorted(bar.address for bar in bars) == sorted(a.iri for a in found)
    assert sorted(row.address for row in drawn.rows) == sorted(a.iri for a in found)
    for bar in bars:
        assert 0 <= bar.x <= 100
        assert bar.x + bar.width <= 100.2
        assert bar.y + picture.LABEL + picture.BAR <= drawn.height
        if bar.name:
            assert bar.name_x >= -0.01
            assert bar.name_x + bar.name_width <= 100.2
            assert bar.address.endswith("#" + bar.address.rpartition("#")[2])


@given(activities())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bars_of_one_row_never_overlap(app: Flask, found: list[Activity]) -> None:
    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        drawn = picture.of(draw(found, TODAY), address=lambda iri: iri)
    rows: dict[int, list[tuple[float, float]]] = {}
    for lane in drawn.lanes:
        for bar in lane.bars:
            rows.setdefault(bar.y, []).append((bar.x, bar.x + bar.width))
    for spans in rows.values():
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            assert start >= end - 0.11  # a bar is never thinner than a hair


def test_a_short_bar_at_the_right_edge_has_its_name_to_the_left(app: Flask) -> None:
    found = [
        Activity(
            iri="x#1",
            title="Il y a longtemps",
            sphere=things.spheres()[0],
            start=PartialDate(1990),
            end=PartialDate(2000),
        ),
        Activity(iri="x#2", title="Depuis peu", sphere=things.spheres()[1], start=PartialDate(2026, 6)),
    ]
    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        drawn = picture.of(draw(found, TODAY), address=lambda iri: iri)
    bar = next(bar for lane in drawn.lanes for bar in lane.bars if bar.address == "x#2")
    assert bar.is_name_at_end
    assert bar.name == "Depuis peu"
