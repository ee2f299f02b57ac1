"""Follow a method step by step, stop and take it up again; what its answers become is confirmed thing by thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model import journal as journal_model
from musette_solid.model import methods as methods_model
from musette_solid.model.entry import entry
from musette_solid.model.intent import Change
from musette_solid.model.methods import Method, Proposed, Session, Step
from musette_solid.model.people import initials
from musette_solid.model.validation import Finding, Unfit
from musette_solid.model.words import folded
from musette_solid.pod import containers, resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents, said_of
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.know_person import announce, person_graph
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.take_out import Removed, remove

#: What an answer can become, and where that is written: its shape, the letter of its name, the field that holds the words.
_MADE = {
    terms.OUTCOME_ACTIVITY: (terms.ActivityShape, "a", "title"),
    terms.OUTCOME_SKILL: (terms.SkillShape, "s", "prefLabel"),
    terms.OUTCOME_EVIDENCE: (terms.EvidenceShape, "e", "title"),
    terms.OUTCOME_GOAL: (terms.GoalShape, "g", "title"),
    terms.OUTCOME_STEP: (terms.StepShape, "k", "title"),
    terms.OUTCOME_TOOL: (terms.ToolShape, "z", "title"),
    terms.OUTCOME_VALUE: (terms.ValueStatementShape, "d", "description"),
}


@dataclass(frozen=True)
class Answer:
    """What was said at a step: words, a mark, or things chosen in the bag. Empty: nothing was said."""

    text: str = ""
    mark: int | None = None
    chosen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip()) or self.mark is not None or bool(self.chosen)


def begin(bag: Bag, method: Method, language: str, now: datetime) -> str:
    """A new session; its IRI. One request."""
    document = bag.layout.journal(now.year)
    iri = f"{document}#{names.fragment('n', now.date())}"
    texts = {
        "method": [method.iri],
        "title": [methods_model.said(method.title, language)],
        "date": [now.date().isoformat()],
        "created": [now.isoformat()],
    }
    made = entry(terms.MethodSessionShape, URIRef(iri), texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    resources.insert(bag.pod, document, made.graph)
    return iri


def one_session(bag: Bag, iri: str) -> Session:
    """Raises NotThere."""
    graph = resources.read(bag.pod, names.document(iri)).graph
    found = next((s for s in _sessions(graph) if s.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return found


def _sessions(graph: Graph) -> tuple[Session, ...]:
    return methods_model.sessions(graph, journal_model.read(graph))


def list_sessions(bag: Bag) -> tuple[Session, ...]:
    """Of every year, the latest first."""
    members = containers.members(bag.pod, bag.layout.journals)
    years = [m.iri for m in members if bag.layout.is_journal(m.iri)]
    documents = read_documents(bag, years)
    found = [one for iri in years for one in _sessions(documents.graph(iri))]
    return tuple(sorted(found, key=methods_model.latest, reverse=True))


def answer(bag: Bag, session: Session, step: Step, said: Answer, language: str, now: datetime) -> None:
    """Keep an answer; said again, it takes the place of the one before. Raises Unfit; then nothing was written."""
    document = names.document(session.iri)
    known = session.answers.get(step.iri)
    iri = known.iri if known else f"{document}#{names.derived('r', None, session.iri, step.iri)}"
    graph = syntax.empty()
    if said:
        texts: dict[str, list[str]] = {
            "description": [said.text] if said.text.strip() else [],
            "date": [now.date().isoformat()],
            "mark": [str(said.mark)] if said.mark is not None else [],
            "prompt": [methods_model.said(step.question, language)],
            "isPartOf": [session.iri],
            "step": [step.iri],
            "with" if step.kind == terms.ANSWER_KIND_PEOPLE else "about": list(said.chosen),
        }
        made = entry(terms.ReflectionShape, URIRef(iri), texts)
        if made.findings:
            raise Unfit(findings=made.findings)
        graph = made.graph
        graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
    base = resources.read(bag.pod, document)
    out = said_of(base.graph, iri)
    into = frozenset(graph)
    if said and {t for t in out if t[1] != terms.DCTERMS_CREATED} == {t for t in into if t[1] != terms.DCTERMS_CREATED}:
        return  # said again in the same words
    if out or into:
        resources.change(bag.pod, base, Delta(out - into, into - out))


def finish(bag: Bag, session: Session, now: datetime) -> None:
    if not session.is_over:
        ended = (URIRef(session.iri), terms.PROV_ENDED_AT_TIME, timestamp(now))
        resources.insert(bag.pod, names.document(session.iri), syntax.graph_of([ended]))


def remove_session(bag: Bag, session: Session) -> Removed:
    """With its answers; what was made of them stays."""
    own = {session.iri, *(one.iri for one in session.answers.values())}
    return remove(bag, names.document(session.iri), frozenset(own))


def already_made(bag: Bag, session: Session, proposals: Sequence[Proposed]) -> frozenset[str]:
    """The keys of what was confirmed before, whatever words it was given: a thing is named after the line that it comes from.

    What an earlier version made has another name: there it is a thing that comes from the answer and is called so.
    """
    layout = bag.layout
    places = (layout.activities, layout.skills, layout.goals, layout.people, layout.tools, layout.values)
    documents = read_documents(bag, places)
    named = {one.key for one in proposals if said_of(documents.graph(_place(layout, one.outcome)), _name(layout, one))}
    answers = {one.iri for one in session.answers.values()}
    made: set[tuple[str, str]] = set()
    for place in places:
        graph = documents.graph(place)
        for subject, origin in graph.subject_objects(terms.PROV_WAS_DERIVED_FROM):
            if str(origin) in answers:
                made |= {(str(origin), folded(str(o))) for o in graph.objects(subject) if isinstance(o, Literal)}
                made |= {(str(origin), str(o)) for o in graph.objects(subject, terms.DIMENSION)}
    return frozenset(named) | frozenset(
        one.key
        for one in proposals
        if (one.answer, folded(one.text)) in made or (one.dimension and (one.answer, str(one.dimension)) in made)
    )


def _place(layout: Layout, outcome: URIRef) -> str:
    """The document that a thing made of an answer goes to."""
    return {
        terms.OUTCOME_ACTIVITY: layout.activities,
        terms.OUTCOME_SKILL: layout.skills,
        terms.OUTCOME_EVIDENCE: layout.activities,
        terms.OUTCOME_GOAL: layout.goals,
        terms.OUTCOME_STEP: layout.goals,
        terms.OUTCOME_TOOL: layout.tools,
        terms.OUTCOME_RELATION: layout.people,
        terms.OUTCOME_VALUE: layout.values,
    }[outcome]


def _name(layout: Layout, one: Proposed) -> str:
    """The same whenever the line is."""
    letter = "p" if one.outcome == terms.OUTCOME_RELATION else _MADE[one.outcome][1]
    said = str(one.dimension) if one.dimension is not None else one.text
    return f"{_place(layout, one.outcome)}#{names.derived(letter, None, one.answer, folded(said) or said)}"


def confirm(
    bag: Bag,
    session: Session,
    chosen: Sequence[tuple[Proposed, str]],
    now: datetime,
    *,
    spheres: Mapping[str, str] | None = None,
) -> int:
    """Write what the person said yes to, in their last words: all of it or nothing; how many things. Raises Unfit.

    `spheres`: of new activities, by key.
    """
    layout = bag.layout
    goals = layout.goals
    graphs: dict[str, Graph] = {}
    findings: list[Finding] = []
    goal: str | None = None
    count = 0
    for one, words in chosen:
        place, graph, more = _made(bag, one, words.strip() or one.text, session, now, (spheres or {}).get(one.key))
        findings += more
        if one.outcome == terms.OUTCOME_STEP:
            goal = goal or _goal_of(bag, session)
            if goal is None:
                # A step goes somewhere: the session itself becomes the goal.
                made = entry(terms.GoalShape, URIRef(f"{goals}#{names.fragment('g')}"), {"title": [session.title]})
                goal = str(next(iter(made.graph.subjects())))
                made.graph.add((URIRef(goal), terms.DCTERMS_CREATED, timestamp(now)))
                graphs[goals] = graphs.get(goals, syntax.empty()) + made.graph
            for subject in set(graph.subjects(terms.RDF_TYPE, terms.Step)):
                graph.add((subject, terms.DCTERMS_IS_PART_OF, URIRef(goal)))
        elif one.outcome == terms.OUTCOME_GOAL and goal is None:
            goal = str(next(iter(graph.subjects(terms.RDF_TYPE, terms.Goal)), "")) or None
        if one.outcome == terms.OUTCOME_SKILL and session.activity:
            used = graphs.setdefault(layout.activities, syntax.empty())
            for subject in graph.subjects(terms.RDF_TYPE, terms.Skill):
                used.add((URIRef(session.activity), terms.MOBILISES, subject))
        graphs[place] = graphs.get(place, syntax.empty()) + graph
        count += 1
    if findings:
        raise Unfit(findings=findings)
    documents = read_documents(bag, tuple(graphs))
    there = {place: documents.resource(place) for place in graphs}
    # What was deleted since and is wanted again is not gone any more.
    gone = {
        place: frozenset(
            t
            for s in set(graph.subjects())
            for t in there[place].graph.triples((s, terms.PROV_INVALIDATED_AT_TIME, None))
        )
        for place, graph in graphs.items()
    }
    changes = [Change(place, Delta(gone[place], frozenset(graph))) for place, graph in graphs.items()]
    is_first = layout.people in graphs and not there[layout.people].exists
    carry_out(bag, terms.OPERATION_RECORD, changes, now, [there[place] for place, out in gone.items() if out])
    if is_first:
        announce(bag)
    return count


def _goal_of(bag: Bag, session: Session) -> str | None:
    """A goal that came of this session before."""
    graph = resources.read(bag.pod, bag.layout.goals).graph
    answers = {URIRef(one.iri) for one in session.answers.values()}
    for subject, origin in graph.subject_objects(terms.PROV_WAS_DERIVED_FROM):
        if origin in answers and (subject, terms.RDF_TYPE, terms.Goal) in graph:
            return str(subject)
    return None


def _made(
    bag: Bag, one: Proposed, words: str, session: Session, now: datetime, sphere: str | None
) -> tuple[str, Graph, Sequence[Finding]]:
    """The document a thing goes to, its triples, and what does not fit."""
    place, name = _place(bag.layout, one.outcome), _name(bag.layout, one)
    if one.outcome == terms.OUTCOME_RELATION:
        person = name
        graph = person_graph(place, person, {"fn": [initials(words) if words == one.text else words]}, now)
        graph.add((URIRef(person), terms.PROV_WAS_DERIVED_FROM, URIRef(one.answer)))
        return place, graph, ()
    shape, _, field = _MADE[one.outcome]
    iri = URIRef(name)
    texts = {field: [words]}
    if one.outcome == terms.OUTCOME_ACTIVITY:
        texts["sphere"] = [sphere] if sphere else []
    elif one.outcome == terms.OUTCOME_STEP:
        texts["stepState"] = [str(terms.STEP_STATE_AHEAD)]
    elif one.outcome == terms.OUTCOME_VALUE:
        texts |= {
            "activity": [session.activity or ""],
            "dimension": [str(one.dimension)],
            "weight": [str(one.mark)],
            "date": [now.date().isoformat()],
        }
    made = entry(shape, iri, texts)
    graph = made.graph
    graph.add((iri, terms.PROV_WAS_DERIVED_FROM, URIRef(one.answer)))
    if one.outcome == terms.OUTCOME_EVIDENCE and session.activity:
        graph.add((URIRef(session.activity), terms.EVIDENCE, iri))
    elif one.outcome != terms.OUTCOME_STEP:
        graph.add((iri, terms.DCTERMS_CREATED, timestamp(now)))
    # A step finds its goal once the goals are known.
    ignored = {str(terms.DCTERMS_IS_PART_OF)} if one.outcome == terms.OUTCOME_STEP else set()
    return place, graph, [found for found in made.findings if found.path not in ignored]
