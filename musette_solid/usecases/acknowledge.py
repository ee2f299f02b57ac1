"""After the end of a dossier: its recipient is told, and may say that nothing of what they kept is left.

It is their word. That it is theirs: a dossier's address is known to the two of them and to whoever was sent the link, and
the word counts only for a share that was really opened to who gives it, and that is over.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from musette_solid.errors import N_, MusetteError
from musette_solid.model import grant as grants
from musette_solid.model import receipt as receipts
from musette_solid.model.grant import Grant
from musette_solid.model.receipt import NotAReceipt
from musette_solid.pod import resources, webid
from musette_solid.pod.errors import NotThere, NotUnderstood, PodError, SignInNeeded
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import Profile
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import letters
from musette_solid.usecases.documents import marked
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import Letter, NoInbox, Overfull
from musette_solid.usecases.revoke import Revoked


class NotFromThem(MusetteError):
    what = N_("The letter that told you of this dossier does not come from who it names.")
    do = N_("Nobody was told anything. Ask the person themselves.")


class NotAnnounced(MusetteError):
    what = N_("No letter of yours tells of this dossier.")
    do = N_("Nobody was told anything. Write to the person yourself.")


def tell_closed(bag: Bag, share_id: str, now: datetime) -> bool:
    """Tell the recipient of a closed share that it is closed; False when they could not be told.

    One that goes on under another name, or whose recipient is not known to have a letterbox, is not told of.
    """
    try:
        grant = grants.read(resources.read(bag.pod, bag.layout.grant(share_id)).graph)
        if grant.revoked_at is None:
            return False
        person = webid.profile(bag.pod.transport, grant.recipient, bag.pod.cache)
        receipt = receipts.of_grant(grant)
    except (PodError, grants.NotAGrant, webid.NotAProfile, NotAReceipt):
        return False
    return letters.send(
        *(bag.pod, person.inbox, terms.AS_UNDO, grant.dossier, grant.recipient, grant.title, now),
        name=grant.person_name,
        receipt=receipt,
    )


def tell(bag: Bag, closed: Iterable[Revoked], now: datetime) -> tuple[str, ...]:
    """Tell the recipients of what was just closed, except of what was renewed; the shares whose recipient was told."""
    return tuple(one.share_id for one in closed if one.ended and tell_closed(bag, one.share_id, now))


def tell_later(bag: Bag, closed: Iterable[Revoked], now: datetime) -> None:
    """The same, while nobody waits for a letterbox somewhere else."""
    for one in closed:
        LATER.run(f"closed {one.share_id}", partial(tell, bag, (one,), now))


def say_deleted(pod: Pod, url: str, now: datetime) -> bool:
    """The recipient's word, to the person and into one's own letterbox; False when the person could not be told.

    Raises NotAnnounced, NotFromThem, and as reading one's letterbox does.
    """
    if pod.webid is None:
        raise SignInNeeded("", 401)
    wanted = names.document(url.strip())
    told = next(
        (
            one
            for one in letters.received(pod)
            if one.kind in {terms.AS_UNDO, terms.AS_ANNOUNCE} and names.document(one.about) == wanted
        ),
        None,
    )
    if told is None:
        raise NotAnnounced
    person = _checked(pod, told)
    own = webid.profile(pod.transport, pod.webid, pod.cache)
    receipt = replace(told.receipt, copies_deleted_at=now) if told.receipt else None
    sent, _ = (
        letters.send(
            *(pod, place, terms.AS_DELETE, told.about, told.sender, told.title, now), name=own.name, receipt=receipt
        )
        for place in (person.inbox, own.inbox)
    )
    return sent


def _checked(pod: Pod, told: Letter) -> Profile:
    """Who a letter is from: nobody is told what we read because a stranger used their name."""
    try:
        person = webid.profile(pod.transport, told.sender)
    except (webid.NotAProfile, NotUnderstood) as error:
        raise NotFromThem from error
    if not letters.lies_with(pod, told.about, person):
        raise NotFromThem
    return person


def look(bag: Bag, now: datetime) -> int:
    """Note what recipients said in one's letterbox; how many said something new. A letterbox that cannot be read says nothing."""
    try:
        return note(bag, letters.received(bag.pod), now)
    except (NoInbox, Overfull, PodError):
        return 0


def note(bag: Bag, came: Iterable[Letter], now: datetime) -> int:
    """Keep the word of recipients beside what they were granted, once; how many are new."""
    return sum(_note(bag, letter, now) for letter in came if letter.kind == terms.AS_DELETE)


def _note(bag: Bag, letter: Letter, now: datetime) -> bool:
    name = receipts.name_of(letter.about)
    if name is None or not names.is_within(bag.layout.shares, letter.about):
        return False
    try:
        place = bag.layout.grant(name.rpartition(":")[2])
        document = resources.required(resources.read(bag.pod, place))
        grant = grants.read(document.graph)
        if not _counts(grant, letter, now):
            return False
        at = _when(letter, grant, now)
        marked(bag, document, Delta(into=frozenset(grants.confirmation(grant.iri, at))))
    except (NotThere, PodError, grants.NotAGrant):  # read again another time
        return False
    return True


def _counts(grant: Grant, letter: Letter, now: datetime) -> bool:
    """Whether it is the word of who could read it, about what is over, and not known yet."""
    is_over = grant.state(now.date()) in {"revoked", "expired"}
    return is_over and grant.recipient == letter.sender and grant.copies_deleted_at is None


def _when(letter: Letter, grant: Grant, now: datetime) -> datetime:
    """When they say they said it, where that can be; otherwise when it was heard."""
    try:
        said = datetime.fromisoformat(letter.published or "")
    except ValueError:
        return now
    closed = grant.revoked_at if grant.revoked_at and grant.revoked_at.tzinfo else None
    return said if said.tzinfo and said <= now and (closed is None or said >= closed) else now
