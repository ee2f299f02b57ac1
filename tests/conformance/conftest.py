"""One suite, many pod servers: the scenarios see a server only as agents before it."""

import os
import uuid
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from rdflib import Literal, URIRef

from musette_solid.embedded import accounts, server
from musette_solid.pod import access, containers, oidc, resources
from musette_solid.pod.http import Outgoing
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.rdf.syntax import graph_of
from tests.conformance import peers, quirks
from tests.conformance.switches import SwitchServer

PodFor: TypeAlias = Callable[[str | None], Pod]
People: TypeAlias = tuple[Person, Person, Person]

NAMES = ("owner", "recipient", "stranger")


def _servers() -> list[object]:
    wanted = os.environ.get("PODS", ",".join(quirks.EVERY_RUN))
    names = quirks.MAKE_PODS if wanted == "all" else tuple(wanted.split(","))
    return [pytest.param(name, marks=[pytest.mark.css] if name in quirks.REAL else []) for name in names]


@pytest.fixture(scope="session", params=_servers())
def server_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def pod_server(request: pytest.FixtureRequest, server_name: str) -> Iterator[tuple[PodFor, People]]:
    """Agents' ways into one server, and three people who have pods on it: an owner, a recipient, a stranger."""
    match server_name:
        case "memory" | "memory_acp":
            rules = "acp" if server_name == "memory_acp" else "wac"
            memory = MemoryPod(f"https://{rules}.pod.example/", rules)
            yield memory.pod_for, _three(memory.create_pod)
        case "switches":
            with SwitchServer() as switched:
                yield switched.agent, _three(switched.create_pod)
        case "css":
            yield on_css(request.getfixturevalue("css"))
        case "css_acp" | "css_memory":
            folder = request.getfixturevalue("tmp_path_factory").mktemp(server_name)
            acp, memory_ = server_name == "css_acp", server_name == "css_memory"
            with server.PodServer(folder, server.free_port(), acp=acp, memory=memory_) as running:
                yield on_css(running)

        case "nss" | "jss":
            folder = request.getfixturevalue("tmp_path_factory").mktemp(server_name)
            start = peers.node_solid_server if server_name == "nss" else peers.javascript_solid_server
            with start(folder, NAMES) as served:
                yield served


def _three(create: Callable[[str, str], Person]) -> People:
    first, second, third = (create(name, name.title()) for name in NAMES)
    return first, second, third


def on_css(running: server.PodServer) -> tuple[PodFor, People]:
    """Three new accounts on a Community Solid Server."""
    outgoing = Outgoing(frozenset({f"localhost:{running.port}"}))
    made = [_account(running.url, name) for name in NAMES]
    credentials = {
        a.webid: oidc.ClientCredentials(outgoing, running.url, oidc.Client(a.client_id, a.client_secret), a.webid)
        for a in made
    }

    def pod_for(webid: str | None) -> Pod:
        return Pod(outgoing, webid, credentials[webid] if webid else None)

    first, second, third = (Person(a.webid, a.pod) for a in made)
    return pod_for, (first, second, third)


def _account(url: str, name: str) -> accounts.Account:
    unique = f"{name}-{uuid.uuid4().hex[:8]}"
    return accounts.create(url, f"{unique}@example.org", "demo-password", unique, person_name=name.title())


@pytest.fixture(scope="session")
def shown(pod_server: tuple[PodFor, People]) -> None:
    """The server has shown what it does, as it has for somebody who has a bag: requests are counted from there on."""
    pod_for, (owner, _, _) = pod_server
    pod = pod_for(owner.webid)
    iri = f"{owner.storage}shown-{uuid.uuid4().hex[:10]}.ttl"
    resources.create(pod, iri, graph_of([(URIRef(iri + "#it"), terms.DCTERMS_TITLE, Literal("x"))]))
    today = Literal("2026-11-25", datatype=terms.XSD_DATE)
    resources.insert(pod, iri, graph_of([(URIRef(iri + "#it"), terms.DCTERMS_DATE, today)]))
    resources.delete(pod, iri)


@pytest.fixture
def pod_for(pod_server: tuple[PodFor, People]) -> PodFor:
    return pod_server[0]


@pytest.fixture
def owner(pod_server: tuple[PodFor, People]) -> Person:
    return pod_server[1][0]


@pytest.fixture
def recipient(pod_server: tuple[PodFor, People]) -> Person:
    return pod_server[1][1]


@pytest.fixture
def stranger(pod_server: tuple[PodFor, People]) -> Person:
    return pod_server[1][2]


@pytest.fixture(autouse=True)
def known_quirk(request: pytest.FixtureRequest) -> None:
    """Skip what a server is known to do in another way."""
    if "server_name" in request.fixturenames:
        name, _, parameters = request.node.name.partition("[")
        reason = quirks.why_not(request.getfixturevalue("server_name"), name, parameters.rstrip("]"))
        if reason:
            pytest.skip(reason)


@pytest.fixture
def pod(pod_for: PodFor, owner: Person, shown: None) -> Pod:
    """The owner, who remembers nothing of other tests."""
    return pod_for(owner.webid)


@pytest.fixture
def box(pod: Pod, owner: Person) -> str:
    """A new container of the owner, private, for this test alone."""
    container = f"{owner.storage}box-{uuid.uuid4().hex[:10]}/"
    assert containers.make(pod, container)
    access.make_private(pod, container, owner.webid)
    return container
