"""Two graphs to triples out and triples in: what a change is, before anything is sent.

Blank nodes are refused: no patch may contain them (Solid Protocol 0.11, N3 Patch).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import BNode, Graph

from musette_solid.errors import N_, MusetteError
from musette_solid.rdf import terms
from musette_solid.rdf.syntax import Triple, graph_of, n_triples


class BlankNode(MusetteError):
    what = N_("A change held a node without a name, which no patch can carry.")
    do = N_("This is ours to fix: please tell us what you were doing.")


@dataclass(frozen=True)
class Delta:
    """What a change takes out and puts in. Never overlaps, never holds a blank node."""

    out: frozenset[Triple] = frozenset()
    into: frozenset[Triple] = frozenset()

    def __post_init__(self) -> None:
        if any(isinstance(node, BNode) for triple in self.out | self.into for node in triple):
            raise BlankNode

    def __bool__(self) -> bool:
        return bool(self.out or self.into)

    def __or__(self, other: "Delta") -> "Delta":
        """This change and then `other`."""
        return Delta(
            (self.out - other.into) | (other.out - self.into),
            (self.into - other.out) | (other.into - self.out),
        )


def between(before: Graph, after: Graph) -> Delta:
    old, new = frozenset(before), frozenset(after)
    return Delta(old - new, new - old)


def apply(change: Delta, graph: Graph) -> Graph:
    """A new graph; `graph` is left as it was."""
    return graph_of((set(graph) - change.out) | change.into)


def merge(before: Graph, change: Delta, now: Graph) -> Delta | None:
    """The change, made from `before`, as it can be applied to `now`; None when the two versions contradict each other.

    They do when both took out one triple and put something else in its place, when one took a whole thing out that the other
    went on writing about. All else stands side by side: a triple is nobody's but who wrote it.
    """
    old, new = _named(before), _named(now)
    theirs_out, theirs_in = old - new, new - old
    for subject, predicate, _ in change.out & theirs_out:
        mine = {o for s, p, o in change.into if (s, p) == (subject, predicate)}
        other = {o for s, p, o in theirs_in if (s, p) == (subject, predicate)}
        if mine != other:
            return None
    had = {s for s, _, _ in old}
    touched = {s for s, _, _ in theirs_out | theirs_in}
    for subject in {s for s, _, _ in change.out | change.into} & had & touched:
        said = {t for t in old if t[0] == subject}
        gone_here = said <= change.out and not any(s == subject for s, _, _ in change.into)
        gone_there = not any(s == subject for s, _, _ in new)
        if gone_here != gone_there:
            return None
    return Delta(change.out & new, change.into - new)


def _named(graph: Graph) -> frozenset[Triple]:
    """The triples without blank nodes: those have another name each time a document is read."""
    return frozenset(triple for triple in graph if not any(isinstance(node, BNode) for node in triple))


def telling(triples: Iterable[Triple]) -> Triple | None:
    """The triple that will be there the longest: what a thing is changes less than what is said of it. None of none."""
    named = (triple for triple in triples if not any(isinstance(node, BNode) for node in triple))
    return min(named, key=lambda triple: (triple[1] != terms.RDF_TYPE, *map(str, triple)), default=None)


def sparql_update(change: Delta) -> bytes:
    """The change as a SPARQL 1.1 Update. Taking out what is not there is no error in it: only for use under If-Match."""
    parts = [
        f"{verb} DATA {{\n{n_triples(graph_of(triples)).decode().rstrip()}\n}}"
        for verb, triples in (("DELETE", change.out), ("INSERT", change.into))
        if triples
    ]
    return ";\n".join(parts).encode() + b"\n"


def n3_patch(change: Delta, where: frozenset[Triple] = frozenset()) -> bytes:
    """The change as an N3 Patch (Solid Protocol 0.11, 5.3.1); `where`: triples without which it is to be refused.

    One triple a line, absolute IRIs: the form that the weakest servers read.
    """
    parts = ["@prefix solid: <http://www.w3.org/ns/solid/terms#>.", "_:patch a solid:InsertDeletePatch"]
    for predicate, triples in (("where", where), ("deletes", change.out), ("inserts", change.into)):
        if triples:
            lines = n_triples(graph_of(triples)).decode().rstrip()
            parts[-1] += ";"
            parts.append(f"  solid:{predicate} {{\n{lines}\n  }}")
    return ("\n".join(parts) + ".\n").encode()
