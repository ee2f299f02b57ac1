"""Put somebody in the bag, by initials or a name; correct what is said of them; forget them everywhere."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import MusetteError
from musette_solid.model import activity as activities_model
from musette_solid.model import journal as journal_model
from musette_solid.model import people as people_model
from musette_solid.model.activity import Activity
from musette_solid.model.intent import Change
from musette_solid.model.journal import Reflection
from musette_solid.model.people import Person, plain
from musette_solid.model.validation import Finding, Unfit
from musette_solid.model.words import folded
from musette_solid.pod import containers, discovery, resources, webid
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import Documents, read_documents, said_of, without
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.write_thing import made, replaced, said

SHAPES = (terms.PersonShape, terms.RelationShape)


def know_person(bag: Bag, texts: Texts, now: datetime) -> str:
    """The person's IRI. The document is also an address book that contact applications read. Raises Unfit.

    Two requests; with the first person also those that say in the private type index where the address book is.
    """
    document = bag.layout.people
    person = f"{document}#{names.fragment('p')}"
    graph = person_graph(document, person, texts, now)
    is_first = not resources.read(bag.pod, document).exists
    resources.insert(bag.pod, document, graph)
    if is_first:
        announce(bag)
    return person


def announce(bag: Bag) -> bool:
    """Say in the private type index that there is an address book: contact applications look for it there, the owner's alone.

    False where the space does not let us; nothing else is lost.
    """
    try:
        profile = webid.profile(bag.pod.transport, bag.owner, bag.pod.cache)
        storage = names.resolve(bag.layout.root, "../")
        return discovery.register(
            bag.pod, profile, storage, terms.VCARD_ADDRESS_BOOK, f"{names.document(bag.layout.people)}#book"
        )
    except MusetteError:
        return False


def announce_again(bag: Bag) -> None:
    """Where that was interrupted, or people came in another way: with a file."""
    with suppress(MusetteError):
        if resources.read(bag.pod, bag.layout.people).exists:
            announce(bag)


def person_graph(document: str, person: str, texts: Texts, now: datetime) -> Graph:
    """Somebody, the relation to them, and the address book they are in. Raises Unfit."""
    relation = relation_of(person)
    texts = _plain(texts)
    findings: list[Finding] = []
    graph = syntax.empty()
    for shape, iri, more in (
        (terms.PersonShape, person, {"inAddressBook": [f"{document}#book"]}),
        (terms.RelationShape, relation, {"with": [person]}),
    ):
        try:
            graph += made(shape, iri, dict(texts) | more, now)
        except Unfit as error:
            findings += error.findings
    if findings:
        raise Unfit(findings=findings)
    book = URIRef(f"{document}#book")
    for path, value in (
        (terms.RDF_TYPE, terms.VCARD_ADDRESS_BOOK),
        (terms.DC_TITLE, Literal("La Musette")),  # as SolidOS names its own
        (terms.VCARD_FN, Literal("La Musette")),
        (terms.VCARD_NAME_EMAIL_INDEX, URIRef(document)),
        (terms.VCARD_GROUP_INDEX, URIRef(document)),
    ):
        graph.add((book, path, value))
    return graph


def relation_of(person: str) -> str:
    """The name of the relation that our pages write for a person: `#p-bcdfgh` has `#l-bcdfgh`."""
    return f"{names.document(person)}#l-{names.local(person).removeprefix('p-')}"


def _plain(texts: Texts) -> Texts:
    return dict(texts) | {"fn": [plain(text) for text in texts.get("fn", ())]}


def _version(graph: Graph, iri: str) -> str:
    return syntax.digest(syntax.graph_of(said_of(graph, iri) | said_of(graph, relation_of(iri))))


@dataclass(frozen=True)
class OnePerson:
    person: Person
    activities: tuple[Activity, ...]
    notes: tuple[Reflection, ...]
    texts: Texts
    version: str


def one_person(bag: Bag, iri: str, year: int | None = None) -> OnePerson:
    """With the notes of `year` that speak of them. Raises NotThere."""
    layout = bag.layout
    journal = [layout.journal(year)] if year else []
    documents = read_documents(bag, (layout.people, layout.activities, *journal))
    graph = documents.resource(layout.people).graph
    found = next((p for p in people_model.read(graph) if p.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    notes = [one for place in journal for one in journal_model.read(documents.graph(place)) if iri in one.people]
    return OnePerson(
        found,
        activities_model.read(documents.graph(layout.activities)),
        tuple(notes),
        said(graph, terms.PersonShape, iri) | said(graph, terms.RelationShape, relation_of(iri)),
        _version(graph, iri),
    )


@dataclass(frozen=True)
class People:
    people: tuple[Person, ...]
    activities: tuple[Activity, ...]
    unreadable: tuple[str, ...]


def list_people(bag: Bag) -> People:
    layout = bag.layout
    documents = read_documents(bag, (layout.people, layout.activities))
    return People(
        people_model.read(documents.graph(layout.people)),
        activities_model.read(documents.graph(layout.activities)),
        documents.unreadable,
    )


def correct_person(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """Raises Unfit, NotThere, ChangedMeanwhile; then nothing was written."""
    base = resources.read(bag.pod, bag.layout.people)
    if not said_of(base.graph, iri):
        raise NotThere(iri, 404)
    if _version(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    texts = _plain(texts)
    relation = relation_of(iri)
    changes = [
        replaced(base.graph, terms.PersonShape, iri, texts, now),
        replaced(base.graph, terms.RelationShape, relation, dict(texts) | {"with": [iri]}, now),
    ]
    out = frozenset().union(*(change.out for change in changes))
    into = frozenset().union(*(change.into for change in changes))
    resources.change(bag.pod, base, Delta(out, into))


@dataclass(frozen=True)
class Forgetting:
    """Where somebody is named: how many things point at them, by document, and the texts that hold their name.

    Texts are the person's own words: they are shown, and left to be corrected by hand.
    """

    person: Person
    pointers: tuple[tuple[str, int], ...]
    mentions: tuple[tuple[str, str], ...]  # the thing, and its text


def what_is_forgotten(bag: Bag, iri: str) -> Forgetting:
    """Raises NotThere."""
    documents = _everywhere(bag)
    found = next((p for p in people_model.read(documents.graph(bag.layout.people)) if p.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    node = URIRef(iri)
    pointers = [
        (place, sum(1 for _ in documents.graph(place).triples((None, None, node)))) for place in documents.by_iri
    ]
    of_person = {iri, *(str(s) for s in documents.graph(bag.layout.people).subjects(terms.WITH, node))}
    mentions = [
        (str(subject), str(value))
        for place in documents.by_iri
        for subject, _, value in documents.graph(place)
        if isinstance(value, Literal) and str(subject) not in of_person and names_them(str(value), found.name)
    ]
    inside = {place for place, count in pointers if count and place != bag.layout.people}
    return Forgetting(found, tuple((p, n) for p, n in pointers if p in inside), tuple(sorted(mentions)))


def names_them(text: str, name: str) -> bool:
    """Whether a text holds a name, or initials, as words of their own; a single letter only as it was written, with its dot."""
    words = folded(name)
    if len(words) < 2:
        return len(name) > 1 and name in text.split()
    return f" {words} " in f" {folded(text)} "


def forget(bag: Bag, iri: str, now: datetime) -> None:
    """Take somebody out of the bag, and what points at them in every document: all of it or nothing. Raises NotThere."""
    documents = _everywhere(bag)
    people = documents.resource(bag.layout.people)
    if not said_of(people.graph, iri):
        raise NotThere(iri, 404)
    relations = [str(s) for s in people.graph.subjects(terms.WITH, URIRef(iri))]
    changes = [Change(people.iri, without(people.graph, [iri, *relations], now))]
    bases = [people]
    for place in documents.by_iri:
        if place == people.iri or place in documents.unreadable:
            continue
        base = documents.resource(place)
        out = frozenset(base.graph.triples((None, None, URIRef(iri))))
        if out:
            changes.append(Change(base.iri, Delta(out=out)))
            bases.append(base)
    carry_out(bag, terms.OPERATION_REMOVE, changes, now, bases)


def _everywhere(bag: Bag) -> Documents:
    """Every document in which somebody may be named."""
    layout = bag.layout
    years = [m.iri for m in containers.members(bag.pod, layout.journals) if layout.is_journal(m.iri)]
    whole = (layout.people, layout.activities, layout.skills, layout.tools, layout.values, layout.goals)
    more = (layout.scenarios, layout.watch, layout.rights, layout.identities, layout.comments_kept)
    return read_documents(bag, (*whole, *more, *years))
