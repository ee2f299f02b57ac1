"""What a file gives beside what a bag says, worked out where it keeps nobody waiting: a long one in a process of its own.

    python -m musette_solid.usecases.import_apart < header, what the file gave, documents > overview

The header is one line of JSON, with the length of each part that follows it.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from musette_solid.exchange import apart
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognised_json import Packed, unpacked
from musette_solid.rdf import syntax
from musette_solid.usecases import import_rows
from musette_solid.usecases.import_rows import Overview, Said, overview
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.preview_import import Choices, bases_of, compared

#: What a file of some hundred lines gives, packed: compared where we are, in a tenth of a second.
_SMALL: Final = 100_000
_PROGRAM: Final = "musette_solid.usecases.import_apart"


def look_over(
    bag: Bag,
    found: Packed,
    sphere: str,
    said: Said,
    now: datetime,
    is_stopped: Callable[[], bool] | None = None,
) -> Overview:
    """What is there, what is proposed, a page of it. Raises NotUnderstood; UnreadableFile when it takes too much; Stopped."""
    bases = {key: base.graph for key, base in bases_of(bag, found.keys).items()}
    if len(found.data) <= _SMALL:
        shown = compared(found.opened(), bases, Choices(sphere=sphere), now, bag.layout, bag.owner)
        return overview(shown, said)
    documents = {key: syntax.n_triples(graph) for key, graph in bases.items()}
    header = {
        "bag": [bag.layout.root, bag.owner, now.isoformat(), sphere],
        "said": [None if said.taken is None else sorted(said.taken), dict(said.at), sorted(said.all_of), sorted(said.none_of), list(said.times.items())],
        "found": len(found.data),
        "documents": {key: len(data) for key, data in documents.items()},
    }  # fmt: skip
    given = b"".join([json.dumps(header).encode(), b"\n", found.data, *documents.values()])
    code, out = apart.run(_PROGRAM, given, is_stopped)
    if code != 0:
        raise UnreadableFile(file=found.file, expected=apart.TOO_HEAVY)
    return import_rows.from_json(json.loads(out))


def main() -> int:
    apart.bounded()
    given = sys.stdin.buffer
    header: dict[str, Any] = json.loads(given.readline())
    root, owner, now, sphere = header["bag"]
    taken, at, all_of, none_of, times = header["said"]
    said = Said(None if taken is None else frozenset(taken), at, frozenset(all_of), frozenset(none_of), dict(times))
    try:
        found = unpacked(given.read(header["found"]))
        bases = {
            key: syntax.parse(given.read(length), syntax.N_TRIPLES, root) for key, length in header["documents"].items()
        }
        shown = compared(found, bases, Choices(sphere=sphere), datetime.fromisoformat(now), Layout(root), owner)
        out = json.dumps(import_rows.to_json(overview(shown, said))).encode()
    except (MemoryError, RecursionError):
        return 2
    sys.stdout.buffer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
