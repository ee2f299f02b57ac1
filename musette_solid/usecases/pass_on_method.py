"""Pass a method of the bag on to others: look at exactly what they would read, publish it under a licence, take it back.

As for tools (`pass_on`): a copy, alone in a container that everybody may read. Whoever takes it up keeps its licence, its maker and
where it comes from; what was answered to it stays with the person.
"""

from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.model import methods as model
from musette_solid.model.methods import Method, NotAMethod
from musette_solid.pod import resources, webid
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import bring_method
from musette_solid.usecases.bring_method import copied
from musette_solid.usecases.correct_activity import Removed
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pass_on import LICENCES, NoLicence, check_closed, close_to_all, open_to_all
from musette_solid.usecases.share import PreviewOutdated


class SaysNoLicence(MusetteError):
    what = N_("This method does not say that it may be passed on.")
    do = N_(
        "If it is yours, write its licence into its file and bring it again; if not, ask whoever made it. Nothing was published."
    )


@dataclass(frozen=True)
class ShownMethod:
    """Exactly what others would read; `address` is where. `public`: what they read of it now."""

    licence: str
    graph: Graph
    address: str
    public: Method | None

    @property
    def digest(self) -> str:
        return syntax.digest(self.graph)

    @property
    def seen(self) -> Method:
        return model.read(self.graph)


def published(bag: Bag, key: str) -> Method | None:
    """What others read of it now; None when it is not published."""
    found = resources.read(bag.pod, bag.layout.common_method(key))
    try:
        return model.read(found.graph) if found.exists else None
    except NotAMethod:
        return None


def licence_of(method: Method) -> str | None:
    """The one that whoever made it chose; None: the person chooses. Raises SaysNoLicence."""
    if method.license is None and (method.taken_from or method.creators):
        raise SaysNoLicence
    return method.license


def look(bag: Bag, key: str, licence: str, now: datetime) -> ShownMethod:
    """Nothing is written. Raises NotThere, NoLicence, SaysNoLicence, NotAMethod."""
    source = resources.read(bag.pod, bag.layout.method(key))
    if not source.exists:
        raise NotThere(source.iri, 404)
    method = model.read(source.graph)
    chosen = licence_of(method) or licence
    if chosen not in {*LICENCES, method.license}:
        raise NoLicence
    address = bag.layout.common_method(key)
    graph = _graph(bag, source.graph, method, f"{address}#it", chosen, now)
    return ShownMethod(chosen, graph, address, published(bag, key))


def _graph(bag: Bag, source: Graph, method: Method, iri: str, licence: str, now: datetime) -> Graph:
    graph, it = copied(source, method, iri), URIRef(iri)
    graph.add((it, terms.DCTERMS_LICENSE, URIRef(licence)))
    for creator in method.creators or ((bag.owner,) if not method.taken_from else ()):
        graph.add((it, terms.DCTERMS_CREATOR, URIRef(creator) if webid.is_web_address(creator) else Literal(creator)))
    for origin in method.taken_from:
        graph.add((it, terms.PROV_WAS_DERIVED_FROM, URIRef(origin)))
    midnight = datetime.combine(now.date(), datetime.min.time(), now.tzinfo)
    graph.add((it, terms.DCTERMS_CREATED, dates.moment(midnight)))
    return graph


def pass_on(bag: Bag, key: str, licence: str, now: datetime, digest: str | None = None) -> str:
    """Publish it as it was looked at; its address. What was published of it before is replaced.

    `digest`: of what the person looked at. Raises what `look` raises, PreviewOutdated, NotPublished (it was taken back), Interrupted.
    """
    shown = look(bag, key, licence, now)
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    open_to_all(bag, shown.address, shown.graph, bag.layout.method(key), now)
    return f"{shown.address}#it"


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
