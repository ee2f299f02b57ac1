"""Withdraw the page that everybody could see: the rule first, then the page; then ask, as a stranger, whether it is so."""

from dataclasses import dataclass, replace
from datetime import datetime

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import portfolio as portfolios
from musette_solid.model.portfolio import IT, Portfolio
from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import NotThere, NotUnderstood, PodError, RulesRefused
from musette_solid.pod.resources import Resource
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import marked
from musette_solid.usecases.layout import Bag

#: What a stranger must be answered once it is withdrawn.
CLOSED = frozenset({401, 403, 404, 410})


class NotWithdrawn(MusetteError):
    what = N_("The page can still be seen: your space did not close it.")
    do = N_(
        "Try again in a minute. If it stays so, ask the service that keeps your space to delete the folder “portfolio”."
    )


@dataclass(frozen=True)
class Withdrawn:
    """`verified`: the space itself answered a stranger that there is nothing to see."""

    verified: bool


def withdraw(bag: Bag, now: datetime) -> Withdrawn:
    """Doing it again changes nothing. Raises NotWithdrawn when a stranger still sees it."""
    document: Resource | None = None
    try:
        document = resources.read(bag.pod, bag.layout.portfolio)
        document = _say(bag, document, now, terms.OPERATION_UNPUBLISH)
    except NotUnderstood:
        document = None  # closing does not wait for what is damaged
    narrow(bag)
    if document is not None:
        _say(bag, document, now, None)
    return Withdrawn(verified=True)


def _say(bag: Bag, document: Resource, now: datetime, under_way: URIRef | None) -> Resource:
    it = portfolios.read(document.graph, bag.layout.portfolio, IT)
    if it is None or it.state == "withdrawn":
        return document
    said = frozenset(portfolios.graph_of_portfolio(_closed(it, now, under_way)))
    before = frozenset(document.graph.triples((URIRef(it.iri), None, None)))
    return marked(bag, document, Delta(before - said, said - before))


def _closed(it: Portfolio, now: datetime, under_way: URIRef | None) -> Portfolio:
    return replace(it, withdrawn_at=now, under_way=under_way)


def narrow(bag: Bag) -> None:
    """Nobody sees the page any more. Raises NotWithdrawn, Unreachable."""
    close(bag, bag.layout.published, bag.layout.page)


def close(bag: Bag, container: str, file: str) -> None:
    """Nobody but the owner, then nothing left; and a stranger is asked. Raises NotWithdrawn, Unreachable."""
    try:
        access.make_private(bag.pod, container, bag.owner)
    except NotThere:
        pass
    except (PodError, RulesRefused):
        # Deleting closes too: only when both fail is the failure raised.
        resources.delete(bag.pod, file)
    try:
        containers.remove(bag.pod, container)
    except NotUnderstood:
        # javascript-solid-server shows the page in the place of the listing.
        resources.delete(bag.pod, file)
        containers.remove(bag.pod, container)
    answer = bag.pod.anonymous().send("GET", file, {"Accept": "text/html, */*;q=0.1"})
    if answer.status not in CLOSED:
        raise NotWithdrawn
