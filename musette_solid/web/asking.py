"""An address of somebody else's is asked behind a page: it holds nobody up, one may leave it or wait no longer.

What holds for every family that asks elsewhere: one such asking a person and a family, and nothing is written once nobody
waits for the answer.
"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from musette_solid.exchange.apart import Stopped
from musette_solid.usecases.layout import Bag
from musette_solid.web.access import with_bag
from musette_solid.web.under_way import AlreadyAtWork, NotKnownHere, Work, how_far, wants_data, works

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


@dataclass(frozen=True)
class Asking:
    """`called`: whose asking it is, beside whatever else the person has under way. `page`: the template shown meanwhile.

    `result`: the page that tells what came, or why nothing did; `taken`: it is shown once, and not made again.
    """

    bp: Blueprint
    called: str
    path: str
    page: str
    index: str
    result: Callable[[Bag, Work], ResponseReturnValue]
    taken: bool = False

    def owner(self, bag: Bag) -> str:
        return f"{bag.owner} {self.called}"

    def going_on(self, bag: Bag) -> str:
        """The address of the page that waits; empty when nothing is under way here."""
        work = works().of(self.owner(bag))
        return self._address(work.name) if work else ""

    def begin(self, bag: Bag, title: str, run: Callable[[Work], Any]) -> ResponseReturnValue:
        """What came, if it came soon; else the page that waits for it. Begun twice, it is the same one."""
        try:
            work = works().begin(self.owner(bag), "ask", title, run)
        except AlreadyAtWork:
            return redirect(self.going_on(bag) or url_for(self.index), 303)
        return self.result(bag, work) if work.ended.is_set() else redirect(self._address(work.name), 303)

    def _address(self, name: str) -> str:
        return url_for(f"{self.bp.name}.under_way", name=name)


def install(asking: Asking) -> None:
    """The routes `under_way` and `stop` on the blueprint of the family."""
    bp = asking.bp

    @bp.get(f"{asking.path}/under-way/<name>")
    @with_bag
    def under_way(bag: Bag, name: str) -> ResponseReturnValue:
        """How far it is; once it is over, what came."""
        try:
            work = works().find(name, asking.owner(bag))
        except NotKnownHere:  # of another day, or told already
            return {"ended": True} if wants_data() else redirect(url_for(asking.index), 303)
        if wants_data():
            return how_far(work)
        if work is not None and work.ended.is_set():
            if asking.taken:
                works().latest(asking.owner(bag))
            return asking.result(bag, work)
        page = render_template(asking.page, work=work, address=url_for(".under_way", name=name))
        return Response(page, headers={"Cache-Control": "no-store"})

    @bp.post(f"{asking.path}/under-way/<name>/stop")
    @with_bag
    def stop(bag: Bag, name: str) -> ResponseReturnValue:
        works().stop(asking.owner(bag))
        return redirect(url_for(".under_way", name=name), 303)
