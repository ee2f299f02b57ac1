"""Everything that the page of the day draws from, read side by side: one round, and a second for the two years before.

No further: what is near in time follows from those, a space lets a dozen documents be listened to, and the page of rights
reads the whole life.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from musette_solid.model import activity as activities_model
from musette_solid.model import day as day_model
from musette_solid.model import goal as goals_model
from musette_solid.model import journal as journal_model
from musette_solid.model import methods as methods_model
from musette_solid.model import opportunity as opportunities_model
from musette_solid.model import people as people_model
from musette_solid.model import skill as skills_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity
from musette_solid.model.day import Worth
from musette_solid.model.goal import Goal
from musette_solid.model.journal import Reflection
from musette_solid.model.people import Person
from musette_solid.model.rights import facts, schemes
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.standing import Nearly, nearly
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.pod import containers
from musette_solid.rdf import syntax
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag

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
    week: tuple[TimeEntry, ...]  # of the last seven days, newest first
    worth: tuple[Worth, ...]
    rights: tuple[Nearly, ...]
    unreadable: tuple[str, ...]


def read_day(bag: Bag, today: date) -> Day:
    layout = bag.layout
    journal = layout.journal(today.year)
    whole = (layout.activities, layout.skills, layout.people, layout.goals, layout.rights, layout.watch, journal)
    years = [layout.time(today.year - back) for back in range(_BEFORE, -1, -1)]
    if bag.pod.cache.get(years[-1]) is not None:
        # This session knows the year: documents can be listened to, what a container lists cannot.
        documents = read_documents(bag, (*whole, *years))
        before = documents
    else:
        first = (*whole, years[-1])
        readers = (*(syntax.parse for _ in first), containers.listing)
        documents = read_documents(bag, (*first, layout.times), readers=readers)
        there = {m.iri for m in documents.said(layout.times, containers.listing)}
        before = read_documents(bag, [iri for iri in years[:-1] if iri in there])
    graphs = [
        (documents if iri in documents.by_iri else before).graph(iri)
        for iri in years
        if iri in documents.by_iri or iri in before.by_iri
    ]
    entries = tuple(entry for graph in graphs for entry in time_model.read(graph))

    activities = activities_model.read(documents.graph(layout.activities))
    skills = skills_model.read(documents.graph(layout.skills))
    people = people_model.read(documents.graph(layout.people))
    goals = goals_model.read(documents.graph(layout.goals))
    reflections = journal_model.read(documents.graph(journal))
    worth = (
        *day_model.closing(opportunities_model.read(documents.graph(layout.watch)), today),
        *day_model.endings(activities, today),
        *day_model.steps(goals, today),
        *day_model.open_sessions(methods_model.sessions(documents.graph(journal), reflections)),
        *day_model.awake(skills, activities, today),
        *day_model.thanks(people),
        *day_model.undated(activities),
    )
    life = Life(activities, facts.read(documents.graph(layout.rights)), entries, today)
    outcome = Evaluator(schemes.law()).evaluate(life)
    near = tuple(
        one
        for one in nearly(outcome)
        if one.why == "question" or (one.deadline is not None and one.deadline.on <= today + _SOON)
    )
    week = sorted(
        (e for e in entries if today - timedelta(days=6) <= e.on <= today), key=lambda e: (-e.on.toordinal(), e.iri)
    )
    return Day(
        activities,
        skills,
        people,
        goals,
        journal_model.notes(reflections),
        tuple(week),
        worth,
        near,
        tuple(dict.fromkeys((*documents.unreadable, *before.unreadable))),
    )
