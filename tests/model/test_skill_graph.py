"""The graph of skills: groups by sphere, by age, by proof; nodes for what they are linked to."""

from datetime import date

from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.skill_graph import Age, By, Kind, SkillGraph, graph
from musette_solid.model.standing import standing
from musette_solid.rdf import terms

TODAY = date(2026, 11, 22)
ME, OTHER = "https://demo.example/#me", "https://mentor.example/#me"

CLUB = Activity("#a-1", "Club", terms.SPHERE_VOLUNTEERING, PartialDate.from_text("2019"), mobilises=("#s-1", "#s-2"))
SHOP = Activity(
    "#a-2",
    "Magasin",
    terms.SPHERE_EMPLOYMENT,
    PartialDate.from_text("2010"),
    PartialDate.from_text("2015"),
    mobilises=("#s-1", "#s-3"),
)
SKILLS = (
    Skill("#s-1", "Tenir la caisse", evidence=(Evidence("#e-1", "Bilan", "https://proof.example/"),)),
    Skill("#s-2", "Animer", learnt_from=("#p-1",), assessments=(Assessment("#m-1", "#s-2", by=OTHER),)),
    Skill("#s-3", "Ranger"),
    Skill("#s-4", "Écouter"),
)


def made(by: By) -> SkillGraph:
    standings = [standing(skill, (CLUB, SHOP), ME, TODAY) for skill in SKILLS]
    return graph(standings, {"#p-1": "D. M.", OTHER: "N. R."}, ME, TODAY, by)


def keys(found: SkillGraph) -> dict[str, list[str]]:
    return {group.key: [one.label for one in group.skills] for group in found.groups}


def test_by_sphere_a_skill_is_wherever_it_serves() -> None:
    assert keys(made(By.SPHERE)) == {
        str(terms.SPHERE_EMPLOYMENT): ["Ranger", "Tenir la caisse"],
        str(terms.SPHERE_VOLUNTEERING): ["Animer", "Tenir la caisse"],
        "": ["Écouter"],
    }
    assert [one.label for one in made(By.SPHERE).skills] == ["Animer", "Écouter", "Ranger", "Tenir la caisse"]


def test_by_age_of_the_last_use() -> None:
    assert keys(made(By.AGE)) == {Age.NOW: ["Animer", "Tenir la caisse"], Age.OLD: ["Ranger"], Age.UNKNOWN: ["Écouter"]}


def test_by_proof_ones_word_alone_comes_last() -> None:
    assert keys(made(By.PROOF)) == {
        str(terms.GUARANTEE_DOCUMENTED): ["Tenir la caisse"],
        "attested": ["Animer"],
        "": ["Écouter", "Ranger"],
    }


def test_what_they_are_linked_to_are_nodes() -> None:
    found = made(By.SPHERE)
    assert {node.label: node.kind for node in found.nodes.values()} == {
        "Club": Kind.ACTIVITY,
        "Magasin": Kind.ACTIVITY,
        "Bilan": Kind.EVIDENCE,
        "D. M.": Kind.PERSON,
        "N. R.": Kind.PERSON,
    }
    only = found.only(str(terms.SPHERE_VOLUNTEERING))
    assert [one.label for one in only.skills] == ["Animer", "Tenir la caisse"]
