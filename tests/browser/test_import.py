"""From the archive that LinkedIn gives to a trajectory that can be read: at most three actions."""

import base64
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, expect

from musette_solid.usecases import set_up
from musette_solid.usecases.layout import Bag
from tests.browser.conftest import Running, visitor
from tests.browser.test_accessibility import complaints
from tests.conftest import pod_of
from tests.exchange.test_linkedin import archive
from tests.usecases.test_import_cut import cut
from tests.usecases.test_import_formats import career

pytestmark = [pytest.mark.browser, pytest.mark.css]


def test_a_linkedin_archive_becomes_a_trajectory_in_three_actions(
    browser: Browser, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "Basic_LinkedInDataExport_06-06-2026.zip"
    file.write_bytes(archive())
    person = visitor(browser, running)
    person.sign_in("person")
    person.goto("/import/")
    page = person.page
    page.get_by_label("Un fichier, tel que vous l’avez reçu").set_input_files(file)  # 1
    page.get_by_role("button", name="Regarder ce qu’il contient").click()  # 2
    expect(page.get_by_text("Positions.csv, ligne 2")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Écrire dans mon espace").click()  # 3
    expect(page.locator("svg").get_by_text("Soudeuse").first).to_be_visible(timeout=20_000)
    # And back, in one gesture: the demo is as it was.
    page.get_by_role("button", name="Annuler l’import").click()
    expect(page.get_by_text("L’import a été annulé")).to_be_visible(timeout=20_000)
    person.context.close()


def test_a_spreadsheet_that_is_dropped_is_explained_once_by_keyboard(browser: Browser, running: Running) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Quoi", "Quand", "Chez"],
        ["Accueil", "03/04/2019", "Club démo"],
        ["Caisse", "05/04/2019", "Club démo"],
    ):
        sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    person = visitor(browser, running)
    person.sign_in("person")
    person.goto("/import/")
    page = person.page
    dropped = page.evaluate_handle(
        """(text) => { const carried = new DataTransfer();
        carried.items.add(new File([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], "t.xlsx")); return carried; }""",
        base64.b64encode(saved.getvalue()).decode(),
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main form", event, {"dataTransfer": dropped})
    page.get_by_role("button", name="Regarder ce qu’il contient").press("Enter")
    expect(page.get_by_role("heading", name="Que veulent dire ces colonnes")).to_be_visible(timeout=20_000)
    for column, field in (("Quoi", "title"), ("Quand", "start"), ("Chez", "organisation")):
        page.get_by_label(column, exact=True).select_option(field)
    page.get_by_role("button", name="Regarder ce qu’il contient").press("Enter")
    expect(page.get_by_text("depuis le 3 avril 2019")).to_be_visible(timeout=20_000)
    # What was said may be said again, and is what the form begins with.
    page.get_by_role("button", name="Les colonnes veulent dire autre chose").press("Enter")
    expect(page.get_by_label("Quand", exact=True)).to_have_value("start", timeout=20_000)
    person.context.close()


def bag_of(running: Running, role: str) -> Bag:
    account = running.account(role)
    pod = pod_of(running.said["pod"], account["webid"], account["client_id"], account["client_secret"])
    bag = set_up.find(pod)
    assert bag is not None
    return bag


def test_an_import_that_was_cut_goes_on_or_is_taken_back_in_one_action(
    browser: Browser, running: Running, peers: Path
) -> None:
    bag = bag_of(running, "person")
    past = datetime.now(UTC) - timedelta(minutes=5)
    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    for width, action, said in (
        (1280, "Reprendre là où il s’est arrêté", "L’import est fait"),
        (360, "Annuler l’import", "L’import a été annulé"),
    ):
        cut(bag, bag.pod.transport, "activities.ttl", career(3, 2), at=past)
        person = visitor(browser, running, width=width)
        person.sign_in("person")
        page = person.page
        person.goto("/import/")
        card = page.locator("section.card", has=page.get_by_role("heading", name="a été coupé au milieu"))
        expect(card).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints(page, axe) == []
        card.get_by_role("button", name=action).click()
        expect(page.get_by_text(said).first).to_be_visible(timeout=20_000)
        person.goto("/activities/")
        expect(page.get_by_text("Job 1", exact=True)).to_have_count(1 if width == 1280 else 0)
        person.goto("/import/")
        expect(card).to_have_count(0)
        if width == 1280:  # the demo is as it was
            page.get_by_role("button", name="Annuler l’import de cv.json").first.click()
            expect(page.get_by_text("L’import a été annulé")).to_be_visible(timeout=20_000)
        person.context.close()
