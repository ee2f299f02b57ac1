from datetime import date, timedelta

import pytest

from musette_solid.model.time import Month, Unclear
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.log_time import (
    NoSuchActivity,
    WhichActivity,
    correct_entry,
    list_month,
    log_line,
    log_time,
    remove_entry,
)
from musette_solid.usecases.take_out import put_back
from tests.usecases.conftest import NOW

TODAY = NOW.date()
NOVEMBER = Month.from_text("2026-11")


@pytest.fixture
def repair(bag: Bag) -> str:
    texts = {"title": ["Repair café"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return log_activity(bag, texts, NOW)


def test_a_line_becomes_an_entry(bag: Bag, repair: str) -> None:
    entry = log_line(bag, "2 h 30 repair café hier", TODAY)
    assert (entry.minutes, entry.on, str(entry.activity)) == (150, date(2026, 11, 21), repair)
    assert entry.counterpart == terms.COUNTERPART_GIVEN
    assert list_month(bag, NOVEMBER).total == timedelta(hours=2, minutes=30)


def test_an_hour_costs_one_request_once_the_year_was_seen(server: MemoryPod, bag: Bag, repair: str) -> None:
    server.requests.clear()
    for _ in range(3):
        log_time(bag, repair, 60, TODAY)
    assert [request.method for request in server.requests] == ["GET", "PATCH", "PATCH", "PATCH"]


def test_a_line_that_fits_two_activities_asks_which(bag: Bag, repair: str) -> None:
    log_activity(bag, {"title": ["Café des langues"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    with pytest.raises(WhichActivity) as question:
        log_line(bag, "1 h café", TODAY)
    assert len(question.value.details["candidates"]) == 2


def test_a_line_that_fits_none_says_so(bag: Bag, repair: str) -> None:
    with pytest.raises(NoSuchActivity):
        log_line(bag, "1 h jardinage", TODAY)


@pytest.mark.parametrize("line", ["repair café", "25 h repair café", "0 min repair café", ""])
def test_a_line_that_says_no_possible_time_is_refused(server: MemoryPod, bag: Bag, repair: str, line: str) -> None:
    with pytest.raises(Unclear):
        log_line(bag, line, TODAY)
    assert list_month(bag, NOVEMBER).entries == ()


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_day_has_1440_minutes(bag: Bag, repair: str, minutes: int) -> None:
    with pytest.raises(Unfit):
        log_time(bag, repair, minutes, TODAY)
    assert list_month(bag, NOVEMBER).entries == ()


def test_totals_are_exact_and_a_day_over_24_hours_is_a_question(bag: Bag, repair: str) -> None:
    for minutes in (800, 700, 7):
        log_time(bag, repair, minutes, TODAY)
    listing = list_month(bag, NOVEMBER)
    assert listing.total == timedelta(minutes=1507)
    assert listing.by_activity == ((repair, timedelta(minutes=1507)),)
    assert listing.by_sphere == ((str(terms.SPHERE_VOLUNTEERING), timedelta(minutes=1507)),)
    assert listing.too_full == (TODAY,)


def test_an_entry_is_corrected_moved_to_another_year_deleted_and_put_back(bag: Bag, repair: str) -> None:
    entry = log_time(bag, repair, 60, TODAY)
    correct_entry(bag, str(entry.iri), repair, 90, TODAY, None, "tri des pièces", now=NOW)
    (found,) = list_month(bag, NOVEMBER).entries
    assert (found.minutes, found.description) == (90, "tri des pièces")
    correct_entry(bag, str(entry.iri), repair, 90, date(2025, 12, 31), None, "", now=NOW)
    assert list_month(bag, NOVEMBER).entries == ()
    (moved,) = list_month(bag, Month.from_text("2025-12")).entries
    removed = remove_entry(bag, str(moved.iri))
    assert list_month(bag, Month.from_text("2025-12")).entries == ()
    put_back(bag, removed.packed)
    assert list_month(bag, Month.from_text("2025-12")).total == timedelta(minutes=90)


def test_a_skill_has_a_level_evidence_and_activities(bag: Bag, repair: str) -> None:
    evidence = {"title": ["Attestation"], "url": ["https://example.org/a.pdf"]}
    iri = skills.declare_skill(
        bag,
        {"prefLabel": ["Réparer un grille-pain"]},
        NOW,
        level=str(terms.LEVEL_AUTONOMOUS),
        evidence=evidence,
        used_in=[repair],
    )
    found = skills.one_skill(bag, iri)
    assert found.skill.current is not None
    assert found.skill.current.level == terms.LEVEL_AUTONOMOUS
    assert [e.title for e in found.skill.evidence] == ["Attestation"]
    assert [a.iri for a in found.used_in] == [repair]


def test_assessments_are_added_and_never_overwritten(bag: Bag) -> None:
    iri = skills.declare_skill(bag, {"prefLabel": ["Compter"]}, NOW, level=str(terms.LEVEL_ASSISTED))
    skills.assess(bag, iri, str(terms.LEVEL_ADAPTING), date(2028, 1, 1), "deux ans après")
    levels = [a.level for a in skills.one_skill(bag, iri).skill.assessments]
    assert levels == [terms.LEVEL_ASSISTED, terms.LEVEL_ADAPTING]


def test_a_level_outside_the_scale_is_refused_and_nothing_is_written(bag: Bag) -> None:
    with pytest.raises(Unfit):
        skills.declare_skill(bag, {"prefLabel": ["Compter"]}, NOW, level="https://w3id.org/musette#level-divine")
    assert list_activities(bag).skills == ()


def test_a_skill_is_corrected_and_taken_out_with_what_points_to_it(bag: Bag, repair: str) -> None:
    iri = skills.declare_skill(bag, {"prefLabel": ["Souder"]}, NOW, level=str(terms.LEVEL_ASSISTED), used_in=[repair])
    seen = skills.one_skill(bag, iri).version
    skills.correct_skill(bag, iri, {"prefLabel": ["Souder à l’étain"]}, NOW, seen)
    (found,) = list_activities(bag).skills
    assert found.label == "Souder à l’étain"
    assert len(found.assessments) == 1
    skills.remove_skill(bag, iri, NOW)
    listing = list_activities(bag)
    assert listing.skills == ()
    assert listing.activities[0].mobilises == ()


def test_a_skill_with_its_history_is_json_ld_of_our_context_and_fits_the_shapes(bag: Bag, repair: str) -> None:
    skill = skills.declare_skill(
        bag,
        {"prefLabel": ["Tenir la trésorerie du club"], "description": ["Depuis 2022."]},
        NOW,
        level=str(terms.LEVEL_ASSISTED),
        evidence={"title": ["Bilan"], "url": ["https://proof.example/"], "date": ["2024-03-12"]},
        used_in=[repair],
    )
    skills.assess(
        bag, skill, str(terms.LEVEL_ADAPTING), TODAY, "Deux bilans.", way=str(terms.ASSESSMENT_WAY_SEEN), now=NOW
    )
    graph = resources.read(bag.pod, bag.layout.skills).graph
    assert check(graph) == ()
    document = syntax.json_ld(graph)
    words = {word for one in document["@graph"] for word in one}
    assert not [word for word in words if ":" in word]
    assert {"prefLabel", "level", "assessmentWay", "wasAttributedTo", "evidence"} <= words
    assert set(syntax.parse(syntax.json_ld_bytes(graph), syntax.JSON_LD, bag.layout.skills)) == set(graph)
