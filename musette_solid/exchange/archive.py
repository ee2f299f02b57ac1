"""Everything in one ZIP: each document as the space gave it, a manifest with checksums, a page that opens in any browser.

bag/…           the documents, under their names
index.html      what is in it, in plain words, without script or anything from elsewhere
manifest.json   {"format": "musette-archive/1", "root", "owner", "made", "documents": [{"path", "url", "type", "sha256", "bytes"}],
                 "unreadable": [what could not be read]}

It is written and read a piece at a time: however large the files in it, no more than one document is held.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO, Final, TypeAlias
from urllib.parse import unquote, urlsplit

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.bags import FORMAT, MANIFEST
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import Limits, Package
from musette_solid.rdf import syntax

PAGE: Final = "index.html"
FOLDER: Final = "bag/"

#: What a server could take for rules, or for something else than the document that it seems to be.
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_~!'()*+,=@-][A-Za-z0-9_~!'()*+,;=@.-]*")
_RULES: Final = (".acl", ".acr", ".meta", ".permissions")
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*")
_OURS: Final = Limits(entries=40_000, entry=250 * 1024 * 1024, whole=16 * 1024 * 1024 * 1024)
#: What is read as statements is held while it is compared: a hundred thousand activities are some seventy megabytes.
_MOST_STATEMENTS: Final = 96 * 1024 * 1024
_LONGEST_MANIFEST: Final = 16 * 1024 * 1024

_EXPECTED: Final = N_("an archive of La Musette: a manifest and the documents that it names")
_NAME: Final = N_("an archive of documents only (“%(name)s” could be taken for something else)")
_CHANGED: Final = N_("documents as they were when the archive was made (“%(name)s” was changed since)")
_TOO_MUCH: Final = N_("an archive whose documents are 96 MB at most, its files aside")


#: Called before each document with its number and how many there are.
Told: TypeAlias = Callable[[int, int], object]


@dataclass(frozen=True)
class Document:
    """`path`: under the bag, as in the space; `url`: where it was."""

    path: str
    url: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Entry:
    """A document that lies in an archive, not yet read."""

    path: str
    url: str
    media_type: str
    size_bytes: int

    @property
    def is_document(self) -> bool:
        """Whether it is read as statements; else its bytes are put where they were."""
        return self.path.endswith(".ttl")


@dataclass(frozen=True)
class Archive:
    """An archive that was verified; its documents are read when they are wanted."""

    root: str
    owner: str
    made: str
    entries: tuple[Entry, ...]
    _package: Package = field(repr=False)

    def data(self, entry: Entry) -> bytes:
        return b"".join(self._package.pieces(FOLDER + entry.path))

    def open(self, entry: Entry) -> BinaryIO:
        return self._package.open(FOLDER + entry.path)


class _Pipe(io.RawIOBase):
    """What zipfile writes to: it keeps what was written until somebody takes it."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile gives bytes
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


class Writing:
    """An archive in the making: what `add` and `end` give are its bytes, in their order."""

    def __init__(self, root: str, owner: str, made: datetime) -> None:
        self._about = {"format": FORMAT, "root": root, "owner": owner, "made": made.isoformat(timespec="seconds")}
        self._pipe = _Pipe()
        # To a pipe: sizes stand after each file, so that none has to be known before it is read.
        self._zip = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_DEFLATED)
        self._listed: list[dict[str, str | int]] = []

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(str(one["path"]) for one in self._listed)

    def add(self, path: str, url: str, media_type: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """One document. Should its reading fail in the middle, the archive cannot be ended, and opens nowhere."""
        digest, size = sha256(), 0
        # Texts shrink to a tenth; pictures and films do not, and must not look like a bomb when they happen to.
        shrinks = path.endswith((".ttl", ".jsonld", ".json"))
        entry = _entry(FOLDER + path, zipfile.ZIP_DEFLATED if shrinks else zipfile.ZIP_STORED)
        with self._zip.open(entry, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
                yield self._pipe.taken()
        yield self._pipe.taken()
        self._listed.append(
            {"path": FOLDER + path, "url": url, "type": media_type, "sha256": digest.hexdigest(), "bytes": size}
        )

    def end(self, page: bytes, unreadable: Sequence[str] = ()) -> bytes:
        manifest = {**self._about, "documents": self._listed, "unreadable": list(unreadable)}
        for name, data in ((PAGE, page), (MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode())):
            self._zip.writestr(_entry(name, zipfile.ZIP_DEFLATED), data)
        self._zip.close()
        return self._pipe.taken()


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    """The same bytes for the same files, whenever it is made."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    return entry


def write(root: str, owner: str, made: datetime, documents: Iterable[Document], page: bytes) -> bytes:
    writing = Writing(root, owner, made)
    found = [
        piece
        for one in sorted(documents, key=lambda one: one.path)
        for piece in writing.add(one.path, one.url, one.media_type, [one.data])
    ]
    return b"".join([*found, writing.end(page)])


def read(data: bytes | BinaryIO, file: str = "", told: Told = lambda _step, _steps: None) -> Archive:
    """What an archive holds, every checksum verified. Raises UnreadableFile, and what `told` raises to stop it."""
    package = Package(data, file, _OURS)
    if MANIFEST not in package.names or package.size(MANIFEST) > _LONGEST_MANIFEST:
        raise UnreadableFile(file=file, expected=_EXPECTED)
    manifest = strict_json.parse(package.read(MANIFEST), MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/format")
    root, owner = manifest.get("root"), manifest.get("owner")
    if not _is_place(root) or not str(root).endswith("/") or not _is_place(owner):
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/root")
    listed = manifest.get("documents")
    found = listed if isinstance(listed, list) else []
    entries = []
    for number, one in enumerate(found):
        told(number, len(found))
        entries.append(_checked(package, one, number, str(root), file))
    if sum(one.size_bytes for one in entries if one.is_document) > _MOST_STATEMENTS:
        raise UnreadableFile(file=file, expected=_TOO_MUCH)
    return Archive(str(root), str(owner), str(manifest.get("made") or ""), tuple(entries), package)


def _checked(package: Package, one: object, number: int, root: str, file: str) -> Entry:
    path = one.get("path") if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(path, str) or not path.startswith(FOLDER):
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer=f"/documents/{number}/path")
    if path not in package.names:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer=f"/documents/{number}/path")
    inner = path.removeprefix(FOLDER)
    if not is_plain(inner):
        raise UnreadableFile(file=file, expected=_NAME, name=path[:80])
    digest, size = sha256(), 0
    for piece in package.pieces(path):
        digest.update(piece)
        size += len(piece)
    if digest.hexdigest() != one.get("sha256"):
        raise UnreadableFile(file=file, expected=_CHANGED, name=path[:80])
    media_type = str(one.get("type"))
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    # Where it was follows from where the bag was: a manifest that says otherwise is not believed.
    return Entry(inner, f"{root}{inner}", media_type, size)


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
