"""What is chosen of a bag, as SolidOS and other applications show it in a profile; and what was edited there, read back.

Its editor deletes and makes anew: types, role, dates and description of a role, and the organisation that it points to. So each
role has an organisation of its own, names are derived (the whole can always be made again), and `dcterms:source`, which
survives, says what each thing comes from. A profile holds what everybody may read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.model import dates
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Skill
from musette_solid.model.words import folded
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.names import document, is_within
from musette_solid.rdf.syntax import Triple

LANGUAGE: Final = "https://www.w3.org/ns/iana/language-code/"
_SCHEMA: Final = "http://schema.org/"
_AWARDED: Final = URIRef(_SCHEMA + "educationalCredentialAwarded")
_PROFICIENCY: Final = URIRef(_SCHEMA + "proficiencyLevel")
_PLACE: Final = URIRef("http://www.w3.org/ns/org#location")
_STUDY: Final = terms.SCHEMA_EDUCATIONAL_OCCUPATIONAL_CREDENTIAL
_ENGAGED: Final = frozenset({terms.SPHERE_VOLUNTEERING, terms.SPHERE_CIVIC_ENGAGEMENT})

#: What a person may have edited there, by its name in the activity.
TITLE, START, END, DESCRIPTION, ORGANIZATION = "title", "startDate", "endDate", "description", "organization"


def node_for(source: str, holder: str, part: str = "") -> URIRef:
    """`#id` and thirteen figures, as its editor names things, always the same for the same source."""
    number = int(sha256(f"{source}\x1f{part}".encode()).hexdigest(), 16) % 10**12
    return URIRef(f"{document(holder)}#id1{number:012d}")


def graph(activities: Iterable[Activity], skills: Iterable[Skill], holder: str, today: date) -> Graph:
    """The statements to stand in the profile of `holder` (their address). The same arguments always give the same graph."""
    said: list[Triple] = []
    for one in activities:
        said += _role(one, holder, today)
    for skill in skills:
        if skill.label:
            said += _language(skill, holder) if skill.is_language else _skill(skill, holder)
    return syntax.graph_of(said)


def _role(one: Activity, holder: str, today: date) -> list[Triple]:
    it = node_for(one.iri, holder)
    is_study = one.sphere == terms.SPHERE_TRAINING
    said: list[Triple] = [
        (it, terms.ORG_MEMBER, URIRef(holder)),
        (it, terms.RDF_TYPE, _STUDY if is_study else _when(one, today)),
        (it, _AWARDED if is_study else terms.VCARD_ROLE, Literal(title_of(one))),
        (it, terms.DCTERMS_SOURCE, URIRef(one.iri)),
    ]
    for path, day in ((terms.SCHEMA_START_DATE, _start(one)), (terms.SCHEMA_END_DATE, _end(one))):
        if day is not None:
            said.append((it, path, dates.day(day)))
    text = "\n".join(text for text in (one.description, *one.achievements) if text)
    if text:
        said.append((it, terms.SCHEMA_DESCRIPTION, Literal(text)))
    name = one.organization.name if one.organization else ""
    if is_study:
        if name:
            said.append((it, terms.SCHEMA_NAME, Literal(name)))
        return said
    if name:
        there = node_for(one.iri, holder, "organization")
        said += [
            (it, terms.ORG_ORGANIZATION, there),
            (there, terms.RDF_TYPE, terms.VCARD_ORGANIZATION),
            (there, terms.SCHEMA_NAME, Literal(name)),
        ]
        if one.sphere in _ENGAGED:
            said.append((there, terms.RDF_TYPE, terms.SCHEMA_NGO))
        if one.location:
            said.append((there, _PLACE, Literal(one.location)))
        if one.organization and one.organization.url:
            said.append((there, terms.SCHEMA_URI, URIRef(one.organization.url)))
    return said


def title_of(one: Activity) -> str:
    return one.role or one.title


def _when(one: Activity, today: date) -> URIRef:
    start, end = _start(one), _end(one)
    if start is not None and start > today:
        return terms.SOLID_FUTURE_ROLE
    return terms.SOLID_PAST_ROLE if end is not None and end < today else terms.SOLID_CURRENT_ROLE


def _start(one: Activity) -> date | None:
    return one.start.first() if one.start else None


def _end(one: Activity) -> date | None:
    return one.end.last() if one.end else None


def _skill(one: Skill, holder: str) -> list[Triple]:
    it = node_for(one.iri, holder)
    said: list[Triple] = [
        (URIRef(holder), terms.SCHEMA_SKILLS, it),
        (it, terms.SCHEMA_NAME, Literal(one.label)),
        (it, terms.DCTERMS_SOURCE, URIRef(one.iri)),
    ]
    shared = next((match for match in one.exact if match.startswith("http://data.europa.eu/esco/skill/")), None)
    if shared:
        said.append((it, terms.SOLID_PUBLIC_ID, URIRef(shared)))
    return said


def _language(one: Skill, holder: str) -> list[Triple]:
    it = node_for(one.iri, holder)
    code = code_of(one.label)
    if code is None:  # a language without a code is a skill like another there
        return _skill(one, holder)
    said: list[Triple] = [
        (URIRef(holder), terms.SCHEMA_KNOWS_LANGUAGE, it),
        (it, terms.SOLID_PUBLIC_ID, URIRef(LANGUAGE + code)),
        (it, terms.DCTERMS_SOURCE, URIRef(one.iri)),
    ]
    if one.current and one.current.as_stated:
        said.append((it, _PROFICIENCY, Literal(one.current.as_stated)))
    return said


@lru_cache(maxsize=512)
def code_of(name: str) -> str | None:
    """The two letters of a language that is named in French, in English or in itself; None when nobody calls one so."""
    return _codes().get(folded(name))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        found.update({folded(word): code for code, word in Locale.parse(language).languages.items() if len(code) == 2})
    for code in list(found.values()):
        try:
            own = Locale.parse(code).get_language_name(code)
        except (ValueError, UnknownLocaleError):
            continue
        if own:
            found.setdefault(folded(own), code)
    return found


def ours(profile: Graph, holder: str, root: str) -> frozenset[Triple]:
    """What of a profile comes from the bag at `root`: things with their source in it, and what points to them.

    The organisation that such a role points to is among it, whoever made it last.
    """
    mine = {s for s, o in profile.subject_objects(terms.DCTERMS_SOURCE) if is_within(root, str(o))}
    people = {URIRef(holder)}
    found: set[Triple] = set()
    for it in mine:
        found.update(profile.triples((it, None, None)))
        for place in profile.objects(it, terms.ORG_ORGANIZATION):
            if set(profile.subjects(terms.ORG_ORGANIZATION, place)) <= mine and place not in people:
                found.update(profile.triples((place, None, None)))
        for path in (terms.SCHEMA_SKILLS, terms.SCHEMA_KNOWS_LANGUAGE):
            found.update(profile.triples((URIRef(holder), path, it)))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Edited:
    """What somebody changed there since it was written. `changes`: by field, what stands there now; None where nothing does.

    `removed`: the whole thing was taken away there.
    """

    source: str
    title: str
    changes: Mapping[str, str | None]
    removed: bool = False


def edited(profile: Graph, written: Graph, root: str) -> tuple[Edited, ...]:
    """What was edited in the profile since `written` was written into it, by source."""
    found = []
    for it, source in sorted(written.subject_objects(terms.DCTERMS_SOURCE), key=str):
        if not is_within(root, str(source)):
            continue
        before, after = _said(written, it), _said(profile, it)
        title = before[TITLE] or ""
        if not any(True for _ in profile.triples((it, None, None))):
            found.append(Edited(str(source), title, {}, removed=True))
            continue
        changes = {name: after[name] for name in before if after[name] != before[name]}
        if changes:
            found.append(Edited(str(source), title, changes))
    return tuple(found)


def _said(graph_: Graph, it: Node) -> dict[str, str | None]:
    is_study = (it, terms.RDF_TYPE, _STUDY) in graph_
    place = graph_.value(it, terms.ORG_ORGANIZATION)
    paths = {
        TITLE: _AWARDED if is_study else terms.VCARD_ROLE,
        START: terms.SCHEMA_START_DATE,
        END: terms.SCHEMA_END_DATE,
        DESCRIPTION: terms.SCHEMA_DESCRIPTION,
    }
    said = {name: _text(graph_, it, path) for name, path in paths.items()}
    said[TITLE] = said[TITLE] or _text(graph_, it, terms.SCHEMA_NAME)
    said[ORGANIZATION] = _text(graph_, it if is_study or place is None else place, terms.SCHEMA_NAME)
    if not is_study and place is None:
        said[ORGANIZATION] = None
    return said


def _text(graph_: Graph, node: Node, path: URIRef) -> str | None:
    return min((str(value) for value in graph_.objects(node, path)), default=None)


def partial(text: str | None) -> PartialDate | None:
    """A day that was typed there; None for none, and for what is no day."""
    try:
        return PartialDate.from_text(text) if text else None
    except ValueError:
        return None
