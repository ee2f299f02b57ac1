"""Close a share: the rule first, then the document; then ask the space whether it is really so."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from rdflib import Literal, URIRef

from musette_solid.model import grant as grants
from musette_solid.model.grant import Grant, State
from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import NotThere, PodError, RulesRefused
from musette_solid.pod.resources import Resource
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.clear_share import SOON, CannotBeCleared, clear, is_closed
from musette_solid.usecases.documents import marked
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.prove import REFUSED, prove


@dataclass(frozen=True)
class Revoked:
    """`verified`: the space itself answered that the dossier is gone, to its owner and to a stranger.

    `ended`: nothing takes its place; False for what was renewed. `cleared`: nothing is left of it; False where its recipient left
    so much beside it that deleting goes on (`clear_share`), unread by anybody but the owner.
    """

    share_id: str
    verified: bool
    ended: bool = True
    cleared: bool = True


def _close(bag: Bag, share_id: str) -> bool:
    """Only the owner may read from now on; then nothing is left to read; whether nothing is left at all.

    A share that never came to be is closed already. Should the space refuse the rule, deleting still closes: only when both
    fail is the failure raised.
    """
    container = bag.layout.share(share_id)
    try:
        access.make_private(bag.pod, container, bag.owner)
    except NotThere:
        return True
    except (PodError, RulesRefused):
        resources.delete(bag.pod, bag.layout.dossier(share_id))
    with suppress(PodError, RulesRefused):  # where it cannot be narrowed, it is deleted with the rest
        for member in containers.members(bag.pod, container):
            if member.is_container:  # where comments are left: rules of its own would outlive those above it
                access.make_private(bag.pod, member.iri, bag.owner, like=container)
    resources.delete(bag.pod, bag.layout.dossier(share_id))
    try:
        return clear(bag, share_id, most=SOON)
    except CannotBeCleared:
        return False


def revoke(bag: Bag, share_id: str, now: datetime) -> Revoked:
    """Raises NotThere when there is no such grant; any other failure is raised, the share closed or as it was.

    The grant says first that it is being closed. Where it cannot (it is damaged, it is gone), closing goes before.
    """
    place = bag.layout.grant(share_id)
    grant = None
    with suppress(PodError):  # closing does not wait for it
        grant = _closing(bag, resources.read(bag.pod, place))
    cleared = _close(bag, share_id)
    grant = resources.required(grant or resources.read(bag.pod, place))
    it = URIRef(grant.iri + "#it")
    if (it, terms.PROV_INVALIDATED_AT_TIME, None) not in grant.graph:
        ended = (
            it,
            terms.PROV_INVALIDATED_AT_TIME,
            Literal(now.isoformat(timespec="seconds"), datatype=terms.XSD_DATE_TIME),
        )
        marked(bag, grant, _instead(grant, ended) if cleared else Delta(into=frozenset({ended})))
    elif cleared and (it, terms.UNDER_WAY, None) in grant.graph:
        marked(bag, grant, Delta(out=frozenset(grant.graph.triples((it, terms.UNDER_WAY, None)))))
    left = [bag.layout.dossier(share_id)]
    if cleared and (it, terms.OA_ANNOTATION_SERVICE, None) in grant.graph:
        left.append(bag.layout.comments(share_id))  # its rules are its own
    answers = [resources.look(bag.pod, iri)[0].status for iri in left]
    stranger = bag.pod.anonymous().send("GET", left[0], {"Accept": resources.ACCEPT})
    gone = {403, 404, 410}.issuperset(answers) and stranger.status in REFUSED
    return Revoked(share_id, gone and (cleared or is_closed(bag, share_id)), cleared=cleared)


def _closing(bag: Bag, grant: Resource) -> Resource:
    """The grant, once it says that it is being closed; one that was closed before says so already."""
    it = URIRef(grant.iri + "#it")
    if not grant.exists or (it, terms.PROV_INVALIDATED_AT_TIME, None) in grant.graph:
        return grant
    return marked(bag, grant, _instead(grant, (it, terms.UNDER_WAY, terms.OPERATION_REVOKE)))


def _instead(document: Resource, triple: Triple) -> Delta:
    """This one, in place of whatever says what is under way."""
    said = frozenset(document.graph.triples((triple[0], terms.UNDER_WAY, None)))
    return Delta(said - {triple}, frozenset({triple}) - said)


def take_back(bag: Bag, share_id: str) -> None:
    """Undo a share that did not come to be what was meant: closed first, then nothing left of it."""
    _close(bag, share_id)
    resources.delete(bag.pod, bag.layout.grant(share_id))


@dataclass(frozen=True)
class ShareLine:
    share_id: str
    grant: Grant
    state: State

    @property
    def has_leftovers(self) -> bool:
        """Whether it is closed, and what its recipient left beside it is still being deleted."""
        return self.state == "revoked" and self.grant.under_way == terms.OPERATION_REVOKE

    @property
    def awaits_word(self) -> bool:
        """Whether its recipient may still say that nothing of it is left with them."""
        return self.state in {"revoked", "expired"} and self.grant.copies_deleted_at is None


@dataclass(frozen=True)
class Shares:
    lines: tuple[ShareLine, ...]
    unreadable: tuple[str, ...]


def list_shares(bag: Bag, today: date) -> Shares:
    """Every share ever made, the newest first. One that was opened and never looked at since is looked at now, once."""
    listed = [m for m in containers.members(bag.pod, bag.layout.grants) if m.iri.endswith(".ttl")]

    def one(iri: str) -> ShareLine | str | None:
        try:
            found = resources.read(bag.pod, iri)
            return _line(bag, found, today) if found.exists else None
        except PodError:
            return iri

    found = bag.pod.together([partial(one, member.iri) for member in listed])
    lines = [line for line in found if isinstance(line, ShareLine)]
    lines.sort(key=lambda line: line.grant.granted_at.isoformat() if line.grant.granted_at else "", reverse=True)
    return Shares(tuple(lines), tuple(line for line in found if isinstance(line, str)))


def _line(bag: Bag, document: Resource, today: date) -> ShareLine:
    grant = grants.read(document.graph)
    share_id = document.iri.rpartition("/")[2].removesuffix(".ttl")
    if grant.state(today) == "opening" and prove(bag, share_id, grant).holds:
        opening = frozenset(document.graph.triples((URIRef(grant.iri), terms.UNDER_WAY, None)))
        with suppress(PodError):  # said next time, then
            marked(bag, document, Delta(out=opening))
        grant = replace(grant, under_way=None)
    return ShareLine(share_id, grant, grant.state(today))


def expire(bag: Bag, now: datetime, shares: Shares | None = None) -> tuple[Revoked, ...]:
    """Close every share whose end has passed, or that was renewed; one that fails does not keep the others open.

    `shares`: when just listed.
    """
    lines = (shares or list_shares(bag, now.date())).lines
    renewed = {line.grant.replaces for line in lines if line.state == "active"}
    ended = [
        line for line in lines if line.state == "expired" or (line.state == "active" and line.grant.iri in renewed)
    ]
    closed = []
    for line in ended:
        is_last = line.grant.iri not in renewed
        try:
            closed.append(replace(revoke(bag, line.share_id, now), ended=is_last))
        except PodError:
            closed.append(Revoked(line.share_id, verified=False, ended=is_last))
    return tuple(closed)
