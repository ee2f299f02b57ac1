"""Leave: everything of the bag deleted from the person's space, and nothing left that points to it."""

from contextlib import suppress
from dataclasses import dataclass

from rdflib import URIRef

from musette_solid.pod import containers, discovery, resources, webid
from musette_solid.pod.errors import AccessRefused, NotThere, NotUnderstood, PodError, SignInNeeded
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import set_up, show_in_profile
from musette_solid.usecases.documents import marked, read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.unpublish import narrow


@dataclass(frozen=True)
class Gone:
    """What goes: the documents by name, how many shares close, and whether everybody can see a page now."""

    documents: tuple[str, ...]
    shares: int
    page: bool = False


def what_goes(bag: Bag) -> Gone:
    documents: list[str] = []

    inside: set[str] = set()

    def look(container: str) -> None:
        for member in containers.members(bag.pod, container):
            if member.is_container:
                inside.add(member.iri)
                look(member.iri)
            else:
                documents.append(member.iri.removeprefix(bag.layout.root))

    look(bag.layout.root)
    page = bag.layout.page.removeprefix(bag.layout.root)
    # javascript-solid-server shows the page in the place of the listing that would name it.
    if page not in documents and bag.layout.published in inside and resources.look(bag.pod, bag.layout.page)[0].ok:
        documents.append(page)
    return Gone(tuple(documents), sum(name.endswith("dossier.ttl") for name in documents), page in documents)


def leave(bag: Bag) -> None:
    """Delete the bag. What others can read goes first, what says where it was goes last; doing it again goes on.

    The bag itself says first that it goes, and is deleted last: should this be interrupted, signing in finds it.
    """
    with suppress(PodError):  # a damaged one cannot say it, and goes all the same
        it = resources.required(resources.read(bag.pod, bag.layout.bag))
        mark = (URIRef(bag.layout.bag + "#it"), terms.UNDER_WAY, terms.OPERATION_LEAVE)
        marked(bag, it, Delta(into=frozenset({mark}) - frozenset(it.graph)))
    narrow(bag)
    with suppress(
        AccessRefused, SignInNeeded, NotThere, NotUnderstood
    ):  # a profile that is not ours to write holds nothing
        show_in_profile.forget(bag)
    containers.remove(bag.pod, bag.layout.shares)
    profile = webid.profile(bag.pod.transport, bag.owner)
    try:
        card = resources.read(bag.pod, profile.url)
        inboxes = frozenset(
            t
            for t in card.graph.triples((URIRef(bag.owner), terms.LDP_INBOX, None))
            if bag.layout.letterbox_number(str(t[2]))
        )
        if inboxes:
            resources.change(bag.pod, card, Delta(out=inboxes))
    except (AccessRefused, SignInNeeded, NotThere, NotUnderstood):
        pass  # the profile is kept elsewhere, and not ours to write
    for member in containers.members(bag.pod, bag.layout.root):
        if member.is_container:
            containers.remove(bag.pod, member.iri)
        elif member.iri != bag.layout.bag:
            resources.delete(bag.pod, member.iri)
    _forget(bag, profile)
    containers.remove(bag.pod, bag.layout.root)


def is_begun(bag: Bag) -> bool:
    """Whether somebody began to leave, and was interrupted."""
    return set_up.says(bag, terms.OPERATION_LEAVE)


def _forget(bag: Bag, profile: webid.Profile) -> None:
    """Nothing in the index says any more where the bag was."""
    try:
        index = discovery.private_type_index(bag.pod, profile)
        if index.iri is None:
            return
        listed = read_documents(bag, (index.iri,)).resource(index.iri)
    except (AccessRefused, SignInNeeded, NotThere, NotUnderstood):
        return
    nodes = set(listed.graph.subjects(terms.SOLID_INSTANCE, URIRef(bag.layout.bag)))
    out = frozenset(t for t in listed.graph if t[0] in nodes)
    if out:
        resources.change(bag.pod, listed, Delta(out=out))
