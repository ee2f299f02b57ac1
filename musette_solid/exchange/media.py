"""What kind of file it is, by its first bytes: the type under which it may be kept and shown.

Only types that no browser runs are given out. What could run there (SVG, HTML, scripts) is recognised and refused by
whoever asks, under whatever name it comes.
"""

import re
from dataclasses import dataclass
from typing import Final

#: How much of the beginning is looked at.
HEAD_BYTES: Final = 65536


@dataclass(frozen=True, slots=True)
class Media:
    """`ending` begins with a dot. `is_active`: a browser would run what is in it."""

    type: str
    ending: str
    is_active: bool = False


PDF: Final = "application/pdf"

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", Media("image/png", ".png")),
    (b"\xff\xd8\xff", Media("image/jpeg", ".jpg")),
    (b"GIF87a", Media("image/gif", ".gif")),
    (b"GIF89a", Media("image/gif", ".gif")),
    (b"%PDF-", Media(PDF, ".pdf")),
    (b"OggS", Media("audio/ogg", ".ogg")),
    (b"fLaC", Media("audio/flac", ".flac")),
    (b"ID3", Media("audio/mpeg", ".mp3")),
    (b"\xff\xfb", Media("audio/mpeg", ".mp3")),
    (b"\x1a\x45\xdf\xa3", Media("video/webm", ".webm")),
)
_RIFF: Final = {b"WEBP": Media("image/webp", ".webp"), b"WAVE": Media("audio/wav", ".wav")}
_BRANDS: Final = {
    b"avif": Media("image/avif", ".avif"),
    b"heic": Media("image/heic", ".heic"),
    b"mif1": Media("image/heic", ".heic"),
    b"M4A ": Media("audio/mp4", ".m4a"),
    b"qt  ": Media("video/quicktime", ".mov"),
}
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_IN_ZIP: Final = {
    ".odt": _OPEN_DOCUMENT + "text",
    ".ods": _OPEN_DOCUMENT + "spreadsheet",
    ".odp": _OPEN_DOCUMENT + "presentation",
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".epub": "application/epub+zip",
}
_RUN: Final = frozenset({".svg", ".svgz", ".html", ".htm", ".xhtml", ".xht", ".mhtml", ".js", ".mjs", ".hta", ".swf"})
_RUNS: Final = re.compile(rb"<(?:[\w-]+:)?(?:svg|html|script|body|iframe)\b|<!doctype\s+(?:html|svg)", re.IGNORECASE)
_ACTIVE: Final = Media("text/plain", ".txt", is_active=True)


def kind_of(head: bytes, name: str = "") -> Media:
    """By the first bytes (`HEAD_BYTES` of them will do); the name only says which kind of archive it is."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in _RUN:
        return _ACTIVE
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], Media("video/mp4", ".mp4"))
    if head.startswith(b"PK\x03\x04"):
        return Media(_IN_ZIP[ending], ending) if ending in _IN_ZIP else Media("application/zip", ".zip")
    if head.startswith(b"\x1f\x8b"):
        return Media("application/gzip", ".gz")
    return _text(head, ending)


def _text(head: bytes, ending: str) -> Media:
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not wide and b"\x00" in head:
        return Media("application/octet-stream", ".bin")
    said = head.replace(b"\x00", b"") if wide else head
    if _RUNS.search(said):
        return _ACTIVE
    return Media("text/csv", ".csv") if ending == ".csv" else Media("text/plain", ".txt")
