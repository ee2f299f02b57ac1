"""A spreadsheet (xlsx) as a table of texts: the first sheet that says something, values only, no formula and no macro run."""

import csv
import io
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from musette_solid.errors import N_
from musette_solid.exchange import sheets
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source

_NOT_A_WORKBOOK: Final = N_("a spreadsheet (xlsx) that is whole")
_MOST_COLUMNS: Final = 200


def first_sheet(source: Source) -> tuple[bytes, int]:
    """The sheet as CSV, and how many others say something too."""
    _ = source.package  # looked through with care before a library opens it
    try:
        book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=True, keep_links=False)
        texts: list[bytes] = []
        for sheet in book.worksheets:
            made = io.StringIO(newline="")
            writer = csv.writer(made)
            written = 0
            for row in sheet.iter_rows(max_col=_MOST_COLUMNS, max_row=sheets.MOST_ROWS + 20, values_only=True):
                filled = max((at for at, cell in enumerate(row, 1) if cell is not None), default=0)
                writer.writerow([_text(cell) for cell in row[:filled]])
                written += any(cell is not None for cell in row)
            if written > 1:
                texts.append(made.getvalue().encode())
        if texts:
            return texts[0], len(texts) - 1
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError, AttributeError) as error:
        raise UnreadableFile(file=source.name, expected=_NOT_A_WORKBOOK) from error
    raise UnreadableFile(file=source.name, expected=_NOT_A_WORKBOOK)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell.hour} h {cell.minute:02d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
