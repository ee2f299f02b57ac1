"""What a file is, by what it holds; its name only counts where two formats look the same. One way in for all of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange import (
    accounts,
    bags,
    calendars,
    credentials,
    elm,
    europass,
    europass_candidate,
    jsonresume,
    linkedin,
    open_documents,
    openbadges,
    packages,
    platforms,
    rides,
    sheets,
    solid_profile,
    strict_json,
    tables_reading,
    vcards,
    wallets,
    xml_tree,
)
from musette_solid.exchange.draft import TOO_MUCH, Bag, Draft, Recognised, digest_of
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Reader, Source
from musette_solid.rdf import syntax

LARGEST: Final = sheets.LARGEST

_NOTHING: Final = N_("a file with something in it")
_TOO_LARGE: Final = N_("a file of at most 128 MB")
_PDF: Final = N_(
    "something other than a PDF, which says how a page looks and not what it says: export the CV as JSON, XML or a table"
)
_IMAGE: Final = N_("a picture only when it is a badge with a credential in it")
_UNKNOWN: Final = N_(
    "one of the formats that La Musette reads: LinkedIn, Europass, JSON Resume, badges, calendars, tables, contacts, archives"
)
_NOT_READ: Final = N_("“%(value)s” is none of the formats that La Musette reads: it was left out")
_TOO_MANY_FILES: Final = N_("an archive of at most 200 files to read")
_MOST_FILES: Final = 200
#: Files that may be brought in together, in one archive.
_ENDINGS: Final = (".ics", ".vcf", ".json", ".jsonld", ".jwt", ".xml", ".csv", ".tsv", ".png", ".svg", ".xlsx", ".ods")
_WITHIN: Final = N_("an archive of files, and this one holds another archive: open it, then choose the one inside")
_AS: Final = N_("one of these formats: %(formats)s")
_OFFER: Final = N_("something that you did, and this is an offer: the page “Watch” follows its address")
_CONTEXT: Final = N_("data, and this is only a JSON-LD context: the words, without a sentence")


def _json_resume(source: Source, draft: Draft) -> None:
    jsonresume.into(source.data, draft)


def _read_several(source: Source, draft: Draft) -> None:
    """An archive of files of any format, as calendars, contacts and badges are often given: each by itself."""
    package = source.package
    if sum(name.casefold().endswith(_ENDINGS) for name in package.names) > _MOST_FILES:
        raise UnreadableFile(file=source.name, expected=_TOO_MANY_FILES)
    if not _each(((name, partial(package.read, name)) for name in package.names), source, draft):
        raise UnreadableFile(file=source.name, expected=_UNKNOWN)


def _read_pdf(source: Source, draft: Draft) -> None:
    """A PDF that carries its data, as those of Europass do: what is attached to it."""
    from musette_solid.exchange import attachments  # noqa: PLC0415  (a large library, and seldom needed)

    attached = attachments.of_pdf(source.data, source.name)
    if not _each(((name, partial(bytes, data)) for name, data in attached), source, draft):
        raise UnreadableFile(file=source.name, expected=_PDF)


def _each(files: Iterable[tuple[str, Callable[[], bytes]]], source: Source, draft: Draft) -> int:
    """How many of them were read; the others are named."""
    read = 0
    for name, data in files:
        draft.member = name
        try:
            if not name.casefold().endswith(_ENDINGS):
                raise UnreadableFile(file=name, expected=_UNKNOWN)
            inner = Source(name.rpartition("/")[2], _as_utf8(data()), source.mapping)
            FORMATS[format_of(inner)][1](inner, draft)
            read += 1
        except (UnreadableFile, syntax.NotRdf) as error:
            # What would fill the bag or the memory is refused as a whole; what is no file of ours is named.
            if isinstance(error, UnreadableFile) and error.expected in {TOO_MUCH, packages.TOO_LARGE}:
                raise
            draft.lose("/", _NOT_READ, name.rpartition("/")[2])
        finally:
            draft.member = ""
    return read


#: Key, what it is called, how it is read.
FORMATS: Final[Mapping[str, tuple[str, Reader]]] = {
    "jsonresume": ("JSON Resume", _json_resume),
    "linkedin": ("LinkedIn", linkedin.read),
    "linkedin-table": ("LinkedIn (CSV)", linkedin.read_alone),
    "europass-xml": ("Europass (XML)", europass.read_xml),
    "europass-json": ("Europass (JSON)", europass.read_json),
    "europass-candidate": ("Europass", europass_candidate.read),
    "openbadges": ("Open Badges", openbadges.read),
    "elm": ("European Digital Credential", elm.read),
    "elm-turtle": ("European Digital Credential (Turtle)", elm.read_turtle),
    "credentials": ("Credentials", wallets.read_several),
    "credential": ("Verifiable Credential", wallets.read),
    "icalendar": ("iCalendar", calendars.read),
    "rides": ("Rides (CSV)", rides.read),
    "platform": ("Platform template", platforms.read),
    "platform-json": ("Platform template (JSON)", platforms.read_json),
    "table": ("Table", tables_reading.read),
    "files": ("Files", _read_several),
    "pdf": ("PDF", _read_pdf),
    "github": ("GitHub", accounts.read_github),
    "mastodon": ("Mastodon", accounts.read_mastodon),
    "vcard": ("vCard", vcards.read),
    "musette": ("La Musette", bags.read),
    "musette-turtle": ("La Musette (Turtle)", bags.read_document),
    "solid-profile": ("Solid profile", solid_profile.read),
}


@dataclass(frozen=True)
class Asked:
    """What somebody said about the file: its format, what its columns mean, the address it was read at."""

    format: str = ""
    mapping: Mapping[str, str] | None = None
    base: str = ""


def recognise(data: bytes, name: str, bag: Bag, asked: Asked | None = None) -> Recognised:
    """Everything a file gives, and what it does not. Raises UnreadableFile with the place and what was expected there."""
    asked = asked or Asked()
    if len(data) > LARGEST:
        raise UnreadableFile(file=name, expected=_TOO_LARGE)
    source = Source(name, _as_utf8(data), asked.mapping or {}, asked.base)
    key = asked.format or format_of(source)
    if key not in FORMATS:
        raise UnreadableFile(file=name, expected=_AS, formats=", ".join(FORMATS))
    label, read = FORMATS[key]
    draft = Draft(bag, digest_of(data), name)
    try:
        read(source, draft)
    except syntax.NotRdf as error:
        raise UnreadableFile(file=name, expected=N_("Turtle that is well formed"), row=1, column=1) from error
    return draft.done(label)


def _as_utf8(data: bytes) -> bytes:
    """A text in UTF-16, which some calendars, tables and CVs are, as one in UTF-8: rows and columns stay the same."""
    if data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return data
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        return data
    return re.sub(r"""(<\?xml[^>]*?)\s+encoding=["'][^"']*["']""", r"\1", text, count=1).encode()


#: How N-Triples and Turtle begin, and no element.
_ADDRESS = re.compile(rb"<(?:\w+://|#|>)")


def format_of(source: Source) -> str:
    """The key of the format. Raises UnreadableFile when it is none that we know."""
    data = source.data
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile(file=source.name, expected=_NOTHING)
    for head, find in _HEADS:
        if data.startswith(head):
            return find(source)
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"<" and not _ADDRESS.match(text):
        return _of_xml(source)
    if text[:1] in {b"{", b"["}:
        return _of_json(source)
    return _of_text(source, text)


def _refuse(expected: str) -> Callable[[Source], str]:
    def find(source: Source) -> str:
        raise UnreadableFile(file=source.name, expected=expected)

    return find


def _of_zip(source: Source) -> str:
    names = source.package.names
    if bags.MANIFEST in names:
        return "musette"
    if "xl/workbook.xml" in names or open_documents.is_spreadsheet(source):
        return "table"
    kind = accounts.kind_of(frozenset(names))
    if kind:
        return kind
    if linkedin.is_archive(names):
        return "linkedin"
    if any(name.casefold().endswith(_ENDINGS) for name in names):
        return "files"
    if any(name.casefold().endswith((".zip", ".tar.gz", ".tgz")) for name in names):
        raise UnreadableFile(file=source.name, expected=_WITHIN)
    raise UnreadableFile(file=source.name, expected=_UNKNOWN)


def _of_tar(source: Source) -> str:
    names = frozenset(name for name, _ in accounts.members(source.data, source.name))
    return accounts.kind_of(names) or _refuse(_UNKNOWN)(source)


def _of_xml(source: Source) -> str:
    root = xml_tree.parse(source.data, source.name)
    name = xml_tree.local(root)
    if name == "SkillsPassport":
        return "europass-xml"
    if name == "Candidate":
        return "europass-candidate"
    if name == "svg":
        return "openbadges"
    raise UnreadableFile(file=source.name, expected=_UNKNOWN, row=1, column=1)


def _of_json(source: Source) -> str:
    value = strict_json.parse(source.data, source.name)
    if accounts.is_repositories(value):
        return "github"
    if wallets.is_several(value):
        return "credentials"
    if isinstance(value, list) and any(map(_is_offer, value)):
        raise UnreadableFile(file=source.name, expected=_OFFER, pointer="/")
    if not isinstance(value, dict):
        raise UnreadableFile(file=source.name, expected=_UNKNOWN, pointer="/")
    if set(value) <= {"@context", "@version"} and "@context" in value:
        raise UnreadableFile(file=source.name, expected=_CONTEXT, pointer="/@context")
    if "payload" in value and ("signatures" in value or "signature" in value):
        return _of_token(source)
    if _is_offer(value):
        raise UnreadableFile(file=source.name, expected=_OFFER, pointer="/")
    for key, is_it in _OBJECTS:
        if is_it(value):
            return key
    if (
        any(section in value for section in jsonresume.SECTIONS) and "qualifications" not in value
    ):  # an offer has skills too
        return "jsonresume"
    raise UnreadableFile(file=source.name, expected=_UNKNOWN, pointer="/")


def _is_offer(value: object) -> bool:
    kind = value.get("@type") if isinstance(value, dict) else None
    return any(str(one).endswith("JobPosting") for one in (kind if isinstance(kind, list) else [kind]))


def _is_europass(value: Mapping[str, Any]) -> bool:
    return "SkillsPassport" in value or "LearnerInfo" in value


_OBJECTS: Final[tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...]] = (
    ("europass-json", _is_europass),
    ("platform-json", platforms.is_template),
    ("openbadges", openbadges.is_badge),
    ("elm", elm.is_credential),
    ("credential", wallets.is_credential),
)


def _of_text(source: Source, text: bytes) -> str:
    head = text[:400].decode("utf-8", "replace").lstrip("\ufeff")
    upper = head.upper()
    if upper.startswith("BEGIN:VCARD"):
        return "vcard"
    if upper.startswith("BEGIN:V"):
        return "icalendar"
    if credentials.is_token(source.data[:200_000].decode("utf-8", "replace").strip()):
        return _of_token(source)
    if upper.startswith(("@PREFIX", "PREFIX ", "@BASE", "BASE ")) or head.startswith(("<http", "# ")):
        return _of_turtle(source)
    header = sheets.header(source.data, source.name)
    if linkedin.is_table(source.name, header):
        return "linkedin-table"
    if rides.is_rides(header):
        return "rides"
    if any(columns <= line for columns in platforms.SIGNATURES for line in header):
        return "platform"
    if tables_reading.is_table(header):
        return "table"
    sheets.encoding_of(source.data, source.name)
    raise UnreadableFile(file=source.name, expected=_UNKNOWN, row=1, column=1)


def _of_token(source: Source) -> str:
    """Sealed: what is inside says what it is."""
    value = credentials.opened(source).value
    if wallets.is_several(value):
        return "credentials"
    is_plain = wallets.is_credential(value) and not openbadges.is_badge(value)
    return "elm" if elm.is_credential(value) else "credential" if is_plain else "openbadges"


def _of_turtle(source: Source) -> str:
    try:
        graph = syntax.parse(source.data, syntax.TURTLE, source.base or "https://example.org/")
    except syntax.NotRdf as error:
        line, column = error.details.get("line"), error.details.get("column")
        raise UnreadableFile(
            file=source.name, expected=N_("Turtle that is well formed"), row=line or 1, column=column or 1
        ) from error
    if bags.is_bag(graph):
        return "musette-turtle"
    if elm.ELM.encode() in source.data:
        return "elm-turtle"
    if solid_profile.says_something(graph):
        return "solid-profile"
    raise UnreadableFile(file=source.name, expected=_UNKNOWN, row=1, column=1)


_HEADS: Final[tuple[tuple[bytes, Callable[[Source], str]], ...]] = (
    (b"PK\x03\x04", _of_zip),
    (b"PK\x05\x06", _of_zip),
    (b"\x1f\x8b", _of_tar),
    (b"\x89PNG\r\n\x1a\n", lambda _: "openbadges"),
    (b"%PDF", lambda _: "pdf"),
    (b"\xff\xd8\xff", _refuse(_IMAGE)),
    (b"GIF8", _refuse(_IMAGE)),
)
