"""Tables of other people, read with care: any usual encoding and separator, ragged rows, a preamble before the header.

Rows are counted as a spreadsheet counts them, from 1, the header and what stands before it included.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from charset_normalizer import from_bytes

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.model.words import folded

MOST_ROWS: Final = 20_000
#: Where rows are only added up (rides), nothing grows with their number.
MOST_ROWS_ADDED_UP: Final = 1_000_000
LARGEST: Final = 128 * 1024 * 1024
_LONGEST_CELL: Final = 100_000
_MOST_COLUMNS: Final = 500
_PREAMBLE: Final = 12  # lines in which a header is looked for
_SEPARATORS: Final = ",;\t|"
_OLD: Final = ("cp1252", "cp1250", "mac_roman", "cp850", "latin_1", "iso8859_15")

#: The signs of French, its neighbours and their typewriters: bytes that give only these were written there.
_WESTERN: Final = frozenset("ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜàâäçèéêëîïñôöùûüŒœÆæßÑáíóúÁÍÓÚ«»’‘“”…–—€°²³·\xa0ºª¿¡")

_CAPITAL_WITHIN: Final = re.compile(r"[a-zß-ÿ][À-ÖØ-ÞŒ]")

_EMPTY: Final = N_("a table with a header and rows")
_NOT_TEXT: Final = N_("a text (this file has bytes in it that no text has)")
_TOO_MANY: Final = N_("a table of at most %(most)s rows: split it in two")
_TOO_WIDE: Final = N_("a table of at most 500 columns")
_CELL: Final = N_("cells of at most 100000 characters, each quote closed")
_TOO_LARGE: Final = N_("a file of at most 128 MB")


class NoHeader(UnreadableFile):
    """None of the first lines is the header that was looked for."""


@dataclass(frozen=True)
class Row:
    """One row: what its cells say by the folded name of their column. `extra`: cells beyond the header."""

    number: int
    cells: Mapping[str, str] = field(repr=False)
    extra: tuple[str, ...] = ()

    def text(self, *columns: str) -> str:
        """The first of these columns that says something; "" when none does."""
        for column in columns:
            text = self.cells.get(column)
            if text and (text := text.strip()):
                return text
        return ""


@dataclass(frozen=True)
class Sheet:
    """`header`: the names as they are written; `encoding`: how the bytes were read."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str = "utf-8"
    separator: str = ","


def decoded(data: bytes, file: str = "") -> tuple[str, str]:
    """The text of a file and the encoding it was in. Raises UnreadableFile: bytes that no text has."""
    encoding = encoding_of(data, file)
    return data.decode(encoding, errors="replace"), encoding.removesuffix("-sig")


def encoding_of(data: bytes, file: str = "") -> str:
    """How to read these bytes as a text. Raises UnreadableFile."""
    if len(data) > LARGEST:
        raise UnreadableFile(file=file, expected=_TOO_LARGE)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark) and _reads(data, encoding):
            return encoding
    head = data[:4000]
    # UTF-16 without its mark: half of the bytes of a western text are zero, always the same half.
    for encoding, half in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if half.count(0) > 0.7 * len(half) and _reads(data, encoding):
            return encoding
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise UnreadableFile(file=file, expected=_NOT_TEXT, row=row, column=1)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        sample = data[max(error.start - 2000, 0) : error.start + 20_000]
        texts = {encoding: sample.decode(encoding, "replace") for encoding in ("cp1252", "mac_roman", "cp850")}
        fit = [name for name, text in texts.items() if {sign for sign in text if not sign.isascii()} <= _WESTERN]
        if fit:
            # “IntitulÇ” is made of usual signs too: nobody writes a capital within a word.
            return min(fit, key=lambda name: len(_CAPITAL_WITHIN.findall(texts[name])))
        guess = from_bytes(sample, cp_isolation=list(_OLD)).best()
        return guess.encoding if guess else "cp1252"
    return "utf-8"


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read(
    data: bytes,
    file: str = "",
    *,
    wanted: Sequence[frozenset[str]] = (),
    most: int = MOST_ROWS,
    separator: str = "",
    called: Callable[[str], str] = folded,
    is_header: Callable[[frozenset[str]], bool] | None = None,
) -> Sheet:
    """The table in `data`. `wanted`: sets of column names; the first line that holds one of them is the header.

    `called`: the name of a column by what its header says; `is_header`: another way to know the header by its names.

    Without `wanted` the first line that is not empty is. Raises NoHeader and UnreadableFile, also while the rows are read.
    """
    encoding = encoding_of(data, file)
    chosen = separator or _separator(data, encoding)
    # Counted before any row is kept; a cell may hold several lines.
    if data.count(b"\n") > 10 * most:
        raise UnreadableFile(file=file, expected=_TOO_MANY, most=most)
    records = _records(data, encoding, chosen, file)
    before: list[tuple[int, list[str]]] = []
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        names = frozenset(called(cell) for cell in record)
        if is_header(names) if is_header else not wanted or any(one <= names for one in wanted):
            columns = [called(name) for name in record]
            return Sheet(tuple(record), _rows(columns, records, file, most), encoding.removesuffix("-sig"), chosen)
        before.append((number, record))
        if len(before) > _PREAMBLE:
            break
    raise NoHeader(file=file, expected=_EMPTY, row=1, column=1)


def header(data: bytes, file: str = "", called: Callable[[str], str] = folded) -> tuple[frozenset[str], ...]:
    """The folded cells of the first lines, cheaply: enough to say what kind of table it is."""
    head = data[:64_000]
    try:
        # Cut where a line ends; in UTF-16 a line feed is two bytes, and the cut even.
        cut = len(head) if len(data) <= len(head) or b"\0" in head[:4000] else head.rfind(b"\n") + 1
        head = head[:cut] or head
        encoding = encoding_of(head, file)
        found = []
        for number, record in _records(head, encoding, _separator(head, encoding), file):
            found.append(frozenset(called(cell) for cell in record if cell.strip()))
            if number > _PREAMBLE:
                break
    except UnreadableFile:
        return ()
    return tuple(found)


def _rows(columns: Sequence[str], records: Iterator[tuple[int, list[str]]], file: str, most: int) -> Iterator[Row]:
    if len(columns) > _MOST_COLUMNS:
        raise UnreadableFile(file=file, expected=_TOO_WIDE)
    taken = 0
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        taken += 1
        if taken > most:
            raise UnreadableFile(file=file, expected=_TOO_MANY, row=number, column=1, most=most)
        cells: dict[str, str] = {}
        for column, cell in zip(columns, record, strict=False):
            if column and not cells.get(column):
                cells[column] = cell
        yield Row(number, cells, tuple(cell for cell in record[len(columns) :] if cell.strip()))


def _records(data: bytes, encoding: str, separator: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Decoded as it is read: a table of a million rows is never in memory twice."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")
    reader = csv.reader(lines, delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(file=file, expected=_CELL, row=reader.line_num, column=1) from error
        yield number, record


def _separator(data: bytes, encoding: str) -> str:
    """The sign that stands most often, and equally often, in the first lines, outside quotes."""
    text = data[:20_000].decode(encoding, errors="replace")
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for sign in _SEPARATORS:
        counts = [line.count(sign) for line in lines]
        usual = max(counts, default=0)
        if usual and counts.count(usual) * usual > most:
            best, most = sign, counts.count(usual) * usual
    return best
