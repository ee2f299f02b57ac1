"""What claims to be whole is whole; what a format cannot say is said, whatever it is."""

import json

import pytest
from rdflib import Graph, URIRef

from musette_solid.exchange.losses import Loss
from musette_solid.model import labels
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import export_all
from musette_solid.usecases.layout import Bag
from tests.usecases.conftest import NOW

#: Every document in which a person's words lie, with a thing of a kind that lies there.
DOCUMENTS = {
    "activities": terms.Activity,
    "skills": terms.Skill,
    "time/2025": terms.TimeEntry,
    "journal/2026": terms.Reflection,
    "people": terms.Relation,
    "goals": terms.Goal,
    "tools": terms.Tool,
    "values": terms.ValueStatement,
    "watch": terms.Watch,
    "rights": terms.RightsFact,
    "identities": terms.FOAF_ONLINE_ACCOUNT,
    "health": terms.Reflection,
    "comments": terms.OA_ANNOTATION,
    "requests": terms.Answer,
    "portfolio": terms.Portfolio,
    "log/2026": terms.DataRequest,
    "grants/3f2b8c1e-0000-4000-8000-000000000001": terms.Grant,
    "requests/3f2b8c1e-0000-4000-8000-000000000002/request": terms.AccessRequest,
    "another/application": URIRef("https://other.example/Thing"),
}


@pytest.fixture
def filled(bag: Bag, server: MemoryPod) -> Bag:
    for number, (key, kind) in enumerate(DOCUMENTS.items()):
        text = f'<#it> a <{kind}> ; <http://purl.org/dc/terms/description> "mes mots {number:02d}"@fr .'
        server.put_bytes(bag.layout.document(key), text.encode())
    for other in ("shares/x/dossier", "kept/activities", "intents/x", "time/summary"):
        server.put_bytes(bag.layout.document(other), b'<#it> <http://purl.org/dc/terms/description> "copie" .')
    return bag


def whole(bag: Bag, kind: str) -> tuple[Graph, tuple[Loss, ...]]:
    if kind == "turtle":
        data, losses = export_all.export_turtle(bag)
        return syntax.parse(data, syntax.TURTLE, bag.layout.root), losses
    document, losses = export_all.export_json_ld(bag)
    return syntax.parse(json.dumps(document).encode(), syntax.JSON_LD, bag.layout.root), losses


@pytest.mark.parametrize("kind", ["turtle", "json-ld"])
def test_not_a_word_stays_behind_in_what_claims_to_be_whole(filled: Bag, server: MemoryPod, kind: str) -> None:
    graph, losses = whole(filled, kind)
    for key in DOCUMENTS:
        iri = filled.layout.document(key)
        said = syntax.parse(server._stored[iri].body, syntax.TURTLE, iri)
        assert set(said) <= set(graph), key
    assert "copie" not in {str(value) for value in graph.objects()}
    assert len(losses) == 1  # copies that were opened to others are named


@pytest.mark.parametrize("kind", ["csv", "jsonresume", "icalendar", "europass"])
def test_what_a_format_has_no_place_for_is_counted_whatever_it_is(filled: Bag, kind: str) -> None:
    losses = {
        "csv": export_all.export_csv(filled)[1],
        "jsonresume": export_all.export_json_resume(filled)[1],
        "icalendar": export_all.export_icalendar(filled, NOW)[1],
        "europass": export_all.export_europass(filled, NOW)[1],
    }[kind]
    said = " ".join(loss.sentence() for loss in losses)
    for expected in (terms.Reflection, terms.Relation, terms.Tool, terms.ValueStatement, terms.Watch, terms.RightsFact):
        assert f"{labels.label(expected, 'fr')} ×" in said, expected
    assert "Thing × 1" in said


def test_a_document_that_cannot_be_read_is_named(filled: Bag, server: MemoryPod) -> None:
    server.put_bytes(filled.layout.goals, b"<#g> \xff damaged")
    for losses in (whole(filled, "turtle")[1], export_all.export_csv(filled)[1]):
        assert any(filled.layout.goals in loss.sentence() for loss in losses)
