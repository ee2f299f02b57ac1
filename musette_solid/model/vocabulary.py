"""The reference page of the vocabulary, ready to show: sections of terms with anchors, mappings and examples."""

from dataclasses import dataclass
from functools import lru_cache

from rdflib import Graph, Literal, URIRef

from musette_solid.model.labels import by_language, concepts, definition, graph, in_language, label
from musette_solid.rdf import names, syntax
from musette_solid.rdf import terms as iris

__all__ = ["Link", "Section", "Term", "about", "describe", "graph", "terms"]


@dataclass(frozen=True)
class Link:
    """What a term has to do with another one: `relation` in the reader's language, `name` as `prov:Activity`."""

    relation: str
    name: str
    iri: str


@dataclass(frozen=True)
class Term:
    """`anchor` is the local name: the term's IRI is the page's address, `#` and the anchor."""

    iri: str
    anchor: str
    kind: str  # class, property, scheme, concept
    label: str
    definition: str
    notes: tuple[str, ...]
    links: tuple[Link, ...]
    examples: tuple[str, ...]
    is_deprecated: bool


@dataclass(frozen=True)
class Section:
    """A scheme's section begins with the scheme itself; its concepts follow in their order."""

    anchor: str
    title: str
    terms: tuple[Term, ...]


_RELATIONS = {
    iris.RDFS_SUB_CLASS_OF: {"en": "is a kind of", "fr": "est une sorte de"},
    iris.RDFS_SUB_PROPERTY_OF: {"en": "specialises", "fr": "précise"},
    iris.SKOS_EXACT_MATCH: {"en": "is the same as", "fr": "est la même chose que"},
    iris.SKOS_CLOSE_MATCH: {"en": "is close to", "fr": "est proche de"},
    iris.SKOS_BROAD_MATCH: {"en": "is a case of", "fr": "est un cas de"},
    iris.SKOS_NARROW_MATCH: {"en": "covers", "fr": "comprend"},
    iris.SKOS_RELATED_MATCH: {"en": "can be compared with", "fr": "peut être rapproché de"},
    iris.SCHEMA_DOMAIN_INCLUDES: {"en": "is said of", "fr": "se dit de"},
    iris.SCHEMA_RANGE_INCLUDES: {"en": "takes", "fr": "prend"},
    iris.RDFS_SEE_ALSO: {"en": "see", "fr": "voir"},
}
_TITLES = {
    "classes": {"en": "Classes", "fr": "Classes"},
    "properties": {"en": "Properties", "fr": "Propriétés"},
}
_KINDS = {
    iris.OWL_CLASS: "class",
    iris.OWL_OBJECT_PROPERTY: "property",
    iris.OWL_DATATYPE_PROPERTY: "property",
    iris.SKOS_CONCEPT_SCHEME: "scheme",
    iris.SKOS_CONCEPT: "concept",
}
#: The prefixes of the standards that only the vocabulary itself mentions.
_MORE_PREFIXES = {
    "elm": "http://data.europa.eu/snb/model/elm/",
    "eqf": "http://data.europa.eu/snb/eqf/",
    "esco": "http://data.europa.eu/esco/model#",
    "oa": "http://www.w3.org/ns/oa#",
    "rel": "http://purl.org/vocab/relationship/",
    "time": "http://www.w3.org/2006/time#",
    "vc": "https://www.w3.org/2018/credentials#",
}


@lru_cache(maxsize=8)
def terms(language: str) -> tuple[Section, ...]:
    """Classes, properties, then one section a scheme."""
    by_kind: dict[str, list[URIRef]] = {kind: [] for kind in _KINDS.values()}
    for type_, kind in _KINDS.items():
        found = {iri for iri in graph().subjects(iris.RDF_TYPE, type_) if isinstance(iri, URIRef)}
        by_kind[kind] += sorted(found, key=lambda iri: iri.lower())
    plain = [
        Section(
            anchor, in_language(_TITLES[anchor], language), tuple(_term(iri, kind, language) for iri in by_kind[kind])
        )
        for anchor, kind in (("classes", "class"), ("properties", "property"))
    ]
    schemes = [
        Section(
            f"scheme-{names.local(scheme)}",
            label(scheme, language),
            (_term(scheme, "scheme", language), *(_term(iri, "concept", language) for iri in concepts(scheme))),
        )
        for scheme in by_kind["scheme"]
    ]
    return (*plain, *schemes)


def describe(local_name: str, language: str = "en") -> Term:
    """One term by its local name. Raises LookupError when the vocabulary has none."""
    iri = URIRef(iris.MUS + local_name)
    kind = next((kind for type_, kind in _KINDS.items() if (iri, iris.RDF_TYPE, type_) in graph()), None)
    if kind is None:
        raise LookupError(f"no term {local_name}")
    return _term(iri, kind, language)


def about(local_name: str) -> Graph:
    """What the vocabulary says of one term, as data; empty when it has none."""
    return syntax.graph_of(graph().triples((URIRef(iris.MUS + local_name), None, None)))


def _term(iri: URIRef, kind: str, language: str) -> Term:
    source = graph()
    notes = (in_language(by_language(source, iri, p), language) for p in (iris.SKOS_SCOPE_NOTE, iris.SKOS_NOTE))
    links = [
        Link(in_language(words, language), _short(other), str(other))
        for relation, words in _RELATIONS.items()
        for other in sorted(node for node in source.objects(iri, relation) if isinstance(node, URIRef))
    ]
    return Term(
        iri=str(iri),
        anchor=names.local(iri),
        kind=kind,
        label=label(iri, language),
        definition=definition(iri, language),
        notes=tuple(note for note in notes if note),
        links=tuple(links),
        examples=tuple(
            sorted(str(text) for text in source.objects(iri, iris.SKOS_EXAMPLE) if isinstance(text, Literal))
        ),
        is_deprecated=(iri, iris.OWL_DEPRECATED, None) in source,
    )


def _short(iri: URIRef) -> str:
    for prefix, namespace in (*syntax.PREFIXES.items(), *_MORE_PREFIXES.items()):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return str(iri)
