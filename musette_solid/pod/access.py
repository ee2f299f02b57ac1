"""Who may do what: private by default, one more reader, one reader less, and what the server really says.

Rule documents are found by their Link, never by their name. A rule set in which the owner loses control is refused before
it is sent. Steps that widen come last, steps that narrow first; both are read back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rdflib import Graph

from musette_solid.errors import N_
from musette_solid.pod import resources, wac
from musette_solid.pod.errors import RulesRefused, for_status
from musette_solid.pod.http import Response
from musette_solid.pod.links import ACCESS_CONTROL_RESOURCE, ACL, TYPE, Links, links
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.names import origin

_GROUP = re.compile(r"""(?P<who>[a-z]+)\s*=\s*"(?P<modes>[^"]*)\"""", re.IGNORECASE)


def wac_allow(response: Response) -> Mapping[str, frozenset[str]]:
    """The WAC-Allow header: modes by group (user, public). A hint for what to offer, never a proof."""
    header = response.headers.get("WAC-Allow", "")
    return {m["who"].lower(): frozenset(m["modes"].lower().split()) for m in _GROUP.finditer(header)}


@dataclass(frozen=True)
class Rules:
    """The rule document of one resource. `exists` False: the rules of a container above hold."""

    target: str
    document: str
    exists: bool
    graph: Graph = field(repr=False)

    def modes(self, agent: str | None) -> frozenset[wac.Mode]:
        return wac.modes(self.graph, self.target, agent, inherited=False)

    def agents(self) -> Mapping[str, frozenset[wac.Mode]]:
        """Everybody named, the classes of agents that mean everybody included."""
        return wac.agents(self.graph, self.target)


def rule_document(pod: Pod, iri: str) -> str:
    """Where the rules of `iri` are kept. Raises NotThere when `iri` is absent, RulesRefused when there is no one answer."""
    response, found = resources.look(pod, iri)
    if not response.ok:
        raise for_status(response.url, response.status)
    return _rule_document(iri, found)


def _rule_document(iri: str, found: Links) -> str:
    place = found.only(ACL)
    # H-73: none, two, or one elsewhere is not something to write to.
    if place is None or origin(place) != origin(iri):
        raise RulesRefused(reason=N_("the space does not say where its access rules are"))
    return place


def rules(pod: Pod, iri: str) -> Rules:
    """The rules of one resource as they are now. Raises as `resources.read` does: unreadable rules are not absent ones."""
    place = rule_document(pod, iri)
    return _read_rules(pod, iri, place)


def _read_rules(pod: Pod, iri: str, place: str) -> Rules:
    response = pod.send("GET", place, {"Accept": resources.ACCEPT})
    # ACP servers say so with the answer, even for a rule document that is not there yet.
    if links(response).has(TYPE, ACCESS_CONTROL_RESOURCE):
        raise RulesRefused(reason=N_("the space uses a kind of access rules that we do not write yet"))
    if response.status in {404, 410}:
        return Rules(iri, place, False, syntax.empty())
    if not response.ok:
        raise for_status(response.url, response.status)
    try:
        graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), place)
    except syntax.NotRdf as error:
        raise RulesRefused(reason=N_("the access rules that are there cannot be read")) from error
    return Rules(iri, place, True, graph)


def make_private(pod: Pod, iri: str, owner: str) -> Rules:
    """Only the owner, here and below; whatever rule was there is replaced. The rules as read back."""
    place = rule_document(pod, iri)
    return _write(pod, iri, place, wac.owner_only(iri, place, owner, container=iri.endswith("/")), owner)


def open_inbox(pod: Pod, container: str, owner: str) -> Rules:
    """Owner only, and anybody who is signed in may drop something in, without seeing what is there."""
    place = rule_document(pod, container)
    graph = wac.owner_only(container, place, owner, container=True)
    graph = wac.with_agent(
        graph, container, place, wac.AUTHENTICATED, {wac.Mode.APPEND}, "senders", contents=False, everybody=True
    )
    return _write(pod, container, place, graph, owner)


def grant(pod: Pod, container: str, agent: str, owner: str, fragment: str) -> Rules:
    """Let one agent read a container that is the owner's alone, and what is in it. The rules as read back.

    Raises RulesRefused when the agent means everybody, is the owner, or when the server did not keep what we wrote.
    """
    if agent in wac.EVERYBODY:
        raise RulesRefused(reason=N_("this address means everybody"))
    if agent == owner:
        raise RulesRefused(reason=N_("this address is your own"))
    place = rule_document(pod, container)
    graph = wac.owner_only(container, place, owner, container=True)
    graph = wac.with_agent(graph, container, place, agent, {wac.Mode.READ}, fragment, contents=True)
    return _write(pod, container, place, graph, owner)


def _write(pod: Pod, target: str, place: str, graph: Graph, owner: str) -> Rules:
    """Write a rule document and read it back; what the server keeps must be what was meant."""
    wac.check_keeps_control(graph, target, owner)
    # NSS answers 415 to "text/turtle; charset=utf-8" here: no parameter.
    response = pod.send("PUT", place, {"Content-Type": syntax.TURTLE}, syntax.turtle(graph))
    if not response.ok:
        raise for_status(response.url, response.status)
    kept = _read_rules(pod, target, place)
    # Here and below, each by itself: a rule that moved from the one to the other is another rule.
    if any(
        wac.agents(kept.graph, target, inherited=i) != wac.agents(graph, target, inherited=i) for i in (False, True)
    ):
        raise RulesRefused(reason=N_("the space did not keep the rule that we wrote"))
    return kept


def publish(pod: Pod, container: str, owner: str) -> Rules:
    """Let everybody read a container that holds what was made to be public. The rules as read back.

    The only function that opens something to everybody: call it for a container of its own, with nothing else in it.
    """
    place = rule_document(pod, container)
    graph = wac.owner_only(container, place, owner, container=True)
    graph = wac.with_agent(
        graph, container, place, wac.PUBLIC, {wac.Mode.READ}, "everybody", contents=True, everybody=True
    )
    return _write(pod, container, place, graph, owner)
