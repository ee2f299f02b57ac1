"""The pages in a real browser: they fit a small phone, break none of our own rules, and work without script."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app
from tests.web.conftest import NOW, Somebody, today
from tests.web.test_pages import PERSONS_PAGES

pytestmark = pytest.mark.browser

LONG = "Coordination interdépartementale de la prévention des risques psychosociaux et de la qualité de vie au travail"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
RIGHT_TO_LEFT = "مقهى الإصلاح – בית קפה"


@pytest.fixture
def crowded(full_bag: Bag, server: MemoryPod) -> Bag:
    """As the days make it: hours every other day, people, and names that are long, written from right to left, or one word."""
    head = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."""
    layout = full_bag.layout
    named = list(enumerate((LONG, WORD, RIGHT_TO_LEFT)))
    for document, lines in (
        (
            layout.activities,
            (f'<#x-{n}> a mus:Activity ; dcterms:title "{name}" ; mus:sphere mus:sphere-care .' for n, name in named),
        ),
        (layout.skills, (f'<#x-{n}> a mus:Skill ; skos:prefLabel "{name}" .' for n, name in named)),
        (layout.activities, (f"<#a-{7 + n} > mus:mobilises <skills.ttl#x-{n}> .".replace(" >", ">") for n, _ in named)),
    ):
        added = syntax.parse((head + "\n".join(lines)).encode(), syntax.TURTLE, document)
        resources.insert(full_bag.pod, document, added)
    this_year = today().year
    for year in (2026, this_year):
        entries = (
            f"<#t-{n}> a mus:TimeEntry ; mus:activity <../activities.ttl#{('a-7', 'a-9', 'x-0', 'x-1')[n % 4]}> ; "
            f'dcterms:date "{date(year, 1, 1) + timedelta(days=n)}"^^xsd:date ; mus:minutes {45 + n} .'
            for n in range(0, 364, 2)
        )
        server.put_bytes(layout.time(year), (head + "\n".join(entries)).encode())
    know_person(full_bag, {"fn": [RIGHT_TO_LEFT], "relationKind": [str(terms.RELATION_KIND_PEER)]}, NOW)
    return full_bag


@pytest.fixture
def address(full_bag: Bag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a person signed in, on a port of this machine."""
    with listening(full_bag, tmp_path_factory) as url:
        yield url


@pytest.fixture
def crowded_address(crowded: Bag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(crowded, tmp_path_factory) as url:
        yield url


@contextmanager
def listening(full_bag: Bag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, Flask("none"), threaded=True)
    url = f"http://localhost:{server.server_port}"
    config = Config(base_url=url, data=tmp_path_factory.mktemp("app"))
    server.app = create_app(config, lambda: Somebody(full_bag.pod, full_bag))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    thread.join(5)
    server.server_close()


def opened(browser: Browser, *, width: int = 1280, script: bool = True) -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-FR", java_script_enabled=script)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_small_phone_and_says_nothing_in_the_console(
    browser: Browser, crowded_address: str, scheme: str
) -> None:
    address = crowded_address
    page, said = opened(browser, width=320)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PERSONS_PAGES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert said == []
    page.context.close()


def test_targets_are_large_enough_for_a_finger(browser: Browser, address: str) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels for whatever is not a link in a sentence."""
    page, _ = opened(browser, width=360)
    for path in ("/", "/activities/new", "/shares/new", "/skills/new", "/time/"):
        page.goto(address + path)
        small = page.evaluate(
            """[...document.querySelectorAll("button, .button, nav a, input:not([type=hidden]), select, summary")]
            .filter((e) => e.checkVisibility() && !e.matches("[aria-hidden=true]")).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 22 || box.width < 22).map(([text]) => text)"""
        )
        assert small == [], path
    page.context.close()


def test_a_volunteering_activity_and_two_and_a_half_hours_without_script(
    browser: Browser, address: str, server: MemoryPod
) -> None:
    page, _ = opened(browser, script=False)
    page.goto(f"{address}/activities/new")
    page.get_by_label("Titre").fill("Bibliothèque de rue")
    page.get_by_label("Sphère").select_option(label="Bénévolat")
    page.get_by_label("Début").fill("03/2026")
    page.get_by_role("button", name="Mettre dans la musette").click()
    assert page.get_by_role("link", name="Bibliothèque de rue").is_visible()
    page.goto(address)
    page.get_by_label("À quoi avez-vous passé du temps").fill("2 h 30 bibliothèque de rue")
    page.get_by_role("button", name="Noter").click()
    assert page.get_by_text("C’est noté").is_visible()
    assert page.get_by_role("cell", name="Bibliothèque de rue").first.is_visible()
    page.context.close()


def test_going_back_after_a_form_asks_for_nothing_and_writes_nothing_twice(browser: Browser, address: str) -> None:
    page, said = opened(browser)
    page.goto(f"{address}/activities/new")
    page.get_by_label("Titre").fill("Jardin partagé")
    page.get_by_label("Sphère").select_option(label="Bénévolat")
    page.get_by_role("button", name="Mettre dans la musette").click()
    page.get_by_role("link", name="Jardin partagé").wait_for()
    page.go_back()
    assert page.url.endswith("/activities/new")
    page.go_forward()
    assert page.get_by_role("link", name="Jardin partagé").count() == 1
    assert said == []
    page.context.close()


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    page, _ = opened(browser)
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.context.close()


def test_a_long_list_is_narrowed_as_one_types_and_ticks_stay(browser: Browser, address: str) -> None:
    page, said = opened(browser)
    page.goto(f"{address}/shares/new")
    page.locator("input[value=a-2]").check()
    page.locator("#activity-choices-filter").fill("RÉPAIR")
    assert page.locator("#activity-choices > li:visible").count() == 1
    page.locator("#activity-choices-filter").fill("")
    assert page.locator("input[value=a-2]").is_checked()
    assert said == []
    page.context.close()
