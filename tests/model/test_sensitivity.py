"""What could be inferred: found where it is, and not everywhere."""

import pytest
from rdflib import URIRef

from musette_solid.model import labels, sensitivity
from musette_solid.model.activity import Activity, Organization
from musette_solid.model.skill import Skill
from musette_solid.rdf import terms

FAMILY, HEALTH, UNION = terms.SENSITIVITY_FAMILY, terms.SENSITIVITY_HEALTH, terms.SENSITIVITY_UNION
POLITICS, BELIEF, GAP = terms.SENSITIVITY_POLITICS, terms.SENSITIVITY_BELIEF, terms.SENSITIVITY_GAP


@pytest.mark.parametrize(
    ("title", "reasons"),
    [
        ("Déléguée syndicale", {UNION}),
        ("Secrétaire de la section CGT", {UNION}),
        ("Catéchisme à la paroisse", {BELIEF}),
        ("Aumônerie de l\u2019hôpital", {BELIEF}),
        ("Campagne municipale", {POLITICS}),
        ("Arrêt de travail après un burn-out", {HEALTH}),
        ("M\u2019occuper de ma mère", {FAMILY}),
        ("Congé parental", {FAMILY}),
        ("Shop steward", {UNION}),
        # What only looks like it.
        ("Trésorière du club", set()),
        ("Templates et intégration web", set()),
        ("Infirmière à l\u2019hôpital", set()),
        ("Animation d\u2019un atelier d\u2019autisme", {HEALTH}),
        ("Développeuse, parti pris ergonomique", set()),
        ("Cuisine : sauces et cgtartes", set()),
        ("Syndic de copropriété", set()),
    ],
)
def test_words_that_give_something_away(title: str, reasons: set[URIRef]) -> None:
    assert set(sensitivity.of_activity(Activity("https://demo.example/#a", title))) == reasons
    assert set(sensitivity.of_skill(Skill("https://demo.example/#s", title))) == reasons


@pytest.mark.parametrize(("sphere", "reason"), [(terms.SPHERE_CARE, FAMILY), (terms.SPHERE_BREAK, GAP)])
def test_a_sphere_may_be_enough(sphere: URIRef, reason: URIRef) -> None:
    assert sensitivity.of_activity(Activity("https://demo.example/#a", "Au quotidien", sphere)) == (reason,)


def test_the_organisation_tells_too() -> None:
    at = Organization("https://demo.example/#o", "Union locale CFDT")
    assert sensitivity.of_activity(Activity("https://demo.example/#a", "Comptable", organization=at)) == (UNION,)


def test_two_texts_beside_each_other_make_no_expression() -> None:
    one = Activity("https://demo.example/#a", "Le parti", role="socialiste")
    assert sensitivity.of_activity(one) == ()


def test_what_the_person_marked_is_private() -> None:
    one = Activity("https://demo.example/#a", "Couture", sensitivities=(terms.SENSITIVITY_OTHER,))
    assert sensitivity.of_activity(one) == (terms.SENSITIVITY_OTHER,)


def test_only_the_sensitive_ones_are_listed() -> None:
    plain, private = Activity("https://demo.example/#a", "Couture"), Activity("https://demo.example/#b", "CGT")
    assert sensitivity.sensitive([plain, private], []) == {private.iri: (UNION,)}


def test_every_reason_says_in_a_sentence_what_could_be_inferred() -> None:
    for reason in labels.concepts(terms.SENSITIVITIES):
        for language in labels.LANGUAGES:
            assert labels.definition(reason, language).endswith(".")
