"""Show somebody exactly what one chose: preview, then grant. The step that widens comes last, and is proved.

Six requests to the person's space, whatever the number of items: the grant, the dossier, where its rules are, the rule,
the rule read back, and a question asked as a stranger.
"""

import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model import projection, sensitivity
from musette_solid.model.activity import Activity
from musette_solid.model.dossier import Dossier, Selection, Terms
from musette_solid.model.grant import Grant, graph_of_grant
from musette_solid.model.labels import concepts
from musette_solid.model.skill import Skill
from musette_solid.pod import access, containers, resources, webid
from musette_solid.pod.access import Rules
from musette_solid.pod.errors import AlreadyThere, NotAllowed, NotUnderstood, PodError, Unreachable
from musette_solid.pod.wac import EVERYBODY
from musette_solid.pod.webid import is_web_address
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import intents, letters
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import Interrupted
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import take_back

EFFECTIVE = "effective"
#: Nothing is opened later than this after it was begun: by then, another device may be taking it back.
LONGEST_S = 60


class RecipientRefused(MusetteError):
    what = N_("We cannot share with this address: %(reason)s.")
    do = N_("Nothing was shared. Ask the organisation for its exact address.")


class NothingChosen(MusetteError):
    what = N_("Nothing was chosen to be shown.")
    do = N_("Choose at least one activity or skill.")


class BadTerms(MusetteError):
    what = N_("This share cannot be made: %(reason)s.")
    do = N_("Nothing was shared. Correct it and look at the preview again.")


class PreviewOutdated(MusetteError):
    what = N_("What you chose has changed since you looked at it.")
    do = N_("Nothing was shared. Look at the preview again, then confirm.")


class NotEffective(MusetteError):
    what = N_("Your space did not apply the share as it was meant: %(reason)s.")
    do = N_("It was taken back: nobody can read it. Try again, or ask the service that keeps your space.")


@dataclass(frozen=True)
class Recipient:
    """Who a dossier is for, as their public profile tells."""

    webid: str
    name: str | None
    inbox: str | None
    issuers: tuple[str, ...]

    @property
    def host(self) -> str:
        return names.origin(self.webid).partition("://")[2]


def check_recipient(bag: Bag, address: str) -> Recipient:
    """Raises RecipientRefused when the address means everybody, oneself, or nobody who could sign in."""
    address = address.strip()
    if address in EVERYBODY:
        raise RecipientRefused(reason=N_("it means everybody"))
    if not is_web_address(address):
        raise RecipientRefused(reason=N_("it is not a web address"))
    if _same(address, bag.owner):
        raise RecipientRefused(reason=N_("it is your own"))
    try:
        found = webid.profile(bag.pod.transport, address, bag.pod.cache)
    except NotUnderstood as error:
        raise RecipientRefused(reason=N_("there is no profile at this address")) from error
    except webid.NotAProfile as error:
        raise RecipientRefused(reason=N_("there is no profile at this address")) from error
    except NotAllowed as error:
        raise RecipientRefused(reason=N_("it is not a public address")) from error
    except Unreachable as error:
        raise RecipientRefused(reason=N_("the site that keeps it does not answer")) from error
    except PodError as error:
        raise RecipientRefused(reason=N_("there is no profile at this address")) from error
    if not found.issuers:
        raise RecipientRefused(reason=N_("nobody can sign in with it"))
    return Recipient(address, found.name, found.inbox, found.issuers)


def _same(one: str, other: str) -> bool:
    """Whether two addresses differ at most in how they are spelled."""
    return names.canonical(one) == names.canonical(other) and one.partition("#")[2] == other.partition("#")[2]


def new_id() -> str:
    """A name for a share that nobody can guess and that is never used again."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


@dataclass(frozen=True)
class Preview:
    """What the recipient would see: the graph, the very bytes, and a mark to confirm with.

    `inferred`: the title of each sensitive thing that was named, and what could be inferred from it. `held_back`: those
    that were chosen without being named, and stay out.
    """

    share_id: str
    graph: Graph
    turtle: bytes
    digest: str
    dossier: Dossier
    terms: Terms
    inferred: tuple[tuple[str, tuple[URIRef, ...]], ...] = ()
    held_back: tuple[str, ...] = ()


def preview(bag: Bag, selection: Selection, terms_: Terms, share_id: str) -> Preview:
    """Exactly what `share` would write, and nothing written. Raises NothingChosen, BadTerms, NotUnderstood."""
    if not selection.activities and not selection.skills:
        raise NothingChosen
    if terms_.until < terms_.issued.date():
        raise BadTerms(reason=N_("its end is in the past"))
    if URIRef(terms_.purpose) not in concepts(terms.PURPOSES):
        raise BadTerms(reason=N_("its purpose is not one of the list"))
    if not selection.detail <= frozenset(concepts(terms.DETAILS)):
        raise BadTerms(reason=N_("what it shows of each thing is not in the list"))
    sources = read_sources(bag, selection)
    graph = projection.project(sources, selection, terms_, bag.layout.dossier(share_id))
    shown = dossiers.read(graph)
    if not shown.activities and not shown.skills:
        raise NothingChosen
    chosen = projection.choose(sources, selection)
    things: tuple[Activity | Skill, ...] = (*chosen.activities, *chosen.skills)
    reasons = sensitivity.sensitive(chosen.activities, chosen.skills)
    return Preview(
        share_id,
        graph,
        syntax.turtle(graph),
        syntax.digest(graph),
        shown,
        terms_,
        tuple((_name(one), reasons[one.iri]) for one in things if one.iri in reasons),
        tuple(_name(one) for one in chosen.held_back),
    )


def _name(thing: Activity | Skill) -> str:
    return thing.title if isinstance(thing, Activity) else thing.label


def read_sources(bag: Bag, selection: Selection) -> dict[str, Graph]:
    """The documents that a selection takes from: activities, skills, and every year of time when hours are shown.

    Raises NotUnderstood: a damaged source must not silently become a shorter dossier.
    """
    layout = bag.layout
    iris = [layout.activities, layout.skills]
    if selection.needs_time:
        iris += [member.iri for member in containers.members(bag.pod, layout.times) if not member.is_container]
    documents = read_documents(bag, iris)
    return {iri: documents.resource(iri).graph for iri in iris}


@dataclass(frozen=True)
class Shared:
    share_id: str
    grant: str
    dossier: str
    state: str
    announced: bool


def share(
    bag: Bag,
    selection: Selection,
    terms_: Terms,
    recipient: Recipient,
    share_id: str,
    digest: str | None = None,
    *,
    request: str | None = None,
) -> Shared:
    """Grant what the preview showed. Raises what `preview` raises, PreviewOutdated, NotEffective.

    `digest` is the preview's mark; None when nobody looked (a program that knows what it asks for). `request`: the request
    that this answers.
    """
    shown = preview(bag, selection, terms_, share_id)
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    layout = bag.layout
    container, document = layout.share(share_id), layout.dossier(share_id)
    granted = Grant(
        iri=layout.grant(share_id) + "#it",
        recipient=recipient.webid,
        recipient_name=recipient.name,
        granted_by=bag.owner,
        purpose=URIRef(terms_.purpose),
        title=terms_.title,
        granted_at=terms_.issued,
        until=terms_.until,
        dossier=f"{document}#it",
        selection=tuple(sorted(selection.everything)),
        detail=selection.detail,
        named=selection.named,
        live=selection.live,
        request=request,
        # The grant itself is the intent: it is confirmed when it is first looked at (docs/decisions/0040).
        under_way=terms.OPERATION_SHARE,
    )
    begun = time.monotonic()
    with intents.here.at_work(layout.grant(share_id)):
        _create_once(bag, layout.grant(share_id), syntax.turtle(graph_of_grant(granted)))
        try:
            _create_once(bag, document, shown.turtle)
            if time.monotonic() - begun > LONGEST_S:
                raise NotEffective(reason=N_("it took too long to answer"))
            rules = _open(bag, container, recipient.webid, share_id)
            others = set(rules.agents()) - {bag.owner, recipient.webid}
            if others:
                raise NotEffective(reason=N_("somebody else could read it too"))
            _refused_to_strangers(bag, document)
        except MusetteError as error:
            # Whatever went wrong: narrow first, then say so.
            _take_back_or_say(bag, share_id, error)
            intents.here.forget(layout.grant(share_id))
            raise
        intents.here.forget(layout.grant(share_id))
    announced = _announce(bag, recipient, terms_, f"{document}#it", request)
    return Shared(share_id, layout.grant(share_id), document, EFFECTIVE, announced)


def _create_once(bag: Bag, iri: str, body: bytes) -> None:
    """A new document, or the same one from an earlier try of which nobody knew whether it had arrived."""
    try:
        resources.put(bag.pod, iri, body, syntax.TURTLE, {"If-None-Match": "*"})
    except (AlreadyThere, Unreachable) as error:
        found = resources.read(bag.pod, iri)
        if not found.exists:
            resources.put(bag.pod, iri, body, syntax.TURTLE, {"If-None-Match": "*"})
        elif _settled(found.graph) != _settled(syntax.parse(body, syntax.TURTLE, iri)):
            raise AlreadyThere(iri, error.status) from error


def _settled(graph: Graph) -> frozenset[Triple]:
    return frozenset(t for t in graph if t[1] != terms.UNDER_WAY)


def _open(bag: Bag, container: str, agent: str, share_id: str) -> Rules:
    try:
        return access.grant(bag.pod, container, agent, bag.owner, f"grant-{share_id}")
    except Unreachable:
        # Whether it was written nobody knows; the same rule written twice is one rule.
        return access.grant(bag.pod, container, agent, bag.owner, f"grant-{share_id}")


def _take_back_or_say(bag: Bag, share_id: str, error: MusetteError) -> None:
    """Raises Interrupted when the space does not answer any more: then nobody knows whether the dossier is open."""
    try:
        take_back(bag, share_id)
    except Unreachable as lost:
        raise Interrupted(lost.url, lost.status, host=lost.details.get("host", "")) from error


def _refused_to_strangers(bag: Bag, document: str) -> None:
    response = bag.pod.anonymous().send("GET", document, {"Accept": resources.ACCEPT})
    if response.status not in {401, 403, 404}:
        raise NotEffective(reason=N_("a stranger could read it too"))


def _announce(bag: Bag, recipient: Recipient, terms_: Terms, dossier: str, request: str | None) -> bool:
    """Tell the recipient, where they said how; False when they did not or could not be told: the link can be sent."""
    ends = datetime.combine(terms_.until, datetime.max.time(), UTC)
    return letters.send(
        bag.pod,
        recipient.inbox,
        terms.AS_ANNOUNCE,
        dossier,
        recipient.webid,
        terms_.title,
        terms_.issued,
        name=terms_.owner_name,
        until=ends,
        reply_to=request,
    )
