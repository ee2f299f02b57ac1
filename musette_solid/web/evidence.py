"""Evidence: what is kept, what each piece shows, its file; attached, shown, taken out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO, Final, cast

from flask import Blueprint, Response, abort, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from musette_solid.errors import MusetteError
from musette_solid.exchange.media import kind_of
from musette_solid.exchange.unmarked import NotCleaned
from musette_solid.model.standing import guarantee
from musette_solid.model.validation import Unfit
from musette_solid.pod.http import Upload
from musette_solid.rdf import terms
from musette_solid.rdf.names import document, local
from musette_solid.usecases import keep_evidence
from musette_solid.usecases.declare_skill import add_evidence
from musette_solid.usecases.keep_evidence import MOST_BYTES, EmptyFile, Given, MayRun, TooHeavy, Use
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, dispositions, forms, heavy, i18n, notices
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Form, Problem
from musette_solid.web.i18n import gettext, ngettext

bp = Blueprint("evidence", __name__, url_prefix="/evidence")

PREFIX: Final = "evidence-"
#: What a form weighs beside its file.
_AROUND: Final = 1024 * 1024
#: Types that a page shows as they are; every other file is given to be kept.
_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})


def allow_large() -> None:
    """This form may bring a file of evidence; said before anything of the form is read."""
    request.max_content_length = MOST_BYTES + _AROUND


def attach(bag: Bag, subject: str) -> None:
    """What the form under way brings: a file, a link, or only words. Raises Unfit, and what refuses a file."""
    texts = forms.texts(terms.EvidenceShape, prefix=PREFIX)
    given = _given()
    if given is None:
        add_evidence(bag, subject, texts)
        return
    texts.pop("url", None)
    clean = bool(request.form.get("clean"))
    try:
        keep_evidence.attach_file(bag, subject, given, texts, clock.now(), clean=clean)
    finally:
        request.files["file"].close()  # a large one lies on the disk until then


def _given() -> Given | None:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return None
    stream = cast("BinaryIO", chosen.stream)
    stream.seek(0, 2)
    size = stream.tell()

    def again() -> BinaryIO:
        stream.seek(0)
        return stream

    name = chosen.filename.replace("\\", "/").rpartition("/")[2]
    return Given(Upload(again, size), "".join(sign for sign in name if sign.isprintable())[:200])


def form_page(bag: Bag, subject: str, title: str, action: str, leave: str) -> ResponseReturnValue:
    """The page that asks for a piece of evidence, and what it answers: the whole of a view, for GET and POST."""
    if request.method != "POST":
        return _page(title, action, leave, forms.form(terms.EvidenceShape, {}, prefix=PREFIX))
    allow_large()
    try:
        attach(bag, subject)
    except Unfit as error:
        texts = forms.texts(terms.EvidenceShape, prefix=PREFIX)
        form = forms.form(terms.EvidenceShape, texts, findings=error.findings, prefix=PREFIX)
        return _page(title, action, leave, form, form.problems), 422
    except RequestEntityTooLarge:
        what, do = i18n.sentences(TooHeavy())
        typed = forms.texts(terms.EvidenceShape, prefix=PREFIX, said=heavy.words())
        form = forms.form(terms.EvidenceShape, typed, prefix=PREFIX)
        return _page(title, action, leave, form, [Problem(f"{what} {do}", "f-file")]), 413
    except (TooHeavy, MayRun, EmptyFile, NotCleaned) as error:
        form = forms.form(terms.EvidenceShape, forms.texts(terms.EvidenceShape, prefix=PREFIX), prefix=PREFIX)
        return _page(title, action, leave, form, [_problem(error)]), 422
    notices.say("evidence-added")
    return redirect(leave, 303)


def _problem(error: MusetteError) -> Problem:
    what, do = i18n.sentences(error)
    return Problem(f"{what} {do}", "f-file")


def _page(title: str, action: str, leave: str, form: Form, problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "pages/evidence.html",
        form=form,
        title=title,
        action=action,
        leave=leave,
        problems_found=problems,
        most_bytes=MOST_BYTES,
    )


def iri_of(bag: Bag, place: str, name: str) -> str:
    if place not in {"skills", "activities"}:
        abort(404)
    return f"{bag.layout.document(place)}#{name}"


@bp.app_template_global("evidence_page")
def address(iri: str) -> str:
    """The page of a piece of evidence."""
    place = document(iri).rpartition("/")[2].removesuffix(".ttl")
    return url_for("evidence.show", place=place, name=local(iri))


@bp.app_template_filter("file_size")
def file_size(size_bytes: int) -> str:
    """`2,4 Mo`: as precise as a person needs."""
    if size_bytes < 1_000:
        return ngettext("%(num)d byte", "%(num)d bytes", size_bytes)
    if size_bytes < 1_000_000:
        return gettext("%(number)s kB", number=i18n.decimal(round(size_bytes / 1_000)))
    return gettext("%(number)s MB", number=i18n.decimal(round(Decimal(size_bytes) / 1_000_000, 1)))


def address_of_use(use: Use) -> str:
    match use.kind:
        case "activity":
            return url_for("activities.show", name=local(use.iri))
        case "skill":
            return url_for("skills.show", name=local(use.iri))
        case _:
            return ""


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    held = keep_evidence.kept_evidence(bag)
    return render_template(
        "pages/evidence_all.html",
        pieces=[(piece, address(piece.evidence.iri)) for piece in held.pieces],
        loose=[(url, url.rpartition("/")[2]) for url in held.loose],
        unreadable=held.unreadable,
        guarantee_of=guarantee,
    )


@bp.get("/<place>/<name>")
@with_bag
def show(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    iri = iri_of(bag, place, name)
    held = keep_evidence.kept_evidence(bag)
    piece = held.piece(iri)
    used = {use.iri for use in piece.uses}
    return render_template(
        "pages/evidence_one.html",
        place=place,
        name=name,
        piece=piece,
        evidence=piece.evidence,
        is_shown=piece.is_file and piece.evidence.format in _SHOWN,
        uses=[(use, address_of_use(use)) for use in piece.uses],
        others=[use for use in held.subjects if use.iri not in used],
        guarantee_of=guarantee,
    )


@bp.get("/<place>/<name>/file")
@with_bag
def file(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    """Its file, piece by piece. Whatever the space says that it is, nothing in it runs here."""
    piece, pieces = keep_evidence.open_file(bag, iri_of(bag, place, name))
    first = next(pieces.pieces, b"")
    media = kind_of(first[:65536])

    def whole() -> Iterator[bytes]:
        yield first
        yield from pieces.pieces

    answer = Response(stream_with_context(whole()))
    shown = media.type in _SHOWN and not media.is_active
    answer.headers["Content-Type"] = media.type if shown else "application/octet-stream"
    title = (piece.evidence.title or "file").rpartition(".")[0] or piece.evidence.title or "file"
    filename = title[:100] + ("" if media.is_active else media.ending)
    dispositions.offer(answer.headers, "inline" if shown else "attachment", filename)
    if pieces.size_bytes is not None:
        answer.content_length = pieces.size_bytes
    return answer


@bp.post("/<place>/<name>/attach")
@with_bag
def attach_to(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    keep_evidence.attach_again(bag, iri_of(bag, place, name), request.form.get("subject", ""))
    notices.say("evidence-added")
    return redirect(url_for(".show", place=place, name=name), 303)


@bp.post("/<place>/<name>/detach")
@with_bag
def detach_from(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    keep_evidence.detach(bag, iri_of(bag, place, name), request.form.get("subject", ""))
    notices.say("evidence-detached")
    return redirect(url_for(".show", place=place, name=name), 303)


@bp.get("/<place>/<name>/delete")
@with_bag
def confirm(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    piece = keep_evidence.kept_evidence(bag).piece(iri_of(bag, place, name))
    return render_template(
        "pages/evidence_delete.html",
        place=place,
        name=name,
        piece=piece,
        evidence=piece.evidence,
        uses=[(use, address_of_use(use)) for use in piece.uses],
    )


@bp.post("/<place>/<name>/delete")
@with_bag
def delete(bag: Bag, place: str, name: str) -> ResponseReturnValue:
    keep_evidence.remove_evidence(bag, iri_of(bag, place, name), clock.now())
    notices.say("evidence-deleted")
    return redirect(url_for(".index"), 303)


@bp.post("/loose")
@with_bag
def delete_loose(bag: Bag) -> ResponseReturnValue:
    keep_evidence.remove_loose(bag, bag.layout.evidence + request.form.get("file", ""))
    notices.say("evidence-deleted")
    return redirect(url_for(".index"), 303)
