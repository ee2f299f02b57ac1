"""What is the pod in memory's own; what it shares with real servers is in tests/conformance."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from musette_solid.pod import patch, resources, wac
from musette_solid.pod.errors import NotUnderstood, PodError, TooLarge, Unreachable
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.rdf.syntax import TURTLE, Triple, graph_of, turtle

IRI = "https://pod.example/demo/a.ttl"
A = (URIRef(IRI + "#it"), URIRef("http://vocab.example/#p"), Literal("a"))
B = (URIRef(IRI + "#it"), URIRef("http://vocab.example/#p"), Literal("b"))

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
LITERALS = st.one_of(
    st.builds(Literal, WORDS),
    st.builds(lambda text, lang: Literal(text, lang=lang), WORDS, st.sampled_from(["fr", "en-gb"])),
    st.builds(lambda text: Literal(text, datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal")), WORDS),
)
NODES = st.integers(0, 5).map(lambda n: URIRef(f"{IRI}#n{n}"))
TRIPLES: st.SearchStrategy[frozenset[Triple]] = st.frozensets(
    st.tuples(NODES, st.just(URIRef("http://vocab.example/#p")), st.one_of(NODES, LITERALS)), max_size=6
)


@given(TRIPLES, TRIPLES)
def test_a_patch_that_we_write_is_read_as_it_was_meant(out: frozenset[Triple], into: frozenset[Triple]) -> None:
    found = patch.read(n3_patch(Delta(out - into, into)), IRI)
    assert (found.where, found.deletes, found.inserts) == (frozenset(), out - into, into)


SOLID = "@prefix solid: <http://www.w3.org/ns/solid/terms#>. @prefix ex: <http://vocab.example/#>.\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "_:p a solid:InsertDeletePatch; solid:inserts <#it> .",
        "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#a> } }.",
        "_:p a solid:InsertDeletePatch; solid:inserts { { <#it> ex:p <#a> } }.",
        '_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p "a } .',
        "_:p a solid:InsertDeletePatch; solid:inserts { <#it> other:p <#a> }.",
        "_:p a solid:InsertDeletePatch; solid:where { ?x ex:p <#a> }.",
    ],
)
def test_what_is_no_patch_is_said_to_be_none(text: str) -> None:
    with pytest.raises(patch.InvalidPatch):
        patch.read((SOLID + text).encode(), IRI)


def test_braces_and_comments_in_words_are_words() -> None:
    text = (
        "_:p a solid:InsertDeletePatch; # a comment with { a brace\n"
        "solid:inserts { <#it> ex:p '''a } # not a comment''', \"b { c\" . }."
    )
    objects = {str(o) for _, _, o in patch.read((SOLID + text).encode(), IRI).inserts}
    assert objects == {"a } # not a comment", "b { c"}


def test_bytes_that_are_not_text_are_no_patch() -> None:
    with pytest.raises(patch.InvalidPatch):
        patch.read(b"\xff\xfe", IRI)


@pytest.fixture
def memory() -> MemoryPod:
    return MemoryPod()


def test_an_unknown_token_is_nobody(memory: MemoryPod) -> None:
    person = memory.create_pod("demo")
    for authorization in ("DPoP unknown", "Bearer " + memory.token_for(person.webid), "DPoP"):
        answer = memory.send(Request("GET", person.storage, {"Authorization": authorization}))
        assert answer.status == 401


def test_a_new_pod_has_a_public_profile_and_nothing_else_public(memory: MemoryPod) -> None:
    person = memory.create_pod("demo", "Demo")
    stranger = memory.pod_for(None)
    assert len(resources.read(stranger, person.webid).graph) == 3
    assert stranger.send("GET", person.storage + "profile/").status == 401
    assert memory.pod_for(person.webid).send("GET", person.storage + "profile/").status == 200


def test_one_persons_pod_is_closed_to_another(memory: MemoryPod) -> None:
    first, second = memory.create_pod("first"), memory.create_pod("second")
    agent = memory.pod_for(second.webid)
    assert agent.send("PUT", first.storage + "x.ttl", {"Content-Type": TURTLE}, b"").status == 403
    assert agent.send("PUT", memory.base + "x.ttl", {"Content-Type": TURTLE}, b"").status == 403


def test_other_hosts_do_not_answer(memory: MemoryPod) -> None:
    with pytest.raises(Unreachable):
        memory.send(Request("GET", "https://elsewhere.example/"))


def test_requests_are_counted(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    resources.insert(pod, IRI, graph_of([A]))
    assert [(r.method, r.url) for r in memory.requests] == [("GET", IRI), ("PATCH", IRI)]


def test_what_is_taken_out_elsewhere_costs_the_next_addition_no_look(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    other = (URIRef(IRI + "#other"), *A[1:])
    resources.insert(pod, IRI, graph_of([other]))
    resources.insert(pod, IRI, graph_of([A]))
    resources.change(pod, resources.read(pod, IRI), Delta(out=frozenset([other])))
    memory.requests.clear()
    resources.insert(pod, IRI, graph_of([other]))
    assert [r.method for r in memory.requests] == ["PATCH"]
    # What it rested on itself is gone: it is looked again, and written.
    resources.change(pod, resources.read(pod, IRI), Delta(out=frozenset([A, other])))
    resources.insert(pod, IRI, graph_of([A]))
    assert set(resources.read(pod, IRI).graph) == {A}


def test_a_fault_can_be_put_in_between(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    memory.instead = lambda request: Response(request.url, 503, {}) if request.method == "PATCH" else None
    with pytest.raises(PodError) as caught:
        resources.insert(pod, IRI, graph_of([A]))
    assert caught.value.status == 503
    assert not resources.read(pod, IRI).exists


def test_what_another_application_left_there_is_served_as_it_is(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    memory.put_bytes(IRI, b"this is { not turtle")
    with pytest.raises(NotUnderstood):
        resources.read(pod, IRI)


def test_limits_hold_here_too(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    memory.put_bytes(IRI, b"#" * 2000)
    with pytest.raises(TooLarge):
        pod.send("GET", IRI, limits=Limits(size_bytes=1000))


def test_a_document_is_not_given_in_a_form_it_cannot_have(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    memory.put_bytes(IRI, b"hello", "text/plain")
    assert pod.send("GET", IRI, {"Accept": TURTLE}).status == 406
    assert pod.send("GET", IRI, {"Accept": "text/*"}).body == b"hello"


@pytest.mark.parametrize("path", ["demo/../other/a.ttl", "demo/./a.ttl", "demo//a.ttl"])
def test_paths_with_dots_or_holes_are_refused(memory: MemoryPod, path: str) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    assert pod.send("PUT", memory.base + path, {"Content-Type": TURTLE}, b"").status == 400


@pytest.mark.parametrize("method", ["TRACE", "MKCOL", "CONNECT"])
def test_unknown_methods_are_refused(memory: MemoryPod, method: str) -> None:
    person = memory.create_pod("demo")
    answer = memory.pod_for(person.webid).send(method, person.storage)
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


def test_rules_that_cannot_be_read_are_not_kept(memory: MemoryPod) -> None:
    person = memory.create_pod("demo")
    pod = memory.pod_for(person.webid)
    answer = pod.send("PUT", person.storage + ".acl", {"Content-Type": TURTLE}, b"never { closed")
    assert answer.status == 400
    assert pod.send("GET", person.storage).status == 200


def test_rules_go_with_what_they_were_for(memory: MemoryPod) -> None:
    person = memory.create_pod("demo")
    pod = memory.pod_for(person.webid)
    resources.create(pod, IRI, graph_of([A]))
    rules = turtle(wac.owner_only(IRI, IRI + ".acl", person.webid, container=False))
    assert pod.send("PUT", IRI + ".acl", {"Content-Type": TURTLE}, rules).status == 201
    assert resources.delete(pod, IRI)
    assert IRI + ".acl" not in memory._stored


def test_many_threads_lose_nothing(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    triples = [(A[0], A[1], Literal(str(n))) for n in range(100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda t: resources.insert(pod, IRI, graph_of([t])), triples))
    assert set(resources.read(pod, IRI).graph) == set(triples)


def test_two_versions_never_share_an_etag(memory: MemoryPod) -> None:
    pod = memory.pod_for(memory.create_pod("demo").webid)
    resources.create(pod, IRI, graph_of([A]))
    seen = {resources.read(pod, IRI).etag}
    resources.change(pod, resources.read(pod, IRI), Delta(frozenset({A}), frozenset({B})))
    seen.add(resources.read(pod, IRI).etag)
    resources.change(pod, resources.read(pod, IRI), Delta(frozenset({B}), frozenset({A})))
    seen.add(resources.read(pod, IRI).etag)
    assert len(seen) == 3
