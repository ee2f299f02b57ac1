"""Take things out: each format with what it cannot say, a CV, everything in one archive; and leave."""

import json
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from itertools import chain

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import cv as cvs
from musette_solid.exchange.losses import Loss
from musette_solid.model import sensitivity
from musette_solid.model.identity import FacetsMixed
from musette_solid.rdf import names, syntax
from musette_solid.usecases import archive as archives
from musette_solid.usecases import export_all, write_cv
from musette_solid.usecases import leave as leaving
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, i18n, notices, session
from musette_solid.web.access import with_bag
from musette_solid.web.sealed import StoreUnreachable

bp = Blueprint("taking", __name__)

_Made = tuple[bytes, tuple[Loss, ...]]


class NotConfirmed(MusetteError):
    what = N_("Nothing was deleted: the box was not ticked.")
    do = N_("Tick it if you really want to delete everything.")


def _json_resume(bag: Bag) -> _Made:
    document, losses = export_all.export_json_resume(bag, i18n.language())
    return json.dumps(document, ensure_ascii=False, indent=2).encode(), losses


def _json_ld(bag: Bag) -> _Made:
    document, losses = export_all.export_json_ld(bag)
    return json.dumps(document, ensure_ascii=False, indent=2).encode(), losses


#: Key: what it is called, the file's name, its media type, how it is made.
KINDS: dict[str, tuple[str, str, str, Callable[[Bag], _Made]]] = {
    "jsonresume": ("JSON Resume", "resume.json", "application/json", _json_resume),
    "europass": (
        "Europass",
        "europass.xml",
        "application/xml",
        lambda bag: export_all.export_europass(bag, clock.now(), i18n.language()),
    ),
    "icalendar": (
        "iCalendar",
        "musette.ics",
        "text/calendar",
        lambda bag: export_all.export_icalendar(bag, clock.now(), i18n.gettext("End: {title}"), i18n.language()),
    ),
    "csv": ("CSV", "musette.csv", "text/csv", lambda bag: export_all.export_csv(bag, i18n.language())),
    "jsonld": ("JSON-LD", "musette.jsonld", syntax.JSON_LD, _json_ld),
    "ttl": ("Turtle", "musette.ttl", syntax.TURTLE, export_all.export_turtle),
}


@bp.get("/your-data/take/<any(jsonresume, europass, icalendar, csv, jsonld, ttl):kind>")
@with_bag
def kind(bag: Bag, kind: str) -> ResponseReturnValue:
    """What this format cannot say, before anything is taken."""
    name, _, _, make = KINDS[kind]
    data, losses = make(bag)
    return render_template("pages/take.html", kind=kind, name=name, losses=losses, size=len(data))


@bp.get("/your-data/take/<any(jsonresume, europass, icalendar, csv, jsonld, ttl):kind>/file")
@with_bag
def file(bag: Bag, kind: str) -> ResponseReturnValue:
    _, name, media_type, make = KINDS[kind]
    return _attached(make(bag)[0], f"{media_type}; charset=utf-8", name)


@bp.get("/your-data/musette.zip")
@with_bag
def archive(bag: Bag) -> ResponseReturnValue:
    """As it is read from the space: however large, no more than a piece of it is held."""
    pieces = archives.Making(bag, clock.now(), i18n.language()).pieces()
    first = next(pieces)  # what cannot be begun is said on a page
    return _attached(chain([first], pieces), "application/zip", f"musette-{clock.today():%Y-%m-%d}.zip")


@bp.get("/your-data/leave")
@with_bag
def going(bag: Bag) -> ResponseReturnValue:
    return render_template("pages/leave.html", goes=leaving.what_goes(bag), error="", what_to_do="")


@bp.post("/your-data/leave")
@with_bag
def delete(bag: Bag) -> ResponseReturnValue:
    if request.form.get("sure") != "yes":
        what, do = i18n.sentences(NotConfirmed())
        page = render_template("pages/leave.html", goes=leaving.what_goes(bag), error=what, what_to_do=do)
        return page, 422
    leaving.leave(bag)
    notices.say("left")
    response = redirect(url_for("home.home"), 303)
    found = session.current()
    if found is not None:
        with suppress(StoreUnreachable):  # they find nothing any more, wherever they are
            session.sessions().register.end(found.webid, lambda _entry: True)
        session.sessions().end(found)
        session.sessions().drop_cookie(response, session.sessions().cookie_name)
    return response


@bp.get("/cv")
@with_bag
def cv(bag: Bag) -> ResponseReturnValue:
    """`like`: a version that was kept: the same choice, to begin with."""
    return _cv_page(bag)


def _cv_page(bag: Bag, chosen: Collection[str] | None = None, error: MusetteError | None = None) -> str:
    """`chosen`: what was ticked in the form that is shown again, with the words in it, because of `error`."""
    found = write_cv.material(bag)
    versions = write_cv.versions(bag)
    like = next((one for one in versions if names.local(one.iri) == request.args.get("like")), None)
    what, do = i18n.sentences(error) if error else ("", "")
    titles = {one.iri: one.title for one in found.activities} | {one.iri: one.label for one in found.skills}
    return render_template(
        "pages/cv.html",
        found=found,
        versions=[(one, [titles[source] for source in one.sources if source in titles]) for one in versions],
        layouts=_layouts(),
        picked=chosen if chosen is not None else like.sources if like else None,
        said=request.form if error else {"headline": like.title} if like else {},
        error=what,
        what_to_do=do,
        reasons=sensitivity.sensitive(found.activities, found.skills),
    )


@bp.post("/cv")
@with_bag
def make_cv(bag: Bag) -> ResponseReturnValue:
    """The file; kept with whom it is for, when that was asked."""
    chosen = {
        *(f"{bag.layout.activities}#{name}" for name in request.form.getlist("activity")),
        *(f"{bag.layout.skills}#{name}" for name in request.form.getlist("skill")),
    }
    try:
        made = write_cv.write_cv(
            bag,
            clock.now(),
            headline=request.form.get("headline", "").strip()[:200],
            about=request.form.get("about", "").strip()[:2000],
            contact=request.form.get("contact", "").splitlines()[:6],
            language=request.form.get("language", "fr"),
            layout=request.form.get("layout", "sober"),
            chosen=frozenset(chosen),
            together=bool(request.form.get("together")),
        )
    except FacetsMixed as error:
        return _cv_page(bag, chosen, error), 422
    recipient = request.form.get("recipient", "")
    as_html = request.form.get("as") == "html"
    data = cvs.html(made) if as_html else cvs.pdf(made)
    if recipient.strip():
        write_cv.keep(bag, made, cvs.pdf(made) if as_html else data, recipient, clock.now())
    return _attached(
        data, "application/octet-stream" if as_html else "application/pdf", f"cv.{'html' if as_html else 'pdf'}"
    )


@bp.get("/cv/<name>.pdf")
@with_bag
def version(bag: Bag, name: str) -> ResponseReturnValue:
    return _attached(write_cv.version_file(bag, f"{name}.pdf"), "application/pdf", f"{name}.pdf")


def _layouts() -> list[tuple[str, str]]:
    gettext = i18n.gettext
    return [
        ("sober", gettext("Sober: one column")),
        ("columns", gettext("Two columns: skills beside")),
        ("passport", gettext("Skills passport: where each was used, what shows it")),
    ]


def _attached(data: bytes | Iterable[bytes], media_type: str, name: str) -> Response:
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
