"""The trajectory as geometry: nothing outside the picture, nothing twice, names where they fit."""

from datetime import date
from itertools import pairwise

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.trajectory import draw
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.web import picture, things
from tests.web.reviewer import Reviewer

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


def test_on_a_phone_two_names_of_one_row_never_meet(app: Flask) -> None:
    found = [
        Activity(
            iri="x#1",
            title="Apprentissage en menuiserie",
            sphere=things.spheres()[0],
            start=PartialDate(2004, 9),
            end=PartialDate(2006, 6),
        ),
        Activity(
            iri="x#2",
            title="Certificat de formatrice",
            sphere=things.spheres()[0],
            start=PartialDate(2025, 9),
            end=PartialDate(2026, 6),
        ),
    ]
    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        drawn = picture.of(draw(found, TODAY), address=lambda iri: iri)
    first, second = (bar for lane in drawn.lanes for bar in lane.bars)
    assert first.y == second.y
    assert second.is_name_at_end
    assert (first.fits_narrow, second.fits_narrow) == (True, False)


def test_a_title_is_only_ever_a_text(person: Reviewer, server: MemoryPod, bag: Bag) -> None:
    """In the bar, beside it, in a mission and in the table."""
    job, mission = "<b>\"'&</b>", "<script>&amp;"
    dates = f'<{terms.SCHEMA_START_DATE}> "2019" ; <{terms.SPHERE}> <{terms.SPHERE_CARE}>'
    server.put_bytes(
        bag.layout.activities,
        f"""<#a> a <{terms.Activity}> ; {dates} ; <{terms.DCTERMS_TITLE}> '''{job}''' .
        <#b> a <{terms.Activity}> ; {dates} ; <{terms.DCTERMS_TITLE}> '''{mission}''' ; <{terms.DCTERMS_IS_PART_OF}> <#a> .
        """.encode(),
    )
    page = person.get("/").text
    assert job not in page
    assert mission not in page
    assert page.count("&lt;b&gt;&#34;&#39;&amp;&lt;/b&gt;") == 3
    assert page.count("&lt;script&gt;&amp;amp;") == 2


def test_each_activity_is_worded_once(app: Flask) -> None:
    asked: list[str] = []
    found = [
        Activity(iri="x#1", title="Emploi", start=PartialDate(1990)),
        Activity(iri="x#2", title="Mission", start=PartialDate(1991), part_of="x#1"),
        Activity(iri="x#3", title="Un jour"),
    ]

    def address(iri: str) -> str:
        asked.append(iri)
        return iri

    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        drawn = picture.of(draw(found, TODAY), address)
    assert sorted(asked) == ["x#1", "x#2", "x#3"]
    assert [(row.title, row.is_part) for row in drawn.rows] == [("Emploi", False), ("Mission", True)]
    assert [row.title for row in drawn.undated] == ["Un jour"]
    assert drawn.lanes[0].bars[0].parts[0].title == "Mission, depuis 1991"
