"""Deadlines as a calendar: a file, or an address that a calendar subscribes to and that the person takes back."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import MusetteError
from musette_solid.exchange import deadlines as calendars
from musette_solid.usecases import publish_calendar as publishing
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_deadlines import NAME, list_deadlines
from musette_solid.usecases.publish_calendar import AlreadyPublished
from musette_solid.usecases.share import PreviewOutdated
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.rights.blueprint import bp, words


@bp.get("/calendar")
@with_bag
def calendar(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: MusetteError | None = None) -> ResponseReturnValue:
    rights = explain_rights(bag, clock.today())
    named = request.values.get("named") == "yes"
    found = publishing.standing(bag)
    what, do = i18n.sentences(error) if error else ("", "")
    page = render_template(
        "pages/rights_calendar.html",
        days=list_deadlines(bag, rights, i18n.language()),
        as_of=clock.today(),
        feed=found if found and found.state != "withdrawn" else None,
        withdrawn=found if found and found.state == "withdrawn" else None,
        shown=publishing.preview(bag, rights, i18n.language(), named=named),
        named=named,
        error=what,
        what_to_do=do,
    )
    return page, 409 if error else 200


@bp.post("/calendar/publish")
@with_bag
def publish_calendar(bag: Bag) -> ResponseReturnValue:
    named = request.form.get("named") == "yes"
    try:
        publishing.publish(bag, i18n.language(), clock.now(), named=named, digest=request.form.get("digest", ""))
    except (PreviewOutdated, AlreadyPublished) as error:
        return _page(bag, error)
    notices.say("calendar-published")
    return redirect(url_for(".calendar"), 303)


@bp.post("/calendar/withdraw")
@with_bag
def withdraw_calendar(bag: Bag) -> ResponseReturnValue:
    """One gesture: closing never takes more clicks than opening."""
    publishing.withdraw(bag, clock.now())
    notices.say("calendar-withdrawn")
    return redirect(url_for(".calendar"), 303)


@bp.get("/deadlines.ics")
@with_bag
def feed(bag: Bag) -> ResponseReturnValue:
    days = list_deadlines(bag, explain_rights(bag, clock.today()), i18n.language())
    response = Response(calendars.calendar(days, words(NAME), clock.now()), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="musette-rights.ics"'
    return response
