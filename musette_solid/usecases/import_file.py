"""Bring in what is kept elsewhere: look first, write once, take it back in one gesture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import jsonresume
from musette_solid.exchange.jsonresume import Loss
from musette_solid.model import activity as activities_model
from musette_solid.model import matching
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.intent import Change
from musette_solid.model.skill import Skill
from musette_solid.pod import resources
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents, without
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp

FORMAT = "JSON Resume"


class NothingNew(MusetteError):
    what = N_("Everything in this file is already in your bag.")
    do = N_("Nothing was written.")


class NoSuchImport(MusetteError):
    what = N_("There is no import to take back at this address.")
    do = N_("Look at the list of your imports.")


@dataclass(frozen=True)
class ImportPreview:
    """What a file holds, as it will be shown, and what of it is not there yet. Nothing was written."""

    name: str
    format: str
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    evidence: tuple[Evidence, ...]
    duplicates: tuple[str, ...]
    losses: tuple[Loss, ...]
    new: Mapping[str, Graph]
    run: str

    @property
    def counts(self) -> dict[str, int]:
        return {
            "activities": len(self.activities),
            "skills": len(self.skills),
            "evidence": len(self.evidence),
            "duplicates": len(self.duplicates),
            "losses": len(self.losses),
        }

    @property
    def is_empty(self) -> bool:
        return not any(len(graph) for graph in self.new.values())


def preview(bag: Bag, data: bytes, name: str, now: datetime) -> ImportPreview:
    """Raises UnreadableFile when it is not a file we know; NotUnderstood when the bag itself cannot be read."""
    layout = bag.layout
    run = f"{layout.log(now.year)}#{names.fragment('import', now.date())}"
    imported = jsonresume.read(
        data,
        activities=layout.activities,
        skills=layout.skills,
        owner=bag.owner,
        run=run,
        now=now,
        name=names.fragment,
        file=name,
    )
    documents = read_documents(bag, (layout.activities, layout.skills))
    known = {iri: documents.resource(iri).graph for iri in (layout.activities, layout.skills)}
    compared = matching.split({layout.activities: imported.activities, layout.skills: imported.skills}, known)
    new = compared.new
    return ImportPreview(
        name=name,
        format=FORMAT,
        activities=activities_model.read(new[layout.activities]),
        skills=skills_model.read(new[layout.skills]),
        evidence=activities_model.evidence(new[layout.skills]),
        duplicates=compared.duplicates,
        losses=imported.losses,
        new=new,
        run=run,
    )


@dataclass(frozen=True)
class ImportReport:
    run: str
    counts: dict[str, int]
    losses: tuple[Loss, ...]


def import_file(bag: Bag, data: bytes, name: str, now: datetime) -> ImportReport:
    """Write what is new in a file; at most seven requests. All of it or nothing. Raises what `preview` raises, and NothingNew."""
    shown = preview(bag, data, name, now)
    if shown.is_empty:
        raise NothingNew
    run = URIRef(shown.run)
    record = syntax.graph_of(
        [
            (run, terms.RDF_TYPE, terms.ImportRun),
            (run, terms.DCTERMS_TITLE, Literal(name)),
            (run, terms.DCTERMS_FORMAT, Literal(shown.format)),
            (run, terms.PROV_STARTED_AT_TIME, timestamp(now)),
        ]
    )
    # Skills before the activities that name them. The log first: what was written can be found and taken back.
    changes = [
        Change(bag.layout.log(now.year), Delta(into=frozenset(record))),
        Change(bag.layout.skills, Delta(into=frozenset(shown.new[bag.layout.skills]))),
        Change(bag.layout.activities, Delta(into=frozenset(shown.new[bag.layout.activities]))),
    ]
    carry_out(bag, terms.OPERATION_IMPORT, changes, now)
    return ImportReport(shown.run, shown.counts, shown.losses)


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
    changes, bases = [], []
    for document in (layout.activities, layout.skills):
        base = resources.read(bag.pod, document)
        created = set(base.graph.subjects(terms.DCTERMS_SOURCE, URIRef(run)))
        changed = {node for node in created if (node, terms.DCTERMS_MODIFIED, None) in base.graph}
        # What a kept thing points to is kept with it.
        held = {o for node in changed for o in base.graph.objects(node, None)} & created
        gone = created - changed - held
        kept += len(changed)
        removed += len(gone)
        changes.append(Change(document, without(base.graph, map(str, gone), now)))
        bases.append(base)
    if (URIRef(run), terms.UNDONE_AT, None) not in log.graph:
        ended = (URIRef(run), terms.UNDONE_AT, timestamp(now))
        changes.append(Change(names.document(run), Delta(into=frozenset([ended]))))
    carry_out(bag, terms.OPERATION_UNDO_IMPORT, changes, now, bases)
    return Undone(removed, kept)


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
