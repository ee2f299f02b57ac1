"""The ways to sign in falsely that have a name: a number, what it is, and how it is tried."""

from collections.abc import Callable

from tests.faults.hostile_world import Lab

Case = Callable[[Lab], None]
CASES: dict[str, tuple[str, Case]] = {}


def case(number: str, what: str) -> Callable[[Case], Case]:
    def kept(body: Case) -> Case:
        CASES[number] = (what, body)
        return body

    return kept


def somebody_is_in() -> bool:
    raise AssertionError("somebody was signed in")
