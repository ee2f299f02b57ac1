"""How a storage tells that a document changed: what it offers, how to subscribe, what a message says.

Two protocols, the first that the storage offers:

- WebSocketChannel2023 (Solid Notifications Protocol 0.3.0), found in the storage description; the subscription is a signed
  POST to the storage's own origin, and asks for the present state, so that the first message proves that the channel works;
- `Updates-Via` (`sub`, `ack`, `pub`: node-solid-server, javascript-solid-server), one connection a person and origin
  (`updates_via`).

Who listens, to what and for how long, is said in `channels`.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from rdflib import Graph, URIRef

from musette_solid.pod.errors import NoChannel
from musette_solid.pod.http import SMALL, Response
from musette_solid.pod.links import STORAGE_DESCRIPTION, links
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import origin

_NOTIFY = "http://www.w3.org/ns/solid/notifications#"
_WEB_SOCKET = _NOTIFY + "WebSocketChannel2023"
_SUBSCRIPTION = URIRef(_NOTIFY + "subscription")
_CHANNEL_TYPE = URIRef(_NOTIFY + "channelType")
_FEATURE = URIRef(_NOTIFY + "feature")
_STATE = URIRef(_NOTIFY + "state")

#: The context that CSS has built in, then the one of the specification, which CSS would have to fetch (it answers 422).
_CONTEXTS = (
    "https://www.w3.org/ns/solid/notification/v1",
    "https://www.w3.org/ns/solid/notifications-context/v1",
)


@dataclass(frozen=True)
class Service:
    """Where a storage takes subscriptions. One of the two is there."""

    subscribe_at: str | None = None
    tells_state: bool = False
    updates_via: str | None = None


def service(pod: Pod, iri: str) -> Service:
    """How the storage of `iri` tells of changes. Raises NoChannel, and what asking raises."""
    response = pod.send("HEAD", iri, {"Accept": ACCEPT}, limits=SMALL)
    if response.status in {401, 403}:
        raise pod.failure(response)
    description = links(response).first(STORAGE_DESCRIPTION)
    if description is not None and origin(description) == origin(iri):
        found = _described(pod, description, iri)
        if found is not None:
            return found
    updates_via = response.headers.get("Updates-Via", "")
    if updates_via:
        try:
            place = urljoin(response.url, updates_via)
        except ValueError as error:  # no address at all
            raise NoChannel(iri) from error
        # What signs requests goes to the storage's own origin and nowhere else; so does a connection that it opens.
        if web(place) and origin(web(place)) == origin(iri):
            return Service(updates_via=place)
    raise NoChannel(iri)


def _described(pod: Pod, description: str, iri: str) -> Service | None:
    response = pod.send("GET", description, {"Accept": ACCEPT}, limits=SMALL)
    if not response.ok:
        return None
    try:
        graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), response.url)
    except syntax.NotRdf:
        return None
    return _offered(graph, iri)


def _offered(graph: Graph, iri: str) -> Service | None:
    services = {str(o) for o in graph.objects(None, _SUBSCRIPTION) if isinstance(o, URIRef)}
    for place in sorted(services):
        node = URIRef(place)
        if (node, _CHANNEL_TYPE, URIRef(_WEB_SOCKET)) in graph and origin(place) == origin(iri):
            return Service(subscribe_at=place, tells_state=(node, _FEATURE, _STATE) in graph)
    return None


@dataclass(frozen=True)
class Subscription:
    """A channel that was granted: where it is listened to, and what ends it."""

    receive_from: str
    id: str | None


def subscribe(pod: Pod, at: Service, topic: str) -> Subscription:
    """Ask for a WebSocketChannel2023 about one document. Raises NoChannel, SignInNeeded, Unreachable."""
    if at.subscribe_at is None:
        raise NoChannel(topic)
    response: Response | None = None
    for context in _CONTEXTS:
        asked = {"@context": [context], "type": _WEB_SOCKET, "topic": topic}
        if at.tells_state:
            asked["state"] = "none"  # no ETag looks like this: the present state is sent as soon as we listen
        headers = {"Content-Type": syntax.JSON_LD, "Accept": syntax.JSON_LD}
        response = pod.send("POST", at.subscribe_at, headers, json.dumps(asked).encode(), limits=SMALL)
        if response.ok:
            return _granted(response, topic)
        if response.status not in {400, 415, 422}:
            break
    if response is not None and (response.status >= 500 or response.status == 429):
        raise pod.failure(response)
    raise NoChannel(topic, response.status if response else 0)


def _granted(response: Response, topic: str) -> Subscription:
    try:
        answer = json.loads(response.body)
        receive_from = _iri(answer, "receiveFrom")
    except (ValueError, RecursionError) as error:
        raise NoChannel(topic) from error
    if not web(receive_from):
        raise NoChannel(topic)
    name = _iri(answer, "id")
    return Subscription(receive_from, name if name and origin(name) == origin(topic) else None)


def _iri(answer: Any, name: str) -> str:
    """The IRI of a member of an answer: as compacted by the context of the protocol, or with its prefix or in full."""
    if not isinstance(answer, dict):
        return ""
    for key in (name, f"@{name}", f"notify:{name}", _NOTIFY + name):
        found = answer.get(key)
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = found.get("id") or found.get("@id")
        if isinstance(found, str):
            return found
    return ""


def web(address: str) -> str:
    """The http(s) address that says the same as a ws(s) one; "" when it is none."""
    scheme, colon, rest = address.partition(":")
    same = {"ws": "http", "wss": "https"}.get(scheme.lower())
    return f"{same}{colon}{rest}" if same else ""


def state_of(message: str | bytes, url: str) -> str | None:
    """The ETag that a message says `url` has now; None when it says none that we understand."""
    try:
        said = json.loads(message)
        state = said.get("state") if said.get("object") == url else None
    except (ValueError, RecursionError, AttributeError):
        return None
    return state if isinstance(state, str) else None


__all__ = ["NoChannel", "Service", "Subscription", "service", "state_of", "subscribe", "web"]
