"""The journal: a line in thirty seconds, what was written, and a search in it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_
from musette_solid.model import journal as journal_model
from musette_solid.model.labels import concepts
from musette_solid.model.prompts import prompt_of, prompts
from musette_solid.model.validation import Unfit
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.usecases.journal import (
    Journal,
    correct_reflection,
    read_journal,
    remove_reflection,
    write_reflection,
)
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, family, notices
from musette_solid.web.access import with_bag
from musette_solid.web.family import Family, Options, Words
from musette_solid.web.i18n import gettext

bp = Blueprint("journal", __name__, url_prefix="/journal")

#: So many on one page.
PAGE = 40


def iri_of(bag: Bag, name: str) -> str:
    """`2026-r-20261122-bcdfgh`: the year of the document, then the name in it. Raises NotThere."""
    year, _, fragment = name.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and fragment):
        raise NotThere("", 404)
    return f"{bag.layout.journal(int(year))}#{fragment}"


def name_of(iri: str) -> str:
    return f"{names.local(names.document(iri))[:4]}-{names.local(iri)}"


def _options(bag: Bag) -> Options:
    return options_of(read_journal(bag, (clock.today().year,)))


def options_of(journal: Journal) -> Options:
    return {
        "about": [*((a.iri, a.title) for a in journal.activities), *((s.iri, s.label) for s in journal.skills)],
        "with": [(p.iri, p.name) for p in journal.people],
    }


pages = Family(
    bp=bp,
    shapes=(terms.ReflectionShape,),
    words=Words(
        add=N_("Write in the journal"),
        correct=N_("Correct this note"),
        remove=N_("Delete this note?"),
        lead=N_("A line is enough. Nobody reads it but you."),
        gone=N_("The note was deleted"),
    ),
    iri=iri_of,
    name=name_of,
    add=write_reflection,
    correct=correct_reflection,
    remove=remove_reflection,
    first=("description", "date", "feeling"),
    title="description",
    options=_options,
    beside={"prompt": ""},
    show="",
)
family.install(pages)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    today = clock.today()
    words = request.args.get("q", "").strip()[:200]
    about = request.args.get("about", "")
    # Searching looks in every year; otherwise the year that is asked for, this one first.
    year = _year(request.args.get("year", "")) or today.year
    journal = read_journal(bag, None if words or about else (year,))
    found = journal_model.notes(journal.reflections)
    called = dict(journal.called)
    if about:
        found = tuple(one for one in found if about in {names.local(iri) for iri in (*one.about, *one.people)})
    found = journal_model.search(found, words, journal.called)
    number = max(1, _number(request.args.get("page", "")))
    prompt = prompt_of(
        today, prompts(journal.activities, journal.skills, journal.reflections, journal.people, today=today)
    )
    return render_template(
        "pages/journal.html",
        shown=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
        page=number,
        pages=-(-len(found) // PAGE),
        words=words,
        about=next((name for iri, name in journal.called if names.local(iri) == about), about),
        about_name=about,
        year=year,
        years=journal.years,
        called=called,
        address=lambda iri: address(bag, iri),
        name_of=name_of,
        unreadable=journal.unreadable,
        feelings=concepts(terms.FEELINGS),
        prompt=gettext(prompt.sentence, **prompt.values),
        prompt_about=prompt.about,
        today=today,
        has_any=bool(journal.years),
    )


@bp.post("/line")
@with_bag
def log(bag: Bag) -> ResponseReturnValue:
    """What was typed in the box of a page: written at once; today, unless it says another day."""
    texts = pages.texts() | {
        name: [value for value in request.form.getlist(name) if value] for name in ("about", "feeling")
    }
    own = (bag.layout.activities, bag.layout.skills, bag.layout.people)
    about = [iri for iri in texts.pop("about", []) if names.document(iri) in own]
    texts["about"] = [iri for iri in about if names.document(iri) != bag.layout.people]
    texts["with"] = [iri for iri in about if names.document(iri) == bag.layout.people]
    try:
        write_reflection(bag, texts, clock.now(), today=clock.today())
    except Unfit as error:
        return pages.form_page(pages.form(bag, texts, error.findings)), 422
    notices.say("noted")
    return redirect(url_for(".index"), 303)


def address(bag: Bag, iri: str) -> str:
    """The page of a thing that a note is about."""
    document, name = names.document(iri), names.local(iri)
    if document == bag.layout.activities:
        return url_for("activities.show", name=name)
    if document == bag.layout.skills:
        return url_for("skills.show", name=name)
    return url_for("people.show", name=name) if document == bag.layout.people else ""


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) > 0 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
