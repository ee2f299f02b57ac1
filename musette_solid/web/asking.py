"""An address of somebody else's is asked behind a page: it holds nobody up, one may leave it or wait no longer.

What holds for every family that asks elsewhere: one such asking a person and a family, and nothing is written once nobody
waits for the answer.
"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any, Final, TypeVar

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from musette_solid.exchange.apart import Stopped
from musette_solid.usecases.layout import Bag
from musette_solid.web.under_way import AlreadyAtWork, Work, works
from musette_solid.web.waiting import Waiting, install

T = TypeVar("T")

#: So often it is looked whether anybody still waits.
_LOOK_EVERY_S: Final = 0.3


def while_waited_for(work: Work, ask: Callable[[], T]) -> T:
    """What asking gives, in a thread of its own. Raises what it raises; Stopped as soon as the person waits no longer.

    Whoever is asked is then left to their own end, which the guard sets, and what they say is forgotten.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
            answer.set_exception(error)

    Thread(target=run, name="asking", daemon=True).start()
    while not wait([answer], _LOOK_EVERY_S).done:
        if work.stopping.is_set():
            raise Stopped
    return answer.result()


class Asking:
    """One family that asks elsewhere. `called`: whose asking it is, beside whatever else the person has under way.

    `page`, `result` and `taken` are those of Waiting; `index`: where to go when there is nothing to tell.
    """

    def __init__(
        self,
        bp: Blueprint,
        called: str,
        path: str,
        page: str,
        index: str,
        result: Callable[[Bag, Work], ResponseReturnValue],
        *,
        taken: bool = False,
    ) -> None:
        self._index = index
        self.waiting = Waiting(
            bp,
            path,
            page,
            owner=lambda bag: f"{bag.owner} {called}",
            result=result,
            unknown=lambda _bag, _error, _places: redirect(url_for(index), 303),
            taken=taken,
        )
        install(self.waiting)

    def begin(self, bag: Bag, title: str, run: Callable[[Work], Any]) -> ResponseReturnValue:
        """What came, if it came soon; else the page that waits for it. Begun twice, it is the same one."""
        try:
            work = works().begin(self.waiting.owner(bag), "ask", title, run)
        except AlreadyAtWork:
            return redirect(self.waiting.going_on(bag) or url_for(self._index), 303)
        return self.waiting.follow(bag, work)
