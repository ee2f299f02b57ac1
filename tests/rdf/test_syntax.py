import json
import random
import socket
from contextlib import suppress
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import XSD

from musette_solid.rdf import syntax
from tests.rdf.graphs import graphs

BASE = "https://demo.example/musette/activities.ttl"


@pytest.fixture
def no_socket(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Any attempt to open a connection fails, and is remembered."""
    opened: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> None:
        opened.append(arguments)
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return opened


@given(graphs)
def test_turtle_written_and_read_again_is_the_same_graph(graph: Graph) -> None:
    assert set(syntax.parse(syntax.turtle(graph), syntax.TURTLE, BASE)) == set(graph)


@given(graphs)
def test_n_triples_written_and_read_again_is_the_same_graph(graph: Graph) -> None:
    assert set(syntax.parse(syntax.n_triples(graph), syntax.N_TRIPLES, BASE)) == set(graph)


@given(graphs, st.booleans())
def test_json_ld_written_and_read_again_is_the_same_graph(graph: Graph, compact: bool) -> None:
    written = json.dumps(syntax.json_ld(graph, compact=compact)).encode()
    assert set(syntax.parse(written, syntax.JSON_LD, BASE)) == set(graph)


@given(graphs, st.randoms(use_true_random=False))
def test_the_same_graph_is_always_the_same_bytes(graph: Graph, order: random.Random) -> None:
    triples = list(graph)
    order.shuffle(triples)
    again = syntax.graph_of(triples)
    assert syntax.turtle(again) == syntax.turtle(graph)
    assert syntax.n_triples(again) == syntax.n_triples(graph)


def test_two_languages_of_one_text_have_one_order() -> None:
    node, label = URIRef(BASE), URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    texts = [Literal("mentor", lang="en"), Literal("mentor", lang="fr"), Literal("mentor")]
    written = {syntax.turtle(syntax.graph_of((node, label, t) for t in order)) for order in (texts, texts[::-1])}
    assert len(written) == 1


@pytest.mark.parametrize(
    "literal",
    [
        '"PT150M"^^<http://www.w3.org/2001/XMLSchema#duration>',
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"12.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"2026-11-22T09:00:00.000+01:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        '"2019"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        '"hier"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"réunion"@fr',
    ],
)
def test_a_literal_is_kept_to_the_letter(literal: str) -> None:
    line = f"<{BASE}> <https://w3id.org/musette#minutes> {literal} .\n"
    assert syntax.n_triples(syntax.parse(line.encode(), syntax.TURTLE, BASE)).decode() == line


def test_a_literal_is_kept_to_the_letter_whatever_another_library_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", True)
    line = f'<{BASE}> <{BASE}#p> "PT150M"^^<http://www.w3.org/2001/XMLSchema#duration> .\n'
    assert syntax.n_triples(syntax.parse(line.encode(), syntax.TURTLE, BASE)).decode() == line


@pytest.mark.parametrize(
    "literal",
    [
        Literal("a"),
        Literal(""),
        Literal('é\n"\\'),
        Literal("a", lang="fr"),
        Literal("007", datatype=XSD.integer, normalize=False),
        Literal("many", datatype=XSD.integer, normalize=False),
        Literal("2026-11-22", datatype=XSD.date, normalize=False),
        Literal("PT150M", datatype=XSD.duration, normalize=False),
        Literal("a", datatype=URIRef("urn:kind"), normalize=False),
        Literal("1" * 40, datatype=XSD.integer, normalize=False),
    ],
    ids=lambda literal: literal.n3()[:30],
)
def test_a_literal_that_was_read_is_in_every_way_the_one_that_rdflib_makes(literal: Literal) -> None:
    for _ in range(2):
        (read,) = syntax.parse(f"<a> <b> {literal.n3()} .".encode(), syntax.TURTLE, "https://demo.example/").objects()
        assert read == literal
        assert hash(read) == hash(literal)
        assert read.n3() == literal.n3()
        for name in ("value", "datatype", "language", "ill_typed"):
            assert getattr(read, name) == getattr(literal, name)
            assert type(getattr(read, name)) is type(getattr(literal, name))


def test_a_literal_that_means_nothing_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    text = b'<#a> <#p> "my secret"^^<http://www.w3.org/2001/XMLSchema#date> .'
    for _, _, value in syntax.parse(text, syntax.TURTLE, BASE):
        assert isinstance(value, Literal)
        assert value.ill_typed
    assert "secret" not in caplog.text


def test_relative_addresses_are_resolved_against_the_document() -> None:
    graph = syntax.parse(b"<#a> </p> <../x> .", syntax.TURTLE, BASE)
    assert set(graph) == {(URIRef(BASE + "#a"), URIRef("https://demo.example/p"), URIRef("https://demo.example/x"))}


RDF_XML = b"""<?xml version="1.0"?>
<!DOCTYPE rdf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="x"/></rdf:RDF>"""


@pytest.mark.parametrize(
    "media_type", ["application/rdf+xml", "text/xml", "application/xml; charset=utf-8", "text/html", "text/n3", ""]
)
def test_anything_but_turtle_and_json_ld_is_refused_unread(media_type: str) -> None:
    with pytest.raises(syntax.NotRdf):
        syntax.parse(RDF_XML, media_type, BASE)


@pytest.mark.parametrize("media_type", [syntax.TURTLE, syntax.JSON_LD])
def test_rdf_xml_under_another_name_is_not_rdf(media_type: str) -> None:
    with pytest.raises(syntax.NotRdf):
        syntax.parse(RDF_XML, media_type, BASE)


@pytest.mark.parametrize("media_type", ["text/turtle", "text/turtle; charset=utf-8", "TEXT/TURTLE;charset=UTF-8"])
def test_a_media_type_may_carry_parameters(media_type: str) -> None:
    assert len(syntax.parse(b"<#a> <#b> <#c> .", media_type, BASE)) == 1


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://evil.example/context", "title": "x"},
        {"@context": ["https://w3id.org/musette/context.jsonld", "https://evil.example/context"], "title": "x"},
        {"@context": {"@import": "https://evil.example/context"}, "title": "x"},
        {"@context": {"x": {"@id": "https://a.example/x", "@context": "https://evil.example/context"}}, "x": {"y": 1}},
        {"@context": "http://localhost:3000/context", "title": "x"},
        {"@context": "context.jsonld", "title": "x"},
        {"@context": "file:///etc/passwd", "title": "x"},
        {"@context": "https://schema.org", "title": "x"},
    ],
)
def test_a_context_elsewhere_is_refused_and_nothing_is_fetched(document: dict[str, Any], no_socket: list[Any]) -> None:
    with pytest.raises(syntax.NotRdf, match="never fetched"):
        syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, BASE)
    assert not no_socket


def test_our_own_context_is_known_without_a_request(no_socket: list[Any]) -> None:
    document = {"@context": syntax.CONTEXT_IRI, "id": "#a", "title": "Repair café", "sphere": "volunteering"}
    graph = syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, BASE)
    assert (
        URIRef(BASE + "#a"),
        URIRef("https://w3id.org/musette#sphere"),
        URIRef("https://w3id.org/musette#sphere-volunteering"),
    ) in graph
    assert not no_socket


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"null",
        b'"text"',
        b'{"@context": 5}',
        b'{"@id": 5, "http://a.example/p": 1}',
        b'{"@type": {"a": 1}}',
        b'{"http://a.example/p": "\\ud800"}',
        b'{"http://a.example/p": NaN}',
        b'{"http://a.example/p": {"@value": ["x"]}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_not_json_ld_is_said_so(data: bytes) -> None:
    with pytest.raises(syntax.NotRdf) as refused:
        syntax.parse(data, syntax.JSON_LD, BASE)
    assert refused.value.details["reason"]


def test_an_address_that_is_none_is_left_out() -> None:
    # JSON-LD 1.1 API, 7.2: triples whose IRIs are not well-formed are dropped.
    document = b'{"@id": "https://a.example/a b", "https://a.example/p": 1}'
    assert len(syntax.parse(document, syntax.JSON_LD, BASE)) == 0


def test_an_address_that_looks_like_one_of_our_prefixes_is_kept() -> None:
    graph = syntax.parse(b"<time:2026> <http://purl.org/dc/terms/title> <acl:x> .", syntax.TURTLE, BASE)
    written = json.dumps(syntax.json_ld(graph)).encode()
    assert set(syntax.parse(written, syntax.JSON_LD, BASE)) == set(graph)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["@id", "@type", "_:b", BASE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@context",
                    "@id",
                    "@type",
                    "@value",
                    "@language",
                    "@list",
                    "@set",
                    "@graph",
                    "@reverse",
                    "@vocab",
                    "@base",
                    "@index",
                    "@included",
                    "@nest",
                    "@container",
                    "@version",
                    "http://a.example/p",
                    "a",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_is_a_graph_or_not_rdf(document: Any) -> None:
    with suppress(syntax.NotRdf):
        syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, BASE)


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_graph_or_not_rdf(data: bytes) -> None:
    with suppress(syntax.NotRdf):
        syntax.parse(data, syntax.TURTLE, BASE)


def test_json_ld_and_turtle_of_one_thing_are_one_graph() -> None:
    turtle = b"""@prefix schema: <http://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix mus: <https://w3id.org/musette#> .
        <#a> a mus:Activity ; schema:startDate "2019-03"^^xsd:gYearMonth ; mus:weeklyHours 12.5 ."""
    document = {
        "@context": syntax.CONTEXT_IRI,
        "id": "#a",
        "type": "Activity",
        "startDate": {"type": "xsd:gYearMonth", "@value": "2019-03"},
        "weeklyHours": "12.5",
    }
    assert isomorphic(
        syntax.parse(turtle, syntax.TURTLE, BASE), syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, BASE)
    )
