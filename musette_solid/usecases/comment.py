"""Comments beside a dossier: the recipient adds, the person keeps, answers or discards each. It ends when the dossier does.

Only two may add there, the person and the recipient, by the rules of the container; what an annotation says of its author is
not believed. The person's own answers are those that they kept.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import comment as comments_
from musette_solid.model.comment import Comment, NoComment, NotInvited, checked, graph_of_comment, to_post
from musette_solid.model.dossier import Dossier
from musette_solid.model.intent import Change
from musette_solid.pod import inbox, resources
from musette_solid.pod.errors import AccessRefused, NotThere
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import letters
from musette_solid.usecases.granted import Opened
from musette_solid.usecases.intents import File, carry_out
from musette_solid.usecases.layout import Bag

__all__ = ["NoComment", "NotInvited"]


class TooManyComments(MusetteError):
    what = N_("Your space could not list in time what was left beside this dossier: somebody may have filled it.")
    do = N_("Closing the share ends it at once: nobody adds anything any more, and what was left is deleted.")


@dataclass(frozen=True)
class Said:
    """One comment as the person sees it. `is_mine`: an answer of theirs; `is_kept`: a copy of it is in their bag."""

    comment: Comment
    is_mine: bool
    is_kept: bool


def place_of(dossier: Dossier) -> str:
    """Where comments on a dossier go. Raises NotInvited; a place elsewhere is none: nobody is sent where a dossier says."""
    place = dossier.comments
    if place is None or not place.endswith("/") or not names.is_within(names.resolve(dossier.iri, "./"), place):
        raise NotInvited
    return place


def comment(pod: Pod, opened: Opened, text: str, now: datetime, about: str | None = None) -> None:
    """Leave a comment on a dossier, or on one thing of it. Raises NoComment, NotInvited, and as writing does."""
    place = place_of(opened.dossier)
    if pod.webid is None:
        raise NotInvited
    target = about if about and names.document(about) == names.document(opened.url) else opened.dossier.iri
    written = Comment(iri="", author=pod.webid, target=target, text=checked(text), at=now)
    _post(pod, place, written)


def _post(pod: Pod, place: str, written: Comment) -> None:
    body = json.dumps(to_post(written), ensure_ascii=False).encode()
    response = pod.send("POST", place, {"Content-Type": syntax.JSON_LD}, body)
    if not response.ok:
        raise pod.failure(response)


def read_beside(pod: Pod, opened: Opened) -> tuple[Comment, ...]:
    """What was said beside a dossier, as its recipient sees it; nothing when nobody was invited."""
    try:
        return _read(pod, place_of(opened.dossier))
    except (NotInvited, AccessRefused, NotThere, TooManyComments):
        return ()


def _read(pod: Pod, place: str) -> tuple[Comment, ...]:
    # Whoever was invited may drop what they like there: the same limits as for a letterbox.
    try:
        messages = letters.messages(pod, place)
    except letters.Overfull as error:
        raise TooManyComments from error
    found = [one for message in messages for one in comments_.read(message.graph)]
    return tuple(sorted(found, key=lambda one: (one.at, one.iri)))


def received(bag: Bag, share_id: str) -> tuple[Said, ...]:
    """What was said beside a share of one's own, the oldest first. Raises TooManyComments."""
    kept = {one.iri: one for one in _kept(bag)}
    there = _read(bag.pod, bag.layout.comments(share_id))
    # An answer is mine because I kept it, not because it says so.
    return tuple(
        Said(one, one.iri in kept and kept[one.iri].is_answer and kept[one.iri].author == bag.owner, one.iri in kept)
        for one in there
    )


def _kept(bag: Bag) -> tuple[Comment, ...]:
    return comments_.read(resources.read(bag.pod, bag.layout.comments_kept).graph)


def kept(bag: Bag) -> tuple[Comment, ...]:
    """The comments that were kept, from every dossier, and one's own answers; those of dossiers long closed too."""
    return _kept(bag)


def _one(bag: Bag, share_id: str, iri: str) -> Comment:
    """Raises NotThere unless the comment lies beside this share."""
    place = bag.layout.comments(share_id)
    if not names.is_within(place, iri):
        raise NotThere(iri, 404)
    found = resources.required(resources.read(bag.pod, names.document(iri), limits=inbox.ONE))
    said = next((one for one in comments_.read(found.graph) if one.iri == iri), None)
    if said is None:
        raise NotThere(iri, 404)
    return said


def keep(bag: Bag, share_id: str, iri: str, recipient: str) -> None:
    """Copy a comment into the bag, under the name of who could write it."""
    said = replace(_one(bag, share_id, iri), author=recipient, is_answer=False)
    resources.insert(bag.pod, bag.layout.comments_kept, graph_of_comment(said))


def answer(bag: Bag, share_id: str, iri: str, text: str, now: datetime) -> None:
    """Answer a comment, beside it and in the bag: both or neither, because what is not kept would pass for the other's words.

    Raises NoComment.
    """
    said = _one(bag, share_id, iri)
    document = f"{bag.layout.comments(share_id)}{names.fragment('c', now.date())}.ttl"
    mine = Comment(iri=f"{document}#it", author=bag.owner, target=said.iri, text=checked(text), at=now, is_answer=True)
    graph = graph_of_comment(mine)
    kept_too = Change(bag.layout.comments_kept, Delta(into=frozenset(graph)))
    beside = File(document, syntax.turtle(graph), syntax.TURTLE)
    carry_out(bag, terms.OPERATION_RECORD, [kept_too], now, files=[beside])


def discard(bag: Bag, share_id: str, iri: str) -> None:
    """Delete a comment from where it was left; a copy that was kept stays."""
    place = bag.layout.comments(share_id)
    if not names.is_within(place, iri) or names.document(iri).endswith("/"):
        raise NotThere(iri, 404)
    resources.delete(bag.pod, names.document(iri))


def forget(bag: Bag, iri: str) -> None:
    """Take a kept comment out of the bag."""
    base = resources.read(bag.pod, bag.layout.comments_kept)
    gone = frozenset(base.graph.triples((URIRef(iri), None, None)))
    if gone:
        resources.change(bag.pod, base, Delta(out=gone))
