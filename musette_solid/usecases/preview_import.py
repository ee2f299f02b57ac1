"""What an import would write: what a file gives, what of it is there, what is proposed, what waits for a word."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rdflib import Graph, URIRef

from musette_solid.errors import N_
from musette_solid.exchange import apart, choosing
from musette_solid.exchange.draft import Bag as Destination
from musette_solid.exchange.draft import Line, Recognised
from musette_solid.exchange.losses import Loss
from musette_solid.exchange.recognised_json import Packed
from musette_solid.exchange.recognition import Asked
from musette_solid.model import activity as activities_model
from musette_solid.model import matching
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.labels import concepts
from musette_solid.model.recognition import recognise
from musette_solid.model.skill import Skill
from musette_solid.model.words import words
from musette_solid.pod import webid
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.log_activity import timestamp

_OTHERWISE = N_("the file now says %(value)s, your bag what stands in brackets, and it was left as it is")
_WAITS = N_("“%(value)s”: say which activity this time belongs to")


@dataclass(frozen=True)
class Choices:
    """What a person says to a preview. None for `taken`: what the preview proposes.

    `taken`: the names of the lines to take. `time`: for each title of a calendar an activity that is there, or a sphere
    for a new one; `sphere` is for the titles that are not named.
    """

    taken: frozenset[str] | None = None
    time: Mapping[str, str] = field(default_factory=dict)
    sphere: str = ""
    keep_file: bool = False


@dataclass(frozen=True)
class Item:
    """A line of the preview. `there`: what it is in the bag already; `target`: the activity its time goes to."""

    line: Line
    there: str = ""
    target: str = ""
    is_proposed: bool = True


@dataclass(frozen=True)
class ImportPreview:
    """What a file holds, as it will be shown, and what of it is not there yet. Nothing was written."""

    name: str
    format: str
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    evidence: tuple[Evidence, ...]
    duplicates: tuple[str, ...]
    losses: tuple[Loss, ...]
    new: Mapping[str, Graph]
    run: str
    items: tuple[Item, ...]
    recognised: Recognised
    known: tuple[Activity, ...] = ()
    #: The documents as they were compared, by their keys.
    bases: Mapping[str, Resource] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return choosing.counts(self.new) | {
            "activities": len(self.activities),
            "skills": len(self.skills),
            "evidence": len(self.evidence),
            "duplicates": len(self.duplicates),
            "losses": len(self.losses),
        }

    @property
    def is_empty(self) -> bool:
        return not any(len(graph) for key, graph in self.new.items() if key != "mappings")

    @property
    def offers_nothing(self) -> bool:
        """Whether there is nothing in it that somebody could take, even by asking for it."""
        return not any(not item.there for item in self.items)


def look(
    bag: Bag,
    data: bytes,
    name: str,
    now: datetime,
    asked: Asked | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> Recognised:
    """What a file gives, read where it can do no harm. Raises UnreadableFile; Stopped when `is_stopped` says so."""
    return apart.read(data, name, _destination(bag, now), asked, is_stopped)


def look_packed(
    bag: Bag,
    data: bytes,
    name: str,
    now: datetime,
    asked: Asked | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> Packed:
    """The same, as it is passed on from page to page. Raises what `look` raises."""
    return apart.read_packed(data, name, _destination(bag, now), asked, is_stopped)


def _destination(bag: Bag, now: datetime) -> Destination:
    run = f"{bag.layout.log(now.year)}#{names.fragment('import', now.date())}"
    return Destination(bag.layout.root, bag.owner, run, now)


def own_profile(bag: Bag) -> tuple[bytes, str]:
    """The person's own Solid profile as a file, and where it was read: roles, skills and languages as others show them."""
    found = webid.profile(bag.pod.transport, bag.owner)
    return syntax.turtle(found.graph), found.url


def preview(bag: Bag, data: bytes, name: str, now: datetime, choices: Choices | None = None) -> ImportPreview:
    """Raises UnreadableFile when it is not a file we know; NotUnderstood when the bag itself cannot be read."""
    return compare(bag, look(bag, data, name, now), choices or Choices(), now)


def compare(bag: Bag, found: Recognised, choices: Choices, now: datetime) -> ImportPreview:
    """What of it is there, what is proposed, what would be written. Raises NotUnderstood."""
    bases = bases_of(bag, frozenset(key for key, graph in found.graphs.items() if len(graph)))
    shown = compared(found, {key: base.graph for key, base in bases.items()}, choices, now, bag.layout, bag.owner)
    return replace(shown, bases=bases)


def bases_of(bag: Bag, said: frozenset[str]) -> dict[str, Resource]:
    """The documents with which a file that speaks of `said` is compared. Raises NotUnderstood."""
    # No more is read than may be written; but time goes to activities that are there.
    keys = said | ({"activities"} if "mappings" in said else set())
    documents = read_documents(bag, [bag.layout.document(key) for key in sorted(keys)])
    return {key: documents.resource(bag.layout.document(key)) for key in keys}


def compared(
    found: Recognised, bases: Mapping[str, Graph], choices: Choices, now: datetime, layout: Layout, owner: str
) -> ImportPreview:
    """What a file gave beside what the bag says, nobody being asked: `bases` are its documents, by their keys."""
    keys = {"activities", "skills", *bases, *found.graphs}
    known = {key: bases.get(key, syntax.empty()) for key in keys}
    graphs, same = choosing.new_only({key: found.graphs.get(key, syntax.empty()) for key in keys}, known)
    taken = choices.taken
    people_said = taken if taken is not None else frozenset()
    compared = matching.split(
        {key: graphs[key] for key in ("activities", "skills")},
        {key: known[key] for key in ("activities", "skills")},
        apart=people_said,
    )
    matches = {one.new: one.existing for one in compared.recognised}
    there = activities_model.read(known["activities"])
    targets = _targets(found, known.get("mappings"), there, choices, now.date())
    items = tuple(_item(line, same, matches, targets, taken) for line in found.lines)
    graphs |= compared.new
    # What is there already is left as it is, but what is new of it comes in: the rides of another month.
    left = {item.line.node for item in items if not item.is_proposed and not item.there}
    graphs = _with_new_activities(
        graphs, {k: v for k, v in targets.items() if k not in left}, found, layout, owner, now
    )
    graphs = choosing.without(graphs, left)
    again = choosing.same_times(graphs, known)
    graphs = choosing.without(graphs, again)
    graphs["activities"] = _without_loose_organizations(graphs["activities"])
    waiting = [
        Loss.of(item.line.place, _WAITS, item.line.label)
        for item in items
        if item.line.kind == "time" and not item.target
    ]
    return ImportPreview(
        name=found.file,
        format=found.format,
        activities=activities_model.read(graphs["activities"]),
        skills=skills_model.read(graphs["skills"]),
        evidence=tuple(piece for key in ("skills", "activities") for piece in activities_model.evidence(graphs[key])),
        duplicates=(
            *compared.duplicates,
            *(line.label for line in found.lines if line.node in same and line.kind != "time"),
            *again,
            *(entry for entry in same if "#t-" in entry),
        ),
        losses=(*found.losses, *waiting, *_otherwise(found, known, same)),
        new=graphs,
        run=_run_of(found),
        items=items,
        recognised=found,
        known=there,
    )


def _otherwise(found: Recognised, known: Mapping[str, Graph], same: Collection[str]) -> Iterator[Loss]:
    """Sums of the bag that a longer file says otherwise: a month that was not over when it was brought in first."""
    for key, graph in sorted(found.graphs.items()):
        for path in (terms.MINUTES, terms.SCHEMA_VALUE, terms.SCHEMA_RATING_COUNT):
            for node, value in graph.subject_objects(path):
                there = known[key].value(node, path) if str(node) in same and key in known else None
                if there is not None and there != value:
                    row = graph.value(node, terms.PROV_WAS_DERIVED_FROM) or graph.value(
                        node, terms.PROV_WAS_INFLUENCED_BY
                    )
                    on = graph.value(node, terms.DCTERMS_DATE)
                    yield Loss.of(f"#{str(row).partition('#')[2]}", _OTHERWISE, f"{on}: {value} ({there})")


def _run_of(found: Recognised) -> str:
    for graph in found.graphs.values():
        for run in graph.objects(None, terms.DCTERMS_SOURCE):
            return str(run)
    return ""


def _item(
    line: Line,
    same: Collection[str],
    matches: Mapping[str, str],
    targets: Mapping[str, str],
    taken: Collection[str] | None,
) -> Item:
    there = line.node if line.node in same and line.kind != "time" else matches.get(line.node, "")
    target = targets.get(line.node, "") if line.kind == "time" else ""
    if there:
        return Item(line, there, target, is_proposed=False)
    if taken is not None:
        return Item(line, "", target, is_proposed=line.node in taken or bool(target))
    return Item(line, "", target, is_proposed=bool(target) if line.kind == "time" else not line.asked)


def _targets(
    found: Recognised, taught: Graph | None, there: tuple[Activity, ...], choices: Choices, today: date
) -> dict[str, str]:
    """Where the time of each title goes: as somebody says now, said before, or as the words of one activity say."""
    targets: dict[str, str] = {}
    iris = {activity.iri for activity in there}
    for line in found.lines:
        if line.kind != "time":
            continue
        said = choices.time.get(line.node, choices.time.get(line.label, ""))
        before = taught.value(URIRef(line.node), terms.ACTIVITY) if taught is not None else None
        if said == "-":
            continue
        if said in iris or URIRef(said) in _spheres():
            targets[line.node] = said
        elif before is not None and str(before) in iris:
            targets[line.node] = str(before)
        else:
            guess = recognise(words(line.label), there, today).activity
            if guess is not None and set(words(guess.title)) <= set(words(line.label)):
                targets[line.node] = guess.iri
            elif choices.sphere:
                targets[line.node] = choices.sphere
    return targets


def _spheres() -> frozenset[URIRef]:
    return frozenset(concepts(terms.SPHERES))


def _with_new_activities(
    graphs: dict[str, Graph], targets: Mapping[str, str], found: Recognised, layout: Layout, owner: str, now: datetime
) -> dict[str, Graph]:
    placed: dict[str, str] = {}
    if any(URIRef(target) in _spheres() for target in targets.values()):
        graphs = {**graphs, "activities": syntax.graph_of(graphs["activities"])}  # what the file gave stays as it is
    for classification, target in targets.items():
        if URIRef(target) not in _spheres():
            placed[classification] = target
            continue
        rules = {**graphs, "mappings": found.graphs["mappings"]}
        document = layout.activities
        run = _run_of(found)
        created = timestamp(now)
        node, said = choosing.activity_for(rules, classification, URIRef(target), document, owner, run, created)
        for triple in said:
            graphs["activities"].add(triple)
        placed[classification] = str(node)
    return choosing.with_time_of(graphs, placed)


def _without_loose_organizations(graph: Graph) -> Graph:
    used = set(graph.objects(None, terms.ORG_ORGANIZATION))
    loose = {str(node) for node in graph.subjects(terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS) if node not in used}
    return syntax.part_of(graph, loose) if loose else graph
