"""Files attached to a PDF: a CV of Europass carries its data so. Nothing of the pages is looked at, and nothing in it runs."""

import io
from typing import Final

import pikepdf

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile

_BROKEN: Final = N_("a PDF that is whole and has no password")
_TOO_LARGE: Final = N_("a PDF with at most 20 files attached, of at most 20 MB each")
_MOST: Final = 20
_LARGEST: Final = 20 * 1024 * 1024


def of_pdf(data: bytes, file: str = "") -> list[tuple[str, bytes]]:
    """Name and bytes of each, in the order of their names. Raises UnreadableFile."""
    found = []
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            names = sorted(pdf.attachments)
            if len(names) > _MOST:
                raise UnreadableFile(file=file, expected=_TOO_LARGE)
            for name in names:
                attached = pdf.attachments[name].get_file()
                if (attached.size or 0) > _LARGEST:
                    raise UnreadableFile(file=file, expected=_TOO_LARGE)
                found.append((name.replace("\\", "/").rpartition("/")[2], attached.read_bytes()))
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, KeyError, RuntimeError) as error:
        raise UnreadableFile(file=file, expected=_BROKEN) from error
    return found
