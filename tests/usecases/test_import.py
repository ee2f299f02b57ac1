"""Bringing a file in: looked at first, written once, taken back in one gesture but for what was changed since."""

import json

import pytest

from musette_solid.exchange.errors import UnreadableFile
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.import_file import NothingNew, import_file, preview, runs, undo
from musette_solid.usecases.import_record import NoSuchImport
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities, one_activity
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.share import new_id
from tests.usecases.conftest import NOW

RESUME = json.dumps(
    {
        "basics": {"name": "Demo", "email": "demo@example.org"},
        "work": [
            {"name": "Atelier", "position": "Soudeur", "startDate": "2019-03", "endDate": "2021"},
            {"name": "Atelier", "position": "Chef d’équipe", "startDate": "2021"},
        ],
        "volunteer": [{"organization": "Club", "position": "Trésorière", "startDate": "2020"}],
        "skills": [{"name": "Soudure", "level": "Advanced", "keywords": ["TIG"]}],
    }
).encode()


def stored(server: MemoryPod, bag: Bag) -> dict[str, bytes]:
    return {url: kept.body for url, kept in server._stored.items() if url.startswith(bag.layout.root)}


def test_looking_writes_nothing(server: MemoryPod, bag: Bag) -> None:
    before = stored(server, bag)
    shown = preview(bag, RESUME, "cv.json", NOW)
    assert sorted(a.title for a in shown.activities) == ["Chef d’équipe", "Soudeur", "Trésorière"]
    assert sorted(s.label for s in shown.skills) == ["Soudure", "TIG"]
    assert any(loss.place.startswith("/basics") for loss in shown.losses)
    assert stored(server, bag) == before


def test_what_is_written_is_what_was_shown_in_at_most_seven_requests(server: MemoryPod, bag: Bag) -> None:
    server.requests.clear()
    done = import_file(bag, RESUME, "cv.json", NOW)
    assert len(server.requests) <= 7
    assert done.counts["activities"] == 3
    found = list_activities(bag)
    assert (len(found.activities), len(found.skills)) == (3, 2)
    organisations = {
        a.organization.iri for a in found.activities if a.organization and a.organization.name == "Atelier"
    }
    assert len(organisations) == 1


def test_the_same_file_a_second_time_brings_nothing(server: MemoryPod, bag: Bag) -> None:
    import_file(bag, RESUME, "cv.json", NOW)
    before = stored(server, bag)
    with pytest.raises(NothingNew):
        import_file(bag, RESUME, "cv.json", NOW)
    assert stored(server, bag) == before


def test_what_is_there_already_is_recognised(bag: Bag) -> None:
    texts = {"title": ["Trésorière"], "sphere": ["volunteering"], "organization": ["club"], "startDate": ["2020"]}
    log_activity(bag, texts, NOW)
    shown = preview(bag, RESUME, "cv.json", NOW)
    assert "Trésorière" not in {a.title for a in shown.activities}
    assert shown.counts["duplicates"] == 1


def test_an_import_is_taken_back_but_for_what_was_changed_since(bag: Bag) -> None:
    done = import_file(bag, RESUME, "cv.json", NOW)
    kept = next(a for a in list_activities(bag).activities if a.title == "Soudeur")
    texts = {"title": ["Soudeur à façon"], "sphere": ["employment"], "organization": ["Atelier"]}
    correct_activity(bag, kept.iri, texts, NOW, one_activity(bag, kept.iri).version)
    undone = undo(bag, done.run, NOW)
    assert undone.kept == 1
    (left,) = list_activities(bag).activities
    assert left.title == "Soudeur à façon"
    assert left.organization is not None
    assert left.organization.name == "Atelier"
    assert list_activities(bag).skills == ()
    assert [(run.name, run.undone) for run in runs(bag, NOW)] == [("cv.json", True)]


@pytest.mark.parametrize("run", ["", "https://elsewhere.example/#import-1", "log"])
def test_something_else_cannot_be_taken_back(bag: Bag, run: str) -> None:
    import_file(bag, RESUME, "cv.json", NOW)
    with pytest.raises(NoSuchImport):
        undo(bag, run if run != "log" else bag.layout.log(2026) + "#import-" + new_id(), NOW)
    assert len(list_activities(bag).activities) == 3


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"hello": 1}', b'{"work": [], "work": []}', b"\xff\xfe", b"%PDF-1.4"]
)
def test_a_file_that_is_no_resume_is_refused_with_a_sentence(server: MemoryPod, bag: Bag, data: bytes) -> None:
    before = stored(server, bag)
    with pytest.raises(UnreadableFile) as refusal:
        import_file(bag, data, "cv.json", NOW)
    assert all(refusal.value.sentences())
    assert stored(server, bag) == before


def test_nothing_is_imported_over_a_document_that_cannot_be_read(server: MemoryPod, bag: Bag) -> None:
    server.put_bytes(bag.layout.skills, b"@prefix broken")
    before = stored(server, bag)
    with pytest.raises(NotUnderstood):
        import_file(bag, RESUME, "cv.json", NOW)
    assert stored(server, bag) == before
