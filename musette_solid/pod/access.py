"""Who may do what: private by default, one more reader, one reader less, and what the server really says.

Web Access Control or Access Control Policy, whichever the server speaks: its rule documents say so (ACP 0.9, 3.1), and that is
asked once a server. Rule documents are found by their Link, never by their name. A rule set in which the owner loses control is
refused before it is sent. Steps that widen come last, steps that narrow first; both are read back.
"""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field

from rdflib import Graph

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import acp, capabilities, resources, wac
from musette_solid.pod.errors import Busy, PodError, RulesRefused, Unreachable
from musette_solid.pod.http import Response
from musette_solid.pod.links import ACCESS_CONTROL_RESOURCE, TYPE, Links, links
from musette_solid.pod.links import ACL as ACL_LINK
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.rdf.names import origin

WAC, ACP = "wac", "acp"
_GROUP = re.compile(r"""(?P<who>[a-z]+)\s*=\s*"(?P<modes>[^"]*)\"""", re.IGNORECASE)


def wac_allow(response: Response) -> Mapping[str, frozenset[str]]:
    """The WAC-Allow header: modes by group (user, public). A hint for what to offer, never a proof."""
    header = response.headers.get("WAC-Allow", "")
    return {m["who"].lower(): frozenset(m["modes"].lower().split()) for m in _GROUP.finditer(header)}


class NotAsWritten(RulesRefused):
    """The server said yes to a rule, and what it keeps says something else."""


@dataclass(frozen=True)
class Rules:
    """The rule document of one resource. `exists` False: the rules of a container above hold."""

    target: str
    document: str
    exists: bool
    graph: Graph = field(repr=False)
    kind: str = WAC
    etag: str | None = None

    def modes(self, agent: str | None) -> frozenset[wac.Mode]:
        """What these rules by themselves let somebody do; under ACP, those of the containers above are added."""
        if self.kind == ACP:
            return acp.modes(acp.policies(self.graph, self.target, inherited=False), agent)
        return wac.modes(self.graph, self.target, agent, inherited=False)

    def agents(self, *, inherited: bool | None = None) -> Mapping[str, frozenset[wac.Mode]]:
        """Everybody named, the classes of agents that mean everybody included.

        For the resource and for what is inside; with `inherited` False or True, only for the one or the other.
        """
        if self.kind == ACP:
            return acp.agents(self.graph, self.target, inherited=inherited)
        return wac.agents(self.graph, self.target, inherited=inherited)


def rule_document(pod: Pod, iri: str) -> str:
    """Where the rules of `iri` are kept. Raises NotThere when `iri` is absent, RulesRefused when there is no one answer."""
    response, found = resources.look(pod, iri)
    if not response.ok:
        raise pod.failure(response)
    return _rule_document(iri, found)


def _rule_document(iri: str, found: Links) -> str:
    place = found.only(ACL_LINK)
    # H-73: none, two, or one elsewhere is not something to write to.
    if place is None or origin(place) != origin(iri):
        raise RulesRefused(reason=N_("the space does not say where its access rules are"))
    return place


def has_control(pod: Pod, head: Response, found: Links) -> bool:
    """Whether the agent may change the rules of what answered `head`: as the server tells, or as it shows when asked for them."""
    told = wac_allow(head)
    if told:
        return "control" in told.get("user", frozenset())
    try:
        place = _rule_document(head.url, found)
    except RulesRefused:
        return False
    return pod.send("HEAD", place, {"Accept": resources.ACCEPT}).status in {200, 404}


def rules(pod: Pod, iri: str, *, like: str | None = None) -> Rules:
    """The rules of one resource as they are now. Raises as `resources.read` does: unreadable rules are not absent ones.

    `like`: see `make_private`.
    """
    return _rules_beside(pod, iri, like) or _read_rules(pod, iri, rule_document(pod, iri))


def _rules_beside(pod: Pod, iri: str, like: str | None) -> Rules | None:
    """The rules of a container, found where those of another one are, when they say that they are; None when they do not."""
    if like is None:
        return None
    place = rule_document(pod, like)
    name = place.removeprefix(like)
    if not place.startswith(like) or "/" in name:
        return None
    try:
        found = _read_rules(pod, iri, iri + name)
    except (PodError, RulesRefused):
        return None
    # Whose rules they are is said in them: the name alone says nothing.
    is_theirs = found.exists and found.agents().get(pod.webid or "", frozenset()) >= wac.OWNER_MODES
    return found if is_theirs else None


def _read_rules(pod: Pod, iri: str, place: str) -> Rules:
    response = pod.send("GET", place, {"Accept": resources.ACCEPT})
    kind = _kind_of(response)
    if response.status in {404, 410}:
        capabilities.learn(iri, rules=kind)
        return Rules(iri, place, False, syntax.empty(), kind)
    if not response.ok:
        raise pod.failure(response)
    capabilities.learn(iri, rules=kind)
    media_type = response.headers.get("Content-Type", "")
    if media_type.partition(";")[0].strip().lower() in {"", "application/octet-stream"}:
        # A rule document is RDF whatever its name: a server that names no kind leaves it to the reader (RFC 9110 8.3).
        media_type = syntax.JSON_LD if response.body.lstrip()[:1] in {b"{", b"["} else syntax.TURTLE
    try:
        graph = syntax.parse(response.body, media_type, place)
    except syntax.NotRdf as error:
        raise RulesRefused(reason=N_("the access rules that are there cannot be read")) from error
    return Rules(iri, place, True, graph, kind, resources.strong(response.headers.get("ETag")))


def _kind_of(response: Response) -> str:
    # ACP servers say so with the answer, even for a rule document that is not there yet.
    return ACP if links(response).has(TYPE, ACCESS_CONTROL_RESOURCE) else WAC


def _kind(pod: Pod, place: str) -> str:
    """Which kind of rules the server keeps; asked once."""
    found = capabilities.known(place).rules
    if found is None:
        response = pod.send("HEAD", place, {"Accept": resources.ACCEPT})
        if not response.ok and response.status not in {404, 410}:
            raise pod.failure(response)
        found = _kind_of(response)
        capabilities.learn(place, rules=found)
    return found


def make_private(pod: Pod, iri: str, owner: str, *, like: str | None = None) -> Rules:
    """Only the owner, here and below; whatever rule opened it to somebody else is gone. The rules as read back.

    Under ACP what the containers above open stays open: ask as a stranger to know.

    `like`: for a container that the server is too slow to tell of, another one beside it. The Community Solid Server lists a
    container before it says where its rules are, and gives up where too much is in it.
    """
    beside = _rules_beside(pod, iri, like)
    place = beside.document if beside else rule_document(pod, iri)
    container = iri.endswith("/")
    if _kind(pod, place) == ACP:
        return _change_acp(pod, iri, place, owner, lambda g: acp.private(g, iri, place, owner, container=container))
    return _write(pod, iri, place, wac.owner_only(iri, place, owner, container=container), owner)


def open_inbox(pod: Pod, container: str, owner: str, *, like: str | None = None) -> Rules:
    """Owner only, and anybody who is signed in may drop something in, without seeing what is there. `like`: see above."""
    beside = _rules_beside(pod, container, like)
    place = beside.document if beside else None
    who, modes = wac.AUTHENTICATED, {wac.Mode.APPEND}
    return _opened(pod, container, owner, who, modes, "senders", contents=False, everybody=True, place=place)


def grant(pod: Pod, container: str, agent: str, owner: str, fragment: str, *, fresh: bool = False) -> Rules:
    """Let one agent read a container that is the owner's alone, and what is in it. The rules as read back.

    `fresh`: it was made a moment ago, under a name never used before: under ACP its rules are added to unread, and read first
    only if something else turns out to be there. Raises RulesRefused when the agent means everybody, is the owner, or when the server did not keep what we wrote.
    """
    if agent in wac.EVERYBODY:
        raise RulesRefused(reason=N_("this address means everybody"))
    if agent == owner:
        raise RulesRefused(reason=N_("this address is your own"))
    return _opened(pod, container, owner, agent, {wac.Mode.READ}, fragment, contents=True, fresh=fresh)


def publish(pod: Pod, container: str, owner: str) -> Rules:
    """Let everybody read a container that holds what was made to be public. The rules as read back.

    The only function that opens something to everybody: call it for a container of its own, with nothing else in it.
    """
    return _opened(pod, container, owner, wac.PUBLIC, {wac.Mode.READ}, "everybody", contents=True, everybody=True)


def _opened(
    pod: Pod,
    container: str,
    owner: str,
    agent: str,
    modes: AbstractSet[wac.Mode],
    fragment: str,
    *,
    contents: bool,
    everybody: bool = False,
    fresh: bool = False,
    place: str | None = None,
) -> Rules:
    """The owner's alone, and these modes for one agent, or one class of agents, and nobody else.

    What is not kept as it was meant is closed again before that is said.
    """
    place = place or rule_document(pod, container)
    is_acp = _kind(pod, place) == ACP

    def opened(graph: Graph) -> Graph:
        with_agent = acp.with_agent if is_acp else wac.with_agent
        return with_agent(graph, container, place, agent, modes, fragment, contents=contents, everybody=everybody)

    def granted(graph: Graph) -> Graph:
        return opened(acp.private(graph, container, place, owner, container=True))

    try:
        if is_acp:
            if fresh and capabilities.known(place).patches:
                added = granted(syntax.empty())
                acp.check_keeps_control(added, container, owner)
                response = _answered(
                    pod, "PATCH", place, {"Content-Type": resources.N3}, n3_patch(Delta(into=frozenset(added)))
                )
                if response is None or response.ok:
                    with suppress(RulesRefused):
                        return _kept(pod, container, place, added)
            return _change_acp(pod, container, place, owner, granted)
        return _write(pod, container, place, opened(wac.owner_only(container, place, owner, container=True)), owner)
    except NotAsWritten:
        with suppress(MusetteError):
            make_private(pod, container, owner)
        raise


def invite(pod: Pod, container: str, agent: str, owner: str, fragment: str) -> Rules:
    """Let one agent add to a container that is the owner's alone, and read what is in it; change or delete nothing."""
    place = rule_document(pod, container)
    adds, reads = {wac.Mode.READ, wac.Mode.APPEND}, {wac.Mode.READ}
    if _kind(pod, place) == ACP:

        def invited(graph: Graph) -> Graph:
            private = acp.private(graph, container, place, owner, container=True)
            reading = acp.with_agent(private, container, place, agent, reads, f"{fragment}-reads", contents=True)
            return acp.with_agent(reading, container, place, agent, adds, fragment, contents=False)

        return _change_acp(pod, container, place, owner, invited)
    graph = wac.owner_only(container, place, owner, container=True)
    graph = wac.with_agent(graph, container, place, agent, reads, f"{fragment}-reads", contents=True)
    graph = wac.with_agent(graph, container, place, agent, adds, fragment, contents=False)
    return _write(pod, container, place, graph, owner)


def _write(pod: Pod, target: str, place: str, graph: Graph, owner: str) -> Rules:
    """Write a WAC rule document and read it back; what the server keeps must be what was meant."""
    wac.check_keeps_control(graph, target, owner)
    _put_rules(pod, place, graph, {}, wac.json_ld)
    try:
        return _kept(pod, target, place, graph)
    except NotAsWritten:
        if capabilities.known(place).turtle is False or capabilities.patches(pod, target):
            raise
        # javascript-solid-server makes JSON-LD of Turtle, with the prefixes of the first rule alone; what it is given as JSON-LD
        # it keeps as it is. As of a document: only where patches are not read either.
        capabilities.learn(place, turtle=False)
    _put_rules(pod, place, graph, {}, wac.json_ld)
    return _kept(pod, target, place, graph)


def _change_acp(pod: Pod, target: str, place: str, owner: str, change: Callable[[Graph], Graph]) -> Rules:
    """Change an access control resource by what differs, so that what others wrote in it stays; read it back.

    Never deleted and never written over unread: it may hold rules for other resources, and deleting it may bring back rules
    that nobody asked for.
    """
    for _ in range(resources.TRIES):
        before = _read_rules(pod, target, place)
        after = change(before.graph)
        acp.check_keeps_control(after, target, owner)
        old, new = frozenset(before.graph), frozenset(after)
        if old == new:
            return before
        if _patch_rules(pod, before, Delta(old - new, new - old), after):
            return _kept(pod, target, place, after)
    raise RulesRefused(reason=N_("somebody else is changing the access rules at this moment"))


def _patch_rules(pod: Pod, before: Rules, delta: Delta, after: Graph) -> bool:
    """False when somebody was faster."""
    conditions = {"If-Match": before.etag} if before.etag else {} if before.exists else {"If-None-Match": "*"}
    if capabilities.known(before.document).patches is not False:
        response = _answered(
            pod, "PATCH", before.document, {"Content-Type": resources.N3, **conditions}, n3_patch(delta)
        )
        if response is None or response.ok:
            return True
        if response.status in {409, 412}:
            return False
        if response.status not in {405, 415, 501}:
            raise pod.failure(response)
    if not conditions:
        raise RulesRefused(reason=N_("the space gives us no way to change its access rules without losing some"))
    try:
        _put_rules(pod, before.document, after, conditions)
    except PodError as error:
        if error.status in {409, 412}:
            return False
        raise
    return True


def _put_rules(
    pod: Pod,
    place: str,
    graph: Graph,
    conditions: Mapping[str, str],
    as_json_ld: Callable[[Graph], bytes] = syntax.json_ld_bytes,
) -> None:
    response: Response | None = Response(place, 415, {})
    if capabilities.known(place).turtle is not False:
        # NSS answers 415 to "text/turtle; charset=utf-8" here: no parameter.
        response = _answered(pod, "PUT", place, {"Content-Type": syntax.TURTLE, **conditions}, syntax.turtle(graph))
    if response is not None and response.status == 415:
        body = as_json_ld(graph)
        response = _answered(pod, "PUT", place, {"Content-Type": syntax.JSON_LD, **conditions}, body)
    if response is not None and not response.ok:
        raise pod.failure(response)


def _answered(pod: Pod, method: str, place: str, headers: Mapping[str, str], body: bytes) -> Response | None:
    """The answer to a write of rules. None when it was lost: rules are read back anyway, and that is where it shows."""
    try:
        return pod.send(method, place, headers, body)
    except Busy:
        raise
    except Unreachable:
        return None


def _kept(pod: Pod, target: str, place: str, graph: Graph) -> Rules:
    """The rules read back, when they say what was meant: here and below, each by itself."""
    kept = _read_rules(pod, target, place)
    meant = Rules(target, place, True, graph, kept.kind)
    # A rule that moved from the one to the other is another rule.
    if any(kept.agents(inherited=inside) != meant.agents(inherited=inside) for inside in (False, True)):
        raise NotAsWritten(reason=N_("the space did not keep the rule that we wrote"))
    return kept
