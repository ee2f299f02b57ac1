"""What does not fit, and what was expected: findings for a whole document, or for the fields of one entry.

`check` hands a document to a complete SHACL processor, then applies the rules that core SHACL cannot say. `check_fields`
is the same judgement for one thing and a few fields, without the processor: it is what a form needs at each press of a
button. tests/model/test_validation.py holds the two together.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache
from threading import Lock
from typing import Literal as AnyOf

from pyshacl import Validator
from pyshacl.graph_abstraction import DataGraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.model.dates import PartialDate
from musette_solid.model.labels import by_language, label, shapes_graph
from musette_solid.model.labels import graph as vocabulary
from musette_solid.model.shapes import Field, OneOf, all_fields, node_shapes, one_of, target
from musette_solid.rdf import names, terms

Severity = AnyOf["violation", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: where (`focus`, `path`), what was found, and what to do, in both languages."""

    focus: str
    path: str | None
    value: str | None
    severity: Severity
    messages: Mapping[str, str]
    expected: Mapping[str, str]

    @property
    def field(self) -> str | None:
        """The form name of the property: the local name of its path."""
        return names.local(self.path) if self.path else None


class Unfit(MusetteError):
    what = N_("Some of what was entered does not fit.")
    do = N_("Correct what is marked and send it again; nothing was changed.")

    def __init__(self, findings: Iterable[Finding] = (), **details: object) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__(findings=self.findings, **details)


# --- A whole document -------------------------------------------------------------------------------------------------


def check(graph: Graph) -> tuple[Finding, ...]:
    """Everything in `graph` that does not fit our shapes and rules, in a stable order; empty when all fits.

    Things of classes that we have no shape for are let through. About 8 ms an activity: not for each page.
    """
    found = [*_by_shapes(graph), *(finding for rule in _RULES for finding in rule(graph))]
    return tuple(sorted(found, key=lambda f: (f.focus, f.path or "", f.value or "", f.severity)))


# pyshacl completes the graph of shapes it is given with triples of its own: not in two threads at once.
_one_at_a_time = Lock()


def _by_shapes(graph: Graph) -> Iterator[Finding]:
    present = set(graph.objects(None, terms.RDF_TYPE))
    shapes = frozenset(shape for shape in node_shapes() if target(shape) in present)
    if not shapes:
        return
    # pyshacl needs a store with contexts, which the light store of rdf.syntax is not.
    data = Graph(bind_namespaces="none")
    data += graph
    with _one_at_a_time, localcontext() as arithmetic:
        # Somebody's "NaN"^^xsd:double is compared with a decimal: that is no order, and no reason to stop.
        arithmetic.traps[InvalidOperation] = False
        # Not pyshacl.validate: on its way out it sets rdflib.NORMALIZE_LITERALS to True, for the whole process.
        _, report, _ = Validator(DataGraph.from_rdflib(data), shacl_graph=_only(shapes)).run()  # type: ignore[no-untyped-call]  # pyshacl leaves it bare
    seen = set()
    for result in report.objects(None, terms.SH_RESULT):
        focus, value = report.value(result, terms.SH_FOCUS_NODE), report.value(result, terms.SH_VALUE)
        source = report.value(result, terms.SH_SOURCE_SHAPE)
        severity = report.value(result, terms.SH_RESULT_SEVERITY)
        if (focus, source, value) in seen or focus is None or not isinstance(source, URIRef):
            continue
        # One value may break a shape in two ways (too long, and of no known type): its message says it all, once.
        seen.add((focus, source, value))
        wanted = next((found for found in one_of() if found.iri == source), None)
        if wanted:
            yield _none_of(wanted, focus)
            continue
        field = _fields_by_iri().get(source)
        yield Finding(
            focus=_text(focus),
            path=str(field.path) if field else None,
            value=None if value is None else _text(value),
            severity="warning" if severity == terms.SH_WARNING else "violation",
            messages=field.message if field else by_language(shapes_graph(), source, terms.SH_MESSAGE),
            expected=expected(field) if field else {"en": "a name (IRI)", "fr": "un nom (IRI)"},
        )


@lru_cache(maxsize=64)
def _only(shapes: frozenset[URIRef]) -> Graph:
    """The triples of some node shapes and of their properties: a quarter of the time that all shapes take."""
    whole = shapes_graph()
    part = Graph(bind_namespaces="none")
    waiting: list[Node] = list(shapes)
    while waiting:
        node = waiting.pop()
        for _, path, value in whole.triples((node, None, None)):
            part.add((node, path, value))
            follows = isinstance(value, BNode) or path == terms.SH_PROPERTY
            if follows and (value, None, None) not in part:
                waiting.append(value)
    return part


@lru_cache(maxsize=1)
def _fields_by_iri() -> Mapping[URIRef, Field]:
    return {field.iri: field for shape in node_shapes() for field in all_fields(shape)}


def _text(node: Node) -> str:
    return node.n3() if isinstance(node, BNode) else str(node)


# --- One thing, a few fields ------------------------------------------------------------------------------------------


def check_fields(graph: Graph, subject: URIRef, fields: Iterable[Field]) -> tuple[Finding, ...]:
    """What `fields` find in what `graph` says of `subject`: the core SHACL that our property shapes use, and no more."""
    found = []
    for field in fields:
        values = sorted(graph.objects(subject, field.path), key=_text)
        count_is_wrong = (field.required and not values) or (not field.many and len(values) > 1)
        if count_is_wrong:
            found.append(finding(field, subject, None))
        found += [finding(field, subject, _text(value)) for value in values if not _fits(field, value)]
    return tuple(found)


def _fits(field: Field, value: Node) -> bool:
    if field.choices and value not in field.choices:
        return False
    if field.is_address and not isinstance(value, URIRef):
        return False
    if not field.datatypes:
        return True
    if not isinstance(value, Literal):
        return False
    datatype = terms.RDF_LANG_STRING if value.language else value.datatype or terms.XSD_STRING
    if datatype not in field.datatypes or value.ill_typed:
        return False
    text = str(value)
    if field.is_partial_date and not _is_written_as(text, datatype):
        return False
    if len(text) < field.min_length or (field.max_length is not None and len(text) > field.max_length):
        return False
    return _within(field, text)


_ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")


def _is_written_as(text: str, datatype: URIRef) -> bool:
    """Whether `text` is a year, a month or a day, as its datatype says. rdflib does not know gYear and gYearMonth."""
    try:
        return PartialDate.from_text(_ZONE.sub("", text)).literal().datatype == datatype
    except ValueError:
        return False


def _within(field: Field, text: str) -> bool:
    if field.minimum is None and field.above is None and field.maximum is None:
        return True
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return (
        (field.minimum is None or number >= field.minimum)
        and (field.above is None or number > field.above)
        and (field.maximum is None or number <= field.maximum)
    )


def _says_none_of(graph: Graph) -> Iterator[Finding]:
    for wanted in one_of():
        for subject in graph.subjects(terms.RDF_TYPE, target(wanted.shape)):
            if not any((subject, path, None) in graph for path in wanted.paths):
                yield _none_of(wanted, subject)


def _none_of(wanted: OneOf, subject: Node) -> Finding:
    """The finding is on the first of the properties, which is the one that a form asks for."""
    names_ = [_short(path) for path in wanted.paths]
    said = {"en": " or ".join(names_), "fr": " ou ".join(names_)}
    return Finding(_text(subject), str(wanted.paths[0]), None, "violation", wanted.message, said)


def finding(field: Field, subject: str, value: str | None) -> Finding:
    """The finding of one field: its own message, and what it expects."""
    return Finding(str(subject), str(field.path), value, "violation", field.message, expected(field))


# --- What was expected ------------------------------------------------------------------------------------------------

_COUNTS = {
    (True, False): {"en": "exactly one: %s", "fr": "exactement un\u00a0: %s"},
    (True, True): {"en": "one or more: %s", "fr": "un ou plusieurs\u00a0: %s"},
    (False, False): {"en": "at most one: %s", "fr": "un au plus\u00a0: %s"},
    (False, True): {"en": "any number: %s", "fr": "autant que l’on veut\u00a0: %s"},
}
_KINDS = {
    terms.XSD_DATE: {"en": "a day, as 2026-11-22 (xsd:date)", "fr": "un jour, comme 2026-11-22 (xsd:date)"},
    terms.XSD_DATE_TIME: {
        "en": "a date and time, as 2026-11-22T09:00:00Z (xsd:dateTime)",
        "fr": "une date et une heure, comme 2026-11-22T09:00:00Z (xsd:dateTime)",
    },
    terms.XSD_DURATION: {
        "en": "a length of time, as P90D (xsd:duration)",
        "fr": "une durée, comme P90D (xsd:duration)",
    },
    terms.XSD_INTEGER: {"en": "a whole number (xsd:integer)", "fr": "un nombre entier (xsd:integer)"},
    terms.XSD_DECIMAL: {"en": "a number (xsd:decimal)", "fr": "un nombre (xsd:decimal)"},
    terms.XSD_STRING: {"en": "a text", "fr": "un texte"},
}
_PARTIAL = {
    "en": "2019 (xsd:gYear), 2019-03 (xsd:gYearMonth) or 2019-03-12 (xsd:date)",
    "fr": "2019 (xsd:gYear), 2019-03 (xsd:gYearMonth) ou 2019-03-12 (xsd:date)",
}
_ADDRESS = {"en": "an address (IRI)", "fr": "une adresse (IRI)"}
_BOUNDS = (
    ("minimum", {"en": ", from %s", "fr": ", à partir de %s"}),
    ("above", {"en": ", above %s", "fr": ", supérieur à %s"}),
    ("maximum", {"en": ", up to %s", "fr": ", jusqu’à %s"}),
)
_LENGTH = {"en": " of %d characters at most", "fr": " de %d caractères au plus"}


@lru_cache(maxsize=512)
def _expected(iri: URIRef, language: str) -> str:
    field = _fields_by_iri()[iri]
    if field.choices:
        kind = " | ".join(f"{label(choice, language)} ({_short(choice)})" for choice in field.choices)
    elif field.is_partial_date:
        kind = _PARTIAL[language]
    elif field.datatype is not None:
        kind = _KINDS[field.datatype][language]
    else:
        kind = _ADDRESS[language]
    for name, words in _BOUNDS:
        bound = getattr(field, name)
        if bound is not None:
            kind += words[language] % f"{bound.normalize():f}"
    if field.max_length is not None:
        kind += _LENGTH[language] % field.max_length
    return _COUNTS[field.required, field.many][language] % kind


def expected(field: Field) -> dict[str, str]:
    """What a field takes, for the developer who reads a finding."""
    return {language: _expected(field.iri, language) for language in ("en", "fr")}


def _short(iri: URIRef) -> str:
    return f"mus:{iri.removeprefix(terms.MUS)}" if iri.startswith(terms.MUS) else str(iri)


# --- Rules that core SHACL cannot say ---------------------------------------------------------------------------------


def end_before_start(start: PartialDate, end: PartialDate) -> bool:
    """Whether `end` is before `start` however the missing months and days are read: 2019 may end after 2019-03."""
    return end.last() < start.first()


def _with_a_period(graph: Graph) -> Iterator[Node]:
    for kind in (terms.Activity, terms.Scenario, terms.SupposedActivity):
        yield from graph.subjects(terms.RDF_TYPE, kind)


def _ends_before_it_starts(graph: Graph) -> Iterator[Finding]:
    for subject in _with_a_period(graph):
        for start in _partial_dates(graph, subject, terms.SCHEMA_START_DATE):
            for end in _partial_dates(graph, subject, terms.SCHEMA_END_DATE):
                if end_before_start(start, end):
                    yield Finding(
                        _text(subject),
                        str(terms.SCHEMA_END_DATE),
                        end.text,
                        "violation",
                        {
                            "en": f"The end comes before the start ({start.text}): correct one or the other.",
                            "fr": f"La fin vient avant le début ({start.text})\u00a0: corrigez l’une ou l’autre.",
                        },
                        {"en": f"{start.text} or later", "fr": f"{start.text} ou plus tard"},
                    )


def _partial_dates(graph: Graph, subject: Node, path: URIRef) -> list[PartialDate]:
    found = []
    for value in graph.objects(subject, path):
        try:
            found.append(PartialDate.from_literal(value))  # type: ignore[arg-type]  # anything else has no such text
        except ValueError:
            continue  # the shape says so already
    return found


def _expires_before_it_begins(graph: Graph) -> Iterator[Finding]:
    for kind, begins in ((terms.Dossier, terms.DCTERMS_ISSUED), (terms.Grant, terms.INTEROP_GRANTED_AT)):
        for subject in graph.subjects(terms.RDF_TYPE, kind):
            for start in _days(graph, subject, begins):
                for end in _days(graph, subject, terms.DCTERMS_VALID):
                    if end < start:
                        yield Finding(
                            _text(subject),
                            str(terms.DCTERMS_VALID),
                            end.isoformat(),
                            "violation",
                            {
                                "en": f"The last day comes before the day of sharing ({start}): choose a later one.",
                                "fr": f"Le dernier jour vient avant le jour du partage ({start})\u00a0: choisissez-en un plus tardif.",
                            },
                            {"en": f"{start} or later", "fr": f"{start} ou plus tard"},
                        )


def _days(graph: Graph, subject: Node, path: URIRef) -> list[date]:
    found = []
    for value in graph.objects(subject, path):
        try:
            found.append(date.fromisoformat(str(value)[:10]))
        except ValueError:
            continue  # the shape says so already
    return found


def _is_part_of_itself(graph: Graph) -> Iterator[Finding]:
    for path in (terms.DCTERMS_IS_PART_OF, terms.SKOS_BROADER):
        for subject, value in graph.subject_objects(path):
            if subject == value:
                yield Finding(
                    _text(subject),
                    str(path),
                    _text(value),
                    "violation",
                    {
                        "en": "Nothing is a part of itself: choose another one.",
                        "fr": "Rien ne fait partie de soi\u00a0: choisissez-en un autre.",
                    },
                    {"en": "another activity or skill", "fr": "une autre activité ou compétence"},
                )


def _is_not_in_the_vocabulary(graph: Graph) -> Iterator[Finding]:
    """Terms in our namespace that we do not declare: most often a misspelling, which would otherwise pass unseen."""
    used: dict[URIRef, Node] = {}
    for subject, path, value in graph:
        for term in (path, value) if path == terms.RDF_TYPE else (path,):
            if isinstance(term, URIRef) and term.startswith(terms.MUS) and (term, None, None) not in vocabulary():
                used[term] = min(subject, used.get(term, subject), key=_text)
    for term, subject in used.items():
        yield Finding(
            _text(subject),
            None,
            str(term),
            "warning",
            {
                "en": f"{_short(term)} is not in the vocabulary: check how it is written.",
                "fr": f"{_short(term)} n’est pas dans le vocabulaire\u00a0: vérifiez comment il s’écrit.",
            },
            {"en": "a term of https://w3id.org/musette", "fr": "un terme de https://w3id.org/musette"},
        )


_RULES: tuple[Callable[[Graph], Iterator[Finding]], ...] = (
    _ends_before_it_starts,
    _expires_before_it_begins,
    _is_part_of_itself,
    _is_not_in_the_vocabulary,
)


def check_rules(graph: Graph) -> tuple[Finding, ...]:
    """What the rules alone find: with `check_fields`, all that `check` would say of one entry."""
    return tuple(finding for rule in (*_RULES, _says_none_of) for finding in rule(graph))


# pyshacl says at INFO what it does to each graph.
logging.getLogger("pyshacl").setLevel(logging.WARNING)
