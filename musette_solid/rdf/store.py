"""Where the triples of a graph are: grouped by subject as readers want them, the other orders made when first asked for.

rdflib's own stores keep three orders of every triple from the start; a page that reads ten thousand triples asks for one.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, Self, TypeAlias, TypeVar

from rdflib import Graph
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.term import Node

V = TypeVar("V")

Triple: TypeAlias = tuple[Node, Node, Node]
Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]
BySubject: TypeAlias = Mapping[Node, Mapping[Node, Mapping[Node, None]]]
Nested: TypeAlias = dict[Node, dict[Node, dict[Node, None]]]


class SubjectStore(SimpleMemory):
    """An rdflib store for one graph in memory. Namespaces are kept as `SimpleMemory` keeps them."""

    def __init__(self, configuration: str | None = None, identifier: Any = None) -> None:
        super().__init__(configuration, identifier)
        self.by_subject: Nested = {}
        self._by_predicate: Nested | None = None  # predicate, object, subject
        self._by_object: Nested | None = None  # object, subject, predicate
        self._size = 0
        self._remembered: dict[Any, Any] = {}

    @classmethod
    def of(cls, nested: Nested) -> Self:
        """A store of what is already grouped: subject, predicate, objects. It is the store's from then on."""
        store = cls()
        store.by_subject = nested
        store._size = sum(len(objects) for said in nested.values() for objects in said.values())
        return store

    def remembered(self, read: Callable[[], V], key: object) -> V:
        """What `read` answers, kept under `key` until a triple comes or goes."""
        try:
            value: V = self._remembered[key]
        except KeyError:
            value = self._remembered[key] = read()
        return value

    def add(self, triple: Triple, context: Any = None, quoted: bool = False) -> None:  # noqa: ARG002
        subject, predicate, object_ = triple
        objects = self.by_subject.setdefault(subject, {}).setdefault(predicate, {})
        if object_ in objects:
            return
        objects[object_] = None
        self._size += 1
        self._remembered.clear()
        if self._by_predicate is not None:
            self._by_predicate.setdefault(predicate, {}).setdefault(object_, {})[subject] = None
        if self._by_object is not None:
            self._by_object.setdefault(object_, {}).setdefault(subject, {})[predicate] = None

    def remove(self, triple_pattern: Pattern, context: Any = None) -> None:  # noqa: ARG002
        for triple in [found for found, _ in self.triples(triple_pattern)]:
            subject, predicate, object_ = triple
            _drop(self.by_subject, subject, predicate, object_)
            if self._by_predicate is not None:
                _drop(self._by_predicate, predicate, object_, subject)
            if self._by_object is not None:
                _drop(self._by_object, object_, subject, predicate)
            self._size -= 1
            self._remembered.clear()

    def triples(self, triple_pattern: Pattern, context: Any = None) -> Iterator[tuple[Triple, Any]]:
        subject, predicate, object_ = triple_pattern
        if subject is not None:
            found = self._of_subject(subject, predicate, object_)
        elif predicate is not None:
            found = self._of_predicate(predicate, object_)
        elif object_ is not None:
            subjects = self._objects().get(object_, {})
            found = ((s, p, object_) for s in list(subjects) for p in list(subjects[s]))
        else:
            found = (triple for s in list(self.by_subject) for triple in self._of_subject(s, None, None))
        where = (context,)
        for triple in found:
            yield triple, iter(where)

    def _of_subject(self, subject: Node, predicate: Node | None, object_: Node | None) -> Iterator[Triple]:
        found = self.by_subject.get(subject, {})
        for p in list(found) if predicate is None else [predicate]:
            objects = found.get(p, {})
            for o in list(objects) if object_ is None else [object_]:
                if o in objects:
                    yield subject, p, o

    def _of_predicate(self, predicate: Node, object_: Node | None) -> Iterator[Triple]:
        objects = self._predicates().get(predicate, {})
        for o in list(objects) if object_ is None else [object_]:
            for s in list(objects.get(o, ())):
                yield s, predicate, o

    def __len__(self, context: Any = None) -> int:
        return self._size

    def _predicates(self) -> Nested:
        if self._by_predicate is None:
            made: Nested = {}
            for s, found in self.by_subject.items():
                for p, objects in found.items():
                    for o in objects:
                        made.setdefault(p, {}).setdefault(o, {})[s] = None
            self._by_predicate = made
        return self._by_predicate

    def _objects(self) -> Nested:
        if self._by_object is None:
            made: Nested = {}
            for s, found in self.by_subject.items():
                for p, objects in found.items():
                    for o in objects:
                        made.setdefault(o, {}).setdefault(s, {})[p] = None
            self._by_object = made
        return self._by_object


def _drop(nested: Nested, first: Node, second: Node, third: Node) -> None:
    """Take one path out, and what is empty after it."""
    inner = nested[first]
    del inner[second][third]
    if not inner[second]:
        del inner[second]
    if not inner:
        del nested[first]


def once(read: Callable[[Graph], V]) -> Callable[[Graph], V]:
    """A reader that reads a graph once: a document that has not changed since the last page is not read again.

    What it answers is shared, so it is of values that nobody changes.
    """

    @wraps(read)
    def reading(graph: Graph) -> V:
        store = graph.store
        return store.remembered(lambda: read(graph), read) if isinstance(store, SubjectStore) else read(graph)

    return reading


def by_subject(graph: Graph) -> BySubject:
    """What a graph says, by subject and then predicate; not to be changed. At no cost for the graphs that we parse."""
    store = graph.store
    if isinstance(store, SubjectStore):
        return store.by_subject
    made: Nested = {}
    for s, p, o in graph:
        made.setdefault(s, {}).setdefault(p, {})[o] = None
    return made
