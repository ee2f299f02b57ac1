"""What the first page shows, read from whole documents without making a graph of them.

Each answer is the one that the readers of `activity`, `skill` and `time` give. A node that says nothing twice, which is the
rule, is read here; the others by the very functions of those readers, which know how to choose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from rdflib import URIRef

from musette_solid.model import activity, skill
from musette_solid.model.activity import Mobilising, Outline, Outlined
from musette_solid.model.dates import PartialDate, from_other
from musette_solid.model.described import Described
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.scan import Literal, NamedNode, Said, Scanned, Value, Wanted, named, scan

_Single = Mapping[URIRef, Value]


@dataclass(frozen=True, slots=True)
class SkillOutline:
    """`level` is that of the latest assessment, whoever made it; None also where only words were given."""

    iri: str
    label: str = ""
    level: URIRef | None = None
    has_evidence: bool = False


def by_label(one: SkillOutline) -> tuple[str, str]:
    """To sort by."""
    return folded(one.label), one.iri


_OF_ACTIVITIES: Final = Wanted(
    terms.RDF_TYPE,
    *activity.TITLES,
    terms.SCHEMA_ROLE_NAME,
    terms.SPHERE,
    terms.SCHEMA_START_DATE,
    terms.SCHEMA_END_DATE,
    terms.DCTERMS_IS_PART_OF,
)
_TITLES: Final = (*activity.TITLES, terms.SCHEMA_ROLE_NAME)


#: As the first page asks, and which skills each activity calls on.
_OF_ACTIVITIES_WITH_SKILLS: Final = Wanted(*_OF_ACTIVITIES.of.values(), many=terms.MOBILISES)


def activities_with_skills(body: bytes, media_type: str, base: str) -> tuple[Mobilising, ...]:
    """Every activity of a document and the skills that it calls on, in no order. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_ACTIVITIES_WITH_SKILLS)
    found = [
        _outline(iri, said, Mobilising, mobilises=_iris(said.get(terms.MOBILISES, ())))
        for iri, said in named(scanned.single, terms.Activity)
    ]
    odd = (node for node in map(_described, scanned.odd()) if node.is_a(terms.Activity))
    found += [activity.outline(node, Mobilising, mobilises=node.iris(terms.MOBILISES)) for node in odd]
    return tuple(found)


def _iris(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(sorted({value.value for value in values if type(value) is not Literal}))


def activities(body: bytes, media_type: str, base: str) -> tuple[Outline, ...]:
    """Every activity of a document, in no order. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_ACTIVITIES)
    found = [_outline(iri, said, Outline) for iri, said in named(scanned.single, terms.Activity)]
    found += [activity.outline(node, Outline) for node in map(_described, scanned.odd()) if node.is_a(terms.Activity)]
    return tuple(found)


def _described(odd: tuple[str, Said]) -> Described:
    return Described(*odd)


def _outline(iri: str, said: _Single, kind: type[Outlined], **more: Any) -> Outlined:
    start, start_as_written = _date(said.get(terms.SCHEMA_START_DATE))
    end, end_as_written = _date(said.get(terms.SCHEMA_END_DATE))
    return kind(
        iri,
        text_in(said, _TITLES) or "",
        _concept(said.get(terms.SPHERE)),
        start,
        end,
        part_of=iri_in(said.get(terms.DCTERMS_IS_PART_OF)),
        start_as_written=start_as_written,
        end_as_written=end_as_written,
        **more,
    )


_OF_SKILLS: Final = Wanted(
    terms.RDF_TYPE,
    *skill.LABELS,
    terms.EVIDENCE,
    terms.SKILL,
    terms.LEVEL,
    terms.DCTERMS_DATE,
    terms.DCTERMS_CREATED,
)


class _Assessed(NamedTuple):
    iri: str
    level: URIRef | None
    on: date | None
    created: datetime | None


@dataclass(frozen=True, slots=True)
class JudgedSkill:
    """`judged`: each day on which somebody said where it stands, the first first."""

    iri: str
    label: str
    judged: tuple[tuple[date, URIRef | None], ...]


def skills_in_time(body: bytes, media_type: str, base: str) -> tuple[JudgedSkill, ...]:
    """Every skill of a document with the days on which it was judged, in no order. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_SKILLS)
    odd = [*map(_described, scanned.odd())]
    assessed = _assessments(scanned, odd)
    labels = [(iri, text_in(said, skill.LABELS) or "") for iri, said in named(scanned.single, terms.Skill)]
    labels += [(node.iri, node.text(*skill.LABELS) or "") for node in odd if node.is_a(terms.Skill)]
    return tuple(JudgedSkill(iri, label, _judged(assessed.get(iri, ()))) for iri, label in labels)


def _judged(assessments: Iterable[_Assessed]) -> tuple[tuple[date, URIRef | None], ...]:
    days = sorted((one.on, one.iri, one.level) for one in assessments if one.on is not None)
    return tuple((on, level) for on, _, level in days)


def skills(body: bytes, media_type: str, base: str) -> tuple[SkillOutline, ...]:
    """Every skill of a document, in no order. Raises NotRdf."""
    scanned = scan(body, media_type, base, _OF_SKILLS)
    odd = [*map(_described, scanned.odd())]
    assessed = _assessments(scanned, odd)
    found = [
        SkillOutline(
            iri,
            text_in(said, skill.LABELS) or "",
            _level(assessed.get(iri)),
            iri_in(said.get(terms.EVIDENCE)) is not None,
        )
        for iri, said in named(scanned.single, terms.Skill)
    ]
    found += [
        SkillOutline(
            node.iri, node.text(*skill.LABELS) or "", _level(assessed.get(node.iri)), bool(node.iris(terms.EVIDENCE))
        )
        for node in odd
        if node.is_a(terms.Skill)
    ]
    return tuple(found)


def _assessments(scanned: Scanned, odd: Iterable[Described]) -> dict[str, list[_Assessed]]:
    """By skill."""
    assessed: dict[str, list[_Assessed]] = {}
    for iri, said in named(scanned.single, terms.Assessment):
        moments = moment_in(said.get(terms.DCTERMS_DATE)), moment_in(said.get(terms.DCTERMS_CREATED))
        one = _Assessed(iri, _concept(said.get(terms.LEVEL)), moments[0].date() if moments[0] else None, moments[1])
        assessed.setdefault(iri_in(said.get(terms.SKILL)) or "", []).append(one)
    for node in odd:
        if node.is_a(terms.Assessment):
            one = _Assessed(
                node.iri, node.concept(terms.LEVEL), node.day(terms.DCTERMS_DATE), node.moment(terms.DCTERMS_CREATED)
            )
            assessed.setdefault(node.iri_of(terms.SKILL) or "", []).append(one)
    return assessed


def _level(assessments: list[_Assessed] | None) -> URIRef | None:
    if not assessments:
        return None
    return assessments[0].level if len(assessments) == 1 else max(assessments, key=skill.latest).level


# --- one value, as the readers of `described` choose it


def text_in(said: _Single, paths: Iterable[URIRef]) -> str | None:
    for path in paths:
        value = said.get(path)
        if value is not None and type(value) is Literal:
            text: str = value.value
            if text and not text.isspace():
                return text
    return None


def iri_in(value: Value) -> str | None:
    return None if value is None or type(value) is Literal else value.value


def _concept(value: Value) -> URIRef | None:
    return _shared(value.value) if type(value) is NamedNode else None


@lru_cache(maxsize=1024)
def _shared(iri: str) -> URIRef:
    """Spheres and levels are few, and each is said hundreds of times."""
    return URIRef(iri)


def _date(value: Value) -> tuple[PartialDate | None, str | None]:
    if value is None or type(value) is not Literal:
        return None, None
    text: str = value.value
    try:
        return from_other(text), None
    except ValueError:
        return None, text.strip() or None


def moment_in(value: Value) -> datetime | None:
    if value is None or type(value) is not Literal:
        return None
    try:
        return datetime.fromisoformat(value.value.strip())
    except ValueError:
        return None
