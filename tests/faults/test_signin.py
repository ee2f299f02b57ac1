"""The named ways to sign in falsely, each of them; and a few hundred by chance (`make faults` has ten thousand)."""

from collections.abc import Iterator

import pytest

from musette_solid.pod import oidc, tokens
from tests.faults.hostile_world import Lab, a_lab
from tests.faults.named import CASES
from tests.faults.signin import by_chance


@pytest.fixture(scope="module")
def the_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with a_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(the_lab: Lab) -> Lab:
    the_lab.as_before()
    return the_lab


def test_there_are_thirty_two_of_them() -> None:
    assert sorted(CASES) == [f"H-{number:02}" for number in range(1, 33)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_nobody_is_signed_in_who_should_not_be(lab: Lab, name: str) -> None:
    CASES[name][1](lab)
    assert lab.provider.faults == []  # it did what it was told


def test_nor_by_chance(lab: Lab) -> None:
    tally = by_chance(lab, 300, 7)
    assert tally.shown == ()
    assert lab.provider.faults == []
    assert tally.false_sign_ins == tally.crashes == tally.false_refusals == 0
    assert 150 < tally.bad < 300  # the others show that a correct sign-in passes


@pytest.mark.parametrize("guard", ["webid_vouched", "tokens_of"])
def test_the_count_would_notice_a_check_that_is_missing(lab: Lab, guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if guard == "webid_vouched":
        monkeypatch.setattr(oidc, guard, lambda *_: None)
    else:
        monkeypatch.setattr(tokens, "_confirmation", lambda _: lab.provider.thumbprint)
    assert by_chance(lab, 150, 7).false_sign_ins > 0
