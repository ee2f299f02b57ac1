"""An organisation asks: the request lies in its own space, where whoever has the link can read it.

It names nobody, so one request and one link serve for many people; it is the organisation's space that proves who asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import request as requests_
from musette_solid.model.intent import Intent
from musette_solid.model.receipt import Receipt
from musette_solid.model.request import AccessRequest, Need, NotARequest, graph_of_request
from musette_solid.pod import access, containers, resources, webid
from musette_solid.pod.errors import AccessRefused, PodError, Unreachable
from musette_solid.rdf import names, terms
from musette_solid.usecases import letters
from musette_solid.usecases.intents import under_way
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import Letter, NoInbox, Overfull
from musette_solid.usecases.share import check_recipient, new_id


class NotPublished(MusetteError):
    what = N_("Your space did not publish it as it was meant.")
    do = N_("It was taken back: nobody can see it. Try again, or ask the service that keeps your space.")


@dataclass(frozen=True)
class Published:
    request_id: str
    request: AccessRequest


def ask(
    bag: Bag,
    title: str,
    purpose: URIRef,
    days: int,
    needs: tuple[Need, ...],
    notice: Mapping[str, str],
    now: datetime,
    *,
    replaces: str | None = None,
) -> Published:
    """Publish a request. Raises BadRequest before anything is written, NotPublished; a step that fails leaves nothing public.

    `replaces`: the receipt of what it asks to renew.
    """
    request_id = new_id()
    document = bag.layout.request(request_id)
    name = webid.profile(bag.pod.transport, bag.owner).name
    request = AccessRequest(
        f"{document}#it", bag.owner, name, title.strip(), purpose, days, needs, dict(notice), now, replaces
    )
    graph, container = graph_of_request(request), names.resolve(document, "./")
    with under_way(bag, terms.OPERATION_PUBLISH, now, makes=[container]):
        resources.create(bag.pod, document, graph)
        access.publish(bag.pod, container, bag.owner)
        # What nobody can read cannot be answered: the first reader is a stranger.
        try:
            resources.required(resources.read(bag.pod.anonymous(), document))
        except Unreachable:
            raise
        except PodError as error:  # to a stranger: it does not mean that we have to sign in again
            raise NotPublished from error
    return Published(request_id, request)


def is_published(bag: Bag, intent: Intent) -> bool:
    """Whether a stranger can read what was to be published: then publishing had come to its end."""
    # A request, or a tool or a method that is passed on: each alone in its container.
    inside = {True: ("tool.ttl", "method.ttl"), False: ("request.ttl",)}
    shown = [
        [made + name for name in inside[names.is_within(bag.layout.commons, made)]] if made.endswith("/") else [made]
        for made in intent.makes
    ]
    stranger = bag.pod.anonymous()
    return all(any(stranger.send("GET", iri, {"Accept": resources.ACCEPT}).ok for iri in one) for one in shown)


def withdraw(bag: Bag, request_id: str, now: datetime | None = None) -> None:
    """Take a request back: nobody can read or answer it any more. What was opened because of it stays until its end."""
    container = names.resolve(bag.layout.request(request_id), "./")
    with under_way(bag, terms.OPERATION_UNPUBLISH, now or datetime.now(UTC), deletes=[container]):
        containers.remove(bag.pod, container)


def send(bag: Bag, request: AccessRequest, to: str, now: datetime) -> bool:
    """Tell somebody about a request; False when they have no letterbox: then the link can be sent. Raises RecipientRefused."""
    person = check_recipient(bag, to)
    return letters.send(
        bag.pod,
        person.inbox,
        terms.AS_OFFER,
        request.iri,
        person.webid,
        request.title,
        now,
        name=request.sender_name,
    )


def ask_again(bag: Bag, receipt: Receipt, now: datetime) -> tuple[Published, bool]:
    """Ask to prolong what a receipt says, for as long as before; whether the person could be told.

    What is published names neither the person nor the dossier: the receipt's name is known to the two of them only.
    """
    days = min(max((receipt.until - receipt.given_at.date()).days, 1), requests_.LONGEST_DAYS)
    made = ask(bag, receipt.title or receipt.iri, receipt.purpose, days, (), {}, now, replaces=receipt.iri)
    return made, send(bag, made.request, receipt.person, now)


@dataclass(frozen=True)
class Asked:
    """One of my requests, and what came back, as its senders say: dossiers opened, refusals, questions."""

    request_id: str
    request: AccessRequest
    replies: tuple[Letter, ...]


def list_asked(bag: Bag, came: Iterable[Letter] | None = None) -> tuple[Asked, ...]:
    """The newest first; a request that cannot be read is left out. `came`: what is in the letterbox, when it was just read."""
    folders = [m.iri for m in containers.members(bag.pod, bag.layout.requests) if m.is_container]

    def one(container: str) -> tuple[str, AccessRequest] | None:
        try:
            found = resources.read(bag.pod, container + "request.ttl")
            return names.local(container), requests_.read(found.graph)
        except (PodError, NotARequest):
            return None

    if came is None:
        try:
            came = letters.received(bag.pod)
        except (NoInbox, Overfull, AccessRefused):
            came = ()
    replies = [letter for letter in came if letter.reply_to]
    found = [pair for pair in bag.pod.together([partial(one, folder) for folder in folders]) if pair]
    asked = [
        Asked(request_id, request, tuple(letter for letter in replies if letter.reply_to == request.iri))
        for request_id, request in found
    ]
    long_ago = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(asked, key=lambda one: one.request.issued or long_ago, reverse=True))
