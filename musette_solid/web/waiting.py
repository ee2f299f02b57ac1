"""The page that waits for work under way: how far it is, how to stop it, and what came of it once it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from musette_solid.usecases.layout import Bag
from musette_solid.web.access import with_bag
from musette_solid.web.under_way import NotKnownHere, Work, how_far, wants_data, works

#: What stands in the path beside the name of the work, by name.
Places: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Waiting:
    """The works of one family.

    `owner`: whose they are, beside whatever else the person has under way. `page`: the template shown meanwhile. `result`:
    the page that tells what came, or why nothing did. `unknown`: what to show of a work of another day, or told already.
    `taken`: what came is shown once, and not made again.
    """

    bp: Blueprint
    path: str
    page: str
    owner: Callable[[Bag], str]
    result: Callable[[Bag, Work], ResponseReturnValue]
    unknown: Callable[[Bag, NotKnownHere, Places], ResponseReturnValue]
    taken: bool = False

    def address(self, name: str, **places: Any) -> str:
        return url_for(f"{self.bp.name}.under_way", name=name, **places)

    def going_on(self, bag: Bag, **places: Any) -> str:
        """The address of the page that waits; empty when nothing is under way here."""
        work = works().of(self.owner(bag))
        return self.address(work.name, **places) if work else ""

    def follow(self, bag: Bag, work: Work, **places: Any) -> ResponseReturnValue:
        """What came of a work that was just begun, if it came soon; else the page that waits for it."""
        return self.result(bag, work) if work.ended.is_set() else redirect(self.address(work.name, **places), 303)


_NOT_KEPT: Final = {"Cache-Control": "no-store"}


def install(waiting: Waiting) -> None:
    """The routes `under_way` and `stop` on the blueprint of the family."""
    bp = waiting.bp

    @bp.get(f"{waiting.path}/under-way/<name>")
    @with_bag
    def under_way(bag: Bag, /, name: str, **places: Any) -> ResponseReturnValue:
        """How far it is; once it is over, what came. One may leave: it goes on."""
        try:
            work = works().find(name, waiting.owner(bag))
        except NotKnownHere as error:
            return {"ended": True} if wants_data() else waiting.unknown(bag, error, places)
        if wants_data():
            return how_far(work)
        if work is not None and work.ended.is_set():
            if waiting.taken:
                works().latest(waiting.owner(bag))
            return waiting.result(bag, work)
        page = render_template(waiting.page, name=name, work=work, address=waiting.address(name, **places), **places)
        return Response(page, headers=_NOT_KEPT)

    @bp.post(f"{waiting.path}/under-way/<name>/stop")
    @with_bag
    def stop(bag: Bag, /, name: str, **places: Any) -> ResponseReturnValue:
        works().stop(waiting.owner(bag))
        return redirect(waiting.address(name, **places), 303)
