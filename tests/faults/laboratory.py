"""A real pod server behind the proxy that fails, people on it, and the files that it keeps: what is there is there."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rdflib import Literal, URIRef

from musette_solid.embedded import accounts, server
from musette_solid.pod import oidc, wac
from musette_solid.pod.http import Limits, Outgoing
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases.layout import Bag, Layout
from tests.faults.operations import Place, of_two_runs
from tests.faults.proxy import Proxy

Snapshot = Mapping[str, frozenset[Triple]]
#: Names of one length, so that one pod's files can become another's by a replacement of bytes.
_FIRST = "p00"


class BehindProxy(server.PodServer):
    """Listens at one port and takes itself for another address: the proxy's."""

    def __init__(self, data: Path, port: int, url: str, *, acp: bool = False) -> None:
        super().__init__(data, port, acp=acp)
        self.url = url

    def killed(self) -> None:
        """Gone at once, in the middle of whatever it does."""
        process = self._process
        assert process is not None
        os.killpg(process.pid, 9)
        process.wait(10)
        self.stop()


@dataclass(frozen=True)
class Person:
    account: accounts.Account
    name: str
    credentials: oidc.ClientCredentials


class Laboratory:
    """`pods` are as many people with pods as operations are tried at one time; `other` is shared with, `stranger` is not."""

    def __init__(self, css: BehindProxy, proxy: Proxy, pods: int) -> None:
        self.css, self.proxy = css, proxy
        self.outgoing = self._transport()
        self.people = [self._person(f"p{number:02d}") for number in range(pods)]
        self.other, self.stranger = self._person("other"), self._person("stranger")
        for person in (*self.people, self.other, self.stranger):
            person.credentials.sign("GET", css.url)  # a token for all that follows, forks included
        self._bare = self.files(self.people[0])

    def _transport(self) -> Outgoing:
        return Outgoing(frozenset({f"localhost:{self.proxy.port}"}))

    def _person(self, name: str) -> Person:
        account = accounts.create(self.css.url, f"{name}@example.org", "demo-password", name, person_name="Demo")
        client = oidc.Client(account.client_id, account.client_secret)
        return Person(account, name, oidc.ClientCredentials(self.outgoing, self.css.url, client, account.webid))

    def pod(self, person: Person | None) -> Pod:
        """An agent with an empty memory, over connections of its own."""
        transport = self._transport()
        return Pod(transport, person.account.webid, person.credentials) if person else Pod(transport)

    def place(self, person: Person) -> Place:
        asking = Bag(self.pod(self.other), Layout.in_storage(self.other.account.pod))
        return Place(self.pod(person), person.account.pod, self.other.account.webid, asking)

    # What the server keeps

    def folder(self, person: Person) -> Path:
        return self.css.data / "pod" / person.name

    def files(self, person: Person) -> dict[str, bytes]:
        """Every file of a pod, as the first person's."""
        folder = self.folder(person)
        return {
            str(path.relative_to(folder)): path.read_bytes().replace(
                f"/{person.name}/".encode(), f"/{_FIRST}/".encode()
            )
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def put(self, person: Person, files: Mapping[str, bytes]) -> None:
        """The pod as it was when `files` were taken. The server keeps nothing in its memory."""
        folder = self.folder(person)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, body in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.replace(f"/{_FIRST}/".encode(), f"/{person.name}/".encode()))

    def bare(self, person: Person) -> None:
        self.put(person, self._bare)

    def snapshot(self, person: Person) -> Snapshot:
        """What every document and every rule says; a file that does not parse says so."""
        found: dict[str, frozenset[Triple]] = {}
        for name, body in self.files(person).items():
            if name.endswith(".meta") or name.startswith("."):
                continue
            base = f"{self.css.url}{_FIRST}/{name.removesuffix('$.ttl')}"
            try:
                found[name] = of_two_runs(frozenset(syntax.parse(body, syntax.TURTLE, base)))
            except syntax.NotRdf:
                found[name] = frozenset({(URIRef(base), URIRef("urn:damaged"), Literal(len(body)))})
        # A log of which the only line was taken back says what no log says: nothing.
        return {name: said for name, said in found.items() if said or not name.startswith("musette/log/")}

    def readers(self, person: Person) -> frozenset[tuple[str, str]]:
        """Whom any rule lets read what; and who is really let read each dossier, and what is published."""
        found = set()
        for name, body in self.files(person).items():
            if name.rpartition("/")[2] == ".acl" or name.endswith(".acl"):
                target = f"{self.css.url}{_FIRST}/{name.removesuffix('.acl').removesuffix('$')}"
                graph = syntax.parse(body, syntax.TURTLE, target + ".acl")
                for agent, modes in wac.agents(graph, target).items():
                    if agent != f"{self.css.url}{_FIRST}/profile/card#me" and modes - {Mode.APPEND}:
                        found.add((agent, name))
            if name.endswith(("dossier.ttl", "tool.ttl", "request.ttl", ".ics", ".html", ".html$.html")):
                for who in (self.other, self.stranger, None):
                    url = f"{person.account.pod}{name.removesuffix('$.html')}"
                    if self.pod(who).send("GET", url, {"Accept": "text/turtle"}, limits=Limits(total_s=20)).ok:
                        found.add((who.name if who else "anybody", name))
        return frozenset(found)


@contextmanager
def laboratory(folder: Path, pods: int, *, acp: bool = False) -> Iterator[Laboratory]:
    listen, upstream = server.free_port(), server.free_port()
    with (
        Proxy(listen, upstream) as proxy,
        BehindProxy(folder / "data", upstream, f"http://localhost:{listen}/", acp=acp) as css,
    ):
        yield Laboratory(css, proxy, pods)


def until(holds: object, timeout_s: float = 60) -> bool:
    """Wait for a claim to hold."""
    assert callable(holds)
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.005)
    return False
