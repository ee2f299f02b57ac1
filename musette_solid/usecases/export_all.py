"""Take everything out, in open formats; what a format cannot say is known before anything is taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rdflib import Graph

from musette_solid.exchange import calendar_writing, europass_writing, jsonresume, tables
from musette_solid.exchange.losses import Loss
from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.pod import containers, webid
from musette_solid.rdf import syntax
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
    """The bag itself, activities, skills, every year of time, rights and goals."""
    layout = bag.layout
    years = [m.iri for m in containers.members(bag.pod, layout.times) if layout.is_year(m.iri)]
    wanted = (layout.bag, layout.activities, layout.skills, *years, layout.rights, layout.goals)
    documents = read_documents(bag, wanted)
    return Everything({iri: documents.graph(iri) for iri in wanted}, documents.unreadable)


def export_turtle(bag: Bag) -> bytes:
    return syntax.turtle(read_everything(bag).graph)


def export_json_ld(bag: Bag) -> dict[str, Any]:
    return syntax.json_ld(read_everything(bag).graph)


def export_csv(bag: Bag) -> bytes:
    """Activities as a table, with the time that was logged for each."""
    everything = read_everything(bag).graph
    return tables.activities(activities_model.read(everything), time_model.read(everything))


def export_json_resume(bag: Bag) -> tuple[dict[str, Any], tuple[jsonresume.Loss, ...]]:
    """A JSON Resume, and what that format cannot say."""
    everything = read_everything(bag).graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    return jsonresume.write(activities_model.read(everything), skills_model.read(everything), name=profile.name)


def export_europass(bag: Bag, now: datetime, language: str = "fr") -> tuple[bytes, tuple[Loss, ...]]:
    """A Europass CV (XML), and what it cannot say."""
    everything = read_everything(bag).graph
    profile = webid.profile(bag.pod.transport, bag.owner)
    return europass_writing.write(
        activities_model.read(everything),
        skills_model.read(everything),
        name=profile.name or "",
        now=now,
        language=language,
    )


def export_icalendar(bag: Bag, now: datetime, ends: str = "Fin : {title}") -> tuple[bytes, tuple[Loss, ...]]:
    """Time and the ends of what goes on, as a calendar."""
    everything = read_everything(bag).graph
    return calendar_writing.write(time_model.read(everything), activities_model.read(everything), now, ends)
