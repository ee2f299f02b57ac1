"""What other Solid applications show of somebody: chosen one by one, rebuilt, and what was edited there comes back as a proposal."""

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid.model.dates import PartialDate
from musette_solid.model.dossier import Selection
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import show_in_profile
from musette_solid.usecases.layout import Bag
from tests.usecases.conftest import NOW

PREFIXES = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
"""
ACTIVITIES = f"""{PREFIXES}
<#a-1> a mus:Activity ; dcterms:title "Trésorerie" ; schema:roleName "Trésorière" ; mus:sphere mus:sphere-volunteering ;
  schema:startDate "2019-03"^^xsd:gYearMonth ; schema:endDate "2023"^^xsd:gYear ; org:organization <#o-1> ; schema:location "Grenoble" ;
  dcterms:description "Tenir les comptes." .
<#a-2> a mus:Activity ; dcterms:title "Soudeuse" ; mus:sphere mus:sphere-employment ; schema:startDate "2020"^^xsd:gYear .
<#a-3> a mus:Activity ; dcterms:title "CAP soudure" ; mus:sphere mus:sphere-training ; schema:endDate "2018"^^xsd:gYear ; org:organization <#o-2> .
<#a-4> a mus:Activity ; dcterms:title "Soin d'un parent" ; mus:sphere mus:sphere-care .
<#o-1> a org:Organization ; foaf:name "Les Amis du Vélo" ; schema:url <https://amisduvelo.example/> .
<#o-2> a org:Organization ; foaf:name "Lycée démo" .
"""
SKILLS = f"""{PREFIXES}
<#s-1> a mus:Skill ; skos:prefLabel "tenir une comptabilité" ; skos:exactMatch <http://data.europa.eu/esco/skill/0000> .
<#s-2> a mus:Skill , schema:Language ; skos:prefLabel "Espagnol" .
<#x-1> a mus:Assessment ; mus:skill <#s-2> ; mus:levelAsStated "B2" .
"""


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    server.put_bytes(bag.layout.activities, ACTIVITIES.encode())
    server.put_bytes(bag.layout.skills, SKILLS.encode())
    return bag


def chosen(bag: Bag, *numbers: int, skills: tuple[int, ...] = ()) -> Selection:
    return Selection(
        frozenset(f"{bag.layout.activities}#a-{n}" for n in numbers),
        frozenset(f"{bag.layout.skills}#s-{n}" for n in skills),
    )


def card(bag: Bag) -> Graph:
    return resources.read(bag.pod, names.document(bag.owner)).graph


def edit(bag: Bag, source: str, path: URIRef, value: str) -> None:
    """As somebody would in another application, in its own way: other types, another organisation."""
    base = resources.read(bag.pod, names.document(bag.owner))
    node = base.graph.value(None, terms.DCTERMS_SOURCE, URIRef(source))
    assert node is not None
    graph = syntax.graph_of(base.graph)
    graph.remove((node, path, None))
    if value:
        graph.add((node, path, Literal(value)))
    resources.put(bag.pod, base.iri, syntax.turtle(graph), syntax.TURTLE, {"If-Match": base.etag or ""})


def test_nothing_is_shown_until_it_is_chosen_and_foreign_words_stay(full: Bag) -> None:
    before = frozenset(card(full))
    assert not show_in_profile.look(full).is_shown
    done = show_in_profile.show(full, chosen(full, 1, 2, 3, skills=(1, 2)), NOW)
    assert done.edits == ()
    shown = card(full)
    assert before <= frozenset(shown)
    roles = set(shown.subjects(terms.ORG_MEMBER, URIRef(full.owner)))
    assert len(roles) == 3
    assert all(str(role).partition("#id")[2].isdigit() and len(str(role).partition("#id")[2]) == 13 for role in roles)
    show_in_profile.show(full, Selection(), NOW)
    assert frozenset(card(full)) == before


def test_the_same_choice_written_twice_changes_nothing(full: Bag, server: MemoryPod) -> None:
    show_in_profile.show(full, chosen(full, 1, 2, skills=(1,)), NOW)
    before = {url: kept.body for url, kept in server._stored.items()}
    show_in_profile.rebuild(full, NOW)
    assert {url: kept.body for url, kept in server._stored.items()} == before


def test_what_is_sensitive_is_only_shown_when_it_is_named(full: Bag) -> None:
    show_in_profile.show(full, chosen(full, 4), NOW)
    assert not list(card(full).subjects(terms.ORG_MEMBER, URIRef(full.owner)))


def test_what_was_edited_there_waits_and_is_taken_over_or_set_aside(full: Bag) -> None:
    one, two = f"{full.layout.activities}#a-1", f"{full.layout.activities}#a-2"
    show_in_profile.show(full, chosen(full, 1, 2), NOW)
    edit(full, one, terms.VCARD_ROLE, "Présidente")
    edit(full, two, terms.VCARD_ROLE, "Chef soudeuse")
    edit(full, two, terms.SCHEMA_END_DATE, "2024-05-01")
    found = {edit_.source: edit_.changes for edit_ in show_in_profile.look(full).edits}
    assert found == {one: {"title": "Présidente"}, two: {"title": "Chef soudeuse", "endDate": "2024-05-01"}}
    show_in_profile.rebuild(full, NOW)  # nothing is decided for the person
    assert {edit_.source for edit_ in show_in_profile.look(full).edits} == {one, two}
    show_in_profile.take_over(full, two, NOW)
    show_in_profile.put_right(full, one, NOW)
    assert show_in_profile.look(full).edits == ()
    mine = {activity.iri: activity for activity in show_in_profile.look(full).activities}
    assert mine[two].title == "Chef soudeuse"
    assert mine[two].end == PartialDate(2024, 5, 1)
    assert mine[two].start == PartialDate(2020)  # as precise as it was said: only what was edited came over
    assert mine[one].role == "Trésorière"
    node = card(full).value(None, terms.DCTERMS_SOURCE, URIRef(one))
    assert str(card(full).value(node, terms.VCARD_ROLE)) == "Trésorière"


def test_what_was_removed_there_is_a_proposal_too(full: Bag) -> None:
    one = f"{full.layout.activities}#a-1"
    show_in_profile.show(full, chosen(full, 1, 2), NOW)
    base = resources.read(full.pod, names.document(full.owner))
    node = base.graph.value(None, terms.DCTERMS_SOURCE, URIRef(one))
    less = syntax.graph_of(t for t in base.graph if t[0] != node)
    resources.put(full.pod, base.iri, syntax.turtle(less), syntax.TURTLE, {"If-Match": base.etag or ""})
    (found,) = show_in_profile.look(full).edits
    assert found.removed
    assert found.source == one
    done = show_in_profile.take_over(full, one, NOW)
    assert done.edits == ()
    assert one not in done.selection.everything
    assert [activity.iri for activity in done.activities if activity.iri == one] == [one]  # the bag keeps it


def test_it_follows_the_bag_when_it_is_made_again(full: Bag, server: MemoryPod) -> None:
    show_in_profile.show(full, chosen(full, 1), NOW)
    server.put_bytes(full.layout.activities, ACTIVITIES.replace("Trésorière", "Présidente").encode())
    done = show_in_profile.rebuild(full, NOW)
    assert done.edits == ()
    node = card(full).value(None, terms.DCTERMS_SOURCE, URIRef(f"{full.layout.activities}#a-1"))
    assert str(card(full).value(node, terms.VCARD_ROLE)) == "Présidente"
