"""Prolong a share: a new grant and a new receipt that replace the old, of the very same dossier; then the old one is closed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from musette_solid.errors import N_, MusetteError
from musette_solid.model import projection
from musette_solid.model import receipt as receipts
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax
from musette_solid.usecases.answer_request import Opened
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.opening import Shared, open_dossier
from musette_solid.usecases.revoke import ShareLine, list_shares, revoke
from musette_solid.usecases.share import BadTerms, check_recipient, new_id

#: Nothing is open for longer than this without being asked again.
LONGEST = timedelta(days=731)


class NothingToRenew(MusetteError):
    what = N_("This share is closed: there is nothing to prolong.")
    do = N_("Prepare a new dossier if they still need one.")


def line_of(bag: Bag, share_id: str, today: date) -> ShareLine:
    """Raises NotThere."""
    bag.layout.share(share_id)  # what is no name of a share is not there
    found = next((line for line in list_shares(bag, today).lines if line.share_id == share_id), None)
    if found is None:
        raise NotThere("", 404)
    return found


def prolong(bag: Bag, share_id: str, until: date, now: datetime, request: str | None = None) -> Shared:
    """The same dossier to the same recipient, until another day. Raises NothingToRenew, BadTerms, and as `share` does.

    The old share is closed last: one that could not be is closed by `expire`. A dossier that stays as it was stays so, word
    for word.
    """
    line = line_of(bag, share_id, now.date())
    grant = line.grant
    if line.state not in {"active", "expired"}:
        raise NothingToRenew
    if until < now.date():
        raise BadTerms(reason=N_("its end is in the past"))
    if until > now.date() + LONGEST:
        raise BadTerms(reason=N_("two years at most: it can be prolonged again afterwards"))
    recipient = check_recipient(bag, grant.recipient)
    old = bag.layout.dossier(share_id)
    base = resources.read(bag.pod, old)
    if not base.exists:
        raise NothingToRenew
    fresh = new_id()
    document = bag.layout.dossier(fresh)
    renewed = replace(
        grant,
        iri=bag.layout.grant(fresh) + "#it",
        dossier=f"{document}#{names.local(grant.dossier)}",
        granted_at=now,
        until=until,
        request=request,
        replaces=grant.iri,
        comments=bag.layout.comments(fresh) if grant.comments else None,
        revoked_at=None,
        under_way=None,
    )
    body = syntax.turtle(projection.moved(base.graph, old, document, now, until))
    shared = open_dossier(bag, fresh, renewed, body, recipient)
    revoke(bag, share_id, now)
    return shared


def asked_again(bag: Bag, opened: Opened, today: date) -> ShareLine | None:
    """The share that a request asks to prolong; None when it asks for none, or for one that its sender was not given."""
    if opened.request.replaces is None:
        return None
    for line in list_shares(bag, today).lines:
        if (
            receipts.name_of(line.grant.dossier) == opened.request.replaces
            and line.grant.recipient == opened.request.sender
            and line.state in {"active", "expired"}
        ):
            return line
    return None
