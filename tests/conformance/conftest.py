"""One suite, many pod servers: the scenarios see a server only as agents before it."""

import uuid
from collections.abc import Callable
from typing import TypeAlias

import pytest

from musette_solid.embedded import accounts, server
from musette_solid.pod import access, containers, oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod

PodFor: TypeAlias = Callable[[str | None], Pod]
People: TypeAlias = tuple[Person, Person, Person]

NAMES = ("owner", "recipient", "stranger")


@pytest.fixture(scope="session", params=["memory", pytest.param("css", marks=pytest.mark.css)])
def pod_server(request: pytest.FixtureRequest) -> tuple[PodFor, People]:
    """Agents' ways into one server, and three people who have pods on it: an owner, a recipient, a stranger."""
    if request.param == "memory":
        memory = MemoryPod()
        first, second, third = (memory.create_pod(name, name.title()) for name in NAMES)
        return memory.pod_for, (first, second, third)
    running: server.PodServer = request.getfixturevalue("css")
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


@pytest.fixture
def pod(pod_for: PodFor, owner: Person) -> Pod:
    """The owner, who remembers nothing of other tests."""
    return pod_for(owner.webid)


@pytest.fixture
def box(pod: Pod, owner: Person) -> str:
    """A new container of the owner, private, for this test alone."""
    container = f"{owner.storage}box-{uuid.uuid4().hex[:10]}/"
    assert containers.make(pod, container)
    access.make_private(pod, container, owner.webid)
    return container
