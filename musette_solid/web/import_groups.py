"""An import as a person reads it: lines in groups, each with where it will go and where it came from."""

import re
from dataclasses import dataclass

from rdflib import URIRef
from werkzeug.datastructures import MultiDict

from musette_solid.model.dates import PartialDate
from musette_solid.usecases.import_rows import Overview, Row, Rows, Said, numbers_in
from musette_solid.web import i18n, things
from musette_solid.web.i18n import gettext


@dataclass(frozen=True)
class Group:
    """Some rows of it, as its page shows them."""

    title: str
    some: Rows
    sphere: URIRef | None = None
    is_folded: bool = False
    note: str = ""


def groups(shown: Overview) -> tuple[Group, ...]:
    """Activities by sphere, then the rest by kind; other people last, folded, with nothing ticked."""
    by_name = {some.name: some for some in shown.groups}
    spheres = [sphere for sphere in things.spheres() if str(sphere) in by_name]
    found = [Group(i18n.sentence_case(i18n.label(one)), by_name.pop(str(one)), one) for one in spheres]
    kinds = (
        ("activity", gettext("Other activities"), False, ""),
        ("skill", gettext("Skills"), False, ""),
        ("evidence", gettext("Evidence and credentials"), False, ""),
        ("rating", gettext("Ratings, as the platform gives them"), False, ""),
        ("income", gettext("Income, as the platform says it"), False, ""),
        ("opportunity", gettext("Opportunities that you answered"), False, ""),
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
        if kind in by_name:
            found.append(Group(title, by_name.pop(kind), None, is_folded, note))
    # Spheres that we do not know.
    found += [Group(gettext("Other activities"), some) for some in by_name.values()]
    return tuple(found)


def said_of(form: MultiDict[str, str], most: int) -> Said:
    """What somebody said on the page of an import: ticked there, or carried along from another part of it."""
    ticked = (int(number) for number in form.getlist("take") if number.isdecimal() and len(number) < 7)
    at = {}
    for said in form.getlist("show"):
        name, _, first = said.rpartition(":")
        if first.isdecimal() and len(first) < 7:
            at[name] = int(first)
    times = {
        int(name[5:]): target
        for name, target in form.items()
        if name.startswith("time-") and name[5:].isdecimal() and len(name) < 12
    }
    taken = numbers_in(form.get("elsewhere", ""), most) | frozenset(ticked)
    return Said(taken, at, frozenset(form.getlist("all")), frozenset(form.getlist("none")), times)


def period(row: Row) -> str:
    """From when to when, as the language of the page says it."""
    start, end = (PartialDate.from_text(text) if text else None for text in (row.start, row.end))
    return i18n.period(start, end, row.start_as_written, row.end_as_written)


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
