"""Choose an occupation, see what it needs and what one has of it, and make a goal of what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_
from musette_solid.model import activity as activities_model
from musette_solid.model import bridges
from musette_solid.model import goal as goals_model
from musette_solid.model import skill as skills_model
from musette_solid.model.bridges import Bridge, Way
from musette_solid.model.goal import Goal
from musette_solid.model.references.concepts import Kind, Link, canonical
from musette_solid.model.references.search import Found
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.model.standing import Standing, standing
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pursue_goal import set_goal


class UnknownOccupation(NotThere):
    what = N_("No register at hand knows this occupation.")
    do = N_("Choose one from the list, or install ROME: musette references install rome.")


@dataclass(frozen=True)
class From:
    """Where one starts: one's skills as they stand, occupations that they lead towards, goals that aim at one."""

    standings: tuple[Standing, ...]
    ways: tuple[Way, ...]
    goals: tuple[Goal, ...]
    unreadable: tuple[str, ...]


def from_here(bag: Bag, shelf: Shelf, today: date, language: str) -> From:
    standings, goals, unreadable = _read(bag, today)
    aimed = tuple(goal for goal in goals if goal.occupations)
    return From(standings, bridges.ways(shelf, standings, language), aimed, unreadable)


@dataclass(frozen=True)
class To:
    bridge: Bridge
    goals: tuple[Goal, ...]  # those that aim at this occupation
    elsewhere: tuple[Found, ...]  # where its register says nothing of what it needs: what others call alike
    unreadable: tuple[str, ...]


def bridge_to(bag: Bag, shelf: Shelf, occupation: str, today: date, language: str) -> To:
    """Raises UnknownOccupation."""
    standings, goals, unreadable = _read(bag, today)
    made = bridges.bridge(occupation, shelf, standings, language)
    if made is None:
        raise UnknownOccupation(occupation, 404)
    aimed = tuple(goal for goal in goals if made.occupation.iri in map(canonical, goal.occupations))
    return To(made, aimed, () if made.needs else _elsewhere(shelf, made, language), unreadable)


def _elsewhere(shelf: Shelf, made: Bridge, language: str) -> tuple[Found, ...]:
    """Occupations of other registers that are called alike and of which something is said."""
    found = shelf.search(label_of(made.occupation, language), (Kind.OCCUPATION,), 12)
    mine = shelf.register_of(made.occupation.iri)
    others = (one for one in found if shelf.register_of(one.iri) != mine and shelf.related(one.iri, Link.CORE))
    return tuple(islice(others, 4))


def _read(bag: Bag, today: date) -> tuple[tuple[Standing, ...], tuple[Goal, ...], tuple[str, ...]]:
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.activities, layout.goals))
    activities = activities_model.read(documents.graph(layout.activities))
    skills = skills_model.read(documents.graph(layout.skills))
    standings = tuple(standing(skill, activities, bag.owner, today) for skill in skills)
    return standings, goals_model.read(documents.graph(layout.goals)), documents.unreadable


def aim_at(
    bag: Bag, shelf: Shelf, occupation: str, title: str, steps: Mapping[str, str], by: str, now: datetime, language: str
) -> str:
    """A goal of an occupation, with a step for each need that was chosen (its concept, and the words of the step); its IRI.

    Raises UnknownOccupation, and Unfit when a text does not fit; then nothing was written.
    """
    concept = shelf.concept(occupation)
    if concept is None:
        raise UnknownOccupation(occupation, 404)
    texts = {
        "title": [title],
        "occupation": [concept.iri],
        "roleName": [label_of(concept, language)[:200]],
        "needs": list(steps),
        "valid": [by] if by else [],
    }
    planned = [{"title": [words], "needs": [need]} for need, words in steps.items()]
    # A register may not be at hand tomorrow: what its concepts are called stays beside them.
    named = [(one.iri, label_of(one, language)) for one in (concept, *filter(None, map(shelf.concept, steps)))]
    return set_goal(bag, texts, now, planned, _names(named, language))


def _names(named: Sequence[tuple[str, str]], language: str) -> Graph:
    return syntax.graph_of(
        (URIRef(iri), terms.SKOS_PREF_LABEL, Literal(text, lang=language[:2])) for iri, text in named
    )


def tie(bag: Bag, shelf: Shelf, skill: str, concept: str, language: str, *, is_same: bool = False) -> None:
    """Say that a skill of one's own is close to (or the same as) a concept of a register. Raises NotThere."""
    known = shelf.concept(concept)
    graph = resources.read(bag.pod, bag.layout.skills).graph
    if known is None or (URIRef(skill), terms.RDF_TYPE, terms.Skill) not in graph:
        raise NotThere(skill, 404)
    path = terms.SKOS_EXACT_MATCH if is_same else terms.SKOS_CLOSE_MATCH
    tied = (URIRef(skill), path, URIRef(known.iri))
    name = (URIRef(known.iri), terms.SKOS_PREF_LABEL, Literal(label_of(known, language), lang=language[:2]))
    resources.insert(bag.pod, bag.layout.skills, syntax.graph_of([tied, name]))
