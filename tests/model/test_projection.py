"""What goes into a dossier, field by field, and what stays out unless it is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from musette_solid.model import dossier, labels, projection
from musette_solid.model.dossier import USUAL, Selection
from musette_solid.rdf import syntax, terms
from tests.model.test_dossier import ACTIVITIES, AGREED, BAG, DOCUMENT, SELECTION, SOURCES, graph

TIME = f"{BAG}time/2026.ttl"
ENTRIES = graph(
    """
<#t-1> a mus:TimeEntry ; mus:activity <../activities.ttl#a-1> ; mus:minutes 150 ; dcterms:date "2026-11-02"^^xsd:date ; dcterms:description "secret" .
<#t-2> a mus:TimeEntry ; mus:activity <../activities.ttl#a-1> ; mus:minutes 45 ; dcterms:date "2026-11-09"^^xsd:date .
<#t-3> a mus:TimeEntry ; mus:activity <../activities.ttl#a-other> ; mus:minutes 600 ; dcterms:date "2026-11-09"^^xsd:date .
""",
    TIME,
)
RIGHTS = f"{BAG}rights.ttl"
LAW = "https://w3id.org/musette/rights/fr/"
ACCOUNTS = graph(
    f"""
<#u-cec> a mus:RightsAccount ; dcterms:title "CEC" ; mus:unit mus:unit-eur ; mus:scheme <{LAW}engagement-account#it> ; dcterms:valid "2031-12-31"^^xsd:date .
<#v-1> a mus:RightsMovement ; dcterms:isPartOf <#u-cec> ; dcterms:date "2024-12-31"^^xsd:date ; mus:amount 240.0 ; mus:movementState mus:movementState-simulated ; prov:used <#f-1> .
<#v-2> a mus:RightsMovement ; dcterms:isPartOf <#u-cec> ; dcterms:date "2025-12-31"^^xsd:date ; mus:amount 240.0 ; mus:movementState mus:movementState-simulated .
<#v-3> a mus:RightsMovement ; dcterms:isPartOf <#u-cec> ; dcterms:date "2026-02-01"^^xsd:date ; mus:amount 240.0 ; mus:movementState mus:movementState-official ; dcterms:description "secret" .
<#u-carers> a mus:RightsAccount ; dcterms:title "Aidants" ; mus:unit mus:unit-day ; mus:scheme <{LAW}carers#it> .
<#v-4> a mus:RightsMovement ; dcterms:isPartOf <#u-carers> ; dcterms:date "2024-12-31"^^xsd:date ; mus:amount -22.0 ; mus:movementState mus:movementState-simulated .
<#f-1> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 8000.0 ; dcterms:date "2024"^^xsd:gYear .
""",
    RIGHTS,
)
ALL = frozenset(labels.concepts(terms.DETAILS))


def shown(detail: frozenset[URIRef] = frozenset(), **more: object) -> Graph:
    chosen = replace(SELECTION, detail=detail, **more)  # type: ignore[arg-type]
    return projection.project({**SOURCES, TIME: ENTRIES, RIGHTS: ACCOUNTS}, chosen, AGREED, DOCUMENT)


def said(found: Graph) -> set[str]:
    """The properties of the things in the dossier, without those of the dossier itself."""
    it = URIRef(f"{DOCUMENT}#it")
    return {str(p) for s, p, _ in found if s != it and str(s).startswith(DOCUMENT)}


def test_without_any_detail_only_titles_and_spheres_are_shown() -> None:
    expected = {terms.RDF_TYPE, terms.DCTERMS_TITLE, terms.SPHERE, terms.MOBILISES, terms.SKOS_PREF_LABEL}
    assert said(shown()) == set(map(str, expected))


DETAILS = {
    terms.DETAIL_TEXT: {terms.SCHEMA_ROLE_NAME, terms.DCTERMS_DESCRIPTION, terms.ACHIEVEMENT},
    terms.DETAIL_PLACES: {terms.SCHEMA_LOCATION, terms.ORG_ORGANIZATION, terms.FOAF_NAME, terms.SCHEMA_URL},
    terms.DETAIL_DATES: {terms.SCHEMA_START_DATE, terms.SCHEMA_END_DATE},
    terms.DETAIL_YEARS: {terms.SCHEMA_START_DATE, terms.SCHEMA_END_DATE},
    terms.DETAIL_WEEKLY_HOURS: {terms.WEEKLY_HOURS},
    terms.DETAIL_TOTAL_HOURS: {terms.TOTAL_MINUTES},
    terms.DETAIL_EACH_HOUR: {terms.TOTAL_MINUTES},
    terms.DETAIL_LEVEL: {terms.SKILL, terms.LEVEL, terms.PROV_WAS_ATTRIBUTED_TO},
    terms.DETAIL_LEVELS: {terms.SKILL, terms.LEVEL, terms.PROV_WAS_ATTRIBUTED_TO},
    terms.DETAIL_RIGHTS: {
        terms.UNIT,
        terms.DCTERMS_VALID,
        terms.DCTERMS_IS_PART_OF,
        terms.DCTERMS_DATE,
        terms.AMOUNT,
        terms.MOVEMENT_STATE,
    },
    terms.DETAIL_EVIDENCE: {terms.EVIDENCE, terms.DCTERMS_PUBLISHER, terms.DCTERMS_DESCRIPTION, terms.SCHEMA_URL},
}


def test_every_detail_of_the_vocabulary_does_something() -> None:
    assert set(DETAILS) == ALL


@pytest.mark.parametrize("detail", sorted(DETAILS), ids=lambda iri: iri.partition("-")[2])
def test_a_detail_adds_its_own_properties_and_no_other(detail: URIRef) -> None:
    assert said(shown(frozenset({detail}))) - said(shown()) == set(map(str, DETAILS[detail]))


@given(st.frozensets(st.sampled_from(sorted(ALL))), st.frozensets(st.sampled_from(sorted(ALL))))
def test_more_detail_never_shows_less(one: frozenset[URIRef], other: frozenset[URIRef]) -> None:
    assert said(shown(one)) <= said(shown(one | other))


def test_dates_cut_to_the_year_say_nothing_finer() -> None:
    found = shown(frozenset({terms.DETAIL_YEARS, terms.DETAIL_LEVEL, terms.DETAIL_EVIDENCE}))
    things = [o for s, p, o in found if isinstance(o, Literal) and p in {terms.SCHEMA_START_DATE, terms.DCTERMS_DATE}]
    assert {str(o.datatype) for o in things} == {str(terms.XSD_G_YEAR)}
    assert b"2019-03" not in syntax.turtle(found)


def test_hours_as_a_total_say_no_day() -> None:
    found = dossier.read(shown(USUAL | {terms.DETAIL_TOTAL_HOURS}))
    assert found.activities[0].total_minutes == 345
    assert found.entries == ()
    assert TIME in {
        str(o) for o in shown(USUAL | {terms.DETAIL_TOTAL_HOURS}).objects(None, terms.PROV_WAS_DERIVED_FROM)
    }


def test_hours_day_by_day_are_those_of_what_was_chosen_without_their_words() -> None:
    found = dossier.read(shown(USUAL | {terms.DETAIL_EACH_HOUR}))
    assert sorted(entry.minutes for entry in found.entries) == [45, 150, 150]
    assert {entry.description for entry in found.entries} == {None}
    assert b"600" not in syntax.turtle(shown(USUAL | {terms.DETAIL_EACH_HOUR}))


def test_days_of_hours_stay_out_where_dates_are_cut() -> None:
    found = dossier.read(shown(frozenset({terms.DETAIL_YEARS, terms.DETAIL_EACH_HOUR})))
    assert found.entries == ()
    assert found.activities[0].total_minutes == 345


def test_the_history_of_levels_is_shown_only_when_asked() -> None:
    assert [
        len(dossier.read(shown(frozenset({d}))).skills[0].assessments)
        for d in (terms.DETAIL_LEVEL, terms.DETAIL_LEVELS)
    ] == [1, 2]


def test_a_sensitive_activity_stays_out_unless_it_is_named() -> None:
    care = graph('<#a-care> a mus:Activity ; dcterms:title "Au quotidien" ; mus:sphere mus:sphere-care .', ACTIVITIES)
    iri = f"{ACTIVITIES}#a-care"
    chosen = Selection(frozenset({iri, f"{ACTIVITIES}#a-1"}))
    sources = {ACTIVITIES: SOURCES[ACTIVITIES] + care}
    found = projection.choose(sources, chosen)
    assert [one.iri for one in found.activities] == [f"{ACTIVITIES}#a-1"]
    assert [one.iri for one in found.held_back] == [iri]
    assert b"Au quotidien" not in syntax.turtle(projection.project(sources, chosen, AGREED, DOCUMENT))
    named = replace(chosen, named=frozenset({URIRef(iri)}))
    assert b"Au quotidien" in syntax.turtle(projection.project(sources, named, AGREED, DOCUMENT))


def test_naming_what_was_not_chosen_shows_nothing_more() -> None:
    found = projection.choose(SOURCES, replace(SELECTION, named=frozenset({f"{ACTIVITIES}#a-2"})))
    assert [one.iri for one in found.activities] == [f"{ACTIVITIES}#a-1"]


def test_what_a_private_activity_took_in_hours_stays_out_with_it() -> None:
    care = graph('<#a-other> a mus:Activity ; dcterms:title "Soin" ; mus:sphere mus:sphere-care .', ACTIVITIES)
    chosen = Selection(
        frozenset({f"{ACTIVITIES}#a-1", f"{ACTIVITIES}#a-other"}), detail=USUAL | {terms.DETAIL_EACH_HOUR}
    )
    found = projection.project({ACTIVITIES: SOURCES[ACTIVITIES] + care, TIME: ENTRIES}, chosen, AGREED, DOCUMENT)
    assert b"600" not in syntax.turtle(found)


def test_a_dossier_says_whether_it_follows_its_sources() -> None:
    assert dossier.read(shown(USUAL, live=True)).live
    assert not dossier.read(shown(USUAL)).live
    assert dossier.read(shown(USUAL)).detail == USUAL


def test_rights_stay_out_unless_their_balances_are_chosen_and_then_without_what_they_come_from() -> None:
    assert b"CEC" not in syntax.turtle(shown(ALL - {terms.DETAIL_RIGHTS}))
    found = shown(USUAL | {terms.DETAIL_RIGHTS})
    (account,) = dossier.read(found).accounts
    assert account.title == "CEC"
    assert (int(account.balance(official=True)), int(account.balance(official=False))) == (240, 480)
    assert len(account.entries) == 2
    written = syntax.turtle(found)
    for private in (b"8000", b"secret", b"Aidants", b"gross-salary", b"2024-12-31", b"prov:used"):
        assert private not in written
    assert RIGHTS in {str(o) for o in found.objects(None, terms.PROV_WAS_DERIVED_FROM)}
