"""The bench of rights runs, on a small number of rounds, and its generous bounds hold."""

from tests.bench import rights


def test_a_whole_life_is_worked_out_in_less_than_a_second() -> None:
    figures = {figure.id: figure for figure in rights.figures(rounds=2)}
    assert set(figures) == {"C2-life", "C2-life-ratio", "C2-edit", "C2-edit-ratio"}
    assert figures["C2-life-ratio"].holds
