"""Delete what is left of a share that is closed: what others left beside it may be more than closing can wait for.

Whoever was invited to comment may have left thousands of comments. From the moment of closing nobody but the owner reads them and
nobody adds to them; taking them out goes on behind a page that says how far it is, and at each sign-in, a little at a time.
"""

from functools import partial
from typing import Final

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import access, containers, inbox, resources
from musette_solid.pod.containers import Member
from musette_solid.pod.errors import PodError, RulesRefused
from musette_solid.pod.http import Limits
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import marked
from musette_solid.usecases.intents import Told
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.prove import REFUSED

#: Taken out while somebody waits for a closing, and at a sign-in.
SOON: Final = 60
#: Taken out between two looks at whether it is still wanted.
_AT_ONCE: Final = 20


class CannotBeCleared(MusetteError):
    what = N_("Your space cannot say what was left beside this dossier: there is too much of it.")
    do = N_(
        "It does no harm: nobody can add to it any more, and nobody but you can read it. Whoever keeps your space can delete the folder “%(name)s”."
    )


def clear(bag: Bag, share_id: str, told: Told = lambda _step, _steps: None, *, most: int | None = None) -> bool:
    """Whether nothing is left of it, its container neither. `most`: take out no more than so many things.

    What was deleted stays deleted, should `told` stop it. Raises CannotBeCleared, and as deleting does.
    """
    container = bag.layout.share(share_id)
    gone = 0
    for member in containers.members(bag.pod, container):
        if not member.is_container:
            resources.delete(bag.pod, member.iri)
            continue
        # With `most`, somebody waits: for the listing no longer than for that of a letterbox.
        limits = inbox.WHOLE if most is None else inbox.LISTING
        while listed := _listed(bag, member.iri, limits):
            steps = gone + len(listed)
            wanted = listed if most is None else listed[: max(0, most - gone)]
            if not wanted:
                return False
            for start in range(0, len(wanted), _AT_ONCE):
                told(gone, steps)
                some = wanted[start : start + _AT_ONCE]
                bag.pod.together([partial(_take_out, bag, one) for one in some])
                gone += len(some)
            told(gone, steps)
        resources.delete(bag.pod, member.iri)
    resources.delete(bag.pod, container)
    return True


def finish(bag: Bag, share_id: str, told: Told = lambda _step, _steps: None, *, most: int | None = None) -> bool:
    """The same for a share that says of itself that something is left; once nothing is, it says so no longer."""
    whole = clear(bag, share_id, told, most=most)
    if whole:
        grant = resources.required(resources.read(bag.pod, bag.layout.grant(share_id)))
        left = frozenset(grant.graph.triples((URIRef(grant.iri + "#it"), terms.UNDER_WAY, None)))
        if left:
            marked(bag, grant, Delta(out=left))
    return whole


def is_closed(bag: Bag, share_id: str) -> bool:
    """Whether what is left beside it is its owner's alone: by its rules as they are, and to somebody who is not signed in."""
    place = bag.layout.comments(share_id)
    try:
        rules = access.rules(bag.pod, place, like=bag.layout.share(share_id))
        others = {agent for agent, modes in rules.agents().items() if modes} - {bag.owner, str(terms.ACP_OWNER_AGENT)}
        asked = bag.pod.anonymous().send("GET", place, {"Accept": resources.ACCEPT})
    except (PodError, RulesRefused):
        return False
    return not others and asked.status in REFUSED


def _listed(bag: Bag, place: str, limits: Limits) -> tuple[Member, ...]:
    try:
        return inbox.everything(bag.pod, place, limits)
    except inbox.CannotList as error:
        raise CannotBeCleared(name=names.local(names.resolve(place, "../").rstrip("/"))) from error


def _take_out(bag: Bag, member: Member) -> None:
    if member.is_container:
        containers.remove(bag.pod, member.iri)
    else:
        resources.delete(bag.pod, member.iri)
