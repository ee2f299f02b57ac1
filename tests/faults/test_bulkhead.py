"""A space that stalls, in a real process with real threads (`make faults` measures the others' waiting times)."""

import time
from pathlib import Path

from tests.faults.bulkhead import a_street


def test_a_space_that_stalls_keeps_nobody_elsewhere_from_their_pages(tmp_path: Path) -> None:
    """Twenty-four tabs on a server that never answers; without a bulkhead they would hold the threads for half a minute."""
    with a_street(tmp_path, well=2) as street:
        with street.stalling():
            time.sleep(0.5)
            taken = street.visit(15)
            time.sleep(4)  # by now some have waited long: the next ones are told at once
            begun = len(street.ended)
            taken += street.visit(15)
        assert max(taken) < 3
        told = street.ended[begun:]
        assert told
        assert {status for status, _ in street.ended} <= {503, 504}
