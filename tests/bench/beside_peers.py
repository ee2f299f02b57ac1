"""`make bench-peers`: load a document of 10,000 things and total them, beside other people's libraries, taking turns.

Every way loads the whole document from bytes in memory (no network), then adds up the minutes of its 10,000 time entries;
all must find the same sum. The JavaScript ones have a process of their own, started and warmed before the clock runs.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Self

import rdflib

from musette_solid.rdf import syntax, terms
from musette_solid.rdf.questions import select
from musette_solid.rdf.store import by_subject
from tests import npm
from tests.bench.taking_turns import Way, medians
from tests.figures import Figure, publish

THINGS = 10_000
BASE = "https://pod.example/musette/time/2026.ttl"
HERE = Path(__file__).parent / "peers"
_TOTAL = f"SELECT (SUM(?minutes) AS ?total) {{ ?entry a <{terms.TimeEntry}> ; <{terms.MINUTES}> ?minutes }}"


def document(things: int = THINGS) -> tuple[bytes, int]:
    """A year of many entries, and the sum of their minutes."""
    minutes = [15 + number % 300 for number in range(things)]
    lines = [f"@prefix {prefix}: <{syntax.PREFIXES[prefix]}> ." for prefix in ("mus", "dcterms", "xsd")]
    lines += [
        f"<#t-{number}> a mus:TimeEntry ; mus:activity <../activities.ttl#a-{number % 50}> ; "
        f'dcterms:date "2026-{1 + number % 12:02}-{1 + number % 28:02}"^^xsd:date ; mus:minutes {spent} ; '
        f"mus:precision mus:precision-exact ; mus:counterpart mus:counterpart-paid ."
        for number, spent in enumerate(minutes)
    ]
    return "\n".join(lines).encode(), sum(minutes)


def our_graph(body: bytes) -> int:
    """As an rdflib graph of ours."""
    graph = syntax.parse(body, syntax.TURTLE, BASE)
    return sum(int(o) for said in by_subject(graph).values() for o in said.get(terms.MINUTES, ()))  # type: ignore[call-overload]


def our_question(body: bytes) -> int:
    """By a SPARQL question, when only the answer is wanted."""
    ((total,),) = select(body, syntax.TURTLE, BASE, _TOTAL)
    return int(str(total))


def rdflib_alone(body: bytes) -> int:
    graph = rdflib.Graph()
    graph.parse(data=body, format="turtle", publicID=BASE)
    return sum(int(o) for o in graph.objects(None, terms.MINUTES))  # type: ignore[call-overload]


class Peer:
    """One JavaScript library in its own process."""

    def __init__(self, place: Path, path: Path, library: str, expected: int) -> None:
        self._expected = expected
        self._process = subprocess.Popen(
            ["node", "total.mjs", str(path), BASE, library],
            cwd=place,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def total(self) -> float:
        """Once; how many seconds it took. Fails when the sum is another one."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("once\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if answer["total"] != self._expected:
            raise SystemExit(f"a peer found {answer['total']} instead of {self._expected}")
        return float(answer["ms"]) / 1000


def here(total: Callable[[bytes], int], body: bytes, expected: int) -> Way:
    def way() -> None:
        found = total(body)
        if found != expected:
            raise SystemExit(f"{total.__name__} found {found} instead of {expected}")

    return way


def figures(rounds: int = 7) -> list[Figure]:
    body, expected = document()
    if not npm.node_is_recent():
        raise SystemExit(f"Node.js {npm.NODE_MAJOR} or later is needed here")
    place = npm.installed(HERE, "bench-peers")
    (place / "total.mjs").write_bytes((HERE / "total.mjs").read_bytes())  # node looks for packages where the script is
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "time.ttl"
        path.write_bytes(body)
        with Peer(place, path, "ldo", expected) as ldo, Peer(place, path, "inrupt", expected) as inrupt:
            taken = medians(
                {
                    "graph": here(our_graph, body, expected),
                    "question": here(our_question, body, expected),
                    "rdflib": here(rdflib_alone, body, expected),
                    "ldo": ldo.total,
                },
                rounds,
            )
            # More than a minute each time: once, and ours right before it.
            once = medians({"graph": here(our_graph, body, expected), "inrupt": inrupt.total}, 1, warm_up=0)
    ours = taken["graph"]
    ratios = [
        ("P7-rdflib", "rdflib's own parser and store", taken["rdflib"] / ours, 10),
        ("P7-ldo", "@ldo/ldo", taken["ldo"] / ours, 2),
        ("P7-inrupt", "@inrupt/solid-client (measured once)", once["inrupt"] / once["graph"], 100),
    ]
    made = [
        Figure(
            name, f"load and total {THINGS:,} things: {peer} / our graph", ratio, "ratio", f">= {least}", ratio >= least
        )
        for name, peer, ratio, least in ratios
    ]
    faster = ours / taken["question"]
    what = f"load and total {THINGS:,} things: our graph / a SPARQL question without a graph"
    return [*made, Figure("P7-question", what, faster, "ratio", ">= 1", faster >= 1)]


def main() -> int:
    publish("bench-peers", figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())
