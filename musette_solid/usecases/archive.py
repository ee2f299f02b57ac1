"""Take everything along in one file (usecases/put_back puts it back)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rdflib import Graph

from musette_solid.exchange import archive, archive_page
from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.pod import containers, files, resources
from musette_solid.pod.errors import AccessRefused, NotThere, NotUnderstood
from musette_solid.pod.http import Limits
from musette_solid.rdf import syntax
from musette_solid.usecases.layout import Bag

#: What a server lists beside documents, and what is nobody's to carry along.
_RULES = (".acl", ".acr", ".meta")
#: Whoever leaves has time.
_LONG = Limits(total_s=300, size_bytes=250 * 1024 * 1024)


@dataclass
class Making:
    """An archive in the making. `documents` and `unreadable` are whole once `pieces` came to its end."""

    bag: Bag
    now: datetime
    language: str
    documents: int = 0
    unreadable: list[str] = field(default_factory=list)

    def pieces(self) -> Iterator[bytes]:
        """The archive, a piece at a time: every document as the space gives it; what could not be read is named in it.

        Raises what reading raises when the space stops answering: then what was given is no archive, and opens nowhere.
        """
        bag = self.bag
        writing = archive.Writing(bag.layout.root, bag.owner, self.now)
        shown: dict[str, tuple[bytes, str]] = {}
        for iri in self._under(bag.layout.root):
            path = iri.removeprefix(bag.layout.root)
            try:
                media_type, found = self._document(iri)
            except NotThere:
                continue
            except (AccessRefused, NotUnderstood):
                self.unreadable.append(iri)
                continue
            if iri in {bag.layout.activities, bag.layout.skills}:
                whole = b"".join(found)
                shown[iri], found = (whole, media_type), iter((whole,))
            yield from writing.add(path, iri, media_type, found)
            self.documents += 1
        page = archive_page.page(
            activities_model.read(_graph(shown, bag.layout.activities)),
            skills_model.read(_graph(shown, bag.layout.skills)),
            writing.paths,
            self.now.date(),
            self.language,
            [iri.removeprefix(bag.layout.root) for iri in self.unreadable],
        )
        yield writing.end(page, self.unreadable)

    def _under(self, container: str) -> Iterator[str]:
        found = containers.members(self.bag.pod, container)
        if len(found) >= containers.MAX_MEMBERS:
            self.unreadable.append(container)  # what lies beyond is not listed: better said than missing
        for member in found:
            if member.iri.endswith(_RULES):
                continue
            if member.is_container:
                yield from self._under(member.iri)
            else:
                yield member.iri

    def _document(self, iri: str) -> tuple[str, Iterator[bytes]]:
        """As the space gives it, to the byte: a damaged document is taken along as it is."""
        if not iri.endswith((".ttl", ".jsonld", ".json")):
            given = files.read_pieces(self.bag.pod, iri)
            return given.media_type.partition(";")[0], given.pieces
        accept = resources.ACCEPT if iri.endswith(".ttl") else "application/ld+json, application/json;q=0.9, */*;q=0.1"
        answer = resources.fetch(self.bag.pod, iri, accept, limits=_LONG)
        return answer.headers.get("Content-Type", "").partition(";")[0], iter((answer.body,))


@dataclass(frozen=True)
class Made:
    data: bytes
    documents: int
    unreadable: tuple[str, ...]


def make(bag: Bag, now: datetime, language: str = "fr") -> Made:
    """A whole archive, held; for one that may be large, take the pieces of a `Making`."""
    making = Making(bag, now, language)
    data = b"".join(making.pieces())
    return Made(data, making.documents, tuple(making.unreadable))


def _graph(shown: dict[str, tuple[bytes, str]], iri: str) -> Graph:
    data, media_type = shown.get(iri, (b"", syntax.TURTLE))
    try:
        return syntax.parse(data, media_type, iri)
    except syntax.NotRdf:
        return syntax.empty()
