"""Accounts of two sides of a life are never shown together, and what gives one away is found."""

from dataclasses import replace

import pytest

from musette_solid.model import identity
from musette_solid.model.identity import Account, FacetsMixed
from musette_solid.rdf import syntax, terms

WORK = Account("#i-1", "demo-pro", "https://forge.example/", "https://forge.example/demo-pro", terms.FACET_PROFESSIONAL)
HOME = Account("#i-2", "@Nuit.Bleue", None, "https://www.social.example/@nuit.bleue/", terms.FACET_PERSONAL)
ALSO = Account("#i-3", "demo-civic", None, None, terms.FACET_CIVIC)
UNSAID = Account("#i-4", "sans-côté", None, None, None)


def test_an_account_comes_back_as_it_was_written() -> None:
    said = b"""
        @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix mus: <https://w3id.org/musette#> .
        <#i-1> a foaf:OnlineAccount ; foaf:accountName "demo-pro" ; mus:facet mus:facet-professional ;
            foaf:accountServiceHomepage <https://forge.example/> ; foaf:homepage <https://forge.example/demo-pro> .
        <#i-2> a foaf:OnlineAccount ; foaf:accountName "@Nuit.Bleue" ; mus:facet mus:facet-personal ;
            foaf:homepage <https://www.social.example/@nuit.bleue/> ."""
    document = "https://pod.example/demo/identities.ttl"
    found = {
        replace(one, iri=one.iri.removeprefix(document))
        for one in identity.read(syntax.parse(said, syntax.TURTLE, document))
    }
    assert found == {WORK, HOME}
    assert WORK.place == "forge.example"
    assert HOME.place == "social.example"


@pytest.mark.parametrize("together", [(), (WORK,), (UNSAID,), (WORK, WORK)])
def test_what_is_of_one_side_may_be_shown(together: tuple[Account, ...]) -> None:
    identity.check_together(together)


@pytest.mark.parametrize("together", [(WORK, HOME), (WORK, UNSAID), (HOME, ALSO)])
def test_two_sides_are_refused(together: tuple[Account, ...]) -> None:
    with pytest.raises(FacetsMixed):
        identity.check_together(together)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Voir https://social.example/@nuit.bleue pour le reste", (HOME,)),
        ("écrire à DEMO-PRO", (WORK,)),
        ("demo-professionnel", ()),
        ("rien à voir", ()),
        ("social.example", ()),
    ],
)
def test_an_account_is_given_away_by_its_page_or_its_name(text: str, found: tuple[Account, ...]) -> None:
    assert identity.given_away([text], (), [WORK, HOME]) == found


def test_what_is_shown_anyway_gives_nothing_away() -> None:
    assert identity.given_away(["demo-pro", "https://forge.example/demo-pro"], [WORK], [WORK, HOME]) == ()


def test_texts_that_name_two_sides_are_refused_and_one_side_is_not() -> None:
    identity.check_apart(["demo-pro"], [WORK, HOME])
    with pytest.raises(FacetsMixed):
        identity.check_apart(["demo-pro", "social.example/@nuit.bleue"], [WORK, HOME])
