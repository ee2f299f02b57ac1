"""What-ifs: named, compared with today and one another, and in nothing that anybody else is shown."""

import json
from datetime import date
from decimal import Decimal

import pytest
from rdflib import URIRef

from musette_solid.model.dates import PartialDate
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.labels import concepts
from musette_solid.model.portfolio import Portfolio
from musette_solid.model.rights.supposing import ending
from musette_solid.model.rights.supposing import suppose as suppose_alone
from musette_solid.model.scenario import supposed_life
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import archive, export_all, publish, show_in_profile
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.imagine import (
    compare,
    correct_supposed,
    imagine,
    list_scenarios,
    remove_scenario,
    remove_supposed,
    suppose,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.say_value import say_values
from musette_solid.usecases.share import NothingChosen, new_id, preview
from musette_solid.usecases.take_out import put_back
from musette_solid.usecases.write_cv import write_cv
from musette_solid.usecases.write_thing import said
from tests.usecases.conftest import NOW

TODAY = NOW.date()
#: Whatever is only supposed says this: found anywhere else, it leaked.
CANARY = "canari-suppose"

PREFIXES = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ACTIVITIES = f"""{PREFIXES}
<#a-job> a mus:Activity ; dcterms:title "Caissier" ; mus:sphere mus:sphere-employment ; schema:startDate "2020-01-01"^^xsd:date ;
  mus:weeklyHours 35 ; org:organization <#o-1> ; mus:mobilises <skills.ttl#s-till> .
<#a-mission> a mus:Activity ; dcterms:title "Inventaire" ; mus:sphere mus:sphere-employment ; schema:startDate "2024"^^xsd:gYear ;
  dcterms:isPartOf <#a-job> ; mus:weeklyHours 5 .
<#a-club> a mus:Activity ; dcterms:title "Club" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2022"^^xsd:gYear ;
  mus:mobilises <skills.ttl#s-group> .
<#a-old> a mus:Activity ; dcterms:title "Avant" ; mus:sphere mus:sphere-employment ; schema:startDate "2010"^^xsd:gYear ;
  schema:endDate "2015"^^xsd:gYear ; mus:mobilises <skills.ttl#s-books> .
<#o-1> a org:Organization ; foaf:name "Magasin démo" .
"""
SKILLS = f"""{PREFIXES}
<#s-till> a mus:Skill ; skos:prefLabel "tenir une caisse" .
<#s-group> a mus:Skill ; skos:prefLabel "animer un groupe" .
<#s-books> a mus:Skill ; skos:prefLabel "tenir des comptes" .
"""


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    for name, body in (("activities", ACTIVITIES), ("skills", SKILLS)):
        server.put_bytes(bag.layout.document(name), body.encode())
    return bag


def activity(bag: Bag, name: str) -> str:
    return f"{bag.layout.activities}#a-{name}"


def skill(bag: Bag, name: str) -> str:
    return f"{bag.layout.skills}#s-{name}"


@pytest.fixture
def scenario(full: Bag) -> str:
    texts = {
        "title": [f"À mon compte {CANARY}"],
        "startDate": ["2027-01-01"],
        "endDate": ["2027-12-31"],
        "wouldEnd": [activity(full, "job")],
        "description": [CANARY],
    }
    return imagine(full, texts, NOW)


@pytest.fixture
def supposed(full: Bag, scenario: str) -> str:
    texts = {
        "title": [f"Comptabilité {CANARY}"],
        "sphere": [str(terms.SPHERE_SELF_EMPLOYMENT)],
        "isPartOf": [scenario],
        "weeklyHours": ["20"],
        "monthlyAmount": ["1500,50"],
        "mobilises": [skill(full, "books")],
        "wouldLearn": [f"démarcher {CANARY}", f"facturer {CANARY}"],
    }
    return suppose(full, texts, NOW, {str(terms.DIMENSION_MEANING): 4})


def fresh(bag: Bag) -> Bag:
    bag.pod.cache = Cache()
    return bag


def test_what_is_imagined_fits_its_shapes_and_is_read_again(full: Bag, scenario: str, supposed: str) -> None:
    (one,) = list_scenarios(fresh(full)).scenarios
    assert one.iri == scenario
    assert one.ends == (activity(full, "job"),)
    (inside,) = one.supposed
    assert (inside.iri, inside.weekly_hours, inside.monthly_amount) == (supposed, Decimal(20), Decimal("1500.5"))
    assert check(resources.read(full.pod, full.layout.scenarios).graph) == ()


def test_time_skills_and_value_stand_beside_today_with_their_rows(full: Bag, scenario: str, supposed: str) -> None:
    say_values(full, activity(full, "club"), {str(terms.DIMENSION_MEANING): (2, "")}, TODAY, NOW)
    found = compare(full, TODAY, [scenario], with_rights=False)
    today, (column,) = found.today, found.columns
    # A mission's hours are its job's; what does not say its hours is a row without a figure.
    assert today.hours[terms.SPHERE_EMPLOYMENT].said == Decimal(35)
    assert [row.title for row in today.hours[terms.SPHERE_EMPLOYMENT].rows] == ["Caissier"]
    assert today.hours[terms.SPHERE_VOLUNTEERING].said is None
    assert [row.title for row in today.all_hours.silent] == ["Club"]
    then = column.side
    assert terms.SPHERE_EMPLOYMENT not in then.hours, "the job ends, and its mission with it"
    assert then.hours[terms.SPHERE_SELF_EMPLOYMENT].said == Decimal(20)
    assert [s.label for s in column.skills.gained] == ["tenir des comptes"]
    assert [s.label for s in column.skills.left] == ["tenir une caisse"]
    assert [s.label for s in column.skills.kept] == ["animer un groupe"]
    assert len(then.learns) == 2
    assert [(row.weight, row.is_supposed) for row in then.values[terms.DIMENSION_MEANING]] == [(4, True), (2, False)]
    assert [row.weight for row in today.values[terms.DIMENSION_MEANING]] == [2]


def test_an_activity_that_is_over_by_then_is_not_counted(full: Bag) -> None:
    closing = (URIRef(activity(full, "club")), terms.SCHEMA_END_DATE, PartialDate(2028).literal())
    resources.insert(full.pod, full.layout.activities, syntax.graph_of([closing]))
    texts = {"title": ["Plus tard"], "startDate": ["2030"], "endDate": ["2031"]}
    found = compare(full, TODAY, [imagine(full, texts, NOW)], with_rights=False)
    assert terms.SPHERE_VOLUNTEERING in found.today.hours
    assert terms.SPHERE_VOLUNTEERING not in found.columns[0].side.hours


def test_rights_are_supposed_in_the_one_way_there_is(full: Bag, scenario: str, supposed: str) -> None:
    (one,) = list_scenarios(full).scenarios
    life = explain_rights(full, TODAY).life
    alone = suppose_alone(
        ending(life, date(2027, 1, 1), one.ends),
        title=one.supposed[0].title,
        sphere=str(terms.SPHERE_SELF_EMPLOYMENT),
        start=date(2027, 1, 1),
        end=date(2027, 12, 31),
        weekly_hours=Decimal(20),
        monthly_amount=Decimal("1500.5"),
        ends_contracts=False,
        name=supposed.partition("#")[2],
    )
    assert supposed_life(life, one) == alone
    found = compare(full, TODAY, [scenario])
    assert found.columns[0].rights is not None
    assert found.columns[0].rights.changes, "a year without the job changes quarters"
    # Nothing of it stays: today's rights are what they were.
    assert explain_rights(full, TODAY).life == life


def test_two_what_ifs_stand_side_by_side(full: Bag, scenario: str, supposed: str) -> None:
    other = imagine(
        full,
        {"title": ["Soin"], "startDate": ["2027-03"], "endDate": ["2028-02"]},
        NOW,
        [{"title": ["Ma mère"], "sphere": [str(terms.SPHERE_CARE)], "weeklyHours": ["12"]}],
    )
    found = compare(full, TODAY)
    assert [column.scenario.iri for column in found.columns] == [scenario, other]
    assert found.columns[1].side.hours[terms.SPHERE_CARE].said == Decimal(12)
    assert found.columns[1].side.hours[terms.SPHERE_EMPLOYMENT].said == Decimal(35)


def _everything_shown(bag: Bag) -> dict[str, str]:
    """Everything that is made to be shown to somebody else, with all that it could hold chosen."""
    everyone = frozenset(one.iri for one in list_activities(bag).activities)
    skills = frozenset(one.iri for one in list_activities(bag).skills)
    scenarios = list_scenarios(bag).scenarios
    inside = frozenset({one.iri for one in scenarios} | {s.iri for one in scenarios for s in one.supposed})
    every = frozenset(concepts(terms.DETAILS))
    chosen = Selection(everyone | inside, skills | inside, every, everyone | inside, live=True)
    agreed = Terms("Dossier", bag.owner, None, "https://a.example/#it", str(terms.PURPOSE_RECRUITMENT), NOW, TODAY)
    return {
        "dossier": preview(bag, chosen, agreed, new_id()).turtle.decode(),
        "portfolio": publish.preview(
            bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=chosen)
        ).page.data.decode(),
        "profile": syntax.turtle(show_in_profile.show(bag, chosen, NOW).written).decode(),
        "cv": repr(write_cv(bag, NOW, chosen=chosen.everything)),
        "json resume": json.dumps(export_all.export_json_resume(bag)[0], ensure_ascii=False),
        "europass": export_all.export_europass(bag, NOW)[0].decode(),
        "csv": export_all.export_csv(bag)[0].decode(),
        "calendar": export_all.export_icalendar(bag, NOW)[0].decode(),
    }


def test_nothing_supposed_is_in_anything_that_is_shown(full: Bag, scenario: str, supposed: str) -> None:
    for name, text in _everything_shown(full).items():
        assert ("Caissier" in text) is (name != "calendar"), f"{name} holds nothing of it"
        assert CANARY not in text, name
        assert scenario not in text, name
        assert supposed not in text, name


def test_a_what_if_alone_makes_no_dossier(full: Bag, scenario: str, supposed: str) -> None:
    agreed = Terms("Dossier", full.owner, None, "https://a.example/#it", str(terms.PURPOSE_RECRUITMENT), NOW, TODAY)
    with pytest.raises(NothingChosen):
        preview(full, Selection(frozenset({scenario, supposed})), agreed, new_id())


def test_no_other_list_of_the_bag_knows_what_is_supposed(full: Bag, scenario: str, supposed: str) -> None:
    assert len(list_activities(full).activities) == 4
    assert not {scenario, supposed} & {one.iri for one in explain_rights(full, TODAY).life.activities}
    assert not any(one.activity == supposed for one in list_scenarios(full).statements)


def test_ones_own_archive_takes_what_ifs_along(full: Bag, scenario: str) -> None:
    assert b"scenarios.ttl" in archive.make(full, NOW).data


def test_what_is_supposed_is_corrected_and_said_again(full: Bag, scenario: str, supposed: str) -> None:
    graph = resources.read(full.pod, full.layout.scenarios).graph
    seen = version_of(graph, supposed)
    texts = said(graph, terms.SupposedActivityShape, supposed) | {"weeklyHours": ["24"]}
    correct_supposed(full, supposed, texts, NOW, seen, {str(terms.DIMENSION_CARE): 1})
    listed = list_scenarios(fresh(full))
    assert listed.supposed(supposed).weekly_hours == Decimal(24)
    assert listed.weights(supposed) == {terms.DIMENSION_CARE: 1}
    with pytest.raises(ChangedMeanwhile):
        correct_supposed(full, supposed, texts, NOW, seen)


def test_what_is_removed_goes_whole_and_comes_back_whole(full: Bag, scenario: str, supposed: str) -> None:
    before = set(resources.read(full.pod, full.layout.scenarios).graph)
    removed = remove_scenario(full, scenario)
    listed = list_scenarios(fresh(full))
    assert (listed.scenarios, listed.supposed_statements) == ((), ())
    put_back(full, removed.packed)
    assert set(resources.read(fresh(full).pod, full.layout.scenarios).graph) == before
    remove_supposed(full, supposed)
    (one,) = list_scenarios(fresh(full)).scenarios
    assert one.supposed == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": [""]},
        {"startDate": []},
        {"endDate": ["2026-01-01"]},
        {"endDate": ["2040"]},
        {"startDate": ["bientôt"]},
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(full: Bag, wrong: dict[str, list[str]]) -> None:
    texts = {"title": ["Et si"], "startDate": ["2027"], "endDate": ["2028"], **wrong}
    with pytest.raises(Unfit):
        imagine(full, texts, NOW)
    assert list_scenarios(fresh(full)).scenarios == ()


def test_a_weight_out_of_the_scale_and_an_unknown_scenario_are_refused(full: Bag, scenario: str) -> None:
    texts = {"title": ["Quoi"], "sphere": [str(terms.SPHERE_CARE)], "isPartOf": [scenario]}
    with pytest.raises(Unfit):
        suppose(full, texts, NOW, {str(terms.DIMENSION_CARE): 9})
    with pytest.raises(NotThere):
        suppose(full, {**texts, "isPartOf": [f"{full.layout.scenarios}#w-other"]}, NOW)
    assert list_scenarios(fresh(full)).scenarios[0].supposed == ()


def test_what_another_application_wrote_without_a_period_is_shown_without_rights(full: Bag, server: MemoryPod) -> None:
    body = PREFIXES + '<#w-1> a mus:Scenario ; dcterms:title "Flou" . <#u-1> a mus:SupposedActivity .'
    server.put_bytes(full.layout.scenarios, body.encode())
    (column,) = compare(full, TODAY).columns
    assert column.rights is None
    assert column.side.hours[terms.SPHERE_EMPLOYMENT].said == Decimal(35)
