"""`make pods`: the conformance suite on every pod server there is here, as a matrix of server and scenario, and in words.

`python -m tests.conformance.matrix --write` also writes docs/reference/conformance.md, once all of it holds. The exit code is 0 when nothing failed on any of them, what is left out having its reason, and every server was there.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conformance import written
from tests.conformance.quirks import MAKE_PODS
from tests.figures import Figure, publish

HERE = Path(__file__).parent


#: The scenario that says whether La Musette is of use on a server.
MAIN_JOB = "a dossier is read by its recipient until it is closed"
CALLED = {
    "memory": "The pod in memory, WAC",
    "memory_acp": "The pod in memory, ACP",
    "switches": "The server with switches",
    "css": "Community Solid Server on files, WAC",
    "css_acp": "Community Solid Server on files, ACP",
    "css_memory": "Community Solid Server in memory",
    "nss": "node-solid-server",
    "jss": "javascript-solid-server",
}


class Collector:
    """One verdict a scenario and server; a skip keeps its reason, in words."""

    def __init__(self) -> None:
        self.verdicts: dict[str, dict[str, str]] = defaultdict(dict)
        self.reasons: dict[tuple[str, str], str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown" or (report.when == "setup" and report.outcome == "passed"):
            return
        name, _, parameters = report.nodeid.rpartition("::")[2].partition("[")
        if "test_switches.py" in report.nodeid:  # one habit a row
            server, more = "switches", parameters.rstrip("]")
        else:
            server, _, more = parameters.rstrip("]").partition("-")
        scenario = name.removeprefix("test_").replace("_", " ") + (f" [{more}]" if more else "")
        verdict = {"passed": "ok", "failed": "FAILED", "skipped": "skip"}[report.outcome]
        if verdict == "skip" and isinstance(report.longrepr, tuple):
            self.reasons[server, scenario] = report.longrepr[2].removeprefix("Skipped: ")
        if self.verdicts[scenario].get(server or "-") != "FAILED":  # the last word is the worst
            self.verdicts[scenario][server or "-"] = verdict

    def in_words(self, server: str) -> str:
        """What somebody who wants to know whether to use a server should know."""
        verdicts = [row[server] for row in self.verdicts.values() if server in row]
        held, failed, skipped = (verdicts.count(kind) for kind in ("ok", "FAILED", "skip"))
        of_all = f"{held} scenarios hold, {failed} failed, {skipped} are left out with their reason"
        job = self.verdicts.get(MAIN_JOB, {}).get(server, "")
        said = {
            "ok": "a dossier is shown to one recipient and closed again",
            "skip": f"a dossier is not shown there: {self.reasons.get((server, MAIN_JOB), '')}",
            "FAILED": "A DOSSIER IS NOT SHOWN AND CLOSED AS IT SHOULD BE",
        }.get(job, "no dossier was tried")
        return f"{CALLED.get(server, server)}: {said}. {of_all}."


def main(arguments: Sequence[str] = ()) -> int:
    os.environ.setdefault("PODS", "all")
    collector = Collector()
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", "--tb=short", str(HERE)], plugins=[collector])
    servers = sorted({server for row in collector.verdicts.values() for server in row})
    out = sys.stdout
    width = max((len(scenario) for scenario in collector.verdicts), default=8)
    out.write(f"\n{'scenario':{width}}  " + "  ".join(f"{server:10}" for server in servers) + "\n")
    for scenario, row in collector.verdicts.items():
        out.write(f"{scenario:{width}}  " + "  ".join(f"{row.get(server, ''):10}" for server in servers) + "\n")
    for (server, scenario), reason in collector.reasons.items():
        out.write(f"skip: {server}: {scenario}: {reason}\n")
    out.write("\n")
    for server in servers:
        out.write(collector.in_words(server) + "\n")
    figures = []
    for server in servers:
        verdicts = [row[server] for row in collector.verdicts.values() if server in row]
        passed, counted = verdicts.count("ok"), len([v for v in verdicts if v != "skip"])
        what = f"conformance scenarios that hold on {server} ({verdicts.count('skip')} skipped)"
        figures.append(Figure(f"pods-{server}", what, passed, "of", f"= {counted}", passed == counted > 0))
    publish("pods", figures)
    wanted = os.environ["PODS"]
    missing = set(MAKE_PODS if wanted == "all" else wanted.split(",")) - set(servers)
    if missing:
        out.write(f"not measured: {', '.join(sorted(missing))}\n")
    failed = code != pytest.ExitCode.OK or bool(missing)
    if "--write" in arguments and not failed:
        written.DOCUMENT.write_text(written.document(collector.verdicts, collector.reasons, CALLED), "utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
