"""Finish or take back what was interrupted, close what has ended: at each sign-in, and by `musette recover`."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from musette_solid.errors import MusetteError
from musette_solid.rdf import terms
from musette_solid.usecases import (
    answer_request,
    ask,
    clear_share,
    import_record,
    know_person,
    publish,
    publish_calendar,
    renew_letterbox,
    set_up,
)
from musette_solid.usecases import leave as leaving
from musette_solid.usecases.follow import follow
from musette_solid.usecases.intents import Settled, here, is_over, settle
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import Revoked, ShareLine, expire, list_shares, revoke, take_back


@dataclass(frozen=True)
class Recovered:
    """`settled`: what had been interrupted; `closed`: shares whose last day had passed.

    Where it was the departure that was interrupted, there is no bag any more.
    """

    settled: tuple[Settled, ...]
    closed: tuple[Revoked, ...]

    @property
    def has_left(self) -> bool:
        return any(one.operation == terms.OPERATION_LEAVE for one in self.settled)


def recover(bag: Bag, now: datetime, *, everything: bool = False) -> Recovered:
    """Settle every operation that nobody is working on any more. Doing it twice, or dying in it, changes nothing.

    What narrows is finished, what would widen is taken back unless it had happened already. `everything`: also what
    another device may be working on. Raises what reading the bag raises.
    """
    settled = []
    if leaving.is_begun(bag):
        leaving.leave(bag)
        return Recovered((Settled(terms.OPERATION_LEAVE, "completed"),), ())
    if set_up.is_unfinished(bag):
        set_up.finish(bag, now)
        settled.append(Settled(terms.OPERATION_SET_UP, "completed"))
    if renew_letterbox.is_begun(bag):
        with suppress(MusetteError):  # tried again next time
            renew_letterbox.finish(bag)
            settled.append(Settled(terms.OPERATION_RENEW_LETTERBOX, "completed"))
    # Who may read comes before what is written.
    shares = list_shares(bag, now.date())
    for line in shares.lines:
        found = _settle(bag, line, now, everything=everything)
        if found is not None:
            settled.append(found)
        if line.has_leftovers:
            with suppress(MusetteError):  # a little at a time, and tried again next time
                clear_share.finish(bag, line.share_id, most=clear_share.SOON)
    settled.extend(_settle_page(bag, now, everything=everything))
    closed = expire(bag, now, shares)
    settled.extend(settle(bag, now, everything=everything, ends={terms.OPERATION_PUBLISH: ask.is_published}))
    settled.extend(import_record.settle(bag, now, everything=everything))
    answer_request.catch_up(bag, [line.grant for line in shares.lines if line.state == "active"])
    follow(bag, now, shares=shares)
    with suppress(MusetteError):  # it stays as it was
        publish.follow(bag, now)
    know_person.announce_again(bag)
    return Recovered(tuple(settled), closed)


def _settle_page(bag: Bag, now: datetime, *, everything: bool) -> Iterator[Settled]:
    """The page for everybody and the calendar at its address, if one was being opened or closed."""
    for of_one in (publish.settle, publish_calendar.look_after):
        try:
            found = of_one(bag, now, everything=everything)
        except MusetteError:
            yield Settled(terms.OPERATION_UNPUBLISH, "left")
        else:
            if found is not None:
                yield found


def _settle(bag: Bag, line: ShareLine, now: datetime, *, everything: bool) -> Settled | None:
    grant = bag.layout.grant(line.share_id)
    if line.state == "closing":
        operation = terms.OPERATION_REVOKE
    elif line.state == "opening" and (everything or is_over(grant, line.grant.granted_at, now)):
        operation = terms.OPERATION_SHARE
    else:
        return None
    try:
        if operation == terms.OPERATION_REVOKE:
            revoke(bag, line.share_id, now)
            return Settled(operation, "completed")
        take_back(bag, line.share_id)
    except MusetteError:  # one that fails does not keep the others open
        return Settled(operation, "left")
    here.forget(grant)
    return Settled(operation, "undone")
