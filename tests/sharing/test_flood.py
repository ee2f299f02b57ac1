"""A short flood on the Community Solid Server. The long one: `python -m tests.sharing.flood`."""

import pytest

from tests.sharing.flood import measure


@pytest.mark.css
@pytest.mark.parametrize("acp", [False, True], ids=["WAC", "ACP"])
def test_whoever_is_flooded_receives_again_and_the_old_letterbox_is_emptied(acp: bool) -> None:
    figures = {figure.id: figure for figure in measure(150, 3_000_000, acp=acp)}
    assert all(figure.holds for figure in figures.values()), figures
    assert figures["H-80 emptied"].value == 152  # the request of somebody unknown too: its link still works
