"""What a file gave as JSON: to come back from a process of its own, and to travel in a page. Both ways, nothing lost."""

import base64
import json
from typing import Any, Final

from musette_solid.exchange.draft import Line, Recognised
from musette_solid.exchange.losses import Loss
from musette_solid.rdf import syntax

VERSION: Final = 2
_NO_BASE: Final = "https://example.org/"  # every IRI is whole


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
