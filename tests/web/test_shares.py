"""Sharing in the pages: what is previewed is what is read, until it is closed."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import EVERYBODY, Mode
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.names import local
from musette_solid.usecases import set_up
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag
from musette_solid.web import under_way
from tests.web.conftest import NOW, Somebody
from tests.web.reviewer import Page, Reviewer
from tests.web.test_imports import waited

IN_A_MONTH = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011


def choices(recipient: str, **changes: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "activity": ["a-2", "a-11"],
        "skill": ["s-2"],
        "recipient": recipient,
        "purpose": str(terms.PURPOSE_RECOGNITION),
        "until": IN_A_MONTH,
        "title": "Pour la VAE",
        "name": "Démo",
        "note": "Comme convenu.",
        **changes,
    }


def looked_at(client: Reviewer, recipient: str, **changes: str | list[str]) -> TestResponse:
    return client.send(client.get("/shares/new"), "/shares/preview", **choices(recipient, **changes))


def opened(client: Reviewer, recipient: str) -> tuple[str, str]:
    """The identifier of a new share, and the address of its dossier."""
    answer = client.send(looked_at(client, recipient), "/shares/")
    assert answer.status_code == 303, answer.text
    share_id = re.sub(r"\?.*", "", answer.location).rpartition("/")[2]
    return share_id, document_of(Page(client.get(answer.location).text))


def document_of(page: Page) -> str:
    return next(e.text for e in page.named("code") if e.attributes.get("id") == "document")


def link_of(page: Page) -> str:
    return next(e.attributes["value"] for e in page.named("input") if e.attributes.get("id") == "link")


def sheet(page: Page) -> str:
    return " ".join(next(e.text for e in page.named("article")).split())


def test_the_recipient_reads_exactly_what_was_previewed(
    person: Reviewer, reader: Reviewer, organisation: Person, server: MemoryPod
) -> None:
    server.requests.clear()
    preview = looked_at(person, organisation.webid)
    assert preview.status_code == 200
    assert {request.method for request in server.requests} == {"GET"}
    answer = person.send(preview, "/shares/")
    link = document_of(Page(person.get(answer.location).text))
    read = reader.page(f"/granted/dossier?url={link}")
    assert sheet(read) == sheet(Page(preview.text))
    shown = next(e.text for e in Page(preview.text).named("pre"))
    stored = reader.get(f"/granted/dossier.ttl?url={link}").data
    assert syntax.digest(syntax.parse(shown.encode(), syntax.TURTLE, link)) == syntax.digest(
        syntax.parse(stored, syntax.TURTLE, link)
    )


def test_the_link_to_send_opens_the_dossier_and_so_does_its_address(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    answer = person.send(looked_at(person, organisation.webid), "/shares/")
    page = Page(person.get(answer.location).text)
    link = link_of(page)
    assert link.startswith("http://localhost:8000/granted/dossier?url=")
    followed = reader.page(link.removeprefix("http://localhost:8000"))
    # Somebody may paste the whole link into the page that asks for one.
    pasted = reader.page(f"/granted/dossier?{urlencode({'url': link})}")
    assert sheet(followed) == sheet(pasted) == sheet(reader.page(f"/granted/dossier?url={document_of(page)}"))


def test_what_is_taken_out_of_the_preview_is_not_seen(person: Reviewer, organisation: Person) -> None:
    preview = looked_at(person, organisation.webid)
    assert "Repair café" in sheet(Page(preview.text))
    again = person.send(preview, "/shares/preview", activity=["a-2"])
    assert "Repair café" not in sheet(Page(again.text))
    assert "Comme convenu." in sheet(Page(again.text))


def test_a_received_dossier_is_announced_with_the_name_it_gives(
    person: Reviewer, reader: Reviewer, organisation: Person, server: MemoryPod
) -> None:
    set_up.create(server.pod_for(organisation.webid), organisation.storage, NOW)  # with a letterbox
    opened(person, organisation.webid)
    assert "Démo (pod.example)" in {e.text for e in reader.page("/granted/").named("dd")}


def test_what_was_not_chosen_is_nowhere_in_the_preview(person: Reviewer, organisation: Person) -> None:
    main = next(e.text for e in Page(looked_at(person, organisation.webid).text).named("main"))
    assert "Soin d’un parent" not in main
    assert "tenon" not in main
    # The words of the sheet, and the triples under it: the identifier of the share may hold any digits.
    assert "heures par semaine" not in main
    assert "weeklyHours" not in main


def test_balances_of_rights_go_in_only_when_asked(person: Reviewer, organisation: Person) -> None:
    page = person.get("/rights/training-account")
    person.send(page, "/rights/training-account/official", balance="1500", on="2026-11-20")
    assert "Comptes de droits" not in looked_at(person, organisation.webid).text
    said = sheet(Page(looked_at(person, organisation.webid, detail=["detail-text", "detail-rights"]).text))
    assert "Comptes de droits" in said
    assert "1 500 €" in said.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Simulation, non opposable." in said


def test_the_hours_a_week_go_in_only_when_asked(person: Reviewer, organisation: Person) -> None:
    text = looked_at(person, organisation.webid, hours="detail-weekly-hours").text
    assert "35 heures par semaine" in text
    assert "weeklyHours" in text


def test_the_preview_says_until_when_what_for_and_what_cannot_be_enforced(
    person: Reviewer, organisation: Person
) -> None:
    text = looked_at(person, organisation.webid).text
    assert "Association démo" in text
    assert "reconnaissance de l’expérience" in text
    assert "Ce que ce site ne peut pas garantir" in text


def test_closing_takes_one_gesture_and_the_space_confirms(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    share_id, link = opened(person, organisation.webid)
    assert reader.get(f"/granted/dossier?url={link}").status_code == 200
    answer = person.send(person.get("/shares/"), f"/shares/{share_id}/revoke")
    assert "Votre espace le confirme" in person.get(answer.location).text
    for path in ("dossier", "dossier.jsonld", "dossier.csv", "dossier.ttl"):
        assert reader.get(f"/granted/{path}?url={link}").status_code in {403, 404}
    assert "Fermé" in person.get("/shares/").text


def test_the_recipient_is_refused_everything_else(
    person: Reviewer, reader: Reviewer, organisation: Person, full_bag: Bag
) -> None:
    opened(person, organisation.webid)
    for address in (full_bag.layout.activities, full_bag.layout.skills, full_bag.layout.root, full_bag.layout.grants):
        answer = reader.get(f"/granted/dossier?url={address}")
        assert answer.status_code == 403
        assert "ne vous est pas ouvert" in answer.text
        assert "il est pour quelqu’un d’autre" in answer.text


def test_an_organisation_takes_a_dossier_into_its_own_tools(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    _, link = opened(person, organisation.webid)
    table = reader.get(f"/granted/dossier.csv?url={link}")
    assert table.headers["Content-Disposition"].startswith("attachment")
    assert "Repair café" in table.text
    document = reader.get(f"/granted/dossier.jsonld?url={link}")
    graph = syntax.parse(document.data, syntax.JSON_LD, link)
    assert (None, terms.RDF_TYPE, terms.Dossier) in graph


def test_the_reader_says_that_nothing_is_left_and_the_person_reads_it(
    person: Reviewer, reader: Reviewer, organisation: Person, server: MemoryPod
) -> None:
    set_up.create(server.pod_for(organisation.webid), organisation.storage, NOW)  # with a letterbox
    share_id, link = opened(person, organisation.webid)
    person.send(person.get("/shares/"), f"/shares/{share_id}/revoke")
    LATER.settle()
    assert "n’a pas encore dit" in person.get(f"/shares/{share_id}").text
    over = reader.get("/granted/")
    assert "Terminés : supprimez" in over.text.replace("\u00a0", " ")
    answer = reader.send(over, "/granted/deleted", url=link)
    assert "n’en gardez rien" in reader.get(answer.location).text
    assert "il ne vous en reste rien" in reader.get("/granted/").text
    assert "dit avoir supprimé" in person.get(f"/shares/{share_id}").text
    for client, path in ((person, f"/shares/{share_id}/receipt"), (reader, f"/granted/receipt?url={link}")):
        assert "selon la parole" in client.get(path).text
    assert "dit n’en garder aucune copie" in person.get("/shares/who/").text


@pytest.fixture
def witness(app: Flask, server: MemoryPod, monkeypatch: pytest.MonkeyPatch) -> Pod:
    """An account of the application's own, which nobody ever granted anything."""
    pod = server.pod_for(server.create_pod("witness").webid)
    monkeypatch.setitem(app.extensions, "musette.probes", (pod,))
    return pod


def after_yes(person: Reviewer, organisation: Person) -> str:
    """What is said once a share is open."""
    answer = person.send(looked_at(person, organisation.webid), "/shares/")
    return " ".join(person.get(answer.location).text.split()) if answer.status_code == 303 else answer.text


def test_it_is_said_who_asked_and_was_refused(person: Reviewer, organisation: Person) -> None:
    said = after_yes(person, organisation)
    assert "Un inconnu l’a demandé" in said
    assert "un compte mais aucun droit" not in said


def test_an_account_without_any_right_asks_too(
    person: Reviewer, organisation: Person, server: MemoryPod, witness: Pod
) -> None:
    server.requests.clear()
    assert "quelqu’un qui a un compte mais aucun droit" in after_yes(person, organisation)
    shown = [
        server._tokens[r.headers["Authorization"].split()[1]] for r in server.requests if "Authorization" in r.headers
    ]
    assert shown.count(str(witness.webid)) == 7


def test_what_lets_in_whoever_has_an_account_is_found_by_the_one_that_has_one(
    person: Reviewer, organisation: Person, server: MemoryPod, witness: Pod, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = server._modes
    monkeypatch.setattr(
        server,
        "_modes",
        lambda url, agent: right(url, agent) | ({Mode.READ} if agent == witness.webid else frozenset()),
    )
    assert "Votre espace n’a pas appliqué le partage" in after_yes(person, organisation)
    assert "Vous ne montrez rien à personne" in person.get("/shares/").text


def test_what_could_not_be_asked_is_not_said_to_be_proved(
    person: Reviewer, organisation: Person, server: MemoryPod
) -> None:
    def ill(request: Request) -> Response | None:
        is_asked = request.url.endswith("/musette/activities.ttl") and "Authorization" not in request.headers
        return Response(request.url, 500, {}, b"") if is_asked else None

    server.instead = ill
    assert "n’a pas répondu à tout ce qui le prouverait" in after_yes(person, organisation)


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"activity": [], "skill": []}, "f-items"),
        ({"until": "2020-01-01"}, "f-until"),
        ({"until": "2040-01-01"}, "f-until"),
        ({"until": "2026-02-31"}, "f-until"),
        ({"purpose": "https://other.example/spam"}, "f-purpose"),
        ({"title": " "}, "f-title"),
        ({"recipient": "demo"}, "f-recipient"),
        ({"recipient": "https://pod.example/nobody/profile/card#me"}, "f-recipient"),
        *(({"recipient": everybody}, "f-recipient") for everybody in sorted(EVERYBODY)),
    ],
)
def test_terms_that_do_not_hold_open_nothing(
    person: Reviewer, organisation: Person, server: MemoryPod, changes: dict[str, str | list[str]], target: str
) -> None:
    page = person.get("/shares/new")
    server.requests.clear()
    answer = person.send(page, "/shares/preview", **choices(organisation.webid) | changes)
    assert answer.status_code == 422
    assert f'href="#{target}"' in answer.text
    assert {request.method for request in server.requests} <= {"GET"}


def test_ones_own_address_is_no_recipient(person: Reviewer, full_bag: Bag) -> None:
    assert looked_at(person, full_bag.owner).status_code == 422


def test_what_changed_since_the_preview_is_looked_at_again(
    person: Reviewer, organisation: Person, server: MemoryPod
) -> None:
    preview = looked_at(person, organisation.webid)
    person.send(person.get("/activities/a-2/correct"), "/activities/a-2/correct", location="Ailleurs")
    server.requests.clear()
    answer = person.send(preview, "/shares/")
    assert answer.status_code == 409
    assert "Ailleurs" in sheet(Page(answer.text))
    assert {request.method for request in server.requests} <= {"GET"}
    assert person.send(answer, "/shares/").status_code == 303


def test_changing_something_keeps_every_choice(person: Reviewer, organisation: Person) -> None:
    back = Page(person.send(looked_at(person, organisation.webid), "/shares/new").text)
    ticked = {(e.attributes["name"], e.attributes["value"]) for e in back.named("input") if "checked" in e.attributes}
    assert {value for name, value in ticked if name in {"activity", "skill", "named"}} == {"a-2", "a-11", "s-2"}
    assert ("dates", "detail-dates") in ticked
    assert ("detail", "detail-evidence") in ticked
    assert next(e.text for e in back.named("textarea")) == "Comme convenu."


def test_what_is_sensitive_is_named_or_stays_out(person: Reviewer, organisation: Person) -> None:
    page = person.page("/shares/new")
    names = {e.attributes["value"]: e.attributes["name"] for e in page.named("input") if "value" in e.attributes}
    care = next(value for value, name in names.items() if name == "named")
    assert "votre vie commune" in next(e.text for e in page.named("main"))
    unnamed = looked_at(person, organisation.webid, activity=["a-2", care.partition("#")[2]])
    assert "Soin d’un parent" not in sheet(Page(unnamed.text))
    assert "Laissé dehors" in unnamed.text
    named = looked_at(person, organisation.webid, named=[care])
    assert "Soin d’un parent" in sheet(Page(named.text))
    assert "Ce que l’on pourrait en déduire" in named.text
    back = Page(person.send(named, "/shares/new").text)
    assert care in {e.attributes["value"] for e in back.named("input") if "checked" in e.attributes}
    made = person.send(named, "/shares/")
    assert made.status_code == 303


def test_less_detail_shows_less(person: Reviewer, organisation: Person) -> None:
    usual = sheet(Page(looked_at(person, organisation.webid).text))
    less = sheet(Page(looked_at(person, organisation.webid, detail=[], dates="", level="").text))
    years = sheet(Page(looked_at(person, organisation.webid, dates="detail-years").text))
    assert len(less) < len(years) < len(usual)


def test_a_dossier_that_follows_is_brought_up_to_date_once_the_answer_is_sent(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    preview = looked_at(person, organisation.webid, currency="currency-live")
    assert "cette feuille suit" in preview.text
    page = Page(person.get(person.send(preview, "/shares/").location).text)
    person.send(person.get("/activities/a-2/correct"), "/activities/a-2/correct", location="Ailleurs").close()
    assert "Ailleurs" in sheet(reader.page(f"/granted/dossier?url={document_of(page)}"))


def test_what_has_ended_can_be_closed_at_once(
    person: Reviewer, reader: Reviewer, organisation: Person, server: MemoryPod, full_bag: Bag
) -> None:
    share_id, link = opened(person, organisation.webid)
    grant = full_bag.layout.grant(share_id)
    response = full_bag.pod.send("GET", grant, {"Accept": syntax.TURTLE})
    server.put_bytes(grant, response.body.replace(IN_A_MONTH.encode(), b"2020-01-01"))
    answer = person.send(person.get("/shares/"), "/shares/expire")
    assert answer.status_code == 303
    assert reader.get(f"/granted/dossier?url={link}").status_code in {403, 404}


@pytest.mark.parametrize("address", ["", "demo", "javascript:alert(1)", "https://pod.example/association/profile/card"])
def test_an_address_that_holds_no_dossier(reader: Reviewer, address: str) -> None:
    answer = reader.get(f"/granted/dossier?url={address}")
    assert answer.status_code == 404
    assert "pas de dossier" in answer.text


def test_a_share_is_prolonged_in_one_gesture_and_both_have_a_receipt(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    share_id, old = opened(person, organisation.webid)
    page = person.get(f"/shares/{share_id}")
    later = (date.today() + timedelta(days=200)).isoformat()  # noqa: DTZ011
    answer = person.send(page, f"/shares/{share_id}/prolong", until=later)
    assert answer.status_code == 303, answer.text
    renewed = re.sub(r"\?.*", "", answer.location).rpartition("/")[2]
    assert renewed != share_id
    new = document_of(Page(person.get(answer.location).text))
    assert reader.get(f"/granted/dossier?url={old}").status_code in {403, 404}
    assert reader.get(f"/granted/dossier?url={new}").status_code == 200
    mine = person.page(f"/shares/{renewed}/receipt")
    theirs = reader.page(f"/granted/receipt?url={new}")
    numbers = [next(e.text for e in page.named("code") if "urn:uuid:" in e.text) for page in (mine, theirs)]
    assert numbers == [f"urn:uuid:{renewed}"] * 2
    assert person.get(f"/shares/{renewed}/receipt.jsonld").json
    assert reader.get(f"/granted/receipt.jsonld?url={new}").json


@pytest.mark.parametrize("until", ["", "hier", "2020-01-01", "2999-01-01", "2027-05"])
def test_a_day_that_cannot_be_prolongs_nothing(person: Reviewer, organisation: Person, until: str) -> None:
    share_id, _ = opened(person, organisation.webid)
    answer = person.send(person.get(f"/shares/{share_id}"), f"/shares/{share_id}/prolong", until=until)
    assert answer.status_code == 422
    assert 'id="until-error"' in answer.text
    assert person.get("/shares/").text.count('<li class="card') == 1


def test_the_same_choice_for_somebody_else_is_a_new_share(
    person: Reviewer, server: MemoryPod, organisation: Person
) -> None:
    share_id, _ = opened(person, organisation.webid)
    page = person.get(f"/shares/new?again={share_id}")
    other = server.create_pod("cooperative", "Coopérative démo")
    preview = person.send(page, "/shares/preview", recipient=other.webid)
    assert preview.status_code == 200, preview.text
    answer = person.send(preview, "/shares/")
    assert answer.status_code == 303
    assert "Coopérative démo" in person.get("/shares/who/").text
    assert "Association démo" in person.get("/shares/who/").text


def test_nobody_gets_a_receipt_of_what_was_not_opened_to_them(
    person: Reviewer, stranger: Reviewer, organisation: Person, server: MemoryPod, client_of: Callable[..., Reviewer]
) -> None:
    share_id, document = opened(person, organisation.webid)
    assert stranger.get(f"/granted/receipt?url={document}").status_code == 303
    other = client_of(Somebody(server.pod_for(server.create_pod("other").webid)))
    assert other.get(f"/granted/receipt?url={document}").status_code == 403
    assert person.get("/shares/00000000-0000-4000-8000-000000000000/receipt").status_code == 404
    assert share_id


def test_somebody_who_was_invited_comments_and_the_person_keeps_answers_and_deletes(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    preview = looked_at(person, organisation.webid, comments="yes")
    answer = person.send(preview, "/shares/")
    share_id = re.sub(r"\?.*", "", answer.location).rpartition("/")[2]
    document = document_of(Page(person.get(f"/shares/{share_id}").text))
    dossier = reader.get(f"/granted/dossier?url={document}")
    empty = reader.send(dossier, "/granted/comment", text="  ")
    assert empty.status_code == 422
    assert 'id="text-error"' in empty.text
    assert reader.send(dossier, "/granted/comment", text="Dites <b>combien</b>.").status_code == 303
    page = person.get(f"/shares/{share_id}")
    assert "Dites &lt;b&gt;combien&lt;/b&gt;." in page.text
    assert person.send(page, f"/shares/{share_id}/comments/keep").status_code == 303
    assert person.send(page, f"/shares/{share_id}/comments/answer", text="Douze.").status_code == 303
    assert "Douze." in reader.get(f"/granted/dossier?url={document}").text
    assert person.send(page, f"/shares/{share_id}/comments/discard").status_code == 303
    assert "combien" not in person.get(f"/shares/{share_id}").text
    kept = person.get("/comments/")
    assert "combien" in kept.text
    assert "Douze." in kept.text
    assert person.send(kept, "/comments/forget").status_code == 303


def test_a_whole_search_is_ticked_and_everything_else_stays_as_it_was_typed(person: Reviewer) -> None:
    data = choices("https://club.example/card#me", activity=["a-2"], skill=[], note="Déjà écrit.")
    data |= {"pick": "yes", "pick_from": "2010", "pick_to": "2030"}
    answer = person.post("/shares/new", data=data)
    assert answer.status_code == 200
    assert "Déjà écrit." in answer.text
    ticked = [
        e
        for e in Page(answer.text).named("input")
        if e.attributes.get("name") == "activity" and "checked" in e.attributes
    ]
    assert len(ticked) > 3
    # What must be named one by one is never ticked with the rest.
    assert not [
        e for e in Page(answer.text).named("input") if e.attributes.get("name") == "named" and "checked" in e.attributes
    ]


def test_what_concerns_one_relation_is_ticked(person: Reviewer, full_bag: Bag) -> None:
    through = [f"{full_bag.layout.activities}#a-2"]
    known = know_person(
        full_bag, {"fn": ["D. M."], "relationKind": [str(terms.RELATION_KIND_PEER)], "through": through}, NOW
    )
    alone = know_person(full_bag, {"fn": ["K. L."], "relationKind": [str(terms.RELATION_KIND_PEER)]}, NOW)
    page = Page(person.get("/shares/new").text)
    offered = {e.attributes["value"] for e in page.named("option") if e.attributes.get("value", "").startswith("p-")}
    assert (local(known) in offered, local(alone) in offered) == (True, False)
    answer = person.post("/shares/new", data={"pick": "yes", "pick_with": local(known)})
    ticked = [
        e.attributes["value"]
        for e in Page(answer.text).named("input")
        if e.attributes.get("name") == "activity" and "checked" in e.attributes
    ]
    assert ticked == ["a-2"]


@pytest.mark.parametrize("typed", [{}, {"pick_from": "hier"}, {"pick_to": "2021-13"}])
def test_a_search_that_says_nothing_ticks_nothing(person: Reviewer, typed: dict[str, str]) -> None:
    answer = person.post("/shares/new", data={"pick": "yes", **typed})
    assert 'id="problems"' in answer.text
    assert not [
        e
        for e in Page(answer.text).named("input")
        if e.attributes.get("name") == "activity" and "checked" in e.attributes
    ]


def test_a_reader_sees_what_changed_since_they_saved_it(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    _, document = opened(person, organisation.webid)
    for kind in ("jsonld", "ttl"):
        saved = reader.get(f"/granted/dossier.{kind}?url={document}").data
        same = reader.post("/granted/compare", data={"url": document, "file": (BytesIO(saved), f"d.{kind}")})
        assert "Rien n’a changé" in same.text, same.text
    older = saved.replace(b"Comme convenu.", b"Autrement.")
    assert older != saved
    changed = reader.post("/granted/compare", data={"url": document, "file": (BytesIO(older), "d.ttl")})
    assert "<del>Autrement.</del>" in changed.text
    renamed = reader.post(
        "/granted/compare",
        data={
            "url": document,
            "file": (BytesIO(older.replace(b'dcterms:title "', b'dcterms:title "Avant : ')), "d.ttl"),
        },
    )
    assert "<dt>Titre</dt>" in renamed.text
    assert "<dt>Title</dt>" not in renamed.text
    for junk in (b"", b"<html>", b"<#it> a <urn:x> ."):
        refused = reader.post("/granted/compare", data={"url": document, "file": (BytesIO(junk), "d.ttl")})
        assert refused.status_code == 422


@pytest.fixture
def full_of_comments(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    server: MemoryPod,
    full_bag: Bag,
    person: Reviewer,
    organisation: Person,
) -> str:
    """The name of a share beside which somebody left 180 things, in a space that takes its time to delete."""
    app.extensions.pop("musette.works", None)  # what another test had under way
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.2,))
    answer = person.send(looked_at(person, organisation.webid, comments="yes"), "/shares/")
    share_id = re.sub(r"\?.*", "", answer.location).rpartition("/")[2]
    for number in range(180):
        server.put_bytes(f"{full_bag.layout.comments(share_id)}c-{number:03}.ttl", b"<#it> a <urn:x> .")

    def takes_its_time(request: Request) -> Response | None:
        if request.method == "DELETE":
            time.sleep(0.05)
        return None

    server.instead = takes_its_time
    return share_id


def test_a_dossier_full_of_comments_is_closed_at_once_and_cleared_while_one_does_something_else(
    person: Reviewer, reader: Reviewer, server: MemoryPod, full_bag: Bag, full_of_comments: str
) -> None:
    address = full_bag.layout.dossier(full_of_comments)
    assert reader.get(f"/granted/dossier?url={address}").status_code == 200
    answer = person.send(person.get(f"/shares/{full_of_comments}"), f"/shares/{full_of_comments}/revoke")
    assert "/under-way/" in answer.location
    assert reader.get(f"/granted/dossier?url={address}").status_code in {403, 404}
    page = person.get(answer.location)
    assert "personne d’autre que vous ne peut rien en lire" in page.text
    share = person.get(f"/shares/{full_of_comments}").text
    assert "Fermer ce partage" not in share
    assert answer.location in share
    last = waited(person, answer)
    assert "Ce qui avait été laissé à côté du dossier est supprimé" in person.get(last.location).text
    assert not [iri for iri in server._stored if full_of_comments in iri and "/shares/" in iri]


def test_stopped_it_goes_on_from_the_page_of_the_share(
    person: Reviewer, server: MemoryPod, full_bag: Bag, full_of_comments: str
) -> None:
    share = f"/shares/{full_of_comments}"
    answer = person.send(person.get(share), f"{share}/revoke")
    last = person.send(person.get(answer.location), f"{answer.location}/stop")
    assert "C’est arrêté" in person.get(waited(person, last).location).text
    page = person.get(share)
    assert "Ce qui a été laissé à côté" in page.text
    waited(person, person.send(page, f"{share}/comments/clear"))
    assert full_bag.layout.share(full_of_comments) not in server._stored
    assert "Ce qui a été laissé à côté" not in person.get(share).text


def test_comments_that_cannot_be_listed_leave_the_page_with_its_gesture_to_close(
    person: Reviewer, server: MemoryPod, full_bag: Bag, full_of_comments: str
) -> None:
    place = full_bag.layout.comments(full_of_comments)
    server.instead = lambda r: Response(r.url, 500, {}) if r.url == place and r.method in {"GET", "HEAD"} else None
    page = person.get(f"/shares/{full_of_comments}")
    assert "quelqu’un l’a peut-être rempli" in page.text
    person.send(page, f"/shares/{full_of_comments}/revoke")
    assert "Fermer ce partage" not in person.get(f"/shares/{full_of_comments}").text


def test_kept_comments_are_shown_under_the_name_of_who_left_them(
    person: Reviewer, reader: Reviewer, organisation: Person
) -> None:
    answer = person.send(looked_at(person, organisation.webid, comments="yes"), "/shares/")
    share_id = re.sub(r"\?.*", "", answer.location).rpartition("/")[2]
    page = Page(person.get(answer.location).text)
    dossier = reader.get(f"/granted/dossier?url={document_of(page)}")
    reader.send(dossier, "/granted/comment", text="Dites combien.")
    person.send(person.get(f"/shares/{share_id}"), f"/shares/{share_id}/comments/keep")
    kept = " ".join(next(e.text for e in person.page("/comments/").named("main")).split())
    assert "Association démo" in kept
