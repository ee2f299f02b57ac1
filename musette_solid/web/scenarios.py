"""What-ifs: what would begin, what would end, beside today and beside one another. Nothing here is so, and each page says it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.model.rights.supposing import Change
from musette_solid.model.scenario import Row, Side
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Unfit
from musette_solid.rdf import names, terms
from musette_solid.usecases.imagine import (
    MOST_COLUMNS,
    Column,
    Compared,
    Scenarios,
    compare,
    correct_scenario,
    correct_supposed,
    imagine,
    list_scenarios,
    remove_scenario,
    remove_supposed,
    suppose,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.take_out import Removed
from musette_solid.web import clock, family, forms, i18n, notices, things
from musette_solid.web.access import with_bag
from musette_solid.web.family import Family, Words
from musette_solid.web.forms import Control, Option
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import written
from musette_solid.web.rights.supposing import row_of

bp = Blueprint("scenarios", __name__, url_prefix="/scenarios")
inside = Blueprint("supposed", __name__, url_prefix="/scenarios/supposed")

#: What a person could begin with, when nothing comes to mind.
IDEAS = (
    N_("Four days a week instead of five"),
    N_("A year of training"),
    N_("On my own account, for half of the week"),
    N_("Caring for somebody, and what remains"),
)


def iri_of(bag: Bag, name: str) -> str:
    return f"{bag.layout.scenarios}#{name}"


def _ending(bag: Bag) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What goes on today may end; the form of a scenario asks for it."""
    today = clock.today()
    return {"wouldEnd": [(a.iri, a.title) for a in list_scenarios(bag).activities if a.is_ongoing(today)]}


def _remove(bag: Bag, iri: str) -> Removed:
    return remove_scenario(bag, iri)


pages = Family(
    bp=bp,
    shapes=(terms.ScenarioShape,),
    words=Words(
        add=N_("Imagine a what-if"),
        correct=N_("Correct a what-if"),
        remove=N_("Delete this what-if?"),
        lead=N_("A name, and from when until when. What you would do in it comes next; nobody but you sees any of it."),
        gone=N_("The what-if was deleted"),
    ),
    iri=iri_of,
    name=names.local,
    add=imagine,
    correct=correct_scenario,
    remove=_remove,
    first=("title", "startDate", "endDate", "wouldEnd"),
    title="title",
    options=_ending,
    show="show",
)
family.install(pages)


def _choices(bag: Bag) -> Mapping[str, Sequence[tuple[str, str]]]:
    listed = list_scenarios(bag)
    return {
        "isPartOf": [(one.iri, one.title) for one in listed.scenarios],
        "goesOnWith": [(a.iri, a.title) for a in listed.activities],
        "mobilises": [(skill.iri, skill.label) for skill in listed.skills],
    }


def _dimension_name(listed: Scenarios, dimension: URIRef) -> str:
    return listed.own.get(dimension) or i18n.sentence_case(i18n.label(dimension))


def _field(dimension: URIRef) -> str:
    return f"w-{names.local(dimension)}"


def _worth(bag: Bag, iri: str) -> tuple[Control, ...]:
    """How much it would count, dimension by dimension; what is left open says nothing."""
    listed = list_scenarios(bag)
    known = listed.weights(iri)
    controls: list[Control] = []
    for dimension in listed.dimensions:
        name = _field(dimension)
        chosen = request.form.get(name, str(known.get(dimension, "")))
        steps = tuple(Option(str(n), str(n), chosen == str(n)) for n in range(5))
        label = gettext("Would count for: %(dimension)s", dimension=_dimension_name(listed, dimension))
        hint = gettext("From 0, not at all, to 4, above all. Leave what does not speak to you.") if not controls else ""
        controls.append(Control(name, label, "select", f"f-{name}", hint, values=(chosen,), options=steps))
    return tuple(controls)


def _weights(bag: Bag) -> dict[str, int]:
    typed = {str(one): request.form.get(_field(one), "") for one in list_scenarios(bag).dimensions}
    return {one: int(text) for one, text in typed.items() if text in {"0", "1", "2", "3", "4"}}


def _add(bag: Bag, texts: Texts, now: datetime) -> str:
    return suppose(bag, texts, now, _weights(bag))


def _correct(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    correct_supposed(bag, iri, texts, now, seen, _weights(bag))


def _remove_supposed(bag: Bag, iri: str) -> Removed:
    return remove_supposed(bag, iri)


supposed_pages = Family(
    bp=inside,
    shapes=(terms.SupposedActivityShape,),
    words=Words(
        add=N_("Suppose an activity"),
        correct=N_("Correct what you suppose"),
        remove=N_("Delete what you suppose?"),
        lead=N_("What you would do. It stays in this what-if: it is in no CV and in nothing that you show."),
        gone=N_("What you supposed was deleted"),
    ),
    iri=iri_of,
    name=names.local,
    add=_add,
    correct=_correct,
    remove=_remove_supposed,
    first=("title", "sphere", "isPartOf", "weeklyHours", "monthlyAmount"),
    title="title",
    options=_choices,
    more=_worth,
    leave_out=("wasDerivedFrom",),
    show="show",
)
family.install(supposed_pages)


@inside.get("/")
@with_bag
def index(_bag: Bag) -> ResponseReturnValue:
    return redirect(url_for("scenarios.index"), 303)


@inside.get("/<name>")
@with_bag
def show(bag: Bag, name: str) -> ResponseReturnValue:
    """It is shown where it belongs."""
    one = list_scenarios(bag).supposed(iri_of(bag, name))
    return redirect(url_for("scenarios.show", name=names.local(one.scenario)), 303)


# --- Side by side -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """One line of a cell; `address` leads to the row behind it."""

    text: str
    address: str = ""
    is_supposed: bool = False


@dataclass(frozen=True)
class Cell:
    """`figure` is what the pieces below it add up to, or empty: what has no sum has none."""

    figure: str = ""
    pieces: tuple[Piece, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows for skills, time, values, rights; the first cell of each is today."""

    heads: tuple[tuple[str, str], ...]
    time: tuple[Line, ...]
    skills: tuple[Line, ...]
    values: tuple[Line, ...]
    rights: tuple[Line, ...]
    balances: tuple[Line, ...]
    without_rights: tuple[str, ...]


def _address(row: Row) -> str:
    where = "supposed.edit" if row.is_supposed else "activities.show"
    return url_for(where, name=names.local(row.iri))


def _hours(value: object) -> str:
    return gettext("%(hours)s h a week", hours=value)


def _time(sides: Sequence[Side]) -> Iterable[Line]:
    for sphere in (one for one in things.spheres() if any(one in side.hours for side in sides)):
        cells = []
        for side in sides:
            found = side.hours.get(sphere)
            if found is None:
                cells.append(Cell())
                continue
            pieces = [
                Piece(
                    f"{row.title} – {_hours(i18n.decimal(row.hours))}"
                    if row.hours is not None
                    else gettext("%(title)s – hours not said", title=row.title),
                    _address(row),
                    row.is_supposed,
                )
                for row in found.rows
            ]
            figure = _hours(i18n.decimal(found.said)) if found.said is not None else ""
            cells.append(Cell(figure, tuple(pieces)))
        yield Line(i18n.sentence_case(i18n.label(sphere)), tuple(cells))
    if any(side.rows for side in sides):
        cells = []
        for side in sides:
            whole = side.all_hours
            silent = len(whole.silent)
            pieces = (
                [Piece(i18n.ngettext("%(num)d activity does not say", "%(num)d activities do not say", silent))]
                if silent
                else []
            )
            cells.append(Cell(_hours(i18n.decimal(whole.said)) if whole.said is not None else "", tuple(pieces)))
        yield Line(gettext("In all, as far as it was said"), tuple(cells))


def _skill_piece(skill: Skill) -> Piece:
    return Piece(skill.label, url_for("skills.show", name=names.local(skill.iri)))


def _skills(compared: Compared) -> Iterable[Line]:
    called_on = [one for one in compared.listed.skills if one.iri in compared.today.skills]
    columns = compared.columns

    def line(name: str, today: Cell, cells: Iterable[tuple[Piece, ...]]) -> Iterable[Line]:
        made = [Cell(str(len(pieces)) if pieces else "", pieces) for pieces in cells]
        if today.pieces or any(cell.pieces for cell in made):
            yield Line(name, (today, *made))

    now = Cell(str(len(called_on)) if called_on else "", tuple(map(_skill_piece, called_on)))
    yield from line(gettext("Called on, as today"), now, (tuple(map(_skill_piece, c.skills.kept)) for c in columns))
    yield from line(gettext("Called on again"), Cell(), (tuple(map(_skill_piece, c.skills.gained)) for c in columns))
    yield from line(
        gettext("Not called on any more"), Cell(), (tuple(map(_skill_piece, c.skills.left)) for c in columns)
    )
    yield from line(
        gettext("To be learnt"),
        Cell(),
        (tuple(Piece(words, is_supposed=True) for words in c.side.learns) for c in columns),
    )


def _values(compared: Compared, sides: Sequence[Side]) -> Iterable[Line]:
    for dimension in compared.listed.dimensions:
        if any(dimension in side.values for side in sides):
            cells = [
                Cell(
                    pieces=tuple(
                        Piece(f"{row.weight} – {row.title}", _address(row), row.is_supposed)
                        for row in side.values.get(dimension, ())
                    )
                )
                for side in sides
            ]
            yield Line(_dimension_name(compared.listed, dimension), tuple(cells))


_ORDER = {"gained": 0, "lost": 1, "more": 2, "less": 3, "unknown": 5}


def _place(change: Change) -> tuple[str, int, str | None] | None:
    """What a change is about: one rule, one year (or a whole life), one thing."""
    either = change.after or change.before
    if either is None:
        return None
    is_whole = either.rule.scope in {"life", "each-activity"}
    return either.rule.iri, 0 if is_whole else either.year, either.subject


def _rights(compared: Compared) -> Iterable[Line]:
    """One row a right that would change in one scenario at least; today's cell is how it stands if nothing changes."""
    if compared.rights is None:
        return
    found = [
        {place: change for change in (column.rights.changes if column.rights else ()) if (place := _place(change))}
        for column in compared.columns
    ]
    kinds: dict[tuple[str, int, str | None], int] = {}
    for changes in found:
        for place, change in changes.items():
            kinds[place] = min(kinds.get(place, 9), _ORDER.get(change.kind, 4))
    for place in sorted(kinds, key=lambda one: kinds[one]):
        rows = [row_of(changes[place], compared.rights) if place in changes else None for changes in found]
        first = next(row for row in rows if row)
        told = first.after or first.before
        year = f" {told.year}" if told and told.is_of_a_year else ""
        before = next((row.before for row in rows if row and row.before), None)
        cells = [Cell(pieces=(Piece(f"{before.word} – {before.summary}"),) if before else ())]
        for row in rows:
            if row is None:
                cells.append(Cell(pieces=(Piece(gettext("no change")),)))
            else:
                said = f"{row.after.word} – {row.after.summary}" if row.after else "—"
                cells.append(Cell(pieces=(Piece(said),), mark=row.kind))
        yield Line(first.title + year, tuple(cells))


def _balances(columns: Sequence[Column]) -> Iterable[Line]:
    titles: dict[str, dict[int, tuple[str, str]]] = {}
    for number, column in enumerate(columns):
        for one in column.rights.balances if column.rights else ():
            if one.before != one.after:
                title = one.scheme.title.get(i18n.language()) or next(iter(one.scheme.title.values()), "")
                titles.setdefault(title, {})[number] = written(one.before), written(one.after)
    for title, by_column in titles.items():
        before = next(iter(by_column.values()))[0]
        cells = [Cell(by_column[n][1] if n in by_column else before) for n in range(len(columns))]
        yield Line(title, (Cell(before), *cells))


def _table(compared: Compared) -> Table:
    sides = [compared.today, *(column.side for column in compared.columns)]
    heads = [(gettext("Today"), "")]
    heads += [(c.scenario.title, url_for(".show", name=names.local(c.scenario.iri))) for c in compared.columns]
    return Table(
        tuple(heads),
        tuple(_time(sides)),
        tuple(_skills(compared)),
        tuple(_values(compared, sides)),
        tuple(_rights(compared)),
        tuple(_balances(compared.columns)),
        tuple(c.scenario.title for c in compared.columns if c.rights is None),
    )


@bp.get("/", endpoint="index")
@with_bag
def all_of_them(bag: Bag) -> ResponseReturnValue:
    listed = list_scenarios(bag)
    asked = request.args.getlist("with")
    wanted = [one.iri for one in listed.scenarios if names.local(one.iri) in asked]
    compared = compare(bag, clock.today(), wanted, listed=listed) if listed.scenarios else None
    shown = {column.scenario.iri for column in compared.columns} if compared else set()
    return render_template(
        "pages/scenarios.html",
        scenarios=listed.scenarios,
        shown=shown,
        table=_table(compared) if compared else None,
        most=MOST_COLUMNS,
        ideas=IDEAS,
        unreadable=listed.unreadable,
        **_period(),
    )


def _period() -> dict[str, str]:
    """From the first of next month, for a year: what a form begins with."""
    today = clock.today()
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    last = (year, month - 1) if month > 1 else (year - 1, 12)
    end = date(last[0] + 1, last[1], monthrange(last[0] + 1, last[1])[1])
    return {"start": date(year, month, 1).isoformat(), "end": end.isoformat()}


@bp.get("/<name>", endpoint="show")
@with_bag
def one_of_them(bag: Bag, name: str) -> ResponseReturnValue:
    listed = list_scenarios(bag)
    one = listed.scenario(iri_of(bag, name))
    by_iri = {activity.iri: activity for activity in listed.activities}
    return render_template(
        "pages/scenario.html",
        name=name,
        scenario=one,
        ends=[by_iri[iri] for iri in one.ends if iri in by_iri],
        gone=sum(1 for iri in one.ends if iri not in by_iri),
        called={skill.iri: skill.label for skill in listed.skills},
        by_iri=by_iri,
        table=_table(compare(bag, clock.today(), [one.iri], listed=listed)),
        others=len(listed.scenarios) > 1,
        unreadable=listed.unreadable,
    )


@bp.post("/keep")
@with_bag
def write(bag: Bag) -> ResponseReturnValue:
    """What was supposed of rights, under a name: the same hypothesis, kept."""
    said = request.form
    sphere = things.sphere_of_slug(said.get("sphere", ""))
    title = said.get("title", "").strip() or (i18n.sentence_case(i18n.label(sphere)) if sphere else "")
    activities = list_scenarios(bag).activities
    like = next((a.iri for a in activities if names.local(a.iri) == said.get("like")), "")
    contracts = [
        a.iri for a in activities if a.sphere == terms.SPHERE_EMPLOYMENT and a.is_ongoing(clock.today())
    ]  # fmt: skip
    texts = {
        "title": [title],
        "startDate": [forms.as_iso(said.get("start", ""))],
        "endDate": [forms.as_iso(said.get("end", ""))],
        "wouldEnd": contracts if said.get("ends") == "yes" else [],
    }
    one = {
        "title": [title],
        "sphere": [str(sphere)] if sphere else [],
        "weeklyHours": [said.get("hours", "")],
        "monthlyAmount": [said.get("pay", "")],
        "goesOnWith": [like] if like else [],
    }
    try:
        iri = imagine(bag, texts, clock.now(), [one])
    except Unfit as error:
        return pages.form_page(pages.form(bag, texts, error.findings)), 422
    notices.say("noted")
    return redirect(url_for(".show", name=names.local(iri)), 303)
