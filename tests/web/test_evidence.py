"""Evidence in the pages: added, shown, refused with a sentence, taken out."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from musette_solid.usecases.keep_evidence import kept_evidence
from musette_solid.usecases.layout import Bag
from tests.web.conftest import MakeClient
from tests.web.reviewer import Reviewer
from tests.web.test_skills import kept

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def send(who: Reviewer, path: str, data: bytes, name: str, **form: str) -> TestResponse:
    assert who.get(path).status_code == 200
    return who.post(path, data={"file": (io.BytesIO(data), name), **form})


def test_a_photograph_is_added_shown_and_deleted(person: Reviewer, full_bag: Bag) -> None:
    answer = send(person, "/skills/s-1/evidence", PNG, "tenon.png", **{"evidence-title": "Un tenon", "clean": "yes"})
    assert answer.location == "/skills/s-1"
    (piece,) = [one for one in kept_evidence(full_bag).pieces if one.is_file]
    page = f"/evidence/skills/{piece.evidence.iri.partition('#')[2]}"
    assert page in person.get("/skills/s-1").text
    text = person.get(page).text
    assert "image/png" in text
    assert f'src="{page}/file"' in text
    assert "Documenté" in text
    file = person.get(page + "/file")
    assert file.headers["Content-Type"] == "image/png"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.data.startswith(b"\x89PNG")
    assert "Un tenon" in person.get("/evidence/").text
    person.send(person.get(page), page + "/attach", subject=full_bag.layout.activities + "#a-2")
    assert "Menuisier" in person.get(page + "/delete").text
    person.send(person.get(page), page + "/detach", subject=full_bag.layout.activities + "#a-2")
    assert person.send(person.get(page + "/delete"), page + "/delete").location == "/evidence/"
    assert not [one for one in kept_evidence(full_bag).pieces if one.is_file]


def test_what_would_run_is_refused_at_its_place(person: Reviewer, full_bag: Bag) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = send(person, "/activities/a-2/evidence", svg, "plan.svg", **{"evidence-title": "Plan"})
    assert answer.status_code == 422
    assert "peut exécuter un programme" in answer.text
    assert 'value="Plan"' in answer.text
    assert not [one for one in kept_evidence(full_bag).pieces if one.is_file]


def test_a_file_that_another_application_put_there_does_not_run_here(person: Reviewer, full_bag: Bag) -> None:
    send(person, "/skills/s-1/evidence", b"words", "mots.txt")
    (piece,) = [one for one in kept_evidence(full_bag).pieces if one.is_file]
    transport = full_bag.pod.transport
    transport.put_bytes(piece.evidence.url, b"<svg><script>alert(1)</script></svg>", "image/svg+xml")  # type: ignore[attr-defined]
    file = person.get(f"/evidence/skills/{piece.evidence.iri.partition('#')[2]}/file")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_too_large_is_refused_unread(person: Reviewer, full_bag: Bag) -> None:
    answer = person.post(
        "/skills/s-1/evidence",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": io.BytesIO(b"--x")},
    )
    assert answer.status_code == 413
    assert "60\u00a0Mo" in answer.text


def heavy(size: int) -> dict[str, Any]:
    """A form whose file comes first, as in the page, and the words after it."""
    fields = {
        "file": FileStorage(io.BytesIO(bytes(size)), "film.bin", name="file"),
        "evidence-title": "Le film du bilan",
    }
    body, length, boundary = stream_encode_multipart(fields, use_tempfile=False)
    return {"data": body.read(length), "content_type": f"multipart/form-data; boundary={boundary}"}


def test_what_was_typed_beside_a_file_that_is_too_large_is_kept(person: Reviewer, full_bag: Bag) -> None:
    answer = person.post("/skills/s-1/evidence", **heavy(62 * 1024 * 1024))
    assert answer.status_code == 413
    assert "60\u00a0Mo" in answer.text
    assert 'value="Le film du bilan"' in answer.text
    assert not [one for one in kept_evidence(full_bag).pieces if one.is_file]


def test_a_session_that_ended_is_what_is_said_even_of_a_large_file(client_of: MakeClient, full_bag: Bag) -> None:
    gone = client_of(None)
    answer = gone.post("/skills/s-1/evidence", **heavy(12 * 1024 * 1024))
    assert answer.status_code == 401
    for said in ("Votre session est terminée", "Le film du bilan", "Choisissez le fichier encore une fois"):
        assert said in answer.text
    unread = gone.post(
        "/skills/s-1/evidence",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": io.BytesIO(b"--x")},
    )
    assert unread.status_code == 413
    assert "Votre session est terminée, et ce fichier est trop grand" in unread.text
    assert not [one for one in kept_evidence(full_bag).pieces if one.is_file]


def test_evidence_of_an_assessment_stays_with_it(person: Reviewer, full_bag: Bag) -> None:
    answer = send(person, "/skills/s-1/assessments/m-1/evidence", b"%PDF-1.7", "rapport.pdf")
    assert answer.status_code == 303
    skill = kept(full_bag)["Assembler à tenon et mortaise"]
    assert [piece.title for piece in skill.assessments[0].evidence] == ["rapport.pdf"]
    assert skill.evidence == ()
    assert person.get("/skills/s-1/assessments/m-9/evidence").status_code == 404


def test_a_file_heavier_than_other_forms_may_be_is_kept(person: Reviewer, full_bag: Bag) -> None:
    data = b"\x00\x01" * (6 * 1024 * 1024)
    body, length, boundary = stream_encode_multipart(
        {"file": FileStorage(io.BytesIO(data), "releve.bin", name="file")}, use_tempfile=False
    )
    answer = person.post(
        "/skills/s-1/evidence", data=body.read(length), content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 303
    (piece,) = [one for one in kept_evidence(full_bag).pieces if one.is_file]
    assert piece.evidence.size_bytes == len(data)
    assert "12,6\u00a0Mo" in person.get("/evidence/").text
