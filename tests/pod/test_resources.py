"""A document is read once, through what wants something of it; the rest of reading and writing is in tests/conformance."""

import pytest

from musette_solid.pod import containers, resources
from musette_solid.pod.errors import NotUnderstood
from musette_solid.pod.http import Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax

TURTLE = b'<#it> <http://vocab.example/#p> "one" .'


@pytest.fixture
def pod() -> Pod:
    memory = MemoryPod()
    return memory.pod_for(memory.create_pod("demo").webid)


@pytest.fixture
def place(pod: Pod) -> str:
    assert pod.webid is not None
    return pod.webid.partition("profile/")[0] + "a.ttl"


def put(pod: Pod, place: str, body: bytes) -> None:
    resources.put(pod, place, body, syntax.TURTLE, {})


class Lengths:
    """A reader that remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, body: bytes, media_type: str, base: str) -> int:
        self.asked += 1
        return len(syntax.parse(body, media_type, base))


def test_a_reader_reads_a_version_once(pod: Pod, place: str) -> None:
    lengths = Lengths()
    put(pod, place, TURTLE)
    for _ in range(3):
        assert resources.read(pod, place, reader=lengths).said(lengths) == 1
    assert lengths.asked == 1
    put(pod, place, TURTLE + b"<#it> <http://vocab.example/#p> 2 .")
    assert resources.read(pod, place, reader=lengths).said(lengths) == 2


def test_a_document_read_for_one_thing_still_has_its_graph(pod: Pod, place: str) -> None:
    lengths = Lengths()
    put(pod, place, TURTLE)
    found = resources.read(pod, place, reader=lengths)
    assert found.graph is found.graph
    assert len(found.graph) == 1


def test_an_absent_document_says_nothing_to_any_reader(pod: Pod, place: str) -> None:
    found = resources.read(pod, place, reader=Lengths())
    assert (found.exists, found.said(Lengths()), len(found.graph)) == (False, 0, 0)


@pytest.mark.parametrize("reader", [syntax.parse, Lengths()])
def test_damage_is_found_at_reading_and_not_kept(pod: Pod, place: str, reader: resources.Reader[object]) -> None:
    put(pod, place, TURTLE + b"<#it> <http://vocab")
    for _ in range(2):
        with pytest.raises(NotUnderstood):
            resources.read(pod, place, reader=reader)
    put(pod, place, TURTLE)
    assert len(resources.read(pod, place, reader=reader).graph) == 1


def test_what_a_redirect_leads_to_is_asked_for_each_time_whatever_a_channel_says(pod: Pod, place: str) -> None:
    """It is written under another name: no channel of this name tells of it."""
    memory = pod.transport
    assert isinstance(memory, MemoryPod)
    elsewhere = place.replace("a.ttl", "b.ttl")
    put(pod, elsewhere, TURTLE)
    memory.instead = lambda request: (
        Response(request.url, 301, {"Location": elsewhere}) if request.url == place else None
    )
    pod.cache.live(place)
    assert resources.read(pod, place).body == TURTLE
    memory.put_bytes(elsewhere, TURTLE + b" ")
    for _ in range(2):
        assert resources.read(pod, place).body == TURTLE + b" "


def test_a_container_with_more_than_one_listing_tells_is_removed_whole(
    pod: Pod, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "MAX_MEMBERS", 3)
    box = place.rpartition("/")[0] + "/box/"
    for name in "abcdefg":
        put(pod, f"{box}{name}.ttl", TURTLE)
    put(pod, f"{box}inner/a.ttl", TURTLE)
    assert len(containers.members(pod, box)) == 3
    containers.remove(pod, box)
    assert not resources.read(pod, box).exists
    assert not resources.read(pod, f"{box}g.ttl").exists
