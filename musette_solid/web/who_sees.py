"""Who can see what: read from the rules of the person's space each time the page is opened, closed from the same page."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from musette_solid.pod.wac import AUTHENTICATED, PUBLIC, Mode
from musette_solid.usecases import acknowledge
from musette_solid.usecases.acknowledge import tell_later
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.who_sees import make_private_again, revoke_all, who_sees
from musette_solid.web import clock, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext

#: What recipients say of dossiers that are over is looked for this often, while nobody waits for it.
_WORDS_S = 60

bp = Blueprint("who_sees", __name__, url_prefix="/shares/who")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    everywhere = "everywhere" in request.args
    LATER.run(f"words {bag.owner}", partial(acknowledge.look, bag, clock.now()), not_within_s=_WORDS_S)
    picture = who_sees(bag, clock.today(), everywhere=everywhere)
    return render_template(
        "pages/who.html",
        picture=picture,
        everywhere=everywhere,
        agent_name=_agent,
        agent_names=lambda iris: Markup(", ").join(map(_agent, iris)),
        may=_may,
        place_name=lambda iri: _place(bag, iri),
        untouchable=lambda place: place == bag.layout.requests or bag.layout.letterbox_number(place),
    )


def _agent(iri: str) -> Markup:
    """Who somebody is, in words. Kinds of people go by what they are."""
    kinds = {
        PUBLIC: gettext("everybody, without even signing in"),
        AUTHENTICATED: gettext("everybody who has an account somewhere"),
    }
    return escape(kinds[iri]) if iri in kinds else Markup("<code>{}</code>").format(iri)


def _may(modes: frozenset[Mode]) -> str:
    words = {
        Mode.READ: gettext("read"),
        Mode.APPEND: gettext("add"),
        Mode.WRITE: gettext("change and delete"),
        Mode.CONTROL: gettext("decide who else may"),
    }
    # Who may change something may add to it: said once.
    shown = modes - {Mode.APPEND} if Mode.WRITE in modes else modes
    return ", ".join(words[mode] for mode in Mode if mode in shown)


def _place(bag: Bag, iri: str) -> str:
    """A place by the name that the person knows, else by its path in the bag."""
    layout = bag.layout
    known = {
        layout.root: gettext("your whole bag"),
        layout.activities: gettext("your activities"),
        layout.skills: gettext("your skills"),
        layout.times: gettext("your time"),
        layout.rights: gettext("your rights"),
        layout.shares: gettext("all your dossiers"),
        layout.grants: gettext("the list of your shares"),
    }
    if layout.letterbox_number(iri):
        return gettext("your letterbox")
    return known.get(iri) or iri.removeprefix(layout.root)


@bp.post("/close-all")
@with_bag
def close_all(bag: Bag) -> ResponseReturnValue:
    """One gesture closes everything of one recipient."""
    closed = revoke_all(bag, request.form.get("recipient", ""), clock.now())
    tell_later(bag, closed, clock.now())
    left = sum(not one.verified for one in closed)
    notices.say("all-revoked" if not left else "not-all-revoked", shares=str(left or len(closed)))
    return redirect(url_for(".index"), 303)


@bp.post("/private")
@with_bag
def private(bag: Bag) -> ResponseReturnValue:
    make_private_again(bag, request.form.get("place", ""))
    notices.say("made-private")
    return redirect(url_for(".index"), 303)
