"""A day without a mouse: the page of the day, an hour logged, a note, a goal, the trajectory from a life to a week."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, Visitor, visitor

pytestmark = [pytest.mark.browser, pytest.mark.css]

#: What has the focus: its name for everybody, whether it is seen to have it, and where it is on the screen.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const label = e.labels && e.labels[0] ? e.labels[0].textContent : '';
  return {
    name: (e.getAttribute('aria-label') || label || e.textContent || e.value || '').trim().replace(/\\s+/g, ' '),
    id: e.id, tag: e.tagName, href: e.getAttribute('href') || '',
    seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
    shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture
def person(browser: Browser, running: Running) -> Iterator[Visitor]:
    made = visitor(browser, running)
    made.sign_in("person")
    yield made
    made.context.close()


def tab_to(page: Page, name: str = "", *, id_: str = "", href: str = "", most: int = 120) -> None:
    """Tab until it has the focus; wherever the focus was on the way, it could be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            continue
        assert at["seen"], f"the focus cannot be seen at {at}"
        if (id_ and at["id"] == id_) or (name and at["name"].startswith(name)) or (href and href in at["href"]):
            assert at["shown"], f"the focus is out of sight at {at}"
            return
    pytest.fail(f"no way by keyboard to {name or id_ or href} at {page.url}")


def follow(page: Page, name: str = "", *, href: str = "") -> None:
    tab_to(page, name, href=href)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_day_without_a_mouse(person: Visitor) -> None:
    page = person.page
    page.mouse.move(0, 0)
    person.goto("/")
    # The first key leads past the menu, and the menu to the page of the day.
    page.keyboard.press("Tab")
    assert "#" in page.evaluate(FOCUSED)["href"]
    follow(page, name="Aujourd’hui")
    expect(page.locator("h1")).to_be_visible()

    # An hour.
    tab_to(page, id_="line")
    page.keyboard.type("30 min general manager")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("30 min")

    # A note, with how it was: arrows choose among words.
    follow(page, name="Recul")
    follow(page, name="Journal")
    tab_to(page, id_="note")
    page.keyboard.type("Écrit sans souris.")
    tab_to(page, name="Porté")
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        tab_to(page, name="Garder")
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Écrit sans souris.")
    expect(page.locator("main")).to_contain_text("Serein")

    # A goal, with a step.
    follow(page, name="Recul")
    follow(page, name="Objectifs")
    follow(page, href="/goals/new")
    tab_to(page, id_="f-title")
    page.keyboard.type("Passer la main")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, name="Ce qui est à faire")
    page.keyboard.type("Écrire le mode d’emploi")
    tab_to(page, name="Pour quand")
    page.keyboard.type((datetime.now(UTC).date() + timedelta(days=5)).isoformat())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Écrire le mode d’emploi")

    # The trajectory, from a life to a week; its table opens with a key.
    follow(page, name="Recul")
    follow(page, name="Ma trajectoire")
    tab_to(page, name="La même chose en tableau")
    page.keyboard.press("Enter")
    expect(page.locator("figure.trajectory table").first).to_be_visible()
    person.goto("/trajectory/")
    follow(page, name="2021")
    follow(page, name="mars")
    follow(page, name="Semaine du")
    expect(page.locator("h2#hours")).to_be_visible()
    follow(page, name="Toute la vie")
    assert page.url.endswith("/trajectory/")


#: Forms that need something, and where each says what is missing ("": in a sentence alone).
NEEDING = {
    "/activities/new": {"f-title", "f-sphere"},
    "/skills/new": {"f-prefLabel"},
    "/people/new": {"f-fn"},
    "/shares/new": {"f-recipient", "f-purpose", "f-items"},
    "/requests/new": {"f-title", "f-purpose"},
    "/journal/": {"f-description"},
    "/import/": set(),
    "/methods/bring": set(),
}


@pytest.mark.parametrize("path", NEEDING)
def test_after_an_error_the_focus_is_on_what_to_correct_and_its_links_lead_there(person: Visitor, path: str) -> None:
    page = person.page
    person.goto(path)
    form = page.locator("main form[method=post]").first
    form.evaluate("form => { form.noValidate = true; }")  # as a browser that checks nothing by itself
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        form.locator("button[type=submit]").last.click()
    assert answered.value.status == 422
    expect(page.locator("#problems")).to_be_focused()
    links = page.locator("#problems a")
    assert {str(link.get_attribute("href")) for link in links.all()} == {f"#{target}" for target in NEEDING[path]}
    for link in links.all():
        place = page.locator(str(link.get_attribute("href")))
        link.focus()
        page.keyboard.press("Enter")
        if place.evaluate("place => place.tabIndex < 0"):  # a group of boxes: the next key is in it
            page.keyboard.press("Tab")
        assert place.evaluate("place => place.contains(document.activeElement)"), link.inner_text()
