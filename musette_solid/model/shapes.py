"""Node shapes as ordered fields: what a form asks, and what an entry is checked against.

Only the core SHACL that our shapes use is read here; `validation.check` hands whole documents to a complete processor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from musette_solid.model.labels import by_language, shapes_graph
from musette_solid.rdf import names, terms

__all__ = [
    "PARTIAL_DATE",
    "RECORD",
    "Field",
    "OneOf",
    "all_fields",
    "fields",
    "node_shapes",
    "one_of",
    "shapes_graph",
    "target",
]

#: The group of what the application writes itself: checked, never asked.
RECORD = URIRef(terms.MUS + "group-record")

#: The three datatypes of a date as precise as the person said it.
PARTIAL_DATE = frozenset({terms.XSD_G_YEAR, terms.XSD_G_YEAR_MONTH, terms.XSD_DATE})

_TEXT = frozenset({terms.XSD_STRING, terms.RDF_LANG_STRING})


@dataclass(frozen=True)
class Field:
    """One property shape, as a form and a check need it."""

    iri: URIRef
    path: URIRef
    name: str
    label: Mapping[str, str]
    description: Mapping[str, str]
    message: Mapping[str, str]
    order: int
    group: URIRef
    #: The one datatype of its values; xsd:string for text in any language, None for a partial date or an address.
    datatype: URIRef | None
    datatypes: frozenset[URIRef]
    #: What an address is the address of, when the shape says so (`schema:rangeIncludes`, a hint).
    node_class: URIRef | None
    choices: tuple[URIRef, ...]
    required: bool
    many: bool
    min_length: int
    max_length: int | None
    long: bool
    is_address: bool
    minimum: Decimal | None
    above: Decimal | None
    maximum: Decimal | None

    @property
    def is_partial_date(self) -> bool:
        return self.datatypes == PARTIAL_DATE

    @property
    def is_text(self) -> bool:
        return bool(self.datatypes) and self.datatypes <= _TEXT


@lru_cache(maxsize=32)
def fields(shape_iri: str) -> tuple[Field, ...]:
    """What a person is asked for, in order. What the application writes itself (the record) is left out."""
    return tuple(field for field in all_fields(shape_iri) if field.group != RECORD)


@lru_cache(maxsize=32)
def all_fields(shape_iri: str) -> tuple[Field, ...]:
    """Every property of a shape, the record included. Raises LookupError when there is no such shape."""
    graph = shapes_graph()
    found = [
        _field(graph, node)
        for node in graph.objects(URIRef(shape_iri), terms.SH_PROPERTY)
        if isinstance(graph.value(node, terms.SH_PATH), URIRef)
    ]
    if not found:
        raise LookupError(f"no shape {shape_iri}")
    return tuple(sorted(found, key=lambda field: (field.order, field.name)))


@dataclass(frozen=True)
class OneOf:
    """A property shape that wants a value for at least one of several properties (`sh:alternativePath`)."""

    iri: URIRef
    shape: URIRef
    paths: tuple[URIRef, ...]
    message: Mapping[str, str]


@lru_cache(maxsize=1)
def one_of() -> tuple[OneOf, ...]:
    graph = shapes_graph()
    return tuple(
        OneOf(
            node,
            shape,
            _list(graph, graph.value(path, terms.SH_ALTERNATIVE_PATH)),
            by_language(graph, node, terms.SH_MESSAGE),
        )
        for shape in node_shapes()
        for node in graph.objects(shape, terms.SH_PROPERTY)
        if isinstance(node, URIRef) and isinstance(path := graph.value(node, terms.SH_PATH), BNode)
    )


@lru_cache(maxsize=1)
def node_shapes() -> tuple[URIRef, ...]:
    nodes = shapes_graph().subjects(terms.RDF_TYPE, terms.SH_NODE_SHAPE)
    return tuple(sorted(node for node in nodes if isinstance(node, URIRef)))


@lru_cache(maxsize=32)
def target(shape_iri: str) -> URIRef:
    """The class whose things a shape describes."""
    found = shapes_graph().value(URIRef(shape_iri), terms.SH_TARGET_CLASS)
    if not isinstance(found, URIRef):
        raise LookupError(f"no class for {shape_iri}")  # noqa: TRY004  (what is missing is the shape)
    return found


def _field(graph: Graph, node: Node) -> Field:
    path = graph.value(node, terms.SH_PATH)
    if not isinstance(path, URIRef) or not isinstance(node, URIRef):
        raise TypeError(f"{node}: a property shape has an IRI and a path of one property")
    datatypes = _datatypes(graph, node)
    ranges = sorted(iri for iri in graph.objects(node, terms.SCHEMA_RANGE_INCLUDES) if isinstance(iri, URIRef))
    max_count = _number(graph, node, terms.SH_MAX_COUNT)
    max_length = _number(graph, node, terms.SH_MAX_LENGTH)
    group = graph.value(node, terms.SH_GROUP)
    return Field(
        iri=node,
        path=path,
        name=names.local(path),
        label=by_language(graph, node, terms.SH_NAME),
        description=by_language(graph, node, terms.SH_DESCRIPTION),
        message=by_language(graph, node, terms.SH_MESSAGE),
        order=int(_number(graph, node, terms.SH_ORDER) or 0),
        group=group if isinstance(group, URIRef) else RECORD,
        datatype=terms.XSD_STRING if datatypes == _TEXT else next(iter(datatypes)) if len(datatypes) == 1 else None,
        datatypes=datatypes,
        node_class=ranges[0] if len(ranges) == 1 else None,
        choices=_list(graph, graph.value(node, terms.SH_IN)),
        required=(_number(graph, node, terms.SH_MIN_COUNT) or 0) > 0,
        many=max_count is None or max_count > 1,
        min_length=int(_number(graph, node, terms.SH_MIN_LENGTH) or 0),
        max_length=int(max_length) if max_length is not None else None,
        long=(node, terms.DASH_EDITOR, terms.DASH_TEXT_AREA_EDITOR) in graph,
        is_address=(node, terms.SH_NODE_KIND, terms.SH_IRI) in graph,
        minimum=_number(graph, node, terms.SH_MIN_INCLUSIVE),
        above=_number(graph, node, terms.SH_MIN_EXCLUSIVE),
        maximum=_number(graph, node, terms.SH_MAX_INCLUSIVE),
    )


def _datatypes(graph: Graph, node: Node) -> frozenset[URIRef]:
    """The datatypes that a value may have: `sh:datatype`, or one of those in `sh:or`."""
    holders: list[Node] = [node]
    head = graph.value(node, terms.SH_OR)
    if head is not None:
        holders += Collection(graph, head)
    found = (graph.value(holder, terms.SH_DATATYPE) for holder in holders)
    return frozenset(iri for iri in found if isinstance(iri, URIRef))


def _list(graph: Graph, head: Node | None) -> tuple[URIRef, ...]:
    return () if head is None else tuple(item for item in Collection(graph, head) if isinstance(item, URIRef))


def _number(graph: Graph, node: Node, property_: URIRef) -> Decimal | None:
    value = graph.value(node, property_)
    return Decimal(str(value)) if isinstance(value, Literal) else None
