"""The journal: what a person wrote when looking back, day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Graph, URIRef

from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once


@dataclass(frozen=True, slots=True)
class Reflection:
    """`about` and `people` are IRIs of the bag; `session` and `step` where it answers a method."""

    iri: str
    text: str = ""
    on: date | None = None
    feeling: URIRef | None = None
    about: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    prompt: str | None = None
    session: str | None = None
    step: str | None = None
    mark: int | None = None
    created: datetime | None = None


@once
def read(graph: Graph) -> tuple[Reflection, ...]:
    """Newest first."""
    return tuple(sorted(map(_reflection, Index(graph).of_type(terms.Reflection)), key=newest))


def _reflection(node: Described) -> Reflection:
    return Reflection(
        iri=node.iri,
        text=node.text(terms.DCTERMS_DESCRIPTION, terms.AS_CONTENT) or "",
        on=node.day(terms.DCTERMS_DATE),
        feeling=node.concept(terms.FEELING),
        about=node.iris(terms.ABOUT),
        people=node.iris(terms.WITH),
        prompt=node.text(terms.PROMPT),
        session=node.iri_of(terms.DCTERMS_IS_PART_OF),
        step=node.iri_of(terms.STEP),
        mark=node.integer(terms.MARK),
        created=node.moment(terms.DCTERMS_CREATED),
    )


def newest(one: Reflection) -> tuple[int, str, str]:
    """To sort by: the latest day first, then what was written last; without a day last."""
    day = -one.on.toordinal() if one.on else 0
    # Inverted text: a later moment sorts before an earlier one of the same day.
    written = "".join(chr(0x10FFF - ord(sign)) for sign in one.created.isoformat()) if one.created else "\U0010ffff"
    return day, written, one.iri


def notes(reflections: Iterable[Reflection]) -> tuple[Reflection, ...]:
    """Those of the journal itself: what answers a method is shown with its session."""
    return tuple(one for one in reflections if one.session is None)


def search(
    reflections: Iterable[Reflection], words: str, called: Sequence[tuple[str, str]] = ()
) -> tuple[Reflection, ...]:
    """Those in which every word is found, accents folded: in the text, the prompt, or what it is about (`called`: IRI, name)."""
    wanted = folded(words).split()
    if not wanted:
        return tuple(reflections)
    names = {iri: folded(name) for iri, name in called}

    def holds(one: Reflection) -> bool:
        text = " ".join(
            [folded(one.text), folded(one.prompt or ""), *(names.get(iri, "") for iri in (*one.about, *one.people))]
        )
        return all(word in text for word in wanted)

    return tuple(filter(holds, reflections))
