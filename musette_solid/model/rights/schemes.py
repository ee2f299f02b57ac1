"""Rights schemes as data: rules, the facts they ask for, their conditions, dated parameters, worked examples.

A scheme is one Turtle file (vocab/rights/). What a file says is read here; whether it fits is checked in `proposals`.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from rdflib import Graph, URIRef

from musette_solid import shipped
from musette_solid.model.described import Described, Index
from musette_solid.rdf import names, syntax, terms

#: Where the files of vocab/rights/ are published.
PUBLISHED = "https://w3id.org/musette/rights/"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """A figure of the law and its values, each since a day; what is after `known_until` nobody has said yet."""

    iri: str
    key: str
    title: Texts
    unit: str
    days: tuple[date, ...]
    values: tuple[Decimal, ...]
    citations: tuple[str, ...]
    confidence: str
    known_until: date | None = None
    note: Texts = field(default_factory=dict)

    def on(self, day: date, as_of: date | None = None) -> tuple[date, Decimal] | None:
        """Since when, and what, on a day; None before the first value, after the last known, or published after `as_of`."""
        if self.known_until and day > self.known_until:
            return None
        place = bisect_right(self.days, min(day, as_of) if as_of else day)
        return (self.days[place - 1], self.values[place - 1]) if place else None


@dataclass(frozen=True)
class Input:
    """A fact that a rule needs: how it is found in a bag (`measure`), and the question to ask when it is not there."""

    iri: str
    key: str
    case_keys: tuple[str, ...]
    label: Texts
    question: Texts
    measure: str
    spheres: tuple[str, ...] = ()
    fact_kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    unit: str = ""
    when_absent: str | None = None
    assumed: str | None = None


@dataclass(frozen=True)
class Output:
    key: str
    case_keys: tuple[str, ...]
    unit: str
    label: Texts


@dataclass(frozen=True)
class Condition:
    """A step of a rule, and its sentences; `{name}` stands for a value of the step."""

    iri: str
    key: str
    met: Texts
    not_met: Texts
    unknown: Texts
    order: int


@dataclass(frozen=True)
class Example:
    iri: str
    given: tuple[str, ...]
    expected: tuple[str, ...]
    note: Texts


@dataclass(frozen=True)
class Rule:
    iri: str
    key: str
    scheme: str
    title: Texts
    case_keys: tuple[str, ...]
    calculation: str
    scope: str
    order: int
    spheres: tuple[str, ...]
    #: Without a fact of one of these kinds it is not worth asking anything.
    fact_kinds: tuple[str, ...]
    only_if: tuple[str, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    conditions: tuple[Condition, ...]
    parameters: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    citations: tuple[str, ...]
    confidence: str
    met: Texts
    not_met: Texts
    remedy: Texts
    uncertainty: Texts

    @cached_property
    def _inputs(self) -> Mapping[str, Input]:
        return {found.key: found for found in self.inputs}

    @cached_property
    def _parameters(self) -> Mapping[str, Parameter]:
        return {found.key: found for found in self.parameters}

    @cached_property
    def _conditions(self) -> Mapping[str, Condition]:
        return {found.key: found for found in self.conditions}

    @cached_property
    def input_names(self) -> frozenset[str]:
        """Every name that a file of cases may have for an input."""
        return frozenset(key for found in self.inputs for key in (found.key, *found.case_keys))

    def input(self, key: str) -> Input | None:
        return self._inputs.get(key)

    def parameter(self, key: str) -> Parameter | None:
        return self._parameters.get(key)

    def condition(self, key: str) -> Condition | None:
        return self._conditions.get(key)

    @property
    def needs(self) -> tuple[str, ...]:
        """The IRIs of the rules whose conclusions it takes."""
        return tuple(dict.fromkeys([*(iri for found in self.inputs for iri in found.rules), *self.only_if]))


@dataclass(frozen=True)
class Scheme:
    iri: str
    slug: str
    title: Texts
    description: Texts
    unit: str
    is_proposal: bool
    rules: tuple[Rule, ...]
    citations: tuple[str, ...]
    uncertainty: Texts
    ask: Texts  # whom to ask for the official answer


def read(graph: Graph, common: Graph | None = None) -> tuple[Scheme, ...]:
    """Every scheme of a graph, with the parameters of `common` at hand. Tolerant: `proposals.findings` says what does not fit."""
    whole = graph if common is None else graph + common
    index = Index(whole)
    parts = _parts(whole)
    return tuple(
        sorted((_scheme(node, index, parts) for node in Index(graph).of_type(terms.RightsScheme)), key=lambda s: s.iri)
    )


@lru_cache(maxsize=1)
def common() -> Graph:
    """The parameters that several schemes share."""
    return _file("fr/common")


@lru_cache(maxsize=1)
def shipped_graph() -> Graph:
    """Every scheme that we publish and the parameters they share. Shared by every caller: never add to it."""
    whole = syntax.empty()
    for path in sorted((shipped.VOCAB / "rights" / "fr").glob("*.ttl")):
        whole += _file(f"fr/{path.stem}")
    return whole


def _file(name: str) -> Graph:
    data = (shipped.VOCAB / "rights" / f"{name}.ttl").read_bytes()
    return syntax.parse(data, syntax.TURTLE, PUBLISHED + name)


@lru_cache(maxsize=1)
def law() -> tuple[Scheme, ...]:
    """The schemes in force that we ship."""
    return read(shipped_graph())


def stretched(schemes: tuple[Scheme, ...]) -> tuple[Scheme, ...]:
    """The same schemes as if the last known figures went on: for what is supposed, and said to be, never for what is."""

    def longer(rule: Rule) -> Rule:
        return replace(rule, parameters=tuple(replace(p, known_until=None) for p in rule.parameters))

    return tuple(replace(scheme, rules=tuple(longer(rule) for rule in scheme.rules)) for scheme in schemes)


def rules(schemes: tuple[Scheme, ...]) -> Mapping[str, Rule]:
    return {rule.iri: rule for scheme in schemes for rule in scheme.rules}


# --- Reading ----------------------------------------------------------------------------------------------------------

_Parts = Mapping[str, tuple[str, ...]]


def _parts(graph: Graph) -> _Parts:
    found: dict[str, list[str]] = {}
    for part, whole in graph.subject_objects(terms.DCTERMS_IS_PART_OF):
        found.setdefault(str(whole), []).append(str(part))
    return {whole: tuple(sorted(parts)) for whole, parts in found.items()}


def texts(node: Described, path: URIRef) -> dict[str, str]:
    return {(found.language or ""): str(found) for found in node.literals(path)}


def _of(kind: URIRef, whole: str, index: Index, parts: _Parts) -> list[Described]:
    nodes = (index[iri] for iri in parts.get(whole, ()))
    return sorted((n for n in nodes if n.is_a(kind)), key=lambda n: (_order(n), n.iri))


def _order(node: Described) -> int:
    number = node.decimal(terms.ORDER)
    return int(number) if number is not None else 0


def short(concept: str | None) -> str:
    """The last word of a concept's name: `unit-quarter` is `quarter`."""
    return names.local(concept).partition("-")[2] if concept else ""


def _scheme(node: Described, index: Index, parts: _Parts) -> Scheme:
    return Scheme(
        iri=node.iri,
        slug=names.document(node.iri).rpartition("/")[2].removesuffix(".ttl"),
        title=texts(node, terms.DCTERMS_TITLE),
        description=texts(node, terms.DCTERMS_DESCRIPTION),
        unit=short(node.iri_of(terms.UNIT)),
        is_proposal=node.iri_of(terms.SCHEME_STATE) != str(terms.SCHEME_STATE_IN_FORCE),
        rules=tuple(_rule(found, node.iri, index, parts) for found in _of(terms.RightsRule, node.iri, index, parts)),
        citations=node.texts(terms.DCTERMS_BIBLIOGRAPHIC_CITATION),
        uncertainty=texts(node, terms.UNCERTAINTY),
        ask=texts(node, terms.ASK_FIRST),
    )


def _rule(node: Described, scheme: str, index: Index, parts: _Parts) -> Rule:
    return Rule(
        iri=node.iri,
        key=node.text(terms.SCHEMA_IDENTIFIER) or names.local(node.iri),
        scheme=scheme,
        title=texts(node, terms.DCTERMS_TITLE),
        case_keys=node.texts(terms.CASE_KEY),
        calculation=node.text(terms.CALCULATION) or "",
        scope=short(node.iri_of(terms.SCOPE)),
        order=_order(node),
        spheres=node.iris(terms.SPHERE),
        fact_kinds=node.iris(terms.FACT_KIND),
        only_if=node.iris(terms.ONLY_IF),
        inputs=tuple(_input(found) for found in _of(terms.RightsInput, node.iri, index, parts)),
        outputs=tuple(_output(found) for found in _of(terms.RightsOutput, node.iri, index, parts)),
        conditions=tuple(_condition(found) for found in _of(terms.RightsCondition, node.iri, index, parts)),
        parameters=tuple(parameter(index[iri], index, parts) for iri in node.iris(terms.PARAMETER)),
        examples=tuple(_example(found) for found in _of(terms.WorkedExample, node.iri, index, parts)),
        citations=node.texts(terms.DCTERMS_BIBLIOGRAPHIC_CITATION),
        confidence=short(node.iri_of(terms.CONFIDENCE)),
        met=texts(node, terms.EXPLANATION_MET),
        not_met=texts(node, terms.EXPLANATION_NOT_MET),
        remedy=texts(node, terms.REMEDY),
        uncertainty=texts(node, terms.UNCERTAINTY),
    )


def _input(node: Described) -> Input:
    return Input(
        iri=node.iri,
        key=node.text(terms.KEY) or names.local(node.iri),
        case_keys=node.texts(terms.CASE_KEY),
        label=texts(node, terms.DCTERMS_TITLE),
        question=texts(node, terms.QUESTION),
        measure=node.text(terms.MEASURE) or "",
        spheres=node.iris(terms.SPHERE),
        fact_kinds=node.iris(terms.FACT_KIND),
        rules=node.iris(terms.CONCLUSION_OF),
        unit=short(node.iri_of(terms.UNIT)),
        when_absent=node.text(terms.WHEN_ABSENT),
        assumed=node.text(terms.ASSUMED),
    )


def _output(node: Described) -> Output:
    return Output(
        node.text(terms.KEY) or names.local(node.iri),
        node.texts(terms.CASE_KEY),
        short(node.iri_of(terms.UNIT)),
        texts(node, terms.DCTERMS_TITLE),
    )


def _condition(node: Described) -> Condition:
    return Condition(
        iri=node.iri,
        key=node.text(terms.KEY) or names.local(node.iri),
        met=texts(node, terms.EXPLANATION_MET),
        not_met=texts(node, terms.EXPLANATION_NOT_MET),
        unknown=texts(node, terms.EXPLANATION_UNKNOWN),
        order=_order(node),
    )


def _example(node: Described) -> Example:
    return Example(node.iri, node.texts(terms.TAKES), node.texts(terms.GIVES), texts(node, terms.SKOS_NOTE))


def parameter(node: Described, index: Index, parts: _Parts) -> Parameter:
    found = []
    for value in (index[iri] for iri in parts.get(node.iri, ())):
        since, number = value.day(terms.SCHEMA_VALID_FROM), value.decimal(terms.AMOUNT)
        if since is not None and number is not None:
            found.append((since, number))
    found.sort()
    return Parameter(
        iri=node.iri,
        key=node.text(terms.KEY) or names.local(node.iri),
        title=texts(node, terms.DCTERMS_TITLE),
        unit=short(node.iri_of(terms.UNIT)),
        days=tuple(since for since, _ in found),
        values=tuple(number for _, number in found),
        citations=node.texts(terms.DCTERMS_BIBLIOGRAPHIC_CITATION),
        confidence=short(node.iri_of(terms.CONFIDENCE)),
        known_until=node.day(terms.KNOWN_UNTIL),
        note=texts(node, terms.SKOS_NOTE),
    )
