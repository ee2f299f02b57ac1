"""How long a line says; `tests/model/test_time.py` has the table of whole lines."""

import pytest

from musette_solid.model.durations import mentions


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h30", [150]),
        ("2 h et 3 h", [120, 180]),
        ("de 9h a 12h", [180]),
        ("9h-12h et 14h-17h", [180, 180]),
        ("1h-2h", [60, 120]),
        ("22h-1h", [180]),
        ("10 am", []),
        ("2 huitres", []),
        ("45 metres", []),
        ("a4 h2o", []),
        ("2 h 12 mars", [120]),
        ("2 h 12/03", [120]),
        ("2 h 2026-03-12", [120]),
        ("une heure deux ateliers", [60]),
        ("2h a trier", [120]),
    ],
)
def test_the_durations_in_a_line(text: str, minutes: list[int]) -> None:
    assert [mention.minutes for mention in mentions(text, text)] == minutes


@pytest.mark.parametrize("text", ["2h75", "1:60", "2 h 99"])
def test_more_than_59_minutes_after_an_hour_is_no_duration(text: str) -> None:
    (mention,) = mentions(text, text)
    assert not mention.is_valid


def test_a_time_of_day_is_no_duration() -> None:
    assert mentions("reunion a 18h", "réunion à 18h") == ()
    assert [mention.minutes for mention in mentions("a 2h meeting", "a 2h meeting")] == [120]
