"""What somebody else sees: asked through a dossier, answered by the letterbox, kept or not, never mixed."""

from datetime import timedelta
from typing import Any

import pytest

from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Unfit, check
from musette_solid.pod import inbox, resources, webid
from musette_solid.pod.errors import AccessRefused, NotThere
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.assess_another import (
    NothingSaid,
    Said,
    _letter,
    assess_another,
    keep_assessments,
    received,
)
from musette_solid.usecases.declare_skill import assess, declare_skill
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.revoke import revoke
from tests.usecases.conftest import NOW


@pytest.fixture
def skill(bag: Bag) -> str:
    made = declare_skill(bag, {"prefLabel": ["Tenir la trésorerie du club"]}, NOW)
    assess(bag, made, str(terms.LEVEL_AUTONOMOUS), NOW.date())
    declare_skill(bag, {"prefLabel": ["Ce qui n’est pas montré"]}, NOW)
    return made


@pytest.fixture
def dossier(bag: Bag, organisation: Bag, skill: str) -> str:
    """Opened to the organisation: its address."""
    recipient = sharing.check_recipient(bag, organisation.owner)
    agreed = Terms(
        "Mes compétences",
        bag.owner,
        "Demo",
        organisation.owner,
        str(terms.PURPOSE_COUNSELLING),
        NOW,
        NOW.date() + timedelta(days=30),
    )
    made = sharing.share(bag, Selection(skills=frozenset({skill})), agreed, recipient, sharing.new_id())
    return made.dossier


def shown(reader: Bag, dossier: str) -> str:
    (one,) = read_dossier(reader.pod, dossier, NOW).dossier.skills
    return one.iri


def held(bag: Bag, skill: str) -> Skill:
    found = list_activities(bag).skill(skill)
    assert found is not None
    return found


def test_an_answer_comes_by_the_letterbox_and_nothing_is_kept_by_itself(
    bag: Bag, organisation: Bag, skill: str, dossier: str
) -> None:
    said = [Said(shown(organisation, dossier), str(terms.LEVEL_ADAPTING), "Trois bilans sans une erreur.")]
    way, relation = str(terms.ASSESSMENT_WAY_SEEN), terms.MUS + "relationKind-mentor"
    assess_another(organisation.pod, dossier, said, NOW, way=way, relation=relation)
    (answer,) = received(bag).answers
    assert (answer.by, answer.name, answer.dossier_title) == (organisation.owner, "Demo association", "Mes compétences")
    (given,) = answer.given
    assert (given.skill.iri, given.level, given.comment) == (
        skill,
        terms.LEVEL_ADAPTING,
        "Trois bilans sans une erreur.",
    )
    assert (given.way, str(given.relation), given.on) == (terms.ASSESSMENT_WAY_SEEN, relation, NOW.date())
    assert len(held(bag, skill).assessments) == 1


def test_kept_it_stands_beside_ones_own(bag: Bag, organisation: Bag, skill: str, dossier: str) -> None:
    assess_another(organisation.pod, dossier, [Said(shown(organisation, dossier), str(terms.LEVEL_ADAPTING))], NOW)
    (answer,) = received(bag).answers
    assert keep_assessments(bag, answer.letter, [one.source for one in answer.given], NOW) == 1
    levels = {said.by: said.level for said in held(bag, skill).assessments}
    assert levels == {bag.owner: terms.LEVEL_AUTONOMOUS, organisation.owner: terms.LEVEL_ADAPTING}
    assert received(bag).answers == ()
    graph = resources.read(bag.pod, bag.layout.skills).graph
    assert check(graph) == ()
    assert "Demo association" in {str(name) for name in graph.objects(None, terms.FOAF_NAME)}
    with pytest.raises(NotThere):
        keep_assessments(bag, answer.letter, [], NOW)


def test_not_kept_it_is_gone(bag: Bag, organisation: Bag, skill: str, dossier: str) -> None:
    assess_another(organisation.pod, dossier, [Said(shown(organisation, dossier), str(terms.LEVEL_ADAPTING))], NOW)
    (answer,) = received(bag).answers
    assert keep_assessments(bag, answer.letter, [], NOW) == 0
    assert received(bag).answers == ()
    assert len(held(bag, skill).assessments) == 1


def test_only_whom_it_was_opened_to_can_answer(
    server: MemoryPod, bag: Bag, organisation: Bag, skill: str, dossier: str
) -> None:
    said = [Said(shown(organisation, dossier), str(terms.LEVEL_PASSING_ON))]
    stranger = server.create_pod("stranger", "Stranger")
    pod = server.pod_for(stranger.webid)
    with pytest.raises(AccessRefused):
        assess_another(pod, dossier, said, NOW)
    place = webid.profile(bag.pod.transport, bag.owner).inbox
    assert place is not None
    # Somebody who learnt the address, under their own name; the right name, about a dossier that is not there.
    other = dossier.replace(dossier.split("/")[-2], "00000000-0000-4000-8000-000000000000")
    for by, about in ((stranger.webid, dossier), (organisation.owner, other), (organisation.owner, bag.layout.skills)):
        inbox.send(pod, place, _letter(by, "D.", about + "#it", bag.owner, said, "", "", NOW))
    found = received(bag)
    assert (found.answers, found.strangers) == ((), 3)


def test_what_is_not_of_the_dossier_or_of_the_scale_is_left_out(
    bag: Bag, organisation: Bag, skill: str, dossier: str
) -> None:
    here = shown(organisation, dossier)
    place = webid.profile(bag.pod.transport, bag.owner).inbox
    assert place is not None
    said = [
        Said(here, "https://other.example/expert"),
        Said(dossier + "#s-nothing", str(terms.LEVEL_ADAPTING)),
        Said(here, str(terms.LEVEL_ADAPTING), "x" * 10_000),
    ]
    inbox.send(
        organisation.pod,
        place,
        _letter(
            organisation.owner, None, dossier + "#it", bag.owner, said, "https://x.example/", "https://x.example/", NOW
        ),
    )
    (answer,) = received(bag).answers
    (given,) = answer.given
    assert (given.level, len(given.comment), given.way, given.relation) == (terms.LEVEL_ADAPTING, 2000, None, None)
    assert keep_assessments(bag, answer.letter, [given.source], NOW) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"level": ""}, NothingSaid),
        ({"level": "https://other.example/expert"}, Unfit),
        ({"comment": "x" * 3000}, Unfit),
        ({"skill": "https://other.example/#s"}, NotThere),
    ],
)
def test_what_does_not_fit_is_not_sent(
    bag: Bag, organisation: Bag, dossier: str, said: dict[str, Any], error: type[Exception]
) -> None:
    one = {"skill": shown(organisation, dossier), "level": str(terms.LEVEL_ADAPTING), **said}
    with pytest.raises(error):
        assess_another(organisation.pod, dossier, [Said(**one)], NOW)
    assert received(bag).answers == ()


def test_a_closed_dossier_cannot_be_answered_but_what_came_before_can_be_kept(
    bag: Bag, organisation: Bag, skill: str, dossier: str
) -> None:
    said = [Said(shown(organisation, dossier), str(terms.LEVEL_ADAPTING))]
    assess_another(organisation.pod, dossier, said, NOW)
    revoke(bag, dossier.split("/")[-2], NOW)
    with pytest.raises((AccessRefused, NotThere)):
        assess_another(organisation.pod, dossier, said, NOW)
    (answer,) = received(bag).answers
    assert keep_assessments(bag, answer.letter, [one.source for one in answer.given], NOW) == 1
