"""What may be worth doing today: near, with its reason, and never more than three."""

from datetime import UTC, date, datetime, timedelta

import pytest

from musette_solid.model import day
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.day import MOST, Worth, chosen
from musette_solid.model.goal import Goal, Step
from musette_solid.model.skill import Assessment, Skill
from musette_solid.rdf import terms

TODAY = date(2026, 11, 25)


def activity(name: str, start: str = "", end: str = "", **more: object) -> Activity:
    def partial(text: str) -> PartialDate | None:
        return PartialDate.from_text(text) if text else None

    made = Activity(f"#{name}", name, terms.SPHERE_EMPLOYMENT, partial(start), partial(end))
    for key, value in more.items():
        object.__setattr__(made, key, value)
    return made


@pytest.mark.parametrize(
    ("end", "is_said"),
    [
        ("2026-12-31", True),
        ("2026-12", True),
        ("2026-11-25", True),
        ("2026-11-24", False),
        ("2027-06", False),
        ("2026", False),
    ],
)
def test_a_contract_that_ends_soon(end: str, is_said: bool) -> None:
    assert bool(day.endings([activity("job", "2024", end)], TODAY)) is is_said


def test_the_next_step_of_a_goal_that_has_a_day() -> None:
    step = Step("#k", "#g", "Call", by=PartialDate(2026, 12))
    goal = Goal("#g", "Workshop", steps=(step,))
    (found,) = day.steps([goal], TODAY)
    assert (found.title, found.beside, found.iri, found.on) == ("Call", "Workshop", "#g", date(2026, 12, 31))
    assert day.steps([Goal("#g", "Workshop", steps=(Step("#k", "#g", "Call"),))], TODAY) == []
    assert day.steps([Goal("#g", "Workshop", state=terms.GOAL_STATE_REACHED, steps=(step,))], TODAY) == []


def test_a_skill_that_slept_and_is_used_again() -> None:
    skill = Skill("#s", "Weld")
    old = activity("old", "2010", "2018", mobilises=("#s",))
    new = activity("new", "2026-10", mobilises=("#s",))
    (found,) = day.awake([skill], [old, new], TODAY)
    assert (found.title, found.beside, found.on) == ("Weld", "new", date(2018, 12, 31))
    assert day.awake([skill], [old], TODAY) == []
    assert day.awake([skill], [activity("old", "2010", "2025", mobilises=("#s",)), new], TODAY) == []
    judged = Skill("#s", "Weld", assessments=(Assessment("#m", "#s", on=date(2026, 11, 1)),))
    assert day.awake([judged], [old, new], TODAY) == []


def test_three_at_most_and_one_of_a_kind() -> None:
    found = [Worth("undated", str(n)) for n in range(9)]
    assert len(chosen(found)) == 1
    found += [
        Worth("thanks", "a"),
        Worth("step", "b", on=TODAY + timedelta(days=3)),
        Worth("step", "c", on=TODAY),
        Worth("right", "d", on=TODAY),
    ]
    assert [(one.kind, one.title) for one in chosen(found)] == [("right", "d"), ("step", "c"), ("thanks", "a")]
    assert MOST == 3
    assert chosen([]) == ()


def test_what_changed_since_a_day() -> None:
    old = Activity("#a", created=datetime(2026, 11, 20, tzinfo=UTC))
    new = Activity("#b", created=datetime(2026, 11, 24, tzinfo=UTC))
    found = day.changes(date(2026, 11, 20), [old, new, Activity("#c")], [], [], [])
    assert found.added == {"activities": 1, "skills": 0, "notes": 0, "goals": 0}
    assert found.any
