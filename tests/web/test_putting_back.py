"""An archive is put back by hand: looked at first, nothing written over silently, no page that waits for it."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from musette_solid.exchange.apart import Stopped
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import archive, set_up
from musette_solid.usecases.correct_activity import correct_activity, remove_activity
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.web import putting_back, under_way
from tests.usecases.conftest import NOW
from tests.usecases.test_import_formats import stored
from tests.web.conftest import SAMPLES
from tests.web.reviewer import Page, Reviewer

LATER = NOW + timedelta(days=3)


def looked(person: Reviewer, data: bytes, name: str = "musette.zip") -> TestResponse:
    form = Page(person.get("/your-data/put-back/").text)
    (action,) = [e.attributes["action"] for e in form.named("form") if "put-back/" in e.attributes.get("action", "")]
    answer = person.post(action, data={"file": (io.BytesIO(data), name)})
    while answer.status_code == 303 and "under-way" in answer.location:
        answer = person.get(answer.location)
    return answer


def write_address(page: TestResponse) -> str:
    found = re.search(r'action="(/your-data/put-back/[^"/]+/write)"', page.text)
    assert found, page.text
    return found[1]


@pytest.fixture
def elsewhere(server: MemoryPod) -> Bag:
    """A bag of another identity, with what the samples hold."""
    person = server.create_pod("elsewhere", "Démo")
    found = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    for name in ("activities", "skills"):
        server.put_bytes(found.layout.document(name), (SAMPLES / f"{name}.ttl").read_bytes())
    return found


def test_into_an_empty_bag_everything_comes_in(newcomer: Reviewer, bag: Bag, elsewhere: Bag, server: MemoryPod) -> None:
    data = archive.make(elsewhere, NOW).data
    before = stored(server, bag)
    page = looked(newcomer, data)
    assert page.status_code == 200
    assert "sous une autre identité" in page.text
    assert stored(server, bag) == before
    done = newcomer.send(page, write_address(page))
    assert done.status_code == 303
    assert "L’archive est remise" in newcomer.get(done.location).text
    titles = {one.title for one in list_activities(elsewhere).activities}
    assert {one.title for one in list_activities(bag).activities} == titles
    again = looked(newcomer, data)
    assert "déjà dans votre musette" in again.text
    assert "Remettre l’archive</button>" not in again.text


def test_what_was_changed_here_stays_unless_it_is_ticked(person: Reviewer, full_bag: Bag) -> None:
    data = archive.make(full_bag, NOW).data
    changed, deleted, *_ = list_activities(full_bag).activities
    seen = version_of(resources.read(full_bag.pod, full_bag.layout.activities).graph, changed.iri)
    correct_activity(full_bag, changed.iri, {"title": ["Un autre titre"], "sphere": [str(changed.sphere)]}, LATER, seen)
    remove_activity(full_bag, deleted.iri)
    page = looked(person, data)
    assert f"ici « Un autre titre », dans l’archive « {changed.title} »".replace(" »", "\u00a0»").replace(
        "« ", "«\u00a0"
    ) in page.text.replace("&#39;", "'")
    again = [e.attributes["value"] for e in Page(page.text).named("input") if e.attributes.get("name") == "again"]
    assert again == [deleted.iri]
    # As it is proposed: what was changed stays, what was deleted comes back.
    assert person.send(page, write_address(page)).status_code == 303
    titles = {one.iri: one.title for one in list_activities(full_bag).activities}
    assert titles[changed.iri] == "Un autre titre"
    assert titles[deleted.iri] == deleted.title
    # And as somebody chooses.
    page = looked(person, data)
    assert person.send(page, write_address(page), replace=changed.iri).status_code == 303
    found = {one.iri: one for one in list_activities(full_bag).activities}
    assert found[changed.iri].title == changed.title
    assert "déjà dans votre musette" in looked(person, data).text


def test_what_was_deleted_stays_away_when_it_is_unticked_and_foreign_words_stay(
    person: Reviewer, full_bag: Bag
) -> None:
    data = archive.make(full_bag, NOW).data
    gone, other, *_ = list_activities(full_bag).activities
    remove_activity(full_bag, gone.iri)
    base = resources.read(full_bag.pod, full_bag.layout.activities)
    foreign = next(t for t in base.graph if str(t[0]) == other.iri)
    said = (foreign[0], foreign[0], foreign[0])
    resources.change(full_bag.pod, base, Delta(into=frozenset([said])))
    page = looked(person, data)
    assert person.post(write_address(page), data={}).status_code == 303
    assert gone.iri not in {one.iri for one in list_activities(full_bag).activities}
    assert said in resources.read(full_bag.pod, full_bag.layout.activities).graph


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive at all"])
def test_what_is_no_archive_is_refused_in_a_sentence(person: Reviewer, data: bytes) -> None:
    page = looked(person, data)
    assert page.status_code == 422
    assert "Remettre une archive" in page.text


def test_an_archive_is_at_hand_for_its_owner_alone_and_once(
    person: Reviewer, bag: Bag, elsewhere: Bag, server: MemoryPod
) -> None:
    address = write_address(looked(person, archive.make(elsewhere, NOW).data))
    before = stored(server, bag)
    refused = person.post(address.replace("/write", "x/write"), data={})
    assert refused.status_code == 422
    assert "n’est plus là" in refused.text
    with pytest.raises(putting_back.NotHeld):
        person.application.extensions["musette.archives"].take(address.split("/")[3], elsewhere.owner)
    assert stored(server, bag) == before
    assert person.post(address, data={}).status_code == 303
    # Another process may hold it: the form goes on to the next one, but not for ever.
    elsewhere_ = person.post(address, data={})
    assert (elsewhere_.status_code, elsewhere_.location) == (307, f"{address}?again=1")
    assert person.post(f"{address}?again=11", data={}).status_code == 422


def test_it_is_stopped_in_the_middle_and_nothing_stays(
    newcomer: Reviewer, bag: Bag, elsewhere: Bag, server: MemoryPod, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = looked(newcomer, archive.make(elsewhere, NOW).data)

    def told(work: under_way.Work, step: int, steps: int) -> None:
        if step == 1:
            raise Stopped

    monkeypatch.setattr(under_way.Work, "told", told)
    done = newcomer.send(page, write_address(page))
    assert "rien de l’archive n’a été écrit" in newcomer.get(done.location).text
    assert list_activities(bag).activities == ()
    assert [url for url in stored(server, bag) if "/intents/" in url and url.endswith(".ttl")] == []
    # It is still at hand, to be written after all.
    monkeypatch.undo()
    assert newcomer.post(write_address(page), data={}).status_code == 303
    assert list_activities(bag).activities


def test_only_a_form_of_ours_may_bring_much(app: Flask, person: Reviewer) -> None:
    form = Page(person.get("/your-data/put-back/").text)
    (action,) = [e.attributes["action"] for e in form.named("form") if "put-back/" in e.attributes.get("action", "")]
    assert putting_back.may_bring_much(app, action)
    for address in (action[:-1], action + "0", action + "/x", "/import/", "/", "/your-data/put-back/", "/é-é-é"):
        assert not putting_back.may_bring_much(app, address)
