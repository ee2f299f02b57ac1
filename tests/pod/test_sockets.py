"""Threads that wait for the loop, and what becomes of them at the end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from musette_solid.pod.http import Outgoing
from musette_solid.pod.sockets import Sockets


def aside(sockets: Sockets, task: Callable[[], object]) -> object:
    """On a loop of its own thread: the one of a browser that another test opened may run in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(sockets.aside(task))).result()


def test_what_is_asked_for_after_the_end_is_given_up_and_no_fault() -> None:
    sockets = Sockets(Outgoing(), opened_within_s=1, ping_s=1)
    sockets.close()
    done = []
    with pytest.raises(asyncio.CancelledError):
        aside(sockets, lambda: done.append("aside"))
    sockets.quietly(lambda: done.append("quietly"))
    assert done == []


def test_a_courtesy_that_fails_is_nobodys_fault() -> None:
    sockets = Sockets(Outgoing(), opened_within_s=1, ping_s=1)
    sockets.quietly(lambda: Outgoing().connect("ws://127.0.0.1:1/"))
    assert aside(sockets, lambda: "done") == "done"
    sockets.close()
