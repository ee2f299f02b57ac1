"""Whatever request an operation is cut at, and however: afterwards it was done or never begun, and nobody reads more.

Every operation, every request, every way to fail, on the pod in memory; `make faults` does the same with real processes
that are killed.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest
from rdflib import Literal, URIRef

from musette_solid.errors import MusetteError
from musette_solid.pod import wac
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.names import local
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import intents, set_up
from musette_solid.usecases.recover import recover
from tests.faults.operations import OPERATIONS, Operation, Place

Snapshot = Mapping[str, frozenset[Triple]]


class Killed(BaseException):
    """The application is gone at this point: nothing of it runs any more."""


@dataclass
class Cutting:
    """A transport that fails at the k-th request to the person's own space, before it is sent or after it was dealt with."""

    server: MemoryPod
    storage: str
    at: int | None = None
    committed: bool = False
    how: str = "killed"  # killed: the application; lost: one answer; gone: the space, from here on
    count: int = 0

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        if not request.url.startswith(self.storage):
            return self.server.send(request, limits)
        self.count += 1
        is_now = self.at is not None and (self.count == self.at or (self.how == "gone" and self.count > self.at))
        if not is_now:
            return self.server.send(request, limits)
        if self.committed and self.count == self.at:
            self.server.send(request, limits)
        if self.how == "killed":
            raise Killed
        raise Unreachable(request.url, host="pod.example", cause="ReadTimeout")


class Theatre:
    """One operation on one space, from the same beginning as often as one likes."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.server = MemoryPod()
        self.person, self.other, self.stranger = (
            self.server.create_pod(name) for name in ("demo", "other", "stranger")
        )
        operation.prepare(self.place(self.server.pod_for(self.person.webid)))
        self.beginning = dict(self.server._stored)
        self.before, self.readers_before = self.snapshot(), self.readers()
        cutting = self.act()
        self.requests = cutting.count
        self.recover()
        self.after, self.readers_after = self.snapshot(), self.readers()

    def place(self, pod: Pod) -> Place:
        return Place(pod, self.person.storage, self.other.webid)

    def pod(self, cutting: Cutting) -> Pod:
        own = self.server.pod_for(self.person.webid)
        return Pod(cutting, own.webid, own.credentials)

    def act(self, at: int | None = None, how: str = "killed", *, committed: bool = False) -> Cutting:
        self.server._stored = dict(self.beginning)
        intents.here.__init__()  # type: ignore[misc]  # another process
        cutting = Cutting(self.server, self.person.storage, at, committed, how)
        self.operation.act(self.place(self.pod(cutting)))
        return cutting

    def recover(self, at: int | None = None) -> int:
        """What the next sign-in does, in a process that knows nothing; how many requests it took."""
        intents.here.__init__()  # type: ignore[misc]
        cutting = Cutting(self.server, self.person.storage, at)
        bag = set_up.find(self.pod(cutting))
        if bag is not None:
            recover(bag, self.operation.later)
        return cutting.count

    def snapshot(self) -> Snapshot:
        """Every document and every rule of the person's space; not the containers, which are empty or hold some of them.

        A log of which the only line was taken back says what no log says: nothing.
        """
        found = {
            url: _renamed(frozenset(syntax.parse(kept.body, kept.media_type, url)))
            for url, kept in self.server._stored.items()
            if url.startswith(self.person.storage) and not url.endswith("/")
        }
        return {url: said for url, said in found.items() if said or "/log/" not in url}

    def readers(self) -> frozenset[tuple[str, str]]:
        """Who but the owner is let read what, by asking as everybody; and whom any rule names."""
        found = set()
        for name, webid in (("other", self.other.webid), ("stranger", self.stranger.webid), ("anybody", None)):
            pod = self.server.pod_for(webid)
            for url in self.server._stored:
                if url.startswith(self.person.storage) and not url.endswith(".acl") and pod.send("GET", url).ok:
                    found.add((name, url))
        for url, kept in self.server._stored.items():
            if url.startswith(self.person.storage) and url.endswith(".acl"):
                graph = syntax.parse(kept.body, kept.media_type, url)
                for agent, modes in wac.agents(graph, url.removesuffix(".acl")).items():
                    if agent != self.person.webid and modes - {Mode.APPEND}:
                        found.add((agent, url))
        return frozenset(found)

    def judge(self, case: object) -> None:
        now = self.snapshot()
        is_before, is_after = now == self.before, now == self.after
        if self.operation.name == "set up" and not is_after:
            # Until it is a bag, it is an empty folder that nobody else may read; doing it again makes the bag.
            assert set(now) - set(self.before) <= {self.person.storage + "musette/.acl"}, (
                case,
                _different(now, self.after),
            )
        else:
            assert is_before or is_after, (case, _different(now, self.before), _different(now, self.after))
        assert self.readers() <= self.readers_before | self.readers_after, case


def _renamed(triples: frozenset[Triple]) -> frozenset[Triple]:
    """The names of registrations in an index are new each time: numbered instead."""
    found = sorted({s for s, _, _ in triples if local(str(s)).startswith("r-")}, key=str)
    known = {node: URIRef(f"urn:registration:{number}") for number, node in enumerate(found)}
    # What is finished later is finished later.
    return frozenset(
        (known.get(s, s), p, Literal("some time") if p == terms.PROV_INVALIDATED_AT_TIME else o) for s, p, o in triples
    )


def _different(one: Snapshot, other: Snapshot) -> list[object]:
    return [(url, one.get(url), other.get(url)) for url in {*one, *other} if one.get(url) != other.get(url)]


@pytest.fixture(scope="module", params=OPERATIONS, ids=lambda operation: operation.name.replace(" ", "-"))
def theatre(request: pytest.FixtureRequest) -> Theatre:
    return Theatre(request.param)


def every_case(theatre: Theatre, *ways: str) -> list[tuple[int, str, bool]]:
    return [(k, how, done) for k in range(1, theatre.requests + 1) for how in ways for done in (False, True)]


def test_when_the_application_dies_it_was_done_or_never_begun(theatre: Theatre) -> None:
    for at, how, committed in every_case(theatre, "killed"):
        with pytest.raises(Killed):
            theatre.act(at, how, committed=committed)
        assert theatre.readers() <= theatre.readers_before | theatre.readers_after, (at, committed)
        theatre.recover()
        theatre.judge((at, committed))


def test_when_the_space_stops_answering_it_was_done_or_never_begun(theatre: Theatre) -> None:
    for case in every_case(theatre, "lost", "gone"):
        at, how, committed = case
        with suppress(MusetteError):
            theatre.act(at, how, committed=committed)
        assert theatre.readers() <= theatre.readers_before | theatre.readers_after, case
        theatre.recover()
        theatre.judge(case)


def test_an_operation_that_was_cut_may_be_sent_again(theatre: Theatre) -> None:
    """After signing in again, the form that was kept is sent as it was: nothing is there twice."""
    for at, how, committed in every_case(theatre, "killed"):
        with pytest.raises(Killed):
            theatre.act(at, how, committed=committed)
        theatre.recover()
        with suppress(MusetteError):  # it says that it is done already
            theatre.operation.act(theatre.place(theatre.server.pod_for(theatre.person.webid)))
        theatre.recover()
        now = theatre.snapshot()
        assert now == theatre.after, (at, committed, _different(now, theatre.after))


def test_recovering_may_die_too(theatre: Theatre) -> None:
    """At the points where the most is half done: after each write was dealt with, and at every third request of recovering."""
    for at, how, committed in every_case(theatre, "killed")[1::6]:
        second = -1
        while True:
            second += 3
            with pytest.raises(Killed):
                theatre.act(at, how, committed=committed)
            try:
                theatre.recover(second)
            except Killed:
                theatre.recover()
                theatre.judge((at, committed, second))
            else:
                break


def test_recovering_twice_changes_nothing(theatre: Theatre) -> None:
    for at, how, committed in every_case(theatre, "killed"):
        with pytest.raises(Killed):
            theatre.act(at, how, committed=committed)
        theatre.recover()
        once = theatre.snapshot()
        theatre.recover()
        assert theatre.snapshot() == once


def test_nothing_is_left_of_an_intent(theatre: Theatre) -> None:
    theatre.act()
    theatre.recover()
    assert not [url for url in theatre.server._stored if "/intents/" in url and not url.endswith("/")]
    said = b"".join(kept.body for url, kept in theatre.server._stored.items() if "/log/" in url)
    assert b"underWay" not in said
