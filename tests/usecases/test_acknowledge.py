"""After the end: the recipient is told, deletes, says so; the person reads it. Nobody speaks for another."""

from datetime import timedelta

import pytest

from musette_solid.model import receipt as receipts
from musette_solid.model.dossier import Selection
from musette_solid.pod import resources, webid
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import letters
from musette_solid.usecases import share as sharing
from musette_solid.usecases.acknowledge import NotAnnounced, NotFromThem, look, say_deleted, tell, tell_closed
from musette_solid.usecases.granted import announced, receipt_for
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.renew import line_of, prolong
from musette_solid.usecases.revoke import expire, revoke
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW
from tests.usecases.test_share import UNTIL, shared

SOON = NOW + timedelta(hours=1)
AFTER = NOW + timedelta(hours=2)


@pytest.fixture
def selection(bag: Bag) -> Selection:
    texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return Selection(frozenset({log_activity(bag, texts, NOW)}))


def closed(bag: Bag, organisation: Bag, selection: Selection) -> sharing.Shared:
    made = shared(bag, organisation, selection)
    assert tell(bag, (revoke(bag, made.share_id, SOON),), SOON) == (made.share_id,)
    return made


def test_the_word_of_the_recipient_is_in_the_receipts_of_both_and_in_the_history(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = closed(bag, organisation, selection)
    (over,) = announced(organisation.pod, NOW.date()).to_delete
    assert (over.closed, names.document(over.letter.about)) == (True, made.dossier)
    assert line_of(bag, made.share_id, NOW.date()).awaits_word
    assert say_deleted(organisation.pod, made.dossier, AFTER)
    assert look(bag, AFTER) == 1
    line = line_of(bag, made.share_id, NOW.date())
    assert (line.grant.copies_deleted_at, line.awaits_word) == (AFTER, False)
    mine, theirs = receipts.of_grant(line.grant), receipt_for(organisation.pod, made.dossier, AFTER)
    assert mine.copies_deleted_at == theirs.copies_deleted_at == AFTER
    assert mine.withdrawn_at == theirs.withdrawn_at == SOON
    assert [event.kind for event in who_sees(bag, NOW.date()).history] == ["deleted", "closed", "opened"]
    found = announced(organisation.pod, NOW.date())
    assert (found.open, found.to_delete, len(found.deleted)) == ((), (), 1)


def test_it_is_noted_once(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = closed(bag, organisation, selection)
    say_deleted(organisation.pod, made.dossier, AFTER)
    say_deleted(organisation.pod, made.dossier, AFTER + timedelta(hours=1))
    assert (look(bag, AFTER), look(bag, AFTER)) == (1, 0)
    graph = resources.read(bag.pod, bag.layout.grant(made.share_id)).graph
    assert len(list(graph.objects(None, terms.COPIES_DELETED_AT))) == 1


def test_the_word_of_somebody_else_counts_for_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = closed(bag, organisation, selection)
    stranger = server.pod_for(server.create_pod("stranger").webid)
    box = webid.profile(bag.pod.transport, bag.owner).inbox
    about = made.dossier + "#it"
    assert letters.send(stranger, box, terms.AS_DELETE, about, bag.owner, "Dossier", AFTER)
    assert look(bag, AFTER) == 0
    assert line_of(bag, made.share_id, NOW.date()).awaits_word


def test_what_is_still_open_cannot_have_been_deleted(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    assert say_deleted(organisation.pod, made.dossier, AFTER)
    assert look(bag, AFTER) == 0


def test_a_letter_that_says_closed_of_what_is_open_hides_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    """Under the name of the person: whoever was sent the link could write it."""
    made = shared(bag, organisation, selection)
    stranger = server.pod_for(server.create_pod("stranger").webid)
    stranger.webid = bag.owner
    box = webid.profile(bag.pod.transport, organisation.owner).inbox
    assert letters.send(stranger, box, terms.AS_UNDO, made.dossier + "#it", organisation.owner, "Dossier", AFTER)
    found = announced(organisation.pod, NOW.date())
    assert ([one.about for one in found.open], found.over) == ([made.dossier + "#it"], ())


def test_nobody_is_told_what_we_read_because_a_stranger_used_their_name(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = closed(bag, organisation, selection)
    stranger = server.create_pod("stranger")
    pod = server.pod_for(stranger.webid)
    box = webid.profile(bag.pod.transport, organisation.owner).inbox
    elsewhere = made.dossier.replace(made.share_id, sharing.new_id())
    assert letters.send(pod, box, terms.AS_ANNOUNCE, elsewhere + "#it", organisation.owner, "Dossier", AFTER)
    with pytest.raises(NotFromThem):
        say_deleted(organisation.pod, elsewhere, AFTER)
    with pytest.raises(NotAnnounced):
        say_deleted(organisation.pod, bag.layout.activities, AFTER)


def test_one_whose_last_day_has_passed_is_over_too(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    late = NOW + timedelta(days=200)
    assert late.date() > UNTIL
    # Nobody closed it yet: its day says enough.
    (over,) = announced(organisation.pod, late.date()).to_delete
    assert not over.closed
    assert tell(bag, expire(bag, late), late) == (made.share_id,)
    (over,) = announced(organisation.pod, late.date()).to_delete
    assert over.closed
    assert say_deleted(organisation.pod, made.dossier, late)
    assert look(bag, late) == 1


def test_what_was_prolonged_is_not_said_to_be_closed(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    again = prolong(bag, made.share_id, UNTIL + timedelta(days=30), SOON)
    found = announced(organisation.pod, NOW.date())
    assert ([names.document(one.about) for one in found.open], found.over) == ([again.dossier], ())


def test_a_recipient_who_cannot_be_told_stops_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    done = revoke(bag, made.share_id, SOON)
    assert done.verified

    def ill(request: Request) -> Response | None:
        return Response(request.url, 500, {}, b"") if request.url.startswith(organisation.layout.inbox) else None

    server.instead = ill
    assert not tell_closed(bag, made.share_id, SOON)
    server.instead = lambda _request: None
    # They find it closed when they look; and can say that nothing is left, as the letter that opened it is still there.
    assert say_deleted(organisation.pod, made.dossier, AFTER)
    assert look(bag, AFTER) == 1


def test_a_share_that_never_came_to_be_is_told_of_to_nobody(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    assert not tell_closed(bag, made.share_id, SOON)  # open
    assert not tell_closed(bag, sharing.new_id(), SOON)


def test_the_receipt_as_data_says_it(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = closed(bag, organisation, selection)
    say_deleted(organisation.pod, made.dossier, AFTER)
    look(bag, AFTER)
    graph = receipts.graph_of_receipt(receipts.of_grant(line_of(bag, made.share_id, NOW.date()).grant), NOW.date())
    again = syntax.parse(syntax.turtle(graph), syntax.TURTLE, "urn:x")
    (read,) = receipts.read(again)
    assert read.copies_deleted_at == AFTER
