"""The other side: what was I granted, and reading it. Nothing is kept: each look asks the person's space again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from rdflib import Graph

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model import receipt as receipts
from musette_solid.model.dossier import Dossier, NotADossier
from musette_solid.model.receipt import NotAReceipt, Receipt
from musette_solid.pod import resources
from musette_solid.pod.errors import AccessRefused, PodError, SignInNeeded
from musette_solid.pod.http import Limits
from musette_solid.pod.resources import Resource
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import is_web_address
from musette_solid.rdf import names, terms
from musette_solid.usecases import letters
from musette_solid.usecases.letters import Letter, NoInbox, Overfull

#: A dossier of a thousand items is about a megabyte.
_DOSSIER = Limits(total_s=20, size_bytes=16 * 1024 * 1024)


class Ended(MusetteError):
    what = N_("This dossier was open until %(day)s: it has ended.")
    do = N_("Ask the person for a new one, if you still need it. Delete what you kept of it.")


@dataclass(frozen=True)
class Over:
    """A dossier that has ended.

    `letter`: what told of it last; `closed`: its person closed it; `said`: when I said that nothing of it is left with me,
    as the letter that I keep of it says.
    """

    letter: Letter
    closed: bool
    said: str | None = None


@dataclass(frozen=True)
class Announced:
    """What somebody says they opened to me, the newest first: what can be read, and what is over."""

    open: tuple[Letter, ...]
    over: tuple[Over, ...]

    @property
    def to_delete(self) -> tuple[Over, ...]:
        return tuple(one for one in self.over if one.said is None)

    @property
    def deleted(self) -> tuple[Over, ...]:
        return tuple(one for one in self.over if one.said is not None)


def granted(pod: Pod) -> tuple[Letter, ...]:
    """Every letter that tells of a dossier opened to me, the newest first. Raises NoInbox. Only opening one proves it."""
    return tuple(letter for letter in letters.received(pod) if letter.kind == terms.AS_ANNOUNCE)


def announced(pod: Pod, today: date, read: Callable[[], tuple[Letter, ...]] | None = None) -> Announced:
    """What is open to me and what is over, without what a later dossier replaces. Raises NoInbox.

    `read`: in place of reading one's letterbox now.

    A letter that says that a dossier was closed is believed when it is closed: one request for each that I did not answer.
    """
    came = read() if read else letters.received(pod)
    found = [letter for letter in came if letter.kind == terms.AS_ANNOUNCE]
    # Only what the same person sent replaces: nobody makes another's dossier vanish.
    replaced = {(one.sender, one.receipt.replaces) for one in found if one.receipt and one.receipt.replaces}
    found = [one for one in found if not (one.receipt and (one.sender, one.receipt.iri) in replaced)]
    said = {one.about: one.published or "" for one in came if one.kind == terms.AS_DELETE and one.sender == pod.webid}
    undone = {(one.sender, one.about): one for one in came if one.kind == terms.AS_UNDO}
    told = [(one, undone.get((one.sender, one.about))) for one in found]
    asked = [one for one, undo in told if undo is not None and one.about not in said]
    still = dict(zip(asked, pod.together([partial(_opens, pod, one.about) for one in asked]), strict=True))
    over = []
    for one, undo in told:
        has_passed = bool(one.until and one.until[:10] < today.isoformat())
        if one.about in said or has_passed or (undo is not None and not still.get(one, False)):
            over.append(Over(undo or one, undo is not None, said.get(one.about)))
    gone = {one.letter.about for one in over}
    return Announced(tuple(one for one in found if one.about not in gone), tuple(over))


def _opens(pod: Pod, url: str) -> bool:
    """Whether a dossier can be read still; one that does not answer was closed, as its letter says.

    A letter sends nobody anywhere under their own name: where the person has not been, it is asked as a stranger would.
    """
    try:
        return pod.send("GET", url, {"Accept": resources.ACCEPT}, limits=_DOSSIER).ok
    except PodError:
        return False


def receipt_for(pod: Pod, url: str, now: datetime) -> Receipt:
    """The receipt of a dossier: my copy that came with the letter, else what the dossier itself says. Raises NotAReceipt."""
    if not is_web_address(url.strip()):
        raise NotAReceipt
    wanted = names.document(url.strip())
    with suppress(NoInbox, Overfull, AccessRefused):
        mine = [
            letter
            for letter in letters.received(pod)
            if letter.receipt and names.document(letter.about) == wanted and letter.receipt.recipient == pod.webid
        ]
        # What I said myself, what closed it, what opened it: the last word first.
        own = [one for one in mine if one.kind == terms.AS_DELETE and one.sender == pod.webid]
        for letter in (*own, *(m for k in (terms.AS_UNDO, terms.AS_ANNOUNCE) for m in mine if m.kind == k)):
            assert letter.receipt is not None
            return letter.receipt
    return receipts.of_dossier(read_dossier(pod, url, now).dossier)


@dataclass(frozen=True)
class Opened:
    url: str
    dossier: Dossier
    graph: Graph
    turtle: bytes
    read_at: datetime


def read_dossier(pod: Pod, url: str, now: datetime) -> Opened:
    """Read a dossier as the agent who is signed in.

    Raises AccessRefused (not granted, or not any more), Ended (no server ends a rule by itself: the end is ours to honour),
    NotADossier, Unreachable, NotUnderstood.
    """
    return _opened(_asked(pod, url.strip()), now)


def _asked(pod: Pod, url: str) -> Resource:
    """What lies there, as it was sent. Raises as `read_dossier`; whether it is damaged is not known yet."""
    if not is_web_address(url):
        raise NotADossier
    pod.meet(url)  # whoever opens a dossier shows who they are: it is open to them alone
    found = resources.read(pod, url, limits=_DOSSIER, reader=_later)
    # What a recipient reads is never remembered: the next look asks again, and a revoked dossier is gone.
    pod.cache.forget(names.canonical(names.document(url)))
    return found


def _later(_body: bytes, _media_type: str, _base: str) -> None:
    """Nothing is made of it yet."""


def _opened(found: Resource, now: datetime) -> Opened:
    if not found.exists:
        raise NotADossier
    dossier = dossiers.read(found.graph)
    if dossier.until is not None and dossier.is_expired(now.date()):
        raise Ended(day=dossier.until)
    return Opened(found.iri, dossier, found.graph, found.body, now)


def read_dossiers(pod: Pod, urls: Sequence[str], now: datetime) -> tuple[Opened | MusetteError, ...]:
    """Read many dossiers side by side, in the order of their addresses; one that cannot be read keeps none of the others."""

    def asked(url: str) -> Resource | MusetteError:
        try:
            return _asked(pod, url.strip())
        except SignInNeeded:
            raise
        except MusetteError as error:
            return error

    def opened(found: Resource | MusetteError) -> Opened | MusetteError:
        try:
            return found if isinstance(found, MusetteError) else _opened(found, now)
        except MusetteError as error:
            return error

    # Read while the others are still on their way: who asks for the next one does not wait for that.
    return tuple(opened(found) for found in pod.one_after_another([partial(asked, url) for url in urls]))
