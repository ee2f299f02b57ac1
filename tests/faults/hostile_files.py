"""What files do to whoever reads them: time and memory of the process that reads, for the largest, the densest, the endless.

python -m tests.faults hostile_files
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from musette_solid.exchange import apart
from tests.faults import hostile_corpus
from tests.faults.hostile_corpus import GIVEN_UP, MEGABYTE, Case
from tests.figures import Figure
from tests.pod.canary import Canary

#: Each family of files is measured by itself: `hostile_files:archives`.
PARTS = ("tables", "archives", "xml", "json", "calendars")
#: What no answer may ever hold: the beginning of a file of this machine.
SECRET = "root:x:0:0"


@dataclass(frozen=True)
class Reading:
    """`ended`: recognised, refused, or given up (too long, too much). `told`: everything that was said."""

    ended: str
    seconds: float  # of processor
    waited: float
    memory_mb: float
    told: str = ""


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
        body = said.read().decode("utf-8", "replace")
    ended = head if process.returncode == 0 and head in {"recognised", "refused"} else GIVEN_UP
    return Reading(ended, used.ru_utime + used.ru_stime, time.monotonic() - begun, memory_mb, body)


def _memory_mb(pid: int) -> float:
    """The most it has had so far, since it is this program (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def complaints(case: Case, reading: Reading) -> list[str]:
    """What is not as it should be."""
    found = []
    if reading.ended != case.ended:
        found.append(f"it was {reading.ended} instead of {case.ended}: {reading.told[:300]}")
    if case.says and case.says not in reading.told:
        found.append(f"“{case.says}” is not said: {reading.told[:300]}")
    if SECRET in reading.told:
        found.append("it tells what is in a file of this machine")
    if reading.seconds > case.seconds:
        found.append(f"it took {reading.seconds:.1f} s of processor, more than {case.seconds:g}")
    if reading.memory_mb > case.megabytes:
        found.append(f"it took {reading.memory_mb:.0f} MB, more than {case.megabytes:g}")
    return found


def measure(parts: Sequence[str] = PARTS) -> list[Figure]:
    figures = []
    canary = Canary()
    try:
        for part in parts:
            family = [case for case in hostile_corpus.corpus(f"http://localhost:{canary.port}/") if case.family == part]
            figures += _measured(part, family)
            figures.append(
                Figure(f"H-88 {part}", "addresses outside that were asked", canary.hits, "", "0", canary.hits == 0)
            )
    finally:
        canary.close()
    return figures


def _measured(part: str, family: Sequence[Case]) -> list[Figure]:
    as_meant, seconds, megabytes = 0, 0.0, 0.0
    figures = []
    for case in family:
        reading = read(case.make())
        wrong = complaints(case, reading)
        as_meant += not wrong
        seconds, megabytes = max(seconds, reading.seconds), max(megabytes, reading.memory_mb)
        sys.stderr.write(f"{part}: {case.what}: {reading.ended}, {reading.seconds:.2f} s, {reading.memory_mb:.0f} MB\n")
        for line in wrong:
            sys.stderr.write(f"{part}: {case.what}: NOT AS MEANT: {line}\n")
            figures.append(Figure(f"H-88 {part}", f"{case.what}: {line[:120]}", 0, "", "= 1", False))
    of_all = len(family)
    return [
        Figure(f"H-88 {part}", "files that were read, or refused in a sentence, as they should be", as_meant, "of", f"= {of_all}", as_meant == of_all),
        Figure(f"H-88 {part}", "the longest of them, of processor", round(seconds, 1), "s", "<= 60", seconds <= apart.SECONDS),
        Figure(f"H-88 {part}", "the heaviest of them", round(megabytes), "MB", "<= 1024", megabytes <= hostile_corpus.LIMIT_MB),
        *figures,
    ]  # fmt: skip
