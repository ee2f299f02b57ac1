"""Say what one can do; assess it again later, beside what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Graph, URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.entry import entry
from musette_solid.model.intent import Change
from musette_solid.model.shapes import fields
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents, said_of, version_of
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, timestamp
from musette_solid.usecases.take_out import Removed, remove


@dataclass(frozen=True)
class OneSkill:
    skill: Skill
    activities: tuple[Activity, ...]  # all of them, to choose from
    used_in: tuple[Activity, ...]
    version: str


def one_skill(bag: Bag, iri: str) -> OneSkill:
    """Raises NotThere, and NotUnderstood when the document is damaged."""
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.activities))
    graph = documents.resource(layout.skills).graph
    found = next((s for s in skills_model.read(graph) if str(s.iri) == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    activities = activities_model.read(documents.graph(layout.activities))
    used_in = tuple(a for a in activities if iri in {str(s) for s in a.mobilises})
    return OneSkill(found, activities, used_in, version_of(graph, iri))


def declare_skill(
    bag: Bag,
    texts: Texts,
    now: datetime,
    *,
    level: str | None = None,
    evidence: Texts | None = None,
    used_in: Sequence[str] = (),
) -> str:
    """Put a skill in the register, in one's own words; its IRI. Raises Unfit; then nothing was written.

    `level` is a concept of the scale: it becomes a first assessment, by oneself, today. `evidence` are the texts of its
    form, ignored when all are empty. `used_in` are activities that mobilise it.
    """
    document = bag.layout.skills
    skill = f"{document}#{names.fragment('s')}"
    graph, findings = _skill_graph(skill, texts)
    graph.add((URIRef(skill), terms.DCTERMS_CREATED, timestamp(now)))
    if evidence and any(text.strip() for values in evidence.values() for text in values):
        piece, more = _evidence_graph(document, evidence)
        findings += more
        graph += piece
        graph.add((URIRef(skill), terms.EVIDENCE, _only_subject(piece)))
    if level:
        assessed, more = _assessment_graph(document, skill, level, now.date(), bag.owner, "")
        findings += more
        graph += assessed
    if findings:
        raise Unfit(findings=findings)
    own = [iri for iri in used_in if names.document(iri) == bag.layout.activities]
    uses = frozenset((URIRef(iri), terms.MOBILISES, URIRef(skill)) for iri in own)
    changes = [Change(document, Delta(into=frozenset(graph))), Change(bag.layout.activities, Delta(into=uses))]
    carry_out(bag, terms.OPERATION_RECORD, changes, now)
    return skill


def _skill_graph(skill: str, texts: Texts) -> tuple[Graph, tuple[Finding, ...]]:
    made = entry(terms.SkillShape, URIRef(skill), texts)
    return made.graph, tuple(made.findings)


def _evidence_graph(document: str, texts: Texts) -> tuple[Graph, tuple[Finding, ...]]:
    made = entry(terms.EvidenceShape, URIRef(f"{document}#{names.fragment('e')}"), texts)
    return made.graph, tuple(made.findings)


def _only_subject(graph: Graph) -> URIRef:
    return URIRef(str(next(iter(set(graph.subjects())))))


def _assessment_graph(
    document: str, skill: str, level: str, on: date, by: str, comment: str, way: str = ""
) -> tuple[Graph, tuple[Finding, ...]]:
    texts = {
        "skill": [skill],
        "level": [level],
        "date": [on.isoformat()],
        "wasAttributedTo": [by],
        "description": [comment] if comment else [],
        "assessmentWay": [way] if way else [],
    }
    made = entry(terms.AssessmentShape, URIRef(f"{document}#{names.fragment('m', on)}"), texts)
    return made.graph, tuple(made.findings)


def _uses(base: Resource, skill: str, activities: Sequence[str]) -> Change:
    """The activities that mobilise a skill become exactly these."""
    node = URIRef(skill)
    wanted = {(URIRef(iri), terms.MOBILISES, node) for iri in activities if (URIRef(iri), None, None) in base.graph}
    there = set(base.graph.triples((None, terms.MOBILISES, node)))
    return Change(base.iri, Delta(frozenset(there - wanted), frozenset(wanted - there)))


def assess(
    bag: Bag,
    skill: str,
    level: str,
    on: date,
    comment: str = "",
    evidence: Texts | None = None,
    *,
    way: str = "",
    now: datetime | None = None,
) -> str:
    """Add an assessment by oneself; the ones before stay. Its IRI. Raises Unfit, NotThere.

    `way` is how the level was seen, a concept of its scheme. `now` says which of two on one day came last.
    """
    document = bag.layout.skills
    if not said_of(resources.read(bag.pod, document).graph, skill):
        raise NotThere(skill, 404)
    graph, findings = _assessment_graph(document, skill, level, on, bag.owner, comment, way)
    assessment = next((str(s) for s in graph.subjects()), "")
    if now is not None:
        graph.add((URIRef(assessment), terms.DCTERMS_CREATED, timestamp(now)))
    if evidence and any(text.strip() for values in evidence.values() for text in values):
        piece, more = _evidence_graph(document, evidence)
        findings += more
        graph += piece
        graph.add((URIRef(assessment), terms.EVIDENCE, _only_subject(piece)))
    if findings:
        raise Unfit(findings=findings)
    resources.insert(bag.pod, document, graph)
    return assessment


def add_evidence(bag: Bag, subject: str, texts: Texts) -> str:
    """Attach a piece of evidence to a skill or an activity; its IRI. Raises Unfit."""
    document = names.document(subject)
    graph, findings = _evidence_graph(document, texts)
    if findings:
        raise Unfit(findings=findings)
    piece = _only_subject(graph)
    graph.add((URIRef(subject), terms.EVIDENCE, piece))
    resources.insert(bag.pod, document, graph)
    return str(piece)


def correct_skill(
    bag: Bag, iri: str, texts: Texts, now: datetime, seen: str, used_in: Sequence[str] | None = None
) -> None:
    """Replace what the form says of a skill and, with `used_in`, which activities mobilise it: both or neither.

    Raises Unfit, NotThere, ChangedMeanwhile (see `correct_activity`).
    """
    base = resources.read(bag.pod, bag.layout.skills)
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    if version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    after, findings = _skill_graph(iri, texts)
    if findings:
        raise Unfit(findings=findings)
    ours = {field.path for field in fields(terms.SkillShape) if field.name in texts} | {terms.DCTERMS_MODIFIED}
    into = set(after) | {(URIRef(iri), terms.DCTERMS_MODIFIED, timestamp(now))}
    out = {t for t in before if t[1] in ours}
    changes, bases = [Change(base.iri, Delta(frozenset(out - into), frozenset(into - set(base.graph))))], [base]
    if used_in is not None:
        activities = resources.read(bag.pod, bag.layout.activities)
        changes.append(_uses(activities, iri, used_in))
        bases.append(activities)
    carry_out(bag, terms.OPERATION_CORRECT, changes, now, bases)


def remove_skill(bag: Bag, iri: str, now: datetime) -> Removed:
    """Take a skill out with its assessments. Activities keep no pointer to it. Raises NotThere."""
    graph = resources.read(bag.pod, bag.layout.skills).graph
    own = {iri, *(str(one) for one in graph.subjects(terms.SKILL, URIRef(iri)))}
    if not said_of(graph, iri):
        raise NotThere(iri, 404)
    return remove(bag, bag.layout.skills, own, now, beside=(bag.layout.activities,))
