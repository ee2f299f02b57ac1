"""The person's language: which one, and how dates, lengths and periods are written in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask

from musette_solid.model.dates import PartialDate
from musette_solid.model.time import Month
from musette_solid.pod.errors import NotAllowed
from musette_solid.web import i18n
from tests.web.reviewer import Page, Reviewer

In = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def speaking(app: Flask) -> In:
    @contextmanager
    def speak(language: str) -> Iterator[None]:
        with app.test_request_context(f"/?lang={language}", base_url="http://localhost:8000"):
            yield

    return speak


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fr"),
        ("de", "fr"),
        ("en-GB,en;q=0.8", "en"),
        ("fr-CA", "fr"),
        ("de,en;q=0.5,fr;q=0.4", "en"),
        ("*", "fr"),
    ],
)
def test_french_unless_another_language_of_ours_is_asked_for(
    stranger: Reviewer, header: str | None, language: str
) -> None:
    answer = stranger.get("/help", headers={"Accept-Language": header} if header else {})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language


def test_a_chosen_language_is_remembered(stranger: Reviewer) -> None:
    page = stranger.page("/help")
    link = next(a for a in page.named("a") if a.attributes.get("hreflang") == "en")
    stranger.get(link.attributes["href"])
    assert '<html lang="en">' in stranger.get("/", headers={"Accept-Language": "fr"}).text


def test_changing_language_keeps_the_page_and_its_question(person: Reviewer) -> None:
    page = person.page("/activities/?sphere=care")
    link = next(a for a in page.named("a") if a.attributes.get("hreflang") == "en")
    assert link.attributes["href"] == "/activities/?sphere=care&lang=en"


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (0, "0\u00a0min", "0 min"),
        (45, "45\u00a0min", "45 min"),
        (120, "2\u00a0h", "2 h"),
        (150, "2\u00a0h\u00a030", "2 h 30"),
        (125, "2\u00a0h\u00a005", "2 h 05"),
        (75_240, "1\u202f254\u00a0h", "1,254 h"),
    ],
)
def test_a_length_of_time(speaking: In, minutes: int, french: str, english: str) -> None:
    with speaking("fr"):
        assert i18n.duration(minutes) == i18n.duration(timedelta(minutes=minutes)) == french
    with speaking("en"):
        assert i18n.duration(minutes) == english


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("2019", "2019", "2019"),
        ("2019-03", "mars 2019", "March 2019"),
        ("2019-03-12", "12\u00a0mars 2019", "12 March 2019"),
        ("2019-03-01", "1er\u00a0mars 2019", "1 March 2019"),
    ],
)
def test_a_date_is_as_precise_as_it_was_said(speaking: In, text: str, french: str, english: str) -> None:
    with speaking("fr"):
        assert i18n.partial(PartialDate.from_text(text)) == french
    with speaking("en"):
        assert i18n.partial(PartialDate.from_text(text)) == english


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        ("2019-03", "2021", "mars 2019\u00a0– 2021", "March 2019 – 2021"),
        ("2019", "2019", "2019", "2019"),
        ("2019", None, "depuis 2019", "since 2019"),
        ("2019-03-12", None, "depuis le 12\u00a0mars 2019", "since 12 March 2019"),
        (None, "2021-06", "jusqu’en juin 2021", "until June 2021"),
        (None, "2021-06-12", "jusqu’au 12\u00a0juin 2021", "until 12 June 2021"),
        (None, None, "dates non notées", "dates not noted"),
    ],
)
def test_a_period(speaking: In, start: str | None, end: str | None, french: str, english: str) -> None:
    first, last = (PartialDate.from_text(text) if text else None for text in (start, end))
    with speaking("fr"):
        assert i18n.period(first, last) == french
    with speaking("en"):
        assert i18n.period(first, last) == english


def test_a_date_that_nobody_understands_is_shown_as_it_was_written(speaking: In) -> None:
    with speaking("fr"):
        assert i18n.period(None, PartialDate.from_text("2020"), "printemps 2012") == "printemps 2012 – 2020"


def test_a_month(speaking: In) -> None:
    with speaking("fr"):
        assert i18n.month(Month(2026, 8)) == "août 2026"


def test_days_written_by_other_applications(speaking: In) -> None:
    with speaking("fr"):
        assert i18n.day_of("2026-11-22T09:00:00Z") == i18n.day(date(2026, 11, 22)) == "22\u00a0novembre 2026"
        assert i18n.day_of("bientôt") == "bientôt"
        assert i18n.day_of(None) == ""


def test_the_reason_inside_a_sentence_is_translated_too(speaking: In) -> None:
    with speaking("fr"):
        what, _ = i18n.sentences(NotAllowed("http://x", reason="it is not a public address"))
    assert what == "Nous n’allons pas à cette adresse\u00a0: ce n’est pas une adresse publique."


def test_both_languages_say_the_same_page(stranger: Reviewer) -> None:
    french, english = (Page(stranger.get(f"/help?lang={language}").text) for language in ("fr", "en"))
    assert [e.name for e in french.all if e.inside("main")] == [e.name for e in english.all if e.inside("main")]
