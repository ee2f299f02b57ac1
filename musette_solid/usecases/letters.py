"""What came into a letterbox, as what it claims: a dossier opened, a request, a refusal, a question.

Anybody who is signed in may drop something there, under any name. A letter only says where to look: nothing is believed, and
nothing is fetched, before somebody opens it.
"""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.model import receipt as receipts
from musette_solid.model.receipt import Receipt
from musette_solid.pod import discovery, inbox, webid
from musette_solid.pod.errors import PodError, SignInNeeded, TooLarge, Unreachable
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import Profile, is_web_address
from musette_solid.rdf import names, terms

#: A dossier was opened, something is asked for, refused, asked back; a dossier was closed, and its copies deleted.
KINDS: Final = (
    *(terms.AS_ANNOUNCE, terms.AS_OFFER, terms.AS_REJECT, terms.AS_QUESTION),
    *(terms.AS_UNDO, terms.AS_DELETE),
)
#: One thing is announced or asked for once; these are said of one thing by many.
_BY_MANY: Final = frozenset({terms.AS_REJECT, terms.AS_QUESTION, terms.AS_UNDO, terms.AS_DELETE})
#: After a letterbox that could not be read, none is read again for so long.
REST_S: Final = 120
_OVERFULL: Final = "overfull"
#: Untrusted texts are cut to this.
_TITLE, _WORDS = 200, 2000

_CONTEXT: Final = {
    # Inline: a server that turns this into Turtle must not have to fetch one.
    "as": "https://www.w3.org/ns/activitystreams#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "actor": {"@id": "as:actor", "@type": "@id"},
    "content": "as:content",
    "endTime": {"@id": "as:endTime", "@type": "xsd:dateTime"},
    "inReplyTo": {"@id": "as:inReplyTo", "@type": "@id"},
    "name": "as:name",
    "object": {"@id": "as:object", "@type": "@id"},
    "result": {"@id": "as:result", "@type": "@id"},
    "published": {"@id": "as:published", "@type": "xsd:dateTime"},
    "summary": "as:summary",
    "target": {"@id": "as:target", "@type": "@id"},
}


class NoInbox(MusetteError):
    what = N_("You have no letterbox yet: nobody can tell you what they granted you.")
    do = N_("Open one, or open a dossier with the link that you were sent.")


class Overfull(MusetteError):
    what = N_("Your letterbox could not be read in time: somebody may have filled it.")
    do = N_(
        "Nothing is lost: a link that you were sent can still be opened here, and we try again in two minutes. If it stays so, open another letterbox."
    )


@dataclass(frozen=True)
class Letter:
    """What somebody says. `about` is a dossier or a request; `reply_to` the request that it answers."""

    iri: str
    kind: URIRef
    sender: str
    about: str
    title: str = ""
    words: str = ""
    name: str | None = None
    published: str | None = None
    until: str | None = None
    reply_to: str | None = None
    receipt: Receipt | None = None

    @property
    def host(self) -> str:
        """Where what it is about really lies: what the sender says of themselves is not proved."""
        return names.origin(self.about).partition("://")[2]


def received(pod: Pod) -> tuple[Letter, ...]:
    """The newest letters that can be read, one a thing, newest first. Raises NoInbox, Overfull, and as reading does."""
    if pod.webid is None:
        raise SignInNeeded("", 401)
    profile = webid.profile(pod.transport, pod.webid, pod.cache)
    place = profile.inbox
    if place is None:
        raise NoInbox
    pod.meet(*profile.places)
    found: dict[tuple[str, URIRef, str], Letter] = {}
    for message in messages(pod, place):
        for letter in read(message.iri, message.graph):
            who = letter.sender if letter.kind in _BY_MANY else ""
            found.setdefault((letter.about, letter.kind, who), letter)
    return tuple(sorted(found.values(), key=lambda letter: letter.published or "", reverse=True))


def messages(pod: Pod, place: str) -> tuple[inbox.Received, ...]:
    """The newest messages of a letterbox. Raises Overfull, for a while without asking again, and as reading does."""
    given_up: float | None = pod.cache.get(place, _OVERFULL)
    if given_up is not None and time.monotonic() - given_up < REST_S:
        raise Overfull
    try:
        return inbox.received(pod, place)
    except PodError as error:
        if (error.status or 0) < 500 and not isinstance(error, Unreachable | TooLarge):
            raise
        # A server that gives up on a letterbox is not made to try again by each page.
        pod.cache.put(place, time.monotonic(), 64, form=_OVERFULL, etag=_OVERFULL)
        raise Overfull from error


def lies_with(pod: Pod, iri: str, sender: Profile) -> bool:
    """Whether something lies in a storage that a profile names, or in the one that holds the profile: so it is theirs."""
    if sender.storages:
        return any(names.is_within(_container(storage), iri) for storage in sender.storages)
    root = discovery.storage_around(pod.anonymous(), sender.url)
    return root is not None and names.is_within(root, iri)


def _container(iri: str) -> str:
    return iri if iri.endswith("/") else iri + "/"


def read(iri: str, graph: Graph) -> Iterator[Letter]:
    """What one message says, whatever it claims."""
    kept = receipts.read(graph)
    for kind in KINDS:
        for node in sorted(graph.subjects(terms.RDF_TYPE, kind), key=str):

            def said(predicate: URIRef, about: Node = node) -> str | None:
                return next(iter(sorted(str(o) for o in graph.objects(about, predicate))), None)

            about, sender = said(terms.AS_OBJECT), said(terms.AS_ACTOR)
            if not (about and sender and is_web_address(about) and is_web_address(sender)):
                continue
            reply_to = said(terms.AS_IN_REPLY_TO)
            yield Letter(
                iri=iri,
                kind=kind,
                sender=sender,
                about=about,
                title=(said(terms.AS_SUMMARY) or "")[:_TITLE],
                words=(said(terms.AS_CONTENT) or "")[:_WORDS],
                name=(said(terms.AS_NAME, URIRef(sender)) or "")[:_TITLE] or None,
                published=said(terms.AS_PUBLISHED),
                until=said(terms.AS_END_TIME),
                reply_to=reply_to if reply_to and is_web_address(reply_to) else None,
                receipt=next((one for one in kept if one.dossier == about), None),
            )


def send(
    pod: Pod,
    place: str | None,
    kind: URIRef,
    about: str,
    to: str,
    title: str,
    now: datetime,
    *,
    name: str | None = None,
    words: str = "",
    until: datetime | None = None,
    reply_to: str | None = None,
    receipt: Receipt | None = None,
) -> bool:
    """Drop a letter; False when there is no letterbox (`place` None) or when it did not take it: a link can be sent.

    `receipt`: the receiver's copy, kept with the letter.
    """
    if place is None or pod.webid is None:
        return False
    pod.meet(place)
    letter: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{uuid.uuid4()}",
        "@type": "as:" + names.local(kind),
        # The name that the sender gives, so that letters can be told apart.
        "actor": {"@id": pod.webid, "name": name} if name else pod.webid,
        "object": about,
        "target": to,
        "summary": title,
        "published": now.isoformat(timespec="seconds"),
    }
    if words:
        letter["content"] = words[:_WORDS]
    if until:
        letter["endTime"] = until.isoformat(timespec="seconds")
    if reply_to:
        letter["inReplyTo"] = reply_to
    if receipt:
        letter["result"] = receipts.nested(receipt)
    try:
        inbox.send(pod, place, letter)
    except PodError:
        return False
    return True
