"""Taking things out, and leaving."""

import json
import re

import pytest

from musette_solid.exchange.packages import Package
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases import set_up, write_cv
from musette_solid.usecases.layout import Bag
from tests.exchange.reading import read
from tests.web.reviewer import Page, Reviewer

KINDS = ("jsonresume", "europass", "icalendar", "csv", "jsonld", "ttl")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_format_cannot_say_is_shown_before(person: Reviewer, newcomer: Reviewer, kind: str) -> None:
    page = person.get(f"/your-data/take/{kind}")
    assert page.status_code == 200
    assert f"/your-data/take/{kind}/file" in page.text
    taken = person.get(f"/your-data/take/{kind}/file")
    assert taken.status_code == 200
    assert "attachment" in taken.headers["Content-Disposition"]
    assert newcomer.get(f"/your-data/take/{kind}/file").status_code == 200  # an empty bag too
    if kind in {"jsonresume", "europass"}:
        assert read(taken.data).lines
        assert "Ce que ce format ne sait pas dire" in page.text


def test_the_archive_is_one_gesture(person: Reviewer) -> None:
    answer = person.get("/your-data/musette.zip")
    package = Package(answer.data)
    assert {"manifest.json", "index.html", "bag/activities.ttl"} <= set(package.names)
    assert json.loads(package.read("manifest.json"))["format"] == "musette-archive/1"


def test_a_cv_that_names_two_sides_of_a_life_is_made_only_when_that_is_meant(
    person: Reviewer, full_bag: Bag, server: MemoryPod
) -> None:
    said = b"""
        @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix mus: <https://w3id.org/musette#> .
        <#i-1> a foaf:OnlineAccount ; foaf:accountName "nuit.bleue" ; mus:facet mus:facet-personal ;
            foaf:homepage <https://social.example/nuit.bleue> .
        <#i-2> a foaf:OnlineAccount ; foaf:accountName "demo-pro" ; mus:facet mus:facet-professional ;
            foaf:homepage <https://code.example/demo-pro> ."""
    server.put_bytes(full_bag.layout.identities, said)
    contact = "https://code.example/demo-pro\nhttps://social.example/nuit.bleue"
    page = person.send(person.get("/cv"), "/cv", headline="Ce que je fais", contact=contact, activity=[])
    assert page.status_code == 422
    assert "nuit.bleue" in page.text
    # What was said stands there again, and so does what was not ticked.
    assert 'value="Ce que je fais"' in page.text
    assert not re.search(r'name="activity"[^>]* checked', page.text)
    assert person.send(page, "/cv", together="yes").data.startswith(b"%PDF")
    assert person.send(page, "/cv", contact="https://code.example/demo-pro").data.startswith(b"%PDF")


def test_a_cv_is_made_of_what_was_ticked_and_kept_for_whom(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/cv")
    made = person.send(page, "/cv", layout="columns", language="en", **{"as": "pdf"}, recipient="Association démo")
    assert made.mimetype == "application/pdf"
    assert made.data.startswith(b"%PDF")
    (kept,) = write_cv.versions(full_bag)
    assert kept.recipient == "Association démo"
    again = person.get("/cv")
    assert "Association démo" in again.text
    assert person.get(f"/cv/{kept.file}").data == made.data
    alike = Page(person.get(f"/cv?like={kept.iri.partition('#')[2]}").text)
    ticked = {e.attributes["value"] for e in alike.named("input") if "checked" in e.attributes}
    assert ticked == {source.partition("#")[2] for source in kept.sources}
    html = person.post("/cv", data={"layout": "sober", "language": "fr", "as": "html", "activity": [], "skill": []})
    assert html.status_code == 200
    assert len(write_cv.versions(full_bag)) == 1


def test_leaving_asks_first_and_then_nothing_is_left(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    page = person.get("/your-data/leave")
    assert "activities.ttl" in page.text
    refused = person.post("/your-data/leave", data={})
    assert refused.status_code == 422
    assert full_bag.layout.activities in server._stored
    done = person.send(page, "/your-data/leave", sure="yes")
    assert done.status_code == 303
    assert [url for url in server._stored if url.startswith(full_bag.layout.root)] == []
    assert set_up.find(full_bag.pod) is None
