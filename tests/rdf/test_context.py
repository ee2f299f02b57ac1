"""The JSON-LD context as published: what people read, and the same graph as the Turtle."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from rdflib import URIRef
from rdflib.compare import isomorphic

from musette_solid import shipped
from musette_solid.model import labels, shapes
from musette_solid.rdf import syntax, terms

EXAMPLES = sorted(shipped.VOCAB.glob("examples/*.ttl"))
EVERY_FILE = sorted([*shipped.VOCAB.rglob("*.ttl"), *shipped.SHAPES.glob("*.ttl")])
BASE = "https://demo.example/musette/documents/"


def own_context(url: str, _options: Any = None) -> dict[str, Any]:
    """A loader of its own: another program that knows our context must need nothing of ours."""
    assert url == syntax.CONTEXT_IRI
    document = json.loads((shipped.VOCAB / "context.jsonld").read_text("utf-8"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: path.name)
def test_compacted_and_expanded_again_the_graph_is_the_one_of_the_turtle(path: Path) -> None:
    graph = syntax.parse(path.read_bytes(), syntax.TURTLE, BASE + path.name)
    compacted = json.dumps(syntax.json_ld(graph)).encode()
    assert isomorphic(syntax.parse(compacted, syntax.JSON_LD, "https://elsewhere.example/"), graph)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_plain_pyld_expands_and_compacts_to_the_same_document(path: Path) -> None:
    compacted = syntax.json_ld(syntax.parse(path.read_bytes(), syntax.TURTLE, BASE + path.name))
    expanded = jsonld.expand(compacted, {"documentLoader": own_context})
    again = jsonld.compact(expanded, syntax.CONTEXT_IRI, {"documentLoader": own_context, "graph": True})
    assert again == compacted


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_key_is_a_plain_word(path: Path) -> None:
    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {key for key, inner in value.items() for key in (key, *keys(inner))}
        return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()

    found = keys(syntax.json_ld(syntax.parse(path.read_bytes(), syntax.TURTLE, BASE + path.name)))
    awkward = {
        key
        for key in found
        if ":" in key or (key.startswith("@") and key not in {"@context", "@graph", "@language", "@value"})
    }
    # A date that is no whole day: the words `date` and `valid` are for days.
    assert awkward <= {"dcterms:date", "dcterms:valid"}


def activity(**more: Any) -> dict[str, Any]:
    return {"@context": syntax.CONTEXT_IRI, "id": "#a-1", "type": "Activity", **more}


def objects_of(document: dict[str, Any], predicate: URIRef) -> set[str]:
    graph = syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, BASE + "a.ttl")
    return {node.n3() for node in graph.objects(URIRef(BASE + "a.ttl#a-1"), predicate)}


@pytest.mark.parametrize(
    ("key", "scheme", "property_"),
    [
        ("sphere", terms.SPHERES, terms.SPHERE),
        ("level", terms.LEVELS, terms.LEVEL),
        ("dimension", terms.DIMENSIONS, terms.DIMENSION),
        ("precision", terms.PRECISIONS, terms.PRECISION),
        ("counterpart", terms.COUNTERPARTS, terms.COUNTERPART),
        ("hasPurpose", terms.PURPOSES, terms.DPV_HAS_PURPOSE),
        ("relationKind", terms.RELATION_KINDS, terms.RELATION_KIND),
        ("facet", terms.FACETS, terms.FACET),
        ("currency", terms.CURRENCIES, terms.CURRENCY),
        ("answer", terms.ANSWERS, terms.ANSWER),
        ("confidence", terms.CONFIDENCES, terms.CONFIDENCE),
        ("factKind", terms.FACT_KINDS, terms.FACT_KIND),
        ("movementState", terms.MOVEMENT_STATES, terms.MOVEMENT_STATE),
        ("schemeState", terms.SCHEME_STATES, terms.SCHEME_STATE),
        ("scope", terms.SCOPES, terms.SCOPE),
        ("unit", terms.UNITS, terms.UNIT),
    ],
)
def test_every_concept_is_written_by_its_short_name(key: str, scheme: URIRef, property_: URIRef) -> None:
    concepts = labels.concepts(scheme)
    assert concepts
    for concept in concepts:
        short = concept.partition("#")[2].partition("-")[2]
        assert objects_of(activity(**{key: short}), property_) == {concept.n3()}
        graph = syntax.graph_of([(URIRef(BASE), property_, concept)])
        assert syntax.json_ld(graph)["@graph"][0][key] == short


def test_a_sphere_of_ones_own_is_written_in_full() -> None:
    own = URIRef("https://demo.example/musette/spheres.ttl#choir")
    assert objects_of(activity(sphere=str(own)), terms.SPHERE) == {own.n3()}
    assert syntax.json_ld(syntax.graph_of([(URIRef(BASE), terms.SPHERE, own)]))["@graph"][0]["sphere"] == str(own)


@pytest.mark.parametrize("datatype", ["gYear", "gYearMonth", "date"])
def test_a_start_keeps_the_precision_it_was_said_with(datatype: str) -> None:
    document = activity(startDate={"type": f"xsd:{datatype}", "@value": "2019"})
    assert objects_of(document, terms.SCHEMA_START_DATE) == {f'"2019"^^<http://www.w3.org/2001/XMLSchema#{datatype}>'}


def test_a_whole_number_may_be_written_as_a_number() -> None:
    assert objects_of(activity(minutes=150), terms.MINUTES) == {'"150"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def test_every_field_of_every_shape_has_its_word_in_the_context() -> None:
    context = syntax.context()["@context"]
    for shape in shapes.node_shapes():
        for field in shapes.all_fields(shape):
            term = context.get(field.name)
            assert term, f"{field.iri}: no word for {field.name}"
            written = term if isinstance(term, str) else term["@id"]
            prefix, _, local = written.partition(":")
            assert context[prefix] + local == str(field.path)
            kind = None if isinstance(term, str) else term.get("@type")
            assert (kind in {"@id", "@vocab"}) == (field.is_address or bool(field.choices)), field.name


def test_every_class_and_property_of_ours_has_its_word() -> None:
    context = syntax.context()["@context"]
    written = {value if isinstance(value, str) else value["@id"] for key, value in context.items() if key != "@version"}
    kinds = (terms.OWL_CLASS, terms.OWL_OBJECT_PROPERTY, terms.OWL_DATATYPE_PROPERTY)
    ours = {s for kind in kinds for s in labels.graph().subjects(terms.RDF_TYPE, kind)}
    assert {f"mus:{str(term).removeprefix(terms.MUS)}" for term in ours} <= written


def test_the_prefixes_are_those_of_our_turtle() -> None:
    context = syntax.context()["@context"]
    assert {prefix: context[prefix] for prefix in syntax.PREFIXES} == dict(syntax.PREFIXES)
