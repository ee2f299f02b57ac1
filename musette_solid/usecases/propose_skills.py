"""What an activity may have taught: skills proposed from its words, kept, reworded or set aside."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.entry import entry
from musette_solid.model.intent import Change
from musette_solid.model.proposals import Proposal, propose, words_of
from musette_solid.model.references.concepts import canonical
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp


@dataclass(frozen=True)
class Proposed:
    activity: Activity
    skills: tuple[Skill, ...]  # those that it mobilises already
    proposals: tuple[Proposal, ...]


def proposals(bag: Bag, shelf: Shelf, activity: str, language: str = "fr", words: str = "") -> Proposed:
    """Skills for what the activity says of itself, or for `words`. Raises NotThere."""
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.skills))
    found = _one(documents.resource(layout.activities).graph, activity)
    own = skills_model.read(documents.graph(layout.skills))
    made = propose(words or words_of(found), own, shelf, language, there=found.mobilises, declined=found.declines)
    return Proposed(found, tuple(skill for skill in own if skill.iri in found.mobilises), made)


def _one(graph: Graph, activity: str) -> Activity:
    found = next((one for one in activities_model.read(graph) if one.iri == activity), None)
    if found is None:
        raise NotThere(activity, 404)
    return found


def answer(
    bag: Bag,
    shelf: Shelf,
    activity: str,
    accepted: Mapping[str, str],
    declined: Collection[str],
    now: datetime,
    language: str = "fr",
) -> tuple[str, ...]:
    """Keep what was accepted, by IRI with the person's words for it, and remember what was set aside; the new skills.

    A concept becomes a skill of one's own, tied to it: the same when the words are the register's, close when they are
    one's own. A skill that is there already is only linked. Raises Unfit; then nothing was written. Raises NotThere.
    """
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.skills))
    _one(documents.resource(layout.activities).graph, activity)
    known = skills_model.read(documents.resource(layout.skills).graph)
    own = {skill.iri for skill in known}
    tied = {canonical(match): skill.iri for skill in known for match in skill.matches}
    new, findings = syntax.empty(), list[Finding]()
    mobilised: dict[str, None] = {}
    created: list[str] = []
    for concept, words in accepted.items():
        there = concept if concept in own else tied.get(canonical(concept))
        if there is None:
            there = f"{layout.skills}#{names.fragment('s')}"
            graph, wrong = skill_of(there, concept, words, shelf, now, language)
            new += graph
            findings += wrong
            created.append(there)
        mobilised.setdefault(there, None)
    if findings:
        raise Unfit(findings=findings)
    it = URIRef(activity)
    links = [(it, terms.MOBILISES, URIRef(skill)) for skill in mobilised]
    links += [(it, terms.DECLINES, URIRef(canonical(iri))) for iri in declined if iri not in accepted]
    changes = [
        Change(layout.skills, Delta(into=frozenset(new))),
        Change(layout.activities, Delta(into=frozenset(links))),
    ]
    carry_out(bag, terms.OPERATION_RECORD, changes, now)
    return tuple(created)


def skill_of(
    iri: str, concept: str, words: str, shelf: Shelf, now: datetime, language: str
) -> tuple[Graph, tuple[Finding, ...]]:
    """A skill tied to a concept of a register, in the words of the person or, without any, of the register."""
    known = shelf.concept(concept)
    label = label_of(known, language) if known else ""
    said = words.strip() or label
    is_same = bool(known) and said in {one.text for one in known.labels} if known else False
    texts = {"prefLabel": [said], "exactMatch" if is_same else "closeMatch": [canonical(concept)]}
    made = entry(terms.SkillShape, iri, texts)
    made.graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
    if known:
        # A register may forget a concept, or not be at hand any more: its name stays.
        made.graph.add((URIRef(canonical(concept)), terms.SKOS_PREF_LABEL, Literal(label, lang=language[:2])))
    return made.graph, made.findings


def declare_from_concept(
    bag: Bag, shelf: Shelf, concept: str, now: datetime, *, words: str = "", language: str = "fr"
) -> str:
    """Put a skill that a register knows in one's own register; the one that is there already when there is one; its IRI.

    Raises Unfit when nothing says what it is called: no words, and no register at hand that knows it.
    """
    document = bag.layout.skills
    wanted = canonical(concept)
    for skill in skills_model.read(resources.read(bag.pod, document).graph):
        if wanted in map(canonical, skill.matches):
            return skill.iri
    iri = f"{document}#{names.fragment('s')}"
    graph, findings = skill_of(iri, wanted, words, shelf, now, language)
    if findings:
        raise Unfit(findings=findings)
    resources.insert(bag.pod, document, graph)
    return iri
