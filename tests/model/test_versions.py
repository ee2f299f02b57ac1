import pytest
from rdflib import Graph

from musette_solid.model.dossier import NotADossier
from musette_solid.model.versions import compare
from musette_solid.rdf import syntax, terms

PREFIXES = f"@prefix mus: <{terms.MUS}> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
BASE = "https://demo.example/shares/1/dossier.ttl"


def graph(said: str, base: str = BASE) -> Graph:
    head = '<#it> a mus:Dossier ; dcterms:title "Dossier" .'
    return syntax.parse(f"{PREFIXES} {head} {said}".encode(), syntax.TURTLE, base)


ONE = '<#a-1> a mus:Activity ; dcterms:title "Caisse" ; mus:sphere mus:sphere-volunteering .'


def test_the_same_is_the_same_wherever_it_lies() -> None:
    assert compare(graph(ONE), graph(ONE)) == ()
    assert compare(graph(ONE), graph(ONE, "https://demo.example/shares/2/dossier.ttl")) == ()


def test_what_came_went_and_changed_is_told() -> None:
    skill = '<#s-1> a mus:Skill ; skos:prefLabel "Compter" .'
    changed = ONE.replace("Caisse", "Trésorerie")
    came = compare(graph(ONE), graph(changed + skill))
    assert [(one.name, one.kind) for one in came] == [("Trésorerie", "changed"), ("Compter", "came")]
    (change,) = came[0].changes
    assert (change.property, change.before, change.after) == (terms.DCTERMS_TITLE, ("Caisse",), ("Trésorerie",))
    assert [(one.name, one.kind) for one in compare(graph(ONE + skill), graph(ONE))] == [("Compter", "went")]


def test_what_is_no_dossier_is_not_compared() -> None:
    with pytest.raises(NotADossier):
        compare(syntax.parse(b"", syntax.TURTLE, BASE), graph(ONE))
