"""Watch for opportunities: look at the addresses the person gave, keep what is new, say what they chose.

Only on demand, or by a command that the person runs: each request passes the guard, anonymous, limited in size and in time.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date, datetime

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import opportunities as offers
from musette_solid.exchange.apart import Stopped
from musette_solid.exchange.opportunities import NothingToWatch
from musette_solid.model import activity as activities_model
from musette_solid.model import opportunity as model
from musette_solid.model import scenario as scenario_model
from musette_solid.model import skill as skills_model
from musette_solid.model import values as values_model
from musette_solid.model.activity import Activity
from musette_solid.model.labels import concepts
from musette_solid.model.opportunity import Match, Opportunity, Watched, match
from musette_solid.model.scenario import Hours
from musette_solid.model.skill import Skill
from musette_solid.model.values import ValueStatement
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.ask_elsewhere import ask_elsewhere
from musette_solid.usecases.documents import read_documents, said_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, timestamp
from musette_solid.usecases.take_out import Removed, remove
from musette_solid.usecases.write_thing import add, correct

ACCEPT = (
    "application/ld+json, application/json, application/rss+xml, application/atom+xml, text/turtle, "
    "application/xml;q=0.9, text/html;q=0.8"
)

#: So many addresses are asked side by side, and so often it is told how far that is.
_AT_ONCE = 8
_TELL_EVERY_S = 0.5

#: So many are kept without a choice; the oldest go first. What was chosen stays.
MOST_NEW = 300


class NotWaitedFor(MusetteError):
    what = N_("You did not wait for its answer.")
    do = N_("What came from the others is kept. Look again whenever you like.")


@dataclass(frozen=True)
class Lookout:
    """What is watched, and what was found there."""

    watches: tuple[Watched, ...]
    opportunities: tuple[Opportunity, ...]
    skills: tuple[Skill, ...]
    activities: tuple[Activity, ...]
    statements: tuple[ValueStatement, ...]
    own: Mapping[URIRef, str]
    unreadable: tuple[str, ...]

    def match(self, offer: Opportunity) -> Match:
        return match(offer, self.skills, self.activities, self.statements)

    def busy(self, today: date) -> Hours:
        """The hours a week that the person said of what goes on, with the activities behind them."""
        return scenario_model.side(None, today, self.activities, ()).all_hours

    def opportunity(self, iri: str) -> Opportunity:
        """Raises NotThere."""
        found = next((one for one in self.opportunities if one.iri == iri), None)
        if found is None:
            raise NotThere(iri, 404)
        return found


def read_lookout(bag: Bag) -> Lookout:
    layout = bag.layout
    documents = read_documents(bag, (layout.watch, layout.skills, layout.activities, layout.values))
    graph, values = documents.graph(layout.watch), documents.graph(layout.values)
    return Lookout(
        model.watches(graph),
        model.read(graph),
        skills_model.read(documents.graph(layout.skills)),
        activities_model.read(documents.graph(layout.activities)),
        values_model.read(values),
        values_model.own_dimensions(values),
        documents.unreadable,
    )


def watch_address(bag: Bag, texts: Texts, now: datetime) -> str:
    """One more address; its IRI. Nothing is asked of it yet. Raises Unfit."""
    return add(bag, terms.WatchShape, f"{bag.layout.watch}#{names.fragment('v')}", texts, now)


def correct_watch(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    correct(bag, terms.WatchShape, iri, texts, now, seen)


def remove_watch(bag: Bag, iri: str) -> Removed:
    """The address; what was found there stays."""
    return remove(bag, bag.layout.watch, frozenset({iri}))


@dataclass(frozen=True)
class Looked:
    """What looking gave: how many are new, and what went wrong where. The others were looked at all the same."""

    new: tuple[Opportunity, ...]
    seen: int
    problems: tuple[tuple[Watched, MusetteError], ...]


#: Told which addresses are still waited for, and of how many; raises Stopped when nobody waits for them any more.
Told = Callable[[Sequence[Watched], int], None]


def look(bag: Bag, now: datetime, only: str | None = None, told: Told = lambda _left, _of: None) -> Looked:
    """Ask every address once, side by side; one write when something is new. Raises what reading the bag raises.

    When `told` raises Stopped, what has come is kept, and of the others it is said that nobody waited.
    """
    base = resources.read(bag.pod, bag.layout.watch)
    watched = [one for one in model.watches(base.graph) if only in {None, one.iri}]
    answers = _answers(bag, watched, told)
    known = {one.iri for one in model.read(base.graph)}
    into: set[Triple] = set()
    out: set[Triple] = set()
    problems = []
    seen = 0
    new: dict[str, Graph] = {}
    for one, answer in zip(watched, answers, strict=True):
        if isinstance(answer, MusetteError):
            problems.append((one, answer))
            continue
        node = URIRef(one.iri)
        out |= set(base.graph.triples((node, terms.LAST_LOOKED, None)))
        into.add((node, terms.LAST_LOOKED, timestamp(now)))
        seen += len(answer)
        for offer in answer:
            iri = f"{bag.layout.watch}#{names.derived('o', None, offer.iri)}"
            if iri not in known and iri not in new and (offer.until is None or offer.until >= now.date()):
                new[iri] = model.graph(replace(offer, iri=iri, watch=one.iri, created=now))
    for graph in new.values():
        into |= set(graph)
    out |= _too_many(base.graph, len(new))
    if into - out or out - into:
        resources.change(bag.pod, base, Delta(frozenset(out - into), frozenset(into - set(base.graph))))
    made = [one for graph in new.values() for one in model.read(graph)]
    return Looked(tuple(made), seen, tuple(problems))


def _answers(bag: Bag, watched: Sequence[Watched], told: Told) -> list[tuple[Opportunity, ...] | MusetteError]:
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    running = [pool.submit(_ask, bag, one.url) for one in watched]
    left = set(running)
    try:
        while left:
            told([one for one, answer in zip(watched, running, strict=True) if answer in left], len(watched))
            _, left = wait(left, _TELL_EVERY_S, FIRST_COMPLETED)
    except Stopped:
        pass
    # Whoever is still being asked is left to their own end, which the guard sets; nobody else is asked any more.
    pool.shutdown(wait=False, cancel_futures=True)
    return [NotWaitedFor() if answer in left else answer.result() for answer in running]


def _ask(bag: Bag, url: str) -> tuple[Opportunity, ...] | MusetteError:
    try:
        response = ask_elsewhere(bag.pod.transport, url, ACCEPT)
        return offers.read(response.body, response.headers.get("Content-Type", ""), response.url)
    except MusetteError as error:
        return error


def _too_many(graph: Graph, coming: int) -> set[Triple]:
    """What makes room: the oldest that nobody chose anything about."""
    free = sorted(
        (one for one in model.read(graph) if one.choice is None),
        key=lambda one: one.created.isoformat() if one.created else "",
    )
    gone = free[: max(0, len(free) + coming - MOST_NEW)]
    return {triple for one in gone for triple in said_of(graph, one.iri)}


def choose(bag: Bag, iri: str, choice: URIRef | None, dossier: str | None = None) -> None:
    """Keep it, set it aside, say that it was answered, and with which dossier; None takes the choice back. Raises NotThere.

    `dossier`: the name of a share of the person's; what was said of it before stays where none is given.
    """
    base = resources.read(bag.pod, bag.layout.watch)
    if not said_of(base.graph, iri) or (choice is not None and choice not in concepts(terms.CHOICES)):
        raise NotThere(iri, 404)
    node = URIRef(iri)
    out = frozenset(base.graph.triples((node, terms.CHOICE, None)))
    into = frozenset([(node, terms.CHOICE, choice)] if choice is not None else [])
    if dossier is not None:
        out |= frozenset(base.graph.triples((node, terms.DOSSIER, None)))
        into |= {(node, terms.DOSSIER, URIRef(f"{bag.layout.dossier(dossier)}#it"))}
    if out != into:
        resources.change(bag.pod, base, Delta(out - into, into - out))


def deadlines(found: Sequence[Opportunity]) -> tuple[Opportunity, ...]:
    """Those kept that close on a day."""
    return tuple(one for one in found if one.until is not None and one.choice == terms.CHOICE_KEPT)


__all__ = ["Looked", "Lookout", "NothingToWatch", "choose", "look", "read_lookout", "watch_address"]
