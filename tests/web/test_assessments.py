"""Assessment by others in the pages: asked on a skill's page, given on a dossier, kept beside one's own."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod.memory import Person
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.layout import Bag
from tests.web.conftest import NOW
from tests.web.reviewer import Page, Reviewer
from tests.web.test_skills import kept


@pytest.fixture
def dossier(full_bag: Bag, organisation: Person) -> str:
    recipient = sharing.check_recipient(full_bag, organisation.webid)
    agreed = Terms(
        "Mes compétences",
        full_bag.owner,
        "Démo",
        organisation.webid,
        str(terms.PURPOSE_COUNSELLING),
        NOW,
        NOW.date() + timedelta(days=3650),
    )
    chosen = Selection(skills=frozenset({full_bag.layout.skills + "#s-1", full_bag.layout.skills + "#s-3"}))
    return sharing.share(full_bag, chosen, agreed, recipient, sharing.new_id()).dossier


def test_asking_prepares_a_dossier_without_ones_own_level(person: Reviewer, full_bag: Bag) -> None:
    assert "/shares/new?assess=s-1" in person.get("/skills/s-1").text
    page = Page(person.get("/shares/new?assess=s-1").text)
    ticked = {e.attributes.get("value") for e in page.named("input") if "checked" in e.attributes}
    assert "s-1" in ticked
    assert "detail-level" not in ticked
    assert "Où me voyez-vous" in page.all[0].text


def test_an_answer_is_given_shown_and_kept(person: Reviewer, reader: Reviewer, full_bag: Bag, dossier: str) -> None:
    place = "/assessments/give?" + urlencode({"url": dossier})
    assert "/assessments/give?" in reader.get("/granted/dossier?" + urlencode({"url": dossier})).text
    page = reader.get(place)
    assert "Assembler à tenon et mortaise" in page.text
    nothing = reader.send(page, "/assessments/give")
    assert nothing.status_code == 422
    assert "Aucun niveau" in nothing.text
    sent = reader.send(
        page,
        "/assessments/give",
        relation=terms.MUS + "relationKind-peer",
        **{"level-s-1": str(terms.LEVEL_ADAPTING), "comment-s-1": "Vu sur le chantier."},
    )
    assert sent.status_code == 303
    waiting = person.get("/assessments/")
    for said in ("Association démo", "Vu sur le chantier.", "J’adapte", "pas une signature"):
        assert said in waiting.text
    assert person.send(waiting, "/assessments/keep").location == "/assessments/"
    mine = kept(full_bag)["Assembler à tenon et mortaise"]
    assert {said.comment for said in mine.assessments} >= {"Vu sur le chantier."}
    table = person.get("/skills/s-1").text.partition("<table ")[2]
    assert "Association démo" in table
    assert "pair" in table
    assert "Aucune réponse n’attend" in person.get("/assessments/").text


def test_a_dossier_that_is_not_mine_cannot_be_answered(person: Reviewer, stranger: Reviewer, dossier: str) -> None:
    place = "/assessments/give?" + urlencode({"url": dossier.replace("dossier.ttl", "nothing.ttl")})
    assert person.get(place).status_code == 404
    assert stranger.get(place).status_code == 303
