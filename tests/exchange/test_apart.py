"""A file is read in a process of its own: a long one whole, and no longer than somebody waits for it."""

import time
from datetime import UTC, datetime

import pytest

from musette_solid.exchange import apart
from musette_solid.exchange.draft import Bag
from musette_solid.exchange.errors import UnreadableFile
from tests.faults.hostile_corpus import rides

BAG = Bag(
    "https://pod.example/demo/musette/",
    "https://pod.example/demo/profile/card#me",
    "https://pod.example/demo/musette/imports/1.ttl#it",
    datetime(2026, 11, 22, tzinfo=UTC),
)


def test_a_file_that_takes_longer_than_one_look_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    # Much more than a pipe holds, and looked at while it is still on its way.
    monkeypatch.setattr(apart, "_LOOK_S", 0.001)
    looks: list[float] = []

    def is_stopped() -> bool:
        looks.append(time.monotonic())
        return False

    data = rides(20_000)
    assert len(data) > 1_000_000
    found = apart.read(data, "rides.csv", BAG, is_stopped=is_stopped)
    assert found.lines
    assert len(looks) > 2


def test_it_stops_when_asked_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    with pytest.raises(apart.Stopped):
        apart.read(rides(200_000), "rides.csv", BAG, is_stopped=lambda: True)
    assert time.monotonic() - begun < 3


def test_it_is_given_up_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.2)
    with pytest.raises(UnreadableFile, match="split it in two"):
        apart.read(rides(200_000), "rides.csv", BAG)
