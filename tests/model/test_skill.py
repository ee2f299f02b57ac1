from datetime import date

from rdflib import Graph

from musette_solid.model import skill
from musette_solid.rdf import syntax, terms

DOCUMENT = "https://demo.example/musette/skills.ttl"
PREFIXES = """
@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
"""


def graph(turtle: str) -> Graph:
    return syntax.parse((PREFIXES + turtle).encode(), syntax.TURTLE, DOCUMENT)


def test_a_skill_keeps_every_assessment_oldest_first() -> None:
    (found,) = skill.read(
        graph("""
        <#s-1> a mus:Skill ; skos:prefLabel "Soudure" ; skos:broader <#s-0> ; dcterms:description "À l’arc" .
        <#m-2> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-adapting ; dcterms:date "2026-05-01"^^xsd:date ;
            prov:wasAttributedTo <https://demo.example/#me> ; dcterms:description "Vu sur chantier" .
        <#m-1> a mus:Assessment ; mus:skill <#s-1> ; mus:levelAsStated "OK" ; dcterms:date "2020-05-01"^^xsd:date .
        <#m-3> a mus:Assessment ; mus:skill <#s-9> ; dcterms:date "2029-05-01"^^xsd:date .
    """)
    )
    assert [one.iri.partition("#")[2] for one in found.assessments] == ["m-1", "m-2"]
    current = found.current
    assert current is not None
    assert (current.level, current.on, current.by) == (
        terms.LEVEL_ADAPTING,
        date(2026, 5, 1),
        "https://demo.example/#me",
    )
    assert (found.broader, found.description) == (f"{DOCUMENT}#s-0", "À l’arc")


def test_a_skill_never_assessed_has_no_current_assessment() -> None:
    (found,) = skill.read(graph('<#s-1> a mus:Skill ; skos:prefLabel "Soudure" .'))
    assert found.current is None


def test_of_two_assessments_of_one_day_the_one_made_last_counts() -> None:
    (found,) = skill.read(
        graph("""
        <#s-1> a mus:Skill .
        <#m-a> a mus:Assessment ; mus:skill <#s-1> ; dcterms:date "2026-05-01" ; dcterms:created "2026-05-01T10:00:00Z" .
        <#m-b> a mus:Assessment ; mus:skill <#s-1> ; dcterms:date "2026-05-01" ; dcterms:created "2026-05-01T09:00:00Z" .
    """)
    )
    assert found.current is not None
    assert found.current.iri.endswith("#m-a")


def test_skills_are_in_the_order_of_the_dictionary() -> None:
    found = skill.read(
        graph("""
        <#s-1> a mus:Skill ; skos:prefLabel "Zoologie" . <#s-2> a mus:Skill ; skos:prefLabel "écouter" .
        <#s-3> a mus:Skill ; skos:prefLabel "Animer" . <#s-4> a mus:Skill .
    """)
    )
    assert [one.label for one in found] == ["", "Animer", "écouter", "Zoologie"]


def test_an_assessment_with_a_date_that_is_none_is_the_oldest() -> None:
    (found,) = skill.read(
        graph("""
        <#s-1> a mus:Skill . <#m-a> a mus:Assessment ; mus:skill <#s-1> ; dcterms:date "once" .
        <#m-b> a mus:Assessment ; mus:skill <#s-1> ; dcterms:date "1999-01-01" .
    """)
    )
    assert [one.on for one in found.assessments] == [None, date(1999, 1, 1)]


def test_a_language_is_a_skill_that_says_so() -> None:
    (found,) = skill.read(graph('<#s-1> a mus:Skill, schema:Language ; skos:prefLabel "Espagnol" .'))
    assert found.is_language
