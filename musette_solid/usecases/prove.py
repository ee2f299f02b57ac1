"""The proof that a share is what was meant: the rules read back, and everything asked for by those who must not have it.

A rule that reads well proves nothing by itself: rules of containers above may add to it, a server may not have kept it, or may
not look at it. So it is asked: as somebody who is not signed in, and as agents who have nothing to do with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from musette_solid.model.grant import Grant
from musette_solid.pod import access, resources
from musette_solid.pod.access import Rules
from musette_solid.pod.errors import AccessRefused, PodError, RulesRefused, SignInNeeded
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import OWNER_MODES, Mode
from musette_solid.usecases.layout import Bag

#: What an agent without rights may hear.
REFUSED: Final = frozenset({401, 403, 404, 410})
_READ: Final = frozenset({Mode.READ})
#: What who was invited to comment may do in the container for it; of what lies in it they only read.
_ADD: Final = frozenset({Mode.READ, Mode.APPEND})


@dataclass(frozen=True)
class Proof:
    """`rules`: the rules that are there are those that were meant. `open_to_others`: places that somebody else could open.

    `silent`: what did not answer: then nothing is proved.
    """

    rules: bool
    open_to_others: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    asked: int = 0

    @property
    def holds(self) -> bool:
        return self.rules and not self.open_to_others and not self.silent


def prove(bag: Bag, share_id: str, grant: Grant, probes: Iterable[Pod] = ()) -> Proof:
    """Whether the recipient may read the dossier and nobody else anything, as the space itself says now. Writes nothing.

    `probes`: agents with accounts of their own and no rights here; somebody who is not signed in is always asked for.
    """
    container, document = bag.layout.share(share_id), bag.layout.dossier(share_id)
    beside = (bag.layout.comments(share_id),) if grant.comments else ()
    try:
        rules, own, *invited = bag.pod.together(
            [partial(access.rules, bag.pod, iri) for iri in (container, document, *beside)]
        )
    except (PodError, RulesRefused):
        return Proof(rules=False, silent=(container,))
    places = (*private_places(bag, share_id, rules.document), *beside, *(one.document for one in invited))
    asked = [(agent, place) for agent in (bag.pod.anonymous(), *probes) for place in places]
    answers = bag.pod.together([partial(_opens, agent, place) for agent, place in asked])
    return Proof(
        # A rule of the document's own would outlive the one that is taken away from its container.
        are_as_meant(rules, bag.owner, grant.recipient)
        and not set(own.agents()) - {bag.owner}
        and all(are_as_meant(one, bag.owner, grant.recipient, _ADD) for one in invited),
        tuple(dict.fromkeys(place for (_, place), opens in zip(asked, answers, strict=True) if opens)),
        tuple(dict.fromkeys(place for (_, place), opens in zip(asked, answers, strict=True) if opens is None)),
        len(asked),
    )


def private_places(bag: Bag, share_id: str, rule_document: str) -> tuple[str, ...]:
    """What nobody but the owner and the recipient may open: the dossier, what it lies in, what lies beside it, its rules."""
    layout = bag.layout
    return (
        layout.dossier(share_id),
        layout.share(share_id),
        rule_document,
        layout.shares,
        layout.grant(share_id),
        layout.activities,
        layout.root,
    )


def are_as_meant(rules: Rules, owner: str, recipient: str, meant: frozenset[Mode] = _READ) -> bool:
    """Whether rules open a container to one recipient for what is meant, what is in it to read, and all to its owner."""
    if not rules.exists:
        return False
    for inside, modes in ((False, meant), (True, _READ)):
        named = rules.agents(inherited=inside)
        if set(named) != {owner, recipient} or named[recipient] != modes or not named[owner] >= OWNER_MODES:
            return False
    return True


def _opens(agent: Pod, place: str) -> bool | None:
    """Whether an agent can read a place; None when there was no answer to go by."""
    try:
        response = agent.send("GET", place, {"Accept": resources.ACCEPT})
    except (AccessRefused, SignInNeeded):
        return False
    except PodError:
        return None
    if response.status in REFUSED:
        return False
    return True if response.ok else None
