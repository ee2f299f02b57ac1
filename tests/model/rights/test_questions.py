"""A question about one thing among several names it, and what is said of another is no answer."""

from datetime import date

from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Conclusion, Status
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.reporting import conclusion_data
from tests.model.rights.lives import hours, life, of

AS_OF = date(2025, 3, 1)
TWO = """
<#big> a mus:Activity ; dcterms:title "Atelier" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2020"^^xsd:gYear ; org:organization <#o-1> .
<#o-1> a org:Organization ; foaf:name "Repair café" .
<#small> a mus:Activity ; dcterms:title "Maraude" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2020"^^xsd:gYear ; org:organization <#o-2> .
<#o-2> a org:Organization ; foaf:name "La Soupe" .
<#f-b> a mus:RightsFact ; mus:factKind mus:factKind-birth-date ; mus:statedDay "1990-05-02"^^xsd:date .
"""
LOGGED = hours("e", "<#big>", 2024, 180) + "\n" + hours("g", "<#small>", 2024, 40)


def concluded(turtle: str, rule: str, year: int | None = None) -> Conclusion:
    return of(Evaluator(schemes.law()).evaluate(life(turtle, AS_OF)), rule, year)


def test_the_association_that_counts_is_named_in_each_question() -> None:
    found = concluded(TWO + LOGGED, "cec.benevolat", 2024)
    assert found.asked == ("on-board", "declared-on")
    assert explain(found, "fr").questions == (
        "Repair café – Siégez-vous dans l’organe de direction de l’association, ou y encadrez-vous d’autres bénévoles\u00a0?",
        "Repair café – Quel jour l’association a-t-elle été déclarée\u00a0?",
    )
    assert found.about("on-board") == ((next(iri for iri in found.sources if iri.endswith("#big")),), "Repair café")
    steps = conclusion_data(found, "en")["steps"]
    assert [step["about"][0].rpartition("#")[2] for step in steps if step["asks"]] == ["big", "big"]


def test_what_is_said_of_another_association_is_no_answer() -> None:
    said = """<#f-1> a mus:RightsFact ; mus:factKind mus:factKind-{kind} ; mus:answer mus:answer-{answer} ; mus:activity <#{activity}> .
    """
    other = said.format(kind="public-interest", answer="no", activity="small")
    assert concluded(TWO + LOGGED + other, "cec.benevolat", 2024).status is Status.UNKNOWN
    own = said.format(kind="public-interest", answer="no", activity="big")
    assert concluded(TWO + LOGGED + own, "cec.benevolat", 2024).status is Status.NOT_MET
    board = said.format(kind="on-board", answer="yes", activity="small")
    assert "on-board" in concluded(TWO + LOGGED + board, "cec.benevolat", 2024).asked


def test_the_contract_that_ended_last_is_named_and_the_one_without_hours_too() -> None:
    jobs = """
    <#first> a mus:Activity ; dcterms:title "Vendanges" ; mus:sphere mus:sphere-employment ;
        schema:startDate "2024-01-02"^^xsd:date ; schema:endDate "2024-06-30"^^xsd:date .
    <#last> a mus:Activity ; dcterms:title "Accueil" ; mus:sphere mus:sphere-employment ; mus:weeklyHours 35.0 ;
        schema:startDate "2024-07-01"^^xsd:date ; schema:endDate "2024-12-31"^^xsd:date .
    """
    opening = concluded(TWO + jobs, "are.ouverture")
    assert [q.partition(" – ")[0] for q in explain(opening, "fr").questions] == ["Accueil"]
    credit = concluded(TWO + jobs, "cpf", 2024)
    assert [q.partition(" – ")[0] for q in explain(credit, "en").questions] == ["Vendanges"]


CARE = """<#care> a mus:Activity ; dcterms:title "Un parent" ; mus:sphere mus:sphere-care ; schema:startDate "2022"^^xsd:gYear ;
    schema:endDate "2024"^^xsd:gYear .
"""
EVER = "<#f-e> a mus:RightsFact ; mus:factKind mus:factKind-family-insured ; mus:answer mus:answer-{} .\n"


def test_one_that_is_about_everything_names_nothing() -> None:
    (asked,) = explain(concluded(CARE, "retraite.trimestres.avpf", 2024), "fr").questions
    assert asked.startswith("La CAF ou la MSA vous a-t-elle un jour inscrit")


def test_whether_one_was_ever_registered_is_asked_once_for_every_year() -> None:
    for year in (2022, 2023, 2024):
        assert concluded(CARE + EVER.format("no"), "retraite.trimestres.avpf", year).status is Status.NOT_MET
        assert concluded(CARE + EVER.format("yes"), "retraite.trimestres.avpf", year).asked == ("months",)
