"""Letters to platforms: the text, ready to print; when it was sent; the clock; the replies."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.rights.letters import letter
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.ask_platform import log_reply, log_request, requests
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import clock, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext
from musette_solid.web.rights.blueprint import keep_calendar

bp = Blueprint("letters", __name__, url_prefix="/rights/letters")

_LONGEST = 200


def _text(name: str, longest: int = _LONGEST) -> str:
    said = " ".join(request.values.get(name, "").split())
    return "".join(sign for sign in said if sign.isprintable())[:longest]


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: str = "") -> str:
    activities = list_activities(bag).activities
    platforms = dict.fromkeys(
        (a.organization.name if a.organization else a.title)
        for a in activities
        if a.sphere == terms.SPHERE_PLATFORM_WORK
    )
    return render_template(
        "pages/letters.html",
        found=requests(bag),
        platforms=[name for name in platforms if name],
        platform=_text("platform"),
        account=_text("account"),
        today=clock.today(),
        error=error,
        local=local,
    )


@bp.get("/letter")
@with_bag
def show(bag: Bag) -> ResponseReturnValue:
    """The letter itself. What was typed is in the address and on the paper, nowhere else."""
    platform = _text("platform")
    if not platform:
        return _page(bag, gettext("Write which platform the letter is for.")), 422
    made = letter(platform, _text("account"), clock.today())
    return render_template("pages/letter.html", letter=made, platform=platform)


@bp.post("/")
@with_bag
def sent(bag: Bag) -> ResponseReturnValue:
    platform = _text("platform")
    if not platform:
        return _page(bag, gettext("Write which platform the letter is for.")), 422
    log_request(bag, platform, clock.today())
    keep_calendar(bag)
    notices.say("letter-logged")
    return redirect(url_for(".index"), 303)


@bp.post("/<name>/reply")
@with_bag
def reply(bag: Bag, name: str) -> ResponseReturnValue:
    text = _text("text", 1000)
    if not text:
        return _page(bag, gettext("Write what was answered.")), 422
    log_reply(bag, f"{bag.layout.rights}#{name}", text, clock.today())
    keep_calendar(bag)
    notices.say("reply-logged")
    return redirect(url_for(".index"), 303)
