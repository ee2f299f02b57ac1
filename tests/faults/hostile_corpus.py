"""Files as they come from an enemy, from a broken program or from a very long life; each with how reading it must end."""

import gzip
import io
import json
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from musette_solid.exchange import apart
from musette_solid.exchange.packages import pack

MEGABYTE = 1024 * 1024
#: The process is Python with its libraries: so much it takes for nothing.
LIMIT_MB = apart.MEMORY // MEGABYTE

RECOGNISED, REFUSED, GIVEN_UP = "recognised", "refused", "given up"


@dataclass(frozen=True)
class Case:
    """`ended`: how reading it ends; `says`: what the answer holds then; seconds of processor and megabytes at most."""

    family: str
    what: str
    make: Callable[[], bytes]
    ended: str = REFUSED
    seconds: float = 5
    megabytes: float = 200
    says: str = ""


# Tables


def rides(rows: int) -> bytes:
    out = io.StringIO()
    out.write(
        "start_timestamp_local,end_timestamp_local,minutes_online,minutes_on_trip,completed_trips,trip_fares,currency_code\n"
    )
    for n in range(rows):
        day = f"20{10 + n // 100_000 % 15:02}-{n // 3000 % 12 + 1:02}-{n // 100 % 28 + 1:02}"
        out.write(f"{day} {n % 24}:00:00,{day} {n % 24}:30:00,30.0166666667,12.5,1,{n % 40}.50,EUR\n")
    return out.getvalue().encode()


HEADER = b"title,start,end,organisation\n"


def table(rows: int) -> bytes:
    return HEADER + b"".join(b"Work %d,2019-03,2020,Demo %d\n" % (n, n % 50) for n in range(rows))


def _accents(encoding: str) -> bytes:
    return "Intitulé,Début,Organisation\nTrésorière,2019-03,Été solidaire\n".encode(encoding)


TABLES = (
    Case("tables", "a table of 1,000,000 rows", lambda: table(1_000_000), REFUSED, 20, 400, "20"),
    Case("tables", "a table of 20,000 rows", lambda: table(20_000), RECOGNISED, 60, LIMIT_MB),
    Case("tables", "rides of 100,000 rows", lambda: rides(100_000), RECOGNISED, 20, 300),
    Case("tables", "rides of 1,000,000 rows, added up", lambda: rides(1_000_000), RECOGNISED, 60, 500),
    Case("tables", "one line of 120 MB", lambda: b"a," * (60 * MEGABYTE), REFUSED, 30, 700),
    Case("tables", "a cell of 30 MB", lambda: HEADER + b'"' + b"x" * (30 * MEGABYTE) + b'",2019,,\n', REFUSED, 10, 400),
    Case("tables", "a quote that is never closed, 30 MB of lines after it", lambda: HEADER + b'"' + b"x,y\n" * (7 * MEGABYTE), REFUSED, 10, 400),
    Case("tables", "100,000 columns", lambda: b"title," + b",".join(b"c%d" % n for n in range(100_000)) + b"\nx\n", REFUSED, 10, 300),
    Case("tables", "zero bytes in the middle of a text", lambda: HEADER + b"Work,2019\0,,\n"),
    Case("tables", "rows shorter and longer than the header", lambda: HEADER + b"One\nTwo,2019\nThree,2019,2020,Demo,more,and,more\n", RECOGNISED, says="more"),
    Case("tables", "UTF-16 without its mark", lambda: _accents("utf-16-le"), RECOGNISED, says="Trésorière"),
    Case("tables", "a code page of 1987", lambda: _accents("cp850"), RECOGNISED, says="Trésorière"),
    Case("tables", "two encodings in one file", lambda: _accents("utf-8") + "Été,2020,Démo\n".encode("cp1252"), RECOGNISED),
    Case("tables", "nothing but line ends, 40 MB of them", lambda: b"\n" * (40 * MEGABYTE), REFUSED, 10, 400),
    Case("tables", "a formula in a cell", lambda: HEADER + b"=cmd|'/c calc'!A1,2019,2020,Demo\n", RECOGNISED, says="=cmd|"),
)  # fmt: skip


# Archives


def bomb(megabytes: int, name: str = "Positions.csv") -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(b"0" * MEGABYTE)
    return made.getvalue()


def overlapping(entries: int) -> bytes:
    """57 kB that say they are 10 GB: one body, and a table of contents that names it a thousand times (CVE-2024-0450)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("00000.csv", b"0" * (10 * MEGABYTE))
    body = made.getvalue()
    start, end = body.index(b"PK\x01\x02"), body.rindex(b"PK\x05\x06")
    entry = body[start:end]
    listing = b"".join(entry.replace(b"00000.csv", b"%05d.csv" % n) for n in range(entries))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(listing), start, 0)
    return body[:start] + listing + tail


def _zipped(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def _linked() -> bytes:
    entry = zipfile.ZipInfo("Positions.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _zipped((entry, b"/etc/passwd"))


def _with_password() -> bytes:
    data = bytearray(_zipped(("Positions.csv", b"x" * 40)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _lying() -> bytes:
    """It says that it is ten bytes, and opens to three megabytes."""
    data = bytearray(_zipped(("Positions.csv", HEADER * 100_000)))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    return bytes(data)


def _tar(*entries: tuple[str, bytes, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data, kind in entries:
            info = tarfile.TarInfo(name)
            info.size, info.type = len(data), kind
            if kind == tarfile.SYMTYPE:
                info.linkname, info.size = "/etc/passwd", 0
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def _tar_bomb(megabytes: int) -> bytes:
    info = tarfile.TarInfo("export/outbox.json")
    info.size = megabytes * MEGABYTE
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=6) as packed:
        packed.write(info.tobuf())
        for _ in range(megabytes):
            packed.write(b" " * MEGABYTE)
    return made.getvalue()


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
_OFFICE = "http://schemas.openxmlformats.org"


def _workbook(sheet: bytes) -> bytes:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return pack(
        [
            ("[Content_Types].xml", f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>'.encode()),
            ("_rels/.rels", f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode()),
            ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode()),
            ("xl/workbook.xml", f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'.encode()),
            ("xl/worksheets/sheet1.xml", sheet),
        ]
    )  # fmt: skip


def _wide_workbook() -> bytes:
    """One cell at the far end of each row: a careless reader makes sixteen thousand of it."""
    rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 15_000))
    return _workbook(_SHEET % rows)


def _repeating_spreadsheet() -> bytes:
    """Rows that say that they stand there a hundred million times."""
    row = '<t:table-row t:number-rows-repeated="99999999"><t:table-cell t:number-columns-repeated="99999999"><x:p>a</x:p></t:table-cell></t:table-row>'
    spaces = 'xmlns:o="urn:o" xmlns:t="urn:t" xmlns:x="urn:x"'
    content = f"<o:document-content {spaces}><o:body><o:spreadsheet><t:table>{row * 1000}</t:table></o:spreadsheet></o:body></o:document-content>"
    return pack(
        [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.encode())]
    )  # fmt: skip


def badge(megabytes: int) -> bytes:
    """A picture in which a text opens to so much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"[" * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    body = b"iTXt" + b"openbadges\0\1\0\0\0" + packed
    return b"\x89PNG\r\n\x1a\n" + (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _pdf(megabytes: int) -> bytes:
    """A PDF with an attachment that opens to so much, and says nothing of its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.json) 3 0 R]>>>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Type/Filespec/F(a.json)/UF(a.json)/EF<</F 4 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        end,
    )


_TABLE = HEADER + b"Work,2019,2020,Demo\n"
_NAMES = (
    ("climbs", "../../Positions.csv"),
    ("is absolute", "/etc/Positions.csv"),
    ("is on a drive", "C:\\Positions.csv"),
    ("climbs by backslashes", "a\\..\\..\\Positions.csv"),
    ("is 301 characters long", "x" * 297 + ".csv"),
    ("turns the direction of writing", "Positions\u202evsc.csv"),
)

ARCHIVES = (
    Case("archives", "an archive that opens to 2 GB", lambda: bomb(2048), says="50 MB"),
    Case("archives", "an archive that opens to 40 MB from 40 kB", lambda: bomb(20), says="a hundred times its size"),
    Case("archives", "57 kB that say they are 10 GB, all sharing one body", lambda: overlapping(1000)),
    Case("archives", "five files that share one body", lambda: overlapping(4)),
    Case("archives", "bombs in an archive in an archive", lambda: pack([(f"{n}.zip", pack([(f"{n}.zip", bomb(20))])) for n in range(16)])),
    Case("archives", "an archive of 2001 files", lambda: pack([(f"{n}.csv", b"x") for n in range(2001)]), says="2000"),
    *(Case("archives", f"a name that {what}", lambda name=name: pack([(name, _TABLE)]), says="stay inside") for what, name in _NAMES),  # type: ignore[misc]
    Case("archives", "two names that look the same", lambda: pack([("e\u0301.csv", _TABLE), ("\u00e9.csv", _TABLE)]), says="name of its own"),
    Case("archives", "a symbolic link", _linked, says="points elsewhere"),
    Case("archives", "a password", _with_password, says="password"),
    Case("archives", "a size that is a lie", _lying),
    Case("archives", "something before it", lambda: b"#!/bin/sh\n" + pack([("a.csv", _TABLE)])),
    Case("archives", "something after it", lambda: pack([("a.csv", _TABLE)]) + b"<script>"),
    Case("archives", "half of it", lambda: pack([("a.csv", table(2000))])[:-60]),
    Case("archives", "a head and nothing more", lambda: b"PK\x03\x04" + b"\0" * 400),
    Case("archives", "a tar.gz that opens to 3 GB", lambda: _tar_bomb(3072), seconds=30),
    Case("archives", "a tar.gz with a link for its data", lambda: _tar(("actor.json", b"", tarfile.SYMTYPE), ("outbox.json", b"{}", tarfile.REGTYPE))),
    Case("archives", "a tar.gz with a device for its data", lambda: _tar(("actor.json", b"", tarfile.CHRTYPE), ("outbox.json", b"{}", tarfile.REGTYPE))),
    Case("archives", "a tar.gz with a name that climbs", lambda: _tar(("../../actor.json", b"{}", tarfile.REGTYPE), ("outbox.json", b"{}", tarfile.REGTYPE))),
    Case("archives", "half of a tar.gz", lambda: _tar(("actor.json", b"{}" * 5000, tarfile.REGTYPE))[:-40]),
    Case("archives", "a spreadsheet whose sheet opens to 300 MB", lambda: _workbook(_SHEET % (b" " * (300 * MEGABYTE))), seconds=10),
    Case("archives", "a spreadsheet of one cell at the far end of each row", _wide_workbook, seconds=40, megabytes=500),
    Case("archives", "a spreadsheet of rows that repeat a hundred million times", _repeating_spreadsheet, REFUSED, 20, 300),
    Case("archives", "a badge that opens to 1 GB", lambda: badge(1024), seconds=10, megabytes=300),
    Case("archives", "a PDF whose attachment opens to 2 GB", lambda: _pdf(2048), seconds=30, megabytes=LIMIT_MB),
)  # fmt: skip


# XML


def _laughs() -> bytes:
    told = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{told}]><SkillsPassport>&l9;</SkillsPassport>'.encode()


def _quadratic() -> bytes:
    return (
        b'<!DOCTYPE a [<!ENTITY a "'
        + b"a" * 100_000
        + b'">]><SkillsPassport>'
        + b"&a;" * 100_000
        + b"</SkillsPassport>"
    )


def _many(elements: int) -> bytes:
    return b"<SkillsPassport><LearnerInfo>" + b"<a>x</a>" * elements + b"</LearnerInfo></SkillsPassport>"


def xml(outside: str) -> tuple[Case, ...]:
    """`outside`: an address that must never be asked."""
    external = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{outside}x">]><SkillsPassport>&x;</SkillsPassport>'
    local = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><SkillsPassport>&x;</SkillsPassport>'
    dtd = f'<!DOCTYPE SkillsPassport SYSTEM "{outside}a.dtd"><SkillsPassport/>'
    parameter = f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{outside}p"> %p;]><SkillsPassport/>'
    included = f'<SkillsPassport xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{outside}i"/><xi:include href="file:///etc/passwd" parse="text"/><LearnerInfo><a>x</a></LearnerInfo></SkillsPassport>'
    styled = f'<?xml-stylesheet href="{outside}s.xsl" type="text/xsl"?><SkillsPassport><LearnerInfo><a>x</a></LearnerInfo></SkillsPassport>'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="{outside}i"/></svg>'
    return (
        Case("xml", "entities in entities", lambda: b"<!DOCTYPE a [<!ENTITY a 'aaaa'>]><SkillsPassport>&a;</SkillsPassport>", says="document type"),
        Case("xml", "a billion laughs", _laughs, says="document type"),
        Case("xml", "one long entity, a hundred thousand times", _quadratic, says="document type"),
        Case("xml", "an entity from elsewhere", external.encode, says="document type"),
        Case("xml", "an entity from the disk", local.encode, says="document type"),
        Case("xml", "a document type from elsewhere", dtd.encode, says="document type"),
        Case("xml", "a parameter entity from elsewhere", parameter.encode, says="document type"),
        Case("xml", "parts to be included from elsewhere", included.encode, RECOGNISED),
        Case("xml", "a style from elsewhere", styled.encode, RECOGNISED),
        Case("xml", "a picture with a script and no badge", drawn.encode),
        Case("xml", "entities in UTF-16", lambda: local.encode("utf-16")),
        Case("xml", "entities in UTF-7", lambda: b'<?xml version="1.0" encoding="UTF-7"?>' + local.encode("utf-7")),
        Case("xml", "100,000 levels", lambda: b"<SkillsPassport>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</SkillsPassport>", seconds=10, megabytes=400),
        Case("xml", "150,000 elements", lambda: _many(150_000), RECOGNISED, 30, 500),
        Case("xml", "2,000,000 elements", lambda: _many(2_000_000), REFUSED, 30, 700, "200000 elements"),
        Case("xml", "300,000 attributes", lambda: b"<SkillsPassport " + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"><LearnerInfo><a>x</a></LearnerInfo></SkillsPassport>", RECOGNISED, 20, 500),
        Case("xml", "a text of 19 MB", lambda: b"<SkillsPassport><LearnerInfo><Headline>" + b"x" * (19 * MEGABYTE) + b"</Headline></LearnerInfo></SkillsPassport>", RECOGNISED, 20, 500),
        Case("xml", "half of it", lambda: _many(100)[:-30], says="each element closed"),
    )  # fmt: skip


# JSON


def _resume(text: str) -> Callable[[], bytes]:
    return ('{"basics": {"name": "Demo"}, "work": [' + text + "]}").encode


JSON = (
    Case("json", "100,000 levels", lambda: b"[" * 100_000, seconds=10, megabytes=300, says="64 levels"),
    Case("json", "the same name twice", _resume('{"position": "A", "position": "B"}'), says="only once"),
    Case("json", "no number", _resume('{"position": "A", "hours": NaN}'), says="NaN"),
    Case("json", "an endless number", _resume('{"position": "A", "hours": -Infinity}'), says="NaN"),
    Case("json", "a number past every other", _resume('{"position": "A", "hours": 1e999}'), says="NaN"),
    Case("json", "a number of a million digits", lambda: b'{"work": [{"hours": ' + b"9" * 1_000_000 + b"}]}", says="18 digits"),
    Case("json", "half a character", _resume('{"position": "\\ud83d"}'), says="surrogates"),
    Case("json", "half a character as bytes", lambda: b'{"work": [{"position": "\xed\xa0\xbd"}]}', says="UTF-8"),
    Case("json", "a zero in a text", _resume('{"position": "A\\u0000B"}'), RECOGNISED),
    Case("json", "half of it", lambda: _resume('{"position": "A"}')()[:-6]),
    Case("json", "two of them", lambda: b'{"work": []} {"work": []}', says="nothing more"),
    Case("json", "12 MB", lambda: b'{"work": [' + b",".join([b'{"position": "A"}'] * 700_000) + b"]}", says="10 MB"),
    Case("json", "9 MB of different jobs", lambda: json.dumps({"work": [{"position": f"Work {n}", "startDate": "2019"} for n in range(200_000)]}).encode(), REFUSED, 60, LIMIT_MB, "2000 entries"),
    Case("json", "100,000 names that no format has", lambda: json.dumps({"basics": {f"n{n}": n for n in range(100_000)}, "work": []}).encode(), REFUSED, 20, 400, "2000 entries"),
    Case("json", "a credential whose words are elsewhere", lambda: b'{"@context": ["https://www.w3.org/ns/credentials/v2", "http://localhost:9/c"], "type": ["VerifiableCredential"], "credentialSubject": {}}', RECOGNISED),
    Case("json", "a token of 20 MB", lambda: b"eyJhbGciOiJub25lIn0." + b"A" * (20 * MEGABYTE) + b".x", REFUSED, 10, 400),
)  # fmt: skip


# Calendars and contacts


def _event(lines: str, beside: str = "") -> Callable[[], bytes]:
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:demo\n{beside}BEGIN:VEVENT\nUID:1\nSUMMARY:Work\n"
    return f"{head}{lines}\nEND:VEVENT\nEND:VCALENDAR\n".encode


def endless(rule: str) -> bytes:
    return _event(f"DTSTART:20200101T090000\nDURATION:PT1H\nRRULE:{rule}")()


def events(number: int) -> bytes:
    one = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20240301T090000\nDURATION:PT1H\nSUMMARY:Work {1}\nEND:VEVENT\n"
    return ("BEGIN:VCALENDAR\n" + "".join(one.format(n, n % 30) for n in range(number)) + "END:VCALENDAR\n").encode()


_HOUR = "DTSTART:20240301T090000\nDTEND:20240301T100000"
_ZONE = "BEGIN:VTIMEZONE\nTZID:Demo/Nowhere\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n"

CALENDARS = (
    Case("calendars", "a series that never comes to its next time", lambda: endless("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"), RECOGNISED, 60, 300),
    Case("calendars", "a series of every second", lambda: endless("FREQ=SECONDLY"), RECOGNISED, 60, 400),
    Case("calendars", "a rule that is none", lambda: endless("FREQ=SOMETIMES;INTERVAL=0"), RECOGNISED),
    Case("calendars", "a series that goes on by nothing", lambda: endless("FREQ=DAILY;INTERVAL=0"), RECOGNISED, says="repeats in a way"),
    Case("calendars", "a calendar of 10,000 events", lambda: events(10_000), RECOGNISED, 60, 500),
    Case("calendars", "a calendar of 100,000 events", lambda: events(100_000), REFUSED, 60, 700, "10000 events"),
    Case("calendars", "a time zone that nobody knows", _event("DTSTART;TZID=Mars/Olympus:20240301T090000\nDTEND;TZID=Mars/Olympus:20240301T100000"), RECOGNISED, says="Mars/Olympus"),
    Case("calendars", "a time zone that is a path", _event("DTSTART;TZID=../../etc/passwd:20240301T090000\nDTEND;TZID=../../etc/passwd:20240301T100000"), RECOGNISED),
    Case("calendars", "a time zone of its own that changes every second", _event("DTSTART;TZID=Demo/Nowhere:20240301T090000\nDTEND;TZID=Demo/Nowhere:20240301T100000", _ZONE), RECOGNISED, 60, 400),
    Case("calendars", "2,000 time zones", _event(_HOUR, "".join(_ZONE.replace("Nowhere", f"N{n}").replace("RRULE:FREQ=SECONDLY\n", "") for n in range(2000))), RECOGNISED, 20, 300),
    Case("calendars", "a day that is none", _event("DTSTART:20240231T250000\nDTEND:20240231T260000"), RECOGNISED),
    Case("calendars", "the year 9999", _event("DTSTART:99991231T230000\nDURATION:P400D"), RECOGNISED),
    Case("calendars", "a length past every other", _event("DTSTART:20240301T090000\nDURATION:P99999999999D"), RECOGNISED),
    Case("calendars", "an end before its beginning", _event("DTSTART:20240301T090000\nDTEND:20230301T090000"), RECOGNISED, says="no length"),
    Case("calendars", "an event that never ends, and another", lambda: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nBEGIN:VEVENT\nSUMMARY:B\n" + _HOUR.encode(), RECOGNISED),
    Case("calendars", "one folded line of 20 MB", lambda: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"x\n " * (7 * MEGABYTE) + b"\nEND:VEVENT\nEND:VCALENDAR\n", RECOGNISED, 30, 700),
    Case("calendars", "100,000 added times", _event(_HOUR + "\nRDATE:" + ",".join(f"20{n % 24 + 1:02}0301T{n // 24 % 24:02}{n // 576 % 60:02}{n // 34560 % 60:02}" for n in range(100_000))), RECOGNISED, 60, 500),
    Case("calendars", "zero bytes", lambda: _event(_HOUR)().replace(b"Work", b"Wo\0rk")),
    Case("calendars", "a calendar of nothing", lambda: b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", RECOGNISED, says="no event"),
    Case("calendars", "6,000 contacts", lambda: b"BEGIN:VCARD\nVERSION:3.0\nFN:Demo\nEND:VCARD\n" * 6000, says="5000"),
)  # fmt: skip


def corpus(outside: str) -> tuple[Case, ...]:
    """Every case. `outside`: an address that must never be asked."""
    return (*TABLES, *ARCHIVES, *xml(outside), *JSON, *CALENDARS)
