"""The short form of `make faults`: real processes killed, a real pod server, a proxy that fails; a few of each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.embedded import server
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag
from tests.faults import crashes, damage, lost_updates
from tests.faults.laboratory import Laboratory, laboratory
from tests.faults.operations import NOW, OPERATIONS

pytestmark = pytest.mark.css


@pytest.fixture(scope="module")
def lab(css: server.PodServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with laboratory(tmp_path_factory.mktemp("faults"), 4) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "victim"),
    [("share", "pod"), ("revoke", "application"), ("import", "pod"), ("import taken back", "application")],
)
def test_what_is_killed_ends_in_before_or_after(lab: Laboratory, name: str, victim: str) -> None:
    (operation,) = (one for one in OPERATIONS if one.name == name)
    found = list(crashes.some(lab, operation, victim))
    assert len(found) == len(lab.people)
    assert [(str(one.case), one.why) for one in found if not one.is_well] == []


def test_what_was_judged_is_not_judged_again(tmp_path: Path) -> None:
    share = crashes.PARTS["share"]
    judged, other = (crashes.Case(share, at, "before", "pod") for at in (1, 2))
    done = crashes.Done(tmp_path / "crashes.jsonl")
    done.takes("share", 9)
    done.add(crashes.Verdict(judged, converged=True, no_more_readers=True))
    later = crashes.Done(tmp_path / "crashes.jsonl")
    later.takes("share", 9)
    assert (later.has(judged), later.has(other), [one.case for one in later.verdicts()]) == (True, False, [judged])
    later.takes("share", 8)
    assert not later.has(judged)


def test_an_answer_that_is_cut_is_no_shorter_document(lab: Laboratory) -> None:
    document = damage.in_laboratory(lab)
    found = damage.on_the_way(lab, document, range(0, len(document.look()), 401))
    assert found.tried >= 20
    assert (found.overwritten, found.written) == (0, 0), found.examples


def test_a_document_cut_within_an_accented_letter_is_not_taken_for_an_empty_one(lab: Laboratory) -> None:
    """The Community Solid Server did, and wrote over it what was added (decision 129)."""
    document = damage.in_laboratory(lab)
    accents = [at for at, byte in enumerate(document.look()) if byte >= 0x80]
    found = damage.at_rest(document, sorted({near for at in accents for near in (at, at + 1)}))
    assert found.tried >= 12
    assert found.overwritten == 0, found.examples


def test_nothing_that_was_said_to_be_saved_is_lost(lab: Laboratory) -> None:
    person = lab.people[1]
    lab.bare(person)
    counted = lost_updates.pairs(lambda: lab.pod(person), person.account.pod, 8)
    assert (counted.pairs, counted.lost, counted.told, counted.refused) == (8, 0, 4, 0)


def in_memory() -> tuple[MemoryPod, Bag]:
    memory = MemoryPod()
    person = memory.create_pod("demo")
    return memory, set_up.create(memory.pod_for(person.webid), person.storage, NOW)


def test_a_document_that_lies_there_cut_is_never_written_over() -> None:
    memory, bag = in_memory()
    try:
        damage.real_document(bag)
    except server.InstallFailed as error:
        pytest.skip(" ".join(error.sentences()))
    iri = bag.layout.activities

    def fresh() -> Bag:
        return Bag(memory.pod_for(bag.owner), bag.layout)

    document = damage.Document(fresh, lambda: memory._stored[iri].body, lambda body: memory.put_bytes(iri, body))
    found = damage.at_rest(document, range(0, len(document.look()), 61))
    assert found.tried > 200
    assert found.overwritten == 0, found.examples
    seen = damage.seen_and_restored(document, range(0, len(document.look()), 61), restore_every=20)
    assert seen.seen == seen.cuts > 50
    assert seen.whole == seen.restorations > 2


def test_triples_of_others_stay_to_the_letter() -> None:
    memory, bag = in_memory()
    found = damage.random_edits(lambda: Bag(memory.pod_for(bag.owner), bag.layout), 150)
    assert (found.tried, found.overwritten) == (150, 0), found.examples


def test_what_is_lost_is_counted() -> None:
    """The judges themselves: a loss is seen."""
    assert not lost_updates.figure("css-wac", lost_updates.Counted(pairs=10, lost=1)).holds
    before, after = b"<#a> <#p> 1 . <#b> <#p> 2 .", b"<#a> <#p> 1 ."
    counted = damage.Counted()
    for about, now in (("#a", after), ("#b", after), ("#b", b"<#a>"), ("#b", before)):
        damage._count(counted, before, now, "https://pod.example/a", f"https://pod.example/a{about}", about)
    assert (counted.tried, counted.overwritten, counted.written) == (4, 2, 1)
