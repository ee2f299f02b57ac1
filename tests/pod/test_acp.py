"""Access control policies: which modes a graph grants to whom, and which graphs we will not write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from musette_solid.pod import acp, wac
from musette_solid.pod.errors import RulesRefused
from musette_solid.pod.wac import Mode
from musette_solid.rdf.syntax import TURTLE, parse, turtle

CONTAINER = "https://pod.example/musette/shares/1/"
ACR = CONTAINER + ".acr"
OWNER = "https://pod.example/profile/card#me"
RECIPIENT = "https://org.example/profile/card#it"
STRANGER = "https://elsewhere.example/#me"
AGENTS = (OWNER, RECIPIENT, STRANGER, None)

R, A, W, C = Mode.READ, Mode.APPEND, Mode.WRITE, Mode.CONTROL
ALL = frozenset({R, A, W, C})
NONE: frozenset[Mode] = frozenset()

PREFIXES = "@prefix acp: <http://www.w3.org/ns/solid/acp#>. @prefix acl: <http://www.w3.org/ns/auth/acl#>.\n"


def rules(text: str) -> Graph:
    return parse((PREFIXES + text).encode(), TURTLE, ACR)


def policy(text: str, place: str = "acp:accessControl") -> Graph:
    return rules(f"<> acp:resource <./> ; {place} <#c> . <#c> acp:apply <#p> . <#p> {text}")


def held(graph: Graph, agent: str | None, *, inherited: bool = False) -> frozenset[Mode]:
    return acp.modes(acp.policies(graph, CONTAINER, inherited=inherited), agent)


def m(agent: str) -> str:
    return f"[ acp:agent {agent} ]"


ORG, ME, ANY, SIGNED = f"<{RECIPIENT}>", f"<{OWNER}>", "acp:PublicAgent", "acp:AuthenticatedAgent"
READ = frozenset({R})

# What one policy says -> what (owner, recipient, stranger, nobody) may do (ACP 0.9, 5)
TABLE: list[tuple[str, str, tuple[frozenset[Mode], ...]]] = [
    ("one agent", f"acp:allow acl:Read ; acp:anyOf {m(ORG)} .", (NONE, READ, NONE, NONE)),
    ("everybody", f"acp:allow acl:Read ; acp:anyOf {m(ANY)} .", (READ,) * 4),
    ("whoever is signed in", f"acp:allow acl:Read ; acp:anyOf {m(SIGNED)} .", (READ, READ, READ, NONE)),
    (
        "writing includes appending",
        f"acp:allow acl:Write ; acp:anyOf {m(ORG)} .",
        (NONE, frozenset({W, A}), NONE, NONE),
    ),
    (
        "a denial overrides",
        f"acp:allow acl:Read, acl:Write ; acp:deny acl:Write, acl:Read ; acp:anyOf {m(ANY)} .",
        (NONE,) * 4,
    ),
    ("no matcher at all", "acp:allow acl:Read .", (NONE,) * 4),
    ("only an exception", f"acp:allow acl:Read ; acp:noneOf {m(ORG)} .", (NONE,) * 4),
    ("an empty matcher", "acp:allow acl:Read ; acp:anyOf [ a acp:Matcher ] .", (NONE,) * 4),
    ("all of two", f"acp:allow acl:Read ; acp:allOf {m(ORG)}, {m(SIGNED)} .", (NONE, READ, NONE, NONE)),
    ("all of two that exclude each other", f"acp:allow acl:Read ; acp:allOf {m(ORG)}, {m(ME)} .", (NONE,) * 4),
    ("any of two", f"acp:allow acl:Read ; acp:anyOf {m(ORG)}, {m(ME)} .", (READ, READ, NONE, NONE)),
    ("everybody but one", f"acp:allow acl:Read ; acp:anyOf {m(ANY)} ; acp:noneOf {m(ORG)} .", (READ, NONE, READ, READ)),
    (
        "one client only",
        f"acp:allow acl:Read ; acp:anyOf [ acp:agent {ORG} ; acp:client <https://app.example/id> ] .",
        (NONE,) * 4,
    ),
    (
        "any client",
        f"acp:allow acl:Read ; acp:anyOf [ acp:agent {ORG} ; acp:client acp:PublicClient ] .",
        (NONE, READ, NONE, NONE),
    ),
    ("who owns or made it", f"acp:allow acl:Read ; acp:anyOf {m('acp:OwnerAgent, acp:CreatorAgent')} .", (NONE,) * 4),
    ("a class of WAC", f"acp:allow acl:Read ; acp:anyOf {m('<http://xmlns.com/foaf/0.1/Agent>')} .", (NONE,) * 4),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_modes_by_policy_and_agent(text: str, expected: tuple[frozenset[Mode], ...]) -> None:
    assert tuple(held(policy(text), agent) for agent in AGENTS) == expected
    assert not held(policy(text), RECIPIENT, inherited=True)
    below = policy(text, "acp:memberAccessControl")
    assert tuple(held(below, agent, inherited=True) for agent in AGENTS) == expected
    assert not held(below, RECIPIENT)


def test_a_denial_above_holds_below() -> None:
    above = policy(f"acp:deny acl:Read ; acp:anyOf {m(ORG)} .", "acp:memberAccessControl")
    here = policy(f"acp:allow acl:Read ; acp:anyOf {m(ANY)} .")
    together = [*acp.policies(above, CONTAINER, inherited=True), *acp.policies(here, CONTAINER, inherited=False)]
    assert acp.modes(together, RECIPIENT) == NONE
    assert acp.modes(together, STRANGER) == READ


def test_rules_for_another_resource_in_the_same_document_are_others() -> None:
    graph = rules(
        f"<#r> acp:resource <other> ; acp:accessControl <#c> . <#c> acp:apply [ acp:allow acl:Read ; acp:anyOf {m(ANY)} ] ."
    )
    assert held(graph, STRANGER) == NONE
    assert acp.agents(graph, CONTAINER) == {}


# What we write


@pytest.mark.parametrize("container", [True, False])
def test_the_owners_rules_are_the_owners_alone(container: bool) -> None:
    graph = acp.owner_only(CONTAINER, ACR, OWNER, container=container)
    assert [held(graph, agent) for agent in AGENTS] == [ALL, NONE, NONE, NONE]
    assert [held(graph, agent, inherited=True) for agent in AGENTS] == [ALL if container else NONE, NONE, NONE, NONE]
    assert parse(turtle(graph), TURTLE, ACR).isomorphic(graph)


def test_one_more_reader_and_one_less() -> None:
    before = acp.owner_only(CONTAINER, ACR, OWNER, container=True)
    after = acp.with_agent(before, CONTAINER, ACR, RECIPIENT, {R}, "grant-1", contents=True)
    for inherited in (False, True):
        assert [held(after, agent, inherited=inherited) for agent in AGENTS] == [ALL, READ, NONE, NONE]
        assert acp.agents(after, CONTAINER, inherited=inherited) == {OWNER: ALL, RECIPIENT: READ}
    assert set(acp.without(after, "grant-1")) == set(before)
    assert set(acp.private(after, CONTAINER, ACR, OWNER, container=True)) >= set(before)
    assert acp.agents(acp.private(after, CONTAINER, ACR, OWNER, container=True), CONTAINER) == {OWNER: ALL}


def test_a_rule_goes_by_its_name_and_not_by_somebodys_who_is_called_alike() -> None:
    namesake = "https://org.example/card#grant-1"
    graph = acp.with_agent(rules("<> acp:resource <./> ."), CONTAINER, ACR, namesake, {R}, "grant-2", contents=True)
    assert set(acp.without(graph, "grant-1")) == set(graph)


def test_no_denial_and_no_rule_about_rules_is_ever_written() -> None:
    graph = acp.with_agent(
        acp.owner_only(CONTAINER, ACR, OWNER, container=True), CONTAINER, ACR, RECIPIENT, {R}, "g", contents=True
    )
    said = {str(p).rpartition("#")[2] for p in graph.predicates()}
    assert said <= {"type", "resource", "accessControl", "memberAccessControl", "apply", "allow", "anyOf", "agent"}


@pytest.mark.parametrize("agent", sorted(wac.EVERYBODY))
def test_who_means_everybody_is_no_agent(agent: str) -> None:
    graph = acp.owner_only(CONTAINER, ACR, OWNER, container=True)
    with pytest.raises(RulesRefused):
        acp.with_agent(graph, CONTAINER, ACR, agent, {R}, "grant-1", contents=True)
    with pytest.raises(RulesRefused):
        acp.owner_only(CONTAINER, ACR, agent, container=True)


@pytest.mark.parametrize(
    "agent",
    ["https://x/> . <#p> acp:agent acp:PublicAgent . <", "https://x.example/#a b", "", "mailto:a@b.example", "//x"],
)
def test_what_is_no_web_address_is_no_agent(agent: str) -> None:
    with pytest.raises(RulesRefused):
        acp.with_agent(rules(""), CONTAINER, ACR, agent, {R}, "grant-1", contents=True)


OTHERS = f"""
<#root> a acp:AccessControlResource ; acp:resource <./> ; acp:accessControl <#mine>, <#open>, <#firm> ;
  acp:memberAccessControl <#mine>, <#open> .
<#mine> acp:apply [ acp:allow acl:Read, acl:Write, acl:Control ; acp:anyOf {m(ME)} ] .
<#open> acp:apply <#everybody> . <#everybody> acp:allow acl:Read ; acp:anyOf {m(ANY)} .
<#firm> acp:apply [ acp:deny acl:Write ; acp:anyOf {m(ORG)} ] .
<#other> acp:resource <elsewhere> ; acp:accessControl <#open> .
<#note> <http://www.w3.org/2000/01/rdf-schema#comment> "written by hand" .
"""


def test_narrowing_takes_out_links_and_leaves_what_others_wrote() -> None:
    before = rules(OTHERS)
    assert acp.agents(before, CONTAINER) == {OWNER: ALL, wac.PUBLIC: READ}
    after = acp.private(before, CONTAINER, ACR, OWNER, container=True)
    gone = {(str(s).rpartition("#")[2], str(o).rpartition("#")[2]) for s, _, o in set(before) - set(after)}
    assert gone == {("root", "open")}
    assert [held(after, agent) for agent in AGENTS] == [ALL, NONE, NONE, NONE]
    assert [held(after, agent, inherited=True) for agent in AGENTS] == [ALL, NONE, NONE, NONE]
    acp.check_keeps_control(after, CONTAINER, OWNER)


@pytest.mark.parametrize(
    "text",
    [
        f"acp:allow acl:Read ; acp:deny acl:Write ; acp:anyOf {m(ORG)} .",
        f"acp:allow acl:Read ; acp:anyOf {m(ORG)} . <#c> acp:apply <#q> . <#q> acp:deny acl:Write ; acp:anyOf {m(ORG)} . <#r> acp:accessControl <#c> .",
    ],
    ids=["in one policy", "used elsewhere too"],
)
def test_a_yes_and_a_no_in_one_are_not_taken_apart(text: str) -> None:
    with pytest.raises(RulesRefused):
        acp.private(policy(text), CONTAINER, ACR, OWNER, container=True)


def test_a_policy_described_elsewhere_counts_as_open_to_anybody() -> None:
    graph = rules("<> acp:resource <./> ; acp:accessControl <#c> . <#c> acp:apply <https://elsewhere.example/p> .")
    assert acp.agents(graph, CONTAINER) == {"https://elsewhere.example/p": ALL}
    assert set(acp.agents(acp.private(graph, CONTAINER, ACR, OWNER, container=True), CONTAINER)) == {OWNER}


@pytest.mark.parametrize(
    "more",
    [
        f"acp:deny acl:Control ; acp:anyOf {m(ME)} .",
        f"acp:deny acl:Read ; acp:anyOf {m(ANY)} .",
        f"acp:deny acl:Write ; acp:anyOf {m('acp:OwnerAgent')} .",
        "acp:deny acl:Write ; acp:anyOf [ acp:client <https://app.example/id> ] .",
        f"acp:deny acl:Write ; acp:anyOf {m(SIGNED)} ; acp:noneOf [ acp:agent {ME} ; acp:client <https://app.example/id> ] .",
    ],
)
def test_rules_that_could_lock_the_owner_out_are_refused(more: str) -> None:
    locked = policy(more)
    graph = acp.private(locked, CONTAINER, ACR, OWNER, container=True)
    with pytest.raises(RulesRefused):
        acp.check_keeps_control(graph, CONTAINER, OWNER)


@pytest.mark.parametrize(
    "more",
    [
        f"acp:deny acl:Write ; acp:anyOf {m(ORG)} .",
        f"acp:deny acl:Write ; acp:anyOf {m(ANY)} ; acp:noneOf {m(ME)} .",
        "acp:deny acl:Write .",
    ],
)
def test_denials_about_others_are_kept(more: str) -> None:
    before = policy(more)
    graph = acp.private(before, CONTAINER, ACR, OWNER, container=True)
    acp.check_keeps_control(graph, CONTAINER, OWNER)
    assert set(before) <= set(graph)


def test_rules_that_hold_only_with_one_client_are_no_control() -> None:
    graph = policy(
        f"acp:allow acl:Read, acl:Write, acl:Control ; acp:anyOf [ acp:agent {ME} ; acp:client <https://app.example/id> ] ."
    )
    with pytest.raises(RulesRefused):
        acp.check_keeps_control(graph, CONTAINER.rstrip("/"), OWNER)


MATCHERS = st.sampled_from(
    [
        m(ORG),
        m(ME),
        m(ANY),
        m(SIGNED),
        "[ a acp:Matcher ]",
        m("acp:OwnerAgent"),
        f"[ acp:agent {ORG} ; acp:client <https://a.example/> ]",
    ]
)
POLICIES = st.builds(
    lambda verb, modes, some, every, none: (
        f"acp:{verb} {', '.join('acl:' + mode for mode in modes)} "
        + "".join(
            f"; acp:{p} {', '.join(ms)} " for p, ms in (("anyOf", some), ("allOf", every), ("noneOf", none)) if ms
        )
    ),
    st.just("allow"),
    st.lists(st.sampled_from(["Read", "Write", "Append", "Control"]), min_size=1, max_size=3),
    st.lists(MATCHERS, max_size=2),
    st.lists(MATCHERS, max_size=2),
    st.lists(MATCHERS, max_size=1),
)


@given(st.lists(POLICIES, max_size=4), st.booleans())
def test_whatever_the_rules_were_after_narrowing_nobody_but_the_owner_holds_a_mode(
    found: list[str], below: bool
) -> None:
    place = ["acp:accessControl", "acp:memberAccessControl"]
    text = "<> acp:resource <./> . " + "".join(
        f"<> {place[below]} <#c{n}> . <#c{n}> acp:apply <#p{n}> . <#p{n}> {said} . " for n, said in enumerate(found)
    )
    before = rules(text)
    named = acp.agents(before, CONTAINER)
    for agent in AGENTS:
        for inherited in (False, True):
            modes = held(before, agent, inherited=inherited)
            everybody = named.get(wac.PUBLIC, NONE) | (named.get(wac.AUTHENTICATED, NONE) if agent else NONE)
            assert modes <= named.get(agent or "", NONE) | everybody
    after = acp.private(before, CONTAINER, ACR, OWNER, container=True)
    acp.check_keeps_control(after, CONTAINER, OWNER)
    for inherited in (False, True):
        assert [held(after, agent, inherited=inherited) for agent in AGENTS] == [ALL, NONE, NONE, NONE]
