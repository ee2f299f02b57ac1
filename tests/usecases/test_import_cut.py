"""An import that is cut, stopped, refused half-way, or done twice at the same time: all of it is there, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from musette_solid.errors import N_, MusetteError
from musette_solid.pod.errors import StorageFull
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import names
from musette_solid.usecases import correct_activity, import_record, list_activities
from musette_solid.usecases.import_file import (
    Choices,
    NothingNew,
    import_file,
    look,
    runs,
    take_in,
    undo,
)
from musette_solid.usecases.intents import here
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.recover import recover
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import BADGE, career, stored


class Stopped(MusetteError):
    what = N_("The import was stopped.")
    do = N_("Nothing was written.")


@dataclass
class Meddling:
    """A transport that does something else at the writing of one document."""

    server: MemoryPod
    ending: str
    instead: Callable[[Request], Response | None]

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        if request.method in {"PATCH", "PUT"} and request.url.endswith(self.ending):
            answer = self.instead(request)
            if answer is not None:
                return answer
        return self.server.send(request, limits)


def through(bag: Bag, server: MemoryPod, ending: str, instead: Callable[[Request], Response | None]) -> Bag:
    pod = Pod(Meddling(server, ending, instead), bag.pod.webid, bag.pod.credentials)
    return Bag(pod, bag.layout)


def said(server: MemoryPod, bag: Bag) -> dict[str, bytes]:
    """What every document says; a log or a folder of which nothing is left says what none says."""
    found = stored(server, bag)
    return {url: body for url, body in found.items() if not url.endswith("/") and "/log/" not in url}


def test_space_that_is_full_half_way_leaves_everything_as_it_was(server: MemoryPod, bag: Bag) -> None:
    before = said(server, bag)
    full = through(bag, server, "activities.ttl", lambda request: Response(request.url, 507, {}))
    with pytest.raises(StorageFull):
        import_file(full, career(3, 3), "cv.json", NOW, Choices(keep_file=True))
    after = said(server, bag)
    assert not runs(bag, NOW.year)
    assert list_activities.list_activities(bag).activities == ()
    assert {url for url in after if "/imports/" in url} == set()
    assert set(after) == set(before)


def test_an_import_that_the_person_stops_leaves_everything_as_it_was(server: MemoryPod, bag: Bag) -> None:
    found = look(bag, career(3, 3), "cv.json", NOW)
    steps: list[tuple[int, int]] = []

    def told(step: int, of: int) -> None:
        steps.append((step, of))
        if step == 2:
            raise Stopped

    with pytest.raises(Stopped):
        take_in(bag, found, NOW, Choices(), told=told)
    assert steps == [(0, 3), (1, 3), (2, 3)]
    assert not runs(bag, NOW.year)
    assert import_file(bag, career(3, 3), "cv.json", NOW).counts["skills"] == 3


def test_the_same_file_on_two_devices_at_once_is_there_once(server: MemoryPod, bag: Bag) -> None:
    other: list[object] = []

    def meanwhile(_request: Request) -> None:
        if not other:
            other.append(import_file(bag, career(5, 2), "cv.json", NOW))

    with pytest.raises(NothingNew):
        import_file(through(bag, server, "skills.ttl", meanwhile), career(5, 2), "cv.json", NOW)
    assert len(list_activities.list_activities(bag).activities) == 5
    assert len(runs(bag, NOW.year)) == 1


def test_two_files_that_overlap_at_once_give_nothing_twice(server: MemoryPod, bag: Bag) -> None:
    other: list[object] = []

    def meanwhile(_request: Request) -> None:
        if not other:
            other.append(import_file(bag, career(5), "cv.json", NOW))

    done = import_file(through(bag, server, "activities.ttl", meanwhile), career(8), "longer.json", NOW)
    assert done.counts["activities"] == 3
    assert len(list_activities.list_activities(bag).activities) == 8
    assert len(runs(bag, NOW.year)) == 2


def test_what_ended_is_known_to_have_ended_whatever_the_person_deleted_since(bag: Bag) -> None:
    import_file(bag, career(1, 2), "cv.json", NOW)
    (activity,) = list_activities.list_activities(bag).activities
    correct_activity.remove_activity(bag, activity.iri)
    here.__init__()  # type: ignore[misc]  # another process
    assert runs(bag, NOW.year)[0].is_under_way
    assert import_record.settle(bag, NOW) == ()
    assert not runs(bag, NOW.year)[0].is_under_way
    assert recover(bag, NOW).settled == ()


def test_a_file_that_two_imports_kept_goes_with_the_last_of_them(server: MemoryPod, bag: Bag) -> None:
    def kept() -> bool:
        return any("/credentials/" in url and not url.endswith("/") for url in stored(server, bag))

    first = import_file(bag, BADGE, "badge.json", NOW)
    undo(bag, first.run, NOW)
    assert not kept()
    second = import_file(bag, BADGE, "badge.json", NOW)
    assert kept()
    assert names.document(second.run) == bag.layout.log(NOW.year)
