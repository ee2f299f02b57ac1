"""A page for everybody, in real browsers: made by one person, seen by a stranger, without a script and without anybody else."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, visitor
from tests.browser.test_accessibility import complaints

pytestmark = [pytest.mark.browser, pytest.mark.css]


def _heard(page: Page) -> tuple[list[str], list[str]]:
    """What a page asks for, and what a browser complains about."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    return asked, said


def test_a_page_is_published_seen_and_withdrawn(browser: Browser, running: Running, peers: Path) -> None:
    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    person = visitor(browser, running)
    person.sign_in("person")
    page = person.page
    person.goto("/portfolio/")
    page.get_by_label("En une ligne").fill("Ce que je sais faire")
    page.locator("#activity-choices input").first.check()
    page.locator("#skill-choices input").first.check()
    page.get_by_role("button", name="Regarder la page").click()
    inside = page.frame_locator("iframe.page-frame")
    expect(inside.get_by_role("heading", level=1)).to_be_visible()
    expect(inside.get_by_text("Ce que je sais faire")).to_be_visible()
    assert complaints(page, axe) == []
    page.get_by_role("button", name="Oui, la publier").click()
    address = page.locator("main a code").first.text_content() or ""
    assert complaints(page, axe) == []

    for width, scheme in ((1280, "light"), (360, "dark")):
        stranger = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        seen = stranger.new_page()
        asked, said = _heard(seen)
        answer = seen.goto(address)
        assert answer is not None
        assert answer.headers["content-type"].startswith("text/html")
        expect(seen.get_by_role("heading", level=1)).to_be_visible()
        assert [url for url in asked if not url.startswith("data:")] == [address]
        assert said == []
        assert seen.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.evaluate("document.fonts.check('20px Besley')")
        assert complaints(seen, axe) == []
        stranger.close()

    page.get_by_role("button", name="La retirer maintenant").click()
    expect(page.get_by_text("il n’y a plus rien à voir")).to_be_visible()
    stranger = browser.new_context()
    gone = stranger.new_page().goto(address)
    assert gone is not None
    assert gone.status in {401, 403, 404, 410}
    stranger.close()
    person.context.close()
