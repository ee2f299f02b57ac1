"""Evidence: files, photographs and links that show what was done; in the person's own space, attached to what they show."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.media import HEAD_BYTES, Media, kind_of
from musette_solid.exchange.unmarked import unmark
from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Evidence
from musette_solid.model.entry import entry
from musette_solid.model.intent import Change
from musette_solid.model.validation import Unfit
from musette_solid.pod import containers, files, resources
from musette_solid.pod.errors import NotThere
from musette_solid.pod.files import Pieces
from musette_solid.pod.http import Upload
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import Documents, read_documents, without
from musette_solid.usecases.intents import carry_out, under_way
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, timestamp

#: What a file may weigh: less than one answer of a space (pod/http), so that an archive of everything can take it along.
MOST_BYTES: Final = 60 * 1024 * 1024


class TooHeavy(MusetteError):
    what = N_("This file is larger than 60 MB.")
    do = N_("Nothing was kept. Choose a smaller version, or put it elsewhere and attach a link to it.")


class MayRun(MusetteError):
    what = N_("This kind of file (SVG, HTML, script) can run a program in the browser of whoever opens it.")
    do = N_("Nothing was kept. Save it as a PNG picture or as a PDF, and attach that.")


class EmptyFile(MusetteError):
    what = N_("This file is empty.")
    do = N_("Nothing was kept. Choose the file again.")


@dataclass(frozen=True)
class Given:
    """A file as it was given: what opens it from its beginning, with its size; and the name it had."""

    upload: Upload
    name: str


def checked(given: Given) -> Media:
    """Its kind. Raises TooHeavy, EmptyFile, MayRun: before anything is sent."""
    if given.upload.size_bytes > MOST_BYTES:
        raise TooHeavy
    if given.upload.size_bytes == 0:
        raise EmptyFile
    media = kind_of(given.upload.open().read(HEAD_BYTES), given.name)
    if media.is_active:
        raise MayRun
    return media


def attach_file(bag: Bag, subject: str, given: Given, texts: Texts, now: datetime, *, clean: bool = False) -> str:
    """Keep a file in the space and attach it to an activity, a skill or an assessment; the IRI of the evidence.

    `texts` are by field name of its shape; without a title it is called as the file was. `clean`: without what it says
    beside what it shows. The file is there before anything points to it, and goes again when nothing does. Raises Unfit,
    TooHeavy, EmptyFile, MayRun, NotCleaned; then nothing is kept.
    """
    media = checked(given)
    document = names.document(subject)
    _require(bag, subject)
    iri = f"{document}#{names.fragment('e')}"
    # Its name says nothing: addresses travel further than what they lead to.
    url = f"{bag.layout.evidence}{names.fragment('f', now.date())}{media.ending}"
    said = {name: list(values) for name, values in texts.items()}
    if not any(text.strip() for text in said.get("title", ())):
        said["title"] = [given.name[:200] or media.type]
    with _cleaned(given.upload, media) if clean else _as_it_is(given.upload) as upload:
        said |= {"url": [url], "format": [media.type], "contentSize": [str(upload.size_bytes)]}
        made = entry(terms.EvidenceShape, URIRef(iri), said)
        if made.findings:
            raise Unfit(findings=made.findings)
        made.graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
        made.graph.add((URIRef(subject), terms.EVIDENCE, URIRef(iri)))
        change = Change(document, Delta(into=frozenset(made.graph)))
        with under_way(bag, terms.OPERATION_RECORD, now, [change], makes=[url]) as done:
            files.put_new(bag.pod, url, upload, media.type)
            resources.insert(bag.pod, document, made.graph)
            done.append(change)
    return iri


def _require(bag: Bag, subject: str) -> None:
    document = names.document(subject)
    if document not in {bag.layout.skills, bag.layout.activities}:
        raise NotThere(subject, 404)
    if (URIRef(subject), terms.RDF_TYPE, None) not in resources.read(bag.pod, document).graph:
        raise NotThere(subject, 404)


@contextmanager
def _as_it_is(upload: Upload) -> Iterator[Upload]:
    yield upload


@contextmanager
def _cleaned(upload: Upload, media: Media) -> Iterator[Upload]:
    with tempfile.TemporaryDirectory(prefix="musette-") as folder:
        source, target = Path(folder, "in"), Path(folder, "out")
        with source.open("wb") as written:
            opened = upload.open()
            while piece := opened.read(1024 * 1024):
                written.write(piece)
        unmark(media.type, source, target)
        with target.open("rb") as clean:

            def again() -> BinaryIO:
                clean.seek(0)
                return clean

            yield Upload(again, target.stat().st_size)


@dataclass(frozen=True)
class Use:
    """What a piece of evidence is attached to: "activity", "skill" or "assessment" (then `label` is its skill's)."""

    kind: str
    iri: str
    label: str


@dataclass(frozen=True)
class Piece:
    """`copies` are the other descriptions of the same file, in other documents; `uses` are those of all of them."""

    evidence: Evidence
    uses: tuple[Use, ...]
    copies: tuple[str, ...] = ()
    is_file: bool = False


@dataclass(frozen=True)
class Kept:
    """`loose` are files of the space that nothing describes: an upload that was interrupted, another application's."""

    pieces: tuple[Piece, ...]
    subjects: tuple[Use, ...]  # what a piece may be attached to
    loose: tuple[str, ...]
    unreadable: tuple[str, ...]

    def piece(self, iri: str) -> Piece:
        """Raises NotThere."""
        found = next((one for one in self.pieces if iri in {one.evidence.iri, *one.copies}), None)
        if found is None:
            raise NotThere(iri, 404)
        return found


def kept_evidence(bag: Bag) -> Kept:
    """Every piece of evidence of the bag, what it is attached to, and files that nothing describes."""
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.activities))
    there = [member.iri for member in containers.members(bag.pod, layout.evidence) if not member.is_container]
    skills, activities = documents.graph(layout.skills), documents.graph(layout.activities)
    uses, subjects = _uses(skills, activities)
    pieces: dict[str, Piece] = {}
    for found in (*activities_model.evidence(skills), *activities_model.evidence(activities)):
        # One file, however many documents describe it.
        key = found.url if found.url and found.url.startswith(layout.evidence) else found.iri
        before = pieces.get(key)
        own = uses.get(found.iri, ())
        if before is None:
            pieces[key] = Piece(found, own, is_file=key == found.url)
        else:
            pieces[key] = Piece(before.evidence, (*before.uses, *own), (*before.copies, found.iri), before.is_file)
    described = {piece.evidence.url for piece in pieces.values()}
    loose = tuple(iri for iri in there if iri not in described) if not documents.unreadable else ()
    return Kept(tuple(pieces.values()), subjects, loose, documents.unreadable)


def _uses(skills: Graph, activities: Graph) -> tuple[dict[str, tuple[Use, ...]], tuple[Use, ...]]:
    found: dict[str, tuple[Use, ...]] = {}
    subjects: list[Use] = []

    def note(use: Use, pieces: tuple[Evidence, ...]) -> None:
        subjects.append(use)
        for piece in pieces:
            found[piece.iri] = (*found.get(piece.iri, ()), use)

    for activity in activities_model.read(activities):
        note(Use("activity", activity.iri, activity.title), activity.evidence)
    for skill in skills_model.read(skills):
        note(Use("skill", skill.iri, skill.label), skill.evidence)
        for said in skill.assessments:
            note(Use("assessment", said.iri, skill.label), said.evidence)
    return found, tuple(subjects)


def attach_again(bag: Bag, evidence: str, subject: str) -> None:
    """Attach a piece of evidence that is there to something else too. Raises NotThere."""
    held = kept_evidence(bag)
    piece = held.piece(evidence)
    if subject not in {one.iri for one in held.subjects}:
        raise NotThere(subject, 404)
    document = names.document(subject)
    here = next((iri for iri in (piece.evidence.iri, *piece.copies) if names.document(iri) == document), None)
    triples = []
    if here is None:
        # Each document stands by itself: what is described elsewhere is described here too.
        here = f"{document}#{names.fragment('e')}"
        source = resources.read(bag.pod, names.document(piece.evidence.iri)).graph
        triples = [
            (URIRef(here), path, value) for _, path, value in source.triples((URIRef(piece.evidence.iri), None, None))
        ]
    triples.append((URIRef(subject), terms.EVIDENCE, URIRef(here)))
    resources.insert(bag.pod, document, syntax.graph_of(triples))


def detach(bag: Bag, evidence: str, subject: str) -> None:
    """It no longer shows this one thing; it stays in the bag. Raises NotThere."""
    piece = kept_evidence(bag).piece(evidence)
    if subject not in {use.iri for use in piece.uses}:
        raise NotThere(subject, 404)
    base = resources.read(bag.pod, names.document(subject))
    mine = {URIRef(iri) for iri in (piece.evidence.iri, *piece.copies)}
    out = frozenset(t for t in base.graph.triples((URIRef(subject), terms.EVIDENCE, None)) if t[2] in mine)
    resources.change(bag.pod, base, Delta(out=out))


def remove_evidence(bag: Bag, evidence: str, now: datetime) -> Piece:
    """Take a piece of evidence out wherever it is attached, then its file. What it was attached to. Raises NotThere.

    The file goes last: there is never a description of no file.
    """
    held = kept_evidence(bag)
    piece = held.piece(evidence)
    iris = (piece.evidence.iri, *piece.copies)
    documents: Documents = read_documents(bag, sorted({names.document(iri) for iri in iris}))
    bases = [documents.resource(iri) for iri in documents.by_iri]
    changes = [
        Change(base.iri, without(base.graph, [iri for iri in iris if names.document(iri) == base.iri], now))
        for base in bases
    ]
    file = [piece.evidence.url] if piece.is_file and piece.evidence.url else []
    carry_out(bag, terms.OPERATION_REMOVE, changes, now, bases, deletes=file)
    return piece


def remove_loose(bag: Bag, url: str) -> None:
    """Delete a file that nothing describes. Raises NotThere when it is none of those."""
    if url not in kept_evidence(bag).loose:
        raise NotThere(url, 404)
    resources.delete(bag.pod, url)


def open_file(bag: Bag, evidence: str) -> tuple[Piece, Pieces]:
    """The file of a piece of evidence, piece by piece. Raises NotThere."""
    piece = kept_evidence(bag).piece(evidence)
    if not piece.is_file or not piece.evidence.url:
        raise NotThere(evidence, 404)
    return piece, files.read_pieces(bag.pod, piece.evidence.url)
