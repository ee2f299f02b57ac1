"""A method of one's own is brought from a file or an address; what cannot be followed leaves nothing, and says why."""

import pytest

from musette_solid import shipped
from musette_solid.errors import MusetteError
from musette_solid.model.methods import NotAMethod
from musette_solid.pod import access
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import NotThere
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases import bring_method
from musette_solid.usecases.follow_method import Answer, answer, begin, one_session
from musette_solid.usecases.layout import Bag
from tests.usecases.conftest import NOW

EXAMPLE = (shipped.VOCAB / "examples" / "method.ttl").read_text("utf-8")


def kept(bag: Bag) -> list[str]:
    bag.pod.cache = Cache()
    return [one.key for one in bring_method.own_methods(bag)]


def test_a_file_is_brought_followed_and_kept_while_it_is_in_use(bag: Bag) -> None:
    key = bring_method.keep_method(bag, bring_method.from_file(EXAMPLE.encode(), "mine.ttl"), NOW)
    assert bring_method.keep_method(bag, bring_method.from_file(EXAMPLE.encode(), "mine.ttl"), NOW) == key
    assert kept(bag) == [key]
    method = bring_method.own_method(bag, key)
    assert (method.key, len(method.steps)) == (key, 2)
    session = begin(bag, method, "fr", NOW)
    answer(bag, one_session(bag, session), method.steps[1], Answer("compter"), "fr", NOW)
    assert one_session(bag, session).answers[method.steps[1].iri].text == "compter"
    with pytest.raises(bring_method.InUse):
        bring_method.remove_method(bag, key, NOW)
    assert kept(bag) == [key]


def test_one_that_nobody_followed_is_deleted(bag: Bag) -> None:
    key = bring_method.keep_method(bag, bring_method.from_file(EXAMPLE.encode(), "mine.ttl"), NOW)
    bring_method.remove_method(bag, key, NOW)
    assert kept(bag) == []
    with pytest.raises(NotThere):
        bring_method.own_method(bag, key)


def test_one_at_an_address_keeps_where_it_comes_from_and_nothing_hostile(bag: Bag, server: MemoryPod) -> None:
    other = server.create_pod("ailleurs", "Ailleurs")
    there = f"{other.storage}open/method.ttl"
    hostile = EXAMPLE.replace("https://creativecommons.org/licenses/by/4.0/", "javascript:alert(1)")
    hostile += "<#it> <https://other.example/x> <#secret> ."
    server.put_bytes(there, hostile.encode())
    access.publish(server.pod_for(other.webid), f"{other.storage}open/", other.webid)
    key = bring_method.keep_method(bag, bring_method.from_url(bag.pod.transport, there), NOW)
    assert bring_method.own_method(bag, key).license is None
    text = bag.pod.send("GET", bag.layout.method(key), {"Accept": "text/turtle"}).body.decode()
    assert f"{there}#it" in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (EXAMPLE.replace("mus:answerKind-lines", "mus:answerKind-song"), "song"),
        (EXAMPLE.replace('mus:question "Which', 'mus:after <#learnt> ; mus:question "Which'), "circle"),
        (EXAMPLE + "#" * 200_001, "200 kB"),
        ("@prefix mus: <https://w3id.org/musette#> .", "no method"),
        ("<html><p>no", "could not be read"),
        ("", "no method"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(bag: Bag, data: str, said: str) -> None:
    with pytest.raises(MusetteError) as refused:
        bring_method.keep_method(bag, bring_method.from_file(data.encode(), "bad.ttl"), NOW)
    assert said in " ".join(refused.value.sentences())
    assert kept(bag) == []


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "javascript:x", "http://["])
def test_what_is_no_address_is_refused(bag: Bag, address: str) -> None:
    with pytest.raises(NotAMethod):
        bring_method.from_url(bag.pod.transport, address)
