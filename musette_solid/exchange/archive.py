"""Everything in one ZIP: each document as the space gave it, a manifest with checksums, a page that opens in any browser.

manifest.json   {"format": "musette-archive/1", "root", "owner", "made", "documents": [{"path", "url", "type", "sha256", "bytes"}]}
index.html      what is in it, in plain words, without script or anything from elsewhere
bag/…           the documents, under their names
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import unquote, urlsplit

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.bags import FORMAT, MANIFEST
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import Limits, Package, pack
from musette_solid.rdf import syntax

PAGE: Final = "index.html"
FOLDER: Final = "bag/"

#: What a server could take for rules, or for something else than the document that it seems to be.
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_~!'()*+,=@-][A-Za-z0-9_~!'()*+,;=@.-]*")
_RULES: Final = (".acl", ".acr", ".meta", ".permissions")
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*")
_OURS: Final = Limits(entries=40_000, entry=250 * 1024 * 1024, whole=1024 * 1024 * 1024)

_EXPECTED: Final = N_("an archive of La Musette: a manifest and the documents that it names")
_NAME: Final = N_("an archive of documents only (“%(name)s” could be taken for something else)")
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
    package = Package(data, file, _OURS)
    if MANIFEST not in package.names:
        raise UnreadableFile(file=file, expected=_EXPECTED)
    manifest = strict_json.parse(package.read(MANIFEST), MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/format")
    root, owner = manifest.get("root"), manifest.get("owner")
    if not _is_place(root) or not str(root).endswith("/") or not _is_place(owner):
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/root")
    listed = manifest.get("documents")
    documents = []
    for number, one in enumerate(listed if isinstance(listed, list) else []):
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, str) or path not in package.names or not path.startswith(FOLDER):
            raise UnreadableFile(file=file, expected=_EXPECTED, pointer=f"/documents/{number}/path")
        inner = path.removeprefix(FOLDER)
        if not is_plain(inner):
            raise UnreadableFile(file=file, expected=_NAME, name=path[:80])
        body = package.read(path)
        if sha256(body).hexdigest() != one.get("sha256"):
            raise UnreadableFile(file=file, expected=_CHANGED, name=path[:80])
        media_type = str(one.get("type"))
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        # Where it was follows from where the bag was: a manifest that says otherwise is not believed.
        documents.append(Document(inner, f"{root}{inner}", media_type, body))
    return Archive(str(root), str(owner), tuple(documents))


def is_plain(path: str) -> bool:
    """Whether a path below the bag can only be a document: rules and hidden things are written by nobody but the server."""
    decoded = unquote(path)
    return all(_SEGMENT.fullmatch(unquote(segment)) for segment in path.split("/")) and not (
        decoded != unquote(decoded) or decoded.casefold().endswith(_RULES) or "/." in decoded
    )


def _is_place(address: object) -> bool:
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(parts.path) > 1


def moved(graph: Graph, was: Sequence[str], now: Sequence[str]) -> Graph:
    """The graph with its addresses moved: what began with one of `was` begins with the one at that place in `now`."""

    def at_home(node: Node) -> Node:
        if isinstance(node, URIRef):
            for old, new in zip(was, now, strict=True):
                if node == URIRef(old) or (old.endswith("/") and str(node).startswith(old)):
                    return URIRef(new + str(node)[len(old) :])
        return node

    return syntax.graph_of((at_home(s), at_home(p), at_home(o)) for s, p, o in graph)
