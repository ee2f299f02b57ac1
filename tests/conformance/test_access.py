"""Who may do what: tables of agents, modes and methods, asked of the server itself."""

import uuid
from collections.abc import Callable

import pytest
from rdflib import Graph, Literal, URIRef

from musette_solid.pod import access, acp, containers, inbox, resources, wac
from musette_solid.pod.errors import AccessRefused, NotForStrangers, RulesRefused
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf.syntax import TURTLE, graph_of, turtle

PodFor = Callable[[str | None], Pod]
TITLE = URIRef("http://purl.org/dc/terms/title")
INSERT = (
    b"@prefix solid: <http://www.w3.org/ns/solid/terms#>.\n"
    b"_:p a solid:InsertDeletePatch; solid:inserts { <#it> <http://vocab.example/#p> <#c> . }."
)
DELETE = INSERT.replace(b"inserts", b"deletes").replace(b"<#c>", b"<#a>")
BODY = b"<#it> <http://vocab.example/#p> <#a> ."


def titled(iri: str) -> Graph:
    return graph_of([(URIRef(iri + "#it"), TITLE, Literal("x"))])


class Watched:
    """The same transport, and what went through it."""

    def __init__(self, pod: Pod) -> None:
        self.inner = pod.transport
        self.sent: list[Request] = []
        pod.transport = self

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        self.sent.append(request)
        return self.inner.send(request, limits or Limits())

    @property
    def writes(self) -> list[str]:
        return [request.method for request in self.sent if request.method not in {"GET", "HEAD"}]


# Method x modes held on a container and its contents -> done. WAC 1.0: creating asks for Append, in the container too;
# deleting for Write, on the container too; a patch asks for what it does.

METHODS = (
    "GET",
    "HEAD",
    "PUT",
    "PUT new",
    "PATCH insert",
    "PATCH insert new",
    "PATCH delete",
    "POST",
    "DELETE",
    "rules",
)
R, A, W, C = Mode.READ, Mode.APPEND, Mode.WRITE, Mode.CONTROL
TABLE: list[tuple[frozenset[Mode], set[str]]] = [
    (frozenset(), set()),
    (frozenset({R}), {"GET", "HEAD"}),
    (frozenset({A}), {"PUT new", "PATCH insert", "PATCH insert new", "POST"}),
    (frozenset({R, A}), {"GET", "HEAD", "PUT new", "PATCH insert", "PATCH insert new", "POST"}),
    (frozenset({W}), {"PUT", "PUT new", "PATCH insert", "PATCH insert new", "POST", "DELETE"}),
    (frozenset({R, W}), set(METHODS) - {"rules"}),
    (frozenset({C}), {"rules"}),
    (frozenset({R, C}), {"GET", "HEAD", "rules"}),
    (frozenset({R, W, C}), set(METHODS)),
]


@pytest.mark.parametrize(
    ("held", "done"), TABLE, ids=["+".join(sorted(m.name.lower() for m in row[0])) or "nothing" for row in TABLE]
)
def test_method_by_modes_held(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, recipient: Person, held: frozenset[Mode], done: set[str]
) -> None:
    for method in METHODS:
        if "new" not in method:
            resources.put(pod, f"{box}{method.replace(' ', '-')}.ttl", BODY, TURTLE, {"If-None-Match": "*"})
    kept = access.rules(pod, box)
    place = kept.document
    speaks = acp if kept.kind == access.ACP else wac
    rules = speaks.owner_only(box, place, owner.webid, container=True)
    if held:
        rules = speaks.with_agent(rules, box, place, recipient.webid, held, "held", contents=True)
    assert pod.send("PUT", place, {"Content-Type": TURTLE}, turtle(rules)).ok
    agent = pod_for(recipient.webid)

    def attempt(method: str) -> int:
        iri = f"{box}{method.replace(' ', '-')}.ttl"
        match method.split(maxsplit=1)[0]:
            case "PATCH":
                body = DELETE if "delete" in method else INSERT
                return agent.send("PATCH", iri, {"Content-Type": "text/n3"}, body).status
            case "PUT":
                return agent.send("PUT", iri, {"Content-Type": TURTLE}, BODY).status
            case "POST":
                return agent.send("POST", box, {"Content-Type": TURTLE}, BODY).status
            case "rules":
                return agent.send("GET", place, {"Accept": TURTLE}).status
            case _:
                return agent.send(method, iri).status

    statuses = {method: attempt(method) for method in METHODS}
    assert {method for method, status in statuses.items() if status < 300} == done
    assert {status for status in statuses.values() if status >= 300} <= {403}
    anonymous = pod_for(None)
    assert {anonymous.send(m, box + "GET.ttl").status for m in ("GET", "HEAD", "DELETE")} == {401}


# A grant: agent x place -> what a GET answers


def _statuses(pod_for: PodFor, agents: dict[str, str | None], places: dict[str, str]) -> dict[str, dict[str, int]]:
    return {
        who: {name: pod_for(webid).send("GET", iri, {"Accept": TURTLE}).status for name, iri in places.items()}
        for who, webid in agents.items()
    }


def test_a_grant_opens_one_container_to_one_agent_and_a_revocation_closes_it(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, recipient: Person, stranger: Person
) -> None:
    shared, sibling = f"{box}shares/{uuid.uuid4()}/", f"{box}shares/{uuid.uuid4()}/"
    for iri in (shared + "dossier.ttl", sibling + "dossier.ttl", box + "activities.ttl"):
        resources.create(pod, iri, titled(iri))
    places = {
        "dossier": shared + "dossier.ttl",
        "container": shared,
        "rules": access.rule_document(pod, shared),
        "rules of the dossier": access.rule_document(pod, shared + "dossier.ttl"),
        "sibling dossier": sibling + "dossier.ttl",
        "sibling container": sibling,
        "all shares": box + "shares/",
        "source": box + "activities.ttl",
        "root": box,
        "absent": shared + "none.ttl",
        "absent elsewhere": sibling + "none.ttl",
    }
    agents = {"owner": owner.webid, "recipient": recipient.webid, "stranger": stranger.webid, "anonymous": None}
    opened = {"dossier", "container", "absent"}
    missing = {"rules of the dossier", "absent", "absent elsewhere"}

    access.make_private(pod, shared, owner.webid)
    closed = _statuses(pod_for, agents, places)
    assert closed["owner"] == {name: 404 if name in missing else 200 for name in places}
    assert set(closed["recipient"].values()) == {403}

    fragment = f"grant-{uuid.uuid4()}"
    granted = access.grant(pod, shared, recipient.webid, owner.webid, fragment)
    assert granted.agents() == {
        owner.webid: {Mode.READ, Mode.APPEND, Mode.WRITE, Mode.CONTROL},
        recipient.webid: {Mode.READ},
    }
    found = _statuses(pod_for, agents, places)
    assert found["owner"] == closed["owner"]
    assert found["recipient"] == {name: (404 if name in missing else 200) if name in opened else 403 for name in places}
    assert set(found["stranger"].values()) == {403}
    assert set(found["anonymous"].values()) == {401}
    assert set(resources.read(pod_for(recipient.webid), shared + "dossier.ttl").graph) == set(
        titled(shared + "dossier.ttl")
    )

    access.make_private(pod, shared, owner.webid)
    assert _statuses(pod_for, agents, places) == closed
    with pytest.raises(AccessRefused):
        resources.read(pod_for(recipient.webid), shared + "dossier.ttl")


def test_a_rule_is_kept_as_it_was_sent_or_refused_in_a_sentence_and_then_it_opens_nothing(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, recipient: Person, stranger: Person
) -> None:
    iri = box + "dossier.ttl"
    resources.create(pod, iri, titled(iri))
    said = None
    try:
        access.grant(pod, box, recipient.webid, owner.webid, "grant-1")
    except RulesRefused as refused:
        said = refused.sentences()
    expected = 200 if said is None else 403
    assert said is None or all(said)
    assert pod_for(recipient.webid).send("GET", iri, {"Accept": TURTLE}).status == expected
    assert pod_for(stranger.webid).send("GET", iri, {"Accept": TURTLE}).status == 403
    assert pod_for(None).send("GET", iri, {"Accept": TURTLE}).status == 401


def test_a_recipient_may_read_and_nothing_else(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, recipient: Person
) -> None:
    iri = box + "dossier.ttl"
    resources.create(pod, iri, titled(iri))
    access.make_private(pod, box, owner.webid)
    access.grant(pod, box, recipient.webid, owner.webid, "grant-1")
    place = access.rule_document(pod, box)
    agent = pod_for(recipient.webid)
    before = resources.fetch(pod, iri, TURTLE).body
    statuses = [
        agent.send("PUT", iri, {"Content-Type": TURTLE}, BODY).status,
        agent.send("PATCH", iri, {"Content-Type": "text/n3"}, INSERT).status,
        agent.send("DELETE", iri).status,
        agent.send("POST", box, {"Content-Type": TURTLE}, BODY).status,
        agent.send("PUT", box + "new.ttl", {"Content-Type": TURTLE}, BODY).status,
        agent.send("PUT", place, {"Content-Type": TURTLE}, BODY).status,
        agent.send("DELETE", place).status,
        agent.send("PUT", iri + ".acl", {"Content-Type": TURTLE}, BODY).status,
    ]
    assert set(statuses) == {403}
    assert resources.fetch(pod, iri, TURTLE).body == before


def test_a_second_grant_elsewhere_changes_nothing_of_the_first(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, recipient: Person, stranger: Person
) -> None:
    first, second = box + "shares/1/", box + "shares/2/"
    for container, agent in ((first, recipient), (second, stranger)):
        resources.create(pod, container + "dossier.ttl", titled(container + "dossier.ttl"))
        access.make_private(pod, container, owner.webid)
        access.grant(pod, container, agent.webid, owner.webid, "grant")
    access.make_private(pod, second, owner.webid)
    assert resources.read(pod_for(recipient.webid), first + "dossier.ttl").exists
    for agent in (recipient, stranger):
        with pytest.raises(AccessRefused):
            resources.read(pod_for(agent.webid), second + "dossier.ttl")


def test_what_is_new_in_a_private_container_is_private(pod: Pod, pod_for: PodFor, box: str, recipient: Person) -> None:
    resources.insert(pod, box + "time/2026.ttl", titled(box + "time/2026.ttl"))
    with pytest.raises(AccessRefused):
        resources.read(pod_for(recipient.webid), box + "time/2026.ttl")
    with pytest.raises(NotForStrangers):
        resources.read(pod_for(None), box + "time/2026.ttl")


def test_what_is_published_is_read_by_anybody_and_nothing_beside_it(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, stranger: Person
) -> None:
    public = box + "public/"
    for iri in (public + "a.ttl", box + "b.ttl"):
        resources.create(pod, iri, titled(iri))
    places = {"container": public, "document": public + "a.ttl", "beside": box + "b.ttl", "above": box}
    agents = {"stranger": stranger.webid, "anonymous": None}
    opened = access.publish(pod, public, owner.webid)
    assert opened.agents()[wac.PUBLIC] == {Mode.READ}
    assert _statuses(pod_for, agents, places) == {
        "stranger": {"container": 200, "document": 200, "beside": 403, "above": 403},
        "anonymous": {"container": 200, "document": 200, "beside": 401, "above": 401},
    }
    nobody = pod_for(None)
    attempts = [("PUT", BODY), ("PATCH", INSERT), ("DELETE", None)]
    kinds = {"PUT": TURTLE, "PATCH": "text/n3", "DELETE": TURTLE}
    for method, body in attempts:
        assert nobody.send(method, public + "a.ttl", {"Content-Type": kinds[method]}, body).status == 401
    assert nobody.send("GET", access.rule_document(pod, public), {"Accept": TURTLE}).status == 401
    access.make_private(pod, public, owner.webid)
    assert set(_statuses(pod_for, agents, places)["anonymous"].values()) == {401}
    assert set(_statuses(pod_for, agents, places)["stranger"].values()) == {403}


# Refused before anything is sent


@pytest.mark.parametrize("agent", sorted(wac.EVERYBODY))
def test_an_address_that_means_everybody_is_granted_nothing(pod: Pod, box: str, owner: Person, agent: str) -> None:
    watched = Watched(pod)
    with pytest.raises(RulesRefused):
        access.grant(pod, box, agent, owner.webid, "grant-1")
    with pytest.raises(RulesRefused):
        access.make_private(pod, box, agent)
    assert watched.writes == []
    assert access.rules(pod, box).agents().keys() == {owner.webid}


def test_granting_to_oneself_is_refused(pod: Pod, box: str, owner: Person) -> None:
    watched = Watched(pod)
    with pytest.raises(RulesRefused):
        access.grant(pod, box, owner.webid, owner.webid, "grant-1")
    assert watched.writes == []


def test_rules_without_the_owners_control_are_refused_before_they_are_sent(
    pod: Pod, box: str, owner: Person, recipient: Person
) -> None:
    place = access.rule_document(pod, box)
    complete = wac.owner_only(box, place, owner.webid, container=True)
    without_rule = wac.without(complete, "owner")
    without_contents = wac.owner_only(box, place, owner.webid, container=False)
    without_owner = wac.owner_only(box, place, recipient.webid, container=True)
    elsewhere = wac.owner_only(box + "other/", place, owner.webid, container=True)
    watched = Watched(pod)
    for graph in (without_rule, without_contents, without_owner, elsewhere):
        with pytest.raises(RulesRefused):
            access._write(pod, box, place, graph, owner.webid)
    assert watched.sent == []
    assert pod.send("GET", place, {"Accept": TURTLE}).status == 200


# The inbox


def test_anybody_signed_in_may_drop_something_and_see_nothing(
    pod: Pod, pod_for: PodFor, box: str, owner: Person, stranger: Person
) -> None:
    place = box + "inbox/"
    containers.make(pod, place)
    access.open_inbox(pod, place, owner.webid)
    announcement = {"@id": "", "http://purl.org/dc/terms/title": "a dossier for you"}
    sender = pod_for(stranger.webid)
    kept = inbox.send(sender, place, announcement)
    assert kept is not None
    assert kept.startswith(place)
    statuses = [
        sender.send("GET", kept).status,
        sender.send("GET", place).status,
        sender.send("PUT", kept, {"Content-Type": TURTLE}, BODY).status,
        sender.send("PATCH", kept, {"Content-Type": "text/n3"}, INSERT).status,
        sender.send("DELETE", kept).status,
        sender.send("PUT", place + "new.ttl", {"Content-Type": TURTLE}, BODY).status,
    ]
    assert set(statuses) == {403}
    with pytest.raises(NotForStrangers):
        inbox.send(pod_for(None), place, announcement)
    received = inbox.received(pod, place)
    assert [one.iri for one in received] == [kept]
    assert {str(o) for o in received[0].graph.objects(None, TITLE)} == {"a dossier for you"}
