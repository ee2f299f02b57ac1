"""Correct an activity, take it out."""

from datetime import datetime

from rdflib import URIRef

from musette_solid.model.shapes import fields
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import said_of, version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, activity_graph, timestamp
from musette_solid.usecases.take_out import Removed, remove


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


def remove_activity(bag: Bag, iri: str) -> Removed:
    """Take one activity out. Time that was logged for it stays in the time log."""
    return remove(bag, bag.layout.activities, {iri})
