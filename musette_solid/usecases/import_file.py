"""Bring in what is kept elsewhere, whatever the format: look first, choose, write once, take it back in one gesture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.draft import Recognised, file_iri
from musette_solid.exchange.losses import Loss
from musette_solid.exchange.recognition import Asked
from musette_solid.model.intent import Change
from musette_solid.pod import resources
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import without
from musette_solid.usecases.intents import File, carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.preview_import import Choices, ImportPreview, Item, compare, look, preview

__all__ = ["Choices", "ImportPreview", "Item", "compare", "import_file", "look", "preview", "runs", "take_in", "undo"]


class NothingNew(MusetteError):
    what = N_("Everything in this file is already in your bag.")
    do = N_("Nothing was written.")


class NothingChosen(MusetteError):
    what = N_("Nothing was chosen, so nothing was written.")
    do = N_("Tick what you want to take in.")


class NoSuchImport(MusetteError):
    what = N_("There is no import to take back at this address.")
    do = N_("Look at the list of your imports.")


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


def take_in(bag: Bag, found: Recognised, now: datetime, choices: Choices, raw: bytes | None = None) -> ImportReport:
    """Write what was chosen of what a file gave. Raises NothingNew and NothingChosen; then nothing was written."""
    shown = compare(bag, found, choices, now)
    if shown.is_empty:
        raise NothingNew if shown.offers_nothing else NothingChosen
    # A credential is kept with what it proves; the file itself, when that was asked for.
    files = {name: data for name, data in found.files.items() if shown.evidence or name.startswith("imports/")}
    if raw is not None:
        files[f"imports/{found.digest[:32]}{_extension(found.file)}"] = raw
    _write(bag, shown, _record(bag, shown, now, files), files, now)
    return ImportReport(shown.run, shown.counts, shown.losses, shown.format)


def _extension(name: str) -> str:
    ending = name.rpartition(".")[2].casefold()
    return f".{ending}" if ending.isalnum() and ending.isascii() and len(ending) <= 5 and "." in name else ".bin"


def _record(bag: Bag, shown: ImportPreview, now: datetime, files: Mapping[str, bytes]) -> Graph:
    """What is kept of an import: which file, when, and which documents hold what it made."""
    run = URIRef(shown.run)
    documents = [bag.layout.document(key) for key, graph in shown.new.items() if len(graph)]
    return syntax.graph_of(
        [
            (run, terms.RDF_TYPE, terms.ImportRun),
            (run, terms.DCTERMS_TITLE, Literal(shown.name)),
            (run, terms.DCTERMS_FORMAT, Literal(shown.format)),
            (run, terms.PROV_STARTED_AT_TIME, timestamp(now)),
            (run, terms.PROV_USED, URIRef(file_iri(shown.recognised.digest))),
            *((run, terms.DCTERMS_REFERENCES, URIRef(document)) for document in documents),
            *((run, terms.PROV_GENERATED, URIRef(bag.layout.root + name)) for name in files),
        ]
    )


_MEDIA_TYPES = {".jsonld": "application/ld+json", ".jwt": "application/jwt", ".json": "application/json"}


def _write(bag: Bag, shown: ImportPreview, record: Graph, files: Mapping[str, bytes], now: datetime) -> None:
    """The one place where an import is written: files, then the log, then what is named before what names it."""
    # What a file holds comes first: nothing ever points to what is not there. Named after its content, it may lie there already.
    kept = [
        File(bag.layout.root + name, data, _MEDIA_TYPES.get(name[name.rfind(".") :], "application/octet-stream"))
        for name, data in files.items()
    ]
    first = ("skills", "activities")
    # The log first: what was written can be found and taken back.
    changes = [Change(names.document(shown.run), Delta(into=frozenset(record)))]
    bases: list[Resource] = []
    for key in (*first, *sorted(set(shown.new) - set(first))):
        graph = shown.new.get(key, syntax.empty())
        if key == "mappings":
            base = resources.read(bag.pod, bag.layout.document(key))
            bases.append(base)
            changes.append(Change(base.iri, _answered_anew(base, graph)))
        else:
            changes.append(Change(bag.layout.document(key), Delta(into=frozenset(graph))))
    carry_out(bag, terms.OPERATION_IMPORT, changes, now, bases, files=kept)


def _answered_anew(base: Resource, graph: Graph) -> Delta:
    """What a title stands for may be said anew: one answer at a time."""
    asked = set(graph.subjects(terms.ACTIVITY))
    into = frozenset(t for t in graph if t[0] in asked)
    out = frozenset(t for t in base.graph.triples((None, terms.ACTIVITY, None)) if t[0] in asked) - into
    return Delta(out=out, into=into - frozenset(base.graph))


@dataclass(frozen=True)
class Undone:
    removed: int
    kept: int  # changed by the person since: left where they are


def undo(bag: Bag, run: str, now: datetime) -> Undone:
    """Take back what an import created, but not what the person changed since. Raises NoSuchImport."""
    layout = bag.layout
    if names.document(run) != layout.log(_year(run, layout.root)):
        raise NoSuchImport
    log = resources.read(bag.pod, run)
    if (URIRef(run), terms.RDF_TYPE, terms.ImportRun) not in log.graph:
        raise NoSuchImport
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
        changes.append(Change(names.document(run), Delta(into=frozenset([ended]))))
    # A file serves what was kept of it, so it goes only when nothing was.
    files = [] if kept else sorted(str(made) for made in log.graph.objects(URIRef(run), terms.PROV_GENERATED))
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
    return len(gone), len(changed), without(graph, map(str, gone), now)


def _year(run: str, root: str) -> int:
    inner = names.document(run).removeprefix(root + "log/").removesuffix(".ttl")
    return int(inner) if inner.isdigit() and len(inner) == 4 else 0


@dataclass(frozen=True)
class Run:
    iri: str
    name: str
    started: str
    undone: bool


def runs(bag: Bag, year: int) -> tuple[Run, ...]:
    """The imports of a year, the newest first."""
    graph = resources.read(bag.pod, bag.layout.log(year)).graph
    found = [
        Run(
            str(node),
            str(graph.value(node, terms.DCTERMS_TITLE) or ""),
            str(graph.value(node, terms.PROV_STARTED_AT_TIME) or ""),
            (node, terms.UNDONE_AT, None) in graph,
        )
        for node in graph.subjects(terms.RDF_TYPE, terms.ImportRun)
    ]
    return tuple(sorted(found, key=lambda run: run.started, reverse=True))
