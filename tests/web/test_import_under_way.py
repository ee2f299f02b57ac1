"""Work that lasts: a page that says how far it is, that stops it, and that keeps nobody else waiting."""

import io
import re
import threading
import time

import pytest

from musette_solid.exchange import apart
from musette_solid.exchange.apart import Stopped
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.import_file import runs
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import under_way
from musette_solid.web.under_way import AlreadyAtWork, NotKnownHere, Work, Works
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import CALENDAR, career, stored
from tests.web.reviewer import Reviewer
from tests.web.test_imports import chosen, waited

#: Reading it never ends by itself.
ENDLESS = CALENDAR.replace(b"FREQ=WEEKLY;COUNT=3", b"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
ME = "https://demo.example/card#me"


def test_a_file_that_takes_long_gets_a_page_that_waits_and_stops(
    newcomer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.2,))
    begun = newcomer.post("/import/", data={"file": (io.BytesIO(ENDLESS), "a.ics")})
    assert begun.status_code == 303
    page = newcomer.get(begun.location)
    assert "La lecture du fichier est en cours" in page.text
    assert "<progress" in page.text
    said = newcomer.get(begun.location, headers={"Accept": "application/json"}).get_json()
    assert said["ended"] is False
    # Another file of the same person waits its turn; nobody else does.
    again = newcomer.post("/import/", data={"file": (io.BytesIO(career(1)), "cv.json")})
    assert again.status_code == 409
    assert "en cours" in again.text
    stopped = newcomer.send(page, f"{begun.location}/stop")
    for _ in range(100):
        if newcomer.get(stopped.location, headers={"Accept": "application/json"}).get_json()["ended"]:
            break
        time.sleep(0.05)
    assert "arrêté" in newcomer.get(newcomer.get(stopped.location).location).text


def test_writing_says_how_far_it_is_and_is_undone_when_it_is_stopped(
    newcomer: Reviewer, bag: Bag, server: MemoryPod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.3,))
    preview = chosen(newcomer, career(3, 3), "cv.json")
    go_on = threading.Event()
    whole = Work.told

    def slowly(work: Work, step: int, steps: int) -> None:
        if step == 2:
            work.step, work.steps = step, steps
            go_on.wait(20)
        whole(work, step, steps)

    monkeypatch.setattr(Work, "told", slowly)
    begun = newcomer.send(preview, "/import/write")
    page = newcomer.get(begun.location)
    assert "L’écriture est en cours" in page.text
    assert re.search(r'<progress max="3" value="2"', page.text)
    newcomer.send(page, f"{begun.location}/stop")
    go_on.set()
    assert waited(newcomer, begun).status_code == 303
    assert list_activities(bag).activities == ()
    assert runs(bag, NOW) == ()
    assert not [url for url in stored(server, bag) if "/imports/" in url and not url.endswith("/")]


def test_the_page_of_somebody_elses_work_is_not_known(newcomer: Reviewer) -> None:
    works = Works(b"k" * 32)
    work = works.begin(ME, "read", "cv", lambda work: work.title)
    assert work.result == "cv"
    for name in ("", "1-2-3", work.name[:-1] + "x", "9" * 40 + "-a-b", f"{int(time.time())}--"):
        with pytest.raises(NotKnownHere):
            works.find(name, ME)
    with pytest.raises(NotKnownHere):
        works.find(work.name, ME + "2")
    answer = newcomer.get("/import/under-way/1-2-3")
    assert answer.status_code == 404
    assert "n’est plus connu ici" in answer.text


def test_another_process_says_that_it_goes_on() -> None:
    here, elsewhere = Works(b"k" * 32), Works(b"k" * 32)
    end = threading.Event()
    work = here.begin(ME, "read", "cv", lambda _: end.wait(10), 0.01)
    assert here.find(work.name, ME) is work
    assert elsewhere.find(work.name, ME) is None
    with pytest.raises(AlreadyAtWork):
        here.begin(ME, "write", "cv", lambda _: None)
    end.set()
    assert work.ended.wait(5)
    assert here.begin(ME, "write", "cv", lambda _: 3).result == 3


def test_what_is_stopped_takes_its_process_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    begun = time.monotonic()

    def is_stopped() -> bool:
        asked.append(1)
        return True  # the first time: the process is still starting

    with pytest.raises(Stopped):
        apart.run("musette_solid.exchange.apart", b'{"name": "x"', is_stopped)
    assert time.monotonic() - begun < 10


def test_many_people_at_once_are_served_three_at_a_time_in_the_order_in_which_they_came() -> None:
    works = Works(b"k" * 32)
    lock, may_end = threading.Lock(), [threading.Event() for _ in range(33)]
    begun: list[int] = []
    at_once = most = 0

    def reading(number: int) -> None:
        nonlocal at_once, most
        with lock:
            begun.append(number)
            at_once += 1
            most = max(most, at_once)
        may_end[number].wait(20)
        with lock:
            at_once -= 1

    waiting = []
    for number in range(33):
        waiting.append(works.begin(f"{ME}{number}", "read", "cv", lambda _, number=number: reading(number), 0.01))  # type: ignore[misc]
        # One person's second file waits for the first, and takes nobody's place.
        with pytest.raises(AlreadyAtWork):
            works.begin(f"{ME}{number}", "read", "cv", lambda _: None, 0)
    assert begun == [0, 1, 2]
    with pytest.raises(under_way.TooMuchAtWork):
        works.begin(ME, "read", "cv", lambda _: None, 0)
    # Writing mostly waits for a space: it is not held up by what is being read.
    assert works.begin(ME, "write", "cv", lambda _: 1, 5).result == 1
    # Nor is a short file held up by long ones.
    assert works.begin(ME, "light", "cv", lambda _: 1, 5).result == 1
    # As one ends, the one that came first of those that wait begins.
    for number, event in enumerate(may_end):
        event.set()
        assert waiting[number].ended.wait(20)
        until = time.monotonic() + 20
        while len(begun) < min(33, number + 4) and time.monotonic() < until:
            time.sleep(0.001)
        assert begun == list(range(min(33, number + 4)))
    assert all(one.ended.wait(20) for one in waiting)
    assert most == 3
    assert works.begin(ME, "read", "cv", lambda _: 2, 5).result == 2
