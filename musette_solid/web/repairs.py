"""Copies and repairs: what is kept from day to day, what was damaged or lost, and putting it right."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError
from musette_solid.usecases import keep
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.recover import recover
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext, ngettext

bp = Blueprint("repairs", __name__, url_prefix="/your-data/copies")

#: So many names of lost things are shown; the rest is counted.
_SHOWN = 20


@dataclass(frozen=True)
class Repair:
    document: str
    name: str
    state: str
    since: datetime | None
    lost: tuple[str, ...]
    more: int


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    known = keep.copies(bag)
    last = sorted(
        ((name_of(bag, iri), own[0].taken_at, len(own)) for iri, own in known.items()), key=lambda line: line[0]
    )
    repairs = [_repair(bag, one, known) for one in keep.conditions(bag)]
    return render_template("pages/copies.html", repairs=repairs, last=last, days=keep.KEPT_FOR.days)


def _repair(bag: Bag, condition: keep.Condition, known: dict[str, tuple[keep.Copy, ...]]) -> Repair:
    own = known.get(condition.document, ())
    names: dict[str, str] = {}
    if own and condition.missing:
        try:
            names = _names(resources.read(bag.pod, own[0].iri))
        except PodError:
            names = {}
    lost = [names[iri] for iri in condition.missing if iri in names]
    return Repair(
        condition.document,
        name_of(bag, condition.document),
        condition.state,
        condition.since,
        tuple(lost[:_SHOWN]),
        len(condition.missing) - len(lost[:_SHOWN]),
    )


def _names(copy: resources.Resource) -> dict[str, str]:
    graph = copy.graph
    found = {str(a.iri): a.title for a in activities_model.read(graph)}
    found |= {str(s.iri): s.label for s in skills_model.read(graph)}
    for entry in time_model.read(graph):
        found[str(entry.iri)] = f"{i18n.day(entry.on)}, {i18n.duration(entry.minutes)}"
    return found


def name_of(bag: Bag, document: str) -> str:
    """What people call a document of their bag."""
    inner = document.removeprefix(bag.layout.root).removesuffix(".ttl")
    words = {"activities": gettext("Activities"), "skills": gettext("Skills"), "musette": gettext("My bag")}
    folder, _, year = inner.partition("/")
    if folder == "time" and year:
        return gettext("Time of %(year)s", year=year)
    return words.get(inner, inner)


@bp.post("/restore")
@with_bag
def restore(bag: Bag) -> ResponseReturnValue:
    count = keep.restore(bag, _asked(bag), clock.now())
    # What waited for this document can be finished now.
    notices.say_settled(recover(bag, clock.now()).settled)
    notices.say("restored", things=ngettext("one thing", "%(num)d things", count))
    return redirect(url_for(".index"), 303)


@bp.post("/accept")
@with_bag
def accept(bag: Bag) -> ResponseReturnValue:
    keep.accept(bag, _asked(bag), clock.now())
    notices.say("right-as-it-is")
    return redirect(url_for(".index"), 303)


@bp.post("/delete")
@with_bag
def delete(bag: Bag) -> ResponseReturnValue:
    keep.forget(bag, clock.now())
    notices.say("copies-deleted")
    return redirect(url_for(".index"), 303)


def _asked(bag: Bag) -> str:
    """The document that the form names. Raises NothingToRestore when nothing is wrong with it."""
    document = request.form.get("document", "")
    if document not in {one.document for one in keep.conditions(bag)}:
        raise keep.NothingToRestore
    return document
