"""SolidOS shows what we put into a profile, in the rows that we meant; what its editor makes of it loses nothing of ours."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef
from rdflib.compare import isomorphic

from musette_solid.pod import discovery, resources, webid
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import set_up, show_in_profile
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.leave import leave
from tests.usecases.conftest import NOW
from tests.usecases.test_show_in_profile import ACTIVITIES, SKILLS, chosen

SOLIDOS = Path(__file__).with_name("solidos")


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod()


@pytest.fixture
def full(server: MemoryPod) -> Bag:
    person = server.create_pod("demo", "Demo")
    bag = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    server.put_bytes(bag.layout.activities, ACTIVITIES.encode())
    server.put_bytes(bag.layout.skills, SKILLS.encode())
    return bag


@pytest.fixture(scope="module")
def solidos() -> Path:
    """The packages of solidos/package-lock.json, installed once a lock in the user's cache."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("no Node.js here")
    digest = hashlib.sha256((SOLIDOS / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = cache / "musette" / f"interop-solidos-{digest}"
    if not (place / "complete").is_file():
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(SOLIDOS / name, place / name)
        # Its pages need solid-ui and solid-logic, its selectors do not: what it wants beside it is left out.
        command = [npm, "ci", "--legacy-peer-deps", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
        subprocess.run([*command, "--no-audit", "--no-fund"], cwd=place, check=True, capture_output=True, timeout=600)
        (place / "complete").touch()
    return place


def shown_by(solidos: Path, bag: Bag, **edits: Any) -> dict[str, Any]:
    """What its selectors say of the profile; with `update` and `remove`, after its editor did that."""
    document = names.document(bag.owner)
    said = {
        "turtle": resources.read(bag.pod, document).body.decode(),
        "document": document,
        "webid": bag.owner,
        **edits,
    }
    return node(solidos, "profile.mjs", said)


def node(solidos: Path, script: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a script says, that was given something."""
    done = subprocess.run(
        ["node", shutil.copy(SOLIDOS / script, solidos)],
        cwd=solidos,
        input=json.dumps(said),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def written_back(bag: Bag, server: MemoryPod, after: str) -> None:
    """The whole document as its serialiser wrote it, as its editor does when it does not patch."""
    server.put_bytes(names.document(bag.owner), after.encode(), syntax.TURTLE)
    bag.pod.cache.forget(names.document(bag.owner))


def test_its_selectors_return_the_rows_that_we_meant(solidos: Path, full: Bag) -> None:
    show_in_profile.show(full, chosen(full, 1, 2, 3, skills=(1, 2)), NOW)
    found = shown_by(solidos, full)
    assert [{name: text for name, text in row.items() if text is not None} for row in found["roles"]] == [
        {"title": "Soudeuse", "type": "CurrentRole", "start": "2020-01-01", "current": True},
        {
            "title": "Trésorière",
            "type": "PastRole",
            "start": "2019-03-01",
            "end": "2023-12-31",
            "current": False,
            "organization": "Les Amis du Vélo",
            "kind": "NGO",
            "location": "Grenoble",
            "homepage": "https://amisduvelo.example/",
            "description": "Tenir les comptes.",
        },
    ]
    assert found["skills"] == [{"name": "tenir une comptabilité", "publicId": "http://data.europa.eu/esco/skill/0000"}]
    assert found["languages"] == [
        {"name": "Spanish", "publicId": "https://www.w3.org/ns/iana/language-code/es", "proficiency": "B2"}
    ]


def test_its_serialiser_loses_nothing_of_ours(solidos: Path, full: Bag, server: MemoryPod) -> None:
    show_in_profile.show(full, chosen(full, 1, 2, 3, skills=(1, 2)), NOW)
    before = resources.read(full.pod, names.document(full.owner)).graph
    written_back(full, server, shown_by(solidos, full)["after"])
    assert isomorphic(resources.read(full.pod, names.document(full.owner)).graph, before)
    assert show_in_profile.look(full).edits == ()


def test_what_its_editor_changes_comes_back_as_a_proposal(solidos: Path, full: Bag, server: MemoryPod) -> None:
    show_in_profile.show(full, chosen(full, 1, 2), NOW)
    edit = {"title": "Trésorière", "change": {"title": "Co-présidente", "orgName": "Les Amis de la Roue"}}
    after = shown_by(solidos, full, update=[edit])
    assert {row["title"] for row in after["roles"]} == {"Soudeuse", "Co-présidente"}
    written_back(full, server, after["after"])
    one = f"{full.layout.activities}#a-1"
    (found,) = show_in_profile.look(full).edits
    assert found.source == one
    assert found.changes == {"title": "Co-présidente", "organization": "Les Amis de la Roue"}
    done = show_in_profile.take_over(full, one, NOW)
    assert done.edits == ()
    mine = next(activity for activity in done.activities if activity.iri == one)
    assert mine.role == "Co-présidente"
    assert mine.organization is not None
    assert mine.organization.name == "Les Amis de la Roue"
    assert mine.start is not None
    assert mine.start.text == "2019-03"
    rows = {row["title"]: row for row in shown_by(solidos, full)["roles"]}
    assert rows["Co-présidente"]["organization"] == "Les Amis de la Roue"
    # One role, one organisation: nothing of what its editor made anew is left lying about.
    card = resources.read(full.pod, names.document(full.owner)).graph
    assert len(set(card.subjects(terms.RDF_TYPE, terms.VCARD_ORGANIZATION))) == 1


def test_what_its_editor_removes_is_proposed_and_can_be_put_right(solidos: Path, full: Bag, server: MemoryPod) -> None:
    show_in_profile.show(full, chosen(full, 1, 2), NOW)
    written_back(full, server, shown_by(solidos, full, remove=["Trésorière"])["after"])
    one = f"{full.layout.activities}#a-1"
    (found,) = show_in_profile.look(full).edits
    assert found.removed
    show_in_profile.put_right(full, one, NOW)
    assert {row["title"] for row in shown_by(solidos, full)["roles"]} == {"Soudeuse", "Trésorière"}
    show_in_profile.show(full, chosen(full, 2), NOW)
    assert {row["title"] for row in shown_by(solidos, full)["roles"]} == {"Soudeuse"}
    card = resources.read(full.pod, names.document(full.owner)).graph
    assert (None, terms.DCTERMS_SOURCE, URIRef(one)) not in card


def test_contacts_finds_the_address_book_and_the_people_in_it(solidos: Path, full: Bag) -> None:
    first = know_person(full, {"fn": ["D. M."]}, NOW)
    second = know_person(full, {"fn": ["Une luthière"], "thanksFor": ["deux soirées"]}, NOW)
    profile = webid.profile(full.pod.transport, full.owner)
    index = discovery.private_type_index(full.pod, profile).iri
    assert index is not None
    places = [names.document(full.owner), index, full.layout.people]
    places += [profile.preferences] if profile.preferences else []
    book = f"{full.layout.people}#book"
    documents = {place: resources.read(full.pod, place).body.decode() for place in places}
    found = node(solidos, "contacts.mjs", {"documents": documents, "book": book, "webid": full.owner})
    assert found["listed"] == {"publicUris": [], "privateUris": [book]}
    assert found["book"]["title"] == "La Musette"
    people = {one["uri"]: one["name"] for one in found["book"]["contacts"]}
    assert people == {first: "D. M.", second: "Une luthière"}
    leave(full)
    assert book not in resources.read(full.pod, index).body.decode()
