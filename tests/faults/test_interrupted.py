"""Whatever request an operation is cut at, and however: afterwards it was done or never begun, and nobody reads more.

Every operation and every way to fail, at a few of its requests (`make faults` tries all of them, and kills real processes).
"""

from collections.abc import Callable

import pytest

from tests.faults.interrupted import TRIALS, Case, Theatre, dies_twice, every_case
from tests.faults.operations import OPERATIONS

#: Of each operation and trial. Recovering is cut many times for each.
CASES = 3
CASES_TWICE = 1


@pytest.fixture(scope="module", params=OPERATIONS, ids=lambda operation: operation.name.replace(" ", "-"))
def theatre(request: pytest.FixtureRequest) -> Theatre:
    return Theatre(request.param)


def some(theatre: Theatre, ways: tuple[str, ...], number: int) -> list[Case]:
    """Spread over its requests; the last ones are where the most is half done."""
    cases = every_case(theatre, *ways)
    step = max(1, len(cases) // number)
    return cases[::-1][::step][:number]


@pytest.mark.parametrize(("trial", "ways"), TRIALS, ids=lambda value: getattr(value, "__name__", ""))
def test_it_was_done_or_never_begun(
    theatre: Theatre, trial: Callable[[Theatre, Case], None], ways: tuple[str, ...]
) -> None:
    is_twice = trial is dies_twice
    for case in some(theatre, ways, CASES_TWICE if is_twice else CASES):
        if is_twice:
            dies_twice(theatre, case, step=5)
        else:
            trial(theatre, case)


def test_nothing_is_left_of_an_intent(theatre: Theatre) -> None:
    theatre.act()
    theatre.recover()
    assert not [url for url in theatre.server._stored if "/intents/" in url and not url.endswith("/")]
