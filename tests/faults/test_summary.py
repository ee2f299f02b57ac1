"""What `make faults` says at its end: each figure with what was wanted, and what was not measured."""

from pathlib import Path

import pytest

import tests.faults.__main__ as faults
from tests import figures
from tests.faults import crashes, damage
from tests.figures import Figure


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (figures, faults):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    for part in (crashes, damage):
        monkeypatch.setattr(part, "KEPT", tmp_path / f"{part.__name__}.jsonl")


def test_a_section_that_was_not_run_is_said_so_and_an_earlier_one_has_its_day() -> None:
    figures.publish("faults-signin", [Figure("S-4", "false sign-ins", 0, "", "0", holds=True)])
    measured = {"guard": [Figure("S-5", "canaries touched", 3, "", "0", holds=False)]}
    said = "\n".join(faults.summary(measured))
    assert "bulkhead: NOT MEASURED" in said
    assert "signin: not measured this time; on 20" in said
    assert all(one in said for one in ("S-4", "S-5", "DOES NOT HOLD"))
    for section in faults.SECTIONS:
        assert f"{section}:" in said


def test_operations_that_were_not_tried_whole_are_named() -> None:
    done = crashes.Done(crashes.KEPT)
    done.takes("share", 1)
    for victim in crashes.VICTIMS:
        for moment in crashes.MOMENTS:
            done.add(crashes.Verdict(crashes.Case(crashes.PARTS["share"], 1, moment, victim), True, True))
    whole, cases = crashes.standing()
    assert (whole.value, whole.holds, cases.value, cases.target) == (1, False, 6, "= 6")
    assert "share 6" not in whole.what
    assert "revoke 0" in whole.what


def test_rounds_of_offsets_go_on_where_they_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "ROUNDS", 4)
    asked: list[list[int]] = []

    def count(offsets: object) -> damage.Counted:
        assert isinstance(offsets, range)
        asked.append(list(offsets))
        return damage.Counted(tried=len(offsets))

    for _ in range(2):
        (figure,) = damage._in_rounds("at rest, here", 10, count)
    assert sorted(offset for some in asked for offset in some) == list(range(10))
    assert (figure.value, figure.holds) == (0, True)
    assert "10 edits of one cut at 10 of 10 offsets" in figure.what
