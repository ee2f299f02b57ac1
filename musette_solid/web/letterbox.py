"""One's letterbox: another one beside it when somebody flooded it, and the old one emptied while nobody waits."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import MusetteError
from musette_solid.exchange.apart import Stopped
from musette_solid.usecases.empty_letterbox import Emptied, empty
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.renew_letterbox import letterboxes, renew
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.under_way import AlreadyAtWork, Work, works
from musette_solid.web.waiting import Waiting, install

bp = Blueprint("letterbox", __name__, url_prefix="/letterbox")


def _owner(bag: Bag) -> str:
    """Beside whatever else this person has under way."""
    return f"letterbox {bag.owner}"


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: MusetteError | None = None) -> str:
    what, do = i18n.sentences(error) if error else ("", "")
    going = works().latest(_owner(bag), take=False)
    return render_template(
        "pages/letterbox.html",
        boxes=letterboxes(bag),
        number=bag.layout.letterbox_number,
        going=going if going and not going.ended.is_set() else None,
        error=what,
        what_to_do=do,
    )


@bp.post("/renew")
@with_bag
def another(bag: Bag) -> ResponseReturnValue:
    seen = request.form.get("seen")  # the form sent again opens no third one
    return _begin(bag, "renew", lambda _work: renew(bag, seen))


@bp.post("/empty")
@with_bag
def empty_one(bag: Bag) -> ResponseReturnValue:
    place = bag.layout.letterbox(int(number) if (number := request.form.get("number", "")).isdecimal() else 0)
    now = clock.now()
    return _begin(bag, "empty", lambda work: empty(bag, place, now, work.told))


def _begin(bag: Bag, title: str, run: Callable[[Work], Any]) -> ResponseReturnValue:
    try:
        work = works().begin(_owner(bag), "letters", title, run)
    except AlreadyAtWork:
        return redirect(url_for(".index"), 303)
    return waiting.follow(bag, work)


def _result(bag: Bag, work: Work) -> ResponseReturnValue:
    if isinstance(work.error, Stopped):
        notices.say("letterbox-stopped")
    elif isinstance(work.error, MusetteError):
        return _page(bag, work.error), 502
    elif work.error is not None:
        raise work.error
    elif isinstance(work.result, Emptied):
        moved, deleted = work.result.moved, work.result.deleted
        notices.say(
            "letterbox-emptied",
            moved=i18n.ngettext("one letter", "%(num)d letters", moved),
            deleted=i18n.ngettext("one letter", "%(num)d letters", deleted),
        )
    else:
        notices.say("letterbox-renewed")
    return redirect(url_for(".index"), 303)


waiting = Waiting(
    bp,
    "",
    "pages/letterbox_under_way.html",
    owner=_owner,
    result=_result,
    unknown=lambda _bag, _error, _places: redirect(url_for(".index"), 303),
    taken=True,
)
install(waiting)
