"""Comments beside a dossier: left by whoever was invited, kept, answered or discarded by the person."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.exchange.apart import Stopped
from musette_solid.model.comment import NoComment, NotInvited
from musette_solid.usecases import comment as commenting
from musette_solid.usecases.clear_share import finish
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.renew import line_of
from musette_solid.usecases.revoke import list_shares
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import Visitor, signed_in, with_bag
from musette_solid.web.granted import dossier_page
from musette_solid.web.under_way import AlreadyAtWork, Work, works
from musette_solid.web.waiting import Waiting, install

bp = Blueprint("comments", __name__)


@bp.get("/comments/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    """What was kept, from every dossier."""
    names = {line.grant.recipient: line.grant.recipient_name for line in list_shares(bag, clock.today()).lines}
    return render_template("pages/comments.html", comments=commenting.kept(bag), owner=bag.owner, names=names)


@bp.post("/comments/forget")
@with_bag
def forget(bag: Bag) -> ResponseReturnValue:
    commenting.forget(bag, request.form.get("comment", ""))
    return redirect(url_for(".index"), 303)


@bp.post("/shares/<share_id>/comments/keep")
@with_bag
def keep(bag: Bag, share_id: str) -> ResponseReturnValue:
    recipient = line_of(bag, share_id, clock.today()).grant.recipient
    commenting.keep(bag, share_id, request.form.get("comment", ""), recipient)
    notices.say("comment-kept")
    return redirect(url_for("shares.show", share_id=share_id, _anchor="comments"), 303)


@bp.post("/shares/<share_id>/comments/answer")
@with_bag
def answer(bag: Bag, share_id: str) -> ResponseReturnValue:
    commenting.answer(bag, share_id, request.form.get("comment", ""), request.form.get("text", ""), clock.now())
    notices.say("comment-answered")
    return redirect(url_for("shares.show", share_id=share_id, _anchor="comments"), 303)


@bp.post("/shares/<share_id>/comments/discard")
@with_bag
def discard(bag: Bag, share_id: str) -> ResponseReturnValue:
    commenting.discard(bag, share_id, request.form.get("comment", ""))
    notices.say("comment-discarded")
    return redirect(url_for("shares.show", share_id=share_id, _anchor="comments"), 303)


@bp.post("/granted/comment")
@signed_in
def leave(visitor: Visitor) -> ResponseReturnValue:
    url = request.form.get("url", "")
    opened = read_dossier(visitor.pod, url, clock.now())
    try:
        commenting.comment(
            visitor.pod, opened, request.form.get("text", ""), clock.now(), request.form.get("about") or None
        )
    except (NoComment, NotInvited) as error:
        return dossier_page(visitor, opened, " ".join(i18n.sentences(error)), request.form.get("text", "")), 422
    notices.say("comment-left")
    return redirect(url_for("granted.dossier", url=url, _anchor="comments"), 303)


# What is left of a dossier that is closed, where there is too much of it to be deleted at once.


@bp.post("/shares/<share_id>/comments/clear")
@with_bag
def clear(bag: Bag, share_id: str) -> ResponseReturnValue:
    return clear_away(bag, share_id)


def clear_away(bag: Bag, share_id: str) -> ResponseReturnValue:
    """Begin, or say that it goes on already."""
    try:
        work = works().begin(_whose(bag), "letters", share_id, lambda work: finish(bag, share_id, work.told))
    except AlreadyAtWork:
        return redirect(url_for("shares.show", share_id=share_id), 303)
    return waiting.follow(bag, work, share_id=share_id)


def under_way_at(bag: Bag, share_id: str) -> str:
    """Where one sees how far it is, when it goes on here; empty otherwise."""
    work = works().of(_whose(bag))
    return waiting.going_on(bag, share_id=share_id) if work and work.title == share_id else ""


def _whose(bag: Bag) -> str:
    """Beside whatever else this person has under way."""
    return f"comments {bag.owner}"


def _cleared(_bag: Bag, work: Work) -> ResponseReturnValue:
    if work.error is not None and not isinstance(work.error, Stopped):
        raise work.error
    notices.say("comments-cleared" if work.error is None else "comments-left")
    return redirect(url_for("shares.show", share_id=work.title), 303)


waiting = Waiting(
    bp,
    "/shares/<share_id>/comments",
    "pages/share_under_way.html",
    owner=_whose,
    result=_cleared,
    unknown=lambda _bag, _error, places: redirect(url_for("shares.show", **places), 303),
    taken=True,
)
install(waiting)
