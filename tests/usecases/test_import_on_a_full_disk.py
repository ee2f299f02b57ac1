"""A space whose room ends in the middle of an import, on a real server that counts: nothing of it stays, and it is said."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.embedded import accounts, server
from musette_solid.pod import containers, oidc
from musette_solid.pod.errors import StorageFull
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.usecases import set_up
from musette_solid.usecases.import_file import Choices, import_file, runs
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import career

pytestmark = pytest.mark.css

ROOM_BYTES = 60_000


class Counting(server.PodServer):
    """A Community Solid Server that gives each pod so much room (its own config/quota-file.json, with another number)."""

    def _configuration(self, place: Path) -> str:
        shipped = json.loads((place / server._SERVER / "config/quota-file.json").read_text("utf-8"))
        (strategy,) = [one for one in shipped["@graph"] if one.get("@type") == "PodQuotaStrategy"]
        strategy["limit_amount"] = ROOM_BYTES
        written = self.data / "pod-server-config.json"
        written.write_text(json.dumps(shipped), "utf-8")
        return str(written)


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bag]:
    try:
        server.install()
    except (server.NodeMissing, server.InstallFailed) as error:
        pytest.skip(" ".join(error.sentences()))
    with Counting(tmp_path_factory.mktemp("quota"), server.free_port()) as running:
        account = accounts.create(running.url, "demo@example.org", "demo-password", "demo", person_name="Demo")
        outgoing = Outgoing(frozenset({f"localhost:{running.port}"}))
        client = oidc.Client(account.client_id, account.client_secret)
        credentials = oidc.ClientCredentials(outgoing, running.url, client, account.webid)
        yield set_up.create(Pod(outgoing, account.webid, credentials), account.pod, NOW)


def test_an_import_that_finds_no_room_half_way_leaves_nothing_and_says_so(bag: Bag) -> None:
    import_file(bag, career(5, 3), "short.json", NOW)
    before = {one.iri for one in list_activities(bag).activities}
    # The record and the file that was to be kept still find room, what is in it does not.
    with pytest.raises(StorageFull) as raised:
        import_file(bag, career(120, 40), "long.json", NOW, Choices(keep_file=True))
    assert raised.value.status in {413, 507}
    assert {one.iri for one in list_activities(Bag(bag.pod, bag.layout)).activities} == before
    assert [run.name for run in runs(bag, NOW)] == ["short.json"]
    assert containers.members(bag.pod, f"{bag.layout.root}imports/") == ()
    # There is as much room as before: what is small still comes in.
    done = import_file(bag, career(7, 3), "little.json", NOW)
    assert done.counts["activities"] == 2
