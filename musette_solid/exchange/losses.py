"""What could not be carried over from one format to another: named, with its place, never dropped in silence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rdflib import Graph, URIRef

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Loss:
    """`place`: a JSON pointer into the file. `reason`: a message identifier. `value`: what was there, shortened."""

    place: str
    reason: str
    value: str = ""

    @classmethod
    def of(cls, place: str, reason: str, value: object = "") -> "Loss":
        text = " ".join(str(value).split())
        return cls(place, reason, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.reason) % {"place": self.place, "value": self.value}


@dataclass(frozen=True)
class Imported:
    """What a file gave: one graph a document, everything in it that found no place, and where each node stood in it."""

    activities: Graph
    skills: Graph
    losses: tuple[Loss, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[URIRef, str] = field(default_factory=dict)
