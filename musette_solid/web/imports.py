"""Import: choose a file, look at what it would write, write it, take it back."""

import base64
import binascii
import zlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.rdf.names import local
from musette_solid.usecases.import_file import NothingNew, import_file, preview, runs, undo
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.security import MAX_UPLOAD_BYTES

bp = Blueprint("imports", __name__, url_prefix="/import")


class NoFile(MusetteError):
    what = N_("No file was chosen.")
    do = N_("Choose a file, then look at what it holds.")


class NotCarried(MusetteError):
    what = N_("The file did not come through whole.")
    do = N_("Nothing was written. Choose it once more.")


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
def look(bag: Bag) -> ResponseReturnValue:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return _page(bag, NoFile()), 422
    name = _safe(chosen.filename)
    data = chosen.read()
    try:
        shown = preview(bag, data, name, clock.now())
    except UnreadableFile as error:
        return _page(bag, error), 422
    # The application keeps no file: the page carries it to the next step.
    return render_template("pages/import_preview.html", shown=shown, name=name, packed=pack(data))


@bp.post("/write")
@with_bag
def write(bag: Bag) -> ResponseReturnValue:
    name = _safe(request.form.get("name", ""))
    try:
        data = unpack(request.form.get("packed", ""))
        report = import_file(bag, data, name, clock.now())
    except (UnreadableFile, NotCarried) as error:
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


@bp.get("/done/<name>")
@with_bag
def done(_bag: Bag, name: str) -> ResponseReturnValue:
    return render_template("pages/import_done.html", name=name)


@bp.post("/undo/<name>")
@with_bag
def take_back(bag: Bag, name: str) -> ResponseReturnValue:
    now = clock.now()
    # `import-20261122-k3f9xz`: the day says in which year's log it is.
    day = name.partition("-")[2][:4]
    undone = undo(bag, f"{bag.layout.log(int(day) if day.isdecimal() else now.year)}#{name}", now)
    notices.say("import-undone-in-part" if undone.kept else "import-undone")
    return redirect(url_for(".index"), 303)


def _safe(name: str) -> str:
    """A file's name as a title: without folders or signs that no screen shows."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in plain if character.isprintable())[:120] or "resume.json"


def pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode()


def unpack(text: str) -> bytes:
    """Raises NotCarried."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.urlsafe_b64decode(text.encode()), MAX_UPLOAD_BYTES)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise NotCarried from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise NotCarried
    return data
