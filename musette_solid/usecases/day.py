"""Everything that the page of the day draws from, read side by side in one round.

Of time, this year and the two before: what is near follows from those, a space lets a dozen documents be listened to, and
the page of rights reads the whole life.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import day as day_model
from musette_solid.model import goal as goals_model
from musette_solid.model import journal as journal_model
from musette_solid.model import methods as methods_model
from musette_solid.model import opportunity as opportunities_model
from musette_solid.model import people as people_model
from musette_solid.model import skill as skills_model
from musette_solid.model import time_summary
from musette_solid.model import values as values_model
from musette_solid.model.activity import Activity
from musette_solid.model.day import Worth
from musette_solid.model.goal import Goal
from musette_solid.model.journal import Reflection
from musette_solid.model.opportunity import Opportunity
from musette_solid.model.people import Person
from musette_solid.model.rights import facts, schemes
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.standing import Nearly, nearly
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.model.time_summary import DAYS
from musette_solid.rdf import syntax
from musette_solid.usecases import time_totals
from musette_solid.usecases.documents import Documents, read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.time_totals import Recent

#: How many years of time before this one are read.
_BEFORE = 2
#: How far ahead a deadline of a right is worth a word.
_SOON = timedelta(days=90)


@dataclass(frozen=True)
class Day:
    """`worth` are all that may be worth doing, rights apart: their sentences are made in the person's language."""

    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    people: tuple[Person, ...]
    goals: tuple[Goal, ...]
    notes: tuple[Reflection, ...]
    week: Recent  # of the last seven days
    worth: tuple[Worth, ...]
    rights: tuple[Nearly, ...]
    own: Mapping[URIRef, str]  # dimensions of the person's own, by name
    unreadable: tuple[str, ...]


def read_day(bag: Bag, today: date) -> Day:
    layout = bag.layout
    journal = layout.journal(today.year)
    whole = (layout.activities, layout.skills, layout.people, layout.goals, layout.rights, layout.watch, journal)
    documents, time = _documents(bag, whole, today)

    activities = activities_model.read(documents.graph(layout.activities))
    skills = skills_model.read(documents.graph(layout.skills))
    people = people_model.read(documents.graph(layout.people))
    goals = goals_model.read(documents.graph(layout.goals))
    reflections = journal_model.read(documents.graph(journal))
    offers = opportunities_model.read(documents.graph(layout.watch))
    closing, own = _explained(bag, day_model.closing(offers, today), offers, skills, activities)
    worth = (
        *closing,
        *day_model.endings(activities, today),
        *day_model.steps(goals, today),
        *day_model.open_sessions(methods_model.sessions(documents.graph(journal), reflections)),
        *day_model.awake(skills, activities, today),
        *day_model.thanks(people),
        *day_model.undated(activities),
    )
    life = Life(activities, facts.read(documents.graph(layout.rights)), time.entries, today)
    outcome = Evaluator(schemes.law()).evaluate(life)
    near = tuple(
        one
        for one in nearly(outcome)
        if one.why == "question" or (one.deadline is not None and one.deadline.on <= today + _SOON)
    )
    first = today - timedelta(days=DAYS - 1)
    return Day(
        activities,
        skills,
        people,
        goals,
        journal_model.notes(reflections),
        replace(time.recent, latest=tuple(one for one in time.recent.latest if first <= one.on <= today)),
        worth,
        near,
        own,
        tuple(dict.fromkeys((*(iri for iri in whole if iri in documents.unreadable), *time.unreadable))),
    )


def _explained(
    bag: Bag,
    closing: Sequence[Worth],
    offers: Sequence[Opportunity],
    skills: Sequence[Skill],
    activities: Sequence[Activity],
) -> tuple[Sequence[Worth], Mapping[URIRef, str]]:
    """What counts for the person is asked for only when an offer closes: most days it is not needed."""
    if not closing:
        return (), {}
    values = read_documents(bag, (bag.layout.values,)).graph(bag.layout.values)
    found = day_model.explained(closing, offers, skills, activities, values_model.read(values))
    return found, values_model.own_dimensions(values)


def of_rights(found: Iterable[Nearly], language: str) -> tuple[Worth, ...]:
    """The nearest deadlines and the questions that are open, in the words of a language."""
    said = []
    for one in found:
        words = explain(one.conclusion, language)
        if one.deadline is not None:
            said.append(Worth("right", words.title, on=one.deadline.on, beside=words.summary))
        elif words.questions:
            said.append(Worth("question", words.title, beside=words.questions[0]))
    return tuple(said)


@dataclass(frozen=True)
class _Time:
    """`entries`: of each activity and year, all its minutes as one, which is what rights ask about."""

    recent: Recent
    entries: tuple[TimeEntry, ...]
    unreadable: tuple[str, ...]


def _documents(bag: Bag, whole: tuple[str, ...], today: date) -> tuple[Documents, _Time]:
    """The first look of a session goes by the summary of time; later ones ask about the years themselves, which tell of changes."""
    parsed = tuple(syntax.parse for _ in whole)
    years = tuple(range(today.year - _BEFORE, today.year + 1))
    if not time_totals.is_known(bag, today):
        kept = time_totals.documents_of(bag)
        documents = read_documents(bag, (*whole, *kept), readers=(*parsed, *time_totals.READERS))
        summaries, unreadable = time_totals.summaries_of(bag, documents, years, today)
        # What lies ahead has not been spent, and a sum cannot be told apart: then the years are read.
        if not any(day > today for one in summaries.values() for day in one.by_day):
            unreadable = (*(iri for iri in kept if iri in documents.unreadable), *unreadable)
            minutes = [(year, iri, n) for year, one in summaries.items() for iri, n in one.by_activity.items()]
            return documents, _Time(time_totals.recent(summaries.values(), today), _spent(minutes, today), unreadable)
    iris = tuple(bag.layout.time(year) for year in years)
    read = (time_summary.entries,) * len(iris)
    documents = read_documents(bag, (*whole, *iris), readers=(*parsed, *read))
    found = [one for iri in iris for one in documents.said(iri, time_summary.entries)]
    minutes = [(one.on.year, one.activity, one.minutes) for one in found if one.on <= today]
    unreadable = tuple(iri for iri in iris if iri in documents.unreadable)
    recent = time_totals.recent_of_documents(bag, documents, today)
    return documents, _Time(recent, _spent(minutes, today), unreadable)


def _spent(minutes: Iterable[tuple[int, str, int]], today: date) -> tuple[TimeEntry, ...]:
    totals: dict[tuple[int, str], int] = {}
    for year, activity, number in minutes:
        totals[year, activity] = totals.get((year, activity), 0) + number
    return tuple(
        TimeEntry("", activity, min(today, date(year, 12, 31)), number) for (year, activity), number in totals.items()
    )
