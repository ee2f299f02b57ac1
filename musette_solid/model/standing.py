"""Where a skill stands: its level on any day and through time, its last use, what vouches for it.

Everything here is worked out from what the bag holds and never written to it (`mus:state`). Levels that several people
see are shown side by side; no number is made of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.skill import Assessment, Skill
from musette_solid.rdf import terms

#: A skill that nothing has used for so long sleeps. Our choice, said on the page: two years.
DORMANT_AFTER_DAYS: Final = 730


class State(StrEnum):
    DORMANT = "dormant"
    GROWING = "growing"  # a higher level than two years ago
    PROVEN = "proven"  # something more than the person's word vouches for it
    CLAIMED = "claimed"


def rank(level: URIRef | str | None) -> int:
    """From 1 to 5; 0 for what is no step of the scale."""
    known = labels.concepts(terms.LEVELS)
    return known.index(URIRef(level)) + 1 if level and URIRef(level) in known else 0


def on(skill: Skill, day: date) -> Mapping[str, Assessment]:
    """What each person had said of it last, by that day: the level as it was then, whatever was said since."""
    found: dict[str, Assessment] = {}
    for assessment in skill.assessments:
        if assessment.on is not None and assessment.on <= day and (assessment.level or assessment.as_stated):
            found[assessment.by or ""] = assessment
    return found


def by_agent(skill: Skill) -> Mapping[str, tuple[Assessment, ...]]:
    """The assessments of each person or organisation, oldest first; the curves of one picture."""
    found: dict[str, list[Assessment]] = {}
    for assessment in skill.assessments:
        found.setdefault(assessment.by or "", []).append(assessment)
    return {agent: tuple(said) for agent, said in found.items()}


def guarantee(piece: Evidence) -> URIRef:
    """What a piece of evidence vouches for: as it was said, else documented by a link or a file, else declared."""
    if piece.guarantee in labels.concepts(terms.GUARANTEES):
        return piece.guarantee
    return terms.GUARANTEE_DOCUMENTED if piece.url else terms.GUARANTEE_DECLARED


def strongest(pieces: Iterable[Evidence]) -> URIRef | None:
    order = labels.concepts(terms.GUARANTEES)
    return max(map(guarantee, pieces), key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class Use:
    """`day` is the last day that it was used, as far as dates tell; None when no activity that uses it has a date."""

    day: date | None
    is_now: bool = False
    activity: Activity | None = None


def last_use(used_in: Iterable[Activity], today: date) -> Use:
    best = Use(None)
    for activity in used_in:
        if activity.is_ongoing(today):
            return Use(today, is_now=True, activity=activity)
        until = activity.end or activity.start
        if until is not None and (best.day is None or until.last() > best.day):
            best = Use(min(until.last(), today), activity=activity)
    return best


@dataclass(frozen=True, slots=True)
class Standing:
    skill: Skill
    used_in: tuple[Activity, ...]
    use: Use
    guarantee: URIRef | None  # of the strongest evidence, its assessments' included; None without any
    states: tuple[State, ...]

    @property
    def dormant_since(self) -> date | None:
        return self.use.day if State.DORMANT in self.states else None

    @property
    def spheres(self) -> tuple[URIRef, ...]:
        return tuple(dict.fromkeys(activity.sphere for activity in self.used_in if activity.sphere is not None))


def standing(skill: Skill, activities: Sequence[Activity], owner: str, today: date) -> Standing:
    used_in = tuple(activity for activity in activities if skill.iri in activity.mobilises)
    use = last_use(used_in, today)
    pieces = [*skill.evidence, *(piece for said in skill.assessments for piece in said.evidence)]
    vouched = strongest(pieces)
    attested = any(said.by and said.by != owner for said in skill.assessments)
    states = []
    if use.day is not None and not use.is_now and (today - use.day).days > DORMANT_AFTER_DAYS:
        states.append(State.DORMANT)
    if _has_grown(skill, owner, today):
        states.append(State.GROWING)
    is_proven = attested or (vouched is not None and vouched != terms.GUARANTEE_DECLARED)
    states.append(State.PROVEN if is_proven else State.CLAIMED)
    return Standing(skill, used_in, use, vouched, tuple(states))


def _has_grown(skill: Skill, owner: str, today: date) -> bool:
    own = [said for said in skill.assessments if said.by == owner and said.on is not None and rank(said.level)]
    if len(own) < 2:
        return False
    recent = [said for said in own if said.on and (today - said.on).days <= DORMANT_AFTER_DAYS]
    before = [said for said in own if said not in recent] or own[:1]
    return bool(recent) and rank(recent[-1].level) > rank(before[-1].level)
