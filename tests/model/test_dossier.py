"""What a recipient sees: triple for triple what was chosen, and not a word more."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid.model import dossier, projection
from musette_solid.model.dossier import USUAL, Selection, Terms
from musette_solid.rdf import syntax, terms

BAG = "https://demo.example/musette/"
ACTIVITIES, SKILLS = f"{BAG}activities.ttl", f"{BAG}skills.ttl"
DOCUMENT = f"{BAG}shares/1/dossier.ttl"
OWNER, RECIPIENT = "https://demo.example/profile/card#me", "https://organisation.example/profile/card#me"
CANARY = "canari-qui-ne-doit-pas-sortir"
PREFIXES = """
@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix org: <http://www.w3.org/ns/org#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dpv: <https://w3id.org/dpv#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix x: <https://other.example/ns#> .
"""
MY_ACTIVITIES = f"""
<#a-1> a mus:Activity ; dcterms:title "Trésorière" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2019-03"^^xsd:gYearMonth ;
    schema:endDate "2021"^^xsd:gYear ; org:organization <#o-1> ; schema:roleName "Bureau" ; schema:location "Lyon" ;
    dcterms:description "Les comptes." ; mus:achievement "Budget voté" ; mus:mobilises <skills.ttl#s-1>, <skills.ttl#s-2> ; mus:evidence <#e-1> ;
    # never shared
    mus:weeklyHours 3.5 ; dcterms:created "2026-01-01T00:00:00Z"^^xsd:dateTime ; dcterms:modified "2026-02-02T00:00:00Z"^^xsd:dateTime ;
    dcterms:source <log/2026.ttl#{CANARY}> ; mus:with <people.ttl#{CANARY}> ; dcterms:isPartOf <#{CANARY}> ;
    x:secret "{CANARY}" ; mus:occupation <#{CANARY}> ; dcterms:title <#{CANARY}> ; x:boss [ foaf:name "{CANARY}" ] .
<#o-1> a org:Organization ; foaf:name "Club" ; schema:url <https://club.example/> ; schema:identifier "{CANARY}" ;
    dcterms:description "{CANARY}" ; org:hasMember <people.ttl#{CANARY}> .
<#e-1> a mus:Evidence ; dcterms:title "PV" ; schema:url <evidence/{CANARY}.pdf> ; dcterms:date "2020"^^xsd:gYear ;
    dcterms:publisher "Club" ; dcterms:description "Assemblée" ; dcterms:creator <people.ttl#{CANARY}> .
<#{CANARY}> a mus:Activity ; dcterms:title "{CANARY}" ; mus:sphere mus:sphere-care ; org:organization <#o-2> ; mus:evidence <#e-2> .
<#o-2> a org:Organization ; foaf:name "{CANARY}" .
<#e-2> a mus:Evidence ; dcterms:title "{CANARY}" .
<people.ttl#{CANARY}> a vcard:Individual ; foaf:name "{CANARY}" .
<#t-1> a mus:TimeEntry ; mus:activity <#a-1> ; mus:minutes 150 ; dcterms:date "2026-11-22"^^xsd:date ; dcterms:description "{CANARY}" .
"""
MY_SKILLS = f"""
<#s-1> a mus:Skill ; skos:prefLabel "Comptabilité" ; dcterms:description "Associative" ; mus:evidence <#e-1> ; skos:broader <#s-{CANARY}> ;
    dcterms:created "2026-01-01T00:00:00Z"^^xsd:dateTime ; dcterms:source <log/2026.ttl#{CANARY}> ; skos:closeMatch <https://{CANARY}.example/> .
<#m-1> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-discovering ; dcterms:date "2019-01-01"^^xsd:date ;
    dcterms:description "{CANARY}" ; prov:wasAttributedTo <https://demo.example/{CANARY}> .
<#m-2> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-autonomous ; dcterms:date "2026-01-01"^^xsd:date ;
    dcterms:description "{CANARY}" ; prov:wasAttributedTo <{OWNER}> ; mus:levelAsStated "{CANARY}" ; mus:evidence <#e-9> .
<#s-2> a mus:Skill ; skos:prefLabel "{CANARY}" ; mus:evidence <#e-3> .
<#m-3> a mus:Assessment ; mus:skill <#s-2> ; mus:level mus:level-discovering ; dcterms:description "{CANARY}" .
<#e-1> a mus:Evidence ; dcterms:title "Attestation" ; schema:url <https://club.example/attestation> .
<#e-3> a mus:Evidence ; dcterms:title "{CANARY}" .
<#e-9> a mus:Evidence ; dcterms:title "{CANARY}" .
"""
EXPECTED = f"""
<#it> a mus:Dossier ; dcterms:title "Pour le club" ; dcterms:creator <{OWNER}> ; mus:recipient <{RECIPIENT}> ;
    dpv:hasPurpose mus:purpose-recruitment ; dcterms:issued "2026-11-22T10:00:00Z"^^xsd:dateTime ; dcterms:valid "2027-02-22"^^xsd:date ;
    mus:currency mus:currency-frozen ; mus:detail mus:detail-text, mus:detail-places, mus:detail-dates, mus:detail-level, mus:detail-evidence ;
    dcterms:description "Bonjour" ; owl:versionInfo "1" ;
    prov:wasDerivedFrom <../../activities.ttl>, <../../skills.ttl> ; dcterms:hasPart <#a-1>, <#s-1> .
<{OWNER}> foaf:name "Demo" .
<#a-1> a mus:Activity ; dcterms:title "Trésorière" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2019-03"^^xsd:gYearMonth ;
    schema:endDate "2021"^^xsd:gYear ; org:organization <#o-1> ; schema:roleName "Bureau" ; schema:location "Lyon" ;
    dcterms:description "Les comptes." ; mus:achievement "Budget voté" ; mus:mobilises <#s-1> ; mus:evidence <#e-1> .
<#o-1> a org:Organization ; foaf:name "Club" ; schema:url <https://club.example/> .
<#e-1> a mus:Evidence ; dcterms:title "PV" ; dcterms:date "2020"^^xsd:gYear ; dcterms:publisher "Club" ; dcterms:description "Assemblée" .
<#s-1> a mus:Skill ; skos:prefLabel "Comptabilité" ; dcterms:description "Associative" ; mus:evidence <#e-1-2> .
<#m-2> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-autonomous ; dcterms:date "2026-01-01"^^xsd:date ;
    prov:wasAttributedTo <{OWNER}> .
<#e-1-2> a mus:Evidence ; dcterms:title "Attestation" ; schema:url <https://club.example/attestation> .
"""


def graph(turtle: str, document: str) -> Graph:
    return syntax.parse((PREFIXES + turtle).encode(), syntax.TURTLE, document)


SOURCES = {ACTIVITIES: graph(MY_ACTIVITIES, ACTIVITIES), SKILLS: graph(MY_SKILLS, SKILLS)}
SELECTION = Selection(frozenset({f"{ACTIVITIES}#a-1"}), frozenset({f"{SKILLS}#s-1"}))
AGREED = Terms(
    title="Pour le club",
    owner=OWNER,
    owner_name="Demo",
    recipient=RECIPIENT,
    purpose=str(terms.PURPOSE_RECRUITMENT),
    issued=datetime(2026, 11, 22, 10, tzinfo=UTC),
    until=date(2027, 2, 22),
    note="Bonjour",
)


def projected(selection: Selection = SELECTION) -> Graph:
    return projection.project(SOURCES, selection, AGREED, DOCUMENT)


def test_a_dossier_holds_what_was_chosen_triple_for_triple() -> None:
    assert set(projected()) == set(graph(EXPECTED, DOCUMENT))


def test_nothing_private_is_in_the_bytes() -> None:
    sources = b"".join(syntax.turtle(one) for one in SOURCES.values())
    assert sources.count(CANARY.encode()) > 20
    assert CANARY.encode() not in syntax.turtle(projected())


def test_the_same_choice_gives_the_same_bytes() -> None:
    reversed_sources = dict(reversed(SOURCES.items()))
    again = projection.project(reversed_sources, SELECTION, AGREED, DOCUMENT)
    assert syntax.turtle(again) == syntax.turtle(projected())


def test_the_weekly_hours_go_only_with_the_hours() -> None:
    chosen = Selection(SELECTION.activities, SELECTION.skills, detail=USUAL | {terms.DETAIL_WEEKLY_HOURS})
    added = set(projected(chosen)) - set(projected())
    assert added == {
        (URIRef(f"{DOCUMENT}#a-1"), terms.WEEKLY_HOURS, Literal("3.5", datatype=terms.XSD_DECIMAL)),
        (URIRef(f"{DOCUMENT}#it"), terms.DETAIL, terms.DETAIL_WEEKLY_HOURS),
    }


def test_an_activity_alone_does_not_name_its_skills() -> None:
    alone = projected(Selection(SELECTION.activities))
    assert not list(alone.triples((None, terms.MOBILISES, None)))
    assert set(alone.objects(None, terms.PROV_WAS_DERIVED_FROM)) == {URIRef(ACTIVITIES)}


def test_what_is_gone_meanwhile_is_simply_not_there() -> None:
    nothing = projected(Selection(frozenset({f"{ACTIVITIES}#a-gone"})))
    assert not list(nothing.objects(None, terms.DCTERMS_HAS_PART))


def test_selected_names_may_be_iris_of_rdflib() -> None:
    chosen = Selection(frozenset(map(URIRef, SELECTION.activities)), frozenset(map(URIRef, SELECTION.skills)))
    assert set(projected(chosen)) == set(projected())


def test_another_document_cannot_speak_for_the_chosen_activity() -> None:
    intruder = (
        graph(f'<activities.ttl#a-1> a mus:Activity ; dcterms:description "{CANARY}" .', SKILLS) + SOURCES[SKILLS]
    )
    found = projection.project(SOURCES | {SKILLS: intruder}, SELECTION, AGREED, DOCUMENT)
    assert set(found) == set(projected())


@pytest.mark.parametrize(
    "link",
    [
        '"https://demo.example/a b"',
        '"javascript:alert(1)"',
        "<urn:isbn:1>",
        f"<{BAG}evidence/x.pdf>",
        '"https://demo.example/<script>"',
    ],
)
def test_a_link_that_leads_nowhere_is_left_out(link: str) -> None:
    mine = graph(
        f'<#a-1> a mus:Activity ; mus:evidence <#e> . <#e> a mus:Evidence ; dcterms:title "PV" ; schema:url {link} .',
        ACTIVITIES,
    )
    found = projection.project({ACTIVITIES: mine}, SELECTION, AGREED, DOCUMENT)
    assert not list(found.objects(None, terms.SCHEMA_URL))
    assert syntax.parse(syntax.turtle(found), syntax.TURTLE, DOCUMENT)


def test_a_level_in_words_is_shown_when_there_is_no_other() -> None:
    mine = graph(
        '<#s-1> a mus:Skill ; skos:prefLabel "Espagnol" . <#m> a mus:Assessment ; mus:skill <#s-1> ; mus:levelAsStated "Native" .',
        SKILLS,
    )
    found = dossier.read(projection.project({SKILLS: mine}, SELECTION, AGREED, DOCUMENT))
    assert found.skills[0].current is not None
    assert found.skills[0].current.as_stated == "Native"


def test_the_recipient_reads_the_dossier_back() -> None:
    found = dossier.read(projected())
    assert (found.title, found.owner, found.owner_name, found.recipient) == ("Pour le club", OWNER, "Demo", RECIPIENT)
    assert (found.purpose, found.until, found.note) == (terms.PURPOSE_RECRUITMENT, date(2027, 2, 22), "Bonjour")
    assert found.issued == AGREED.issued
    assert [one.title for one in found.activities] == ["Trésorière"]
    assert found.activities[0].weekly_hours is None
    assert [one.label for one in found.skills] == ["Comptabilité"]
    assert dossier.read(
        projected(Selection(SELECTION.activities, detail=USUAL | {terms.DETAIL_WEEKLY_HOURS}))
    ).activities[0].weekly_hours == Decimal("3.5")


@pytest.mark.parametrize(("today", "expired"), [(date(2027, 2, 22), False), (date(2027, 2, 23), True)])
def test_a_dossier_is_valid_up_to_its_last_day(today: date, expired: bool) -> None:
    assert dossier.read(projected()).is_expired(today) is expired


def test_a_document_without_a_dossier_says_so() -> None:
    with pytest.raises(dossier.NotADossier):
        dossier.read(SOURCES[ACTIVITIES])
