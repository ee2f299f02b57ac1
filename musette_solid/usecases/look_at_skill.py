"""One skill with all that is known of it: its uses in every sphere, its proofs, who saw which level, from whom and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import agents
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.curve import Curve, curve
from musette_solid.model.intent import Change
from musette_solid.model.skill import Assessment, Skill
from musette_solid.model.standing import Standing, by_agent, on, standing
from musette_solid.model.words import folded
from musette_solid.pod.errors import NotThere
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.know_person import person_graph
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Look:
    """`then` is what each person had said last by `as_of`; `names` call people and organisations, by IRI."""

    skill: Skill
    used_in: tuple[Activity, ...]
    standing: Standing
    curve: Curve
    as_of: date
    then: Mapping[str, Assessment]
    names: Mapping[str, str]
    wider: Skill | None = None
    narrower: tuple[Skill, ...] = ()


def look_at_skill(bag: Bag, iri: str, today: date, as_of: date | None = None) -> Look:
    """Raises NotThere, and NotUnderstood when the document of skills is damaged. What else cannot be read is left out."""
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.activities, layout.people))
    graph = documents.resource(layout.skills).graph
    skills = skills_model.read(graph)
    skill = next((one for one in skills if one.iri == iri), None)
    if skill is None:
        raise NotThere(iri, 404)
    activities = activities_model.read(documents.graph(layout.activities))
    stands = standing(skill, activities, bag.owner, today)
    said = by_agent(skill)
    # One's own line first: the picture begins with it.
    ordered = {by: said[by] for by in sorted(said, key=lambda by: by != bag.owner)}
    day = as_of or today
    return Look(
        skill=skill,
        used_in=stands.used_in,
        standing=stands,
        curve=curve(ordered, today),
        as_of=day,
        then=on(skill, day),
        names=agents.names(documents.graph(layout.people)) | agents.names(graph),
        wider=next((one for one in skills if one.iri == skill.broader), None),
        narrower=tuple(one for one in skills if iri in one.all_broader),
    )


def pass_on(bag: Bag, skill: str, learnt_from: Sequence[str], taught_to: Sequence[str], now: datetime) -> None:
    """Who passed a skill on to the person, and to whom they passed it on: exactly these names.

    A name that the bag knows is that person; another one becomes a person of the bag. Raises NotThere, Unfit.
    """
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.people))
    base, people = documents.resource(layout.skills), documents.resource(layout.people)
    node = URIRef(skill)
    if (node, None, None) not in base.graph:
        raise NotThere(skill, 404)
    known = {folded(name): iri for iri, name in agents.names(people.graph).items()}
    new: set[Triple] = set()
    into: set[Triple] = set()
    for path, said in ((terms.LEARNT_FROM, learnt_from), (terms.TAUGHT_TO, taught_to)):
        for name in dict.fromkeys(" ".join(text.split())[:200] for text in said):
            if not name:
                continue
            if folded(name) not in known:
                known[folded(name)] = iri = f"{layout.people}#{names.fragment('p')}"
                new |= set(person_graph(layout.people, iri, {"fn": [name]}, now))
            into.add((node, path, URIRef(known[folded(name)])))
    there = _passed(base, node)
    changes = [
        Change(people.iri, Delta(into=frozenset(new - set(people.graph)))),
        Change(base.iri, Delta(frozenset(there - into), frozenset(into - there))),
    ]
    carry_out(bag, terms.OPERATION_CORRECT, changes, now, (base, people))


def _passed(base: Resource, skill: URIRef) -> set[Triple]:
    return {t for path in (terms.LEARNT_FROM, terms.TAUGHT_TO) for t in base.graph.triples((skill, path, None))}
