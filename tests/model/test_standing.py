"""Where a skill stands is worked out, never stored: level on any day, last use, what vouches for it."""

from datetime import date

from rdflib import URIRef

from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.standing import State, by_agent, guarantee, last_use, on, rank, standing
from musette_solid.rdf import terms

ME, PEER = "https://me.example/#me", "https://peer.example/#me"
TODAY = date(2026, 11, 25)


def said(name: str, level: URIRef, day: str, by: str = ME, evidence: tuple[Evidence, ...] = ()) -> Assessment:
    return Assessment(name, "#s", level, by, date.fromisoformat(day), evidence=evidence)


SKILL = Skill(
    "#s",
    "Compter",
    assessments=(
        said("#m1", terms.LEVEL_ASSISTED, "2020-01-10"),
        said("#m2", terms.LEVEL_AUTONOMOUS, "2022-06-01"),
        said("#m3", terms.LEVEL_ADAPTING, "2024-03-01", PEER),
        said("#m4", terms.LEVEL_ADAPTING, "2026-01-01"),
    ),
)


def used(start: str, end: str | None = None) -> Activity:
    until = PartialDate.from_text(end) if end else None
    return Activity("#a", "Club", start=PartialDate.from_text(start), end=until, mobilises=("#s",))


def test_the_level_on_any_past_day_is_rebuilt() -> None:
    assert on(SKILL, date(2019, 12, 31)) == {}
    assert {by: one.level for by, one in on(SKILL, date(2023, 1, 1)).items()} == {ME: terms.LEVEL_AUTONOMOUS}
    now = on(SKILL, TODAY)
    assert {by: one.iri for by, one in now.items()} == {ME: "#m4", PEER: "#m3"}


def test_what_others_said_stands_beside_and_is_never_mixed() -> None:
    assert [one.iri for one in by_agent(SKILL)[ME]] == ["#m1", "#m2", "#m4"]
    assert [one.iri for one in by_agent(SKILL)[PEER]] == ["#m3"]


def test_a_level_outside_the_scale_has_no_rank() -> None:
    assert [
        rank(level) for level in (terms.LEVEL_DISCOVERING, terms.LEVEL_PASSING_ON, None, "https://x.example/9")
    ] == [
        1,
        5,
        0,
        0,
    ]


def test_a_skill_sleeps_two_years_after_its_last_use() -> None:
    asleep = standing(SKILL, [used("2019", "2023-05")], ME, TODAY)
    assert asleep.dormant_since == date(2023, 5, 31)
    assert standing(SKILL, [used("2019", "2025-05")], ME, TODAY).dormant_since is None
    assert standing(SKILL, [used("2019")], ME, TODAY).use.is_now
    assert standing(SKILL, [], ME, TODAY).use.day is None
    assert last_use([used("2020", "2021"), used("2019", "2022")], TODAY).day == date(2022, 12, 31)


def test_what_vouches_for_it_is_said_or_follows_from_a_link() -> None:
    link, word = Evidence("#e1", "Photo", url="https://x.example/p.jpg"), Evidence("#e2", "Ma parole")
    diploma = Evidence("#e3", "CAP", guarantee=terms.GUARANTEE_OFFICIAL)
    odd = Evidence("#e4", "?", guarantee=URIRef("https://x.example/high"))
    assert [guarantee(one) for one in (link, word, diploma, odd)] == [
        terms.GUARANTEE_DOCUMENTED,
        terms.GUARANTEE_DECLARED,
        terms.GUARANTEE_OFFICIAL,
        terms.GUARANTEE_DECLARED,
    ]
    proven = Skill("#s", "x", assessments=(said("#m", terms.LEVEL_ASSISTED, "2026-01-01", evidence=(diploma, link)),))
    found = standing(proven, [], ME, TODAY)
    assert (found.guarantee, found.states) == (terms.GUARANTEE_OFFICIAL, (State.PROVEN,))


def test_growing_proven_claimed() -> None:
    assert standing(SKILL, [], ME, TODAY).states == (State.GROWING, State.PROVEN)
    alone = Skill("#s", "x", assessments=SKILL.assessments[:2])
    assert standing(alone, [], ME, TODAY).states == (State.CLAIMED,)
    assert standing(Skill("#s", "x", evidence=(Evidence("#e", "dit"),)), [], ME, TODAY).states == (State.CLAIMED,)
