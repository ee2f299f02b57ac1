"""vCards (2.1, 3.0, 4.0) to people: each only when asked for, by name, organisation and role; numbers and pictures stay inside."""

import quopri
import re
from collections.abc import Iterator
from typing import Final

from musette_solid.errors import N_
from musette_solid.exchange import sheets
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source

_EXPECTED: Final = N_("a vCard: BEGIN:VCARD, and a name in it")
_TOO_MANY: Final = N_("at most 5000 vCards in a file")
_NAMELESS: Final = N_("this card has no name")
_LEFT: Final = N_("“%(value)s”: addresses, numbers and pictures of others stay in the file")
_MOST: Final = 5000
_LINE: Final = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[A-Za-z][\w-]*)(?P<params>(?:;(?:[^:\"]|\"[^\"]*\")*)?):(?P<value>.*)"
)
_KEPT: Final = frozenset(
    {"BEGIN", "END", "VERSION", "FN", "N", "ORG", "TITLE", "ROLE", "URL", "REV", "UID", "KIND", "PRODID"}
)


def read(source: Source, draft: Draft) -> None:
    text, _ = sheets.decoded(source.data, source.name)
    number = 0
    for card in _cards(text):
        number += 1
        if number > _MOST:
            raise UnreadableFile(file=source.name, expected=_TOO_MANY)
        _card(f"#card={number}", card, draft)
    if not number:
        raise UnreadableFile(file=source.name, expected=_EXPECTED, row=1, column=1)


def _card(place: str, card: list[tuple[str, str, str]], draft: Draft) -> None:
    said: dict[str, tuple[str, str]] = {}
    for name, params, value in card:
        # A name in several languages: the one without a mark of language first, else the first.
        if name not in said or ("LANGUAGE" in said[name][0].upper() and "LANGUAGE" not in params.upper()):
            said[name] = (params, value)
    structured = [_unescaped(part) for part in _parts(said.get("N", ("", ""))[1], ";")]
    formatted = _unescaped(said.get("FN", ("", ""))[1]).strip()
    name = formatted or " ".join(part for part in (structured[1:2] + structured[:1]) if part).strip()
    organization = ", ".join(
        text for part in _parts(said.get("ORG", ("", ""))[1], ";") if (text := _unescaped(part).strip())
    )
    if _unescaped(said.get("KIND", ("", ""))[1]).casefold() in {"org", "group", "location"}:
        draft.lose(place, _NAMELESS, name)
        return
    if not name:
        draft.lose(place, _NAMELESS, organization)
        return
    role = _unescaped(said.get("TITLE", said.get("ROLE", ("", "")))[1])
    url = draft.link(place, _unescaped(said["URL"][1])) if "URL" in said else None
    detail = ", ".join(text for text in (role, organization) if text)
    draft.person(place, name, organization=organization, role=role, url=url, detail=detail)
    left = sorted({key for key, _, _ in card if key not in _KEPT and not key.startswith("X-")})
    if left:
        draft.lose(place, _LEFT, ", ".join(left))


def _cards(text: str) -> Iterator[list[tuple[str, str, str]]]:
    card: list[tuple[str, str, str]] | None = None
    for line in _unfolded(text):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            if card:  # the one before never ended
                yield card
            card = []
        elif name == "END" and value.strip().upper() == "VCARD":
            if card is not None:
                yield card
            card = None
        elif card is not None:
            params = match["params"]
            if "QUOTED-PRINTABLE" in params.upper():
                charset = re.search(r"CHARSET=([\w-]+)", params, re.IGNORECASE)
                raw = quopri.decodestring(value.encode("utf-8", "replace"))
                try:
                    value = raw.decode(charset[1] if charset else "utf-8", "replace")
                except LookupError:
                    value = raw.decode("utf-8", "replace")
            card.append((name, params, value))
    if card:
        yield card


def _unfolded(text: str) -> Iterator[str]:
    """A line that begins with a space goes on the one before; so does what follows a soft end of line (2.1)."""
    whole = re.sub(r"\r?\n[ \t]", "", text)
    pending = ""
    for line in whole.splitlines():
        joined = pending + line
        if joined.endswith("=") and "QUOTED-PRINTABLE" in joined.upper():
            pending = joined[:-1]
            continue
        pending = ""
        yield joined


def _parts(text: str, sign: str) -> list[str]:
    return re.split(rf"(?<!\\){re.escape(sign)}", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nN,;:\\])", lambda found: "\n" if found[1] in "nN" else found[1], text).strip()
