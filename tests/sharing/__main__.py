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
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

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
    ends = time.monotonic() + said.seconds
    with place(said.server) as where:
        while (left := said.revocations - closings_of(kept).closings) > 0 and time.monotonic() < ends:
            kept["closings"] = asdict(closings_of(kept) + closed_at_20_hz(where, min(left, 20)))
            _keep(state)
        while kept["probes"] < said.probes and time.monotonic() < ends:
            _round(where, kept)
            _keep(state)
            sys.stderr.write(f"{kept['probes']} asked, {len(kept['violations'])} violations\n")
    figures = [
        *(closings_of(kept).figures(said.server) if "closings" in kept else ()),
        Figure(
            "S-6",
            f"questions answered as they should not have been, of {kept['probes']} in {kept['runs']} sequences ({said.server})",
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
    ]
    publish(f"sharing-{said.server}", figures)
    return 1 if kept["violations"] else 0


def _keep(state: dict[str, object]) -> None:
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps(state, ensure_ascii=False, indent=2) + "\n", "utf-8")


def closings_of(kept: dict[str, object]) -> Closings:
    return Closings(**kept.get("closings", {}))  # type: ignore[arg-type]


def _round(where: Place, kept: dict[str, object]) -> None:
    """Ten sequences that were never run before."""

    class Here(Sharing):
        place = where
        counted = Counted()

    kept["rounds"] = int(str(kept["rounds"])) + 1
    machine = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
        derandomize=False,
    )
    # A sequence that fails is told whole by Hypothesis; the count goes on.
    with suppress(Exception):
        run_state_machine_as_test(seed(int(str(kept["rounds"])))(Here), settings=machine)
    for name in ("probes", "steps", "runs"):
        kept[name] = int(str(kept[name])) + int(getattr(Here.counted, name))
    kept["violations"] = [*kept["violations"], *Here.counted.violations]  # type: ignore[misc]


if __name__ == "__main__":
    sys.exit(main())
