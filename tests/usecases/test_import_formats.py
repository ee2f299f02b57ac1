"""Any format through one way: read apart, compared, chosen, written in few requests, taken back."""

import json

import pytest

from musette_solid.exchange import apart
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import pack
from musette_solid.model import time as time_model
from musette_solid.model.time import TimeEntry
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.import_file import (
    Choices,
    NothingChosen,
    NothingNew,
    compare,
    import_file,
    look,
    preview,
    take_in,
    undo,
)
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.recover import recover
from tests.exchange.test_linkedin import TABLES, archive
from tests.usecases.conftest import NOW

CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART:20261102T183000
DTEND:20261102T210000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Repair caf\xc3\xa9
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20261103T090000
DURATION:PT1H
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
"""
BADGE = json.dumps(
    {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://demo.example/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "https://demo.example/issuer", "name": "Demo issuer"},
        "validFrom": "2024-05-01T00:00:00Z",
        "credentialSubject": {"achievement": {"name": "Teamwork", "criteria": {"narrative": "Reviewed."}}},
    }
).encode()


def stored(server: MemoryPod, bag: Bag) -> dict[str, bytes]:
    return {url: kept.body for url, kept in server._stored.items() if url.startswith(bag.layout.root)}


def career(number: int, skills: int = 0) -> bytes:
    work = [
        {
            "name": f"Employer {n % 40}",
            "position": f"Job {n}",
            "startDate": f"{1980 + n % 40}-{n % 12 + 1:02}",
            "endDate": "2024",
        }
        for n in range(number)
    ]
    return json.dumps({"work": work, "skills": [{"name": f"Skill {n}"} for n in range(skills)]}).encode()


@pytest.mark.parametrize("skills", [0, 60])
def test_a_career_of_500_activities_takes_five_requests(server: MemoryPod, bag: Bag, skills: int) -> None:
    log_activity(
        bag, {"title": ["Before"], "sphere": ["care"]}, NOW
    )  # the server has proved that it keeps what it is given
    recover(bag, NOW)  # as at each sign-in
    server.requests.clear()
    done = import_file(bag, career(500, skills), "cv.json", NOW)
    assert (done.counts["activities"], done.counts["skills"]) == (500, skills)
    assert len(server.requests) <= (5 if skills else 3)
    assert len(list_activities(bag).activities) == 501


def test_an_overlapping_archive_brings_only_what_is_new(bag: Bag) -> None:
    import_file(bag, archive(), "linkedin.zip", NOW)
    before = len(list_activities(bag).activities)
    longer = TABLES["Positions.csv"] + "Nouvel atelier,Formatrice,,,Feb 2026,\r\n"
    done = import_file(bag, archive(Positions__csv=longer), "linkedin-2.zip", NOW)
    assert done.counts["activities"] == 1
    assert len(list_activities(bag).activities) == before + 1
    with pytest.raises(NothingNew):
        # Everybody else in it is there to be asked for, and was not.
        import_file(bag, archive(Connections__csv="First Name,Last Name,Connected On\n"), "linkedin.zip", NOW)


def test_what_looks_the_same_is_proposed_and_never_forced(bag: Bag) -> None:
    texts = {
        "title": ["Soudeuse"],
        "sphere": ["employment"],
        "organization": ["Atelier démo"],
        "startDate": ["2022-08"],
    }
    log_activity(bag, texts, NOW)
    found = look(bag, archive(), "linkedin.zip", NOW)
    shown = compare(bag, found, Choices(), NOW)
    (same,) = [item for item in shown.items if item.there]
    assert same.line.label == "Soudeuse"
    take_in(bag, found, NOW, Choices(frozenset({same.line.node})))
    assert [one.title for one in list_activities(bag).activities] == ["Soudeuse", "Soudeuse"]


def test_other_people_are_taken_one_by_one_when_asked_for(server: MemoryPod, bag: Bag) -> None:
    found = look(bag, archive(), "linkedin.zip", NOW)
    take_in(bag, found, NOW, Choices())
    assert not resources.read(bag.pod, bag.layout.document("people")).exists
    somebody = next(line.node for line in found.lines if line.kind == "person")
    take_in(bag, found, NOW, Choices(frozenset({somebody})))
    people = resources.read(bag.pod, bag.layout.document("people")).graph
    assert [str(name) for name in people.objects(None, terms.VCARD_FN)] == ["Demo Un"]
    assert b"un@example.org" not in b"".join(stored(server, bag).values())


def test_only_what_is_chosen_is_written_and_nothing_hangs_loose(bag: Bag) -> None:
    found = look(bag, archive(), "linkedin.zip", NOW)
    project = next(line.node for line in found.lines if line.label == "Atlas" and line.kind == "activity")
    done = take_in(bag, found, NOW, Choices(frozenset({project})))
    assert done.counts["activities"] == 1
    assert done.counts["organizations"] == done.counts["skills"] == done.counts["evidence"] == 0
    with pytest.raises(NothingChosen):
        take_in(bag, found, NOW, Choices(frozenset()))


def logged(bag: Bag) -> tuple[TimeEntry, ...]:
    return time_model.read(resources.read(bag.pod, bag.layout.time(2026)).graph)


def test_what_a_title_stands_for_is_asked_once(bag: Bag) -> None:
    texts = {"title": ["Atelier du lundi"], "sphere": ["volunteering"]}
    activity = log_activity(bag, texts, NOW)
    waiting = preview(bag, CALENDAR, "a.ics", NOW)
    assert waiting.is_empty
    assert {loss.value for loss in waiting.losses} >= {"Repair café", "Dentist"}
    done = import_file(bag, CALENDAR, "a.ics", NOW, Choices(time={"Repair café": activity}))
    assert done.counts["time_entries"] == 3
    entries = logged(bag)
    assert [(entry.minutes, entry.activity) for entry in entries] == [(150, activity)] * 3
    assert entries[0].precision == terms.PRECISION_IMPORTED

    with pytest.raises((NothingNew, NothingChosen)):
        import_file(bag, CALENDAR, "a.ics", NOW)
    # The next calendar says the same title, and needs no question.
    later = CALENDAR.replace(b"UID:1", b"UID:9").replace(b"20261102", b"20261005")
    assert import_file(bag, later, "b.ics", NOW).counts["time_entries"] == 3


def test_a_title_may_become_a_new_activity(bag: Bag) -> None:
    choices = Choices(time={"Repair café": str(terms.SPHERE_VOLUNTEERING), "Dentist": "-"})
    import_file(bag, CALENDAR, "a.ics", NOW, choices)
    (made,) = list_activities(bag).activities
    assert (made.title, made.sphere) == ("Repair café", terms.SPHERE_VOLUNTEERING)
    assert made.start is not None
    assert made.start.text == "2026-11-02"


def test_a_credential_is_kept_byte_for_byte_and_goes_with_its_import(server: MemoryPod, bag: Bag) -> None:
    done = import_file(bag, BADGE, "badge.json", NOW)
    assert done.counts["attestations"] == 1
    (kept,) = [body for url, body in stored(server, bag).items() if "/credentials/" in url and not url.endswith("/")]
    assert kept == BADGE
    undo(bag, done.run, NOW)
    assert not [url for url in stored(server, bag) if "/credentials/" in url and not url.endswith("/")]


def test_time_is_taken_back_with_the_import(bag: Bag) -> None:
    done = import_file(bag, CALENDAR, "a.ics", NOW, Choices(sphere=str(terms.SPHERE_CARE)))
    undo(bag, done.run, NOW)
    assert (list_activities(bag).activities, logged(bag)) == ((), ())


def test_the_file_itself_is_kept_when_that_is_asked_for(server: MemoryPod, bag: Bag) -> None:
    data = archive()
    import_file(bag, data, "linkedin.zip", NOW, Choices(keep_file=True))
    assert data in [body for url, body in stored(server, bag).items() if "/imports/" in url]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\0" * 100,
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><SkillsPassport>&a;</SkillsPassport>",
        b"<Candidate>",
        pack([("../x.csv", b"")]),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"BEGIN:VCARD\nEND:VCARD",
        b"\x1f\x8b" + b"\0" * 30,
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_and_changes_nothing(
    server: MemoryPod, bag: Bag, data: bytes
) -> None:
    before = stored(server, bag)
    with pytest.raises((UnreadableFile, NothingNew)) as refusal:
        import_file(bag, data, "file", NOW)
    assert all(refusal.value.sentences())
    assert stored(server, bag) == before


def test_a_calendar_that_never_ends_is_given_up(bag: Bag, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = CALENDAR.replace(b"FREQ=WEEKLY;COUNT=3", b"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
    # Read apart: what loops there is ended with its process.
    monkeypatch.setattr(apart, "PATIENCE", 3)
    with pytest.raises(UnreadableFile):
        preview(bag, endless, "a.ics", NOW)


RIDES = """start_timestamp_local,end_timestamp_local,minutes_online,minutes_on_trip,completed_trips,trip_fares,currency_code,flow_type
2026-01-02 9:05:00,2026-01-02 10:05:00,60.0,16.01,1,12.5,CHF,UberX
"""
MORE_RIDES = """2026-01-02 20:00:00,2026-01-02 20:30:00,30.0,16.01,1,7.5,CHF,UberX
2026-02-02 9:05:00,2026-02-02 10:05:00,60.0,16.01,1,10,CHF,UberX
"""


def test_a_longer_export_of_rides_brings_its_new_days_and_says_which_sums_have_grown(bag: Bag) -> None:
    import_file(bag, RIDES.encode(), "rides.csv", NOW)
    found = look(bag, (RIDES + MORE_RIDES).encode(), "rides.csv", NOW)
    shown = compare(bag, found, Choices(), NOW)
    assert [loss.value for loss in shown.losses if "brackets" in loss.reason] == [
        "2026-01: 20.00 (12.50)",
        "2026-01-02: 90 (60)",
    ]
    done = take_in(bag, found, NOW, Choices())
    assert (done.counts["time_entries"], done.counts["incomes"]) == (1, 1)
    assert sorted((entry.on.isoformat(), entry.minutes) for entry in logged(bag)) == [
        ("2026-01-02", 60),
        ("2026-02-02", 60),
    ]
