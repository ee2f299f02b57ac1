"""Read a file in a process of its own, with its memory and its time bounded: whatever a file does to its reader, it does there.

    python -m musette_solid.exchange.apart < header and file > result

The header is one line of JSON; the result begins with a word: "recognised", and what it gave, packed; "refused" or "columns",
and what was expected, as JSON.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import recognised_json
from musette_solid.exchange.draft import Bag, Recognised
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognised_json import Packed
from musette_solid.exchange.recognition import Asked, recognise
from musette_solid.exchange.tables_reading import ColumnsUnknown

MEMORY: Final = 1024 * 1024 * 1024
#: Of processor; of waiting, five times that: the machine may have other work.
SECONDS: Final = 60
PATIENCE: Final = 5 * SECONDS
#: A file as small as this, of a kind whose reading grows with its size only, is read where we are: two thousand rows at most.
SMALL: Final = 64 * 1024
_PROGRAM: Final = "musette_solid.exchange.apart"

TOO_HEAVY: Final = N_("a file that can be read within a minute and a gigabyte of memory: split it in two")


_LOOK_S: Final = 0.1


class Stopped(MusetteError):
    what = N_("It was stopped, as you asked.")
    do = N_("Nothing was written.")


def read(
    data: bytes, name: str, bag: Bag, asked: Asked | None = None, is_stopped: Callable[[], bool] | None = None
) -> Recognised:
    """As `recognise`, wherever it is safe to. Raises UnreadableFile, also when reading takes too long or too much.

    `is_stopped` is asked now and then while it lasts; then Stopped is raised.
    """
    if is_light(data):
        return recognise(data, name, bag, asked or Asked())
    return read_packed(data, name, bag, asked, is_stopped).opened()


def read_packed(
    data: bytes, name: str, bag: Bag, asked: Asked | None = None, is_stopped: Callable[[], bool] | None = None
) -> Packed:
    """The same, not opened here. Raises as `read` does."""
    asked = asked or Asked()
    if is_light(data):
        return recognised_json.packed(recognise(data, name, bag, asked))
    header = {
        "name": name,
        "bag": [bag.root, bag.owner, bag.run, bag.now.isoformat()],
        "asked": [asked.format, dict(asked.mapping or {}), asked.base],
    }
    code, out = run(_PROGRAM, json.dumps(header).encode() + b"\n" + data, is_stopped)
    if code != 0:
        raise UnreadableFile(file=name, expected=TOO_HEAVY)
    head, _, body = out.partition(b"\n")
    if head == b"columns":
        raise ColumnsUnknown(**json.loads(body))
    if head == b"refused":
        raise UnreadableFile(**json.loads(body))
    return recognised_json.received(body)


def run(program: str, given: bytes, is_stopped: Callable[[], bool] | None = None) -> tuple[int | None, bytes]:
    """What a program of ours said, in a process of its own, and how it ended; None when it took too long. Raises Stopped."""
    command = [sys.executable, "-m", program]
    ends_at = time.monotonic() + PATIENCE
    with (
        ThreadPoolExecutor(max_workers=1) as talking,
        subprocess.Popen(  # noqa: S603  (our own program; what it is given goes to its input)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
    ):
        # In a thread, and asked once: `communicate` with a time limit, asked again, forgets what it had still to send
        # (Python 3.11, 3.12), and a long file never arrives.
        answered = talking.submit(process.communicate, given)
        try:
            while not futures.wait([answered], timeout=_LOOK_S).done:
                if is_stopped and is_stopped():
                    raise Stopped
                if time.monotonic() > ends_at:
                    return None, b""
            return process.returncode, answered.result()[0]
        finally:
            if process.poll() is None:
                process.kill()
                futures.wait([answered])


def is_light(data: bytes) -> bool:
    """A short JSON or table; never an archive, a picture, XML, or a calendar, whose repetitions may be many.

    The first `SMALL` bytes and one more tell.
    """
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    heavy = head[:1] == b"<" or data[:2] in {b"PK", b"\x1f\x8b", b"\x89P", b"%P"} or head[:7].upper() == b"BEGIN:V"
    return len(data) <= SMALL and not heavy


def bounded() -> None:
    """What this process may take, from now on."""
    if sys.platform != "win32":  # there, only the time is bounded
        resource = importlib.import_module("resource")
        os.nice(10)  # whoever waits for a page comes first
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> int:
    bounded()
    header: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    root, owner, run, now = header["bag"]
    format_, mapping, base = header["asked"]
    bag = Bag(root, owner, run, datetime.fromisoformat(now))
    try:
        found = recognise(sys.stdin.buffer.read(), header["name"], bag, Asked(format_, mapping, base))
    except ColumnsUnknown as unknown:
        said = dict(unknown.details) | {"header": unknown.header, "samples": unknown.samples}
        sys.stdout.buffer.write(b"columns\n" + json.dumps(said, default=str).encode())
        return 0
    except UnreadableFile as error:
        sys.stdout.buffer.write(b"refused\n" + json.dumps(dict(error.details), default=str).encode())
        return 0
    except (MemoryError, RecursionError):
        return 2
    sys.stdout.buffer.write(b"recognised\n" + recognised_json.sent(recognised_json.packed(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
