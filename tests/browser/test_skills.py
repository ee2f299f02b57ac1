"""From a few words about a club to an occupation: skills accepted, assessed two years apart, drawn, and what is still to learn."""

import io
import random
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from musette_solid.exchange import rome
from musette_solid.exchange.register_files import files_of
from musette_solid.model import skill as skills_model
from musette_solid.model.goal import read as read_goals
from musette_solid.model.references.index import build
from musette_solid.model.validation import check
from musette_solid.pod import resources
from musette_solid.rdf import syntax
from tests.browser.conftest import Running, Visitor, visitor
from tests.browser.test_main_job import as_program
from tests.model.references.registers import DATA, ROME_FILES, TODAY

pytestmark = [pytest.mark.browser, pytest.mark.css]


@pytest.fixture(scope="module")
def register(running: Running) -> None:
    """ROME as it is given out where its files are; else a small one in its layout."""
    files = files_of(DATA / "rome") if (DATA / "rome").is_dir() else ROME_FILES
    place = running.data / "references" / "rome.sqlite"
    place.parent.mkdir(parents=True, exist_ok=True)
    build(place, rome.read(files), installed=TODAY).close()


@pytest.fixture(scope="module")
def person(browser: Browser, running: Running, register: None) -> Iterator[Visitor]:
    made = visitor(browser, running)
    made.sign_in("person")
    yield made
    made.context.close()


def picture_of_accounts() -> bytes:
    """More than a megabyte, so that it does not lie in memory on its way."""
    made = io.BytesIO()
    Image.frombytes("RGB", (1200, 600), random.Random(4).randbytes(1200 * 600 * 3)).save(made, "PNG")
    return made.getvalue()


def test_from_words_to_skills_to_an_occupation(  # noqa: PLR0915  (one story, told in order)
    person: Visitor, running: Running
) -> None:
    page = person.page
    # An activity, and what was done there in one's own words.
    person.goto("/activities/new")
    page.get_by_label("Titre").fill("Club de voile")
    page.get_by_label("Sphère").select_option(label="Bénévolat")
    page.get_by_label("Début").fill("2022")
    page.get_by_role("button", name="Mettre dans la musette").click()
    page.get_by_role("link", name="Club de voile").first.click()
    page.get_by_role("link", name="Les trouver dans mes mots").click()
    page.locator("#words").fill("j’ai tenu la trésorerie du club")
    page.get_by_role("button", name="Proposer des compétences").click()
    expect(page.locator("fieldset.group").first).to_contain_text("trésorerie")
    assert page.locator("fieldset.group").count() >= 1
    page.locator("[name=answer-0][value=keep]").check()
    page.locator("[name=words-0]").fill("Tenir la trésorerie du club")
    page.get_by_role("button", name="Garder mes réponses").click()
    page.get_by_role("link", name="Tenir la trésorerie du club").click()

    # Twice assessed, two years apart; something shows it.
    for day, level in (("2024-09-01", "Je fais avec de l’aide"), ("2026-09-01", "J’adapte")):
        page.get_by_role("link", name="Refaire le point").first.click()
        page.get_by_label(level).check()
        page.locator("[name=on]").fill(day)
        page.get_by_role("button", name="Ajouter ce point").click()
    picture = page.get_by_role("img", name=re.compile("Tenir la trésorerie du club"))
    expect(picture).to_be_visible()
    assert picture.locator("circle").count() == 2
    expect(page.locator("table tbody tr")).to_have_count(2)
    page.get_by_text("Où elle en était un autre jour").click()
    page.locator("#on").fill("2025-01-01")
    page.get_by_role("button", name="Montrer ce jour-là").click()
    expect(page.locator("details[open] ul")).to_contain_text("Je fais avec de l’aide")

    # A photograph of the accounts, cleaned on its way to the person's own space, and seen again from there.
    person.goto(page.url.removeprefix(running.app.rstrip("/")).partition("?")[0])
    page.get_by_role("link", name="Ajouter une preuve").last.click()
    page.locator("#f-file").set_input_files(
        {"name": "comptes.png", "mimeType": "image/png", "buffer": picture_of_accounts()}
    )
    page.locator("[name=clean]").check()
    page.locator("[name=evidence-title]").fill("Les comptes de 2026")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_role("link", name="Les comptes de 2026").click()
    shown = page.locator("img.shown")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200

    # On the map, reached with the keyboard.
    person.goto("/skills/map/")
    node = page.locator("svg a[aria-label='Tenir la trésorerie du club']").first
    node.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tenir la trésorerie du club")

    # An occupation, what lacks, and the goal that it becomes.
    person.goto("/bridges/")
    page.locator("#q").press_sequentially("trésorier")
    page.locator("#answers a", has_text="Trésorier / Trésorière").first.click()
    expect(page.get_by_role("heading", name=re.compile("Ce qui manque"))).to_be_visible()
    assert "%" not in page.locator("main").inner_text()
    page.locator("#goal-by").fill("2028")
    page.locator("#gap-steps input[type=checkbox]").first.check()
    page.get_by_role("button", name="Fixer cet objectif").click()
    expect(page.locator("main")).to_contain_text("Vos objectifs pour ce métier")

    # What lies in the space is what was said, whole and in the form that is published.
    pod = as_program(running, "person")
    root = running.account("person")["webid"].partition("profile")[0] + "musette/"
    graph = resources.read(pod, root + "skills.ttl").graph
    skill = next(one for one in skills_model.read(graph) if one.label == "Tenir la trésorerie du club")
    assert [said.on.isoformat() for said in skill.assessments if said.on] == ["2024-09-01", "2026-09-01"]
    of_skill = syntax.graph_of(
        triple for triple in graph if str(triple[0]) in {skill.iri, *(said.iri for said in skill.assessments)}
    )
    assert check(of_skill) == ()
    document = syntax.json_ld(of_skill)
    assert {one["type"] for one in document["@graph"]} == {"Skill", "Assessment"}
    assert not [key for one in document["@graph"] for key in one if ":" in key]
    again = syntax.parse(syntax.json_ld_bytes(of_skill), syntax.JSON_LD, root + "skills.ttl")
    assert set(again) == set(of_skill)
    # The account is one for all stories: another may have set a goal of its own before.
    (goal,) = [one for one in read_goals(resources.read(pod, root + "goals.ttl").graph) if one.occupations]
    assert (len(goal.steps), goal.by.text if goal.by else "") == (1, "2028")
