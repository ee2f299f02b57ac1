"""What is kept of an import, and what is done with one that was cut in the middle.

The record goes into the log before anything else and says that the import is under way; the last document that is written
says that it ended. So an import costs no request more than what it writes: whoever next looks takes the mark away, or,
where the end is missing, takes back what had come in (docs/decisions/0062-an-import-is-its-own-intent.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.exchange.draft import file_iri
from musette_solid.pod import resources
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.intents import Outcome, Settled, here, is_over
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.preview_import import ImportPreview

_UNDER_WAY = (terms.UNDER_WAY, terms.OPERATION_IMPORT)
#: An import of December may be found cut in January.
_MAY_BE_FOUND = timedelta(days=31)


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """Documents in the order in which they are written: what is named before what names it, taught answers last."""
    first = ("skills", "activities")
    found = set(keys)
    middle = sorted(found - {*first, "mappings"})
    return tuple(key for key in (*first, *middle, "mappings") if key in found)


def record(
    bag: Bag, shown: ImportPreview, documents: Iterable[str], new: Iterable[str], there: Iterable[str], now: datetime
) -> Graph:
    """Which file, when, which documents will hold what it makes; and that it is under way.

    `new`: the files that it puts beside them; `there`: those that it found there and needs.
    """
    run = URIRef(shown.run)
    return syntax.graph_of(
        [
            (run, terms.RDF_TYPE, terms.ImportRun),
            (run, terms.DCTERMS_TITLE, Literal(shown.name)),
            (run, terms.DCTERMS_FORMAT, Literal(shown.format)),
            (run, terms.PROV_STARTED_AT_TIME, timestamp(now)),
            (run, terms.PROV_USED, URIRef(file_iri(shown.recognised.digest))),
            (run, *_UNDER_WAY),
            *((run, terms.DCTERMS_REFERENCES, URIRef(document)) for document in documents),
            *((run, terms.PROV_GENERATED, URIRef(bag.layout.root + name)) for name in new),
            *((run, terms.PROV_USED, URIRef(bag.layout.root + name)) for name in there),
        ]
    )


def end(run: str, now: datetime) -> Triple:
    """What the last document says: everything before it is there."""
    return URIRef(run), terms.PROV_ENDED_AT_TIME, timestamp(now)


@dataclass(frozen=True)
class Run:
    iri: str
    name: str
    started: str
    undone: bool
    is_under_way: bool = False


def runs(bag: Bag, year: int) -> tuple[Run, ...]:
    """The imports of a year, the newest first."""
    graph = resources.read(bag.pod, bag.layout.log(year)).graph
    found = [
        Run(
            str(node),
            str(graph.value(node, terms.DCTERMS_TITLE) or ""),
            str(graph.value(node, terms.PROV_STARTED_AT_TIME) or ""),
            (node, terms.UNDONE_AT, None) in graph,
            (node, *_UNDER_WAY) in graph,
        )
        for node in graph.subjects(terms.RDF_TYPE, terms.ImportRun)
    ]
    return tuple(sorted(found, key=lambda run: run.started, reverse=True))


def settle(bag: Bag, now: datetime, *, everything: bool = False) -> tuple[Settled, ...]:
    """Take back every import that was cut, and the mark from those that ended. One request when there is nothing to do.

    `everything`: the person says that nothing is at work. Doing it twice, or dying in it, changes nothing.
    """
    settled = []
    for year in sorted({now.year, (now - _MAY_BE_FOUND).year}):
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
    documents = documents_of(bag, log, run)
    read = {document: resources.read(bag.pod, document) for document in documents[-1:]}
    if any((run, terms.PROV_ENDED_AT_TIME, None) in base.graph for base in read.values()):
        _said_no_more(bag, run, frozenset([(run, *_UNDER_WAY)]))
        here.forget(str(run))
        return None
    started = str(log.value(run, terms.PROV_STARTED_AT_TIME) or "")
    return take_back(bag, log, run, now) if everything or is_over(str(run), _moment(started), now) else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def take_back(bag: Bag, log: Graph, run: Node, now: datetime) -> Outcome:
    """As if it had never begun: what came in goes, the last first; what somebody changed since stays, with its record."""
    kept = 0
    for document in reversed(documents_of(bag, log, run)):
        base = resources.read(bag.pod, document)
        delta, changed = _without(base, run)
        kept += changed
        if delta:
            resources.change(bag.pod, base, delta)
    if kept:
        _said_no_more(bag, run, frozenset([(run, *_UNDER_WAY)]), (run, terms.UNDONE_AT, timestamp(now)))
    else:
        for file in files_of(bag, log, run):
            resources.delete(bag.pod, file)
        _said_no_more(bag, run, frozenset(log.triples((run, None, None))))
    here.forget(str(run))
    return "partly" if kept else "undone"


def _without(base: Resource, run: Node) -> tuple[Delta, int]:
    """What a document loses, and how many things somebody changed since. What two imports brought in stays with the other."""
    graph = base.graph
    created = set(graph.subjects(terms.DCTERMS_SOURCE, run))
    changed = {node for node in created if (node, terms.DCTERMS_MODIFIED, None) in graph}
    shared = {node for node in created if len(set(graph.objects(node, terms.DCTERMS_SOURCE))) > 1}
    gone = created - changed - shared
    # A mark that it was taken out once is older than the import, and stays.
    out = {t for t in graph if (t[0] in gone and t[1] != terms.PROV_INVALIDATED_AT_TIME) or t[2] in gone}
    out |= {(node, terms.DCTERMS_SOURCE, run) for node in shared - changed}
    out |= set(graph.triples((run, None, None)))
    return Delta(out=frozenset(out)), len(changed)


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


def _said_no_more(bag: Bag, run: Node, out: frozenset[Triple], *instead: Triple) -> None:
    base = resources.read(bag.pod, names.document(str(run)))
    there = frozenset(base.graph)
    delta = Delta(out=out & there, into=frozenset(instead) - there)
    if delta:
        resources.change(bag.pod, base, delta)
