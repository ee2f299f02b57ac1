"""A calendar at an address of its own: nobody can guess it, it says no more than was agreed, and it can be taken back."""

import re
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest

from musette_solid.errors import MusetteError
from musette_solid.model import calendar_feed
from musette_solid.pod import access, resources
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import publish, publish_calendar, who_sees
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.publish_calendar import AlreadyPublished
from musette_solid.usecases.recover import recover
from musette_solid.usecases.share import PreviewOutdated
from tests.usecases.conftest import NOW

RIGHTS = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#u-training> a mus:RightsAccount ; dcterms:title "CPF" ; mus:scheme <https://w3id.org/musette/rights/fr/training-account#it> ;
  mus:unit mus:unit-eur ; dcterms:valid "2027-03-01"^^xsd:date .
<#u-carers> a mus:RightsAccount ; dcterms:title "Aidants" ; mus:scheme <https://w3id.org/musette/rights/fr/carers#it> ;
  mus:unit mus:unit-day ; dcterms:valid "2027-04-01"^^xsd:date .
<#u-old> a mus:RightsAccount ; dcterms:title "Ancien" ; mus:scheme <https://w3id.org/musette/rights/fr/engagement-account#it> ;
  mus:unit mus:unit-eur ; dcterms:valid "2020-04-01"^^xsd:date .
"""


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    server.put_bytes(bag.layout.rights, RIGHTS.encode())
    return bag


def seen(server: MemoryPod, url: str) -> Response:
    return server.send(Request("GET", url, {"Accept": "text/calendar"}))


def summaries(body: bytes) -> list[str]:
    return [str(event["summary"]) for event in icalendar.Calendar.from_ical(body.decode()).walk("VEVENT")]


def test_a_stranger_with_the_address_reads_days_to_come_and_not_a_word_of_what_they_are(
    full: Bag, server: MemoryPod
) -> None:
    feed = publish_calendar.publish(full, "fr", NOW)
    answer = seen(server, feed.url)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar")
    assert summaries(answer.body) == ["Une échéance de ma musette"] * 2
    text = answer.body.decode()
    assert not re.search(r"training|carers|CPF|Aidant|formation", text, re.IGNORECASE)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in text
    assert "X-PUBLISHED-TTL:PT12H" in text


def test_named_it_names_the_rights_but_never_those_of_carers(full: Bag, server: MemoryPod) -> None:
    body = seen(server, publish_calendar.publish(full, "en", NOW, named=True).url).body
    assert summaries(body) == ["Personal training account (CPF) expires", "A day to keep of my bag"]
    assert b"carer" not in body.lower()


def test_nobody_can_find_the_address_and_nothing_else_is_opened(full: Bag, server: MemoryPod) -> None:
    feed = publish_calendar.publish(full, "fr", NOW)
    assert re.fullmatch(r".*/calendar/[0-9a-f-]{36}/deadlines\.ics", feed.url)
    for url in list(server._stored):
        if url.startswith(full.layout.root) and not url.startswith(feed.container):
            assert seen(server, url).status in {401, 403, 404}, url
    assert seen(server, full.layout.calendars).status in {401, 403, 404}


def test_taken_back_nothing_is_there_and_the_next_address_is_another(full: Bag, server: MemoryPod) -> None:
    first = publish_calendar.publish(full, "fr", NOW)
    with pytest.raises(AlreadyPublished):
        publish_calendar.publish(full, "fr", NOW)
    publish_calendar.withdraw(full, NOW)
    publish_calendar.withdraw(full, NOW)  # again: nothing changes
    assert seen(server, first.url).status in {401, 403, 404}
    assert not [url for url in server._stored if url.startswith(first.container)]
    second = publish_calendar.publish(full, "fr", NOW + timedelta(days=1))
    assert second.url != first.url
    found = publish_calendar.standing(full)
    assert found
    assert (found.url, found.state) == (second.url, "published")


def test_what_was_not_looked_at_is_not_published(full: Bag, server: MemoryPod) -> None:
    with pytest.raises(PreviewOutdated):
        publish_calendar.publish(full, "fr", NOW, digest="another")
    assert publish_calendar.standing(full) is None


def test_it_follows_what_changes_and_keeps_still_when_nothing_does(full: Bag, server: MemoryPod) -> None:
    feed = publish_calendar.publish(full, "fr", NOW)
    before = seen(server, feed.url).body
    assert not publish_calendar.follow(full, NOW + timedelta(hours=1))
    assert seen(server, feed.url).body == before
    server.put_bytes(full.layout.rights, RIGHTS.replace("2027-03-01", "2028-03-01").encode())
    assert recover(full, NOW + timedelta(hours=2)).settled == ()
    changed = icalendar.Calendar.from_ical(seen(server, feed.url).body.decode())
    assert sorted(event.decoded("dtstart").year for event in changed.walk("VEVENT")) == [2027, 2028]
    uids = {str(event["uid"]) for event in changed.walk("VEVENT")}
    assert uids == {str(e["uid"]) for e in icalendar.Calendar.from_ical(before.decode()).walk("VEVENT")}


def test_a_damaged_document_empties_no_calendar(full: Bag, server: MemoryPod) -> None:
    feed = publish_calendar.publish(full, "fr", NOW)
    before = seen(server, feed.url).body
    server.put_bytes(full.layout.rights, b"<#broken")
    assert not publish_calendar.follow(full, NOW)
    assert seen(server, feed.url).body == before


@pytest.mark.parametrize(
    ("operation", "is_open", "outcome"),
    [(terms.OPERATION_PUBLISH, True, "completed"), (terms.OPERATION_PUBLISH, False, "undone"),
     (terms.OPERATION_UNPUBLISH, True, "completed")],
)  # fmt: skip
def test_what_was_interrupted_is_finished_or_closed(
    full: Bag, server: MemoryPod, operation: object, is_open: bool, outcome: str
) -> None:
    feed = publish_calendar.publish(full, "fr", NOW)
    if not is_open:
        access.make_private(full.pod, feed.container, full.owner)
    document = resources.read(full.pod, full.layout.calendar)
    cut = replace(feed, under_way=operation)  # type: ignore[arg-type]
    publish_calendar._say(full, document, cut)
    (settled,) = recover(full, NOW + timedelta(hours=1)).settled
    assert (settled.operation, settled.outcome) == (operation, outcome)
    stays = operation == terms.OPERATION_PUBLISH and is_open
    assert (seen(server, feed.url).status == 200) is stays
    found = calendar_feed.read(resources.read(full.pod, full.layout.calendar).graph)
    assert found
    assert found.state == ("published" if stays else "withdrawn")


def test_who_sees_what_says_so_and_a_calendar_that_is_not_ours_is_named(full: Bag, server: MemoryPod) -> None:
    assert not who_sees.who_sees(full, NOW.date()).public_calendar
    feed = publish_calendar.publish(full, "fr", NOW)
    picture = who_sees.who_sees(full, NOW.date())
    assert picture.public_calendar
    assert picture.openings == ()
    document = resources.read(full.pod, full.layout.calendar)
    publish_calendar._say(full, document, replace(feed, withdrawn_at=NOW))  # said to be closed, and open
    (opening,) = who_sees.who_sees(full, NOW.date()).openings
    assert opening.place == feed.container


def test_a_space_that_opens_more_than_was_meant_is_closed_again(
    full: Bag, server: MemoryPod, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = publish.as_a_stranger

    def wide(bag: Bag, url: str, media_type: str = "") -> Response:
        answer = real(bag, url, media_type)
        return replace(answer, status=200) if url == bag.layout.calendars else answer

    monkeypatch.setattr(publish_calendar, "as_a_stranger", wide)
    with pytest.raises(MusetteError):
        publish_calendar.publish(full, "fr", NOW)
    assert not [url for url in server._stored if "/calendar/" in url and url.endswith(".ics")]
    found = publish_calendar.standing(full)
    assert found
    assert found.state == "withdrawn"
