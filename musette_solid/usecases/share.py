"""Show somebody exactly what one chose: preview, then grant. How it is opened is in `opening`."""

import secrets
import uuid
from dataclasses import dataclass

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model import identity, projection, sensitivity
from musette_solid.model.activity import Activity
from musette_solid.model.dossier import Dossier, Selection, Terms
from musette_solid.model.grant import Grant
from musette_solid.model.labels import concepts
from musette_solid.model.skill import Skill
from musette_solid.pod import containers, webid
from musette_solid.pod.errors import NotAllowed, NotUnderstood, PodError, Unreachable
from musette_solid.pod.wac import EVERYBODY
from musette_solid.pod.webid import is_web_address
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.note_account import list_accounts
from musette_solid.usecases.opening import NotEffective, Recipient, Shared, confirm, open_dossier

__all__ = ["NotEffective", "Recipient", "Shared", "confirm"]

_LONGEST_NAME = 60


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
    """Exactly what `share` would write, and nothing written. Raises NothingChosen, BadTerms, FacetsMixed, NotUnderstood."""
    if not selection:
        raise NothingChosen
    if selection.notes and selection.live:
        raise BadTerms(reason=N_("a note of the journal goes only into a dossier that stays as it is"))
    if terms_.until < terms_.issued.date():
        raise BadTerms(reason=N_("its end is in the past"))
    if URIRef(terms_.purpose) not in concepts(terms.PURPOSES):
        raise BadTerms(reason=N_("its purpose is not one of the list"))
    if not selection.detail <= frozenset(concepts(terms.DETAILS)):
        raise BadTerms(reason=N_("what it shows of each thing is not in the list"))
    sources = read_sources(bag, selection)
    graph = projection.project(sources, selection, terms_, bag.layout.dossier(share_id))
    shown = dossiers.read(graph)
    if not shown.activities and not shown.skills and not shown.notes:
        raise NothingChosen
    identity.check_apart(map(str, graph.objects()), list_accounts(bag))
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
        (
            *((_name(one), reasons[one.iri]) for one in things if one.iri in reasons),
            *((shortened(one.text), found) for one in chosen.notes if (found := sensitivity.of_note(one.text))),
        ),
        tuple(_name(one) for one in chosen.held_back),
    )


def shortened(text: str) -> str:
    """What a note is called, which has no title."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1].rstrip() + "…"


def _name(thing: Activity | Skill) -> str:
    return thing.title if isinstance(thing, Activity) else thing.label


def read_sources(bag: Bag, selection: Selection) -> dict[str, Graph]:
    """The documents that a selection takes from: activities and skills; time and rights only where they are shown.

    Raises NotUnderstood: a damaged source must not silently become a shorter dossier.
    """
    layout = bag.layout
    iris = [layout.activities, layout.skills]
    if selection.needs_time:
        iris += [member.iri for member in containers.members(bag.pod, layout.times) if not member.is_container]
    if selection.needs_rights:
        iris.append(layout.rights)
    # Of what is not a year of this journal, nothing is read.
    iris += sorted({year for iri in selection.notes if layout.is_journal(year := names.document(iri))})
    documents = read_documents(bag, iris)
    return {iri: documents.resource(iri).graph for iri in iris}


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
    granted = Grant(
        iri=layout.grant(share_id) + "#it",
        recipient=recipient.webid,
        recipient_name=recipient.name,
        granted_by=bag.owner,
        person_name=terms_.owner_name,
        purpose=URIRef(terms_.purpose),
        title=terms_.title,
        granted_at=terms_.issued,
        until=terms_.until,
        dossier=f"{layout.dossier(share_id)}#it",
        selection=tuple(sorted(selection.everything)),
        detail=selection.detail,
        named=selection.named,
        live=selection.live,
        request=request,
        comments=layout.comments(share_id) if terms_.comments else None,
    )
    return open_dossier(bag, share_id, granted, shown.turtle, recipient)
