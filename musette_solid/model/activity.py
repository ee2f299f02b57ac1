"""Activities, the organisations they are in, and what proves them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from rdflib import Graph, URIRef

from musette_solid.model.dates import PartialDate
from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

#: Where the title of an activity may be, the first that is there.
TITLES: Final = (terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.SKOS_PREF_LABEL, terms.RDFS_LABEL)


@dataclass(frozen=True, slots=True)
class Organization:
    iri: str
    name: str
    url: str | None = None
    identifier: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    iri: str
    title: str
    url: str | None = None
    date: PartialDate | None = None
    description: str | None = None
    publisher: str | None = None
    guarantee: URIRef | None = None  # as it was said; `standing.guarantee` says what it is taken for
    format: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a picture and a list of names ask of an activity.

    IRIs of things are plain strings, concepts are URIRef (compare them with `terms.SPHERE_CARE`).
    A date that could not be understood is None, and its text is in `start_as_written` or `end_as_written`.
    """

    iri: str
    title: str = ""
    sphere: URIRef | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    part_of: str | None = field(default=None, kw_only=True)
    start_as_written: str | None = field(default=None, kw_only=True)
    end_as_written: str | None = field(default=None, kw_only=True)

    @property
    def has_end(self) -> bool:
        return self.end is not None or self.end_as_written is not None

    @property
    def has_start(self) -> bool:
        return self.start is not None or self.start_as_written is not None

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.end is not None

    def is_ongoing(self, today: date) -> bool:
        """Begun and not over. Without any date at all nothing says that it is going on."""
        if self.start is not None and self.start.first() > today:
            return False
        if self.end is not None:
            return self.end.last() >= today
        return self.has_start and not self.has_end

    def covers(self, day: date) -> bool:
        """Whether `day` may lie in the period; a side that is not known is open."""
        begun = self.start is None or self.start.first() <= day
        return begun and (self.end is None or self.end.last() >= day)


Outlined = TypeVar("Outlined", bound=Outline)


@dataclass(frozen=True, slots=True)
class Mobilising(Outline):
    """And which skills it calls on, by IRI."""

    mobilises: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Activity(Mobilising):
    organization: Organization | None = None
    role: str | None = None
    location: str | None = None
    weekly_hours: Decimal | None = None
    description: str | None = None
    achievements: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    created: datetime | None = None
    generated_by: str | None = None
    declines: tuple[str, ...] = ()
    sensitivities: tuple[URIRef, ...] = ()
    total_minutes: int | None = None


@once
def read(graph: Graph) -> tuple[Activity, ...]:
    """Newest first: those that go on, then by end, then by start; those without a date last."""
    index = Index(graph)
    organizations: dict[str, Organization] = {}

    def organization_of(node: Described) -> Organization | None:
        iri = node.iri_of(terms.ORG_ORGANIZATION)
        if iri is None:
            return None
        if iri not in organizations:
            organizations[iri] = _organization(index[iri])
        return organizations[iri]

    return tuple(
        sorted((_activity(node, organization_of(node), index) for node in index.of_type(terms.Activity)), key=newest)
    )


def organizations(graph: Graph) -> tuple[Organization, ...]:
    """By name; those of a FOAF or schema.org type too."""
    index = Index(graph)
    kinds = (terms.ORG_ORGANIZATION_CLASS, terms.FOAF_ORGANIZATION, terms.SCHEMA_ORGANIZATION)
    return tuple(sorted((_organization(node) for node in index.of_type(*kinds)), key=lambda o: (folded(o.name), o.iri)))


def evidence(graph: Graph) -> tuple[Evidence, ...]:
    """Every piece of evidence in the document, whether something points to it or not; newest first."""
    found = [_evidence(node) for node in Index(graph).of_type(terms.Evidence)]
    found.sort(key=lambda e: (folded(e.title), e.iri))
    return tuple(sorted(found, key=lambda e: e.date.last() if e.date else date.min, reverse=True))


def evidence_of(node: Described, index: Index) -> tuple[Evidence, ...]:
    pieces = node.iris(terms.EVIDENCE)
    if not pieces:
        return ()
    return tuple(
        sorted(
            (_evidence(index[iri]) for iri in pieces),
            key=lambda e: (folded(e.title), e.iri),
        )
    )


def outline(node: Described, kind: type[Outlined], **more: Any) -> Outlined:
    """`kind`: Outline, or what says `more` of an activity than it."""
    start, start_as_written = _date(node, terms.SCHEMA_START_DATE)
    end, end_as_written = _date(node, terms.SCHEMA_END_DATE)
    return kind(
        node.iri,
        node.text(*TITLES, terms.SCHEMA_ROLE_NAME) or "",
        node.concept(terms.SPHERE),
        start,
        end,
        part_of=node.iri_of(terms.DCTERMS_IS_PART_OF),
        start_as_written=start_as_written,
        end_as_written=end_as_written,
        **more,
    )


def _activity(node: Described, organization: Organization | None, index: Index) -> Activity:
    start, start_as_written = _date(node, terms.SCHEMA_START_DATE)
    end, end_as_written = _date(node, terms.SCHEMA_END_DATE)
    role = node.text(terms.SCHEMA_ROLE_NAME)
    return Activity(
        iri=node.iri,
        title=node.text(*TITLES) or role or "",
        sphere=node.concept(terms.SPHERE),
        start=start,
        end=end,
        organization=organization,
        role=role,
        location=node.text(terms.SCHEMA_LOCATION),
        weekly_hours=node.decimal(terms.WEEKLY_HOURS),
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        achievements=node.texts(terms.ACHIEVEMENT),
        mobilises=node.iris(terms.MOBILISES),
        declines=node.iris(terms.DECLINES),
        part_of=node.iri_of(terms.DCTERMS_IS_PART_OF),
        evidence=evidence_of(node, index),
        created=node.moment(terms.DCTERMS_CREATED),
        generated_by=node.iri_of(terms.DCTERMS_SOURCE),
        start_as_written=start_as_written,
        end_as_written=end_as_written,
        sensitivities=node.concepts(terms.SENSITIVITY),
        total_minutes=node.integer(terms.TOTAL_MINUTES),
    )


def _date(node: Described, path: URIRef) -> tuple[PartialDate | None, str | None]:
    """The first date that can be understood, else the text."""
    as_written = None
    for literal in node.literals(path):
        try:
            return PartialDate.from_literal(literal), None
        except ValueError:
            as_written = as_written or str(literal).strip() or None
    return None, as_written


def _organization(node: Described) -> Organization:
    return Organization(
        iri=node.iri,
        name=node.text(terms.FOAF_NAME, terms.SCHEMA_NAME, terms.SKOS_PREF_LABEL, terms.RDFS_LABEL) or "",
        url=node.address(terms.SCHEMA_URL) or node.iri_of(terms.FOAF_HOMEPAGE),
        identifier=node.text(terms.SCHEMA_IDENTIFIER),
        description=node.text(terms.DCTERMS_DESCRIPTION),
    )


def _evidence(node: Described) -> Evidence:
    day, _ = _date(node, terms.DCTERMS_DATE)
    return Evidence(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.RDFS_LABEL) or "",
        url=node.address(terms.SCHEMA_URL),
        date=day,
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        publisher=node.text(terms.DCTERMS_PUBLISHER),
        guarantee=node.concept(terms.GUARANTEE),
        format=node.text(terms.DCTERMS_FORMAT),
        size_bytes=int(size) if (size := node.decimal(terms.SCHEMA_CONTENT_SIZE)) is not None else None,
    )


def newest(activity: Outline) -> tuple[int, int, int, str, str]:
    """To sort by: those that go on, then by end, then by start; those without a date last."""
    start = -activity.start.first().toordinal() if activity.start else 0
    if not activity.has_end and activity.has_start:
        group, end = 0, 0
    elif activity.is_dated:
        last = activity.end or activity.start
        group, end = 1, -last.last().toordinal() if last else 0
    else:
        group, end = 2, 0
    return group, end, start, activity.title, activity.iri
