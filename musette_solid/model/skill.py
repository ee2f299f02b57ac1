"""Skills in the person's own words, and every dated assessment of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from rdflib import Graph, URIRef

from musette_solid.model.activity import Evidence, evidence_of
from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

#: A language somebody speaks is a skill like another, and this type says so to whoever writes a CV.
LANGUAGE = URIRef("http://schema.org/Language")

#: Where the name of a skill may be, the first that is there.
LABELS: Final = (terms.SKOS_PREF_LABEL, terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.RDFS_LABEL)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Who said which level, when. `level` is None where only words were given: they are in `as_stated`."""

    iri: str
    skill: str
    level: URIRef | None = None
    by: str | None = None
    on: date | None = None
    comment: str | None = None
    as_stated: str | None = None
    evidence: tuple[Evidence, ...] = ()
    created: datetime | None = None
    way: URIRef | None = None
    relation: URIRef | None = None  # what the assessor is to the person, when somebody else said it


@dataclass(frozen=True, slots=True)
class Skill:
    """`broader` is the first of `all_broader`; `assessments` are oldest first.

    `exact` and `close` are concepts of registers, as the bag writes them; `match_labels` is what they were called.
    """

    iri: str
    label: str = ""
    broader: str | None = None
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()
    created: datetime | None = None
    generated_by: str | None = None
    assessments: tuple[Assessment, ...] = ()
    all_broader: tuple[str, ...] = ()
    is_language: bool = False
    sensitivities: tuple[URIRef, ...] = ()
    exact: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    learnt_from: tuple[str, ...] = ()
    taught_to: tuple[str, ...] = ()
    match_labels: tuple[tuple[str, str], ...] = ()

    def last_known(self, concept: str) -> str:
        """What a concept that it is tied to was called when it was tied; empty when nobody wrote it down."""
        return dict(self.match_labels).get(concept, "")

    @property
    def matches(self) -> tuple[str, ...]:
        """The concepts of registers that it is tied to, the same before the close ones."""
        return (*self.exact, *self.close)

    @property
    def current(self) -> Assessment | None:
        """The latest assessment, whoever made it."""
        return self.assessments[-1] if self.assessments else None


@once
def read(graph: Graph) -> tuple[Skill, ...]:
    """By label, accents folded."""
    index = Index(graph)
    said = _assessments(index)
    skills = [_skill(node, said.get(node.iri, ()), index) for node in index.of_type(terms.Skill)]
    return tuple(sorted(skills, key=lambda skill: (folded(skill.label), skill.iri)))


@once
def assessments(graph: Graph) -> Mapping[str, tuple[Assessment, ...]]:
    """Every assessment by what it is about, oldest first: skills of the bag, and competences of frames."""
    return _assessments(Index(graph))


def _assessments(index: Index) -> Mapping[str, tuple[Assessment, ...]]:
    found: dict[str, list[Assessment]] = {}
    for node in index.of_type(terms.Assessment):
        assessment = _assessment(node, index)
        found.setdefault(assessment.skill, []).append(assessment)
    return {about: tuple(sorted(said, key=latest)) for about, said in found.items()}


def _skill(node: Described, said: tuple[Assessment, ...], index: Index) -> Skill:
    broader = node.iris(terms.SKOS_BROADER)
    exact = (*node.iris(terms.SKOS_EXACT_MATCH), *node.iris(terms.SOLID_PUBLIC_ID))
    close = node.iris(terms.SKOS_CLOSE_MATCH)
    return Skill(
        iri=node.iri,
        label=node.text(*LABELS) or "",
        broader=broader[0] if broader else None,
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        evidence=evidence_of(node, index),
        created=node.moment(terms.DCTERMS_CREATED),
        generated_by=node.iri_of(terms.DCTERMS_SOURCE),
        assessments=said,
        all_broader=broader,
        is_language=node.is_a(LANGUAGE),
        sensitivities=node.concepts(terms.SENSITIVITY),
        exact=exact,
        close=close,
        learnt_from=node.iris(terms.LEARNT_FROM),
        taught_to=node.iris(terms.TAUGHT_TO),
        match_labels=tuple((iri, text) for iri in (*exact, *close) if (text := index[iri].text(*LABELS))),
    )


def _assessment(node: Described, index: Index) -> Assessment:
    return Assessment(
        iri=node.iri,
        skill=node.iri_of(terms.SKILL) or "",
        level=node.concept(terms.LEVEL),
        by=node.iri_of(terms.PROV_WAS_ATTRIBUTED_TO),
        on=node.day(terms.DCTERMS_DATE),
        comment=node.text(terms.DCTERMS_DESCRIPTION),
        as_stated=node.text(terms.LEVEL_AS_STATED),
        evidence=evidence_of(node, index),
        created=node.moment(terms.DCTERMS_CREATED),
        way=node.concept(terms.ASSESSMENT_WAY),
        relation=node.concept(terms.RELATION_KIND),
    )


class Dated(Protocol):
    """What says which of two assessments came last."""

    @property
    def iri(self) -> str: ...
    @property
    def on(self) -> date | None: ...
    @property
    def created(self) -> datetime | None: ...


def latest(assessment: Dated) -> tuple[date, str, str]:
    """To sort by: the oldest first."""
    # Two on the same day: `dcterms:created` says which came last; without it the name decides, always the same way.
    created = assessment.created.isoformat() if assessment.created else ""
    return assessment.on or date.min, created, assessment.iri
