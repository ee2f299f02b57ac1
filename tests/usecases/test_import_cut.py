"""An import that is cut, stopped, refused half-way, or done twice at the same time: all of it is there, or nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from rdflib import Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model.intent import Change
from musette_solid.model.skill import Skill
from musette_solid.pod import resources
from musette_solid.pod.errors import StorageFull
from musette_solid.pod.http import Limits, Request, Response, Transport
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import correct_activity, declare_skill, import_plan, import_record, list_activities
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
from musette_solid.usecases.resume_import import CannotGoOn, resume
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import BADGE, career, stored


class Stopped(MusetteError):
    what = N_("The import was stopped.")
    do = N_("Nothing was written.")


_LIMITS = Limits()


@dataclass
class Meddling:
    """A transport that does something else at the writing of one document."""

    server: Transport
    ending: str
    instead: Callable[[Request], Response | None]

    def send(self, request: Request, limits: Limits = _LIMITS) -> Response:
        if request.method in {"PATCH", "PUT"} and request.url.endswith(self.ending):
            answer = self.instead(request)
            if answer is not None:
                return answer
        return self.server.send(request, limits)


def through(bag: Bag, server: Transport, ending: str, instead: Callable[[Request], Response | None]) -> Bag:
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
    assert not runs(bag, NOW)
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
    assert not runs(bag, NOW)
    assert import_file(bag, career(3, 3), "cv.json", NOW).counts["skills"] == 3


def test_the_same_file_on_two_devices_at_once_is_there_once(server: MemoryPod, bag: Bag) -> None:
    other: list[object] = []

    def meanwhile(_request: Request) -> None:
        if not other:
            other.append(import_file(bag, career(5, 2), "cv.json", NOW))

    with pytest.raises(NothingNew):
        import_file(through(bag, server, "skills.ttl", meanwhile), career(5, 2), "cv.json", NOW)
    assert len(list_activities.list_activities(bag).activities) == 5
    assert len(runs(bag, NOW)) == 1


def test_two_files_that_overlap_at_once_give_nothing_twice(server: MemoryPod, bag: Bag) -> None:
    other: list[object] = []

    def meanwhile(_request: Request) -> None:
        if not other:
            other.append(import_file(bag, career(5), "cv.json", NOW))

    done = import_file(through(bag, server, "activities.ttl", meanwhile), career(8), "longer.json", NOW)
    assert done.counts["activities"] == 3
    assert len(list_activities.list_activities(bag).activities) == 8
    assert len(runs(bag, NOW)) == 2


def marked(bag: Bag) -> bool:
    log = resources.read(bag.pod, bag.layout.log(NOW.year)).graph
    return (None, terms.UNDER_WAY, None) in log or (None, terms.PLAN, None) in log


def test_what_ended_is_known_to_have_ended_whatever_the_person_deleted_since(bag: Bag) -> None:
    import_file(bag, career(1, 2), "cv.json", NOW)
    (activity,) = list_activities.list_activities(bag).activities
    correct_activity.remove_activity(bag, activity.iri)
    here.__init__()  # type: ignore[misc]  # another process
    assert marked(bag)
    assert import_record.settle(bag, NOW) == ()
    assert not marked(bag)
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


LATER = NOW + timedelta(minutes=5)


class Killed(BaseException):
    """The application is gone at this point."""


def cut(
    bag: Bag, server: Transport, ending: str, data: bytes, choices: Choices | None = None, at: datetime = NOW
) -> str:
    """An import of which the application was killed before it wrote this document; its name."""

    with pytest.raises(Killed):
        import_file(through(bag, server, ending, _killed), data, "cv.json", at, choices)
    here.__init__()  # type: ignore[misc]  # another process
    (run,) = (one for one in runs(bag, at + timedelta(minutes=5)) if one.state == "cut")
    return run.iri


def titles(bag: Bag) -> list[str]:
    return sorted(one.title for one in list_activities.list_activities(bag).activities)


def skills(bag: Bag) -> tuple[Skill, ...]:
    return tuple(list_activities.list_activities(bag).skills)


def test_an_import_that_was_cut_waits_for_a_word(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, "activities.ttl", career(3, 2))
    assert [one.state for one in runs(bag, NOW)] == ["under-way"]
    assert [one.outcome for one in recover(bag, LATER).settled] == ["waiting"]
    (found,) = runs(bag, LATER)
    assert (found.iri, found.state, found.can_go_on) == (run, "cut", True)
    assert [skill.label for skill in skills(bag)] == ["Skill 0", "Skill 1"]


def test_it_goes_on_where_it_ended_and_nothing_is_there_twice(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, "activities.ttl", career(3, 2))
    server.requests.clear()
    done = resume(bag, run, LATER)
    assert (done.run, done.counts["activities"], done.counts["skills"]) == (run, 3, 2)
    assert not [request for request in server.requests if request.method != "GET" and "skills.ttl" in request.url]
    assert [one.state for one in runs(bag, LATER)] == ["ended"]
    assert not marked(bag)
    with pytest.raises(CannotGoOn):
        resume(bag, run, LATER)
    # As if it had never been cut: the same things under the same names, and nothing new in the file.
    with pytest.raises(NothingNew):
        import_file(bag, career(3, 2), "cv.json", LATER)
    assert undo(bag, run, LATER).removed > 3
    assert (titles(bag), skills(bag)) == ([], ())


def test_or_it_is_taken_back(server: MemoryPod, bag: Bag) -> None:
    before = said(server, bag)
    run = cut(bag, server, "activities.ttl", career(3, 2), Choices(keep_file=True))
    assert undo(bag, run, LATER).kept == 0
    assert set(said(server, bag)) <= {*before, bag.layout.skills}
    assert skills(bag) == ()
    assert runs(bag, LATER) == ()


def test_what_the_person_did_meanwhile_stays(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, "activities.ttl", career(2, 3))
    first, second, _third = skills(bag)
    seen = declare_skill.one_skill(bag, first.iri).version
    declare_skill.correct_skill(bag, first.iri, {"prefLabel": ["My word"]}, LATER, seen, used_in=[])
    declare_skill.remove_skill(bag, second.iri, LATER)
    # And the same file was chosen again, on another device.
    import_file(bag, career(1), "shorter.json", LATER)
    resume(bag, run, LATER)
    assert sorted(skill.label for skill in skills(bag)) == ["My word", "Skill 2"]
    assert titles(bag) == ["Job 0", "Job 1"]
    again = undo(bag, run, LATER)
    assert again.kept == 1
    assert titles(bag) == ["Job 0"]


def test_a_file_comes_through_when_it_goes_on(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, ".jsonld", BADGE)
    resume(bag, run, LATER)
    kept = [body for url, body in stored(server, bag).items() if url.endswith(".jsonld")]
    assert kept == [BADGE]


def large() -> bytes:
    """Larger than what a plan carries."""
    work = json.loads(career(500))["work"]
    return json.dumps({"work": work, "basics": {"summary": "Chute " * 40_000}}).encode()


def test_a_large_file_that_had_not_come_through_is_not_kept_and_that_is_said(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, ".json", large(), Choices(keep_file=True))
    done = resume(bag, run, LATER)
    assert [loss.place.startswith("imports/") for loss in done.losses] == [True]
    assert len(titles(bag)) == 500
    undo(bag, run, LATER)
    assert titles(bag) == []


def test_one_that_somebody_may_be_at_is_left_alone(server: MemoryPod, bag: Bag) -> None:
    run = cut(bag, server, "activities.ttl", career(3))
    for act in (resume, undo):
        with pytest.raises(import_record.StillUnderWay):
            act(bag, run, NOW)
    assert resume(bag, run, NOW, everything=True).counts["activities"] == 3


def test_one_whose_plan_is_unreadable_is_taken_back(
    server: MemoryPod, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_plan, "_LONGEST", 10)
    with pytest.raises(Killed):
        import_file(through(bag, server, "activities.ttl", _killed), career(3, 2), "cv.json", NOW)
    here.__init__()  # type: ignore[misc]
    assert [one.outcome for one in recover(bag, LATER).settled] == ["undone"]
    assert runs(bag, LATER) == ()


def _killed(_request: Request) -> None:
    raise Killed


def test_a_plan_says_nothing_of_what_is_outside_the_bag(bag: Bag) -> None:
    run = URIRef(f"{bag.layout.log(NOW.year)}#import-20261122-aaaaaa")
    outside = Change(f"{bag.layout.root}../profile/card", Delta(into=frozenset([(run, terms.RDF_TYPE, terms.Skill)])))
    plan = import_plan.packed(bag, [outside], {}, {}, "")
    assert plan is not None
    for literal in (plan, Literal("x"), Literal(str(plan)[:-40]), Literal("eJyrrgUAAXUA+Q==")):
        assert import_plan.read(bag, syntax.graph_of([(run, terms.PLAN, literal)]), run) is None
