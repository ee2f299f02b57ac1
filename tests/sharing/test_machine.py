"""A short run of the machine on each way of writing rules, over real HTTP. The long run: `make sharing-proof`."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from rdflib import Graph

from musette_solid.pod import access, resources, wac
from musette_solid.pod.session import Pod
from musette_solid.usecases import comment as commenting
from musette_solid.usecases import opening
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.prove import Proof
from tests.conformance.switches import Switches, SwitchServer
from tests.conftest import proved
from tests.sharing.machine import Counted, Place, Sharing, people_of
from tests.sharing.revocations import closed_at_20_hz


def run(rules: str, examples: int, steps: int = 10) -> Counted:
    with SwitchServer(Switches(rules=rules)) as server:
        proved(server.base, rules)

        class Here(Sharing):
            place = Place(server.agent, people_of(server))
            counted = Counted()

        machine = settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            database=None,
        )
        try:
            run_state_machine_as_test(Here, settings=machine)
        except Exception:
            # Two at once never run twice in the same way: what was seen once was seen.
            if not Here.counted.violations:
                raise
        return Here.counted


@pytest.mark.parametrize("rules", ["wac", "acp"])
def test_what_anybody_can_read_is_what_was_granted(rules: str) -> None:
    counted = run(rules, 2)
    assert counted.violations == []
    assert counted.probes > 200


@pytest.mark.parametrize(
    "planted",
    [
        "closes without narrowing",
        "opens to whoever has an account",
        "closes all but the comments",
        "lets comments be written over",
        "believes what a comment says of its author",
        "never tells that it is over",
    ],
)
def test_the_machine_finds_what_is_planted(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    """With our own proof taken away: the agents who ask find it all the same."""
    monkeypatch.setattr(opening, "prove", lambda *_: Proof(rules=True))
    monkeypatch.setattr(revoking, "prove", lambda *_: Proof(rules=True))
    right = revoking.revoke
    for room in ("dossiers", "mediation"):
        monkeypatch.setattr(
            f"tests.sharing.{room}.revoke", lambda *a: revoking.Revoked(right(*a).share_id, verified=True)
        )
    if planted == "closes without narrowing":
        monkeypatch.setattr(revoking, "_close", lambda *_: None)
        monkeypatch.setattr(revoking, "REFUSED", frozenset(range(600)))
    elif planted == "closes all but the comments":

        def the_dossier_alone(bag: Bag, share_id: str) -> None:
            access.make_private(bag.pod, bag.layout.share(share_id), bag.owner)
            resources.delete(bag.pod, bag.layout.dossier(share_id))

        monkeypatch.setattr(revoking, "_close", the_dossier_alone)
    elif planted == "lets comments be written over":
        with_agent = wac.with_agent

        def writes(graph: Graph, target: str, place: str, agent: str, modes: Any, name: str, **more: Any) -> Graph:
            more_modes = {*modes, wac.Mode.WRITE} if name.startswith("comments-") else modes
            return with_agent(graph, target, place, agent, more_modes, name, **more)

        monkeypatch.setattr(wac, "with_agent", writes)
    elif planted == "believes what a comment says of its author":
        monkeypatch.setattr(
            "musette_solid.usecases.comment.received",
            lambda bag, share_id: tuple(
                commenting.Said(one, one.is_answer, is_kept=False)
                for one in commenting._read(bag.pod, bag.layout.comments(share_id))
            ),
        )
    elif planted == "never tells that it is over":
        monkeypatch.setattr("musette_solid.usecases.acknowledge.tell_closed", lambda *_: False)
    else:
        open_ = access.grant

        def wide(pod: Pod, container: str, agent: str, owner: str, fragment: str, **more: bool) -> access.Rules:
            kept = open_(pod, container, agent, owner, fragment, **more)
            graph = wac.with_agent(
                *(kept.graph, container, kept.document, wac.AUTHENTICATED, {wac.Mode.READ}, "x"),
                contents=True,
                everybody=True,
            )
            access._put_rules(pod, kept.document, graph, {})
            return kept

        monkeypatch.setattr(access, "grant", wide)
    assert walked().violations


def test_the_same_steps_find_nothing_where_nothing_is_planted() -> None:
    assert walked().violations == []


def walked() -> Counted:
    """Open a dossier, ask, close it, ask: what is planted is met for sure, not by chance."""
    with SwitchServer(Switches(rules="wac")) as server:
        proved(server.base, "wac")

        class Here(Sharing):
            place = Place(server.agent, people_of(server))
            counted = Counted()

        machine = Here()
        machine.begin(seed=1)
        with suppress(AssertionError):
            machine.create(title="Trésorerie")
            machine.grant(who="one", days=30)
            machine.everybody_asks()
            machine.revoke(again=False)
            machine.everybody_asks()
            machine.invite(who="other", days=30)
            machine.comment(text="Bien.")
            machine.everybody_asks()
            machine.the_commenter_tries_what_is_not_theirs()
            machine.the_mandate_ends()
            machine.everybody_asks()
            machine.grant(who="one", days=30)
            machine.revoke_and_tell()
        return Here.counted


def test_no_read_succeeds_once_closing_has_returned() -> None:
    with SwitchServer(Switches()) as server:
        proved(server.base)
        figures = closed_at_20_hz(Place(server.agent, people_of(server)), 3).figures("wac")
    assert [figure.holds for figure in figures] == [True, True, True]
