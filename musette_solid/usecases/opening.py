"""Opening a dossier to its recipient: the record first, then the dossier, the rule that opens it last, and then the proof.

Six requests to the person's space, whatever the number of items: the grant, the dossier, where its rules are, the rule,
the rule read back, and a question asked as a stranger. Four more where the recipient may leave comments.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rdflib import Graph

from musette_solid.errors import N_, MusetteError
from musette_solid.model import grant as grants
from musette_solid.model import receipt as receipts
from musette_solid.model.grant import Grant, graph_of_grant
from musette_solid.pod import access, containers, resources
from musette_solid.pod.access import Rules
from musette_solid.pod.errors import AlreadyThere, Unreachable
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import intents, letters
from musette_solid.usecases.documents import marked
from musette_solid.usecases.intents import Interrupted
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.prove import REFUSED, Proof, prove
from musette_solid.usecases.revoke import take_back

EFFECTIVE = "effective"
#: Nothing is opened later than this after it was begun: by then, another device may be taking it back.
LONGEST_S = 60


class NotEffective(MusetteError):
    what = N_("Your space did not apply the share as it was meant: %(reason)s.")
    do = N_("It was taken back: nobody can read it. Try again, or ask the service that keeps your space.")


@dataclass(frozen=True)
class Recipient:
    """Who a dossier is for, as their public profile tells."""

    webid: str
    name: str | None
    inbox: str | None
    issuers: tuple[str, ...]

    @property
    def host(self) -> str:
        return names.origin(self.webid).partition("://")[2]


@dataclass(frozen=True)
class Shared:
    share_id: str
    grant: str
    dossier: str
    state: str
    announced: bool


def open_dossier(bag: Bag, share_id: str, granted: Grant, body: bytes, recipient: Recipient) -> Shared:
    """Keep the grant and the dossier, then let the recipient read. Raises NotEffective, and as writing does.

    Whatever goes wrong, nobody can read anything afterwards; where that cannot be said, Interrupted.
    """
    layout = bag.layout
    container, document = layout.share(share_id), layout.dossier(share_id)
    # The grant itself is the intent: it is confirmed when it is first looked at (docs/decisions/0040).
    recorded = replace(granted, under_way=terms.OPERATION_SHARE)
    begun = time.monotonic()
    with intents.here.at_work(layout.grant(share_id)):
        _create_once(bag, layout.grant(share_id), syntax.turtle(graph_of_grant(recorded)))
        try:
            _create_once(bag, document, body)
            if granted.comments:
                containers.make(bag.pod, granted.comments)
                access.invite(bag.pod, granted.comments, recipient.webid, bag.owner, f"comments-{share_id}")
            if time.monotonic() - begun > LONGEST_S:
                raise NotEffective(reason=N_("it took too long to answer"))
            rules = _open(bag, container, recipient.webid, share_id)
            if set(rules.agents()) - {bag.owner, recipient.webid}:
                raise NotEffective(reason=N_("somebody else could read it too"))
            _refused_to_strangers(bag, document)
        except MusetteError as error:
            # Whatever went wrong: narrow first, then say so.
            _take_back_or_say(bag, share_id, error)
            intents.here.forget(layout.grant(share_id))
            raise
        intents.here.forget(layout.grant(share_id))
    announced = _announce(bag, recipient, granted)
    return Shared(share_id, layout.grant(share_id), document, EFFECTIVE, announced)


def confirm(bag: Bag, share_id: str, probes: Iterable[Pod] = ()) -> Proof:
    """Prove that an opened dossier is open as meant, and note that it is. Raises NotEffective once it was taken back.

    Where nothing answers nothing is known: it stays noted as being opened, and is looked at again.
    """
    place = bag.layout.grant(share_id)
    document = resources.required(resources.read(bag.pod, place))
    proof = prove(bag, share_id, grants.read(document.graph), probes)
    if proof.holds:
        opening = frozenset(document.graph.triples((None, terms.UNDER_WAY, terms.OPERATION_SHARE)))
        if opening:
            marked(bag, document, Delta(out=opening))
        return proof
    if proof.open_to_others or not proof.silent:
        reason = (
            N_("somebody else could read it too")
            if proof.open_to_others
            else N_("its rules are not those that we wrote")
        )
        failure = NotEffective(reason=reason)
        _take_back_or_say(bag, share_id, failure)
        raise failure
    return proof


def _create_once(bag: Bag, iri: str, body: bytes) -> None:
    """A new document, or the same one from an earlier try of which nobody knew whether it had arrived."""
    try:
        resources.put(bag.pod, iri, body, syntax.TURTLE, {"If-None-Match": "*"})
    except (AlreadyThere, Unreachable) as error:
        found = resources.read(bag.pod, iri)
        if not found.exists:
            resources.put(bag.pod, iri, body, syntax.TURTLE, {"If-None-Match": "*"})
        elif _settled(found.graph) != _settled(syntax.parse(body, syntax.TURTLE, iri)):
            raise AlreadyThere(iri, error.status) from error


def _settled(graph: Graph) -> frozenset[Triple]:
    return frozenset(t for t in graph if t[1] != terms.UNDER_WAY)


def _open(bag: Bag, container: str, agent: str, share_id: str) -> Rules:
    try:
        return access.grant(bag.pod, container, agent, bag.owner, f"grant-{share_id}", fresh=True)
    except Unreachable:
        # Whether it was written nobody knows; the same rule written twice is one rule.
        return access.grant(bag.pod, container, agent, bag.owner, f"grant-{share_id}")


def _take_back_or_say(bag: Bag, share_id: str, error: MusetteError) -> None:
    """Raises Interrupted when the space does not answer any more: then nobody knows whether the dossier is open."""
    try:
        take_back(bag, share_id)
    except Unreachable as lost:
        raise Interrupted(lost.url, lost.status, host=lost.details.get("host", "")) from error


def _refused_to_strangers(bag: Bag, document: str) -> None:
    response = bag.pod.anonymous().send("GET", document, {"Accept": resources.ACCEPT})
    if response.status not in REFUSED:
        raise NotEffective(reason=N_("a stranger could read it too"))


def _announce(bag: Bag, recipient: Recipient, granted: Grant) -> bool:
    """Tell the recipient, where they said how; False when they did not or could not be told: the link can be sent.

    Their copy of the receipt travels in the letter.
    """
    if granted.until is None or granted.granted_at is None:
        return False
    ends = datetime.combine(granted.until, datetime.max.time(), UTC)
    return letters.send(
        bag.pod,
        recipient.inbox,
        terms.AS_ANNOUNCE,
        granted.dossier,
        recipient.webid,
        granted.title,
        granted.granted_at,
        name=granted.person_name,
        until=ends,
        reply_to=granted.request,
        receipt=receipts.of_grant(granted),
    )
