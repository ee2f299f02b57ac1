"""Two imports never give a thing the same name: what is there already is recognised by what it says."""

import pytest
from rdflib import Graph

from musette_solid.model import activity as activities_of
from musette_solid.model import matching, skill
from musette_solid.model.dates import PartialDate
from musette_solid.model.matching import Comparison
from musette_solid.rdf import syntax, terms

BAG = "https://demo.example/musette/"
ACTIVITIES, SKILLS = f"{BAG}activities.ttl", f"{BAG}skills.ttl"
PREFIXES = """
@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
"""
ME = "<https://demo.example/#me>"


def graph(turtle: str, document: str) -> Graph:
    return syntax.parse((PREFIXES + turtle).encode(), syntax.TURTLE, document)


def compare(new: tuple[str, str], existing: tuple[str, str]) -> Comparison:
    return matching.split(
        {ACTIVITIES: graph(new[0], ACTIVITIES), SKILLS: graph(new[1], SKILLS)},
        {ACTIVITIES: graph(existing[0], ACTIVITIES), SKILLS: graph(existing[1], SKILLS)},
    )


def job(name: str, title: str = "Cuisinière", start: str = "2019-03", organization: str = "Café Lumen") -> str:
    return f"""<#a-{name}> a mus:Activity ; dcterms:title "{title}" ; mus:sphere mus:sphere-employment ;
        schema:startDate "{start}" ; org:organization <#o-{name}> . <#o-{name}> a org:Organization ; foaf:name "{organization}" ."""


def a_skill(name: str, label: str, more: str = "") -> str:
    return f'<#s-{name}> a mus:Skill ; skos:prefLabel "{label}" {more} .'


def fragments(graph_: Graph) -> set[str]:
    return {str(node).partition("#")[2] for node in graph_.subjects(None, None)}


def test_the_same_things_under_other_names_are_nothing_new() -> None:
    one = (
        job("1") + '<#e-1> a mus:Evidence ; dcterms:title "Diplôme" ; dcterms:date "2019" .',
        a_skill("1", "Cuisine", "; mus:evidence <#e-1>")
        + f'<#m-1> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-autonomous ; prov:wasAttributedTo {ME} ; dcterms:date "2026-01-01" .'
        + '<#e-1> a mus:Evidence ; dcterms:title "CAP" ; dcterms:publisher "Lycée" .',
    )
    # Another day: an import dates an assessment with the day of the import.
    two = tuple(text.replace("-1", "-2").replace("2026-01-02", "2026-11-22") for text in one)
    compared = compare((two[0], two[1]), one)
    assert [len(part) for part in compared.new.values()] == [0, 0]
    assert sorted(compared.duplicates) == ["CAP", "Cuisine", "Cuisinière", "Diplôme"]


def test_case_accents_and_precision_make_no_difference() -> None:
    compared = compare((job("2", "cuisiniere", "2019", "CAFE LUMEN"), ""), (job("1"), ""))
    assert len(compared.new[ACTIVITIES]) == 0


def test_another_role_in_the_same_organisation_joins_it() -> None:
    compared = compare((job("2", "Gérante", "2021"), ""), (job("1"), ""))
    new = compared.new[ACTIVITIES]
    assert fragments(new) == {"a-2"}
    assert {str(o) for o in new.objects(None, terms.ORG_ORGANIZATION)} == {f"{ACTIVITIES}#o-1"}


def test_the_same_role_elsewhere_or_at_another_time_is_new() -> None:
    new = job("2", organization="Autre café") + job("3", start="2023")
    assert {"a-2", "a-3"} <= fragments(compare((new, ""), (job("1"), "")).new[ACTIVITIES])


def test_a_file_that_says_a_thing_twice_says_it_once() -> None:
    compared = compare((job("1") + job("2"), ""), ("", ""))
    assert fragments(compared.new[ACTIVITIES]) == {"a-1", "o-1"}


def test_new_activities_point_to_the_skills_that_are_there() -> None:
    new = job("2", start="2022") + "<#a-2> mus:mobilises <skills.ttl#s-2>, <skills.ttl#s-3> ."
    compared = compare((new, a_skill("2", "CUISINE") + a_skill("3", "Pâtisserie")), ("", a_skill("1", "Cuisine")))
    assert {str(o) for o in compared.new[ACTIVITIES].objects(None, terms.MOBILISES)} == {
        f"{SKILLS}#s-1",
        f"{SKILLS}#s-3",
    }
    assert fragments(compared.new[SKILLS]) == {"s-3"}


def test_a_new_narrower_skill_finds_the_broader_one_that_is_there() -> None:
    new = a_skill("2", "Cuisine") + a_skill("3", "Sauces", "; skos:broader <#s-2>")
    added = compare(("", new), ("", a_skill("1", "Cuisine"))).new[SKILLS]
    (found,) = skill.read(added)
    assert (found.label, found.broader) == ("Sauces", f"{SKILLS}#s-1")


def test_a_skill_that_is_there_keeps_its_place() -> None:
    new = a_skill("2", "Cuisine") + a_skill("3", "Sauces", "; skos:broader <#s-2>")
    there = a_skill("1", "Sauces", "; skos:broader <#s-0>") + a_skill("0", "Mon grimoire")
    added = compare(("", new), ("", there)).new[SKILLS]
    assert fragments(added) == {"s-2"}


def test_another_level_is_a_new_assessment_of_the_skill_that_is_there() -> None:
    def assessed(name: str, level: str) -> str:
        return a_skill(name, "Cuisine") + (
            f"<#m-{name}> a mus:Assessment ; mus:skill <#s-{name}> ; mus:level mus:level-{level} ; prov:wasAttributedTo {ME} ."
        )

    added = compare(("", assessed("2", "adapting")), ("", assessed("1", "autonomous"))).new[SKILLS]
    assert fragments(added) == {"m-2"}
    assert {str(o) for o in added.objects(None, terms.SKILL)} == {f"{SKILLS}#s-1"}


def test_a_new_proof_is_added_to_the_skill_that_is_there() -> None:
    new = a_skill("2", "Cuisine", "; mus:evidence <#e-2>") + '<#e-2> a mus:Evidence ; dcterms:title "CAP" .'
    added = compare(("", new), ("", a_skill("1", "Cuisine"))).new[SKILLS]
    assert {(str(s), str(o)) for s, o in added.subject_objects(terms.EVIDENCE)} == {(f"{SKILLS}#s-1", f"{SKILLS}#e-2")}


def test_a_certificate_of_another_year_or_issuer_is_another_one() -> None:
    def proof(name: str, date: str, issuer: str) -> str:
        return (
            f'<#e-{name}> a mus:Evidence ; dcterms:title "CAP" ; dcterms:date "{date}" ; dcterms:publisher "{issuer}" .'
        )

    new = proof("2", "2019", "Lycée") + proof("3", "2020", "Lycee") + proof("4", "2019", "CFA")
    assert fragments(compare(("", new), ("", proof("1", "2019", "Lycée"))).new[SKILLS]) == {"e-3", "e-4"}


def test_the_same_things_under_the_same_names_are_nothing_new_either() -> None:
    one = (job("1") + '<#e-1> a mus:Evidence ; dcterms:title "CAP" .', a_skill("1", "Cuisine"))
    assert all(len(part) == 0 for part in compare(one, one).new.values())


def test_what_is_recognised_is_told_with_both_names() -> None:
    (duplicate,) = compare((job("2"), ""), (job("1"), "")).recognised
    assert (duplicate.kind, duplicate.label) == ("activity", "Cuisinière")
    assert (duplicate.new, duplicate.existing) == (f"{ACTIVITIES}#a-2", f"{ACTIVITIES}#a-1")


def test_nothing_in_the_bag_is_ever_changed() -> None:
    new = (job("2") + '<#a-2> dcterms:description "Autre" .', a_skill("2", "Cuisine", '; dcterms:description "Autre"'))
    existing = (job("1"), a_skill("1", "Cuisine"))
    compared = compare(new, existing)
    assert all(len(part) == 0 for part in compared.new.values())


def test_a_proof_that_is_linked_already_is_nothing_new() -> None:
    """A credential is named after what it says: its name is the same each time, its skill's is not."""
    here = a_skill("1", "Cuisine", "; mus:evidence <#e-x>") + '<#e-x> a mus:Evidence ; dcterms:title "CAP" .'
    again = compare(("", a_skill("2", "Cuisine", "; mus:evidence <#e-x>")), ("", here))
    assert [len(part) for part in again.new.values()] == [0, 0]
    more = compare(("", a_skill("2", "Cuisine", "; mus:evidence <#e-y>")), ("", here))
    assert [len(part) for part in more.new.values()] == [0, 1]


def test_the_role_is_as_good_as_the_title() -> None:
    here = job("1", "Trésorière du club", "2019", "Club") + '<#a-1> schema:roleName "Trésorière" .'
    compared = compare((job("2", "Trésorière", "2019-03", "Club"), ""), (here, ""))
    assert [one.existing for one in compared.recognised] == [f"{ACTIVITIES}#a-1"]
    elsewhere = job("2", "Trésorière", "2019", "Club").replace("sphere-employment", "sphere-volunteering")
    assert not compare((elsewhere, ""), (here, "")).recognised


def test_the_first_of_several_that_fit_is_the_one() -> None:
    """By either of two names: the one that was there first."""
    here = job("1", "Trésorière") + job("2", "Autre") + '<#a-2> schema:roleName "Comptable" .'
    new = job("9", "Comptable") + '<#a-9> schema:roleName "Trésorière" .'
    first = activities_of.read(graph(here, ACTIVITIES))[0].iri
    assert [one.existing for one in compare((new, ""), (here, "")).recognised] == [first]


def test_thousands_at_one_place_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    compared_starts = 0
    really = PartialDate.agrees_with

    def counted(one: PartialDate, two: PartialDate) -> bool:
        nonlocal compared_starts
        compared_starts += 1
        return really(one, two)

    monkeypatch.setattr(PartialDate, "agrees_with", counted)
    many = "".join(job(str(n), f"Mission {n}") for n in range(500))
    compared = compare((many, ""), (many.replace("<#a-", "<#b-"), ""))
    assert len(compared.recognised) == 500
    assert compared_starts <= 1000


def test_ten_thousand_things_are_compared_in_a_moment() -> None:
    many = "".join(job(str(n), start=str(1970 + n % 50), organization=f"Café {n}") for n in range(1000))
    skills = "".join(a_skill(str(n), f"Compétence {n}") for n in range(1000))
    compared = compare((many, skills), (many.replace("-", "_").replace("mus:sphere_", "mus:sphere-"), skills))
    assert len(activities_of.read(compared.new[ACTIVITIES])) == 0
