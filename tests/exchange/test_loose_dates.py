"""Dates as exports write them: each form in one way only."""

import pytest

from musette_solid.exchange.loose_dates import goes_on, said, says_nothing


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Aug 2022", "2022-08"),
        ("août 2019", "2019-08"),
        ("Sept. 2020", "2020-09"),
        *(
            (f"{name} 2019", f"2019-{at:02}")
            for at, name in enumerate(
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
            )
        ),
        ("2009", "2009"),
        ("06 Jun 2026", "2026-06-06"),
        ("1er mars 2020", "2020-03-01"),
        ("March 5, 2021", "2021-03-05"),
        ("3/7/24, 2:22 PM", "2024-03-07"),
        ("31/12/2020", "2020-12-31"),
        ("2017/05/07 01:01:57 UTC", "2017-05-07"),
        ("Fri Jan 24 02:54:41 UTC 2025", "2025-01-24"),
        ("2026-09-20 14:01:00", "2026-09-20"),
        ("2020-12-29 14:24 UTC", "2020-12-29"),
        ("2020-01-01T00:03:34.000Z", "2020-01-01"),
        ("20200131", "2020-01-31"),
        ("12-2020", "2020-12"),
        *(
            (text, None)
            for text in ("", "Not Available", "2013-12-021", "2020-00-01", "2021-02-30", "31/31/2020", "soon")
        ),
    ],
)
def test_a_date_is_as_precise_as_it_was_said(text: str, meant: str | None) -> None:
    found = said(text)
    assert (found.text if found else None) == meant


def test_the_day_comes_first_where_somebody_says_so() -> None:
    one, two = said("3/4/2024"), said("3/4/2024", day_first=True)
    assert one is not None
    assert two is not None
    assert (one.text, two.text) == ("2024-03-04", "2024-04-03")


def test_words_that_are_no_dates() -> None:
    assert goes_on("Present")
    assert goes_on("Aujourd’hui")
    assert all(says_nothing(text) for text in ("N/A", "Not Available", " ", "n/a"))
    assert not says_nothing("2019")
