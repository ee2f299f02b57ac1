"""What holds of every scheme of rights that we ship: sources, examples, sentences, and a calculation for each rule."""

import ast
import inspect
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest

from musette_solid import shipped
from musette_solid.model import labels
from musette_solid.model.rights import cases, schemes
from musette_solid.model.rights.calculations import CALCULATIONS, claims
from musette_solid.model.rights.conclusions import Status
from musette_solid.model.rights.explanation import NOT_BINDING, explain
from musette_solid.model.rights.measures import KINDS
from musette_solid.model.rights.schemes import Rule, Scheme
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

TODAY = date(2026, 11, 25)
FILES = sorted((shipped.VOCAB / "rights").rglob("*.ttl"))
LANGUAGES = {"fr", "en"}


@lru_cache(maxsize=1)
def everything() -> tuple[Scheme, ...]:
    proposals = [path for path in FILES if path.parent.name == "proposals"]
    read = [
        schemes.read(syntax.parse(p.read_bytes(), syntax.TURTLE, f"{schemes.PUBLISHED}proposals/{p.stem}"))
        for p in proposals
    ]
    return (*schemes.law(), *(scheme for found in read for scheme in found))


SCHEMES = everything()
RULES = [rule for scheme in SCHEMES for rule in scheme.rules]
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scheme_file_fits_its_shapes(path: Path) -> None:
    graph = syntax.parse(path.read_bytes(), syntax.TURTLE, f"{schemes.PUBLISHED}{path.parent.name}/{path.stem}")
    assert check(graph) == ()


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.slug)
def test_a_scheme_has_a_source_and_examples_that_hold_and_that_do_not(scheme: Scheme) -> None:
    assert scheme.citations
    assert set(scheme.title) == set(scheme.description) == set(scheme.ask) == LANGUAGES
    found = {
        result.conclusion.status
        for rule in scheme.rules
        for example in rule.examples
        if (result := cases.run_example(rule, example, SCHEMES, TODAY)).conclusion
    }
    assert {Status.MET, Status.NOT_MET} <= found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_has_a_source_two_examples_and_words_in_both_languages(rule: Rule) -> None:
    assert rule.citations
    assert rule.confidence in {"official", "agreeing", "single"}
    assert len(rule.examples) >= 2
    for texts in (rule.title, rule.met, rule.not_met, rule.remedy):
        assert set(texts) == LANGUAGES
    assert set(rule.uncertainty) in (set(), LANGUAGES)
    for wanted in rule.inputs:
        assert set(wanted.question) == set(wanted.label) == LANGUAGES
        assert wanted.question["fr"].endswith("\u00a0?")
        assert wanted.measure in KINDS
    for parameter in rule.parameters:
        assert parameter.citations
        assert parameter.values, parameter.iri
        assert set(parameter.title) == LANGUAGES


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda one: one.iri.partition("/rights/")[2])
def test_a_worked_example_gives_what_it_says(rule: Rule, example: schemes.Example) -> None:
    result = cases.run_example(rule, example, SCHEMES, TODAY)
    assert result.fits, (result.expected, result.obtained)
    assert result.unknown_names == ()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda one: one.iri.partition("/rights/")[2])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_an_explanation_reads_as_sentences(rule: Rule, example: schemes.Example, language: str) -> None:
    conclusion = cases.run_example(rule, example, SCHEMES, TODAY).conclusion
    assert conclusion
    said = explain(conclusion, language)
    assert said.not_binding == NOT_BINDING[language]
    for text in (said.summary, *(line.text for line in said.lines)):
        assert "…" not in text
        assert "{" not in text
        assert re.match(r"[A-ZÀÉ0-9«“-]", text), text
        assert re.search(r"[.?]$", text), text
        assert "  " not in text
        if language == "fr":
            assert not re.search(r"(?<![\u202f\u00a0])[;?!]|[^\u00a0\w/]:", text), text


@pytest.mark.parametrize("name", sorted(CALCULATIONS))
def test_a_calculation_and_the_rules_that_name_it_know_the_same_names(name: str) -> None:
    """Data and methods, one to one: each name that the calculation asks is in each rule, and the other way round."""
    named = [rule for rule in RULES if rule.calculation == name]
    assert named, "no rule uses it"
    asked = _asked(CALCULATIONS[name])
    for rule in named:
        declared = {
            "inputs": {i.key for i in rule.inputs if i.measure != "year"},
            "parameters": {p.key for p in rule.parameters},
            "conditions": {c.key for c in rule.conditions},
        }
        for kind, names in declared.items():
            unused = {key for key in names if not any(pattern.fullmatch(key) for pattern in asked[kind])}
            assert not unused, f"{rule.key}: {kind} that the calculation never asks for: {unused}"
        conditions = declared["conditions"]
        for example in rule.examples:
            conclusion = cases.run_example(rule, example, SCHEMES, TODAY).conclusion
            assert conclusion
            assert {step.key for step in conclusion.steps} <= conditions
            assert not any(step.because for step in conclusion.steps)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_rule_names_a_calculation_that_exists(rule: Rule) -> None:
    assert rule.calculation in CALCULATIONS


def test_every_measure_is_used() -> None:
    assert {wanted.measure for rule in RULES for wanted in rule.inputs} == set(KINDS)


def test_every_unit_and_kind_of_fact_is_declared() -> None:
    units = {schemes.short(concept) for concept in labels.concepts(terms.UNITS)}
    kinds = set(map(str, labels.concepts(terms.FACT_KINDS)))
    for rule in RULES:
        assert {p.unit for p in rule.parameters} <= units
        assert {i.unit for i in rule.inputs} | {o.unit for o in rule.outputs} <= units | {""}
        assert {*rule.fact_kinds, *(kind for i in rule.inputs for kind in i.fact_kinds)} <= kinds
    asked = {kind for rule in RULES for i in rule.inputs for kind in i.fact_kinds}
    assert asked == kinds


_INPUTS = {
    "known", "number", "maybe_number", "flag", "maybe_flag", "day", "maybe_day", "text", "texts", "amounts",
}  # fmt: skip
_PARAMETERS = {"parameter", "quantity", "has_parameter", "applies"}
_CONDITIONS = {"check", "compute", "doubt", "deadline"}


def _asked(function: object) -> dict[str, set[re.Pattern[str]]]:
    """The names that a calculation gives to `Evaluation`, through the functions of its module; f-strings are patterns."""
    module = inspect.getmodule(function)
    assert isinstance(module, ModuleType)
    tree = ast.parse(inspect.getsource(module))
    bodies = [*tree.body, *ast.parse(inspect.getsource(claims)).body]  # what any calculation may use
    functions = {node.name: node for node in reversed(bodies) if isinstance(node, ast.FunctionDef)}
    waiting, seen = [function.__name__], set()  # type: ignore[attr-defined]  # a plain function
    found: dict[str, set[re.Pattern[str]]] = {"inputs": set(), "parameters": set(), "conditions": set()}
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        strings = {_pattern(n) for n in ast.walk(functions[name])} - {None}
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                waiting.append(node.func.id)
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            of = node.func.attr
            kind = (
                "inputs"
                if of in _INPUTS
                else "parameters"
                if of in _PARAMETERS
                else "conditions"
                if of in _CONDITIONS
                else ""
            )
            if kind:
                own = _pattern(node.args[0] if of != "deadline" else node.args[1])
                # A name in a variable is one of the texts of the functions that lead here.
                found[kind] |= {own} if own else {p for p in strings if p}
    for other in (functions[name] for name in seen if name in functions):
        if any(isinstance(n, ast.Name) and n.id in seen for n in ast.walk(other)):
            # A text that is given to another of these functions may be a name there.
            for patterns in found.values():
                patterns |= {p for p in (_pattern(n) for n in ast.walk(other)) if p}
    if any(isinstance(node, ast.Assign | ast.AnnAssign) for node in tree.body):
        found["conditions"] |= {
            p
            for node in tree.body
            for p in (_pattern(n) for n in ast.walk(node))
            if p and isinstance(node, ast.AnnAssign)
        }
    return found


def _pattern(node: ast.AST) -> re.Pattern[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.compile(re.escape(node.value))
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w-]+" for v in node.values]
        return re.compile("".join(parts))
    return None
