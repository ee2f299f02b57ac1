"""Turning points, and the picture of a part of a life."""

from datetime import date

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.passages import passages
from musette_solid.model.trajectory import draw
from musette_solid.rdf import terms

TODAY = date(2026, 11, 25)


def activity(name: str, sphere: str, start: str, end: str = "", skills: tuple[str, ...] = ()) -> Activity:
    return Activity(
        f"#{name}",
        name,
        getattr(terms, f"SPHERE_{sphere}"),
        PartialDate.from_text(start),
        PartialDate.from_text(end) if end else None,
        mobilises=skills,
    )


def test_an_end_and_a_beginning_of_another_sphere_make_a_turn() -> None:
    job = activity("job", "EMPLOYMENT", "2015-09", "2024-06-30", ("#s", "#t"))
    care = activity("care", "CARE", "2024-08", skills=("#s",))
    far = activity("far", "TRAINING", "2025-08")
    (found,) = passages([far, care, job])
    assert (found.before, found.after, found.on, found.carried) == (job, care, date(2024, 8, 1), ("#s",))


def test_the_same_sphere_and_dates_too_vague_make_none() -> None:
    job = activity("job", "EMPLOYMENT", "2015-09", "2024-06")
    assert passages([job, activity("next", "EMPLOYMENT", "2024-07")]) == ()
    assert passages([activity("job", "EMPLOYMENT", "2015", "2024"), activity("care", "CARE", "2024-12")]) == ()


def test_a_window_leaves_out_what_lies_outside_and_cuts_what_passes() -> None:
    job = activity("job", "EMPLOYMENT", "2010-01", "2020-06")
    old = activity("old", "CARE", "2001", "2002")
    found = draw([job, old], TODAY, (date(2019, 1, 1), date(2020, 12, 31)))
    (lane,) = found.lanes
    (bar,) = lane.rows[0]
    assert bar.activity == job
    assert bar.start_x == 0.0
    assert 0.7 < bar.end_x < 0.8
    assert (found.first, found.last) == (date(2019, 1, 1), date(2020, 12, 31))
    assert [gap.start for gap in found.gaps] == [date(2020, 7, 1)]


def test_a_window_of_nothing_is_empty() -> None:
    found = draw([], TODAY, (date(1990, 1, 1), date(1990, 1, 31)))
    assert found.lanes == ()
    assert found.gaps == ()
