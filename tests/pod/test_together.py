"""Tasks side by side: the answers in order, the first failure told, nobody left running."""

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import CONCURRENCY


def test_answers_come_in_order_and_the_first_is_done_by_the_caller() -> None:
    pod = MemoryPod().pod_for(None)
    assert pod.together([]) == []

    def task(number: int) -> Callable[[], tuple[int, bool]]:
        def run() -> tuple[int, bool]:
            time.sleep(0.02 / (number + 1))
            return number, threading.current_thread() is threading.main_thread()

        return run

    for count in (1, 2, 3 * CONCURRENCY):
        answers = pod.together([task(number) for number in range(count)])
        assert [number for number, _ in answers] == list(range(count))
        assert [by_the_caller for _, by_the_caller in answers] == [True] + [False] * (count - 1)


def test_no_more_than_a_few_at_once() -> None:
    running: set[int] = set()
    most: list[int] = []

    def run(number: int) -> None:
        running.add(number)
        most.append(len(running))
        time.sleep(0.01)
        running.discard(number)

    MemoryPod().pod_for(None).together([partial(run, number) for number in range(4 * CONCURRENCY)])
    assert 2 < max(most) <= CONCURRENCY


def test_others_wait_for_a_head_start() -> None:
    begun: dict[str, float] = {}

    def task(name: str) -> Callable[[], float]:
        return lambda: begun.setdefault(name, time.monotonic())

    MemoryPod().pod_for(None).together([task("first"), task("second"), task("third")], head_start_s=0.05)
    assert min(begun["second"], begun["third"]) - begun["first"] > 0.03


@pytest.mark.parametrize("wrong", [0, 2])
def test_the_first_failure_is_raised_when_the_others_have_ended(wrong: int) -> None:
    ended: list[int] = []

    def task(number: int) -> Callable[[], None]:
        def run() -> None:
            if number == wrong:
                raise LookupError(str(number))
            time.sleep(0.02)
            ended.append(number)

        return run

    with pytest.raises(LookupError, match=str(wrong)):
        MemoryPod().pod_for(None).together([task(number) for number in range(4)])
    assert sorted(ended) == [number for number in range(4) if number != wrong]


def test_one_after_another_keeps_all_at_work_while_the_caller_makes_something_of_an_answer() -> None:
    pod = MemoryPod().pod_for(None)
    done: list[int] = []

    def task(number: int) -> Callable[[], int]:
        def run() -> int:
            time.sleep(0.02 if number == 0 else 0.001)  # the first is the last to answer
            done.append(number)
            return number

        return run

    assert list(pod.one_after_another([])) == []
    found = pod.one_after_another([task(number) for number in range(3 * CONCURRENCY)])
    assert next(found) == 0
    time.sleep(0.3)
    assert sorted(done) == list(range(3 * CONCURRENCY))
    assert list(found) == list(range(1, 3 * CONCURRENCY))


def test_one_after_another_stops_at_a_failure_and_where_the_caller_does() -> None:
    pod = MemoryPod().pod_for(None)
    begun: list[int] = []

    def task(number: int) -> Callable[[], int]:
        def run() -> int:
            begun.append(number)
            time.sleep(0.02)
            if number == 1:
                raise LookupError
            return number

        return run

    many = [task(number) for number in range(20 * CONCURRENCY)]
    found = pod.one_after_another(many)
    assert next(found) == 0
    with pytest.raises(LookupError):
        next(found)
    assert len(begun) < len(many)
    begun.clear()
    found = pod.one_after_another(many[2:])
    assert next(found) == 2
    found.close()
    assert len(begun) < len(many) / 2
