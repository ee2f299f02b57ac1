"""Delete one thing of the bag by its name, whatever it is: as its own page would, with what belongs to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.usecases import imagine, note_right, pass_on, pass_on_method, pursue_goal, say_value, watch
from musette_solid.usecases.correct_activity import remove_activity
from musette_solid.usecases.declare_skill import remove_skill
from musette_solid.usecases.documents import said_of
from musette_solid.usecases.follow_method import one_session, remove_session
from musette_solid.usecases.journal import remove_reflection
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_time import remove_entry
from musette_solid.usecases.take_out import Removed

Remove: TypeAlias = Callable[[Bag, str, datetime], Removed]


class NotDeletedAlone(MusetteError):
    what = N_("This cannot be deleted by itself and put back.")
    do = N_("Nothing was deleted. What belongs to something else goes with it; people are forgotten everywhere.")


_BY_TYPE: Final[Mapping[URIRef, Remove]] = {
    terms.Activity: lambda bag, iri, _: remove_activity(bag, iri),
    terms.Skill: remove_skill,
    terms.TimeEntry: lambda bag, iri, _: remove_entry(bag, iri),
    terms.Tool: pass_on.remove_tool,
    terms.Reflection: lambda bag, iri, _: remove_reflection(bag, iri),
    terms.MethodSession: lambda bag, iri, _: remove_session(bag, one_session(bag, iri)),
    terms.Method: lambda bag, iri, now: pass_on_method.remove_method(bag, names.local(iri), now),
    terms.Goal: lambda bag, iri, _: pursue_goal.remove_goal(bag, iri),
    terms.Step: lambda bag, iri, _: pursue_goal.remove_step(bag, iri),
    terms.Scenario: lambda bag, iri, _: imagine.remove_scenario(bag, iri),
    terms.SupposedActivity: lambda bag, iri, _: imagine.remove_supposed(bag, iri),
    terms.Watch: lambda bag, iri, _: watch.remove_watch(bag, iri),
    terms.ValueStatement: say_value.remove_statement,
    terms.RightsFact: lambda bag, iri, _: note_right.remove_fact(bag, iri),
    terms.IncomeStatement: lambda bag, iri, _: note_right.remove_fact(bag, iri),
    terms.SKOS_CONCEPT: say_value.remove_dimension,
}


def delete(bag: Bag, iri: str, now: datetime) -> Removed:
    """What undoing needs. Raises NotThere, NotDeletedAlone, and what the deletion itself raises; then nothing was deleted."""
    document = names.document(iri)
    if not document.startswith(bag.layout.root):
        raise NotThere(iri, 404)
    graph = resources.read(bag.pod, document).graph
    if not said_of(graph, iri):
        raise NotThere(iri, 404)
    kinds = set(graph.objects(URIRef(iri), terms.RDF_TYPE))
    # A tool may be a method too: the first that it is.
    remove = next((remove for kind, remove in _BY_TYPE.items() if kind in kinds), None)
    if remove is None:
        raise NotDeletedAlone
    return remove(bag, iri, now)
