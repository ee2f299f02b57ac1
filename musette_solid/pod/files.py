"""Files of any size: sent and read piece by piece, so that none is ever held whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from musette_solid.pod.errors import AlreadyThere, ChangedMeanwhile
from musette_solid.pod.http import Limits, Upload
from musette_solid.pod.session import Pod
from musette_solid.rdf.names import canonical

_PIECE_BYTES: Final = 2 * 1024 * 1024
#: A slow line and a large file: as long as it takes to send it at 400 kB a second.
_PATIENT: Final = Limits(total_s=300)
_WHOLE: Final = Limits(total_s=300, size_bytes=128 * 1024 * 1024)
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def put_new(pod: Pod, iri: str, upload: Upload, media_type: str) -> None:
    """Write a file that is not there yet. Raises AlreadyThere; nothing is ever overwritten.

    Sent once: a name that is not used twice makes a second attempt the caller's business, under another name.
    """
    url = canonical(iri)
    pod.cache.forget(url)
    headers = {"Content-Type": media_type, "If-None-Match": "*"}
    response = pod.send("PUT", url, headers, upload, limits=_PATIENT)
    if response.status == 412:
        raise AlreadyThere(url, response.status)
    if not response.ok:
        raise pod.failure(response)


@dataclass(frozen=True)
class Pieces:
    """`pieces` can be gone through once; `size_bytes` is None when the server does not say."""

    media_type: str
    size_bytes: int | None
    pieces: Iterator[bytes]


def read_pieces(pod: Pod, iri: str) -> Pieces:
    """The file at `iri`, two megabytes at a time where the server gives parts (RFC 9110, 14.2). Raises NotThere and PodErrors.

    The first piece is read before this returns; ChangedMeanwhile is raised while going on when the file is no longer the same.
    """
    url = canonical(iri)
    # node-solid-server 5.8 announces as many bytes as were asked for, and sends those that there are: ask for no more.
    about = pod.send("HEAD", url, {"Accept": "*/*"}, limits=_WHOLE)
    announced = about.headers.get("Content-Length", "") if about.ok else ""
    is_small = announced.isdecimal() and 0 < int(announced) <= _PIECE_BYTES
    parts = {} if is_small else {"Range": f"bytes=0-{_PIECE_BYTES - 1}"}
    first = pod.send("GET", url, {"Accept": "*/*", **parts}, limits=_WHOLE)
    if not first.ok:
        raise pod.failure(first)
    media_type = first.headers.get("Content-Type", "application/octet-stream")
    said = _RANGE.fullmatch(first.headers.get("Content-Range", "")) if first.status == 206 else None
    if said is None:
        return Pieces(media_type, len(first.body), iter((first.body,)))
    size, etag = int(said[3]), first.headers.get("ETag")

    def pieces() -> Iterator[bytes]:
        yield first.body
        at = len(first.body)
        while at < size:
            headers = {"Accept": "*/*", "Range": f"bytes={at}-{min(at + _PIECE_BYTES, size) - 1}"}
            more = pod.send("GET", url, headers, limits=_WHOLE)
            if more.status != 206 or more.headers.get("ETag") != etag or not more.body:
                raise ChangedMeanwhile(url, more.status)
            yield more.body
            at += len(more.body)

    return Pieces(media_type, size, pieces())
