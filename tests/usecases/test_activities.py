from typing import Any

import pytest
from rdflib import Literal, URIRef

from musette_solid.model.validation import Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotUnderstood
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.correct_activity import correct_activity, remove_activity
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities, one_activity, overview
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.take_out import NotPutBack, put_back
from tests.usecases.conftest import NOW

TREASURER = {
    "title": ["Trésorerie du club"],
    "sphere": [str(terms.SPHERE_VOLUNTEERING)],
    "startDate": ["2019-03"],
    "organization": ["Club d’échecs"],
    "roleName": ["Trésorière"],
}


def written(bag: Bag) -> frozenset[Any]:
    return frozenset(resources.read(bag.pod, bag.layout.activities).graph)


def test_an_activity_is_read_back_as_it_was_said(bag: Bag) -> None:
    iri = log_activity(bag, TREASURER, NOW)
    (found,) = list_activities(bag).activities
    assert (found.iri, found.title, found.role) == (iri, "Trésorerie du club", "Trésorière")
    assert found.start is not None
    assert found.start.text == "2019-03"
    assert found.is_ongoing(NOW.date())
    assert found.organization is not None
    assert found.organization.name == "Club d’échecs"


def test_two_roles_in_one_organisation_share_it(bag: Bag) -> None:
    log_activity(bag, TREASURER, NOW)
    log_activity(bag, TREASURER | {"roleName": ["Présidente"], "organization": ["club d'echecs"]}, NOW)
    graph = resources.read(bag.pod, bag.layout.activities).graph
    assert len(set(graph.objects(None, terms.ORG_ORGANIZATION))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": [""]},
        {"sphere": ["https://w3id.org/musette#sphere-nonsense"]},
        {"startDate": ["2019-03"], "endDate": ["2018"]},
        {"startDate": ["2019-13"]},
        {"weeklyHours": ["twelve"]},
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(bag: Bag, changes: dict[str, list[str]]) -> None:
    log_activity(bag, TREASURER, NOW)
    before = written(bag)
    with pytest.raises(Unfit) as refusal:
        log_activity(bag, TREASURER | changes, NOW)
    assert refusal.value.findings
    assert all(finding.messages["fr"] and finding.messages["en"] for finding in refusal.value.findings)
    assert written(bag) == before


def test_a_correction_keeps_what_other_applications_said(bag: Bag) -> None:
    iri = log_activity(bag, TREASURER, NOW)
    foreign = (URIRef(iri), URIRef("https://other.example/mood"), Literal("PT150M", datatype=terms.XSD_DURATION))
    resources.insert(bag.pod, bag.layout.activities, syntax.graph_of([foreign]))
    seen = one_activity(bag, iri).version
    correct_activity(bag, iri, TREASURER | {"title": ["Trésorerie"], "endDate": ["2024"]}, NOW, seen)
    after = written(bag)
    assert foreign in after
    assert (URIRef(iri), terms.DCTERMS_TITLE, Literal("Trésorerie")) in after
    assert (URIRef(iri), terms.DCTERMS_TITLE, Literal("Trésorerie du club")) not in after


def test_a_change_made_meanwhile_to_the_same_activity_is_shown_and_nothing_is_written(bag: Bag) -> None:
    iri = log_activity(bag, TREASURER, NOW)
    seen = one_activity(bag, iri).version
    correct_activity(bag, iri, TREASURER | {"title": ["Somebody else's"]}, NOW, seen)
    before = written(bag)
    with pytest.raises(ChangedMeanwhile) as refusal:
        correct_activity(bag, iri, TREASURER | {"title": ["Mine"]}, NOW, seen)
    assert (URIRef(iri), terms.DCTERMS_TITLE, Literal("Somebody else's")) in refusal.value.details["theirs"].graph
    assert written(bag) == before


def test_a_change_made_meanwhile_to_another_activity_is_no_conflict(bag: Bag) -> None:
    mine = log_activity(bag, TREASURER, NOW)
    seen = one_activity(bag, mine).version
    log_activity(bag, TREASURER | {"title": ["Another"]}, NOW)
    correct_activity(bag, mine, TREASURER | {"title": ["Mine"]}, NOW, seen)
    assert {a.title for a in list_activities(bag).activities} == {"Mine", "Another"}


def test_what_was_deleted_can_be_put_back(bag: Bag) -> None:
    iri = log_activity(bag, TREASURER, NOW)
    before = written(bag)
    removed = remove_activity(bag, iri)
    assert list_activities(bag).activities == ()
    put_back(bag, removed.packed)
    assert written(bag) == before


@pytest.mark.parametrize("packed", ["", "nonsense", "eJwDAAAAAAE="])
def test_something_else_cannot_be_put_back(bag: Bag, packed: str) -> None:
    with pytest.raises(NotPutBack):
        put_back(bag, packed)


def test_nothing_can_be_put_back_outside_the_bag(bag: Bag, organisation: Bag) -> None:
    iri = log_activity(organisation, TREASURER, NOW)
    removed = remove_activity(organisation, iri)
    with pytest.raises(NotPutBack):
        put_back(bag, removed.packed)


def test_a_damaged_document_is_named_shown_as_such_and_never_written(server: MemoryPod, bag: Bag) -> None:
    iri = log_activity(bag, TREASURER, NOW)
    seen = one_activity(bag, iri).version
    damaged = b"@prefix broken <#a> "
    server.put_bytes(bag.layout.activities, damaged)
    assert overview(bag, NOW.date()).unreadable == (bag.layout.activities,)
    with pytest.raises(NotUnderstood):
        correct_activity(bag, iri, TREASURER, NOW, seen)
    with pytest.raises(NotUnderstood):
        log_activity(bag, TREASURER, NOW)
    assert bag.pod.send("GET", bag.layout.activities, {"Accept": "text/turtle"}).body == damaged
