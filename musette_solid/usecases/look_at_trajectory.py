"""Look at the trajectory: a life, or some days of it; what was learnt, where the hours went, what rights were concluded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from musette_solid.model import overview as overviews
from musette_solid.model import time as time_model
from musette_solid.model.activity import Mobilising
from musette_solid.model.overview import JudgedSkill
from musette_solid.model.rights.standing import Standing
from musette_solid.model.time import TimeEntry
from musette_solid.model.trajectory import Period
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.documents import Documents, read_documents
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, log_activity

#: A window as short as this shows its days, hour by hour.
SHORT_DAYS = 31


@dataclass(frozen=True)
class View:
    """`entries` are those of a short window; `standings` are None unless they were asked for.

    `made`: what a page made of the activities, kept for as long as this version of them is.
    """

    activities: tuple[Mobilising, ...]  # in no order
    skills: tuple[JudgedSkill, ...]  # in no order
    entries: tuple[TimeEntry, ...]
    standings: tuple[Standing, ...] | None
    unreadable: tuple[str, ...]
    made: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def look_at_trajectory(
    bag: Bag,
    window: Period | None,
    today: date,
    *,
    with_rights: bool = False,
    meanwhile: Callable[[tuple[Mobilising, ...], dict[Any, Any]], object] | None = None,
) -> View:
    """Two documents side by side, and the year of a short window. Rights are worked out from the whole life: all its years.

    `meanwhile`: what to do with the activities, and the place for what is made of them, while the rest is on its way.
    """
    layout = bag.layout
    years = {window.first.year, window.last.year} if window and _is_short(window) else set()
    times = [layout.time(year) for year in sorted(years)]

    def of_activities(documents: Documents) -> tuple[tuple[Mobilising, ...], dict[Any, Any]]:
        reader = overviews.activities_with_skills
        return documents.said(layout.activities, reader), documents.said(layout.activities, _made)

    documents = read_documents(
        bag,
        (layout.activities, layout.skills, *times),
        readers=(overviews.activities_with_skills, overviews.skills_in_time, *(syntax.parse for _ in times)),
        meanwhile=(lambda documents: meanwhile(*of_activities(documents))) if meanwhile else None,
    )
    entries = tuple(
        entry
        for iri in times
        for entry in time_model.read(documents.graph(iri))
        if window and window.first <= entry.on <= window.last
    )
    rights = explain_rights(bag, today) if with_rights else None
    activities, made = of_activities(documents)
    return View(
        activities,
        documents.said(layout.skills, overviews.skills_in_time),
        entries,
        rights.standings if rights else None,
        tuple(dict.fromkeys((*documents.unreadable, *(rights.unreadable if rights else ())))),
        made,
    )


def _made(_body: bytes, _media_type: str, _base: str) -> dict[Any, Any]:
    """A place that goes with a version of a document in memory."""
    return {}


def _is_short(window: Period) -> bool:
    return (window.last - window.first).days < SHORT_DAYS


def name_interval(bag: Bag, texts: Texts, now: datetime) -> str:
    """Say what an interval was in which nothing is noted: an activity like any other, and private whatever its sphere.

    Its name goes into no dossier, portfolio or profile unless it is chosen there by name. Raises Unfit.
    """
    return log_activity(bag, texts, now, sensitivity=terms.SENSITIVITY_GAP)
