"""A ZIP archive, opened with care: what could fill a memory, lie or climb is refused with its reason before anything is read.

Names are never used as paths. One level: an archive inside an archive stays closed. Sizes are counted while reading, because
what the directory says may be a lie; two entries that share bytes are how 57 kB become 10 GB (CVE-2024-0450).
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Final, cast

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile

MOST_ENTRIES: Final = 2000
LARGEST_ENTRY: Final = 25 * 1024 * 1024
LARGEST: Final = 50 * 1024 * 1024
_MOST_RATIO: Final = 100
_ALWAYS_FINE: Final = 1024 * 1024  # a small text may well be compressed a thousandfold
_LONGEST_NAME: Final = 300
#: What zipfile says of an entry that is not what it seems.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, struct.error)
_PIECE: Final = 256 * 1024
#: The end of an archive is its last record, and a comment of 64 kB at most.
_TAIL: Final = 22 + 65_535
_HEADER: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"

_NOT_A_ZIP: Final = N_("a ZIP archive that is whole (this one is cut, or its table of contents does not fit)")
_TOO_MANY: Final = N_("an archive of at most 2000 files")
TOO_LARGE: Final = N_("an archive of at most 50 MB once opened, none of its files above 25 MB")
_TOO_DENSE: Final = N_("an archive that opens to at most a hundred times its size (“%(name)s” opens to more)")
_OVERLAP: Final = N_("an archive whose files do not share their bytes")
_ENCRYPTED: Final = N_("an archive without a password: open it first, then choose the folder or a new archive")
_LINK: Final = N_("an archive that holds files only (“%(name)s” points elsewhere)")
_NAME: Final = N_("an archive whose names stay inside it (“%(name)s” does not)")
_TWINS: Final = N_("an archive in which every file has a name of its own (“%(name)s” is there twice)")
_METHOD: Final = N_("an archive compressed in the usual way (“%(name)s” is not)")


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold: entries, bytes of one of them, bytes of all of them, once opened."""

    entries: int = MOST_ENTRIES
    entry: int = LARGEST_ENTRY
    whole: int = LARGEST


class Package:
    """The files of an archive by name, as they are written there, read one at a time. Raises UnreadableFile.

    `data`: its bytes, or a file that can be read from anywhere: then no more of it is held than is being read.
    """

    def __init__(self, data: bytes | BinaryIO, file: str = "", limits: Limits | None = None) -> None:
        self._file = file
        self._limits = limits or Limits()
        self._read = 0
        self._entries: dict[str, zipfile.ZipInfo] = {}
        opened = io.BytesIO(data) if isinstance(data, bytes) else data
        try:
            self._zip = zipfile.ZipFile(opened)
        # RuntimeError: a way of packing that zipfile does not know.
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, RuntimeError) as error:
            raise self._refusal(_NOT_A_ZIP) from error
        if not _is_only_a_zip(opened):
            raise self._refusal(_NOT_A_ZIP)
        self._look(self._zip.infolist(), opened)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def find(self, ending: str) -> tuple[str, ...]:
        """The names that end so, case aside: `.csv`, `positions.csv`."""
        return tuple(name for name in self._entries if name.casefold().endswith(ending))

    def read(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            with self._zip.open(entry) as opened:
                found = opened.read(self._limits.entry + 1)
        except _BROKEN as error:
            raise self._refusal(_NOT_A_ZIP) from error
        self._read += len(found)
        if len(found) > self._limits.entry or self._read > 2 * self._limits.whole:
            raise self._refusal(TOO_LARGE)
        return found

    def size(self, name: str) -> int:
        """How many bytes it opens to, by what the table of contents says; `pieces` finds out when that is a lie."""
        return self._entries[name].file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """One file, a piece at a time: none is ever held whole."""
        entry = self._entries[name]
        found = 0
        try:
            with self._zip.open(entry) as opened:
                while piece := opened.read(_PIECE):
                    found += len(piece)
                    if found > self._limits.entry:
                        raise self._refusal(TOO_LARGE)
                    yield piece
        except _BROKEN as error:
            raise self._refusal(_NOT_A_ZIP) from error

    def open(self, name: str) -> BinaryIO:
        """One file, to be read by whoever sends it on."""
        return cast("BinaryIO", self._zip.open(self._entries[name]))

    def _look(self, entries: list[zipfile.ZipInfo], data: BinaryIO) -> None:
        if len(entries) > self._limits.entries:
            raise self._refusal(_TOO_MANY)
        if sum(entry.file_size for entry in entries) > self._limits.whole:
            raise self._refusal(TOO_LARGE)
        seen: set[str] = set()
        for entry in entries:
            self._check(entry)
            twin = unicodedata.normalize("NFC", entry.filename).casefold()
            if twin in seen:
                raise self._refusal(_TWINS, entry.filename)
            seen.add(twin)
            if not entry.is_dir() and not _is_litter(entry.filename):
                self._entries[entry.filename] = entry
        if _overlap(entries, data):
            raise self._refusal(_OVERLAP)

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        if entry.flag_bits & 0x41:
            raise self._refusal(_ENCRYPTED)
        if not is_inside(entry.orig_filename):
            raise self._refusal(_NAME, name)
        mode = entry.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise self._refusal(_LINK, name)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise self._refusal(_METHOD, name)
        if entry.file_size > self._limits.entry:
            raise self._refusal(TOO_LARGE)
        if entry.file_size > _ALWAYS_FINE and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
            raise self._refusal(_TOO_DENSE, name)

    def _refusal(self, expected: str, name: str = "") -> UnreadableFile:
        shown = "".join(c if c.isprintable() else "�" for c in name)[:80]
        return UnreadableFile(file=self._file, expected=expected, name=shown)


def _is_litter(name: str) -> bool:
    """What computers add to archives by themselves, and nobody chose."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return name.startswith("__MACOSX/") or last.startswith("._") or last in {".DS_Store", "Thumbs.db", "desktop.ini"}


def is_inside(name: str) -> bool:
    """Whether a name, taken as a path by some careless program, would stay where it is unpacked."""
    parts = name.replace("\\", "/").split("/")
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and ".." not in parts
        and not name.startswith(("/", "\\"))
        and ":" not in parts[0]
    )


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of these files: always the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _is_only_a_zip(data: BinaryIO) -> bool:
    """Nothing before the first entry and nothing after the comment: no file of two kinds at once."""
    size = data.seek(0, io.SEEK_END)
    data.seek(0)
    begins = data.read(4)
    data.seek(max(0, size - _TAIL))
    tail = data.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22 or begins not in {_HEADER, _END}:
        return False
    (comment,) = struct.unpack_from("<H", tail, end + 20)
    return len(tail) == int(end + 22 + comment)


def _overlap(entries: list[zipfile.ZipInfo], data: BinaryIO) -> bool:
    spans = []
    for entry in entries:
        data.seek(entry.header_offset)
        head = data.read(30)
        if head[:4] != _HEADER or len(head) < 30:
            return True
        name, extra = struct.unpack_from("<HH", head, 26)
        spans.append((entry.header_offset, entry.header_offset + 30 + name + extra + entry.compress_size))
    spans.sort()
    return any(end > following for (_, end), (following, _) in pairwise(spans))
