"""Evidence: files in the space, attached, cleaned on request, taken out with their descriptions."""

import io
from pathlib import Path
from typing import BinaryIO

import pikepdf
import pytest
from PIL import Image

from musette_solid.exchange.media import kind_of
from musette_solid.exchange.unmarked import NotCleaned
from musette_solid.model import skill as skills_model
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.pod.http import Limits, Upload
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import archive, put_back
from musette_solid.usecases.declare_skill import assess, declare_skill
from musette_solid.usecases.keep_evidence import (
    MOST_BYTES,
    EmptyFile,
    Given,
    MayRun,
    TooHeavy,
    attach_again,
    attach_file,
    detach,
    kept_evidence,
    open_file,
    remove_evidence,
    remove_loose,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from tests.usecases.conftest import NOW

PNG = b"\x89PNG\r\n\x1a\n"


def given(data: bytes, name: str = "file.bin", size: int | None = None) -> Given:
    return Given(Upload(lambda: io.BytesIO(data), len(data) if size is None else size), name)


def photograph() -> bytes:
    """A picture on its side that says where it was taken."""
    picture = Image.new("RGB", (40, 20), (200, 60, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right to look at it
    exif[0x010F] = "Demo camera"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.fixture
def skill(bag: Bag) -> str:
    return declare_skill(bag, {"prefLabel": ["Réparer un vélo"]}, NOW)


@pytest.fixture
def activity(bag: Bag) -> str:
    return log_activity(bag, {"title": ["Atelier vélo"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)


def stored(server: MemoryPod, bag: Bag) -> dict[str, bytes]:
    return {
        url: one.body for url, one in server._stored.items() if url.startswith(bag.layout.evidence) and url[-1] != "/"
    }


def test_a_file_is_kept_with_its_kind_and_size(server: MemoryPod, bag: Bag, skill: str) -> None:
    iri = attach_file(bag, skill, given(photograph(), "vélo.jpeg"), {"description": ["La roue, avant."]}, NOW)
    (piece,) = kept_evidence(bag).pieces
    assert (piece.evidence.iri, piece.evidence.title, piece.evidence.format) == (iri, "vélo.jpeg", "image/jpeg")
    assert piece.evidence.size_bytes == len(photograph())
    assert [(use.kind, use.label) for use in piece.uses] == [("skill", "Réparer un vélo")]
    ((url, body),) = stored(server, bag).items()
    assert body == photograph()
    assert url.endswith(".jpg")
    assert "v" not in url.rpartition("/f-")[2].partition("-")[0]
    assert check(resources.read(bag.pod, bag.layout.skills).graph) == ()
    assert b"".join(open_file(bag, iri)[1].pieces) == photograph()


def test_a_picture_is_cleaned_and_stands_upright(server: MemoryPod, bag: Bag, skill: str) -> None:
    attach_file(bag, skill, given(photograph(), "v.jpg"), {}, NOW, clean=True)
    (body,) = stored(server, bag).values()
    assert b"Demo camera" not in body
    with Image.open(io.BytesIO(body)) as shown:
        assert dict(shown.getexif()) == {}
        assert shown.size == (20, 40)


def test_a_pdf_is_cleaned(server: MemoryPod, bag: Bag, skill: str, tmp_path: Path) -> None:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/Author"] = "Demo author"
        with made.open_metadata() as said:
            said["dc:creator"] = ["Demo author"]
        made.save(tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    attach_file(bag, skill, given(data, "a.pdf"), {}, NOW, clean=True)
    (body,) = stored(server, bag).values()
    with pikepdf.open(io.BytesIO(body)) as clean:
        assert len(clean.pages) == 1
        assert "/Metadata" not in clean.Root
        assert "/Author" not in clean.docinfo
    assert b"Demo author" not in body


@pytest.mark.parametrize("data", [b"just words", PNG + b"not really a picture", b"%PDF-1.7 cut"])
def test_what_cannot_be_cleaned_is_not_kept_as_it_is(server: MemoryPod, bag: Bag, skill: str, data: bytes) -> None:
    with pytest.raises(NotCleaned):
        attach_file(bag, skill, given(data, "a.png"), {}, NOW, clean=True)
    assert stored(server, bag) == {}
    assert kept_evidence(bag).pieces == ()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "dessin.png"),
        (b'<?xml version="1.0"?>\n<!-- . --><svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>', "dessin.svg"),
        (b"<!DOCTYPE html><p>", "page.txt"),
        ('<html onload="x()">'.encode("utf-16"), "page"),
        (b"alert(1)", "page.js"),
        (b"\x1f\x8b\x08", "dessin.svgz"),
    ],
)
def test_what_a_browser_would_run_is_refused(server: MemoryPod, bag: Bag, skill: str, data: bytes, name: str) -> None:
    with pytest.raises(MayRun):
        attach_file(bag, skill, given(data, name), {}, NOW)
    assert stored(server, bag) == {}


def test_no_kind_that_is_given_out_is_one_that_a_browser_runs() -> None:
    for head in (PNG, b"\xff\xd8\xff", b"%PDF-", b"a,b\n", b"{}", b"\x00\x01", b"PK\x03\x04", b"<a/>", b"\x1f\x8b"):
        assert kind_of(head, "x.xml").type not in {"image/svg+xml", "text/html", "application/xhtml+xml", "text/xml"}


def test_two_gigabytes_are_refused_before_a_byte_is_read(bag: Bag, skill: str) -> None:
    def read() -> BinaryIO:
        raise AssertionError("nothing of it is read")

    with pytest.raises(TooHeavy) as refused:
        attach_file(bag, skill, Given(Upload(read, 2 * 1024**3), "film.mp4"), {}, NOW)
    assert "60 MB" in refused.value.sentences()[0]
    with pytest.raises(EmptyFile):
        attach_file(bag, skill, given(b"", "rien.txt"), {}, NOW)
    assert Limits().size_bytes > MOST_BYTES  # what an archive reads of one file


def test_a_description_that_does_not_fit_keeps_no_file(server: MemoryPod, bag: Bag, skill: str) -> None:
    with pytest.raises(Unfit):
        attach_file(bag, skill, given(PNG, "a.png"), {"date": ["bientôt"]}, NOW)
    with pytest.raises(NotThere):
        attach_file(bag, bag.layout.skills + "#s-nothing", given(PNG, "a.png"), {}, NOW)
    with pytest.raises(NotThere):
        attach_file(bag, "https://other.example/skills.ttl#s-1", given(PNG, "a.png"), {}, NOW)
    assert stored(server, bag) == {}


def test_one_file_shows_several_things_and_goes_from_all_of_them(
    server: MemoryPod, bag: Bag, skill: str, activity: str
) -> None:
    said = assess(bag, skill, str(terms.LEVEL_AUTONOMOUS), NOW.date())
    iri = attach_file(bag, skill, given(PNG, "a.png"), {}, NOW)
    attach_again(bag, iri, activity)
    attach_again(bag, iri, said)
    (piece,) = kept_evidence(bag).pieces
    assert {use.kind for use in piece.uses} == {"skill", "activity", "assessment"}
    assert len(piece.copies) == 1
    assert len(stored(server, bag)) == 1
    detach(bag, iri, skill)
    assert {use.kind for use in kept_evidence(bag).piece(iri).uses} == {"activity", "assessment"}
    removed = remove_evidence(bag, iri, NOW)
    assert {use.kind for use in removed.uses} == {"activity", "assessment"}
    assert kept_evidence(bag).pieces == ()
    assert stored(server, bag) == {}
    (held,) = skills_model.read(resources.read(bag.pod, bag.layout.skills).graph)
    assert [one.evidence for one in held.assessments] == [()]
    with pytest.raises(NotThere):
        remove_evidence(bag, iri, NOW)


def test_a_file_that_nothing_describes_is_found_and_only_that_can_go(server: MemoryPod, bag: Bag, skill: str) -> None:
    attach_file(bag, skill, given(PNG, "a.png"), {}, NOW)
    loose = bag.layout.evidence + "f-left.bin"
    server.put_bytes(loose, b"left", "application/octet-stream")
    assert kept_evidence(bag).loose == (loose,)
    (described,) = [url for url in stored(server, bag) if url != loose]
    with pytest.raises(NotThere):
        remove_loose(bag, described)
    remove_loose(bag, loose)
    assert list(stored(server, bag)) == [described]


def test_an_archive_takes_the_files_along_and_puts_them_back(
    server: MemoryPod, bag: Bag, organisation: Bag, skill: str
) -> None:
    attach_file(bag, skill, given(photograph(), "vélo.jpeg"), {}, NOW)
    made = archive.make(bag, NOW)
    put_back.restore(organisation, made.data, now=NOW)
    (piece,) = kept_evidence(organisation).pieces
    assert piece.is_file
    assert b"".join(open_file(organisation, piece.evidence.iri)[1].pieces) == photograph()
