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


_LEFT_OUT = ("inbox/", "intents/", "kept/", "shares/", "grants/", "requests/", "log/", "time/summary.ttl", "portfolio/")


def _documents(bag: Bag, container: str) -> list[str]:
    found = []
    for member in containers.members(bag.pod, container):
        path = member.iri.removeprefix(bag.layout.root)
        if path.startswith(_LEFT_OUT):
            continue
        if member.is_container:
            found += _documents(bag, member.iri)
        elif path.endswith(".ttl"):
            found.append(member.iri)
    return found


_NO_PLACE = N_("%(value)s: this format has no place for them")
_NO_PAGE = N_("“%(value)s” is an account of another side of your life: it stays out")
_NO_FILES = N_("files of evidence and credentials: their addresses are in it, their bytes are in the archive")

#: Kinds of things, for saying what stays out of a format that has no place for them.
_KINDS = (
    terms.Skill,
    terms.Assessment,
    terms.TimeEntry,
    terms.Reflection,
    terms.Goal,
    terms.Relation,
    terms.Tool,
    terms.ValueStatement,
    terms.RightsAccount,
    terms.RightsFact,
    terms.FOAF_ONLINE_ACCOUNT,
)


def _beyond(graph: Graph, said: Collection[URIRef], language: str) -> tuple[Loss, ...]:
    """What the bag holds of kinds that a format does not say at all."""
    losses = []
    for kind in _KINDS:
        count = len(set(graph.subjects(terms.RDF_TYPE, kind))) if kind not in said else 0
        if count:
            losses.append(Loss.of("/", _NO_PLACE, f"{label(kind, language)} × {count}"))
    return tuple(losses)


def export_turtle(bag: Bag) -> bytes:
    return syntax.turtle(read_everything(bag).graph)


def export_json_ld(bag: Bag) -> dict[str, Any]:
    return syntax.json_ld(read_everything(bag).graph)


def files_stay(bag: Bag) -> tuple[Loss, ...]:
    """Of everything as data, only the bytes of files are lacking; when there are any."""
    there = [f"{bag.layout.root}evidence/", f"{bag.layout.root}credentials/"]
    return (Loss.of("/", _NO_FILES),) if any(containers.members(bag.pod, one) for one in there) else ()


def export_csv(bag: Bag, language: str = "fr") -> tuple[bytes, tuple[Loss, ...]]:
    """Activities as a table, with the time that was logged for each; and what a table of activities cannot say."""
    everything = read_everything(bag).graph
    table = tables.activities(activities_model.read(everything), time_model.read(everything), language)
    return table, _beyond(everything, (), language)


def export_json_resume(bag: Bag, language: str = "fr") -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """A JSON Resume, and what that format cannot say. Accounts of the professional side only."""
    everything = read_everything(bag).graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    accounts = identity.read(everything)
    shown = [one for one in accounts if one.facet == terms.FACET_PROFESSIONAL]
    resume, losses = jsonresume.write(
        activities_model.read(everything), skills_model.read(everything), name=profile.name, accounts=shown
    )
    apart = tuple(Loss.of("/basics/profiles", _NO_PAGE, one.name) for one in accounts if one not in shown)
    said = (terms.Skill, terms.Assessment, terms.FOAF_ONLINE_ACCOUNT)
    return resume, (*losses, *apart, *_beyond(everything, said, language))


def export_europass(bag: Bag, now: datetime, language: str = "fr") -> tuple[bytes, tuple[Loss, ...]]:
    """A Europass CV (XML), and what it cannot say."""
    everything = read_everything(bag).graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    data, losses = europass_writing.write(
        activities_model.read(everything),
        skills_model.read(everything),
        name=profile.name or "",
        now=now,
        language=language,
    )
    return data, (*losses, *_beyond(everything, (terms.Skill, terms.Assessment), language))


def export_icalendar(
    bag: Bag, now: datetime, ends: str = "Fin : {title}", language: str = "fr"
) -> tuple[bytes, tuple[Loss, ...]]:
    """Time, and the days ahead: ends of what goes on, of goals and their steps."""
    everything = read_everything(bag).graph
    data, losses = calendar_writing.write(
        time_model.read(everything), activities_model.read(everything), now, ends, goals_model.read(everything)
    )
    return data, (*losses, *_beyond(everything, (terms.TimeEntry, terms.Goal), language))
