"""What the first page reads in a hurry is what the readers of the other pages say."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD

from musette_solid.model import activity, overview, skill
from musette_solid.model.activity import Outline
from musette_solid.model.overview import SkillOutline
from musette_solid.pod.resources import Reader
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.syntax import JSON_LD, TURTLE, Triple

DOCUMENT = "https://demo.example/musette/activities.ttl"
EXAMPLES = Path(__file__).parents[2] / "vocab" / "examples"

_nodes = st.sampled_from([URIRef(f"{DOCUMENT}#{name}") for name in ("a-1", "a-2", "s-1", "m-1", "m-2")])
_texts = st.sampled_from(["", " ", "Vélo", "Café", "2019", "2019-03", "2019-03-12", "2019-13", "long ago", " 2020 "])
_dates = st.sampled_from(
    [
        Literal("2019", datatype=XSD.gYear),
        Literal("2019-03", datatype=XSD.gYearMonth),
        Literal("2019-03+02:00", datatype=XSD.gYearMonth),
        Literal("2019-03-12", datatype=XSD.date),
        Literal("2019-03-12Z", datatype=XSD.date),
        Literal("2020-02-30", datatype=XSD.date),
        Literal("2026-05-01T10:00:00Z", datatype=XSD.dateTime),
        Literal("2026-05-01T10:00:00+02:00", datatype=XSD.dateTime),
        Literal("2026-05-01T24:00:00", datatype=XSD.dateTime),
        Literal("soon", datatype=XSD.date),
    ]
)
_values = st.one_of(
    _nodes,
    _dates,
    _texts.map(Literal),
    st.tuples(_texts, st.sampled_from(["fr", "en"])).map(lambda pair: Literal(pair[0], lang=pair[1])),
    st.sampled_from([terms.SPHERE_CARE, terms.LEVEL_ADAPTING, URIRef("https://own.example/#sphere"), BNode("b")]),
)
_paths = st.sampled_from(
    [
        terms.DCTERMS_TITLE,
        terms.SCHEMA_NAME,
        URIRef("https://schema.org/name"),
        terms.SKOS_PREF_LABEL,
        terms.RDFS_LABEL,
        terms.SCHEMA_ROLE_NAME,
        terms.SPHERE,
        terms.SCHEMA_START_DATE,
        URIRef("https://schema.org/startDate"),
        terms.SCHEMA_END_DATE,
        terms.DCTERMS_IS_PART_OF,
        terms.EVIDENCE,
        terms.SKILL,
        terms.LEVEL,
        terms.DCTERMS_DATE,
        terms.DCTERMS_CREATED,
        terms.DCTERMS_DESCRIPTION,
        terms.ORG_ORGANIZATION,
        terms.MOBILISES,
    ]
)
_kinds = st.sampled_from([terms.Activity, terms.Skill, terms.Assessment, URIRef("https://own.example/#Thing")])
_triples: st.SearchStrategy[Triple] = st.one_of(
    st.tuples(_nodes | st.just(BNode("b")), _paths, _values), st.tuples(_nodes, st.just(RDF.type), _kinds)
)


def outlines(graph: Graph) -> set[Outline]:
    fields = Outline.__dataclass_fields__
    return {Outline(**{name: getattr(one, name) for name in fields}) for one in activity.read(graph)}


def skill_outlines(graph: Graph) -> set[SkillOutline]:
    return {
        SkillOutline(one.iri, one.label, one.current.level if one.current else None, bool(one.evidence))
        for one in skill.read(graph)
    }


def says_the_same(body: bytes, media_type: str = TURTLE) -> None:
    graph = syntax.parse(body, media_type, DOCUMENT)
    quick = overview.activities(body, media_type, DOCUMENT)
    assert set(quick) == outlines(graph)
    assert len(quick) == len(activity.read(graph))
    using = overview.activities_with_skills(body, media_type, DOCUMENT)
    assert {(one.iri, one.title, one.mobilises) for one in using} == {
        (one.iri, one.title, one.mobilises) for one in activity.read(graph)
    }
    judged = overview.skills_in_time(body, media_type, DOCUMENT)
    assert {(one.iri, one.label, one.judged) for one in judged} == {
        (
            one.iri,
            one.label,
            tuple((a.on, a.level) for a in sorted(one.assessments, key=lambda a: (a.on or date.min, a.iri)) if a.on),
        )
        for one in skill.read(graph)
    }
    known = overview.skills(body, media_type, DOCUMENT)
    assert set(known) == skill_outlines(graph)
    assert len(known) == len(skill.read(graph))


@given(st.lists(_triples, max_size=25), st.booleans())
def test_any_graph_says_the_same_to_both(triples: Iterable[Triple], as_json: bool) -> None:
    graph = syntax.graph_of(
        triple
        for triple in triples
        if not (isinstance(triple[2], BNode) and triple[1] in {terms.DCTERMS_IS_PART_OF, terms.MOBILISES})
    )
    if as_json:
        says_the_same(json.dumps(syntax.json_ld(graph)).encode(), JSON_LD)
    else:
        says_the_same(syntax.turtle(graph))


@pytest.mark.parametrize("name", ["activities.ttl", "skills.ttl", "time.ttl", "dossier.ttl"])
def test_the_published_examples_say_the_same_to_both(name: str) -> None:
    says_the_same((EXAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    "turtle",
    [
        '<#a-1> a mus:Activity ; dcterms:title "A", "A" ; schema:startDate "2019", "2018" .',
        '<#a-1> a mus:Activity . <#s-1> a mus:Skill . <#a-1> dcterms:title "Said later" .',
        '<#a-1> schemas:name "Potager" ; a mus:Activity ; schema:name "Jardin" ; schemas:endDate "2020-05" .',
        "<#a-1> a mus:Activity, mus:Skill, prov:Activity ; schema:roleName 12 ; mus:sphere 'care' .",
        "<#a-1> a mus:Activity ; mus:mobilises <#s-1>, <#s-2>, <#s-1>, 'bread' . <#a-2> mus:mobilises <#s-1> ; a mus:Activity, mus:Skill .",
        "[] a mus:Activity ; dcterms:title 'nameless' .",
        """<#s-1> a mus:Skill .
        <#m-1> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-autonomous ; dcterms:date "2020-01-01" .
        <#m-2> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-adapting ; dcterms:date "2019-01-01", "2021" .""",
    ],
)
def test_what_other_applications_write_says_the_same_to_both(turtle: str) -> None:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in syntax.PREFIXES.items())
    says_the_same(f"{prefixes}@prefix schemas: <https://schema.org/> .{turtle}".encode())


@pytest.mark.parametrize(
    "read", [overview.activities, overview.skills, overview.activities_with_skills, overview.skills_in_time]
)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<#a> a <https://w3id.org/musette#Activity> . <#b> <#unasked> <#c", TURTLE),
        (b"<#a> <#p> <<( <#s> <#p> <#o> )>> .", TURTLE),
        (b"{", JSON_LD),
        (b"", "text/html"),
    ],
)
def test_damage_anywhere_is_found(read: Reader[object], body: bytes, media_type: str) -> None:
    with pytest.raises(syntax.NotRdf):
        read(body, media_type, DOCUMENT)
