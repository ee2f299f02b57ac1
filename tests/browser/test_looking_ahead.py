"""From an imported career to what comes next: a method, a skill, a goal with steps, a note, what it is worth, an offer, the day.

Told in one browser without script first, because none of it needs any, and then looked at by axe where things were filled in.
"""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from musette_solid import shipped
from musette_solid.pod import access, containers, oidc, resources
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from tests.browser.conftest import Running, Visitor, visitor
from tests.web.elsewhere import running_site

TODAY = datetime.now(UTC).date()

pytestmark = [pytest.mark.browser, pytest.mark.css]


@pytest.fixture(scope="module")
def person(browser: Browser, running: Running) -> Iterator[Visitor]:
    made = visitor(browser, running, script=False)
    # Signing in passes by the provider's own pages, which need their scripts.
    with_script = visitor(browser, running)
    with_script.sign_in("person")
    made.context.add_cookies(with_script.context.cookies())  # type: ignore[arg-type]  # what it gave is what it takes
    yield made
    with_script.context.close()
    made.context.close()


@pytest.fixture(scope="module")
def offers(running: Running) -> str:
    """A page of offers that the organisation publishes in its own space."""
    account = running.account("organisation")
    outgoing = Outgoing(frozenset({f"localhost:{running.pod_port}"}))
    client = oidc.Client(account["client_id"], account["client_secret"])
    pod = Pod(
        outgoing, account["webid"], oidc.ClientCredentials(outgoing, running.said["pod"], client, account["webid"])
    )
    container = account["webid"].partition("profile/")[0] + "offers/"
    containers.make(pod, container)
    access.publish(pod, container, account["webid"])
    offer = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": "Animation d’un atelier de réparation",
        "description": "<p>Accueillir et réparer.</p>",
        "validThrough": (TODAY + timedelta(days=12)).isoformat(),
        "skills": "Apaiser une file d’attente, parler breton",
    }
    page = (
        "<!doctype html><html lang='fr'><title>Offres</title><script type='application/ld+json'>"
        + json.dumps(offer).replace("</", r"<\/")
        + "</script></html>"
    )
    resources.put(pod, container + "page.html", page.encode(), "text/html", {"If-None-Match": "*"})
    return container + "page.html"


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_from_an_imported_career_to_the_page_of_the_day(person: Visitor, offers: str) -> None:  # noqa: PLR0915  (one story)
    page = person.page
    # The career that was imported is there.
    person.goto("/")
    expect(page.locator("svg").get_by_text("General Manager").first).to_be_attached()

    # One method, step by step; stopped, and taken up again.
    person.goto("/methods/star")
    press(page, "Commencer")
    page.get_by_label("General Manager").first.check()
    press(page, "Continuer")
    page.get_by_label("Avec vos mots").fill("Douze personnes attendaient, et nous étions deux.")
    press(page, "S’arrêter là pour aujourd’hui")
    expect(page.locator("main")).to_contain_text("Douze personnes attendaient")
    page.get_by_role("link", name="La reprendre").click()
    for text in ("La caisse.", "J’ai ouvert une deuxième table.", "Tout le monde est reparti servi."):
        page.get_by_label("Avec vos mots").fill(text)
        press(page, "Continuer")
    page.get_by_label("Une par ligne").fill("Apaiser une file d’attente\nTenir une caisse")
    press(page, "Voir ce que cela donne")
    page.get_by_role("checkbox", name="Apaiser une file d’attente").check()
    press(page, "Garder ce qui est coché, et finir")
    expect(page.locator("main")).to_contain_text("La séance est terminée")
    person.goto("/skills/")
    expect(page.locator("main")).to_contain_text("Apaiser une file d’attente")
    expect(page.locator("main")).not_to_contain_text("Tenir une caisse")

    # A goal with steps; the nearest of all, since the account is one for all stories.
    person.goto("/goals/new")
    page.get_by_label("Titre").fill("Animer un atelier")
    page.get_by_label(re.compile("Pour quand")).fill("2027")
    press(page, "Mettre dans la musette")
    page.get_by_label("Ce qui est à faire").fill("Visiter l’atelier partagé")
    page.get_by_label(re.compile("Pour quand")).fill((TODAY + timedelta(days=2)).isoformat())
    press(page, "Ajouter l’étape")
    expect(page.locator("main")).to_contain_text("Visiter l’atelier partagé")

    # A line in the journal.
    person.goto("/journal/")
    page.locator("#note").fill("J’ai préféré expliquer que réparer.")
    page.get_by_label("Serein").check()
    press(page, "Garder")
    expect(page.locator("main")).to_contain_text("J’ai préféré expliquer que réparer.")

    # What it is worth.
    person.goto("/values/")
    page.get_by_role("link", name="General Manager").first.click()
    for field, weight in (("w-2", 4), ("w-3", 3), ("w-4", 4)):
        page.locator(f"[name={field}][value='{weight}']").check()
    press(page, "Garder")
    expect(page.locator("svg.radar")).to_be_visible()

    # An offer at a watched address, with why it may concern one; kept.
    person.goto("/watch/new")
    page.get_by_label(re.compile("^Nom")).fill("Association démo")
    page.get_by_label(re.compile("^Adresse")).fill(offers)
    press(page, "Mettre dans la musette")
    press(page, "Regarder maintenant")
    offer = page.locator("main li.card", has_text="Animation d’un atelier de réparation")
    expect(offer.locator("dd").first).to_have_text("Apaiser une file d’attente")
    expect(offer).to_contain_text("parler breton")
    offer.get_by_role("button", name=re.compile("^Garder")).click()

    # The page of the day uses them: the offer with the skill that the method gave and what the person said counts, the step of
    # the goal, and since the last visit, the note.
    before = (TODAY - timedelta(days=1)).isoformat()
    person.context.add_cookies([{"name": "musette-day", "value": before, "domain": "localhost", "path": "/day"}])
    person.goto("/day/")
    worth = page.locator("section[aria-labelledby=worth]")
    expect(worth.locator("li.card")).to_have_count(3)
    expect(worth).to_contain_text("Animation d’un atelier de réparation")
    expect(worth).to_contain_text("Elle demande ce que vous savez faire\u00a0: Apaiser une file d’attente.")
    expect(worth).to_contain_text(re.compile("Ce qui compte là pour vous\u00a0: (sens|lien social)"))
    expect(worth).to_contain_text("Visiter l’atelier partagé")
    expect(page.locator("main")).to_contain_text(re.compile(r"Depuis le.*notes? écrites?.*objectifs?"))
    page.locator("#line").fill("45 min general manager")
    press(page, "Noter")
    expect(page.locator("main")).to_contain_text("45 min")


def test_a_what_if_is_seen_beside_today_and_nowhere_else(person: Visitor) -> None:
    page = person.page
    person.goto("/scenarios/")
    page.locator("main a[href*='/scenarios/new?']").first.click()
    page.get_by_label(re.compile("^Et si")).fill("Six mois au chantier")
    press(page, "Mettre dans la musette")
    page.get_by_role("link", name="Supposer une activité").click()
    page.get_by_label("Ce que vous feriez").fill("Tailler des pierres supposées")
    page.get_by_label(re.compile("^Sphère")).select_option(label="Emploi salarié")
    page.get_by_label(re.compile("^Heures par semaine")).fill("12")
    press(page, "Mettre dans la musette")
    beside = page.locator("table.versions").first
    expect(beside).to_contain_text("12\u00a0h par semaine")
    expect(beside).to_contain_text("Aujourd’hui")
    for path in ("/activities/", "/cv/", "/trajectory/"):
        person.goto(path)
        expect(page.locator("main")).not_to_contain_text("pierres supposées")


def test_a_tool_is_passed_on_by_one_person_and_taken_up_by_another(person: Visitor, browser: Browser) -> None:
    page = person.page
    person.goto("/tools/new")
    page.get_by_label(re.compile("^Titre|^Nom")).first.fill("Grille d’entretien")
    press(page, "Mettre dans la musette")
    page.get_by_role("link", name="Le transmettre à d’autres").click()
    press(page, "Voir ce que les autres liraient")
    press(page, "Le publier")
    address = page.locator("main code").inner_text()

    somebody = visitor(browser, person.running)
    somebody.sign_in("organisation")
    somebody.goto("/setup")
    make = somebody.page.locator("main form button[type=submit]")
    if make.count():
        make.first.click()
        somebody.page.wait_for_load_state()
    somebody.goto("/tools/take-up")
    somebody.page.get_by_label("Son adresse").fill(address)
    press(somebody.page, "Le regarder")
    somebody.page.get_by_role("button", name=re.compile("^Le reprendre")).click()
    facts = somebody.page.locator("main dl.facts").first
    expect(facts).to_contain_text("CC BY 4.0")
    expect(facts).to_contain_text(person.running.account("person")["webid"])
    expect(facts).to_contain_text(address)
    somebody.context.close()


def test_filled_pages_are_for_everybody(person: Visitor, peers: Path, browser: Browser) -> None:
    from tests.browser.test_accessibility import complaints_at

    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    with_script = visitor(browser, person.running)
    with_script.context.add_cookies(person.context.cookies())  # type: ignore[arg-type]
    with_script.goto("/methods/")
    session = with_script.page.locator("main a[href*='/methods/session/']").first.get_attribute("href") or ""
    with_script.goto("/goals/")
    goal = with_script.page.locator("main li h2 a").first.get_attribute("href") or ""
    with_script.goto("/values/")
    value = with_script.page.locator("main table a").first.get_attribute("href") or ""
    pages = ("/day/", "/journal/", "/values/", value, "/goals/", goal, "/watch/?show=kept", session, f"{session}/end")
    assert complaints_at(with_script, (*pages, f"{session}/1", f"{session}/2", "/where-time-goes/"), axe) == []
    with_script.context.close()


def test_pages_that_wait_and_what_is_passed_on_are_for_everybody(
    person: Visitor, peers: Path, browser: Browser, running: Running
) -> None:
    from tests.browser.test_accessibility import complaints, complaints_at

    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    who = visitor(browser, running)
    who.context.add_cookies(person.context.cookies())  # type: ignore[arg-type]
    page = who.page
    with running_site(running.elsewhere_port) as site:
        site.slow["/it"] = threading.Event()
        for path, name, button in (
            ("/methods/bring", "Adresse", "La vérifier et la garder"),
            ("/tools/take-up", "Son adresse", "Le regarder"),
        ):
            who.goto(path)
            page.get_by_label(re.compile(f"^{name}")).fill(site.url("/it"))
            press(page, button)
            expect(page.locator("h1")).to_have_text("L’adresse est interrogée")
            assert complaints(page, axe) == []
            press(page, "Ne plus attendre")
            expect(page.locator("main")).to_contain_text("Vous n’avez pas attendu sa réponse")
            assert complaints(page, axe) == []
        who.goto("/watch/new")
        page.get_by_label(re.compile("^Nom")).fill("Lente")
        page.get_by_label(re.compile("^Adresse")).fill(site.url("/it"))
        press(page, "Mettre dans la musette")
        press(page, "Regarder maintenant")
        expect(page.locator("h1")).to_have_text("Les adresses sont interrogées")
        assert complaints(page, axe) == []
        press(page, "Ne plus attendre")
        expect(page.locator("main")).to_contain_text("Vous n’avez pas attendu sa réponse")
        site.slow["/it"].set()
    # A method of somebody else, brought from a file; what others would read of it.
    who.goto("/methods/bring")
    page.locator("#file").set_input_files(shipped.VOCAB / "examples" / "method.ttl")
    press(page, "La vérifier et la garder")
    page.wait_for_url("**/methods/m-*")
    key = page.url.rpartition("/")[2]
    licence = "https://creativecommons.org/licenses/by/4.0/"
    own = (f"/methods/{key}", f"/methods/own/{key}/pass-on", f"/methods/own/{key}/pass-on?licence={licence}")
    assert complaints_at(who, (*own, f"/methods/own/{key}/sheet"), axe) == []
    # What was said is taken back; what is asked before a dimension goes.
    who.goto("/values/")
    page.locator("main table a").first.click()
    page.locator("#own").fill("la voix que cela donne")
    page.locator("[name=own-weight][value='3']").check()
    press(page, "Garder")
    page.locator("main summary").click()
    assert complaints(page, axe) == []
    who.goto("/values/")
    page.locator("a[href*='/values/dimension/']").first.click()
    assert complaints(page, axe) == []
    press(page, "Supprimer")
    expect(page.locator("h1")).to_have_text("La dimension a été supprimée")
    press(page, "Annuler")
    expect(page.locator("main")).to_contain_text("la voix que cela donne")
    who.context.close()
