"""ESCO's service is asked when somebody says so, through the guard, once; what it answers makes a bridge."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.exchange import esco, rome
from musette_solid.model.bridges import How, Status
from musette_solid.model.references.concepts import Kind, Link
from musette_solid.model.references.index import build
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod.http import Outgoing
from musette_solid.usecases import ask_esco
from musette_solid.usecases.ask_esco import EscoSilent, NotAskedOnline, NotKeptHere, learn, search
from musette_solid.usecases.bridge_to import UnknownOccupation, aim_at, bridge_to, from_here
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.propose_skills import declare_from_concept
from musette_solid.usecases.pursue_goal import list_goals
from tests.model.references.esco_service import COACH, TREASURER, EscoService, running
from tests.model.references.registers import ESCO_FILES, ROME_FILES, TODAY, E
from tests.usecases.conftest import NOW


@pytest.fixture
def service() -> Iterator[EscoService]:
    with running() as made:
        yield made


@pytest.fixture
def outgoing(service: EscoService) -> Outgoing:
    return Outgoing(frozenset({service.host}))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    build(tmp_path / "esco.sqlite", esco.read(ESCO_FILES), installed=TODAY).close()
    build(tmp_path / "rome.sqlite", rome.read(ROME_FILES), installed=TODAY).close()
    return Shelf(tmp_path)


def test_an_occupation_that_esco_knows_becomes_a_bridge(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    declare_from_concept(bag, shelf, E + "skill/s6", NOW)
    (first, _) = search(outgoing, shelf, service.address, "trésorier d'association", Kind.OCCUPATION, "fr")
    assert first.iri == TREASURER
    assert bridge_to(bag, shelf, TREASURER, NOW.date(), "fr").bridge.needs == ()
    learn(outgoing, shelf, service.address, TREASURER, "fr")
    made = bridge_to(bag, shelf, TREASURER, NOW.date(), "fr").bridge
    told = {need.label: (need.status, need.link, need.kind) for need in made.needs}
    assert told == {
        "gérer la trésorerie": (Status.TO_PROVE, Link.CORE, Kind.SKILL),
        "travailler en équipe": (Status.MISSING, Link.CORE, Kind.SKILL),
        "rendre des comptes à une assemblée": (Status.MISSING, Link.CORE, Kind.SKILL),
        "droit des associations": (Status.MISSING, Link.USES, Kind.KNOWLEDGE),
    }
    assert made.needs[0].answers[0].how == How.SAME
    assert made.occupation.definition.startswith("Les trésoriers")
    # A gap becomes a goal; what was learnt is named there too.
    aim_at(bag, shelf, TREASURER, "Devenir trésorière", {E + "skill/new": "Présenter les comptes"}, "2028", NOW, "fr")
    (goal,) = list_goals(bag).goals
    assert goal.occupations == (TREASURER,)


def test_it_is_asked_once_in_each_language_and_another_start_still_knows(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    learn(outgoing, shelf, service.address, TREASURER, "fr")
    learn(outgoing, shelf, service.address, TREASURER, "fr-FR")
    assert len(service.asked) == 1
    again = Shelf(shelf.folder)
    assert len(bridge_to(bag, again, TREASURER, NOW.date(), "fr").bridge.needs) == 4
    learn(outgoing, again, service.address, TREASURER, "en")
    assert "language=en" in service.asked[-1]
    learn(outgoing, again, service.address, TREASURER, "en")
    learn(outgoing, again, service.address, TREASURER, "fr")
    assert len(service.asked) == 2


def test_only_the_words_leave_and_they_are_kept_nowhere(
    shelf: Shelf, service: EscoService, outgoing: Outgoing, tmp_path: Path
) -> None:
    search(outgoing, shelf, service.address, "m'occuper de ma mère", Kind.SKILL, "fr")
    (asked,) = service.asked
    assert "text=m%27occuper+de+ma+m%C3%A8re" in asked
    assert not {"Authorization", "Cookie", "DPoP", "Referer"} & set(service.headers[0])
    assert b"occuper de ma" not in b"".join(path.read_bytes() for path in tmp_path.glob("esco-online*"))
    # What somebody asked leads nobody else there: no search, no proposal, no way.
    assert E + "skill/new" not in {one.iri for one in shelf.search("rendre des comptes à une assemblée")}


def test_what_somebody_asked_is_no_way_of_anybody_elses(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    learn(outgoing, shelf, service.address, TREASURER, "fr")
    declare_from_concept(bag, shelf, E + "skill/s6", NOW)
    assert TREASURER not in {way.iri for way in from_here(bag, shelf, NOW.date(), "fr").ways}


def test_a_skill_found_online_is_kept_with_its_name(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    (found,) = search(outgoing, shelf, service.address, "rendre des comptes", Kind.SKILL, "fr")
    assert declare_from_concept(bag, shelf, found.iri, NOW) == declare_from_concept(bag, shelf, found.iri, NOW)


def test_a_service_that_gave_up_the_version_is_asked_for_its_own(
    shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    service.versions = {"v1.3.0"}
    learn(outgoing, shelf, service.address, TREASURER, "fr")
    assert "selectedVersion" not in service.asked[-1]


@pytest.mark.parametrize("mode", ["html", "ill", "cut", "other"])
def test_no_answer_is_a_sentence_and_changes_nothing(
    shelf: Shelf, service: EscoService, outgoing: Outgoing, mode: str
) -> None:
    service.mode = mode
    with pytest.raises(EscoSilent) as caught:
        learn(outgoing, shelf, service.address, TREASURER, "fr")
    assert "localhost" in caught.value.sentences()[0]
    assert shelf.concept(TREASURER) is None
    if mode != "other":
        with pytest.raises(EscoSilent):
            search(outgoing, shelf, service.address, "caisse", Kind.SKILL, "fr")


def test_an_answer_that_cannot_be_kept_is_a_sentence(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    assert shelf.folder is not None
    (shelf.folder / "esco-online.sqlite").mkdir()
    with pytest.raises(NotKeptHere):
        learn(outgoing, shelf, service.address, TREASURER, "fr")
    # What a search found is shown all the same, and can be put in the bag by its words.
    (found,) = search(outgoing, shelf, service.address, "rendre des comptes", Kind.SKILL, "fr")
    assert declare_from_concept(bag, shelf, found.iri, NOW, words=found.labels[0].text)


def test_nobody_there_is_the_same_sentence(shelf: Shelf) -> None:
    with pytest.raises(EscoSilent):  # nothing listens on the discard port
        search(Outgoing(frozenset({"localhost:9"})), shelf, "http://localhost:9/api", "caisse", Kind.SKILL, "fr")


def test_the_guard_is_between(shelf: Shelf, service: EscoService) -> None:
    with pytest.raises(EscoSilent) as caught:
        search(Outgoing(), shelf, service.address, "caisse", Kind.SKILL, "fr")
    assert "https" in str(caught.value.__cause__)
    assert service.asked == []


def test_what_is_no_occupation_of_esco_is_not_asked(shelf: Shelf, service: EscoService, outgoing: Outgoing) -> None:
    for iri in ("https://w3id.org/musette/rome/code/M1", E + "skill/s1", "http://169.254.169.254/"):
        with pytest.raises(UnknownOccupation):
            learn(outgoing, shelf, service.address, iri, "fr")
    assert service.asked == []
    service.mode = "gone"
    with pytest.raises(UnknownOccupation):
        learn(outgoing, shelf, service.address, COACH, "fr")


def test_it_can_be_switched_off(shelf: Shelf, outgoing: Outgoing) -> None:
    assert ask_esco.service({}) == ask_esco.ADDRESS
    assert ask_esco.service({"MUSETTE_ESCO_SERVICE": "none"}) == ""
    assert (
        ask_esco.service({"MUSETTE_ESCO_SERVICE": "http://localhost:8080/esco/api/"})
        == "http://localhost:8080/esco/api"
    )
    with pytest.raises(NotAskedOnline):
        search(outgoing, shelf, "", "caisse", Kind.SKILL, "fr")


def test_what_was_kept_and_is_damaged_is_asked_again(
    bag: Bag, shelf: Shelf, service: EscoService, outgoing: Outgoing
) -> None:
    assert shelf.folder is not None
    (shelf.folder / "esco-online.sqlite").write_bytes(b"no database" * 100)
    assert shelf.concept(TREASURER) is None
    learn(outgoing, shelf, service.address, TREASURER, "fr")
    assert len(bridge_to(bag, shelf, TREASURER, NOW.date(), "fr").bridge.needs) == 4
