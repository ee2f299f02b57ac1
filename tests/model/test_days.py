"""Which day a line means; `tests/model/test_time.py` has the table of whole lines."""

from datetime import date

import pytest

from musette_solid.model.days import mentions

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("hier", [date(2026, 11, 21)]),
        ("cahier", []),
        ("hiers", []),
        ("lundi et mardi", [date(2026, 11, 16), date(2026, 11, 17)]),
        ("les lundis", []),
        ("24/24", []),
        ("1/2 journee", []),
        ("31/02", [None]),
        ("25/11", [date(2026, 11, 25)]),
        ("25/12", [date(2025, 12, 25)]),
        ("2026-11-221", []),
        ("mars", []),
        ("12 mars 2026 et 13 mars 2026", [date(2026, 3, 12), date(2026, 3, 13)]),
        ("lundi 2 h", [date(2026, 11, 16)]),
        ("le 20 km", []),
        ("30/11/1850", [None]),
    ],
)
def test_the_days_in_a_line(text: str, days: list[date | None]) -> None:
    assert [mention.on for mention in mentions(text, TODAY)] == days


def test_a_mention_knows_its_place() -> None:
    (mention,) = mentions("repair cafe hier soir, tri", TODAY)
    assert "repair cafe hier soir, tri"[mention.start : mention.end] == "hier soir"


@pytest.mark.parametrize("today", [date(2, 1, 1), date(9999, 12, 31), date(2024, 2, 29)])
def test_any_today_will_do(today: date) -> None:
    assert len(mentions("hier lundi 12/03 29/02 le 31 il y a 3 jours", today)) > 3
