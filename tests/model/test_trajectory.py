import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.trajectory import Bar, Trajectory, draw
from musette_solid.rdf import terms

TODAY = date(2026, 11, 22)
SPHERES = [terms.SPHERE_EMPLOYMENT, terms.SPHERE_CARE, terms.SPHERE_VOLUNTEERING, None]


def said(text: str | None) -> PartialDate | None:
    return PartialDate.from_text(text) if text else None


def an_activity(iri: str, start: str | None, end: str | None = None, **more: object) -> Activity:
    return Activity(iri, iri, start=said(start), end=said(end), **more)  # type: ignore[arg-type]


def bars(picture: Trajectory) -> Iterator[Bar]:
    waiting = [bar for lane in picture.lanes for row in lane.rows for bar in row]
    while waiting:
        bar = waiting.pop()
        yield bar
        waiting.extend(bar.parts)


def only(picture: Trajectory) -> Bar:
    (bar,) = bars(picture)
    return bar


partial_dates = st.dates(min_value=date(1960, 1, 1), max_value=date(2030, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
    )
)


@st.composite
def lives(draw_: st.DrawFn) -> list[Activity]:
    names = [f"#a-{number}" for number in range(draw_(st.integers(0, 14)))]
    return [
        Activity(
            name,
            sphere=draw_(st.sampled_from(SPHERES)),
            start=draw_(st.none() | partial_dates),
            end=draw_(st.none() | partial_dates),
            part_of=draw_(st.none() | st.sampled_from(names)),
            end_as_written=draw_(st.sampled_from([None, None, None, "2013-12-021"])),
        )
        for name in names
    ]


@settings(deadline=None)  # the machine may be busy
@given(lives())
def test_every_dated_activity_is_drawn_exactly_once(life: list[Activity]) -> None:
    picture = draw(life, TODAY)
    drawn = Counter(bar.activity.iri for bar in bars(picture))
    assert drawn == Counter(activity.iri for activity in life if activity.is_dated)
    assert {activity.iri for activity in picture.undated} == {
        activity.iri for activity in life if not activity.is_dated
    }


@settings(deadline=None)  # the machine may be busy
@given(lives())
def test_every_bar_has_a_width_and_stays_inside(life: list[Activity]) -> None:
    for bar in bars(draw(life, TODAY)):
        assert 0 <= bar.start_x < bar.end_x <= 1


def _extent(bar: Bar) -> tuple[float, float]:
    inside = [_extent(part) for part in bar.parts]
    return min([bar.start_x, *(one[0] for one in inside)]), max([bar.end_x, *(one[1] for one in inside)])


@settings(deadline=None)  # the machine may be busy
@given(lives())
def test_bars_of_one_row_never_overlap(life: list[Activity]) -> None:
    picture = draw(life, TODAY)
    rows = [list(row) for lane in picture.lanes for row in lane.rows]
    for bar in bars(picture):
        rows += [[part for part in bar.parts if part.row == number] for number in range(len(bar.parts))]
    for row in rows:
        extents = sorted(map(_extent, row))
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(extents))


@settings(deadline=None)  # the machine may be busy
@given(lives())
def test_nothing_happens_in_a_gap(life: list[Activity]) -> None:
    picture = draw(life, TODAY)
    for gap in picture.gaps:
        assert timedelta(days=31) < gap.end - gap.start + timedelta(days=1)
        assert gap.end <= TODAY
        for bar in bars(picture):
            assert bar.end_x <= gap.start_x or bar.start_x >= gap.end_x


@settings(deadline=None)  # the machine may be busy
@given(lives())
def test_there_are_few_ticks_in_order_and_inside(life: list[Activity]) -> None:
    ticks = draw(life, TODAY).ticks
    assert len(ticks) <= 12
    assert list(ticks) == sorted(ticks, key=lambda tick: tick.x)
    assert all(0 <= tick.x < 1 for tick in ticks)


def test_a_year_is_drawn_from_its_first_to_its_last_day() -> None:
    picture = draw([an_activity("#a", "2019", "2019"), an_activity("#b", "2020", "2020")], TODAY)
    first, second = sorted(bars(picture), key=lambda bar: bar.start_x)
    assert first.end_x == second.start_x
    assert picture.first == date(2019, 1, 1)
    assert len(picture.lanes[0].rows) == 1


def test_what_goes_on_lasts_until_today() -> None:
    bar = only(draw([an_activity("#a", "2019")], TODAY))
    assert (bar.start_x, bar.end_x, bar.ongoing) == (0, 1, True)


def test_an_end_that_nobody_can_read_is_not_going_on() -> None:
    bar = only(draw([an_activity("#a", "2019", end_as_written="2013-12-021")], TODAY))
    assert not bar.ongoing
    assert bar.end_x < 0.2


def test_overlaps_take_as_many_rows_as_they_are() -> None:
    three = [an_activity("#a", "2019", "2021"), an_activity("#b", "2020", "2022"), an_activity("#c", "2022-06", "2023")]
    (lane,) = draw(three, TODAY).lanes
    assert [[bar.activity.iri for bar in row] for row in lane.rows] == [["#a", "#c"], ["#b"]]


def test_missions_are_inside_the_job_they_are_part_of() -> None:
    life = [
        an_activity("#job", "2019", "2023", sphere=terms.SPHERE_EMPLOYMENT),
        an_activity("#mission", "2020", "2021", part_of="#job"),
        an_activity("#other", "2021", "2022", part_of="#job"),
        an_activity("#lost", "2020", "2021", part_of="#nowhere"),
    ]
    picture = draw(life, TODAY)
    assert [lane.sphere for lane in picture.lanes] == [terms.SPHERE_EMPLOYMENT, None]
    (job,) = picture.lanes[0].rows[0]
    assert [(part.activity.iri, part.row) for part in job.parts] == [("#mission", 0), ("#other", 1)]


def test_activities_that_are_part_of_each_other_are_still_drawn() -> None:
    life = [an_activity("#a", "2019", "2020", part_of="#b"), an_activity("#b", "2019", "2020", part_of="#a")]
    assert {bar.activity.iri for bar in bars(draw(life, TODAY))} == {"#a", "#b"}


def test_a_very_long_chain_of_missions_is_drawn() -> None:
    life = [an_activity(f"#a-{n:04}", "2019", "2020", part_of=f"#a-{n - 1:04}") for n in range(3000)]
    assert len(list(bars(draw(life, TODAY)))) == 3000


def test_lanes_are_in_the_order_of_the_spheres() -> None:
    own = terms.SPHERE_CARE + "-of-my-own"
    life = [
        an_activity("#a", "2019"),
        an_activity("#b", "2019", sphere=type(terms.SPHERE_CARE)(own)),
        an_activity("#c", "2019", sphere=terms.SPHERE_CARE),
        an_activity("#d", "2019", sphere=terms.SPHERE_EMPLOYMENT),
    ]
    lanes = draw(life, TODAY).lanes
    assert [lane.rows[0][0].activity.iri for lane in lanes] == ["#d", "#c", "#b", "#a"]


def test_a_month_without_anything_is_no_gap_but_two_are() -> None:
    assert draw([an_activity("#a", "2026-01", "2026-01"), an_activity("#b", "2026-03")], TODAY).gaps == ()
    (gap,) = draw([an_activity("#a", "2026-01", "2026-01"), an_activity("#b", "2026-04")], TODAY).gaps
    assert (gap.start, gap.end) == (date(2026, 2, 1), date(2026, 3, 31))


def test_silence_up_to_today_is_a_gap_and_what_is_ahead_is_not() -> None:
    (gap,) = draw([an_activity("#a", "2026-01", "2026-01"), an_activity("#b", "2028")], TODAY).gaps
    assert gap.end == TODAY


@pytest.mark.parametrize(
    ("start", "ticks"),
    [
        ("2026-09", ["2026-09", "2026-10", "2026-11"]),
        ("2025-06", ["2025-07", "2025-10", "2026-01", "2026-04", "2026-07", "2026-10"]),
        ("2020", ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]),
        ("1999-05", ["2000", "2005", "2010", "2015", "2020", "2025"]),
    ],
)
def test_ticks_are_round(start: str, ticks: list[str]) -> None:
    assert [tick.text for tick in draw([an_activity("#a", start)], TODAY).ticks] == ticks


def test_nothing_to_draw_is_a_picture_too() -> None:
    picture = draw([], TODAY)
    assert (picture.lanes, picture.gaps, picture.first, picture.last) == ((), (), TODAY, TODAY)
