"""Receipts on both sides, and prolonging: a new receipt in place of the old, one for each share that is open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from musette_solid.errors import MusetteError
from musette_solid.model import receipt as receipts
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import access, resources
from musette_solid.pod.errors import AccessRefused, NotThere, PodError, Unreachable
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.answer_request import open_request
from musette_solid.usecases.ask import ask_again
from musette_solid.usecases.follow import follow
from musette_solid.usecases.granted import announced, granted, read_dossier, receipt_for
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.renew import NothingToRenew, asked_again, prolong
from musette_solid.usecases.revoke import expire, list_shares, revoke
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW

UNTIL = date(2027, 2, 22)
LATER = date(2027, 8, 22)


@pytest.fixture
def selection(bag: Bag) -> Selection:
    texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return Selection(frozenset({log_activity(bag, texts, NOW)}))


def shared(bag: Bag, to: Bag, selection: Selection) -> sharing.Shared:
    recipient = sharing.check_recipient(bag, to.owner)
    agreed = Terms(
        *("Dossier", bag.owner, "Demo", to.owner, str(terms.PURPOSE_RECRUITMENT), NOW, UNTIL), recipient_name="Club"
    )
    return sharing.share(bag, selection, agreed, recipient, sharing.new_id())


def own_receipts(bag: Bag) -> dict[str, receipts.Receipt]:
    lines = list_shares(bag, NOW.date()).lines
    return {one.iri: one for one in (receipts.of_grant(line.grant) for line in lines)}


def test_both_sides_have_the_same_receipt(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    (letter,) = granted(organisation.pod)
    assert letter.receipt == own_receipts(bag)[f"urn:uuid:{made.share_id}"]
    assert receipt_for(organisation.pod, made.dossier, NOW) == letter.receipt


def test_a_recipient_without_a_letterbox_has_it_from_the_dossier(
    server: MemoryPod, bag: Bag, selection: Selection
) -> None:
    other = server.create_pod("no-letterbox")
    recipient = sharing.check_recipient(bag, other.webid)
    agreed = Terms("Dossier", bag.owner, "Demo", other.webid, str(terms.PURPOSE_RESEARCH), NOW, UNTIL)
    made = sharing.share(bag, selection, agreed, recipient, sharing.new_id())
    found = receipt_for(server.pod_for(other.webid), made.dossier, NOW)
    assert found.iri == f"urn:uuid:{made.share_id}"
    assert (found.person, found.recipient, found.until) == (bag.owner, other.webid, UNTIL)
    stranger = server.pod_for(server.create_pod("stranger").webid)
    with pytest.raises(AccessRefused):
        receipt_for(stranger, made.dossier, NOW)


def test_receipts_that_hold_and_shares_that_are_open_match_one_to_one(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    """Invariant I10, after giving, prolonging and closing: on the person's side, the recipient's and in the rules."""
    kept, renewed, closed = (shared(bag, organisation, selection) for _ in range(3))
    again = prolong(bag, renewed.share_id, LATER, NOW)
    revoke(bag, closed.share_id, NOW)
    holding = {
        iri
        for iri, one in own_receipts(bag).items()
        if one.status(NOW.date()) in {terms.DPV_CONSENT_GIVEN, terms.DPV_RENEWED_CONSENT_GIVEN}
    }
    effective = {sight.line.share_id for sight in who_sees(bag, NOW.date()).sights if sight.state == "effective"}
    assert holding == {f"urn:uuid:{share_id}" for share_id in effective}
    assert effective == {kept.share_id, again.share_id}
    readable = {
        letter.receipt.iri
        for letter in announced(organisation.pod, NOW.date()).open
        if letter.receipt and organisation.pod.send("GET", letter.about.partition("#")[0]).status == 200
    }
    assert readable == holding


def test_prolonging_shows_the_same_words_and_closes_the_old(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    before = read_dossier(organisation.pod, made.dossier, NOW).dossier
    # Corrected meanwhile: a dossier that stays as it was stays so.
    log_activity(bag, {"title": ["Autre"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    again = prolong(bag, made.share_id, LATER, NOW + timedelta(days=1))
    after = read_dossier(organisation.pod, again.dossier, NOW).dossier
    assert after.until == LATER
    assert [a.title for a in after.activities] == [a.title for a in before.activities]
    assert (after.title, after.owner_name, after.recipient_name) == (before.title, "Demo", "Club")
    with pytest.raises(PodError):
        read_dossier(organisation.pod, made.dossier, NOW)
    (letter,) = announced(organisation.pod, NOW.date()).open
    assert letter.receipt is not None
    assert letter.receipt.replaces == f"urn:uuid:{made.share_id}"
    assert letter.receipt.status(NOW.date()) == terms.DPV_RENEWED_CONSENT_GIVEN


def test_a_live_dossier_that_was_prolonged_goes_on_following(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, replace(selection, live=True))
    again = prolong(bag, made.share_id, LATER, NOW)
    (activity,) = selection.activities
    found = resources.read(bag.pod, bag.layout.activities)
    from rdflib import Literal, URIRef

    from musette_solid.rdf.delta import Delta

    subject = URIRef(activity)
    old = frozenset(found.graph.triples((subject, terms.DCTERMS_TITLE, None)))
    resources.change(bag.pod, found, Delta(old, frozenset({(subject, terms.DCTERMS_TITLE, Literal("Comptes"))})))
    assert follow(bag, NOW).updated == (again.share_id,)
    assert [a.title for a in read_dossier(organisation.pod, again.dossier, NOW).dossier.activities] == ["Comptes"]


@pytest.mark.parametrize("until", [NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=732)])
def test_a_day_that_cannot_be_changes_nothing(bag: Bag, organisation: Bag, selection: Selection, until: date) -> None:
    made = shared(bag, organisation, selection)
    with pytest.raises(sharing.BadTerms):
        prolong(bag, made.share_id, until, NOW)
    assert [line.state for line in list_shares(bag, NOW.date()).lines] == ["active"]


def test_what_is_closed_is_not_prolonged(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    revoke(bag, made.share_id, NOW)
    with pytest.raises(NothingToRenew):
        prolong(bag, made.share_id, LATER, NOW)
    with pytest.raises(NotThere):
        prolong(bag, sharing.new_id(), LATER, NOW)


def test_a_renewal_cut_before_the_old_is_closed_is_finished_by_expire(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    list_shares(bag, NOW.date())  # looked at: it is known to be open

    def cut(request: Request) -> Response | None:
        if made.share_id in request.url and request.method != "GET":
            raise Unreachable(request.url, host="pod.example")
        return None

    server.instead = cut
    with pytest.raises(MusetteError):
        prolong(bag, made.share_id, LATER, NOW)
    server.instead = lambda _request: None
    list_shares(bag, NOW.date())
    assert [one.share_id for one in expire(bag, NOW)] == [made.share_id]
    assert sorted(line.state for line in list_shares(bag, NOW.date()).lines) == ["active", "revoked"]


def test_an_organisation_asks_to_prolong_and_the_person_does_in_one_gesture(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    asked, told = ask_again(organisation, receipt_for(organisation.pod, made.dossier, NOW), NOW)
    assert told
    published = server._stored[asked.request.iri.partition("#")[0]].body
    assert b"/demo/" not in published  # it names nobody
    opened = open_request(bag, asked.request.iri)
    line = asked_again(bag, opened, NOW.date())
    assert line is not None
    assert line.share_id == made.share_id
    again = prolong(bag, line.share_id, opened.request.until(NOW.date()), NOW, opened.request.iri)
    assert read_dossier(organisation.pod, again.dossier, NOW).dossier.activities


def test_nobody_else_can_ask_to_prolong_it(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    from musette_solid.usecases import set_up

    made = shared(bag, organisation, selection)
    thief = server.create_pod("thief", "Thief")
    other = set_up.create(server.pod_for(thief.webid), thief.storage, NOW)
    receipt = receipt_for(organisation.pod, made.dossier, NOW)
    asked, _ = ask_again(other, receipt, NOW)
    assert asked_again(bag, open_request(bag, asked.request.iri), NOW.date()) is None
    assert access.rules(bag.pod, bag.layout.share(made.share_id)).modes(thief.webid) == frozenset()
