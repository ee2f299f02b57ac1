"""Tools, methods and resources: what one works with, where one learnt it, what one can lend, teach, pass on."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.apart import Stopped
from musette_solid.model.tools import Tool
from musette_solid.pod.errors import NotThere, SignInNeeded
from musette_solid.rdf import names, terms
from musette_solid.usecases.keep_tools import Tools, correct_tool, keep_tool, list_tools
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.pass_on import look, pass_on, published, remove_tool, take_back
from musette_solid.usecases.take_out import Removed
from musette_solid.usecases.take_up import Found, find, take_up
from musette_solid.web import clock, family, forms, i18n, licences, notices, passing_on
from musette_solid.web.access import with_bag
from musette_solid.web.asking import Asking, while_waited_for
from musette_solid.web.family import Family, Words
from musette_solid.web.forms import Control, Option
from musette_solid.web.i18n import gettext
from musette_solid.web.passing_on import PassingOn
from musette_solid.web.under_way import Work

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
    tool = _tool(found, iri_of(bag, name))
    public = published(bag, tool.iri)
    return render_template(
        "pages/tool.html", name=name, tool=tool, used_in=found.used_in(tool.iri), public=public, licence=licences.called
    )


def _tool(found: Tools, iri: str) -> Tool:
    """Raises NotThere."""
    tool = found.tool(iri)
    if tool is None:
        raise NotThere(iri, 404)
    return tool


# --- Passed on to others, and taken up from them ----------------------------------------------------------------------


passing_on.install(
    PassingOn(
        bp=bp,
        rule="/<name>",
        template="pages/tool_pass_on.html",
        show=lambda name: url_for("tools.show", name=name),
        fetch=lambda bag, name: _tool(list_tools(bag), iri_of(bag, name)),
        published=lambda bag, name: published(bag, iri_of(bag, name)),
        look=lambda bag, name, licence, now, offers: look(bag, iri_of(bag, name), licence, now, with_offers=offers),
        pass_on=lambda bag, name, licence, now, digest, offers: pass_on(
            bag, iri_of(bag, name), licence, now, digest, with_offers=offers
        ),
        take_back=lambda bag, name, now: take_back(bag, iri_of(bag, name), now),
    )
)


def _take_up_page(
    bag: Bag,
    address: str = "",
    found: Found | None = None,
    error: tuple[str, str] = ("", ""),
    *,
    is_stopped: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "pages/tool_take_up.html",
        address=address,
        found=found,
        licence=licences.called,
        error=error[0],
        do=error[1],
        is_stopped=is_stopped,
        going_on=asking.waiting.going_on(bag),
    )
    return (page, 422) if error[0] else page


def _came(bag: Bag, work: Work) -> ResponseReturnValue:
    """What is at the address, or why nothing is; or the tool that was taken up."""
    error, result = work.error, work.result
    if isinstance(error, Stopped):
        return _take_up_page(bag, work.title, is_stopped=True)
    if isinstance(error, MusetteError) and not isinstance(error, SignInNeeded):
        return _take_up_page(bag, work.title, error=i18n.sentences(error))
    if error is not None:
        raise error
    if isinstance(result, Found):
        return _take_up_page(bag, work.title, result)
    notices.say("noted")
    return redirect(url_for(".show", name=names.local(result)), 303)


asking = Asking(bp, "tool", "/take-up", "pages/address_under_way.html", ".offered", _came)


@bp.get("/take-up")
@with_bag
def offered(bag: Bag) -> ResponseReturnValue:
    return _take_up_page(bag)


@bp.post("/take-up")
@with_bag
def seek(bag: Bag) -> ResponseReturnValue:
    """What is at an address; with one of it chosen, it goes into the bag."""
    address, chosen, now = request.form.get("address", "").strip(), request.form.get("chosen", ""), clock.now()
    transport = bag.pod.transport

    def ask(work: Work) -> Found | str:
        found = while_waited_for(work, lambda: find(transport, address))
        return take_up(bag, found, chosen, now) if chosen else found

    return asking.begin(bag, address, ask)
