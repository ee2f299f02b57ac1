"""Set a goal, plan steps towards it, say where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, URIRef

from musette_solid.model import goal as goals_model
from musette_solid.model.entry import entry
from musette_solid.model.goal import Goal, Step
from musette_solid.model.shapes import fields
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere, NotUnderstood
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.documents import said_of, version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts, timestamp
from musette_solid.usecases.take_out import Removed, remove


@dataclass(frozen=True)
class GoalListing:
    """`unreadable` names the document when it is damaged: then there are no goals to show, and none may be written."""

    goals: tuple[Goal, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def pursued(self) -> tuple[Goal, ...]:
        return tuple(goal for goal in self.goals if goal.is_pursued)


def list_goals(bag: Bag) -> GoalListing:
    try:
        return GoalListing(goals_model.read(resources.read(bag.pod, bag.layout.goals).graph))
    except NotUnderstood:
        return GoalListing((), (bag.layout.goals,))


@dataclass(frozen=True)
class OneGoal:
    """`version` and `step_versions` (by IRI) are what a form was made from: to be shown again at a correction."""

    goal: Goal
    version: str
    step_versions: dict[str, str]

    def step(self, iri: str) -> Step:
        """Raises NotThere."""
        found = next((step for step in self.goal.steps if step.iri == iri), None)
        if found is None:
            raise NotThere(iri, 404)
        return found


def one_goal(bag: Bag, iri: str) -> OneGoal:
    """Raises NotThere, and NotUnderstood when the document is damaged."""
    graph = resources.read(bag.pod, bag.layout.goals).graph
    found = next((goal for goal in goals_model.read(graph) if goal.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return OneGoal(found, version_of(graph, iri), {step.iri: version_of(graph, step.iri) for step in found.steps})


def set_goal(bag: Bag, texts: Texts, now: datetime, steps: Sequence[Texts] = (), beside: Iterable[Triple] = ()) -> str:
    """Put a goal in the bag with its first steps, in one write; its IRI. Raises Unfit; then nothing was written.

    `texts` are by field name of the goal's shape, `steps` by field name of the step's: they keep this order. `beside`: what
    is said in the same document of things elsewhere.
    """
    document = bag.layout.goals
    iri = f"{document}#{names.fragment('g')}"
    made = entry(terms.GoalShape, URIRef(iri), texts)
    graph, findings = made.graph, list(made.findings)
    graph.add((URIRef(iri), terms.DCTERMS_CREATED, timestamp(now)))
    for position, step in enumerate(steps, start=1):
        more, wrong = _step_graph(document, iri, step, position, now)
        graph += more
        findings += wrong
    if findings:
        raise Unfit(findings=tuple(findings))
    for triple in beside:
        graph.add(triple)
    resources.insert(bag.pod, document, graph)
    return iri


def _step_graph(
    document: str, goal: str, texts: Texts, position: int, now: datetime
) -> tuple[Graph, tuple[Finding, ...]]:
    node = URIRef(f"{document}#{names.fragment('k')}")
    said = {"stepState": [str(terms.STEP_STATE_AHEAD)]} | {name: list(values) for name, values in texts.items()}
    made = entry(terms.StepShape, node, said | {"isPartOf": [goal], "position": [str(position)]})
    made.graph.add((node, terms.DCTERMS_CREATED, timestamp(now)))
    return made.graph, made.findings


def plan_step(bag: Bag, goal: str, texts: Texts, now: datetime) -> str:
    """Add a step after those that are there; its IRI. Raises Unfit, NotThere."""
    steps = one_goal(bag, goal).goal.steps
    position = max((step.position or 0 for step in steps), default=0) + 1
    graph, findings = _step_graph(bag.layout.goals, goal, texts, position, now)
    if findings:
        raise Unfit(findings=findings)
    resources.insert(bag.pod, bag.layout.goals, graph)
    return next(str(node) for node in graph.subjects(terms.RDF_TYPE, terms.Step))


def correct_goal(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """Replace what the form says of a goal; its steps stay. Fields that are not in `texts` stay too.

    `seen` is the version that the form was made from. Raises Unfit, NotThere, ChangedMeanwhile (see `correct_activity`).
    """
    _correct(bag, iri, terms.GoalShape, texts, now, seen)


def correct_step(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """As `correct_goal`, for a step."""
    _correct(bag, iri, terms.StepShape, texts, now, seen)


def _correct(bag: Bag, iri: str, shape: URIRef, texts: Texts, now: datetime, seen: str) -> None:
    base = resources.read(bag.pod, bag.layout.goals)
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    if version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    node = URIRef(iri)
    made = entry(shape, node, texts)
    ours = {field.path for field in fields(shape) if field.name in texts}
    # A field that was not on the form is not missing.
    findings = tuple(found for found in made.findings if found.path is None or URIRef(found.path) in ours)
    if findings:
        raise Unfit(findings=findings)
    into = {triple for triple in made.graph if triple[1] in ours} | {(node, terms.DCTERMS_MODIFIED, timestamp(now))}
    out = {triple for triple in before if triple[1] in ours | {terms.DCTERMS_MODIFIED}}
    resources.change(bag.pod, base, Delta(frozenset(out - into), frozenset(into - set(base.graph))))


def move_step(bag: Bag, iri: str, state: URIRef) -> None:
    """Say where a step stands. Raises NotThere; Unfit when it is no state of the scheme."""
    _set_state(bag, iri, terms.StepShape, "stepState", terms.STEP_STATE, state)


def move_goal(bag: Bag, iri: str, state: URIRef) -> None:
    """Say where a goal stands: pursued, reached, set aside. Raises NotThere, Unfit."""
    _set_state(bag, iri, terms.GoalShape, "goalState", terms.GOAL_STATE, state)


def _set_state(bag: Bag, iri: str, shape: URIRef, field: str, path: URIRef, state: URIRef) -> None:
    base = resources.read(bag.pod, bag.layout.goals)
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    node = URIRef(iri)
    made = entry(shape, node, {field: [str(state)]})
    findings = tuple(found for found in made.findings if found.path == str(path))
    if findings:
        raise Unfit(findings=findings)
    out = {triple for triple in before if triple[1] == path}
    into = {(node, path, state)}
    resources.change(bag.pod, base, Delta(frozenset(out - into), frozenset(into - out)))


def remove_goal(bag: Bag, iri: str) -> Removed:
    """Take a goal out with its steps. Raises NotThere."""
    steps = {step.iri for step in one_goal(bag, iri).goal.steps}
    return remove(bag, bag.layout.goals, frozenset({iri, *steps}))


def remove_step(bag: Bag, iri: str) -> Removed:
    """Take one step out. Raises NotThere."""
    return remove(bag, bag.layout.goals, frozenset({iri}))
