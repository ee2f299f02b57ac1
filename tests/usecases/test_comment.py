"""A counsellor is invited to comment on a dossier: adds, changes nothing, and the invitation ends with the dossier."""

from datetime import date, timedelta

import pytest

from musette_solid.errors import MusetteError
from musette_solid.exchange.apart import Stopped
from musette_solid.model.comment import LONGEST, NoComment, NotInvited
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import NotThere, PodError, StorageFull, Unreachable
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import clear_share
from musette_solid.usecases import comment as commenting
from musette_solid.usecases import share as sharing
from musette_solid.usecases.clear_share import SOON
from musette_solid.usecases.granted import Opened, read_dossier
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.recover import recover
from musette_solid.usecases.renew import prolong
from musette_solid.usecases.revoke import expire, list_shares, revoke
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW

UNTIL = date(2027, 2, 22)


@pytest.fixture(params=["wac", "acp"])
def server(request: pytest.FixtureRequest) -> MemoryPod:
    return MemoryPod(f"https://{request.param}.pod.example/", str(request.param))


def invited(bag: Bag, to: Bag, *, comments: bool = True, until: date = UNTIL) -> tuple[sharing.Shared, Opened]:
    texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    chosen = Selection(frozenset({log_activity(bag, texts, NOW)}))
    agreed = Terms(
        *("Dossier", bag.owner, "Demo", to.owner, str(terms.PURPOSE_COUNSELLING), NOW, until), comments=comments
    )
    made = sharing.share(bag, chosen, agreed, sharing.check_recipient(bag, to.owner), sharing.new_id())
    assert sharing.confirm(bag, made.share_id).holds
    return made, read_dossier(to.pod, made.dossier, NOW)


def test_a_comment_is_left_answered_and_kept(bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation)
    thing = opened.dossier.activities[0].iri
    commenting.comment(organisation.pod, opened, "Bien, mais dites les montants.\nEt les dates.", NOW, thing)
    (said,) = commenting.received(bag, made.share_id)
    assert said.comment.text == "Bien, mais dites les montants.\nEt les dates."
    assert (said.comment.target, said.is_mine, said.is_kept) == (thing, False, False)
    commenting.answer(bag, made.share_id, said.comment.iri, "Merci, c’est fait.", NOW + timedelta(hours=1))
    beside = commenting.read_beside(organisation.pod, opened)
    assert [one.text for one in beside] == [said.comment.text, "Merci, c’est fait."]
    commenting.keep(bag, made.share_id, said.comment.iri, organisation.owner)
    assert [(one.is_mine, one.is_kept) for one in commenting.received(bag, made.share_id)] == [
        (False, True),
        (True, True),
    ]
    revoke(bag, made.share_id, NOW)
    assert {one.author for one in commenting.kept(bag)} == {organisation.owner, bag.owner}


def test_an_answer_that_cannot_be_kept_is_not_left_beside_the_dossier_either(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    """What is not kept in the bag would stand there as the other's words."""
    made, opened = invited(bag, organisation)
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    (said,) = commenting.received(bag, made.share_id)
    server.instead = lambda request: (
        Response(request.url, 507, {})
        if request.url == bag.layout.comments_kept and request.method == "PATCH"
        else None
    )
    with pytest.raises(StorageFull):
        commenting.answer(bag, made.share_id, said.comment.iri, "Deux.", NOW)
    server.instead = lambda _request: None
    assert [one.comment.text for one in commenting.received(bag, made.share_id)] == ["Un."]


def test_the_invitation_lets_add_and_nothing_else(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation)
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    (said,) = commenting.received(bag, made.share_id)
    document, place = said.comment.iri.partition("#")[0], bag.layout.comments(made.share_id)
    stranger = server.pod_for(server.create_pod("stranger").webid)
    for who in (stranger, bag.pod.anonymous()):
        for url in (document, place):
            assert who.send("GET", url).status in {401, 403}
        assert who.send("POST", place, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status in {401, 403}
    for method, kind in (("PUT", syntax.TURTLE), ("DELETE", "text/plain")):
        assert organisation.pod.send(method, document, {"Content-Type": kind}, b"<#it> a <urn:x> .").status == 403
        assert organisation.pod.send(method, place, {"Content-Type": kind}, b"").status in {403, 405}
    for url in (made.dossier, bag.layout.share(made.share_id)):
        assert organisation.pod.send("POST", url, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status in {
            403,
            405,
        }
    assert [sight.state for sight in who_sees(bag, NOW.date(), everywhere=True).sights] == ["effective"]


@pytest.mark.parametrize("end", ["revoked", "expired", "prolonged"])
def test_the_invitation_ends_with_the_dossier(bag: Bag, organisation: Bag, end: str) -> None:
    made, opened = invited(bag, organisation, until=NOW.date())
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    if end == "revoked":
        revoke(bag, made.share_id, NOW)
    elif end == "expired":
        expire(bag, NOW + timedelta(days=1))
    else:
        again = prolong(bag, made.share_id, UNTIL, NOW)
        fresh = read_dossier(organisation.pod, again.dossier, NOW)
        commenting.comment(organisation.pod, fresh, "Deux.", NOW)
        assert [one.comment.text for one in commenting.received(bag, again.share_id)] == ["Deux."]
    with pytest.raises(PodError):
        commenting.comment(organisation.pod, opened, "Trop tard.", NOW)
    assert commenting.read_beside(organisation.pod, opened) == ()


def test_who_was_not_invited_does_not_comment(bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation, comments=False)
    with pytest.raises(NotInvited):
        commenting.comment(organisation.pod, opened, "Un.", NOW)
    assert commenting.read_beside(organisation.pod, opened) == ()
    place = bag.layout.comments(made.share_id)
    assert organisation.pod.send("POST", place, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status in {403, 404}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_nothing_or_too_much_is_no_comment(bag: Bag, organisation: Bag, text: str) -> None:
    made, opened = invited(bag, organisation)
    with pytest.raises(NoComment):
        commenting.comment(organisation.pod, opened, text, NOW)
    assert commenting.received(bag, made.share_id) == ()


def test_a_dossier_that_names_another_place_for_comments_is_not_followed(bag: Bag, organisation: Bag) -> None:
    from dataclasses import replace

    _, opened = invited(bag, organisation)
    for place in ("https://elsewhere.example/x/", bag.layout.inbox, opened.dossier.iri, None):
        with pytest.raises(NotInvited):
            commenting.place_of(replace(opened.dossier, comments=place))


def test_a_comment_under_a_false_name_is_the_recipients_all_the_same(bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation)
    forged = (
        f'<#it> a <{terms.OA_ANNOTATION}> ; <{terms.OA_BODY_VALUE}> "moi" ; <{terms.OA_HAS_TARGET}> <{made.dossier}> ; '
    )
    forged += f"<{terms.OA_MOTIVATED_BY}> <{terms.OA_REPLYING}> ; <{terms.DCTERMS_CREATOR}> <{bag.owner}> ; "
    forged += f'<{terms.DCTERMS_CREATED}> "2026-11-22T10:00:00+00:00"^^<{terms.XSD_DATE_TIME}> .'
    place = commenting.place_of(opened.dossier)
    assert organisation.pod.send("POST", place, {"Content-Type": syntax.TURTLE}, forged.encode()).ok
    (said,) = commenting.received(bag, made.share_id)
    assert not said.is_mine
    commenting.keep(bag, made.share_id, said.comment.iri, organisation.owner)
    (kept,) = commenting.kept(bag)
    assert (kept.author, kept.is_answer) == (organisation.owner, False)


def test_a_comment_is_discarded_and_nothing_else_can_be(bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation)
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    (said,) = commenting.received(bag, made.share_id)
    for elsewhere in (made.dossier, bag.layout.activities, bag.layout.comments(made.share_id), "https://x.example/a"):
        with pytest.raises(NotThere):
            commenting.discard(bag, made.share_id, elsewhere)
    commenting.discard(bag, made.share_id, said.comment.iri)
    assert commenting.received(bag, made.share_id) == ()
    assert resources.read(bag.pod, bag.layout.activities).exists


def test_junk_beside_a_dossier_is_left_out(bag: Bag, organisation: Bag) -> None:
    made, opened = invited(bag, organisation)
    place = commenting.place_of(opened.dossier)
    for kind, body in (
        (syntax.TURTLE, b"<#it> a <urn:x> ."),
        ("text/html", b"<script>alert(1)</script>"),
        (syntax.TURTLE, b"<#it> <urn:p> '" + b"x" * 200_000 + b"' ."),
    ):
        assert organisation.pod.send("POST", place, {"Content-Type": kind}, body).ok
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    assert [one.comment.text for one in commenting.received(bag, made.share_id)] == ["Un."]


def test_a_share_that_lets_comment_and_fails_leaves_nothing_open(
    server: MemoryPod, bag: Bag, organisation: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    from musette_solid.usecases import opening

    def fails(*_: object) -> None:
        raise sharing.NotEffective(reason="x")

    monkeypatch.setattr(opening, "_refused_to_strangers", fails)
    with pytest.raises(MusetteError):
        invited(bag, organisation)
    monkeypatch.undo()
    assert not [url for url in server._stored if "/shares/" in url and "comments" in url]


def test_what_somebody_left_by_the_thousand_is_closed_at_once_and_deleted_a_little_at_a_time(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    made, _ = invited(bag, organisation)
    place, dossier = bag.layout.comments(made.share_id), bag.layout.dossier(made.share_id)
    flood(server, place, 3 * SOON)
    done = revoke(bag, made.share_id, NOW)
    assert (done.verified, done.cleared) == (True, False)
    assert bag.pod.send("GET", dossier).status == 404
    for who in (organisation.pod, bag.pod.anonymous()):
        assert who.send("GET", place).status in {401, 403}
        assert who.send("GET", f"{place}c-1.ttl").status in {401, 403}
        assert who.send("POST", place, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status in {401, 403}
    assert [one.state for one in who_sees(bag, NOW.date()).sights] == ["closed"]
    (line,) = list_shares(bag, NOW.date()).lines
    assert (line.state, line.has_leftovers) == ("revoked", True)
    for left in (True, False):  # each sign-in takes some away
        recover(bag, NOW + timedelta(days=1))
        (line,) = list_shares(bag, NOW.date()).lines
        assert (line.state, line.has_leftovers) == ("revoked", left)
    assert not [iri for iri in server._stored if made.share_id in iri and "/shares/" in iri]
    assert line.grant.revoked_at == NOW


def flood(server: MemoryPod, place: str, comments: int) -> None:
    for number in range(comments):
        server.put_bytes(f"{place}c-{number}.ttl", b"<#it> a <urn:x> .")


def test_the_rest_is_deleted_behind_a_page_and_stopped_it_goes_on_where_it_was(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    made, _ = invited(bag, organisation)
    flood(server, bag.layout.comments(made.share_id), 3 * SOON)
    revoke(bag, made.share_id, NOW)
    steps: list[tuple[int, int]] = []

    def told(step: int, of: int) -> None:
        steps.append((step, of))
        if step >= 40:
            raise Stopped

    with pytest.raises(Stopped):
        clear_share.finish(bag, made.share_id, told)
    assert steps == [(0, 2 * SOON), (20, 2 * SOON), (40, 2 * SOON)]
    assert clear_share.finish(bag, made.share_id)
    (line,) = list_shares(bag, NOW.date()).lines
    assert (line.state, line.has_leftovers) == ("revoked", False)
    assert clear_share.finish(bag, made.share_id)  # once more changes nothing


@pytest.mark.parametrize("how", ["500", "silence"])
def test_comments_that_the_space_cannot_list_keep_nobody_from_closing(
    server: MemoryPod, bag: Bag, organisation: Bag, how: str
) -> None:
    """As the Community Solid Server does: whatever asks about the container itself fails, what lies in it can be read."""
    made, opened = invited(bag, organisation)
    place = bag.layout.comments(made.share_id)
    commenting.comment(organisation.pod, opened, "Un.", NOW)
    ((said),) = commenting.received(bag, made.share_id)

    def gives_up(request: Request) -> Response | None:
        if request.url != place or request.method not in {"GET", "HEAD"} or "Authorization" not in request.headers:
            return None
        if how == "silence":
            raise Unreachable(place, host="busy")
        return Response(place, 500, {})

    bag.pod.cache = Cache()
    organisation.pod.cache = Cache()
    server.instead = gives_up
    with pytest.raises(commenting.TooManyComments):
        commenting.received(bag, made.share_id)
    assert commenting.read_beside(organisation.pod, opened) == ()
    assert [one.state for one in who_sees(bag, NOW.date()).sights] == ["effective"]
    done = revoke(bag, made.share_id, NOW)
    assert (done.verified, done.cleared) == (True, False)
    assert organisation.pod.send("GET", names.document(said.comment.iri)).status == 403
    assert organisation.pod.send("POST", place, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status == 403
    with pytest.raises(clear_share.CannotBeCleared):
        clear_share.finish(bag, made.share_id)
    recover(bag, NOW)
    server.instead = lambda _request: None
    assert clear_share.finish(bag, made.share_id)


def test_where_the_rule_of_the_comments_cannot_be_narrowed_closing_is_not_said_to_have_succeeded(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    made, _ = invited(bag, organisation)
    place = bag.layout.comments(made.share_id)
    flood(server, place, 2 * SOON)
    server.instead = lambda request: (
        Response(request.url, 500, {})
        if request.method in {"PUT", "PATCH"} and request.url.startswith(place + ".ac")
        else None
    )
    assert not revoke(bag, made.share_id, NOW).verified
