"""A bag that the commands open: in memory, empty, at a moment that stands still."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from musette_solid.cli import ahead, cli, goals, methods, reflect, scenarios, undoing
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def bag(monkeypatch: pytest.MonkeyPatch) -> Bag:
    server = MemoryPod()
    person = server.create_pod("demo", "Démo")
    made = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    for module in (ahead, goals, methods, reflect, scenarios, undoing):
        monkeypatch.setattr(module, "open_bag", lambda: made)
        monkeypatch.setattr(module, "now", lambda: NOW)
    return made


def run(*arguments: str) -> Result:
    """A command as a French person types it."""
    return CliRunner().invoke(cli, ["--lang", "fr", *arguments])
