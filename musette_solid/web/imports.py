"""Import: choose a file, look at what it would write, choose, write it, take it back."""

import io
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, cast

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import apart, recognised_json, tables_reading
from musette_solid.exchange.apart import Stopped
from musette_solid.exchange.draft import MOST_LINES, Recognised, digest_of
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognised_json import Packed
from musette_solid.exchange.recognition import Asked
from musette_solid.exchange.tables_reading import ColumnsUnknown
from musette_solid.model.trajectory import draw
from musette_solid.model.words import folded
from musette_solid.pod.errors import NotThere
from musette_solid.pod.files import read_pieces
from musette_solid.rdf.names import local
from musette_solid.usecases import table_mappings
from musette_solid.usecases.import_apart import look_over
from musette_solid.usecases.import_file import (
    Choices,
    ImportReport,
    NothingChosen,
    NothingNew,
    runs,
    take_in,
    undo,
)
from musette_solid.usecases.import_rows import Overview, Said
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.preview_import import own_profile
from musette_solid.usecases.resume_import import resume
from musette_solid.web import carried, clock, dispositions, i18n, import_groups, notices, picture, things
from musette_solid.web.access import with_bag
from musette_solid.web.carried import NotCarried, TooLargeToCarry
from musette_solid.web.under_way import (
    AlreadyAtWork,
    Kind,
    TooMuchAtWork,
    Work,
    works,
)
from musette_solid.web.waiting import Waiting, install

bp = Blueprint("imports", __name__, url_prefix="/import")
bp.add_app_template_filter(import_groups.period, "period_of")
bp.add_app_template_filter(import_groups.place, "place_in_file")

#: Of a file from elsewhere; one that is larger goes by the command line.
LARGEST_FILE = 80 * 1024 * 1024
#: What a page carries of a table until somebody has said what its columns mean.
_LARGEST_TABLE = 8 * 1024 * 1024
_MOST_COLUMNS = 60
#: Fields of the form of a preview: each row of it is one.
_MOST_PARTS = 10_000
_THE_SAME = N_("the file that was looked at")
#: What an import says that it wrote; organisations, levels and the like go along.
_SAID = (
    "activities",
    "skills",
    "evidence",
    "time_entries",
    "incomes",
    "ratings",
    "opportunities",
    "accounts",
    "people",
)


class NoFile(MusetteError):
    what = N_("No file was chosen.")
    do = N_("Choose a file, then look at what it holds.")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: MusetteError | None = None) -> str:
    what, do = i18n.sentences(error) if error else ("", "")
    now = clock.now()
    found = runs(bag, now)
    cut = [run for run in found if run.state == "cut"]
    return render_template("pages/import.html", runs=found, cut=cut, error=what, what_to_do=do, local=local)


@dataclass(frozen=True)
class _Looked:
    """What a file gave, as a page carries it, and a page of it.

    `table`, `raw`: its bytes, unless they are too large for a page: of a table, whose columns may still be explained, or of
    another file that is to be kept itself (`keep`).
    """

    name: str
    format: str
    packed: str
    overview: Overview
    header: tuple[str, ...] = ()
    table: str = ""
    keep: bool = False
    is_kept: bool = True  # what was said of it on the page
    raw: str = ""
    sphere: str = ""  # of a new activity for the time of a table, as its mapping says
    error: MusetteError | None = None


@dataclass(frozen=True)
class _Asked:
    """A table of which somebody must say what its columns mean."""

    name: str
    packed: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    known: Mapping[str, str] = field(default_factory=dict)
    keep: bool = False


@bp.post("/")
@with_bag
def look_at(bag: Bag) -> ResponseReturnValue:
    if (
        request.content_length and request.content_length <= LARGEST_FILE
    ):  # what does not say how much it brings may bring little
        request.max_content_length = LARGEST_FILE
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return _page(bag, NoFile()), 422
    name, file = safe_name(chosen.filename), own_file(cast("BinaryIO", chosen.stream))
    return _begin_looking(bag, file, name, keep=bool(request.form.get("keep")))


def own_file(stream: BinaryIO) -> BinaryIO:
    """The file of a form, kept open after the request: the same bytes on the disk, not a second copy of them."""
    stream.seek(0)
    try:
        return os.fdopen(os.dup(stream.fileno()), "rb")
    except (OSError, io.UnsupportedOperation):  # a small one is in memory
        return io.BytesIO(stream.read())


@bp.post("/profile")
@with_bag
def look_at_profile(bag: Bag) -> ResponseReturnValue:
    """What other applications show of the person, looked at like a file."""
    data, base = own_profile(bag)
    return _begin_looking(bag, io.BytesIO(data), "profile", asked=Asked("solid-profile", base=base))


def _begin_looking(
    bag: Bag,
    file: BinaryIO,
    name: str,
    mapping: Mapping[str, str] | None = None,
    *,
    keep: bool = False,
    asked: Asked | None = None,
) -> ResponseReturnValue:
    """In a thread beside this one: a page never waits for a file, and the person may stop it."""
    now, key = clock.now(), carried.key()
    kind: Kind = "light" if apart.is_light(file.read(apart.SMALL + 1)) else "read"
    file.seek(0)

    def look(work: Work) -> _Looked | _Asked:
        with file:  # only now: one that waits its turn takes no memory
            return _look(bag, file.read(), name, mapping, work, now, key, keep=keep, asked=asked)

    def begin() -> Work:
        try:
            return works().begin(bag.owner, kind, name, look)
        except (AlreadyAtWork, TooMuchAtWork):
            file.close()
            raise

    return _shown(bag, begin)


def _look(
    bag: Bag,
    data: bytes,
    name: str,
    mapping: Mapping[str, str] | None,
    work: Work,
    now: datetime,
    key: bytes,
    *,
    keep: bool,
    asked: Asked | None = None,
) -> _Looked | _Asked:
    """The preview of a file; of a table whose columns say nothing, the question what they mean."""
    asked = Asked(mapping=mapping) if mapping else asked
    try:
        found = table_mappings.look_as_taught(bag, data, name, now, asked, work.stopping.is_set)
    except ColumnsUnknown as unknown:
        said = {key: field for key, field in (mapping or {}).items() if key.startswith("column:")}
        known = said or table_mappings.saved(bag, unknown.header)
        return _Asked(name, carried.pack(data, key, bag.owner), unknown.header, unknown.samples, known, keep)
    packed = carried.pack(recognised_json.sent(found), key, bag.owner)
    is_table = found.header and len(data) <= _LARGEST_TABLE
    table = raw = ""
    if is_table or keep:
        with suppress(TooLargeToCarry):  # then it is asked for once more
            raw = carried.pack(data, key, bag.owner, carried.MOST - len(packed))
    if is_table:
        table, raw = raw, ""
    sphere = _sphere(bag, found, mapping)
    shown = look_over(bag, found, sphere, Said(), now, work.stopping.is_set)
    return _Looked(found.file, found.format, packed, shown, found.header, table, keep, keep, raw, sphere)


def _sphere(bag: Bag, found: Packed, mapping: Mapping[str, str] | None) -> str:
    """What was said of the rows that do not say theirs, when these rows are time: now, or of such a table before."""
    if not found.header or "time" not in found.kinds:
        return ""
    said = (mapping or table_mappings.saved(bag, found.header)).get("sphere", "")
    return str(tables_reading.sphere_of(said) or "")


def _shown(bag: Bag, begin: Callable[[], Work]) -> ResponseReturnValue:
    """What came of it when it is there already; else the page that waits for it."""
    try:
        work = begin()
    except (AlreadyAtWork, TooMuchAtWork) as error:
        return _page(bag, error), 409 if isinstance(error, AlreadyAtWork) else 503
    return waiting.follow(bag, work)


def _result(bag: Bag, work: Work) -> ResponseReturnValue:
    """The page for what a work gave. What it could not do is raised here, as if it had been done in this very request."""
    error, result = work.error, work.result
    if isinstance(error, NothingNew):
        notices.say("imported-nothing")
        return redirect(url_for(".index"), 303)
    if isinstance(error, Stopped):
        notices.say("import-stopped")
        return redirect(url_for(".index"), 303)
    if isinstance(error, UnreadableFile | TooLargeToCarry | NothingChosen):
        return _page(bag, error), 422
    if error is not None:
        raise error
    if isinstance(result, ImportReport):
        notices.say("imported", what=i18n.counts_of(result.counts, _SAID))
        return redirect(url_for(".done", name=local(result.run)), 303)
    return _columns(result) if isinstance(result, _Asked) else _preview(result)


waiting = Waiting(
    bp,
    "",
    "pages/import_under_way.html",
    owner=lambda bag: bag.owner,
    result=_result,
    unknown=lambda bag, error, _places: (_page(bag, error), 404),
)
install(waiting)


def _columns(asked: _Asked) -> str:
    guessed = tables_reading.guessed(asked.header, asked.known)
    return render_template(
        "pages/import_columns.html",
        name=asked.name,
        columns=[(at, column, guessed.get(folded(column), "")) for at, column in enumerate(asked.header)],
        fields=_fields(),
        samples=asked.samples,
        spheres=things.named(things.spheres()),
        packed=asked.packed,
        keep=asked.keep,
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
    name = safe_name(request.form.get("name", ""))
    header = request.form.getlist("header")
    try:
        data = carried.unpack(request.form.get("packed", ""), carried.key(), bag.owner)
        if not 0 < len(header) <= _MOST_COLUMNS:
            raise NotCarried
    except NotCarried as error:
        return _page(bag, error), 422
    keep = bool(request.form.get("keep"))
    if request.form.get("ask"):
        return _begin_looking(bag, io.BytesIO(data), name, {tables_reading.ASK: "yes"}, keep=keep)
    said = {column: request.form.get(f"column-{at}", "") for at, column in enumerate(header)}
    said = {column: field if field in tables_reading.FIELDS else "" for column, field in said.items()}
    sphere, days = request.form.get("sphere", ""), "first" if request.form.get("days") else "last"
    if any(said.values()):
        table_mappings.save(bag, header, said, sphere, days)
    mapping = {f"column:{folded(column)}": field for column, field in said.items()}
    return _begin_looking(bag, io.BytesIO(data), name, mapping | {"sphere": sphere, "days": days}, keep=keep)


def _preview(looked: _Looked) -> ResponseReturnValue:
    shown = looked.overview
    what, do = i18n.sentences(looked.error) if looked.error else ("", "")
    page = render_template(
        "pages/import_preview.html",
        shown=shown,
        looked=looked,
        error=what,
        what_to_do=do,
        groups=import_groups.groups(shown),
        # Titles of a calendar that wait for a word stand above, to be answered: nothing of them is lost.
        losses=[(import_groups.place(loss.place), loss) for loss in shown.losses],
        spheres=things.named(things.spheres()),
    )
    return page, 422 if looked.error else 200


@bp.post("/look")
@with_bag
def look_again(bag: Bag) -> ResponseReturnValue:
    """Another part of what a file gave; what was said of the rest goes along."""
    return _look_again(bag)


def _look_again(bag: Bag, error: MusetteError | None = None) -> ResponseReturnValue:
    form, now, key = request.form, clock.now(), carried.key()
    try:
        found = _found(bag)
    except NotCarried as not_carried:
        return _page(bag, not_carried), 422
    said = import_groups.said_of(form, MOST_LINES)
    sphere = str(tables_reading.sphere_of(form.get("sphere", "")) or "")
    table, raw = (_carried_along(bag, form.get(name, ""), key) for name in ("table", "raw"))
    keep, is_kept = bool(form.get("keeps")), bool(form.get("keep"))

    def look(work: Work) -> _Looked:
        shown = look_over(bag, found, sphere, said, now, work.stopping.is_set)
        packed = form["packed"]
        return _Looked(found.file, found.format, packed, shown, found.header, table, keep, is_kept, raw, sphere, error)

    kind: Kind = "light" if len(found.data) < apart.SMALL else "read"
    return _shown(bag, lambda: works().begin(bag.owner, kind, found.file, look))


def _found(bag: Bag) -> Packed:
    """What the page carried. Raises NotCarried."""
    return recognised_json.received(carried.unpack(request.form.get("packed", ""), carried.key(), bag.owner))


def _carried_along(bag: Bag, text: str, key: bytes) -> str:
    """What a page carried, to be carried on; nothing when it is not what we packed."""
    return text if text and carried.is_ours(text, key, bag.owner) else ""


@bp.post("/write")
@with_bag
def write(bag: Bag) -> ResponseReturnValue:
    if (request.content_length or 0) <= LARGEST_FILE:  # the file itself may be chosen once more, to be kept
        request.max_content_length = LARGEST_FILE
    request.max_form_parts = _MOST_PARTS
    form = request.form
    try:
        found = _found(bag)
    except NotCarried as error:
        return _page(bag, error), 422
    said = import_groups.said_of(form, MOST_LINES)
    if not said.taken and all(target == "-" for target in said.times.values()):
        return _look_again(bag, NothingChosen())
    try:
        raw = _raw(bag, found)
    except UnreadableFile as error:
        return _look_again(bag, error)
    now = clock.now()

    def take(work: Work) -> ImportReport:
        whole = found.opened()
        with raw or io.BytesIO() as file:
            return take_in(bag, whole, now, _choices(whole, said), file.read() if raw else None, told=work.told)

    def begin() -> Work:
        return works().begin(bag.owner, "write", found.file, take)

    return _shown(bag, begin)


def _raw(bag: Bag, found: Packed) -> BinaryIO | None:
    """The file itself, when it is to be kept: as the page carried it, or chosen once more. Raises UnreadableFile for another."""
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        file = own_file(cast("BinaryIO", chosen.stream))
        is_the_same = digest_of(file.read()) == found.digest
        file.seek(0)
        if is_the_same:
            return file
        file.close()
        raise UnreadableFile(file=safe_name(chosen.filename), expected=_THE_SAME)
    carried_along = request.form.get("raw") or request.form.get("table")
    if request.form.get("keep") and carried_along:
        with suppress(NotCarried):
            return io.BytesIO(carried.unpack(carried_along, carried.key(), bag.owner))
    return None


def _choices(found: Recognised, said: Said) -> Choices:
    """What was ticked, line by line, and where the time of each title goes."""
    taken = said.taken or frozenset()
    return Choices(
        frozenset(line.node for number, line in enumerate(found.lines) if number in taken),
        {
            line.node: said.times.get(number, "") or "-"
            for number, line in enumerate(found.lines)
            if line.kind == "time"
        },
    )


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


def _run(bag: Bag, name: str) -> str:
    """`import-20261122-k3f9xz`: the day says in which year's log it is."""
    day = name.partition("-")[2][:4]
    return f"{bag.layout.log(int(day) if day.isdecimal() else clock.now().year)}#{name}"


@bp.get("/file/<name>")
@with_bag
def file(bag: Bag, name: str) -> ResponseReturnValue:
    """The file of an import, where it was kept: as it was, to be saved, never shown."""
    run = _run(bag, name)
    kept = next(((one.name, one.kept) for one in runs(bag, clock.now()) if one.iri == run and one.kept), None)
    if kept is None:
        raise NotThere(run, 404)
    found = read_pieces(bag.pod, kept[1])
    answer = Response(stream_with_context(found.pieces))
    answer.headers["Content-Type"] = "application/octet-stream"
    dispositions.offer(answer.headers, "attachment", kept[0])
    if found.size_bytes is not None:
        answer.content_length = found.size_bytes
    return answer


@bp.post("/resume/<name>")
@with_bag
def go_on(bag: Bag, name: str) -> ResponseReturnValue:
    """One that was cut goes on where it ended."""
    run, now = _run(bag, name), clock.now()
    title = next((one.name for one in runs(bag, now) if one.iri == run), "")

    def write_on(work: Work) -> ImportReport:
        return resume(bag, run, now, work.told)

    return _shown(bag, lambda: works().begin(bag.owner, "write", title, write_on))


@bp.post("/undo/<name>")
@with_bag
def take_back(bag: Bag, name: str) -> ResponseReturnValue:
    undone = undo(bag, _run(bag, name), clock.now())
    notices.say("import-undone-in-part" if undone.kept else "import-undone")
    return redirect(url_for(".index"), 303)


def safe_name(name: str) -> str:
    """A file's name as a title: without folders or signs that no screen shows."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in plain if character.isprintable())[:120] or "resume.json"
