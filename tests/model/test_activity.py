from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rdflib import Graph

from musette_solid.model import activity
from musette_solid.model.dates import PartialDate
from musette_solid.rdf import syntax, terms

DOCUMENT = "https://demo.example/musette/activities.ttl"
PREFIXES = """
@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <http://schema.org/> . @prefix schemas: <https://schema.org/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def graph(turtle: str) -> Graph:
    return syntax.parse((PREFIXES + turtle).encode(), syntax.TURTLE, DOCUMENT)


def only(turtle: str) -> activity.Activity:
    (found,) = activity.read(graph(turtle))
    return found


def test_everything_an_activity_says_is_read() -> None:
    found = only("""
        <#a-1> a mus:Activity ; dcterms:title "Trésorière" ; mus:sphere mus:sphere-volunteering ;
            schema:startDate "2019-03"^^xsd:gYearMonth ; schema:endDate "2021"^^xsd:gYear ;
            org:organization <#o-1> ; schema:roleName "Bureau" ; schema:location "Lyon" ; mus:weeklyHours 2.50 ;
            dcterms:description "Les comptes." ; mus:achievement "Budget voté", "Audit" ;
            mus:mobilises <skills.ttl#s-2>, <skills.ttl#s-1> ; dcterms:isPartOf <#a-0> ; mus:evidence <#e-1> ;
            dcterms:created "2026-11-22T10:00:00Z"^^xsd:dateTime ; dcterms:source <log/2026.ttl#import-1> .
        <#o-1> a org:Organization ; foaf:name "Club" ; schema:url <https://club.example/> ; schema:identifier "W1" .
        <#e-1> a mus:Evidence ; dcterms:title "PV" ; schema:url <https://club.example/pv> ;
            dcterms:date "2020-01-02"^^xsd:date ; dcterms:description "Assemblée" ; dcterms:publisher "Club" .
    """)
    skills = DOCUMENT.replace("activities", "skills")
    assert found == activity.Activity(
        iri=f"{DOCUMENT}#a-1",
        title="Trésorière",
        sphere=terms.SPHERE_VOLUNTEERING,
        start=PartialDate(2019, 3),
        end=PartialDate(2021),
        organization=activity.Organization(f"{DOCUMENT}#o-1", "Club", "https://club.example/", "W1"),
        role="Bureau",
        location="Lyon",
        weekly_hours=Decimal("2.50"),
        description="Les comptes.",
        achievements=("Audit", "Budget voté"),
        mobilises=(f"{skills}#s-1", f"{skills}#s-2"),
        part_of=f"{DOCUMENT}#a-0",
        evidence=(
            activity.Evidence(
                f"{DOCUMENT}#e-1", "PV", "https://club.example/pv", PartialDate(2020, 1, 2), "Assemblée", "Club"
            ),
        ),
        created=datetime(2026, 11, 22, 10, tzinfo=UTC),
        generated_by="https://demo.example/musette/log/2026.ttl#import-1",
    )


def test_an_activity_of_another_application_is_shown_with_what_it_has() -> None:
    found = only("<#x> a mus:Activity .")
    assert (found.title, found.sphere, found.organization) == ("", None, None)


def test_schema_org_is_read_under_both_its_addresses() -> None:
    found = only("""<#x> a mus:Activity ; schemas:startDate "2019" ; schemas:name "Potager" ; org:organization <#o> .
        <#o> a schemas:Organization ; schemas:name "Jardin" .""")
    assert (found.start, found.title) == (PartialDate(2019), "Potager")
    assert found.organization is not None
    assert found.organization.name == "Jardin"


@pytest.mark.parametrize("titles", ['"B", "A"', '"A", "B"', '"B"@fr, "A"', '"0"@en, "A"'])
def test_of_two_titles_the_same_one_is_always_shown(titles: str) -> None:
    assert only(f"<#x> a mus:Activity ; dcterms:title {titles} .").title == "A"


def test_a_date_that_is_none_is_kept_as_text_and_does_not_look_like_going_on() -> None:
    found = only('<#x> a mus:Activity ; schema:startDate "2013" ; schema:endDate "2013-12-021" .')
    assert (found.start, found.end, found.end_as_written) == (PartialDate(2013), None, "2013-12-021")
    assert not found.is_ongoing(date(2026, 11, 22))


@pytest.mark.parametrize(
    "broken",
    [
        'mus:weeklyHours "many"',
        "mus:weeklyHours <#x>",
        'mus:sphere "employment"',
        'dcterms:created "yesterday"',
        'org:organization "Club"',
        'mus:evidence "a file"',
        "dcterms:title <#y>",
        "schema:startDate <#y>",
        'mus:mobilises "cooking"',
        'org:organization [ foaf:name "Club" ]',
    ],
)
def test_a_value_of_the_wrong_kind_never_hides_the_activity(broken: str) -> None:
    assert only(f"<#x> a mus:Activity ; {broken} .").iri == f"{DOCUMENT}#x"


def test_ongoing_first_then_the_latest_end_then_those_without_a_date() -> None:
    found = activity.read(
        graph("""
        <#undated> a mus:Activity ; dcterms:title "?" .
        <#old> a mus:Activity ; schema:startDate "1999" ; schema:endDate "2001" .
        <#recent> a mus:Activity ; schema:startDate "2010" ; schema:endDate "2020-05" .
        <#since2015> a mus:Activity ; schema:startDate "2015" .
        <#since2020> a mus:Activity ; schema:startDate "2020-02" .
    """)
    )
    assert [one.iri.partition("#")[2] for one in found] == ["since2020", "since2015", "recent", "old", "undated"]


@pytest.mark.parametrize(
    ("dates", "ongoing"),
    [
        ('schema:startDate "2019"', True),
        ('schema:startDate "2026"', True),
        ('schema:startDate "2027"', False),
        ('schema:startDate "2019" ; schema:endDate "2026"', True),
        ('schema:startDate "2019" ; schema:endDate "2026-11-21"', False),
        ('schema:startDate "long ago"', True),
        ('dcterms:title "no date"', False),
    ],
)
def test_what_goes_on_today(dates: str, ongoing: bool) -> None:
    assert only(f"<#x> a mus:Activity ; {dates} .").is_ongoing(date(2026, 11, 22)) is ongoing


def test_every_piece_of_evidence_is_listed_even_when_nothing_points_to_it() -> None:
    found = activity.evidence(
        graph("""
        <#e-1> a mus:Evidence ; dcterms:title "B" ; dcterms:date "2019" .
        <#e-2> a mus:Evidence ; dcterms:title "A" .
        <#e-3> a mus:Evidence ; dcterms:title "C" ; dcterms:date "2020-02" .
    """)
    )
    assert [piece.title for piece in found] == ["C", "B", "A"]


def test_organisations_are_listed_by_name() -> None:
    found = activity.organizations(
        graph('<#o-1> a org:Organization ; foaf:name "Zoo" . <#o-2> a foaf:Organization ; foaf:name "École" .')
    )
    assert [one.name for one in found] == ["École", "Zoo"]
