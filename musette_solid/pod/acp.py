"""Access Control Policy (ACP 0.9) over graphs: what an access control resource grants, and such graphs made. Knows no HTTP.

    <acr> acp:resource <target> ; acp:accessControl <#c> (here) ; acp:memberAccessControl <#c> (all that is below)
    <#c> acp:apply <#p> .   <#p> acp:allow acl:Read ; acp:anyOf <#m> .   <#m> acp:agent <webid> .

Policies add up along the whole path from the root, and a denial overrides every permission: what an access control resource
does not say may still hold from above. So we never write a denial, and never take what we read here for the whole truth.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

from rdflib import Graph, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.pod import wac
from musette_solid.pod.errors import RulesRefused
from musette_solid.pod.wac import OWNER_MODES, Mode
from musette_solid.rdf import terms
from musette_solid.rdf.names import document, local
from musette_solid.rdf.syntax import Triple, graph_of

Policies: TypeAlias = Iterable[tuple[Graph, Node]]

#: The same classes of agents under the names of the two ways of writing rules.
_CLASSES: Final[Mapping[str, URIRef]] = {
    wac.PUBLIC: terms.ACP_PUBLIC_AGENT,
    wac.AUTHENTICATED: terms.ACP_AUTHENTICATED_AGENT,
}
_IN_WAC: Final = {str(acp): name for name, acp in _CLASSES.items()}
_BY_IRI: Final[Mapping[Node, Mode]] = {mode.value: mode for mode in Mode}
#: What a matcher may ask beside who the agent is. What we do not know of is taken for something asked.
_OTHERWISE: Final = (terms.ACP_CLIENT, terms.ACP_ISSUER, terms.ACP_VC)


# What a graph says


def policies(graph: Graph, target: str, *, inherited: bool) -> Iterator[tuple[Graph, Node]]:
    """The policies that this access control resource applies to `target`, or with `inherited` to what lies in it."""
    place = terms.ACP_MEMBER_ACCESS_CONTROL if inherited else terms.ACP_ACCESS_CONTROL
    for control in _controls(graph, target, place):
        for policy in graph.objects(control, terms.ACP_APPLY):
            yield graph, policy


def modes(found: Policies, agent: str | None) -> frozenset[Mode]:
    """What `agent` (None: nobody signed in) may do by these policies, for a request whose application is not known."""
    allowed: set[Node] = set()
    denied: set[Node] = set()
    for graph, policy in found:
        if _applies(graph, policy, lambda g, m: _matches(g, m, agent)):
            allowed.update(graph.objects(policy, terms.ACP_ALLOW))
            denied.update(graph.objects(policy, terms.ACP_DENY))
    return _modes(allowed - denied)


def agents(graph: Graph, target: str, *, inherited: bool | None = None) -> Mapping[str, frozenset[Mode]]:
    """Everybody to whom these rules may open something, classes of agents under their WAC names.

    Whatever narrows a permission further (a client, an exception, a denial) is left out of account: rather one name more.
    """
    found: dict[str, frozenset[Mode]] = {}
    for inside in (False, True):
        if inherited not in {None, inside}:
            continue
        for _, policy in policies(graph, target, inherited=inside):
            allowed = _modes(graph.objects(policy, terms.ACP_ALLOW))
            if _is_elsewhere(graph, policy):
                allowed = frozenset(Mode)
            for agent in _named(graph, policy) if allowed else ():
                found[agent] = found.get(agent, frozenset()) | allowed
    return found


def _controls(graph: Graph, target: str, place: URIRef) -> set[Node]:
    resources = set(graph.subjects(terms.ACP_RESOURCE, URIRef(target)))
    return {control for resource in resources for control in graph.objects(resource, place)}


def _modes(iris: Iterable[Node]) -> frozenset[Mode]:
    named = frozenset(_BY_IRI[mode] for mode in iris if mode in _BY_IRI)
    return named | {Mode.APPEND} if Mode.WRITE in named else named


_Match: TypeAlias = Callable[[Graph, Node], bool]


def _applies(graph: Graph, policy: Node, match: _Match, unmatched: _Match | None = None) -> bool:
    """ACP 0.9, 5.4: all of allOf, one of anyOf, none of noneOf; a policy with neither of the first two never applies."""
    unmatched = unmatched or match
    every = list(graph.objects(policy, terms.ACP_ALL_OF))
    some = list(graph.objects(policy, terms.ACP_ANY_OF))
    if not every and not some:
        return False
    if any(unmatched(graph, matcher) for matcher in graph.objects(policy, terms.ACP_NONE_OF)):
        return False
    return all(match(graph, m) for m in every) and (not some or any(match(graph, m) for m in some))


def _matches(graph: Graph, matcher: Node, agent: str | None) -> bool:
    """ACP 0.9, 5.5: an empty matcher matches nobody; of each attribute that is given, one value must fit."""
    named = set(graph.objects(matcher, terms.ACP_AGENT))
    other = [set(graph.objects(matcher, attribute)) for attribute in _OTHERWISE]
    if not named and not any(other):
        return False
    if any(values and terms.ACP_PUBLIC_CLIENT not in values for values in other):
        return False
    return not named or _is_among(named, agent)


def _is_among(named: AbstractSet[Node], agent: str | None) -> bool:
    if terms.ACP_PUBLIC_AGENT in named:
        return True
    if agent is None or agent in wac.EVERYBODY:
        return False
    return terms.ACP_AUTHENTICATED_AGENT in named or URIRef(agent) in named


def _could_match(graph: Graph, matcher: Node, agent: str) -> bool:
    """Whether it matches in some circumstance: with another client, or because the agent owns or made the resource."""
    named = set(graph.objects(matcher, terms.ACP_AGENT))
    special = {terms.ACP_OWNER_AGENT, terms.ACP_CREATOR_AGENT}
    anything = any((matcher, attribute, None) in graph for attribute in _OTHERWISE)
    return (_is_among(named, agent) or bool(named & special)) if named else anything


def _must_match(graph: Graph, matcher: Node, agent: str) -> bool:
    asks_more = any(p not in {terms.ACP_AGENT, terms.RDF_TYPE} for p in graph.predicates(matcher, None))
    return not asks_more and _is_among(set(graph.objects(matcher, terms.ACP_AGENT)), agent)


def _named(graph: Graph, policy: Node) -> frozenset[str]:
    """Who a policy can be about. A matcher that names no agent is about anybody who fulfils the rest of it.

    What is described in another document goes by its own IRI: it may be about anybody.
    """
    if _is_elsewhere(graph, policy):
        return frozenset({str(policy)})

    def of(matcher: Node) -> frozenset[str]:
        if _is_elsewhere(graph, matcher):
            return frozenset({str(matcher)})
        found = frozenset(str(agent) for agent in graph.objects(matcher, terms.ACP_AGENT))
        if not found and any((matcher, attribute, None) in graph for attribute in _OTHERWISE):
            found = frozenset({str(terms.ACP_PUBLIC_AGENT)})
        return frozenset(_IN_WAC.get(agent, agent) for agent in found)

    every = [of(matcher) for matcher in graph.objects(policy, terms.ACP_ALL_OF)]
    some = [of(matcher) for matcher in graph.objects(policy, terms.ACP_ANY_OF)]
    if any(not found for found in every):  # an empty matcher is never satisfied
        return frozenset()
    # The narrowest of what must all hold: those who are named, where somebody is.
    choices = [*every, *([frozenset().union(*some)] if some else [])]
    choices.sort(key=lambda found: (wac.PUBLIC in found, wac.AUTHENTICATED in found, len(found)))
    return choices[0] if choices else frozenset()


def _is_elsewhere(graph: Graph, node: Node) -> bool:
    return (node, None, None) not in graph


# Graphs made


def owner_only(target: str, acr_iri: str, owner: str, *, container: bool) -> Graph:
    """The rules by which the owner may do everything here and, in a container, below, and nobody gets anything else."""
    return private(graph_of(()), target, acr_iri, owner, container=container)


def private(graph: Graph, target: str, acr_iri: str, owner: str, *, container: bool) -> Graph:
    """The same rules without whatever opens `target` to anybody but the owner; the owner's own are there, by name.

    Only links are taken out: policies, matchers and what is said of other resources stay as others wrote them, and so do
    denials. `graph` is left as it was. Raises RulesRefused when a permission and a denial cannot be told apart.
    """
    wac.check_agent(owner)
    out: set[Triple] = set()
    for place in (terms.ACP_ACCESS_CONTROL, terms.ACP_MEMBER_ACCESS_CONTROL):
        for control in _controls(graph, target, place):
            out.update(_opening(graph, target, control, place, owner))
    kept = graph_of(set(graph) - out)
    return _added(without(kept, "owner"), target, acr_iri, URIRef(owner), OWNER_MODES, "owner", contents=container)


def _opening(graph: Graph, target: str, control: Node, place: URIRef, owner: str) -> Iterator[Triple]:
    """What to take out so that an access control opens nothing of `target` to others."""
    applied = set(graph.objects(control, terms.ACP_APPLY))
    opening = {
        policy
        for policy in applied
        if _is_elsewhere(graph, policy)
        or ((policy, terms.ACP_ALLOW, None) in graph and _named(graph, policy) - {owner})
    }
    denying = {policy for policy in applied if (policy, terms.ACP_DENY, None) in graph}
    if not opening:
        return
    if not denying:
        for resource in graph.subjects(terms.ACP_RESOURCE, URIRef(target)):
            yield (resource, place, control)
        return
    users = {r for p in (terms.ACP_ACCESS_CONTROL, terms.ACP_MEMBER_ACCESS_CONTROL) for r in graph.subjects(p, control)}
    if opening & denying or len(users) > 1:
        raise RulesRefused(reason=N_("the rules that are there say yes and no in one, and we will not take them apart"))
    for policy in opening:
        yield (control, terms.ACP_APPLY, policy)


def with_agent(
    graph: Graph,
    target: str,
    acr_iri: str,
    agent: str,
    modes: AbstractSet[Mode],  # the word for them here too
    fragment: str,
    *,
    contents: bool,
    everybody: bool = False,
) -> Graph:
    """The same rules and one more, named `fragment` (in place of the one that had this name). `graph` is left as it was.

    `contents`: the rule holds for what is in the container too. `everybody`: `agent` is wac.PUBLIC or wac.AUTHENTICATED, and
    that is meant; otherwise an IRI that means everybody is refused.
    """
    wac.check_meant(target, agent, contents=contents, everybody=everybody)
    who = _CLASSES[agent] if everybody else URIRef(agent)
    return _added(without(graph, fragment), target, acr_iri, who, modes, fragment, contents=contents)


def _added(
    graph: Graph, target: str, acr_iri: str, who: URIRef, modes: AbstractSet[Mode], fragment: str, *, contents: bool
) -> Graph:
    base = document(acr_iri)
    control, policy, matcher = (URIRef(f"{base}#{fragment}{part}") for part in ("", *_PARTS))
    resource = min(graph.subjects(terms.ACP_RESOURCE, URIRef(target)), key=str, default=URIRef(base))
    triples: set[Triple] = {
        (resource, terms.RDF_TYPE, terms.ACP_ACCESS_CONTROL_RESOURCE),
        (resource, terms.ACP_RESOURCE, URIRef(target)),
        (resource, terms.ACP_ACCESS_CONTROL, control),
        (control, terms.RDF_TYPE, terms.ACP_ACCESS_CONTROL_CLASS),
        (control, terms.ACP_APPLY, policy),
        (policy, terms.RDF_TYPE, terms.ACP_POLICY),
        # One matcher a policy, under anyOf: there is no other way to read it (an empty allOf is never satisfied).
        (policy, terms.ACP_ANY_OF, matcher),
        (matcher, terms.RDF_TYPE, terms.ACP_MATCHER),
        (matcher, terms.ACP_AGENT, who),
    }
    triples |= {(policy, terms.ACP_ALLOW, mode.value) for mode in modes}
    if contents:
        triples.add((resource, terms.ACP_MEMBER_ACCESS_CONTROL, control))
    return graph_of(set(graph) | triples)


_PARTS: Final = ("-policy", "-matcher")


def without(graph: Graph, fragment: str) -> Graph:
    """The same rules but the one named `fragment`. `graph` is left as it was."""
    named = {fragment, *(fragment + part for part in _PARTS)}

    def is_its(node: Node) -> bool:
        return isinstance(node, URIRef) and "#" in node and local(node) in named

    links = {terms.ACP_ACCESS_CONTROL, terms.ACP_MEMBER_ACCESS_CONTROL}
    return graph_of((s, p, o) for s, p, o in graph if not is_its(s) and not (p in links and is_its(o)))


def check_keeps_control(graph: Graph, target: str, owner: str) -> None:
    """Raises RulesRefused unless the owner, by name and whatever the circumstances, may read, write and control.

    A denial that could ever be about the owner counts; in a container this is asked for its contents too.
    """
    for inherited in (False, True) if target.endswith("/") else (False,):
        allowed: set[Node] = set()
        denied: set[Node] = set()
        for _, policy in policies(graph, target, inherited=inherited):
            surely = _applies(
                graph, policy, lambda g, m: _must_match(g, m, owner), lambda g, m: _could_match(g, m, owner)
            )
            perhaps = _applies(
                graph, policy, lambda g, m: _could_match(g, m, owner), lambda g, m: _must_match(g, m, owner)
            )
            if surely:
                allowed.update(graph.objects(policy, terms.ACP_ALLOW))
            if perhaps:
                denied.update(graph.objects(policy, terms.ACP_DENY))
        if not _modes(allowed - denied) >= OWNER_MODES:
            raise RulesRefused(reason=N_("you would lose control of your own document"))
