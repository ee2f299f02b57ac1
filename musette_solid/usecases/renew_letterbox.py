"""Another letterbox beside one that was flooded: the old one takes nothing any more, the new one is announced last.

Anybody who has an account somewhere may drop letters, under any name: whoever fills a letterbox keeps nobody from being written to
for longer than it takes to open another.
"""

from contextlib import suppress
from dataclasses import dataclass

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import access, containers, discovery, resources, webid
from musette_solid.pod.errors import NotThere
from musette_solid.pod.wac import AUTHENTICATED, Mode
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import set_up
from musette_solid.usecases.documents import marked
from musette_solid.usecases.layout import Bag, Layout


class CannotAnnounce(MusetteError):
    what = N_("Another letterbox cannot be announced: your public profile is kept elsewhere, and is not ours to write.")
    do = N_("Nothing was changed. Ask the service that keeps your profile.")


@dataclass(frozen=True)
class Letterboxes:
    """`current`: the one that is announced; `old`: those of the bag that are not, the newest first."""

    current: str | None
    old: tuple[str, ...]


def letterboxes(bag: Bag) -> Letterboxes:
    """Two requests, however full they are."""
    current = webid.profile(bag.pod.transport, bag.owner, bag.pod.cache).inbox
    found = {
        number: member.iri
        for member in containers.members(bag.pod, bag.layout.root)
        if (number := bag.layout.letterbox_number(member.iri)) and member.iri != current
    }
    return Letterboxes(current, tuple(found[number] for number in sorted(found, reverse=True)))


def renew(bag: Bag, seen: str | None = None) -> str:
    """The letterbox that is announced from now on. Raises CannotAnnounce, and as writing does.

    `seen`: the one that the person wants to be followed by another; where that was done already, nothing is. Where it is interrupted in the middle, the bag says so, and it is finished at the next sign-in. A letterbox that is not in
    the bag stays as it is: other applications may use it.
    """
    profile, layout = webid.profile(bag.pod.transport, bag.owner), bag.layout
    if seen and profile.inbox and profile.inbox != seen and not is_begun(bag):
        return profile.inbox
    old, fresh = profile.inbox, _next(layout, profile.inbox)
    _mark(bag)
    is_ours = old is not None and layout.letterbox_number(old) is not None
    if old is not None and is_ours:
        with suppress(NotThere):
            access.make_private(bag.pod, old, bag.owner, like=layout.root)
    containers.make(bag.pod, fresh)
    access.open_inbox(bag.pod, fresh, bag.owner)
    if not discovery.replace_in_profile(bag.pod, profile, webid.INBOX, fresh):
        if old is not None and is_ours:
            access.open_inbox(bag.pod, old, bag.owner, like=layout.root)
        containers.remove(bag.pod, fresh)
        _unmark(bag)
        raise CannotAnnounce
    _unmark(bag)
    return fresh


def _next(layout: Layout, old: str | None) -> str:
    return layout.letterbox((layout.letterbox_number(old or "") or 0) + 1)


def is_begun(bag: Bag) -> bool:
    return set_up.says(bag, terms.OPERATION_RENEW_LETTERBOX)


def finish(bag: Bag) -> None:
    """Go on where it was interrupted: a letterbox that is announced takes letters."""
    current = webid.profile(bag.pod.transport, bag.owner).inbox
    if current is not None and bag.layout.letterbox_number(current):
        rules = access.rules(bag.pod, current, like=bag.layout.root)
        if Mode.APPEND in rules.agents(inherited=False).get(AUTHENTICATED, ()):
            _unmark(bag)
            return
    renew(bag)


def _statement(bag: Bag) -> tuple[URIRef, URIRef, URIRef]:
    return (URIRef(bag.layout.bag + "#it"), terms.UNDER_WAY, terms.OPERATION_RENEW_LETTERBOX)


def _mark(bag: Bag) -> None:
    it = resources.required(resources.read(bag.pod, bag.layout.bag))
    said = frozenset({_statement(bag)}) - frozenset(it.graph)
    if said:
        marked(bag, it, Delta(into=said))


def _unmark(bag: Bag) -> None:
    it = resources.required(resources.read(bag.pod, bag.layout.bag))
    marked(bag, it, Delta(out=frozenset({_statement(bag)})))
