"""Close a share: the rule first, then the document; then ask the space whether it is really so."""

from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Literal, URIRef

from musette_solid.model import grant as grants
from musette_solid.model.grant import Grant
from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import NotThere, PodError, RulesRefused
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Revoked:
    """`verified`: the space itself answered that the dossier is gone."""

    share_id: str
    verified: bool


def _close(bag: Bag, share_id: str) -> None:
    """Only the owner may read from now on; then nothing is left to read. A share that never came to be is closed already.

    Should the space refuse the rule, deleting still closes: only when both fail is the failure raised.
    """
    container = bag.layout.share(share_id)
    try:
        access.make_private(bag.pod, container, bag.owner)
    except NotThere:
        return
    except (PodError, RulesRefused):
        resources.delete(bag.pod, bag.layout.dossier(share_id))
    containers.remove(bag.pod, container)


def revoke(bag: Bag, share_id: str, now: datetime) -> Revoked:
    """Raises NotThere when there is no such grant; any other failure is raised, the share closed or as it was."""
    _close(bag, share_id)
    grant = resources.required(resources.read(bag.pod, bag.layout.grant(share_id)))
    it = URIRef(grant.iri + "#it")
    if (it, terms.PROV_INVALIDATED_AT_TIME, None) not in grant.graph:
        ended = Literal(now.isoformat(timespec="seconds"), datatype=terms.XSD_DATE_TIME)
        resources.insert(bag.pod, grant.iri, syntax.graph_of([(it, terms.PROV_INVALIDATED_AT_TIME, ended)]))
    response, _ = resources.look(bag.pod, bag.layout.dossier(share_id))
    return Revoked(share_id, response.status in {403, 404, 410})


def take_back(bag: Bag, share_id: str) -> None:
    """Undo a share that did not come to be what was meant: closed first, then nothing left of it."""
    _close(bag, share_id)
    resources.delete(bag.pod, bag.layout.grant(share_id))


@dataclass(frozen=True)
class ShareLine:
    share_id: str
    grant: Grant
    state: str  # active, expired, revoked


@dataclass(frozen=True)
class Shares:
    lines: tuple[ShareLine, ...]
    unreadable: tuple[str, ...]


def list_shares(bag: Bag, today: date) -> Shares:
    """Every share ever made, the newest first."""
    listed = [m for m in containers.members(bag.pod, bag.layout.grants) if m.iri.endswith(".ttl")]

    def one(iri: str) -> Grant | str | None:
        try:
            found = resources.read(bag.pod, iri)
            return grants.read(found.graph) if found.exists else None
        except PodError:
            return iri

    found = bag.pod.together([lambda m=m: one(m.iri) for m in listed])  # type: ignore[misc]
    lines = [
        ShareLine(str(g.iri).rpartition("/")[2].partition(".ttl")[0], g, g.state(today))
        for g in found
        if isinstance(g, Grant)
    ]
    lines.sort(key=lambda line: line.grant.granted_at.isoformat() if line.grant.granted_at else "", reverse=True)
    return Shares(tuple(lines), tuple(g for g in found if isinstance(g, str)))


def expire(bag: Bag, now: datetime) -> tuple[Revoked, ...]:
    """Close every share whose end has passed; one that fails does not keep the others open."""
    ended = [line for line in list_shares(bag, now.date()).lines if line.state == "expired"]
    closed = []
    for line in ended:
        try:
            closed.append(revoke(bag, line.share_id, now))
        except PodError:
            closed.append(Revoked(line.share_id, verified=False))
    return tuple(closed)
