"""The files of a register as they come: a folder, a zip archive or single tables; their text, columns and ends checked."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile

#: One table of a register is some megabytes; an archive that unpacks to more is something else.
LARGEST_BYTES = 256 * 1024 * 1024


class UnreadableRegister(UnreadableFile):
    what = N_("The file %(file)s could not be used.")
    do = N_("Expected: %(expected)s. What was installed before is still there.")
    at_row = N_("The file %(file)s could not be used: line %(row)s.")
    at_pointer = N_("The file %(file)s could not be used: %(pointer)s.")


@dataclass(frozen=True)
class Table:
    """The rows of one file, by column. `encoding` says how its text was written."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    encoding: str


def files_of(source: Path) -> dict[str, bytes]:
    """The `.csv` files of a folder or of a zip archive, or the one file, by name. Raises UnreadableRegister."""
    if source.is_dir():
        return {path.name: path.read_bytes() for path in sorted(source.glob("*.csv"))}
    return unpacked(source.name, source.read_bytes())


def unpacked(name: str, data: bytes) -> dict[str, bytes]:
    """The tables in a file: the file itself, or what an archive holds."""
    if data[:4] != b"PK\x03\x04":
        if name.lower().endswith(".zip"):
            raise UnreadableRegister(file=name, expected=N_("a zip archive; this one does not begin like one"))
        return {name: data}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if sum(one.file_size for one in members) > LARGEST_BYTES:
                raise UnreadableRegister(file=name, expected=N_("less than 256 MB once unpacked"))
            return {one.filename.rpartition("/")[2]: archive.read(one) for one in members}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, RuntimeError) as error:
        raise UnreadableRegister(
            file=name, expected=N_("a whole zip archive; this one is damaged, or its end is missing")
        ) from error


def table(file: str, data: bytes, needed: Sequence[str]) -> Table:
    """The rows of a CSV file (RFC 4180, UTF-8). Raises UnreadableRegister with what is wrong and where.

    Not UTF-8, it is read as Windows-1252 when every byte is a sign of it: one official file is, whatever its name says.
    """
    text, encoding = _text(file, data)
    if not text.strip():
        raise UnreadableRegister(file=file, expected=N_("a table; this file is empty"))
    if text.lstrip()[:1] == "<":
        raise UnreadableRegister(file=file, expected=N_("a table (CSV); this is a web page"))
    rows = _rows(file, text)
    columns = tuple(next(rows))
    missing = [column for column in needed if column not in columns]
    if missing:
        raise UnreadableRegister(
            file=file,
            expected=N_("the columns %(needed)s; this file has %(found)s"),
            needed=", ".join(missing),
            found=", ".join(columns)[:200],
        )
    return Table(file, columns, tuple(dict(zip(columns, row, strict=True)) for row in rows), encoding)


def _text(file: str, data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableRegister(file=file, expected=N_("text in UTF-8"))


def _rows(file: str, text: str) -> Iterator[list[str]]:
    """The rows, the first one being the columns. A row that stops short is where the file was cut."""
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    width = 0
    try:
        for row in reader:
            if not row or row == [""]:
                continue
            width = width or len(row)
            if len(row) != width:
                raise UnreadableRegister(
                    file=file,
                    row=reader.line_num,
                    expected=N_(
                        "%(width)s columns in every line; this one has %(found)s, so the file may be cut short"
                    ),
                    width=width,
                    found=len(row),
                )
            yield row
    except csv.Error as error:
        raise UnreadableRegister(
            file=file,
            row=reader.line_num,
            expected=N_("a whole table; a quotation mark is open at the end, so the file may be cut short"),
        ) from error
