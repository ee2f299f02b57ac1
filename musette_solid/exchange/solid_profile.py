"""The CV that SolidOS keeps in a person's own profile: roles, education, skills, languages, accounts.

Tolerant, because its editor is not: an address of a skill may read `skill:…`, a role may lack its class, dates and the
organisation's name, lists may overlap. What we put there ourselves (`dcterms:source`) is not taken back in.
"""

from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import BNode, Node

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import NOT_A_DATE
from musette_solid.exchange.openbadges import address
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.model.labels import language_name
from musette_solid.rdf import syntax, terms

_EXPECTED: Final = N_("a profile that says roles, skills or languages")
_AHEAD: Final = N_("“%(value)s” is a role to come: write it as a goal")
_OURS: Final = N_("“%(value)s” comes from your bag: it is there already")
_SKILL: Final = "http://data.europa.eu/esco/skill/"
_LANGUAGE: Final = "https://www.w3.org/ns/iana/language-code/"
_MOST_IN_A_LIST: Final = 200
_SPHERES: Final = {
    terms.SCHEMA_NGO: terms.SPHERE_VOLUNTEERING,
    terms.SCHEMA_PROJECT: terms.SPHERE_PERSONAL_PROJECT,
}


def says_something(graph: Graph) -> bool:
    return any(
        True
        for path in (terms.ORG_MEMBER, terms.SCHEMA_SKILLS, terms.SCHEMA_KNOWS_LANGUAGE)
        for _ in graph.subject_objects(path)
    )


def read(source: Source, draft: Draft) -> None:
    base = source.base or draft.bag.owner.partition("#")[0]
    read_graph(syntax.parse(source.data, syntax.TURTLE, base), draft)


def read_graph(graph: Graph, draft: Draft) -> None:
    me = _whose(graph, draft.bag.owner)
    if me is None:
        raise UnreadableFile(file=draft.file, expected=_EXPECTED)
    for role in sorted(graph.subjects(terms.ORG_MEMBER, me), key=str):
        _role(graph, role, draft)
    for node in sorted(graph.objects(me, terms.SCHEMA_SKILLS), key=str):
        _skill(graph, node, draft)
    seen: set[str] = set()
    for spoken in sorted(graph.objects(me, terms.SCHEMA_KNOWS_LANGUAGE), key=str):
        for one in _listed(graph, spoken):
            _language(graph, one, seen, draft)
    for account in sorted(graph.objects(me, terms.FOAF_ACCOUNT), key=str):
        for one in _listed(graph, account):
            name = graph.value(one, terms.FOAF_ACCOUNT_NAME)
            kind = str(graph.value(one, terms.RDF_TYPE) or "").rpartition("#")[2].removesuffix("Account")
            if name is not None:
                draft.account(_place(one), "", f"{kind} {name}".strip(), None, facet=None)


def _whose(graph: Graph, owner: str) -> Node | None:
    """The holder, by their own address; in a copy of the file, whoever most of it is about."""
    if any(True for _ in graph.triples((URIRef(owner), None, None))) or any(
        True for _ in graph.subjects(terms.ORG_MEMBER, URIRef(owner))
    ):
        return URIRef(owner)
    counts: dict[Node, int] = {}
    for path in (terms.SCHEMA_SKILLS, terms.SCHEMA_KNOWS_LANGUAGE, terms.FOAF_ACCOUNT):
        for subject in graph.subjects(path):
            counts[subject] = counts.get(subject, 0) + 1
    for person in graph.objects(None, terms.ORG_MEMBER):
        counts[person] = counts.get(person, 0) + 1
    return max(counts, key=lambda node: (counts[node], str(node)), default=None)


def _place(node: Node) -> str:
    return f"#{str(node).rpartition('#')[2]}"


def _text(graph: Graph, node: Node, *paths: URIRef) -> str:
    for path in paths:
        for value in sorted(graph.objects(node, path), key=str):
            if isinstance(value, Literal) and str(value).strip():
                return str(value)
    return ""


def _date(graph: Graph, node: Node, path: URIRef, draft: Draft) -> PartialDate | None:
    said = _text(graph, node, path)
    found = loose_dates.said(said) if said else None
    if said and found is None:
        draft.lose(_place(node), NOT_A_DATE, said)
    return found


def _role(graph: Graph, role: Node, draft: Draft) -> None:
    place = _place(role)
    title = _text(graph, role, terms.VCARD_ROLE, terms.SCHEMA_NAME)
    if (role, terms.DCTERMS_SOURCE, None) in graph:
        draft.lose(place, _OURS, title)
        return
    types = set(graph.objects(role, terms.RDF_TYPE))
    start, end = (_date(graph, role, path, draft) for path in (terms.SCHEMA_START_DATE, terms.SCHEMA_END_DATE))
    # Its editor calls "future" what has no dates at all: only a date in the future says so.
    if (
        terms.SOLID_FUTURE_ROLE in types
        and (start is None or start.first() > draft.bag.now.date())
        and end is None
        and start
    ):
        draft.lose(place, _AHEAD, title)
        return
    organization = graph.value(role, terms.ORG_ORGANIZATION)
    kinds = set(graph.objects(organization, terms.RDF_TYPE)) if organization is not None else set()
    named = _organization(graph, organization, place, draft)
    is_study = terms.SCHEMA_EDUCATIONAL_OCCUPATIONAL_CREDENTIAL in types
    if is_study:
        named = draft.organization(place, _text(graph, role, terms.SCHEMA_NAME)) or named
        title = _text(graph, role, URIRef("http://schema.org/educationalCredentialAwarded")) or title
    occupation = graph.value(role, terms.ORG_ROLE)
    if not title and occupation is not None:
        title = _text(graph, occupation, terms.SCHEMA_NAME)
    sphere = (
        terms.SPHERE_TRAINING
        if is_study
        else next((_SPHERES[k] for k in _SPHERES if k in kinds), terms.SPHERE_EMPLOYMENT)
    )
    draft.activity(
        place,
        title,
        sphere,
        organization=named,
        start=start,
        end=end,
        role=None if is_study else title,
        location=_text(graph, organization, URIRef("http://www.w3.org/ns/org#location"))
        if organization is not None
        else None,
        description=_text(graph, role, terms.SCHEMA_DESCRIPTION),
        occupation=str(occupation) if isinstance(occupation, URIRef) and address(str(occupation)) else None,
    )


def _organization(graph: Graph, node: Node | None, place: str, draft: Draft) -> URIRef | None:
    if node is None:
        return None
    shared = graph.value(node, terms.SOLID_PUBLIC_ID)
    name = _text(graph, node, terms.SCHEMA_NAME, terms.FOAF_NAME, terms.VCARD_ORGANIZATION_NAME)
    name = name or (_text(graph, shared, terms.SCHEMA_NAME) if shared is not None else "")
    site = graph.value(node, terms.SCHEMA_URI) or graph.value(node, terms.SCHEMA_URL)
    return draft.organization(place, name, draft.link(place, site) if site is not None else None)


def esco(node: Node | None) -> str | None:
    """The address of a skill, also where its editor made `skill:…` of it."""
    text = str(node or "")
    if text.startswith("skill:"):
        return _SKILL + text.removeprefix("skill:")
    return address(text)


def _skill(graph: Graph, node: Node, draft: Draft) -> None:
    if isinstance(node, Literal):
        draft.skill("#me", str(node))
        return
    shared = graph.value(node, terms.SOLID_PUBLIC_ID) or (node if not isinstance(node, BNode) else None)
    label = _text(graph, node, terms.SCHEMA_NAME) or (_text(graph, shared, terms.SCHEMA_NAME) if shared else "")
    if (node, terms.DCTERMS_SOURCE, None) in graph:
        draft.lose(_place(node), _OURS, label)
        return
    match = esco(shared)
    if label:
        draft.skill(_place(node), label, match=match if match and "/esco/" in match else None)
    else:
        draft.lose(_place(node), N_("it has no name, so there is nothing to call it by"), match or "")


def _listed(graph: Graph, node: Node) -> list[Node]:
    """The members of a list, or the node itself; lists may be broken or go round."""
    found: list[Node] = []
    seen: set[Node] = set()
    here: Node | None = node
    while here is not None and here not in seen and len(found) < _MOST_IN_A_LIST:
        seen.add(here)
        first = graph.value(here, terms.RDF_FIRST)
        if first is None:
            return found if found or here == terms.RDF_NIL else [here]
        found.append(first)
        here = graph.value(here, terms.RDF_REST)
    return found


def _language(graph: Graph, node: Node, seen: set[str], draft: Draft) -> None:
    shared = graph.value(node, terms.SOLID_PUBLIC_ID) or node
    code = str(shared).removeprefix(_LANGUAGE) if str(shared).startswith(_LANGUAGE) else ""
    label = (
        _text(graph, shared, terms.SCHEMA_NAME)
        or language_name(code, "fr")
        or (str(node) if isinstance(node, Literal) else "")
    )
    if not label or label in seen:
        return
    seen.add(label)
    skill = draft.skill(_place(node), label, is_language=True)
    draft.assess(_place(node), skill, _text(graph, node, URIRef("http://schema.org/proficiencyLevel")))
