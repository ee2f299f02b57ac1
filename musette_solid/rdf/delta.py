"""Two graphs to triples out and triples in: what a change is, before anything is sent.

Blank nodes are refused: no patch may contain them (Solid Protocol 0.11, N3 Patch).
"""

from dataclasses import dataclass

from rdflib import BNode, Graph

from musette_solid.errors import N_, MusetteError
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


def n3_patch(change: Delta) -> bytes:
    """The change as an N3 Patch (Solid Protocol 0.11, 5.3.1).

    One triple a line, absolute IRIs: the form that the weakest servers read.
    """
    parts = ["@prefix solid: <http://www.w3.org/ns/solid/terms#>.", "_:patch a solid:InsertDeletePatch"]
    for predicate, triples in (("deletes", change.out), ("inserts", change.into)):
        if triples:
            lines = n_triples(graph_of(triples)).decode().rstrip()
            parts[-1] += ";"
            parts.append(f"  solid:{predicate} {{\n{lines}\n  }}")
    return ("\n".join(parts) + ".\n").encode()
