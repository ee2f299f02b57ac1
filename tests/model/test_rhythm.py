"""Where time goes: the parts sum to the whole, and nothing is made up in between."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from musette_solid.model.rhythm import FULL_WEEK_MINUTES, monday, rhythm
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms

SPHERES = {"#job": terms.SPHERE_EMPLOYMENT, "#care": terms.SPHERE_CARE}
DAY = date(2026, 11, 23)  # a Monday

entries = some.lists(
    some.builds(
        TimeEntry,
        some.just("#t"),
        some.sampled_from(["#job", "#care", "#gone"]),
        some.dates(date(2025, 12, 20), date(2026, 12, 31)),
        some.integers(1, 1440),
        counterpart=some.sampled_from([None, terms.COUNTERPART_PAID, terms.COUNTERPART_GIVEN]),
    ),
    max_size=40,
)


@given(entries)
def test_the_parts_sum_to_the_whole(found: list[TimeEntry]) -> None:
    made = rhythm(found, SPHERES)
    total = sum(one.minutes for one in found)
    assert made.total == total == sum(made.by_sphere.values()) == sum(made.by_counterpart.values())
    assert total == sum(made.by_weekday) == sum(week.minutes for week in made.weeks)
    assert all(
        later.monday - week.monday == timedelta(weeks=1)
        for week, later in zip(made.weeks, made.weeks[1:], strict=False)
    )


def entry(offset: int, minutes: int, activity: str = "#job") -> TimeEntry:
    return TimeEntry("#t", activity, DAY + timedelta(days=offset), minutes)


def test_a_week_that_is_full_and_one_that_is_not() -> None:
    full = [entry(day, 600) for day in range(5)]
    assert [week.minutes for week in rhythm(full, SPHERES).heavy] == [3000]
    assert FULL_WEEK_MINUTES == 2880
    assert rhythm(full[:4], SPHERES).heavy == ()


def test_weeks_between_are_there_and_empty() -> None:
    made = rhythm([entry(0, 60), entry(21, 60)], SPHERES)
    assert [week.minutes for week in made.weeks] == [60, 0, 0, 60]


def test_the_longest_run() -> None:
    made = rhythm([entry(day, 30) for day in (0, 2, 3, 4, 4, 9)], SPHERES)
    assert made.longest_run == (DAY + timedelta(days=2), DAY + timedelta(days=4))
    assert made.days == 5
    assert rhythm([], SPHERES).longest_run is None


def test_a_sphere_that_nobody_noted() -> None:
    assert rhythm([entry(0, 5, "#gone")], SPHERES).by_sphere == {None: 5}
    assert monday(DAY + timedelta(days=6)) == DAY
