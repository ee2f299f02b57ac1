"""What goes along with the trajectory: a skill where it was used, a right as it was concluded, unknown where nobody can say."""

from datetime import date
from decimal import Decimal

import pytest

from musette_solid.model import activity, overview
from musette_solid.model.alongside import right_lines, skill_lines
from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Status
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.standing import Standing, standings
from musette_solid.model.trajectory import Period
from musette_solid.rdf import syntax

BASE = "https://pod.example/musette/"
TODAY = date(2026, 11, 22)
HEAD = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
ACTIVITIES = """
<#a-1> a mus:Activity ; dcterms:title "A" ; mus:sphere mus:sphere-employment ; mus:mobilises <skills.ttl#s-1> ;
    schema:startDate "2010-01"^^xsd:gYearMonth ; schema:endDate "2012-06-30"^^xsd:date .
<#a-2> a mus:Activity ; dcterms:title "B" ; mus:sphere mus:sphere-volunteering ; mus:mobilises <skills.ttl#s-1> , <skills.ttl#s-2> ;
    schema:startDate "2012-07-01"^^xsd:date ; schema:endDate "2013"^^xsd:gYear .
<#a-3> a mus:Activity ; dcterms:title "C" ; mus:mobilises <skills.ttl#s-1> ; schema:startDate "2020"^^xsd:gYear .
"""
SKILLS = """
<#s-1> a mus:Skill ; skos:prefLabel "Souder" .
<#s-2> a mus:Skill ; skos:prefLabel "Animer" .
<#s-3> a mus:Skill ; skos:prefLabel "Jamais" .
<#as-1> a mus:Assessment ; mus:skill <#s-2> ; mus:level mus:level-autonomous ; dcterms:date "2013-05-01"^^xsd:date .
<#as-2> a mus:Assessment ; mus:skill <#s-2> ; mus:level mus:level-passing-on ; dcterms:date "2025-05-01"^^xsd:date .
"""


def read_both() -> tuple[tuple[activity.Mobilising, ...], tuple[overview.JudgedSkill, ...]]:
    return (
        overview.activities_with_skills((HEAD + ACTIVITIES).encode(), syntax.TURTLE, BASE + "activities.ttl"),
        overview.skills_in_time((HEAD + SKILLS).encode(), syntax.TURTLE, BASE + "skills.ttl"),
    )


def test_a_skill_is_in_use_where_an_activity_calls_on_it_and_periods_that_touch_are_one() -> None:
    activities, skills = read_both()
    lines = skill_lines(skills, activities, Period(date(2000, 1, 1), TODAY), TODAY)
    assert [line.skill.label for line in lines] == ["Animer", "Souder"]  # what was judged first; nothing said, no line
    assert lines[1].used == (Period(date(2010, 1, 1), date(2013, 12, 31)), Period(date(2020, 1, 1), TODAY))
    assert [on.year for on, _ in lines[0].judged] == [2013, 2025]


def test_a_window_cuts_what_passes_its_edges() -> None:
    activities, skills = read_both()
    lines = skill_lines(skills, activities, Period(date(2013, 1, 1), date(2013, 6, 30)), TODAY)
    assert [(line.skill.label, line.used) for line in lines] == [
        ("Animer", (Period(date(2013, 1, 1), date(2013, 6, 30)),)),
        ("Souder", (Period(date(2013, 1, 1), date(2013, 6, 30)),)),
    ]
    assert len(lines[0].judged) == 1


@pytest.fixture(scope="module")
def concluded() -> tuple[Standing, ...]:
    text = HEAD + "".join(
        f'<#a-{n}> a mus:Activity ; dcterms:title "Emploi {n}" ; mus:sphere mus:sphere-{sphere} ; mus:weeklyHours 35.0 ; '
        f'schema:startDate "{2015 + n}-01-01"^^xsd:date ; schema:endDate "{2016 + n}-12-31"^^xsd:date .\n'
        for n, sphere in enumerate(("employment", "volunteering", "employment"))
    )
    activities = activity.read(syntax.parse(text.encode(), syntax.TURTLE, BASE + "activities.ttl"))
    law = schemes.law()
    return standings(Evaluator(law).evaluate(Life(activities, (), (), TODAY)), law, ())


def test_what_nobody_can_say_stays_unknown_and_a_silent_year_is_left_out(concluded: tuple[Standing, ...]) -> None:
    window = Period(date(2010, 1, 1), TODAY)
    lines = right_lines(concluded, window)
    assert lines
    for line, standing in ((line, s) for line in lines for s in concluded if s.scheme.iri == line.scheme.iri):
        said = {year.year: year for year in line.years}
        for conclusion in standing.conclusions:
            if conclusion.status is Status.UNKNOWN:
                assert said[conclusion.year].status in {Status.MET, Status.UNKNOWN}
                assert said[conclusion.year].is_open
        assert set(said) <= {c.year for c in standing.conclusions}
    assert any(year.status is Status.UNKNOWN for line in lines for year in line.years)


def test_what_a_year_gave_is_the_sum_of_its_movements(concluded: tuple[Standing, ...]) -> None:
    for line in right_lines(concluded, Period(date(2010, 1, 1), TODAY)):
        standing = next(s for s in concluded if s.scheme.iri == line.scheme.iri)
        given = sum((year.given.number for year in line.years if year.given), Decimal(0))
        moved = sum((m.counted.number for c in standing.conclusions for m in c.movements), Decimal(0))
        assert given == moved
