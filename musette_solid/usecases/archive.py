"""Take everything along in one file, and put it back, here or in another space."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Graph

from musette_solid.exchange import archive, archive_page
from musette_solid.exchange.archive import Archive, Document
from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model.intent import Change
from musette_solid.pod import containers, resources
from musette_solid.pod.errors import NotThere, NotUnderstood
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.intents import File, carry_out
from musette_solid.usecases.layout import Bag

#: Who could read what is a decision of its own time: neither shares nor what others sent are put back, nor what was under way.
NOT_RESTORED = ("shares/", "inbox/", "grants/", "intents/")


@dataclass(frozen=True)
class Made:
    data: bytes
    documents: int
    unreadable: tuple[str, ...]


def make(bag: Bag, now: datetime, language: str = "fr") -> Made:
    """Every document under the bag, as the space gives it; what could not be read is named."""
    found: list[Document] = []
    unreadable: list[str] = []
    for iri in _under(bag, bag.layout.root):
        try:
            found.append(_document(bag, iri))
        except NotThere:
            continue
        except NotUnderstood:
            unreadable.append(iri)
    activities = _graph(found, "activities.ttl", bag)
    skills = _graph(found, "skills.ttl", bag)
    page = archive_page.page(
        activities_model.read(activities),
        skills_model.read(skills),
        [archive.FOLDER + one.path for one in found],
        now.date().isoformat(),
        language,
    )
    data = archive.write(bag.layout.root, bag.owner, now, found, page)
    return Made(data, len(found), tuple(unreadable))


def _under(bag: Bag, container: str) -> list[str]:
    found: list[str] = []
    for member in containers.members(bag.pod, container):
        found += _under(bag, member.iri) if member.is_container else [member.iri]
    return found


def _document(bag: Bag, iri: str) -> Document:
    path = iri.removeprefix(bag.layout.root)
    if iri.endswith(".ttl"):
        read = resources.required(resources.read(bag.pod, iri))
        return Document(path, iri, read.media_type.partition(";")[0], read.body)
    answer = resources.fetch(bag.pod, iri, "application/ld+json, application/json;q=0.9, */*;q=0.1")
    return Document(path, iri, answer.headers.get("Content-Type", "").partition(";")[0], answer.body)


def _graph(documents: list[Document], path: str, bag: Bag) -> Graph:
    one = next((one for one in documents if one.path == path), None)
    return syntax.parse(one.data, one.media_type, bag.layout.root + path) if one else syntax.empty()


@dataclass(frozen=True)
class Restored:
    """Paths of the documents. `kept`: there already, with other bytes, and left as they are."""

    written: tuple[str, ...]
    added_to: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]


def restore(bag: Bag, data: bytes, name: str = "", now: datetime | None = None) -> Restored:
    """Put the documents of an archive into this bag, their addresses moved here; nothing that is there is overwritten.

    Everything is verified before anything is written, and then all of it is written or nothing. Shares, grants and letters
    stay in the archive: who may read what is decided anew. Raises UnreadableFile.
    """
    opened = archive.read(data, name)
    graphs = {one.path: _moved(opened, one, bag) for one in opened.documents if _is_rdf(one) and not _stays(one)}
    written: list[str] = []
    added_to: list[str] = []
    kept: list[str] = []
    left: list[str] = []
    changes: list[Change] = []
    files: list[File] = []
    for one in opened.documents:
        url = bag.layout.root + one.path
        if _stays(one) or not names.is_within(bag.layout.root, url):
            left.append(one.path)
        elif one.path == "musette.ttl" and resources.read(bag.pod, url).exists:
            kept.append(one.path)
        elif one.path in graphs:
            there = resources.read(bag.pod, url)
            changes.append(Change(url, Delta(into=frozenset(graphs[one.path]) - frozenset(there.graph))))
            (added_to if there.exists and len(there.graph) else written).append(one.path)
        elif resources.look(bag.pod, url)[0].ok:
            kept.append(one.path)
        else:
            files.append(File(url, one.data, one.media_type))
            written.append(one.path)
    carry_out(bag, terms.OPERATION_RESTORE, changes, now or datetime.now(UTC), files=files)
    return Restored(tuple(written), tuple(added_to), tuple(kept), tuple(left))


def _stays(one: Document) -> bool:
    return one.path.startswith(NOT_RESTORED)


def _is_rdf(one: Document) -> bool:
    return one.path.endswith(".ttl")


def _moved(opened: Archive, one: Document, bag: Bag) -> Graph:
    graph = syntax.parse(one.data, one.media_type or syntax.TURTLE, one.url)
    return archive.moved(graph, (opened.root, opened.owner), (bag.layout.root, bag.owner))
