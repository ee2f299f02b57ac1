"""Graphs that Hypothesis draws: named nodes and literals as pods hold them, awkward characters included."""

from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from musette_solid.rdf.syntax import Triple, graph_of

_NAMES = ("it", "a-20240312-k3f9xz", "s-é", "o-1", "t-20261122-bcdfgh")
nodes = st.sampled_from([URIRef(f"https://demo.example/musette/activities.ttl#{name}") for name in _NAMES])
predicates = st.sampled_from(
    [
        URIRef("http://purl.org/dc/terms/title"),
        URIRef("https://w3id.org/musette#sphere"),
        URIRef("https://w3id.org/musette#minutes"),
        URIRef("http://schema.org/startDate"),
        URIRef("https://unknown.example/terms#other"),
    ]
)
# Everything that a string may hold but halves of surrogate pairs, which are no characters.
texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    [
        "a\nb",
        "a\r\nb",
        "\ttab",
        'quo"te',
        "back\\slash",
        "\\u00e9",
        "\u0085\u2028\u2029",
        "\x00\x0b\x0c\x1f",
        "é\u202f!",
        "😀",
    ]
)
literals = st.one_of(
    texts.map(Literal),
    st.tuples(texts, st.sampled_from(["fr", "en", "fr-ca"])).map(lambda pair: Literal(pair[0], lang=pair[1])),
    st.sampled_from(
        [
            Literal("PT150M", datatype=XSD.duration),
            Literal("007", datatype=XSD.integer),
            Literal("12.50", datatype=XSD.decimal),
            Literal("1", datatype=XSD.boolean),
            Literal("2019", datatype=XSD.gYear),
            Literal("2019-03", datatype=XSD.gYearMonth),
            Literal("2019-03-12", datatype=XSD.date),
            Literal("2026-11-22T09:00:00.000Z", datatype=XSD.dateTime),
            Literal("not a date", datatype=XSD.date),
            Literal("x", datatype=URIRef("https://unknown.example/terms#type")),
        ]
    ),
)
concepts = st.sampled_from(
    [
        URIRef("https://w3id.org/musette#sphere-care"),
        URIRef("https://w3id.org/musette#title"),
        URIRef("https://unknown.example/spheres#own"),
    ]
)
triples: st.SearchStrategy[Triple] = st.tuples(nodes, predicates, nodes | literals | concepts)
graphs: st.SearchStrategy[Graph] = st.lists(triples, max_size=12).map(graph_of)
