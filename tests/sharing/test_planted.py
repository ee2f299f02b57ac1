"""Twelve faults that are easily made with access rules, each planted in our own code: each is found, and nothing stays open.

Beside each: what must find it. The same checks on the code as it is find nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from rdflib import Graph, URIRef

from musette_solid.errors import MusetteError
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import access, containers, resources, wac
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.syntax import graph_of
from musette_solid.usecases import opening, revoke, set_up
from musette_solid.usecases import share as sharing
from musette_solid.usecases import who_sees as seeing
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from tests.conformance.switches import Switches, SwitchServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Scene:
    """A person, an organisation, and an account that has nothing to do with either."""

    server: MemoryPod
    bag: Bag
    organisation: str
    probe: Pod

    def share(self, *, comments: bool = False) -> sharing.Shared:
        """Open a dossier and prove it, as the application does. `comments`: its recipient is invited to leave some."""
        texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
        chosen = Selection(frozenset({log_activity(self.bag, texts, NOW)}))
        who = ("Dossier", self.bag.owner, None, self.organisation)
        agreed = Terms(*who, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1), comments=comments)
        to = sharing.Recipient(self.organisation, None, None, ())
        made = sharing.share(self.bag, chosen, agreed, to, sharing.new_id())
        assert sharing.confirm(self.bag, made.share_id, [self.probe]).holds
        return made

    def readable_by_others(self) -> set[str]:
        """What of the bag anybody but its owner can read now."""
        agents = (self.bag.pod.anonymous(), self.probe, self.server.pod_for(self.organisation))
        return {
            url
            for url in list(self.server._stored)
            if url.startswith(self.bag.layout.root)
            for agent in agents
            if agent.send("GET", url, {"Accept": resources.ACCEPT}).status == 200
        }

    def owner_controls_everything(self) -> bool:
        return all(
            access.rules(self.bag.pod, url).kind and self.bag.pod.send("GET", url).status == 200
            for url in list(self.server._stored)
            if url.startswith(self.bag.layout.root) and not url.endswith(".acl")
        )


@pytest.fixture
def scene() -> Scene:
    server = MemoryPod()
    person = server.create_pod("demo", "Demo")
    bag = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    organisation = server.create_pod("association").webid
    return Scene(server, bag, organisation, server.pod_for(server.create_pod("probe").webid))


Plant = Callable[[pytest.MonkeyPatch], None]


def _with_agent_instead(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Graph, dict[str, Any]], Graph], rules: str = "grant-"
) -> None:
    """Change what is written for a recipient; what is written for letterboxes stays."""
    right = wac.with_agent

    def planted(graph: Graph, target: str, place: str, agent: str, modes: Any, fragment: str, **more: Any) -> Graph:
        made = right(graph, target, place, agent, modes, fragment, **more)
        if not fragment.startswith(rules):
            return made
        return change(made, {"target": target, "place": place, "agent": agent, "rule": f"{place}#{fragment}"})

    monkeypatch.setattr(wac, "with_agent", planted)


def _swapped(graph: Graph, where: Callable[[Any], bool], into: Callable[[Any], Any]) -> Graph:
    return graph_of(into(t) if where(t) else t for t in graph)


def without_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_agent_instead(monkeypatch, lambda g, _: wac.without(g, "owner"))


def without_control(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_agent_instead(monkeypatch, lambda g, _: graph_of(t for t in g if t[2] != Mode.CONTROL.value))


def without_default(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_agent_instead(
        monkeypatch,
        lambda g, said: graph_of(t for t in g if not (str(t[0]) == said["rule"] and t[1] == terms.ACL_DEFAULT)),
    )


def public_class(monkeypatch: pytest.MonkeyPatch, everybody: URIRef = terms.FOAF_AGENT) -> None:
    _with_agent_instead(
        monkeypatch,
        lambda g, said: _swapped(
            g,
            lambda t: str(t[0]) == said["rule"] and t[1] == terms.ACL_AGENT,
            lambda t: (t[0], terms.ACL_AGENT_CLASS, everybody),
        ),
    )


def relative_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """`<card#me>` in a rule document is somebody beside that document."""
    _with_agent_instead(
        monkeypatch,
        lambda g, said: _swapped(
            g,
            lambda t: str(t[0]) == said["rule"] and t[1] == terms.ACL_AGENT,
            lambda t: (t[0], t[1], URIRef(said["target"] + "card#me")),
        ),
    )


def copied_into_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    right = access.grant

    def planted(pod: Pod, container: str, agent: str, owner: str, fragment: str, **more: Any) -> access.Rules:
        kept = right(pod, container, agent, owner, fragment, **more)
        document = container + "dossier.ttl"
        place = access.rule_document(pod, document)
        graph = wac.owner_only(document, place, owner, container=False)
        graph = wac.with_agent(graph, document, place, agent, {Mode.READ}, fragment, contents=False)
        resources.put(pod, place, syntax.turtle(graph), syntax.TURTLE, {})
        return kept

    monkeypatch.setattr(access, "grant", planted)


@pytest.mark.parametrize(
    "plant",
    [
        without_the_owner,
        without_control,
        without_default,
        public_class,
        partial(public_class, everybody=terms.ACL_AUTHENTICATED_AGENT),
        relative_agent,
        copied_into_the_child,
    ],
    ids=[
        "owner rule missing",
        "owner without Control",
        "accessTo only on a container",
        "foaf Agent instead of an agent",
        "AuthenticatedAgent",
        "relative agent IRI",
        "grant copied into a child",
    ],
)
def test_a_rule_written_wrong_is_found_and_nothing_stays_open(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    with pytest.raises(MusetteError):
        scene.share()
    monkeypatch.undo()
    assert scene.readable_by_others() == set()
    assert scene.owner_controls_everything()


# Beside the dossier


def _for_comments(change: Callable[[Graph, dict[str, Any]], Graph]) -> Plant:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        _with_agent_instead(monkeypatch, change, "comments-")

    return plant


def _to_everybody(everybody: URIRef) -> Plant:
    return _for_comments(
        lambda g, said: _swapped(
            g,
            lambda t: str(t[0]) == said["rule"] and t[1] == terms.ACL_AGENT,
            lambda t: (t[0], terms.ACL_AGENT_CLASS, everybody),
        )
    )


def _may_as_well(mode: Mode) -> Plant:
    return _for_comments(lambda g, said: graph_of([*g, (URIRef(said["rule"]), terms.ACL_MODE, mode.value)]))


def _what_is_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding to a container is leaving a comment; adding to a comment is putting words in a mouth."""
    _for_comments(lambda g, said: graph_of([*g, (URIRef(said["rule"]), terms.ACL_DEFAULT, URIRef(said["target"]))]))(
        monkeypatch
    )


def _to_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    _for_comments(
        lambda g, said: _swapped(
            g,
            lambda t: str(t[0]) == said["rule"] and t[1] == terms.ACL_AGENT,
            lambda t: (t[0], t[1], URIRef("https://somebody.example/card#me")),
        )
    )(monkeypatch)


def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rules of its own: those of the dossier hold, by which nothing is added."""
    monkeypatch.setattr(access, "invite", lambda *_: None)


@pytest.mark.parametrize(
    "plant",
    [
        _may_as_well(Mode.WRITE),
        _may_as_well(Mode.CONTROL),
        _what_is_there_too,
        _to_everybody(terms.FOAF_AGENT),
        _to_everybody(terms.ACL_AUTHENTICATED_AGENT),
        _to_somebody_else,
        _for_comments(lambda g, _: wac.without(g, "owner")),
        _for_comments(lambda g, said: graph_of(t for t in g if t[:2] != (URIRef(said["rule"]), terms.ACL_AGENT))),
        _forgotten,
    ],
    ids=[
        "comments can be written over",
        "the commenter decides who comments",
        "comments can be added to",
        "everybody comments",
        "whoever has an account comments",
        "somebody else comments",
        "owner rule missing",
        "nobody comments",
        "no rules at all",
    ],
)
def test_an_invitation_written_wrong_is_found_and_nothing_stays_open(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    with pytest.raises(MusetteError):
        scene.share(comments=True)
    monkeypatch.undo()
    assert scene.readable_by_others() == set()
    assert scene.owner_controls_everything()


def test_an_invitation_as_it_is_stands(scene: Scene) -> None:
    made = scene.share(comments=True)
    assert scene.readable_by_others() >= {made.dossier, scene.bag.layout.comments(made.share_id)}


def test_an_invitation_that_outlives_its_dossier_is_not_said_to_be_closed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scene.share(comments=True)

    def the_dossier_alone(bag: Bag, share_id: str) -> None:
        access.make_private(bag.pod, bag.layout.share(share_id), bag.owner)
        resources.delete(bag.pod, bag.layout.dossier(share_id))

    with monkeypatch.context() as planted:
        planted.setattr(revoke, "_close", the_dossier_alone)
        assert not revoke.revoke(scene.bag, made.share_id, NOW).verified
    assert revoke.revoke(scene.bag, made.share_id, NOW).verified
    assert scene.readable_by_others() == set()


@pytest.mark.parametrize("everybody", [terms.FOAF_AGENT, terms.ACL_AUTHENTICATED_AGENT])
def test_the_agents_who_ask_find_it_even_when_the_rules_read_well(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, everybody: URIRef
) -> None:
    """A server that looks at other rules than those it shows: only asking finds out."""
    made = scene.share()
    place = access.rule_document(scene.bag.pod, scene.bag.layout.share(made.share_id))
    shown = scene.server._stored[place]
    graph = syntax.parse(shown.body, syntax.TURTLE, place)
    graph = wac.with_agent(
        *(graph, scene.bag.layout.share(made.share_id), place, str(everybody), {Mode.READ}, "x"),
        contents=True,
        everybody=True,
    )
    scene.server.put_bytes(place, syntax.turtle(graph))

    def shows_the_old(request: Request) -> Response | None:
        is_read = request.url == place and request.method == "GET" and "Authorization" in request.headers
        owner = is_read and scene.server._tokens[request.headers["Authorization"].split()[1]] == scene.bag.owner
        return Response(request.url, 200, {"Content-Type": syntax.TURTLE}, shown.body) if owner else None

    scene.server.instead = shows_the_old
    with pytest.raises(sharing.NotEffective):
        sharing.confirm(scene.bag, made.share_id, [scene.probe])
    scene.server.instead = lambda _request: None
    assert scene.readable_by_others() == set()


def test_contents_of_a_document_are_refused_before_anything_is_sent(scene: Scene) -> None:
    """`default` on a plain resource."""
    with pytest.raises(MusetteError):
        wac.with_agent(
            *(graph_of(()), "https://x.example/a.ttl", "https://x.example/a.ttl.acl"),
            *(scene.organisation, {Mode.READ}, "grant-x"),
            contents=True,
        )


# The order of steps


@contextmanager
def writes(scene: Scene) -> Iterator[list[tuple[str, str]]]:
    """What is written meanwhile: method and what it is about."""
    scene.server.requests.clear()
    found: list[tuple[str, str]] = []
    yield found
    for request in scene.server.requests:
        if request.method in {"PUT", "PATCH", "DELETE"} and "/shares/" in request.url:
            kind = "rules" if request.url.endswith(".acl") else "content"
            found.append((request.method, kind))


def opens_last(done: list[tuple[str, str]]) -> bool:
    """The rule that opens is the last write: a crash before it shows nothing, and nothing half-made is ever open."""
    return [kind for _, kind in done] == ["content", "rules"]


def closes_first(done: list[tuple[str, str]]) -> bool:
    return bool(done) and done[0][1] == "rules"


def test_rules_come_after_what_they_open(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with writes(scene) as done:
        scene.share()
    assert opens_last(done)
    right, open_ = opening._create_once, opening._open

    def rule_first(bag: Bag, iri: str, body: bytes) -> None:
        if iri.endswith("/dossier.ttl"):
            container = iri.removesuffix("dossier.ttl")
            containers.make(bag.pod, container)
            open_(bag, container, scene.organisation, container.rstrip("/").rpartition("/")[2])
        right(bag, iri, body)

    monkeypatch.setattr(opening, "_create_once", rule_first)
    with writes(scene) as done:
        scene.share()
    assert not opens_last(done)


def test_closing_narrows_before_it_deletes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.share(), scene.share()
    with writes(scene) as done:
        revoke.revoke(scene.bag, first.share_id, NOW)
    assert closes_first(done)

    def deletes_first(bag: Bag, share_id: str) -> None:
        resources.delete(bag.pod, bag.layout.dossier(share_id))
        access.make_private(bag.pod, bag.layout.share(share_id), bag.owner)
        containers.remove(bag.pod, bag.layout.share(share_id))

    monkeypatch.setattr(revoke, "_close", deletes_first)
    with writes(scene) as done:
        revoke.revoke(scene.bag, second.share_id, NOW)
    assert not closes_first(done)


# Rules of others


def test_rules_that_cannot_be_read_are_not_written_over(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    place = access.rule_document(scene.bag.pod, scene.bag.layout.activities)
    broken = b"<#x> acl:agent and then nothing"
    scene.server.put_bytes(place, broken)

    def kept() -> bool:
        with pytest.MonkeyPatch.context() as also:
            also.setattr(scene.server, "instead", lambda _r: None)
            try:
                seeing.make_private_again(scene.bag, scene.bag.layout.activities)
            except MusetteError:
                return scene.server._stored[place].body == broken
        return False

    # The server still knows who owns it, as servers that keep owners apart from rules do.
    monkeypatch.setattr(
        MemoryPod, "_modes", lambda _s, _u, agent: frozenset(Mode) if agent == scene.bag.owner else frozenset()
    )
    assert kept()
    monkeypatch.setattr(access, "rules", lambda *_: None)  # planted: written over unread
    assert not kept()


@pytest.mark.parametrize("planted", [False, True], ids=["as it is", "If-Match dropped"])
def test_two_who_change_rules_at_once_lose_nothing(planted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server whose rules are replaced as a whole, only the condition keeps another's rule."""
    with SwitchServer(Switches(rules="acp", patch="none")) as server:
        person = server.create_pod("demo")
        pod = server.agent(person.webid)
        container = person.storage + "box/"
        containers.make(pod, container)
        access.make_private(pod, container, person.webid)
        theirs = URIRef("https://pod.example/theirs#rule")
        right = access._patch_rules

        def meanwhile(pod_: Pod, before: access.Rules, delta: Any, after: Graph) -> bool:
            monkeypatch.setattr(access, "_patch_rules", right)
            graph = graph_of([*before.graph, (theirs, terms.RDF_TYPE, terms.ACP_POLICY)])
            server.put_bytes(before.document, syntax.turtle(graph))
            return right(pod_, before, delta, after)

        monkeypatch.setattr(access, "_patch_rules", meanwhile)
        if planted:
            put = access._put_rules
            monkeypatch.setattr(access, "_put_rules", lambda p, place, graph, _conditions: put(p, place, graph, {}))
        access.grant(pod, container, "https://club.example/card#me", person.webid, "grant-1")
        kept = (theirs, terms.RDF_TYPE, terms.ACP_POLICY) in access.rules(pod, container).graph
        assert kept is not planted
