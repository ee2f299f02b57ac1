"""Look at where time goes: a year entry by entry, or all years by what each adds up to."""

from dataclasses import dataclass
from datetime import date

from musette_solid.model import activity as activities_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity
from musette_solid.model.rhythm import Rhythm, rhythm
from musette_solid.model.time import TimeEntry
from musette_solid.model.time_summary import Summary
from musette_solid.pod import resources
from musette_solid.pod.errors import NotUnderstood
from musette_solid.usecases import time_totals
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class YearOfTime:
    year: int
    entries: tuple[TimeEntry, ...]
    activities: tuple[Activity, ...]
    rhythm: Rhythm
    unreadable: tuple[str, ...]


def year_of_time(bag: Bag, year: int) -> YearOfTime:
    """Two documents."""
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.time(year)))
    activities = activities_model.read(documents.graph(layout.activities))
    entries = time_model.read(documents.graph(layout.time(year)))
    spheres = {a.iri: a.sphere for a in activities}
    return YearOfTime(year, entries, activities, rhythm(entries, spheres), documents.unreadable)


@dataclass(frozen=True)
class AllYears:
    """`years`: the latest first."""

    years: dict[int, Summary]
    activities: tuple[Activity, ...]
    unreadable: tuple[str, ...]


def all_years(bag: Bag, today: date) -> AllYears:
    """Three documents, and those of years that changed since they were summed."""
    years, unreadable = time_totals.yearly(bag, today)
    try:
        activities = activities_model.read(resources.read(bag.pod, bag.layout.activities).graph)
    except NotUnderstood:
        activities, unreadable = (), (bag.layout.activities, *unreadable)
    return AllYears(years, activities, unreadable)
