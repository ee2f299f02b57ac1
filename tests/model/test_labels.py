import pytest
from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.rdf import terms


@pytest.mark.parametrize(
    ("iri", "language", "expected"),
    [
        (terms.SPHERE_VOLUNTEERING, "fr", "bénévolat"),
        (terms.SPHERE_VOLUNTEERING, "en", "volunteering"),
        (terms.Activity, "fr", "activité"),
        (terms.SPHERES, "fr", "sphères d’activité"),
        (terms.ActivityShape, "fr", "Activité"),
        (terms.SPHERE_VOLUNTEERING, "fr-CA", "bénévolat"),
        (terms.SPHERE_VOLUNTEERING, "fr_FR", "bénévolat"),
        # No German: another language is better than nothing.
        (terms.SPHERE_VOLUNTEERING, "de", "volunteering"),
        # Not ours: the local name.
        (URIRef("https://other.example/spheres#choir"), "fr", "choir"),
        (URIRef("https://other.example/spheres/choir/"), "fr", "choir"),
        (URIRef("https://other.example"), "fr", "other.example"),
    ],
)
def test_a_term_is_called_by_its_label(iri: URIRef, language: str, expected: str) -> None:
    assert labels.label(iri, language) == expected


def test_a_term_that_is_not_ours_has_no_definition() -> None:
    assert labels.definition("https://other.example/spheres#choir", "fr") == ""


def test_a_definition_is_in_the_language_of_the_reader() -> None:
    assert labels.definition(terms.COUNTERPART_GIVEN, "fr") == "Donné librement, sans rien attendre en retour."
    assert labels.definition(terms.COUNTERPART_GIVEN, "en").startswith("Given freely")


def test_spheres_come_in_their_order() -> None:
    assert labels.concepts(terms.SPHERES) == (
        terms.SPHERE_EMPLOYMENT,
        terms.SPHERE_SELF_EMPLOYMENT,
        terms.SPHERE_PLATFORM_WORK,
        terms.SPHERE_VOLUNTEERING,
        terms.SPHERE_CIVIC_ENGAGEMENT,
        terms.SPHERE_CARE,
        terms.SPHERE_TRAINING,
        terms.SPHERE_PERSONAL_PROJECT,
        terms.SPHERE_JOB_SEARCH,
        terms.SPHERE_BREAK,
    )


def test_levels_go_from_discovering_to_passing_on() -> None:
    assert labels.concepts(terms.LEVELS) == (
        terms.LEVEL_DISCOVERING,
        terms.LEVEL_ASSISTED,
        terms.LEVEL_AUTONOMOUS,
        terms.LEVEL_ADAPTING,
        terms.LEVEL_PASSING_ON,
    )


def test_a_scheme_that_is_not_there_is_empty() -> None:
    assert labels.concepts("https://other.example/spheres") == ()
