"""S-11: every operation, cut at every request, at three moments, with the application or the pod server killed for real.

Afterwards the person signs in again. What then is in the pod is what was there before, or what the operation makes; and
at no time, before signing in again or after, may anybody read what they could not read before or after.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from musette_solid.errors import MusetteError
from musette_solid.usecases import intents, set_up
from musette_solid.usecases.recover import recover
from tests.faults.laboratory import Laboratory, Person, Snapshot, laboratory, until
from tests.faults.operations import OPERATIONS, Operation
from tests.figures import Figure

MOMENTS = ("before", "committed", "answered")
#: How many pods are tried at one time: all of them lose their server at once.
AT_ONCE = 24


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
    """What there is before and after one operation, and who may read it."""

    files: dict[str, bytes]
    before: Snapshot
    after: Snapshot
    readers: frozenset[tuple[str, str]]
    requests: int


@dataclass(frozen=True)
class Verdict:
    case: Case
    converged: bool
    no_more_readers: bool
    why: str = ""


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
    return Extremes(files, before, lab.snapshot(person), readers | lab.readers(person), requests)


def _sign_in_again(lab: Laboratory, operation: Operation, person: Person) -> None:
    intents.here.__init__()  # type: ignore[misc]  # a process that knows nothing
    bag = set_up.find(lab.pod(person))
    if bag is not None:
        recover(bag, operation.later)


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


def run(lab: Laboratory, cases: Sequence[Case], known: Extremes) -> Iterator[Verdict]:
    """Several cases of one operation and one victim, each on a pod of its own, all cut at once."""
    people = lab.people[: len(cases)]
    children = []
    for case, person in zip(cases, people, strict=True):
        lab.put(person, known.files)
        lab.proxy.tell("reset", _prefix(person))
        lab.proxy.tell("rule", _prefix(person), at=case.at, when=case.moment)
        children.append(_begin(lab, case.operation, person))
    held = until(lambda: all(lab.proxy.tell("state", _prefix(person))["held"] for person in people), 30)
    if cases[0].victim == "pod":
        lab.css.killed()
    else:
        for child in children:
            os.kill(child, signal.SIGKILL)
    for person in people:
        lab.proxy.tell("release", _prefix(person))
    for child in children:
        os.waitpid(child, 0)
    for person in people:
        lab.proxy.tell("reset", _prefix(person))
    if cases[0].victim == "pod":
        lab.css.start()
    for case, person in zip(cases, people, strict=True):
        yield _judge(lab, case, person, known, held=held)


def _judge(lab: Laboratory, case: Case, person: Person, known: Extremes, *, held: bool) -> Verdict:
    meanwhile = lab.readers(person) <= known.readers
    try:
        _sign_in_again(lab, case.operation, person)
    except MusetteError as error:
        return Verdict(case, False, meanwhile, f"signing in again: {error!r}")
    now = lab.snapshot(person)
    converged = now in (known.before, known.after)
    if not converged and case.operation.residue:
        # An empty folder that nobody else may read, and nothing else: it is taken again, or deleted, when it is done again.
        rest = {name: triples for name, triples in now.items() if name not in case.operation.residue}
        converged = rest in [end for end in (known.before, known.after) if not case.operation.residue & set(end)]
    different = [
        name for name in {*now, *known.after} if now.get(name) not in (known.before.get(name), known.after.get(name))
    ]
    mixed = sorted(name for name in {*now, *known.after} if now.get(name) != known.after.get(name))
    why = "" if converged else f"neither: {sorted(different)}; not after: {mixed}"
    return Verdict(
        case, converged and held, meanwhile and lab.readers(person) <= known.readers, why if held else "never held"
    )


def batches(known: Extremes, operation: Operation, victim: str, at_once: int) -> Iterator[list[Case]]:
    every = [Case(operation, at, moment, victim) for at in range(1, known.requests + 1) for moment in MOMENTS]
    for first in range(0, len(every), at_once):
        yield every[first : first + at_once]


VICTIMS = ("application", "pod")


def verdicts(
    lab: Laboratory, operations: Sequence[Operation], victims: Sequence[str] = VICTIMS, *, only: int | None = None
) -> Iterator[Verdict]:
    """`only`: so many batches of each operation and victim, spread over its requests."""
    for operation in operations:
        known = extremes(lab, operation)
        for victim in victims:
            every = list(batches(known, operation, victim, len(lab.people)))
            step = max(1, len(every) // only) if only else 1
            for cases in every[::step][:only]:
                yield from run(lab, cases, known)


#: Each operation can be measured alone: the whole matrix takes long. All of them share one laboratory.
PARTS = {operation.name: operation for operation in OPERATIONS}
TOGETHER = True


def measure(parts: Sequence[str] = ()) -> list[Figure]:
    found: list[Verdict] = []
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder), AT_ONCE) as lab:
        for name in parts or PARTS:
            own = list(verdicts(lab, [PARTS[name]]))
            for verdict in own:
                if not (verdict.converged and verdict.no_more_readers):
                    sys.stderr.write(f"  {verdict}\n")
            well = sum(one.converged and one.no_more_readers for one in own)
            sys.stderr.write(f"  {name}: {well} of {len(own)}\n")
            found += own
    return figures(found, ", ".join(parts))


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
