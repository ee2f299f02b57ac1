"""N3 Patches read (Solid Protocol 0.11, 5.3.1): what the pod in memory understands.

A small strict reader: the text inside each pair of braces is Turtle, and so is the text around them once each formula is
replaced by a name. No variables: we send none.
"""

import re
from dataclasses import dataclass

from rdflib import BNode, Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.rdf import terms
from musette_solid.rdf.syntax import TURTLE, NotRdf, Triple, parse

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*) |
    (?P<iri><[^<>\s]*>) |
    (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*') |
    (?P<open>\{) | (?P<close>\}) |
    (?P<other>[^\#<"'{}]+|<)
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(r"(?:@prefix|PREFIX|@base|BASE)\s[^>]*>\s*\.?", re.IGNORECASE)
_FORMULA = "urn:musette:formula:"
_SOLID = "http://www.w3.org/ns/solid/terms#"
_PATCH = URIRef(_SOLID + "InsertDeletePatch")
_PARTS = {name: URIRef(_SOLID + name) for name in ("where", "deletes", "inserts")}


class InvalidPatch(MusetteError):
    """Status 422."""

    what = N_("This change is not one that a pod understands: %(reason)s.")
    do = N_("This is ours to fix: please tell us what you were doing.")


@dataclass(frozen=True)
class N3Patch:
    where: frozenset[Triple]
    deletes: frozenset[Triple]
    inserts: frozenset[Triple]


def read(body: bytes, base: str) -> N3Patch:
    """The patch that `body` says. Raises InvalidPatch where the protocol asks for 422."""
    try:
        outside, formulas = _split(body.decode("utf-8"))
        around = parse(outside.encode(), TURTLE, base)
        prefixes = " ".join(_PREFIX.findall(outside))
        inside = [parse(f"{prefixes}\n{formula}".encode(), TURTLE, base) for formula in formulas]
    except (UnicodeDecodeError, NotRdf) as error:
        raise InvalidPatch(reason=str(error)) from error
    # "a patch document MUST contain exactly one patch resource"
    patches = list(around.subjects(terms.RDF_TYPE, _PATCH))
    if len(patches) != 1:
        raise InvalidPatch(reason=f"it holds {len(patches)} patches, not one")
    parts: dict[str, frozenset[Triple]] = {}
    for name, predicate in _PARTS.items():
        values = list(around.objects(patches[0], predicate))
        # "at most one triple of the form ?patch solid:inserts ?insertions" (and the like)
        if len(values) > 1 or any(not str(value).startswith(_FORMULA) for value in values):
            raise InvalidPatch(reason=f"solid:{name} must be one formula")
        parts[name] = _triples(inside[int(str(values[0]).removeprefix(_FORMULA))], name) if values else frozenset()
    return N3Patch(parts["where"], parts["deletes"], parts["inserts"])


def _triples(formula: Graph, name: str) -> frozenset[Triple]:
    # "The ?insertions and ?deletions formulae MUST NOT contain blank nodes."
    if any(isinstance(node, BNode) for triple in formula for node in triple):
        raise InvalidPatch(reason=f"solid:{name} holds a blank node")
    return frozenset(formula)


def _split(text: str) -> tuple[str, list[str]]:
    """The text with each `{…}` replaced by a name, and what was in each."""
    outside: list[str] = []
    formulas: list[str] = []
    inside: list[str] | None = None
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise InvalidPatch(reason="a quotation that does not end")
        position = token.end()
        if token.lastgroup == "comment":
            continue
        if token.lastgroup == "open":
            if inside is not None:
                raise InvalidPatch(reason="a formula inside a formula")
            inside = []
        elif token.lastgroup == "close":
            if inside is None:
                raise InvalidPatch(reason="a brace that closes nothing")
            outside.append(f" <{_FORMULA}{len(formulas)}> ")
            formulas.append("".join(inside))
            inside = None
        else:
            (outside if inside is None else inside).append(token[0])
    if inside is not None:
        raise InvalidPatch(reason="a formula that does not end")
    return "".join(outside), [f if not f.strip() or f.rstrip().endswith(".") else f + " ." for f in formulas]
