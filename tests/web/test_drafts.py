"""What a person typed survives an expired session, a refused write and a lost network; and nobody else finds it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from werkzeug.serving import make_server

from musette_solid.model.request import Need
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import ask, set_up
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.web import Config, create_app, notices
from tests.web.conftest import NOW, Somebody

pytestmark = pytest.mark.browser

TYPED = "Atelier vélo, CANARY à moitié écrit"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('musette-draft:')).length"


@dataclass
class Site:
    url: str
    who: Somebody | None


@pytest.fixture
def site(bag: Bag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application on a port of this machine; `who` is signed in."""
    server = make_server("127.0.0.1", 0, Flask("none"), threaded=True)
    made = Site(f"http://localhost:{server.server_port}", Somebody(bag.pod, bag))
    config = Config(base_url=made.url, data=tmp_path_factory.mktemp("app"))
    server.app = create_app(config, lambda: made.who)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en-GB")
    yield made
    made.close()


def typed(context: BrowserContext, site: Site) -> Page:
    """Somebody has begun to add an activity."""
    page = context.new_page()
    page.goto(site.url + "/activities/new")
    expect(page.get_by_text("kept in this browser until it is saved")).to_be_visible()
    page.locator("[name=title]").fill(TYPED)
    page.locator("[name=sphere]").first.select_option(index=4) if page.locator("select[name=sphere]").count() else (
        page.locator("[name=sphere]").nth(3).check()
    )
    wait_for_drafts(page, 1)
    return page


def wait_for_drafts(page: Page, count: int) -> None:
    """The page's own rules forbid the browser to look by itself."""
    for _ in range(100):
        if page.evaluate(KEPT) == count:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{page.evaluate(KEPT)} drafts, not {count}")


def save(page: Page) -> None:
    page.locator("form[data-draft] button[type=submit]").click()


def offered_again(page: Page, site: Site) -> None:
    page.goto(site.url + "/activities/new")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=title]")).to_have_value(TYPED)


def titles(bag: Bag) -> list[str]:
    return [activity.title for activity in list_activities(bag).activities]


def test_what_is_saved_leaves_no_draft(context: BrowserContext, site: Site, bag: Bag) -> None:
    page = typed(context, site)
    save(page)
    expect(page.get_by_text("The activity is in your bag.")).to_be_visible()
    wait_for_drafts(page, 0)
    assert titles(bag) == [TYPED]
    page.goto(site.url + "/activities/new")
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


def test_an_expired_session_loses_nothing(context: BrowserContext, site: Site, bag: Bag) -> None:
    page = typed(context, site)
    who, site.who = site.who, None
    save(page)
    expect(page.locator("h1")).to_contain_text("what you typed is kept")
    assert titles(bag) == []
    site.who = who
    # The tab was closed: the browser has it still.
    again = context.new_page()
    page.close()
    offered_again(again, site)
    save(again)
    expect(again.get_by_text("The activity is in your bag.")).to_be_visible()
    wait_for_drafts(again, 0)
    assert titles(bag) == [TYPED]


def test_an_expired_session_loses_nothing_without_script(browser: Browser, site: Site, bag: Bag) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + "/activities/new")
    page.locator("[name=title]").fill(TYPED)
    choice = page.locator("select[name=sphere]")
    choice.select_option(index=4) if choice.count() else page.locator("[name=sphere]").nth(3).check()
    who, site.who = site.who, None
    page.locator("form.form button[type=submit]").click()
    expect(page.get_by_text(TYPED)).to_be_visible()
    site.who = who
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("The activity is in your bag.")).to_be_visible()
    assert titles(bag) == [TYPED]
    context.close()


def test_a_refused_write_loses_nothing(context: BrowserContext, site: Site, server: MemoryPod, bag: Bag) -> None:
    page = typed(context, site)

    def full(request: Request) -> Response | None:
        return Response(request.url, 507, {}) if request.method in {"PUT", "PATCH"} else None

    server.instead = full
    save(page)
    expect(page.get_by_text("There is not enough room left in the space.")).to_be_visible()
    server.instead = lambda _request: None
    offered_again(page, site)
    save(page)
    expect(page.get_by_text("The activity is in your bag.")).to_be_visible()
    assert titles(bag) == [TYPED]


def test_a_lost_network_loses_nothing(context: BrowserContext, site: Site, bag: Bag) -> None:
    page = typed(context, site)
    context.set_offline(True)
    try:
        save(page)
        page.wait_for_timeout(300)
    except Error:
        pass  # the browser's own page, which is not ours
    context.set_offline(False)
    assert titles(bag) == []
    offered_again(page, site)
    save(page)
    expect(page.get_by_text("The activity is in your bag.")).to_be_visible()
    assert titles(bag) == [TYPED]


def test_whoever_comes_next_finds_nothing_to_read(context: BrowserContext, site: Site, server: MemoryPod) -> None:
    page = typed(context, site)
    raw = page.evaluate("JSON.stringify({...localStorage})")
    assert "musette-draft:" in raw
    assert "CANARY" not in raw
    assert "Atelier" not in raw
    other = server.create_pod("other", "Other")
    pod = server.pod_for(other.webid)
    site.who = Somebody(pod, set_up.create(pod, other.storage, NOW))
    page.goto(site.url + "/activities/new")
    expect(page.get_by_text("kept in this browser until it is saved")).to_be_visible()
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


def test_signing_out_removes_every_draft(context: BrowserContext, site: Site) -> None:
    page = typed(context, site)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(site.url + "/")
    assert page.evaluate(KEPT) == 0


def test_a_draft_can_be_discarded_and_an_unchanged_form_keeps_none(context: BrowserContext, site: Site) -> None:
    page = typed(context, site)
    page.goto(site.url + "/activities/new")
    page.get_by_role("button", name="Discard it").click()
    assert page.evaluate(KEPT) == 0
    page.locator("[name=title]").fill("x")
    wait_for_drafts(page, 1)
    page.locator("[name=title]").fill("")
    wait_for_drafts(page, 0)


def test_an_old_draft_goes_by_itself(context: BrowserContext, site: Site) -> None:
    page = typed(context, site)
    page.evaluate(
        "for (const [name, kept] of Object.entries(localStorage)) localStorage.setItem(name, JSON.stringify({...JSON.parse(kept), at: Date.now() - 8 * 24 * 3600 * 1000}))"
    )
    page.goto(site.url + "/activities/new")
    expect(page.get_by_text("kept in this browser until it is saved")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_any_form_with_words_of_ones_own_keeps_them(context: BrowserContext, site: Site, bag: Bag) -> None:
    page = context.new_page()
    page.goto(site.url + "/rights/facts")
    form = page.locator("form#add")
    form.locator("input[type=text], textarea").first.fill("CANARY words")
    wait_for_drafts(page, 1)
    page.goto(site.url + "/rights/facts")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("form#add input[type=text], form#add textarea").first).to_have_value("CANARY words")


def test_a_form_that_came_back_with_all_that_was_typed_offers_nothing_and_stays_kept(
    context: BrowserContext, site: Site, bag: Bag
) -> None:
    """Ticking what fits is no loss: nothing is to be put back, and a tab that is closed then loses nothing either."""
    log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    page = context.new_page()
    page.goto(site.url + "/shares/new")
    page.get_by_text("Tick many at once").click()
    page.locator("[name=pick_words]").fill("trésorerie")
    page.locator("[name=note]").fill(TYPED)
    wait_for_drafts(page, 1)
    page.get_by_role("button", name="Tick what fits").click()
    expect(page.get_by_text("kept in this browser until it is saved")).to_be_visible()
    expect(page.locator("[name=activity]")).to_be_checked()
    expect(page.locator("[name=note]")).to_have_value(TYPED)
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    page.goto(site.url + "/shares/new")
    expect(page.locator("[name=activity]")).not_to_be_checked()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=activity]")).to_be_checked()
    expect(page.locator("[name=note]")).to_have_value(TYPED)


def test_a_draft_about_one_thing_is_not_offered_for_another(
    context: BrowserContext, site: Site, server: MemoryPod
) -> None:
    other = server.create_pod("association", "Association")
    theirs = set_up.create(server.pod_for(other.webid), other.storage, NOW)
    notice = {"en": "To know you."}
    asked = [
        ask.ask(theirs, title, terms.PURPOSE_RECRUITMENT, 30, (Need(terms.Activity),), notice, NOW) for title in "AB"
    ]
    one, two = (f"{site.url}/requests/open?url={quote(made.request.iri, safe='')}" for made in asked)
    page = context.new_page()
    page.goto(one)
    page.get_by_text("Ask them something first").click()
    page.locator("#f-words").fill("CANARY question")
    wait_for_drafts(page, 1)
    assert "request" not in page.evaluate("Object.keys(localStorage).join().split('#')[1]")
    page.goto(two)
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    page.goto(one)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#f-words")).to_have_value("CANARY question")


def test_what_is_saved_elsewhere_leaves_a_draft_that_was_not(context: BrowserContext, site: Site, bag: Bag) -> None:
    """A form was sent and the network went; then another one was saved."""
    page = typed(context, site)
    context.set_offline(True)
    with suppress(Error):
        save(page)
        page.wait_for_timeout(300)
    context.set_offline(False)
    page.goto(site.url + "/skills/new")
    page.locator("[name=prefLabel]").first.fill("Souder")
    save(page)
    expect(page.get_by_text("The skill is in your bag.")).to_be_visible()
    wait_for_drafts(page, 1)
    offered_again(page, site)


def test_a_sentence_says_that_something_was_saved_unless_it_says_what_was_found_or_ended() -> None:
    said = {name for name in notices.SENTENCES if not notices.is_saved(name)}
    assert {"activity-added", "skill-added", "shared", "time-logged"} & said == set()
    assert {"settled-left", "not-whole", "signed-out"} <= said
