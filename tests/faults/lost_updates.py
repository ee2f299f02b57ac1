"""S-10: two devices of one person change one document at the same moment; nothing that was said to be saved is lost.

Each pair starts from the same version. When both change the same thing, one is saved and the other is told; when they
change different things of the document, both are saved.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotUnderstood, PodError
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.list_activities import One, one_activity
from tests.conformance import peers
from tests.faults.laboratory import laboratory
from tests.faults.operations import NOW
from tests.figures import Figure

PAIRS = 1000


@dataclass
class Counted:
    pairs: int = 0
    lost: int = 0
    told: int = 0  # one of two that changed the same thing, as it must be
    refused: int = 0  # told without need: the two had changed different things
    failed: int = 0  # the server did not do it, or said yes and did not, and the person was told
    damaged: int = 0  # the server wrote both into one file, one over a part of the other: seen, and never written over


def pairs(new_pod: Callable[[], Pod], storage: str, count: int) -> Counted:
    """`count` pairs, every second one on the same thing. `new_pod` gives a device of the owner of `storage`."""
    layout = Layout.in_storage(storage)
    said = [
        f'<#a-{number}> a <{terms.Activity}> ; <{terms.DCTERMS_TITLE}> "at first" ; <{terms.SPHERE}> <{terms.SPHERE_CARE}> .'
        for number in range(2)
    ]
    graph = syntax.parse("\n".join(said).encode(), syntax.TURTLE, layout.activities)
    resources.create(new_pod(), layout.activities, graph)
    whole = syntax.turtle(graph)
    devices = [Bag(new_pod(), layout) for _ in range(2)]
    counted = Counted()
    with ThreadPoolExecutor(2) as both:
        for number in range(count):
            try:
                _pair(devices, number, counted, both)
            except NotUnderstood:
                counted.pairs += 1
                counted.damaged += 1
                answer = new_pod().send("PUT", layout.activities, {"Content-Type": syntax.TURTLE}, whole)
                if not answer.ok:
                    raise
    return counted


def _pair(devices: list[Bag], number: int, counted: Counted, both: ThreadPoolExecutor) -> None:
    same = number % 2 == 0
    things = [f"{devices[0].layout.activities}#a-{0 if same else which}" for which in range(2)]
    titles = [f"pair {number}, device {which}" for which in range(2)]
    ready = Barrier(2)
    failures: list[int] = []

    def change(which: int) -> bool:
        bag, iri = devices[which], things[which]
        seen = _looked_at(bag, iri).version
        ready.wait(30)
        try:
            correct_activity(bag, iri, {"title": [titles[which]], "sphere": [str(terms.SPHERE_CARE)]}, NOW, seen)
        except ChangedMeanwhile:
            return False
        except PodError:
            failures.append(which)
            return False
        return True

    saved = list(both.map(change, range(2)))
    fresh = Bag(Pod(devices[0].pod.transport, devices[0].owner, devices[0].pod.credentials), devices[0].layout)
    there = [_looked_at(fresh, iri).activity.title for iri in things]
    counted.pairs += 1
    counted.failed += len(failures)
    if counted.pairs % 100 == 0:
        sys.stderr.write(f"  {counted}\n")
    if same and failures:
        counted.lost += any(done and there[0] != title for done, title in zip(saved, titles, strict=True))
    elif same:
        # One of the two, whole; and it is the one that was told "saved". Both told "saved" means that one is lost.
        counted.lost += saved.count(True) != 1 or there[0] != titles[saved.index(True)]
        counted.told += saved.count(False) == 1
    else:
        counted.lost += any(done and title != wanted for done, title, wanted in zip(saved, there, titles, strict=True))
        counted.refused += saved.count(False)


def _looked_at(bag: Bag, iri: str) -> One:
    """A server whose writing is not atomic shows half a document for a moment, which is seen: it is asked again."""
    with suppress(NotUnderstood):
        return one_activity(bag, iri)
    time.sleep(0.2)
    return one_activity(bag, iri)


def on_css(count: int, *, acp: bool) -> Counted:
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder), 1, acp=acp) as lab:
        person = lab.people[0]
        return pairs(lambda: lab.pod(person), person.account.pod, count)


def on_peer(count: int, served: Callable[[Path, Sequence[str]], AbstractContextManager[peers.Served]]) -> Counted:
    """On a server of somebody else, as it comes: where its own check is not atomic, ours cannot be."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), ("owner", "second", "third")) as (agent, people):
        owner = people[0]

        def device() -> Pod:
            pod = agent(owner.webid)
            return Pod(pod.transport, pod.webid, pod.credentials)

        return pairs(device, owner.storage, count)


PARTS: Mapping[str, Callable[[int], Counted]] = {
    "css-wac": lambda count: on_css(count, acp=False),
    "css-acp": lambda count: on_css(count, acp=True),
    "nss": lambda count: on_peer(count, peers.node_solid_server),
    "jss": lambda count: on_peer(count, peers.javascript_solid_server),
}
#: Ours to keep. The others are published, whatever they are.
KEPT = frozenset({"css-wac", "css-acp"})


def measure(parts: Sequence[str] = ()) -> list[Figure]:
    return [figure(name, PARTS[name](PAIRS)) for name in parts or PARTS]


def figure(name: str, counted: Counted) -> Figure:
    what = (
        f"lost updates on {name}, of {counted.pairs} concurrent pairs "
        f"({counted.told} told of a conflict, {counted.refused} refused without need, {counted.failed} failed and said so, "
        f"{counted.damaged} left by the server as two writings in one file)"
    )
    is_ours = name in KEPT
    holds = counted.pairs > 0 and (counted.lost == counted.damaged == 0 or not is_ours)
    return Figure(f"S-10-{name}", what, counted.lost, "pairs", "= 0" if is_ours else "published", holds)
