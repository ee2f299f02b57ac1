"""People in the bag, by initials or a name, and what goes between them and its holder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rdflib import Graph, URIRef

from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

#: What reorders or hides the letters around it: in a name it can make one person look like another.
_UNSEEN = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])


@dataclass(frozen=True, slots=True)
class Relation:
    iri: str
    person: str = ""
    kinds: tuple[URIRef, ...] = ()
    circle: URIRef | None = None
    through: tuple[str, ...] = ()
    given: str | None = None
    received: str | None = None
    last_contact: date | None = None
    thanks_for: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """`relation` is the one that our pages write; other applications may have added more."""

    iri: str
    name: str = ""
    relation: Relation | None = None


@once
def read(graph: Graph) -> tuple[Person, ...]:
    """By name, accents folded."""
    index = Index(graph)
    relations: dict[str, Relation] = {}
    for node in index.of_type(terms.Relation):
        relation = _relation(node)
        known = relations.get(relation.person)
        if known is None or relation.iri < known.iri:
            relations[relation.person] = relation
    found = [
        Person(node.iri, plain(node.text(terms.VCARD_FN, terms.FOAF_NAME) or ""), relations.get(node.iri))
        for node in index.of_type(terms.VCARD_INDIVIDUAL)
    ]
    return tuple(sorted(found, key=lambda one: (folded(one.name), one.iri)))


def _relation(node: Described) -> Relation:
    return Relation(
        iri=node.iri,
        person=node.iri_of(terms.WITH) or "",
        kinds=node.concepts(terms.RELATION_KIND),
        circle=node.concept(terms.CIRCLE),
        through=node.iris(terms.THROUGH),
        given=node.text(terms.WHAT_I_GIVE),
        received=node.text(terms.WHAT_I_RECEIVE),
        last_contact=node.day(terms.LAST_CONTACT),
        thanks_for=node.text(terms.THANKS_FOR),
        description=node.text(terms.DCTERMS_DESCRIPTION),
    )


def plain(name: str) -> str:
    """A name without the signs that turn or hide letters."""
    return " ".join(name.translate(_UNSEEN).split())


def initials(name: str) -> str:
    """`D. M.` for two or three words; what is initials already stays."""
    words = [word for word in plain(name).replace("-", " ").split() if word[:1].isalpha()]
    if not words or all(len(word.strip(".")) == 1 for word in words):
        return plain(name)
    return " ".join(f"{word[0].upper()}." for word in words[:3])


def to_thank(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(one for one in people if one.relation and one.relation.thanks_for)
