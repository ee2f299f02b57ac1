"""Frames for looking at oneself (LifeComp, EntreComp, DigComp, GreenComp): their competences, and what one said of each.

What is said of a competence is an assessment like another, dated and never rewritten; it is about the frame's own concept,
so that the register of one's skills stays in one's own words.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rdflib import Graph, URIRef

from musette_solid.model import labels
from musette_solid.model import skill as skills_model
from musette_solid.model.references.concepts import canonical
from musette_solid.model.references.starters import FRAMES
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.standing import rank
from musette_solid.rdf import terms
from musette_solid.rdf.names import local

#: Profiles in one picture: more cannot be told apart.
MOST_PROFILES: Final = 4


@dataclass(frozen=True, slots=True)
class Competence:
    """`code` is the frame's own: P1, 2.3. `skills` are those of the bag that are tied to it."""

    iri: str
    code: str
    said: tuple[Assessment, ...] = ()
    skills: tuple[Skill, ...] = ()

    def on(self, day: date) -> Assessment | None:
        """What had been said of it last by that day."""
        return next((one for one in reversed(self.said) if one.on is not None and one.on <= day), None)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one stood on a day: the rank of each competence, 0 where nothing had been said."""

    day: date
    ranks: tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    iri: str
    competences: tuple[Competence, ...]

    @property
    def key(self) -> str:
        return local(self.iri)

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something was said, the oldest first."""
        return tuple(sorted({one.on for c in self.competences for one in c.said if one.on is not None}))

    @property
    def answered(self) -> int:
        return sum(bool(competence.said) for competence in self.competences)

    def profile(self, day: date) -> Profile:
        said = (competence.on(day) for competence in self.competences)
        return Profile(day, tuple(rank(one.level) if one else 0 for one in said))

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Over time, the oldest first: the first day, and the latest ones."""
        days = self.days
        shown = days if len(days) <= MOST_PROFILES else (days[0], *days[1 - MOST_PROFILES :])
        return tuple(self.profile(day) for day in shown)


def scheme_of(key: str) -> URIRef | None:
    """A frame by the name of its scheme: `lifecomp`."""
    return next((scheme for scheme in FRAMES if local(scheme) == key.lower()), None)


def read(graph: Graph, owner: str) -> tuple[Frame, ...]:
    """The four frames, with what the owner said of each competence."""
    said = skills_model.assessments(graph)
    tied: dict[str, list[Skill]] = {}
    for skill in skills_model.read(graph):
        for iri in dict.fromkeys(map(canonical, skill.matches)):
            tied.setdefault(iri, []).append(skill)
    return tuple(_frame(scheme, said, tied, owner) for scheme in FRAMES)


def _frame(
    scheme: URIRef, said: Mapping[str, Sequence[Assessment]], tied: Mapping[str, Sequence[Skill]], owner: str
) -> Frame:
    return Frame(
        str(scheme),
        tuple(
            Competence(
                str(concept),
                code(concept),
                tuple(one for one in said.get(str(concept), ()) if one.by == owner),
                tuple(tied.get(str(concept), ())),
            )
            for concept in labels.concepts(scheme)
        ),
    )


def code(concept: URIRef) -> str:
    """What the frame calls it, in short."""
    return str(labels.graph().value(concept, terms.DCTERMS_IDENTIFIER, default=URIRef(local(concept))))


def around(count: int, number: int, radius: float) -> tuple[float, float]:
    """Where the spoke `number` of `count` ends, from the middle: the first one upwards, then clockwise."""
    angle = 2 * math.pi * number / count
    return radius * math.sin(angle), -radius * math.cos(angle)
