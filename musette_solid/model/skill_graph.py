"""Skills, the activities that use them, what shows them and the people they went through: as groups, nodes and edges.

Pure: a picture is made of it elsewhere. Groups are by sphere, by age of the last use, or by proof; a skill is in one
group of each kind, but in that of every sphere where it serves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.standing import Standing, State
from musette_solid.model.words import folded
from musette_solid.rdf import terms


class By(StrEnum):
    SPHERE = "sphere"
    AGE = "age"
    PROOF = "proof"


class Age(StrEnum):
    NOW = "now"
    RECENT = "recent"  # within two years
    DORMANT = "dormant"  # between two and five
    OLD = "old"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    ACTIVITY = "activity"
    EVIDENCE = "evidence"
    PERSON = "person"


_FIVE_YEARS_DAYS: Final = 5 * 365 + 1
_TWO_YEARS_DAYS: Final = 2 * 365


@dataclass(frozen=True, slots=True)
class Node:
    """Something that skills are linked to."""

    iri: str
    kind: Kind
    label: str
    sphere: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A skill with what it is linked to, by IRI."""

    standing: Standing
    age: Age
    proof: str  # a concept of the guarantees, "attested" when somebody else saw a level, empty for one's word alone
    activities: tuple[str, ...]
    evidence: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def iri(self) -> str:
        return self.standing.skill.iri

    @property
    def label(self) -> str:
        return self.standing.skill.label


@dataclass(frozen=True, slots=True)
class Group:
    """`key` is a sphere's IRI, an `Age` or a proof; empty for what has none."""

    key: str
    skills: tuple[Linked, ...]


@dataclass(frozen=True)
class SkillGraph:
    by: By
    groups: tuple[Group, ...]
    skills: tuple[Linked, ...]  # each once, by label
    nodes: Mapping[str, Node]

    def only(self, key: str) -> "SkillGraph":
        """One group of it."""
        kept = tuple(group for group in self.groups if group.key == key)
        return SkillGraph(self.by, kept, tuple(one for group in kept for one in group.skills), self.nodes)


def graph(
    standings: Sequence[Standing], names: Mapping[str, str], owner: str, today: date, by: By = By.SPHERE
) -> SkillGraph:
    """`names` call people and organisations; who has no name there is left out of the picture, not out of the bag."""
    nodes: dict[str, Node] = {}
    linked = sorted((_linked(one, names, owner, today, nodes) for one in standings), key=lambda one: folded(one.label))
    groups: dict[str, list[Linked]] = {}
    for one in linked:
        for key in _keys(one, by):
            groups.setdefault(key, []).append(one)
    order = _order(by)
    ordered = sorted(groups.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return SkillGraph(by, tuple(Group(key, tuple(skills)) for key, skills in ordered), tuple(linked), nodes)


def _linked(standing: Standing, names: Mapping[str, str], owner: str, today: date, nodes: dict[str, Node]) -> Linked:
    skill = standing.skill
    pieces = {
        piece.iri: piece for piece in (*skill.evidence, *(p for said in skill.assessments for p in said.evidence))
    }
    said_by = dict.fromkeys(said.by for said in skill.assessments if said.by and said.by != owner)
    people = tuple(iri for iri in dict.fromkeys([*skill.learnt_from, *skill.taught_to, *said_by]) if iri in names)
    for activity in standing.used_in:
        nodes.setdefault(activity.iri, Node(activity.iri, Kind.ACTIVITY, activity.title, activity.sphere))
    for piece in pieces.values():
        nodes.setdefault(piece.iri, Node(piece.iri, Kind.EVIDENCE, piece.title or piece.url or ""))
    for iri in people:
        nodes.setdefault(iri, Node(iri, Kind.PERSON, names[iri]))
    attested = "attested" if said_by else ""
    proof = str(standing.guarantee or "") if standing.guarantee else attested
    if standing.guarantee == terms.GUARANTEE_DECLARED and attested:
        proof = attested
    return Linked(
        standing,
        _age(standing, today),
        proof,
        tuple(activity.iri for activity in standing.used_in),
        tuple(pieces),
        people,
    )


def _age(standing: Standing, today: date) -> Age:
    if standing.use.is_now:
        return Age.NOW
    if standing.use.day is None:
        return Age.UNKNOWN
    days = (today - standing.use.day).days
    if State.DORMANT not in standing.states and days <= _TWO_YEARS_DAYS:
        return Age.RECENT
    return Age.DORMANT if days <= _FIVE_YEARS_DAYS else Age.OLD


def _keys(one: Linked, by: By) -> tuple[str, ...]:
    match by:
        case By.AGE:
            return (one.age.value,)
        case By.PROOF:
            return (one.proof,)
        case _:
            return tuple(str(sphere) for sphere in one.standing.spheres) or ("",)


def _order(by: By) -> list[str]:
    match by:
        case By.AGE:
            return [age.value for age in Age]
        case By.PROOF:
            return [*(str(one) for one in reversed(labels.concepts(terms.GUARANTEES))), "attested", ""]
        case _:
            return [str(one) for one in labels.concepts(terms.SPHERES)]
