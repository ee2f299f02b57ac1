"""Show one page to everybody: choose, look at exactly that page, publish. The step that widens comes last, and is proved.

The choice is kept in the person's own space; the page is derived from it, and lies alone in a container of its own, which is the only
thing that is opened. What everybody sees has the checksum of what the person looked at.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import portfolio as pages
from musette_solid.exchange.portfolio import Page
from musette_solid.model import identity, projection, sensitivity
from musette_solid.model import portfolio as portfolios
from musette_solid.model.activity import Activity
from musette_solid.model.dossier import Terms
from musette_solid.model.identity import Account
from musette_solid.model.portfolio import DRAFT, IT, Portfolio
from musette_solid.model.skill import Skill
from musette_solid.pod import access, resources
from musette_solid.pod.errors import NotUnderstood, PodError, Unreachable
from musette_solid.pod.http import Response
from musette_solid.pod.resources import Resource
from musette_solid.pod.wac import PUBLIC
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import intents
from musette_solid.usecases.documents import marked, read_documents
from musette_solid.usecases.intents import Interrupted, Settled
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.share import NothingChosen, PreviewOutdated, read_sources
from musette_solid.usecases.unpublish import narrow

HTML = "text/html"


class GivenAway(MusetteError):
    what = N_("The page would give away an account of another side of your life: %(names)s.")
    do = N_("Nothing was published. Take it out of the texts, or of the links, of what you chose.")


class NotShown(MusetteError):
    what = N_("Your space did not publish the page as it was meant: %(reason)s.")
    do = N_("It was taken back: nobody can see it. Try again, or ask the service that keeps your space.")


@dataclass(frozen=True)
class Preview:
    """Exactly what everybody would see. `inferred`, `held_back`: as for a dossier (usecases/share)."""

    chosen: Portfolio
    page: Page
    inferred: tuple[tuple[str, tuple[URIRef, ...]], ...]
    held_back: tuple[str, ...]
    accounts: tuple[Account, ...]

    @property
    def digest(self) -> str:
        return self.page.sha256


@dataclass(frozen=True)
class Standing:
    """What is being prepared, and what everybody sees now; either may be missing."""

    draft: Portfolio | None
    public: Portfolio | None


def standing(bag: Bag) -> Standing:
    """Raises NotUnderstood when the document is damaged: what cannot be read is not absent."""
    return _standing(bag, resources.read(bag.pod, bag.layout.portfolio))


def _standing(bag: Bag, document: Resource) -> Standing:
    at = bag.layout.portfolio
    return Standing(portfolios.read(document.graph, at, DRAFT), portfolios.read(document.graph, at, IT))


def prepare(bag: Bag, chosen: Portfolio) -> None:
    """Keep a choice as what is being prepared; what everybody sees stays as it is."""
    document = resources.read(bag.pod, bag.layout.portfolio)
    _say(bag, document, replace(chosen, iri=f"{bag.layout.portfolio}#{DRAFT}"))


def _say(bag: Bag, document: Resource, one: Portfolio) -> Resource:
    """The document once it says this of it, and nothing that it said of it before."""
    now = frozenset(portfolios.graph_of_portfolio(one))
    before = frozenset(document.graph.triples((URIRef(one.iri), None, None)))
    return marked(bag, document, Delta(before - now, now - before)) if before != now else document


def preview(bag: Bag, chosen: Portfolio) -> Preview:
    """Raises NothingChosen, FacetsMixed, GivenAway, and NotUnderstood when a source is damaged. Nothing is written."""
    selection = chosen.selection
    if not selection.activities and not selection.skills:
        raise NothingChosen
    sources = read_sources(bag, selection)
    known = identity.read(read_documents(bag, (bag.layout.identities,)).resource(bag.layout.identities).graph)
    shown = tuple(one for one in known if one.iri in chosen.accounts)
    identity.check_together(shown)
    page = pages.page(chosen, _dossier(bag, chosen, sources), shown)
    found = projection.choose(sources, selection)
    things: tuple[Activity | Skill, ...] = (*found.activities, *found.skills)
    if not things:
        raise NothingChosen
    hidden = identity.given_away(page.texts, shown, known)
    if hidden:
        raise GivenAway(names=", ".join(one.name for one in hidden))
    reasons = sensitivity.sensitive(found.activities, found.skills)
    return Preview(
        chosen,
        page,
        tuple((_name(one), reasons[one.iri]) for one in things if one.iri in reasons),
        tuple(_name(one) for one in found.held_back),
        shown,
    )


def _name(thing: Activity | Skill) -> str:
    return thing.title if isinstance(thing, Activity) else thing.label


def _dossier(bag: Bag, chosen: Portfolio, sources: dict[str, Graph]) -> Graph:
    """What may get out, by the same rule as for a dossier. Its head is not shown: a page has no recipient and no end."""
    nobody = Terms(
        title=chosen.headline,
        owner=bag.layout.page,
        owner_name=None,
        recipient=bag.layout.page,
        purpose=bag.layout.page,
        issued=chosen.saved_at,
        until=chosen.saved_at.date(),
    )
    return projection.project(sources, chosen.selection, nobody, bag.layout.page)


@dataclass(frozen=True)
class Published:
    url: str
    sha256: str


def publish(bag: Bag, now: datetime, digest: str | None = None) -> Published:
    """Publish what is being prepared. `digest`: of the page that the person looked at.

    Raises what `preview` raises, PreviewOutdated, NotShown (it was taken back), Interrupted.
    """
    document = resources.read(bag.pod, bag.layout.portfolio)
    found = _standing(bag, document)
    if found.draft is None:
        raise NothingChosen
    shown = preview(bag, found.draft)
    if digest is not None and digest != shown.digest:
        raise PreviewOutdated
    it = replace(
        found.draft,
        iri=f"{bag.layout.portfolio}#{IT}",
        page=bag.layout.page,
        published_at=now,
        sha256=shown.digest,
        under_way=terms.OPERATION_PUBLISH,
    )
    with intents.here.at_work(bag.layout.page):
        document = _say(bag, document, it)
        try:
            _put(bag, shown.page.data)
            open_to_everybody(bag, bag.layout.published)
            _prove(bag, shown.digest)
        except MusetteError as error:
            _take_back_or_say(bag, error)
            _say(bag, document, replace(it, withdrawn_at=now, under_way=None))
            intents.here.forget(bag.layout.page)
            raise
        _say(bag, document, replace(it, under_way=None))
        intents.here.forget(bag.layout.page)
    return Published(bag.layout.page, shown.digest)


def _put(bag: Bag, data: bytes) -> None:
    """The page, in its place, or over the version that is there now."""
    there = _there(bag)
    if there is None:
        conditions = {"If-None-Match": "*"}
    elif there.body == data:
        return
    else:
        etag = resources.strong(there.headers.get("ETag"))
        conditions = {"If-Match": etag} if etag else {}
    resources.put(bag.pod, bag.layout.page, data, HTML, conditions)


def _there(bag: Bag) -> Response | None:
    response = bag.pod.send("GET", bag.layout.page, {"Accept": HTML})
    if response.status in {404, 410}:
        return None
    if not response.ok:
        raise NotUnderstood(response.url, response.status)
    return response


def open_to_everybody(bag: Bag, container: str) -> None:
    """Raises NotShown when somebody else than everybody and the owner was named."""
    try:
        rules = access.publish(bag.pod, container, bag.owner)
    except Unreachable:
        # Whether it was written nobody knows; the same rule written twice is one rule.
        rules = access.publish(bag.pod, container, bag.owner)
    if set(rules.agents()) - {bag.owner, PUBLIC}:
        raise NotShown(reason=N_("somebody else was given access to it too"))


def _prove(bag: Bag, digest: str) -> None:
    """A stranger sees the page, as a page, to the byte; and of the rest as little as before."""
    answer = as_a_stranger(bag, bag.layout.page)
    if not answer.ok:
        raise NotShown(reason=N_("a stranger cannot see it"))
    if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() != HTML:
        raise NotShown(reason=N_("it is not given out as a page, and a browser would not show it"))
    if sha256(answer.body).hexdigest() != digest:
        raise NotShown(reason=N_("it gives out something else"))
    for private in (bag.layout.portfolio, bag.layout.activities):
        if as_a_stranger(bag, private).status not in {401, 403, 404}:
            raise NotShown(reason=N_("a stranger could read more than the page"))


def as_a_stranger(bag: Bag, url: str, media_type: str = HTML) -> Response:
    return bag.pod.anonymous().send("GET", url, {"Accept": f"{media_type}, */*;q=0.1"})


def _take_back_or_say(bag: Bag, error: MusetteError) -> None:
    """Raises Interrupted when the space does not answer any more, NotWithdrawn when it does not close."""
    try:
        narrow(bag)
    except Unreachable:
        raise Interrupted(bag.layout.page, host=names.origin(bag.layout.page).partition("://")[2]) from error


def follow(bag: Bag, now: datetime) -> bool:
    """Bring a live page up to date with the bag: whether it had to be written.

    The choice is the one that the person agreed to; whatever became sensitive since stays out. A page that cannot be made
    any more, or that would give something away, stays as it was.
    """
    document = resources.read(bag.pod, bag.layout.portfolio)
    it = _standing(bag, document).public
    if it is None or it.state != "published" or not it.selection.live:
        return False
    try:
        shown = preview(bag, it)
        if shown.digest == it.sha256:
            return False
        shown = preview(bag, replace(it, saved_at=now))
    except (NothingChosen, GivenAway, identity.FacetsMixed):
        return False
    _put(bag, shown.page.data)
    _say(bag, document, replace(it, saved_at=now, sha256=shown.digest))
    return True


def settle(bag: Bag, now: datetime, *, everything: bool = False) -> Settled | None:
    """Finish what was interrupted, if anything was. What was to be closed is closed; what is not open as it was meant, too."""
    document = resources.read(bag.pod, bag.layout.portfolio)
    it = _standing(bag, document).public
    if it is None or it.under_way is None:
        return None
    begun = it.published_at if it.state == "opening" else it.withdrawn_at
    if not everything and not intents.is_over(bag.layout.page, begun, now):
        return None
    is_open = it.state == "opening" and _is_as_meant(bag, it)
    if is_open:
        _say(bag, document, replace(it, under_way=None))
    else:
        narrow(bag)
        _say(bag, document, replace(it, under_way=None, withdrawn_at=now))
    intents.here.forget(bag.layout.page)
    return Settled(it.under_way, "completed" if is_open or it.state == "closing" else "undone")


def _is_as_meant(bag: Bag, it: Portfolio) -> bool:
    try:
        _prove(bag, it.sha256 or "")
    except (NotShown, PodError):
        return False
    return True
