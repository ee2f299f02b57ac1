"""A few of the files that would fill a memory or never end, and every small one; all of them, weighed, in `make faults`."""

import pytest

from tests.faults import hostile_corpus
from tests.faults.hostile_corpus import GIVEN_UP, LIMIT_MB, RECOGNISED, REFUSED, Case, badge, bomb, corpus, rides, table
from tests.faults.hostile_files import PARTS, complaints, read
from tests.pod.canary import Canary


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
    assert reading.ended == ended, reading.told[:4000]
    assert reading.seconds <= seconds
    assert reading.memory_mb <= megabytes


def _outside(case: Case) -> bool:
    return case.what.endswith(("from elsewhere", "from the disk"))


def test_nothing_in_a_file_makes_its_reader_ask_anybody_or_tell_what_is_on_the_disk() -> None:
    canary = Canary()
    try:
        for case in filter(_outside, corpus(f"http://localhost:{canary.port}/")):
            assert complaints(case, read(case.make())) == [], case.what
        assert canary.hits == 0
    finally:
        canary.close()


def test_every_case_says_how_it_ends_and_within_what() -> None:
    cases = corpus("http://localhost:9/")
    assert len({(case.family, case.what) for case in cases}) == len(cases)
    for case in cases:
        assert case.family in PARTS
        assert case.ended in {RECOGNISED, REFUSED, GIVEN_UP}, case.what
        assert 0 < case.seconds <= 60
        assert 0 < case.megabytes <= hostile_corpus.LIMIT_MB == LIMIT_MB
