"""`make pods`: the conformance suite on every pod server there is here, as a matrix of server and scenario."""

import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.figures import Figure, publish

HERE = Path(__file__).parent


class Collector:
    """One verdict a scenario and server; a skip keeps its reason, in words."""

    def __init__(self) -> None:
        self.verdicts: dict[str, dict[str, str]] = defaultdict(dict)
        self.reasons: list[str] = []

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
            self.reasons.append(f"{server}: {scenario}: {report.longrepr[2]}")
        self.verdicts[scenario][server or "-"] = verdict


def main() -> int:
    os.environ.setdefault("PODS", "all")
    collector = Collector()
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", "--tb=short", str(HERE)], plugins=[collector])
    servers = sorted({server for row in collector.verdicts.values() for server in row})
    out = sys.stdout
    width = max((len(scenario) for scenario in collector.verdicts), default=8)
    out.write(f"\n{'scenario':{width}}  " + "  ".join(f"{server:10}" for server in servers) + "\n")
    for scenario, row in collector.verdicts.items():
        out.write(f"{scenario:{width}}  " + "  ".join(f"{row.get(server, ''):10}" for server in servers) + "\n")
    for reason in collector.reasons:
        out.write(f"skip: {reason}\n")
    figures = []
    for server in servers:
        verdicts = [row[server] for row in collector.verdicts.values() if server in row]
        passed, counted = verdicts.count("ok"), len([v for v in verdicts if v != "skip"])
        what = f"conformance scenarios that hold on {server} ({verdicts.count('skip')} skipped)"
        figures.append(Figure(f"pods-{server}", what, passed, "of", f"= {counted}", passed == counted > 0))
    publish("pods", figures)
    measured = code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and bool(collector.verdicts)
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main())
