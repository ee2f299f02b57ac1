"""A tool is passed on to others: exactly what was looked at, nothing beside it, and gone again; somebody else's is taken up."""

import pytest
from rdflib import URIRef

from musette_solid.errors import MusetteError
from musette_solid.model import tools as tools_model
from musette_solid.model.tools import Tool
from musette_solid.pod import access, resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import AccessRefused, NotThere, NotUnderstood
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import pass_on, take_up
from musette_solid.usecases.ask_elsewhere import NotOpen
from musette_solid.usecases.keep_tools import keep_tool
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES, NoLicence, NotOursToPassOn
from musette_solid.usecases.recover import recover
from musette_solid.usecases.share import PreviewOutdated
from musette_solid.usecases.unpublish import CLOSED
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW

BY = LICENCES[0]
CANARY = "canari-d-un-outil"


@pytest.fixture
def tool(bag: Bag) -> str:
    texts = {
        "title": ["Grille d’entretien"],
        "toolKind": [str(terms.TOOL_KIND_METHOD)],
        "description": ["Dix questions pour commencer."],
        "learntAt": [CANARY],
        "level": [str(terms.LEVEL_ADAPTING)],
        "offer": [str(terms.OFFER_TEACH)],
        "url": ["https://grille.example/"],
    }
    return keep_tool(bag, texts, NOW)


def mine(bag: Bag) -> tuple[Tool, ...]:
    bag.pod.cache = Cache()
    return tools_model.read(resources.read(bag.pod, bag.layout.tools).graph)


def test_a_stranger_reads_exactly_what_was_looked_at(bag: Bag, tool: str) -> None:
    shown = pass_on.look(bag, tool, BY, NOW)
    address = pass_on.pass_on(bag, tool, BY, NOW, shown.digest)
    read = resources.read(bag.pod.anonymous(), address)
    assert set(read.graph) == set(shown.graph)
    (seen,) = tools_model.read(read.graph)
    assert (seen.title, seen.license, seen.creators) == ("Grille d’entretien", BY, (bag.owner,))
    assert (seen.learnt_at, seen.level, seen.offers) == (None, None, ())
    assert CANARY not in str(list(read.graph))
    for private in (bag.layout.tools, bag.layout.commons, bag.layout.activities):
        assert bag.pod.anonymous().send("GET", private, {}).status in {401, 403}
    picture = who_sees(bag, NOW.date())
    assert (picture.passed_on, picture.openings) == (1, ())


def test_it_is_published_again_as_it_is_now_and_taken_back(bag: Bag, tool: str) -> None:
    address = pass_on.pass_on(bag, tool, BY, NOW)
    again = pass_on.pass_on(bag, tool, LICENCES[1], NOW, with_offers=True)
    assert again == address
    (seen,) = tools_model.read(resources.read(bag.pod.anonymous(), address).graph)
    assert (seen.license, seen.offers) == (LICENCES[1], (terms.OFFER_TEACH,))
    pass_on.take_back(bag, tool, NOW)
    assert bag.pod.anonymous().send("GET", address, {}).status in CLOSED
    assert pass_on.published(bag, tool) is None
    pass_on.take_back(bag, tool, NOW)


def test_what_changed_since_it_was_looked_at_is_not_published(bag: Bag, tool: str) -> None:
    shown = pass_on.look(bag, tool, BY, NOW)
    with pytest.raises(PreviewOutdated):
        pass_on.pass_on(bag, tool, LICENCES[1], NOW, shown.digest)
    assert pass_on.published(bag, tool) is None


@pytest.mark.parametrize("licence", ["", "https://licence.example/mine", "javascript:alert(1)"])
def test_without_a_known_licence_nothing_is_published(bag: Bag, tool: str, licence: str) -> None:
    with pytest.raises(NoLicence):
        pass_on.look(bag, tool, licence, NOW)


def test_deleting_a_tool_takes_back_what_was_published(bag: Bag, tool: str) -> None:
    address = pass_on.pass_on(bag, tool, BY, NOW)
    pass_on.remove_tool(bag, tool, NOW)
    assert bag.pod.anonymous().send("GET", address, {}).status in CLOSED
    assert mine(bag) == ()


def test_where_rules_cannot_be_written_nothing_stays(bag: Bag, tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AccessRefused(bag.layout.commons, 403)

    monkeypatch.setattr(access, "publish", refuse)
    with pytest.raises(AccessRefused):
        pass_on.pass_on(bag, tool, BY, NOW)
    assert pass_on.published(bag, tool) is None
    assert recover(bag, NOW, everything=True).settled == ()


def test_a_server_that_does_not_open_it_is_found_out(bag: Bag, tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "publish", lambda *_: None)
    with pytest.raises(MusetteError):
        pass_on.pass_on(bag, tool, BY, NOW)
    assert pass_on.published(bag, tool) is None


def taken(bag: Bag, iri: str) -> str:
    """What is published at an address, taken up as a person would."""
    return take_up.take_up(bag, take_up.find(bag.pod.transport, iri), iri, NOW)


@pytest.fixture
def theirs(organisation: Bag) -> str:
    made = keep_tool(organisation, {"title": ["Carte des savoirs"], "description": ["Une feuille, des noms."]}, NOW)
    return pass_on.pass_on(organisation, made, LICENCES[1], NOW)


def test_somebody_elses_is_taken_up_with_its_maker_and_its_licence(bag: Bag, organisation: Bag, theirs: str) -> None:
    (found,) = take_up.find(bag.pod.transport, theirs).tools
    assert found.iri == theirs
    taken(bag, theirs)
    (tool,) = mine(bag)
    assert (tool.title, tool.license) == ("Carte des savoirs", LICENCES[1])
    assert (tool.creators, tool.taken_from) == ((organisation.owner,), (theirs,))
    with pytest.raises(take_up.TakenUpAlready):
        taken(bag, theirs)
    # Passed on again, it keeps both: the licence is not the person's to choose.
    shown = pass_on.look(bag, tool.iri, BY, NOW)
    assert (shown.licence, shown.seen.creators, shown.seen.taken_from) == (
        LICENCES[1],
        (organisation.owner,),
        (theirs,),
    )


def test_what_says_no_licence_is_not_passed_on(bag: Bag, server: MemoryPod) -> None:
    there = _public(server, bag, b'<#it> a <https://w3id.org/musette#Tool> ; <http://purl.org/dc/terms/title> "Sans" .')
    iri = taken(bag, f"{there}#it")
    with pytest.raises(NotOursToPassOn):
        pass_on.look(bag, iri, BY, NOW)


def _public(server: MemoryPod, bag: Bag, body: bytes) -> str:
    """A document that everybody may read, somewhere else."""
    other = server.create_pod("ailleurs", "Ailleurs")
    container = f"{other.storage}open/"
    pod = server.pod_for(other.webid)
    server.put_bytes(f"{container}tool.ttl", body)
    access.publish(pod, container, other.webid)
    return f"{container}tool.ttl"


def test_what_is_hostile_is_taken_up_as_text_only(bag: Bag, server: MemoryPod) -> None:
    body = (
        '<#it> a <https://w3id.org/musette#Tool> ; <http://purl.org/dc/terms/title> "<script>x</script>" ;'
        " <http://purl.org/dc/terms/license> <javascript:alert(1)> ; <http://purl.org/dc/terms/creator> <data:x> ;"
        " <http://schema.org/url> <javascript:alert(2)> ; <https://w3id.org/musette#learntAt> <#x> ."
    )
    there = _public(server, bag, body.encode())
    taken(bag, f"{there}#it")
    (tool,) = mine(bag)
    assert (tool.license, tool.creators, tool.url, tool.learnt_at) == (None, (), None, None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<!doctype html><p>not data", NotUnderstood),
        (b"<#it> a <https://w3id.org/musette#Skill> .", take_up.NothingToTakeUp),
        (b'<#it> a <https://w3id.org/musette#Tool> ; <http://purl.org/dc/terms/title> " " .', take_up.NothingToTakeUp),
    ],
)
def test_what_holds_no_tool_is_said_so(bag: Bag, server: MemoryPod, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        take_up.find(bag.pod.transport, _public(server, bag, body))


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "https://pod.example/demo/nothing.ttl#it"])
def test_what_is_nowhere_is_said_so(bag: Bag, address: str) -> None:
    with pytest.raises((take_up.NothingToTakeUp, NotOpen)):
        take_up.find(bag.pod.transport, address)


def test_a_name_that_is_none_opens_nothing(bag: Bag) -> None:
    for name in ("..", "a/b", "", "é", "x" * 200):
        with pytest.raises(NotThere):
            bag.layout.common(name)
    with pytest.raises(NotThere):
        pass_on.look(bag, str(URIRef(f"{bag.layout.tools}#z-none")), BY, NOW)
