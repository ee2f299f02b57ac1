"""Find somebody's bag; or show what would be created, and create it, private from its first moment."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from rdflib import Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import access, containers, discovery, resources, webid
from musette_solid.pod.discovery import Storage
from musette_solid.pod.errors import AccessRefused, AlreadyThere, NotUnderstood, PodError, SignInNeeded
from musette_solid.pod.resources import Resource
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import Profile
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import marked
from musette_solid.usecases.layout import Bag, Layout

VERSION = "1"


class NoStorage(MusetteError):
    what = N_("We found no space of yours to keep a bag in.")
    do = N_("Ask the service that gave you your address for a personal space, then come back.")


class NotPrivate(MusetteError):
    what = N_("Your space lets strangers read what is put there, and did not accept our rule against it.")
    do = N_("Nothing of yours was written. Use another space, or ask the service that keeps it.")


@dataclass(frozen=True)
class Proposal:
    """The spaces a bag could be made in; several are a question to ask."""

    profile: Profile
    storages: tuple[Storage, ...]


def _holder(pod: Pod) -> str:
    if pod.webid is None:
        raise SignInNeeded("", 401)
    return pod.webid


def find(pod: Pod) -> Bag | None:
    """The bag of the agent who is signed in: from the private type index, then at the default place. None: not yet.

    Raises when an answer is missing: what cannot be read is not absent.
    """
    profile = webid.profile(pod.transport, _holder(pod), pod.cache)
    pod.meet(*profile.places)
    try:
        index = discovery.private_type_index(pod, profile)
        for place in discovery.registered(pod, index, terms.Musette):
            if _is_there(pod, place):
                return Bag(pod, Layout.of(place))
    except (AccessRefused, NotUnderstood):
        pass  # the index is not ours to read; the default place still is
    for storage in discovery.storages(pod, profile):
        layout = Layout.in_storage(storage.iri)
        try:
            if _is_there(pod, layout.bag):
                return Bag(pod, layout)
        except AccessRefused:
            continue
    return None


def _is_there(pod: Pod, place: str) -> bool:
    """A bag whose own document is damaged is a bag all the same: how else would it be put right?"""
    try:
        return resources.read(pod, place).exists
    except NotUnderstood as error:
        if error.status != 200:  # moved away, or another kind of thing
            raise
        return True


def propose(pod: Pod) -> Proposal:
    """Where a bag could be made. Raises NoStorage when there is nowhere."""
    profile = webid.profile(pod.transport, _holder(pod), pod.cache)
    pod.meet(*profile.places)
    storages = discovery.storages(pod, profile)
    if not storages:
        raise NoStorage
    return Proposal(profile, storages)


def creations(storage: str) -> tuple[str, ...]:
    """What `create` makes in a storage, in order."""
    layout = Layout.in_storage(storage)
    return (layout.root, layout.bag, layout.activities, layout.skills, layout.times, layout.inbox)


def create(pod: Pod, storage: str, now: datetime) -> Bag:
    """Make a bag: the owner's alone before anything is in it, announced to nobody. Doing it twice changes nothing."""
    holder = _holder(pod)
    profile = webid.profile(pod.transport, holder, pod.cache)
    pod.meet(*profile.places)
    layout = Layout.in_storage(storage)
    bag = Bag(pod, layout)
    if not containers.make(pod, layout.root):
        _ours_or_empty(pod, layout)
    access.make_private(pod, layout.root, holder)
    it = URIRef(layout.bag + "#it")
    about = syntax.graph_of(
        [
            (it, terms.RDF_TYPE, terms.Musette),
            (it, terms.HOLDER, URIRef(holder)),
            (it, terms.DCTERMS_CREATED, Literal(now.isoformat(timespec="seconds"), datatype=terms.XSD_DATE_TIME)),
            (it, terms.OWL_VERSION_INFO, Literal(VERSION)),
            # Until it is whole, it says so itself: whoever finds it goes on from there.
            (it, terms.UNDER_WAY, terms.OPERATION_SET_UP),
        ]
    )
    try:
        resources.create(pod, layout.bag, about)
    except AlreadyThere:
        made = False
    else:
        made = True
    _check_private(bag, made=made)
    for document in (layout.activities, layout.skills, layout.time(now.year)):
        # Born empty with their prefixes: what patches make on their own is correct and hard on the eyes.
        with suppress(AlreadyThere):
            resources.put(pod, document, syntax.prologue(), syntax.TURTLE, {"If-None-Match": "*"})
    discovery.register(pod, profile, storage, terms.Musette, layout.bag)
    if (layout.letterbox_number(profile.inbox or "") or 1) == 1:  # one that was followed by another stays closed
        containers.make(pod, layout.inbox)
        # What opens something comes last.
        access.open_inbox(pod, layout.inbox, holder)
    if profile.inbox is None:
        discovery.add_to_profile(pod, profile, webid.INBOX, layout.inbox)
    whole(bag, Resource(layout.bag).holding(about) if made else None)
    return bag


def is_unfinished(bag: Bag) -> bool:
    """Whether making this bag was interrupted."""
    return says(bag, terms.OPERATION_SET_UP)


def says(bag: Bag, operation: URIRef) -> bool:
    """Whether the bag says of itself that this is under way. A damaged one says nothing."""
    try:
        graph = resources.read(bag.pod, bag.layout.bag).graph
    except NotUnderstood:
        return False
    return (None, terms.UNDER_WAY, operation) in graph


def whole(bag: Bag, document: Resource | None = None) -> None:
    """The bag no longer says that it is being made."""
    document = document or resources.read(bag.pod, bag.layout.bag)
    mark = frozenset(document.graph.triples((None, terms.UNDER_WAY, terms.OPERATION_SET_UP)))
    if mark:
        marked(bag, document, Delta(out=mark))


def finish(bag: Bag, now: datetime) -> None:
    """Go on making a bag where it was interrupted."""
    profile = webid.profile(bag.pod.transport, bag.owner)
    for storage in discovery.storages(bag.pod, profile):
        if Layout.in_storage(storage.iri) == bag.layout:
            create(bag.pod, storage.iri, now)
            return
    whole(bag)


def _ours_or_empty(pod: Pod, layout: Layout) -> None:
    """A container of that name may be somebody else's work: it is only taken when it is a bag, or empty."""
    inside = {member.iri for member in containers.members(pod, layout.root)}
    if inside and layout.bag not in inside:
        raise AlreadyThere(layout.root, 409)


def _check_private(bag: Bag, *, made: bool) -> None:
    """Ask as a stranger. A space that answers is no place for a life; what we had just made there is taken back."""
    try:
        response, _ = resources.look(bag.pod.anonymous(), bag.layout.bag)
    except PodError:
        return
    if response.ok:
        if made:
            resources.delete(bag.pod, bag.layout.bag)
        raise NotPrivate
