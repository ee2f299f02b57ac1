"""The other side: what was I granted, and reading it. Nothing is kept: each look asks the person's space again."""

from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model.dossier import Dossier, NotADossier
from musette_solid.pod import inbox, resources, webid
from musette_solid.pod.errors import SignInNeeded
from musette_solid.pod.http import Limits
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import is_web_address
from musette_solid.rdf import names, terms

#: A dossier of a thousand items is about a megabyte.
_DOSSIER = Limits(total_s=20, size_bytes=16 * 1024 * 1024)


class NoInbox(MusetteError):
    what = N_("You have no letterbox yet: nobody can tell you what they granted you.")
    do = N_("Open one, or open a dossier with the link that you were sent.")


class Ended(MusetteError):
    what = N_("This dossier was open until %(day)s: it has ended.")
    do = N_("Ask the person for a new one, if you still need it. Delete what you kept of it.")


@dataclass(frozen=True)
class Announcement:
    """What somebody says they granted. Only opening the dossier proves it."""

    iri: str
    dossier: str
    sender: str
    title: str
    published: str | None
    until: str | None
    name: str | None = None

    @property
    def host(self) -> str:
        """Where the dossier really lies: what the sender says of themselves is not proved."""
        return names.origin(self.dossier).partition("://")[2]


def granted(pod: Pod) -> tuple[Announcement, ...]:
    """The announcements that came, the newest first; one a dossier. Raises NoInbox."""
    if pod.webid is None:
        raise SignInNeeded("", 401)
    profile = webid.profile(pod.transport, pod.webid)
    place = profile.inbox
    if place is None:
        raise NoInbox
    pod.meet(*profile.places)
    found: dict[str, Announcement] = {}
    for message in inbox.received(pod, place):
        announcement = _announcement(message.iri, message.graph)
        if announcement is not None:
            found.setdefault(announcement.dossier, announcement)
    return tuple(sorted(found.values(), key=lambda a: a.published or "", reverse=True))


def _announcement(iri: str, graph: Graph) -> Announcement | None:
    for node in sorted(graph.subjects(terms.RDF_TYPE, terms.AS_ANNOUNCE), key=str):

        def said(predicate: URIRef, node: Node = node) -> str | None:
            return next(iter(sorted(str(o) for o in graph.objects(node, predicate))), None)

        dossier, sender = said(terms.AS_OBJECT), said(terms.AS_ACTOR)
        if dossier and sender and is_web_address(dossier) and is_web_address(sender):
            title = (said(terms.AS_SUMMARY) or "")[:200]
            name = (said(terms.AS_NAME, URIRef(sender)) or "")[:200] or None
            return Announcement(iri, dossier, sender, title, said(terms.AS_PUBLISHED), said(terms.AS_END_TIME), name)
    return None


@dataclass(frozen=True)
class Opened:
    url: str
    dossier: Dossier
    graph: Graph
    turtle: bytes
    read_at: datetime


def read_dossier(pod: Pod, url: str, now: datetime) -> Opened:
    """Read a dossier as the agent who is signed in.

    Raises AccessRefused (not granted, or not any more), Ended (no server ends a rule by itself: the end is ours to honour),
    NotADossier, Unreachable, NotUnderstood.
    """
    if not is_web_address(url.strip()):
        raise NotADossier
    pod.meet(url.strip())  # whoever opens a dossier shows who they are: it is open to them alone
    found = resources.read(pod, url.strip(), limits=_DOSSIER)
    # What a recipient reads is never remembered: the next look asks again, and a revoked dossier is gone.
    pod.cache.forget(found.iri)
    if not found.exists or (None, terms.RDF_TYPE, terms.Dossier) not in found.graph:
        raise NotADossier
    dossier = dossiers.read(found.graph)
    if dossier.until is not None and dossier.is_expired(now.date()):
        raise Ended(day=dossier.until.isoformat())
    return Opened(found.iri, dossier, found.graph, found.body, now)
