"""Import in the pages: look first, write once, take it back."""

import io
import json
import random
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.import_file import runs
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.web import carried, import_groups
from musette_solid.web.carried import NotCarried, TooLargeToCarry, pack, unpack
from tests.exchange.test_linkedin import archive
from tests.faults.hostile_corpus import table
from tests.usecases.conftest import NOW
from tests.usecases.test_import_cut import cut
from tests.usecases.test_import_formats import CALENDAR, career
from tests.web.reviewer import Reviewer

RESUME = {
    "basics": {"name": "Demo", "email": "demo@example.org"},
    "work": [{"name": "Demo workshop", "position": "Technician", "startDate": "2019-03", "endDate": "2021"}],
    "volunteer": [{"organization": "Demo association", "position": "Treasurer", "startDate": "2020"}],
    "skills": [{"name": "Soldering", "level": "Master"}],
}


def chosen(client: Reviewer, data: bytes, name: str = "demo.json") -> TestResponse:
    return waited(client, client.post("/import/", data={"file": (io.BytesIO(data), name)}))


def waited(client: Reviewer, answer: TestResponse) -> TestResponse:
    """What comes of it, also on a machine where it takes a while."""
    for _ in range(400):
        if answer.status_code != 303 or "/under-way/" not in answer.location:
            break
        found = client.get(answer.location)
        if "<progress" not in found.text:
            return found
        time.sleep(0.1)
    return answer


def test_what_a_file_would_write_is_shown_and_not_written(newcomer: Reviewer, server: MemoryPod) -> None:
    server.requests.clear()
    answer = chosen(newcomer, json.dumps(RESUME).encode())
    assert answer.status_code == 200
    for text in ("Technician", "Treasurer", "Soldering", "2 nouvelles activités"):
        assert text in answer.text.replace("\u00a0", " ")
    assert {request.method for request in server.requests} == {"GET"}


def test_the_file_that_was_looked_at_is_written_and_a_second_time_nothing(newcomer: Reviewer, bag: Bag) -> None:
    preview = chosen(newcomer, json.dumps(RESUME).encode())
    written = newcomer.send(preview, "/import/write")
    assert written.status_code == 303
    assert "2 activités et 1 compétence" in newcomer.get(written.location).text.replace("\u00a0", " ")
    assert len(list_activities(bag).activities) == 2
    again = chosen(newcomer, json.dumps(RESUME).encode())
    assert 'action="/import/write"' not in again.text
    assert newcomer.send(preview, "/import/write").location == "/import/"
    assert len(list_activities(bag).activities) == 2


def test_an_import_is_undone_in_one_gesture(newcomer: Reviewer, bag: Bag) -> None:
    written = newcomer.send(chosen(newcomer, json.dumps(RESUME).encode()), "/import/write")
    name = written.location.rpartition("/")[2]
    undone = newcomer.send(newcomer.get(written.location), f"/import/undo/{name}")
    assert "L’import a été annulé" in newcomer.get(undone.location).text
    assert list_activities(bag).activities == ()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"a b\n1 2", b"{}" * 3, b"[" * 5000])
def test_a_file_that_is_no_json_resume_says_so(newcomer: Reviewer, server: MemoryPod, data: bytes) -> None:
    server.requests.clear()
    answer = chosen(newcomer, data)
    assert answer.status_code == 422
    assert "n’a pas pu être lu" in answer.text
    assert {request.method for request in server.requests} <= {"GET"}


def test_no_file_at_all(newcomer: Reviewer) -> None:
    assert newcomer.post("/import/", data={"file": (io.BytesIO(b""), "")}).status_code == 422


def test_the_name_of_a_file_is_only_a_name(newcomer: Reviewer) -> None:
    answer = chosen(newcomer, json.dumps(RESUME).encode(), "C:\\secret\\..\\<b>cv</b>.json")
    assert "&lt;b&gt;cv&lt;/b&gt;.json" in answer.text or "b&gt;.json" in answer.text
    assert "secret" not in answer.text


def test_what_travels_in_the_page_comes_back_whole_or_not_at_all() -> None:
    key, me = b"k" * 32, "https://demo.example/card#me"
    assert unpack(pack(b"{}", key, me), key, me) == b"{}"
    changed = pack(b"{}", key, me)
    for text in (
        "",
        "x",
        changed[:-6],
        changed[:-8] + "AAAAAAAA",
        pack(b"{}", b"other", me),
        pack(b"{}", key, me + "2"),
    ):
        with pytest.raises(NotCarried):
            unpack(text, key, me)
    with pytest.raises(TooLargeToCarry):
        pack(bytes(range(256)) * 40, key, me, 100)


def test_a_linkedin_archive_is_shown_in_groups_with_the_rows_it_came_from(newcomer: Reviewer, bag: Bag) -> None:
    preview = chosen(newcomer, archive(), "linkedin.zip")
    text = preview.text.replace("\u00a0", " ")
    for words in ("reconnu comme LinkedIn", "Positions.csv, ligne 2", "Bénévolat", "Soudeuse", "D’autres personnes"):
        assert words in text
    written = newcomer.send(preview, "/import/write")
    done = newcomer.get(written.location).text
    assert "<svg" in done
    assert len(list_activities(bag).activities) == 8


def test_what_was_unticked_stays_out(newcomer: Reviewer, bag: Bag) -> None:
    preview = chosen(newcomer, archive(), "linkedin.zip")
    newcomer.send(preview, "/import/write", take=["0"])
    assert len(list_activities(bag).activities) == 1
    nothing = newcomer.send(preview, "/import/write", take=[])
    assert nothing.status_code == 422
    assert "Rien n’a été choisi" in nothing.text


def test_the_time_of_a_calendar_goes_where_the_person_says(newcomer: Reviewer, bag: Bag) -> None:
    preview = chosen(newcomer, CALENDAR, "a.ics")
    number = next(line.partition('"')[0] for line in preview.text.split('name="time-')[1:])
    volunteering = "https://w3id.org/musette#sphere-volunteering"
    newcomer.send(preview, "/import/write", **{f"time-{number}": volunteering})
    assert [one.title for one in list_activities(bag).activities] == ["Repair café"]


def test_what_columns_mean_is_asked_once(newcomer: Reviewer, bag: Bag) -> None:
    table = "Quoi;Quand;Chez\nAccueil;03/04/2024;Club démo\n".encode("cp1252")
    asked = chosen(newcomer, table, "t.csv")
    assert "Que veulent dire ces colonnes" in asked.text
    told = {"column-0": "title", "column-1": "start", "column-2": "organisation", "days": "first"}
    preview = waited(
        newcomer, newcomer.send(asked, "/import/columns", **told, sphere="https://w3id.org/musette#sphere-volunteering")
    )
    assert "Accueil" in preview.text
    newcomer.send(preview, "/import/write")
    (made,) = list_activities(bag).activities
    assert made.start is not None
    assert (made.start.text, made.organization.name if made.organization else "") == ("2024-04-03", "Club démo")
    again = chosen(newcomer, table.replace(b"Accueil", b"Caisse"), "other.csv")
    assert "Caisse" in again.text
    assert "Que veulent dire" not in again.text


def test_an_import_that_was_cut_is_asked_about_and_goes_on(newcomer: Reviewer, bag: Bag, server: MemoryPod) -> None:
    run = cut(bag, server, "activities.ttl", career(3, 2), at=datetime.now(UTC) - timedelta(minutes=5))
    page = newcomer.get("/import/")
    assert "L’import de cv.json a été coupé au milieu" in page.text
    done = newcomer.get(waited(newcomer, newcomer.send(page, f"/import/resume/{local(run)}")).location)
    assert "L’import est fait" in done.text
    assert sorted(one.title for one in list_activities(bag).activities) == ["Job 0", "Job 1", "Job 2"]
    again = newcomer.post(f"/import/resume/{local(run)}")
    assert waited(newcomer, again).status_code == 409


def test_an_import_that_was_cut_is_taken_back_in_one_gesture(newcomer: Reviewer, bag: Bag, server: MemoryPod) -> None:
    run = cut(bag, server, "activities.ttl", career(3, 2), at=datetime.now(UTC) - timedelta(minutes=5))
    page = newcomer.get("/import/")
    newcomer.send(page, f"/import/undo/{local(run)}")
    assert "coupé" not in newcomer.get("/import/").text
    assert runs(bag, datetime.now(UTC)) == ()


TABLE = "Quoi;Quand;Chez\nAccueil;03/04/2019;Club démo\n".encode()


def kept(client: Reviewer, data: bytes, name: str) -> TestResponse:
    return waited(client, client.post("/import/", data={"file": (io.BytesIO(data), name), "keep": "yes"}))


@pytest.mark.parametrize("asks", [False, True])
def test_the_file_itself_is_kept_and_given_back_as_it_was(newcomer: Reviewer, asks: bool) -> None:
    data, name = (TABLE, "été.csv") if asks else (json.dumps(RESUME).encode(), "été.json")
    page = kept(newcomer, data, name)
    if asks:  # what was said of the file is not forgotten over what its columns mean
        page = waited(newcomer, newcomer.send(page, "/import/columns", **{"column-0": "title", "column-1": "start"}))
    assert 'name="keep" value="yes" checked' in page.text
    newcomer.get(waited(newcomer, newcomer.send(page, "/import/write")).location)
    (address,) = re.findall(r'href="(/import/file/[^"]+)"', newcomer.get("/import/").text)
    given = newcomer.get(address)
    assert given.data == data
    assert "attachment" in given.headers["Content-Disposition"]
    assert "%C3%A9t%C3%A9" in given.headers["Content-Disposition"]


def test_it_is_not_kept_when_the_person_thinks_better_of_it(newcomer: Reviewer) -> None:
    page = kept(newcomer, json.dumps(RESUME).encode(), "cv.json")
    newcomer.get(waited(newcomer, newcomer.send(page, "/import/write", keep="")).location)
    assert "/import/file/" not in newcomer.get("/import/").text
    assert newcomer.get("/import/file/import-20261122-nobody").status_code == 404


def test_a_file_that_no_page_carries_is_chosen_once_more_to_be_kept(
    newcomer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "MOST", 20_000)
    data = json.dumps(RESUME | {"noise": random.Random(1).randbytes(40_000).hex()}).encode()
    page = kept(newcomer, data, "cv.json")
    assert "trop volumineux" in page.text
    another = newcomer.send(page, "/import/write", file=(io.BytesIO(data + b" "), "cv.json"))
    assert waited(newcomer, another).status_code == 422
    assert "le fichier qui a été regardé" in waited(newcomer, another).text
    again = newcomer.send(waited(newcomer, another), "/import/write", file=(io.BytesIO(data), "cv.json"))
    newcomer.get(waited(newcomer, again).location)
    (address,) = re.findall(r'href="(/import/file/[^"]+)"', newcomer.get("/import/").text)
    assert newcomer.get(address).data == data


def test_or_it_is_brought_in_without_itself(newcomer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried, "MOST", 20_000)
    page = kept(newcomer, json.dumps(RESUME | {"noise": random.Random(1).randbytes(40_000).hex()}).encode(), "cv.json")
    newcomer.get(waited(newcomer, newcomer.send(page, "/import/write")).location)
    assert "/import/file/" not in newcomer.get("/import/").text


def test_a_file_of_thousands_of_lines_is_looked_at_in_parts_and_nothing_that_was_said_is_lost(
    newcomer: Reviewer, bag: Bag
) -> None:
    page = chosen(newcomer, table(700), "long.csv")
    assert "Lignes 1 à 200 sur 700" in page.text.replace("\u00a0", " ")
    assert len(page.data) < 300_000
    employment = str(terms.SPHERE_EMPLOYMENT)

    def ticked(page: TestResponse) -> list[str]:
        return re.findall(r'name="take" value="(\d+)" checked', page.text)

    assert len(ticked(page)) == 200
    # The first is left out, and so is one of the next part.
    second = waited(
        newcomer,
        newcomer.send_by("/import/look", page, "/import/write", take=ticked(page)[1:], show=f"{employment}:200"),
    )
    assert "Lignes 201 à 400 sur 700" in second.text.replace("\u00a0", " ")
    assert ticked(second)[0] == "200"
    first = waited(
        newcomer,
        newcomer.send_by("/import/look", second, "/import/write", take=ticked(second)[1:], show=f"{employment}:0"),
    )
    assert ticked(first)[0] == "1"
    done = newcomer.get(waited(newcomer, newcomer.send(first, "/import/write")).location)
    assert "698 activités" in done.text.replace("\u00a0", " ")
    assert {"Work 0", "Work 200"}.isdisjoint(one.title for one in list_activities(bag).activities)


def test_all_lines_of_a_long_group_are_chosen_or_none(newcomer: Reviewer) -> None:
    page = chosen(newcomer, table(500), "long.csv")
    none = waited(newcomer, newcomer.send_by("/import/look", page, "/import/write", none=str(terms.SPHERE_EMPLOYMENT)))
    assert 'name="take"' in none.text
    assert not re.search(r'name="take" value="\d+" checked|name="elsewhere"', none.text)
    every = waited(newcomer, newcomer.send_by("/import/look", none, "/import/write", all=str(terms.SPHERE_EMPLOYMENT)))
    assert 'name="elsewhere" value="200-499"' in every.text


def test_a_file_of_contacts_alone_is_shown_open(newcomer: Reviewer) -> None:
    page = chosen(newcomer, b"BEGIN:VCARD\nVERSION:3.0\nFN:Demo Un\nEND:VCARD\n", "a.vcf")
    assert "<details open>" in page.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/work/0/highlights/2", "work 1 › highlights 3"),
        ("/", ""),
        ("a/Positions.csv#row=3", "Positions.csv, ligne 3"),
        ("/a~1b", "a/b"),
    ],
)
def test_where_a_line_comes_from_is_said_as_people_count(app: Flask, text: str, said: str) -> None:
    with app.test_request_context():
        assert import_groups.place(text) == said


def test_writing_with_nothing_chosen_shows_the_choice_again(newcomer: Reviewer, bag: Bag) -> None:
    page = newcomer.send(chosen(newcomer, CALENDAR, "a.ics"), "/import/write")
    assert page.status_code == 422
    assert "Rien n’a été choisi" in page.text
    # Nothing that waits for a word is called lost.
    assert "Ce qui n’a pas été repris" not in page.text
    spheres = re.findall(r'value="([^"]+#sphere-volunteering)"', page.text)
    done = newcomer.get(waited(newcomer, newcomer.send(page, "/import/write", **{"time-0": spheres[0]})).location)
    assert "1 activité et 3 temps notés" in done.text.replace("\u00a0", " ")


def test_what_was_said_of_a_table_of_hours_is_proposed_for_its_titles(newcomer: Reviewer, bag: Bag) -> None:
    hours = "Quoi;Quand;Durée\nAccueil;03/04/2019;2\n".encode()
    sphere = str(terms.SPHERE_VOLUNTEERING)
    said = {"column-0": "title", "column-1": "date", "column-2": "hours", "sphere": sphere}
    page = waited(newcomer, newcomer.send(chosen(newcomer, hours, "h.csv"), "/import/columns", **said))
    assert f'<option value="{sphere}" selected>' in page.text
    # The next table with these columns asks nothing, and proposes the same.
    again = chosen(newcomer, hours.replace(b"2019", b"2020"), "other.csv")
    assert f'<option value="{sphere}" selected>' in again.text


def test_what_looks_the_same_is_shown_beside_what_the_bag_has(newcomer: Reviewer, bag: Bag) -> None:
    texts = {"title": ["Soudeuse"], "sphere": [str(terms.SPHERE_EMPLOYMENT)], "startDate": ["2022-08"]}
    log_activity(bag, texts | {"organization": ["Atelier démo"]}, NOW)
    page = chosen(newcomer, archive(), "linkedin.zip")
    text = page.text.replace("\u00a0", " ")
    assert "dans votre musette : Soudeuse" in text
    assert "depuis août 2022" in text


def test_ones_own_profile_is_looked_at_like_a_file(newcomer: Reviewer, bag: Bag, server: MemoryPod) -> None:
    card = bag.owner.partition("#")[0]
    roles = """@prefix org: <http://www.w3.org/ns/org#> . @prefix solid: <http://www.w3.org/ns/solid/terms#> .
    @prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix schema: <http://schema.org/> .
    <#id1> org:member <#me> ; a solid:CurrentRole ; vcard:role "Trésorière" . <#me> schema:skills "Tenir les comptes" ."""
    server.put_bytes(card, server._stored[card].body + b"\n" + roles.encode())
    page = waited(newcomer, newcomer.send(newcomer.get("/import/"), "/import/profile"))
    for text in ("Votre profil", "Trésorière", "Tenir les comptes", 'action="/import/write"'):
        assert text in page.text


def test_an_offer_is_no_past(newcomer: Reviewer) -> None:
    offer = json.dumps([{"@context": "https://schema.org/", "@type": "JobPosting", "title": "Demo"}]).encode()
    assert "Vigie" in chosen(newcomer, offer).text
