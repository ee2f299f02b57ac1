"""Two versions of one dossier, thing by thing: what came, what went, what is said differently."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.model import dossier as dossiers
from musette_solid.rdf import names, terms

#: What changes by itself and says nothing: when it was made again.
_MOMENTS = frozenset({terms.DCTERMS_MODIFIED, terms.DCTERMS_ISSUED, terms.OWL_VERSION_INFO, terms.DCTERMS_HAS_PART})


@dataclass(frozen=True, slots=True)
class Change:
    """One property of a thing: its values before and after, as texts; concepts and things go by their IRIs."""

    property: URIRef
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind`: came, went, changed."""

    iri: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()


def compare(before: Graph, after: Graph) -> tuple[Thing, ...]:
    """What changed between two versions of a dossier. Raises NotADossier when one of them is none."""
    old, new = _names(before), _names(after)
    # The same dossier may have been prolonged, or kept as a file: its things go by their own names.
    here, there = {names.local(iri): iri for iri in old}, {names.local(iri): iri for iri in new}
    found = []
    for name in sorted(here.keys() | there.keys()):
        if name not in there:
            found.append(Thing(here[name], old[here[name]], "went"))
        elif name not in here:
            found.append(Thing(there[name], new[there[name]], "came"))
        else:
            changes = _changes(before, URIRef(here[name]), after, URIRef(there[name]))
            if changes:
                found.append(Thing(there[name], new[there[name]], "changed", changes))
    return tuple(found)


def _names(graph: Graph) -> dict[str, str]:
    dossier = dossiers.read(graph)
    things = {one.iri: one.title for one in dossier.activities} | {one.iri: one.label for one in dossier.skills}
    return {dossier.iri: dossier.title, **things, **{one.iri: one.title for one in dossier.accounts}}


def _changes(before: Graph, old: URIRef, after: Graph, new: URIRef) -> tuple[Change, ...]:
    found = []
    for predicate in sorted(set(before.predicates(old)) | set(after.predicates(new)), key=str):
        if predicate in _MOMENTS or not isinstance(predicate, URIRef):
            continue
        was, is_now = _texts(before.objects(old, predicate)), _texts(after.objects(new, predicate))
        if was != is_now:
            found.append(Change(predicate, was, is_now))
    return tuple(found)


def _texts(values: Iterable[Node]) -> tuple[str, ...]:
    # A thing of the dossier itself is the same under another address of it.
    return tuple(sorted(str(v) if isinstance(v, Literal) or "#" not in str(v) else _short(str(v)) for v in values))


def _short(iri: str) -> str:
    return iri if iri.startswith(terms.MUS) else "#" + names.local(iri)
