from decimal import Decimal

import pytest
from rdflib import URIRef

from musette_solid.model import labels, shapes
from musette_solid.rdf import terms


def names(shape: URIRef) -> list[str]:
    return [field.name for field in shapes.fields(shape)]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (
            terms.ActivityShape,
            """title sphere startDate endDate organization roleName location weeklyHours description achievement mobilises
            isPartOf evidence""",
        ),
        (terms.TimeEntryShape, "activity date minutes precision counterpart description"),
        (terms.SkillShape, "prefLabel description broader evidence"),
        (terms.AssessmentShape, "level date description evidence assessmentWay"),
        (terms.OrganizationShape, "name url identifier"),
        (terms.EvidenceShape, "title url date publisher description guarantee"),
        (terms.DossierShape, "title recipient hasPurpose valid description"),
        (terms.GrantShape, "title recipient hasPurpose valid"),
    ],
)
def test_a_form_asks_for_these_fields_in_this_order(shape: URIRef, expected: str) -> None:
    assert names(shape) == expected.split()


def test_what_the_application_writes_itself_is_never_asked() -> None:
    asked = {field.path for shape in shapes.node_shapes() for field in shapes.fields(shape)}
    assert not asked & {
        terms.DCTERMS_CREATED,
        terms.DCTERMS_MODIFIED,
        terms.DCTERMS_SOURCE,
        terms.DCTERMS_CREATOR,
    }
    assert {field.name for field in shapes.all_fields(terms.ActivityShape)} > set(names(terms.ActivityShape))


def field(shape: URIRef, name: str) -> shapes.Field:
    return next(field for field in shapes.all_fields(shape) if field.name == name)


def test_a_title_is_a_required_text_in_any_language() -> None:
    title = field(terms.ActivityShape, "title")
    assert (title.required, title.many, title.max_length, title.long) == (True, False, 200, False)
    assert (title.datatype, title.is_text) == (terms.XSD_STRING, True)
    assert (title.label["fr"], title.label["en"]) == ("Titre", "Title")
    assert title.message["fr"] == "Donnez un titre à cette activité, un seul, de 200\u202fcaractères au plus.".replace(
        "\u202f", " "
    )


def test_a_start_may_be_a_year_a_month_or_a_day() -> None:
    start = field(terms.ActivityShape, "startDate")
    assert start.is_partial_date
    assert start.datatype is None
    assert start.datatypes == {terms.XSD_G_YEAR, terms.XSD_G_YEAR_MONTH, terms.XSD_DATE}


def test_a_sphere_is_chosen_among_ten() -> None:
    assert field(terms.ActivityShape, "sphere").choices == labels.concepts(terms.SPHERES)


def test_an_organisation_is_an_address_and_says_of_what() -> None:
    organization = field(terms.ActivityShape, "organization")
    assert (organization.is_address, organization.node_class) == (True, terms.ORG_ORGANIZATION_CLASS)


def test_minutes_have_bounds() -> None:
    minutes = field(terms.TimeEntryShape, "minutes")
    assert (minutes.datatype, minutes.minimum, minutes.maximum) == (terms.XSD_INTEGER, Decimal(1), Decimal(1440))


def test_a_description_is_long() -> None:
    assert field(terms.ActivityShape, "description").long
    assert not field(terms.ActivityShape, "title").long


def test_several_achievements_are_welcome() -> None:
    assert field(terms.ActivityShape, "achievement").many


def test_a_shape_knows_its_class() -> None:
    assert shapes.target(terms.OrganizationShape) == terms.ORG_ORGANIZATION_CLASS


def test_a_shape_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        shapes.fields("https://other.example/Shape")
    with pytest.raises(LookupError):
        shapes.target("https://other.example/Shape")


def test_groups_have_words() -> None:
    assert [
        labels.label(group, "fr") for group in dict.fromkeys(f.group for f in shapes.fields(terms.ActivityShape))
    ] == [
        "Quoi",
        "Quand",
        "Où et avec qui",
        "Plus en détail",
        "En lien avec",
    ]
