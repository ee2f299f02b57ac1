"""Going from one brand of server to another, and leaving for good: with the pages that a person has, on real servers.

node-solid-server and javascript-solid-server are tried where `make pods` has installed them.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from flask import Flask
from rdflib.compare import isomorphic

from musette_solid.exchange import archive as archives
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.portfolio import Portfolio
from musette_solid.pod import resources
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import archive, leave, publish, put_back, set_up, share, show_in_profile
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app, session
from tests.conformance import peers
from tests.conformance.conftest import NAMES, PodFor, on_css
from tests.conformance.test_taking import BADGE, DOCUMENTS, PICTURE
from tests.pod.provider import Provider
from tests.web.reviewer import Reviewer

pytestmark = pytest.mark.css

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BRANDS = ("css", "nss", "jss")
_CALLED = {"nss": "node-solid-server", "jss": "javascript-solid-server"}
_STARTED_BY = {"nss": peers.node_solid_server, "jss": peers.javascript_solid_server}
Servers: TypeAlias = Callable[[str], tuple[PodFor, tuple[Person, Person, Person]]]


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Each server is started when it is first asked for, and serves the whole module."""
    running: dict[str, tuple[PodFor, tuple[Person, Person, Person]]] = {}
    with ExitStack() as stack:

        def on(brand: str) -> tuple[PodFor, tuple[Person, Person, Person]]:
            if brand not in running:
                if brand == "css":
                    running[brand] = on_css(request.getfixturevalue("css"))
                elif not peers.is_installed():
                    pytest.skip(f"{_CALLED[brand]} is not installed here: `make pods` installs it")
                else:
                    folder = tmp_path_factory.mktemp(brand)
                    running[brand] = stack.enter_context(_STARTED_BY[brand](folder, NAMES))
            return running[brand]

        yield on


def filled(pod_for: PodFor, person: Person) -> Bag:
    """A bag with documents, a picture and a credential, whatever was there before."""
    bag = set_up.find(pod_for(person.webid))
    if bag is not None:
        leave.leave(bag)
    bag = set_up.create(pod_for(person.webid), person.storage, NOW)
    for path, text in DOCUMENTS.items():
        graph = syntax.parse(text.replace("OWNER", bag.owner).encode(), syntax.TURTLE, bag.layout.root + path)
        resources.insert(bag.pod, bag.layout.root + path, graph)
    for path, body, kind in (
        ("evidence/p.png", PICTURE, "image/png"),
        ("credentials/b.jsonld", BADGE, "application/ld+json"),
    ):
        resources.put(bag.pod, bag.layout.root + path, body, kind, {"If-None-Match": "*"})
    return bag


def shared(bag: Bag, recipient: Person) -> str:
    """Where the recipient reads what was shared."""
    shown = f"{bag.layout.activities}#a-1"
    agreed = Terms("Dossier", bag.owner, None, recipient.webid, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1))
    to = share.Recipient(recipient.webid, None, None, ())
    return share.share(bag, Selection(frozenset({shown}), frozenset()), agreed, to, share.new_id()).dossier


def page_of(bag: Bag) -> str:
    selection = Selection(frozenset({f"{bag.layout.activities}#a-1"}), frozenset({f"{bag.layout.skills}#s-1"}))
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=selection))
    return publish.publish(bag, NOW).url


def status(pod: Pod, url: str) -> int:
    return pod.send("GET", url, {"Accept": f"text/html, {resources.ACCEPT}"}).status


@pytest.mark.parametrize(("here", "there"), [("css", "nss"), ("css", "jss"), ("nss", "css"), ("jss", "css")])
def test_an_archive_of_one_brand_is_the_same_on_another_and_opens_nothing(
    servers: Servers, here: str, there: str
) -> None:
    from_pods, (one, recipient, _) = servers(here)
    to_pods, (other, _, stranger) = servers(there)
    bag = filled(from_pods, one)
    url = page_of(bag)
    dossier = shared(bag, recipient)
    assert status(from_pods(recipient.webid), dossier) == 200
    data = archive.make(bag, NOW).data

    before = set_up.find(to_pods(other.webid))
    if before is not None:
        leave.leave(before)
    target = set_up.create(to_pods(other.webid), other.storage, NOW)
    done = put_back.restore(target, data, now=NOW)
    was, now = (bag.layout.root, bag.owner), (target.layout.root, target.owner)
    for path in DOCUMENTS:
        mine = resources.read(bag.pod, bag.layout.root + path).graph
        theirs = resources.read(target.pod, target.layout.root + path).graph
        assert isomorphic(theirs, archives.moved(mine, was, now)), path
    assert resources.fetch(target.pod, target.layout.root + "evidence/p.png", "image/png").body == PICTURE
    # Whom one had opened what to is decided anew, where one is now.
    assert dossier.removeprefix(bag.layout.root) in done.left
    # javascript-solid-server shows a page in the place of the listing that would name it: there it does not come along.
    assert (url.removeprefix(bag.layout.root) in done.left) is (here != "jss")
    for agent in (to_pods(stranger.webid), to_pods(None)):
        for path in (*DOCUMENTS, "evidence/p.png", "credentials/b.jsonld", "shares/", "portfolio/index.html", ""):
            assert status(agent, target.layout.root + path) in {401, 403, 404}, path
    # Where one came from, nothing moved.
    assert status(from_pods(recipient.webid), dossier) == 200
    assert status(from_pods(None), url) == 200


@dataclass
class _Through:
    """What the application sends: to the real server, in the name of whoever its token names, with a token of that server."""

    pod_for: PodFor
    person: Person
    provider: Provider
    outgoing: Outgoing
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        base = names.origin(self.person.storage)
        if not request.url.startswith(base):
            return self.outgoing.send(request, limits or Limits())
        headers = {name: value for name, value in request.headers.items() if name not in {"Authorization", "DPoP"}}
        owner = self.pod_for(self.person.webid)
        if "Authorization" in request.headers and owner.credentials is not None:
            headers |= owner.credentials.sign(request.method, request.url)
        self.sent.append((request.method, request.url))
        answer = owner.transport.send(Request(request.method, request.url, headers, request.body), limits or Limits())
        return self._with_issuer(answer) if request.url == names.document(self.person.webid) else answer

    def _with_issuer(self, answer: Response) -> Response:
        """The profile, naming our provider too: how people sign in at those servers is not what is tried here."""
        if not answer.headers.get("Content-Type", "").startswith("text/turtle"):
            return answer
        said = f"\n<{self.person.webid}> <http://www.w3.org/ns/solid/terms#oidcIssuer> <{self.provider.issuer}> .\n"
        return Response(answer.url, answer.status, answer.headers, answer.body + said.encode())


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


def an_instance(folder: Path, through: _Through) -> Flask:
    allowed = frozenset({f"localhost:{through.provider.port}", names.origin(through.person.storage).partition("//")[2]})
    config = Config("http://localhost:8000", folder, allowed)
    app = create_app(config)
    session.install(app, config, through)
    app.testing = True
    app.test_client_class = Reviewer
    return app


def signed_in(app: Flask, through: _Through) -> Reviewer:
    browser = cast("Reviewer", app.test_client())
    browser.base_url = "http://localhost:8000"
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    left = browser.post("/signin", data={"address": through.person.webid, "issuer": through.provider.issuer})
    assert left.status_code == 303, left.text
    back = through.provider.visit(left.location)
    assert browser.get(back.removeprefix(browser.base_url)).status_code == 303
    return browser


@pytest.mark.parametrize("brand", BRANDS)
def test_leaving_says_what_goes_gives_the_archive_does_it_and_ends_every_session(
    servers: Servers, brand: str, provider: Provider, tmp_path: Path
) -> None:
    pod_for, (_, recipient, person) = servers(brand)
    bag = filled(pod_for, person)
    url, dossier = page_of(bag), shared(bag, recipient)
    beside = f"{person.storage}notes-of-another-application.txt"
    resources.delete(bag.pod, beside)
    resources.put(bag.pod, beside, b"mine", "text/plain", {"If-None-Match": "*"})
    provider.webid = person.webid
    through = _Through(pod_for, person, provider, Outgoing(frozenset({f"localhost:{provider.port}"})))
    app = an_instance(tmp_path, through)
    browser, telephone = signed_in(app, through), signed_in(app, through)

    page = browser.get("/your-data/leave")
    text = unescape(page.text)
    # What goes, by name, before anything does; and the archive beside it.
    assert "1 partage" in text
    assert "page pour tout le monde" in text
    for path in (
        "activities.ttl",
        "portfolio/index.html",
        "skills.ttl",
        "time/2026.ttl",
        "evidence/p.png",
        "credentials/b.jsonld",
    ):
        assert path in text, path
    assert "/your-data/musette.zip" in text
    taken = browser.get("/your-data/musette.zip")
    held = set(zipfile.ZipFile(io.BytesIO(taken.data)).namelist())
    assert {"index.html", "manifest.json", "bag/evidence/p.png", *(f"bag/{path}" for path in DOCUMENTS)} <= held
    refused = browser.post("/your-data/leave", data={})
    assert refused.status_code == 422
    assert status(pod_for(recipient.webid), dossier) == 200
    assert status(pod_for(None), url) == 200

    assert browser.send(page, "/your-data/leave", sure="yes").status_code == 303
    owner = pod_for(person.webid)
    for path in (*DOCUMENTS, "evidence/p.png", "credentials/b.jsonld", "musette.ttl", ""):
        assert status(owner, bag.layout.root + path) in {403, 404}, path
    assert status(pod_for(recipient.webid), dossier) in {401, 403, 404}
    assert status(pod_for(None), url) in {401, 403, 404}
    assert set_up.find(pod_for(person.webid)) is None
    assert resources.fetch(owner, beside, "text/plain").body == b"mine"
    # Nobody is signed in any more, on this device or on another.
    for one in (browser, telephone):
        assert one.get("/activities/").status_code in {302, 303, 401}


@pytest.mark.parametrize("server", ["jss"])
def test_a_profile_that_is_kept_inside_a_page_is_not_written_to(servers: Servers, server: str) -> None:
    pod_for, (person, _, _) = servers(server)
    bag = filled(pod_for, person)
    before = resources.fetch(bag.pod, names.document(person.webid), "text/html").body
    with pytest.raises(show_in_profile.ProfileClosed):
        show_in_profile.show(bag, Selection(frozenset({f"{bag.layout.activities}#a-1"})), NOW)
    assert resources.fetch(bag.pod, names.document(person.webid), "text/html").body == before
    assert set_up.find(pod_for(person.webid)) is not None
