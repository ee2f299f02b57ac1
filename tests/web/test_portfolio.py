"""The page for everybody, as a person makes it: choose, look, publish, withdraw."""

from musette_solid.pod.http import Request
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Page, Reviewer

CHOICE = {"name": "Demo Un", "headline": "Menuisière", "about": "", "language": "fr", "dates": "detail-dates"}


def seen(server: MemoryPod, url: str) -> tuple[int, bytes]:
    answer = server.send(Request("GET", url, {"Accept": "text/html"}))
    return answer.status, answer.body


def test_a_page_is_chosen_looked_at_published_and_withdrawn(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    first = person.page("/portfolio/")
    ticked = [e for e in first.named("input") if "checked" in e.attributes and e.attributes.get("name") == "activity"]
    assert ticked == []
    done = person.post("/portfolio/", data={**CHOICE, "activity": ["a-2"], "skill": ["s-1"], "detail": ["detail-text"]})
    assert done.location == "/portfolio/preview"
    look = person.get("/portfolio/preview")
    assert "exactement ce que tout le monde verra" in look.text
    assert "frame-src 'self'" in look.headers["Content-Security-Policy"]
    exact = person.get("/portfolio/page")
    assert exact.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in exact.headers["Content-Security-Policy"]
    assert seen(server, full_bag.layout.page)[0] in {401, 403, 404}
    said = person.send(look, "/portfolio/publish")
    assert said.location == "/portfolio/"
    assert seen(server, full_bag.layout.page) == (200, exact.data)
    now = person.get("/portfolio/")
    assert full_bag.layout.page in now.text
    assert "un inconnu la demanderait, elle se voit" in now.text
    assert person.send(now, "/portfolio/withdraw").location == "/portfolio/"
    assert seen(server, full_bag.layout.page)[0] in {401, 403, 404}
    assert "Retirée le" in person.get("/portfolio/").text


def test_what_does_not_fit_is_said_and_nothing_is_lost(person: Reviewer) -> None:
    answer = person.post("/portfolio/", data={**CHOICE, "name": " ", "headline": "Ma ligne"})
    assert answer.status_code == 422
    assert "Choisissez au moins une activité" in answer.text
    page = Page(answer.text)
    assert any(e.attributes.get("value") == "Ma ligne" for e in page.named("input"))
    assert person.get("/portfolio/preview").location == "/portfolio/"
    assert person.get("/portfolio/page").status_code == 404


def test_what_changed_between_the_look_and_the_yes_is_looked_at_again(person: Reviewer, full_bag: Bag) -> None:
    person.post("/portfolio/", data={**CHOICE, "activity": ["a-2"]})
    assert person.post("/portfolio/publish", data={"digest": "0" * 64}).status_code == 409


def test_an_empty_bag_is_helped(newcomer: Reviewer) -> None:
    assert "Rien à montrer" in newcomer.get("/portfolio/").text or "activities/new" in newcomer.get("/portfolio/").text


def test_accounts_are_noted_corrected_and_taken_out(person: Reviewer) -> None:
    page = person.get("/accounts/")
    added = person.send(
        page,
        "/accounts/",
        accountName="demo-pro",
        homepage="https://forge.example/demo-pro",
        facet="facet-professional",
    )
    assert added.location == "/accounts/"
    listed = Page(person.get("/accounts/").text)
    correct = next(e.attributes["href"] for e in listed.named("a") if e.attributes["href"].endswith("/correct"))
    form = person.get(correct)
    assert person.send(form, correct, accountName="demo-deux").location == "/accounts/"
    assert "demo-deux" in person.get("/accounts/").text
    assert person.post("/accounts/", data={"accountName": ""}).status_code == 422
    assert person.post("/accounts/", data={"accountName": "x", "homepage": "javascript:alert(1)"}).status_code == 422
    assert person.send(form, correct.replace("/correct", "/delete")).location == "/accounts/"
    assert "demo-deux" not in person.get("/accounts/").text.replace("n’est plus", "")


def test_a_profile_shows_what_was_ticked_and_asks_about_what_was_edited_there(
    person: Reviewer, full_bag: Bag, server: MemoryPod
) -> None:
    assert person.post("/profile/", data={"activity": ["a-11"], "skill": ["s-1"]}).location == "/profile/"
    card = full_bag.owner.partition("#")[0]
    body = server._stored[card].body.decode()
    assert "bénévole, puis trésorière" in body
    assert "Votre profil montre exactement" in person.get("/profile/").text
    server.put_bytes(card, body.replace("bénévole, puis trésorière", "Présidente").encode())
    full_bag.pod.cache.forget(card)
    asked = person.get("/profile/")
    assert "modifié dans une autre application" in asked.text
    assert "Présidente" in asked.text
    source = f"{full_bag.layout.activities}#a-11"
    assert person.post("/profile/decide", data={"source": source, "take": "no"}).location == "/profile/"
    assert "modifié dans une autre application" not in person.get("/profile/").text
    assert person.post("/profile/", data={}).location == "/profile/"
    assert "org#member" not in server._stored[card].body.decode()
