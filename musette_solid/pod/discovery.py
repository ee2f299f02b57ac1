"""Where a person's storage is, and where in it things of one kind are kept (type indexes)."""

from dataclasses import dataclass
from urllib.parse import urljoin

from rdflib import URIRef

from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import AccessRefused, NotAllowed, NotThere, SignInNeeded, Unreachable
from musette_solid.pod.links import STORAGE, TYPE
from musette_solid.pod.session import Pod
from musette_solid.pod.webid import PREFERENCES, PRIVATE_TYPE_INDEX, Profile
from musette_solid.pod.webid import STORAGE as STORAGE_PREDICATE
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.names import document, fragment, is_within

_SOLID = "http://www.w3.org/ns/solid/terms#"
_TYPE = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FOR_CLASS = URIRef(_SOLID + "forClass")
_INSTANCE = URIRef(_SOLID + "instance")
_INSTANCE_CONTAINER = URIRef(_SOLID + "instanceContainer")
_REGISTRATION = URIRef(_SOLID + "TypeRegistration")
_TYPE_INDEX = URIRef(_SOLID + "TypeIndex")
_UNLISTED = URIRef(_SOLID + "UnlistedDocument")
_CONFIGURATION = URIRef("http://www.w3.org/ns/pim/space#ConfigurationFile")


@dataclass(frozen=True)
class Storage:
    iri: str
    from_profile: bool  # False: found around the profile document, to be confirmed by the person


def storages(pod: Pod, profile: Profile) -> tuple[Storage, ...]:
    """The storages a person has; several are a question to ask. None in the profile: the one that holds the profile.

    The last is only proposed when its root says that it is a storage and the person controls it: a profile that lies in
    a storage does not mean that the storage is theirs (Solid26).
    """
    named = tuple(Storage(iri if iri.endswith("/") else iri + "/", True) for iri in profile.storages)
    if named:
        return named
    container = urljoin(profile.url, "./")
    while True:
        try:
            response, links = resources.look(pod, container)
        except (Unreachable, NotAllowed):
            return ()
        if links.has(TYPE, STORAGE):
            return (Storage(container, False),) if access.has_control(pod, response, links) else ()
        above = urljoin(container, "../")
        if above == container:
            return ()
        container = above


def storage_around(pod: Pod, url: str) -> str | None:
    """The storage that a resource lies in: the nearest container above that says it is one (Solid Protocol 4.1)."""
    container = urljoin(url, "./")
    while True:
        try:
            _, links = resources.look(pod, container)
        except (Unreachable, NotAllowed):
            return None
        if links.has(TYPE, STORAGE):
            return container
        above = urljoin(container, "../")
        if above == container:
            return None
        container = above


@dataclass(frozen=True)
class TypeIndex:
    """The private type index, or where it would be. `iri` None: neither there nor can we say where."""

    iri: str | None
    preferences: str | None


def private_type_index(pod: Pod, profile: Profile) -> TypeIndex:
    """Where the person's private index is. Raises AccessRefused, Unreachable...: unreadable is not absent."""
    if profile.private_type_indexes:
        return TypeIndex(profile.private_type_indexes[0], profile.preferences)
    if profile.preferences is None:
        return TypeIndex(None, None)
    preferences = resources.read(pod, profile.preferences)
    found = sorted(str(o) for o in preferences.graph.objects(URIRef(profile.webid), PRIVATE_TYPE_INDEX))
    return TypeIndex(found[0] if found else None, profile.preferences)


def registered(pod: Pod, index: TypeIndex, of_class: URIRef) -> tuple[str, ...]:
    """The documents registered for a class, sorted; nothing when there is no index."""
    if index.iri is None:
        return ()
    graph = resources.read(pod, index.iri).graph
    found: set[str] = set()
    for registration in graph.subjects(_FOR_CLASS, of_class):
        for predicate in (_INSTANCE, _INSTANCE_CONTAINER):
            found.update(str(o) for o in graph.objects(registration, predicate) if isinstance(o, URIRef))
    return tuple(sorted(found)[:50])


def register(pod: Pod, profile: Profile, storage: str, of_class: URIRef, instance: str) -> bool:
    """Say in the private type index where things of a class are; make the index, and link it, where that is permitted.

    False when the person's space does not let us: things then lie at the default place, and nothing is lost.
    """
    try:
        index = private_type_index(pod, profile)
        iri = index.iri or _new_index(pod, profile, index.preferences, storage)
        if instance in registered(pod, TypeIndex(iri, index.preferences), of_class):
            return True
        node = URIRef(f"{document(iri)}#{fragment('r')}")
        resources.insert(
            pod,
            iri,
            syntax.graph_of(
                [(node, _TYPE, _REGISTRATION), (node, _FOR_CLASS, of_class), (node, _INSTANCE, URIRef(instance))]
            ),
        )
    except (AccessRefused, SignInNeeded, NotThere):
        return False
    return True


def _new_index(pod: Pod, profile: Profile, preferences: str | None, storage: str) -> str:
    """An owner-only index in the storage, linked from the preferences, or from the profile where there are none."""
    me = URIRef(profile.webid)
    settings = urljoin(storage, "settings/")
    # Empty: it may be ours from a time when we were interrupted here.
    if containers.make(pod, settings) or not containers.members(pod, settings):
        access.make_private(pod, settings, profile.webid)
    index = settings + "privateTypeIndex.ttl"
    if not resources.read(pod, index).exists:
        node = URIRef(index)
        resources.create(pod, index, syntax.graph_of([(node, _TYPE, _TYPE_INDEX), (node, _TYPE, _UNLISTED)]))
    if preferences is None:
        preferences = settings + "prefs.ttl"
        if not resources.read(pod, preferences).exists:
            resources.create(pod, preferences, syntax.graph_of([(URIRef(preferences), _TYPE, _CONFIGURATION)]))
        if is_within(storage, profile.url):
            card = resources.required(resources.read(pod, profile.url))
            resources.change(pod, card, Delta(into=frozenset({(me, PREFERENCES, URIRef(preferences))})))
    resources.insert(pod, preferences, syntax.graph_of([(me, PRIVATE_TYPE_INDEX, URIRef(index))]))
    return index


def add_to_profile(pod: Pod, profile: Profile, predicate: URIRef, value: str) -> bool:
    """Add one public statement about the person to their profile document; False when we may not write there."""
    try:
        card = resources.required(resources.read(pod, profile.url))
        statement = (URIRef(profile.webid), predicate, URIRef(value))
        if statement in card.graph:
            return True
        resources.change(pod, card, Delta(into=frozenset({statement})))
    except (AccessRefused, SignInNeeded, NotThere):
        return False
    return True


def replace_in_profile(pod: Pod, profile: Profile, predicate: URIRef, value: str) -> bool:
    """Say this about the person in place of whatever their profile document says by this property; False as above."""
    try:
        card = resources.required(resources.read(pod, profile.url))
        it = URIRef(profile.webid)
        said, statement = frozenset(card.graph.triples((it, predicate, None))), (it, predicate, URIRef(value))
        if said != {statement}:
            resources.change(pod, card, Delta(said - {statement}, frozenset({statement}) - said))
    except (AccessRefused, SignInNeeded, NotThere):
        return False
    return True


__all__ = [
    "STORAGE_PREDICATE",
    "Storage",
    "TypeIndex",
    "add_to_profile",
    "private_type_index",
    "register",
    "registered",
    "replace_in_profile",
    "storages",
]
