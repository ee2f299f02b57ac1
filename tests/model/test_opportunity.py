"""Why an offer may concern somebody: held, missing, unknown, each by words; never a score."""

from datetime import date

from musette_solid.model.activity import Activity
from musette_solid.model.opportunity import Match, Opportunity, by_reasons, match
from musette_solid.model.skill import Skill

SKILLS = [
    Skill("#s1", "Accueillir du public"),
    Skill("#s2", "Souder"),
    Skill("#s3", "C"),
    Skill("#s4", "Tenir une caisse"),
]


def test_what_is_asked_is_held_or_missing() -> None:
    offer = Opportunity("#o", "Animer", skills=("accueillir le public", "Anglais courant", "C++"))
    found = match(offer, SKILLS, [])
    assert [(one.skill.label, one.asked, one.is_listed) for one in found.held] == [
        ("Accueillir du public", "accueillir le public", True)
    ]
    assert found.missing == ("Anglais courant", "C++")


def test_a_skill_that_only_the_text_names_is_said_so() -> None:
    offer = Opportunity("#o", "Atelier", text="Il faudra souder et tenir la caisse.")
    found = match(offer, SKILLS, [])
    assert {(one.skill.label, one.is_listed) for one in found.held} == {("Souder", False), ("Tenir une caisse", False)}
    assert found.missing == ()
    assert "skills" in found.unknown


def test_what_nobody_says_is_unknown() -> None:
    assert match(Opportunity("#o", "X"), [], []) == Match(unknown=("skills", "place", "until"))
    known = Opportunity("#o", "X", place="Démo-Ville, Centre", skills=("a b",), until=date(2026, 12, 1))
    assert match(known, [], []).unknown == ("distance",)


def test_a_place_one_has_been() -> None:
    offer = Opportunity("#o", "X", place="Démoville, Centre")
    here, there = Activity("#a", "Là", location="Demoville"), Activity("#b", "Ici", location="Ailleurs")
    assert match(offer, [], [there, here]).place == here
    assert match(offer, [], [there]).place is None


def test_those_that_ask_for_more_of_ones_skills_come_first() -> None:
    held = match(Opportunity("#2", "B", skills=("souder",)), SKILLS, [])
    pairs = [(Opportunity("#1", "A", until=date(2026, 1, 1)), Match()), (Opportunity("#2", "B"), held)]
    assert [offer.title for offer, _ in by_reasons(pairs)] == ["B", "A"]
