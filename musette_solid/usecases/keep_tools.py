"""Note what one works with, and which activities make use of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import tools as tools_model
from musette_solid.model.activity import Activity
from musette_solid.model.intent import Change
from musette_solid.model.tools import Tool
from musette_solid.pod import resources
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.take_out import Removed, remove
from musette_solid.usecases.write_thing import made, replaced, seen_as


@dataclass(frozen=True)
class Tools:
    """`used` are pairs of a tool and an activity that makes use of it."""

    tools: tuple[Tool, ...]
    activities: tuple[Activity, ...]
    used: frozenset[tuple[str, str]]
    unreadable: tuple[str, ...]

    def tool(self, iri: str) -> Tool | None:
        return next((one for one in self.tools if one.iri == iri), None)

    def used_in(self, tool: str) -> tuple[Activity, ...]:
        return tuple(a for a in self.activities if (tool, a.iri) in self.used)


def list_tools(bag: Bag) -> Tools:
    layout = bag.layout
    documents = read_documents(bag, (layout.tools, layout.activities))
    activities = documents.graph(layout.activities)
    return Tools(
        tools_model.read(documents.graph(layout.tools)),
        activities_model.read(activities),
        frozenset((str(o), str(s)) for s, o in activities.subject_objects(terms.USES)),
        documents.unreadable,
    )


def keep_tool(bag: Bag, texts: Texts, now: datetime, used_in: Sequence[str] = ()) -> str:
    """Its IRI. Raises Unfit; then nothing was written."""
    document = bag.layout.tools
    iri = f"{document}#{names.fragment('z')}"
    graph = made(terms.ToolShape, iri, texts, now)
    uses = _uses(bag, iri, used_in)
    changes = [Change(document, Delta(into=frozenset(graph))), Change(bag.layout.activities, Delta(into=uses))]
    carry_out(bag, terms.OPERATION_RECORD, changes, now)
    return iri


def _uses(bag: Bag, iri: str, activities: Sequence[str]) -> frozenset[Triple]:
    own = [one for one in activities if names.document(one) == bag.layout.activities]
    return frozenset((URIRef(one), terms.USES, URIRef(iri)) for one in own)


def correct_tool(
    bag: Bag, iri: str, texts: Texts, now: datetime, seen: str, used_in: Sequence[str] | None = None
) -> None:
    """With `used_in`, the activities that make use of it become exactly these. Raises Unfit, NotThere, ChangedMeanwhile."""
    base = seen_as(bag, iri, seen)
    changes = [Change(base.iri, replaced(base.graph, terms.ToolShape, iri, texts, now))]
    bases = [base]
    if used_in is not None:
        activities = resources.read(bag.pod, bag.layout.activities)
        there = frozenset(activities.graph.triples((None, terms.USES, URIRef(iri))))
        wanted = _uses(bag, iri, [one for one in used_in if (URIRef(one), None, None) in activities.graph])
        changes.append(Change(activities.iri, Delta(there - wanted, wanted - there)))
        bases.append(activities)
    carry_out(bag, terms.OPERATION_CORRECT, changes, now, bases)


def remove_tool(bag: Bag, iri: str, now: datetime, *, deletes: Sequence[str] = ()) -> Removed:
    """Activities keep no pointer to it; what `deletes` names in the bag goes with it. Raises NotThere."""
    return remove(bag, bag.layout.tools, {iri}, now, beside=(bag.layout.activities,), deletes=deletes)
