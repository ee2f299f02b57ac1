"""One habit or fault of the field at a time, over real HTTP: nothing is lost, and what happened is said."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from rdflib import Literal, URIRef

from musette_solid.errors import MusetteError
from musette_solid.pod import access, capabilities, containers, resources
from musette_solid.pod.errors import (
    AccessRefused,
    AlreadyThere,
    ChangedMeanwhile,
    NotForStrangers,
    NotKept,
    NotUnderstood,
    PodError,
    RulesRefused,
    TooLarge,
    Unreachable,
)
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import TURTLE, Triple, graph_of, parse
from tests.conformance.switches import Fault, Switches, SwitchServer

TITLE, NOTE = terms.DCTERMS_TITLE, terms.DCTERMS_DESCRIPTION
WRITES = frozenset({"PUT", "PATCH", "POST", "DELETE"})


def one(iri: str, text: str, predicate: URIRef = TITLE) -> Triple:
    return (URIRef(iri + "#it"), predicate, Literal(text))


class World:
    """A server with one habit, its owner, a container that is private, and an address in it."""

    def __init__(self, switches: Switches) -> None:
        self.server = SwitchServer(switches)
        capabilities.forget(self.server.base)
        self.owner = self.server.create_pod("owner", "Owner")
        self.stranger = self.server.create_pod("stranger", "Stranger")
        self.pod: Pod = self.server.agent(self.owner.webid)
        self.box = self.owner.storage + "box/"
        self.iri = self.box + "a.ttl"

    def put(self, text: str) -> None:
        """What another application left there, bytes as they are."""
        self.server.put_bytes(self.iri, text.encode())

    def body(self) -> bytes:
        return self.server._stored[self.iri].body

    def there(self) -> set[Triple]:
        stored = self.server._stored[self.iri]
        return set(parse(stored.body, stored.media_type, self.iri))

    def sent(self, *methods: str) -> list[str]:
        return [r.method for r in self.server.requests if r.url.startswith(self.box) and r.method in methods]


def world(**switches: Any) -> Iterator[World]:
    made = World(Switches(**switches))
    with made.server:
        yield made


HABITS: dict[str, Switches] = {
    "correct": Switches(),
    "weak tags": Switches(etag="weak"),
    "one tag on every HEAD, none on GET": Switches(etag="constant", if_match="ignored", last_modified=False),
    "no tags": Switches(etag="none"),
    "If-Match ignored": Switches(if_match="ignored"),
    "a tag with the answer to a write": Switches(etag_on_write=True),
    "blank nodes in patches": Switches(blank_nodes="ok"),
    "SPARQL only": Switches(patch="sparql"),
    "SPARQL only, If-Match ignored": Switches(patch="sparql", if_match="ignored"),
    "SPARQL only, no tags": Switches(patch="sparql", etag="none"),
    "both patches": Switches(patch="both"),
    "no patches": Switches(patch="none"),
    "no patches, If-Match ignored": Switches(patch="none", if_match="ignored"),
    "no patches, weak tags": Switches(patch="none", etag="weak"),
    "no patches, no tags, no dates": Switches(patch="none", etag="none", last_modified=False),
    "patches accepted and not done": Switches(patch="ignored"),
    "patches that lose datatypes": Switches(patch="garbled"),
    "patches that lose datatypes, no tags": Switches(patch="garbled", etag="none"),
    "JSON-LD only": Switches(json_ld_only=True),
    "JSON-LD only, no patches": Switches(json_ld_only=True, patch="none"),
    "ACP": Switches(rules="acp"),
}
#: Where two writers at one instant can both be told yes: neither a patch, nor a version that the server minds.
NO_LOCK = {
    "SPARQL only, If-Match ignored",
    "SPARQL only, no tags",
    "no patches, If-Match ignored",
    "no patches, weak tags",
    "no patches, no tags, no dates",
    "patches that lose datatypes, no tags",
}


@pytest.fixture(params=HABITS)
def habit(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def w(habit: str) -> Iterator[World]:
    made = World(HABITS[habit])
    with made.server:
        assert containers.make(made.pod, made.box)
        access.make_private(made.pod, made.box, made.owner.webid)
        yield made


@pytest.fixture
def plain() -> Iterator[World]:
    yield from world()


FOREIGN = """
@prefix ex: <http://vocab.example/#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#it> <http://purl.org/dc/terms/title> "before" .
<#other> ex:duration "PT150M"^^xsd:duration ; ex:decimal "12.50"^^xsd:decimal ; ex:integer "007"^^xsd:integer ;
  ex:yes "true"^^xsd:boolean ; ex:year "2019"^^xsd:gYear ; ex:fr "été"@fr ; ex:text "a \\"b\\" \\\\ c\\nd" ;
  ex:link <../other.ttl#it>, <#it>, <mailto:demo@example.org> .
"""


# Habits


def test_what_is_written_is_there(w: World) -> None:
    today = (URIRef(w.iri + "#it"), terms.DCTERMS_DATE, Literal("2026-11-25", datatype=terms.XSD_DATE))
    minutes = (URIRef(w.iri + "#b"), terms.MINUTES, Literal("150", datatype=terms.XSD_INTEGER))
    resources.create(w.pod, w.iri, graph_of([one(w.iri, "before")]))
    resources.insert(w.pod, w.iri, graph_of([today, minutes]))
    base = resources.read(w.pod, w.iri)
    assert set(base.graph) == {one(w.iri, "before"), today, minutes}
    resources.change(w.pod, base, Delta(frozenset({one(w.iri, "before")}), frozenset({one(w.iri, "after")})))
    assert w.there() == {one(w.iri, "after"), today, minutes}
    with pytest.raises(AlreadyThere):
        resources.create(w.pod, w.iri, graph_of([one(w.iri, "again")]))
    assert w.there() == {one(w.iri, "after"), today, minutes}
    assert [m.iri for m in containers.members(w.pod, w.box)] == [w.iri]  # nothing of our questions is left behind


def test_a_new_document_can_be_born_of_an_insertion(w: World) -> None:
    iri = w.box + "time/2026.ttl"
    resources.insert(w.pod, iri, graph_of([one(iri, "2 h 30")]))
    assert set(resources.read(w.pod, iri).graph) == {one(iri, "2 h 30")}


def test_what_others_wrote_survives_a_correction_to_the_letter(w: World) -> None:
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)
    resources.change(w.pod, base, Delta(frozenset({one(w.iri, "before")}), frozenset({one(w.iri, "after")})))
    assert w.there() == set(parse(FOREIGN.replace('"before"', '"after"').encode(), TURTLE, w.iri))


def test_two_edits_of_different_things_are_both_kept(w: World) -> None:
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)
    theirs = (URIRef(w.iri + "#other"), NOTE, Literal("theirs"))
    resources.change(w.server.agent(w.owner.webid), base, Delta(into=frozenset({theirs})))
    resources.change(w.pod, base, Delta(frozenset({one(w.iri, "before")}), frozenset({one(w.iri, "mine")})))
    assert {theirs, one(w.iri, "mine")} <= w.there()
    assert one(w.iri, "before") not in w.there()


def test_two_edits_of_one_thing_are_shown_and_neither_is_lost(w: World) -> None:
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)
    out = frozenset({one(w.iri, "before")})
    resources.change(w.server.agent(w.owner.webid), base, Delta(out, frozenset({one(w.iri, "theirs")})))
    with pytest.raises(ChangedMeanwhile) as caught:
        resources.change(w.pod, base, Delta(out, frozenset({one(w.iri, "mine")})))
    assert one(w.iri, "theirs") in caught.value.details["theirs"].graph
    assert one(w.iri, "theirs") in w.there()


def test_of_many_at_one_instant_one_is_done_and_the_others_are_told(w: World, habit: str) -> None:
    if habit in NO_LOCK:
        pytest.skip(
            "neither a patch nor a version that the server minds: two writers in one instant can both be told yes"
        )
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)

    def attempt(number: int) -> str | None:
        out, into = one(w.iri, "before"), one(w.iri, str(number))
        try:
            resources.change(w.server.agent(w.owner.webid), base, Delta(frozenset({out}), frozenset({into})))
        except ChangedMeanwhile:
            return None
        return str(number)

    with ThreadPoolExecutor(6) as threads:
        won = [found for found in threads.map(attempt, range(6)) if found is not None]
    assert len(won) == 1
    assert one(w.iri, won[0]) in w.there()


@pytest.mark.parametrize("damage", ['<#it> <http://purl.org/dc/terms/title> "never closed .', "<html>hello</html>"])
def test_what_cannot_be_read_is_never_written_over(w: World, damage: str) -> None:
    if w.server.switches.json_ld_only:
        pytest.skip("this server reads what it keeps before it gives it out: it answers an error of its own")
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)
    w.put(damage)
    with pytest.raises(MusetteError):
        resources.insert(w.pod, w.iri, graph_of([one(w.iri, "more")]))
    with pytest.raises(MusetteError):
        resources.change(w.pod, base, Delta(frozenset({one(w.iri, "before")}), frozenset({one(w.iri, "after")})))
    assert w.body() == damage.encode()


# What it costs


@pytest.mark.parametrize(
    ("switches", "insertion", "correction"),
    [
        (Switches(), ["PATCH"], ["PATCH"]),
        (Switches(etag="none"), ["PATCH"], ["PATCH"]),
        (Switches(patch="sparql"), ["GET", "PATCH"], ["PATCH"]),
        (Switches(patch="none"), ["GET", "PUT"], ["PUT"]),
        (Switches(patch="none", etag="none"), ["GET", "GET", "PUT"], ["GET", "PUT"]),
        (Switches(patch="ignored"), ["GET", "PUT", "GET"], ["PUT", "GET"]),
    ],
    ids=["correct", "no tags", "SPARQL", "no patches", "no patches, no tags", "patches not done"],
)
def test_once_a_server_has_shown_what_it_does_nothing_is_asked_again(
    switches: Switches, insertion: list[str], correction: list[str]
) -> None:
    made = World(switches)
    with made.server:
        date = (URIRef(made.iri + "#it"), terms.DCTERMS_DATE, Literal("2026-11-25", datatype=terms.XSD_DATE))
        resources.create(made.pod, made.iri, graph_of([one(made.iri, "before")]))
        resources.insert(made.pod, made.iri, graph_of([date]))
        base = resources.read(made.pod, made.iri)
        resources.change(made.pod, base, Delta(into=frozenset({one(made.iri, "first", NOTE)})))
        made.server.requests.clear()
        resources.insert(made.pod, made.iri, graph_of([one(made.iri, "more", NOTE)]))
        assert made.sent("GET", "PUT", "PATCH", "DELETE") == insertion
        base = resources.read(made.pod, made.iri)
        made.server.requests.clear()
        resources.change(made.pod, base, Delta(into=frozenset({one(made.iri, "last", NOTE)})))
        assert made.sent("GET", "PUT", "PATCH", "DELETE") == correction


def test_a_server_that_only_says_yes_is_never_sent_a_patch_for_a_document() -> None:
    made = World(Switches(patch="garbled"))
    with made.server:
        made.put(FOREIGN)
        resources.insert(made.pod, made.iri, graph_of([one(made.iri, "more", NOTE)]))
        patched = [r.url for r in made.server.requests if r.method == "PATCH"]
        assert made.iri not in patched
        assert not capabilities.patches(made.pod, made.iri)
        assert capabilities.known(made.iri).drops


def test_a_server_that_keeps_nothing_is_found_out(plain: World) -> None:
    def swallow(request: Request) -> Response | None:
        return Response(request.url, 204, {}) if request.method in {"PUT", "PATCH"} else None

    plain.put(FOREIGN)
    before = plain.body()
    base = resources.read(plain.pod, plain.iri)
    plain.server.instead = swallow
    with pytest.raises(NotKept):
        resources.change(plain.pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    with pytest.raises(NotKept):
        resources.create(plain.pod, plain.box + "b.ttl", graph_of([one(plain.iri, "x")]))
    assert plain.body() == before


# Access rules


def test_a_grant_and_its_end(w: World) -> None:
    resources.create(w.pod, w.iri, graph_of([one(w.iri, "for you")]))
    reader = w.server.agent(w.stranger.webid)
    with pytest.raises(AccessRefused):
        resources.read(reader, w.iri)
    access.grant(w.pod, w.box, w.stranger.webid, w.owner.webid, "grant-1")
    assert set(resources.read(reader, w.iri).graph) == {one(w.iri, "for you")}
    with pytest.raises(NotForStrangers):
        resources.read(w.server.agent(None), w.iri)
    access.make_private(w.pod, w.box, w.owner.webid)
    with pytest.raises(AccessRefused):
        resources.read(reader, w.iri)


def test_a_server_without_rules_is_not_shared_on() -> None:
    made = World(Switches(rules="none"))
    with made.server:
        made.put(FOREIGN)
        with pytest.raises(RulesRefused):
            access.grant(made.pod, made.box, made.stranger.webid, made.owner.webid, "grant-1")
        assert made.sent(*WRITES) == []


def test_a_server_that_remembers_rules_closes_a_little_later() -> None:
    made = World(Switches(rule_cache_s=10))
    clock = [1000.0]
    made.server.now = lambda: clock[0]
    with made.server:
        containers.make(made.pod, made.box)
        access.make_private(made.pod, made.box, made.owner.webid)
        access.grant(made.pod, made.box, made.stranger.webid, made.owner.webid, "grant-1")
        resources.create(made.pod, made.iri, graph_of([one(made.iri, "for you")]))
        reader = made.server.agent(made.stranger.webid)
        assert resources.read(reader, made.iri).exists
        access.make_private(made.pod, made.box, made.owner.webid)
        assert resources.read(reader, made.iri).exists  # what the server remembers; the page says so
        clock[0] += 11
        with pytest.raises(AccessRefused):
            resources.read(reader, made.iri)


# Faults of one answer


def _text() -> str:
    return FOREIGN + "".join(f'<#n{n}> <http://purl.org/dc/terms/title> "number {n}" .\n' for n in range(4))


def test_a_body_cut_short_anywhere_is_no_shorter_document(plain: World) -> None:
    """Also where what came is well formed by itself: at the end of each line."""
    plain.put(_text())
    whole = len(plain.body())
    base = resources.read(plain.pod, plain.iri)
    plain.pod.cache.forget(plain.iri)
    accepted = []
    for cut in range(whole):
        # Reading is tried again once when a connection fails: both answers are cut.
        plain.server.faults = [Fault("truncated", amount=cut, times=2)]
        try:
            found = resources.read(plain.pod, plain.iri)
        except (Unreachable, NotUnderstood):
            continue
        accepted.append((cut, len(found.graph)))
    assert accepted == []
    plain.server.faults = []
    assert set(resources.read(plain.pod, plain.iri).graph) == set(base.graph)


@pytest.mark.parametrize("kind", ["truncated", "html", "slow body", "slow headers", "bomb"])
def test_nothing_is_written_after_an_answer_that_could_not_be_read(plain: World, kind: str) -> None:
    """Without patches, so that a change has to read first."""
    plain.server.switches = replace(plain.server.switches, patch="none")
    plain.put(_text())
    before = plain.body()
    plain.server.faults = [Fault(kind, times=50, amount=40 if kind == "truncated" else 0.3)]
    if kind == "bomb":
        plain.server.faults[0].amount = 50_000_000
    plain.server.requests.clear()
    limits = Limits(connect_s=1, total_s=1, size_bytes=1_000_000)
    with pytest.raises((Unreachable, NotUnderstood, TooLarge)):
        resources.read(plain.pod, plain.iri, limits=limits)
    if kind not in {"slow body", "slow headers"}:  # those take the full thirty seconds
        with pytest.raises(MusetteError):
            resources.insert(plain.pod, plain.iri, graph_of([one(plain.iri, "more")]))
    assert plain.body() == before
    assert "PUT" not in [r.method for r in plain.server.requests if r.url == plain.iri]


@pytest.mark.parametrize("kind", ["slow body", "slow headers"])
def test_a_slow_answer_is_given_up_in_time(plain: World, kind: str) -> None:
    plain.put(_text())
    plain.server.faults = [Fault(kind, times=2, amount=0.2)]
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        resources.read(plain.pod, plain.iri, limits=Limits(connect_s=1, total_s=1))
    assert time.monotonic() - begun < 5
    plain.server.faults = []
    assert resources.read(plain.pod, plain.iri).exists


@pytest.mark.parametrize("status", [401, 400])
def test_a_token_that_ends_in_mid_session_is_renewed_once(plain: World, status: int) -> None:
    class Renewed:
        renewals = 0

        def sign(self, method: str, url: str) -> dict[str, str]:
            return {"Authorization": f"DPoP {plain.server.token_for(plain.owner.webid)}"}

        def refused(self, response: Response) -> bool:
            self.renewals += 1
            return True

    credentials = Renewed()
    pod = Pod(plain.server.outgoing, plain.owner.webid, credentials)
    plain.put(FOREIGN)
    base = resources.read(pod, plain.iri)
    plain.server.faults = [Fault("expired", frozenset({"PATCH"}), amount=status, where="/a.ttl")]
    resources.change(pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    assert credentials.renewals == 1
    assert one(plain.iri, "more", NOTE) in plain.there()


@pytest.mark.parametrize("status", [401, 400])
def test_a_token_that_cannot_be_renewed_leaves_everything_as_it_was(plain: World, status: int) -> None:
    plain.put(FOREIGN)
    base, before = resources.read(plain.pod, plain.iri), plain.body()
    plain.server.faults = [Fault("expired", WRITES, amount=status, times=9, where="/a.ttl")]
    with pytest.raises(PodError) as caught:
        resources.change(plain.pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    assert caught.value.status == status
    assert plain.body() == before


@pytest.mark.parametrize(
    ("status", "after"), [(429, "3"), (503, "120"), (503, "Fri, 25 Nov 2050 09:00:00 GMT"), (503, "x")]
)
def test_a_server_that_is_busy_is_not_stormed(plain: World, status: int, after: str) -> None:
    plain.put(FOREIGN)
    base, before = resources.read(plain.pod, plain.iri), plain.body()
    plain.server.faults = [Fault("status", WRITES, amount=status, text=after, times=9, where="/a.ttl")]
    plain.server.requests.clear()
    with pytest.raises(PodError) as caught:
        resources.change(plain.pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    assert caught.value.status == status
    assert len([r for r in plain.server.requests if r.url == plain.iri]) == 1
    assert plain.body() == before


def test_what_moved_within_a_server_is_followed(plain: World) -> None:
    plain.put(FOREIGN)
    old = plain.box + "old.ttl"
    for status in (301, 302, 303, 307, 308):
        plain.server.faults = [Fault("moved", amount=status, text="a.ttl", where="old.ttl")]
        found = resources.read(plain.pod, old)
        assert found.iri == plain.iri
        assert one(plain.iri, "before") in found.graph


def test_what_moved_elsewhere_or_in_circles_is_not(plain: World) -> None:
    other = World(Switches())
    with other.server:
        other.put(FOREIGN)
        for target in (
            other.iri,
            "https://elsewhere.example/a.ttl",
            "//elsewhere.example/",
            "old.ttl",
            "",
            "file:///etc",
        ):
            plain.server.faults = [Fault("moved", amount=302, text=target, times=9, where="old.ttl")]
            with pytest.raises(NotUnderstood):
                resources.read(plain.pod, plain.box + "old.ttl")
        assert not other.server.requests


def test_a_write_is_never_sent_elsewhere(plain: World) -> None:
    plain.put(FOREIGN)
    base = resources.read(plain.pod, plain.iri)
    plain.server.faults = [Fault("moved", WRITES, amount=307, text="b.ttl", times=9, where="/a.ttl")]
    with pytest.raises(PodError):
        resources.change(plain.pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    assert plain.box + "b.ttl" not in plain.server._stored


# Answers that never came: the first question is whether it was done


LOST = ["silent before", "silent after"]


@pytest.mark.parametrize("kind", LOST)
def test_an_insertion_without_an_answer_is_there_once(plain: World, kind: str) -> None:
    plain.put(FOREIGN)
    resources.insert(plain.pod, plain.iri, graph_of([one(plain.iri, "first", NOTE)]))
    plain.server.faults = [Fault(kind, WRITES, where="/a.ttl")]
    plain.server.requests.clear()
    resources.insert(plain.pod, plain.iri, graph_of([one(plain.iri, "more", NOTE)]))
    assert one(plain.iri, "more", NOTE) in plain.there()
    sent = plain.sent("PATCH", "PUT", "GET")
    assert sent[:2] == ["PATCH", "GET"]  # it looked before anything else
    assert sent.count("PATCH") == (2 if kind == "silent before" else 1)


@pytest.mark.parametrize("kind", LOST)
def test_a_change_without_an_answer_is_done_once(w: World, kind: str) -> None:
    w.put(FOREIGN)
    base = resources.read(w.pod, w.iri)
    resources.change(w.pod, base, Delta(into=frozenset({one(w.iri, "first", NOTE)})))
    base = resources.read(w.pod, w.iri)
    w.server.faults = [Fault(kind, WRITES, where="/a.ttl")]
    resources.change(w.pod, base, Delta(frozenset({one(w.iri, "before")}), frozenset({one(w.iri, "after")})))
    text = FOREIGN.replace('"before"', '"after"').encode()
    assert w.there() == set(parse(text, TURTLE, w.iri)) | {one(w.iri, "first", NOTE)}


@pytest.mark.parametrize("kind", LOST)
def test_a_creation_without_an_answer_is_done_once(plain: World, kind: str) -> None:
    plain.server.faults = [Fault(kind, WRITES, where="/a.ttl")]
    resources.create(plain.pod, plain.iri, graph_of([one(plain.iri, "new")]))
    assert plain.there() == {one(plain.iri, "new")}


@pytest.mark.parametrize("kind", LOST)
def test_a_creation_without_an_answer_is_not_taken_for_somebody_elses(plain: World, kind: str) -> None:
    plain.put(FOREIGN)
    before = plain.body()
    plain.server.faults = [Fault(kind, WRITES, where="/a.ttl")]
    with pytest.raises(AlreadyThere):
        resources.create(plain.pod, plain.iri, graph_of([one(plain.iri, "new")]))
    assert plain.body() == before


@pytest.mark.parametrize("kind", LOST)
def test_a_deletion_without_an_answer_is_done(plain: World, kind: str) -> None:
    plain.put(FOREIGN)
    plain.server.faults = [Fault(kind, WRITES, where="/a.ttl")]
    assert resources.delete(plain.pod, plain.iri)
    assert plain.iri not in plain.server._stored


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("rules", ["wac", "acp"])
def test_a_rule_without_an_answer_is_in_force_or_said_not_to_be(kind: str, rules: str) -> None:
    made = World(Switches(rules=rules))
    with made.server:
        containers.make(made.pod, made.box)
        access.make_private(made.pod, made.box, made.owner.webid)
        made.server.faults = [Fault(kind, WRITES, where=".ac")]
        if kind == "silent after":
            access.grant(made.pod, made.box, made.stranger.webid, made.owner.webid, "grant-1")
        else:
            with pytest.raises(RulesRefused):
                access.grant(made.pod, made.box, made.stranger.webid, made.owner.webid, "grant-1")
        readers = set(access.rules(made.pod, made.box).agents())
        assert (made.stranger.webid in readers) is (kind == "silent after")


def test_a_server_that_went_away_is_said_to_be_out_of_reach(plain: World) -> None:
    plain.put(FOREIGN)
    base, before = resources.read(plain.pod, plain.iri), plain.body()
    plain.server.faults = [Fault("silent before", WRITES | {"GET"}, times=99, where="/a.ttl")]
    with pytest.raises(Unreachable):
        resources.change(plain.pod, base, Delta(into=frozenset({one(plain.iri, "more", NOTE)})))
    assert plain.body() == before
