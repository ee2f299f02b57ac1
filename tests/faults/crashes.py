"""S-11: every operation, cut at every request, at three moments, with the application or the pod server killed for real.

Afterwards the person signs in again. What then is in the pod is what was there before, or what the operation makes; and
at no time, before signing in again or after, may anybody read what they could not read before or after.

Cases of different operations are cut at one time, each on a pod of its own, so that the server starts as seldom as can be.
What was judged is kept in build/crashes.jsonl, a line a case: a run goes on where the last one ended, and tries again what
did not end well. Delete it to begin anew.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musette_solid.errors import MusetteError
from musette_solid.usecases import intents, set_up
from musette_solid.usecases.recover import recover
from tests.faults.laboratory import Laboratory, Person, Snapshot, laboratory, until
from tests.faults.operations import OPERATIONS, Operation
from tests.figures import FOLDER, Figure

KEPT = FOLDER.parent / "crashes.jsonl"
MOMENTS = ("before", "committed", "answered")
#: How many pods are tried at one time: all of them lose their server at once.
AT_ONCE = 40
#: So long all of them have until they are held at the request that is cut, on a machine that does much else.
HELD_S = 120
NEVER_CUT = "never cut"
#: The operation that finds out most about a server: how it takes what is written, and whether it keeps it.
THE_MOST_CURIOUS = "keep a CV"


@dataclass(frozen=True)
class Case:
    operation: Operation
    at: int
    moment: str
    victim: str  # application, pod

    def __str__(self) -> str:
        return f"{self.operation.name}, request {self.at}, {self.moment}, {self.victim} killed"


@dataclass(frozen=True)
class Extremes:
    """What there is before and after one operation, and who may read it. `ends`: both, and what is said when it was taken back."""

    files: dict[str, bytes]
    before: Snapshot
    after: Snapshot
    ends: tuple[Snapshot, ...]
    readers: frozenset[tuple[str, str]]
    requests: int


@dataclass(frozen=True)
class Verdict:
    case: Case
    converged: bool
    no_more_readers: bool
    why: str = ""

    @property
    def is_well(self) -> bool:
        return self.converged and self.no_more_readers


def _prefix(person: Person) -> str:
    return f"/{person.name}/"


def extremes(lab: Laboratory, operation: Operation) -> Extremes:
    person = lab.people[0]
    lab.bare(person)
    lab.proxy.tell("reset", _prefix(person))
    operation.prepare(lab.place(person))
    files, before, readers = lab.files(person), lab.snapshot(person), lab.readers(person)
    # Once before it counts: a server that is met for the first time is asked what it does, and those that follow know it.
    operation.act(lab.place(person))
    lab.put(person, files)
    lab.proxy.tell("reset", _prefix(person))
    operation.act(lab.place(person))
    requests = lab.proxy.tell("state", _prefix(person))["count"]
    _sign_in_again(lab, operation, person)
    after, readers = lab.snapshot(person), readers | lab.readers(person)
    ends = [before, after]
    if operation.taken_back:
        operation.taken_back(lab.place(person))
        ends.append(lab.snapshot(person))
    return Extremes(files, before, after, tuple(ends), readers, requests)


def _sign_in_again(lab: Laboratory, operation: Operation, person: Person) -> None:
    intents.here.__init__()  # type: ignore[misc]  # a process that knows nothing
    bag = set_up.find(lab.pod(person))
    if bag is not None:
        recover(bag, operation.later)
        operation.word(bag)


def _begin(lab: Laboratory, operation: Operation, person: Person) -> int:
    """The operation in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            intents.here.__init__()  # type: ignore[misc]
            operation.act(lab.place(person))
            code = 0
        except MusetteError:
            code = 1
        finally:
            os._exit(code)
    return child


def run(lab: Laboratory, cases: Sequence[Case], known: Mapping[str, Extremes]) -> Iterator[Verdict]:
    """Several cases with one victim, each on a pod of its own, all cut at once. `known`: by the name of the operation."""
    people = lab.people[: len(cases)]
    sys.stderr.write(f"  {len(cases)} to cut, the {cases[0].victim} killed: {cases[0]} and more\n")
    children = []
    for case, person in zip(cases, people, strict=True):
        lab.put(person, known[case.operation.name].files)
        lab.proxy.tell("reset", _prefix(person))
        lab.proxy.tell("rule", _prefix(person), at=case.at, when=case.moment)
        children.append(_begin(lab, case.operation, person))

    def held(person: Person) -> bool:
        return bool(lab.proxy.tell("state", _prefix(person))["held"])

    until(lambda: all(held(person) or _is_over(child) for person, child in zip(people, children, strict=True)), HELD_S)
    cut = [held(person) for person in people]
    if cases[0].victim == "pod":
        lab.css.killed()
    else:
        for child in children:
            os.kill(child, signal.SIGKILL)
    for person in people:
        lab.proxy.tell("release", _prefix(person))
    _ended(children)
    for person in people:
        lab.proxy.tell("reset", _prefix(person))
    if cases[0].victim == "pod":
        lab.css.start()
    for case, person, was_cut in zip(cases, people, cut, strict=True):
        yield _judge(lab, case, person, known[case.operation.name], held=was_cut)


def _is_over(child: int) -> bool:
    """Whether it ended by itself; it is still to be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _ended(children: Sequence[int]) -> None:
    """Wait for all of them; one that was forked while another thread held a lock never ends by itself."""
    left = set(children)

    def none_left() -> bool:
        left.difference_update([child for child in left if os.waitpid(child, os.WNOHANG)[0]])
        return not left

    if not until(none_left, HELD_S):
        for child in left:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _judge(lab: Laboratory, case: Case, person: Person, known: Extremes, *, held: bool) -> Verdict:
    meanwhile = lab.readers(person) <= known.readers
    try:
        _sign_in_again(lab, case.operation, person)
    except MusetteError as error:
        return Verdict(case, False, meanwhile, f"signing in again: {error!r}")
    now = lab.snapshot(person)
    converged = now in known.ends
    if not converged and case.operation.residue:
        # An empty folder that nobody else may read, and nothing else: it is taken again, or deleted, when it is done again.
        rest = {name: triples for name, triples in now.items() if name not in case.operation.residue}
        converged = rest in [end for end in (known.before, known.after) if not case.operation.residue & set(end)]
    different = [
        name for name in {*now, *known.after} if now.get(name) not in (known.before.get(name), known.after.get(name))
    ]
    mixed = sorted(name for name in {*now, *known.after} if now.get(name) != known.after.get(name))
    why = "" if converged else f"neither: {sorted(different)}; not after: {mixed}"
    no_more = meanwhile and lab.readers(person) <= known.readers
    return Verdict(case, converged and held, no_more, why if held else NEVER_CUT)


def every_case(operation: Operation, requests: int, victim: str) -> list[Case]:
    return [Case(operation, at, moment, victim) for at in range(1, requests + 1) for moment in MOMENTS]


VICTIMS = ("application", "pod")


def verdicts(
    lab: Laboratory, operations: Sequence[Operation], done: "Done", victims: Sequence[str] = VICTIMS
) -> Iterator[Verdict]:
    """Of every case that is not `done`. One that was not cut in time, on a machine that does much else, is tried once more."""
    # What one of them learns of the server, those after it have no need to ask: all of it is learnt before any is counted.
    extremes(lab, PARTS[THE_MOST_CURIOUS])
    known: dict[str, Extremes] = {}
    waiting: dict[str, list[Case]] = {victim: [] for victim in victims}
    again: set[Case] = set()

    def cut(cases: list[Case]) -> Iterator[Verdict]:
        taken, cases[:] = cases[: len(lab.people)], cases[len(lab.people) :]
        for verdict in run(lab, taken, known):
            if verdict.why == NEVER_CUT and verdict.case not in again:
                again.add(verdict.case)
                cases.append(verdict.case)
            else:
                yield verdict

    for operation in operations:
        found = known[operation.name] = extremes(lab, operation)
        done.takes(operation.name, found.requests)
        for victim, cases in waiting.items():
            cases += [case for case in every_case(operation, found.requests, victim) if not done.has(case)]
            while len(cases) >= len(lab.people):
                yield from cut(cases)
    for cases in waiting.values():
        while cases:
            yield from cut(cases)


def some(lab: Laboratory, operation: Operation, victim: str) -> Iterator[Verdict]:
    """As many of its cases as there are pods, spread over its requests."""
    known = extremes(lab, operation)
    every = every_case(operation, known.requests, victim)
    step = max(1, len(every) // len(lab.people))
    yield from run(lab, every[::step][: len(lab.people)], {operation.name: known})


class Done:
    """What was judged, by this run and those before it; of an operation that takes another number of requests now, nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._requests: dict[str, int] = {}
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._lines = {_key(line): line for line in map(json.loads, lines)}

    def takes(self, operation: str, requests: int) -> None:
        self._requests[operation] = requests
        self._lines = {
            key: line
            for key, line in self._lines.items()
            if line["operation"] != operation or line["requests"] == requests
        }

    def has(self, case: Case) -> bool:
        """Whether it was judged, and ended well: what did not is tried again."""
        line = self._lines.get((case.operation.name, case.at, case.moment, case.victim))
        return line is not None and line["converged"] and line["no_more_readers"]

    def add(self, verdict: Verdict) -> None:
        case, name = verdict.case, verdict.case.operation.name
        line = {"operation": name, "requests": self._requests[name], "at": case.at, "moment": case.moment}
        line |= {"victim": case.victim, "converged": verdict.converged, "no_more_readers": verdict.no_more_readers}
        line |= {"why": verdict.why}
        self._lines[_key(line)] = line
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(line, ensure_ascii=False) + "\n")

    def verdicts(self) -> Iterator[Verdict]:
        """Of the operations that were looked at in this run."""
        for line in self._lines.values():
            if line["operation"] in self._requests:
                case = Case(PARTS[line["operation"]], line["at"], line["moment"], line["victim"])
                yield Verdict(case, line["converged"], line["no_more_readers"], line["why"])


def _key(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return (line["operation"], line["at"], line["moment"], line["victim"])


#: Each operation can be measured alone: the whole matrix takes long. All of them share one laboratory.
PARTS = {operation.name: operation for operation in OPERATIONS}
TOGETHER = True


def measure(parts: Sequence[str] = ()) -> list[Figure]:
    wanted = [PARTS[name] for name in parts or PARTS]
    done = Done(KEPT)
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder), AT_ONCE) as lab:
        for verdict in verdicts(lab, wanted, done):
            done.add(verdict)
            if not verdict.is_well:
                sys.stderr.write(f"  {verdict.case}: {verdict.why}\n")
    found = list(done.verdicts())
    for operation in wanted:
        own = [one for one in found if one.case.operation == operation]
        sys.stderr.write(f"  {operation.name}: {sum(one.is_well for one in own)} of {len(own)}\n")
    return figures(found, ", ".join(parts) if len(parts) < 4 else f"{len(parts)} operations")


def standing() -> list[Figure]:
    """Of what was judged until now, in this run or before: how many operations are whole, and every case that ended badly."""
    kept = [json.loads(line) for line in KEPT.read_text("utf-8").splitlines()] if KEPT.exists() else []
    lines = {_key(line): line for line in kept}
    cases: dict[str, list[bool]] = {name: [] for name in PARTS}
    # Of an operation that takes another number of requests by now, only what was judged since: the last line of the file tells.
    requests = {line["operation"]: line["requests"] for line in kept}
    for line in lines.values():
        if line["operation"] in cases and line["requests"] == requests[line["operation"]]:
            cases[line["operation"]].append(line["converged"] and line["no_more_readers"])
    per_request = len(MOMENTS) * len(VICTIMS)
    whole = [name for name, own in cases.items() if own and len(own) == requests[name] * per_request]
    tried = sum(map(len, cases.values()))
    well = sum(map(sum, cases.values()))
    rest = ", ".join(f"{name} {len(cases[name])}" for name in cases if name not in whole)
    what = "operations of which every case was tried" + (f" (cases of the others: {rest})" if rest else "")
    return [
        Figure("S-11-whole", what, len(whole), "of", f"= {len(PARTS)}", len(whole) == len(PARTS)),
        Figure(
            "S-11-cases",
            "cases that ended in before or after, none read by more",
            well,
            "of",
            f"= {tried}",
            well == tried > 0,
        ),
    ]


def figures(found: Sequence[Verdict], of: str = "") -> list[Figure]:
    made = []
    of = f" ({of})" if of else ""
    for victim in VICTIMS:
        own = [one for one in found if one.case.victim == victim]
        converged = sum(one.converged for one in own)
        what = f"crash matrix{of}, {victim} killed: interruptions that ended in before or after"
        made.append(Figure(f"S-11-{victim}", what, converged, "of", f"= {len(own)}", converged == len(own) > 0))
    wider = sum(not one.no_more_readers for one in found)
    what = f"crash matrix{of}: interruptions after which somebody could read more, of {len(found)}"
    made.append(Figure("S-11-readers", what, wider, "cases", "= 0", wider == 0))
    return made
