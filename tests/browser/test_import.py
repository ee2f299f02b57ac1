"""From the archive that LinkedIn gives to a trajectory that can be read: at most three actions."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Running, visitor
from tests.exchange.test_linkedin import archive

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
    expect(page.get_by_text("Positions.csv, ligne 2")).to_be_visible()
    page.get_by_role("button", name="Écrire dans mon espace").click()  # 3
    expect(page.locator("svg").get_by_text("Soudeuse").first).to_be_visible()
    # And back, in one gesture: the demo is as it was.
    page.get_by_role("button", name="Annuler l’import").click()
    expect(page.get_by_text("L’import a été annulé")).to_be_visible()
    person.context.close()
