"""Tools, methods and resources: what one works with, where one learnt it, what one can lend, teach, pass on."""

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.usecases.correct_activity import Removed
from musette_solid.usecases.keep_tools import correct_tool, keep_tool, list_tools, remove_tool
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.web import clock, family, forms
from musette_solid.web.access import with_bag
from musette_solid.web.family import Family, Words
from musette_solid.web.forms import Control, Option
from musette_solid.web.i18n import gettext

bp = Blueprint("tools", __name__, url_prefix="/tools")


#: The boxes that say which activities make use of a tool.
ACTIVITY = "used-in"


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.tools}#{name}"


def _add(bag: Bag, texts: Texts, now: datetime) -> str:
    return keep_tool(bag, texts, now, request.form.getlist(ACTIVITY))


def _correct(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    used = request.form.getlist(ACTIVITY) if ACTIVITY in request.form.getlist(forms.SHOWN) else None
    correct_tool(bag, iri, texts, now, seen, used)


def _used_in(bag: Bag, iri: str) -> tuple[Control, ...]:
    found = list_tools(bag)
    if not found.activities:
        return ()
    asked = request.args.getlist("activity")
    chosen = {a.iri for a in found.used_in(iri)} | {a.iri for a in found.activities if names.local(a.iri) in asked}
    options = tuple(Option(a.iri, a.title, a.iri in chosen) for a in found.activities)
    hint = gettext("Activities that make use of it.")
    return (Control(ACTIVITY, gettext("Used in"), "checkboxes", "f-used-in", hint=hint, options=options),)


def _remove(bag: Bag, iri: str) -> Removed:
    return remove_tool(bag, iri, clock.now())


pages = Family(
    bp=bp,
    shapes=(terms.ToolShape,),
    words=Words(
        add=N_("Add a tool, a method, a resource"),
        correct=N_("Correct a tool"),
        remove=N_("Delete this tool?"),
        lead=N_("What you hold, drive, open or follow when you work; a name is enough."),
        gone=N_("The tool was deleted"),
    ),
    iri=iri_of,
    name=names.local,
    add=_add,
    correct=_correct,
    remove=_remove,
    first=("title", "toolKind", "level"),
    more=_used_in,
    title="title",
    show="show",
)
family.install(pages)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    found = list_tools(bag)
    return render_template(
        "pages/tools.html",
        tools=found.tools,
        used={one.iri: len(found.used_in(one.iri)) for one in found.tools},
        unreadable=found.unreadable,
    )


@bp.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    found = list_tools(bag)
    tool = found.tool(iri_of(bag, name))
    if tool is None:
        raise NotThere(iri_of(bag, name), 404)
    return render_template("pages/tool.html", name=name, tool=tool, used_in=found.used_in(tool.iri))
