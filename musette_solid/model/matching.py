"""What is already in the bag: compared by meaning, since two imports never give a thing the same name.

Nothing that is there is changed. A new skill finds the broader one that is there, a new role its organisation.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.model import activity as activities_of
from musette_solid.model import skill as skills_of
from musette_solid.model.activity import Activity, Evidence, Organization
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.words import folded
from musette_solid.rdf import syntax, terms

Kind: TypeAlias = OneOf["activity", "skill", "evidence"]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`new` is the name it would have had, `existing` what it is in the bag (or earlier in the same file)."""

    kind: Kind
    label: str
    new: str
    existing: str


@dataclass(frozen=True)
class Comparison:
    """What to write in each document (`new`), and what was recognised."""

    new: Mapping[str, Graph]
    recognised: tuple[Duplicate, ...]

    @property
    def duplicates(self) -> tuple[str, ...]:
        """What the recognised things are called."""
        return tuple(duplicate.label for duplicate in self.recognised)


def _same_start(one: Activity, two: Activity) -> bool:
    """A start said less precisely is the same start; the end may have become known since."""
    if one.start is None or two.start is None:
        return one.start is two.start and one.start_as_written == two.start_as_written
    return one.start.agrees_with(two.start)


def split(new: Mapping[str, Graph], existing: Mapping[str, Graph], apart: Collection[str] = frozenset()) -> Comparison:
    """`new` without what `existing` already says; both by document, so that activities find the skills that are there.

    A document of `new` that has nothing left is an empty graph. `apart`: nodes that somebody said are not the same.
    """
    offered, there = _together(new), _together(existing)
    known_as: dict[str, str] = {}
    recognised: list[Duplicate] = []
    _match_organizations(offered, there, known_as)
    for kind, label, iri, match in (*_activities(offered, there), *_skills(offered, there), *_evidence(offered, there)):
        if match and iri not in apart:
            known_as[iri] = match
            recognised.append(Duplicate(kind, label, iri, match))
    _match_assessments(offered, there, known_as)
    kept = dict(new)
    if known_as:
        renamed = {document: (_renamed(triple, known_as, there) for triple in graph) for document, graph in new.items()}
        kept = {document: syntax.graph_of(filter(None, triples)) for document, triples in renamed.items()}
    loose = _loose_organizations(_together(kept))
    return Comparison(
        {document: syntax.part_of(graph, loose) if loose else graph for document, graph in kept.items()},
        tuple(recognised),
    )


def _together(graphs: Mapping[str, Graph]) -> Graph:
    said = [graph for graph in graphs.values() if len(graph)]
    if len(said) == 1:
        return said[0]
    return syntax.graph_of(triple for graph in graphs.values() for triple in graph)


_Match: TypeAlias = tuple[Kind, str, str, str | None]


def _activities(new: Graph, there: Graph) -> Iterable[_Match]:
    """The same: of one sphere, organisation and start, with a title or role in common.

    Looked up by what they are called: a file of thousands is not compared each with each.
    """
    known: dict[_ActivityKey, list[tuple[int, Activity]]] = {}

    def remember(activity: Activity, keys: Iterable[_ActivityKey]) -> None:
        place = next(order)
        for key in keys:
            known.setdefault(key, []).append((place, activity))

    order = count()
    for activity in activities_of.read(there):
        remember(activity, _activity_keys(activity))
    for activity in sorted(activities_of.read(new), key=lambda one: one.iri):
        keys = _activity_keys(activity)
        same = [(place, one.iri) for key in keys for place, one in known.get(key, ()) if _same_start(activity, one)]
        match = min(same)[1] if same else None
        yield "activity", activity.title, activity.iri, match
        if match is None:
            remember(activity, keys)


def _skills(new: Graph, there: Graph) -> Iterable[_Match]:
    known: dict[str, str] = {}
    for skill in skills_of.read(there):
        known.setdefault(folded(skill.label) or skill.iri, skill.iri)
    for skill in sorted(skills_of.read(new), key=lambda one: one.iri):
        key = folded(skill.label) or skill.iri
        yield "skill", skill.label, skill.iri, known.get(key)
        known.setdefault(key, skill.iri)


def _evidence(new: Graph, there: Graph) -> Iterable[_Match]:
    known: dict[tuple[str, str, str], str] = {}
    for piece in activities_of.evidence(there):
        known.setdefault(_evidence_key(piece), piece.iri)
    for piece in sorted(activities_of.evidence(new), key=lambda one: one.iri):
        key = _evidence_key(piece)
        yield "evidence", piece.title, piece.iri, known.get(key)
        known.setdefault(key, piece.iri)


def _match_organizations(new: Graph, there: Graph, known_as: dict[str, str]) -> None:
    known: dict[str, str] = {}
    for organization in activities_of.organizations(there):
        known.setdefault(_named(organization), organization.iri)
    for organization in activities_of.organizations(new):
        match = known.get(_named(organization))
        if match is not None:
            known_as[organization.iri] = match
        known.setdefault(_named(organization), organization.iri)


def _match_assessments(new: Graph, there: Graph, known_as: dict[str, str]) -> None:
    """The same person saying the same level of the same skill again says nothing new, whatever the day of the import."""
    known: dict[tuple[str, ...], str] = {}
    for skill in skills_of.read(there):
        for assessment in skill.assessments:
            known.setdefault(_assessment_key(skill, assessment), assessment.iri)
    for skill in skills_of.read(new):
        for assessment in skill.assessments:
            here = known_as.get(skill.iri)
            match = known.get(_assessment_key(skill, assessment))
            if here is not None and match is not None:
                known_as[assessment.iri] = match


def _renamed(triple: syntax.Triple, known_as: Mapping[str, str], there: Graph) -> syntax.Triple | None:
    subject, predicate, object_ = triple
    here = known_as.get(str(subject))
    if here is not None:
        # What is there stays as it is; only a proof that is new may be added to it.
        if predicate != terms.EVIDENCE or str(object_) in known_as:
            return None
        link = (URIRef(here), predicate, object_)
        return None if link in there else link
    return subject, predicate, _known(object_, known_as)


def _known(node: Node, known_as: Mapping[str, str]) -> Node:
    there = known_as.get(str(node)) if isinstance(node, URIRef) else None
    return URIRef(there) if there else node


def _loose_organizations(graph: Graph) -> set[str]:
    """An organisation that only recognised activities pointed to has no place in what is written."""
    used = {str(node) for node in graph.objects(None, terms.ORG_ORGANIZATION)}
    return {organization.iri for organization in activities_of.organizations(graph)} - used


_ActivityKey: TypeAlias = tuple[URIRef | None, str, str]


def _activity_keys(activity: Activity) -> tuple[_ActivityKey, ...]:
    """Its sphere and organisation with each thing that it is called."""
    called = {folded(text) for text in (activity.title, activity.role) if text} or {""}
    organization = _organization(activity)
    return tuple((activity.sphere, organization, name) for name in called)


def _organization(activity: Activity) -> str:
    return _named(activity.organization) if activity.organization else ""


def _named(organization: Organization) -> str:
    return folded(organization.name) or organization.iri


def _evidence_key(piece: Evidence) -> tuple[str, str, str]:
    return folded(piece.title), piece.date.text if piece.date else "", folded(piece.publisher or "")


def _assessment_key(skill: Skill, assessment: Assessment) -> tuple[str, ...]:
    return (
        folded(skill.label),
        str(assessment.level or ""),
        folded(assessment.as_stated or ""),
        assessment.by or "",
    )
