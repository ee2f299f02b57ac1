"""What activities count for, dimension by dimension, as the person says it from time to time. Never a total."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rdflib import Graph, URIRef

from musette_solid.model.described import Described, Index
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

#: The strongest intensity; nothing at all is 0.
MOST = 4


@dataclass(frozen=True, slots=True)
class ValueStatement:
    iri: str
    activity: str
    dimension: URIRef
    weight: int
    on: date | None = None
    text: str | None = None


@once
def read(graph: Graph) -> tuple[ValueStatement, ...]:
    """Oldest first. What says no activity, no dimension or no intensity from 0 to 4 is left out."""
    found = [one for one in map(_statement, Index(graph).of_type(terms.ValueStatement)) if one is not None]
    return tuple(sorted(found, key=lambda one: (one.on or date.min, one.iri)))


def _statement(node: Described) -> ValueStatement | None:
    activity, dimension = node.iri_of(terms.ACTIVITY), node.concept(terms.DIMENSION)
    weight = node.integer(terms.WEIGHT)
    if activity is None or dimension is None or weight is None or weight > MOST:
        return None
    text = node.text(terms.DCTERMS_DESCRIPTION)
    return ValueStatement(node.iri, activity, dimension, weight, node.day(terms.DCTERMS_DATE), text)


@once
def own_dimensions(graph: Graph) -> Mapping[URIRef, str]:
    """Those that the person defined, by name."""
    found = {
        URIRef(node.iri): node.text(terms.SKOS_PREF_LABEL) or ""
        for node in Index(graph).of_type(terms.SKOS_CONCEPT)
        if str(terms.DIMENSIONS) in node.iris(terms.SKOS_IN_SCHEME)
    }
    return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def of_activity(statements: Iterable[ValueStatement], activity: str) -> tuple[ValueStatement, ...]:
    return tuple(one for one in statements if one.activity == activity)


def latest(statements: Sequence[ValueStatement], until: date | None = None) -> Mapping[URIRef, ValueStatement]:
    """What holds of each dimension on a day: the last that was said of it up to then."""
    return {one.dimension: one for one in statements if until is None or (one.on or date.min) <= until}


def days(statements: Iterable[ValueStatement]) -> tuple[date, ...]:
    """The days on which something was said, oldest first."""
    return tuple(sorted({one.on for one in statements if one.on}))
