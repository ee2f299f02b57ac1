"""What files do to whoever reads them: time and memory of the process that reads, for the largest, the densest, the endless.

python -m tests.faults hostile_files
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from musette_solid.exchange import apart
from musette_solid.exchange.packages import pack
from tests.figures import Figure

MEGABYTE = 1024 * 1024
#: The process is Python with its libraries: so much it takes for nothing.
LIMIT_MB = apart.MEMORY // MEGABYTE


@dataclass(frozen=True)
class Reading:
    """`ended`: recognised, refused, or given up (too long, too much)."""

    ended: str
    seconds: float  # of processor
    waited: float
    memory_mb: float
    said: bytes = b""


def read(data: bytes, name: str = "file") -> Reading:
    """Read apart, as the application does, and weighed."""
    header = {
        "name": name,
        "bag": ["https://demo.example/musette/", "https://demo.example/card#me", "https://demo.example/musette/log/2026.ttl#i", datetime(2026, 11, 22).astimezone().isoformat()],
        "asked": ["", {}, ""],
    }  # fmt: skip
    begun = time.monotonic()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(json.dumps(header).encode() + b"\n" + data)
        given.seek(0)
        # Its answer goes through a pipe: it may write no file.
        process = subprocess.Popen(
            [sys.executable, "-m", "musette_solid.exchange.apart"],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        killed, memory_mb = False, 0.0
        with process.stdout as out:
            os.set_blocking(out.fileno(), False)
            while True:
                try:
                    part = os.read(out.fileno(), MEGABYTE)
                except BlockingIOError:
                    memory_mb = max(memory_mb, _memory_mb(process.pid))
                    if time.monotonic() - begun > apart.PATIENCE and not killed:
                        process.kill()
                        killed = True
                    time.sleep(0.02)
                    continue
                if not part:
                    break
                said.write(part)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        head = said.readline().strip().decode()
        body = said.read(4000)
    ended = head if process.returncode == 0 and head in {"recognised", "refused"} else "given up"
    return Reading(ended, used.ru_utime + used.ru_stime, time.monotonic() - begun, memory_mb, body)


def _memory_mb(pid: int) -> float:
    """The most it has had so far, since it is this program (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def rides(rows: int) -> bytes:
    out = io.StringIO()
    out.write(
        "start_timestamp_local,end_timestamp_local,minutes_online,minutes_on_trip,completed_trips,trip_fares,currency_code\n"
    )
    for n in range(rows):
        day = f"20{10 + n // 100_000 % 15:02}-{n // 3000 % 12 + 1:02}-{n // 100 % 28 + 1:02}"
        out.write(f"{day} {n % 24}:00:00,{day} {n % 24}:30:00,30.0166666667,12.5,1,{n % 40}.50,EUR\n")
    return out.getvalue().encode()


def table(rows: int) -> bytes:
    return b"title,start,end,organisation\n" + b"".join(
        b"Work %d,2019-03,2020,Demo %d\n" % (n, n % 50) for n in range(rows)
    )


def bomb(megabytes: int) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("Positions.csv", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(b"0" * MEGABYTE)
    return made.getvalue()


def badge(megabytes: int) -> bytes:
    """A picture in which a text opens to so much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"[" * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    body = b"iTXt" + b"openbadges\0\1\0\0\0" + packed
    return b"\x89PNG\r\n\x1a\n" + (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def endless(rule: str) -> bytes:
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20200101T090000\nDURATION:PT1H\nRRULE:{rule}\nSUMMARY:X\nEND:VEVENT\nEND:VCALENDAR\n".encode()


def events(number: int) -> bytes:
    one = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20240301T090000\nDURATION:PT1H\nSUMMARY:Work {1}\nEND:VEVENT\n"
    return ("BEGIN:VCALENDAR\n" + "".join(one.format(n, n % 30) for n in range(number)) + "END:VCALENDAR\n").encode()


#: What it is, the file, how reading it must end, and within how many seconds and megabytes.
Case = tuple[str, Callable[[], bytes], str, float, float]

CASES: tuple[Case, ...] = (
    ("a table of 1,000,000 rows", lambda: table(1_000_000), "refused", 20, 400),
    ("a table of 20,000 rows", lambda: table(20_000), "recognised", 60, LIMIT_MB),
    ("rides of 100,000 rows", lambda: rides(100_000), "recognised", 20, 300),
    ("rides of 1,000,000 rows, added up", lambda: rides(1_000_000), "recognised", 60, 500),
    ("one line of 120 MB", lambda: b"a," * (60 * MEGABYTE), "refused", 30, 700),
    ("an archive that opens to 2 GB", lambda: bomb(2048), "refused", 5, 200),
    ("a badge that opens to 1 GB", lambda: badge(1024), "refused", 10, 300),
    ("JSON of 100,000 levels", lambda: b"[" * 100_000, "refused", 10, 300),
    ("XML with entities in entities", lambda: b"<!DOCTYPE a [<!ENTITY a 'aaaa'>]><SkillsPassport>&a;</SkillsPassport>", "refused", 5, 200),
    ("XML of 150,000 elements", lambda: b"<SkillsPassport><LearnerInfo>" + b"<a>x</a>" * 150_000 + b"</LearnerInfo></SkillsPassport>", "recognised", 30, 500),
    ("a series that never comes to its next time", lambda: endless("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"), "recognised", 60, 300),
    ("a series of every second", lambda: endless("FREQ=SECONDLY"), "recognised", 60, 400),
    ("a calendar of 10,000 events", lambda: events(10_000), "recognised", 60, 500),
    ("a calendar of 100,000 events", lambda: events(100_000), "refused", 60, 700),
    ("an archive of 2001 files", lambda: pack([(f"{n}.csv", b"x") for n in range(2001)]), "refused", 5, 200),
)  # fmt: skip


def weighed(cases: tuple[Case, ...] = CASES) -> Iterator[tuple[Case, Reading]]:
    for case in cases:
        yield case, read(case[1]())


def measure() -> list[Figure]:
    figures = []
    for number, (case, reading) in enumerate(weighed(), 1):
        what, _, ended, seconds, megabytes = case
        is_right = reading.ended == ended
        figures.append(
            Figure(f"H-88.{number}", f"{what}: {reading.ended}", round(reading.seconds, 2), "s", f"<= {seconds:g}", is_right and reading.seconds <= seconds)
        )  # fmt: skip
        figures.append(
            Figure(f"H-88.{number}", what, round(reading.memory_mb), "MB", f"<= {megabytes:g}", reading.memory_mb <= megabytes)
        )  # fmt: skip
    return figures
