"""The other side: what was I granted, and reading it. Nothing is kept: each look asks the person's space again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rdflib import Graph

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model.dossier import Dossier, NotADossier
from musette_solid.pod import resources
from musette_solid.pod.errors import SignInNeeded
from musette_solid.pod.http import Limits
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import is_web_address
from musette_solid.rdf import terms
from musette_solid.usecases import letters
from musette_solid.usecases.letters import Letter

#: A dossier of a thousand items is about a megabyte.
_DOSSIER = Limits(total_s=20, size_bytes=16 * 1024 * 1024)


class Ended(MusetteError):
    what = N_("This dossier was open until %(day)s: it has ended.")
    do = N_("Ask the person for a new one, if you still need it. Delete what you kept of it.")


def granted(pod: Pod) -> tuple[Letter, ...]:
    """The dossiers that somebody says they opened to me, the newest first. Raises NoInbox. Only opening one proves it."""
    return tuple(letter for letter in letters.received(pod) if letter.kind == terms.AS_ANNOUNCE)


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


def read_dossiers(pod: Pod, urls: Sequence[str], now: datetime) -> tuple[Opened | MusetteError, ...]:
    """Read many dossiers side by side, in the order of their addresses; one that cannot be read keeps none of the others."""

    def one(url: str) -> Opened | MusetteError:
        try:
            return read_dossier(pod, url, now)
        except SignInNeeded:
            raise
        except MusetteError as error:
            return error

    return tuple(pod.together([partial(one, url) for url in urls]))
