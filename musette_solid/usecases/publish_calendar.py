"""Days to keep at an address that a calendar can subscribe to, and that the person takes back.

While the person is away nobody holds a key to their space: the calendar is a file in it, alone in a container whose name nobody can
guess, written again when something changes. Opening comes last, closing first; an address that was taken back never comes again.
"""

import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import deadlines as calendars
from musette_solid.exchange.deadlines import DayToKeep
from musette_solid.model import calendar_feed
from musette_solid.model.calendar_feed import Feed
from musette_solid.model.rights.explanation import say
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError, Unreachable
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import intents
from musette_solid.usecases.documents import marked
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.intents import Interrupted, Settled
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_deadlines import NAME, shown_to_others
from musette_solid.usecases.publish import NotShown, as_a_stranger, open_to_everybody
from musette_solid.usecases.share import PreviewOutdated
from musette_solid.usecases.unpublish import close

ICS = "text/calendar"


class AlreadyPublished(MusetteError):
    what = N_("Your calendar has an address already.")
    do = N_("Take it back first: the new one will be another.")


@dataclass(frozen=True)
class Preview:
    """What whoever has the address would see: each day, nothing else."""

    days: tuple[DayToKeep, ...]

    @property
    def digest(self) -> str:
        """Of what is seen; the names of the entries differ from one address to another."""
        return sha256(repr([(d.on, d.title, d.text) for d in self.days]).encode()).hexdigest()


def standing(bag: Bag) -> Feed | None:
    """The calendar that was published last. Raises NotUnderstood when the document is damaged."""
    return calendar_feed.read(resources.read(bag.pod, bag.layout.calendar).graph)


def preview(bag: Bag, rights: Rights, language: str, *, named: bool, salt: str = "") -> Preview:
    return Preview(shown_to_others(bag, rights, language, salt, named=named))


def publish(bag: Bag, language: str, now: datetime, *, named: bool = False, digest: str | None = None) -> Feed:
    """A new address. `digest`: of the days that the person looked at.

    Raises AlreadyPublished, PreviewOutdated, NotShown (it was taken back), Interrupted.
    """
    document = resources.read(bag.pod, bag.layout.calendar)
    before = calendar_feed.read(document.graph)
    if before is not None and before.state != "withdrawn":
        raise AlreadyPublished
    token = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    shown = preview(bag, explain_rights(bag, now.date()), language, named=named, salt=token)
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    it = Feed(
        iri=f"{bag.layout.calendar}#{token}",
        url=bag.layout.calendar_at(token),
        published_at=now,
        written_at=now,
        language=language,
        named=named,
        sha256=shown.digest,
        under_way=terms.OPERATION_PUBLISH,
    )
    with intents.here.at_work(it.url):
        document = _say(bag, document, it)
        try:
            _write(bag, it, shown, now, {"If-None-Match": "*"})
            open_to_everybody(bag, it.container)
            _prove(bag, it)
        except MusetteError as error:
            try:
                close(bag, it.container, it.url)
            except Unreachable:
                raise Interrupted(it.url, host=names.origin(it.url).partition("://")[2]) from error
            _say(bag, document, replace(it, under_way=None, withdrawn_at=now))
            intents.here.forget(it.url)
            raise
        _say(bag, document, replace(it, under_way=None))
        intents.here.forget(it.url)
    return replace(it, under_way=None)


def withdraw(bag: Bag, now: datetime) -> None:
    """Nobody can fetch it any more. Doing it again changes nothing. Raises NotWithdrawn when a stranger still sees it."""
    document = resources.read(bag.pod, bag.layout.calendar)
    it = calendar_feed.read(document.graph)
    if it is None or it.state == "withdrawn":
        return
    document = _say(bag, document, replace(it, under_way=terms.OPERATION_UNPUBLISH, withdrawn_at=now))
    close(bag, it.container, it.url)
    _say(bag, document, replace(it, under_way=None, withdrawn_at=now))


def follow(bag: Bag, now: datetime) -> bool:
    """Bring a published calendar up to date: whether it had to be written. One request when there is none."""
    document = resources.read(bag.pod, bag.layout.calendar)
    it = calendar_feed.read(document.graph)
    return it is not None and it.state == "published" and _follow(bag, document, it, now)


def _follow(bag: Bag, document: Resource, it: Feed, now: datetime) -> bool:
    rights = explain_rights(bag, now.date())
    if rights.unreadable:
        return False  # what could not be read is not gone
    shown = preview(bag, rights, it.language, named=it.named, salt=_token(it))
    if shown.digest == it.sha256:
        return False
    _write(bag, it, shown, now)
    _say(bag, document, replace(it, sha256=shown.digest, written_at=now))
    return True


def look_after(bag: Bag, now: datetime, *, everything: bool = False) -> Settled | None:
    """Finish what was interrupted, else bring it up to date. What a stranger sees as it was meant stays open, all else is closed."""
    document = resources.read(bag.pod, bag.layout.calendar)
    it = calendar_feed.read(document.graph)
    if it is None:
        return None
    if it.under_way is None:
        if it.state == "published":
            with suppress(MusetteError):  # it stays as it was
                _follow(bag, document, it, now)
        return None
    begun = it.published_at if it.state == "opening" else it.withdrawn_at
    if not everything and not intents.is_over(it.url, begun, now):
        return None
    is_open = it.state == "opening" and _is_as_meant(bag, it)
    if is_open:
        _say(bag, document, replace(it, under_way=None))
    else:
        close(bag, it.container, it.url)
        _say(bag, document, replace(it, under_way=None, withdrawn_at=now))
    intents.here.forget(it.url)
    return Settled(it.under_way, "completed" if is_open or it.state == "closing" else "undone")


def _token(it: Feed) -> str:
    return names.local(it.iri)


def _say(bag: Bag, document: Resource, one: Feed) -> Resource:
    """The document once it says this of it, and nothing that it said of it before; earlier addresses stay noted."""
    now = frozenset(calendar_feed.graph_of_feed(one))
    before = frozenset(document.graph.triples((URIRef(one.iri), None, None)))
    return marked(bag, document, Delta(before - now, now - before)) if before != now else document


def _write(bag: Bag, it: Feed, shown: Preview, now: datetime, conditions: dict[str, str] | None = None) -> None:
    body = calendars.calendar(shown.days, say(NAME, it.language), now, is_feed=True)
    resources.put(bag.pod, it.url, body, ICS, conditions or {})


def _prove(bag: Bag, it: Feed) -> None:
    """A stranger who has the address gets a calendar; one who has not finds nothing, not even that there is one."""
    answer = as_a_stranger(bag, it.url, ICS)
    if not answer.ok:
        raise NotShown(reason=N_("a stranger cannot see it"))
    if not answer.body.startswith(b"BEGIN:VCALENDAR"):
        raise NotShown(reason=N_("it gives out something else"))
    for private in (bag.layout.calendars, bag.layout.calendar, bag.layout.rights):
        if as_a_stranger(bag, private).status not in {401, 403, 404}:
            raise NotShown(reason=N_("a stranger could read more than the page"))


def _is_as_meant(bag: Bag, it: Feed) -> bool:
    try:
        _prove(bag, it)
    except (NotShown, PodError):
        return False
    return True
