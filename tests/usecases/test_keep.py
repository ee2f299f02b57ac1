"""What was damaged or lost is seen, is never written over, and comes back."""

from datetime import timedelta

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid.pod import resources
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import keep
from musette_solid.usecases.correct_activity import remove_activity
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.take_out import put_back
from tests.usecases.conftest import NOW

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def filled(bag: Bag) -> Bag:
    for title in ("Atelier", "Club", "Trésorerie"):
        log_activity(bag, {"title": [title], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    skills.declare_skill(bag, {"prefLabel": ["Compter"]}, NOW)
    looked = keep.look_after(bag, NOW)
    assert looked.conditions == ()
    return bag


def titles(bag: Bag) -> list[str]:
    return sorted(a.title for a in list_activities(bag).activities)


def body(server: MemoryPod, bag: Bag) -> bytes:
    return server._stored[bag.layout.activities].body


def test_copies_are_made_of_what_has_something_in_it_and_are_the_owner_s_alone(
    server: MemoryPod, filled: Bag, organisation: Bag
) -> None:
    known = keep.copies(filled)
    assert {iri.removeprefix(filled.layout.root) for iri in known} == {"activities.ttl", "skills.ttl", "musette.ttl"}
    (copy,) = known[filled.layout.activities]
    assert server._stored[copy.iri].body.partition(b"\n")[2] == body(server, filled)
    for iri in (copy.iri, filled.layout.kept):
        assert organisation.pod.send("GET", iri).status == 403
        assert filled.pod.anonymous().send("GET", iri).status == 401


def test_names_that_are_relative_mean_the_same_in_a_copy(server: MemoryPod, bag: Bag) -> None:
    written = b"<#a-1> a <https://w3id.org/musette#Activity> ; <https://w3id.org/musette#evidence> <evidence/a.pdf> ."
    server.put_bytes(bag.layout.activities, written)
    keep.look_after(bag, NOW)
    assert keep.conditions(bag) == ()
    server.put_bytes(bag.layout.activities, written[:30])
    keep.restore(bag, bag.layout.activities, TOMORROW)
    objects = {str(o) for o in resources.read(bag.pod, bag.layout.activities).graph.objects()}
    assert bag.layout.root + "evidence/a.pdf" in objects


def test_what_has_not_changed_is_not_even_read(server: MemoryPod, filled: Bag) -> None:
    server.requests.clear()
    assert keep.look_after(filled, TOMORROW) == keep.Looked((), 0)
    asked = {r.url.removeprefix(filled.layout.root) for r in server.requests}
    assert asked == {"", "time/", "journal/", "kept/", f"time/{NOW.year}.ttl"}  # empty as yet: that one has no copy


def test_a_copy_a_day_and_old_ones_go(filled: Bag) -> None:
    for day in range(40):
        log_activity(filled, {"title": [f"Day {day}"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
        keep.look_after(filled, NOW + timedelta(days=day))
        keep.look_after(filled, NOW + timedelta(days=day, hours=2))
    own = keep.copies(filled)[filled.layout.activities]
    assert 30 <= len(own) <= 32
    assert own[0].taken_at == NOW + timedelta(days=39)
    assert len(keep.copies(filled)[filled.layout.skills]) == 1


def test_a_damaged_document_comes_back_with_what_was_written_since_the_copy(server: MemoryPod, filled: Bag) -> None:
    log_activity(filled, {"title": ["A since"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    whole = body(server, filled)
    # What the server wrote last may stand anywhere in the document: cut it behind that.
    cut = max(whole.index(b"A since") + 400, len(whole) - 30)
    server.put_bytes(filled.layout.activities, whole[: min(cut, len(whole) - 30)])
    with pytest.raises(NotUnderstood):
        resources.read(filled.pod, filled.layout.activities)
    ((condition),) = keep.look_after(filled, TOMORROW).conditions
    assert (condition.document, condition.state, condition.since) == (filled.layout.activities, "damaged", NOW)
    damaged = body(server, filled)
    keep.restore(filled, filled.layout.activities, TOMORROW)
    assert set(titles(filled)) >= {"Atelier", "Club", "Trésorerie"}
    assert keep.look_after(filled, TOMORROW).conditions == ()
    assert damaged in [s.body for url, s in server._stored.items() if url.endswith(".damaged.bin")]


@pytest.mark.parametrize("left", [0.0, 0.2, 0.4, 0.6, 0.8, 0.99])
def test_wherever_it_is_cut_every_thing_comes_back(server: MemoryPod, filled: Bag, left: float) -> None:
    before = frozenset(resources.read(filled.pod, filled.layout.activities).graph)
    whole = body(server, filled)
    server.put_bytes(filled.layout.activities, whole[: int(len(whole) * left)])
    assert [one.document for one in keep.conditions(filled)] == [filled.layout.activities]
    keep.restore(filled, filled.layout.activities, TOMORROW)
    assert frozenset(resources.read(filled.pod, filled.layout.activities).graph) == before


def test_a_document_that_still_parses_and_has_lost_things_is_seen(server: MemoryPod, filled: Bag) -> None:
    graph = resources.read(filled.pod, filled.layout.activities).graph
    club = next(s for s in graph.subjects(terms.DCTERMS_TITLE, Literal("Club")))
    rest = syntax.graph_of(t for t in graph if t[0] != club)
    server.put_bytes(filled.layout.activities, syntax.turtle(rest))
    ((condition),) = keep.look_after(filled, TOMORROW).conditions
    assert (condition.state, condition.missing) == ("lacking", (str(club),))
    # Until that is settled the copy that has it is the last one.
    assert len(keep.copies(filled)[filled.layout.activities]) == 1
    assert keep.restore(filled, filled.layout.activities, TOMORROW) == 1
    assert titles(filled) == ["Atelier", "Club", "Trésorerie"]


def test_what_was_taken_out_here_is_not_missed(filled: Bag) -> None:
    one = next(a for a in list_activities(filled).activities if a.title == "Club")
    removed = remove_activity(filled, str(one.iri))
    assert keep.look_after(filled, TOMORROW).conditions == ()
    assert titles(filled) == ["Atelier", "Trésorerie"]
    put_back(filled, removed.packed)
    assert titles(filled) == ["Atelier", "Club", "Trésorerie"]
    graph = resources.read(filled.pod, filled.layout.activities).graph
    assert not list(graph.triples((None, terms.PROV_INVALIDATED_AT_TIME, None)))


def test_what_another_application_took_out_on_purpose_may_stay_out(filled: Bag) -> None:
    base = resources.read(filled.pod, filled.layout.activities)
    club = next(s for s in base.graph.subjects(terms.DCTERMS_TITLE, Literal("Club")))
    resources.change(filled.pod, base, Delta(out=frozenset(t for t in base.graph if t[0] == club)))
    assert [one.state for one in keep.conditions(filled)] == ["lacking"]
    keep.accept(filled, filled.layout.activities, TOMORROW)
    assert keep.conditions(filled) == ()
    assert titles(filled) == ["Atelier", "Trésorerie"]


def test_nothing_is_restored_where_nothing_is_wrong(server: MemoryPod, filled: Bag) -> None:
    before = dict(server._stored)
    with pytest.raises(keep.NothingToRestore):
        keep.restore(filled, filled.layout.activities, TOMORROW)
    assert server._stored == before


def test_without_a_copy_what_can_be_read_is_saved(server: MemoryPod, bag: Bag) -> None:
    first = log_activity(bag, {"title": ["Atelier"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    server.put_bytes(bag.layout.activities, body(server, bag) + b"<#b> <#p> <#cut> . <#c> a <")
    keep.restore(bag, bag.layout.activities, NOW)
    assert [str(a.iri) for a in list_activities(bag).activities] == [first]
    server.put_bytes(bag.layout.skills, b"not turtle at all")
    with pytest.raises(keep.NoCopy):
        keep.restore(bag, bag.layout.skills, NOW)
    assert server._stored[bag.layout.skills].body == b"not turtle at all"


def test_the_copies_can_be_deleted(filled: Bag) -> None:
    assert keep.forget(filled, NOW) == 3
    assert keep.copies(filled) == {}
    assert titles(filled) == ["Atelier", "Club", "Trésorerie"]


def test_salvaging_drops_the_last_thing_it_reads() -> None:
    data = b'<#a> <#p> 1 . <#b> <#p> "two" . <#c> <#p> 12.'
    found = syntax.salvaged(data + b"5 ; <#q", syntax.TURTLE, "https://pod.example/x")
    assert {str(s).partition("#")[2] for s in found.subjects()} == {"a", "b"}
    assert isinstance(found, Graph)
    assert (URIRef("https://pod.example/x#b"), URIRef("https://pod.example/x#p"), Literal("two")) in found
