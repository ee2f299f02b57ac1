"""S-12: a document that comes cut short, or lies there cut short, is never written over; what others wrote stays to the letter.

The document is a real one: what importing a JSON Resume by somebody else makes of it, as the pod server wrote it down.

Its offsets are gone through in rounds that are spread over all of it; each round that was counted is a line of
build/damage.jsonl, and a run goes on where the last one ended. Delete it to begin anew.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from rdflib import Literal, URIRef

from musette_solid.embedded import server
from musette_solid.errors import MusetteError
from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.resources import Resource
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import import_file, keep, set_up
from musette_solid.usecases.correct_activity import correct_activity, remove_activity
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from tests.faults.laboratory import Laboratory, laboratory
from tests.faults.operations import NOW
from tests.figures import FOLDER, Figure

EDITS = 2000
#: So many rounds, each of every so-manieth offset.
ROUNDS = 80
KEPT = FOLDER.parent / "damage.jsonl"


@dataclass
class Counted:
    tried: int = 0
    overwritten: int = 0
    written: int = 0  # by a change that took nothing else away
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """One document: how to look at its bytes and put others there unasked, and the bag it is in."""

    bag: Callable[[], Bag]
    look: Callable[[], bytes]
    put: Callable[[bytes], object]

    @property
    def iri(self) -> str:
        return self.bag().layout.activities


def real_document(bag: Bag) -> None:
    """Make it: a career, imported."""
    sample = server.sample_resume()
    import_file.import_file(bag, sample.read_bytes(), sample.name, NOW)


def _edits(whole: bytes, iri: str) -> dict[str, Callable[[Bag], object]]:
    """What a person does, having seen the whole document."""
    graph = syntax.parse(whole, syntax.TURTLE, iri)
    first = min(str(a.iri) for a in activities_model.read(graph))
    seen = version_of(graph, first)
    texts = {"title": ["Corrected"], "sphere": [str(terms.SPHERE_CARE)]}
    return {
        "correct": lambda bag: correct_activity(bag, first, texts, NOW, seen),
        "remove": lambda bag: remove_activity(bag, first),
        "add": lambda bag: log_activity(bag, texts, NOW),
    }


def _parsed(body: bytes, iri: str) -> frozenset[Triple] | None:
    try:
        return frozenset(syntax.parse(body, syntax.TURTLE, iri))
    except syntax.NotRdf:
        return None


def _took_nothing_else(before: bytes, after: bytes, iri: str, about: str) -> bool:
    """Whether everything is still there but what was said of the one thing that was changed."""
    old, new = _parsed(before, iri), _parsed(after, iri)
    if old is None or new is None:
        return False
    return all(about in {str(s), str(o)} for s, _, o in old - new)


def _knowing(bag: Bag, whole: bytes, iri: str) -> Bag:
    """The same bag in a session that added something to the document when it was whole."""
    bag.pod.cache.found(iri, syntax.last_typed(whole, syntax.TURTLE, iri))
    return bag


def at_rest(document: Document, offsets: Iterable[int]) -> Counted:
    """The stored document is cut at each offset, as a crash of the pod server leaves it; then somebody edits it."""
    whole, iri = document.look(), document.iri
    first = min(str(a.iri) for a in activities_model.read(syntax.parse(whole, syntax.TURTLE, iri)))
    counted, edits = Counted(), _edits(whole, iri)
    add = edits["add"]

    def add_unseen(bag: Bag) -> object:
        return add(_knowing(bag, whole, iri))

    for offset in offsets:
        # Who adds may also have seen the whole document, and not look again.
        for name, edit in {**edits, "add without looking": add_unseen}.items():
            document.put(whole[:offset])
            with suppress(MusetteError):
                edit(document.bag())
            _count(counted, whole[:offset], document.look(), iri, first, f"{name} at {offset}")
    document.put(whole)
    return counted


@dataclass
class Seen:
    cuts: int = 0  # that lost something
    seen: int = 0
    restorations: int = 0
    whole: int = 0


def seen_and_restored(document: Document, offsets: Iterable[int], *, restore_every: int) -> Seen:
    """The document is copied, then cut at each offset: is it seen, and does everything come back?"""
    bag, iri = document.bag(), document.iri
    whole = document.look()
    meant = _parsed(whole, iri)
    keep.look_after(bag, NOW)
    copy = keep.copies(bag)[iri][0]
    counted = Seen()
    for number, offset in enumerate(offsets):
        document.put(whole[:offset])
        if _parsed(whole[:offset], iri) == meant:
            continue  # a line break less
        counted.cuts += 1
        counted.seen += keep._look(bag, iri, copy)[0] is not None
        if number % restore_every == 0:
            counted.restorations += 1
            keep.restore(document.bag(), iri, NOW + timedelta(seconds=number))
            counted.whole += _parsed(document.look(), iri) == meant
    document.put(whole)
    return counted


def on_the_way(lab: Laboratory, document: Document, offsets: Iterable[int]) -> Counted:
    """The stored document is whole; the answer is cut, in two ways, and what was read is edited."""
    whole, iri = document.look(), document.iri
    path = "/" + iri.split("/", 3)[3]
    first = min(str(a.iri) for a in activities_model.read(syntax.parse(whole, syntax.TURTLE, iri)))
    edits = _edits(whole, iri)
    counted = Counted()
    for offset in offsets:
        for how in ("short", "chunked"):
            lab.proxy.tell("cut", path, at=offset, how=how)
            name = "correct" if offset % 2 else "remove"
            with suppress(MusetteError):
                edits[name](document.bag())
            lab.proxy.tell("reset", path)
            after = document.look()
            _count(counted, whole, after, iri, first, f"{name}, {how} at {offset}")
            if after != whole:
                document.put(whole)
    return counted


def _count(counted: Counted, before: bytes, after: bytes, iri: str, about: str, what: str) -> None:
    counted.tried += 1
    if after == before:
        return
    if _took_nothing_else(before, after, iri, about):
        counted.written += 1
    else:
        counted.overwritten += 1
        counted.examples.append(what)


# Triples of other applications

_FOREIGN = "http://vocab.example/"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def _foreign_value(dice: random.Random, iri: str) -> Literal | URIRef:
    """What libraries like to put into order, and must not."""
    lexical = {
        "decimal": ["1.50", "007.0", "+3", "-0"],
        "duration": ["PT150M", "P0Y", "PT90S"],
        "boolean": ["true", "1", "0"],
        "integer": ["007", "12345678901234567890", "+5"],
        "double": ["1.0e3", "1E3", "NaN"],
        "dateTime": ["2026-11-22T09:00:00.000+01:00", "2026-11-22T24:00:00Z"],
        "gYearMonth": ["2019-03"],
    }
    kind = dice.choice([*lexical, "language", "text", "node"])
    if kind == "language":
        return Literal("sueño — ‘ça’", lang=dice.choice(["fr", "en-GB", "zh-Hans"]))
    if kind == "text":
        return Literal(dice.choice(['a "quoted"\nline', "tab\there", "\\backslash", "🎒", " spaces ", ""]))
    if kind == "node":
        return URIRef(f"{iri}#n{dice.randrange(50)}")
    return Literal(dice.choice(lexical[kind]), datatype=URIRef(_XSD + kind), normalize=False)


def _letters(triples: Iterable[Triple]) -> frozenset[bytes]:
    """To the letter: two triples that a library would call equal are two here."""
    return frozenset(syntax.n_triples(syntax.graph_of([t])) for t in triples if str(t[1]).startswith(_FOREIGN))


def _sow(bag: Bag, dice: random.Random, subjects: list[str], document: str) -> None:
    """Another application writes: about our things, and about its own."""
    about = [*subjects, f"{document}#theirs-{dice.randrange(9)}"]
    triples = {
        (URIRef(dice.choice(about)), URIRef(f"{_FOREIGN}p{dice.randrange(9)}"), _foreign_value(dice, document))
        for _ in range(3)
    }
    resources.insert(bag.pod, document, syntax.graph_of(triples))


def random_edits(new_bag: Callable[[], Bag], count: int, seed: int = 12) -> Counted:
    """Edits by chance, through the use cases, among triples of others that grow with them."""
    dice = random.Random(seed)
    counted = Counted()
    bag = new_bag()
    texts = {"title": ["First"], "sphere": [str(terms.SPHERE_CARE)]}
    log_activity(bag, texts, NOW)
    skills.declare_skill(bag, {"prefLabel": ["First"]}, NOW)
    for number in range(count):
        place = dice.choice([bag.layout.activities, bag.layout.skills])
        base = resources.read(bag.pod, place)
        known = [str(a.iri) for a in activities_model.read(base.graph)] + [
            str(s.iri) for s in skills_model.read(base.graph)
        ]
        if number % 5 == 0:
            _sow(bag, dice, known, place)
            base = resources.read(bag.pod, place)
        gone = _edit(bag, dice, place, base, known, number)
        before = _letters(t for t in base.graph if not gone or gone not in {str(t[0]), str(t[2])})
        after = _letters(resources.read(bag.pod, place).graph)
        counted.tried += 1
        if not before <= after:
            counted.overwritten += 1
            counted.examples.append(f"edit {number}: {sorted(before - after)[:1]}")
        if len(base.graph) > 600:
            _thin(bag, base)
    return counted


def _thin(bag: Bag, base: Resource) -> None:
    """So that the document stays one that people have: the other application takes most of its own back."""
    own = [t for t in base.graph if str(t[1]).startswith(_FOREIGN)]
    current = resources.read(bag.pod, base.iri)
    resources.change(bag.pod, current, Delta(out=frozenset(own) & frozenset(current.graph)))


def _edit(bag: Bag, dice: random.Random, place: str, base: Resource, known: list[str], number: int) -> str:
    """One edit; the IRI of what was deleted with all that was said of it, if that is what was done."""
    thing = dice.choice(known)
    words = f"Edit {number} — été"
    if place == bag.layout.activities:
        sphere = [str(terms.SPHERE_CARE)]
        what = dice.choice(
            ["correct", "add", "evidence", "remove"] if len(known) > 3 else ["correct", "add", "evidence"]
        )
        if what == "correct":
            texts = {"title": [words], "sphere": sphere, "organization": [f"Club {number % 4}"], "description": [words]}
            correct_activity(bag, thing, texts, NOW, version_of(base.graph, thing))
        elif what == "add":
            log_activity(bag, {"title": [words], "sphere": sphere, "organization": ["Club 1"]}, NOW)
        elif what == "evidence":
            skills.add_evidence(bag, thing, {"title": [words]})
        else:
            remove_activity(bag, thing)
            return thing
        return ""
    what = dice.choice(["correct", "add", "assess"])
    if what == "correct":
        skills.correct_skill(bag, thing, {"prefLabel": [words]}, NOW, version_of(base.graph, thing))
    elif what == "add" and len(known) < 30:
        skills.declare_skill(bag, {"prefLabel": [words]}, NOW)
    else:
        skills.assess(bag, thing, str(terms.LEVEL_AUTONOMOUS), NOW.date(), words)
    return ""


def in_laboratory(lab: Laboratory) -> Document:
    """The real document in the first person's pod."""
    person = lab.people[0]
    lab.bare(person)
    lab.proxy.tell("reset", f"/{person.name}/")
    place = lab.place(person)
    real_document(set_up.create(place.pod, place.storage, NOW))
    path = lab.folder(person) / "musette" / "activities.ttl"
    return Document(lambda: lab.place(person).bag, path.read_bytes, path.write_bytes)


def in_memory() -> Document:
    """The real document on a pod in memory: every offset in minutes."""
    memory = MemoryPod()
    person = memory.create_pod("demo")
    bag = set_up.create(memory.pod_for(person.webid), person.storage, NOW)
    real_document(bag)
    iri = bag.layout.activities
    return Document(
        lambda: Bag(memory.pod_for(bag.owner), bag.layout),
        lambda: memory._stored[iri].body,
        lambda body: memory.put_bytes(iri, body),
    )


def _rounds(part: str) -> dict[int, dict[str, int]]:
    """What was counted of a part, by round; only of documents of the size that the last one had."""
    lines = [json.loads(line) for line in KEPT.read_text("utf-8").splitlines()] if KEPT.exists() else []
    own = [line for line in lines if line["part"] == part]
    return {line["round"]: line for line in own if line["size"] == own[-1]["size"]}


def _in_rounds(part: str, size: int, count: Callable[[Iterable[int]], Counted | Seen]) -> list[Figure]:
    """Count the rounds that were not yet."""
    done = {number for number, line in _rounds(part).items() if line["size"] == size}
    for number in sorted(set(range(ROUNDS)) - done):
        found = asdict(count(range(number, size, ROUNDS)))
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        with KEPT.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"part": part, "size": size, "round": number, **found}) + "\n")
        done.add(number)
        sys.stderr.write(f"  {part}: {len(done)} of {ROUNDS} rounds\n")
    return _figures(part)


def _figures(part: str) -> list[Figure]:
    """What all rounds of a part counted together. Nothing where none was counted."""
    done = _rounds(part)
    if not done:
        return []
    size = next(iter(done.values()))["size"]
    offsets = f"{sum(len(range(number, size, ROUNDS)) for number in done)} of {size} offsets"
    names = ("tried", "overwritten", "written", "cuts", "seen", "restorations", "whole")
    tried, overwritten, written, cuts, seen, restorations, whole = (
        sum(line.get(name, 0) for line in done.values()) for name in names
    )
    name, _, where = part.partition(", ")
    if name == "seen":
        what = f"cuts that lost something and were seen, at {offsets} of a document that has a copy, {where}"
        back = f"cut documents that were whole again, triple for triple, once restored, {where}"
        return [
            Figure("S-12-seen", what, seen, "cuts", f"= {cuts}", seen == cuts > 0),
            Figure("S-12-restored", back, whole, "of", f"= {restorations}", whole == restorations > 0),
        ]
    if name == "at rest":
        what = f"documents written over, of {tried} edits of one cut at {offsets}, {where}"
        return [Figure("S-12-at-rest", what, overwritten, "edits", "= 0", overwritten == 0 < tried)]
    over = overwritten + written
    what = f"documents written over, of {tried} edits of one whose answer was cut at {offsets}, in two ways, {where}"
    return [Figure("S-12-on-the-way", what, over, "edits", "= 0", over == 0 < tried)]


def standing() -> list[Figure]:
    """What was counted until now, in this run or before."""
    parts = (f"{name}, {where}" for name in ("at rest", "on the way", "seen") for where in (_ON_CSS, _IN_MEMORY))
    return [figure for part in parts for figure in _figures(part)]


def _at_rest(document: Document, where: str) -> list[Figure]:
    return _in_rounds(f"at rest, {where}", len(document.look()), lambda some: at_rest(document, some))


def _on_the_way(lab: Laboratory) -> list[Figure]:
    document = in_laboratory(lab)
    size = len(document.look())
    return _in_rounds(f"on the way, {_ON_CSS}", size, lambda some: on_the_way(lab, document, some))


def _seen(document: Document, where: str) -> list[Figure]:
    size = len(document.look())
    return _in_rounds(f"seen, {where}", size, lambda some: seen_and_restored(document, some, restore_every=50))


def _foreign_on_css(lab: Laboratory) -> list[Figure]:
    person = lab.people[0]
    place = lab.place(person)
    set_up.create(place.pod, place.storage, NOW)
    return _foreign(lambda: lab.place(person).bag, _ON_CSS)


def _foreign_in_memory() -> list[Figure]:
    memory = MemoryPod()
    person = memory.create_pod("demo")
    bag = set_up.create(memory.pod_for(person.webid), person.storage, NOW)
    return _foreign(lambda: bag, _IN_MEMORY)


def _foreign(new_bag: Callable[[], Bag], where: str) -> list[Figure]:
    found = random_edits(new_bag, EDITS)
    what = f"random edits that kept every triple of others to the letter, {where}"
    kept = found.tried - found.overwritten
    return [Figure("S-12-foreign", what, kept, "of", f"= {found.tried}", found.overwritten == 0 < found.tried)]


_ON_CSS, _IN_MEMORY = "on CSS with files", "on a pod in memory"
PARTS: Mapping[str, Callable[[Laboratory], list[Figure]]] = {
    "at-rest": lambda lab: _at_rest(in_laboratory(lab), _ON_CSS),
    "on-the-way": _on_the_way,
    "seen": lambda lab: _seen(in_laboratory(lab), _ON_CSS),
    "foreign": _foreign_on_css,
}
#: The same without a server, in minutes instead of an hour: `damage:at-rest-in-memory`.
QUICK: Mapping[str, Callable[[], list[Figure]]] = {
    "at-rest-in-memory": lambda: _at_rest(in_memory(), _IN_MEMORY),
    "seen-in-memory": lambda: _seen(in_memory(), _IN_MEMORY),
    "foreign-in-memory": _foreign_in_memory,
}


def measure(parts: Sequence[str] = ()) -> list[Figure]:
    found = []
    for part in parts or PARTS:
        if part in QUICK:
            found += QUICK[part]()
            continue
        with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder), 1) as lab:
            found += PARTS[part](lab)
    return found
