"""Tables of other people: any usual encoding and separator; what is none is refused with its row."""

import pytest

from musette_solid.exchange import sheets
from musette_solid.exchange.errors import UnreadableFile


def rows(data: bytes, **more: object) -> list[dict[str, str]]:
    return [dict(row.cells) for row in sheets.read(data, "t.csv", **more).rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_accents_come_through(encoding: str) -> None:
    text = "Métier;Début\r\nÉlève ingénieur à l’été;2019\r\nDéménageur préféré;2020\r\n"
    assert rows(text.encode(encoding))[0] == {"metier": "Élève ingénieur à l’été", "debut": "2019"}


def test_accents_of_old_machines_come_through() -> None:
    for encoding in ("cp850", "mac_roman"):
        (row,) = rows("Intitulé,Début\nTrésorière,2019\n".encode(encoding))
        assert row == {"intitule": "Trésorière", "debut": "2019"}, encoding


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_sign_that_is_there(separator: str) -> None:
    assert rows(f"a{separator}b\n1{separator}2.5\n".encode()) == [{"a": "1", "b": "2.5"}]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    sheet = sheets.read(b'Notes:\n"a, b"\n\nName,End\nx,\n\n"y\nz",2\n', wanted=(frozenset({"name", "end"}),))
    assert [(row.number, row.text("name")) for row in sheet.rows] == [(5, "x"), (7, "y\nz")]


def test_cells_beyond_the_header_are_said() -> None:
    (row,) = sheets.read(b"a,b\n1,2,3,\n").rows
    assert (dict(row.cells), row.extra) == ({"a": "1", "b": "2"}, ("3",))


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"a,b\n1,\0\n", b"\xff\xfe\x00", b'a,b\n1,"' + b"x" * 200_000, b"a,b\n" + b"1,2\n" * 20_001],
)
def test_what_is_no_table_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        rows(data)
    assert all(refusal.value.sentences())


def test_a_million_rows_are_refused_at_once() -> None:
    with pytest.raises(UnreadableFile):
        rows(b"a,b\n" + b"1,2\n" * 1_000_000)
