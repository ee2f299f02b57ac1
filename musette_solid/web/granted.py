"""The other side: what somebody opened to me, reading it, taking it into one's own tools."""

import json
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from musette_solid.exchange import tables
from musette_solid.model import versions
from musette_solid.model.dossier import NotADossier
from musette_solid.pod.errors import AccessRefused
from musette_solid.rdf import syntax
from musette_solid.usecases.acknowledge import say_deleted
from musette_solid.usecases.ask import ask_again
from musette_solid.usecases.comment import read_beside
from musette_solid.usecases.granted import Announced, Opened, announced, read_dossier, receipt_for
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import NoInbox, Overfull
from musette_solid.web import clock, errors, forms, i18n, notices, patience
from musette_solid.web.access import Visitor, signed_in, with_bag
from musette_solid.web.i18n import gettext

#: Before its end, the person can be asked to prolong a dossier.
_SOON = timedelta(days=30)

bp = Blueprint("granted", __name__, url_prefix="/granted")


@bp.get("/")
@signed_in
def index(visitor: Visitor) -> ResponseReturnValue:
    read, meanwhile = patience.letters_of(visitor.pod, url_for(".index"))
    if meanwhile is not None:
        return meanwhile
    found, what, do, overfull = Announced((), ()), "", "", False
    try:
        found = announced(visitor.pod, clock.today(), read)
    except (NoInbox, Overfull) as error:
        what, do = i18n.sentences(error)
        overfull = isinstance(error, Overfull)
    except AccessRefused:
        pass
    soon = (clock.today() + _SOON).isoformat()
    return render_template(
        "pages/granted.html",
        found=found,
        no_letterbox=what,
        what_to_do=do,
        overfull=overfull,
        ending={one.about for one in found.open if one.until and one.until[:10] <= soon},
    )


@bp.post("/deleted")
@signed_in
def deleted(visitor: Visitor) -> ResponseReturnValue:
    """The word of who read a dossier that has ended: nothing of it is left with them."""
    told = say_deleted(visitor.pod, request.form.get("url", ""), clock.now())
    notices.say("copies-deleted-said" if told else "copies-deleted-untold")
    return redirect(url_for(".index"), 303)


@bp.post("/renew")
@with_bag
def renew(bag: Bag) -> ResponseReturnValue:
    """Ask the person to prolong a dossier before it ends."""
    receipt = receipt_for(bag.pod, request.form.get("url", ""), clock.now())
    made, told = ask_again(bag, receipt, clock.now())
    notices.say("renewal-asked" if told else "renewal-untold")
    return redirect(url_for("requests.mine", request_id=made.request_id), 303)


@bp.get("/dossier")
@signed_in
def dossier(visitor: Visitor) -> ResponseReturnValue:
    url = _document(request.args.get("url", "").strip())
    try:
        opened = read_dossier(visitor.pod, url, clock.now())
    except AccessRefused as error:
        what, _ = i18n.sentences(error)
        do = gettext("The share was closed or has ended, or it is for somebody else. Ask the person it belongs to.")
        return errors.page(403, what, do, url=error.url, answer=error.status), 403
    except NotADossier as error:
        what, do = i18n.sentences(error)
        return render_template("pages/granted_open.html", url=url, error=what, what_to_do=do), 404
    return dossier_page(visitor, opened)


def dossier_page(visitor: Visitor, opened: Opened, problem: str = "", typed: str = "", unread: str = "") -> str:
    url, dossier = opened.url, opened.dossier
    return render_template(
        "pages/granted_dossier.html",
        opened=opened,
        said=read_beside(visitor.pod, opened),
        things={one.iri: one.title for one in dossier.activities} | {one.iri: one.label for one in dossier.skills},
        me=visitor.pod.webid,
        problem=problem,
        typed=typed,
        unread=unread,
        exports=[
            ("JSON-LD", url_for("granted.export", kind="jsonld", url=url)),
            ("CSV", url_for("granted.export", kind="csv", url=url)),
            ("Turtle", url_for("granted.export", kind="ttl", url=url)),
        ],
    )


def _document(address: str) -> str:
    """The address of the dossier; from a link to this page, here or on another site like ours, the one inside it."""
    return forms.address_inside(address, url_for(".dossier"))


@bp.get("/dossier.<any(jsonld, csv, ttl):kind>")
@signed_in
def export(visitor: Visitor, kind: str) -> ResponseReturnValue:
    opened = read_dossier(visitor.pod, request.args.get("url", ""), clock.now())
    match kind:
        case "jsonld":
            text = json.dumps(syntax.json_ld(opened.graph), ensure_ascii=False, indent=2).encode()
            media_type = syntax.JSON_LD
        case "csv":
            text, media_type = tables.dossier(opened.dossier, i18n.language()), "text/csv; charset=utf-8"
        case _:
            text, media_type = opened.turtle, syntax.TURTLE
    name = secure_filename(opened.dossier.title or "") or "dossier"
    response = Response(text, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@bp.post("/compare")
@signed_in
def compare(visitor: Visitor) -> ResponseReturnValue:
    """What changed in a dossier since it was exported: this site kept nothing of it, so the reader brings what they kept."""
    url, chosen = request.form.get("url", ""), request.files.get("file")
    opened = read_dossier(visitor.pod, url, clock.now())
    name, kept = (chosen.filename or "", chosen.read()) if chosen else ("", b"")
    media_type = syntax.TURTLE if name.lower().endswith(".ttl") else syntax.JSON_LD
    try:
        things = versions.compare(syntax.parse(kept, media_type, opened.url), opened.graph)
    except (syntax.NotRdf, NotADossier):
        said = gettext("This file is no dossier that was saved here: choose the JSON-LD or Turtle file of it.")
        return dossier_page(visitor, opened, unread=said), 422
    return render_template("pages/granted_compare.html", opened=opened, things=things)
