"""Take something out of the bag with all that points at it, and put it back exactly as it was.

What undoing needs travels with whoever deleted it, on the page or on the screen: the application keeps nothing.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model.intent import Change
from musette_solid.pod.errors import NotThere
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.documents import read_documents, said_of, without
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag

#: What is put back is no longer than this before it was packed.
_LARGEST_BYTES = 16 * 1024 * 1024


class NotPutBack(MusetteError):
    what = N_("What was deleted could not be put back.")
    do = N_("Enter it again, or restore it from your last archive.")


@dataclass(frozen=True)
class Removed:
    """What was taken out, packed so that the page itself can carry it."""

    iri: str
    packed: str


def remove(
    bag: Bag,
    document_iri: str,
    subjects: Iterable[str],
    now: datetime | None = None,
    *,
    beside: Sequence[str] = (),
    deletes: Sequence[str] = (),
) -> Removed:
    """Take subjects out of a document of the bag, and what points at them there and in the documents `beside` it.

    All of it or nothing; what `deletes` names in the bag goes with it, and does not come back. Raises NotThere.
    """
    now, gone = now or datetime.now(UTC), frozenset(subjects)
    documents = read_documents(bag, (document_iri, *beside))
    bases = [documents.resource(iri) for iri in (document_iri, *beside)]
    if not any(said_of(bases[0].graph, subject) for subject in gone):
        raise NotThere(min(gone), 404)
    changes = [Change(base.iri, without(base.graph, gone, now)) for base in bases]
    carry_out(bag, terms.OPERATION_REMOVE, changes, now, bases, deletes=deletes)
    return Removed(min(gone), pack(gone, {one.document: one.delta.out for one in changes}))


def pack(gone: Iterable[str], out: Mapping[str, frozenset[Triple]]) -> str:
    """`gone`: the things that were taken out; `out`: what went, by document, the things' own first."""
    whole = [[iri, syntax.n_triples(syntax.graph_of(triples)).decode()] for iri, triples in out.items() if triples]
    text = json.dumps({"gone": sorted(gone), "out": whole}).encode()
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()


def _unpacked(bag: Bag, packed: str) -> tuple[frozenset[str], dict[str, Graph]]:
    """Raises NotPutBack, also for what would go elsewhere than into the bag."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(base64.urlsafe_b64decode(packed.encode()), _LARGEST_BYTES)
        said = json.loads(text)
        gone = frozenset(str(iri) for iri in said["gone"])
        out = {str(iri): syntax.parse(body.encode(), syntax.N_TRIPLES, bag.layout.root) for iri, body in said["out"]}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error, syntax.NotRdf) as error:
        raise NotPutBack from error
    if unpacker.unconsumed_tail or not out or not all(_is_ours(bag, iri) for iri in out):
        raise NotPutBack
    return gone, out


def _is_ours(bag: Bag, document: str) -> bool:
    layout = bag.layout
    whole = {layout.activities, layout.skills, layout.goals, layout.people, layout.tools, layout.values}
    whole |= {layout.watch, layout.scenarios, layout.rights}
    inner = document.removeprefix(layout.root)
    return inner != document and (document in whole or inner.startswith(("time/", "journal/", "methods/")))


def put_back(bag: Bag, packed: str, now: datetime | None = None) -> str:
    """Write again what `remove` took out, all of it or nothing; the document of the thing. Raises NotPutBack.

    What pointed at it from a thing that is no longer there either does not come back.
    """
    gone, out = _unpacked(bag, packed)
    documents = read_documents(bag, tuple(out))
    bases = [documents.resource(iri) for iri in out]
    changes = [Change(base.iri, _again(base, out[base.iri], gone)) for base in bases]
    carry_out(bag, terms.OPERATION_RECORD, changes, now or datetime.now(UTC), bases)
    return bases[0].iri


def _again(base: Resource, out: Graph, gone: frozenset[str]) -> Delta:
    there = base.graph

    def may_return(triple: Triple) -> bool:
        thing = str(triple[0])
        return thing in gone or names.document(thing) != base.iri or bool(said_of(there, thing))

    back = frozenset(triple for triple in out if may_return(triple))
    marks = {t for iri in gone for t in there.triples((URIRef(iri), terms.PROV_INVALIDATED_AT_TIME, None))}
    return Delta(frozenset(marks) - back, back - frozenset(there))
