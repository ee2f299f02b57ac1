"""What a person wants to reach, the steps on the way, and where each stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rdflib import Graph, URIRef

from musette_solid.model import labels
from musette_solid.model.dates import PartialDate
from musette_solid.model.described import Described, Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

_LAST: Final = date.max


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is a concept of the scheme; what says none is ahead. `needs`: skills, or concepts of registers."""

    iri: str
    goal: str
    title: str = ""
    state: URIRef = terms.STEP_STATE_AHEAD
    by: PartialDate | None = None
    by_as_written: str | None = None
    description: str | None = None
    position: int | None = None
    needs: tuple[str, ...] = ()
    created: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {terms.STEP_STATE_AHEAD, terms.STEP_STATE_UNDER_WAY}


@dataclass(frozen=True, slots=True)
class Goal:
    """`by` is its horizon, as precise as the person said it. A date that could not be understood is in `by_as_written`.

    `occupations` and `needs` are concepts of registers, or (`needs`) skills of the bag. `steps` are in their order.
    """

    iri: str
    title: str = ""
    role: str | None = None
    wished_state: str | None = None
    state: URIRef = terms.GOAL_STATE_PURSUED
    by: PartialDate | None = None
    by_as_written: str | None = None
    conditions: tuple[str, ...] = ()
    description: str | None = None
    occupations: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    created: datetime | None = None
    match_labels: tuple[tuple[str, str], ...] = ()

    def last_known(self, concept: str) -> str:
        """What an occupation or a need was called when the goal was set; empty when nobody wrote it down."""
        return dict(self.match_labels).get(concept, "")

    @property
    def is_pursued(self) -> bool:
        return self.state == terms.GOAL_STATE_PURSUED

    @property
    def next_step(self) -> Step | None:
        """What is under way, else what comes first."""
        waiting = [step for step in self.steps if step.is_open]
        return next((step for step in waiting if step.state == terms.STEP_STATE_UNDER_WAY), next(iter(waiting), None))

    def is_late(self, today: date) -> bool:
        """Pursued although its horizon has passed."""
        return self.is_pursued and self.by is not None and self.by.last() < today


@once
def read(graph: Graph) -> tuple[Goal, ...]:
    """Those pursued first, the nearest horizon first; then those reached, then those set aside."""
    index = Index(graph)
    steps: dict[str, list[Step]] = {}
    for node in index.of_type(terms.Step):
        step = _step(node)
        steps.setdefault(step.goal, []).append(step)
    goals = [_goal(node, steps.get(node.iri, []), index) for node in index.of_type(terms.Goal)]
    return tuple(sorted(goals, key=_order))


def _goal(node: Described, steps: list[Step], index: Index) -> Goal:
    by, as_written = _by(node)
    concepts = (*node.iris(terms.OCCUPATION), *node.iris(terms.NEEDS))
    return Goal(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.RDFS_LABEL) or "",
        role=node.text(terms.SCHEMA_ROLE_NAME),
        wished_state=node.text(terms.WISHED_STATE),
        state=_state(node, terms.GOAL_STATE, terms.GOAL_STATES, terms.GOAL_STATE_PURSUED),
        by=by,
        by_as_written=as_written,
        conditions=node.texts(terms.CONDITION),
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        occupations=node.iris(terms.OCCUPATION),
        needs=node.iris(terms.NEEDS),
        steps=tuple(sorted(steps, key=_step_order)),
        created=node.moment(terms.DCTERMS_CREATED),
        match_labels=tuple((iri, text) for iri in concepts if (text := index[iri].text(terms.SKOS_PREF_LABEL))),
    )


def _step(node: Described) -> Step:
    by, as_written = _by(node)
    return Step(
        iri=node.iri,
        goal=node.iri_of(terms.DCTERMS_IS_PART_OF) or "",
        title=node.text(terms.DCTERMS_TITLE, terms.SCHEMA_NAME, terms.RDFS_LABEL) or "",
        state=_state(node, terms.STEP_STATE, terms.STEP_STATES, terms.STEP_STATE_AHEAD),
        by=by,
        by_as_written=as_written,
        description=node.text(terms.DCTERMS_DESCRIPTION, terms.SCHEMA_DESCRIPTION),
        position=node.integer(terms.SCHEMA_POSITION),
        needs=node.iris(terms.NEEDS),
        created=node.moment(terms.DCTERMS_CREATED),
    )


def _state(node: Described, path: URIRef, scheme: URIRef, otherwise: URIRef) -> URIRef:
    """A state of the scheme: what another application wrote may be none of it."""
    found = node.concept(path)
    return found if found in labels.concepts(scheme) else otherwise


def _by(node: Described) -> tuple[PartialDate | None, str | None]:
    as_written = None
    for literal in node.literals(terms.DCTERMS_VALID):
        try:
            return PartialDate.from_literal(literal), None
        except ValueError:
            as_written = as_written or str(literal).strip() or None
    return None, as_written


def _order(goal: Goal) -> tuple[int, date, str, str]:
    states = labels.concepts(terms.GOAL_STATES)
    return states.index(goal.state), goal.by.last() if goal.by else _LAST, folded(goal.title), goal.iri


def _step_order(step: Step) -> tuple[int, date, str, str]:
    """By the place it was given; those without one after, by their date."""
    created = step.created.isoformat() if step.created else ""
    return step.position or 10**9, step.by.last() if step.by else _LAST, created, step.iri
