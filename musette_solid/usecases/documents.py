"""Read several documents of a bag side by side; one that cannot be read is named, never hidden."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from rdflib import Graph, URIRef

from musette_solid.model import dates
from musette_solid.pod import resources
from musette_solid.pod.errors import NotUnderstood, PodError
from musette_solid.pod.resources import Reader, Resource
from musette_solid.rdf import delta, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.layout import Bag

V = TypeVar("V")

#: A server works on requests that come in together in turns, and answers them all at the end; one that came this much
#: earlier is answered while it works on the others. Less than the work that follows upon the first takes.
HEAD_START_S = 0.012


@dataclass(frozen=True)
class Documents:
    """What was read. A damaged document counts as empty for showing, and is never written to."""

    by_iri: dict[str, Resource | NotUnderstood]

    def graph(self, iri: str) -> Graph:
        found = self.by_iri[iri]
        return found.graph if isinstance(found, Resource) else syntax.empty()

    def said(self, iri: str, reader: Reader[V]) -> V:
        """What `reader` makes of it."""
        found = self.by_iri[iri]
        return found.said(reader) if isinstance(found, Resource) else reader(b"", syntax.TURTLE, iri)

    def resource(self, iri: str) -> Resource:
        """The document to change. Raises NotUnderstood when it could not be read: then it must not be written."""
        found = self.by_iri[iri]
        if isinstance(found, NotUnderstood):
            raise found
        return found

    @property
    def unreadable(self) -> tuple[str, ...]:
        return tuple(iri for iri, found in self.by_iri.items() if isinstance(found, NotUnderstood))


def read_documents(
    bag: Bag,
    iris: Sequence[str],
    *,
    readers: Sequence[Reader[Any]] = (),
    meanwhile: Callable[[Documents], object] | None = None,
) -> Documents:
    """All of them at once. Anything but a damaged document (no answer, refused, signed out) is raised.

    `readers`, one a document: what is wanted of each, when it is less than its graph. `meanwhile`: work upon the first
    document alone, done while the others are still on their way.
    """

    def one(iri: str, reader: Reader[Any]) -> Resource | NotUnderstood:
        try:
            return resources.read(bag.pod, iri, reader=reader)
        except NotUnderstood as error:
            return error

    through = readers or [syntax.parse] * len(iris)
    wanted = dict(zip(iris, through, strict=True))
    # What nobody is asked for is not worth a thread.
    found = {iri: one(iri, reader) for iri, reader in wanted.items() if resources.is_at_hand(bag.pod, iri)}
    asked = {iri: reader for iri, reader in wanted.items() if iri not in found}

    def task(iri: str, reader: Reader[Any]) -> Resource | NotUnderstood:
        read = one(iri, reader)
        if meanwhile is not None and iri == iris[0]:
            meanwhile(Documents({iri: read}))
        return read

    answers = bag.pod.together(
        [partial(task, iri, reader) for iri, reader in asked.items()],
        head_start_s=HEAD_START_S if meanwhile is not None and iris[0] in asked else 0,
    )
    found.update(zip(asked, answers, strict=True))
    return Documents({iri: found[iri] for iri in wanted})


def said_of(graph: Graph, subject: str) -> frozenset[Triple]:
    """Every triple whose subject it is, but the one that says that it was taken out."""
    return frozenset(t for t in graph.triples((URIRef(subject), None, None)) if t[1] != terms.PROV_INVALIDATED_AT_TIME)


def version_of(graph: Graph, subject: str) -> str:
    """A short mark of what is said of one subject: a form shows it again, to prove what it was made from."""
    return syntax.digest(syntax.graph_of(said_of(graph, subject)))


def without(graph: Graph, subjects: Iterable[str], now: datetime | None = None) -> Delta:
    """The change that takes these subjects out, and what points at them from this document.

    Their names stay, with the day they went (`now`): what is missing and does not say so has been lost (usecases/keep).
    """
    gone = {URIRef(subject) for subject in subjects}
    out = frozenset(t for t in graph if t[0] in gone or t[2] in gone)
    when = dates.moment(now or datetime.now(UTC))
    into = frozenset((s, terms.PROV_INVALIDATED_AT_TIME, when) for s in gone if any(t[0] == s for t in out))
    return Delta(out - into, into - out)


def marked(bag: Bag, document: Resource, change: Delta) -> Resource:
    """Change a document that was read, or written, a moment ago; the document as it is then, without reading it again."""
    try:
        resources.change(bag.pod, document, change)
    except PodError as error:
        if error.status != 428:
            raise
        resources.change(
            bag.pod, resources.read(bag.pod, document.iri), change
        )  # a server that must be shown a version
    return document.holding(delta.apply(change, document.graph))
