"""Requests in the pages: who asks is proved, each way to answer is one gesture, and nothing opens but by the person's own yes."""

from dataclasses import dataclass

import pytest

from musette_solid.model.request import Need
from musette_solid.pod import access, resources
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.ask import Published, ask, list_asked, send
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import list_shares
from tests.web.conftest import NOW, MakeClient, Somebody
from tests.web.reviewer import Page, Reviewer

NEEDS = (
    Need(terms.Activity, {"fr": "Ce que vous avez fait"}),
    Need(terms.Skill, {"fr": "Vos outils"}, is_required=False),
)


@pytest.fixture
def server() -> MemoryPod:
    return MemoryPod("https://space.example/")


@pytest.fixture
def theirs(server: MemoryPod, organisation: Person) -> Bag:
    return set_up.create(server.pod_for(organisation.webid), organisation.storage, NOW)


@pytest.fixture
def asking(client_of: MakeClient, theirs: Bag) -> Reviewer:
    return client_of(Somebody(theirs.pod, theirs))


@dataclass(frozen=True)
class Asked:
    made: Published
    address: str

    @property
    def url(self) -> str:
        return self.made.request.iri


@pytest.fixture
def asked(theirs: Bag, full_bag: Bag) -> Asked:
    notice = {"fr": "Pour l’atelier du samedi."}
    made = ask(theirs, "Atelier", terms.PURPOSE_VOLUNTEERING_PLACEMENT, 90, NEEDS, notice, NOW)
    assert send(theirs, made.request, full_bag.owner, NOW)
    return Asked(made, f"/requests/open?url={made.request.iri.replace('#', '%23')}")


def shared(server: MemoryPod, bag: Bag) -> list[str]:
    return [
        url for url in server._stored if url.startswith(bag.layout.shares) and not url.endswith((".acl", "shares/"))
    ]


def test_a_request_says_who_why_what_and_for_how_long(person: Reviewer, asked: Asked) -> None:
    text = " ".join(person.get(asked.address).text.split())
    for words in ("Association démo", "Pour l’atelier du samedi.", "Ce que vous avez fait", "Vos outils", "90"):
        assert words in text, words
    assert text.index("Ce que vous avez fait") < text.index("Vos outils")


def test_what_is_written_in_another_language_says_so(person: Reviewer, asked: Asked) -> None:
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    quotes = [e for e in Page(person.get(asked.address).text).named("blockquote") if "samedi" in e.words]
    assert [e.attributes["lang"] for e in quotes] == ["fr"]


def test_who_declines_is_not_asked_again(
    person: Reviewer, asking: Reviewer, asked: Asked, theirs: Bag, full_bag: Bag
) -> None:
    page = person.get(asked.address)
    answer = person.send(page, "/requests/decline", words="Pas maintenant.")
    assert answer.status_code == 303
    listed = person.get("/requests/").text
    assert "Refusée" in listed
    assert "Qui demande vraiment" not in listed
    assert send(theirs, asked.made.request, full_bag.owner, NOW)
    assert asked.address not in person.get("/requests/").text.replace("%23", "#")
    assert "Pas maintenant." in asking.get(f"/requests/mine/{asked.made.request_id}").text


def test_a_question_first(person: Reviewer, asking: Reviewer, asked: Asked) -> None:
    page = person.get(asked.address)
    assert person.send(page, "/requests/ask-back", words="  ").status_code == 422
    assert person.send(page, "/requests/ask-back", words="Qui le lira ?").status_code == 303
    assert "Atelier" in person.get("/requests/").text
    assert "Qui le lira ?" in asking.get(f"/requests/mine/{asked.made.request_id}").text


def test_somebody_who_is_silenced_is_not_heard_until_the_person_wants_to(
    person: Reviewer, asked: Asked, theirs: Bag
) -> None:
    person.send(person.get(asked.address), "/requests/silence")
    page = person.get("/requests/")
    assert "Atelier" not in page.text
    person.send(page, "/requests/hear")
    assert "Atelier" in person.get("/requests/").text
    assert list_asked(theirs)[0].replies == ()  # nobody told them


def test_a_part_of_it_is_given_after_looking_at_it(
    person: Reviewer, asking: Reviewer, asked: Asked, server: MemoryPod, full_bag: Bag
) -> None:
    form = person.get(f"/shares/new?request={asked.url.replace('#', '%23')}")
    assert shared(server, full_bag) == []
    shown = person.send(form, "/shares/preview", activity=["a-2"])
    assert shown.status_code == 200, shown.text
    assert shared(server, full_bag) == []
    assert person.send(shown, "/shares/").status_code == 303
    (line,) = list_shares(full_bag, NOW.date()).lines
    assert (line.grant.request, line.grant.purpose) == (asked.url, terms.PURPOSE_VOLUNTEERING_PLACEMENT)
    assert "Acceptée en partie" in person.get("/requests/").text
    assert "Atelier" in asking.get(f"/requests/mine/{asked.made.request_id}").text


# What must open nothing

LANGUAGES = {"fr": 0, "en": 1}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["decline", "ask-back", "renew", "share"])
def test_a_request_that_changed_since_it_was_shown_is_shown_again(
    person: Reviewer, server: MemoryPod, asked: Asked, theirs: Bag, full_bag: Bag, path: str, language: str
) -> None:
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    page = person.get(asked.address)
    preview = None
    if path == "share":
        form = person.get(f"/shares/new?request={asked.url.replace('#', '%23')}")
        preview = person.send(form, "/shares/preview", activity=["a-2"])
    url = theirs.layout.request(asked.made.request_id)
    server.put_bytes(url, resources.read(theirs.pod, url).body.replace(b"P90D", b"P700D"))
    if preview is not None:
        answer = person.send(preview, "/shares/")
    elif path == "renew":
        values = {"url": asked.url, "shown": "0" * 64, "until": "2027-01-01"}
        answer = person.post("/requests/renew", data=values)
    else:
        answer = person.send(page, f"/requests/{path}", words="x")
    assert answer.status_code == 409
    wanted = ("n’est plus celle que vous", "it was changed")[LANGUAGES[language]]
    assert wanted in answer.text
    assert shared(server, full_bag) == []
    assert list_shares(full_bag, NOW.date()).lines == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forged_sender_is_told(
    person: Reviewer, server: MemoryPod, asked: Asked, full_bag: Bag, language: str
) -> None:
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    liar = server.create_pod("liar")
    url = f"{liar.storage}request.ttl"
    body = resources.read(full_bag.pod.anonymous(), asked.url).body
    server.put_bytes(url, body.replace(asked.url.encode(), f"{url}#it".encode()))
    access.publish(server.pod_for(liar.webid), liar.storage, liar.webid)
    for address in (f"/requests/open?url={url}%23it", f"/shares/new?request={url}%23it"):
        answer = person.get(address)
        assert answer.status_code in {404, 422}
        assert ("Rien n’a été montré", "Nothing was shown")[LANGUAGES[language]] in answer.text
    assert shared(server, full_bag) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["https://space.example/none.ttl", "javascript:alert(1)", "", "x" * 3000])
def test_an_address_that_holds_no_request(
    person: Reviewer, server: MemoryPod, full_bag: Bag, address: str, language: str
) -> None:
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer = person.get("/requests/open", query_string={"url": address})
    assert answer.status_code == 404
    assert ("Rien n’a été montré", "Nothing was shown")[LANGUAGES[language]] in answer.text
    assert shared(server, full_bag) == []


def test_a_space_that_fills_up_in_the_middle_shows_nothing_and_keeps_the_request_waiting(
    person: Reviewer, server: MemoryPod, asked: Asked, full_bag: Bag
) -> None:
    form = person.get(f"/shares/new?request={asked.url.replace('#', '%23')}")
    shown = person.send(form, "/shares/preview", activity=["a-2"])

    def full(request: Request) -> Response | None:
        is_dossier = request.method == "PUT" and request.url.endswith("/dossier.ttl")
        return Response(request.url, 507, {}, b"") if is_dossier else None

    server.instead = full
    answer = person.send(shown, "/shares/")
    assert answer.status_code == 507
    server.instead = lambda _request: None
    assert shared(server, full_bag) == []
    assert "Atelier" in person.get("/requests/").text


# The organisation


def test_an_organisation_asks_and_gets_one_link_and_its_code(asking: Reviewer, theirs: Bag, full_bag: Bag) -> None:
    assert full_bag
    form = asking.get("/requests/new")
    answer = asking.send(
        form,
        "/requests/",
        title="Mission",
        purpose=str(terms.PURPOSE_RECRUITMENT),
        days="30",
        notice_fr="Pour une mission.",
        notice_en="For a mission.",
    )
    assert answer.status_code == 303, answer.text
    page = asking.get(answer.location)
    (link,) = [e.attributes["value"] for e in Page(page.text).named("input") if e.attributes.get("id") == "link"]
    assert link.startswith("http://localhost:8000/requests/open?url=")
    code = asking.get(f"{answer.location}/code.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    (made,) = list_asked(theirs)
    assert [need.is_required for need in made.request.needs] == [True, True]
    # Who has no letterbox, or no address at all, is said to have none.
    untold = asking.send(page, f"{answer.location}/send", to="https://space.example/nobody/card#me")
    assert untold.status_code == 422
    assert asking.send(page, f"{answer.location}/withdraw").status_code == 303
    assert list_asked(theirs) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("purpose", "https://example.org/whatever"), ("days", "0"), ("days", "1000000"), ("days", "dix")],
)
def test_a_request_that_makes_no_sense_publishes_nothing_and_keeps_what_was_typed(
    asking: Reviewer, theirs: Bag, field: str, value: str
) -> None:
    good = {
        "title": "Mission",
        "purpose": str(terms.PURPOSE_RECRUITMENT),
        "days": "30",
        "notice_fr": "Pour une mission.",
    }
    answer = asking.send(asking.get("/requests/new"), "/requests/", **{**good, field: value})
    assert answer.status_code == 422
    assert "Pour une mission." in answer.text
    assert list_asked(theirs) == ()
