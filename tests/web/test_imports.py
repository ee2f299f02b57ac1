"""Import in the pages: look first, write once, take it back."""

import io
import json

import pytest
from werkzeug.test import TestResponse

from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web.imports import NotCarried, pack, unpack
from tests.web.reviewer import Reviewer

RESUME = {
    "basics": {"name": "Demo", "email": "demo@example.org"},
    "work": [{"name": "Demo workshop", "position": "Technician", "startDate": "2019-03", "endDate": "2021"}],
    "volunteer": [{"organization": "Demo association", "position": "Treasurer", "startDate": "2020"}],
    "skills": [{"name": "Soldering", "level": "Master"}],
}


def chosen(client: Reviewer, data: bytes, name: str = "demo.json") -> TestResponse:
    return client.post("/import/", data={"file": (io.BytesIO(data), name)})


def test_what_a_file_would_write_is_shown_and_not_written(newcomer: Reviewer, server: MemoryPod) -> None:
    server.requests.clear()
    answer = chosen(newcomer, json.dumps(RESUME).encode())
    assert answer.status_code == 200
    for text in ("Technician", "Treasurer", "Soldering", "2 nouvelles activités"):
        assert text in answer.text.replace("\u00a0", " ")
    assert {request.method for request in server.requests} == {"GET"}


def test_the_file_that_was_looked_at_is_written_and_a_second_time_nothing(newcomer: Reviewer, bag: Bag) -> None:
    preview = chosen(newcomer, json.dumps(RESUME).encode())
    written = newcomer.send(preview, "/import/write")
    assert written.status_code == 303
    assert "2 activités et 1 compétence" in newcomer.get(written.location).text.replace("\u00a0", " ")
    assert len(list_activities(bag).activities) == 2
    again = chosen(newcomer, json.dumps(RESUME).encode())
    assert 'action="/import/write"' not in again.text
    assert newcomer.send(preview, "/import/write").location == "/import/"
    assert len(list_activities(bag).activities) == 2


def test_an_import_is_undone_in_one_gesture(newcomer: Reviewer, bag: Bag) -> None:
    written = newcomer.send(chosen(newcomer, json.dumps(RESUME).encode()), "/import/write")
    name = written.location.rpartition("/")[2]
    undone = newcomer.send(newcomer.get(written.location), f"/import/undo/{name}")
    assert "L’import a été annulé" in newcomer.get(undone.location).text
    assert list_activities(bag).activities == ()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"a,b\n1,2", b"{}" * 3, b"[" * 5000])
def test_a_file_that_is_no_json_resume_says_so(newcomer: Reviewer, server: MemoryPod, data: bytes) -> None:
    server.requests.clear()
    answer = chosen(newcomer, data)
    assert answer.status_code == 422
    assert "n’a pas pu être lu" in answer.text
    assert {request.method for request in server.requests} <= {"GET"}


def test_no_file_at_all(newcomer: Reviewer) -> None:
    assert newcomer.post("/import/", data={"file": (io.BytesIO(b""), "")}).status_code == 422


def test_a_file_of_more_than_10_mb_gets_a_sentence(newcomer: Reviewer) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.json"\r\n\r\n'
    body = head + b" " * (10 * 1024 * 1024) + b"\r\n--x--\r\n"
    answer = newcomer.post("/import/", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "10\u00a0Mo au plus" in answer.text


def test_the_name_of_a_file_is_only_a_name(newcomer: Reviewer) -> None:
    answer = chosen(newcomer, json.dumps(RESUME).encode(), "C:\\secret\\..\\<b>cv</b>.json")
    assert "&lt;b&gt;cv&lt;/b&gt;.json" in answer.text or "b&gt;.json" in answer.text
    assert "secret" not in answer.text


def test_what_travels_in_the_page_comes_back_whole_or_not_at_all() -> None:
    assert unpack(pack(b"{}")) == b"{}"
    for text in ("", "x", pack(b"{}")[:-6], pack(b" " * (11 * 1024 * 1024))):
        with pytest.raises(NotCarried):
            unpack(text)
