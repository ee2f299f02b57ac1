"""L2-axe: what axe-core finds on every page, in both languages, wide by day and narrow by night. Nothing is wanted."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from musette_solid.embedded import server
from tests import npm
from tests.browser import test_accessibility as pages
from tests.browser.conftest import start, visitor
from tests.conftest import PEERS, QUIET
from tests.figures import Figure


def figures() -> list[Figure]:
    axe = (npm.installed(PEERS, "interop") / "node_modules" / "axe-core" / "axe.min.js").read_text()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = start(Path(folder) / "run", server.free_port(), server.free_port())
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=QUIET
        )
        try:
            found: list[str] = []
            looked = 0
            for locale in pages.LOCALES.values():
                for role, paths in (
                    ("", pages.STRANGERS),
                    ("person", pages.PERSONS),
                    ("organisation", pages.ORGANISATIONS),
                ):
                    who = visitor(browser, running, locale=locale)
                    if role:
                        who.sign_in(role)
                    each = dict.fromkeys((*paths, *(pages.paths_of_one_thing(who) if role == "person" else ())))
                    looked += 2 * len(each)
                    found += pages.complaints_at(who, each, axe)
                    who.context.close()
        finally:
            browser.close()
            running.stop()
    for line in found:
        sys.stderr.write(line + "\n")
    what = f"violations that axe finds on {looked} views of pages: two languages, 1280 light and 360 dark"
    return [Figure("L2-axe", what, len(found), "faults", "= 0", not found)]
