"""A dossier that follows its sources: every change is in it, nothing else is, and it costs one write."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from musette_solid.model.dossier import USUAL, Selection
from musette_solid.model.rights import schemes
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.follow import Followed, follow
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.log_time import log_time
from musette_solid.usecases.note_right import copy_balance
from musette_solid.usecases.revoke import list_shares, revoke
from tests.usecases.conftest import NOW
from tests.usecases.test_share import terms_for

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def activity(bag: Bag) -> str:
    return log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)


def shared(bag: Bag, to: Bag, chosen: Selection) -> sharing.Shared:
    return sharing.share(bag, chosen, terms_for(bag, to), sharing.check_recipient(bag, to.owner), sharing.new_id())


def live(activity: str) -> Selection:
    return Selection(frozenset({activity}), live=True)


def rename(bag: Bag, activity: str, title: str) -> None:
    seen = version_of(resources.read(bag.pod, bag.layout.activities).graph, activity)
    correct_activity(bag, activity, {"title": [title], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, LATER, seen)


def titles(reader: Bag, made: sharing.Shared) -> list[str]:
    return [a.title for a in read_dossier(reader.pod, made.dossier, LATER).dossier.activities]


def test_what_is_corrected_is_corrected_for_the_recipient_too(bag: Bag, organisation: Bag, activity: str) -> None:
    made = shared(bag, organisation, live(activity))
    rename(bag, activity, "Trésorerie et paie")
    assert follow(bag, LATER).updated == (made.share_id,)
    opened = read_dossier(organisation.pod, made.dossier, LATER)
    assert [a.title for a in opened.dossier.activities] == ["Trésorerie et paie"]
    assert opened.dossier.modified == LATER
    assert opened.dossier.issued == NOW


def test_a_frozen_dossier_never_changes(bag: Bag, organisation: Bag, activity: str) -> None:
    made = shared(bag, organisation, replace(live(activity), live=False))
    before = read_dossier(organisation.pod, made.dossier, NOW).turtle
    rename(bag, activity, "Autre")
    assert follow(bag, LATER) == Followed()
    assert read_dossier(organisation.pod, made.dossier, NOW).turtle == before


def test_what_was_not_chosen_never_gets_in(bag: Bag, organisation: Bag, activity: str) -> None:
    made = shared(bag, organisation, live(activity))
    log_activity(bag, {"title": ["CANARY"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, LATER)
    assert follow(bag, LATER).current == (made.share_id,)
    assert titles(organisation, made) == ["Trésorerie"]


def test_what_became_sensitive_goes_out(bag: Bag, organisation: Bag, activity: str) -> None:
    other = log_activity(bag, {"title": ["Comptes"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    made = shared(bag, organisation, Selection(frozenset({activity, other}), live=True))
    rename(bag, activity, "Déléguée syndicale")
    follow(bag, LATER)
    assert titles(organisation, made) == ["Comptes"]


def test_one_write_a_dossier_and_none_when_nothing_in_it_changed(
    server: MemoryPod, bag: Bag, organisation: Bag, activity: str
) -> None:
    shared(bag, organisation, live(activity))
    rename(bag, activity, "Nouveau")
    list_shares(bag, NOW.date())  # whoever first looks at a share notes that it is whole
    server.requests.clear()
    follow(bag, LATER, [bag.layout.activities])
    assert [r.method for r in server.requests if r.method not in {"GET", "HEAD"}] == ["PATCH"]
    server.requests.clear()
    follow(bag, LATER, [bag.layout.activities])
    assert not [r for r in server.requests if r.method not in {"GET", "HEAD"}]


def test_an_hour_matters_only_where_hours_are_shown(bag: Bag, organisation: Bag, activity: str) -> None:
    without = shared(bag, organisation, live(activity))
    hours = shared(bag, organisation, replace(live(activity), detail=USUAL | {terms.DETAIL_TOTAL_HOURS}))
    entry = log_time(bag, activity, 90, NOW.date())
    done = follow(bag, LATER, [entry.iri])
    assert done.updated == (hours.share_id,)
    assert without.share_id not in (*done.current, *done.behind)
    assert read_dossier(organisation.pod, hours.dossier, LATER).dossier.activities[0].total_minutes == 90


def test_balances_of_rights_are_followed_only_where_they_are_shown(bag: Bag, organisation: Bag, activity: str) -> None:
    without = shared(bag, organisation, live(activity))
    shown = shared(bag, organisation, replace(live(activity), detail=USUAL | {terms.DETAIL_RIGHTS}))
    scheme = next(s for s in schemes.law() if s.slug == "training-account")
    copy_balance(bag, scheme, Decimal(1500), NOW.date())
    done = follow(bag, LATER, [bag.layout.rights])
    assert done.updated == (shown.share_id,)
    assert without.share_id not in (*done.current, *done.behind)
    (account,) = read_dossier(organisation.pod, shown.dossier, LATER).dossier.accounts
    assert account.balance(official=True) == 1500
    assert read_dossier(organisation.pod, without.dossier, LATER).dossier.accounts == ()


def test_after_it_was_closed_nothing_is_written(bag: Bag, organisation: Bag, activity: str, server: MemoryPod) -> None:
    made = shared(bag, organisation, live(activity))
    revoke(bag, made.share_id, NOW)
    rename(bag, activity, "Après")
    server.requests.clear()
    assert follow(bag, LATER).updated == ()
    assert not [r for r in server.requests if r.method not in {"GET", "HEAD"}]


def test_a_damaged_source_leaves_the_dossier_as_it_was(
    bag: Bag, organisation: Bag, activity: str, server: MemoryPod
) -> None:
    made = shared(bag, organisation, live(activity))
    server.put_bytes(bag.layout.activities, b"<#a-1> a <unfinished")
    assert follow(bag, LATER).behind == (made.share_id,)
    assert titles(organisation, made) == ["Trésorerie"]


def test_the_grant_says_what_was_agreed(bag: Bag, organisation: Bag, activity: str) -> None:
    shared(bag, organisation, live(activity))
    (line,) = list_shares(bag, NOW.date()).lines
    assert line.grant.live
    assert line.grant.detail == USUAL
