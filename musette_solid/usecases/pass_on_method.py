"""Pass a method of the bag on to others: look at exactly what they would read, publish it, take it back.

What was answered to it stays with the person.
"""

from datetime import datetime

from musette_solid.model import methods as model
from musette_solid.model.methods import Method, NotAMethod
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names
from musette_solid.usecases import bring_method
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import Shown, check_closed, close_to_all, open_to_all, signed
from musette_solid.usecases.take_out import Removed


def published(bag: Bag, key: str) -> Method | None:
    """What others read of it now; None when it is not published."""
    found = resources.read(bag.pod, bag.layout.common_method(key))
    try:
        return model.read(found.graph) if found.exists else None
    except NotAMethod:
        return None


def look(bag: Bag, key: str, licence: str, now: datetime) -> Shown[Method]:
    """Nothing is written. Raises NotThere, NoLicence, NotOursToPassOn, NotAMethod."""
    source = resources.read(bag.pod, bag.layout.method(key))
    if not source.exists:
        raise NotThere(source.iri, 404)
    method = model.read(source.graph)
    address = bag.layout.common_method(key)
    graph = bring_method.copied(source.graph, method, f"{address}#it")
    signed(bag, graph, f"{address}#it", method, licence, now)
    return Shown(graph, address, source.iri, model.read(graph), published(bag, key))


def pass_on(bag: Bag, key: str, licence: str, now: datetime, digest: str | None = None) -> str:
    """Publish it as it was looked at; the IRI that others take it up from. Raises what `look` and `open_to_all` raise."""
    return open_to_all(bag, look(bag, key, licence, now), now, digest)


def take_back(bag: Bag, key: str, now: datetime) -> None:
    """Nobody reads it any more; those who took it up keep what they took. Raises StillSeen."""
    close_to_all(bag, bag.layout.common_method(key), now)


def remove_method(bag: Bag, key: str, now: datetime) -> Removed:
    """Out of the bag, with what was published of it: both or neither. Raises NotThere, InUse, StillSeen."""
    if published(bag, key) is None:
        return bring_method.remove_method(bag, key, now)
    address = bag.layout.common_method(key)
    removed = bring_method.remove_method(bag, key, now, deletes=[names.resolve(address, "./")])
    check_closed(bag, address)
    return removed
