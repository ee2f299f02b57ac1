"""PG-day, PG-trajectory: the page of the day and the trajectory, cold against raw transfer, and warm without any request."""

import tempfile
import time
from functools import partial
from pathlib import Path

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod.channels import Channels
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.web import Config, create_app
from tests.bench.taking_turns import medians
from tests.bench.warm import Somebody
from tests.figures import Figure

ROUNDS = 15
#: A pod server is seldom on the same machine: so long to it and back.
AWAY_S = 0.04
#: What the bag of the other figures lacks, as a person who uses these pages has it.
SMALL = {
    "people": '<#p-1> a vcard:Individual ; vcard:fn "D. M." .',
    "goals": '<#g-1> a mus:Goal ; dcterms:title "Demo" ; dcterms:valid "2099"^^xsd:gYear .',
    "watch": "<#v-1> a mus:Watch ; schema:url <https://offers.example/> .",
    "rights": "<#it> a mus:RightsAccount .",
}


def figures(css: PodServer, account: Account, layout: Layout, year: int) -> list[Figure]:
    """`layout` is of a bag of `account` that is filled already: 500 activities, 10,000 entries over ten years."""
    somebody = Somebody(css, account, layout)
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    notes = "".join(
        f'<#r-{n}> a mus:Reflection ; dcterms:date "{year}-01-{1 + n % 28:02}"^^xsd:date ; dcterms:description "Note {n}" .\n'
        for n in range(300)
    )
    documents = {layout.document(key): text for key, text in SMALL.items()} | {layout.journal(year): notes}
    for iri, text in documents.items():
        answer = somebody.pod.send("PUT", iri, {"Content-Type": syntax.TURTLE}, (head + text).encode())
        if not answer.ok:
            raise SystemExit(f"{iri} could not be written: {answer.status}")
    return [
        *_page(somebody, layout, "PG-day", "/day/", "page of the day"),
        *_page(somebody, layout, "PG-trajectory", "/trajectory/", "page of the trajectory"),
    ]


def _page(somebody: Somebody, layout: Layout, name: str, path: str, what: str) -> list[Figure]:
    channels = Channels(somebody.transport)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(base_url="http://localhost:8000", data=Path(folder))
        client = create_app(config, who=lambda: somebody).test_client()

        def page() -> None:
            answer = client.get(path, headers={"Host": "localhost:8000"})
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")

        def cold() -> None:
            somebody.pod = Pod(somebody.transport, somebody.pod.webid, somebody.pod.credentials)
            somebody.bag = Bag(somebody.pod, layout)
            page()

        cold()
        LATER.settle()
        somebody.transport.sent.clear()
        cold()
        needed = [url for method, url in somebody.transport.sent if method == "GET"]

        def raw() -> None:
            pod = Pod(somebody.transport, somebody.pod.webid, somebody.pod.credentials)
            pod.together([partial(pod.send, "GET", iri, {"Accept": ACCEPT}) for iri in needed])

        taken = medians({"page": cold, "raw": raw}, ROUNDS)
        ratio = taken["page"] / taken["raw"]
        somebody.transport.away_s = AWAY_S
        taken = medians({"page": cold, "raw": raw}, ROUNDS)
        away = taken["page"] / taken["raw"]
        somebody.transport.away_s = 0.0
        cold()
        channels.attend(somebody.pod, layout.root)
        page()
        page()
        somebody.transport.sent.clear()
        page()
        asked = {url for _, url in somebody.transport.sent if url.startswith(layout.root)}
        deadline = time.monotonic() + 20
        while not asked <= channels.live(somebody.pod) and time.monotonic() < deadline:
            time.sleep(0.05)
        page()
        LATER.settle()  # what others wrote before this is summed once, behind a page
        page()
        somebody.transport.sent.clear()
        page()
        warm = len(somebody.transport.sent)
    channels.close()
    return [
        Figure(name, f"{what}, cold / raw parallel transfer of what it needs", ratio, "ratio", "<= 1.5", ratio <= 1.5, len(needed)),
        Figure(f"{name}-away", f"{what}, cold / raw, {AWAY_S * 1000:.0f} ms from the space", away, "ratio", "<= 1.5", away <= 1.5, len(needed)),
        Figure(f"{name}-warm", f"{what}, again while listening: requests", warm, "requests", "= 0", warm == 0, warm),
    ]  # fmt: skip
