"""A few properties of a long document, without a graph of all the others.

The values stay pyoxigraph's, because making rdflib's of them costs more than parsing did; a reader goes through them one
way and in a hurry. What a node says twice it sets apart, for readers that take the time to choose.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Node

from musette_solid.rdf import syntax

#: pyoxigraph's terms; told by their very class.
Value: TypeAlias = Any
Literal: Final = ox.Literal
NamedNode: Final = ox.NamedNode

#: What a node says, in rdflib's terms.
Said: TypeAlias = dict[Node, dict[Node, None]]

_SCHEMA: Final = "http://schema.org/"
_SCHEMA_HTTPS: Final = "https://schema.org/"


class Wanted:
    """The properties to look for. Those of schema.org are found under both its addresses.

    `many`: one more that a node often says several times; its values come as a list, and make nothing odd of the node.
    """

    def __init__(self, *paths: URIRef, many: URIRef | None = None) -> None:
        self.of: dict[ox.NamedNode, URIRef] = {ox.NamedNode(path): path for path in paths}
        self.many = None if many is None else ox.NamedNode(many)
        self.many_path = many
        for path in paths:
            if path.startswith(_SCHEMA):
                self.of[ox.NamedNode(_SCHEMA_HTTPS + path.removeprefix(_SCHEMA))] = path


@dataclass(frozen=True, slots=True)
class Scanned:
    """By node: its one value by property. Those that say something twice are in `several`, and there only."""

    single: Mapping[Any, Mapping[URIRef, Value]]
    several: Mapping[Any, Mapping[URIRef, tuple[Value, ...]]]

    def __len__(self) -> int:
        return len(self.single) + len(self.several)

    def odd(self) -> Iterator[tuple[str, Said]]:
        """The named nodes that say something twice, in rdflib's terms: IRI and values by property."""
        for subject, said in self.several.items():
            if type(subject) is ox.NamedNode:
                yield (
                    subject.value,
                    {path: dict.fromkeys(map(syntax.rdflib_term, values)) for path, values in said.items()},
                )


def scan(body: bytes, media_type: str, base: str, wanted: Wanted) -> Scanned:
    """What a document says by `wanted`. Raises NotRdf as `syntax.parse` does, whatever is damaged in it."""
    path_of, many, many_path = wanted.of.get, wanted.many, wanted.many_path
    nodes: dict[Any, dict[URIRef, Value]] = {}
    again: dict[Any, dict[URIRef, list[Value]]] = {}
    last: object = None
    said: dict[URIRef, Value] = {}
    if b"<<" in body:
        # Perhaps a quoted triple, which makes a document no graph for us; perhaps only words.
        syntax.parse(body, media_type, base)
    for some in syntax.batches(body, media_type, base):
        for quad in some:
            predicate = quad.predicate
            path = path_of(predicate)
            if path is None:
                if many is not None and many_path is not None and predicate == many:
                    nodes.setdefault(quad.subject, {}).setdefault(many_path, []).append(quad.object)
                continue
            subject = quad.subject
            # Documents say all of one thing and then go on to the next.
            if subject != last:
                last, said = subject, nodes.setdefault(subject, {})
            if path in said:
                again.setdefault(subject, {}).setdefault(path, []).append(quad.object)
            else:
                said[path] = quad.object
    several = {}
    for subject, more in again.items():
        first = nodes.pop(subject)
        several[subject] = {
            path: tuple(value) if path is many_path else (value, *more.get(path, ())) for path, value in first.items()
        }
    return Scanned(nodes, several)


def named(subjects: Mapping[Any, Mapping[URIRef, Value]], kind: URIRef) -> Iterable[tuple[str, Mapping[URIRef, Value]]]:
    """The named nodes of a type, by IRI."""
    wanted = ox.NamedNode(kind)
    for subject, said in subjects.items():
        # A blank node has no name to come back to: other applications' business.
        if said.get(_TYPE) == wanted and type(subject) is ox.NamedNode:
            yield subject.value, said


_TYPE: Final = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
