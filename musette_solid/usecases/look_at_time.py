"""Look at where time goes: a year entry by entry, or all years by what each adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import journal as journal_model
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
    felt: Mapping[str, URIRef]  # by activity: how it felt, as the journal of that year said last

    @property
    def by_feeling(self) -> Mapping[URIRef | None, int]:
        """Minutes by how their activity felt; None: the journal says nothing, and nothing is guessed."""
        found: dict[URIRef | None, int] = {}
        for one in self.entries:
            feeling = self.felt.get(one.activity)
            found[feeling] = found.get(feeling, 0) + one.minutes
        return found


def year_of_time(bag: Bag, year: int) -> YearOfTime:
    """Three documents."""
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.time(year), layout.journal(year)))
    activities = activities_model.read(documents.graph(layout.activities))
    entries = time_model.read(documents.graph(layout.time(year)))
    notes = journal_model.read(documents.graph(layout.journal(year)))
    oldest_first = sorted((one for one in notes if one.feeling), key=lambda one: (one.on or date.min, one.iri))
    felt = {about: one.feeling for one in oldest_first for about in one.about if one.feeling}
    spheres = {a.iri: a.sphere for a in activities}
    return YearOfTime(year, entries, activities, rhythm(entries, spheres), documents.unreadable, felt)


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
