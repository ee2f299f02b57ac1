"""The watch: addresses to look at, what was found there, why each may concern one, and what one chose."""

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import deadlines as calendars
from musette_solid.model.opportunity import Watched, by_reasons
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import list_shares
from musette_solid.usecases.watch import (
    Looked,
    choose,
    correct_watch,
    deadlines,
    look,
    read_lookout,
    remove_watch,
    watch_address,
)
from musette_solid.web import clock, family, i18n
from musette_solid.web.access import with_bag
from musette_solid.web.asking import Asking
from musette_solid.web.family import Family, Words
from musette_solid.web.i18n import gettext
from musette_solid.web.under_way import Work

bp = Blueprint("watch", __name__, url_prefix="/watch")

#: So many on one page.
PAGE = 30


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.watch}#{name}"


pages = Family(
    bp=bp,
    shapes=(terms.WatchShape,),
    words=Words(
        add=N_("Watch an address"),
        correct=N_("Correct an address"),
        remove=N_("Stop watching this address?"),
        lead=N_(
            "A feed (RSS, Atom), a page whose offers describe themselves (JobPosting), volunteering data, a document. It is asked only when you say so."
        ),
        gone=N_("The address is not watched any more"),
    ),
    iri=iri_of,
    name=names.local,
    add=watch_address,
    correct=correct_watch,
    remove=remove_watch,
    first=("title", "url"),
    title="title",
    show="",
)
family.install(pages)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, new: int | None = None, problems: tuple[tuple[str, str, str], ...] = ()) -> str:
    found = read_lookout(bag)
    today = clock.today()
    wanted = request.args.get("show", "")
    choices = {"kept": terms.CHOICE_KEPT, "dismissed": terms.CHOICE_DISMISSED, "applied": terms.CHOICE_APPLIED}
    choice = choices.get(wanted)
    shown = [one for one in found.opportunities if one.choice == choice and (choice or not one.is_over(today))]
    ordered = by_reasons((one, found.match(one)) for one in shown)
    counts = {name: sum(1 for o in found.opportunities if o.choice == iri) for name, iri in choices.items()}
    return render_template(
        "pages/watch.html",
        watches=found.watches,
        shown=ordered[:PAGE],
        more=max(0, len(ordered) - PAGE),
        counts=counts | {"": sum(1 for o in found.opportunities if o.choice is None and not o.is_over(today))},
        wanted=wanted if wanted in choices else "",
        new=new,
        problems=problems,
        choices=choices,
        names={one.iri: one.title for one in found.watches},
        unreadable=found.unreadable,
        today=today,
        has_deadlines=bool(deadlines(found.opportunities)),
        going_on=asking.waiting.going_on(bag),
        busy=found.busy(today),
        own=found.own,
        kind_in_words=kind_in_words,
        dossiers=_dossiers(bag) if wanted == "applied" else {},
    )


#: The kinds of engagement that schema.org names; any other is shown as published.
KINDS = {
    "FULL_TIME": N_("full time"),
    "PART_TIME": N_("part time"),
    "CONTRACTOR": N_("on one’s own account"),
    "TEMPORARY": N_("for a time"),
    "INTERN": N_("internship"),
    "VOLUNTEER": N_("volunteering"),
    "PER_DIEM": N_("by the day"),
}


def kind_in_words(kind: str) -> str:
    return ", ".join(gettext(KINDS[one]) if one in KINDS else one for one in kind.split(", "))


def _dossiers(bag: Bag) -> dict[str, tuple[str, str]]:
    """The name and title of each share of the person's, by the name of its dossier."""
    lines = list_shares(bag, clock.today()).lines
    return {
        f"{bag.layout.dossier(line.share_id)}#it": (line.share_id, line.grant.title or line.share_id) for line in lines
    }


def _result(bag: Bag, work: Work) -> str:
    if work.error is not None:
        raise work.error
    problems = tuple((one.title, *i18n.sentences(error)) for one, error in work.result.problems)
    return _page(bag, len(work.result.new), problems)


asking = Asking(bp, "watch", "", "pages/watch_under_way.html", ".index", _result)


@bp.post("/look")
@with_bag
def log(bag: Bag) -> ResponseReturnValue:
    """Look now; what went wrong at one address is said, and the others were looked at. A page never waits for a slow one."""
    name, now = request.form.get("only") or None, clock.now()
    only = iri_of(bag, name) if name else None

    def ask(work: Work) -> Looked:
        def told(left: Sequence[Watched], of: int) -> None:
            work.waiting = tuple(one.title for one in left)
            work.told(of - len(left), of)

        return look(bag, now, only, told)

    return asking.begin(bag, "", ask)


@bp.post("/<name>/choice")
@with_bag
def write(bag: Bag, name: str) -> ResponseReturnValue:
    said = request.form.get("choice", "")
    iri = iri_of(bag, name)
    if read_lookout(bag).opportunity(iri).choice is None and not said:
        raise NotThere(iri, 404)
    dossier = request.form.get("dossier") or None
    if dossier is not None and dossier not in {share_id for share_id, _ in _dossiers(bag).values()}:
        raise NotThere(dossier, 404)
    choose(bag, iri, URIRef(said) if said else None, dossier)
    return redirect(url_for(".index", show=request.form.get("back") or None), 303)


@bp.get("/deadlines.ics")
@with_bag
def feed(bag: Bag) -> ResponseReturnValue:
    kept = deadlines(read_lookout(bag).opportunities)
    days = [
        calendars.DayToKeep(
            f"{names.local(one.iri)}@musette",
            one.until,
            gettext("Closes: %(title)s", title=one.title),
            " ".join(part for part in (one.organization, one.url) if part),
        )
        for one in kept
        if one.until
    ]
    body = calendars.calendar(days, gettext("Opportunities I kept"), clock.now())
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="musette-watch.ics"'
    return response
