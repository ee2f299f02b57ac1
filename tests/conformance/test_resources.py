"""Read, create, change, delete: the same on every server."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from musette_solid.errors import MusetteError
from musette_solid.pod import containers, resources
from musette_solid.pod.errors import (
    AccessRefused,
    AlreadyThere,
    ChangedMeanwhile,
    NotForStrangers,
    NotThere,
    NotUnderstood,
)
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.names import canonical
from musette_solid.rdf.syntax import TURTLE, Triple, graph_of, parse

from collections.abc import Callable  # isort: skip

TITLE = URIRef("http://purl.org/dc/terms/title")
NOTE = URIRef("http://purl.org/dc/terms/description")


def one(iri: str, text: str, predicate: URIRef = TITLE) -> Triple:
    return (URIRef(iri + "#it"), predicate, Literal(text))


def titled(iri: str, text: str) -> Graph:
    return graph_of([one(iri, text)])


class Watched:
    """The same transport, and what went through it."""

    def __init__(self, pod: Pod) -> None:
        self.inner = pod.transport
        self.sent: list[tuple[Request, Response]] = []
        pod.transport = self

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        response = self.inner.send(request, limits or Limits())
        self.sent.append((request, response))
        return response


# Four answers to a read


def test_what_is_there_is_read(pod: Pod, box: str) -> None:
    resources.create(pod, box + "a.ttl", titled(box + "a.ttl", "Démo « été »"))
    found = resources.read(pod, box + "a.ttl#it")
    assert found.exists
    assert set(found.graph) == {one(box + "a.ttl", "Démo « été »")}
    assert found.etag is not None
    assert resources.N3 in found.accept_patch


def test_what_is_absent_is_an_answer(pod: Pod, box: str) -> None:
    found = resources.read(pod, box + "none.ttl")
    assert not found.exists
    assert len(found.graph) == 0
    with pytest.raises(NotThere):
        resources.required(found)


def test_what_is_closed_is_not_absent(pod_for: Callable[[str | None], Pod], stranger: Person, box: str) -> None:
    for name in ("there.ttl", "none.ttl"):
        with pytest.raises(AccessRefused):
            resources.read(pod_for(stranger.webid), box + name)
        with pytest.raises(NotForStrangers):
            resources.read(pod_for(None), box + name)


DAMAGED = b'@prefix a: <http://example.org/>. a:b a:c "never closed .'


def test_what_is_damaged_is_not_absent_and_is_left_alone(pod: Pod, box: str) -> None:
    iri = box + "damaged.ttl"
    resources.put(pod, iri, DAMAGED, TURTLE, {"If-None-Match": "*"})
    with pytest.raises(NotUnderstood):
        resources.read(pod, iri)
    with pytest.raises(MusetteError):
        resources.insert(pod, iri, titled(iri, "more"))
    with pytest.raises(AlreadyThere):
        resources.create(pod, iri, titled(iri, "new"))
    assert resources.fetch(pod, iri, TURTLE).body == DAMAGED


def test_what_is_not_rdf_is_not_understood(pod: Pod, box: str) -> None:
    resources.put(pod, box + "a.txt", b"hello", "text/plain", {"If-None-Match": "*"})
    with pytest.raises((NotUnderstood, MusetteError)):
        resources.read(pod, box + "a.txt")
    assert resources.fetch(pod, box + "a.txt", "text/plain").body == b"hello"


def test_what_has_not_changed_is_not_sent_again(pod: Pod, box: str) -> None:
    resources.create(pod, box + "a.ttl", titled(box + "a.ttl", "once"))
    first = resources.read(pod, box + "a.ttl")
    watched = Watched(pod)
    assert resources.read(pod, box + "a.ttl") is first
    assert [response.status for _, response in watched.sent] == [304]


def test_what_somebody_else_changed_is_sent_again(pod: Pod, box: str, pod_for: Callable[[str | None], Pod]) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "one"))
    first = resources.read(pod, iri)
    resources.insert(pod_for(pod.webid), iri, titled(iri, "two"))
    second = resources.read(pod, iri)
    assert second.etag != first.etag
    assert len(second.graph) == 2


# Creating


def test_a_document_is_created_only_once(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "first"))
    with pytest.raises(AlreadyThere):
        resources.create(pod, iri, titled(iri, "second"))
    assert set(resources.read(pod, iri).graph) == {one(iri, "first")}


def test_of_many_creations_at_once_one_succeeds(pod: Pod, box: str) -> None:
    iri = box + "race.ttl"

    def attempt(number: int) -> str | None:
        try:
            resources.create(pod, iri, titled(iri, str(number)))
        except AlreadyThere:
            return None
        return str(number)

    with ThreadPoolExecutor(8) as threads:
        won = [found for found in threads.map(attempt, range(8)) if found is not None]
    assert len(won) == 1
    assert set(resources.read(pod, iri).graph) == {one(iri, won[0])}


def test_creating_makes_the_containers_on_the_way(pod: Pod, box: str) -> None:
    iri = box + "shares/1/dossier.ttl"
    resources.create(pod, iri, titled(iri, "deep"))
    assert [m.iri for m in containers.members(pod, box)] == [box + "shares/"]
    assert [m.iri for m in containers.members(pod, box + "shares/")] == [box + "shares/1/"]


# Inserting


def test_inserting_makes_the_document_and_its_containers_in_one_write(pod: Pod, box: str) -> None:
    iri = box + "time/2026.ttl"
    watched = Watched(pod)
    resources.insert(pod, iri, titled(iri, "2 h 30"))
    resources.insert(pod, iri, titled(iri, "1 h 15"))
    # Whether there is a document is asked once; from then on what was put in is known to be there.
    assert [request.method for request, _ in watched.sent] == ["GET", "PATCH", "PATCH"]
    assert set(resources.read(pod, iri).graph) == {one(iri, "2 h 30"), one(iri, "1 h 15")}
    assert [m.iri for m in containers.members(pod, box)] == [box + "time/"]


def test_inserting_twice_changes_nothing(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.insert(pod, iri, titled(iri, "same"))
    resources.insert(pod, iri, titled(iri, "same"))
    assert set(resources.read(pod, iri).graph) == {one(iri, "same")}


def test_many_insertions_at_once_all_arrive(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: resources.insert(pod, iri, titled(iri, str(n))), range(16)))
    assert set(resources.read(pod, iri).graph) == {one(iri, str(n)) for n in range(16)}


def test_hundreds_of_triples_go_in_one_change(pod: Pod, box: str) -> None:
    iri = box + "many.ttl"
    triples = {(URIRef(f"{iri}#a-{n}"), TITLE, Literal(f'Titre n° {n} « "x" »\n{{}} <a> # ?x')) for n in range(300)}
    resources.insert(pod, iri, graph_of(triples))
    assert set(resources.read(pod, iri).graph) == triples


# Changing


def test_a_change_takes_out_and_puts_in(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "before"))
    base = resources.read(pod, iri)
    resources.change(pod, base, Delta(frozenset({one(iri, "before")}), frozenset({one(iri, "after")})))
    assert set(resources.read(pod, iri).graph) == {one(iri, "after")}


def test_a_change_of_what_somebody_else_changed_is_refused_and_shows_theirs(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "before"))
    base = resources.read(pod, iri)
    before = one(iri, "before")
    resources.change(pod, base, Delta(frozenset({before}), frozenset({one(iri, "theirs")})))
    with pytest.raises(ChangedMeanwhile) as caught:
        resources.change(pod, base, Delta(frozenset({before}), frozenset({one(iri, "mine")})))
    assert set(caught.value.details["theirs"].graph) == {one(iri, "theirs")}
    assert set(resources.read(pod, iri).graph) == {one(iri, "theirs")}


def test_a_change_keeps_what_somebody_else_wrote_elsewhere(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "before"))
    base = resources.read(pod, iri)
    resources.insert(pod, iri, graph_of([one(iri, "theirs", NOTE)]))
    resources.change(pod, base, Delta(frozenset({one(iri, "before")}), frozenset({one(iri, "mine")})))
    assert set(resources.read(pod, iri).graph) == {one(iri, "mine"), one(iri, "theirs", NOTE)}


def test_of_many_changes_of_one_triple_one_succeeds(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "before"))
    base = resources.read(pod, iri)

    def attempt(number: int) -> str | None:
        try:
            out, into = one(iri, "before"), one(iri, str(number))
            resources.change(pod, base, Delta(frozenset({out}), frozenset({into})))
        except ChangedMeanwhile:
            return None
        return str(number)

    with ThreadPoolExecutor(6) as threads:
        won = [found for found in threads.map(attempt, range(6)) if found is not None]
    assert len(won) == 1
    assert set(resources.read(pod, iri).graph) == {one(iri, won[0])}


def test_a_document_deleted_meanwhile_does_not_come_back(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "before"))
    base = resources.read(pod, iri)
    assert resources.delete(pod, iri)
    with pytest.raises(ChangedMeanwhile):
        resources.change(pod, base, Delta(frozenset({one(iri, "before")}), frozenset({one(iri, "after")})))
    assert not resources.read(pod, iri).exists


FOREIGN = """
@prefix ex: <http://vocab.example/#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#it> <http://purl.org/dc/terms/title> "before" .
<#other> ex:duration "PT150M"^^xsd:duration ; ex:decimal "12.50"^^xsd:decimal ; ex:integer "007"^^xsd:integer ;
  ex:big 12345678901234567890 ; ex:double "1.0e3"^^xsd:double ; ex:yes true ; ex:one "1"^^xsd:boolean ;
  ex:year "2019"^^xsd:gYear ; ex:month "2019-03"^^xsd:gYearMonth ; ex:zoned "2019-03-12T10:00:00+02:00"^^xsd:dateTime ;
  ex:fr "été"@fr-BE ; ex:ar "مرحبا"@ar ; ex:emoji "👜" ; ex:text "a \\"b\\" \\\\ c\\nd\\te" ; ex:empty "" ;
  ex:odd "x"^^<http://vocab.example/#type> ; ex:html "<p>&amp;</p>" ; ex:nbsp "2\u00a0h\u202f30" ;
  ex:list ( 1 2 3 ) ; ex:unnamed [ ex:says "hello" ] ; ex:link <../other.ttl#it>, <#it>, <mailto:demo@example.org> .
"""


def test_triples_of_other_applications_survive_a_correction_to_the_letter(pod: Pod, box: str) -> None:
    iri = box + "shared.ttl"
    resources.put(pod, iri, FOREIGN.encode(), TURTLE, {"If-None-Match": "*"})
    base = resources.read(pod, iri)
    assert isomorphic(base.graph, parse(FOREIGN.encode(), TURTLE, iri))
    resources.change(pod, base, Delta(frozenset({one(iri, "before")}), frozenset({one(iri, "after")})))
    expected = parse(FOREIGN.replace('"before"', '"after"').encode(), TURTLE, iri)
    assert isomorphic(resources.read(pod, iri).graph, expected)


def test_literals_as_written_can_be_taken_out_again(pod: Pod, box: str) -> None:
    iri = box + "literals.ttl"
    resources.put(pod, iri, FOREIGN.encode(), TURTLE, {"If-None-Match": "*"})
    base = resources.read(pod, iri)
    mine = frozenset(t for t in base.graph if all(isinstance(node, URIRef | Literal) for node in t))
    mine = frozenset(t for t in mine if not (isinstance(t[0], URIRef) and str(t[1]).endswith("first")))
    resources.change(pod, base, Delta(mine, frozenset({one(iri, "after")})))
    left = set(resources.read(pod, iri).graph)
    assert one(iri, "after") in left
    assert not left & mine


# Deleting


def test_what_is_deleted_is_gone(pod: Pod, box: str) -> None:
    resources.create(pod, box + "a.ttl", titled(box + "a.ttl", "x"))
    assert resources.delete(pod, box + "a.ttl")
    assert not resources.read(pod, box + "a.ttl").exists
    assert not resources.delete(pod, box + "a.ttl")


def test_only_the_version_that_was_seen_is_deleted(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.create(pod, iri, titled(iri, "seen"))
    seen = resources.read(pod, iri)
    resources.insert(pod, iri, titled(iri, "newer"))
    with pytest.raises(ChangedMeanwhile):
        resources.delete(pod, iri, seen.etag)
    assert len(resources.read(pod, iri).graph) == 2
    assert resources.delete(pod, iri, resources.read(pod, iri).etag)


# Names

ODD_NAMES = [
    "a@b.ttl",
    "a,b.ttl",
    "a+b.ttl",
    "a=b.ttl",
    "a;b.ttl",
    "a&b.ttl",
    "a$b.ttl",
    "a:b.ttl",
    "a'b.ttl",
    "(a)!*~.ttl",
    "a b.ttl",
    "bénévolat-été.ttl",
    "日本.ttl",
    "a%20b.ttl",
    "a%2Cb.ttl",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_spelled_as_servers_compare_them(pod: Pod, box: str, name: str) -> None:
    iri = canonical(box + name)
    resources.create(pod, box + name, titled(iri, name))
    assert set(resources.read(pod, box + name).graph) == {one(iri, name)}
    resources.insert(pod, box + name, graph_of([one(iri, "more", NOTE)]))
    # CSS on files lists these two encoded once more: why our own names are letters, digits, "-" and "." only.
    listed = [m.iri.replace("%253A", "%3A").replace("%252A", "*") for m in containers.members(pod, box)]
    assert listed == [iri]
    assert len(resources.read(pod, iri).graph) == 2
    assert resources.delete(pod, box + name)
