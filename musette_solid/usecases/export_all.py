"""Take everything out, in open formats."""

from dataclasses import dataclass
from typing import Any

from rdflib import Graph

from musette_solid.exchange import jsonresume, tables
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
    """The bag itself, activities, skills and every year of time."""
    layout = bag.layout
    years = [m.iri for m in containers.members(bag.pod, layout.times) if layout.is_year(m.iri)]
    wanted = (layout.bag, layout.activities, layout.skills, *years)
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
