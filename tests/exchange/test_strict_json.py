import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.strict_json import LARGEST, parse, pointer


@pytest.mark.parametrize(
    ("data", "row", "column", "expected"),
    [
        (b"", 1, 1, "JSON, and the file is empty"),
        (b"\n  hello", 2, 3, "JSON"),
        (b'{"a": 1,}', 1, 9, "a name between double quotes"),
        (b'{"a": 1\n "b": 2}', 2, 2, "a comma, a colon or a closing bracket"),
        (b'{"a": 1} {}', 1, 10, "nothing more after the end of the JSON"),
        (b'{"a": "b', 1, 7, "a text that ends with a double quote, on the same line"),
        (b'{"a": NaN}', 1, 7, "a number (NaN and Infinity are none in JSON)"),
        (b'{"NaN": "NaN",\n "a": [1, -Infinity]}', 2, 11, "a number (NaN and Infinity are none in JSON)"),
        (b'{"a": 1e999}', 1, 7, "a number (NaN and Infinity are none in JSON)"),
        (b'{"a": 1234567890123456789012}', 1, 7, "a number of at most 18 digits"),
        (b'{"a": {"b": 1},\n "c": 1, "a": 2}', 2, 10, "a name only once in the same object"),
        (b'{"a": "caf\xe9"}', 1, 11, "a text in UTF-8"),
        (b'{"b": 1,\n "caf\xc3\xa9": "\xff"}', 2, 11, "a text in UTF-8"),
        (b"\xff\xfe{\x00}\x00", 1, 1, "a text in UTF-8"),
        (b"[" * 65 + b"]" * 65, 1, 65, "at most 64 levels, one inside the other"),
        (b"[" * 200_000, 1, 65, "at most 64 levels, one inside the other"),
        (b'{"a":' * 100_000, 1, 321, "at most 64 levels, one inside the other"),
    ],
)
def test_what_two_programs_could_understand_differently_is_refused_where_it_is(
    data: bytes, row: int, column: int, expected: str
) -> None:
    with pytest.raises(UnreadableFile) as raised:
        parse(data, "demo.json")
    error = raised.value
    assert (error.row, error.column, error.expected, error.file) == (row, column, expected, "demo.json")
    what, do = error.sentences()
    assert f"row {row}, column {column}" in what
    assert expected in do


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"a": [{"b": "\\ud83d"}]}', "/a/0/b"),
        (b'{"a/b": "\\udc00"}', "/a~1b"),
        (b'["\\uDFFF"]', "/0"),
        (b'{"\\ud800": 1}', "/"),
    ],
)
def test_half_a_character_is_refused_where_it_is(data: bytes, place: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        parse(data)
    assert raised.value.pointer == place
    assert place in raised.value.sentences()[0]


def test_a_whole_character_written_in_two_halves_is_fine() -> None:
    assert parse(b'["\\ud83d\\ude00"]') == ["😀"]


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(UnreadableFile) as raised:
        parse(b" " * (LARGEST + 1))
    assert "10 MB" in raised.value.sentences()[1]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse(b"\xef\xbb\xbf{}") == {}


def test_brackets_inside_texts_are_not_levels() -> None:
    assert parse(json.dumps(["[" * 500 + '\\"' + "{" * 500]).encode()) == ["[" * 500 + '\\"' + "{" * 500]


def test_a_pointer_escapes_its_steps() -> None:
    assert pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)  # the machine may be busy
@given(json_values, st.booleans())
def test_sound_json_is_read_as_it_is(value: object, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")) == value


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        parse(data)
