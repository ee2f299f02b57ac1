"""An import as a person reads it: lines in groups, each with where it will go and where it came from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import URIRef

from musette_solid.model.activity import Activity, read
from musette_solid.model.skill import Skill
from musette_solid.usecases.preview_import import ImportPreview, Item
from musette_solid.web import i18n, things
from musette_solid.web.i18n import gettext


@dataclass(frozen=True)
class Entry:
    """One line: `number` is its name in the form."""

    number: int
    item: Item
    label: str
    place: str
    activity: Activity | None = None
    skill: Skill | None = None
    existing: Activity | None = None  # what the bag has instead


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...]
    sphere: URIRef | None = None
    is_folded: bool = False
    note: str = ""


def groups(shown: ImportPreview) -> tuple[Group, ...]:
    """Activities by sphere, then the rest by kind; other people last, folded, with nothing ticked."""
    activities = {one.iri: one for one in _read_all_activities(shown)}
    skills = {one.iri: one for one in shown.skills}
    entries = [
        Entry(
            number,
            item,
            item.line.label,
            place(item.line.place),
            activities.get(item.line.node),
            skills.get(item.line.node),
        )
        for number, item in enumerate(shown.items)
        if not item.there
    ]
    found = []
    for sphere in things.spheres():
        here = [e for e in entries if e.item.line.kind == "activity" and e.activity and e.activity.sphere == sphere]
        if here:
            found.append(Group(i18n.sentence_case(i18n.label(sphere)), tuple(here), sphere))
    shown_already = {entry.number for group in found for entry in group.entries}
    kinds = (
        ("activity", gettext("Other activities"), False, ""),
        ("skill", gettext("Skills"), False, ""),
        ("evidence", gettext("Evidence and credentials"), False, ""),
        ("rating", gettext("Ratings, as the platform gives them"), False, ""),
        ("income", gettext("Income, as the platform says it"), False, ""),
        ("account", gettext("Accounts"), False, gettext("For you alone: an account is never shown in a dossier.")),
        (
            "person",
            gettext("Other people"),
            True,
            gettext(
                "They did not ask to be here. Tick somebody only if you need them; name and role are all that is kept."
            ),
        ),
    )
    for kind, title, is_folded, note in kinds:
        here = [e for e in entries if e.item.line.kind == kind and e.number not in shown_already]
        if here:
            found.append(Group(title, tuple(here), None, is_folded, note))
    return tuple(found)


def times(shown: ImportPreview) -> tuple[Entry, ...]:
    """Titles of a calendar, each waiting for its activity."""
    return tuple(
        Entry(number, item, item.line.label, place(item.line.place))
        for number, item in enumerate(shown.items)
        if item.line.kind == "time"
    )


def there(shown: ImportPreview) -> tuple[Entry, ...]:
    """What is in the bag already; under another name it can be taken all the same."""
    activities = {one.iri: one for one in _read_all_activities(shown)}
    known = {one.iri: one for one in shown.known}
    return tuple(
        Entry(
            number,
            item,
            item.line.label,
            place(item.line.place),
            activities.get(item.line.node),
            existing=known.get(item.there),
        )
        for number, item in enumerate(shown.items)
        if item.there
    )


def _read_all_activities(shown: ImportPreview) -> Iterable[Activity]:
    graph = shown.recognised.graphs.get("activities")
    return read(graph) if graph is not None else ()


def place(text: str) -> str:
    """`Positions.csv#row=3` as "Positions.csv, row 3"; what is not for people stays as it is."""
    file, _, at = text.partition("#")
    name = file.rpartition("/")[2] if at else file
    key, _, value = at.partition("=")
    if key == "row" and value:
        row = gettext("row %(row)s", row=value)
        return f"{name}, {row}" if name else row
    if text.startswith("/"):
        return _pointed(text)
    if re.fullmatch(r"[^#]*/[^/#]+\.[a-z]{2,5}", text):
        return text.rpartition("/")[2]
    return text


def _pointed(pointer: str) -> str:
    """A JSON pointer, "/education/0/courses/2" said as "education 1 › courses 3": people count from one."""
    said: list[str] = []
    for step in (one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]):
        if step.isdecimal() and said:
            said[-1] += f" {int(step) + 1}"
        elif step:
            said.append(step)
    return " › ".join(said)
