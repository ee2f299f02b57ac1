"""What is kept of an import, and what is done with one that was cut in the middle.

The record goes into the log before anything else and says that the import is under way, and what it is going to write; the
last document that is written says that it ended. So an import costs no request more than what it writes: whoever next looks
takes the mark away. Where the end is missing it waits for a word: go on, or take it back
(docs/decisions/0062-an-import-is-its-own-intent.md, 0109-a-cut-import-waits-for-a-word.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.draft import file_iri
from musette_solid.model.intent import Change
from musette_solid.pod import resources
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import import_plan
from musette_solid.usecases.intents import Outcome, Settled, here, is_over
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.preview_import import ImportPreview

_UNDER_WAY = (terms.UNDER_WAY, terms.OPERATION_IMPORT)
_MEDIA_TYPES = {".jsonld": "application/ld+json", ".jwt": "application/jwt", ".json": "application/json"}
#: An import of December may be found cut in January.
_MAY_BE_FOUND = timedelta(days=31)


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """Documents in the order in which they are written: what is named before what names it, taught answers last."""
    first = ("skills", "activities")
    found = set(keys)
    middle = sorted(found - {*first, "mappings"})
    return tuple(key for key in (*first, *middle, "mappings") if key in found)


def record(
    bag: Bag,
    shown: ImportPreview,
    changes: Sequence[Change],
    new: Mapping[str, bytes],
    there: Iterable[str],
    now: datetime,
) -> Graph:
    """Which file, when, which documents will hold what it makes; that it is under way, and what it is going to write.

    `new`: the files that it puts beside them; `there`: those that it found there and needs.
    """
    run = URIRef(shown.run)
    plan = import_plan.packed(bag, changes, new, shown.counts, shown.format)
    return syntax.graph_of(
        [
            (run, terms.RDF_TYPE, terms.ImportRun),
            (run, terms.DCTERMS_TITLE, Literal(shown.name)),
            (run, terms.DCTERMS_FORMAT, Literal(shown.format)),
            (run, terms.PROV_STARTED_AT_TIME, timestamp(now)),
            (run, terms.PROV_USED, URIRef(file_iri(shown.recognised.digest))),
            (run, *_UNDER_WAY),
            *([(run, terms.PLAN, plan)] if plan is not None else []),
            *((run, terms.DCTERMS_REFERENCES, URIRef(change.document)) for change in changes),
            *((run, terms.PROV_GENERATED, URIRef(bag.layout.root + name)) for name in new),
            *((run, terms.PROV_USED, URIRef(bag.layout.root + name)) for name in there),
        ]
    )


def end(run: str, now: datetime) -> Triple:
    """What the last document says: everything before it is there."""
    return URIRef(run), terms.PROV_ENDED_AT_TIME, timestamp(now)


#: ended; under way: perhaps on another device; cut: it waits for a word; undone.
State: TypeAlias = OneOf["ended", "under-way", "cut", "undone"]


class NoSuchImport(MusetteError):
    what = N_("There is no import to take back at this address.")
    do = N_("Look at the list of your imports.")


class StillUnderWay(MusetteError):
    what = N_("This import may still be at work, here or on another device.")
    do = N_("Wait two minutes, then look again.")


@dataclass(frozen=True)
class Run:
    """`can_go_on`: one that was cut, of which it is known what it was going to write. `kept`: the file it came from."""

    iri: str
    name: str
    started: str
    state: State = "ended"
    can_go_on: bool = False
    kept: str = ""

    @property
    def undone(self) -> bool:
        return self.state == "undone"


def runs(bag: Bag, now: datetime) -> tuple[Run, ...]:
    """The imports of this year, the newest first, and any of last year that was cut. The marks of those that ended go."""
    logs = [resources.read(bag.pod, bag.layout.log(year)).graph for year in _years(now)]
    if any((None, *_UNDER_WAY) in log for log in logs):
        settle(bag, now)
        logs = [resources.read(bag.pod, bag.layout.log(year)).graph for year in _years(now)]
    found = [_run(bag, log, node, now) for log in logs for node in log.subjects(terms.RDF_TYPE, terms.ImportRun)]
    of_this_year = bag.layout.log(now.year)
    shown = (run for run in found if run.state in {"cut", "under-way"} or names.document(run.iri) == of_this_year)
    return tuple(sorted(shown, key=lambda run: run.started, reverse=True))


def _years(now: datetime) -> tuple[int, ...]:
    return tuple(sorted({now.year, (now - _MAY_BE_FOUND).year}))


def _run(bag: Bag, log: Graph, node: Node, now: datetime) -> Run:
    state = state_of(log, node, now)
    title, started = (str(log.value(node, path) or "") for path in (terms.DCTERMS_TITLE, terms.PROV_STARTED_AT_TIME))
    files = {str(one) for path in (terms.PROV_GENERATED, terms.PROV_USED) for one in log.objects(node, path)}
    kept = next((one for one in sorted(files) if names.is_within(f"{bag.layout.root}imports/", one)), "")
    can_go_on = state == "cut" and (node, terms.PLAN, None) in log
    return Run(str(node), title, started, state, can_go_on, kept)


def state_of(log: Graph, run: Node, now: datetime) -> State:
    """By its record alone: one whose end nobody has looked for yet may be said to be cut."""
    if (run, terms.UNDONE_AT, None) in log:
        return "undone"
    if (run, *_UNDER_WAY) not in log:
        return "ended"
    return "cut" if is_over(str(run), began_at(log, run), now) else "under-way"


def log_of(bag: Bag, run: str) -> Resource:
    """The log that holds the record of an import. Raises NoSuchImport."""
    document = names.document(run)
    year = document.removeprefix(bag.layout.root + "log/").removesuffix(".ttl")
    if not (year.isdigit() and len(year) == 4) or document != bag.layout.log(int(year)):
        raise NoSuchImport
    log = resources.read(bag.pod, document)
    if (URIRef(run), terms.RDF_TYPE, terms.ImportRun) not in log.graph:
        raise NoSuchImport
    return log


def was_cut(bag: Bag, log: Graph, run: Node, now: datetime, *, everything: bool = False) -> bool:
    """Whether its end is missing. Raises StillUnderWay when somebody may be at work on it, unless it is said that nobody is."""
    if (run, *_UNDER_WAY) not in log or _has_ended(bag, log, run):
        return False
    if here.is_at_work(str(run)) or (state_of(log, run, now) == "under-way" and not everything):
        raise StillUnderWay
    return True


def _has_ended(bag: Bag, log: Graph, run: Node) -> bool:
    """As the last document says that was to be written."""
    return any(
        (run, terms.PROV_ENDED_AT_TIME, None) in resources.read(bag.pod, document).graph
        for document in documents_of(bag, log, run)[-1:]
    )


def settle(bag: Bag, now: datetime, *, everything: bool = False) -> tuple[Settled, ...]:
    """Take the mark from the imports that ended. One that was cut waits for a word, if it can go on; else it is taken back.

    `everything`: the person says that nothing is at work. Doing it twice, or dying in it, changes nothing. One request
    when there is nothing to do.
    """
    settled = []
    for year in _years(now):
        try:
            log = resources.read(bag.pod, bag.layout.log(year))
            under_way = sorted(log.graph.subjects(*_UNDER_WAY), key=str)
        except NotUnderstood:  # damaged: the page of copies says so
            continue
        for run in under_way:
            if here.is_at_work(str(run)):
                continue
            try:
                outcome = _settle(bag, log.graph, run, now, everything=everything)
            except NotUnderstood:
                outcome = "left"
            if outcome is not None:
                settled.append(Settled(terms.OPERATION_IMPORT, outcome))
    return tuple(settled)


def _settle(bag: Bag, log: Graph, run: Node, now: datetime, *, everything: bool) -> Outcome | None:
    """None: it had ended, or may be at work on another device."""
    if _has_ended(bag, log, run):
        ended(bag, log, run)
        return None
    if not everything and not is_over(str(run), began_at(log, run), now):
        return None
    if import_plan.read(bag, log, run) is not None:
        return "waiting"
    return "partly" if take_back(bag, log, run, now).kept else "undone"


def ended(bag: Bag, log: Graph, run: Node, *instead: Triple) -> None:
    """The record says no more that it is under way, nor what it is going to write."""
    _said_no_more(bag, run, marks(log, run), *instead)
    here.forget(str(run))


def marks(log: Graph, run: Node) -> frozenset[Triple]:
    """What a record says only as long as the import is under way."""
    return frozenset(t for path in (terms.UNDER_WAY, terms.PLAN) for t in log.triples((run, path, None)))


def began_at(log: Graph, run: Node) -> datetime | None:
    return _moment(str(log.value(run, terms.PROV_STARTED_AT_TIME) or ""))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Undone:
    removed: int
    kept: int  # changed by the person since: left where they are


def take_back(bag: Bag, log: Graph, run: Node, now: datetime) -> Undone:
    """As if it had never begun: what came in goes, the last first; what somebody changed since stays, with its record."""
    removed = kept = 0
    for document in reversed(documents_of(bag, log, run)):
        base = resources.read(bag.pod, document)
        gone, changed, delta = _without(base, run)
        removed += gone
        kept += changed
        if delta:
            resources.change(bag.pod, base, delta)
    if kept:
        ended(bag, log, run, (run, terms.UNDONE_AT, timestamp(now)))
    else:
        for file in files_of(bag, log, run):
            resources.delete(bag.pod, file)
        _said_no_more(bag, run, frozenset(log.triples((run, None, None))))
    here.forget(str(run))
    return Undone(removed, kept)


def _without(base: Resource, run: Node) -> tuple[int, int, Delta]:
    """How many things go, how many stay because somebody changed them since, and the change.

    What two imports brought in stays with the other.
    """
    graph = base.graph
    created = set(graph.subjects(terms.DCTERMS_SOURCE, run))
    changed = {node for node in created if (node, terms.DCTERMS_MODIFIED, None) in graph}
    shared = {node for node in created if len(set(graph.objects(node, terms.DCTERMS_SOURCE))) > 1}
    gone = created - changed - shared
    # A mark that it was taken out once is older than the import, and stays.
    out = {t for t in graph if (t[0] in gone and t[1] != terms.PROV_INVALIDATED_AT_TIME) or t[2] in gone}
    out |= {(node, terms.DCTERMS_SOURCE, run) for node in shared - changed}
    out |= set(graph.triples((run, None, None)))
    return len(gone), len(changed), Delta(out=frozenset(out))


def files_of(bag: Bag, log: Graph, run: Node) -> tuple[str, ...]:
    """The files that it put into the bag, but for those that another import needs."""
    found = []
    for made in sorted(log.objects(run, terms.PROV_GENERATED), key=str):
        others = {
            one
            for path in (terms.PROV_GENERATED, terms.PROV_USED)
            for one in log.subjects(path, made)
            if one != run and not log.value(one, terms.UNDONE_AT)
        }
        if not others and names.is_within(bag.layout.root, str(made)):
            found.append(str(made))
    return tuple(found)


def documents_of(bag: Bag, log: Graph, run: Node) -> tuple[str, ...]:
    """Where its things went, in the order in which they were written; never outside the bag."""
    root = bag.layout.root
    found = [str(one) for one in log.objects(run, terms.DCTERMS_REFERENCES) if names.is_within(root, str(one))]
    keys = in_order(one.removeprefix(root).removesuffix(".ttl") for one in found)
    return tuple(bag.layout.document(key) for key in keys)


def keeps_no_more(bag: Bag, run: Node, file: str) -> None:
    """The record does not say any more that it put this file there."""
    _said_no_more(bag, run, frozenset([(run, terms.PROV_GENERATED, URIRef(file))]))


def media_type(name: str) -> str:
    return _MEDIA_TYPES.get(name[name.rfind(".") :], "application/octet-stream")


def _said_no_more(bag: Bag, run: Node, out: frozenset[Triple], *instead: Triple) -> None:
    base = resources.read(bag.pod, names.document(str(run)))
    there = frozenset(base.graph)
    delta = Delta(out=out & there, into=frozenset(instead) - there)
    if delta:
        resources.change(bag.pod, base, delta)
