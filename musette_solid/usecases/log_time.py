"""Log time in one write; look at a month."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rdflib import Graph, URIRef

from musette_solid.errors import N_
from musette_solid.model import activity as activities_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity
from musette_solid.model.entry import entry
from musette_solid.model.intent import Change
from musette_solid.model.time import Month, QuickEntry, TimeEntry, Unclear, understand
from musette_solid.model.validation import Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents, said_of, version_of, without
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.take_out import Removed, remove

_PAID = frozenset({terms.SPHERE_EMPLOYMENT, terms.SPHERE_SELF_EMPLOYMENT, terms.SPHERE_PLATFORM_WORK})
_GIVEN = frozenset({terms.SPHERE_VOLUNTEERING, terms.SPHERE_CIVIC_ENGAGEMENT})


class WhichActivity(Unclear):
    what = N_("Several activities fit this line.")
    do = N_("Choose the one you meant; nothing was written yet.")


class NoSuchActivity(Unclear):
    what = N_("No activity in your bag fits this line.")
    do = N_("Choose one from the list, or add the activity first; nothing was written yet.")


def counterpart_of(activity: Activity) -> URIRef:
    """What time in a sphere is most often: paid, given or unpaid. A proposal, corrected by hand."""
    if activity.sphere in _PAID:
        return terms.COUNTERPART_PAID
    return terms.COUNTERPART_GIVEN if activity.sphere in _GIVEN else terms.COUNTERPART_UNPAID


def understood(bag: Bag, line: str, today: date) -> QuickEntry:
    """What a line like "2 h 30 repair café hier" means among the activities of the bag. Raises Unclear."""
    graph = resources.read(bag.pod, bag.layout.activities).graph
    return understand(line, today, activities_model.read(graph))


def log_line(bag: Bag, line: str, today: date) -> TimeEntry:
    """Log what a line says. Raises Unclear: WhichActivity and NoSuchActivity carry `candidates` and what was understood."""
    quick = understood(bag, line, today)
    if quick.activity is None:
        kind = WhichActivity if quick.candidates else NoSuchActivity
        raise kind(line=line, candidates=quick.candidates, quick=quick)
    counterpart = counterpart_of(quick.activity)
    return log_time(bag, quick.activity.iri, quick.minutes, quick.on, counterpart, quick.rest, quick.precision)


def log_time(
    bag: Bag,
    activity: str,
    minutes: int,
    on: date,
    counterpart: URIRef | None = None,
    description: str = "",
    precision: URIRef = terms.PRECISION_EXACT,
) -> TimeEntry:
    """Log time on one activity: exactly one write, which creates the year's document when it is the first.

    What is known of that document is looked at first, once a session: then it is one request.

    Raises Unfit (0 or more than 1,440 minutes, an unknown counterpart); then nothing was written.
    """
    iri = URIRef(f"{bag.layout.time(on.year)}#{names.fragment('t', on)}")
    graph = _entry_graph(iri, activity, minutes, on, counterpart, description, precision)
    resources.insert(bag.pod, str(iri), graph)
    return time_model.read(graph)[0]


def _entry_graph(
    iri: URIRef,
    activity: str,
    minutes: int,
    on: date,
    counterpart: URIRef | None,
    description: str,
    precision: URIRef,
) -> Graph:
    texts = {
        "activity": [activity],
        "minutes": [str(minutes)],
        "date": [on.isoformat()],
        "precision": [str(precision)],
        "counterpart": [str(counterpart)] if counterpart else [],
        "description": [description] if description else [],
    }
    made = entry(terms.TimeEntryShape, iri, texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    return made.graph


@dataclass(frozen=True)
class MonthListing:
    """One month: entries the newest first; totals are exact sums of whole minutes."""

    month: Month
    entries: tuple[TimeEntry, ...]
    activities: tuple[Activity, ...]
    unreadable: tuple[str, ...]

    @property
    def total(self) -> timedelta:
        return timedelta(minutes=sum(e.minutes for e in self.entries))

    @property
    def by_activity(self) -> tuple[tuple[str, timedelta], ...]:
        """Activity IRI and time, the longest first."""
        return self._totals(lambda e: str(e.activity))

    @property
    def by_sphere(self) -> tuple[tuple[str, timedelta], ...]:
        spheres = {str(a.iri): str(a.sphere) for a in self.activities}
        return self._totals(lambda e: spheres.get(str(e.activity), ""))

    @property
    def too_full(self) -> tuple[date, ...]:
        """Days with more than 24 hours: activities may overlap, so this is a question and not an error."""
        totals: dict[date, int] = defaultdict(int)
        for item in self.entries:
            totals[item.on] += item.minutes
        return tuple(sorted(day for day, minutes in totals.items() if minutes > 24 * 60))

    def activity(self, iri: str) -> Activity | None:
        return next((a for a in self.activities if str(a.iri) == iri), None)

    def _totals(self, key: Callable[[TimeEntry], str]) -> tuple[tuple[str, timedelta], ...]:
        totals: dict[str, int] = defaultdict(int)
        for item in self.entries:
            totals[key(item)] += item.minutes
        ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((iri, timedelta(minutes=minutes)) for iri, minutes in ordered)


def list_month(bag: Bag, month: Month) -> MonthListing:
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.time(month.year)))
    entries = time_model.read(documents.graph(layout.time(month.year)))
    return MonthListing(
        month,
        tuple(e for e in entries if month.holds(e.on)),
        activities_model.read(documents.graph(layout.activities)),
        documents.unreadable,
    )


@dataclass(frozen=True)
class OneEntry:
    """One entry, the activities that it could be given to, and the version that a form is made from."""

    entry: TimeEntry
    activities: tuple[Activity, ...]
    version: str


def one_entry(bag: Bag, iri: str) -> OneEntry:
    """Raises NotThere, and NotUnderstood when the document is damaged."""
    place = names.document(iri)
    documents = read_documents(bag, (bag.layout.activities, place))
    graph = documents.resource(place).graph
    found = next((entry for entry in time_model.read(graph) if entry.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return OneEntry(found, activities_model.read(documents.graph(bag.layout.activities)), version_of(graph, iri))


def remove_entry(bag: Bag, iri: str) -> Removed:
    return remove(bag, names.document(iri), frozenset({iri}))


def correct_entry(
    bag: Bag,
    iri: str,
    activity: str,
    minutes: int,
    on: date,
    counterpart: URIRef | None,
    description: str,
    *,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Correct one entry in place; a day of another year moves it to that year's document, whole or not at all.

    `seen`: the version that the form was made from; ChangedMeanwhile when it is another one by now. Without it, what is
    said here counts, whatever is there.
    """
    base = resources.read(bag.pod, names.document(iri))
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    if seen is not None and version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    target = URIRef(iri)
    if bag.layout.time(on.year) != names.document(iri):
        target = URIRef(f"{bag.layout.time(on.year)}#{names.local(iri)}")
    after = frozenset(_entry_graph(target, activity, minutes, on, counterpart, description, terms.PRECISION_EXACT))
    managed = {p for _, p, _ in after} | {terms.DCTERMS_DESCRIPTION, terms.COUNTERPART}
    if str(target) != iri:
        # What other applications said of it goes with it.
        after |= frozenset((target, p, o) for _, p, o in before if p not in managed)
        gone = without(base.graph, [iri], now)
        changes = [Change(names.document(str(target)), Delta(into=after)), Change(base.iri, gone)]
        carry_out(bag, terms.OPERATION_MOVE, changes, now, [base])
        return
    out = frozenset(t for t in before if t[1] in managed)
    resources.change(bag.pod, base, Delta(out - after, after - out))
