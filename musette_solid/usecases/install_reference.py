"""Put a register at hand: fetch its official files, check them, and build the local index. Nothing personal goes there."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import esco, rome
from musette_solid.exchange.register_files import files_of
from musette_solid.model.references.concepts import Register
from musette_solid.model.references.index import About, Index, build
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod.errors import NotAllowed, NotUnderstood, for_status
from musette_solid.pod.http import Limits, Request, Response, Transport

#: Where each register is given out. ESCO sends a link by mail, ROME's page changes its links with each version: no
#: address of ours would last, so the person names the one they got.
PAGES: Final = {
    "esco": "https://esco.ec.europa.eu/en/use-esco/download",
    "rome": "https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html",
}

_READERS: Final[Mapping[str, Callable[..., Register]]] = {"esco": esco.read, "rome": rome.read}

#: What is asked for at once: a download that is cut goes on where it was.
_PIECE_BYTES: Final = 2 * 1024 * 1024
_MOST_BYTES: Final = 256 * 1024 * 1024
_PATIENT: Final = Limits(total_s=300, size_bytes=_MOST_BYTES)
_MOST_REDIRECTS: Final = 5


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where registers are kept on this machine: MUSETTE_REFERENCES, else beside the application's other data."""
    named = environ.get("MUSETTE_REFERENCES")
    if named:
        return Path(named)
    data = environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "musette" / "references"


class NoSuchFile(MusetteError):
    what = N_("There is no file and no folder called %(name)s.")
    do = N_("Check the name; nothing was installed.")


class WrongChecksum(MusetteError):
    what = N_("What was downloaded is not what was promised: its SHA-256 is %(found)s, not %(wanted)s.")
    do = N_("Download it again; if that does not help, ask whoever published the checksum. Nothing was installed.")


class WhereFrom(MusetteError):
    what = N_("%(name)s has to be fetched by you: its publisher gives it out at %(page)s.")
    do = N_("Choose French and CSV there, then: musette references install %(key)s --from FILE, FOLDER or ADDRESS.")


class CutShort(MusetteError):
    what = N_("The download stopped after %(done)s of %(total)s bytes.")
    do = N_("Give the same command again: it goes on from there.")


@dataclass(frozen=True)
class Step:
    """How far an installation is: `what` is a sentence, `done` of `total` its measure (0 of 0 when there is none)."""

    what: str
    name: str = ""
    done: int = 0
    total: int = 0


Progress = Callable[[Step], None]


def install(
    shelf: Shelf,
    key: str,
    source: str,
    today: date,
    *,
    transport: Transport | None = None,
    checksum: str = "",
    version: str = "",
    progress: Progress = lambda _: None,
) -> About:
    """Build the index of a register from a file, a folder or an address. What was installed before stays until then.

    Raises WhereFrom without a source, UnreadableRegister, WrongChecksum, CutShort, and what fetching raises.
    """
    place = shelf.place(key)
    if not source or place is None:
        raise WhereFrom(key=key, name=key.upper(), page=PAGES[key])
    place.parent.mkdir(parents=True, exist_ok=True)
    if urlsplit(source).scheme in {"http", "https"}:
        if transport is None:
            raise WhereFrom(key=key, name=key.upper(), page=PAGES[key])
        path = download(transport, source, place.parent / "downloads", progress)
    else:
        path = Path(source)
        if not path.exists():
            raise NoSuchFile(name=source)
    found = digest(path)
    wanted = checksum.lower().strip()
    if wanted and wanted != found:
        if path.parent == place.parent / "downloads":
            path.unlink()
        raise WrongChecksum(found=found, wanted=wanted)
    register = _READERS[key](files_of(path), version, lambda name: progress(Step(N_("Reading %(name)s…"), name)))
    build(
        place,
        register,
        source=source,
        checksum=found,
        installed=today,
        progress=lambda done, total: progress(Step(N_("Building the index…"), "", done, total)),
    )
    if path.parent == place.parent / "downloads":
        path.unlink()
    return Index(place).about


def remove(shelf: Shelf, key: str) -> bool:
    """Take a register away; False when it was not there. Skills that point to it keep their words."""
    place = shelf.place(key)
    if place is None or not place.exists():
        return False
    place.unlink()
    return True


def digest(path: Path) -> str:
    """SHA-256 of a file; of a folder, of its tables in the order of their names."""
    summed = hashlib.sha256()
    for one in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        with one.open("rb") as file:
            while piece := file.read(1024 * 1024):
                summed.update(piece)
    return summed.hexdigest()


def download(transport: Transport, url: str, folder: Path, progress: Progress = lambda _: None) -> Path:
    """Fetch a file piece by piece; what is there from an earlier time is not fetched again, unless it changed since.

    The pieces go to `NAME.part`, what they are pieces of to `NAME.part.json`. Every address, the first and those it leads
    to, passes the guard.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", urlsplit(url).path.rpartition("/")[2])[-100:] or "register"
    part, note = folder / f"{name}.part", folder / f"{name}.part.json"
    known = _known(note, url)
    if known is None:
        part.unlink(missing_ok=True)
    done = part.stat().st_size if part.exists() else 0
    total = -1
    while total < 0 or done < total:
        response = _piece(transport, url, done, known)
        if response.status == 200:  # the whole: there is no other way here, or it changed since
            part.write_bytes(response.body)
            done = len(response.body)
            announced = response.headers.get("Content-Length", "")
            total = int(announced) if announced.isdecimal() else done
            if done < total:
                raise CutShort(done=done, total=total)
            break
        total = _total(response, done)
        known = known or _mark(response)
        note.write_text(json.dumps({"url": url, "mark": known}), "utf-8")
        if not response.body:
            raise CutShort(done=done, total=total)
        with part.open("ab") as file:
            file.write(response.body)
        done += len(response.body)
        progress(Step(N_("Downloading…"), name, done, total))
    whole = folder / name
    part.replace(whole)
    note.unlink(missing_ok=True)
    return whole


def _piece(transport: Transport, url: str, start: int, mark: str | None) -> Response:
    headers = {"Range": f"bytes={start}-{start + _PIECE_BYTES - 1}", "Accept": "*/*"}
    if mark:
        headers["If-Range"] = mark  # RFC 9110 13.1.5: the whole again if it is no longer the same
    asked = url
    for _ in range(_MOST_REDIRECTS):
        response = transport.send(Request("GET", asked, headers), _PATIENT)
        if response.status == 206:
            return response
        if response.status in {301, 302, 303, 307, 308} and response.headers.get("Location"):
            try:
                asked = urljoin(asked, response.headers["Location"])
            except ValueError as error:
                raise NotAllowed(url, reason=N_("it is not a web address")) from error
            continue
        if response.status == 416 and start:  # shorter than what is here: it is not the same file
            return _piece(transport, url, 0, None) if start else response
        if response.status == 200:
            return response
        raise for_status(asked, response.status)
    raise NotAllowed(url, reason=N_("it leads from one address to the next, without end"))


def _total(response: Response, start: int) -> int:
    """The size of the whole, from `bytes 0-99/1234`. A piece from elsewhere is no piece of it."""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", "").strip())
    if found is None or int(found[1]) != start or int(found[2]) > _MOST_BYTES:
        raise NotUnderstood(response.url, response.status, reason=N_("its pieces do not fit together"))
    return int(found[2])


def _mark(response: Response) -> str | None:
    """What tells this version of the file from another: a strong ETag, else its date."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified") or None


def _known(note: Path, url: str) -> str | None:
    """The mark of the version that the pieces are of; None when they are of nothing that can be gone on with."""
    try:
        said = json.loads(note.read_text("utf-8"))
        return str(said["mark"]) if said["url"] == url and said["mark"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
