"""Rights, as a person with an imported career lives them: one with its reasons, what is near, a supposed contract, a letter, deadlines."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, expect

from musette_solid.pod import resources
from musette_solid.rdf import syntax
from tests.browser.conftest import Running, Visitor, visitor
from tests.browser.test_accessibility import complaints
from tests.browser.test_main_job import as_program
from tests.model.rights.lives import hours

pytestmark = [pytest.mark.browser, pytest.mark.css]

PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())
#: Pages that look otherwise once a life is in them.
LIVED = (
    *("", "nearly", "facts", "timeline", "letters/", "retirement-quarters", "engagement-account"),
    "suppose?sphere=employment&hours=20&pay=1500&start=2026-01-01&end=2026-06-30&figures=go-on",
)


@pytest.fixture(scope="module")
def person(browser: Browser, running: Running) -> Iterator[Visitor]:
    made = visitor(browser, running)
    made.sign_in("person")
    yield made
    made.context.close()


def insert(running: Running, document: str, turtle: str) -> None:
    pod = as_program(running, "person")
    url = running.account("person")["webid"].partition("profile")[0] + "musette/" + document
    resources.insert(pod, url, syntax.parse((PREFIXES + turtle).encode(), syntax.TURTLE, url))


def test_the_rights_of_a_life(person: Visitor, running: Running) -> None:  # noqa: PLR0915  (one story, told in order)
    page, main = person.page, person.page.locator("main")
    year = datetime.now(UTC).year
    # A life has volunteering in it: too many hours to type here.
    association = f"""<#fete> a mus:Activity ; dcterms:title "Comité des fêtes" ; mus:sphere mus:sphere-volunteering ;
        schema:roleName "Trésorier" ; schema:startDate "{year - 4}"^^xsd:gYear ; org:organization <#fete-o> .
    <#fete-o> a org:Organization ; foaf:name "Association démo" ."""
    insert(running, "activities.ttl", association)
    insert(running, f"time/{year}.ttl", hours("fete", "<../activities.ttl#fete>", year, 204))

    # The career that was imported is there, and asks.
    person.goto("/rights/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes droits")
    expect(main).to_contain_text("Simulation, non opposable.")

    # An income, from a paper: three quarters, and how much is lacking for the fourth.
    page.get_by_role("link", name="Revenus et faits").click()
    page.get_by_label("De quoi s’agit-il").select_option(label="Salaire brut soumis à cotisations")
    page.get_by_label("Montant").fill("6 988,00 €")
    page.get_by_label("Année, mois ou jour").fill("2024")
    page.get_by_label("Activité").select_option(label="General Manager")
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_role("row", name="Salaire brut soumis à cotisations")).to_contain_text("6\u202f988")
    person.goto("/rights/retirement-quarters")
    expect(main).to_contain_text("6\u202f988\u00a0€ soumis à cotisations → 3\u00a0trimestres")
    expect(main).to_contain_text("Il manque 2\u00a0€ pour un 4e trimestre")
    step = page.locator(".reasons li", has_text="1\u202f747,50\u00a0€").first
    expect(step.get_by_role("link", name="General Manager")).to_have_attribute("href", re.compile("/activities/"))
    expect(step.get_by_role("link", name="CSS R351-9").first).to_have_attribute("href", re.compile("legifrance"))

    # A question is answered where it is asked.
    person.goto("/rights/engagement-account")
    page.get_by_label("Quelle est votre date de naissance").first.fill("1990-05-02")
    page.get_by_label("Quelle est votre date de naissance").first.press("Enter")
    expect(main).to_contain_text("Vous aviez au moins 16\u00a0ans")
    page.get_by_label("Quel jour l’association a-t-elle été déclarée").first.fill("2010-01-01")
    page.get_by_label("Quel jour l’association a-t-elle été déclarée").first.press("Enter")
    expect(main).to_contain_text("votre engagement donne 240\u00a0€")

    # What is near.
    person.goto("/rights/nearly")
    expect(main).to_contain_text("À déclarer")
    expect(main).to_contain_text(f"30 juin {year + 1}")

    # What the official statement says stands beside.
    person.goto("/rights/engagement-account")
    page.get_by_label("Solde (€)").fill("480")
    page.get_by_role("button", name="Le garder à côté de la simulation").click()
    expect(main).to_contain_text("Solde officiel, recopié")
    expect(main).to_contain_text("−240\u00a0€")

    # A contract that does not exist, beside what is; then it is nowhere.
    person.goto("/rights/suppose")
    page.get_by_label("Je serais en").select_option(label="Emploi salarié")
    page.get_by_label("Heures par semaine").fill("20")
    page.get_by_label("Salaire brut ou chiffre d’affaires").fill("1500")
    page.get_by_label("Jusqu’au").fill(f"{year + 1}-06-30")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("table", name="Ce qui changerait")).to_contain_text("gagné")
    expect(page.get_by_role("table", name="Soldes simulés")).to_contain_text("Trimestres de retraite")
    expect(page.get_by_role("heading", name="Ce que vous garderiez")).to_be_visible()
    for path in ("/rights/", "/rights/facts", "/activities/", "/rights/timeline"):
        person.goto(path)
        expect(main).not_to_contain_text("Ce que vous avez supposé")

    # A right that no law says, tried on the same hours, labelled as such.
    person.goto("/rights/proposals")
    page.get_by_role("button", name="L’essayer sur mes données").first.click()
    expect(main).to_contain_text("aucune loi ne le dit")
    expect(main).to_contain_text("points de formation")

    # A letter to a platform, its clock, its reply.
    person.goto("/rights/letters/")
    page.get_by_label("Plateforme").fill("Courses démo")
    page.get_by_role("button", name="Voir la lettre").click()
    expect(main).to_contain_text("D7342-6")
    expect(main).to_contain_text("articles 15 et 20")
    page.get_by_role("button", name="Je l’ai envoyée aujourd’hui").click()
    expect(main).to_contain_text("Courses démo")
    page.get_by_label("Ce qui a été répondu aujourd’hui").fill("Un fichier, sans les évaluations")
    page.get_by_role("button", name="Noter la réponse").click()
    expect(main).to_contain_text("sans les évaluations")

    # Deadlines, for a calendar.
    person.goto("/rights/")
    page.get_by_role("link", name="Échéances pour mon agenda").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Les télécharger une fois (.ics)").click()
    events = icalendar.Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert date(year + 1, 6, 30) in {event.decoded("dtstart") for event in events}

    # Nothing of it is in what is offered for sharing.
    person.goto("/shares/new")
    expect(main).not_to_contain_text("6\u202f988")


def test_nothing_to_say_about_pages_with_a_life_in_them(person: Visitor, peers: Path) -> None:
    axe = (peers / "node_modules" / "axe-core" / "axe.min.js").read_text()
    found = []
    for path in LIVED:
        person.goto("/rights/" + path)
        found += complaints(person.page, axe)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert found == []


def test_a_right_prints_with_its_reasons_and_without_its_buttons(browser: Browser, running: Running) -> None:
    who = visitor(browser, running)
    who.sign_in("person")
    who.goto("/rights/retirement-quarters")
    who.page.emulate_media(media="print")
    expect(who.page.get_by_role("button").first).to_be_hidden()
    expect(who.page.locator(".reasons").first).to_be_visible()
    expect(who.page.locator("main")).to_contain_text("Simulation, non opposable.")
    for folded in who.page.locator("details .conclusion").all()[:1]:
        expect(folded).to_be_visible()
    who.context.close()
