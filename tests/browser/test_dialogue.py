"""The whole dialogue, by two people and an organisation, each in a browser of their own, with the keys alone.

In French on a wide screen; in English on the narrowest, and without script.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from musette_solid.embedded import accounts
from tests.browser.conftest import Running, Visitor, visitor

pytestmark = [pytest.mark.browser, pytest.mark.css]


@dataclass
class Hands:
    """Somebody who has no mouse."""

    visitor: Visitor
    axe: str = ""  # what looks at each kind of page the first time that it is seen
    seen: set[str] = field(default_factory=set)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def go(self, path: str) -> None:
        self.visitor.goto(path)
        self.fits()
        # A letterbox that takes more than a moment is waited for on a page of its own.
        while self.page.locator("main progress").count():
            self.page.wait_for_timeout(500)
            self.visitor.goto(path)

    def press(self, selector: str, key: str = "Enter") -> None:
        """Something that the keys reach, pressed."""
        found = self.page.locator(selector).first
        found.focus()
        assert found.evaluate("e => e === document.activeElement && e.tabIndex >= 0"), selector
        if key != "Enter" or found.evaluate("e => e.localName === 'summary'"):
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.fits()

    def type(self, selector: str, text: str) -> None:
        found = self.page.locator(selector).first
        found.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, selector: str, times: int = 1) -> None:
        self.page.locator(selector).first.focus()
        for _ in range(times):
            self.page.keyboard.press("ArrowDown")

    def fits(self) -> None:
        """Nothing is wider than the screen, and the page has its one title."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], (self.page.url, wide)
        expect(self.page.locator("h1")).to_have_count(1)
        kind = re.sub(r"[0-9a-f-]{36}|\?.*", "", self.page.url)
        if self.axe and kind not in self.seen:
            self.seen.add(kind)
            self.page.evaluate(self.axe)
            found = self.page.evaluate("axe.run()")["violations"]
            assert not found, (self.page.url, [(rule["id"], rule["nodes"][0]["html"]) for rule in found])


def sign_in(browser: Browser, running: Running, role: str, *, locale: str, width: int, script: bool) -> Visitor:
    """The provider's own pages need a script; ours do not."""
    with_script = visitor(browser, running, locale=locale, width=width)
    with_script.sign_in(role)
    if script:
        return with_script
    state = with_script.context.storage_state()
    with_script.context.close()
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=False, storage_state=state
    )
    context.set_default_timeout(20_000)
    return Visitor(context, context.new_page(), running)


def another_account(running: Running, role: str) -> None:
    name = f"{role}-{uuid.uuid4().hex[:8]}"
    password = "demo-password"
    made = accounts.create(running.said["pod"], f"{name}@example.org", password, name, person_name="Démo conseil")
    running.said["accounts"] = [one for one in running.said["accounts"] if one["role"] != role] + [
        {"role": role, "webid": made.webid, "email": f"{name}@example.org", "password": password}
    ]


@pytest.fixture(params=[("fr-FR", 1280, True), ("en-GB", 320, False)], ids=["fr wide", "en 320 px without script"])
def people(
    request: pytest.FixtureRequest, browser: Browser, running: Running, peers: Path
) -> Iterator[tuple[Hands, Hands, Hands]]:
    locale, width, script = request.param
    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    another_account(running, "counsellor")
    made = [
        Hands(sign_in(browser, running, role, locale=locale, width=width, script=script), axe if script else "")
        for role in ("person", "organisation", "counsellor")
    ]
    yield made[0], made[1], made[2]
    for one in made:
        one.visitor.context.close()


def with_a_bag(who: Hands) -> None:
    who.go("/setup")
    button = "form[action='/setup'] button[type=submit]"
    if who.page.locator(button).count():  # who has one already is sent home
        who.press(button)


def test_the_whole_dialogue(people: tuple[Hands, Hands, Hands]) -> None:
    person, organisation, counsellor = people
    with_a_bag(organisation)
    link = request_made(organisation)
    share = answered(person, link)
    read_by_the_organisation(organisation)
    prolonged(person)
    commented(person, counsellor)
    closed(person, organisation)
    assert share


def request_made(organisation: Hands) -> str:
    organisation.go("/requests/new")
    organisation.type("[name=title]", "Mission")
    organisation.choose("[name=purpose]")
    organisation.type("[name=days]", "20")
    organisation.type("[name=notice_fr]", "Pour tenir les comptes.")
    organisation.press("main form button[type=submit].button-main")
    expect(organisation.page.locator("img.code")).to_be_visible()
    return organisation.page.locator("#link").input_value()


def answered(person: Hands, link: str) -> str:
    person.page.goto(link)
    person.fits()
    person.press("main a.button-main")
    person.press("#activity-choices input", "Space")
    person.press("#skill-choices input", "Space")
    # Enter in a field does what the last button does.
    person.press("[name=name]")
    expect(person.page.locator("article.dossier")).to_be_visible()
    person.press("form[action='/shares/'] button")
    expect(person.page.locator("#link")).to_be_visible()
    # The account that `musette run` makes for it has asked too.
    expect(person.page.locator(".notice-good").filter(has_text=re.compile("aucun droit|no right"))).to_be_visible()
    return person.page.url


def read_by_the_organisation(organisation: Hands) -> None:
    organisation.go("/granted/")
    organisation.press("main li a[href*='/granted/receipt']")
    expect(organisation.page.locator("main code").filter(has_text="urn:uuid:")).to_have_count(1)
    organisation.go("/granted/")
    organisation.press("main li h2 a")
    expect(organisation.page.locator("article.dossier")).to_be_visible()
    organisation.go("/granted/")
    organisation.press("form[action='/granted/renew'] button")
    expect(organisation.page.locator("#link")).to_be_visible()


def prolonged(person: Hands) -> None:
    person.go("/requests/")
    person.press("main li h2 a")
    person.press("form[action='/requests/renew'] button")
    person.page.wait_for_url("**/shares/*")
    expect(person.page.locator(".notice-good")).to_be_visible()


def commented(person: Hands, counsellor: Hands) -> None:
    webid = counsellor.visitor.running.account("counsellor")["webid"]
    person.go("/shares/new")
    person.press("#activity-choices input", "Space")
    person.type("[name=recipient]", webid)
    person.choose("[name=purpose]")
    person.press("[name=comments]", "Space")
    person.press("form[action='/shares/preview'] button.button-main")
    person.press("form[action='/shares/'] button")
    link, share = person.page.locator("#link").input_value(), person.page.url.partition("?")[0]
    counsellor.page.goto(link)
    counsellor.fits()
    counsellor.type("[name=text]", "Dites combien.")
    counsellor.press("form[action='/granted/comment'] button")
    expect(counsellor.page.locator("main blockquote").filter(has_text="Dites combien.")).to_be_visible()
    person.page.goto(share)
    person.press("form[action$='/comments/keep'] button")
    person.press("main details:has(textarea) summary")
    person.type("form[action$='/comments/answer'] textarea", "Douze.")
    person.press("form[action$='/comments/answer'] button")
    counsellor.page.goto(link)
    expect(counsellor.page.locator("main blockquote").filter(has_text="Douze.")).to_be_visible()


def closed(person: Hands, organisation: Hands) -> None:
    organisation.go("/granted/")
    organisation.press("main li h2 a")
    dossier = organisation.page.url
    person.go("/shares/who/")
    expect(person.page.locator(".sight-effective").first).to_be_visible()
    while person.page.locator("main form[action$='/revoke']").count():
        person.press("main form[action$='/revoke'] button")
        person.go("/shares/who/")
    expect(person.page.locator(".sight-effective")).to_have_count(0)
    organisation.page.goto(dossier)
    expect(organisation.page.locator("article.dossier")).to_have_count(0)
    before = words(person)
    organisation.go("/granted/")
    organisation.press("form[action='/granted/deleted'] button")
    expect(organisation.page.locator(".notice-good")).to_be_visible()
    assert words(person) == before + 1


def words(person: Hands) -> int:
    """On how many shares it is read that their recipient says to have deleted what they kept."""
    person.go("/shares/")
    said = re.compile("destinataire dit avoir supprimé|They say that they deleted")
    found = 0
    for share in person.page.locator("main li h2 a").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        person.go(share)
        found += person.page.locator("dd").filter(has_text=said).count()
    return found
