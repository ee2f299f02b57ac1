"""Imagine: name a what-if, say what would begin and end in it, compare it with today and with others.

All of it stays in one document that no other use case reads; leaving, the archive and the copies against damage take it along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import scenario as model
from musette_solid.model import skill as skills_model
from musette_solid.model import values as values_model
from musette_solid.model.activity import Activity
from musette_solid.model.entry import entry
from musette_solid.model.labels import concepts
from musette_solid.model.rights import supposing
from musette_solid.model.scenario import LONGEST_YEARS, Scenario, Side, SkillChange, Supposed
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Finding, Unfit
from musette_solid.model.values import ValueStatement
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import explain_rights as rights_usecase
from musette_solid.usecases.documents import read_documents, said_of
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.take_out import Removed, remove
from musette_solid.usecases.write_thing import made, replaced, seen_as


@dataclass(frozen=True)
class Scenarios:
    """`dimensions`: those of the vocabulary, then one's own, which `own` names. `supposed_statements` are of what is not so."""

    scenarios: tuple[Scenario, ...]
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    statements: tuple[ValueStatement, ...]
    supposed_statements: tuple[ValueStatement, ...]
    own: Mapping[URIRef, str]
    unreadable: tuple[str, ...]

    @property
    def dimensions(self) -> tuple[URIRef, ...]:
        return (*concepts(terms.DIMENSIONS), *self.own)

    def scenario(self, iri: str) -> Scenario:
        """Raises NotThere."""
        found = next((one for one in self.scenarios if one.iri == iri), None)
        if found is None:
            raise NotThere(iri, 404)
        return found

    def supposed(self, iri: str) -> Supposed:
        """Raises NotThere."""
        found = next((one for scenario in self.scenarios for one in scenario.supposed if one.iri == iri), None)
        if found is None:
            raise NotThere(iri, 404)
        return found

    def weights(self, supposed: str) -> dict[URIRef, int]:
        """What a supposed activity would count for, by dimension."""
        return {one.dimension: one.weight for one in self.supposed_statements if one.activity == supposed}


def list_scenarios(bag: Bag) -> Scenarios:
    layout = bag.layout
    documents = read_documents(bag, (layout.scenarios, layout.activities, layout.skills, layout.values))
    graph, values = documents.graph(layout.scenarios), documents.graph(layout.values)
    return Scenarios(
        model.read(graph),
        activities_model.read(documents.graph(layout.activities)),
        skills_model.read(documents.graph(layout.skills)),
        values_model.read(values),
        values_model.read(graph),
        values_model.own_dimensions(values),
        documents.unreadable,
    )


def imagine(bag: Bag, texts: Texts, now: datetime, supposed: Sequence[Texts] = ()) -> str:
    """A new what-if with what it supposes, in one write; its IRI. Raises Unfit; then nothing was written."""
    document = bag.layout.scenarios
    iri = f"{document}#{names.fragment('w')}"
    _check_length(iri, texts)
    graph = made(terms.ScenarioShape, iri, texts, now)
    for one in supposed:
        inside = f"{document}#{names.fragment('u')}"
        graph += made(terms.SupposedActivityShape, inside, {**one, "isPartOf": [iri]}, now)
    resources.insert(bag.pod, document, graph)
    return iri


def correct_scenario(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> None:
    """Raises Unfit, NotThere, ChangedMeanwhile."""
    _check_length(iri, texts)
    base = seen_as(bag, iri, seen)
    resources.change(bag.pod, base, replaced(base.graph, terms.ScenarioShape, iri, texts, now))


def _check_length(iri: str, texts: Texts) -> None:
    """Further ahead than ten years nobody knows the rules."""
    said_so = entry(terms.ScenarioShape, URIRef(iri), texts).graph
    one = next((found for found in model.read(said_so) if found.iri == iri), None)
    if one and one.start and one.end and one.end.last().year - one.start.first().year > LONGEST_YEARS:
        said = {
            "en": "Look ten years ahead at most: nobody knows the rules of later.",
            "fr": "Regardez à dix ans au plus\u00a0: personne ne connaît les règles d’après.",
        }
        raise Unfit(findings=(Finding(iri, str(terms.SCHEMA_END_DATE), one.end.text, "violation", said, said),))


def remove_scenario(bag: Bag, iri: str) -> Removed:
    """With what it supposes, and what that would count for. Raises NotThere."""
    listed = list_scenarios(bag)
    inside = {one.iri for one in listed.scenario(iri).supposed}
    return remove(bag, bag.layout.scenarios, frozenset({iri, *inside, *_said_of(listed, inside)}))


def _said_of(listed: Scenarios, supposed: set[str]) -> set[str]:
    return {one.iri for one in listed.supposed_statements if one.activity in supposed}


def suppose(bag: Bag, texts: Texts, now: datetime, weights: Mapping[str, int] | None = None) -> str:
    """Suppose an activity in a scenario (`isPartOf`), and what it would count for by dimension, in one write; its IRI.

    Raises Unfit, and NotThere when there is no such scenario; then nothing was written.
    """
    document = bag.layout.scenarios
    iri = f"{document}#{names.fragment('u')}"
    graph = made(terms.SupposedActivityShape, iri, texts, now)
    list_scenarios(bag).scenario(next(iter(texts.get("isPartOf", ())), ""))
    graph += syntax.graph_of(_worth(document, iri, weights or {}, now))
    resources.insert(bag.pod, document, graph)
    return iri


def _worth(document: str, supposed: str, weights: Mapping[str, int], now: datetime) -> set[Triple]:
    """A statement for each dimension, named after what it is about: said again, it takes the place of the one before."""
    triples: set[Triple] = set()
    for dimension, weight in weights.items():
        iri = f"{document}#{names.derived('d', None, supposed, dimension)}"
        texts = {"activity": [supposed], "dimension": [dimension], "weight": [str(weight)]}
        said = entry(terms.ValueStatementShape, URIRef(iri), texts | {"date": [now.date().isoformat()]})
        if said.findings:
            raise Unfit(findings=said.findings)
        triples |= set(said.graph)
    return triples


def correct_supposed(
    bag: Bag, iri: str, texts: Texts, now: datetime, seen: str, weights: Mapping[str, int] | None = None
) -> None:
    """With `weights`, what it would count for becomes exactly that. Raises Unfit, NotThere, ChangedMeanwhile."""
    base = seen_as(bag, iri, seen)
    change = replaced(base.graph, terms.SupposedActivityShape, iri, texts, now)
    if weights is not None:
        there = {one.iri for one in values_model.read(base.graph) if one.activity == iri}
        out = frozenset(triple for one in there for triple in said_of(base.graph, one))
        into = frozenset(_worth(base.iri, iri, weights, now))
        change = Delta(change.out | (out - into), change.into | (into - out))
    resources.change(bag.pod, base, change)


def remove_supposed(bag: Bag, iri: str) -> Removed:
    """Raises NotThere."""
    listed = list_scenarios(bag)
    listed.supposed(iri)
    return remove(bag, bag.layout.scenarios, frozenset({iri, *_said_of(listed, {iri})}))


@dataclass(frozen=True)
class Column:
    """A scenario beside today. `rights` is None when it says no period; `skills` beside those of today."""

    side: Side
    skills: SkillChange
    rights: supposing.Comparison | None

    @property
    def scenario(self) -> Scenario:
        if self.side.scenario is None:
            raise ValueError("today is no scenario")
        return self.side.scenario


@dataclass(frozen=True)
class Compared:
    today: Side
    columns: tuple[Column, ...]
    listed: Scenarios
    rights: Rights | None


#: More columns than this say nothing to anybody.
MOST_COLUMNS = 4


def compare(
    bag: Bag, today: date, wanted: Sequence[str] = (), *, listed: Scenarios | None = None, with_rights: bool = True
) -> Compared:
    """Today and the wanted scenarios (all of them when none is named, four at most), side by side. Reads only. Raises NotThere.

    Rights of each are those of its own last day, beside what they would be that same day if nothing changed; figures that
    nobody has published yet are supposed to stay those of today.
    """
    listed = listed or list_scenarios(bag)
    chosen = [listed.scenario(iri) for iri in wanted] or list(listed.scenarios)
    now = model.side(None, today, listed.activities, listed.statements)
    rights = explain_rights(bag, today) if with_rights and chosen else None
    columns = []
    for one in chosen[:MOST_COLUMNS]:
        there = model.side(one, today, listed.activities, listed.statements, listed.supposed_statements)
        found = None
        if rights is not None and one.can_be_projected:
            found = rights_usecase.suppose(rights, model.supposed_life(rights.life, one), figures_go_on=True)
        columns.append(Column(there, model.skill_change(now, there, listed.skills), found))
    return Compared(now, tuple(columns), listed, rights)


__all__ = ["Compared", "Scenarios", "compare", "imagine", "list_scenarios", "remove_scenario", "suppose"]
