"""Opportunities that were found, what the person chose to do with them, and why one may concern them: reasons, never a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import Graph, Literal, URIRef

from musette_solid.model import dates
from musette_solid.model.activity import Activity
from musette_solid.model.described import Described, Index
from musette_solid.model.skill import Skill
from musette_solid.model.values import ValueStatement
from musette_solid.model.words import folded
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.store import once

#: Words that tell nothing about a skill, in both languages.
_EMPTY = frozenset(
    [
        *("a", "an", "and", "the", "of", "to", "in", "on", "for", "with", "at", "by", "or", "as", "be", "is", "it"),
        *("de", "du", "des", "le", "la", "les", "un", "une", "et", "ou", "a", "au", "aux", "en", "dans", "pour"),
        *("avec", "sur", "par", "l", "d", "s", "son", "sa", "ses", "faire", "using", "use", "work"),
    ]
)


@dataclass(frozen=True, slots=True)
class Watched:
    """An address that is looked at."""

    iri: str
    title: str
    url: str
    last_looked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One that was found, and what the person said of it. Before it is in a bag, `iri` is what tells it from others for good."""

    iri: str
    title: str
    url: str = ""
    organization: str = ""
    place: str = ""
    text: str = ""
    skills: tuple[str, ...] = ()
    posted: date | None = None
    until: date | None = None
    kind: str = ""
    watch: str | None = None
    choice: URIRef | None = None
    dossier: str | None = None  # the share that was sent with it
    created: datetime | None = None

    def is_over(self, today: date) -> bool:
        return self.until is not None and self.until < today


@once
def watches(graph: Graph) -> tuple[Watched, ...]:
    found = []
    for node in Index(graph).of_type(terms.Watch):
        url = node.address(terms.SCHEMA_URL)
        if url:
            title = node.text(terms.DCTERMS_TITLE) or url
            found.append(Watched(node.iri, title, url, node.moment(terms.LAST_LOOKED)))
    return tuple(sorted(found, key=lambda one: (folded(one.title), one.iri)))


@once
def read(graph: Graph) -> tuple[Opportunity, ...]:
    """Those that close first, first; then the latest posted."""
    found = [_opportunity(node) for node in Index(graph).of_type(terms.SCHEMA_JOB_POSTING)]
    return tuple(sorted(found, key=lambda o: (o.until or date.max, -(o.posted or date.min).toordinal(), o.iri)))


def _opportunity(node: Described) -> Opportunity:
    return Opportunity(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE, terms.SCHEMA_TITLE) or "",
        url=node.address(terms.SCHEMA_URL) or "",
        organization=node.text(terms.DCTERMS_PUBLISHER) or "",
        place=node.text(terms.SCHEMA_LOCATION) or "",
        text=node.text(terms.DCTERMS_DESCRIPTION) or "",
        skills=node.texts(terms.SCHEMA_SKILLS),
        posted=node.day(terms.SCHEMA_DATE_POSTED),
        until=node.day(terms.SCHEMA_VALID_THROUGH),
        kind=node.text(terms.SCHEMA_ROLE_NAME) or "",
        watch=node.iri_of(terms.DCTERMS_SOURCE),
        choice=node.concept(terms.CHOICE),
        dossier=node.iri_of(terms.DOSSIER),
        created=node.moment(terms.DCTERMS_CREATED),
    )


def graph(offer: Opportunity) -> Graph:
    """What is kept of it, as `read` reads it; what the person chose is said apart."""
    node = URIRef(offer.iri)
    said = (
        (terms.DCTERMS_TITLE, offer.title),
        (terms.DCTERMS_PUBLISHER, offer.organization),
        (terms.SCHEMA_LOCATION, offer.place),
        (terms.DCTERMS_DESCRIPTION, offer.text),
        (terms.SCHEMA_ROLE_NAME, offer.kind),
        *((terms.SCHEMA_SKILLS, one) for one in offer.skills),
    )
    days = ((terms.SCHEMA_DATE_POSTED, offer.posted), (terms.SCHEMA_VALID_THROUGH, offer.until))
    addresses = ((terms.SCHEMA_URL, offer.url), (terms.DCTERMS_SOURCE, offer.watch))
    found = syntax.graph_of(
        [
            (node, terms.RDF_TYPE, terms.SCHEMA_JOB_POSTING),
            *((node, path, Literal(text)) for path, text in said if text),
            *((node, path, URIRef(address)) for path, address in addresses if address),
            *((node, path, dates.day(day)) for path, day in days if day),
        ]
    )
    if offer.created:
        found.add((node, terms.DCTERMS_CREATED, dates.moment(offer.created)))
    return found


@dataclass(frozen=True)
class Held:
    """A skill of the bag that an offer asks for: `asked` are the words of the offer."""

    skill: Skill
    asked: str
    is_listed: bool  # named among the skills that are asked, and not only somewhere in the text


@dataclass(frozen=True)
class Worth:
    """What counts much for the person in an activity that calls on a skill the offer asks for, or that is in the same organisation."""

    dimension: URIRef
    weight: int
    activity: Activity


@dataclass(frozen=True)
class Match:
    """Why an offer may concern somebody. `unknown`: what the offer or the bag does not say."""

    held: tuple[Held, ...] = ()
    missing: tuple[str, ...] = ()
    place: Activity | None = None  # something of the person's was in the same place
    unknown: tuple[str, ...] = ()
    worth: tuple[Worth, ...] = ()


def match(
    offer: Opportunity,
    skills: Sequence[Skill],
    activities: Sequence[Activity],
    statements: Sequence[ValueStatement] = (),
) -> Match:
    """By words alone, accents folded: what the bag calls otherwise is not recognised, and that is said on the page.

    How far a place is nobody knows here (decision 125): an offer in a place where the bag holds nothing says so.
    """
    held: list[Held] = []
    taken: set[str] = set()
    missing = []
    for asked in offer.skills:
        skill = next((one for one in skills if _same(one.label, asked)), None)
        if skill is None:
            missing.append(asked)
        elif skill.iri not in taken:
            taken.add(skill.iri)
            held.append(Held(skill, asked, is_listed=True))
    text = _words(f"{offer.title} {offer.text}")
    for skill in skills:
        own = _words(skill.label)
        if skill.iri not in taken and own and len(" ".join(own)) > 2 and own <= text:
            taken.add(skill.iri)
            held.append(Held(skill, skill.label, is_listed=False))
    place = folded(offer.place)
    near = next((a for a in activities if a.location and place and _within(folded(a.location), place)), None)
    unknown = []
    if not offer.skills:
        unknown.append("skills")
    if not place:
        unknown.append("place")
    if place and near is None:
        unknown.append("distance")
    if offer.until is None:
        unknown.append("until")
    worth = _worth(offer, {one.skill.iri for one in held}, activities, statements)
    return Match(tuple(held), tuple(missing), near, tuple(unknown), worth)


#: An intensity from which something counts much.
_MUCH = 3
_MOST_WORTH = 3


def _worth(
    offer: Opportunity, held: set[str], activities: Sequence[Activity], statements: Sequence[ValueStatement]
) -> tuple[Worth, ...]:
    """The strongest first, a dimension once; what was said last holds."""
    there = folded(offer.organization)
    alike = {
        one.iri: one
        for one in activities
        if held & set(one.mobilises) or (there and one.organization and folded(one.organization.name) == there)
    }
    last = {(one.activity, one.dimension): one.weight for one in statements if one.activity in alike}
    found: dict[URIRef, Worth] = {}
    for (activity, dimension), weight in sorted(last.items(), key=lambda pair: (-pair[1], str(pair[0]))):
        if weight >= _MUCH and dimension not in found:
            found[dimension] = Worth(dimension, weight, alike[activity])
    return tuple(found.values())[:_MOST_WORTH]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in folded(text).split() if word not in _EMPTY)


def _same(label: str, asked: str) -> bool:
    """The words of one are all in the other; a single short word must be the whole of it."""
    own, other = _words(label), _words(asked)
    if not own or not other:
        return False
    small, large = sorted((own, other), key=len)
    return small == large or (small <= large and (len(small) > 1 or len(next(iter(small))) > 3))


def _within(one: str, two: str) -> bool:
    """A town is named whole in both."""
    return f" {one.split(' ', maxsplit=1)[0]} " in f" {two} " if one else False


def by_reasons(found: Iterable[tuple[Opportunity, Match]]) -> list[tuple[Opportunity, Match]]:
    """Those that ask for more of one's skills first, then those that close first: as the page says."""
    return sorted(found, key=lambda pair: (-len(pair[1].held), pair[0].until or date.max, pair[0].title, pair[0].iri))
