"""S-10: two devices of one person change one document at the same moment; nothing that was said to be saved is lost.

Each pair starts from the same version. When both change the same thing, one is saved and the other is told; when they
change different things of the document, both are saved.
"""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.list_activities import one_activity
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


def pairs(new_pod: Callable[[], Pod], storage: str, count: int) -> Counted:
    """`count` pairs, every second one on the same thing. `new_pod` gives a device of the owner of `storage`."""
    layout = Layout.in_storage(storage)
    said = [
        f'<#a-{number}> a <{terms.Activity}> ; <{terms.DCTERMS_TITLE}> "at first" ; <{terms.SPHERE}> <{terms.SPHERE_CARE}> .'
        for number in range(2)
    ]
    graph = syntax.parse("\n".join(said).encode(), syntax.TURTLE, layout.activities)
    resources.create(new_pod(), layout.activities, graph)
    devices = [Bag(new_pod(), layout) for _ in range(2)]
    counted = Counted()
    with ThreadPoolExecutor(2) as both:
        for number in range(count):
            _pair(devices, number, counted, both)
    return counted


def _pair(devices: list[Bag], number: int, counted: Counted, both: ThreadPoolExecutor) -> None:
    same = number % 2 == 0
    things = [f"{devices[0].layout.activities}#a-{0 if same else which}" for which in range(2)]
    titles = [f"pair {number}, device {which}" for which in range(2)]
    ready = Barrier(2)

    def change(which: int) -> bool:
        bag, iri = devices[which], things[which]
        seen = one_activity(bag, iri).version
        ready.wait(30)
        try:
            correct_activity(bag, iri, {"title": [titles[which]], "sphere": [str(terms.SPHERE_CARE)]}, NOW, seen)
        except ChangedMeanwhile:
            return False
        return True

    saved = list(both.map(change, range(2)))
    fresh = Bag(Pod(devices[0].pod.transport, devices[0].owner, devices[0].pod.credentials), devices[0].layout)
    there = [one_activity(fresh, iri).activity.title for iri in things]
    counted.pairs += 1
    if same:
        # One of the two, whole; and it is the one that was told "saved". Both told "saved" means that one is lost.
        counted.lost += saved.count(True) != 1 or there[0] != titles[saved.index(True)]
        counted.told += saved.count(False) == 1
    else:
        counted.lost += any(done and title != wanted for done, title, wanted in zip(saved, there, titles, strict=True))
        counted.refused += saved.count(False)


def on_css(count: int, *, acp: bool) -> Counted:
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder), 1, acp=acp) as lab:
        person = lab.people[0]
        return pairs(lambda: lab.pod(person), person.account.pod, count)


def measure() -> list[Figure]:
    return [figure(name, on_css(PAIRS, acp=acp)) for name, acp in (("css-wac", False), ("css-acp", True))]


def figure(name: str, counted: Counted) -> Figure:
    what = (
        f"lost updates on {name}, of {counted.pairs} concurrent pairs "
        f"({counted.told} told of a conflict, {counted.refused} refused without need)"
    )
    return Figure(f"S-10-{name}", what, counted.lost, "pairs", "= 0", counted.lost == 0 and counted.pairs > 0)
