"""Web Access Control (WAC 1.0) over graphs: what a rule document grants, and rule documents made. Knows no HTTP.

A rule document is a graph of authorizations: <#who> a acl:Authorization ; acl:agent <webid> ; acl:accessTo <resource> ;
acl:default <container> (what is inside) ; acl:mode acl:Read. Targets are compared letter by letter, as servers do.
"""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, Final
from urllib.parse import urlsplit

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.pod.errors import RulesRefused
from musette_solid.rdf import terms
from musette_solid.rdf.names import document, local
from musette_solid.rdf.syntax import graph_of

#: Everybody, signed in or not.
PUBLIC: Final = str(terms.FOAF_AGENT)
#: Everybody who has any WebID at all: hardly narrower.
AUTHENTICATED: Final = str(terms.ACL_AUTHENTICATED_AGENT)

_ACL: Final = "http://www.w3.org/ns/auth/acl#"

#: IRIs that mean everybody, or whoever it may be: never to be taken for a person or an organisation.
EVERYBODY: Final = frozenset(
    str(iri)
    for iri in (
        terms.FOAF_AGENT,
        terms.ACL_AUTHENTICATED_AGENT,
        terms.ACP_PUBLIC_AGENT,
        terms.ACP_AUTHENTICATED_AGENT,
        terms.ACP_CREATOR_AGENT,
        terms.ACP_OWNER_AGENT,
    )
)


class Mode(Enum):
    """What a rule lets somebody do. Control is about the rules and implies none of the others (WAC 1.0, 4.3)."""

    READ = terms.ACL_READ
    APPEND = terms.ACL_APPEND
    WRITE = terms.ACL_WRITE
    CONTROL = terms.ACL_CONTROL


#: What an owner must always hold.
OWNER_MODES: Final = frozenset({Mode.READ, Mode.WRITE, Mode.CONTROL})
_BY_IRI: Final[Mapping[Node, Mode]] = {mode.value: mode for mode in Mode}
#: WAC 1.1 conditions and origins: a server that knows them grants less by such a rule, one that does not grants as much.
_NARROWED_BY: Final = (terms.ACL_ORIGIN, URIRef("http://www.w3.org/ns/auth/acl#condition"))


def modes(acl_graph: Graph, target: str, agent: str | None, *, inherited: bool) -> frozenset[Mode]:
    """What `agent` (None: nobody signed in) may do to `target` by this rule document.

    With `inherited`, what they may do to whatever lies in the container `target` and has no rules of its own. Groups are
    not looked up: their members are named elsewhere, by somebody else.
    """
    found: set[Mode] = set()
    for rule in _rules(acl_graph, target, terms.ACL_DEFAULT if inherited else terms.ACL_ACCESS_TO):
        if _covers(acl_graph, rule, agent):
            found |= _granted(acl_graph, rule)
    return frozenset(found)


def agents(acl_graph: Graph, target: str, *, inherited: bool | None = None) -> Mapping[str, frozenset[Mode]]:
    """Everybody whom the rules of `target` name and what they may do; classes and groups go by their own IRIs.

    Rules for the resource itself and for what is inside it; with `inherited` False or True, only the ones or the others.
    """
    found: dict[str, frozenset[Mode]] = {}
    predicates = [p for p, i in ((terms.ACL_ACCESS_TO, False), (terms.ACL_DEFAULT, True)) if inherited in {None, i}]
    for predicate in predicates:
        for rule in _rules(acl_graph, target, predicate):
            granted = _granted(acl_graph, rule)
            for subject in (terms.ACL_AGENT, terms.ACL_AGENT_CLASS, terms.ACL_AGENT_GROUP):
                for agent in acl_graph.objects(rule, subject):
                    found[str(agent)] = found.get(str(agent), frozenset()) | granted
    return {agent: granted for agent, granted in found.items() if granted}


def owner_only(target: str, acl_iri: str, owner: str, *, container: bool) -> Graph:
    """The rules by which nobody but the owner may do anything, here and, in a container, below."""
    check_agent(owner)
    return graph_of(
        _authorization(target, acl_iri, owner, OWNER_MODES, "owner", contents=container, by=terms.ACL_AGENT)
    )


def with_agent(
    graph: Graph,
    target: str,
    acl_iri: str,
    agent: str,
    modes: AbstractSet[Mode],  # the word for them here too
    fragment: str,
    *,
    contents: bool,
    everybody: bool = False,
) -> Graph:
    """The same rules and one more, named `fragment` (in place of the one that had this name). `graph` is left as it was.

    `contents`: the rule holds for what is in the container too. `everybody`: `agent` is PUBLIC or AUTHENTICATED, and that
    is meant; otherwise an IRI that means everybody is refused.
    """
    check_meant(target, agent, contents=contents, everybody=everybody)
    by = terms.ACL_AGENT_CLASS if everybody else terms.ACL_AGENT
    rule = _authorization(target, acl_iri, agent, modes, fragment, contents=contents, by=by)
    return graph_of([*without(graph, fragment), *rule])


def without(graph: Graph, fragment: str) -> Graph:
    """The same rules but the one named `fragment`. `graph` is left as it was."""
    return graph_of((s, p, o) for s, p, o in graph if not (isinstance(s, URIRef) and "#" in s and local(s) == fragment))


def json_ld(graph: Graph) -> bytes:
    """Rules as JSON-LD in the words that rules are written in (`acl:agent`): some servers read no others.

    Every object of a rule is a name.
    """
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in sorted(graph, key=lambda triple: tuple(map(str, triple))):
        node = nodes.setdefault(str(subject), {"@id": str(subject)})
        if predicate == terms.RDF_TYPE:
            node.setdefault("@type", []).append(str(value).replace(_ACL, "acl:"))
        else:
            node.setdefault(str(predicate).replace(_ACL, "acl:"), []).append({"@id": str(value)})
    return json.dumps({"@context": {"acl": _ACL}, "@graph": [*nodes.values()]}).encode()


def check_keeps_control(graph: Graph, target: str, owner: str) -> None:
    """Raises RulesRefused unless the owner, by name and without conditions, may read, write and control.

    In a container this is asked for its contents too: a rule document replaces the inherited rules completely.
    """
    places = [terms.ACL_ACCESS_TO] + ([terms.ACL_DEFAULT] if target.endswith("/") else [])
    for place in places:
        held: set[Mode] = set()
        for rule in _rules(graph, target, place):
            narrowed = any((rule, predicate, None) in graph for predicate in _NARROWED_BY)
            if (rule, terms.ACL_AGENT, URIRef(owner)) in graph and not narrowed:
                held |= _granted(graph, rule)
        if not held >= OWNER_MODES:
            raise RulesRefused(reason=N_("you would lose control of your own document"))


def _rules(graph: Graph, target: str, place: URIRef) -> Iterator[Node]:
    """The authorizations for `target`; what is not typed as one counts for nothing (WAC 1.0, 4.2)."""
    for rule in graph.subjects(place, URIRef(target)):
        if (rule, terms.RDF_TYPE, terms.ACL_AUTHORIZATION) in graph:
            yield rule


def _granted(graph: Graph, rule: Node) -> frozenset[Mode]:
    named = frozenset(_BY_IRI[mode] for mode in graph.objects(rule, terms.ACL_MODE) if mode in _BY_IRI)
    return named | {Mode.APPEND} if Mode.WRITE in named else named  # acl:Append is a subclass of acl:Write


def _covers(graph: Graph, rule: Node, agent: str | None) -> bool:
    if (rule, terms.ACL_AGENT_CLASS, terms.FOAF_AGENT) in graph:
        return True
    if agent is None or agent in EVERYBODY:
        return False
    return (rule, terms.ACL_AGENT_CLASS, terms.ACL_AUTHENTICATED_AGENT) in graph or (
        (rule, terms.ACL_AGENT, URIRef(agent)) in graph
    )


def _authorization(
    target: str, acl_iri: str, agent: str, modes: AbstractSet[Mode], fragment: str, *, contents: bool, by: URIRef
) -> Iterator[tuple[Node, Node, Node]]:
    rule = URIRef(f"{document(acl_iri)}#{fragment}")
    yield (rule, terms.RDF_TYPE, terms.ACL_AUTHORIZATION)
    yield (rule, by, URIRef(agent))
    yield (rule, terms.ACL_ACCESS_TO, URIRef(target))
    if contents:
        yield (rule, terms.ACL_DEFAULT, URIRef(target))
    for mode in modes:
        yield (rule, terms.ACL_MODE, mode.value)


def check_meant(target: str, agent: str, *, contents: bool, everybody: bool) -> None:
    """Raises RulesRefused unless a rule for `agent` on `target` says what its writer means (see `with_agent`)."""
    if everybody:
        if agent not in {PUBLIC, AUTHENTICATED}:
            raise RulesRefused(reason=N_("this address does not name a kind of people"))
    else:
        check_agent(agent)
    if contents and not target.endswith("/"):
        raise RulesRefused(reason=N_("a document has no contents to open"))


def check_agent(agent: str) -> None:
    """Raises RulesRefused unless `agent` is the web address of one somebody."""
    if agent in EVERYBODY:
        raise RulesRefused(reason=N_("this address means everybody"))
    try:
        parts = urlsplit(agent)
    except ValueError as error:
        raise RulesRefused(reason=N_("this is not the address of a person or an organisation")) from error
    unfit = any(ord(character) <= 32 or character in '<>"{}|\\^`' for character in agent)
    if unfit or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise RulesRefused(reason=N_("this is not the address of a person or an organisation"))
