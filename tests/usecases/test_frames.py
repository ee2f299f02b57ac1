"""Looking at oneself: what is said of a frame is dated and adds up; any day is rebuilt."""

from datetime import date

import pytest

from musette_solid.model.references.shelf import Shelf
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.look_at_oneself import look_at_oneself, my_frame, my_frames
from musette_solid.usecases.propose_skills import declare_from_concept
from tests.usecases.conftest import NOW

P1, P2, S1 = (terms.MUS + f"lifecomp-{code}" for code in ("p1", "p2", "s1"))


def test_answers_add_up_and_any_day_is_rebuilt(server: MemoryPod, bag: Bag) -> None:
    look_at_oneself(
        bag, "lifecomp", {P1: str(terms.LEVEL_ASSISTED), P2: str(terms.LEVEL_AUTONOMOUS)}, date(2024, 5, 1), NOW
    )
    server.requests.clear()
    look_at_oneself(
        bag, "lifecomp", {P1: str(terms.LEVEL_ADAPTING), S1: str(terms.LEVEL_DISCOVERING)}, date(2026, 5, 1), NOW
    )
    assert [request.method for request in server.requests if request.method != "GET"] == ["PATCH"]
    frame = my_frame(bag, "LifeComp")
    assert [(c.code, len(c.said)) for c in frame.competences if c.said] == [("P1", 2), ("P2", 1), ("S1", 1)]
    assert [(one.day.year, one.ranks[:4]) for one in frame.profiles] == [(2024, (2, 3, 0, 0)), (2026, (4, 3, 0, 1))]
    assert set(frame.profile(date(2020, 1, 1)).ranks) == {0}
    assert frame.answered == 3
    assert check(resources.read(bag.pod, bag.layout.skills).graph) == ()


def test_the_register_stays_in_ones_own_words(bag: Bag) -> None:
    look_at_oneself(
        bag, "digcomp", {my_frame(bag, "digcomp").competences[0].iri: str(terms.LEVEL_ASSISTED)}, NOW.date(), NOW
    )
    assert list_activities(bag).skills == ()
    declare_from_concept(bag, Shelf(), S1, NOW, words="Écouter un voisin")
    assert [c.skills[0].label for c in my_frame(bag, "lifecomp").competences if c.skills] == ["Écouter un voisin"]


def test_a_level_outside_the_scale_or_another_frames_competence_writes_nothing(bag: Bag) -> None:
    with pytest.raises(Unfit):
        look_at_oneself(
            bag, "lifecomp", {P1: str(terms.LEVEL_ASSISTED), P2: "https://other.example/9"}, NOW.date(), NOW
        )
    with pytest.raises(NotThere):
        look_at_oneself(bag, "greencomp", {P1: str(terms.LEVEL_ASSISTED)}, NOW.date(), NOW)
    with pytest.raises(NotThere):
        my_frame(bag, "nocomp")
    assert [frame.answered for frame in my_frames(bag)] == [0, 0, 0, 0]
