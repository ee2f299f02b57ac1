"""What can go wrong, said to the person: what happened, what to do, and details for whoever helps."""

import logging
from collections.abc import Callable

import pytest

from musette_solid.errors import MusetteError
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.pod import errors as pod
from musette_solid.pod.cache import Cache
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from musette_solid.web import errors, i18n
from tests.web.reviewer import Page, Reviewer

Answer = Callable[[Request], Response | None]


def answering(status: int) -> Answer:
    return lambda request: Response(request.url, status, {"Content-Type": "text/plain"}, b"SECRET")


def unreachable(request: Request) -> Response | None:
    raise pod.Unreachable(request.url, host="pod.example")


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (answering(403), 403, "Ce document ne vous est pas ouvert."),
        (answering(500), 502, "L’espace a répondu d’une façon que nous n’attendions pas (500)."),
        (answering(200), 502, "Ce document n’a pas pu être lu"),
        (unreachable, 504, "Pas de réponse de pod.example."),
    ],
)
def test_a_space_that_fails_gets_a_sentence_and_details_aside(
    person: Reviewer, server: MemoryPod, full_bag: Bag, answer: Answer, status: int, sentence: str
) -> None:
    server.instead = answer
    full_bag.pod.cache = Cache()
    shown = person.get("/activities/a-2")
    assert shown.status_code == status
    page = Page(shown.text)
    assert next(e.text for e in page.named("h1")).startswith(sentence)
    assert full_bag.layout.activities in next(e.text for e in page.named("details"))
    assert shown.headers["X-Request-Id"] in shown.text
    assert "SECRET" not in shown.text


@pytest.mark.parametrize(
    ("answer", "status"), [(answering(403), 403), (answering(507), 507), (answering(500), 502), (unreachable, 504)]
)
def test_a_write_that_fails_says_so(
    person: Reviewer, server: MemoryPod, full_bag: Bag, answer: Answer, status: int
) -> None:
    page = person.get("/activities/new")
    server.instead = lambda request: answer(request) if request.method != "GET" else None
    shown = person.send(page, "/activities/", title="x", sphere="https://w3id.org/musette#sphere-care")
    assert shown.status_code == status


def test_a_session_that_ended_in_mid_form_keeps_every_word(stranger: Reviewer) -> None:
    answer = stranger.post(
        "/activities/?x=1",
        data={"title": "Ce que j’ai <écrit>", "achievement": "Une ligne\r\nDeux lignes", "mobilises": ["a", "b"]},
    )
    assert answer.status_code == 401
    page = Page(answer.text)
    form = next(e for e in page.named("form") if e.attributes["action"] == "/activities/?x=1")
    hidden = [(e.attributes["name"], e.attributes["value"]) for e in page.named("input") if e.inside("form")]
    assert form.attributes["method"] == "post"
    assert ("title", "Ce que j’ai <écrit>") in hidden
    assert ("mobilises", "a") in hidden
    assert ("mobilises", "b") in hidden
    assert any(a.attributes.get("target") == "_blank" for a in page.named("a"))


def test_what_was_kept_is_sent_again_as_it_was(stranger: Reviewer, newcomer: Reviewer) -> None:
    answer = stranger.post("/activities/", data={"title": "x", "sphere": "https://w3id.org/musette#sphere-care"})
    assert newcomer.send(answer, "/activities/").status_code == 303


def test_a_session_that_the_space_no_longer_knows_keeps_every_word_too(
    person: Reviewer, server: MemoryPod, full_bag: Bag
) -> None:
    page = person.get("/activities/new")
    server.instead = answering(401)
    answer = person.send(page, "/activities/", title="Gardé", sphere="https://w3id.org/musette#sphere-care")
    assert answer.status_code == 401
    assert 'value="Gardé"' in answer.text


def test_looking_at_a_page_without_a_session_leads_to_signing_in_and_back(stranger: Reviewer) -> None:
    assert stranger.get("/time/2026-03?x=1").location == "/signin?next=/time/2026-03?x%3D1"


def test_our_own_fault_says_nothing_of_what_was_written(
    person: Reviewer, server: MemoryPod, full_bag: Bag, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_request: Request) -> Response | None:
        raise ZeroDivisionError("CANARY")

    server.instead = broken
    full_bag.pod.cache = Cache()
    person.application.testing = False
    try:
        with caplog.at_level(logging.ERROR):
            answer = person.get("/activities/a-2")
    finally:
        person.application.testing = True
    assert answer.status_code == 500
    assert "CANARY" not in answer.text + caplog.text
    assert answer.headers["X-Request-Id"] in caplog.text
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/help", 405), ("GET", "/activities", 308)]
)
def test_http_errors_have_a_page(person: Reviewer, method: str, path: str, status: int) -> None:
    headers = {"Origin": "http://localhost:8000"}
    assert person.open(path, method=method, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/nothing", "//elsewhere.example/x", "/\\elsewhere.example", "/nothing?a=1&a=é"])
def test_a_page_that_is_not_there_is_said_in_either_language(stranger: Reviewer, path: str) -> None:
    for language, said in (("fr", "Cette page n’existe pas."), ("en", "This page does not exist.")):
        page = Page(stranger.get(path, headers={"Accept-Language": language}).text)
        (heading,) = page.named("h1")
        assert heading.text.strip() == said
        (other,) = [a.attributes["href"] for a in page.named("a") if "hreflang" in a.attributes]
        assert other.startswith("/")
        assert other[1:2] not in {"/", "\\"}  # or the browser would go to another site
        assert stranger.get(other).status_code == 404


def every_error(kind: type[MusetteError] = MusetteError) -> list[type[MusetteError]]:
    ours = [child for child in kind.__subclasses__() if child.__module__.startswith("musette_solid.")]
    return [kind, *(inner for child in ours for inner in every_error(child))]


def test_every_error_of_ours_has_a_status_and_two_sentences_in_french(person: Reviewer) -> None:
    with person.application.test_request_context("/", base_url="http://localhost:8000"):
        for kind in every_error():
            error = kind.__new__(kind)
            assert errors.status_of(error) >= 400
            if kind is UnreadableFile:
                continue
            for text in (kind.what, kind.do):
                assert i18n.gettext(text) != text, (kind, text)
