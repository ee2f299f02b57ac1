"""Everything in one file, and back: here, in another space; then leaving."""

import json

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from musette_solid.exchange import archive as archives
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import Package, pack
from musette_solid.model.dossier import Selection
from musette_solid.model.portfolio import Portfolio
from musette_solid.pod import resources
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.usecases import archive, export_all, intents, leave, publish, put_back, set_up, show_in_profile
from musette_solid.usecases.import_file import Choices, import_file
from musette_solid.usecases.intents import Interrupted
from musette_solid.usecases.layout import Bag
from tests.exchange.test_linkedin import archive as linkedin
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import BADGE, CALENDAR
from tests.usecases.test_show_in_profile import ACTIVITIES


@pytest.fixture
def full(bag: Bag) -> Bag:
    import_file(bag, linkedin(), "linkedin.zip", NOW)
    import_file(bag, CALENDAR, "a.ics", NOW, Choices(sphere="https://w3id.org/musette#sphere-care"))
    import_file(bag, BADGE, "badge.json", NOW)
    return bag


def test_an_archive_holds_every_document_with_its_checksum_and_a_page(full: Bag) -> None:
    made = archive.make(full, NOW)
    package = Package(made.data)
    manifest = json.loads(package.read("manifest.json"))
    paths = {one["path"] for one in manifest["documents"]}
    assert {"bag/activities.ttl", "bag/skills.ttl", "bag/time/2026.ttl", "bag/musette.ttl", "bag/log/2026.ttl"} <= paths
    assert any(path.startswith("bag/credentials/") for path in paths)
    page = package.read("index.html").decode()
    assert "Soudeuse" in page
    assert "<script" not in page
    assert "http" not in page.replace("https://w3id.org", "")
    assert made.unreadable == ()


def test_what_is_restored_elsewhere_is_the_same_graph_with_other_addresses(full: Bag, server: MemoryPod) -> None:
    made = archive.make(full, NOW)
    other = server.create_pod("elsewhere", "Elsewhere")
    target = set_up.create(server.pod_for(other.webid), other.storage, NOW)
    done = put_back.restore(target, made.data, now=NOW)
    assert done.kept == ("musette.ttl",)
    for path in ("activities.ttl", "skills.ttl", "time/2026.ttl", "log/2026.ttl"):
        there = resources.read(target.pod, target.layout.root + path).graph
        here = resources.read(full.pod, full.layout.root + path).graph
        expected = archives.moved(here, (full.layout.root, full.owner), (target.layout.root, target.owner))
        assert isomorphic(there, expected), path
        assert str(full.layout.root) not in "".join(str(node) for triple in there for node in triple)
    credentials = [
        u for u in server._stored if u.startswith(target.layout.root + "credentials/") and not u.endswith("/")
    ]
    assert [server._stored[url].body for url in credentials] == [BADGE]
    # And once more: nothing twice.
    before = {url: kept.body for url, kept in server._stored.items()}
    put_back.restore(target, made.data, now=NOW)
    assert {url: kept.body for url, kept in server._stored.items()} == before


def test_who_may_read_what_is_not_restored(full: Bag) -> None:
    documents = [
        archives.Document("shares/1/dossier.ttl", full.layout.root + "shares/1/dossier.ttl", "text/turtle", b"")
    ]
    data = archives.write(full.layout.root, full.owner, NOW, documents, b"")
    assert put_back.restore(full, data, now=NOW).left == ("shares/1/dossier.ttl",)


def test_an_archive_that_was_changed_is_refused_before_anything_is_written(full: Bag, server: MemoryPod) -> None:
    package = Package(archive.make(full, NOW).data)
    files = [(name, package.read(name)) for name in package.names]
    changed = [(name, data + b"#" if name == "bag/skills.ttl" else data) for name, data in files]
    before = {url: kept.body for url, kept in server._stored.items()}
    with pytest.raises(UnreadableFile):
        put_back.restore(full, pack(changed), now=NOW)
    with pytest.raises(UnreadableFile):
        put_back.restore(full, pack([("manifest.json", b"{}")]), now=NOW)
    assert {url: kept.body for url, kept in server._stored.items()} == before


def test_an_empty_bag_has_an_archive_too(bag: Bag) -> None:
    assert archive.make(bag, NOW).documents >= 1
    assert export_all.export_turtle(bag)[0]


def test_leaving_closes_first_what_others_see(bag: Bag, server: MemoryPod) -> None:
    server.put_bytes(bag.layout.activities, ACTIVITIES.encode())
    card = bag.owner.partition("#")[0]
    before = resources.read(bag.pod, card).graph
    shown = Selection(frozenset({f"{bag.layout.activities}#a-1"}))
    show_in_profile.show(bag, shown, NOW)
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=shown))
    publish.publish(bag, NOW)
    assert leave.what_goes(bag).page
    server.requests.clear()
    leave.leave(bag)
    sent = [(request.method, request.url) for request in server.requests]
    page, kept = sent.index(("DELETE", bag.layout.page)), sent.index(("DELETE", bag.layout.activities))
    profile = next(n for n, (method, url) in enumerate(sent) if url == card and method in {"PATCH", "PUT"})
    assert page < kept
    assert profile < kept
    after = resources.read(bag.pod, card).graph
    assert {t for t in before if "inbox" not in str(t[1])} == set(after)


def test_leaving_takes_everything_out_and_says_before_what_goes(full: Bag, server: MemoryPod) -> None:
    goes = leave.what_goes(full)
    assert "activities.ttl" in goes.documents
    leave.leave(full)
    assert [url for url in server._stored if url.startswith(full.layout.root)] == []
    assert set_up.find(full.pod) is None
    everything = b"".join(kept.body for kept in server._stored.values())
    assert full.layout.root.encode() not in everything


def hostile(bag: Bag, path: str, data: bytes = b"x", media_type: str = "text/turtle") -> bytes:
    return archives.write(
        bag.layout.root, bag.owner, NOW, [archives.Document(path, bag.layout.root + path, media_type, data)], b""
    )


@pytest.mark.parametrize(
    "path",
    [
        *(".acl", "time/.acl", "activities.ttl.acl", "x.ACL", ".meta", "evidence/.acr", "%2eacl", "%252eacl"),
        *("../other/x.ttl", "a/../../x", "a//b", "x?ext=acr", "x#y", "a\\b", "time/%2e%2e/%2e%2e/x", "a b", "é.ttl"),
    ],
)
def test_an_archive_writes_no_rules_and_nothing_outside(bag: Bag, server: MemoryPod, path: str) -> None:
    before = {url: kept.body for url, kept in server._stored.items()}
    with pytest.raises(UnreadableFile):
        put_back.restore(bag, hostile(bag, path), now=NOW)
    assert {url: kept.body for url, kept in server._stored.items()} == before


def test_evidence_goes_along_to_the_byte_and_a_bad_media_type_does_not(bag: Bag, server: MemoryPod) -> None:
    picture = bytes(range(256)) * 40
    resources.put(bag.pod, bag.layout.root + "evidence/p-1.png", picture, "image/png", {"If-None-Match": "*"})
    made = archive.make(bag, NOW)
    other = server.create_pod("elsewhere", "Elsewhere")
    target = set_up.create(server.pod_for(other.webid), other.storage, NOW)
    put_back.restore(target, made.data, now=NOW)
    there = server._stored[target.layout.root + "evidence/p-1.png"]
    assert (there.body, there.media_type) == (picture, "image/png")
    put_back.restore(target, hostile(bag, "evidence/q", b"q", "text/html\r\nX: y"), now=NOW)
    assert server._stored[target.layout.root + "evidence/q"].media_type == "application/octet-stream"


def test_a_damaged_document_is_taken_along_and_said(full: Bag, server: MemoryPod) -> None:
    server.put_bytes(full.layout.skills, b"<#s> \xff damaged")
    made = archive.make(full, NOW)
    assert Package(made.data).read("bag/skills.ttl") == b"<#s> \xff damaged"
    other = server.create_pod("elsewhere", "Elsewhere")
    target = set_up.create(server.pod_for(other.webid), other.storage, NOW)
    done = put_back.restore(target, made.data, now=NOW)
    assert done.damaged == ("skills.ttl",)
    assert "activities.ttl" in (*done.written, *done.added_to)


def test_what_is_put_back_comes_in_one_operation(full: Bag, server: MemoryPod, monkeypatch: pytest.MonkeyPatch) -> None:
    made = archive.make(full, NOW)
    other = server.create_pod("elsewhere", "Elsewhere")
    target = set_up.create(server.pod_for(other.webid), other.storage, NOW)
    count = 0
    insert = resources.insert

    def cut(pod: Pod, iri: str, graph: Graph) -> None:
        nonlocal count
        count += 1
        if count > 2:
            raise Unreachable(iri)
        insert(pod, iri, graph)

    monkeypatch.setattr("musette_solid.usecases.intents.resources.insert", cut)
    monkeypatch.setattr("musette_solid.usecases.intents._finish", lambda bag, change: cut(bag.pod, "", Graph()))
    with pytest.raises(Interrupted):
        put_back.restore(target, made.data, now=NOW)
    monkeypatch.undo()
    (settled,) = intents.settle(target, NOW, everything=True)
    assert (settled.operation, settled.outcome) == (terms.OPERATION_RESTORE, "completed")
    here = resources.read(full.pod, full.layout.activities).graph
    there = resources.read(target.pod, target.layout.activities).graph
    moved = archives.moved(here, (full.layout.root, full.owner), (target.layout.root, target.owner))
    assert isomorphic(there, moved)
