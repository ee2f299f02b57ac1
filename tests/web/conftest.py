"""The application over a pod in memory, for a person with a bag, an organisation, and somebody who is not signed in."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, request

from musette_solid import shipped
from musette_solid.pod.http import Outgoing
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app
from tests.web.elsewhere import Beside, Site, running_site
from tests.web.reviewer import Reviewer
from tests.web.world import RedisServer, World, running_redis

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
SAMPLES = shipped.WEB / "samples"


def today() -> date:
    """As the application of these tests says it."""
    return datetime.now(ZoneInfo(Config.timezone)).date()


@dataclass(frozen=True)
class Somebody:
    """Who is there: what a session gives, without signing in."""

    pod: Pod
    bag: Bag | None = None

    @property
    def root(self) -> str | None:
        return self.bag.layout.root if self.bag else None


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """The French words as they are in the source, not as they were at the last installation."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.compile_catalogues(ROOT)


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod()


@pytest.fixture
def bag(server: MemoryPod) -> Bag:
    """Empty."""
    person = server.create_pod("demo", "Démo")
    return set_up.create(server.pod_for(person.webid), person.storage, NOW)


@pytest.fixture
def full_bag(server: MemoryPod, bag: Bag) -> Bag:
    """The activities and skills of /style: ten spheres, every precision of dates, missions, one without a date."""
    server.put_bytes(bag.layout.activities, (SAMPLES / "activities.ttl").read_bytes())
    server.put_bytes(bag.layout.skills, (SAMPLES / "skills.ttl").read_bytes())
    return bag


@pytest.fixture
def organisation(server: MemoryPod) -> Person:
    return server.create_pod("association", "Association démo")


MakeClient = Callable[[Somebody | None], Reviewer]
People = dict[str, Somebody | None]


@pytest.fixture(scope="session")
def people() -> People:
    """Who is behind each test's browser."""
    return {}


@pytest.fixture(scope="session")
def app(people: People, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One for the whole run: compiling the templates takes longer than most tests."""
    config = Config(
        base_url="http://localhost:8000",
        data=tmp_path_factory.mktemp("app"),
        providers=(("Espace de démonstration", "http://localhost:3000/"),),
    )
    made = create_app(config, lambda: people.get(request.headers.get("X-Test-Who", "")))
    made.testing = True
    made.test_client_class = Reviewer
    return made


@pytest.fixture
def client_of(app: Flask, people: People) -> MakeClient:
    """A browser in the hands of somebody; in French, because it asks for nothing else."""

    def make(who: Somebody | None) -> Reviewer:
        client = cast("Reviewer", app.test_client())
        client.who = uuid4().hex
        people[client.who] = who
        return client

    return make


@pytest.fixture
def person(client_of: MakeClient, full_bag: Bag) -> Reviewer:
    return client_of(Somebody(full_bag.pod, full_bag))


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as made:
        yield made


@pytest.fixture
def bag_there(full_bag: Bag, server: MemoryPod, site: Site) -> Bag:
    outgoing = Outgoing(frozenset({f"localhost:{site.port}"}))
    full_bag.pod.transport = Beside(server, outgoing)
    return full_bag


@pytest.fixture
def who(client_of: MakeClient, bag_there: Bag) -> Reviewer:
    return client_of(Somebody(bag_there.pod, bag_there))


@pytest.fixture
def newcomer(client_of: MakeClient, bag: Bag) -> Reviewer:
    """Somebody whose bag is empty."""
    return client_of(Somebody(bag.pod, bag))


@pytest.fixture
def reader(client_of: MakeClient, server: MemoryPod, organisation: Person) -> Reviewer:
    """The organisation: signed in, without a bag."""
    return client_of(Somebody(server.pod_for(organisation.webid)))


@pytest.fixture
def stranger(client_of: MakeClient) -> Reviewer:
    return client_of(None)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(params=["folder", "redis"])
def world_of_each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Somebody with a bag; sessions kept in a folder, then in Redis."""
    redis_url = None
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        server.empty()
        redis_url = server.url
    made = World(tmp_path / "data", redis_url)
    set_up.create(made.pods.pod_for(made.person.webid), made.person.storage, NOW)
    yield made
    made.provider.close()
