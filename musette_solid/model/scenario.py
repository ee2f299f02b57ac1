"""Named what-ifs: what would begin and what would end, compared with today on skills, time, value and, elsewhere, rights.

Nothing of a scenario is so. Its activities have a class of their own, in a document of their own: what reads a career never meets them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from rdflib import Graph, URIRef

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.described import Described, Index
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.supposing import ending, suppose
from musette_solid.model.skill import Skill
from musette_solid.model.values import ValueStatement
from musette_solid.model.words import folded
from musette_solid.rdf import names, terms
from musette_solid.rdf.store import once

#: Rights are not worked out further ahead than this.
LONGEST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Supposed:
    """One activity that would begin. A day that was not said is that of its scenario. `learns` are words, `mobilises` skills."""

    iri: str
    scenario: str
    title: str = ""
    sphere: URIRef | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    weekly_hours: Decimal | None = None
    monthly_amount: Decimal | None = None
    goes_on_with: str | None = None
    mobilises: tuple[str, ...] = ()
    learns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """`ends` are the activities of the bag that would stop on its first day; `supposed` those that would begin."""

    iri: str
    title: str = ""
    description: str | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    ends: tuple[str, ...] = ()
    supposed: tuple[Supposed, ...] = ()

    @property
    def can_be_projected(self) -> bool:
        """Whether it says from when until when, in an order and a length that rights can be worked out for."""
        if self.start is None or self.end is None:
            return False
        first, last = self.start.first(), self.end.last()
        return first <= last and last.year - first.year <= LONGEST_YEARS


@once
def read(graph: Graph) -> tuple[Scenario, ...]:
    """By name; each with what it supposes, the first day first."""
    index = Index(graph)
    inside: dict[str, list[Supposed]] = {}
    for node in index.of_type(terms.SupposedActivity):
        one = _supposed(node)
        inside.setdefault(one.scenario, []).append(one)
    found = [_scenario(node, inside.get(node.iri, [])) for node in index.of_type(terms.Scenario)]
    return tuple(sorted(found, key=lambda one: (folded(one.title), one.iri)))


def _scenario(node: Described, inside: Sequence[Supposed]) -> Scenario:
    return Scenario(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE) or "",
        description=node.text(terms.DCTERMS_DESCRIPTION),
        start=_date(node, terms.SCHEMA_START_DATE),
        end=_date(node, terms.SCHEMA_END_DATE),
        ends=node.iris(terms.WOULD_END),
        supposed=tuple(
            sorted(inside, key=lambda one: (one.start.first() if one.start else date.min, one.title, one.iri))
        ),
    )


def _supposed(node: Described) -> Supposed:
    return Supposed(
        iri=node.iri,
        scenario=node.iri_of(terms.DCTERMS_IS_PART_OF) or "",
        title=node.text(terms.DCTERMS_TITLE) or "",
        sphere=node.concept(terms.SPHERE),
        start=_date(node, terms.SCHEMA_START_DATE),
        end=_date(node, terms.SCHEMA_END_DATE),
        weekly_hours=node.decimal(terms.WEEKLY_HOURS),
        monthly_amount=node.decimal(terms.MONTHLY_AMOUNT),
        goes_on_with=node.iri_of(terms.GOES_ON_WITH),
        mobilises=node.iris(terms.MOBILISES),
        learns=node.texts(terms.WOULD_LEARN),
    )


def _date(node: Described, path: URIRef) -> PartialDate | None:
    for literal in node.literals(path):
        try:
            return PartialDate.from_literal(literal)
        except ValueError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """One activity behind a figure. `is_supposed`: it is not so; `hours` a week as the person said them, None when they did not."""

    iri: str
    title: str
    is_supposed: bool
    hours: Decimal | None = None
    weight: int | None = None


@dataclass(frozen=True)
class Hours:
    """Hours a week that were said, and the rows behind them; a row without hours is counted nowhere and named."""

    rows: tuple[Row, ...]

    @property
    def said(self) -> Decimal | None:
        """None: nobody said any. Nothing is guessed for those that are silent."""
        known = [row.hours for row in self.rows if row.hours is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def silent(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.hours is None)


@dataclass(frozen=True)
class Side:
    """One column: today (`scenario` is None), or a scenario. `skills` by IRI with what calls on them; `learns` are words."""

    scenario: Scenario | None
    on: date
    rows: tuple[Row, ...]
    hours: Mapping[URIRef, Hours]
    skills: Mapping[str, tuple[Row, ...]]
    learns: tuple[str, ...]
    values: Mapping[URIRef, tuple[Row, ...]]

    @property
    def all_hours(self) -> Hours:
        return Hours(tuple(row for one in self.hours.values() for row in one.rows))


def side(
    scenario: Scenario | None,
    today: date,
    activities: Iterable[Activity],
    statements: Iterable[ValueStatement],
    supposed_statements: Iterable[ValueStatement] = (),
) -> Side:
    """What would go on: today, or on the first day of a scenario without what it ends and with what it supposes.

    A mission inside a job is not counted beside it: its hours are the job's. Values are what was said last; never added up.
    """
    on = scenario.start.first() if scenario and scenario.start else today
    ended = set(scenario.ends) if scenario else set()
    known = list(activities)
    parents = {one.iri: one.part_of for one in known}
    going = [one for one in known if one.is_ongoing(on) and not _any_of(one.iri, parents, ended)]
    begun = scenario.supposed if scenario else ()
    together: list[Activity | Supposed] = [*going, *begun]
    going_iris = {one.iri for one in going}
    hours: dict[URIRef, list[Row]] = {}
    skills: dict[str, list[Row]] = {}
    rows = []
    for one in together:
        row = Row(one.iri, one.title, isinstance(one, Supposed), one.weekly_hours)
        rows.append(row)
        is_inside = isinstance(one, Activity) and one.part_of in going_iris
        if one.sphere is not None and not is_inside:
            hours.setdefault(one.sphere, []).append(row)
        for skill in one.mobilises:
            skills.setdefault(skill, []).append(row)
    said: dict[tuple[str, URIRef], int] = {}
    for statement in (*statements, *supposed_statements):  # oldest first: the last one holds
        said[statement.activity, statement.dimension] = statement.weight
    values: dict[URIRef, list[Row]] = {}
    for row in rows:
        for (activity, dimension), weight in said.items():
            if activity == row.iri:
                values.setdefault(dimension, []).append(Row(row.iri, row.title, row.is_supposed, row.hours, weight))
    return Side(
        scenario,
        on,
        tuple(rows),
        {sphere: Hours(tuple(found)) for sphere, found in hours.items()},
        {skill: tuple(found) for skill, found in skills.items()},
        tuple(dict.fromkeys(words for one in begun for words in one.learns)),
        {
            dimension: tuple(sorted(found, key=lambda row: (-(row.weight or 0), row.title)))
            for dimension, found in values.items()
        },
    )


def _any_of(iri: str, parents: Mapping[str, str | None], ended: set[str]) -> bool:
    """Whether an activity, or the job that it is a mission of, is among those that end."""
    seen: set[str] = set()
    here: str | None = iri
    while here is not None and here not in seen:
        if here in ended:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


@dataclass(frozen=True)
class SkillChange:
    """Skills beside today, by name: still called on, called on that are not today, not called on any more."""

    kept: tuple[Skill, ...]
    gained: tuple[Skill, ...]
    left: tuple[Skill, ...]


def skill_change(today: Side, other: Side, skills: Iterable[Skill]) -> SkillChange:
    now, then = set(today.skills), set(other.skills)
    known = sorted(skills, key=lambda one: (folded(one.label), one.iri))
    return SkillChange(
        tuple(one for one in known if one.iri in now & then),
        tuple(one for one in known if one.iri in then - now),
        tuple(one for one in known if one.iri in now - then),
    )


def supposed_life(life: Life, scenario: Scenario) -> Life:
    """The life of rights as it would be: the same supposing as that of one activity alone, once for each.

    Raises ValueError when the scenario does not say its period (`can_be_projected`).
    """
    if scenario.start is None or scenario.end is None or not scenario.can_be_projected:
        raise ValueError("a scenario without a period has no rights to compare")
    first, last = scenario.start.first(), scenario.end.last()
    found = ending(life, first, scenario.ends) if scenario.ends else life
    by_iri = life.by_iri
    for one in scenario.supposed:
        start, end = (one.start.first() if one.start else first), (one.end.last() if one.end else last)
        if one.sphere is None or start > last or end < start:
            continue
        found = suppose(
            found,
            title=one.title,
            sphere=str(one.sphere),
            start=start,
            end=min(end, last),
            weekly_hours=one.weekly_hours,
            monthly_amount=one.monthly_amount,
            ends_contracts=False,
            like=by_iri.get(one.goes_on_with) if one.goes_on_with else None,
            name=names.local(one.iri),
        )
    return found.supposing(until=last)
