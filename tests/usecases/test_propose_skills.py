from datetime import timedelta

import pytest

from musette_solid.model.references.shelf import Shelf
from musette_solid.model.validation import Unfit
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import NotThere
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.propose_skills import answer, declare_from_concept, proposals
from tests.usecases.conftest import NOW

SHELF = Shelf()
KEEP = "https://w3id.org/musette#transversal-skill-keep-accounts"
GRANT = "https://w3id.org/musette#transversal-skill-apply-for-grant"


@pytest.fixture
def club(bag: Bag) -> str:
    texts = {"title": ["Trésorerie du club"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return log_activity(bag, texts, NOW)


def test_what_is_kept_is_in_the_bag_and_used_there(server: MemoryPod, bag: Bag, club: str) -> None:
    server.requests.clear()
    made = answer(bag, SHELF, club, {KEEP: "Tenir les comptes du judo", GRANT: ""}, [], NOW)
    assert [request.method for request in server.requests].count("PATCH") == 2
    listing = list_activities(bag)
    by_label = {skill.label: skill for skill in listing.skills}
    assert by_label["Tenir les comptes du judo"].close == (KEEP,)
    assert by_label["demander une subvention"].exact == (GRANT,)
    assert set(listing.activities[0].mobilises) == set(made)


def test_what_was_set_aside_is_remembered_in_the_bag(bag: Bag, club: str) -> None:
    assert KEEP in {one.iri for one in proposals(bag, SHELF, club).proposals}
    answer(bag, SHELF, club, {}, [KEEP], NOW)
    bag.pod.cache = Cache()
    assert KEEP not in {one.iri for one in proposals(bag, SHELF, club).proposals}
    assert list_activities(bag).skills == ()


def test_a_skill_that_is_tied_already_is_linked_not_made_again(bag: Bag, club: str) -> None:
    there = declare_from_concept(bag, SHELF, KEEP, NOW, words="Compter")
    assert declare_from_concept(bag, SHELF, KEEP, NOW + timedelta(days=1)) == there
    (first, *_) = proposals(bag, SHELF, club).proposals
    assert (first.iri, first.reason) == (there, "tied")
    assert answer(bag, SHELF, club, {KEEP: ""}, [], NOW) == ()
    assert answer(bag, SHELF, club, {there: ""}, [], NOW) == ()
    assert [skill.iri for skill in list_activities(bag).skills] == [there]


def test_what_does_not_fit_writes_nothing(bag: Bag, club: str) -> None:
    before = resources.read(bag.pod, bag.layout.activities).body
    with pytest.raises(Unfit):
        answer(bag, SHELF, club, {KEEP: "x" * 500}, [GRANT], NOW)
    with pytest.raises(Unfit):
        answer(bag, SHELF, club, {"https://unknown.example/skill": ""}, [], NOW)
    bag.pod.cache = Cache()
    assert resources.read(bag.pod, bag.layout.activities).body == before
    assert list_activities(bag).skills == ()


def test_an_unknown_concept_is_kept_with_the_persons_words(bag: Bag, club: str) -> None:
    answer(bag, SHELF, club, {"skill:0005c151": "Diriger un chœur"}, [], NOW)
    (skill,) = list_activities(bag).skills
    assert (skill.label, skill.close) == ("Diriger un chœur", ("http://data.europa.eu/esco/skill/0005c151",))


def test_an_activity_that_is_not_there_is_said(bag: Bag, club: str) -> None:
    with pytest.raises(NotThere):
        proposals(bag, SHELF, bag.layout.activities + "#a-none")
    with pytest.raises(NotThere):
        answer(bag, SHELF, bag.layout.activities + "#a-none", {KEEP: ""}, [], NOW)
