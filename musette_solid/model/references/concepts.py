"""What a register says: concepts with their labels in several languages, and how they relate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a concept is. A register's own finer categories are kept in `Concept.group`."""

    SKILL = "skill"  # something one can do
    KNOWLEDGE = "knowledge"  # something one knows: a technique, a tool, a rule, a language
    OCCUPATION = "occupation"
    CONTEXT = "context"  # conditions of work
    GROUP = "group"  # a heading of the register


class Link(StrEnum):
    """How one concept relates to another, from the first to the second."""

    BROADER = "broader"
    CORE = "core"  # an occupation to what is at its heart
    EMERGING = "emerging"  # an occupation to what is becoming part of it
    USES = "uses"  # an occupation to what it also uses
    NEIGHBOUR = "neighbour"  # an occupation to one that people move to; `rank` says how near


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    language: str
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """`notation` is the register's own number or code; `reach` is how widely a skill serves (ESCO's reuse level)."""

    iri: str
    kind: Kind
    labels: tuple[Label, ...]
    notation: str = ""
    group: str = ""
    reach: str = ""
    definition: str = ""
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    subject: str
    link: Link
    object: str
    rank: int = 0


@dataclass(frozen=True)
class Register:
    """One register, read whole. `key` names it here (`esco`); `attribution` is what its licence asks to be shown."""

    key: str
    name: str
    version: str
    licence: str
    attribution: str
    concepts: tuple[Concept, ...]
    relations: tuple[Relation, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)  # what was not used, and how many lines of it


#: A skill of ESCO as SolidOS writes it (its profile editor, 2026): the scheme "skill" and the UUID.
_SOLIDOS = "skill:"
_ESCO_SKILL = "http://data.europa.eu/esco/skill/"
_ESCO = "data.europa.eu/esco/"


def canonical(iri: str) -> str:
    """The IRI under which a register is asked: `skill:UUID` of SolidOS is ESCO's, and ESCO's is written with http."""
    if iri.startswith(_SOLIDOS):
        return _ESCO_SKILL + iri.removeprefix(_SOLIDOS)
    return f"http://{iri.removeprefix('https://')}" if iri.startswith(f"https://{_ESCO}") else iri
