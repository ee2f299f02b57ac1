"""A person and an organisation, each with a bag, on a pod server in memory."""

from datetime import UTC, datetime

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod()


@pytest.fixture
def bag(server: MemoryPod) -> Bag:
    person = server.create_pod("demo", "Demo")
    return set_up.create(server.pod_for(person.webid), person.storage, NOW)


@pytest.fixture
def organisation(server: MemoryPod) -> Bag:
    made = server.create_pod("association", "Demo association")
    return set_up.create(server.pod_for(made.webid), made.storage, NOW)
