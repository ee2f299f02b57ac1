"""Show what the person chose, one thing after the other, in their profile, where SolidOS and other applications look for it.

What we wrote there is remembered, so that what was edited there since is seen: it is proposed, never written over unasked,
and never taken over unasked. What others wrote in the profile is not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import profile_writing as writing
from musette_solid.exchange.profile_writing import Edited
from musette_solid.model import activity as activities_model
from musette_solid.model import portfolio as portfolios
from musette_solid.model import sensitivity
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.dossier import Selection
from musette_solid.model.intent import Change
from musette_solid.model.portfolio import IT, Portfolio
from musette_solid.model.skill import Skill
from musette_solid.pod import resources, webid
from musette_solid.pod.errors import AccessRefused, NotThere
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import intents
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp


class ProfileClosed(MusetteError):
    what = N_("Your profile cannot be written from here: %(host)s keeps it and refuses.")
    do = N_("Nothing was changed. Your page for everybody, or a CV, shows the same things.")


@dataclass(frozen=True)
class Shown:
    """`there`: the profile as it is. `written`: what was last written there. `edits`: what was changed there since."""

    there: Resource
    kept: Resource
    selection: Selection
    written: Graph
    edits: tuple[Edited, ...]
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    reasons: Mapping[str, tuple[URIRef, ...]]
    foreign: int

    @property
    def is_shown(self) -> bool:
        return bool(len(self.written))


def look(bag: Bag) -> Shown:
    """Raises NotUnderstood when one of the documents is damaged, NotAProfile."""
    layout = bag.layout
    place = webid.profile(bag.pod.transport, bag.owner).url
    found = read_documents(bag, (layout.profile, layout.activities, layout.skills, place))
    kept, there = found.resource(layout.profile), found.resource(place)
    written = _written(kept, layout.profile)
    chosen = portfolios.read(kept.graph, layout.profile, IT)
    activities = activities_model.read(found.resource(layout.activities).graph)
    skills = skills_model.read(found.resource(layout.skills).graph)
    nodes = set(there.graph.subjects(terms.ORG_MEMBER, URIRef(bag.owner)))
    nodes |= set(there.graph.objects(URIRef(bag.owner), terms.SCHEMA_SKILLS))
    foreign = sum((node, terms.DCTERMS_SOURCE, None) not in there.graph for node in nodes)
    return Shown(
        there,
        kept,
        chosen.selection if chosen else Selection(),
        written,
        writing.edited(there.graph, written, layout.root),
        activities,
        skills,
        sensitivity.sensitive(activities, skills),
        foreign,
    )


def _written(kept: Resource, document: str) -> Graph:
    text = kept.graph.value(URIRef(f"{document}#{IT}"), terms.PUTS_IN)
    return syntax.parse(str(text).encode(), syntax.N_TRIPLES, document) if text else syntax.empty()


def show(bag: Bag, selection: Selection, now: datetime) -> Shown:
    """Show exactly these things, those that are sensitive only when they are named; with nothing chosen, nothing is shown.

    What was edited there of a thing stays until the person decided (`take_over`, `put_right`). Raises ProfileClosed.
    """
    return _write(bag, look(bag), selection, now)


def rebuild(bag: Bag, now: datetime) -> Shown:
    """The same things again, as they are in the bag now."""
    found = look(bag)
    return _write(bag, found, found.selection, now)


def forget(bag: Bag) -> None:
    """Take everything of this bag out of the profile, whatever was edited there."""
    card = resources.read(bag.pod, webid.profile(bag.pod.transport, bag.owner).url)
    out = writing.ours(card.graph, bag.owner, bag.layout.root)
    if out:
        resources.change(bag.pod, card, Delta(out=out))


def put_right(bag: Bag, source: str, now: datetime) -> Shown:
    """Set aside what was edited there of one thing: it stands there again as it is in the bag."""
    found = look(bag)
    return _write(bag, found, found.selection, now, again=source)


def take_over(bag: Bag, source: str, now: datetime) -> Shown:
    """Take what was edited there into the bag, which is then what was written there; what was removed there is no longer shown.

    All of it or nothing. Raises NotThere.
    """
    found = look(bag)
    edit = next((one for one in found.edits if one.source == source), None)
    if edit is None:
        raise NotThere(source, 404)
    if edit.removed:
        rest = frozenset({source})
        selection = Selection(
            found.selection.activities - rest, found.selection.skills - rest, named=found.selection.named - rest
        )
        return _write(bag, found, selection, now)
    base = resources.read(bag.pod, names.document(edit.source))
    change = _into_the_bag(base, edit, now)
    after = syntax.graph_of((set(base.graph) - change.out) | change.into)
    if base.iri == bag.layout.skills:
        found = replace(found, skills=skills_model.read(after))
    else:
        found = replace(found, activities=activities_model.read(after))
    found = replace(found, reasons=sensitivity.sensitive(found.activities, found.skills))
    return _write(bag, found, found.selection, now, again=source, first=(base, change))


def _into_the_bag(base: Resource, edit: Edited, now: datetime) -> Delta:
    """What stands there now, in place of what the bag says: one change of one document."""
    it = URIRef(edit.source)
    graph = base.graph
    if (it, None, None) not in graph:
        raise NotThere(edit.source, 404)
    is_skill = (it, terms.RDF_TYPE, terms.Skill) in graph
    title = terms.SKOS_PREF_LABEL if is_skill else terms.DCTERMS_TITLE
    if not is_skill and (it, terms.SCHEMA_ROLE_NAME, None) in graph:
        title = terms.SCHEMA_ROLE_NAME
    out: set[Triple] = set()
    into: set[Triple] = set()
    paths = {
        writing.TITLE: title,
        writing.START: terms.SCHEMA_START_DATE,
        writing.END: terms.SCHEMA_END_DATE,
        writing.DESCRIPTION: terms.DCTERMS_DESCRIPTION,
    }
    for name, text in edit.changes.items():
        path = paths.get(name)
        if path is None or (name == writing.TITLE and not text):
            continue
        out.update(graph.triples((it, path, None)))
        if name == writing.DESCRIPTION:  # the achievements stand in it there
            out.update(graph.triples((it, terms.ACHIEVEMENT, None)))
        day = writing.partial(text)
        if name in {writing.START, writing.END}:
            if day is not None:
                into.add((it, path, day.literal()))
        elif text:
            into.add((it, path, Literal(text)))
    if writing.ORGANIZATION in edit.changes:
        out.update(graph.triples((it, terms.ORG_ORGANIZATION, None)))
        name_ = edit.changes[writing.ORGANIZATION]
        if name_:
            place = URIRef(f"{base.iri}#{names.fragment('o')}")
            into |= {
                (it, terms.ORG_ORGANIZATION, place),
                (place, terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS),
                (place, terms.FOAF_NAME, Literal(name_)),
            }
    out.update(graph.triples((it, terms.DCTERMS_MODIFIED, None)))
    into.add((it, terms.DCTERMS_MODIFIED, timestamp(now)))
    return Delta(frozenset(out - into), frozenset(into - out))


def _write(
    bag: Bag,
    found: Shown,
    selection: Selection,
    now: datetime,
    again: str | None = None,
    first: tuple[Resource, Delta] | None = None,
) -> Shown:
    """`first`: a change of another document that belongs to it."""
    allowed = {iri for iri in selection.everything if iri not in found.reasons or iri in selection.named}
    waiting = {one.source for one in found.edits if one.source != again} & allowed
    made = writing.graph(
        [one for one in found.activities if one.iri in allowed],
        [one for one in found.skills if one.iri in allowed],
        bag.owner,
        now.date(),
    )
    before = writing.ours(found.there.graph, bag.owner, bag.layout.root)
    # What somebody edited there waits for the person: as it stands there now, and as it was written.
    decided = frozenset(made) - _of(made, waiting, bag)
    wanted = decided | _of(found.there.graph, waiting, bag)
    remembered = syntax.graph_of(decided | _of(found.written, waiting, bag))
    card = Delta(before - wanted, wanted - frozenset(found.there.graph))
    private = _remember(bag, found.kept, selection, remembered, now)
    steps = [*([first] if first else []), (found.kept, private), (found.there, card)]
    try:
        intents.carry_out(
            bag,
            terms.OPERATION_PUBLISH,
            [Change(base.iri, delta) for base, delta in steps],
            now,
            [base for base, _ in steps],
        )
    except AccessRefused as error:
        raise ProfileClosed(host=names.origin(found.there.iri).partition("://")[2]) from error
    return look(bag)


def _of(graph: Graph, sources: set[str] | frozenset[str], bag: Bag) -> frozenset[Triple]:
    """What a graph of the profile says of the things of these sources."""
    mine = syntax.graph_of(writing.ours(graph, bag.owner, bag.layout.root))
    nodes = {s for s, o in mine.subject_objects(terms.DCTERMS_SOURCE) if str(o) in sources}
    places = {o for s in nodes for o in mine.objects(s, terms.ORG_ORGANIZATION)}
    return frozenset(t for t in mine if t[0] in nodes | places or t[2] in nodes)


def _remember(bag: Bag, kept: Resource, selection: Selection, written: Graph, now: datetime) -> Delta:
    it = URIRef(f"{bag.layout.profile}#{IT}")
    said = Portfolio(
        iri=str(it), name="", saved_at=now, selection=selection, page=names.document(bag.owner), published_at=now
    )
    graph = portfolios.graph_of_portfolio(said)
    graph.remove((it, terms.FOAF_NAME, None))
    text = syntax.n_triples(written).decode()
    if text:
        graph.add((it, terms.PUTS_IN, Literal(text)))
    before = frozenset(kept.graph.triples((it, None, None)))
    return Delta(before - frozenset(graph), frozenset(graph) - before)
