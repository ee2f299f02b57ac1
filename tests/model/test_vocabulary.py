import pytest

from musette_solid.model import labels, vocabulary
from musette_solid.rdf import syntax, terms


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_term_is_on_the_page_under_its_own_anchor(language: str) -> None:
    shown = [term for section in vocabulary.terms(language) for term in section.terms]
    anchors = [term.anchor for term in shown] + [section.anchor for section in vocabulary.terms(language)]
    assert len(anchors) == len(set(anchors))
    declared = {str(s) for s in labels.graph().subjects() if s.startswith(terms.MUS)}  # type: ignore[attr-defined]  # named
    assert {term.iri for term in shown} == declared
    assert all(term.iri == terms.MUS + term.anchor for term in shown)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_term_is_ready_to_show(language: str) -> None:
    for section in vocabulary.terms(language):
        assert section.title
        for term in section.terms:
            assert term.label
            assert term.definition
            assert term.examples


def test_sections_are_classes_properties_and_one_a_scheme() -> None:
    assert [section.title for section in vocabulary.terms("fr")][:2] == ["Classes", "Propriétés"]
    assert "sphères d’activité" in [section.title for section in vocabulary.terms("fr")]


def test_a_scheme_comes_before_its_concepts_in_their_order() -> None:
    (levels,) = [section for section in vocabulary.terms("en") if section.anchor == "scheme-levels"]
    assert [term.label for term in levels.terms] == [
        "levels",
        "I am discovering",
        "I do it with help",
        "I do it on my own",
        "I adapt it",
        "I pass it on",
    ]


def test_a_term_is_described_with_its_links() -> None:
    activity = vocabulary.describe("Activity", "fr")
    assert (activity.kind, activity.label, activity.is_deprecated) == ("class", "activité", False)
    assert ("est une sorte de", "prov:Activity") in {(link.relation, link.name) for link in activity.links}
    assert ("est proche de", "org:Membership") in {(link.relation, link.name) for link in activity.links}


def test_the_mappings_of_a_concept_are_shown() -> None:
    level = vocabulary.describe("level-autonomous", "en")
    assert [(link.relation, link.name) for link in level.links] == [("can be compared with", "eqf:3")]
    assert level.notes


def test_a_term_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        vocabulary.describe("Nothing")
    assert len(vocabulary.about("Nothing")) == 0


def test_what_is_said_of_a_term_is_data_too() -> None:
    said = vocabulary.about("sphere-care")
    assert (terms.SPHERE_CARE, terms.SKOS_IN_SCHEME, terms.SPHERES) in said
    assert b"mus:sphere-care" in syntax.turtle(said)


def test_the_vocabulary_is_read_once() -> None:
    assert vocabulary.graph() is vocabulary.graph()
