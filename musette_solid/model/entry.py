"""What a person typed, by field name, to a graph and to what does not fit."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.model.dates import PartialDate
from musette_solid.model.shapes import RECORD, Field, all_fields, target
from musette_solid.model.validation import Finding, check_fields, check_rules, finding
from musette_solid.rdf import names, syntax, terms


@dataclass(frozen=True)
class Entry:
    """The graph holds what could be read, whatever else does not fit."""

    graph: Graph
    findings: tuple[Finding, ...]


def entry(shape: str, subject: str, texts: Mapping[str, Sequence[str]]) -> Entry:
    """The thing that a form describes: its class and the values of its fields, typed as the shape says.

    `texts` are by field name; empty texts are absent, unknown names are ignored. What the application writes itself
    (`shapes.RECORD`) is taken when it is in `texts`. A finding's value is the text as it was typed. Never raises for bad
    input.
    """
    node = URIRef(subject)
    graph = syntax.graph_of([(node, terms.RDF_TYPE, target(shape))])
    asked = [field for field in all_fields(shape) if field.group != RECORD or field.name in texts]
    unread: list[Finding] = []
    for field in asked:
        for text in _plain(texts.get(field.name, ())):
            value = _value(field, text, node)
            if value is None:
                unread.append(finding(field, node, text))
            else:
                graph.add((node, field.path, value))
    # A field that could not be read at all is wrong once, not wrong and missing.
    wrong = {found.path for found in unread}
    judged = [field for field in asked if str(field.path) not in wrong]
    found = [*unread, *check_fields(graph, node, judged), *check_rules(graph)]
    order = {str(field.path): field.order for field in asked}
    return Entry(graph, tuple(sorted(found, key=lambda f: order.get(f.path or "", 0))))


def _plain(texts: Sequence[str]) -> list[str]:
    """Without empty texts and without what no Turtle document can hold."""
    typed = [texts] if isinstance(texts, str) else texts
    cleaned = (_CONTROLS.sub("", _LINES.sub("\n", text)) for text in typed)
    return [text for text in (unicodedata.normalize("NFC", text).strip() for text in cleaned) if text]


_LINES = re.compile("\r\n?|[\u0085\u2028\u2029]")
# C0 controls but tab and line feed, C1 controls, halves of surrogate pairs, non-characters.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _value(field: Field, text: str, subject: URIRef) -> Node | None:
    """The text as a value of the field; None when it cannot be read as one."""
    if field.choices:
        # Kept even when it is not on the list, so that the finding shows it.
        return _choice(field, text)
    if field.is_text or not (field.datatypes or field.is_address):
        return Literal(text)
    if field.is_partial_date or field.datatype == terms.XSD_DATE:
        return _date(text)
    if field.is_address:
        return _address(text, subject)
    if field.datatype in {terms.XSD_DECIMAL, terms.XSD_INTEGER}:
        return _number(text, whole=field.datatype == terms.XSD_INTEGER)
    literal = Literal(text, datatype=field.datatype)
    return None if literal.ill_typed else literal


def _choice(field: Field, text: str) -> URIRef | None:
    """A choice by its IRI, or by the last word of its name: `mus:sphere-care`, `sphere-care` or `care`."""
    for choice in field.choices:
        local_name = names.local(choice)
        if text in {str(choice), local_name, f"mus:{local_name}", local_name.partition("-")[2]}:
            return choice
    return None


def _date(text: str) -> Literal | None:
    try:
        return PartialDate.from_text(text).literal()
    except ValueError:
        return None


_SPACES = re.compile("[ \u00a0\u202f]")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")


def _number(text: str, *, whole: bool) -> Literal | None:
    """`12,5`, `12.5`, `1 440`: in the canonical form that every server leaves alone."""
    plain = _SPACES.sub("", text)
    if len(plain) > 30 or not _DECIMAL.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", "."))
    if whole:
        return Literal(f"{number:.0f}", datatype=terms.XSD_INTEGER) if number == number.to_integral_value() else None
    digits = f"{number.normalize():f}"
    return Literal(digits if "." in digits else f"{digits}.0", datatype=terms.XSD_DECIMAL)


# RFC 3987 leaves these out of every IRI; a document that holds one no longer parses.
_NOT_IN_IRIS = re.compile('[\x00-\x20<>"{}|\\\\^`\u00a0\u202f]')


def _address(text: str, subject: URIRef) -> URIRef | None:
    """An absolute http(s) address, or one relative to the document of `subject` when it begins with `#`, `/` or `.`."""
    if _NOT_IN_IRIS.search(text):
        return None
    whole = names.resolve(str(subject), text) if text[0] in "#/." else text
    try:
        parts = urlsplit(whole)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return URIRef(whole) if is_web else None
