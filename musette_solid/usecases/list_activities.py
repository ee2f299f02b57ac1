"""What is in the bag: the first page, the list, one activity."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from musette_solid.model import activity as activities_model
from musette_solid.model import overview as overviews
from musette_solid.model import skill as skills_model
from musette_solid.model import time_summary
from musette_solid.model.activity import Activity, Outline
from musette_solid.model.overview import SkillOutline
from musette_solid.model.skill import Skill
from musette_solid.pod.errors import NotThere
from musette_solid.usecases import time_totals
from musette_solid.usecases.documents import Documents, read_documents, version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.time_totals import Recent


@dataclass(frozen=True)
class Overview:
    """The first page: everything that it shows, read side by side."""

    activities: tuple[Outline, ...]  # in no order
    skills: tuple[SkillOutline, ...]  # in no order
    time: Recent
    unreadable: tuple[str, ...]  # documents that another application damaged
    #: What a page made of the activities, kept for as long as this version of them is.
    made: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def overview(
    bag: Bag, today: date, *, meanwhile: Callable[[tuple[Outline, ...], dict[Any, Any]], object] | None = None
) -> Overview:
    """The first look of a session goes by the summary of time; later ones ask about the year itself, as they do about all.

    `meanwhile`: at the first look, what to do with the activities and the place for what is made of them (`Overview.made`)
    while the rest is still on its way.
    """
    layout = bag.layout

    def of_activities(documents: Documents) -> tuple[tuple[Outline, ...], dict[Any, Any]]:
        return documents.said(layout.activities, overviews.activities), documents.said(layout.activities, _made)

    own, own_readers = (layout.activities, layout.skills), (overviews.activities, overviews.skills)
    unreadable: tuple[str, ...]
    if time_totals.is_known(bag, today):
        years = time_totals.recent_years(bag, today)
        documents = read_documents(bag, (*own, *years), readers=(*own_readers, *(time_summary.entries for _ in years)))
        recent, unreadable = time_totals.recent_of_documents(bag, documents, today), documents.unreadable
    else:
        at_once = (lambda documents: meanwhile(*of_activities(documents))) if meanwhile else None
        documents = read_documents(
            bag, (*own, *time_totals.documents_of(bag)), readers=(*own_readers, *time_totals.READERS), meanwhile=at_once
        )
        recent, unreadable = time_totals.recent_of_summary(bag, documents, today)
        unreadable = (*(iri for iri in own if iri in documents.unreadable), *unreadable)
    activities, made = of_activities(documents)
    return Overview(activities, documents.said(layout.skills, overviews.skills), recent, unreadable, made)


def _made(_body: bytes, _media_type: str, _base: str) -> dict[Any, Any]:
    """A place that goes with a version of a document in memory."""
    return {}


@dataclass(frozen=True)
class Listing:
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    unreadable: tuple[str, ...]

    def activity(self, iri: str) -> Activity | None:
        return next((one for one in self.activities if one.iri == iri), None)

    def skill(self, iri: str) -> Skill | None:
        return next((one for one in self.skills if one.iri == iri), None)

    def used_in(self, skill: str) -> tuple[Activity, ...]:
        return tuple(one for one in self.activities if skill in one.mobilises)


def list_activities(bag: Bag) -> Listing:
    """Every activity and every skill."""
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
