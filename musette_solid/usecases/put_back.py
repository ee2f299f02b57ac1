"""Put an archive back, here or in another space: look first at what it would change, choose, write all of it or nothing.

Nothing that is there is written over unless somebody says so of that very thing. Who could read what is a decision of its
own time: shares, pages, requests and letters stay in the archive.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TypeAlias
from typing import Literal as OneOf

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.exchange import archive
from musette_solid.exchange.archive import Archive, Entry
from musette_solid.model.intent import Change
from musette_solid.pod import containers
from musette_solid.pod.errors import NotThere
from musette_solid.pod.http import Upload
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import File, Told, carry_out
from musette_solid.usecases.layout import Bag

#: Who could read what is a decision of its own time: neither shares, pages and requests, nor what others sent are put back.
NOT_RESTORED = (
    *("shares/", "inbox/", "inbox-", "grants/", "portfolio/", "portfolio.ttl", "profile.ttl", "requests/"),
    *("intents/", "kept/"),  # what was under way there, and copies against damage there
    "time/summary.ttl",  # what the years of time add up to is worked out anew
)

#: Of a document: it comes in whole; it gains something; nothing to do; it is there and stays (a file with other bytes, the
#: bag itself); it stays in the archive; nothing can be read in it.
LineState: TypeAlias = OneOf["new", "adds", "same", "there", "left", "damaged"]
#: Of a thing: not here; here, and said otherwise; taken out here since.
ThingState: TypeAlias = OneOf["new", "other", "gone"]

_LABELS = (terms.DCTERMS_TITLE, terms.SKOS_PREF_LABEL, terms.FOAF_NAME, terms.VCARD_FN, terms.SCHEMA_NAME)


@dataclass(frozen=True)
class Difference:
    """What the archive and the bag say of one property of one thing."""

    property: str
    here: tuple[str, ...]
    there: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """`iri`: its name in this bag; `kind`: the class it says it is of, if any."""

    iri: str
    label: str
    kind: str
    state: ThingState
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Line:
    """One document of the archive against the bag."""

    path: str
    state: LineState
    things: tuple[Thing, ...] = ()
    size_bytes: int = 0


@dataclass(frozen=True)
class Plan:
    """What putting an archive back would change. `is_ours`: it was made by the person who is here."""

    owner: str
    made: str
    is_ours: bool
    lines: tuple[Line, ...]

    def of(self, state: ThingState) -> tuple[Thing, ...]:
        return tuple(thing for line in self.lines for thing in line.things if thing.state == state)

    def files(self, state: LineState) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == state and not line.path.endswith(".ttl"))

    @property
    def changes_nothing(self) -> bool:
        return not any(line.things or line.state == "new" for line in self.lines)


@dataclass(frozen=True)
class Choices:
    """`replaced`: things that become what the archive says; `again`: of those taken out here since, which come back (None: all)."""

    replaced: frozenset[str] = frozenset()
    again: frozenset[str] | None = None


@dataclass(frozen=True)
class Restored:
    """Paths of the documents, and names of things.

    `kept`: there already, with other bytes, and left as they are. `left`: in the archive, on purpose. `damaged`: in the archive,
    because nothing can be read in them. `other`: things that are said otherwise here, and stay as they are here.
    """

    written: tuple[str, ...]
    added_to: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]
    damaged: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    things: int = 0


def look(bag: Bag, opened: Archive) -> Plan:
    """What it would change. Raises NotUnderstood when a document of the bag itself cannot be read."""
    return _Comparison(bag, opened).plan()


def restore(
    bag: Bag,
    data: bytes | BinaryIO | Archive,
    name: str = "",
    *,
    now: datetime,
    choices: Choices | None = None,
    told: Told | None = None,
) -> Restored:
    """Put the documents of an archive into this bag, their addresses moved here.

    Everything is verified before anything is written, and then all of it is written or nothing: should the space stop answering
    in the middle, it is finished or taken back at the next sign-in. `told` is called before each step, and may stop it.
    Raises UnreadableFile, Interrupted.
    """
    opened = data if isinstance(data, Archive) else archive.read(data, name)
    found = _Comparison(bag, opened)
    plan, said = found.plan(), choices or Choices()
    by_state: dict[LineState, list[str]] = {"new": [], "adds": [], "same": [], "there": [], "left": [], "damaged": []}
    changes = []
    for line in plan.lines:
        delta = found.delta(line, said)
        by_state["same" if line.state == "adds" and not delta else line.state].append(line.path)
        changes.append(Change(bag.layout.root + line.path, delta))
    carry_out(
        bag,
        terms.OPERATION_RESTORE,
        changes,
        now,
        tuple(found.bases.values()),
        files=tuple(found.files(plan)),
        told=told or (lambda _step, _steps: None),
    )
    return Restored(
        written=tuple(by_state["new"]),
        added_to=tuple(by_state["adds"]),
        kept=tuple(by_state["there"]),
        left=tuple(by_state["left"]),
        damaged=tuple(by_state["damaged"]),
        other=tuple(thing.iri for thing in plan.of("other") if thing.iri not in said.replaced),
        things=sum(len({t[0] for t in change.delta.into}) for change in changes),
    )


class _Comparison:
    """An archive against a bag: its documents moved here, and those that are here."""

    def __init__(self, bag: Bag, opened: Archive) -> None:
        self._bag, self._opened = bag, opened
        self._entries = {entry.path: entry for entry in opened.entries}
        self._graphs: dict[str, Graph] = {}
        self._damaged: set[str] = set()
        for entry in opened.entries:
            if entry.is_document and not _stays(bag, entry):
                try:
                    self._graphs[entry.path] = self._moved(entry)
                except syntax.NotRdf:
                    self._damaged.add(entry.path)
        there = read_documents(bag, [bag.layout.root + path for path in self._graphs])
        # What is damaged here is not written to.
        self.bases = {path: there.resource(bag.layout.root + path) for path in self._graphs}
        self._files = self._files_there()

    def _moved(self, entry: Entry) -> Graph:
        data, bag = self._opened.data(entry), self._bag
        graph = syntax.parse(data, entry.media_type or syntax.TURTLE, entry.url)
        return archive.moved(graph, (self._opened.root, self._opened.owner), (bag.layout.root, bag.owner))

    def _files_there(self) -> frozenset[str]:
        """The files of the archive under whose names something lies here: one listing a container."""
        root = self._bag.layout.root
        wanted = {e.path for e in self._opened.entries if not e.is_document and not _stays(self._bag, e)}
        found: set[str] = set()
        for folder in {path.rpartition("/")[0] for path in wanted}:
            with suppress(NotThere):
                place = f"{root}{folder}/" if folder else root
                found |= {one.iri.removeprefix(root) for one in containers.members(self._bag.pod, place)}
        return frozenset(wanted & found)

    def plan(self) -> Plan:
        lines = tuple(sorted((self._line(entry) for entry in self._entries.values()), key=lambda line: line.path))
        return Plan(self._opened.owner, self._opened.made, self._opened.owner == self._bag.owner, lines)

    def _line(self, entry: Entry) -> Line:
        path = entry.path
        if path in self._damaged:
            return Line(path, "damaged", size_bytes=entry.size_bytes)
        if _stays(self._bag, entry):
            return Line(path, "left", size_bytes=entry.size_bytes)
        if path not in self._graphs:
            return Line(path, "there" if path in self._files else "new", size_bytes=entry.size_bytes)
        base = self.bases[path]
        if path == "musette.ttl" and base.exists:
            return Line(path, "there", size_bytes=entry.size_bytes)
        things = tuple(self._things(path))
        is_new = len(self._graphs[path]) > 0 and not (base.exists and len(base.graph))
        return Line(path, "new" if is_new else "adds" if things else "same", things, entry.size_bytes)

    def _things(self, path: str) -> Iterator[Thing]:
        new, here = self._graphs[path], self.bases[path].graph
        for subject in sorted(set(new.subjects()), key=str):
            wanted, there = _said(new, subject), _said(here, subject)
            if wanted <= there or not wanted:
                continue
            if there:
                yield _thing(new, subject, "other", tuple(_differences(wanted, there)))
            else:
                yield _thing(new, subject, "gone" if (subject, terms.PROV_INVALIDATED_AT_TIME, None) in here else "new")

    def delta(self, line: Line, choices: Choices) -> Delta:
        """What its document gains; of a thing that was chosen to be replaced, what it loses too."""
        if not line.things:
            return Delta()
        new, here = self._graphs[line.path], self.bases[line.path].graph
        out: set[Triple] = set()
        into: set[Triple] = set()
        for thing in line.things:
            subject = URIRef(thing.iri)
            if thing.state == "other" and thing.iri not in choices.replaced:
                continue
            if thing.state == "gone" and choices.again is not None and thing.iri not in choices.again:
                continue
            wanted = _said(new, subject)
            said = {t[1] for t in wanted}
            # What another application says of it with words of its own stays.
            out |= {t for t in _said(here, subject) if t[1] in said} - wanted
            out |= set(here.triples((subject, terms.PROV_INVALIDATED_AT_TIME, None)))
            into |= wanted - set(here.triples((subject, None, None)))
        if line.state == "new":  # marks of what was taken out before the archive was made
            into |= set(new) - {t for t in new if t[0] in {URIRef(one.iri) for one in line.things}}
        return Delta(frozenset(out), frozenset(into))

    def files(self, plan: Plan) -> Iterator[File]:
        for line in plan.files("new"):
            entry = self._entries[line.path]
            upload = Upload(_again(self._opened, entry), entry.size_bytes)
            yield File(self._bag.layout.root + line.path, upload, entry.media_type)


def _again(opened: Archive, entry: Entry) -> Callable[[], BinaryIO]:
    return lambda: opened.open(entry)


def _stays(bag: Bag, entry: Entry) -> bool:
    root = bag.layout.root
    return entry.path.startswith(NOT_RESTORED) or not names.is_within(root, root + entry.path)


def _said(graph: Graph, subject: Node) -> frozenset[Triple]:
    return frozenset(t for t in graph.triples((subject, None, None)) if t[1] != terms.PROV_INVALIDATED_AT_TIME)


def _thing(graph: Graph, subject: Node, state: ThingState, differences: tuple[Difference, ...] = ()) -> Thing:
    shown = next((str(v) for path in _LABELS if (v := graph.value(subject, path)) is not None), "")
    kinds = sorted(str(kind) for kind in graph.objects(subject, terms.RDF_TYPE))
    return Thing(str(subject), shown, kinds[0] if kinds else "", state, differences)


def _differences(wanted: frozenset[Triple], there: frozenset[Triple]) -> Iterator[Difference]:
    for path in sorted({t[1] for t in wanted - there}, key=str):
        here, archived = ({t[2] for t in said if t[1] == path} for said in (there, wanted))
        yield Difference(str(path), _texts(here - archived), _texts(archived - here))


def _texts(nodes: set[Node]) -> tuple[str, ...]:
    return tuple(sorted(str(node) for node in nodes))
