"""An archive is written and read a piece at a time, however large what is in it."""

import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from musette_solid.exchange import archive
from musette_solid.exchange.errors import UnreadableFile

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ROOT, OWNER = "https://pod.example/demo/musette/", "https://pod.example/demo/profile/card#me"
PIECE = bytes(range(256)) * 4096  # a megabyte


def pieces(count: int) -> Iterator[bytes]:
    return (PIECE for _ in range(count))


def write(place: Path, megabytes: int) -> None:
    writing = archive.Writing(ROOT, OWNER, NOW)
    with place.open("wb") as target:
        for piece in writing.add("evidence/film", f"{ROOT}evidence/film", "video/mp4", pieces(megabytes)):
            target.write(piece)
        for piece in writing.add("skills.ttl", f"{ROOT}skills.ttl", "text/turtle", [b"<#a> <#b> <#c> ."]):
            target.write(piece)
        target.write(writing.end(b"<!doctype html>", ["https://pod.example/demo/musette/x"]))


def test_what_is_written_in_pieces_is_read_in_pieces(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    tracemalloc.start()
    try:
        write(place, 40)
        with place.open("rb") as opened:
            found = archive.read(opened, "a.zip")
            film, skills = found.entries
            digest = hashlib.sha256()
            with found.open(film) as body:
                while piece := body.read(65536):
                    digest.update(piece)
            peak = tracemalloc.get_traced_memory()[1]
            assert (film.size_bytes, film.is_document, skills.is_document) == (40 * len(PIECE), False, True)
            assert found.data(skills) == b"<#a> <#b> <#c> ."
    finally:
        tracemalloc.stop()
    assert digest.hexdigest() == hashlib.sha256(PIECE * 40).hexdigest()
    assert peak < 8 * len(PIECE)


def test_one_that_was_cut_opens_nowhere(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", 1)
    whole = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(UnreadableFile):
        archive.read(io.BytesIO(whole[: len(whole) // 2]))


def test_documents_that_would_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_STATEMENTS", 1000)
    documents = [archive.Document(f"time/{year}.ttl", "", "text/turtle", b"#" * 600) for year in (2025, 2026)]
    with pytest.raises(UnreadableFile) as refused:
        archive.read(archive.write(ROOT, OWNER, NOW, documents, b""))
    assert "96 MB" in str(refused.value.details)
    assert archive.read(archive.write(ROOT, OWNER, NOW, documents[:1], b"")).entries
