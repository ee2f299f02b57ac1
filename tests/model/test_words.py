import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.model.words import folded


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Repair Café", "repair cafe"),
        ("L’atelier d'été", "l'ATELIER d’ete"),
        ("Restos\u00a0du\u202fcœur", "restos du coeur"),
        ("R&D", "r d"),
        ("Café", "Cafe\u0301"),
    ],
)
def test_the_same_words_fold_to_the_same_text(one: str, two: str) -> None:
    assert folded(one) == folded(two)


@pytest.mark.parametrize(("one", "two"), [("C", "C++"), ("C", "C#"), ("कि", "का"), ("Go", "Rust")])
def test_different_words_stay_different(one: str, two: str) -> None:
    assert folded(one) != folded(two)


@settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
