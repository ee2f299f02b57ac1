"""From the words of an activity to skills: one's own first, each with why, nothing twice, nothing that was set aside."""

from pathlib import Path

import pytest

from musette_solid.model.activity import Activity
from musette_solid.model.proposals import FEWEST, MOST, propose, words_of
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.skill import Skill
from musette_solid.usecases.install_reference import install
from tests.model.references.registers import DATA, ESCO_FILES, ROME_FILES, TODAY, E, write


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("references")
    made = Shelf(folder)
    install(made, "esco", str(write(folder / "e", ESCO_FILES)), TODAY)
    install(made, "rome", str(write(folder / "r", ROME_FILES)), TODAY)
    return made


KEPT = "https://w3id.org/musette#transversal-skill-keep-accounts"


def test_what_was_written_leads_to_skills_each_with_why(shelf: Shelf) -> None:
    found = propose("j'ai tenu la trésorerie du club", [], shelf)
    assert FEWEST <= len(found) <= MOST
    assert found[0].iri == KEPT
    assert "trésorerie" in found[0].words
    assert all(one.words for one in found)


def test_an_occupation_that_is_named_leads_to_what_is_at_its_heart(shelf: Shelf) -> None:
    found = [one for one in propose("Trésorière\nClub de judo", [], shelf) if one.reason == "occupation"]
    assert found
    assert {one.through for one in found} == {"Trésorier / Trésorière"}


def test_ones_own_skills_come_first_whether_by_words_or_by_a_concept(shelf: Shelf) -> None:
    own = [Skill("#s-1", "La trésorerie"), Skill("#s-2", "Compter juste", close=(f"{E}skill/s6",))]
    found = propose("Trésorerie du club", own, shelf)
    assert [(one.iri, one.reason) for one in found[:2]] == [("#s-1", "own"), ("#s-2", "tied")]
    assert f"{E}skill/s6" not in {one.iri for one in found}


def test_what_is_there_and_what_was_set_aside_is_not_proposed(shelf: Shelf) -> None:
    text = "Trésorerie du club"
    first = propose(text, [], shelf)[0].iri
    assert first not in {one.iri for one in propose(text, [], shelf, declined=[first])}
    own = [Skill("#s-1", "Mes comptes", exact=(first,))]
    assert {"#s-1", first}.isdisjoint(one.iri for one in propose(text, own, shelf, there=["#s-1"]))


@pytest.mark.parametrize("text", ["", "le la les", "🙂", "?!", "x" * 3000])
def test_words_that_say_nothing_propose_nothing(shelf: Shelf, text: str) -> None:
    assert propose(text, [], shelf) == ()


def test_without_any_register_there_are_the_skills_to_begin_with() -> None:
    assert propose("animer des réunions, vendre sur un stand", [], Shelf())


def test_everything_that_was_said_of_an_activity_counts() -> None:
    activity = Activity("#a", "Club", role="trésorière", description="comptes", achievements=("bilan",))
    assert words_of(activity) == "Club\ntrésorière\ncomptes\nbilan"


def test_the_real_registers_propose_four_to_eight(tmp_path: Path) -> None:
    if not (DATA / "rome").is_dir():
        pytest.skip("the official files of ROME are not on this machine")
    shelf = Shelf(tmp_path)
    for key in ("esco", "rome"):
        install(shelf, key, str(DATA / key), TODAY)
    for text in ("j'ai tenu la trésorerie du club", "garde d'enfants et repas", "livreur à vélo", "Chauffeur VTC"):
        assert FEWEST <= len(propose(text, [], shelf)) <= MOST, text
