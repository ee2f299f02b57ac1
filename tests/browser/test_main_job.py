"""The main job, end to end, as two people do it in two browsers: keep, show exactly what was chosen, close."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from tests.browser.conftest import Running, Visitor, visitor

pytestmark = [pytest.mark.browser, pytest.mark.css]


@pytest.fixture(scope="module")
def person(browser: Browser, running: Running) -> Iterator[Visitor]:
    made = visitor(browser, running)
    made.sign_in("person")
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def organisation(browser: Browser, running: Running) -> Iterator[Visitor]:
    made = visitor(browser, running)
    made.sign_in("organisation")
    yield made
    made.context.close()


def as_program(running: Running, role: str) -> Pod:
    account = running.account(role)
    outgoing = Outgoing(frozenset({f"localhost:{running.pod_port}"}))
    client = oidc.Client(account["client_id"], account["client_secret"])
    issuer = running.said["pod"]
    return Pod(outgoing, account["webid"], oidc.ClientCredentials(outgoing, issuer, client, account["webid"]))


def test_a_person_sees_the_career_that_was_imported(person: Visitor) -> None:
    person.goto("/")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Ma musette")
    expect(person.page.locator("svg").get_by_text("General Manager").first).to_be_visible()


def test_the_main_job(  # noqa: PLR0915  (one story, told in order)
    person: Visitor, organisation: Visitor, running: Running
) -> None:
    page = person.page
    # An activity that no CV shows, and two and a half hours of it.
    person.goto("/activities/new")
    page.get_by_label("Titre").fill("Repair café")
    page.get_by_label("Sphère").select_option(label="Bénévolat")
    page.get_by_label("Début").fill("2024")
    page.get_by_role("button", name="Mettre dans la musette").click()
    expect(page.get_by_role("link", name="Repair café").first).to_be_visible()
    person.goto("/")
    page.get_by_label("À quoi avez-vous passé du temps").fill("2 h 30 repair café hier")
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_role("cell", name="Repair café").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("2 h 30")

    # A skill, in one's own words, with something that shows it.
    person.goto("/skills/new")
    page.get_by_label("Compétence", exact=True).fill("Réparer un grille-pain")
    page.get_by_label("Je fais en autonomie").check()
    page.get_by_label("Repair café").check()
    page.get_by_text("Ajouter une preuve").click()
    page.locator("[name=evidence-title]").fill("Photographies de l’atelier")
    page.locator("[name=evidence-url]").fill("https://example.org/atelier")
    page.get_by_role("button", name="Mettre dans la musette").click()
    expect(page.locator("main")).to_contain_text("Réparer un grille-pain")

    # Shown to one organisation: what it will see comes first.
    person.goto("/shares/new")
    page.locator("#activity-choices").get_by_label("Repair café").check()
    page.locator("#skill-choices").get_by_label("Réparer un grille-pain").check()
    page.get_by_label("Pour qui").fill(running.account("organisation")["webid"])
    page.get_by_label("Pour quoi faire").select_option(value=str(terms.PURPOSE_VOLUNTEERING_PLACEMENT))
    page.get_by_role("button", name="Regarder ce qui sera vu").click()
    previewed = page.locator("main")
    expect(previewed).to_contain_text("Repair café")
    expect(previewed).not_to_contain_text("General Manager")
    page.get_by_role("button", name="Oui, ouvrir ce dossier").click()
    address = page.locator("#link").input_value()
    assert "/shares/" in address

    # The organisation reads it, in another browser, and nothing else.
    theirs = organisation.page
    organisation.goto("/granted/")
    theirs.get_by_role("link", name="Mes activités et mes compétences").first.click()
    expect(theirs.locator("main")).to_contain_text("Réparer un grille-pain")
    read = parse_qs(urlsplit(theirs.url).query)["url"][0]
    expect(theirs.locator("main")).not_to_contain_text("General Manager")
    for name in ("JSON-LD", "CSV"):
        with theirs.expect_download() as download:
            theirs.get_by_role("link", name=name).click()
        assert "Repair café" in Path(download.value.path()).read_text("utf-8-sig")
    pod, other = as_program(running, "person"), as_program(running, "organisation")
    root = (
        address.partition("shares/")[0].partition("url=")[2]
        or running.account("person")["webid"].partition("profile")[0]
    )
    root = running.account("person")["webid"].partition("profile")[0] + "musette/"
    for private in ("activities.ttl", "skills.ttl", "musette.ttl", "", "shares/", "grants/"):
        assert other.send("GET", root + private).status == 403
        assert pod.anonymous().send("GET", root + private).status == 401
    organisation.goto("/granted/dossier?url=" + root + "activities.ttl")
    expect(theirs.locator("main")).to_contain_text("Ce document ne vous est pas ouvert")

    # Closed: refused at once.
    person.goto("/shares/")
    page.get_by_role("button", name="Fermer le partage").first.click()
    expect(page.locator("main")).to_contain_text("Fermé")
    theirs.go_back()
    organisation.goto("/granted/")
    over = theirs.get_by_role("region", name="Terminés\u00a0: supprimez ce que vous avez gardé")
    expect(over).to_contain_text("Mes activités et mes compétences")
    organisation.goto("/granted/dossier?url=" + read)
    expect(theirs.locator("main")).to_contain_text("Ce document ne vous est pas ouvert")
    expect(theirs.locator("main")).not_to_contain_text("Réparer un grille-pain")
    assert other.send("GET", read).status in {403, 404}


def test_the_same_in_english(browser: Browser, running: Running) -> None:
    reader = visitor(browser, running, locale="en-GB")
    reader.sign_in("person")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("My bag")
    reader.goto("/activities/")
    expect(reader.page.locator("main")).to_contain_text("Volunteering")
    reader.context.close()


def test_it_works_without_script_and_on_a_small_phone(browser: Browser, running: Running) -> None:
    # The provider's own pages need script: sign in with it, then go on without.
    signed = visitor(browser, running)
    signed.sign_in("person")
    state = signed.context.storage_state()
    signed.context.close()
    context = browser.new_context(
        storage_state=state, java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="fr-FR"
    )
    small = Visitor(context, context.new_page(), running)
    small.goto("/")
    small.page.get_by_label("À quoi avez-vous passé du temps").fill("45 min data volunteer hier")
    small.page.get_by_role("button", name="Noter").click()
    expect(small.page.locator("main")).to_contain_text("45 min")
    context.close()


def test_signing_out_ends_it(browser: Browser, running: Running) -> None:
    leaver = visitor(browser, running)
    leaver.sign_in("person", anew=True)
    cookies = leaver.context.cookies()
    leaver.page.get_by_role("button", name="Se déconnecter").click()
    # Somebody who kept the cookie.
    leaver.context.add_cookies([{"name": c["name"], "value": c["value"], "url": running.app} for c in cookies])
    leaver.goto("/activities/")
    expect(leaver.page).to_have_url(re.compile("/signin"))
    leaver.context.close()


def test_killing_the_application_and_deleting_all_but_the_pods_data_loses_nothing(
    browser: Browser, running: Running
) -> None:
    pod = as_program(running, "person")
    root = running.account("person")["webid"].partition("profile")[0] + "musette/"
    before = pod.send("GET", root + "activities.ttl").body
    running.process.kill()
    running.process.wait()
    for path in running.data.iterdir():
        if path.name not in {"pod", "pod-server.json"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    running.restart()
    assert as_program(running, "person").send("GET", root + "activities.ttl").body == before
    again = visitor(browser, running)
    again.sign_in("person")
    expect(again.page.locator("svg").get_by_text("General Manager").first).to_be_visible()
    again.context.close()


def test_a_second_start_says_the_same_and_ctrl_c_ends_both(running: Running) -> None:
    said = json.dumps(running.said, sort_keys=True)
    running.stop()
    running.restart()
    assert json.dumps(running.said, sort_keys=True) == said
