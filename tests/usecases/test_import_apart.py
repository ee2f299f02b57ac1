"""What a file gives beside a bag is the same wherever it is worked out, and what was said of thousands of lines is few words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musette_solid.rdf import terms
from musette_solid.usecases import import_apart
from musette_solid.usecases.import_apart import look_over
from musette_solid.usecases.import_file import import_file
from musette_solid.usecases.import_rows import Said, numbers_in, ranges
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.preview_import import look_packed
from tests.faults.hostile_corpus import table
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import CALENDAR, career


@pytest.mark.parametrize("data", [table(450), CALENDAR, career(8, 3)], ids=["a table", "a calendar", "a career"])
def test_it_is_the_same_in_a_process_of_its_own(bag: Bag, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    import_file(bag, career(5, 1), "cv.json", NOW)
    found = look_packed(bag, data, "file", NOW)
    for said in (Said(), Said(frozenset({1, 201, 449}), {str(terms.SPHERE_EMPLOYMENT): 200}, times={0: "-"})):
        monkeypatch.setattr(import_apart, "_SMALL", 10_000_000)
        here = look_over(bag, found, "", said, NOW)
        monkeypatch.setattr(import_apart, "_SMALL", 0)
        assert look_over(bag, found, "", said, NOW) == here
        assert here.lines


@given(st.frozensets(st.integers(0, 2000)))
def test_which_lines_are_taken_is_said_in_ranges(numbers: frozenset[int]) -> None:
    assert numbers_in(ranges(numbers), 2001) == numbers


@pytest.mark.parametrize("text", ["", "x", "-", "5-", "-5", "3-1", "1-99999999999", "1,,2x", "²-³"])
def test_what_is_no_range_takes_nothing_that_is_not_there(text: str) -> None:
    assert all(0 <= number < 20 for number in numbers_in(text, 20))
