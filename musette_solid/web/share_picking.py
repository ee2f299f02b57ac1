"""Tick a whole search: by words, by a period, by somebody one did it with; what is sensitive is never ticked so."""

from dataclasses import replace

from flask import request

from musette_solid.model import people as people_model
from musette_solid.model import sensitivity
from musette_solid.model.dates import PartialDate
from musette_solid.model.people import Person
from musette_solid.model.picking import Search, found
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import forms, i18n
from musette_solid.web.forms import Problem
from musette_solid.web.i18n import gettext
from musette_solid.web.share_form import Asked


def picked(bag: Bag, asked: Asked) -> tuple[Asked, tuple[Problem, ...], str]:
    """The form with what a search found ticked as well; never what has to be named one by one."""
    typed = {name: request.form.get(name, "").strip() for name in ("pick_from", "pick_to")}
    bounds = {name: _bound(text) for name, text in typed.items() if text}
    problems = tuple(
        Problem(gettext("Write a day, a month or a year."), f"f-{name}") for name, day in bounds.items() if day is None
    )
    somebody = next((one for one in known(bag) if local(one.iri) == request.form.get("pick_with")), None)
    since, until = bounds.get("pick_from"), bounds.get("pick_to")
    search = Search(
        request.form.get("pick_words", ""),
        since.first() if since else None,
        until.last() if until else None,
        frozenset(somebody.relation.through) if somebody and somebody.relation else None,
    )
    if problems or not search:
        return (
            asked,
            problems or (Problem(gettext("Write words or a period, or choose somebody."), "f-pick_words"),),
            "",
        )
    listing = list_activities(bag)
    private = sensitivity.sensitive(listing.activities, listing.skills)
    chosen = found(search, listing.activities, listing.skills)
    shown = chosen - private.keys()
    ticked = replace(
        asked,
        activities=tuple({*asked.activities, *(local(one.iri) for one in listing.activities if one.iri in shown)}),
        skills=tuple({*asked.skills, *(local(one.iri) for one in listing.skills if one.iri in shown)}),
    )
    said = i18n.ngettext("One thing was ticked.", "%(num)d things were ticked.", len(shown))
    return ticked, (), said


def known(bag: Bag) -> tuple[Person, ...]:
    """The people whom one knows through some activity; nobody while they cannot be read."""
    try:
        people = people_model.read(resources.read(bag.pod, bag.layout.people).graph)
    except PodError:
        return ()
    return tuple(one for one in people if one.relation and one.relation.through)


def _bound(text: str) -> PartialDate | None:
    try:
        return PartialDate.from_text(forms.as_iso(text))
    except ValueError:
        return None
