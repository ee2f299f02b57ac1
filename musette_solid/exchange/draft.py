"""What a file gives, in the making: every reader puts its things in here, in the order of the file.

A thing is named after what it is (its sphere, title, organisation and start; the identifier of an event; ...), so the
same row of the same file, or of a longer export of the same source, always has the same name. Everything says which
import made it (`dcterms:source`) and from which place of which file: `ni:///sha-256;…#/education/0` (RFC 6920, RFC 6901).
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import ENDS_BEFORE, NO_TITLE, NOT_A_LINK, TOO_LONG
from musette_solid.exchange.losses import Loss
from musette_solid.model import dates
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import LANGUAGE
from musette_solid.model.words import folded
from musette_solid.rdf import names, syntax, terms

SHORT: Final = 200
SENTENCE: Final = 1000
LONG: Final = 10_000
#: More than one person's bag should take in at once.
MOST_TRIPLES: Final = 200_000
MOST_LINES: Final = 20_000
_MOST_LOSSES: Final = 1000

TOO_MUCH: Final = N_("the life of one person (this file says more than %(most)s things)")
_MORE: Final = N_("%(value)s more details are not listed")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")
_LINK: Final = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]{1,1990}", re.IGNORECASE)
_BARE_LINK: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\x00-\x20<>\"{}|\\^`]*)?", re.IGNORECASE)

#: Kinds of things, in the order in which people are shown them.
KINDS: Final = (
    *("activity", "skill", "evidence", "time", "rating", "income", "opportunity", "account", "person"),
    *("organization", "assessment"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a person can take or leave: its name, what it is called, where it stands in the file.

    `asked`: it is about somebody else or private, and only taken when it is asked for by itself.
    """

    node: str
    kind: str
    label: str
    place: str
    detail: str = ""
    asked: bool = False


@dataclass(frozen=True)
class Recognised:
    """What a file gave. `graphs` by document of the bag ("activities", "time/2026"); `files` to keep byte for byte."""

    format: str
    file: str
    digest: str
    graphs: Mapping[str, Graph]
    lines: tuple[Line, ...]
    losses: tuple[Loss, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    header: tuple[str, ...] = ()  # of a table whose columns somebody may explain


@dataclass(frozen=True)
class Bag:
    """Whose bag it is going to: the address of its container, the holder, the import, the time of it."""

    root: str
    owner: str
    run: str
    now: datetime

    def document(self, key: str) -> str:
        return f"{self.root}{key}.ttl"


class Draft:
    def __init__(self, bag: Bag, digest: str, file: str = "") -> None:
        self.bag, self.digest, self.file = bag, digest, file
        #: Where what is being read stands in the file, when it is one of several: before every place.
        self.within = ""
        #: The file that is being read, in an archive of several: "Work.ics".
        self.member = ""
        self.graphs: dict[str, Graph] = {}
        self.lines: list[Line] = []
        self.losses: list[Loss] = []
        self.files: dict[str, bytes] = {}
        self.header: tuple[str, ...] = ()
        self._names: dict[str, int] = {}
        self._said = 0
        self._lost = 0
        self._organizations: dict[str, URIRef] = {}
        self._skills: dict[str, URIRef] = {}

    # What finds no place

    def lose(self, place: str, reason: str, value: object = "") -> None:
        self._lost += 1
        if len(self.losses) < _MOST_LOSSES:
            self.losses.append(Loss.of(self._whole(place or "/"), reason, value))

    def _whole(self, place: str) -> str:
        place = self.within + (place if place != "/" else "") if self.within else place
        if not self.member:
            return place
        return f"{self.member}{place}" if place.startswith("#") else f"{self.member}#{place}"

    def text(self, place: str, value: object, most: int = SHORT) -> str | None:
        """A text without signs that no screen shows, shortened with a word about it; None when nothing is left."""
        text = _CONTROLS.sub("", str(value or ""))
        text = " ".join(text.split()) if most <= SENTENCE else text.strip()
        if len(text) > most:
            self.lose(place, TOO_LONG, text)
            text = text[: most - 1].rstrip() + "…"
        return text or None

    def link(self, place: str, value: object) -> str | None:
        text = str(value or "").strip()
        if not text:
            return None
        if _LINK.fullmatch(text):
            return text
        if _BARE_LINK.fullmatch(text):
            return f"https://{text}"
        self.lose(place, NOT_A_LINK, text)
        return None

    # Things

    def activity(
        self,
        place: str,
        title: object,
        sphere: URIRef,
        *,
        organization: URIRef | None = None,
        start: PartialDate | None = None,
        end: PartialDate | None = None,
        role: object = None,
        location: object = None,
        description: object = None,
        achievements: Iterable[object] = (),
        occupation: str | None = None,
        part_of: URIRef | None = None,
        weekly_hours: Decimal | None = None,
        key: Sequence[object] = (),
        detail: str = "",
        asked: bool = False,
    ) -> URIRef | None:
        """A new activity, or None when it has nothing to be called by: that is a loss, and said."""
        title, role = self.text(place, title), self.text(place, role)
        title = title or role or self._name_of(organization)
        if title is None:
            self.lose(place, NO_TITLE)
            return None
        if start and end and end.last() < start.first():
            self.lose(place, ENDS_BEFORE, f"{end.text} < {start.text}")
            end = None
        when = start.text if start else ""
        identity = key or (sphere, title, self._name_of(organization) or "", when)
        # What has an identity of its own keeps its name when a longer file says that it began earlier.
        began = start.first() if start and not key else None
        node = self.node("activities", "a", terms.Activity, identity, place, began)
        said = "activities"
        self.say_text(said, node, terms.DCTERMS_TITLE, title)
        self.say(said, node, terms.SPHERE, sphere)
        for path, day in ((terms.SCHEMA_START_DATE, start), (terms.SCHEMA_END_DATE, end)):
            if day:
                self.say(said, node, path, day.literal())
        if organization is not None:
            self.say(said, node, terms.ORG_ORGANIZATION, organization)
        self.say_text(said, node, terms.SCHEMA_ROLE_NAME, role)
        self.say_text(said, node, terms.SCHEMA_LOCATION, self.text(place, location))
        self.say_text(said, node, terms.DCTERMS_DESCRIPTION, self.text(place, description, LONG))
        for achievement in achievements:
            self.say_text(said, node, terms.ACHIEVEMENT, self.text(place, achievement, SENTENCE))
        if occupation:
            self.say(said, node, terms.OCCUPATION, URIRef(occupation))
        if part_of is not None:
            self.say(said, node, terms.DCTERMS_IS_PART_OF, part_of)
        if weekly_hours is not None:
            self.say(said, node, terms.WEEKLY_HOURS, Literal(f"{weekly_hours:f}", datatype=terms.XSD_DECIMAL))
        self.say(said, node, terms.DCTERMS_CREATED, dates.moment(self.bag.now))
        self.line(node, "activity", title, place, detail, asked=asked)
        return node

    def organization(self, place: str, name: object, url: str | None = None) -> URIRef | None:
        """One node an organisation, whatever the number of roles in it."""
        called = self.text(place, name)
        if called is None:
            return None
        key = folded(called) or called
        node = self._organizations.get(key)
        if node is None:
            node = self.node("activities", "o", terms.ORG_ORGANIZATION_CLASS, ("organization", key), place)
            self._organizations[key] = node
            self.say_text("activities", node, terms.FOAF_NAME, called)
        if url and self.graphs["activities"].value(node, terms.SCHEMA_URL) is None:
            self.say("activities", node, terms.SCHEMA_URL, URIRef(url))
        return node

    def _name_of(self, organization: URIRef | None) -> str | None:
        if organization is None:
            return None
        name = self.graphs["activities"].value(organization, terms.FOAF_NAME)
        return str(name) if name else None

    def skill(
        self,
        place: str,
        label: object,
        *,
        is_language: bool = False,
        broader: URIRef | None = None,
        match: str | None = None,
        detail: str = "",
    ) -> URIRef | None:
        """The skill of that label, made when it is said for the first time; `match`: its name in a shared register."""
        called = self.text(place, label)
        if called is None:
            return None
        key = folded(called) or called
        node = self._skills.get(key)
        if node is None:
            node = self._skills[key] = self.node("skills", "s", terms.Skill, ("skill", key), place)
            self.say_text("skills", node, terms.SKOS_PREF_LABEL, called)
            self.say("skills", node, terms.DCTERMS_CREATED, dates.moment(self.bag.now))
            self.line(node, "skill", called, place, detail)
        if is_language:
            self.say("skills", node, terms.RDF_TYPE, LANGUAGE)
        if match:
            exact = match.startswith("http://data.europa.eu/esco/")
            self.say("skills", node, terms.SKOS_EXACT_MATCH if exact else terms.SKOS_CLOSE_MATCH, URIRef(match))
        if broader is not None and broader != node:
            self.say("skills", node, terms.SKOS_BROADER, broader)
        return node

    def assess(
        self,
        place: str,
        skill: URIRef | None,
        stated: object,
        *,
        level: URIRef | None = None,
        by: str | None = None,
        on: date | None = None,
        comment: object = None,
    ) -> None:
        """A level of a skill, in the words it was said in; by the holder and today when nothing else is said."""
        words = self.text(place, stated)
        if skill is None or (words is None and level is None):
            return
        key = ("assessment", skill, words or level, by or self.bag.owner)
        node = self.node("skills", "m", terms.Assessment, key, place)
        self.say("skills", node, terms.SKILL, skill)
        if level is not None:
            self.say("skills", node, terms.LEVEL, level)
        self.say_text("skills", node, terms.LEVEL_AS_STATED, words)
        self.say_text("skills", node, terms.DCTERMS_DESCRIPTION, self.text(place, comment, LONG))
        self.say("skills", node, terms.DCTERMS_DATE, dates.day(on or self.bag.now.date()))
        self.say("skills", node, terms.PROV_WAS_ATTRIBUTED_TO, URIRef(by or self.bag.owner))

    def evidence(
        self,
        place: str,
        title: object,
        *,
        publisher: object = None,
        on: PartialDate | None = None,
        url: str | None = None,
        description: object = None,
        about: Iterable[URIRef | None] = (),
        document: str = "skills",
        key: Sequence[object] = (),
        is_attestation: bool = False,
        detail: str = "",
    ) -> URIRef | None:
        """Something that shows it; `about`: the activities and skills that it speaks for."""
        called = self.text(place, title)
        if called is None:
            self.lose(place, NO_TITLE)
            return None
        issuer = self.text(place, publisher)
        identity = key or ("evidence", called, issuer or "", on.text if on else "", url or "")
        node = self.node(document, "e", terms.Evidence, identity, place, on.first() if on else None)
        if is_attestation:
            self.say(document, node, terms.RDF_TYPE, terms.Attestation)
        self.say_text(document, node, terms.DCTERMS_TITLE, called)
        self.say_text(document, node, terms.DCTERMS_PUBLISHER, issuer)
        self.say_text(document, node, terms.DCTERMS_DESCRIPTION, self.text(place, description, LONG))
        if url:
            self.say(document, node, terms.SCHEMA_URL, URIRef(url))
        if on:
            self.say(document, node, terms.DCTERMS_DATE, on.literal())
        for thing in about:
            if thing is not None:
                where = "activities" if str(thing).startswith(self.bag.document("activities")) else "skills"
                self.say(where, thing, terms.EVIDENCE, node)
        self.line(node, "evidence", called, place, detail or issuer or "")
        return node

    def time(
        self,
        place: str,
        activity: URIRef,
        on: date,
        minutes: int,
        *,
        key: Sequence[object],
        description: object = None,
        counterpart: URIRef | None = None,
    ) -> URIRef:
        """Time on one day, from 1 to 1440 minutes. It goes with its activity: no line of its own."""
        document = f"time/{on.year:04d}"
        node = self.node(document, "t", terms.TimeEntry, ("time", activity, on, *key), place, on)
        self.say(document, node, terms.ACTIVITY, activity)
        self.say(document, node, terms.DCTERMS_DATE, dates.day(on))
        self.say(document, node, terms.MINUTES, Literal(str(minutes), datatype=terms.XSD_INTEGER))
        self.say(document, node, terms.PRECISION, terms.PRECISION_IMPORTED)
        if counterpart is not None:
            self.say(document, node, terms.COUNTERPART, counterpart)
        self.say_text(document, node, terms.DCTERMS_DESCRIPTION, self.text(place, description, SENTENCE))
        return node

    def account(self, place: str, service: str, name: object, url: str | None = None, *, facet: URIRef | None) -> None:
        """An account of the holder somewhere, in the document of identities: never in a dossier."""
        called = self.text(place, name) or url
        if called is None:
            return
        node = self.node("identities", "i", terms.FOAF_ONLINE_ACCOUNT, ("account", service, folded(called)), place)
        self.say_text("identities", node, terms.FOAF_ACCOUNT_NAME, called)
        if service:
            self.say("identities", node, terms.FOAF_ACCOUNT_SERVICE_HOMEPAGE, URIRef(service))
        if url:
            self.say("identities", node, terms.FOAF_HOMEPAGE, URIRef(url))
        if facet is not None:
            self.say("identities", node, terms.FACET, facet)
        self.line(node, "account", called, place, service, asked=True)

    def answered(
        self, place: str, title: object, *, publisher: object, url: str | None, on: PartialDate | None
    ) -> URIRef | None:
        """An opportunity that the holder answered, among those that they watch for."""
        called, offered_by = self.text(place, title), self.text(place, publisher)
        called = called or offered_by
        if called is None:
            self.lose(place, NO_TITLE)
            return None
        node = self.node("watch", "o", terms.SCHEMA_JOB_POSTING, ("answered", url or (called, offered_by or "")), place)
        self.say_text("watch", node, terms.DCTERMS_TITLE, called)
        self.say_text("watch", node, terms.DCTERMS_PUBLISHER, offered_by)
        if url:
            self.say("watch", node, terms.SCHEMA_URL, URIRef(url))
        if on:
            self.say("watch", node, terms.DCTERMS_DATE, on.literal())
        self.say("watch", node, terms.CHOICE, terms.CHOICE_APPLIED)
        self.say("watch", node, terms.DCTERMS_CREATED, dates.moment(self.bag.now))
        self.line(node, "opportunity", called, place, offered_by or "")
        return node

    def person(
        self,
        place: str,
        name: object,
        *,
        organization: object = None,
        role: object = None,
        url: str | None = None,
        through: URIRef | None = None,
        detail: str = "",
    ) -> None:
        """Somebody else: taken only when the holder asks for this very one, and then by name and role, no more."""
        called = self.text(place, name)
        if called is None:
            return
        node = self.node("people", "v", terms.VCARD_INDIVIDUAL, ("person", called, url or organization or ""), place)
        self.say_text("people", node, terms.VCARD_FN, called)
        self.say_text("people", node, terms.VCARD_ORGANIZATION_NAME, self.text(place, organization))
        self.say_text("people", node, terms.VCARD_ROLE, self.text(place, role))
        if url:
            self.say("people", node, terms.VCARD_HAS_URL, URIRef(url))
        relation = self.node("people", "p", terms.Relation, ("relation", called, url or organization or ""), place)
        self.say("people", relation, terms.WITH, node)
        if through is not None:
            self.say("people", relation, terms.THROUGH, through)
        self.line(node, "person", called, place, detail, asked=True)

    # Graphs

    def node(
        self,
        document: str,
        kind: str,
        type_: URIRef,
        key: Sequence[object],
        place: str,
        day: date | None = None,
    ) -> URIRef:
        """A node of its own, named after `key`; the second of two equal ones gets the next name, always the same."""
        parts = [folded(str(part)) or str(part) for part in key]
        seed = "\x1f".join((kind, *parts))
        count = self._names[seed] = self._names.get(seed, 0) + 1
        name = names.derived(kind, day, self.bag.owner, *parts, str(count))
        node = URIRef(f"{self.bag.document(document)}#{name}")
        self.say(document, node, terms.RDF_TYPE, type_)
        self.from_place(document, node, type_, place)
        return node

    def from_place(self, document: str, node: URIRef, type_: URIRef, place: str) -> None:
        self.say(document, node, terms.DCTERMS_SOURCE, URIRef(self.bag.run))
        row = URIRef(row_iri(self.digest, self._whole(place)))
        # PROV keeps activities and entities apart: only an entity is derived; the super-property holds for both.
        is_activity = type_ in {terms.Activity, terms.TimeEntry}
        path = terms.PROV_WAS_INFLUENCED_BY if is_activity else terms.PROV_WAS_DERIVED_FROM
        self.say(document, node, path, row)

    def line(self, node: URIRef, kind: str, label: str, place: str, detail: str = "", *, asked: bool = False) -> None:
        if len(self.lines) >= MOST_LINES:
            raise UnreadableFile(file=self.file, expected=TOO_MUCH, most=MOST_LINES)
        self.lines.append(Line(str(node), kind, label, self._whole(place), detail, asked=asked))

    def amend(self, node: URIRef, detail: str) -> None:
        """Say more about a line that is there, once it is known."""
        self.lines = [replace(line, detail=detail) if line.node == str(node) else line for line in self.lines]

    def say_text(self, document: str, node: URIRef, path: URIRef, text: str | None) -> None:
        if text:
            self.say(document, node, path, Literal(text))

    def say(self, document: str, subject: URIRef, path: URIRef, value: Node) -> None:
        self._said += 1
        if self._said > MOST_TRIPLES:
            raise UnreadableFile(file=self.file, expected=TOO_MUCH, most=MOST_TRIPLES)
        graph = self.graphs.get(document)
        if graph is None:
            graph = self.graphs[document] = syntax.empty()
        graph.add((subject, path, value))

    def done(self, format_: str) -> Recognised:
        losses = list(self.losses)
        if self._lost > len(losses):
            losses.append(Loss.of("/", _MORE, self._lost - len(losses)))
        return Recognised(
            format_,
            self.file,
            self.digest,
            self.graphs,
            tuple(self.lines),
            tuple(losses),
            dict(self.files),
            self.header,
        )


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def file_iri(digest: str) -> str:
    """The file itself, by its content (RFC 6920): the same wherever a copy is kept."""
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"


def row_iri(digest: str, place: str) -> str:
    """A place in it. `place`: `/education/0` (JSON, XML), `Positions.csv#row=3` (a table in an archive), `#row=3`."""
    member, _, at = place.partition("#")
    if not at and member.startswith("/"):
        member, at = "", member
    path = f"?file={quote(member, safe='/')}" if member else ""
    return f"{file_iri(digest)}{path}" + (f"#{quote(at, safe='/=&')}" if at else "")
