"""Empty a letterbox that is announced no longer: what belongs to a dialogue of the person's moves to the new one, the rest is deleted.

Who sent a letter is what it says of itself. So nothing is decided by it but this: letters under a name that the person has dealt
with, or about a request of theirs, move along, a few hundred at most.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from musette_solid.errors import N_, MusetteError
from musette_solid.model import request as requests_
from musette_solid.pod import containers, inbox, resources, webid
from musette_solid.pod.containers import Member
from musette_solid.pod.errors import AlreadyThere, NotThere, PodError, TooLarge
from musette_solid.pod.http import Limits
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import letters
from musette_solid.usecases.intents import Told
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import list_shares

#: Nobody waits for it: the space may take its time to list what is there.
_LISTING: Final = Limits(total_s=60, size_bytes=64 * 1024 * 1024)
#: Taken out between two looks at whether it is still wanted.
_AT_ONCE: Final = 20
#: No more than this move along, however real they look.
MOST_MOVED: Final = inbox.MOST


class CannotBeListed(MusetteError):
    what = N_("Your space cannot say what lies in this letterbox: there is too much in it.")
    do = N_(
        "It does no harm: nobody can add to it any more, and nobody but you can read it. Whoever keeps your space can delete the folder “%(name)s”."
    )


class NotAllKnown(MusetteError):
    what = N_("Not all of your dossiers can be read now: nobody can say which letters belong to them.")
    do = N_("Nothing was deleted. Try again in a minute; what is damaged is put right on the page of your own space.")


@dataclass(frozen=True)
class Emptied:
    """How many letters moved to the new letterbox, how many were deleted."""

    moved: int
    deleted: int


@dataclass(frozen=True)
class _Known:
    """Whom the person has dealt with, by address, and what they asked for."""

    people: frozenset[str]
    requests: frozenset[str]

    def concerns(self, letter: letters.Letter) -> bool:
        return letter.sender in self.people or letter.reply_to in self.requests


def empty(bag: Bag, place: str, now: datetime, told: Told = lambda _step, _steps: None) -> Emptied:
    """Until nothing is left of it, the container neither. What was deleted stays deleted, should `told` stop it.

    Raises NotThere unless it is a letterbox of the bag that is announced no longer, CannotBeListed, NotAllKnown, and as
    writing does.
    """
    current = webid.profile(bag.pod.transport, bag.owner).inbox
    if bag.layout.letterbox_number(place) is None or place == current or current is None:
        raise NotThere(place, 404)
    known = _known(bag, now)
    moved = deleted = 0
    while listed := _listed(bag, place):
        steps = moved + deleted + len(listed)
        for start in range(0, len(listed), _AT_ONCE):
            told(moved + deleted, steps)
            some = listed[start : start + _AT_ONCE]
            room = MOST_MOVED - moved
            went = bag.pod.together(
                [partial(_take_out, bag, one, current if room > n else None, known) for n, one in enumerate(some)]
            )
            moved += sum(went)
            deleted += len(went) - sum(went)
        told(moved + deleted, steps)
    containers.remove(bag.pod, place)
    return Emptied(moved, deleted)


def _listed(bag: Bag, place: str) -> tuple[Member, ...]:
    try:
        return resources.read(bag.pod, place, limits=_LISTING, reader=inbox.all_of_them).said(inbox.all_of_them)
    except NotThere:
        return ()
    except PodError as error:
        if (error.status or 500) < 500 and not isinstance(error, TooLarge):
            raise
        raise CannotBeListed(name=names.local(place.rstrip("/"))) from error


def _take_out(bag: Bag, member: Member, to: str | None, known: _Known) -> bool:
    """Whether it was moved; otherwise it was deleted."""
    if member.is_container:
        containers.remove(bag.pod, member.iri)
        return False
    moves = to is not None and _moved(bag, member.iri, to, known)
    resources.delete(bag.pod, member.iri)
    return moves


#: A server that answers so has not looked: the letter is not to be judged by it.
_NOT_NOW: Final = frozenset({401, 403, 408, 425, 429, 502, 503, 504})


def _moved(bag: Bag, iri: str, to: str, known: _Known) -> bool:
    try:
        response = bag.pod.send("GET", iri, {"Accept": resources.ACCEPT}, limits=inbox.ONE)
    except TooLarge:  # a letter is a few lines
        return False
    if response.status in _NOT_NOW:
        raise bag.pod.failure(response)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    try:
        graph = syntax.parse(response.body, media_type, iri) if response.ok else syntax.empty()
    except syntax.NotRdf:
        return False
    if not any(known.concerns(letter) for letter in letters.read(iri, graph)):
        return False
    with suppress(AlreadyThere):  # from an earlier try
        resources.put(bag.pod, to + names.local(iri), response.body, media_type, {"If-None-Match": "*"})
    return True


def _known(bag: Bag, now: datetime) -> _Known:
    shares = list_shares(bag, now.date())
    if shares.unreadable:
        raise NotAllKnown
    answers = requests_.answers(resources.read(bag.pod, bag.layout.answers).graph)
    asked = containers.members(bag.pod, bag.layout.requests)
    return _Known(
        frozenset({bag.owner})  # what they noted themselves
        | {line.grant.recipient for line in shares.lines}
        | {one.sender for one in answers if one.decision != terms.DECISION_SILENCED},
        frozenset(f"{one.iri}request.ttl#it" for one in asked),
    )
