"""From what a file gave to what is written: without what was not chosen, and with the time where it belongs."""

from collections.abc import Collection, Mapping
from typing import Final

from rdflib import Graph, Literal, URIRef

from musette_solid.model import dates
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.store import by_subject
from musette_solid.rdf.syntax import Triple

#: Things without a line of their own, and what they go with: no time without its activity, no level without its skill.
_GOES_WITH: Final = {
    terms.TimeEntry: terms.ACTIVITY,
    terms.Assessment: terms.SKILL,
    terms.Relation: terms.WITH,
    terms.SCHEMA_MONETARY_AMOUNT: terms.ACTIVITY,
    terms.SCHEMA_AGGREGATE_RATING: terms.ACTIVITY,
}


def without(graphs: Mapping[str, Graph], dropped: Collection[str]) -> dict[str, Graph]:
    """The graphs without these nodes, what points at them, and what makes no sense alone; the same where nothing goes."""
    gone = {str(node) for node in dropped}
    for graph in graphs.values():
        for kind, path in _GOES_WITH.items():
            for node in graph.subjects(terms.RDF_TYPE, kind):
                if str(graph.value(node, path)) in gone:
                    gone.add(str(node))
    return {key: syntax.part_of(graph, gone) if gone else graph for key, graph in graphs.items()}


def new_only(graphs: Mapping[str, Graph], known: Mapping[str, Graph]) -> tuple[dict[str, Graph], frozenset[str]]:
    """The graphs without the nodes that are in the bag under the same name, and which those are.

    The same row always has the same name: it is there, perhaps in other words by now, and is left as it is.
    """
    there = {
        str(node)
        for key, graph in graphs.items()
        if key in known
        for node in by_subject(graph)
        if (node, terms.RDF_TYPE, None) in known[key]
    }
    if not there:
        return dict(graphs), frozenset()
    return {
        key: syntax.graph_of(t for t in graph if str(t[0]) not in there) for key, graph in graphs.items()
    }, frozenset(there)


def with_time_of(graphs: Mapping[str, Graph], targets: Mapping[str, str]) -> dict[str, Graph]:
    """Every time entry of a classification goes to its activity. `targets`: classification to activity."""
    if not targets:
        return dict(graphs)
    found: dict[str, Graph] = {}
    for key, graph in graphs.items():
        triples: list[Triple] = []
        for subject, path, value in graph:
            target = targets.get(str(value)) if path == terms.ACTIVITY else None
            triples.append((subject, path, URIRef(target) if target else value))
        found[key] = syntax.graph_of(triples)
    rules = found.get("mappings")
    if rules is not None:
        for classification, activity in targets.items():
            if (URIRef(classification), terms.RDF_TYPE, terms.Classification) in rules:
                rules.add((URIRef(classification), terms.ACTIVITY, URIRef(activity)))
    return found


def activity_for(
    graphs: Mapping[str, Graph],
    classification: str,
    sphere: URIRef,
    document: str,
    owner: str,
    run: str,
    created: Literal,
) -> tuple[URIRef, list[Triple]]:
    """A new activity for the time of a classification, in the words of the calendar."""
    rules = graphs["mappings"]
    node = URIRef(classification)
    title = rules.value(node, terms.DCTERMS_TITLE) or Literal("")
    made = URIRef(f"{document}#{names.derived('a', None, owner, 'classified', str(title))}")
    origin = rules.value(node, terms.PROV_WAS_DERIVED_FROM)
    said: list[Triple] = [
        (made, terms.RDF_TYPE, terms.Activity),
        (made, terms.DCTERMS_TITLE, title),
        (made, terms.SPHERE, sphere),
        (made, terms.DCTERMS_CREATED, created),
        (made, terms.DCTERMS_SOURCE, URIRef(run)),
    ]
    days = [
        str(graph.value(entry, terms.DCTERMS_DATE))
        for key, graph in graphs.items()
        if key.startswith("time/")
        for entry in graph.subjects(terms.ACTIVITY, node)
    ]
    if days:
        said.append((made, terms.SCHEMA_START_DATE, dates.PartialDate.from_text(min(days)).literal()))
    if origin is not None:
        said.append((made, terms.PROV_WAS_INFLUENCED_BY, origin))
    return made, said


def same_times(graphs: Mapping[str, Graph], known: Mapping[str, Graph]) -> frozenset[str]:
    """Time that is in the bag already: the same activity, day, minutes and words, under another name."""
    found: set[str] = set()
    for key, graph in graphs.items():
        if not key.startswith("time/") or key not in known:
            continue
        there = {_time(known[key], node) for node in known[key].subjects(terms.RDF_TYPE, terms.TimeEntry)}
        found |= {str(node) for node in graph.subjects(terms.RDF_TYPE, terms.TimeEntry) if _time(graph, node) in there}
    return frozenset(found)


def _time(graph: Graph, node: object) -> tuple[str, ...]:
    assert isinstance(node, URIRef)
    paths = (terms.ACTIVITY, terms.DCTERMS_DATE, terms.MINUTES, terms.DCTERMS_DESCRIPTION)
    return tuple(str(graph.value(node, path) or "") for path in paths)


def counts(graphs: Mapping[str, Graph]) -> dict[str, int]:
    """How many of each class."""
    classes = {
        "activities": terms.Activity,
        "organizations": terms.ORG_ORGANIZATION_CLASS,
        "skills": terms.Skill,
        "assessments": terms.Assessment,
        "evidence": terms.Evidence,
        "attestations": terms.Attestation,
        "time_entries": terms.TimeEntry,
        "ratings": terms.SCHEMA_AGGREGATE_RATING,
        "incomes": terms.SCHEMA_MONETARY_AMOUNT,
        "opportunities": terms.SCHEMA_JOB_POSTING,
        "accounts": terms.FOAF_ONLINE_ACCOUNT,
        "people": terms.VCARD_INDIVIDUAL,
    }
    return {
        name: sum(1 for graph in graphs.values() for _ in graph.subjects(terms.RDF_TYPE, kind))
        for name, kind in classes.items()
    }
