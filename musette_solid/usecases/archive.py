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
from musette_solid.pod.errors import AccessRefused, NotThere, NotUnderstood
from musette_solid.pod.http import Limits
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import File, carry_out
from musette_solid.usecases.layout import Bag

#: Who could read what is a decision of its own time: neither shares, pages and requests, nor what others sent are put back.
NOT_RESTORED = (
    *("shares/", "inbox/", "grants/", "portfolio/", "portfolio.ttl", "profile.ttl", "requests/"),
    *("intents/", "kept/"),  # what was under way there, and copies against damage there
)
#: What a server lists beside documents, and what is nobody's to carry along.
_RULES = (".acl", ".acr", ".meta")


#: A file of evidence may be large, and whoever leaves has time.
_LONG = Limits(total_s=300, size_bytes=250 * 1024 * 1024)


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
        except (AccessRefused, NotUnderstood):
            unreadable.append(iri)
    activities = _graph(found, "activities.ttl", bag)
    skills = _graph(found, "skills.ttl", bag)
    page = archive_page.page(
        activities_model.read(activities),
        skills_model.read(skills),
        [archive.FOLDER + one.path for one in found],
        now.date(),
        language,
    )
    data = archive.write(bag.layout.root, bag.owner, now, found, page)
    return Made(data, len(found), tuple(unreadable))


def _under(bag: Bag, container: str) -> list[str]:
    found: list[str] = []
    for member in containers.members(bag.pod, container):
        if member.iri.endswith(_RULES):
            continue
        found += _under(bag, member.iri) if member.is_container else [member.iri]
    return found


def _document(bag: Bag, iri: str) -> Document:
    """As the space gives it, to the byte: a damaged document is taken along as it is."""
    path = iri.removeprefix(bag.layout.root)
    accept = resources.ACCEPT if iri.endswith(".ttl") else "application/ld+json, application/json;q=0.9, */*;q=0.1"
    answer = resources.fetch(bag.pod, iri, accept, limits=_LONG)
    return Document(path, iri, answer.headers.get("Content-Type", "").partition(";")[0], answer.body)


def _graph(documents: list[Document], path: str, bag: Bag) -> Graph:
    one = next((one for one in documents if one.path == path), None)
    try:
        return syntax.parse(one.data, one.media_type, bag.layout.root + path) if one else syntax.empty()
    except syntax.NotRdf:
        return syntax.empty()


@dataclass(frozen=True)
class Restored:
    """Paths of the documents.

    `kept`: there already, with other bytes, and left as they are. `left`: in the archive, on purpose. `damaged`: in the archive,
    because nothing can be read in them.
    """

    written: tuple[str, ...]
    added_to: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]
    damaged: tuple[str, ...] = ()


def restore(bag: Bag, data: bytes, name: str = "", now: datetime | None = None) -> Restored:
    """Put the documents of an archive into this bag, their addresses moved here; nothing that is there is overwritten.

    Everything is verified before anything is written, and then all of it is written or nothing: should the space stop answering
    in the middle, it is finished or taken back at the next sign-in. Shares, pages, grants and letters stay in the archive: who
    may read what is decided anew. Raises UnreadableFile, Interrupted.
    """
    opened = archive.read(data, name)
    sorted_: dict[str, list[str]] = {kind: [] for kind in ("written", "added_to", "kept", "left", "damaged")}
    files: list[File] = []
    graphs: dict[str, Graph] = {}
    for one in opened.documents:
        if _stays(one) or not names.is_within(bag.layout.root, bag.layout.root + one.path):
            sorted_["left"].append(one.path)
        elif not one.path.endswith(".ttl"):
            url = bag.layout.root + one.path
            is_there = bag.pod.send("HEAD", url, {"Accept": "*/*"}).status not in {404, 410}
            sorted_["kept" if is_there else "written"].append(one.path)
            if not is_there:
                files.append(File(url, one.data, one.media_type))
        else:
            try:
                graphs[one.path] = _moved(opened, one, bag)
            except syntax.NotRdf:
                sorted_["damaged"].append(one.path)
    there = read_documents(bag, [bag.layout.root + path for path in graphs])
    changes, bases = [], []
    for path, graph in graphs.items():
        document = there.resource(bag.layout.root + path)  # what is damaged here is not written to
        if path == "musette.ttl" and document.exists:
            sorted_["kept"].append(path)
            continue
        sorted_["added_to" if document.exists and len(document.graph) else "written"].append(path)
        changes.append(Change(document.iri, Delta(into=frozenset(graph) - frozenset(document.graph))))
        bases.append(document)
    carry_out(bag, terms.OPERATION_RESTORE, changes, now or datetime.now(UTC), bases, files=files)
    return Restored(**{kind: tuple(paths) for kind, paths in sorted_.items()})


def _stays(one: Document) -> bool:
    return one.path.startswith(NOT_RESTORED)


def _moved(opened: Archive, one: Document, bag: Bag) -> Graph:
    graph = syntax.parse(one.data, one.media_type or syntax.TURTLE, one.url)
    return archive.moved(graph, (opened.root, opened.owner), (bag.layout.root, bag.owner))
