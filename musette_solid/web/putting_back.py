"""Put an archive back: choose it, look at what it would change, choose, write it.

An archive may be larger than anything a page can carry. While its owner looks at it, it lies in a file without a name, which
this process alone can open and which is gone half an hour later, or when the process ends.
"""

import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final, cast

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef
from werkzeug.exceptions import RequestEntityTooLarge

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import archive
from musette_solid.exchange.apart import Stopped
from musette_solid.exchange.archive import Archive
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.rdf import terms
from musette_solid.usecases import put_back
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.put_back import Choices, Plan, Restored, Thing
from musette_solid.web import clock, i18n, imports, notices
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext, ngettext
from musette_solid.web.under_way import AlreadyAtWork, TooMuchAtWork, Work, works
from musette_solid.web.waiting import Waiting, install

bp = Blueprint("putting_back", __name__, url_prefix="/your-data/put-back")

#: What a browser may bring; the command line takes more.
LARGEST_BYTES: Final = 4 * 1024 * 1024 * 1024
#: How long the page with the form may wait to be sent, and an archive for its owner's word.
_TICKET_S: Final = 12 * 3600
_HELD_S: Final = 1800
_MOST_HELD: Final = 16
_MOST_ASKED: Final = 12
_TOO_LARGE: Final = N_("an archive of 4 GB at most; “musette put-back” takes larger ones")


class NoArchive(MusetteError):
    what = N_("No file was chosen.")
    do = N_("Choose an archive, then look at what it would change.")


class NotHeld(MusetteError):
    what = N_("The archive is not at hand any more.")
    do = N_("Nothing was written. Choose it once more.")


@dataclass(frozen=True)
class _Held:
    """An archive whose owner looks at what it would change."""

    owner: str
    name: str
    file: BinaryIO
    opened: Archive
    since: float


class _AtHand:
    """The archives that this process holds: one a person, for half an hour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def __del__(self) -> None:
        for held in self._held.values():
            held.file.close()

    def keep(self, one: _Held, key: str) -> str:
        with self._lock:
            for other in sorted(self._held, key=lambda other: self._held[other].since):
                held = self._held[other]
                is_old = time.monotonic() - held.since > _HELD_S
                if held.owner == one.owner or is_old or len(self._held) >= _MOST_HELD:
                    self._held.pop(other).file.close()
            self._held[key] = one
        return key

    def take(self, key: str, owner: str) -> _Held:
        """It is the caller's from now on, to keep again or to close. Raises NotHeld."""
        with self._lock:
            held = self._held.get(key)
            if held is None or held.owner != owner:
                raise NotHeld
            return self._held.pop(key)


@dataclass(frozen=True)
class _Looked:
    """An archive that was read: where it is held, and what it would change."""

    key: str
    name: str
    plan: Plan


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag)


def _page(bag: Bag, error: MusetteError | None = None) -> str:
    what, do = i18n.sentences(error) if error else ("", "")
    return render_template("pages/put_back.html", ticket=_ticket(bag.owner), error=what, what_to_do=do)


@bp.post("/<ticket>")
@with_bag
def look_at(bag: Bag, ticket: str) -> ResponseReturnValue:
    if _is_good(current_app, ticket) and hmac.compare_digest(ticket.partition("-")[2][:16], _who(bag.owner)):
        request.max_content_length = LARGEST_BYTES
    try:
        chosen = request.files.get("file")
    except RequestEntityTooLarge:
        return _page(bag, UnreadableFile(file="", expected=_TOO_LARGE)), 413
    if chosen is None or not chosen.filename:
        return _page(bag, NoArchive()), 422
    key = _signed(current_app, f"{int(time.time())}-{secrets.token_hex(8)}")
    name, file, at_hand = (
        imports.safe_name(chosen.filename),
        imports.own_file(cast("BinaryIO", chosen.stream)),
        _at_hand(),
    )

    def look(work: Work) -> _Looked:
        try:
            opened = archive.read(file, name, work.told)
            plan = put_back.look(bag, opened)
        except BaseException:
            file.close()
            raise
        return _Looked(at_hand.keep(_Held(bag.owner, name, file, opened, time.monotonic()), key), name, plan)

    try:
        work = works().begin(bag.owner, "read", name, look)
    except (AlreadyAtWork, TooMuchAtWork) as error:
        file.close()
        return _page(bag, error), 409 if isinstance(error, AlreadyAtWork) else 503
    return waiting.follow(bag, work)


def _shown(bag: Bag, work: Work) -> ResponseReturnValue:
    error, result = work.error, work.result
    if isinstance(error, Stopped):
        notices.say("put-back-stopped")
        return redirect(url_for(".index"), 303)
    if isinstance(error, UnreadableFile):
        return _page(bag, error), 422
    if error is not None:
        raise error
    return _preview(result) if isinstance(result, _Looked) else _done(result)


waiting = Waiting(
    bp,
    "",
    "pages/import_under_way.html",
    owner=lambda bag: bag.owner,
    result=_shown,
    unknown=lambda bag, error, _places: (_page(bag, error), 404),
)
install(waiting)


@bp.post("/<key>/write")
@with_bag
def write(bag: Bag, key: str) -> ResponseReturnValue:
    at_hand = _at_hand()
    try:
        held = at_hand.take(key, bag.owner)
    except NotHeld as error:
        asked = request.args.get("again", "0")
        again = int(asked) + 1 if asked.isdecimal() and len(asked) < 3 else _MOST_ASKED
        if _is_good(current_app, key, _HELD_S) and again < _MOST_ASKED:
            # Where several processes serve, another one holds it: the same form, to whoever answers next.
            return redirect(url_for(".write", key=key, again=again), 307)
        return _page(bag, error), 422
    choices = Choices(frozenset(request.form.getlist("replace")), frozenset(request.form.getlist("again")))
    now = clock.now()

    def do(work: Work) -> Restored:
        try:
            done = put_back.restore(bag, held.opened, held.name, now=now, choices=choices, told=work.told)
        except BaseException:
            at_hand.keep(held, key)  # to be sent once more
            raise
        held.file.close()
        return done

    try:
        return waiting.follow(bag, works().begin(bag.owner, "write", held.name, do))
    except (AlreadyAtWork, TooMuchAtWork) as error:
        at_hand.keep(held, key)
        return _preview(_Looked(key, held.name, put_back.look(bag, held.opened)), error), 409


def _done(restored: Restored) -> ResponseReturnValue:
    notices.say(
        "put-back-done",
        documents=ngettext("one document", "%(num)d documents", len(restored.written) + len(restored.added_to)),
        things=ngettext("one thing", "%(num)d things", restored.things),
    )
    return redirect(url_for("home.home"), 303)


@dataclass(frozen=True)
class _Kind:
    """New things of one kind."""

    name: str
    labels: tuple[str, ...]
    count: int


#: So many names are shown of a kind; the others are counted.
_MOST_NAMES: Final = 50
#: What is said of things for machines: a difference in these alone says nothing to a person.
_TECHNICAL: Final = frozenset(
    map(str, (terms.DCTERMS_CREATED, terms.DCTERMS_MODIFIED, terms.DCTERMS_SOURCE, terms.RDF_TYPE))
)


def _preview(looked: _Looked, error: MusetteError | None = None) -> str:
    plan = looked.plan
    what, do = i18n.sentences(error) if error else ("", "")
    return render_template(
        "pages/put_back_preview.html",
        name=looked.name,
        key=looked.key,
        plan=plan,
        kinds=_kinds(plan.of("new")),
        others=[(thing, _called(thing), _differences(thing)) for thing in plan.of("other")],
        gone=[(thing, _called(thing)) for thing in plan.of("gone")],
        new_files=plan.files("new"),
        size=sum(line.size_bytes for line in plan.files("new")),
        there=[line.path for line in plan.lines if line.state == "there"],
        left=[line.path for line in plan.lines if line.state == "left"],
        damaged=[line.path for line in plan.lines if line.state == "damaged"],
        error=what,
        what_to_do=do,
    )


def _kinds(things: tuple[Thing, ...]) -> list[_Kind]:
    by_kind: dict[str, list[Thing]] = {}
    for thing in things:
        by_kind.setdefault(thing.kind, []).append(thing)
    found = []
    for kind, of_kind in by_kind.items():
        name = i18n.sentence_case(i18n.label(URIRef(kind))) if kind else gettext("Other statements")
        labels = [thing.label for thing in of_kind if thing.label]
        found.append(_Kind(name, tuple(labels[:_MOST_NAMES]), len(of_kind)))
    return sorted(found, key=lambda one: (not one.labels, -one.count, one.name))


def _called(thing: Thing) -> str:
    kind = i18n.sentence_case(i18n.label(URIRef(thing.kind))) if thing.kind else ""
    named = thing.label or thing.iri.rpartition("#")[2]
    return gettext("%(kind)s: %(name)s", kind=kind, name=named) if kind else named


def _differences(thing: Thing) -> list[tuple[str, str, str]]:
    """What it is called, what it is here, what it is in the archive."""
    return [
        (i18n.sentence_case(i18n.label(URIRef(one.property))), _text(one.here), _text(one.there))
        for one in thing.differences
        if one.property not in _TECHNICAL
    ]


def _text(values: tuple[str, ...]) -> str:
    shown = [i18n.label(URIRef(value)) if value.startswith(terms.MUS) else value for value in values[:5]]
    return ", ".join(shown) or "–"


def _who(owner: str) -> str:
    return sha256(owner.encode()).hexdigest()[:16]


def _ticket(owner: str) -> str:
    """Part of the address to which the form is sent: that its sender was signed in, and has a bag, is known before the body."""
    return _signed(current_app, f"{int(time.time())}-{_who(owner)}")


def _signed(app: Flask, said: str) -> str:
    return f"{said}-{_mark(app, said)}"


def _mark(app: Flask, said: str) -> str:
    key = app.config["SECRET_KEY"]
    return hmac.new(key if isinstance(key, bytes) else str(key).encode(), said.encode(), sha256).hexdigest()[:24]


def _is_good(app: Flask, ticket: str, longest_s: int = _TICKET_S) -> bool:
    said, _, mark = ticket.rpartition("-")
    begun = said.partition("-")[0]
    fresh = begun.isdecimal() and len(begun) < 12 and time.time() - int(begun) < longest_s
    return fresh and hmac.compare_digest(mark, _mark(app, said))


def may_bring_much(app: Flask, path: str) -> bool:
    """Whether what is sent to this address may be as large as an archive."""
    before, _, ticket = path.rpartition("/")
    return before == bp.url_prefix and ticket.isascii() and _is_good(app, ticket)


def _at_hand() -> _AtHand:
    found: _AtHand | None = current_app.extensions.get("musette.archives")
    if found is None:
        found = current_app.extensions.setdefault("musette.archives", _AtHand())
    return found
