"""S-11 on the pod in memory: every operation, cut at every request, in every way, and recovering itself cut too.

Afterwards it was done or never begun, and nobody reads more. `crashes` does the same with real processes that are killed;
here are two ways more to fail (one answer lost, a space that is gone), the same form sent again, and an end to recovering.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from rdflib import Literal, URIRef

from musette_solid.errors import MusetteError
from musette_solid.pod import wac
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import intents, set_up
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.recover import recover
from tests.faults.operations import OPERATIONS, Operation, Place, of_two_runs
from tests.figures import Figure

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
    writes: list[int] = field(default_factory=list)  # which of the requests may change something

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        if not request.url.startswith(self.storage):
            return self.server.send(request, limits)
        self.count += 1
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            self.writes.append(self.count)
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
        self.requests, self.writes = cutting.count, cutting.writes
        self.recover()
        self.after, self.readers_after = self.snapshot(), self.readers()
        self.ends = [self.before, self.after]
        if operation.taken_back:
            operation.taken_back(self.place(self.server.pod_for(self.person.webid)))
            self.ends.append(self.snapshot())

    def place(self, pod: Pod) -> Place:
        asking = Bag(self.server.pod_for(self.other.webid), Layout.in_storage(self.other.storage))
        return Place(pod, self.person.storage, self.other.webid, asking)

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
            self.operation.word(bag)
        return cutting.count

    def snapshot(self) -> Snapshot:
        """Every document and every rule of the person's space; not the containers, which are empty or hold some of them.

        A log of which the only line was taken back says what no log says: nothing.
        """
        found = {
            url: _said(kept.body, kept.media_type, url)
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
        residue = {self.person.storage + name for name in self.operation.residue}
        rest = {url: triples for url, triples in now.items() if url not in residue}
        is_empty = rest in [end for end in (self.before, self.after) if residue and not residue & set(end)]
        assert now in self.ends or is_empty, (case, _different(now, self.before), _different(now, self.after))
        assert self.readers() <= self.readers_before | self.readers_after, case


def _said(body: bytes, media_type: str, url: str) -> frozenset[Triple]:
    """What a document says; of any other file, and of one that is damaged, that it is this one."""
    if media_type in {syntax.TURTLE, syntax.JSON_LD}:
        with suppress(syntax.NotRdf):
            return of_two_runs(frozenset(syntax.parse(body, media_type, url)))
    return frozenset({(URIRef(url), URIRef("urn:sha256"), Literal(sha256(body).hexdigest()))})


def _different(one: Snapshot, other: Snapshot) -> list[object]:
    return [(url, one.get(url), other.get(url)) for url in {*one, *other} if one.get(url) != other.get(url)]


Case = tuple[int, str, bool]


def every_case(theatre: Theatre, *ways: str) -> list[Case]:
    return [(k, how, done) for k in range(1, theatre.requests + 1) for how in ways for done in (False, True)]


def every_state(theatre: Theatre, *ways: str) -> list[Case]:
    """The cuts that leave different things behind: a read that is cut leaves what the write before it left."""
    before = [(1, False), *((k + 1, False) for k in theatre.writes if k < theatre.requests)]
    after = [(k, True) for k in theatre.writes if k == theatre.requests]
    return [(k, how, done) for how in ways for k, done in (*before, *after)]


def every_read(theatre: Theatre, *ways: str) -> list[Case]:
    """The cuts after which somebody may go on with less than there is."""
    return [(k, how, False) for how in ways for k in range(1, theatre.requests + 1) if k not in theatre.writes]


def dies(theatre: Theatre, case: Case) -> None:
    """The application is killed; the person signs in again, and once more."""
    _cut(theatre, case)
    theatre.recover()
    theatre.judge(case)
    once = theatre.snapshot()
    theatre.recover()
    assert theatre.snapshot() == once, ("recovering twice", case)


def stops_answering(theatre: Theatre, case: Case) -> None:
    at, how, committed = case
    with suppress(MusetteError):
        theatre.act(at, how, committed=committed)
    assert theatre.readers() <= theatre.readers_before | theatre.readers_after, case
    theatre.recover()
    theatre.judge(case)


def is_sent_again(theatre: Theatre, case: Case) -> None:
    """After signing in again, the form that was kept is sent as it was: nothing is there twice."""
    _cut(theatre, case)
    theatre.recover()
    with suppress(MusetteError):  # it says that it is done already
        theatre.operation.act(theatre.place(theatre.server.pod_for(theatre.person.webid)))
    theatre.recover()
    now = theatre.snapshot()
    assert now == theatre.after, (case, _different(now, theatre.after))


def dies_twice(theatre: Theatre, case: Case, step: int = 1, first: int = 0) -> None:
    """Recovering is cut too, at every `step`-th of its requests."""
    second = 1 - step + first
    while True:
        second += step
        _cut(theatre, case)
        try:
            theatre.recover(second)
        except Killed:
            theatre.recover()
            theatre.judge((case, second))
        else:
            return


def _cut(theatre: Theatre, case: Case) -> None:
    at, how, committed = case
    try:
        theatre.act(at, how, committed=committed)
    except Killed:
        assert theatre.readers() <= theatre.readers_before | theatre.readers_after, case
        return
    raise AssertionError(("it was not cut", case))


#: What is tried, and by which ways to fail.
TRIALS: tuple[tuple[Callable[[Theatre, Case], None], tuple[str, ...]], ...] = (
    (dies, ("killed",)),
    (stops_answering, ("lost", "gone")),
    (is_sent_again, ("killed",)),
    (dies_twice, ("killed",)),
)


def trials(operations: Sequence[Operation]) -> Iterator[str | None]:
    """One after the other: None where it ended well, else what went wrong."""
    for operation in operations:
        theatre = Theatre(operation)
        tried, wrong = 0, 0
        for trial, ways in TRIALS:
            for number, case in enumerate(every_case(theatre, *ways)):
                try:
                    if trial is dies_twice:
                        dies_twice(theatre, case, TWICE_EVERY, number % TWICE_EVERY)
                    else:
                        trial(theatre, case)
                    yield None
                except AssertionError as error:
                    wrong += 1
                    sys.stderr.write(f"  {operation.name}, {trial.__name__}, {case}: {error}\n"[:700])
                    yield f"{operation.name}, {trial.__name__}, {case}"
                tried += 1
        sys.stderr.write(f"  {operation.name}, {theatre.requests} requests: {tried - wrong} of {tried}\n")


#: Recovering is cut at each request of its own, over this many cuts of the operation.
TWICE_EVERY = 4
PARTS = {operation.name: operation for operation in OPERATIONS}
TOGETHER = True


def measure(parts: Sequence[str] = ()) -> list[Figure]:
    wanted = [PARTS[name] for name in parts or PARTS]
    found = list(trials(wanted))
    wrong = [one for one in found if one is not None]
    what = (
        f"of {len(wanted)} operations cut at every request, on a pod in memory (killed, an answer lost, a space gone, "
        "sent again, recovering cut too): cuts that ended in before or after"
    )
    return [Figure("S-11-memory", what, len(found) - len(wrong), "of", f"= {len(found)}", not wrong and bool(found))]
