"""The registers of our own: the transversal skills and the frames that ship with the vocabulary."""

from functools import lru_cache
from typing import Final

from rdflib import Literal, URIRef

from musette_solid.model import labels
from musette_solid.model.references.concepts import Concept, Kind, Label, Register
from musette_solid.rdf import terms

#: Frames for looking at oneself: their competences, in an order of their own.
FRAMES: Final = (terms.LIFECOMP, terms.ENTRECOMP, terms.DIGCOMP, terms.GREENCOMP)

#: The schemes whose concepts are skills, in the order in which they are offered.
SCHEMES: Final = (terms.TRANSVERSAL_SKILLS, *FRAMES)

KEY: Final = "musette"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@lru_cache(maxsize=1)
def register() -> Register:
    concepts = tuple(_concept(iri) for scheme in SCHEMES for iri in labels.concepts(scheme))
    return Register(KEY, "La Musette", "1", LICENCE, "La Musette, CC BY 4.0", concepts)


def _concept(iri: URIRef) -> Concept:
    graph = labels.graph()
    said = [
        Label(str(text), text.language or "fr", is_preferred=path == terms.SKOS_PREF_LABEL)
        for path in (terms.SKOS_PREF_LABEL, terms.SKOS_ALT_LABEL)
        for text in sorted(graph.objects(iri, path), key=str)
        if isinstance(text, Literal)
    ]
    return Concept(
        iri=str(iri),
        kind=Kind.SKILL,
        labels=tuple(said),
        reach="transversal",
        definition=labels.definition(iri, "fr"),
    )
