"""Look at the trajectory: a life, or some days of it; what was learnt, where the hours went, what rights were concluded."""

from dataclasses import dataclass
from datetime import date, datetime

from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity
from musette_solid.model.rights.standing import Standing
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.model.trajectory import Period
from musette_solid.rdf import terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, log_activity

#: A window as short as this shows its days, hour by hour.
SHORT_DAYS = 31


@dataclass(frozen=True)
class View:
    """`entries` are those of a short window; `standings` are None unless they were asked for."""

    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    entries: tuple[TimeEntry, ...]
    standings: tuple[Standing, ...] | None
    unreadable: tuple[str, ...]


def look_at_trajectory(bag: Bag, window: Period | None, today: date, *, with_rights: bool = False) -> View:
    """Two documents side by side, and the year of a short window. Rights are worked out from the whole life: all its years."""
    layout = bag.layout
    years = {window.first.year, window.last.year} if window and _is_short(window) else set()
    times = [layout.time(year) for year in sorted(years)]
    documents = read_documents(bag, (layout.activities, layout.skills, *times))
    entries = tuple(
        entry
        for iri in times
        for entry in time_model.read(documents.graph(iri))
        if window and window.first <= entry.on <= window.last
    )
    rights = explain_rights(bag, today) if with_rights else None
    return View(
        activities_model.read(documents.graph(layout.activities)),
        skills_model.read(documents.graph(layout.skills)),
        entries,
        rights.standings if rights else None,
        tuple(dict.fromkeys((*documents.unreadable, *(rights.unreadable if rights else ())))),
    )


def _is_short(window: Period) -> bool:
    return (window.last - window.first).days < SHORT_DAYS


def name_interval(bag: Bag, texts: Texts, now: datetime) -> str:
    """Say what an interval was in which nothing is noted: an activity like any other, and private whatever its sphere.

    Its name goes into no dossier, portfolio or profile unless it is chosen there by name. Raises Unfit.
    """
    return log_activity(bag, texts, now, sensitivity=terms.SENSITIVITY_GAP)
