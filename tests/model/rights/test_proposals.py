"""Rights written by anybody: what is taken, what is left out and named, and what strangers may try."""

from datetime import date

import pytest

from musette_solid.model.rights import schemes
from musette_solid.model.rights.conclusions import Status
from musette_solid.model.rights.explanation import explain
from musette_solid.model.rights.life import Evaluator
from musette_solid.model.rights.proposals import MAX_BYTES, NotAScheme, Proposal, read, shipped_examples
from musette_solid.rdf import syntax
from tests.model.rights.lives import PATH, hours, life, of

TODAY = date(2026, 11, 25)
SOURCE = "https://collective.example/volunteer-hours.ttl"
(NAME, TEXT), *_ = shipped_examples()
WHOLE = TEXT.decode()


def load(text: str, source: str = SOURCE) -> Proposal:
    return read(text.encode(), syntax.TURTLE, source, TODAY)


def test_the_example_that_ships_is_taken_whole() -> None:
    found = load(WHOLE)
    assert found.refused == ()
    (scheme,) = found.schemes
    assert scheme.is_proposal
    assert {rule.key for rule in scheme.rules} == {"proposition.formation", "proposition.retraite"}


def test_volunteer_hours_give_training_points_and_retirement_points_beside_the_law() -> None:
    (scheme,) = load(WHOLE).schemes
    lived = life(PATH + hours("a", "<#asso>", 2024, 310), date(2024, 12, 31))
    outcome = Evaluator((*schemes.law(), scheme)).evaluate(lived)
    training, retirement = (of(outcome, f"proposition.{name}", 2024) for name in ("formation", "retraite"))
    assert [(int(m.amount.number), m.account) for m in training.movements] == [(10, scheme.iri)]
    assert retirement.amount is not None
    assert retirement.amount.number == 2
    assert outcome.of_scheme(schemes.law()[0].iri)
    without = Evaluator(schemes.law()).evaluate(lived)
    assert [c for c in outcome.conclusions if c.rule.scheme != scheme.iri] == list(without.conclusions)


def test_a_file_that_says_it_is_in_force_is_a_proposal_all_the_same() -> None:
    (scheme,) = load(WHOLE.replace("schemeState-proposed", "schemeState-in-force")).schemes
    assert scheme.is_proposal


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('mus:calculation "units-for-hours"', 'mus:calculation "os.system"', "os.system"),
        ('mus:measure "hours"', 'mus:measure "__import__"', "__import__"),
        ('"points = 5"', '"points = 6"', "points = 5"),
        ("mus:unit mus:unit-hour", "mus:unit mus:unit-parsec", "unit"),
        ("{hours}", "{hours.__class__}", "__class__"),
        ("{hours}", "{0!r:>9999999}", "9999999"),
    ],
)
def test_a_rule_that_does_not_fit_is_named_and_the_other_is_used(before: str, after: str, said: str) -> None:
    """Only the first rule, which comes before the second in the file, is spoilt."""
    head, cut, tail = WHOLE.partition("# --- Retirement points")
    assert before in head
    found = load(head.replace(before, after, 1) + cut + tail)
    assert [refused.rule.rpartition("#")[2] for refused in found.refused] == ["training"]
    assert said in found.refused[0].said
    (scheme,) = found.schemes
    assert [rule.key for rule in scheme.rules] == ["proposition.retraite"]


def test_figures_that_cannot_be_worked_with_stop_one_rule_only() -> None:
    zero = WHOLE.replace('validFrom "2017-01-01"^^xsd:date ; mus:amount 20.0', 'validFrom "2017-01-01"^^xsd:date ; mus:amount 0.0')  # fmt: skip
    assert zero != WHOLE
    found = load(zero)
    assert [refused.rule.rpartition("#")[2] for refused in found.refused] == ["training"]


@pytest.mark.parametrize("value", ["1e900000", "1e-900000", "9" * 50 + ".0"])
def test_a_figure_beyond_all_measure_is_named_and_never_written_out(value: str) -> None:
    """Even where the worked examples agree with it."""
    found = load(WHOLE.replace("amount 20.0", f'amount "{value}"^^xsd:decimal', 1))
    assert [refused.rule.rpartition("#")[2] for refused in found.refused] == ["training"]
    assert "hours-for-a-unit-training" in found.refused[0].said


def test_an_amount_beyond_all_measure_in_a_bag_is_said_and_the_rest_is_worked_out() -> None:
    huge = PATH.replace("mus:amount 8000.0", 'mus:amount "8e900000"^^xsd:decimal')
    outcome = Evaluator(schemes.law()).evaluate(life(huge, date(2024, 12, 31)))
    assert of(outcome, "retraite.trimestres.salaire", 2024).status is Status.UNKNOWN
    assert of(outcome, "retraite.trimestres.assimiles", 2024).status is Status.MET
    for conclusion in outcome.conclusions:
        assert len(explain(conclusion, "fr").summary) < 1_000


def test_a_parameter_without_a_value_for_the_year_is_unknown_and_names_it() -> None:
    (scheme,) = load(WHOLE.replace('"2017-01-01"', '"2025-01-01"').replace("-2017-01-01>", "-2025-01-01>")).schemes
    outcome = Evaluator([scheme]).evaluate(life(PATH + hours("a", "<#asso>", 2024, 310), date(2024, 12, 31)))
    early = of(outcome, "proposition.formation", 2024)
    assert early.status is Status.UNKNOWN
    assert [step.because for step in early.steps] == ["parameter"]


def test_a_circle_of_rules_names_both() -> None:
    turning = WHOLE + (
        "<#training-in-circle> a mus:RightsInput ; dcterms:isPartOf <#training> ; mus:key 'circle' ; dcterms:title 'x'@fr , 'x'@en ; "
        "mus:question 'x ?'@fr , 'x?'@en ; mus:measure 'conclusion' ; mus:conclusionOf <#retirement> .\n"
        "<#retirement-in-circle> a mus:RightsInput ; dcterms:isPartOf <#retirement> ; mus:key 'circle' ; dcterms:title 'x'@fr , 'x'@en ; "
        "mus:question 'x ?'@fr , 'x?'@en ; mus:measure 'conclusion' ; mus:conclusionOf <#training> .\n"
    )
    with pytest.raises(NotAScheme, match="circle"):
        load(turning)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"<rdf:RDF/>",
        b"@prefix mus: <https://w3id.org/musette#> . <#it> a mus:RightsScheme .",
        WHOLE.encode() + b"#" * MAX_BYTES,
        b"<#a> <#b> " + b"[ <#b> " * 100_000 + b"]" * 100_000 + b" .",
        b"<#a> <#b> " + b"(" * 150_000,
        b"".join(b"<#s%d> <#p> <#o> .\n" % n for n in range(9_000)),
        WHOLE.encode() + b"<#x> <#y> [ <#z> <#it> ] .",
        WHOLE.encode() + b"<https://w3id.org/musette/rights/fr/common#p-smic> mus:key 'smic' .",
        WHOLE.encode() + b"<#v> dcterms:isPartOf <https://w3id.org/musette/rights/fr/common#p-smic> .",
        WHOLE.encode() + b"mus:factKind-birth-date mus:key 'x' .",
    ],
    ids=["empty", "noise", "xml", "bare", "large", "nested", "lists", "many", "blank", "law", "law-value", "vocabulary"],
)  # fmt: skip
def test_what_is_no_scheme_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(NotAScheme) as refused:
        read(data, syntax.TURTLE, SOURCE, TODAY)
    what, do = refused.value.sentences()
    assert what
    assert do


def test_ten_megabytes_are_not_even_parsed() -> None:
    with pytest.raises(NotAScheme, match="larger"):
        read(b" " * 10_000_000, syntax.TURTLE, SOURCE, TODAY)


def test_what_a_file_points_to_is_never_fetched() -> None:
    remote = b'{"@context": "http://169.254.169.254/latest", "@id": "x", "a": 1}'
    with pytest.raises(NotAScheme, match="never fetched"):
        read(remote, syntax.JSON_LD, SOURCE, TODAY)
