"""What a server really does, found by asking it once and remembered: never by its name.

A server that follows the specifications is asked one question before the first patch that this process sends it, and its
first writes are read back; from then on nothing. What is remembered is about servers, not about people: it is shared by all
agents and forgotten after a day.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin

from rdflib import Literal, URIRef

from musette_solid.pod.errors import PodError
from musette_solid.pod.http import Response
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.rdf.names import origin

_A_DAY_S: Final = 24 * 3600
_SERVERS: Final = 10_000
#: A version that no document ever had.
_NO_VERSION: Final = '"musette-no-such-version"'


@dataclass(frozen=True)
class Capabilities:
    """What one server was seen to do; None where it has not shown yet."""

    patches: bool | None = None  # an N3 Patch whose deletions are not there is refused: it is a compare-and-swap
    keeps_patched: bool | None = None  # what a patch said was there afterwards, to the letter
    keeps_put: bool | None = None  # the same of a whole document
    drops: bool = False  # it said yes to something that it did not do: every write is read back
    if_match: bool | None = None  # a write for another version is refused
    turtle: bool | None = None  # it takes Turtle, and keeps what that says
    rules: str | None = None  # "wac" or "acp"

    def is_proved(self, method: str) -> bool:
        """Whether its yes to this method can be believed without looking."""
        kept = self.keeps_patched if method == "PATCH" else self.keeps_put
        return bool(kept) and not self.drops


_lock = threading.Lock()
_known: OrderedDict[str, tuple[float, Capabilities]] = OrderedDict()


def known(iri: str) -> Capabilities:
    """What is known of the server of `iri`."""
    with _lock:
        learnt_at, found = _known.get(origin(iri), (0.0, Capabilities()))
        return found if time.monotonic() - learnt_at < _A_DAY_S else Capabilities()


def learn(iri: str, **found: Any) -> None:
    """Remember more of the server of `iri`; the names are those of Capabilities."""
    before = known(iri)
    with _lock:
        learnt_at = _known.get(origin(iri), (time.monotonic(),))[0] if before != Capabilities() else time.monotonic()
        _known[origin(iri)] = (learnt_at, replace(before, **found))
        _known.move_to_end(origin(iri))
        while len(_known) > _SERVERS:
            _known.popitem(last=False)


def forget(iri: str | None = None) -> None:
    """Know nothing of one server any more, or of any."""
    with _lock:
        if iri is None:
            _known.clear()
        else:
            _known.pop(origin(iri), None)


def patches(pod: Pod, url: str) -> bool:
    """Whether to send N3 Patches where `url` is. One question, to an address where there is nothing: take out what is not there.

    A server that reads patches answers 409 (Solid Protocol 0.11, 5.3.1) and makes nothing; one that only says yes to
    everything says yes to this too (facts of javascript-solid-server 0.0.81), and is never sent a patch for a real document.
    """
    found = known(url).patches
    if found is not None:
        return found
    nowhere = _nowhere(url)
    absent = (URIRef(nowhere + "#it"), terms.DCTERMS_TITLE, Literal("nothing"))
    body = n3_patch(Delta(out=frozenset({absent})))
    response = pod.send("PATCH", nowhere, {"Content-Type": "text/n3"}, body)
    if response.ok:
        _tidy(pod, nowhere)
        learn(url, patches=False, drops=True)
        return False
    if response.status in {405, 415, 501}:
        learn(url, patches=False)
        return False
    if response.status in {404, 409, 412, 422}:
        learn(url, patches=True)
    return True  # refused for another reason, which the real patch will be told too; its result is looked at


def honours_if_match(pod: Pod, url: str) -> bool:
    """Whether a write for another version is refused here. Asked on a document of our own, and only where no patch will do."""
    found = known(url).if_match
    if found is not None:
        return found
    nowhere = _nowhere(url)
    try:
        # Some check the condition on what is absent, others only on what is there (RFC 9110 13.1.1 asks for both).
        for _ in range(2):
            response = put_empty(pod, nowhere, {"If-Match": _NO_VERSION})
            if response.status == 412:
                break
            if not response.ok:
                return False  # we may not ask here; the next document is another occasion
        learn(url, if_match=response.status == 412)
        return response.status == 412
    finally:
        _tidy(pod, nowhere)


def put_empty(pod: Pod, url: str, conditions: Mapping[str, str]) -> Response:
    """PUT an empty graph, in the form that the server takes; `conditions` may be any headers."""
    response = Response(url, 415, {})
    if known(url).turtle is not False:
        response = pod.send("PUT", url, {"Content-Type": "text/turtle", **conditions}, b"")
    if response.status == 415:
        learn(url, turtle=False)
        response = pod.send("PUT", url, {"Content-Type": "application/ld+json", **conditions}, b"[]")
    return response


def _nowhere(url: str) -> str:
    """An address beside `url` where there is nothing."""
    return urljoin(url, f"./musette-question-{secrets.token_hex(8)}.ttl")


def _tidy(pod: Pod, url: str) -> None:
    try:
        pod.send("DELETE", url)
    except PodError:
        return
