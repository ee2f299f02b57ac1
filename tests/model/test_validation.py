"""Findings, and the law that holds the two judges together: the fields of a form and the complete SHACL processor."""

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from musette_solid.model import shapes
from musette_solid.model.validation import Finding, Unfit, check, check_fields, check_rules
from musette_solid.rdf import syntax, terms

BASE = "https://demo.example/musette/activities.ttl"
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())


def turtle(text: str) -> Graph:
    return syntax.parse((PREFIXES + text).encode(), syntax.TURTLE, BASE)


FITTING = {
    terms.ActivityShape: {"dcterms:title": '"Repair café"', "mus:sphere": "mus:sphere-volunteering"},
    terms.TimeEntryShape: {"mus:activity": "<#a-1>", "dcterms:date": '"2026-11-22"^^xsd:date', "mus:minutes": "150"},
    terms.SkillShape: {"skos:prefLabel": '"Find a breakdown"'},
    terms.AssessmentShape: {
        "mus:skill": "<#s-1>",
        "mus:level": "mus:level-autonomous",
        "prov:wasAttributedTo": "</card#me>",
        "dcterms:date": '"2026-11-22"^^xsd:date',
    },
    terms.OrganizationShape: {"foaf:name": '"Demo association"'},
    terms.EvidenceShape: {"dcterms:title": '"Report"'},
    terms.DossierShape: {
        "dcterms:title": '"Demo"',
        "dcterms:creator": "</card#me>",
        "mus:recipient": "<https://association.example/#it>",
        "dpv:hasPurpose": "mus:purpose-recruitment",
        "dcterms:issued": '"2026-11-22T10:00:00Z"^^xsd:dateTime',
        "dcterms:valid": '"2027-02-22"^^xsd:date',
        "mus:currency": "mus:currency-frozen",
        "prov:wasDerivedFrom": "<../activities.ttl>",
        "owl:versionInfo": '"1"',
        "dcterms:hasPart": "<#a-1>",
    },
    terms.GrantShape: {
        "mus:recipient": "<https://association.example/#it>",
        "interop:grantee": "<https://association.example/#it>",
        "interop:grantedBy": "</card#me>",
        "interop:grantedAt": '"2026-11-22T10:00:00Z"^^xsd:dateTime',
        "dpv:hasPurpose": "mus:purpose-recruitment",
        "dcterms:valid": '"2027-02-22"^^xsd:date',
        "mus:dossier": "<../shares/demo/dossier.ttl#it>",
    },
}


def thing(shape: URIRef, **changes: str) -> Graph:
    """A thing that fits, but for `changes` ("mus_sphere" for mus:sphere; an empty text takes the property out)."""
    said = FITTING[shape] | {name.replace("_", ":", 1): value for name, value in changes.items()}
    body = "".join(f" ; {path} {value}" for path, value in said.items() if value)
    return turtle(f"<#it> a <{shapes.target(shape)}>{body} .")


def shown(findings: tuple[Finding, ...]) -> set[tuple[str | None, str | None]]:
    return {(finding.field, finding.value) for finding in findings}


LONG = '"' + "é" * 201 + '"'
A, T, S, M = terms.ActivityShape, terms.TimeEntryShape, terms.SkillShape, terms.AssessmentShape
N, E, D, G = terms.OrganizationShape, terms.EvidenceShape, terms.DossierShape, terms.GrantShape

# Shape, what is changed, what is found: (field, value).
CASES: list[tuple[URIRef, dict[str, str], set[tuple[str | None, str | None]]]] = [
    *((shape, {}, set()) for shape in FITTING),
    # Text
    (A, {"dcterms_title": ""}, {("title", None)}),
    (A, {"dcterms_title": '""'}, {("title", "")}),
    (A, {"dcterms_title": '"Café"@fr'}, set()),
    (A, {"dcterms_title": '"a", "b"'}, {("title", None)}),
    (A, {"dcterms_title": LONG}, {("title", "é" * 201)}),
    (A, {"dcterms_title": '"' + "é" * 200 + '"'}, set()),
    (A, {"dcterms_title": "5"}, {("title", "5")}),
    (A, {"dcterms_title": "<#other>"}, {("title", BASE + "#other")}),
    (A, {"mus_achievement": '"a", "b", "c"'}, set()),
    (A, {"mus_achievement": '"a", ""'}, {("achievement", "")}),
    (A, {"schema_roleName": '"a", "b"'}, {("roleName", None)}),
    (A, {"dcterms_description": '"' + "x" * 10_001 + '"'}, {("description", "x" * 10_001)}),
    (S, {"skos_prefLabel": ""}, {("prefLabel", None)}),
    (N, {"foaf_name": ""}, {("name", None)}),
    (E, {"dcterms_title": ""}, {("title", None)}),
    # Choices
    (A, {"mus_sphere": ""}, {("sphere", None)}),
    (A, {"mus_sphere": "<https://other.example/gardening>"}, {("sphere", "https://other.example/gardening")}),
    (A, {"mus_sphere": '"care"'}, {("sphere", "care")}),
    (A, {"mus_sphere": "mus:sphere-care, mus:sphere-break"}, {("sphere", None)}),
    (T, {"mus_counterpart": "mus:sphere-care"}, {("counterpart", "https://w3id.org/musette#sphere-care")}),
    (M, {"mus_level": ""}, {("level", None)}),
    (M, {"mus_level": "", "mus_levelAsStated": '"B2"'}, set()),
    (M, {"mus_level": "4"}, {("level", "4")}),
    (D, {"dpv_hasPurpose": "dpv:Marketing"}, {("hasPurpose", "https://w3id.org/dpv#Marketing")}),
    # Dates
    (A, {"schema_startDate": '"2019"^^xsd:gYear'}, set()),
    (A, {"schema_startDate": '"2019-03"^^xsd:gYearMonth'}, set()),
    (A, {"schema_startDate": '"2019-03-12"^^xsd:date'}, set()),
    (A, {"schema_startDate": '"2019-03-12Z"^^xsd:date'}, set()),
    (A, {"schema_startDate": '"2019-03-12+01:00"^^xsd:date'}, set()),
    (A, {"schema_startDate": '"2019"'}, {("startDate", "2019")}),
    (A, {"schema_startDate": "2019"}, {("startDate", "2019")}),
    (A, {"schema_startDate": '"2019-13"^^xsd:gYearMonth'}, {("startDate", "2019-13")}),
    (A, {"schema_startDate": '"2019-03"^^xsd:gYear'}, {("startDate", "2019-03")}),
    (A, {"schema_startDate": '"2019"^^xsd:date'}, {("startDate", "2019")}),
    (A, {"schema_startDate": '"2019-02-30"^^xsd:date'}, {("startDate", "2019-02-30")}),
    (A, {"schema_startDate": '"hier"^^xsd:date'}, {("startDate", "hier")}),
    (A, {"schema_startDate": '"2019-03-12T10:00:00Z"^^xsd:dateTime'}, {("startDate", "2019-03-12T10:00:00Z")}),
    (A, {"schema_startDate": '"2019"^^xsd:gYear, "2020"^^xsd:gYear'}, {("startDate", None)}),
    (T, {"dcterms_date": '"2026-11"^^xsd:gYearMonth'}, {("date", "2026-11")}),
    (T, {"dcterms_date": ""}, {("date", None)}),
    (E, {"dcterms_date": '"2026-11"^^xsd:gYearMonth'}, set()),
    (A, {"dcterms_created": '"2026-11-22"^^xsd:date'}, {("created", "2026-11-22")}),
    (A, {"dcterms_created": '"2026-11-22T25:00:00Z"^^xsd:dateTime'}, {("created", "2026-11-22T25:00:00Z")}),
    # Numbers
    (T, {"mus_minutes": "1"}, set()),
    (T, {"mus_minutes": "1440"}, set()),
    (T, {"mus_minutes": "0"}, {("minutes", "0")}),
    (T, {"mus_minutes": "-5"}, {("minutes", "-5")}),
    (T, {"mus_minutes": "1441"}, {("minutes", "1441")}),
    (T, {"mus_minutes": "1500"}, {("minutes", "1500")}),
    (T, {"mus_minutes": "2.5"}, {("minutes", "2.5")}),
    (T, {"mus_minutes": '"150"'}, {("minutes", "150")}),
    (T, {"mus_minutes": '"many"^^xsd:integer'}, {("minutes", "many")}),
    (T, {"mus_minutes": "60, 90"}, {("minutes", None)}),
    (T, {"mus_minutes": ""}, {("minutes", None)}),
    (A, {"mus_weeklyHours": "12.5"}, set()),
    (A, {"mus_weeklyHours": "168.0"}, set()),
    (A, {"mus_weeklyHours": "168.5"}, {("weeklyHours", "168.5")}),
    (A, {"mus_weeklyHours": "0.0"}, {("weeklyHours", "0.0")}),
    (A, {"mus_weeklyHours": "12"}, {("weeklyHours", "12")}),
    (A, {"mus_weeklyHours": "1.25e1"}, {("weeklyHours", "1.25e1")}),
    # Addresses
    (A, {"org_organization": "<#o-1>"}, set()),
    (A, {"org_organization": '"Demo association"'}, {("organization", "Demo association")}),
    (A, {"org_organization": "<#o-1>, <#o-2>"}, {("organization", None)}),
    (N, {"schema_url": '"https://association.example/"'}, {("url", "https://association.example/")}),
    (T, {"mus_activity": ""}, {("activity", None)}),
    (M, {"prov_wasAttributedTo": '"me"'}, {("wasAttributedTo", "me")}),
    (D, {"dcterms_hasPart": ""}, {("hasPart", None)}),
    (D, {"mus_recipient": "<https://a.example/#it>, <https://b.example/#it>"}, {("recipient", None)}),
    # Several at once
    (
        A,
        {"dcterms_title": "", "mus_sphere": "", "mus_weeklyHours": "200.0"},
        {("title", None), ("sphere", None), ("weeklyHours", "200.0")},
    ),
    # What other applications add is theirs
    (A, {"foaf_mood": '"calm"', "vcard_note": "true"}, set()),
    # Rules in Python
    (A, {"schema_startDate": '"2020"^^xsd:gYear', "schema_endDate": '"2019"^^xsd:gYear'}, {("endDate", "2019")}),
    (A, {"schema_startDate": '"2019-03"^^xsd:gYearMonth', "schema_endDate": '"2019"^^xsd:gYear'}, set()),
    (
        A,
        {"schema_startDate": '"2019-03"^^xsd:gYearMonth', "schema_endDate": '"2019-02-28"^^xsd:date'},
        {("endDate", "2019-02-28")},
    ),
    (A, {"schema_startDate": '"2019-03-12"^^xsd:date', "schema_endDate": '"2019-03"^^xsd:gYearMonth'}, set()),
    (A, {"schema_startDate": '"2019-03-12"^^xsd:date', "schema_endDate": '"2019-03-12"^^xsd:date'}, set()),
    (A, {"schema_startDate": '"2019-03-12"^^xsd:date', "schema_endDate": '"2018"^^xsd:gYear'}, {("endDate", "2018")}),
    (A, {"dcterms_isPartOf": "<#it>"}, {("isPartOf", BASE + "#it")}),
    (S, {"skos_broader": "<#it>"}, {("broader", BASE + "#it")}),
    (D, {"dcterms_valid": '"2026-11-21"^^xsd:date'}, {("valid", "2026-11-21")}),
    (D, {"dcterms_valid": '"2026-11-22"^^xsd:date'}, set()),
    (G, {"dcterms_valid": '"2026-11-21"^^xsd:date'}, {("valid", "2026-11-21")}),
    (A, {"mus_sphre": '"x"'}, {(None, terms.MUS + "sphre")}),
]


@pytest.mark.parametrize(("shape", "changes", "expected"), CASES)
def test_the_processor_finds_what_does_not_fit(
    shape: URIRef, changes: dict[str, str], expected: set[tuple[str | None, str | None]]
) -> None:
    assert shown(check(thing(shape, **changes))) == expected


@pytest.mark.parametrize(("shape", "changes", "expected"), CASES)
def test_the_form_finds_the_same(
    shape: URIRef, changes: dict[str, str], expected: set[tuple[str | None, str | None]]
) -> None:
    graph = thing(shape, **changes)
    found = (*check_fields(graph, URIRef(BASE + "#it"), shapes.all_fields(shape)), *check_rules(graph))
    assert shown(found) == expected
    assert set(map(repr, found)) == set(map(repr, check(graph)))


_VALUES = st.sampled_from(
    [
        Literal(""),
        Literal("x"),
        Literal("x", lang="fr"),
        Literal("x" * 1001),
        Literal("5", datatype=terms.XSD_INTEGER),
        Literal("2000", datatype=terms.XSD_INTEGER),
        Literal("05", datatype=terms.XSD_INTEGER),
        Literal("12.5", datatype=terms.XSD_DECIMAL),
        Literal("NaN", datatype=terms.XSD_DOUBLE),
        Literal("2019", datatype=terms.XSD_G_YEAR),
        Literal("2019-3", datatype=terms.XSD_G_YEAR_MONTH),
        Literal("2019-03-12", datatype=terms.XSD_DATE),
        Literal("2019-03-12", datatype=terms.XSD_DATE_TIME),
        Literal("2026-11-22T09:00:00Z", datatype=terms.XSD_DATE_TIME),
        Literal("x", datatype=URIRef("https://other.example/type")),
        URIRef("https://other.example/x"),
        terms.SPHERE_CARE,
        terms.LEVEL_ADAPTING,
        terms.PURPOSE_RESEARCH,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_two_judges_always_agree(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([A, T, S, M, N, E, D]))
    subject = URIRef(BASE + "#it")
    graph = syntax.graph_of([(subject, terms.RDF_TYPE, shapes.target(shape))])
    for field in shapes.all_fields(shape):
        for value in data.draw(st.lists(_VALUES, max_size=2)):
            graph.add((subject, field.path, value))
    # Between two properties (sh:lessThanOrEquals) only the processor judges: no form asks for them.
    graph.remove((subject, terms.PROV_ENDED_AT_TIME, None))
    found = (*check_fields(graph, subject, shapes.all_fields(shape)), *check_rules(graph))
    assert shown(found) == shown(check(graph))


def test_a_finding_says_the_property_the_value_and_what_was_expected() -> None:
    (found,) = check(thing(T, mus_minutes="1500"))
    assert found == Finding(
        focus=BASE + "#it",
        path="https://w3id.org/musette#minutes",
        value="1500",
        severity="violation",
        messages={
            "en": "Write a time between one minute and 24 hours (1440 minutes): a day has no more.",
            "fr": "Écrivez un temps entre une minute et 24 heures (1440 minutes)\u00a0: un jour n’en a pas plus.",
        },
        expected={
            "en": "exactly one: a whole number (xsd:integer), from 1, up to 1440",
            "fr": "exactement un\u00a0: un nombre entier (xsd:integer), à partir de 1, jusqu’à 1440",
        },
    )


def test_what_is_expected_names_the_choices() -> None:
    (found,) = check(thing(T, mus_counterpart='"nothing"'))
    assert found.expected["fr"] == (
        "un au plus\u00a0: payé (mus:counterpart-paid) | non payé (mus:counterpart-unpaid) | offert (mus:counterpart-given)"
    )


@pytest.mark.parametrize("shape", list(FITTING), ids=lambda iri: iri.partition("#")[2])
def test_every_finding_speaks_both_languages(shape: URIRef) -> None:
    for found in check(turtle(f"[] a <{shapes.target(shape)}> .")):
        assert set(found.messages) == set(found.expected) == {"en", "fr"}
        assert all(found.messages.values())


def test_a_node_without_a_name_is_found() -> None:
    found = check(turtle('[] a mus:Skill ; skos:prefLabel "x" .'))
    assert [(f.path, f.messages["en"].split(":")[0]) for f in found] == [
        (None, "Give this skill a name of its own (an IRI)")
    ]


def test_a_grant_names_one_recipient_in_both_vocabularies() -> None:
    found = check(thing(G, interop_grantee="<https://other.example/#it>"))
    assert {f.field for f in found} == {"recipient"}


def test_time_does_not_end_before_it_began() -> None:
    late, early = '"2026-11-22T11:00:00Z"^^xsd:dateTime', '"2026-11-22T09:00:00Z"^^xsd:dateTime'
    assert not check(thing(T, prov_startedAtTime=early, prov_endedAtTime=late))
    assert shown(check(thing(T, prov_startedAtTime=late, prov_endedAtTime=early))) == {
        ("startedAtTime", "2026-11-22T11:00:00Z")
    }


def test_a_misspelt_term_is_a_warning() -> None:
    (found,) = check(turtle("<#a> a mus:Actvity ."))
    assert (found.severity, found.value) == ("warning", "https://w3id.org/musette#Actvity")
    assert found.messages["fr"].startswith("mus:Actvity n’est pas dans le vocabulaire")


def test_things_of_other_vocabularies_are_let_through() -> None:
    assert check(turtle("<#x> a schema:Event ; schema:startDate [] ; foaf:name 5, true .")) == ()
    assert check(syntax.empty()) == ()


def test_checking_changes_nothing() -> None:
    graph = thing(A, schema_startDate='"007"^^xsd:gYear')
    before = set(graph)
    check(graph)
    assert set(graph) == before


def test_checking_leaves_literals_to_the_letter_ever_after() -> None:
    check(thing(A))
    assert rdflib.NORMALIZE_LITERALS is False
    assert str(Literal("PT150M", datatype=terms.XSD_DURATION)) == "PT150M"
    assert str(Literal("2026-11-22T09:00:00Z", datatype=terms.XSD_DATE_TIME)) == "2026-11-22T09:00:00Z"


def test_each_thing_is_judged_on_its_own() -> None:
    graph = thing(A) + turtle('<#other> a mus:Activity ; dcterms:title "x" . <#skill> a mus:Skill .')
    assert {(f.focus.partition("#")[2], f.field) for f in check(graph)} == {("other", "sphere"), ("skill", "prefLabel")}


def test_unfit_carries_its_findings() -> None:
    findings = check(thing(A, mus_sphere=""))
    error = Unfit(findings=findings)
    assert error.findings == findings
    assert error.sentences()[0] == "Some of what was entered does not fit."


@pytest.mark.parametrize("odd", ['"NaN"^^xsd:double', '"INF"^^xsd:double', '"-INF"^^xsd:float', '"NaN"^^xsd:decimal'])
def test_a_number_that_is_none_is_a_finding_and_not_a_crash(odd: str) -> None:
    graph = syntax.parse(
        f"""@prefix mus: <https://w3id.org/musette#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        <#a> a mus:Activity ; dcterms:title "x" ; mus:sphere mus:sphere-care ; mus:weeklyHours {odd} .""".encode(),
        syntax.TURTLE,
        "https://demo.example/a.ttl",
    )
    assert [str(f.path).rpartition("#")[2] for f in check(graph)] == ["weeklyHours"]
