"""Archives that could fill a memory, lie or climb are refused with their reason."""

import io
import stat
import struct
import zipfile

import pytest

from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import Package, is_inside, pack


def test_what_is_packed_is_read() -> None:
    package = Package(pack([("a/Positions.csv", b"x,y"), ("b.txt", b"")]))
    assert package.names == ("a/Positions.csv", "b.txt")
    assert package.read("a/Positions.csv") == b"x,y"
    assert package.find("positions.csv") == ("a/Positions.csv",)


def made(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def link() -> bytes:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made((entry, b"/etc/passwd"))


def encrypted() -> bytes:
    data = bytearray(made(("a.csv", b"x" * 40)))
    data[6] |= 1  # the flag in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the table of contents
    return bytes(data)


def overlapping() -> bytes:
    """One body, a hundred names: the table of contents points at the same bytes."""
    body = made(("a.csv", b"x" * 1000))
    start = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    entry = body[start:end]
    listing = b"".join(entry.replace(b"a.csv", f"{n:05d}".encode()) for n in range(100))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 100, 100, len(listing), start, 0)
    return body[:start] + listing + tail


def lying() -> bytes:
    """It says that it is small, and is not."""
    data = bytearray(made(("a.csv", b"\0" * 3_000_000)))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    return bytes(data)


BAD = {
    "a bomb": made(("a.csv", b"\0" * 20_000_000)),
    "files that share their bytes": overlapping(),
    "a symbolic link": link(),
    "a password": encrypted(),
    "too many files": pack((f"{n}.csv", b"") for n in range(2001)),
    "a name that climbs": pack([("../x.csv", b"")]),
    "an absolute name": pack([("/etc/x.csv", b"")]),
    "a drive": pack([("C:\\x.csv", b"")]),
    "a backslash that climbs": pack([("a\\..\\..\\x.csv", b"")]),
    "a very long name": pack([("x" * 301, b"")]),
    "twins": pack([("e\u0301.csv", b"1"), ("\u00e9.csv", b"2")]),
    "something before it": b"%PDF-1.4" + pack([("a.csv", b"")]),
    "something after it": pack([("a.csv", b"")]) + b"more",
    "half of it": pack([("a.csv", b"x" * 5000)])[:-30],
    "another compression": b"PK\x03\x04" + b"\0" * 40,
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_hostile_is_refused_with_a_reason(what: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        Package(BAD[what], "file.zip")
    assert str(refusal.value)


def test_a_size_that_lies_is_found_out_while_reading() -> None:
    with pytest.raises(UnreadableFile):
        Package(lying()).read("a.csv")


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/a", "\\a", "C:/a", "a\0b", "x" * 301])
def test_names_that_do_not_stay_inside(name: str) -> None:
    assert not is_inside(name)
