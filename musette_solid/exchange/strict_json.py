"""JSON as RFC 8259 says it, and no more: what two programs could understand differently is refused, with its place.

Python's own reader takes NaN, keeps the last of two equal keys, accepts half a character, and can be made to recurse
until it dies (facts/security.md, H-93).
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TypeAlias

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

LARGEST: Final = 10 * 1024 * 1024
DEEPEST: Final = 64
_LONGEST_NUMBER: Final = 18

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_HALF_A_CHARACTER: Final = re.compile(r"\\u[dD][89a-fA-F]")


class _Refused(Exception):
    def __init__(self, expected: str, token: str) -> None:
        super().__init__(expected)
        self.expected, self.token = expected, token


def parse(data: bytes, file: str = "") -> Json:
    """Raises UnreadableFile: too large, not UTF-8, not JSON, too deep, two equal keys, no number, half a character."""
    if len(data) > LARGEST:
        raise UnreadableFile(file=file, expected=N_("a file of at most 10 MB"))
    text = _text(data, file)
    _check_depth(text, file)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_no_equal_keys,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise UnreadableFile(file=file, expected=_expected(error), row=error.lineno, column=error.colno) from error
    except _Refused as refused:
        row, column = _place(text, _find(text, refused))
        raise UnreadableFile(file=file, expected=refused.expected, row=row, column=column) from refused
    if _HALF_A_CHARACTER.search(text):
        for pointer, string in _strings(value, ""):
            if not _is_whole(string):
                raise UnreadableFile(
                    file=file,
                    expected=N_("whole characters (this one is half a pair of surrogates)"),
                    pointer=pointer or "/",
                )
    return value


def pointer(*steps: str | int) -> str:
    """RFC 6901: `/skills/0/name`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _text(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        row = before.count(b"\n") + 1
        # The bytes before the first bad one are sound, so the column can be counted in characters.
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        raise UnreadableFile(file=file, expected=N_("a text in UTF-8"), row=row, column=column) from error


def _check_depth(text: str, file: str) -> None:
    depth = 0
    for match in _TOKEN.finditer(text):
        first = match.group()[0]
        if first in "[{":
            depth += 1
            if depth > DEEPEST:
                row, column = _place(text, match.start())
                raise UnreadableFile(
                    file=file, expected=N_("at most 64 levels, one inside the other"), row=row, column=column
                )
        elif first in "]}":
            depth -= 1


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _expected(error: json.JSONDecodeError) -> str:
    if error.msg.startswith("Extra data"):
        return N_("nothing more after the end of the JSON")
    if error.doc.strip() == "":
        return N_("JSON, and the file is empty")
    if "delimiter" in error.msg:
        return N_("a comma, a colon or a closing bracket")
    if "property name" in error.msg:
        return N_("a name between double quotes")
    if "control character" in error.msg or "Unterminated" in error.msg or "escape" in error.msg:
        return N_("a text that ends with a double quote, on the same line")
    return N_("JSON")


def _no_equal_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(N_("a name only once in the same object"), json.dumps(key))
            seen.add(key)
    return found


def _no_constant(constant: str) -> NoReturn:
    raise _Refused(N_("a number (NaN and Infinity are none in JSON)"), constant)


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > _LONGEST_NUMBER:
        raise _Refused(N_("a number of at most 18 digits"), text)
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Refused(N_("a number (NaN and Infinity are none in JSON)"), text)
    return number


def _find(text: str, refused: _Refused) -> int:
    """Where the refused token stands; for a repeated name, where it stands the second time in its object."""
    if not refused.token.startswith('"'):
        return next((m.start() for m in _TOKEN.finditer(text) if m.group() == refused.token), 0)
    names: list[set[str]] = []
    before: re.Match[str] | None = None
    for match in _TOKEN.finditer(text):
        part = match.group()
        if part in {"{", "["}:
            names.append(set())
        elif part in {"}", "]"} and names:
            names.pop()
        elif part == ":" and before is not None and names:
            name = json.loads(before.group())
            if name in names[-1]:
                return before.start()
            names[-1].add(name)
        before = match
    return 0


def _strings(value: Json, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strings(item, place + pointer(number))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield place, key
            yield from _strings(item, place + pointer(key if _is_whole(key) else "?"))


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
