"""The curve of a level: one line a person, each level where its day is."""

from datetime import date

from rdflib import URIRef

from musette_solid.model.curve import curve
from musette_solid.model.skill import Assessment
from musette_solid.rdf import terms

TODAY = date(2026, 11, 22)
ME, MENTOR = "https://demo.example/#me", "https://mentor.example/#me"


def said(name: str, level: URIRef | None, on: date | None, by: str = ME) -> Assessment:
    return Assessment(iri=f"#{name}", skill="#s-1", level=level, on=on, by=by)


def test_each_person_has_a_line_of_their_own() -> None:
    made = curve(
        {
            ME: [said("1", terms.LEVEL_DISCOVERING, date(2022, 11, 22)), said("2", terms.LEVEL_ADAPTING, TODAY)],
            MENTOR: [said("3", terms.LEVEL_ASSISTED, date(2024, 11, 22), MENTOR)],
        },
        TODAY,
    )
    assert [(line.by, [point.rank for point in line.points]) for line in made.lines] == [(ME, [1, 4]), (MENTOR, [2])]
    assert [point.x for point in made.lines[0].points] == [0.0, 1.0]
    assert 0.49 < made.lines[1].points[0].x < 0.51
    assert [mark.on.year for mark in made.marks] == [2023, 2024, 2025, 2026]


def test_what_has_no_day_or_no_step_of_the_scale_is_apart() -> None:
    made = curve(
        {
            ME: [
                said("1", None, TODAY),
                said("2", terms.LEVEL_ASSISTED, None),
                said("3", URIRef("https://other.example/scale#expert"), TODAY),
            ]
        },
        TODAY,
    )
    assert not made
    assert len(made.apart) == 3


def test_two_of_one_day_are_both_there_and_one_day_is_no_division_by_nothing() -> None:
    made = curve({ME: [said("1", terms.LEVEL_ASSISTED, TODAY), said("2", terms.LEVEL_AUTONOMOUS, TODAY)]}, TODAY)
    assert [(point.x, point.rank) for point in made.lines[0].points] == [(1.0, 2), (1.0, 3)]


def test_a_long_life_has_few_marks() -> None:
    made = curve({ME: [said("1", terms.LEVEL_ASSISTED, date(1960, 5, 1))]}, TODAY)
    assert [mark.on.year for mark in made.marks] == [1960, 1970, 1980, 1990, 2000, 2010, 2020][1:]
