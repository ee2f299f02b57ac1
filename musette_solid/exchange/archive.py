"""Everything in one ZIP: each document as the space gave it, a manifest with checksums, a page that opens in any browser.

manifest.json   {"format": "musette-archive/1", "root", "owner", "made", "documents": [{"path", "url", "type", "sha256", "bytes"}]}
index.html      what is in it, in plain words, without script or anything from elsewhere
bag/…           the documents, under their names
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.bags import FORMAT, MANIFEST
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import Package, pack
from musette_solid.rdf import syntax

PAGE: Final = "index.html"
FOLDER: Final = "bag/"

_EXPECTED: Final = N_("an archive of La Musette: a manifest and the documents that it names")
_CHANGED: Final = N_("documents as they were when the archive was made (“%(name)s” was changed since)")


@dataclass(frozen=True)
class Document:
    """`path`: under the bag, as in the space; `url`: where it was."""

    path: str
    url: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Archive:
    root: str
    owner: str
    documents: tuple[Document, ...]


def write(root: str, owner: str, made: datetime, documents: Iterable[Document], page: bytes) -> bytes:
    kept = sorted(documents, key=lambda one: one.path)
    manifest = {
        "format": FORMAT,
        "root": root,
        "owner": owner,
        "made": made.isoformat(timespec="seconds"),
        "documents": [
            {
                "path": FOLDER + one.path,
                "url": one.url,
                "type": one.media_type,
                "sha256": sha256(one.data).hexdigest(),
                "bytes": len(one.data),
            }
            for one in kept
        ],
    }
    files = [(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode()), (PAGE, page)]
    return pack([*files, *((FOLDER + one.path, one.data) for one in kept)])


def read(data: bytes, file: str = "") -> Archive:
    """What an archive holds, every checksum verified. Raises UnreadableFile."""
    package = Package(data, file)
    if MANIFEST not in package.names:
        raise UnreadableFile(file=file, expected=_EXPECTED)
    manifest = strict_json.parse(package.read(MANIFEST), MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/format")
    listed = manifest.get("documents")
    documents = []
    for number, one in enumerate(listed if isinstance(listed, list) else []):
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, str) or path not in package.names or not path.startswith(FOLDER):
            raise UnreadableFile(file=file, expected=_EXPECTED, pointer=f"/documents/{number}/path")
        body = package.read(path)
        if sha256(body).hexdigest() != one.get("sha256"):
            raise UnreadableFile(file=file, expected=_CHANGED, name=path[:80])
        documents.append(Document(path.removeprefix(FOLDER), str(one.get("url")), str(one.get("type")), body))
    root, owner = manifest.get("root"), manifest.get("owner")
    if not isinstance(root, str) or not root.endswith("/") or not isinstance(owner, str):
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/root")
    return Archive(root, owner, tuple(documents))


def moved(graph: Graph, was: Sequence[str], now: Sequence[str]) -> Graph:
    """The graph with its addresses moved: what began with one of `was` begins with the one at that place in `now`."""

    def at_home(node: Node) -> Node:
        if isinstance(node, URIRef):
            for old, new in zip(was, now, strict=True):
                if node == URIRef(old) or (old.endswith("/") and str(node).startswith(old)):
                    return URIRef(new + str(node)[len(old) :])
        return node

    return syntax.graph_of((at_home(s), at_home(p), at_home(o)) for s, p, o in graph)
