"""What holds of every term, every shape and every example that we publish."""

import re
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from musette_solid import shipped
from musette_solid.model import labels, shapes
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

ONTOLOGY = URIRef("https://w3id.org/musette")
SH = "http://www.w3.org/ns/shacl#"
LANGUAGES = {"en", "fr"}

KINDS = (
    terms.OWL_CLASS,
    terms.OWL_OBJECT_PROPERTY,
    terms.OWL_DATATYPE_PROPERTY,
    terms.SKOS_CONCEPT_SCHEME,
    terms.SKOS_CONCEPT,
)
TERMS = sorted({str(s) for kind in KINDS for s in labels.graph().subjects(terms.RDF_TYPE, kind)})
CONCEPTS = sorted(str(s) for s in labels.graph().subjects(terms.RDF_TYPE, terms.SKOS_CONCEPT))
CLASSES = sorted(str(s) for s in labels.graph().subjects(terms.RDF_TYPE, terms.OWL_CLASS))
PROPERTY_SHAPES = sorted(str(s) for s in labels.shapes_graph().subjects(terms.SH_PATH, None))
VOCABULARY_FILES = sorted([shipped.VOCAB / "musette.ttl", *shipped.VOCAB.glob("concepts/*.ttl")])
SHAPE_FILES = sorted(shipped.SHAPES.glob("*.ttl"))
EXAMPLES = sorted(shipped.VOCAB.glob("examples/*.ttl"))

PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())


def parse(path: Path) -> Graph:
    return syntax.parse(path.read_bytes(), syntax.TURTLE, f"https://demo.example/musette/documents/{path.name}")


def languages(graph: Graph, subject: str, *properties: URIRef) -> set[str]:
    return {
        o.language or ""
        for property_ in properties
        for o in graph.objects(URIRef(subject), property_)
        if isinstance(o, Literal) and o.strip()
    }


def short(iri: str) -> str:
    return iri.partition("#")[2]


# --- Terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_term_has_one_label_and_one_definition_in_each_language(term: str) -> None:
    graph = labels.graph()
    for properties in ((terms.RDFS_LABEL, terms.SKOS_PREF_LABEL), (terms.SKOS_DEFINITION,)):
        assert languages(graph, term, *properties) == LANGUAGES
        texts = [o for property_ in properties for o in graph.objects(URIRef(term), property_)]
        assert len(texts) == len(LANGUAGES), f"{term}: said twice"


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_term_says_what_defines_it(term: str) -> None:
    assert list(labels.graph().objects(URIRef(term), terms.RDFS_IS_DEFINED_BY)) == [ONTOLOGY]


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_term_has_an_example_that_is_turtle_and_uses_it(term: str) -> None:
    examples = list(labels.graph().objects(URIRef(term), terms.SKOS_EXAMPLE))
    assert examples
    for example in examples:
        graph = syntax.parse((PREFIXES + str(example)).encode(), syntax.TURTLE, "https://demo.example/musette/a.ttl")
        used = {node for triple in graph for node in triple}
        concepts = set(labels.concepts(term))
        assert URIRef(term) in used or used & concepts


@pytest.mark.parametrize("term", CLASSES, ids=short)
def test_a_class_says_how_it_relates_to_the_standards(term: str) -> None:
    graph = labels.graph()
    mappings = (terms.RDFS_SUB_CLASS_OF, terms.SKOS_EXACT_MATCH, terms.SKOS_CLOSE_MATCH, terms.SKOS_NARROW_MATCH)
    assert any((URIRef(term), mapping, None) in graph for mapping in mappings)


@pytest.mark.parametrize("concept", CONCEPTS, ids=short)
def test_a_concept_is_in_one_scheme_that_knows_it(concept: str) -> None:
    graph = labels.graph()
    (scheme,) = graph.objects(URIRef(concept), terms.SKOS_IN_SCHEME)
    assert (scheme, terms.SKOS_HAS_TOP_CONCEPT, URIRef(concept)) in graph
    assert (URIRef(concept), terms.SKOS_TOP_CONCEPT_OF, scheme) in graph
    singular = {"currencies": "currency", "sensitivities": "sensitivity"}.get(
        short(str(scheme)), short(str(scheme)).removesuffix("s")
    )
    assert short(concept).startswith(f"{singular}-")


def test_the_concepts_of_a_scheme_are_numbered_from_one() -> None:
    graph = labels.graph()
    for scheme in graph.subjects(terms.RDF_TYPE, terms.SKOS_CONCEPT_SCHEME):
        concepts = labels.concepts(str(scheme))
        order = [str(graph.value(concept, terms.SKOS_NOTATION)) for concept in concepts]
        assert order == [str(n) for n in range(1, len(concepts) + 1)], scheme


def test_two_concepts_of_a_scheme_never_have_one_name() -> None:
    for scheme in labels.graph().subjects(terms.RDF_TYPE, terms.SKOS_CONCEPT_SCHEME):
        for language in LANGUAGES:
            said = [labels.label(concept, language) for concept in labels.concepts(str(scheme))]
            assert len(said) == len(set(said)), scheme


def test_everything_declared_in_our_namespace_is_a_term() -> None:
    subjects = {str(s) for s in labels.graph().subjects()} - {str(ONTOLOGY)}
    assert subjects == set(TERMS)


def test_every_term_of_ours_that_the_vocabulary_mentions_is_declared() -> None:
    mentioned = {
        str(node)
        for triple in labels.graph()
        for node in triple
        if isinstance(node, URIRef) and node.startswith(terms.MUS)
    }
    assert mentioned <= set(TERMS)


def test_the_ontology_says_its_version_and_its_licence() -> None:
    graph = labels.graph()
    assert str(graph.value(ONTOLOGY, terms.OWL_VERSION_INFO)) == "1"
    assert str(graph.value(ONTOLOGY, terms.OWL_VERSION_IRI)) == "https://w3id.org/musette/1"
    assert str(graph.value(ONTOLOGY, terms.DCTERMS_LICENSE)) == "https://creativecommons.org/licenses/by/4.0/"
    assert languages(graph, ONTOLOGY, terms.DCTERMS_TITLE) == LANGUAGES


def test_no_property_entails_a_class() -> None:
    entailing = (URIRef("http://www.w3.org/2000/01/rdf-schema#domain"), terms.RDFS_RANGE)
    assert not [t for property_ in entailing for t in labels.graph().triples((None, property_, None))]


def test_paragraphs_are_sorted() -> None:
    text = (shipped.VOCAB / "musette.ttl").read_text("utf-8")
    for kinds in ("owl:Class", "owl:(?:Object|Datatype)Property"):
        found = re.findall(rf"^mus:([\w-]+) a {kinds} ", text, re.MULTILINE)
        assert found == sorted(found, key=str.lower)


# --- The rules of the data --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*VOCABULARY_FILES, *EXAMPLES], ids=lambda path: path.name)
def test_no_blank_node_no_list_and_no_boolean(path: Path) -> None:
    for triple in parse(path):
        assert not any(isinstance(node, BNode) for node in triple)
        assert triple[1] not in {terms.RDF_FIRST, terms.RDF_REST}
        assert not (isinstance(triple[2], Literal) and triple[2].datatype == terms.XSD_BOOLEAN)
    assert "xsd:boolean" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", [*VOCABULARY_FILES, *EXAMPLES, *SHAPE_FILES], ids=lambda path: path.name)
def test_schema_org_is_written_with_http(path: Path) -> None:
    assert "https://schema.org" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", [*EXAMPLES, *SHAPE_FILES], ids=lambda path: path.name)
def test_every_term_of_ours_that_is_used_is_declared(path: Path) -> None:
    declared = {*TERMS, *(str(s) for s in labels.shapes_graph().subjects())}
    used = {str(node) for triple in parse(path) for node in triple if isinstance(node, URIRef)}
    assert {iri for iri in used if iri.startswith(terms.MUS)} <= declared


FRENCH = re.compile(r'"((?:[^"\\]|\\.)*)"@fr')


@pytest.mark.parametrize("path", [*VOCABULARY_FILES, *SHAPE_FILES], ids=lambda path: path.name)
def test_french_typography_is_right(path: Path) -> None:
    for text in FRENCH.findall(path.read_text("utf-8")):
        assert "'" not in text, text
        assert "..." not in text, text
        assert not re.search(r"(?<![\u202f\u00a0])[;!?»]", text), text
        assert not re.search(r"[^\u00a0\w/]:|\w:(?=\s)", text), text
        assert not re.search(r"«(?!\u00a0)", text), text


# --- Shapes -----------------------------------------------------------------------------------------------------------

CORE = {
    "NodeShape", "PropertyShape", "PropertyGroup", "targetClass", "property", "path", "name", "description", "order", "group",
    "message", "severity", "Warning", "minCount", "maxCount", "datatype", "nodeKind", "IRI", "in", "or", "minLength", "maxLength",
    "alternativePath", "pattern", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "equals", "lessThanOrEquals",
}  # fmt: skip


@pytest.mark.parametrize("path", SHAPE_FILES, ids=lambda path: path.name)
def test_shapes_are_core_shacl_and_nothing_more(path: Path) -> None:
    used = {
        node.removeprefix(SH)
        for triple in parse(path)
        for node in triple
        if isinstance(node, URIRef) and node.startswith(SH)
    }
    assert used <= CORE


@pytest.mark.parametrize("shape", PROPERTY_SHAPES, ids=lambda iri: short(iri) or "unnamed")
def test_a_property_shape_has_a_name_an_order_a_group_and_a_message(shape: str) -> None:
    graph = labels.shapes_graph()
    assert shape.startswith(terms.MUS), "it has no IRI of its own"
    assert (URIRef(shape), terms.RDF_TYPE, terms.SH_PROPERTY_SHAPE) in graph
    for property_ in (terms.SH_NAME, terms.SH_DESCRIPTION, terms.SH_MESSAGE):
        assert languages(graph, shape, property_) == LANGUAGES
        assert len(list(graph.objects(URIRef(shape), property_))) == len(LANGUAGES)
    (order,) = graph.objects(URIRef(shape), terms.SH_ORDER)
    assert int(str(order)) > 0
    (group,) = graph.objects(URIRef(shape), terms.SH_GROUP)
    assert (group, terms.RDF_TYPE, terms.SH_PROPERTY_GROUP) in graph
    owner = URIRef(shape.partition("-")[0])
    assert (owner, terms.SH_PROPERTY, URIRef(shape)) in graph


@pytest.mark.parametrize("shape", shapes.node_shapes(), ids=short)
def test_a_node_shape_has_a_class_and_speaks_both_languages(shape: URIRef) -> None:
    graph = labels.shapes_graph()
    assert len(list(graph.objects(shape, terms.SH_TARGET_CLASS))) == 1
    for property_ in (terms.RDFS_LABEL, terms.SH_MESSAGE):
        assert languages(graph, shape, property_) == LANGUAGES


@pytest.mark.parametrize("shape", shapes.node_shapes(), ids=short)
def test_no_two_fields_of_a_shape_share_a_name_or_a_place(shape: URIRef) -> None:
    found = shapes.all_fields(shape)
    assert len({field.name for field in found}) == len({field.order for field in found}) == len(found)


def test_the_choices_of_a_field_are_a_whole_scheme_in_its_order() -> None:
    schemes = {labels.concepts(str(s)) for s in labels.graph().subjects(terms.RDF_TYPE, terms.SKOS_CONCEPT_SCHEME)}
    chosen = [field.choices for shape in shapes.node_shapes() for field in shapes.all_fields(shape) if field.choices]
    assert chosen
    assert all(choices in schemes for choices in chosen)


def test_every_group_has_a_label_in_each_language() -> None:
    graph = labels.shapes_graph()
    for group in graph.subjects(terms.RDF_TYPE, terms.SH_PROPERTY_GROUP):
        assert languages(graph, str(group), terms.RDFS_LABEL) == LANGUAGES


def test_lists_in_shapes_hold_what_they_seem_to() -> None:
    graph = labels.shapes_graph()
    for head in graph.objects(None, terms.SH_IN):
        assert len(set(Collection(graph, head))) == len(Collection(graph, head))


# --- Examples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_fits(path: Path) -> None:
    assert check(parse(path)) == ()


def test_every_shape_has_an_example() -> None:
    seen = {kind for path in EXAMPLES for kind in parse(path).objects(None, terms.RDF_TYPE)}
    assert {shapes.target(shape) for shape in shapes.node_shapes()} <= seen


def test_examples_invent_nobody() -> None:
    for path in EXAMPLES:
        for name in parse(path).objects(None, terms.FOAF_NAME):
            assert "demo" in str(name).lower()


# --- Publication ------------------------------------------------------------------------------------------------------


def test_everything_that_a_w3id_redirect_needs_is_there() -> None:
    redirects = (shipped.VOCAB / ".htaccess").read_text("utf-8")
    for path in ("/ns", "/context.jsonld", "/shapes/"):
        assert "%{ENV:MUSETTE}" + path in redirects
    assert "creativecommons.org/licenses/by/4.0" in (shipped.VOCAB / "LICENSE").read_text("utf-8")
