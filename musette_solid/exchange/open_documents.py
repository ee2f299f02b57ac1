"""A spreadsheet of LibreOffice (ods) as a table of texts: the first sheet that says something, values only."""

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final
from xml.etree.ElementTree import Element

from musette_solid.errors import N_
from musette_solid.exchange import sheets, xml_tree
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source

MEDIA_TYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_NOT_A_SPREADSHEET: Final = N_("a spreadsheet (ods) that is whole and not encrypted")
_MOST_COLUMNS: Final = 200
#: A few more than a table may have, so that whoever reads it says so; a row may say that it stands there a million times.
_MOST_ROWS: Final = sheets.MOST_ROWS + 20


def is_spreadsheet(source: Source) -> bool:
    package = source.package
    return "mimetype" in package.names and package.read("mimetype").strip() == MEDIA_TYPE


def first_sheet(source: Source) -> tuple[bytes, int]:
    """The sheet as CSV, and how many others say something too."""
    if "content.xml" not in source.package.names:
        raise UnreadableFile(file=source.name, expected=_NOT_A_SPREADSHEET)
    root = xml_tree.parse(source.package.read("content.xml"), source.name)
    body = xml_tree.at(root, "body", "spreadsheet")
    written = [
        rows for table in xml_tree.every(body, "table") if len(rows := list(islice(_rows(table), _MOST_ROWS))) > 1
    ]
    if not written:
        raise UnreadableFile(file=source.name, expected=_NOT_A_SPREADSHEET)
    made = io.StringIO(newline="")
    csv.writer(made).writerows(written[0])
    return made.getvalue().encode(), len(written) - 1


def _rows(table: Element) -> Iterator[list[str]]:
    """Each row; what is repeated is there as often as it says, but for the emptiness after the last one."""
    empty = 0
    groups = ("table-header-rows", "table-row-group", "table-rows")
    inner = chain.from_iterable(
        [child] if xml_tree.local(child) == "table-row" else child
        for child in table
        if xml_tree.local(child) in {"table-row", *groups}
    )
    for row in inner:
        cells = _cells(row)
        times = _number(row, "number-rows-repeated")
        if not any(cells):
            empty += times
            continue
        for _ in range(min(empty, sheets.MOST_ROWS)):
            yield []
        empty = 0
        for _ in range(min(times, sheets.MOST_ROWS)):
            yield cells


def _cells(row: Element) -> list[str]:
    found: list[str] = []
    for cell in row:
        if xml_tree.local(cell) not in {"table-cell", "covered-table-cell"}:
            continue
        text = _text(cell)
        times = _number(cell, "number-columns-repeated")
        found += [text] * (min(times, _MOST_COLUMNS) if text else min(times, max(0, _MOST_COLUMNS - len(found))))
        if len(found) >= _MOST_COLUMNS:
            break
    while found and not found[-1]:
        found.pop()
    return found


def _text(cell: Element) -> str:
    """The value as it is, not as it is shown: a day is a day whatever its format."""
    said = {key.rpartition("}")[2]: value for key, value in cell.attrib.items()}
    kind = said.get("value-type", "")
    if kind == "date":
        return said.get("date-value", "").replace("T00:00:00", "")
    if kind == "time":
        hours, _, rest = said.get("time-value", "").removeprefix("PT").partition("H")
        minutes = rest.partition("M")[0]
        return f"{int(hours)} h {int(minutes or 0):02d}" if hours.isdecimal() and minutes.isdecimal() else ""
    if kind in {"float", "currency", "percentage"}:
        value = said.get("value", "")
        return value.removesuffix(".0")
    return "\n".join("".join(one.itertext()) for one in xml_tree.every(cell, "p"))


def _number(element: Element, name: str) -> int:
    said = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 9 else 1
