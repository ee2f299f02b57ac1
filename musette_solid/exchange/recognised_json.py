"""What a file gave as JSON: to come back from a process of its own, and to travel in a page. Both ways, nothing lost."""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

from musette_solid.exchange.draft import Line, Recognised
from musette_solid.exchange.losses import Loss
from musette_solid.rdf import syntax

VERSION: Final = 2
_NO_BASE: Final = "https://example.org/"  # every IRI is whole


#: What opens to more than this was not packed by us.
_LARGEST: Final = 512 * 1024 * 1024


@dataclass(frozen=True)
class Packed:
    """What a file gave, to be passed on unopened: a file of thousands of lines is opened where it keeps nobody waiting."""

    format: str
    file: str
    digest: str
    header: tuple[str, ...]
    kinds: frozenset[str]  # of its lines
    keys: frozenset[str]  # the documents of the bag of which it says something
    data: bytes

    def opened(self) -> Recognised:
        return unpacked(self.data)


def packed(found: Recognised) -> Packed:
    kinds = frozenset(line.kind for line in found.lines)
    keys = frozenset(key for key, graph in found.graphs.items() if len(graph))
    return Packed(found.format, found.file, found.digest, found.header, kinds, keys, zlib.compress(to_json(found), 6))


def unpacked(data: bytes) -> Recognised:
    """Raises ValueError, KeyError and zlib.error for anything that `packed` did not write."""
    unpacker = zlib.decompressobj()
    whole = unpacker.decompress(data, _LARGEST)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("not whole")
    return from_json(whole)


def sent(found: Packed) -> bytes:
    """As it comes from a process of its own: a line of what it is, then what it holds."""
    head = [found.format, found.file, found.digest, list(found.header), sorted(found.kinds), sorted(found.keys)]
    return json.dumps(head).encode() + b"\n" + found.data


def received(data: bytes) -> Packed:
    head, _, body = data.partition(b"\n")
    format_, file, digest, header, kinds, keys = json.loads(head)
    return Packed(format_, file, digest, tuple(header), frozenset(kinds), frozenset(keys), body)


def to_json(found: Recognised) -> bytes:
    said = {
        "version": VERSION,
        "format": found.format,
        "file": found.file,
        "digest": found.digest,
        "graphs": {key: syntax.n_triples(graph).decode() for key, graph in found.graphs.items()},
        "lines": [[one.node, one.kind, one.label, one.place, one.detail, one.asked] for one in found.lines],
        "losses": [[one.place, one.reason, one.value] for one in found.losses],
        "header": list(found.header),
        "files": {name: base64.b64encode(data).decode() for name, data in found.files.items()},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Recognised:
    """Raises ValueError or KeyError for anything that `to_json` did not write."""
    said: dict[str, Any] = json.loads(data)
    if said["version"] != VERSION:
        raise ValueError("written by another version")
    return Recognised(
        said["format"],
        said["file"],
        said["digest"],
        {key: syntax.parse(text.encode(), syntax.N_TRIPLES, _NO_BASE) for key, text in said["graphs"].items()},
        tuple(Line(*one) for one in said["lines"]),
        tuple(Loss(*one) for one in said["losses"]),
        {name: base64.b64decode(text) for name, text in said["files"].items()},
        tuple(said["header"]),
    )
