"""The dossier: what one recipient will see, and nothing else.

WAC and ACP grant whole documents, so a share is a document of its own, derived from a selection. The derivation goes
through the values that readers give: what has no field here cannot get out, whatever another application wrote.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_, MusetteError
from musette_solid.model import activity as activities_of
from musette_solid.model import dates
from musette_solid.model import skill as skills_of
from musette_solid.model.activity import Activity, Evidence, Organization
from musette_solid.model.described import Index
from musette_solid.model.skill import Skill
from musette_solid.rdf import names, syntax, terms

# Other applications write links as texts too; what is no IRI would make the whole dossier unreadable.
_A_LINK = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")
#: The fragment of the dossier itself in its document.
IT = "it"


class NotADossier(MusetteError):
    what = N_("This document holds no dossier.")
    do = N_("Check the address you were given, or ask the person who gave it to you.")


@dataclass(frozen=True, slots=True)
class Selection:
    """The IRIs that go in. `hours`: the weekly hours of the activities go with them."""

    activities: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    hours: bool = False

    def __bool__(self) -> bool:
        return bool(self.activities or self.skills)


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom, what for and until when (that day included)."""

    title: str
    owner: str
    owner_name: str | None
    recipient: str
    purpose: str
    issued: datetime
    until: date
    note: str | None = None
    recipient_name: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    iri: str
    title: str
    owner: str
    owner_name: str | None
    recipient: str
    purpose: URIRef | None
    issued: datetime | None
    until: date | None
    note: str | None
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    version: str | None = None
    recipient_name: str | None = None

    def is_expired(self, today: date) -> bool:
        return self.until is not None and self.until < today


def project(sources: Mapping[str, Graph], selection: Selection, agreed: Terms, document: str) -> Graph:
    """The graph of the dossier, to be stored at `document`. The same arguments always give the same graph.

    `sources`: the IRI of each document that may hold selected things, and its graph.
    """
    wanted = frozenset(str(iri) for iri in selection.activities | selection.skills)

    def is_chosen(iri: str, source: str) -> bool:
        # What another document says of it is not what the person wrote about it.
        return iri in wanted and names.document(iri) == names.document(source)

    activities = [
        one for source, graph in sources.items() for one in activities_of.read(graph) if is_chosen(one.iri, source)
    ]
    skills = [one for source, graph in sources.items() for one in skills_of.read(graph) if is_chosen(one.iri, source)]
    writer = _Writer(document, map(names.document, sources))
    chosen = sorted([*(one.iri for one in activities), *(one.iri for one in skills)])
    parts = [writer.rename(iri) for iri in chosen]
    for activity in activities:
        writer.write_activity(activity, {skill.iri for skill in skills}, with_hours=selection.hours)
    for skill in skills:
        writer.write_skill(skill)
    writer.write_head(agreed, parts, {names.document(iri) for iri in chosen})
    return writer.graph


def read(graph: Graph) -> Dossier:
    """Raises NotADossier. Fields that are missing are None: the recipient sees what is there."""
    index = Index(graph)
    node = min(index.of_type(terms.Dossier), key=lambda node: node.iri, default=None)
    if node is None:
        raise NotADossier
    owner, recipient = node.iri_of(terms.DCTERMS_CREATOR) or "", node.iri_of(terms.RECIPIENT) or ""
    return Dossier(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE) or "",
        owner=owner,
        owner_name=index[owner].text(terms.FOAF_NAME) if owner else None,
        recipient=recipient,
        recipient_name=index[recipient].text(terms.FOAF_NAME) if recipient else None,
        purpose=node.concept(terms.DPV_HAS_PURPOSE),
        issued=node.moment(terms.DCTERMS_ISSUED),
        until=node.day(terms.DCTERMS_VALID),
        note=node.text(terms.DCTERMS_DESCRIPTION),
        activities=activities_of.read(graph),
        skills=skills_of.read(graph),
        version=node.text(terms.OWL_VERSION_INFO),
    )


class _Writer:
    """Writes values into the dossier's graph under names of its own document."""

    def __init__(self, document: str, sources: Iterable[str]) -> None:
        self.graph = syntax.empty()
        self._document = document
        self._private = tuple(source.rpartition("/")[0] + "/" for source in sources)
        self._names: dict[str, URIRef] = {}
        self._taken = {IT}

    def rename(self, iri: str) -> URIRef:
        """The same fragment in this document; a second one of the same name gets a number."""
        if iri not in self._names:
            fragment = wanted = names.local(iri) or "x"
            number = 2
            while fragment in self._taken:
                fragment, number = f"{wanted}-{number}", number + 1
            self._taken.add(fragment)
            self._names[iri] = URIRef(f"{self._document}#{fragment}")
        return self._names[iri]

    def write_head(self, agreed: Terms, parts: Iterable[URIRef], derived_from: Iterable[str]) -> None:
        it, owner = URIRef(f"{self._document}#{IT}"), URIRef(agreed.owner)
        self._say(it, terms.RDF_TYPE, terms.Dossier)
        self._text(it, terms.DCTERMS_TITLE, agreed.title)
        self._say(it, terms.DCTERMS_CREATOR, owner)
        self._text(owner, terms.FOAF_NAME, agreed.owner_name)
        self._say(it, terms.RECIPIENT, URIRef(agreed.recipient))
        self._text(URIRef(agreed.recipient), terms.FOAF_NAME, agreed.recipient_name)
        self._say(it, terms.DPV_HAS_PURPOSE, URIRef(agreed.purpose))
        self._say(it, terms.DCTERMS_ISSUED, dates.moment(agreed.issued))
        self._say(it, terms.DCTERMS_VALID, dates.day(agreed.until))
        self._say(it, terms.CURRENCY, terms.CURRENCY_FROZEN)
        self._text(it, terms.DCTERMS_DESCRIPTION, agreed.note)
        self._say(it, terms.OWL_VERSION_INFO, Literal("1"))
        for source in derived_from:
            self._say(it, terms.PROV_WAS_DERIVED_FROM, URIRef(names.document(source)))
        for part in parts:
            self._say(it, terms.DCTERMS_HAS_PART, part)

    def write_activity(self, activity: Activity, skills: set[str], *, with_hours: bool) -> None:
        node = self.rename(activity.iri)
        self._say(node, terms.RDF_TYPE, terms.Activity)
        self._text(node, terms.DCTERMS_TITLE, activity.title)
        self._concept(node, terms.SPHERE, activity.sphere)
        for path, said in ((terms.SCHEMA_START_DATE, activity.start), (terms.SCHEMA_END_DATE, activity.end)):
            if said:
                self._say(node, path, said.literal())
        self._text(node, terms.SCHEMA_ROLE_NAME, activity.role)
        self._text(node, terms.SCHEMA_LOCATION, activity.location)
        self._text(node, terms.DCTERMS_DESCRIPTION, activity.description)
        for achievement in activity.achievements:
            self._text(node, terms.ACHIEVEMENT, achievement)
        if with_hours and activity.weekly_hours is not None:
            self._say(node, terms.WEEKLY_HOURS, Literal(f"{activity.weekly_hours:f}", datatype=terms.XSD_DECIMAL))
        if activity.organization and activity.organization.name:
            self._say(node, terms.ORG_ORGANIZATION, self._organization(activity.organization))
        for skill in activity.mobilises:
            if skill in skills:
                self._say(node, terms.MOBILISES, self.rename(skill))
        self._evidence(node, activity.evidence)

    def write_skill(self, skill: Skill) -> None:
        node = self.rename(skill.iri)
        self._say(node, terms.RDF_TYPE, terms.Skill)
        self._text(node, terms.SKOS_PREF_LABEL, skill.label)
        self._text(node, terms.DCTERMS_DESCRIPTION, skill.description)
        self._evidence(node, skill.evidence)
        current = skill.current
        if current is None:
            return
        assessment = self.rename(current.iri)
        self._say(assessment, terms.RDF_TYPE, terms.Assessment)
        self._say(assessment, terms.SKILL, node)
        self._concept(assessment, terms.LEVEL, current.level)
        if current.level is None:
            # The level in somebody's words is a level too: "Native speaker".
            self._text(assessment, terms.LEVEL_AS_STATED, current.as_stated)
        if current.on:
            self._say(assessment, terms.DCTERMS_DATE, dates.day(current.on))
        if current.by:
            self._say(assessment, terms.PROV_WAS_ATTRIBUTED_TO, URIRef(current.by))

    def _organization(self, organization: Organization) -> URIRef:
        node = self.rename(organization.iri)
        self._say(node, terms.RDF_TYPE, terms.ORG_ORGANIZATION_CLASS)
        self._text(node, terms.FOAF_NAME, organization.name)
        self._link(node, organization.url)
        return node

    def _evidence(self, about: URIRef, pieces: Iterable[Evidence]) -> None:
        for piece in pieces:
            if not piece.title:
                continue
            node = self.rename(piece.iri)
            self._say(about, terms.EVIDENCE, node)
            self._say(node, terms.RDF_TYPE, terms.Evidence)
            self._text(node, terms.DCTERMS_TITLE, piece.title)
            self._text(node, terms.DCTERMS_DESCRIPTION, piece.description)
            self._text(node, terms.DCTERMS_PUBLISHER, piece.publisher)
            self._link(node, piece.url)
            if piece.date:
                self._say(node, terms.DCTERMS_DATE, piece.date.literal())

    def _link(self, node: URIRef, url: str | None) -> None:
        # A file in the person's own bag would answer 403, and say what it is called.
        if url and _A_LINK.fullmatch(url) and not url.startswith(self._private):
            self._say(node, terms.SCHEMA_URL, URIRef(url))

    def _concept(self, node: URIRef, path: URIRef, concept: URIRef | None) -> None:
        # A concept of the person's own lives in a document that the recipient cannot read.
        if concept is not None and concept.startswith(terms.MUS):
            self._say(node, path, concept)

    def _text(self, node: URIRef, path: URIRef, text: str | None) -> None:
        if text:
            self._say(node, path, Literal(text))

    def _say(self, subject: Node, predicate: Node, object_: Node) -> None:
        self.graph.add((subject, predicate, object_))
