"""Bring in what is kept elsewhere, whatever the format: look first, choose, write once, take it back in one gesture."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.draft import Recognised
from musette_solid.exchange.losses import Loss
from musette_solid.exchange.recognition import Asked
from musette_solid.model.intent import Change
from musette_solid.pod import resources
from musette_solid.pod.errors import AlreadyThere, ChangedMeanwhile, PodError, SignInNeeded, Unreachable
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import import_record
from musette_solid.usecases.documents import without
from musette_solid.usecases.import_record import Run, Undone, runs
from musette_solid.usecases.intents import Interrupted, carry_out, here
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.preview_import import Choices, ImportPreview, Item, compare, look, preview

__all__ = [
    "Choices",
    "ImportPreview",
    "Item",
    "Run",
    "Undone",
    "compare",
    "import_file",
    "kept_as",
    "look",
    "preview",
    "runs",
    "take_in",
    "undo",
]

#: Called before each step of writing with its number and how many there are; what it raises stops the import.
Told: TypeAlias = Callable[[int, int], object]


def untold(_step: int, _steps: int) -> None:
    """Nobody is watching."""


class NothingNew(MusetteError):
    what = N_("Everything in this file is already in your bag.")
    do = N_("Nothing was written.")


class NothingChosen(MusetteError):
    what = N_("Nothing was chosen, so nothing was written.")
    do = N_("Tick what you want to take in.")


class ImportCut(Interrupted):
    do = N_(
        "Nothing is lost: the page of imports, and “musette imports”, let it go on where it ended, or take it back."
    )


@dataclass(frozen=True)
class ImportReport:
    run: str
    counts: dict[str, int]
    losses: tuple[Loss, ...]
    format: str = ""


def import_file(
    bag: Bag, data: bytes, name: str, now: datetime, choices: Choices | None = None, asked: Asked | None = None
) -> ImportReport:
    """Write what is new in a file; at most five requests for a CV. Raises what `preview` raises, and NothingNew."""
    choices = choices or Choices()
    found = look(bag, data, name, now, asked)
    return take_in(bag, found, now, choices, data if choices.keep_file else None)


def take_in(
    bag: Bag, found: Recognised, now: datetime, choices: Choices, raw: bytes | None = None, told: Told = untold
) -> ImportReport:
    """Write what was chosen of what a file gave: two requests to compare, one a document, one for the log.

    `told` is called before each of them, and may stop it. Raises NothingNew and NothingChosen (then nothing was
    written), Interrupted when the space stopped answering in the middle; any other failure leaves everything as it was.
    """
    if here.left_in(bag.layout.root + "log/"):
        import_record.settle(bag, now)  # what cannot go on is taken back: it is not compared with
    for _ in range(resources.TRIES - 1):
        with suppress(ChangedMeanwhile):  # somebody wrote since it was compared: what is new now?
            return _take_in(bag, found, now, choices, raw, told)
    return _take_in(bag, found, now, choices, raw, told)


def _take_in(
    bag: Bag, found: Recognised, now: datetime, choices: Choices, raw: bytes | None, told: Told
) -> ImportReport:
    shown = compare(bag, found, choices, now)
    if shown.is_empty:
        raise NothingNew if shown.offers_nothing else NothingChosen
    # A credential is kept with what it proves; the file itself, when that was asked for.
    files = {name: data for name, data in found.files.items() if shown.evidence or name.startswith("imports/")}
    if raw is not None:
        files[kept_as(found)] = raw
    # Named after its content, a file may lie there already: then it is not ours to take back.
    new = {name: data for name, data in files.items() if not _is_there(bag, name)}
    changes = _changes(bag, shown, now)
    record = import_record.record(bag, shown, changes, new, files.keys() - new.keys(), now)
    with here.at_work(shown.run):
        try:
            _write(bag, shown, Change(names.document(shown.run), Delta(into=frozenset(record))), new, changes, told)
        except Unreachable as error:
            raise ImportCut(error.url, error.status, host=error.details.get("host", "")) from error
        except SignInNeeded:
            raise
        except (MusetteError, KeyboardInterrupt):
            with suppress(PodError):  # what cannot be taken back now is taken back later
                import_record.take_back(bag, record, URIRef(shown.run), now)
            raise
    here.forget(shown.run)
    return ImportReport(shown.run, shown.counts, shown.losses, shown.format)


def _is_there(bag: Bag, name: str) -> bool:
    response, _ = resources.look(bag.pod, bag.layout.root + name)
    return response.status not in {404, 410}


def kept_as(found: Recognised) -> str:
    """Where the file itself is kept in the bag, when that is asked for: named after what it holds."""
    return f"imports/{found.digest[:32]}{_extension(found.file)}"


def _extension(name: str) -> str:
    ending = name.rpartition(".")[2].casefold()
    return f".{ending}" if ending.isalnum() and ending.isascii() and len(ending) <= 5 and "." in name else ".bin"


def _changes(bag: Bag, shown: ImportPreview, now: datetime) -> list[Change]:
    """What each document gains, in the order of writing; the last one says that it was all."""
    changes = []
    for key in import_record.in_order(shown.new):
        graph = shown.new[key]
        delta = _answered_anew(shown.bases[key], graph) if key == "mappings" else Delta(into=frozenset(graph))
        if delta:
            changes.append(Change(bag.layout.document(key), delta))
    last = changes.pop()
    ended = frozenset([import_record.end(shown.run, now)])
    return [*changes, Change(last.document, Delta(last.delta.out, last.delta.into | ended))]


def _write(
    bag: Bag, shown: ImportPreview, record: Change, files: Mapping[str, bytes], changes: Sequence[Change], told: Told
) -> None:
    """The one place where an import is written: the log, the files, then what is named before what names it."""
    steps = 1 + len(files) + len(changes)
    told(0, steps)
    resources.insert(bag.pod, record.document, syntax.graph_of(record.delta.into))
    # What a file holds comes before what points to it.
    for number, (name, data) in enumerate(files.items(), 1):
        told(number, steps)
        with suppress(AlreadyThere):
            resources.put(bag.pod, bag.layout.root + name, data, import_record.media_type(name), {"If-None-Match": "*"})
    bases = {base.iri: base for base in shown.bases.values()}
    for number, change in enumerate(changes, 1 + len(files)):
        told(number, steps)
        try:
            # From what was compared, or not at all: who brings in the same meanwhile is noticed.
            resources.change(bag.pod, bases[change.document], change.delta, tries=1)
        except Unreachable:
            # Whether it was made, nobody knows: look, and do only what is missing.
            base = resources.read(bag.pod, change.document)
            resources.change(bag.pod, base, change.remaining(base.graph))
    told(steps, steps)


def _answered_anew(base: Resource, graph: Graph) -> Delta:
    """What a title stands for may be said anew: one answer at a time."""
    asked = set(graph.subjects(terms.ACTIVITY))
    into = frozenset(t for t in graph if t[0] in asked)
    out = frozenset(t for t in base.graph.triples((None, terms.ACTIVITY, None)) if t[0] in asked) - into
    return Delta(out=out, into=into - frozenset(base.graph))


def undo(bag: Bag, run: str, now: datetime, *, everything: bool = False) -> Undone:
    """Take back what an import created, but not what the person changed since; one that was cut too.

    `everything`: the person says that nothing is at work on it. Raises NoSuchImport, StillUnderWay.
    """
    layout = bag.layout
    log = import_record.log_of(bag, run)
    if import_record.was_cut(bag, log.graph, URIRef(run), now, everything=everything):
        return import_record.take_back(bag, log.graph, URIRef(run), now)
    removed = kept = 0
    written = [str(one) for one in log.graph.objects(URIRef(run), terms.DCTERMS_REFERENCES)]
    changes, bases = [], []
    for document in written or (layout.activities, layout.skills):
        if not names.is_within(layout.root, document):
            continue
        base = resources.read(bag.pod, document)
        gone, changed, delta = _taken_back(base, run, now)
        kept += changed
        removed += gone
        changes.append(Change(document, delta))
        bases.append(base)
    if (URIRef(run), terms.UNDONE_AT, None) not in log.graph:
        ended = (URIRef(run), terms.UNDONE_AT, timestamp(now))
        mark = import_record.marks(log.graph, URIRef(run))
        changes.append(Change(names.document(run), Delta(out=mark, into=frozenset([ended]))))
        bases.append(log)
    # A file serves what was kept of it, so it goes only when nothing was.
    files = () if kept else import_record.files_of(bag, log.graph, URIRef(run))
    carry_out(bag, terms.OPERATION_UNDO_IMPORT, changes, now, bases, deletes=files)
    return Undone(removed, kept)


def _taken_back(base: Resource, run: str, now: datetime) -> tuple[int, int, Delta]:
    """How many things go, how many stay because they were changed since, and the change."""
    graph = base.graph
    created = set(graph.subjects(terms.DCTERMS_SOURCE, URIRef(run)))
    changed = {node for node in created if (node, terms.DCTERMS_MODIFIED, None) in graph}
    # Time that was corrected is no longer as it was imported.
    changed |= {
        node
        for node in created
        if (node, terms.RDF_TYPE, terms.TimeEntry) in graph
        and (node, terms.PRECISION, terms.PRECISION_IMPORTED) not in graph
    }
    # What a kept thing points to is kept with it.
    held = {o for node in changed for o in graph.objects(node, None)} & created
    gone = created - changed - held
    delta = without(graph, map(str, gone), now)
    ended = frozenset(graph.triples((URIRef(run), terms.PROV_ENDED_AT_TIME, None)))
    return len(gone), len(changed), Delta(delta.out | ended, delta.into)
