"""Conclusions and cases as plain data for programs: every step, with its facts, parameters and texts of law."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from musette_solid.model.rights.accounts import Account
from musette_solid.model.rights.cases import Result
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Step
from musette_solid.model.rights.explanation import NOT_BINDING, explain, say
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import standings


def conclusion_data(conclusion: Conclusion, language: str) -> dict[str, Any]:
    """One conclusion. Numbers that have no fraction are integers; others are written exactly, as JSON numbers."""
    said = explain(conclusion, language)
    rule = conclusion.rule
    return {
        "rule": rule.key,
        "rule_iri": rule.iri,
        "scheme": rule.scheme,
        "title": said.title,
        "status": conclusion.status.value,
        "on": conclusion.on.isoformat(),
        "year": conclusion.year,
        "activity": conclusion.subject,
        "amount": plain(conclusion.amount.number) if conclusion.amount else None,
        "unit": conclusion.amount.unit if conclusion.amount else None,
        "outputs": {key: plain(value) for key, value in conclusion.outputs.items()},
        "summary": said.summary,
        "steps": [
            _step(step, line.text, line.citations) for step, line in zip(conclusion.steps, said.lines, strict=True)
        ],
        "questions": list(said.questions),
        "movements": [
            {
                "account": m.account,
                "on": m.on.isoformat(),
                "amount": plain(m.amount.number),
                "unit": m.amount.unit,
                "counted": plain(m.counted.number),
                "proofs": list(m.proofs),
            }
            for m in conclusion.movements
        ],
        "deadlines": [{"on": d.on.isoformat(), "year": d.year} for d in conclusion.deadlines],
        "lacking": [{"amount": plain(q.number), "unit": q.unit} for q in conclusion.lacking],
        "certain": conclusion.is_certain,
        "sources": list(rule.citations),
        "confidence": rule.confidence,
        "uncertainty": said.uncertainty,
        "remedy": said.remedy,
        "facts": list(conclusion.sources),
        "binding": False,
        "notice": said.not_binding,
    }


def _step(step: Step, text: str, citations: tuple[str, ...]) -> dict[str, Any]:
    return {
        "condition": step.key,
        "status": step.status.value,
        "text": text,
        "values": {key: plain(value) for key, value in step.values.items()},
        "facts": [
            {"input": fact.key, "value": plain(fact.value), "how": fact.how, "from": list(fact.sources)}
            for fact in step.facts
        ],
        "parameters": [
            {
                "parameter": used.parameter,
                "value": plain(used.value.number),
                "unit": used.value.unit,
                "since": used.since.isoformat(),
            }
            for used in step.parameters
        ],
        "sources": list(citations),
        "asks": step.asks,
        "about": list(step.about),
    }


def result_data(result: Result, language: str) -> dict[str, Any]:
    conclusion = result.conclusion
    return {
        "id": result.id,
        "rule": result.rule,
        "input": plain(result.given),
        "expected": plain(result.expected),
        "obtained": plain(result.obtained),
        "fits": result.fits,
        "problem": result.problem,
        "unknown_names": list(result.unknown_names),
        "conclusion": conclusion_data(conclusion, language) if conclusion else None,
    }


def cases_data(results: list[Result], language: str) -> dict[str, Any]:
    fits = sum(result.fits for result in results)
    return {
        "notice": NOT_BINDING[language],
        "count": len(results),
        "fits": fits,
        "differs": len(results) - fits,
        "cases": [result_data(result, language) for result in results],
    }


def outcome_data(
    outcome: Outcome, accounts: Iterable[Account], schemes: Iterable[Scheme], language: str
) -> dict[str, Any]:
    """Everything that was concluded, the accounts beside what was copied officially, and what does not fit."""
    return {
        "notice": NOT_BINDING[language],
        "binding": False,
        "as_of": outcome.as_of.isoformat(),
        "conclusions": [conclusion_data(conclusion, language) for conclusion in outcome.conclusions],
        "accounts": [
            {
                "scheme": standing.scheme.iri,
                "title": say(standing.scheme.title, language),
                "proposal": standing.scheme.is_proposal,
                "unit": standing.scheme.unit,
                "simulated": plain(standing.simulated),
                "official": plain(standing.official),
                "difference": plain(standing.difference),
                "expires": plain(standing.expires),
            }
            for standing in standings(outcome, schemes, accounts)
            if standing.simulated or standing.official
        ],
        "problems": [
            {"problem": p.key, "year": p.year, "day": plain(p.day), "kind": p.kind, "about": list(p.about)}
            for p in outcome.problems
        ],
        "broken_rules": [{"rule": b.rule, "because": b.because, "said": b.said} for b in outcome.broken],
    }


def plain(value: Any) -> Any:
    """As JSON holds it. A decimal of at most 15 figures is written by JSON exactly as it is."""
    if isinstance(value, Quantity):
        return plain(value.number)
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if len(value.as_tuple().digits) <= 15 else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value
