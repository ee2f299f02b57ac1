"""A few of the files that would fill a memory or never end; all of them, weighed, in `make faults`."""

import pytest

from tests.faults import hostile_files
from tests.faults.hostile_files import badge, bomb, read, rides, table


@pytest.mark.parametrize(
    ("data", "ended", "seconds", "megabytes"),
    [
        (table(1_000_000), "refused", 10, 300),
        (rides(20_000), "recognised", 10, 200),
        (bomb(300), "refused", 5, 200),
        (badge(100), "refused", 5, 200),
        (b"[" * 100_000, "refused", 5, 200),
    ],
    ids=["a million rows", "rides", "an archive", "a picture", "levels"],
)
def test_reading_is_bounded_in_time_and_memory(data: bytes, ended: str, seconds: float, megabytes: float) -> None:
    reading = read(data)
    assert reading.ended == ended, reading.said
    assert reading.seconds <= seconds
    assert reading.memory_mb <= megabytes


def test_every_figure_says_what_it_should_be() -> None:
    for what, make, ended, seconds, megabytes in hostile_files.CASES:
        assert callable(make)
        assert ended in {"recognised", "refused", "given up"}, what
        assert 0 < seconds <= 66
        assert 0 < megabytes <= hostile_files.LIMIT_MB
