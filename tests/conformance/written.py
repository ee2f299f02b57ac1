"""The matrix of `make pods` as a page of the documentation: a row a scenario, a column a server, and why something is left out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.conformance.quirks import MAKE_PODS

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
_HEAD = """# What holds on which pod server

Made by `python -m tests.conformance.matrix --write`, which runs every scenario on every server; it writes nothing unless all of them hold
or are left out with their reason. A cell says how many forms of a scenario hold, of how many that were tried; empty: the scenario is
not for this server. What it means for somebody who chooses a server is in [servers](servers.md).
"""


def scenario(name: str) -> str:
    """Without its form."""
    return name.partition(" [")[0]


def document(
    verdicts: Mapping[str, Mapping[str, str]], reasons: Mapping[tuple[str, str], str], called: Mapping[str, str]
) -> str:
    """`verdicts`: scenario and form to server to ok or skip; `reasons`: of what is skipped, by server and scenario."""
    return "\n".join([_HEAD, *_table(verdicts, called), "", "## Left out, and why", "", *_left_out(reasons, called)])


def _table(verdicts: Mapping[str, Mapping[str, str]], called: Mapping[str, str]) -> Iterator[str]:
    counted: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name, row in verdicts.items():
        for server, verdict in row.items():
            counted[scenario(name)][server].append(verdict == "ok")
    yield "| scenario | " + " | ".join(called[server] for server in MAKE_PODS) + " |"
    yield "|---" * (len(MAKE_PODS) + 1) + "|"
    for name, of_servers in counted.items():
        yield f"| {name} | " + " | ".join(_cell(of_servers.get(server, [])) for server in MAKE_PODS) + " |"
    sums = [[holds for row in counted.values() for holds in row.get(server, [])] for server in MAKE_PODS]
    yield "| **all** | " + " | ".join(f"**{sum(one)} of {len(one)}**" for one in sums) + " |"


def _cell(held: list[bool]) -> str:
    if not held:
        return ""
    if len(held) == 1:
        return "holds" if held[0] else "left out"
    return f"{sum(held)} of {len(held)}" if any(held) else "left out"


def _left_out(reasons: Mapping[tuple[str, str], str], called: Mapping[str, str]) -> Iterator[str]:
    for server in MAKE_PODS:
        of_one: dict[str, list[str]] = defaultdict(list)
        for (where, name), reason in reasons.items():
            if where == server and scenario(name) not in of_one[reason]:
                of_one[reason].append(scenario(name))
        if of_one:
            yield f"### {called[server]}\n"
            yield from (f"* {'; '.join(names)}: {reason}." for reason, names in of_one.items())
            yield ""
