"""The main job on every server: a bag, something in it, a dossier that one organisation can read, and its end."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest

from musette_solid.errors import MusetteError
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import access, resources
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases import share as sharing
from musette_solid.usecases.correct_activity import correct_activity, remove_activity
from musette_solid.usecases.declare_skill import declare_skill
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.log_time import log_time
from musette_solid.usecases.revoke import list_shares, revoke

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def bag(pod: Pod, owner: Person) -> Bag:
    return set_up.create(pod, owner.storage, NOW)


def test_a_bag_is_made_or_refused_in_a_sentence_and_either_way_nobody_else_sees_it(
    pod: Pod, pod_for: Callable[[str | None], Pod], owner: Person, stranger: Person
) -> None:
    with suppress(MusetteError):  # anything else would be no sentence
        set_up.create(pod, owner.storage, NOW)
    layout = Layout.in_storage(owner.storage)
    for agent in (pod_for(stranger.webid), pod_for(None)):
        for iri in (layout.root, layout.bag, layout.activities, layout.skills, layout.shares):
            assert agent.send("GET", iri, {"Accept": resources.ACCEPT}).status in {401, 403, 404}


def test_a_bag_is_made_found_and_filled(pod_for: Callable[[str | None], Pod], bag: Bag, owner: Person) -> None:
    again = set_up.create(pod_for(owner.webid), owner.storage, NOW)
    assert again.layout == bag.layout
    found = set_up.find(pod_for(owner.webid))
    assert found is not None
    assert found.layout == bag.layout
    assert set(access.rules(bag.pod, bag.layout.root).agents()) == {owner.webid}
    texts = {"title": ["Bénévolat « été »"], "sphere": [str(terms.SPHERE_VOLUNTEERING)], "startDate": ["2019-03"]}
    iri = log_activity(bag, texts, NOW)
    log_time(bag, iri, 150, date(2026, 11, 24))
    seen = version_of(resources.read(bag.pod, bag.layout.activities).graph, iri)
    correct_activity(bag, iri, {**texts, "title": ["Trésorerie"]}, NOW, seen)
    fresh = Bag(pod_for(owner.webid), bag.layout)
    assert "Trésorerie" in {a.title for a in list_activities(fresh).activities}
    remove_activity(fresh, iri)
    assert "Trésorerie" not in {a.title for a in list_activities(Bag(pod_for(owner.webid), bag.layout)).activities}


def test_a_dossier_is_read_by_its_recipient_until_it_is_closed(
    pod_for: Callable[[str | None], Pod], bag: Bag, owner: Person, recipient: Person, stranger: Person
) -> None:
    shown = log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    log_activity(bag, {"title": ["CANARY private"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    skill = declare_skill(bag, {"prefLabel": ["Tenir les comptes"]}, NOW, used_in=[shown])
    agreed = Terms("Dossier", owner.webid, None, recipient.webid, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1))
    chosen = Selection(frozenset({shown}), frozenset({skill}))
    to = sharing.Recipient(recipient.webid, None, None, ())
    made = sharing.share(bag, chosen, agreed, to, sharing.new_id())

    reader = pod_for(recipient.webid)
    opened = read_dossier(reader, made.dossier, NOW)
    assert b"CANARY" not in opened.turtle
    assert [a.title for a in opened.dossier.activities] == ["Trésorerie"]
    container = bag.layout.share(made.share_id)
    assert set(access.rules(bag.pod, container).agents()) == {owner.webid, recipient.webid}
    layout = bag.layout
    private = (layout.activities, layout.skills, layout.bag, layout.root, layout.shares, layout.grants, made.grant)
    assert {reader.send("GET", iri, {"Accept": resources.ACCEPT}).status for iri in private} == {403}
    for agent in (pod_for(stranger.webid), pod_for(None)):
        for iri in (made.dossier, container, *private):
            assert agent.send("GET", iri, {"Accept": resources.ACCEPT}).status in {401, 403}

    assert revoke(bag, made.share_id, NOW).verified
    with pytest.raises(MusetteError):
        read_dossier(reader, made.dossier, NOW)
    assert "revoked" in {line.state for line in list_shares(bag, NOW.date()).lines}


def test_a_share_costs_the_same_whatever_is_in_it(bag: Bag, owner: Person, recipient: Person) -> None:
    class Counting:
        def __init__(self) -> None:
            self.sent: list[str] = []
            self.inner = bag.pod.transport

        def send(self, request: object, limits: object) -> object:
            self.sent.append(f"{request.method} {request.url}")  # type: ignore[attr-defined]
            return self.inner.send(request, limits)  # type: ignore[arg-type]

    counts = []
    for items in (1, 12):
        texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
        chosen = Selection(frozenset(log_activity(bag, texts, NOW) for _ in range(items)), frozenset())
        agreed = Terms(
            "Dossier", owner.webid, None, recipient.webid, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1)
        )
        counting = Counting()
        bag.pod.transport = counting  # type: ignore[assignment]
        sharing.share(bag, chosen, agreed, sharing.Recipient(recipient.webid, None, None, ()), sharing.new_id())
        bag.pod.transport = counting.inner
        sources = {bag.layout.activities, bag.layout.skills, bag.layout.identities}
        counts.append([line for line in counting.sent if line.partition(" ")[2] not in sources])
    assert len(counts[0]) == len(counts[1])
    assert len(counts[0]) <= 6
