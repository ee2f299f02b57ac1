"""Access rules: which modes a rule document grants to whom, and which documents we will not write."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from musette_solid.pod import wac
from musette_solid.pod.errors import RulesRefused
from musette_solid.pod.wac import Mode
from musette_solid.rdf.syntax import JSON_LD, TURTLE, parse, turtle

CONTAINER = "https://pod.example/musette/shares/1/"
DOCUMENT = CONTAINER + "dossier.ttl"
ACL = CONTAINER + ".acl"
OWNER = "https://pod.example/profile/card#me"
RECIPIENT = "https://org.example/profile/card#it"
STRANGER = "https://elsewhere.example/#me"

R, A, W, C = Mode.READ, Mode.APPEND, Mode.WRITE, Mode.CONTROL
ALL = frozenset({R, A, W, C})
NONE: frozenset[Mode] = frozenset()


def rules(text: str) -> Graph:
    prefixes = "@prefix acl: <http://www.w3.org/ns/auth/acl#>. @prefix foaf: <http://xmlns.com/foaf/0.1/>.\n"
    return parse((prefixes + text).encode(), TURTLE, ACL)


BOTH = "acl:accessTo <./> ; acl:default <./>"

# One rule each: what it says -> what (recipient, stranger, nobody) may do to the container, and to what is in it.
TABLE: list[tuple[str, str, tuple[frozenset[Mode], ...], tuple[frozenset[Mode], ...]]] = [
    (
        "one agent, here only",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Read .",
        (frozenset({R}), NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "one agent, inside only",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:default <./> ; acl:mode acl:Read .",
        (NONE, NONE, NONE),
        (frozenset({R}), NONE, NONE),
    ),
    (
        "one agent, here and inside",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; {BOTH} ; acl:mode acl:Read .",
        (frozenset({R}), NONE, NONE),
        (frozenset({R}), NONE, NONE),
    ),
    (
        "writing includes appending",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Write .",
        (frozenset({W, A}), NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "control includes nothing",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Control .",
        (frozenset({C}), NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "everybody",
        "<#r> a acl:Authorization ; acl:agentClass foaf:Agent ; acl:accessTo <./> ; acl:mode acl:Read .",
        (frozenset({R}),) * 3,
        (NONE, NONE, NONE),
    ),
    (
        "everybody signed in",
        "<#r> a acl:Authorization ; acl:agentClass acl:AuthenticatedAgent ; acl:accessTo <./> ; acl:mode acl:Append .",
        (frozenset({A}), frozenset({A}), NONE),
        (NONE, NONE, NONE),
    ),
    (
        "a class written as an agent is nobody",
        f"<#r> a acl:Authorization ; acl:agent foaf:Agent, acl:AuthenticatedAgent ; {BOTH} ; acl:mode acl:Read .",
        (NONE, NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "not typed as an authorization",
        f"<#r> acl:agent <{RECIPIENT}> ; {BOTH} ; acl:mode acl:Read .",
        (NONE, NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "the target without its slash",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <{CONTAINER[:-1]}> ; acl:mode acl:Read .",
        (NONE, NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "another resource",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <../2/> ; acl:mode acl:Read .",
        (NONE, NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "a mode nobody knows",
        f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Fly, acl:Read .",
        (frozenset({R}), NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "rules add up",
        (
            f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Read ."
            f"<#s> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ; acl:mode acl:Append ."
        ),
        (frozenset({R, A}), NONE, NONE),
        (NONE, NONE, NONE),
    ),
    (
        "rules do not mix",
        (
            f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; acl:accessTo <./> ."
            f"<#s> a acl:Authorization ; acl:agent <{STRANGER}> ; acl:accessTo <../2/> ; acl:mode acl:Read ."
        ),
        (NONE, NONE, NONE),
        (NONE, NONE, NONE),
    ),
]


@pytest.mark.parametrize(("text", "here", "inside"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_modes_by_rule(text: str, here: tuple[frozenset[Mode], ...], inside: tuple[frozenset[Mode], ...]) -> None:
    graph = rules(text)
    people = (RECIPIENT, STRANGER, None)
    assert tuple(wac.modes(graph, CONTAINER, agent, inherited=False) for agent in people) == here
    assert tuple(wac.modes(graph, CONTAINER, agent, inherited=True) for agent in people) == inside


@pytest.mark.parametrize("inherited", [False, True])
def test_owner_only_is_for_the_owner_alone(inherited: bool) -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    assert wac.modes(graph, CONTAINER, OWNER, inherited=inherited) == ALL
    assert wac.modes(graph, CONTAINER, STRANGER, inherited=inherited) == NONE
    assert wac.modes(graph, CONTAINER, None, inherited=inherited) == NONE
    assert wac.agents(graph, CONTAINER, inherited=inherited) == {OWNER: ALL}


def test_owner_only_for_a_document_says_nothing_about_contents() -> None:
    graph = wac.owner_only(DOCUMENT, DOCUMENT + ".acl", OWNER, container=False)
    assert wac.agents(graph, DOCUMENT, inherited=True) == {}
    assert wac.agents(graph, DOCUMENT) == {OWNER: ALL}


def test_one_more_reader_and_one_less() -> None:
    before = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    granted = wac.with_agent(before, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True)
    assert wac.agents(granted, CONTAINER) == {OWNER: ALL, RECIPIENT: {R}}
    assert wac.modes(granted, CONTAINER, RECIPIENT, inherited=True) == {R}
    assert set(wac.without(granted, "grant-1")) == set(before)
    assert set(granted) > set(before)


def test_the_same_rule_twice_is_one_rule() -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    once = wac.with_agent(graph, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True)
    assert set(wac.with_agent(once, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True)) == set(once)


def test_a_rule_of_the_same_name_is_replaced_not_widened() -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    wide = wac.with_agent(graph, CONTAINER, ACL, RECIPIENT, {R, W}, "grant-1", contents=True)
    narrow = wac.with_agent(wide, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=False)
    assert wac.modes(narrow, CONTAINER, RECIPIENT, inherited=False) == {R}
    assert wac.modes(narrow, CONTAINER, RECIPIENT, inherited=True) == NONE


def test_rules_of_other_applications_are_kept() -> None:
    graph = rules(
        f"<#owner> a acl:Authorization ; acl:agent <{OWNER}> ; {BOTH} ; acl:mode acl:Read, acl:Write, acl:Control ."
        f'<#other> a acl:Authorization ; acl:agent <{STRANGER}> ; acl:accessTo <./> ; acl:mode acl:Read ; foaf:name "x" .'
    )
    changed = wac.without(wac.with_agent(graph, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True), "grant-1")
    assert set(changed) == set(graph)


def test_groups_are_named_but_never_believed() -> None:
    graph = rules("<#g> a acl:Authorization ; acl:agentGroup </groups#team> ; acl:accessTo <./> ; acl:mode acl:Read .")
    assert wac.modes(graph, CONTAINER, STRANGER, inherited=False) == NONE
    assert wac.agents(graph, CONTAINER) == {"https://pod.example/groups#team": {R}}


def test_everybody_is_named_by_class() -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    inbox = wac.with_agent(graph, CONTAINER, ACL, wac.AUTHENTICATED, {A}, "senders", contents=False, everybody=True)
    assert wac.agents(inbox, CONTAINER) == {OWNER: ALL, wac.AUTHENTICATED: {A}}
    assert wac.modes(inbox, CONTAINER, STRANGER, inherited=False) == {A}
    assert wac.modes(inbox, CONTAINER, STRANGER, inherited=True) == NONE
    assert wac.modes(inbox, CONTAINER, None, inherited=False) == NONE


NOT_PEOPLE = [
    *sorted(wac.EVERYBODY),
    "",
    "mailto:demo@example.org",
    "urn:uuid:0",
    "/profile/card#me",
    "https://",
    "https://[::1",
    "https://org.example/a b",
    'https://org.example/"> ; acl:agentClass foaf:Agent ; a <x',
    "https://org.example/#it>",
    "https://org.example/\n",
]


@pytest.mark.parametrize("agent", NOT_PEOPLE)
def test_what_is_not_a_person_gets_no_rule(agent: str) -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    with pytest.raises(RulesRefused):
        wac.with_agent(graph, CONTAINER, ACL, agent, {R}, "grant-1", contents=True)
    with pytest.raises(RulesRefused):
        wac.owner_only(CONTAINER, ACL, agent, container=True)


def test_everybody_must_be_a_class_that_servers_know() -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    for agent in (RECIPIENT, "http://www.w3.org/ns/solid/acp#PublicAgent"):
        with pytest.raises(RulesRefused):
            wac.with_agent(graph, CONTAINER, ACL, agent, {R}, "x", contents=False, everybody=True)


def test_a_document_has_no_contents_to_open() -> None:
    graph = wac.owner_only(DOCUMENT, DOCUMENT + ".acl", OWNER, container=False)
    with pytest.raises(RulesRefused):
        wac.with_agent(graph, DOCUMENT, DOCUMENT + ".acl", RECIPIENT, {R}, "grant-1", contents=True)


OWNER_RULE = f"<#owner> a acl:Authorization ; acl:agent <{OWNER}> ; "
LOCKED_OUT = {
    "no rule at all": "",
    "the recipient only": f"<#r> a acl:Authorization ; acl:agent <{RECIPIENT}> ; {BOTH} ; acl:mode acl:Read .",
    "no control": OWNER_RULE + f"{BOTH} ; acl:mode acl:Read, acl:Write .",
    "control without reading": OWNER_RULE + f"{BOTH} ; acl:mode acl:Control, acl:Write .",
    "appending is not writing": OWNER_RULE + f"{BOTH} ; acl:mode acl:Control, acl:Read, acl:Append .",
    "not here": OWNER_RULE + "acl:default <./> ; acl:mode acl:Read, acl:Write, acl:Control .",
    "not inside": OWNER_RULE + "acl:accessTo <./> ; acl:mode acl:Read, acl:Write, acl:Control .",
    "another container": OWNER_RULE
    + "acl:accessTo <../2/> ; acl:default <../2/> ; acl:mode acl:Read, acl:Write, acl:Control .",
    "without the slash": OWNER_RULE
    + f"acl:accessTo <{CONTAINER[:-1]}> ; acl:default <{CONTAINER[:-1]}> ; acl:mode acl:Read, acl:Write, acl:Control .",
    "not typed": f"<#owner> acl:agent <{OWNER}> ; {BOTH} ; acl:mode acl:Read, acl:Write, acl:Control .",
    "only as everybody": f"<#e> a acl:Authorization ; acl:agentClass foaf:Agent ; {BOTH} ;"
    " acl:mode acl:Read, acl:Write, acl:Control .",
    "only from one site": OWNER_RULE
    + f"{BOTH} ; acl:origin <https://app.example> ; acl:mode acl:Read, acl:Write, acl:Control .",
    "only under a condition": OWNER_RULE + f"{BOTH} ; acl:condition <#c> ; acl:mode acl:Read, acl:Write, acl:Control .",
}


@pytest.mark.parametrize("text", LOCKED_OUT.values(), ids=LOCKED_OUT.keys())
def test_rules_without_the_owners_control_are_refused(text: str) -> None:
    with pytest.raises(RulesRefused, match="lose control"):
        wac.check_keeps_control(rules(text), CONTAINER, OWNER)


def test_the_owners_modes_may_come_from_several_rules() -> None:
    text = OWNER_RULE + f"{BOTH} ; acl:mode acl:Read . <#o2> a acl:Authorization ; acl:agent <{OWNER}> ; {BOTH} ; "
    wac.check_keeps_control(rules(text + "acl:mode acl:Write, acl:Control ."), CONTAINER, OWNER)


def test_a_document_needs_no_rule_for_contents() -> None:
    graph = wac.owner_only(DOCUMENT, DOCUMENT + ".acl", OWNER, container=False)
    wac.check_keeps_control(graph, DOCUMENT, OWNER)


def test_rules_survive_their_own_turtle() -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    graph = wac.with_agent(graph, CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True)
    assert set(parse(turtle(graph), TURTLE, ACL)) == set(graph)


AGENTS = st.sampled_from([f"https://agent{n}.example/#me" for n in range(4)])
STEPS = st.lists(
    st.tuples(st.booleans(), AGENTS, st.sets(st.sampled_from(Mode), min_size=1), st.booleans()), max_size=12
)


@given(STEPS)
def test_after_any_grants_and_revocations_exactly_the_granted_hold_modes(
    steps: list[tuple[bool, str, set[Mode], bool]],
) -> None:
    graph = wac.owner_only(CONTAINER, ACL, OWNER, container=True)
    meant: dict[str, tuple[frozenset[Mode], bool]] = {}
    for grants, agent, modes, contents in steps:
        fragment = "grant-" + agent[13]
        if grants:
            graph = wac.with_agent(graph, CONTAINER, ACL, agent, modes, fragment, contents=contents)
            meant[agent] = (frozenset(modes) | ({A} if W in modes else NONE), contents)
        else:
            graph = wac.without(graph, fragment)
            meant.pop(agent, None)
        wac.check_keeps_control(graph, CONTAINER, OWNER)
    for agent, inherited in itertools.product([f"https://agent{n}.example/#me" for n in range(4)], [False, True]):
        modes_, contents = meant.get(agent, (NONE, False))
        expected = modes_ if contents or not inherited else NONE
        assert wac.modes(graph, CONTAINER, agent, inherited=inherited) == expected
    assert wac.modes(graph, CONTAINER, None, inherited=False) == NONE


def test_rules_as_json_ld_say_the_same_in_the_words_that_servers_read() -> None:
    graph = wac.with_agent(
        wac.owner_only(CONTAINER, ACL, OWNER, container=True), CONTAINER, ACL, RECIPIENT, {R}, "grant-1", contents=True
    )
    said = wac.json_ld(graph)
    assert set(parse(said, JSON_LD, ACL)) == set(graph)
    assert b'"acl:agent"' in said
    assert b'"acl:Authorization"' in said
