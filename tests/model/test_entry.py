import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from musette_solid.model import shapes
from musette_solid.model.entry import Entry, entry
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

ACTIVITY = URIRef("https://demo.example/musette/activities.ttl#a-1")


def activity(**texts: str | list[str]) -> Entry:
    said: dict[str, str | list[str]] = {"title": "Repair café", "sphere": "mus:sphere-volunteering", **texts}
    return entry(terms.ActivityShape, ACTIVITY, {name: [t] if isinstance(t, str) else t for name, t in said.items()})


def values(made: Entry, path: URIRef) -> set[str]:
    return {node.n3() for node in made.graph.objects(ACTIVITY, path)}


def test_what_was_typed_becomes_a_graph() -> None:
    made = activity(
        startDate="2019-03",
        endDate="2020",
        organization="#o-1",
        roleName="treasurer",
        weeklyHours="12,5",
        achievement=["One", "Two"],
        mobilises=["https://demo.example/musette/skills.ttl#s-1"],
    )
    assert made.findings == ()
    assert set(made.graph) == set(
        syntax.parse(
            b"""@prefix mus: <https://w3id.org/musette#> . @prefix schema: <http://schema.org/> .
            @prefix dcterms: <http://purl.org/dc/terms/> . @prefix org: <http://www.w3.org/ns/org#> .
            @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            <#a-1> a mus:Activity ; dcterms:title "Repair caf\xc3\xa9" ; mus:sphere mus:sphere-volunteering ;
                schema:startDate "2019-03"^^xsd:gYearMonth ; schema:endDate "2020"^^xsd:gYear ; org:organization <#o-1> ;
                schema:roleName "treasurer" ; mus:weeklyHours 12.5 ; mus:achievement "One" , "Two" ;
                mus:mobilises <skills.ttl#s-1> .""",
            syntax.TURTLE,
            "https://demo.example/musette/activities.ttl",
        )
    )


def test_empty_texts_are_absent() -> None:
    made = activity(startDate="", roleName="  ", achievement=["", "One", "\u00a0"], description="\r\n")
    assert made.findings == ()
    assert len(made.graph) == 4
    assert values(made, terms.ACHIEVEMENT) == {'"One"'}


def test_other_names_are_ignored() -> None:
    assert activity(csrf="x", created="2026-11-22T09:00:00Z").graph.value(ACTIVITY, terms.DCTERMS_CREATED) is not None
    assert len(activity(csrf="x").graph) == 3


@pytest.mark.parametrize(
    "typed", ["https://w3id.org/musette#sphere-care", "mus:sphere-care", "sphere-care", "care", " care "]
)
def test_a_choice_may_be_said_by_its_short_name(typed: str) -> None:
    assert values(activity(sphere=typed), terms.SPHERE) == {terms.SPHERE_CARE.n3()}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("12", "12.0"),
        ("12,5", "12.5"),
        ("12.50", "12.5"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("1 00", "100.0"),
        ("1\u202f00", "100.0"),
    ],
)
def test_a_decimal_is_written_in_its_canonical_form(typed: str, written: str) -> None:
    made = activity(weeklyHours=typed)
    assert made.findings == ()
    assert [str(value) for value in made.graph.objects(ACTIVITY, terms.WEEKLY_HOURS)] == [written]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("sphere", "gardening"),
        ("sphere", ""),
        ("title", ""),
        ("title", "x" * 201),
        ("title", ["One", "Two"]),
        ("startDate", "hier"),
        ("startDate", "2019-13"),
        ("startDate", "2019-02-30"),
        ("startDate", "0000"),
        ("startDate", "٢٠١٩"),
        ("endDate", ["2019", "2020"]),
        ("weeklyHours", "many"),
        ("weeklyHours", "200"),
        ("weeklyHours", "0"),
        ("weeklyHours", "-3"),
        ("weeklyHours", "1e3"),
        ("weeklyHours", "NaN"),
        ("weeklyHours", "9" * 5000),
        ("organization", "Demo association"),
        ("organization", "javascript:alert(1)"),
        ("organization", "http://["),
        ("organization", "https://a.example/<b>"),
        ("mobilises", ["#s-1", "not an address"]),
        ("isPartOf", "#a-1"),
    ],
)
def test_what_does_not_fit_is_found_on_its_field(name: str, typed: str | list[str]) -> None:
    made = activity(**{name: typed})
    assert [found.field for found in made.findings] == [name]
    assert made.findings[0].focus == str(ACTIVITY)
    assert made.findings[0].messages["fr"]


def test_a_finding_shows_what_was_typed() -> None:
    assert activity(startDate="hier").findings[0].value == "hier"


def test_several_findings_come_in_the_order_of_the_form() -> None:
    made = activity(title="", weeklyHours="200", sphere="x", startDate="hier")
    assert [found.field for found in made.findings] == ["title", "sphere", "startDate", "weeklyHours"]


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        ("2019", "2019", True),
        ("2019-03", "2019", True),
        ("2019", "2019-03", True),
        ("2019-03-12", "2019-03", True),
        ("2019-03", "2019-02", False),
        ("2020", "2019-12-31", False),
        ("2019-03-12", "2019-03-11", False),
    ],
)
def test_an_activity_does_not_end_before_it_starts(start: str, end: str, fits: bool) -> None:
    findings = activity(startDate=start, endDate=end).findings
    assert [found.field for found in findings] == ([] if fits else ["endDate"])


def test_what_can_be_read_is_kept_beside_what_cannot() -> None:
    made = activity(startDate="hier", roleName="treasurer")
    assert values(made, terms.SCHEMA_ROLE_NAME) == {'"treasurer"'}


def test_text_is_cleaned_of_what_no_document_can_hold() -> None:
    made = activity(description="a\r\nb\x00\x0bc\ud800\u0085d", title="e\u0301te\u0301")
    assert {str(v) for v in made.graph.objects(ACTIVITY, terms.DCTERMS_DESCRIPTION)} == {"a\nbc\nd"}
    assert values(made, terms.DCTERMS_TITLE) == {'"été"'}


def time_entry(minutes: str) -> Entry:
    return entry(
        terms.TimeEntryShape,
        "https://demo.example/t#t",
        {"activity": ["../a#a"], "date": ["2026-11-22"], "minutes": [minutes]},
    )


@pytest.mark.parametrize(
    ("minutes", "fits"),
    [
        ("1", True),
        ("1440", True),
        ("1 440", True),
        ("150.0", True),
        ("0", False),
        ("1441", False),
        ("1500", False),
        ("2,5", False),
        ("", False),
    ],
)
def test_a_day_has_1440_minutes(minutes: str, fits: bool) -> None:
    assert [found.field for found in time_entry(minutes).findings] == ([] if fits else ["minutes"])


def test_minutes_are_written_as_a_plain_integer() -> None:
    assert [str(v) for v in time_entry("1 440").graph.objects(None, terms.MINUTES)] == ["1440"]


def test_a_day_is_a_whole_day() -> None:
    texts = {"activity": ["#a"], "date": ["2026-11"], "minutes": ["5"]}
    assert [found.field for found in entry(terms.TimeEntryShape, ACTIVITY, texts).findings] == ["date"]


def test_what_the_application_writes_is_taken_when_it_is_given() -> None:
    texts = {"skill": ["#s-1"], "wasAttributedTo": ["/profile/card#me"], "level": ["adapting"], "date": ["2026-11-22"]}
    made = entry(terms.AssessmentShape, "https://demo.example/musette/skills.ttl#m-1", texts)
    assert made.findings == ()
    assert check(made.graph) == ()


def test_an_assessment_without_a_level_is_found_on_the_level() -> None:
    texts = {"skill": ["#s-1"], "wasAttributedTo": ["/profile/card#me"], "level": [""], "date": ["2026-11-22"]}
    assert [found.field for found in entry(terms.AssessmentShape, ACTIVITY, texts).findings] == ["level"]


def test_a_web_address_is_an_address() -> None:
    made = entry(terms.EvidenceShape, ACTIVITY, {"title": ["x"], "url": ["https://association.example/é?a=b#c"]})
    assert made.findings == ()
    assert (ACTIVITY, terms.SCHEMA_URL, URIRef("https://association.example/é?a=b#c")) in made.graph


_TYPED = st.dictionaries(
    st.sampled_from(sorted({field.name for shape in shapes.node_shapes() for field in shapes.all_fields(shape)})),
    st.lists(
        st.text(max_size=20) | st.sampled_from(["2019", "2019-03", "#a", "https://a.example/", "12,5", "care", "150"]),
        max_size=3,
    ),
    max_size=6,
)


@settings(deadline=None)
@given(st.sampled_from(shapes.node_shapes()), _TYPED)
def test_nothing_that_is_typed_raises_and_all_that_is_made_can_be_written(
    shape: URIRef, typed: dict[str, list[str]]
) -> None:
    made = entry(shape, ACTIVITY, typed)
    assert set(syntax.parse(syntax.turtle(made.graph), syntax.TURTLE, str(ACTIVITY))) == set(made.graph)
    assert not any(isinstance(value, Literal) and value.ill_typed for value in made.graph.objects())
