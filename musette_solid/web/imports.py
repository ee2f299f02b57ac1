"""Import: choose a file, look at what it would write, choose, write it, take it back."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import recognised_json, tables_reading
from musette_solid.exchange.draft import Recognised
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognition import Asked
from musette_solid.model.trajectory import draw
from musette_solid.model.words import folded
from musette_solid.rdf.names import local
from musette_solid.usecases import table_mappings
from musette_solid.usecases.import_file import (
    Choices,
    NothingChosen,
    NothingNew,
    compare,
    look,
    runs,
    take_in,
    undo,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import carried, clock, i18n, import_groups, notices, picture, things
from musette_solid.web.access import with_bag
from musette_solid.web.carried import NotCarried, TooLargeToCarry

bp = Blueprint("imports", __name__, url_prefix="/import")

#: What a page carries of a table until somebody has said what its columns mean.
_LARGEST_TABLE = 8 * 1024 * 1024


class NoFile(MusetteError):
    what = N_("No file was chosen.")
    do = N_("Choose a file, then look at what it holds.")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: MusetteError | None = None) -> str:
    what, do = i18n.sentences(error) if error else ("", "")
    return render_template(
        "pages/import.html", runs=runs(bag, clock.now().year), error=what, what_to_do=do, local=local
    )


@bp.post("/")
@with_bag
def look_at(bag: Bag) -> ResponseReturnValue:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return _page(bag, NoFile()), 422
    name = _safe(chosen.filename)
    data = chosen.read()
    try:
        return _look(bag, data, name, keep=bool(request.form.get("keep")))
    except (UnreadableFile, TooLargeToCarry) as error:
        return _page(bag, error), 422


def _look(bag: Bag, data: bytes, name: str, mapping: Mapping[str, str] | None = None, *, keep: bool = False) -> str:
    """The preview of a file; of a table whose columns say nothing, the question what they mean."""
    table = tables_reading.header_of(data, name) if mapping is None else None
    known = table_mappings.saved(bag, table.header) if table else mapping or {}
    try:
        found = look(bag, data, name, clock.now(), Asked(mapping=known or None))
    except UnreadableFile:
        if table is None or not table.may_be_told:
            raise
        return _columns(bag, data, name, table, known)
    if keep:
        files = {**found.files, f"imports/{found.digest[:32]}.bin": data}
        found = replace(found, files=files)
    is_table = found.format == "Table" and len(data) <= _LARGEST_TABLE
    return _preview(bag, found, Choices(), data if is_table else None)


def _columns(bag: Bag, data: bytes, name: str, table: tables_reading.Header, known: Mapping[str, str]) -> str:
    guessed = tables_reading.guessed(table.header, known)
    return render_template(
        "pages/import_columns.html",
        name=name,
        columns=[(number, column, guessed.get(folded(column), "")) for number, column in enumerate(table.header)],
        fields=_fields(),
        samples=table.samples,
        spheres=things.named(things.spheres()),
        packed=carried.pack(data, _key(), bag.owner),
    )


def _fields() -> list[tuple[str, str]]:
    gettext = i18n.gettext
    return [
        ("title", gettext("Title")),
        ("sphere", gettext("Sphere")),
        ("start", gettext("Start")),
        ("end", gettext("End")),
        ("organisation", gettext("Organisation")),
        ("role", gettext("Role")),
        ("place", gettext("Place")),
        ("description", gettext("Description")),
        ("skills", gettext("Skills")),
        ("skill", gettext("Skill")),
        ("level", gettext("Level")),
        ("date", gettext("Day of a time spent")),
        ("hours", gettext("Hours spent")),
        ("minutes", gettext("Minutes spent")),
        ("url", gettext("Link")),
    ]


@bp.post("/columns")
@with_bag
def columns(bag: Bag) -> ResponseReturnValue:
    """What the columns of a table mean: looked at again with that, and kept for the next time."""
    name = _safe(request.form.get("name", ""))
    try:
        data = carried.unpack(request.form.get("packed", ""), _key(), bag.owner)
        table = tables_reading.header_of(data, name)
        if table is None:
            raise NotCarried
        said = {column: request.form.get(f"column-{at}", "") for at, column in enumerate(table.header)}
        said = {column: field if field in tables_reading.FIELDS else "" for column, field in said.items()}
        sphere, days = request.form.get("sphere", ""), "first" if request.form.get("days") else ""
        mapping = {f"column:{folded(column)}": field for column, field in said.items()}
        shown = _look(bag, data, name, mapping | {"sphere": sphere, "days": days})
        table_mappings.save(bag, table.header, said, sphere, days)
    except (UnreadableFile, NotCarried, TooLargeToCarry) as error:
        return _page(bag, error), 422
    return shown


def _preview(bag: Bag, found: Recognised, choices: Choices, table: bytes | None = None) -> str:
    shown = compare(bag, found, choices, clock.now())
    return render_template(
        "pages/import_preview.html",
        shown=shown,
        name=found.file,
        groups=import_groups.groups(shown),
        times=import_groups.times(shown),
        there=import_groups.there(shown),
        there_shown=[e for e in import_groups.there(shown) if e.item.there != e.item.line.node],
        spheres=things.named(things.spheres()),
        # The application keeps no file: the page carries what it gave to the next step.
        packed=carried.pack(recognised_json.to_json(found), _key(), bag.owner),
        table=carried.pack(table, _key(), bag.owner, 1_500_000) if table else "",
    )


@bp.post("/write")
@with_bag
def write(bag: Bag) -> ResponseReturnValue:
    try:
        found = recognised_json.from_json(carried.unpack(request.form.get("packed", ""), _key(), bag.owner))
        report = take_in(bag, found, clock.now(), _choices(found))
    except NotCarried as error:
        return _page(bag, error), 422
    except NothingChosen as error:
        return _page(bag, error), 422
    except NothingNew:
        notices.say("imported-nothing")
        return redirect(url_for(".index"), 303)
    notices.say(
        "imported",
        activities=i18n.count_of("activities", report.counts["activities"]),
        skills=i18n.count_of("skills", report.counts["skills"]),
    )
    return redirect(url_for(".done", name=local(report.run)), 303)


def _choices(found: Recognised) -> Choices:
    """What was ticked, line by line, and where the time of each title goes."""
    ticked = {int(number) for number in request.form.getlist("take") if number.isdecimal() and len(number) < 7}
    taken = frozenset(line.node for number, line in enumerate(found.lines) if number in ticked)
    time = {
        line.node: request.form.get(f"time-{number}", "") or "-"
        for number, line in enumerate(found.lines)
        if line.kind == "time"
    }
    return Choices(taken, time)


@bp.get("/done/<name>")
@with_bag
def done(bag: Bag, name: str) -> ResponseReturnValue:
    """The trajectory as it is now, and the way back."""
    found = list_activities(bag).activities
    return render_template(
        "pages/import_done.html",
        name=name,
        picture=picture.of(draw(found, clock.today()), address=lambda _: "") if found else None,
    )


@bp.post("/undo/<name>")
@with_bag
def take_back(bag: Bag, name: str) -> ResponseReturnValue:
    now = clock.now()
    # `import-20261122-k3f9xz`: the day says in which year's log it is.
    day = name.partition("-")[2][:4]
    undone = undo(bag, f"{bag.layout.log(int(day) if day.isdecimal() else now.year)}#{name}", now)
    notices.say("import-undone-in-part" if undone.kept else "import-undone")
    return redirect(url_for(".index"), 303)


def _key() -> bytes:
    secret = current_app.config["SECRET_KEY"]
    return secret if isinstance(secret, bytes) else str(secret).encode()


def _safe(name: str) -> str:
    """A file's name as a title: without folders or signs that no screen shows."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in plain if character.isprintable())[:120] or "resume.json"
