"""The pages of frames: answered in part, drawn day by day."""

from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.look_at_oneself import my_frame
from tests.web.reviewer import Page, Reviewer


def test_a_frame_is_answered_twice_and_both_days_are_drawn(person: Reviewer, full_bag: Bag) -> None:
    assert "LifeComp" in person.get("/skills/frames/").text
    for on, level in (("2024-05-01", terms.LEVEL_ASSISTED), ("2026-05-01", terms.LEVEL_PASSING_ON)):
        said = {f"level-{code}": str(level) for code in ("P1", "P2", "S1")}
        answer = person.send(person.get("/skills/frames/lifecomp"), "/skills/frames/lifecomp", on=on, **said)
        assert answer.location == "/skills/frames/lifecomp"
    page = Page(person.get("/skills/frames/lifecomp").text)
    assert len(page.named("polygon")) == 2
    (table,) = page.named("table")
    assert "Je transmets" in table.text
    assert "Je fais avec de l’aide" in table.text
    assert my_frame(full_bag, "lifecomp").answered == 3
    assert "3 réponses sur 9" in person.get("/skills/frames/").text


def test_nothing_answered_no_day_and_a_strange_level_are_said(person: Reviewer, full_bag: Bag) -> None:
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"on": "hier", "level-P1": str(terms.LEVEL_ASSISTED)},
        {"level-P1": "https://other.example/9"},
    )
    for changes in wrong:
        answer = person.send(person.get("/skills/frames/lifecomp"), "/skills/frames/lifecomp", **changes)
        assert answer.status_code == 422
    assert my_frame(full_bag, "lifecomp").answered == 0
    assert person.get("/skills/frames/nocomp").status_code == 404
