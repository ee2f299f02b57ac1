"""axe-core finds nothing to say about any page, in both languages, by day and by night."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from musette_solid.rdf import terms
from tests.browser.conftest import Running, Visitor, visitor

pytestmark = [pytest.mark.browser, pytest.mark.css]

STRANGERS = ("/", "/signin", "/help", "/your-data", "/style", "/ns", "/shapes/activity", "/nowhere")
PERSONS = (
    "/",
    "/accounts/",
    "/activities/",
    "/activities/?sphere=volunteering",
    "/activities/new",
    "/assessments/",
    "/bridges/",
    "/comments/",
    "/cv",
    "/day/",
    "/evidence/",
    "/goals/",
    "/goals/new",
    "/granted/",
    "/granted/dossier",
    "/help",
    "/import/",
    "/journal/",
    "/journal/new",
    "/methods/",
    "/methods/bring",
    "/methods/star/compare",
    "/methods/star/sheet",
    "/methods/wheel-of-values",
    "/people/",
    "/people/new",
    "/portfolio/",
    "/profile/",
    "/reflect/",
    "/letterbox/",
    "/requests/",
    "/requests/new",
    "/rights/",
    "/rights/facts",
    "/rights/letters/",
    "/rights/letters/letter?platform=Demo",
    "/rights/nearly",
    "/rights/proposals",
    "/rights/retirement-quarters",
    "/rights/suppose?sphere=employment&hours=20&pay=1500&start=2026-01-01&end=2026-06-30&figures=go-on",
    "/rights/timeline",
    "/rights/unemployment",
    "/scenarios/",
    "/scenarios/new",
    "/shares/",
    "/shares/new",
    "/shares/who/",
    "/skills/",
    "/skills/find/",
    "/skills/frames/",
    "/skills/frames/lifecomp",
    "/skills/map/",
    "/skills/map/?by=proof",
    "/skills/new",
    "/time/",
    "/time/2019-03",
    "/time/new",
    "/tools/",
    "/tools/new",
    "/tools/take-up",
    "/trajectory/",
    "/trajectory/?from=2019&to=2021",
    "/trajectory/?from=2019-03",
    "/trajectory/?rights=yes",
    "/trajectory/interval?from=2014-05-02&to=2015-12-31",
    "/values/",
    "/watch/",
    "/watch/new",
    "/where-time-goes/",
    "/where-time-goes/2026",
    "/where-time-goes/2026/rows",
    "/your-data",
    "/your-data/leave",
    "/your-data/take/europass",
)
ORGANISATIONS = ("/setup", "/granted/", "/granted/dossier", "/your-data")
#: Where a page of one thing leads: its ways to correct, delete, add.
ONE_THING = ("/activities/", "/skills/")

LOCALES = {"fr": "fr-FR", "en": "en-GB"}


@pytest.fixture(scope="module", params=list(LOCALES))
def locale(request: pytest.FixtureRequest) -> str:
    return LOCALES[str(request.param)]


@pytest.fixture(scope="module")
def person(browser: Browser, running: Running, locale: str) -> Iterator[Visitor]:
    made = visitor(browser, running, locale=locale)
    made.sign_in("person")
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def axe(peers: Path) -> str:
    return (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()


def complaints_at(who: Visitor, paths: Iterable[str], axe: str) -> list[str]:
    found = []
    for path in paths:
        who.goto(path)
        found += complaints(who.page, axe)
    return found


def complaints(page: Page, axe: str) -> list[str]:
    """What axe says of the page as it stands: wide by day, narrow by night."""
    found = []
    # Playwright runs this beside the page's own scripts: our rules against foreign ones are not loosened for it.
    page.evaluate(axe)
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        # Every rule is asked; only what it complains about is told in full.
        for rule in page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]:
            nodes = ", ".join(str(node["target"]) for node in rule["nodes"])
            found.append(f"{page.url} ({scheme}) {rule['id']}: {rule['help']} at {nodes}")
    return found


def test_pages_that_anybody_sees(browser: Browser, running: Running, axe: str, locale: str) -> None:
    stranger = visitor(browser, running, locale=locale)
    assert complaints_at(stranger, STRANGERS, axe) == []
    stranger.context.close()


def test_a_persons_pages(person: Visitor, axe: str) -> None:
    assert complaints_at(person, PERSONS, axe) == []


def paths_of_one_thing(who: Visitor) -> list[str]:
    """An activity, a skill, and where their pages lead."""
    found: list[str] = []
    for listing in ONE_THING:
        who.goto(listing)
        who.page.locator("main li h2 a").first.click()
        paths = who.page.eval_on_selector_all(
            "main a", "links => links.map((a) => new URL(a.href)).map((a) => a.pathname + a.search)"
        )
        assert len(paths) > 3
        found += [who.page.url.removeprefix(who.running.app.rstrip("/")), *paths]
    return list(dict.fromkeys(found))


def test_the_pages_of_one_thing(person: Visitor, axe: str) -> None:
    assert complaints_at(person, paths_of_one_thing(person), axe) == []


def test_answers_to_forms(person: Visitor, axe: str) -> None:
    page = person.page
    # An activity that ends before it starts.
    person.goto("/activities/new")
    page.locator("[name=title]").fill("Repair café")
    page.locator("[name=sphere]").select_option(value=str(terms.SPHERE_VOLUNTEERING))
    page.locator("[name=startDate]").fill("2024-05")
    page.locator("[name=endDate]").fill("2023")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#problems")).to_be_focused()
    assert complaints(page, axe) == []
    # Time that nothing in the bag fits, and a line that says no time.
    for line in ("2 h 30 quelque chose", "quelque chose"):
        person.goto("/time/")
        page.locator("#line").fill(line)
        page.locator("#line").press("Enter")
        page.wait_for_url("**/time/")
        assert complaints(page, axe) == []
    # What will be seen, before it is.
    person.goto("/shares/new")
    page.locator("#activity-choices input").first.check()
    page.locator("#skill-choices input").first.check()
    page.locator("[name=recipient]").fill(person.running.account("organisation")["webid"])
    page.locator("[name=purpose]").select_option(value=str(terms.PURPOSE_VOLUNTEERING_PLACEMENT))
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("article.dossier")).to_be_visible()
    for folded in page.locator("main summary").all():
        folded.click()
    assert complaints(page, axe) == []
    # What follows a yes: the share, its receipt, who can see what; then it is closed.
    page.locator("form[action='/shares/'] button").click()
    expect(page.locator("#link")).to_be_visible()
    assert complaints(page, axe) == []
    itself = page.url.removeprefix(person.running.app.rstrip("/")).partition("?")[0]
    assert complaints_at(person, (f"{itself}/receipt", f"/shares/new?again={itself.rpartition('/')[2]}"), axe) == []
    person.goto("/shares/who/")
    page.locator("main summary").first.click()
    assert complaints(page, axe) == []
    person.goto(itself)
    page.locator("form[action$='/revoke'] button").click()
    page.wait_for_load_state()


def test_an_organisations_pages(browser: Browser, running: Running, axe: str, locale: str) -> None:
    organisation = visitor(browser, running, locale=locale)
    organisation.sign_in("organisation")
    root = running.account("person")["webid"].partition("profile")[0] + "musette/"
    refused = "/granted/dossier?" + urlencode({"url": root + "activities.ttl"})
    assert complaints_at(organisation, (*ORGANISATIONS, refused), axe) == []
    organisation.context.close()
