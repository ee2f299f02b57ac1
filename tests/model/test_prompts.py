"""A light question a day: drawn from the bag, never twice within seven days, and it never scolds."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musette_solid.model import day as day_model
from musette_solid.model import prompts as model
from musette_solid.model.prompts import Prompt, prompt_of

FIRST = date(2026, 11, 23)

_PROMPTS = st.lists(
    st.builds(
        Prompt,
        st.sampled_from(["“%(title)s” goes on.", "“%(title)s” has ended."]),
        about=st.tuples(st.text("abc", max_size=3)),
    ),
    max_size=9,
)


@given(st.lists(_PROMPTS, min_size=28, max_size=28))
def test_none_comes_back_within_seven_days_whatever_the_bag_says_each_day(days: list[list[Prompt]]) -> None:
    asked = [prompt_of(FIRST + timedelta(number), found) for number, found in enumerate(days)]
    for number, one in enumerate(asked):
        assert all(
            (one.sentence, one.about) != (other.sentence, other.about) for other in asked[number + 1 : number + 7]
        )


def test_it_is_the_same_all_day_and_another_one_the_next_day() -> None:
    asked = [prompt_of(FIRST + timedelta(number), ()) for number in range(28)]
    assert asked == [prompt_of(FIRST + timedelta(number), ()) for number in range(28)]
    assert all(one != after for one, after in pairwise(asked))
    assert len({one.sentence for one in asked}) == len(model._ALWAYS)


def test_what_the_bag_suggests_comes_first() -> None:
    found = [Prompt("“%(title)s” goes on.", {"title": name}, (name,)) for name in "abcdefghijklmnopqrstuvwxyz"]
    asked = [prompt_of(FIRST + timedelta(number), found) for number in range(14)]
    assert sum(bool(one.about) for one in asked) >= 11


@pytest.mark.parametrize(
    "word", ["must", "should", "late", "forgot", "forgotten", "fail", "failed", "overdue", "missed", "!"]
)
def test_neither_the_questions_nor_the_day_scold(word: str) -> None:
    said = [*model._ALWAYS, *(text for pair in day_model.SENTENCES.values() for text in pair)]
    assert not [text for text in said if word in {*text.lower().split(), text[-1:]}]
