"""Fetched through the guard, piece by piece, gone on with after a cut, checked, and only then put at hand."""

import hashlib
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from musette_solid.exchange.register_files import UnreadableRegister
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod.errors import NotAllowed, NotThere, PodError
from musette_solid.pod.http import SMALL, Limits, Outgoing, Request, Response
from musette_solid.usecases import install_reference
from musette_solid.usecases.install_reference import (
    CutShort,
    NoSuchFile,
    Step,
    WhereFrom,
    WrongChecksum,
    download,
    install,
)
from tests.model.references.registers import ESCO_FILES, ROME_FILES, TODAY, write


def archive(files: dict[str, bytes], padding: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
        made.writestr("readme.bin", b"\x00" * padding)
    return packed.getvalue()


class Publisher:
    """A server of files on loopback that knows pieces, redirects, and how to fail."""

    def __init__(self) -> None:
        publisher = self
        self.data = archive(ESCO_FILES, padding=5 * 1024 * 1024)
        self.tag = '"one"'
        self.knows_pieces = True
        self.cuts_after = -1  # how many pieces are answered before it fails
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                publisher.asked.append(self.headers.get("Range", ""))
                if self.path == "/moved.zip":
                    self.answer(302, b"", {"Location": "/esco.zip"})
                elif self.path == "/away.zip":
                    self.answer(302, b"", {"Location": "http://169.254.169.254/latest/"})
                elif self.path == "/round.zip":
                    self.answer(302, b"", {"Location": "/round.zip"})
                elif self.path != "/esco.zip":
                    self.answer(404, b"")
                elif publisher.cuts_after == 0:
                    self.answer(503, b"")
                else:
                    publisher.cuts_after -= 1
                    self.piece()

            def piece(self) -> None:
                data = publisher.data
                wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
                same = self.headers.get("If-Range") in {None, publisher.tag}
                if wanted and same and publisher.knows_pieces:
                    start, end = int(wanted[1]), min(int(wanted[2]), len(data) - 1)
                    said = {"Content-Range": f"bytes {start}-{end}/{len(data)}", "ETag": publisher.tag}
                    self.answer(206, data[start : end + 1], said)
                else:
                    self.answer(200, data, {"ETag": publisher.tag})

            def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"localhost:{self.server.server_port}"
        self.url = f"http://{self.host}/esco.zip"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


@pytest.fixture
def outgoing(publisher: Publisher) -> Outgoing:
    return Outgoing(frozenset({publisher.host}))


def test_a_register_is_fetched_checked_and_put_at_hand(
    publisher: Publisher, outgoing: Outgoing, tmp_path: Path
) -> None:
    shelf, steps = Shelf(tmp_path), list[Step]()
    assert shelf.index("esco") is None
    checksum = hashlib.sha256(publisher.data).hexdigest()
    about = install(
        shelf, "esco", publisher.url, TODAY, transport=outgoing, checksum=checksum.upper(), progress=steps.append
    )
    assert (about.version, about.checksum, about.source) == ("1.0", checksum, publisher.url)
    assert "European Commission" in about.attribution
    assert shelf.search("tenir la caisse", registers=["esco"])[0].iri.endswith("/s1")
    assert len(publisher.asked) == 3  # pieces of two megabytes
    assert {step.what for step in steps} >= {"Downloading…", "Reading %(name)s…", "Building the index…"}
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_download_that_was_cut_goes_on_where_it_was(publisher: Publisher, outgoing: Outgoing, tmp_path: Path) -> None:
    publisher.cuts_after = 2
    with pytest.raises(PodError):
        download(outgoing, publisher.url, tmp_path)
    publisher.cuts_after = -1
    publisher.asked.clear()
    assert download(outgoing, publisher.url, tmp_path).read_bytes() == publisher.data
    assert publisher.asked == [f"bytes={4 * 1024 * 1024}-{6 * 1024 * 1024 - 1}"]


def test_a_file_that_changed_since_is_fetched_anew(publisher: Publisher, outgoing: Outgoing, tmp_path: Path) -> None:
    publisher.cuts_after = 1
    with pytest.raises(PodError):
        download(outgoing, publisher.url, tmp_path)
    publisher.cuts_after, publisher.tag, publisher.data = -1, '"two"', archive(ROME_FILES)
    assert download(outgoing, publisher.url, tmp_path).read_bytes() == publisher.data


def test_a_server_that_knows_no_pieces_gives_the_whole(
    publisher: Publisher, outgoing: Outgoing, tmp_path: Path
) -> None:
    publisher.knows_pieces = False
    assert download(outgoing, publisher.url, tmp_path).read_bytes() == publisher.data


def test_redirects_are_followed_through_the_guard_only(
    publisher: Publisher, outgoing: Outgoing, tmp_path: Path
) -> None:
    moved = publisher.url.replace("esco", "moved")
    assert download(outgoing, moved, tmp_path).read_bytes() == publisher.data
    for name in ("away", "round"):
        with pytest.raises(NotAllowed):
            download(outgoing, publisher.url.replace("esco", name), tmp_path)
    with pytest.raises(NotThere):
        download(outgoing, publisher.url.replace("esco", "gone"), tmp_path)


def test_pieces_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    class Liar:
        def send(self, request: Request, limits: Limits = SMALL) -> Response:
            return Response(request.url, 206, {"Content-Range": "bytes 7-9/100"}, b"abc")

    class Silent:
        def send(self, request: Request, limits: Limits = SMALL) -> Response:
            start = request.headers["Range"].partition("=")[2].partition("-")[0]
            return Response(request.url, 206, {"Content-Range": f"bytes {start}-9/10", "ETag": '"x"'}, b"")

    with pytest.raises(PodError):
        download(Liar(), "https://register.example/a.zip", tmp_path)
    with pytest.raises(CutShort, match="0 of 10"):
        download(Silent(), "https://register.example/a.zip", tmp_path)


def test_a_wrong_checksum_installs_nothing_and_keeps_what_was_there(
    publisher: Publisher, outgoing: Outgoing, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path)
    install(shelf, "esco", str(write(tmp_path / "files", ESCO_FILES)), TODAY)
    with pytest.raises(WrongChecksum):
        install(shelf, "esco", publisher.url, TODAY, transport=outgoing, checksum="0" * 64)
    index = shelf.index("esco")
    assert index is not None
    assert index.about.source.endswith("files")
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_damaged_file_keeps_what_was_installed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    install(shelf, "rome", str(write(tmp_path / "good", ROME_FILES)), TODAY)
    name = "unix_referentiel_savoir_v460_utf8.csv"
    bad = write(tmp_path / "bad", {**ROME_FILES, name: ROME_FILES[name][:-30]})
    with pytest.raises(UnreadableRegister):
        install(shelf, "rome", str(bad), TODAY)
    assert shelf.search("tableur", registers=["rome"])
    assert not (tmp_path / "rome.sqlite.new").exists()


def test_a_register_that_is_installed_anew_is_read_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    files = write(tmp_path / "files", ROME_FILES)
    install(shelf, "rome", str(files), TODAY)
    assert shelf.search("bilan", registers=["rome"])
    name = "unix_referentiel_competence_v460_utf8.csv"
    (files / name).write_bytes(ROME_FILES[name].replace(b"bilan", b"rapport"))
    install(shelf, "rome", str(files), TODAY, version="4.61")
    assert not shelf.search("bilan", registers=["rome"])
    assert [about.version for about in shelf.about()] == ["1", "4.61"]
    assert install_reference.remove(shelf, "rome")
    assert not install_reference.remove(shelf, "rome")
    assert [about.key for about in shelf.about()] == ["musette"]


def test_an_index_that_is_damaged_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (tmp_path / "esco.sqlite").write_bytes(b"SQLite format 3\x00 and nothing else")
    shelf = Shelf(tmp_path)
    assert shelf.index("esco") is None
    assert shelf.search("parler en public")[0].register == "musette"


def test_without_a_source_one_is_told_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(WhereFrom, match=r"esco\.ec\.europa\.eu"):
        install(Shelf(tmp_path), "esco", "", TODAY)
    with pytest.raises(NoSuchFile, match=r"nowhere\.zip"):
        install(Shelf(tmp_path), "esco", "nowhere.zip", TODAY)
