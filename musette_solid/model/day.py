"""The page of the day: what may be worth doing, each with its reason; at most three, the nearest first. It never scolds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from typing import Literal as OneOf

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.model.activity import Activity
from musette_solid.model.goal import Goal
from musette_solid.model.journal import Reflection
from musette_solid.model.methods import Session
from musette_solid.model.opportunity import Match, Opportunity, match
from musette_solid.model.people import Person, to_thank
from musette_solid.model.skill import Skill
from musette_solid.model.standing import DORMANT_AFTER_DAYS
from musette_solid.model.values import ValueStatement
from musette_solid.rdf import terms

#: No more than these are shown: a page that asks for ten things asks for none.
MOST: Final = 3
#: How far ahead an end or a step is worth a word, and how long a new use of a skill is new.
_SOON: Final = timedelta(days=60)
_NEW: Final = timedelta(days=120)

Kind = OneOf["right", "opportunity", "ending", "step", "session", "awake", "question", "thanks", "undated"]
_PAID: Final = frozenset({terms.SPHERE_EMPLOYMENT, terms.SPHERE_SELF_EMPLOYMENT, terms.SPHERE_PLATFORM_WORK})


@dataclass(frozen=True)
class Worth:
    """`iri` is the thing that it is about, `title` how it is called, `beside` what else the reason names."""

    kind: Kind
    title: str
    iri: str = ""
    on: date | None = None
    beside: str = ""
    skills: tuple[str, ...] = ()  # of the person's, that it calls on
    dimension: URIRef | None = None  # what counts most there for the person


def closing(offers: Iterable[Opportunity], today: date) -> list[Worth]:
    """Offers that were kept and close within a month."""
    return [
        Worth("opportunity", one.title, one.iri, one.until)
        for one in offers
        if one.choice == terms.CHOICE_KEPT and one.until and today <= one.until <= today + timedelta(days=30)
    ]


def explained(
    found: Iterable[Worth],
    offers: Iterable[Opportunity],
    skills: Sequence[Skill],
    activities: Sequence[Activity],
    statements: Sequence[ValueStatement],
) -> list[Worth]:
    """Offers with why they may concern one: two skills at most, and one side of what counts."""
    by_iri = {one.iri: one for one in offers}
    said = []
    for one in found:
        why = match(by_iri[one.iri], skills, activities, statements) if one.iri in by_iri else Match()
        held = tuple(held.skill.label for held in why.held[:2])
        said.append(replace(one, skills=held, dimension=why.worth[0].dimension if why.worth else None))
    return said


def endings(activities: Iterable[Activity], today: date) -> list[Worth]:
    """What ends soon, by a date that the person noted as precisely as a month."""
    return [
        Worth("ending", a.title, a.iri, a.end.last())
        for a in activities
        if a.end and a.end.month and today <= a.end.last() <= today + _SOON and a.sphere in _PAID and a.part_of is None
    ]


def steps(goals: Iterable[Goal], today: date) -> list[Worth]:
    """The next step of each goal, where it or the goal has a day that is near or past; without any, none."""
    found = []
    for goal in goals:
        step = goal.next_step if goal.is_pursued else None
        by = (step.by if step else None) or goal.by
        if step and by and by.last() <= today + _SOON:
            found.append(Worth("step", step.title, goal.iri, by.last(), goal.title))
    return found


def awake(skills: Iterable[Skill], activities: Sequence[Activity], today: date) -> list[Worth]:
    """Skills that slept, and that something begun lately uses again."""
    found = []
    users: dict[str, list[Activity]] = {}
    for activity in activities:
        for iri in activity.mobilises:
            users.setdefault(iri, []).append(activity)
    for skill in skills:
        used = users.get(skill.iri, [])
        again = [a for a in used if a.is_ongoing(today) and a.start and a.start.first() >= today - _NEW]
        before = [a.end.last() for a in used if a not in again and a.end]
        begun = again[0].start if again else None
        if begun is None or not before or any(a not in again and not a.end for a in used):
            continue
        judged = any(one.on and one.on >= begun.first() for one in skill.assessments)
        since = max(before)
        if not judged and (begun.first() - since).days > DORMANT_AFTER_DAYS:
            found.append(Worth("awake", skill.label, skill.iri, since, again[0].title))
    return found


def open_sessions(sessions: Iterable[Session]) -> list[Worth]:
    return [Worth("session", one.title, one.iri) for one in sessions if not one.is_over and one.answers]


def thanks(people: Iterable[Person]) -> list[Worth]:
    return [
        Worth("thanks", one.name, one.iri, beside=one.relation.thanks_for or "")
        for one in to_thank(people)
        if one.relation
    ]


def undated(activities: Iterable[Activity]) -> list[Worth]:
    return [Worth("undated", a.title, a.iri) for a in activities if not a.has_start and a.part_of is None and a.title]


#: Said beside it, when there is something to say.
HELD: Final = N_("It asks for what you can do: %(skills)s.")
COUNTS: Final = N_("What counts for you there: %(dimension)s.")

#: What is said of each kind, and why: msgids whose places are `title`, `beside` and `day`. Without a why, it is `beside`.
SENTENCES: Final[Mapping[Kind, tuple[str, str]]] = {
    "right": (N_("Before %(day)s: %(title)s."), ""),
    "question": (N_("A question is open about a right: %(title)s."), ""),
    "opportunity": (N_("“%(title)s” closes on %(day)s."), N_("You kept it to come back to it.")),
    "ending": (
        N_("“%(title)s” ends on %(day)s."),
        N_("Papers, rights and people are easier to keep before one leaves."),
    ),
    "step": (N_("A next step: %(title)s."), N_("You wanted it for your goal “%(beside)s”, by %(day)s.")),
    "session": (N_("“%(title)s” waits where you stopped."), N_("Your answers are kept; it can also be left as it is.")),
    "awake": (
        N_("You are using “%(title)s” again."),
        N_("It had slept since %(day)s; now “%(beside)s” calls on it. Where do you stand with it today?"),
    ),
    "thanks": (N_("To thank: %(title)s"), ""),
    "undated": (
        N_("“%(title)s” has no date yet: with one, it finds its place in the picture."),
        N_("A year is enough."),
    ),
}

_ORDER: Final[tuple[Kind, ...]] = (
    "right",
    "opportunity",
    "ending",
    "step",
    "session",
    "awake",
    "question",
    "thanks",
    "undated",
)
#: Those whose day lies ahead, or was meant to.
_AHEAD: Final = frozenset[Kind]({"right", "opportunity", "ending", "step"})


def chosen(found: Iterable[Worth]) -> tuple[Worth, ...]:
    """One of each kind at most, three in all: a right with a deadline, then what has a day, the nearest first, then the rest."""
    by_kind: dict[Kind, Worth] = {}
    for one in sorted(found, key=lambda one: (one.on or date.max, one.title, one.iri)):
        by_kind.setdefault(one.kind, one)
    in_order = [by_kind[kind] for kind in _ORDER if kind in by_kind]

    def nearness(one: Worth) -> tuple[bool, date]:
        return one.kind != "right", (one.on if one.kind in _AHEAD else None) or date.max

    return tuple(sorted(in_order, key=nearness))[:MOST]


@dataclass(frozen=True)
class Changes:
    """What was added since a day; `added` by kind: activities, skills, notes, goals."""

    since: date
    added: dict[str, int]

    @property
    def any(self) -> bool:
        return any(self.added.values())


def changes(
    since: date,
    activities: Iterable[Activity],
    skills: Iterable[Skill],
    notes: Iterable[Reflection],
    goals: Iterable[Goal],
) -> Changes:
    def new(things: Iterable[Activity | Skill | Reflection | Goal]) -> int:
        return sum(1 for one in things if one.created and _day(one.created) > since)

    return Changes(
        since, {"activities": new(activities), "skills": new(skills), "notes": new(notes), "goals": new(goals)}
    )


def _day(moment: datetime) -> date:
    return moment.date()
