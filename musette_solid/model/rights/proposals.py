"""Rights that do not exist yet: a scheme file from anybody, checked before anything is worked out with it.

A file can only choose: calculations and measures by their names, parameters of its own or those that the law's schemes
share, sentences whose braces are filled with figures. It is limited in size and in everything it holds; nothing that it
points to is ever fetched; whatever it says of itself, it is shown as a proposal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter
from typing import Final

from rdflib import BNode, Graph, URIRef

from musette_solid import shipped
from musette_solid.errors import N_, MusetteError
from musette_solid.model import labels
from musette_solid.model.rights import cases, schemes
from musette_solid.model.rights.calculations import CALCULATIONS
from musette_solid.model.rights.evaluation import is_beyond_measure
from musette_solid.model.rights.life import in_order
from musette_solid.model.rights.measures import MEASURES
from musette_solid.model.rights.schemes import Parameter, Rule, Scheme
from musette_solid.model.validation import check
from musette_solid.rdf import syntax, terms

MAX_BYTES: Final = 200_000
MAX_TRIPLES: Final = 4_000
MAX_RULES: Final = 40
MAX_NESTING: Final = 20
_MAX_VALUES: Final = 200

_LAW: Final = schemes.PUBLISHED + "fr/"


class NotAScheme(MusetteError):
    what = N_("This file is not a right that can be simulated: %(reason)s.")
    do = N_("Nothing was worked out with it. The guide “write a right” shows a whole file.")


@dataclass(frozen=True)
class Refused:
    """A rule that was left out, and why; `said` are the words of the file it is about."""

    rule: str
    because: str  # a message identifier
    said: str


@dataclass(frozen=True)
class Proposal:
    """The schemes of a file, with the rules that can be used; the others are named."""

    source: str
    schemes: tuple[Scheme, ...]
    refused: tuple[Refused, ...]


def read(data: bytes, media_type: str, source: str, today: date) -> Proposal:
    """The proposal that `data` holds. `source` is where it is from: the base of its names. Raises NotAScheme.

    A rule that does not fit is left out and named; the others are used.
    """
    graph = _graph(data, media_type, source)
    _only_of_its_own(graph)
    found = schemes.read(graph, schemes.common())
    if not found:
        raise NotAScheme(reason=N_("it describes no right (mus:RightsScheme)"))
    rules = [rule for scheme in found for rule in scheme.rules]
    if len(rules) > MAX_RULES:
        raise NotAScheme(reason=N_("it has more than %(most)s rules"), most=MAX_RULES)
    wrong = _findings(graph)
    refused = [refusal for rule in rules if (refusal := _refusal(rule, wrong))]
    _, broken = in_order(found)
    refused += [
        Refused(b.rule, N_("it goes in a circle with other rules: %(said)s"), b.said)
        for b in broken
        if b.because == "cycle"
    ]
    out = {refusal.rule for refusal in refused}
    kept = tuple(
        replace(scheme, is_proposal=True, rules=tuple(r for r in scheme.rules if r.iri not in out)) for scheme in found
    )
    # An example may need other rules of the file: they are run when those that cannot be used are out.
    failed = [refusal for scheme in kept for rule in scheme.rules if (refusal := _example_refusal(rule, kept, today))]
    out |= {refusal.rule for refusal in failed}
    kept = tuple(replace(scheme, rules=tuple(r for r in scheme.rules if r.iri not in out)) for scheme in kept)
    refused += failed
    if not any(scheme.rules for scheme in kept):
        first = refused[0] if refused else None
        reason = first.because if first else N_("it has no rule")
        raise NotAScheme(reason=reason, rule=first.rule if first else "", said=first.said if first else "")
    return Proposal(source, tuple(scheme for scheme in kept if scheme.rules), tuple(refused))


def _graph(data: bytes, media_type: str, source: str) -> Graph:
    if len(data) > MAX_BYTES:
        raise NotAScheme(reason=N_("it is larger than %(most)s bytes"), most=MAX_BYTES)
    # Nesting costs a parser more than its size says: no scheme needs any.
    if _nesting(data) > MAX_NESTING:
        raise NotAScheme(reason=N_("it is nested too deeply"))
    try:
        graph = syntax.parse(data, media_type, source)
    except syntax.NotRdf as error:
        raise NotAScheme(**(dict(error.details) or {"reason": N_("it is not well formed")})) from error
    if len(graph) > MAX_TRIPLES:
        raise NotAScheme(reason=N_("it says more than %(most)s things"), most=MAX_TRIPLES)
    if any(isinstance(node, BNode) for triple in graph for node in triple):
        raise NotAScheme(reason=N_("it holds a node without a name"))
    return graph


def _nesting(data: bytes) -> int:
    depth = deepest = 0
    for sign in data:
        if sign in b"[({":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"])}":
            depth = max(0, depth - 1)
    return deepest


def _only_of_its_own(graph: Graph) -> None:
    """A file may not speak for the law, nor give values to its parameters."""
    for subject in graph.subjects():
        if str(subject).startswith((_LAW, terms.MUS)):
            raise NotAScheme(reason=N_("it changes what the law or the vocabulary says: %(name)s"), name=str(subject))
    for whole in graph.objects(None, terms.DCTERMS_IS_PART_OF):
        if str(whole).startswith((_LAW, terms.MUS)):
            raise NotAScheme(reason=N_("it changes what the law or the vocabulary says: %(name)s"), name=str(whole))


def _findings(graph: Graph) -> dict[str, str]:
    """What the shapes find, by the rule that it belongs to; what belongs to the scheme is refused at once."""
    wrong: dict[str, str] = {}
    for finding in check(graph):
        if finding.severity != "violation":
            continue
        about = URIRef(finding.focus)
        said = f"{finding.focus.rpartition('#')[2]} ({finding.field or 'IRI'})"
        owners = _rules_of(graph, about)
        if not owners:
            raise NotAScheme(reason=N_("something in it does not fit: %(said)s"), said=said)
        for owner in owners:
            wrong.setdefault(owner, said)
    return wrong


def _rules_of(graph: Graph, about: URIRef, depth: int = 0) -> set[str]:
    """The rule that a thing is, is part of, or is a parameter of."""
    if (about, terms.RDF_TYPE, terms.RightsRule) in graph:
        return {str(about)}
    found = {str(rule) for rule in graph.subjects(terms.PARAMETER, about)}
    if depth < 3:
        for whole in graph.objects(about, terms.DCTERMS_IS_PART_OF):
            if isinstance(whole, URIRef):
                found |= _rules_of(graph, whole, depth + 1)
    return found


def _refusal(rule: Rule, wrong: dict[str, str]) -> Refused | None:
    if rule.iri in wrong:
        return Refused(rule.iri, N_("something in it does not fit: %(said)s"), wrong[rule.iri])
    if rule.calculation not in CALCULATIONS:
        return Refused(rule.iri, N_("there is no calculation called %(said)s"), rule.calculation)
    for wanted in rule.inputs:
        if wanted.measure not in MEASURES:
            return Refused(rule.iri, N_("there is no measure called %(said)s"), wanted.measure)
        if any(URIRef(kind) not in labels.concepts(terms.FACT_KINDS) for kind in wanted.fact_kinds):
            return Refused(rule.iri, N_("there is no kind of fact called %(said)s"), ", ".join(wanted.fact_kinds))
    wrong_figure = next((r for p in rule.parameters if (r := _figure_refusal(rule, p))), None)
    if wrong_figure:
        return wrong_figure
    twice = [key for key, count in Counter(i.key for i in rule.inputs).items() if count > 1]
    if twice:
        return Refused(rule.iri, N_("two of its inputs are called %(said)s"), twice[0])
    for sentence in _sentences(rule):
        if not _is_plain(sentence):
            return Refused(rule.iri, N_("this sentence holds more than names in braces: %(said)s"), sentence[:120])
    return None


def _figure_refusal(rule: Rule, parameter: Parameter) -> Refused | None:
    if not parameter.values:
        return Refused(rule.iri, N_("the parameter %(said)s has no value"), parameter.iri)
    if any(is_beyond_measure(value) for value in parameter.values):
        return Refused(rule.iri, N_("the parameter %(said)s has a value beyond all measure"), parameter.iri)
    if len(parameter.values) > _MAX_VALUES:
        return Refused(rule.iri, N_("the parameter %(said)s has too many values"), parameter.iri)
    return None


def _example_refusal(rule: Rule, kept: tuple[Scheme, ...], today: date) -> Refused | None:
    if len(rule.examples) < 2:
        return Refused(rule.iri, N_("it needs two worked examples, and has %(said)s"), str(len(rule.examples)))
    for example in rule.examples:
        result = cases.run_example(rule, example, (*schemes.law(), *kept), today)
        if not result.fits:
            said = ", ".join(f"{key} = {result.obtained.get(key)}" for key in result.expected)
            return Refused(rule.iri, N_("its worked example gives something else: %(said)s"), said)
    return None


def _sentences(rule: Rule) -> Iterator[str]:
    for texts in (rule.met, rule.not_met, *(t for c in rule.conditions for t in (c.met, c.not_met, c.unknown))):
        yield from texts.values()


def _is_plain(sentence: str) -> bool:
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return False
    return all(name.isidentifier() and not spec and not how for name, spec, how in fields)


def shipped_examples() -> Iterable[tuple[str, bytes]]:
    """The proposals that come with the application: name and text."""
    for path in sorted((shipped.VOCAB / "rights" / "proposals").glob("*.ttl")):
        yield path.stem, path.read_bytes()
