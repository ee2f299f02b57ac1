"""What is in the bag: the first page, the list, one activity."""

from dataclasses import dataclass
from datetime import date

from musette_solid.model import activity as activities_model
from musette_solid.model import overview as overviews
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity, Outline
from musette_solid.model.overview import SkillOutline
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import syntax
from musette_solid.usecases.documents import read_documents, version_of
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Overview:
    """The first page: everything that it shows, read side by side."""

    activities: tuple[Outline, ...]  # in no order
    skills: tuple[SkillOutline, ...]  # in no order
    entries: tuple[TimeEntry, ...]  # this year's, the newest first
    unreadable: tuple[str, ...]  # documents that another application damaged


def overview(bag: Bag, today: date) -> Overview:
    layout = bag.layout
    documents = read_documents(
        bag,
        (layout.activities, layout.skills, layout.time(today.year)),
        readers=(overviews.activities, overviews.skills, syntax.parse),
    )
    return Overview(
        documents.said(layout.activities, overviews.activities),
        documents.said(layout.skills, overviews.skills),
        time_model.read(documents.graph(layout.time(today.year))),
        documents.unreadable,
    )


@dataclass(frozen=True)
class Listing:
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    unreadable: tuple[str, ...]

    def activity(self, iri: str) -> Activity | None:
        return next((a for a in self.activities if str(a.iri) == iri), None)


def list_activities(bag: Bag) -> Listing:
    """Every activity, and the skills that they name."""
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.skills))
    return Listing(
        activities_model.read(documents.graph(layout.activities)),
        skills_model.read(documents.graph(layout.skills)),
        documents.unreadable,
    )


@dataclass(frozen=True)
class One:
    """One activity, what it is made of, and the mark of the version that was read."""

    activity: Activity
    parts: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    version: str


def one_activity(bag: Bag, iri: str) -> One:
    """Raises NotThere, and NotUnderstood when the document is damaged."""
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.skills))
    graph = documents.resource(layout.activities).graph
    listed = activities_model.read(graph)
    found = next((a for a in listed if str(a.iri) == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return One(
        found,
        tuple(a for a in listed if a.part_of is not None and str(a.part_of) == iri),
        skills_model.read(documents.graph(layout.skills)),
        version_of(graph, iri),
    )
