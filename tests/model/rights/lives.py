"""Lives for tests, in Turtle, as a bag holds them."""

from datetime import date

from musette_solid.model import activity, time
from musette_solid.model.rights import facts
from musette_solid.model.rights.conclusions import Conclusion
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Outcome
from musette_solid.rdf import syntax

BASE = "https://demo.example/musette/rights.ttl"
_PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())


def life(turtle: str, as_of: date) -> Life:
    graph = syntax.parse((_PREFIXES + turtle).encode(), syntax.TURTLE, BASE)
    return Life(activity.read(graph), facts.read(graph), time.read(graph), as_of)


def of(outcome: Outcome, rule: str, year: int | None = None) -> Conclusion:
    """The conclusion of a rule (by its key), in a year."""
    (found,) = [c for c in outcome.conclusions if c.rule.key == rule and (year is None or c.year == year)]
    return found


def hours(name: str, activity_: str, year: int, count: int) -> str:
    """So many whole hours, ten a day at most, from the first of January."""
    lines = []
    day = date(year, 1, 1).toordinal()
    left = count
    while left:
        spent = min(10, left)
        on = date.fromordinal(day).isoformat()
        lines.append(
            f'<#{name}-{on}> a mus:TimeEntry ; mus:activity {activity_} ; dcterms:date "{on}"^^xsd:date ; mus:minutes {spent * 60} .'
        )
        left -= spent
        day += 1
    return "\n".join(lines)


#: A person born in 1990, and the year 2024: a contract, a search, a micro-enterprise, two associations, a parent.
PATH = """
<#job> a mus:Activity ; dcterms:title "CDD" ; mus:sphere mus:sphere-employment ; mus:weeklyHours 35.0 ;
    schema:startDate "2024-01-02"^^xsd:date ; schema:endDate "2024-04-30"^^xsd:date .
<#search> a mus:Activity ; dcterms:title "Recherche" ; mus:sphere mus:sphere-job-search ;
    schema:startDate "2024-05"^^xsd:gYearMonth ; schema:endDate "2024-10"^^xsd:gYearMonth .
<#micro> a mus:Activity ; dcterms:title "Micro-entreprise" ; mus:sphere mus:sphere-self-employment ;
    schema:startDate "2024-11"^^xsd:gYearMonth .
<#platform> a mus:Activity ; dcterms:title "Courses" ; mus:sphere mus:sphere-platform-work ;
    schema:startDate "2024-11"^^xsd:gYearMonth .
<#asso> a mus:Activity ; dcterms:title "Repair café" ; mus:sphere mus:sphere-volunteering ; schema:roleName "Trésorier" ;
    schema:startDate "2020"^^xsd:gYear ; org:organization <#o-1> .
<#o-1> a org:Organization ; foaf:name "Association A" .
<#other> a mus:Activity ; dcterms:title "Maraude" ; mus:sphere mus:sphere-volunteering ;
    schema:startDate "2023"^^xsd:gYear ; org:organization <#o-2> .
<#o-2> a org:Organization ; foaf:name "Association B" .
<#care> a mus:Activity ; dcterms:title "Un parent" ; mus:sphere mus:sphere-care ; schema:startDate "2023"^^xsd:gYear .

<#f-birth> a mus:RightsFact ; mus:factKind mus:factKind-birth-date ; mus:statedDay "1990-05-02"^^xsd:date .
<#f-salary> a mus:IncomeStatement ; mus:factKind mus:factKind-gross-salary ; mus:amount 8000.0 ; dcterms:date "2024"^^xsd:gYear ;
    mus:activity <#job> .
<#f-days> a mus:RightsFact ; mus:factKind mus:factKind-unemployment-days ; mus:amount 150.0 ; dcterms:date "2024"^^xsd:gYear .
<#f-turnover> a mus:IncomeStatement ; mus:factKind mus:factKind-turnover-bnc ; mus:amount 2648.0 ; dcterms:date "2024"^^xsd:gYear ;
    mus:activity <#micro> .
<#f-platform> a mus:IncomeStatement ; mus:factKind mus:factKind-platform-turnover ; mus:amount 1900.0 ;
    dcterms:date "2024"^^xsd:gYear ; mus:activity <#platform> .
<#f-declared> a mus:RightsFact ; mus:factKind mus:factKind-association-declared ; mus:statedDay "2019-01-01"^^xsd:date ;
    mus:activity <#asso> .
<#f-ajpa> a mus:RightsFact ; mus:factKind mus:factKind-ajpa-days ; mus:amount 22.0 ; dcterms:date "2024-12"^^xsd:gYearMonth ;
    mus:activity <#care> .
"""
