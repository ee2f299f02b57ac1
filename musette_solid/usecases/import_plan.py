"""What an import is going to write, in its own record until it ended: so that one that was cut can go on where it ended.

Packed into one literal of the record, which is written first anyway: it costs no request, and a tenth of the career in
bytes (docs/decisions/0109-a-cut-import-waits-for-a-word.md).
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from rdflib import Graph, Literal
from rdflib.term import Node

from musette_solid.model.intent import Change
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.layout import Bag

_VERSION: Final = 1
#: Signs of the literal. What is more is not planned: cut, it is taken back, and the file is chosen again.
_LONGEST: Final = 4_000_000
_LARGEST: Final = 64 * 1024 * 1024
#: Bytes of the files that it makes (credentials, mostly); a large one is only named.
_SMALL: Final = 200_000


@dataclass(frozen=True)
class Plan:
    """Changes in the order of writing, files by their names in the bag; `sizes` of those whose bytes are not in it."""

    changes: tuple[Change, ...]
    files: Mapping[str, bytes]
    sizes: Mapping[str, int]
    counts: Mapping[str, int]
    format: str = ""


def packed(
    bag: Bag, changes: Sequence[Change], files: Mapping[str, bytes], counts: Mapping[str, int], kind: str
) -> Literal | None:
    """The plan as it stands in the record; None when it is too long for that."""
    small = {name: data for name, data in files.items() if len(data) <= _SMALL}
    said = {
        "version": _VERSION,
        "format": kind,
        "counts": dict(counts),
        "files": {name: base64.b64encode(data).decode() for name, data in small.items()},
        "sizes": {name: len(data) for name, data in files.items() if name not in small},
        "changes": [
            [change.document.removeprefix(bag.layout.root), _text(change.delta.out), _text(change.delta.into)]
            for change in changes
        ],
    }
    whole = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.b64encode(zlib.compress(whole, 6)).decode() if len(whole) <= _LARGEST else ""
    return Literal(text) if 0 < len(text) <= _LONGEST else None


def _text(triples: frozenset[Triple]) -> str:
    return syntax.n_triples(syntax.graph_of(triples)).decode()


def read(bag: Bag, log: Graph, run: Node) -> Plan | None:
    """The plan of an import; None when its record has none that can be read. Nothing outside the bag is in it."""
    literal = log.value(run, terms.PLAN)
    if literal is None:
        return None
    try:
        said = _unpacked(str(literal))
        root = bag.layout.root
        changes = tuple(
            Change(root + name, Delta(_triples(out, root), _triples(into, root))) for name, out, into in said["changes"]
        )
        files = {name: base64.b64decode(data) for name, data in said["files"].items()}
        sizes = {name: int(size) for name, size in said["sizes"].items()}
        inside = (*(change.document for change in changes), *(root + name for name in (*files, *sizes)))
        if not all(names.is_within(root, iri) for iri in inside):
            return None
        counts = {str(name): int(number) for name, number in said["counts"].items()}
        return Plan(changes, files, sizes, counts, str(said["format"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, zlib.error, syntax.NotRdf):
        return None


def _unpacked(text: str) -> dict[str, Any]:
    """Raises ValueError and zlib.error for anything that `packed` did not write."""
    unpacker = zlib.decompressobj()
    whole = unpacker.decompress(base64.b64decode(text, validate=True), _LARGEST)
    if not unpacker.eof:
        raise ValueError("cut")
    said: dict[str, Any] = json.loads(whole)
    if said["version"] != _VERSION:
        raise ValueError("written by another version")
    return said


def _triples(text: str, base: str) -> frozenset[Triple]:
    return frozenset(syntax.parse(text.encode(), syntax.N_TRIPLES, base))


def missing(change: Change, graph: Graph, run: Node, since: datetime | None) -> Delta:
    """What one document still lacks of a plan: nothing is there twice, and what somebody took out since stays out.

    A document is written in one go: where anything of this import is, all of it was. `since`: when it began.
    """
    if (None, terms.DCTERMS_SOURCE, run) in graph or (run, terms.PROV_ENDED_AT_TIME, None) in graph:
        return Delta()
    made = {s for s, p, _ in change.delta.into if p == terms.RDF_TYPE}
    left = set()
    for subject in {s for s, _, _ in change.delta.into} - {run}:
        is_there = (subject, terms.RDF_TYPE, None) in graph
        # Another import brought it in meanwhile; or what it would add to is gone; or it was taken out by its owner.
        if is_there == (subject in made) or (not is_there and _was_taken_out(graph, subject, since)):
            left.add(subject)
    into = frozenset(t for t in change.delta.into if t[0] not in left) - frozenset(graph)
    return Delta(frozenset(t for t in change.delta.out if t in graph and t[0] not in left) - into, into)


def came_since(graph: Graph, log: Graph, run: Node, since: datetime | None) -> Graph:
    """The things of a document that are younger than an import and not its own, and the organisations they may belong to."""
    begun = {one: _moments(log, one, terms.PROV_STARTED_AT_TIME) for one in log.subjects(terms.PROV_STARTED_AT_TIME)}
    found = set()
    for subject in set(graph.subjects()) - {run}:
        sources = set(graph.objects(subject, terms.DCTERMS_SOURCE))
        when = [*_moments(graph, subject, terms.DCTERMS_CREATED), *(m for one in sources for m in begun.get(one, ()))]
        if run not in sources and since is not None and any(one >= since for one in when):
            found.add(subject)
    if not found:
        return syntax.empty()
    found |= set(graph.subjects(terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS))
    return syntax.graph_of(t for t in graph if t[0] in found)


def _was_taken_out(graph: Graph, subject: Node, since: datetime | None) -> bool:
    when = _moments(graph, subject, terms.PROV_INVALIDATED_AT_TIME)
    return since is not None and any(one >= since for one in when)


def _moments(graph: Graph, subject: Node, path: Node) -> list[datetime]:
    found = []
    for said in graph.objects(subject, path):
        try:
            when = datetime.fromisoformat(str(said))
        except ValueError:
            continue
        found.append(when if when.tzinfo else when.replace(tzinfo=UTC))
    return found
