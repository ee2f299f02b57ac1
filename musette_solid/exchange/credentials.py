"""Credentials as files hold them: Open Badges 0.5 to 3.0, CLR 2, European digital credentials; plain, signed, in a picture.

Nothing is asked of any address in them. What they claim is read; whether somebody really signed it is another question, and
its answer here is always honest: "not checked". The bytes are kept beside, as they came.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange import strict_json, xml_tree
from musette_solid.exchange.draft import Draft, digest_of
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import NOT_A_DATE
from musette_solid.exchange.loose_dates import said as said_date
from musette_solid.exchange.markup import plain
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate

UNSIGNED: Final = N_("nothing is signed in it: it is what somebody says, no more")
NOT_CHECKED: Final = N_("it is signed (%(value)s), and the signature was not checked here")
NOT_ABOUT_YOU: Final = N_("it is about %(value)s, an address that is not yours here")
HASHED: Final = N_("it is about somebody whose address is hidden in it: check that it is you")
ELSEWHERE: Final = N_("the rest of it is kept at %(value)s, which was not asked")
EXPIRED: Final = N_("it was valid until %(value)s")
AWARDED_TO_NOBODY: Final = N_("it describes a badge or who gives it, and is awarded to nobody")
TWO: Final = N_("a picture with one credential in it (this one has two)")
_NO_CREDENTIAL: Final = N_("a badge: a picture with a credential in it (this one has none)")
_AT_AN_ADDRESS: Final = N_("a badge with its credential in it (this one is kept at %(address)s, which was not asked)")
_NOT_A_TOKEN: Final = N_("a signed credential (this one does not open)")
_EXPECTED: Final = N_("an Open Badge or a European digital credential")

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORDS: Final = (b"openbadges", b"openbadgecredential")
_NAMESPACES: Final = ("openbadges", "purl.imsglobal.org/ob")
_LARGEST_CHUNK: Final = 2 * 1024 * 1024
#: A compact JWS; after it what may be disclosed one by one (SD-JWT).
_JWS: Final = re.compile(r"[\w-]{8,}\.[\w-]{4,}\.[\w-]*(?:~[\w.~-]*)?", re.ASCII)


@dataclass(frozen=True)
class Opened:
    """The credential itself, the bytes to keep, and how it was signed ("" when it was not)."""

    value: dict[str, Any]
    data: bytes
    signed: str = ""


def is_token(text: str) -> bool:
    return _JWS.fullmatch(text.strip()) is not None


def opened(source: Source, *, several: bool = False) -> Opened:
    """What is inside a JSON file, a token, a PNG or an SVG. Raises UnreadableFile.

    `several`: a list, or something that holds credentials, is opened too; its value may be a list then.
    """
    data = source.data
    if data.startswith(_PNG):
        data = from_png(data, source.name)
    elif data.lstrip()[:1] == b"<":
        data = from_svg(data, source.name)
    text = data.decode("utf-8", "replace").strip().strip("\ufeff")
    if is_token(text):
        return _token(text, data, source.name)
    if re.fullmatch(r"https?://\S{1,1000}", text):  # badges of 2012 only say where they are
        raise UnreadableFile(file=source.name, expected=_AT_AN_ADDRESS, address=text)
    value = strict_json.parse(data, source.name)
    if several:
        return Opened(value, data)  # type: ignore[arg-type]  # whoever asks looks what it is
    if not isinstance(value, dict):
        raise UnreadableFile(file=source.name, expected=_EXPECTED, row=1, column=1)
    return opened_value(value, Opened(value, data), source.name)


def opened_value(value: Any, whole: Opened, file: str = "") -> Opened:
    """One credential of a file: an object, a token, an envelope (VC 2.0). The bytes to keep are those of the whole."""
    envelope = str(value.get("id", "")) if isinstance(value, dict) else ""
    if envelope.startswith("data:application/vc"):
        value = envelope.partition(",")[2]
    if isinstance(value, str):
        return _token(value, whole.data, file)
    if "payload" in value and ("signatures" in value or "signature" in value):
        return _jades(value, whole.data, file)
    proof = value.get("proof")
    kinds = [str(one.get("cryptosuite") or one.get("type") or "?") for one in dicts(proof)]
    signature = value.get("signature")
    if not kinds and isinstance(signature, dict | str) and signature:
        kinds = ["signature"]
    return Opened(value, whole.data, ", ".join(kinds))


def from_png(data: bytes, file: str = "") -> bytes:
    """The text that was baked into a picture (a chunk called openbadges or openbadgecredential)."""
    at, found = len(_PNG), []
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        if len(body) < size or kind == b"IEND":
            break
        if kind in {b"iTXt", b"tEXt", b"zTXt"} and body.partition(b"\0")[0] in _KEYWORDS:
            found.append(_chunk(kind, body, file))
        at += 12 + size
    if len(found) != 1:
        raise UnreadableFile(file=file, expected=TWO if found else _NO_CREDENTIAL)
    return found[0]


def _chunk(kind: bytes, body: bytes, file: str) -> bytes:
    _, _, rest = body.partition(b"\0")
    is_packed = kind == b"zTXt"
    if kind == b"iTXt":
        is_packed, rest = rest[:1] == b"\1", rest[2:]
        rest = rest.split(b"\0", 2)[-1]
    elif is_packed:
        rest = rest[1:]
    if not is_packed:
        return rest[:_LARGEST_CHUNK]
    try:
        return zlib.decompressobj().decompress(rest, _LARGEST_CHUNK)
    except zlib.error as error:
        raise UnreadableFile(file=file, expected=_NO_CREDENTIAL) from error


def from_svg(data: bytes, file: str = "") -> bytes:
    root = xml_tree.parse(data, file)
    found = [
        (element.get("verify") or "".join(element.itertext())).strip()
        for element in root.iter()
        if any(name in str(element.tag) for name in _NAMESPACES)
        and xml_tree.local(element) in {"assertion", "credential"}
    ]
    texts = [text for text in found if text]
    if len(texts) != 1:
        raise UnreadableFile(file=file, expected=TWO if texts else _NO_CREDENTIAL)
    return texts[0].encode()


def _token(text: str, data: bytes, file: str) -> Opened:
    """A compact JWS: its payload is read, its signature is not."""
    head, payload, _ = text.partition("~")[0].split(".")
    value = strict_json.parse(_unbase64(payload, file), file)
    header = strict_json.parse(_unbase64(head, file), file)
    if not isinstance(value, dict) or not isinstance(header, dict):
        raise UnreadableFile(file=file, expected=_NOT_A_TOKEN)
    inner = value.get("vc")
    return Opened(inner if isinstance(inner, dict) else value, data, f"JWT {header.get('alg', '?')}")


def _jades(value: dict[str, Any], data: bytes, file: str) -> Opened:
    payload = value["payload"]
    if isinstance(payload, str):
        text = payload.strip()
        inner = text.encode() if text.startswith("{") else _unbase64(text, file)
        payload = strict_json.parse(inner, file)
    if not isinstance(payload, dict):
        raise UnreadableFile(file=file, expected=_NOT_A_TOKEN, pointer="/payload")
    return Opened(payload, data, "JAdES")


def _unbase64(text: str, file: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except (ValueError, binascii.Error) as error:
        raise UnreadableFile(file=file, expected=_NOT_A_TOKEN) from error


# What every reader of credentials asks


def keep(draft: Draft, found: Opened) -> None:
    """The bytes as they came, to be kept beside."""
    kind = "jwt" if found.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["} else "jsonld"
    # One of several in an archive is named after itself.
    digest = digest_of(found.data) if draft.member else draft.digest
    draft.files[f"credentials/{digest[:32]}.{kind}"] = found.data


def say_signature(draft: Draft, place: str, found: Opened) -> str:
    """A loss that is no loss: what was not looked into. Returns a short word for the line."""
    if found.signed:
        draft.lose(place, NOT_CHECKED, found.signed)
    else:
        draft.lose(place, UNSIGNED)
    return found.signed


def day(draft: Draft, place: str, value: Any) -> PartialDate | None:
    if value in (None, ""):
        return None
    if isinstance(value, int) and not isinstance(value, bool):  # before 1.0: seconds since 1970
        try:
            return PartialDate.of(datetime.fromtimestamp(value, UTC).date())
        except (ValueError, OverflowError, OSError):
            pass
    text = str(value)
    found = said_date(text) or said_date(text[:10])
    if found is None:
        draft.lose(place, NOT_A_DATE, text)
    return found


def in_words(value: Any, language: str = "fr") -> str:
    """A text, also one said in several languages: `{"en": "…", "fr": ["…"]}`, `{"@value": "…"}`."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return plain(str(value))
    if isinstance(value, list):
        return next((text for one in value if (text := in_words(one, language))), "")
    if isinstance(value, dict):
        for key in (language, "en", "fr", "@value", "text", "noteLiteral", *sorted(map(str, value))):
            if (
                key in value
                and key not in {"id", "type", "@language", "@type"}
                and (text := in_words(value[key], language))
            ):
                return text
    return ""


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def kinds(value: Mapping[str, Any]) -> frozenset[str]:
    """The types of a node, without the names of their vocabularies."""
    said = value.get("type", value.get("@type"))
    names = [str(one) for one in (said if isinstance(said, list) else [said]) if one]
    return frozenset(name.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2] for name in names)


def check_subject(draft: Draft, place: str, subject: Mapping[str, Any]) -> None:
    """Whether it says to be about the holder; of a hidden address nobody can say."""
    if subject.get("hashed") in (True, "true") or str(subject.get("identity", "")).startswith("sha256$"):
        draft.lose(place, HASHED)
        return
    about = str(subject.get("id") or subject.get("@id") or subject.get("identity") or "")
    if about and about != draft.bag.owner:
        draft.lose(place, NOT_ABOUT_YOU, about)
