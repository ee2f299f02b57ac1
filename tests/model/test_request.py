"""Requests: what is asked for is read as it was meant, and no more of it than a page can show."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid import shipped
from musette_solid.model import request as requests_
from musette_solid.model.activity import Activity
from musette_solid.model.request import AccessRequest, Answer, BadRequest, Need, NotARequest
from musette_solid.model.skill import Skill
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

IRI = "https://association.example/musette/requests/1/request.ttl#it"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ACTIVITIES = Need(terms.Activity, {"fr": "La réparation"}, frozenset({terms.SPHERE_VOLUNTEERING}))
SKILLS = Need(terms.Skill, {"fr": "Les outils", "en": "Tools"}, is_required=False)
REQUEST = AccessRequest(
    IRI,
    "https://association.example/#it",
    "Demo association",
    "Pour l’atelier",
    terms.PURPOSE_VOLUNTEERING_PLACEMENT,
    90,
    (ACTIVITIES, SKILLS),
    {"fr": "Nous sommes deux à le lire.", "en": "Two of us read it."},
    NOW,
)


def read_back(request: AccessRequest) -> AccessRequest:
    turtle = syntax.turtle(requests_.graph_of_request(request))
    return requests_.read(syntax.parse(turtle, syntax.TURTLE, IRI))


def test_a_request_is_read_as_it_was_written() -> None:
    assert read_back(REQUEST) == REQUEST
    renewal = replace(REQUEST, replaces=IRI.replace("/1/", "/0/"))
    assert read_back(renewal) == renewal


def test_what_is_written_fits_its_shape() -> None:
    assert check(requests_.graph_of_request(REQUEST)) == ()


def test_it_speaks_the_language_of_the_person() -> None:
    assert REQUEST.why("fr").startswith("Nous")
    assert REQUEST.why("en").startswith("Two")
    assert SKILLS.text("de") == "Tools"
    assert REQUEST.until(date(2026, 11, 22)) == date(2027, 2, 20)


def test_the_published_example_is_a_request() -> None:
    path = shipped.VOCAB / "examples" / "request.ttl"
    found = requests_.read(syntax.parse(path.read_bytes(), syntax.TURTLE, "https://association.example/r.ttl"))
    assert (len(found.required), len(found.optional), found.days) == (1, 1, 90)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"purpose": terms.DPV_HAS_PURPOSE},
        {"days": 0},
        {"days": 732},
        {"needs": ()},
        {"needs": (ACTIVITIES,) * 31},
        {"needs": (replace(ACTIVITIES, kind=terms.Grant),)},
        {"needs": (replace(ACTIVITIES, spheres=frozenset({terms.Grant})),)},
    ],
)
def test_a_request_that_says_too_little_or_too_much_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        requests_.graph_of_request(replace(REQUEST, **change))  # type: ignore[arg-type]


def without(path: URIRef) -> Graph:
    return syntax.graph_of(t for t in requests_.graph_of_request(REQUEST) if t[1] != path)


@pytest.mark.parametrize(
    "path",
    [
        terms.RDF_TYPE,
        terms.INTEROP_FROM_SOCIAL_AGENT,
        terms.DPV_HAS_PURPOSE,
        terms.SCHEMA_DURATION,
        terms.INTEROP_HAS_ACCESS_NEED_GROUP,
        terms.ASKS_FOR,
    ],
)
def test_half_a_request_is_none(path: URIRef) -> None:
    with pytest.raises(NotARequest):
        requests_.read(without(path))


@pytest.mark.parametrize("days", ["P0D", "P9999D", "P1Y", "-P3D", "P٣D", "forever"])
def test_a_length_that_nobody_should_agree_to_is_none(days: str) -> None:
    graph = without(terms.SCHEMA_DURATION)
    graph.add((URIRef(IRI), terms.SCHEMA_DURATION, Literal(days, datatype=terms.XSD_DURATION)))
    with pytest.raises(NotARequest):
        requests_.read(graph)


def test_a_hostile_text_is_cut_to_what_a_page_can_show() -> None:
    graph = requests_.graph_of_request(REQUEST)
    graph.add((URIRef(IRI), terms.DCTERMS_DESCRIPTION, Literal("x" * 100_000, lang="xx")))
    assert len(requests_.read(graph).notice["xx"]) == 5000


def test_what_is_not_said_to_be_required_is_optional() -> None:
    assert [need.is_required for need in requests_.read(without(terms.INTEROP_ACCESS_NECESSITY)).needs] == [
        False,
        False,
    ]


def test_proposals_follow_the_kind_and_the_sphere() -> None:
    volunteer = Activity("https://demo.example/#a", "Repair café", terms.SPHERE_VOLUNTEERING)
    job = Activity("https://demo.example/#b", "Comptable", terms.SPHERE_EMPLOYMENT)
    skill = Skill("https://demo.example/#s", "Souder")
    assert [requests_.fits(ACTIVITIES, one) for one in (volunteer, job, skill)] == [True, False, False]
    assert [requests_.fits(SKILLS, one) for one in (volunteer, job, skill)] == [False, False, True]
    assert not requests_.is_met(SKILLS, [volunteer])


def test_answers_are_read_newest_first_and_silence_is_of_a_sender() -> None:
    graph = syntax.empty()
    for number, decision in enumerate((terms.DECISION_DECLINED, terms.DECISION_SILENCED)):
        graph += requests_.graph_of_answer(
            Answer(f"https://demo.example/r.ttl#r-{number}", REQUEST.sender, decision, NOW.replace(hour=number), IRI)
        )
    assert check(graph) == ()
    found = requests_.answers(graph)
    assert [one.decision for one in found] == [terms.DECISION_SILENCED, terms.DECISION_DECLINED]
    assert requests_.silenced(found) == {REQUEST.sender}
