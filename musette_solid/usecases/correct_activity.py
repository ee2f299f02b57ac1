"""Correct an activity, take it out, put it back."""

import base64
import zlib
from dataclasses import dataclass
from datetime import datetime

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model.shapes import fields
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.names import document
from musette_solid.usecases.documents import said_of, version_of, without
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, activity_graph, timestamp


class NotPutBack(MusetteError):
    what = N_("What was deleted could not be put back.")
    do = N_("Enter it again, or restore it from your last archive.")


def correct_activity(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """Replace what the form says of one activity; what other applications said of it stays.

    `seen` is the version that the form was made from. Raises Unfit; ChangedMeanwhile with `.details["theirs"]` (the
    document as it is now) when somebody changed this activity since: then nothing is written.
    """
    base = resources.read(bag.pod, bag.layout.activities)
    subject = URIRef(iri)
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    if version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    after = activity_graph(iri, texts, base.graph)
    ours = {field.path for field in fields(terms.ActivityShape)}
    if "mobilises" not in texts:  # the page lets a person choose skills elsewhere: an absent field is not an empty one
        ours.discard(terms.MOBILISES)
    if "evidence" not in texts:
        ours.discard(terms.EVIDENCE)
    ours.add(terms.DCTERMS_MODIFIED)
    out = {t for t in before if t[1] in ours}
    into = set(after) | {(subject, terms.DCTERMS_MODIFIED, timestamp(now))}
    resources.change(bag.pod, base, Delta(frozenset(out - into), frozenset(into - set(base.graph))))


@dataclass(frozen=True)
class Removed:
    """What was taken out, packed so that the page itself can carry it: the application keeps nothing."""

    iri: str
    packed: str


def remove(bag: Bag, document_iri: str, subjects: frozenset[str]) -> Removed:
    """Take subjects out of one document of the bag, and what pointed at them there. Raises NotThere."""
    base = resources.read(bag.pod, document_iri)
    if not any(said_of(base.graph, subject) for subject in subjects):
        raise NotThere(next(iter(sorted(subjects))), 404)
    change = without(base.graph, subjects)
    resources.change(bag.pod, base, change)
    return Removed(min(subjects), pack(change))


def remove_activity(bag: Bag, iri: str) -> Removed:
    """Take one activity out. Time that was logged for it stays in the time log."""
    return remove(bag, bag.layout.activities, frozenset({iri}))


def pack(change: Delta) -> str:
    text = syntax.n_triples(syntax.graph_of(change.out))
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()


def put_back(bag: Bag, packed: str) -> str:
    """Write again what `remove` took out; the document it went to. Only into the bag. Raises NotPutBack."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(base64.urlsafe_b64decode(packed.encode()), 4 * 1024 * 1024)
        graph = syntax.parse(text, syntax.N_TRIPLES, bag.layout.root)
    except (ValueError, zlib.error, syntax.NotRdf) as error:
        raise NotPutBack from error
    documents = {document(str(subject)) for subject in graph.subjects()}
    if len(documents) != 1 or unpacker.unconsumed_tail:
        raise NotPutBack
    target = documents.pop()
    layout = bag.layout
    inner = target.removeprefix(layout.root)
    whole = {layout.activities, layout.skills, layout.goals, layout.people, layout.tools, layout.values}
    whole |= {layout.watch, layout.scenarios}
    if inner == target or not (target in whole or inner.startswith(("time/", "journal/", "methods/"))):
        raise NotPutBack
    base = resources.read(bag.pod, target)
    again = frozenset(t for t in base.graph if t[1] == terms.PROV_INVALIDATED_AT_TIME and t[0] in set(graph.subjects()))
    resources.change(bag.pod, base, Delta(again - frozenset(graph), frozenset(graph) - frozenset(base.graph)))
    return target
