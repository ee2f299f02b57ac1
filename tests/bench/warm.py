"""P2: the first page again, while nothing moved: no request at all where the space tells of changes, else little more than one."""

import tempfile
import time
from functools import partial
from pathlib import Path

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod import oidc, resources
from musette_solid.pod.channels import Channels
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.web import Config, create_app
from tests.bench.taking_turns import medians
from tests.figures import Figure

ROUNDS = 15


class Counted(Outgoing):
    """The real transport, sockets of channels included, and a list of the requests that went through it.

    `away_s`: how much longer each request is on its way than it is on this machine.
    """

    def __init__(self, css: PodServer) -> None:
        super().__init__(frozenset({f"localhost:{css.port}"}))
        self.sent: list[tuple[str, str]] = []
        self.away_s = 0.0

    def send(self, request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
        self.sent.append((request.method, request.url))
        if self.away_s:
            time.sleep(self.away_s)
        return super().send(request, limits)


class Somebody:
    """A visitor of the web application who is simply there; as a session would, it may listen for its documents."""

    def __init__(self, css: PodServer, account: Account, layout: Layout) -> None:
        self.transport = Counted(css)
        client = oidc.Client(account.client_id, account.client_secret)
        credentials = oidc.ClientCredentials(self.transport, css.url, client, account.webid)
        self.pod = Pod(self.transport, account.webid, credentials)
        self.bag = Bag(self.pod, layout)
        self.root = layout.root


def figures(css: PodServer, account: Account, layout: Layout) -> list[Figure]:
    """`layout` is of a bag of `account` that is filled already."""
    listening, asking = Somebody(css, account, layout), Somebody(css, account, layout)
    channels = Channels(listening.transport)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(base_url="http://localhost:8000", data=Path(folder))
        who = {"": listening}
        client = create_app(config, who=lambda: who[""]).test_client()

        def page(visitor: Somebody) -> None:
            who[""] = visitor
            answer = client.get("/", headers={"Host": "localhost:8000"})
            if answer.status_code != 200:
                raise SystemExit(f"the first page answered {answer.status_code}")

        channels.attend(listening.pod, layout.root)
        # The first look reads the summary, the second the year itself, which from then on is asked about: it is on the third
        # that everything has been read twice, and is listened for.
        for visitor in (listening, asking):
            for _ in range(3):
                page(visitor)
            LATER.settle()
        asking.transport.sent.clear()
        page(asking)
        needed = {url for _, url in asking.transport.sent}
        deadline = time.monotonic() + 20
        while not needed <= channels.live(listening.pod):
            if time.monotonic() > deadline:
                raise SystemExit(f"no channel in time for {needed - channels.live(listening.pod)}")
            time.sleep(0.05)
        page(listening)

        def sent_by(visitor: Somebody) -> int:
            visitor.transport.sent.clear()
            page(visitor)
            return len(visitor.transport.sent)

        sent, sent_asking = sent_by(listening), sent_by(asking)
        etag = resources.read(asking.pod, layout.activities).etag or ""

        def one_conditional_get() -> None:
            headers = {"Accept": ACCEPT, "If-None-Match": etag}
            if asking.pod.send("GET", layout.activities, headers).status != 304:
                raise SystemExit("a document that nobody changed was sent again")

        taken = medians(
            {"listening": partial(page, listening), "asking": partial(page, asking), "one": one_conditional_get}, ROUNDS
        )
        still = sent_by(listening)
    channels.close()
    told, asked = taken["listening"] / taken["one"], taken["asking"] / taken["one"]
    return [
        Figure("P2", "warm page while listening: requests", sent + still, "requests", "= 0", sent + still == 0, sent),
        Figure(
            "P2-told", "warm page while listening / one conditional GET", told, "ratio", "<= 1.5", told <= 1.5, sent
        ),
        Figure(
            "P2-asked", "warm page without channels / one conditional GET", asked, "ratio", "<= 1.5", asked <= 1.5, sent_asking
        ),
    ]  # fmt: skip
