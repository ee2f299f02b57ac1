"""Take everything out, in open formats; what a format cannot say is known before anything is taken."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rdflib import Graph, URIRef

from musette_solid.errors import N_
from musette_solid.exchange import calendar_writing, europass_writing, jsonresume, tables
from musette_solid.exchange.losses import Loss
from musette_solid.model import activity as activities_model
from musette_solid.model import goal as goals_model
from musette_solid.model import identity
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.model.labels import label
from musette_solid.pod import containers, webid
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Everything:
    """The graphs of the bag by document; what could not be read is named."""

    graphs: dict[str, Graph]
    unreadable: tuple[str, ...]

    @property
    def graph(self) -> Graph:
        return syntax.graph_of(triple for graph in self.graphs.values() for triple in graph)


def read_everything(bag: Bag) -> Everything:
    """Every document that the person's things are in. Left out: what is derived, kept against damage, or about others."""
    layout = bag.layout
    wanted = list(dict.fromkeys([layout.bag, layout.activities, layout.skills, *_documents(bag, layout.root)]))
    documents = read_documents(bag, wanted)
    return Everything({iri: documents.graph(iri) for iri in wanted}, documents.unreadable)


def read_whole(bag: Bag) -> Everything:
    """Everything, and what the person decided and asked for: grants, requests, the log. For what claims to be whole."""
    wanted = _documents(bag, bag.layout.root, _NOT_THEIRS)
    documents = read_documents(bag, wanted)
    return Everything({iri: documents.graph(iri) for iri in wanted}, documents.unreadable)


#: Copies of what is in the bag, what is derived from it, and what others wrote.
_NOT_THEIRS = ("inbox/", "inbox-", "intents/", "kept/", "shares/", "time/summary.ttl")
_LEFT_OUT = (*_NOT_THEIRS, "grants/", "requests/", "log/", "portfolio/")


def _documents(bag: Bag, container: str, left_out: tuple[str, ...] = _LEFT_OUT) -> list[str]:
    found = []
    for member in containers.members(bag.pod, container):
        path = member.iri.removeprefix(bag.layout.root)
        if path.startswith(left_out):
            continue
        if member.is_container:
            found += _documents(bag, member.iri, left_out)
        elif path.endswith(".ttl"):
            found.append(member.iri)
    return found


_NO_PLACE = N_("%(value)s: this format has no place for them")
_NO_PAGE = N_("“%(value)s” is an account of another side of your life: it stays out")
_NOT_READ = N_("%(value)s: it could not be read, and is not in this file")
_NO_LETTERS = N_("letters and comments of others, and the copies that you opened to them: they are in the archive")
_NO_FILES = N_("files of evidence and credentials: their addresses are in it, their bytes are in the archive")

#: What every format says of activities, and what is nothing by itself or was not written by anybody.
_ALWAYS_SAID = frozenset(
    (
        *(terms.Activity, terms.ORG_ORGANIZATION_CLASS, terms.Musette),
        *(terms.ImportRun, terms.Classification, terms.TimeSummary, terms.TimeTotal, terms.LatestEntry),
    )
)


def _beyond(everything: Everything, said: Collection[URIRef], language: str) -> tuple[Loss, ...]:
    """What the bag holds of kinds that a format does not say at all: whatever they are, none is left behind unsaid."""
    graph = everything.graph
    kinds = {kind for kind in graph.objects(None, terms.RDF_TYPE) if isinstance(kind, URIRef)}
    counted = sorted(
        (label(kind, language), len(set(graph.subjects(terms.RDF_TYPE, kind))))
        for kind in kinds - _ALWAYS_SAID - set(said)
    )
    losses = [Loss.of("/", _NO_PLACE, f"{name} × {count}") for name, count in counted]
    return (*losses, *_not_read(everything))


def _not_read(everything: Everything) -> tuple[Loss, ...]:
    return tuple(Loss.of("/", _NOT_READ, iri) for iri in everything.unreadable)


def export_turtle(bag: Bag) -> tuple[bytes, tuple[Loss, ...]]:
    """The bag as one graph, and what of it is not statements of the person."""
    whole = read_whole(bag)
    return syntax.turtle(whole.graph), (*_not_read(whole), *_stays(bag))


def export_json_ld(bag: Bag) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    whole = read_whole(bag)
    return syntax.json_ld(whole.graph), (*_not_read(whole), *_stays(bag))


def _stays(bag: Bag) -> tuple[Loss, ...]:
    """Of everything as data, what is lacking when there is any: the bytes of files, and what others wrote."""

    def any_in(*names: str) -> bool:
        return any(containers.members(bag.pod, bag.layout.root + name) for name in names)

    files = (Loss.of("/", _NO_FILES),) if any_in("evidence/", "credentials/", "cv/", "imports/", "mappings/") else ()
    return (*files, Loss.of("/", _NO_LETTERS)) if any_in("inbox/", "shares/") else files


def export_csv(bag: Bag, language: str = "fr") -> tuple[bytes, tuple[Loss, ...]]:
    """Activities as a table, with the time that was logged for each; and what a table of activities cannot say."""
    found = read_everything(bag)
    everything = found.graph
    table = tables.activities(activities_model.read(everything), time_model.read(everything), language)
    return table, _beyond(found, (), language)


def export_json_resume(bag: Bag, language: str = "fr") -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """A JSON Resume, and what that format cannot say. Accounts of the professional side only."""
    found = read_everything(bag)
    everything = found.graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    accounts = identity.read(everything)
    shown = [one for one in accounts if one.facet == terms.FACET_PROFESSIONAL]
    resume, losses = jsonresume.write(
        activities_model.read(everything), skills_model.read(everything), name=profile.name, accounts=shown
    )
    apart = tuple(Loss.of("/basics/profiles", _NO_PAGE, one.name) for one in accounts if one not in shown)
    said = (terms.Skill, terms.Assessment, terms.FOAF_ONLINE_ACCOUNT)
    return resume, (*losses, *apart, *_beyond(found, said, language))


def export_europass(bag: Bag, now: datetime, language: str = "fr") -> tuple[bytes, tuple[Loss, ...]]:
    """A Europass CV (XML), and what it cannot say."""
    found = read_everything(bag)
    everything = found.graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    data, losses = europass_writing.write(
        activities_model.read(everything),
        skills_model.read(everything),
        name=profile.name or "",
        now=now,
        language=language,
    )
    return data, (*losses, *_beyond(found, (terms.Skill, terms.Assessment), language))


def export_icalendar(
    bag: Bag, now: datetime, ends: str = "Fin : {title}", language: str = "fr"
) -> tuple[bytes, tuple[Loss, ...]]:
    """Time, and the days ahead: ends of what goes on, of goals and their steps."""
    found = read_everything(bag)
    everything = found.graph
    data, losses = calendar_writing.write(
        time_model.read(everything), activities_model.read(everything), now, ends, goals_model.read(everything)
    )
    return data, (*losses, *_beyond(found, (terms.TimeEntry, terms.Goal), language))
