"""What a graph says of each of its nodes, indexed in one pass: readers run on the path of every page.

Tolerant by design: documents are open to other applications. Where one value is expected and two are there, the same
one is always chosen (no language tag first, then the order of the text); `https://schema.org/` is read as `http://`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.rdf import terms
from musette_solid.rdf.store import BySubject, by_subject, once

_SCHEMA_HTTPS: Final = "https://schema.org/"
_SCHEMA: Final = "http://schema.org/"


# The very objects that readers ask with: a dictionary finds those without comparing texts.
_TERMS: Final[dict[Node, Node]] = {term: term for term in vars(terms).values() if isinstance(term, URIRef)}


def _with_one_scheme(nodes: BySubject) -> BySubject:
    renamed: dict[Node, dict[Node, dict[Node, None]]] = {}
    for subject, values in nodes.items():
        for path, found in values.items():
            renamed.setdefault(subject, {}).setdefault(_one_scheme(path), {}).update(found)
    return renamed


def _one_scheme(node: Node) -> Node:
    text = str(node)
    path = URIRef(_SCHEMA + text[len(_SCHEMA_HTTPS) :]) if text.startswith(_SCHEMA_HTTPS) else node
    return _TERMS.get(path, path)


def _no_language_first(literal: Literal) -> tuple[str, str]:
    return literal.language or "", str(literal)


class Described:
    """One node and its properties.

    One value is the rule and several the exception: the rule is answered first. Literals are told by their very class,
    because rdflib's are abstract, and `isinstance` asks those at length.
    """

    __slots__ = ("_values", "iri")

    def __init__(self, iri: str, values: Mapping[Node, Collection[Node]]) -> None:
        self.iri = iri
        self._values = values

    def is_a(self, kind: URIRef) -> bool:
        return kind in self._values.get(terms.RDF_TYPE, ())

    def literals(self, path: URIRef) -> Sequence[Literal]:
        found = self._values.get(path)
        if found is None:
            return ()
        literals = [value for value in found if type(value) is Literal]
        return sorted(literals, key=_no_language_first) if len(literals) > 1 else literals

    def texts(self, path: URIRef) -> tuple[str, ...]:
        return tuple([str(value) for value in self.literals(path)]) if path in self._values else ()

    def text(self, *paths: URIRef) -> str | None:
        """The first text that is not blank, trying `paths` in turn."""
        for path in paths:
            if path in self._values:
                for value in self.literals(path):
                    text = str(value)
                    if text and not text.isspace():
                        return text
        return None

    def iris(self, path: URIRef) -> tuple[str, ...]:
        found = self._values.get(path)
        if found is None:
            return ()
        iris = [str(value) for value in found if type(value) is not Literal]
        return tuple(sorted(iris)) if len(iris) > 1 else tuple(iris)

    def iri_of(self, path: URIRef) -> str | None:
        return next(iter(self.iris(path)), None) if path in self._values else None

    def concept(self, path: URIRef) -> URIRef | None:
        found = self._values.get(path)
        if found is None:
            return None
        concepts = [value for value in found if type(value) is URIRef]
        return min(concepts, key=str) if len(concepts) > 1 else next(iter(concepts), None)

    def concepts(self, path: URIRef) -> tuple[URIRef, ...]:
        return tuple(sorted(value for value in self._values.get(path, ()) if type(value) is URIRef))

    def address(self, path: URIRef) -> str | None:
        """A link: an IRI, or (other applications) a text."""
        return self.iri_of(path) or self.text(path)

    def integer(self, path: URIRef) -> int | None:
        """The one whole number; None when there is none, or two that differ."""
        found = {text.strip() for text in self.texts(path)}
        text = found.pop() if len(found) == 1 else ""
        return int(text) if len(text) <= 18 and text.isascii() and text.isdigit() else None

    def decimal(self, path: URIRef) -> Decimal | None:
        for value in self.literals(path):
            try:
                number = Decimal(str(value).strip())
            except InvalidOperation:
                continue
            if number.is_finite():
                return number
        return None

    def moment(self, path: URIRef) -> datetime | None:
        for value in self.literals(path):
            try:
                return datetime.fromisoformat(str(value).strip())
            except ValueError:
                continue
        return None

    def day(self, path: URIRef) -> date | None:
        moment = self.moment(path)
        return moment.date() if moment else None


class Index:
    """Every node of a graph that says something; made once a graph, however many readers go through it."""

    def __init__(self, graph: Graph) -> None:
        self._nodes, self._named = _indexed(graph)

    def __getitem__(self, iri: str) -> Described:
        """What is said of `iri`; nothing at all is an answer too."""
        return Described(iri, self._nodes.get(URIRef(iri), {}))

    def of_type(self, *kinds: URIRef) -> Iterator[Described]:
        """In the order of the document, kind after kind; each node once."""
        # A blank node has no name to come back to: other applications' business.
        if len(kinds) == 1:
            found: Iterable[URIRef] = self._named.get(kinds[0], ())
        else:
            found = dict.fromkeys(node for kind in kinds for node in self._named.get(kind, ()))
        for node in found:
            yield Described(str(node), self._nodes[node])


@once
def _indexed(graph: Graph) -> tuple[BySubject, Mapping[Node, Sequence[URIRef]]]:
    """What is said of each node, and the named nodes by type."""
    nodes = by_subject(graph)
    if any(path.startswith(_SCHEMA_HTTPS) for path in set().union(*nodes.values()) if type(path) is URIRef):
        nodes = _with_one_scheme(nodes)
    named: dict[Node, list[URIRef]] = {}
    for node, values in nodes.items():
        if isinstance(node, URIRef):
            for kind in values.get(terms.RDF_TYPE, ()):
                named.setdefault(kind, []).append(node)
    return nodes, named
