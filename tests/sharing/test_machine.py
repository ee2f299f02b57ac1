"""A short run of the machine on each way of writing rules, over real HTTP. The long run: `make sharing-proof`."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from musette_solid.pod import access, wac
from musette_solid.pod.session import Pod
from musette_solid.usecases import opening
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases.prove import Proof
from tests.conformance.switches import Switches, SwitchServer
from tests.conftest import proved
from tests.sharing.machine import Counted, Place, Sharing, people_of
from tests.sharing.revocations import measure


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
    counted = run(rules, 3)
    assert counted.violations == []
    assert counted.probes > 300


@pytest.mark.parametrize("planted", ["closes without narrowing", "opens to whoever has an account"])
def test_the_machine_finds_what_is_planted(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    """With our own proof taken away: the agents who ask find it all the same."""
    monkeypatch.setattr(opening, "prove", lambda *_: Proof(rules=True))
    monkeypatch.setattr(revoking, "prove", lambda *_: Proof(rules=True))
    if planted == "closes without narrowing":
        monkeypatch.setattr(revoking, "_close", lambda *_: None)
        monkeypatch.setattr(revoking, "REFUSED", frozenset(range(600)))
        right = revoking.revoke
        monkeypatch.setattr(
            "tests.sharing.machine.revoke", lambda *a: revoking.Revoked(right(*a).share_id, verified=True)
        )
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
        return Here.counted


def test_no_read_succeeds_once_closing_has_returned() -> None:
    with SwitchServer(Switches()) as server:
        proved(server.base)
        figures = measure(Place(server.agent, people_of(server)), 3, "wac")
    assert [figure.holds for figure in figures] == [True, True, True]
