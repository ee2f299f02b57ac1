"""Whatever request an operation is cut at, and however: afterwards it was done or never begun, and nobody reads more.

Every operation, killed at every point that leaves something else behind, and going on without one of its answers (`make faults` tries
every request and way, and kills real processes).
"""

import pytest

from tests.faults.interrupted import (
    Case,
    Theatre,
    dies,
    dies_twice,
    every_read,
    every_state,
    is_sent_again,
    stops_answering,
)
from tests.faults.operations import OPERATIONS

#: Where nothing answers any more, of each operation; and of those whose recovering is cut too, many times for each.
GONE, TWICE = 3, 1


@pytest.fixture(scope="module", params=OPERATIONS, ids=lambda operation: operation.name.replace(" ", "-"))
def theatre(request: pytest.FixtureRequest) -> Theatre:
    return Theatre(request.param)


def some(cases: list[Case], number: int) -> list[Case]:
    """Spread over them; the last ones are where the most is half done."""
    step = max(1, len(cases) // number)
    return cases[::-1][::step][:number]


def test_killed_anywhere_it_was_done_or_never_begun(theatre: Theatre) -> None:
    for case in every_state(theatre, "killed"):
        dies(theatre, case)


def test_sent_again_nothing_is_there_twice(theatre: Theatre) -> None:
    for case in every_state(theatre, "killed"):
        is_sent_again(theatre, case)


def test_without_one_answer_or_all_that_follow_it_was_done_or_never_begun(theatre: Theatre) -> None:
    for case in (*every_read(theatre, "lost"), *some(every_state(theatre, "lost", "gone"), GONE)):
        stops_answering(theatre, case)


def test_recovering_is_cut_too(theatre: Theatre) -> None:
    for case in some(every_state(theatre, "killed"), TWICE):
        dies_twice(theatre, case, step=5)


def test_nothing_is_left_of_an_intent(theatre: Theatre) -> None:
    theatre.act()
    theatre.recover()
    assert not [url for url in theatre.server._stored if "/intents/" in url and not url.endswith("/")]
