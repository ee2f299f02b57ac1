from datetime import date
from decimal import Decimal

from rdflib import URIRef

from musette_solid.model.described import Described, Index
from musette_solid.rdf import syntax, terms

DOCUMENT = "https://demo.example/x.ttl"
PREFIXES = "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix mus: <https://w3id.org/musette#> . @prefix s: <https://schema.org/> ."


def described(turtle: str) -> Described:
    return Index(syntax.parse(f"{PREFIXES} <#x> a mus:Activity . {turtle}".encode(), syntax.TURTLE, DOCUMENT))[
        f"{DOCUMENT}#x"
    ]


def test_what_nobody_says_is_nothing() -> None:
    node = described("")
    assert (node.text(terms.DCTERMS_TITLE), node.iri_of(terms.SPHERE), node.decimal(terms.WEEKLY_HOURS)) == (
        None,
        None,
        None,
    )
    assert Index(syntax.empty())["#nowhere"].texts(terms.DCTERMS_TITLE) == ()


def test_a_blank_text_says_nothing() -> None:
    assert (
        described('<#x> dcterms:title " \u00a0 " ; s:name "Vélo" .').text(terms.DCTERMS_TITLE, terms.SCHEMA_NAME)
        == "Vélo"
    )


def test_values_of_the_wrong_kind_are_passed_over() -> None:
    node = described(
        '<#x> dcterms:title <#y>, "A" ; mus:sphere "care", mus:sphere-care ; mus:weeklyHours "many", "NaN", 2.5 .'
    )
    assert node.text(terms.DCTERMS_TITLE) == "A"
    assert node.concept(terms.SPHERE) == terms.SPHERE_CARE
    assert node.decimal(terms.WEEKLY_HOURS) == Decimal("2.5")


def test_a_day_may_carry_a_time() -> None:
    assert described('<#x> dcterms:date "2026-11-22T23:00:00Z" .').day(terms.DCTERMS_DATE) == date(2026, 11, 22)


def test_nodes_are_found_by_type_and_blank_ones_left_alone() -> None:
    index = Index(
        syntax.parse(
            f"{PREFIXES} <#a> a mus:Activity . [] a mus:Activity . <#b> a mus:Skill .".encode(), syntax.TURTLE, DOCUMENT
        )
    )
    assert [node.iri for node in index.of_type(terms.Activity)] == [f"{DOCUMENT}#a"]
    assert {node.iri for node in index.of_type(terms.Activity, terms.Skill)} == {f"{DOCUMENT}#a", f"{DOCUMENT}#b"}
    assert index[f"{DOCUMENT}#b"].is_a(URIRef(terms.Skill))
