"""`make sharing-proof`: the machine until 100,000 questions were asked, and 200 closings asked for at 20 Hz; figures S-6 and S-8.

    python -m tests.sharing [--server css|css_acp|wac|acp] [--probes N] [--seconds S] [--revocations N] [--fresh]

What was asked is kept in build/sharing-proof.json: a run goes on where the last one ended, so it can be made in pieces, on
several machines too (their counts add up). `wac` and `acp` are the server of the test suite over real HTTP; `css`, `css_acp`
the Community Solid Server.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from musette_solid.embedded import server
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from tests.conformance.conftest import _account
from tests.conformance.switches import Switches, SwitchServer
from tests.conftest import proved
from tests.figures import FOLDER, Figure, publish
from tests.sharing.machine import Counted, Place, Sharing, people_of
from tests.sharing.revocations import Closings, closed_at_20_hz

STATE = FOLDER.parent / "sharing-proof.json"
NAMES = ("owner", "one", "other", "stranger")


@contextmanager
def place(kind: str) -> Iterator[Place]:
    if kind in {"wac", "acp"}:
        with SwitchServer(Switches(rules=kind)) as switched:
            proved(switched.base, kind)
            yield Place(switched.agent, people_of(switched))
        return
    server.install()
    folder = Path(tempfile.mkdtemp())
    with server.PodServer(folder, server.free_port(), acp=kind == "css_acp") as running:
        proved(running.url, "acp" if kind == "css_acp" else "wac")
        outgoing = Outgoing(frozenset({f"localhost:{running.port}"}))
        made = [_account(running.url, name) for name in NAMES]
        credentials = {
            a.webid: oidc.ClientCredentials(outgoing, running.url, oidc.Client(a.client_id, a.client_secret), a.webid)
            for a in made
        }

        def agent(webid: str | None) -> Pod:
            return Pod(outgoing, webid, credentials[webid] if webid else None)

        yield Place(agent, [(a.webid, a.pod) for a in made])


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--server", default="css", choices=["css", "css_acp", "wac", "acp"])
    asked.add_argument("--probes", type=int, default=100_000)
    asked.add_argument("--seconds", type=float, default=3600)
    asked.add_argument("--revocations", type=int, default=200)
    asked.add_argument("--fresh", action="store_true", help="forget what was asked before")
    said = asked.parse_args()
    state = {} if said.fresh or not STATE.exists() else json.loads(STATE.read_text("utf-8"))
    kept = state.setdefault(said.server, {"probes": 0, "steps": 0, "runs": 0, "rounds": 0, "violations": []})
    kept.setdefault("stopped", [])
    kept.setdefault("seconds", 0.0)
    ends = time.monotonic() + said.seconds
    while kept["probes"] < said.probes and time.monotonic() < ends:
        # Another server each time: a bag that a hundred sequences lived in is no bag of anybody.
        with place(said.server) as where:
            if (left := said.revocations - closings_of(kept).closings) > 0:
                kept["closings"] = asdict(closings_of(kept) + closed_at_20_hz(where, left))
                _keep(said.server, kept)
            _round(where, kept)
        _keep(said.server, kept)
        sys.stderr.write(
            f"{kept['probes']} asked, {len(kept['violations'])} violations, {kept['stopped']} stopped, {kept['seconds']:.0f} s\n"
        )
    figures = [
        *(closings_of(kept).figures(said.server) if "closings" in kept else ()),
        Figure(
            "S-6",
            f"questions answered as they should not have been, of {kept['probes']} in {kept['runs']} sequences of {kept['steps']} states ({said.server})",
            len(kept["violations"]),
            "answers",
            "0",
            not kept["violations"],
        ),
        Figure(
            "S-6 asked",
            f"questions asked ({said.server})",
            kept["probes"],
            "probes",
            ">= 100000",
            kept["probes"] >= 100_000,
        ),
        Figure(
            "S-6 stopped",
            f"sequences that ended before their end, because the server gave no answer ({said.server})",
            len(kept["stopped"]),
            "runs",
            "0",
            not kept["stopped"],
        ),
    ]
    publish(f"sharing-{said.server}", figures)
    return 1 if kept["violations"] else 0


def _keep(server_: str, kept: dict[str, Any]) -> None:
    """Beside what another run wrote meanwhile."""
    state = json.loads(STATE.read_text("utf-8")) if STATE.exists() else {}
    state[server_] = kept
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps(state, ensure_ascii=False, indent=2) + "\n", "utf-8")


def closings_of(kept: dict[str, Any]) -> Closings:
    return Closings(**kept.get("closings", {}))


def _round(where: Place, kept: dict[str, Any]) -> None:
    """A few sequences that were never run before: what was asked is kept after them."""

    class Here(Sharing):
        place = where
        counted = Counted()
        thorough = True
        before: ClassVar[set[str]] = set()

    kept["rounds"] += 1
    machine = settings(
        max_examples=3,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
        derandomize=False,
    )
    begun = time.monotonic()
    try:
        run_state_machine_as_test(seed(kept["rounds"])(Here), settings=machine)
    except Exception as error:  # noqa: BLE001  (the sequence is told whole by Hypothesis; the count goes on)
        causes = [one for one in _causes(error) if not isinstance(one, BaseExceptionGroup)]
        if not Here.counted.violations and not any(isinstance(one, AssertionError) for one in causes):
            kept["stopped"].append(repr(causes[0] if causes else error)[:500])
        elif not Here.counted.violations:
            Here.counted.violations.append(repr(causes[0])[:500])
    kept["seconds"] += time.monotonic() - begun
    for name in ("probes", "steps", "runs"):
        kept[name] += getattr(Here.counted, name)
    kept["violations"] += Here.counted.violations


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)


if __name__ == "__main__":
    sys.exit(main())
