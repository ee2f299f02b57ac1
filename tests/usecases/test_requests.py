"""Asking and answering: it is proved who asks, nothing opens by itself, nobody is asked twice."""

import time
from datetime import timedelta

import pytest

from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.request import BadRequest, Need, NotARequest
from musette_solid.pod import access, containers, resources
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Request, Response
from musette_solid.pod.inbox import MOST, PAGE
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import letters
from musette_solid.usecases import share as sharing
from musette_solid.usecases.answer_request import (
    Forged,
    RequestChanged,
    accepted,
    ask_back,
    check_unchanged,
    decline,
    hear_again,
    letterbox,
    open_request,
    silence,
)
from musette_solid.usecases.ask import NotPublished, Published, ask, list_asked, send, withdraw
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.log_activity import log_activity
from tests.usecases.conftest import NOW

NEEDS = (
    Need(terms.Activity, {"fr": "Ce que vous avez fait"}),
    Need(terms.Skill, {"fr": "Vos outils"}, is_required=False),
)


def asked(organisation: Bag) -> Published:
    notice = {"fr": "Pour l’atelier du samedi."}
    return ask(organisation, "Atelier", terms.PURPOSE_VOLUNTEERING_PLACEMENT, 90, NEEDS, notice, NOW)


def test_whoever_has_the_link_reads_the_request_and_knows_who_asks(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    opened = open_request(bag, made.request.iri)
    assert opened.request == made.request
    assert opened.name == "Demo association"
    assert opened.answered is None


def test_only_the_request_is_public(server: MemoryPod, organisation: Bag) -> None:
    asked(organisation)
    layout, stranger = organisation.layout, organisation.pod.anonymous()
    for private in (layout.root, layout.requests, layout.bag, layout.activities, layout.inbox, layout.answers):
        assert stranger.send("GET", private).status in {401, 404}, private
    public = [url for url in server._stored if stranger.send("GET", url).ok and url.startswith(layout.root)]
    assert all(url.startswith(layout.requests) for url in public)


def test_a_request_withdrawn_is_gone_for_everybody(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    withdraw(organisation, made.request_id)
    with pytest.raises(NotARequest):
        open_request(bag, made.request.iri)


def test_a_bad_request_publishes_nothing(server: MemoryPod, organisation: Bag) -> None:
    server.requests.clear()
    with pytest.raises(BadRequest):
        ask(organisation, "", terms.PURPOSE_RESEARCH, 90, NEEDS, {}, NOW)
    assert not [r for r in server.requests if r.method not in {"GET", "HEAD"}]


def test_a_request_that_cannot_be_made_public_leaves_nothing(
    organisation: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:

    from musette_solid.pod.errors import RulesRefused

    def refuse(*_: object) -> None:
        raise RulesRefused(reason="no")

    monkeypatch.setattr(access, "publish", refuse)
    with pytest.raises(RulesRefused):
        asked(organisation)
    assert list_asked(organisation) == ()


def test_a_space_that_says_yes_and_opens_nothing_is_found_out(
    organisation: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "publish", lambda *_: None)
    with pytest.raises(NotPublished):
        asked(organisation)
    assert list_asked(organisation) == ()
    assert containers.members(organisation.pod, organisation.layout.intents) == ()


def test_a_request_in_somebody_elses_name_is_refused(bag: Bag, organisation: Bag, server: MemoryPod) -> None:
    made = asked(organisation)
    liar = server.create_pod("liar")
    url = liar.storage + "request.ttl"
    turtle = resources.read(bag.pod.anonymous(), made.request.iri).body
    server.put_bytes(url, turtle.replace(made.request.iri.encode(), f"{url}#it".encode()))
    pod = server.pod_for(liar.webid)

    access.publish(pod, liar.storage, liar.webid)
    with pytest.raises((Forged, NotARequest)):
        open_request(bag, url)


def test_a_letter_alone_changes_nothing_and_waits(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    assert send(organisation, made.request, bag.owner, NOW)
    (letter,) = letterbox(bag).waiting
    assert (letter.about, letter.title, letter.name) == (made.request.iri, "Atelier", "Demo association")
    assert letterbox(bag).decided == ()


def test_a_refused_request_never_comes_back(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    send(organisation, made.request, bag.owner, NOW)
    assert decline(bag, open_request(bag, made.request.iri), NOW, "Pas maintenant.")
    send(organisation, made.request, bag.owner, NOW + timedelta(days=1))
    found = letterbox(bag)
    assert found.waiting == ()
    assert [one.decision for one in found.decided] == [terms.DECISION_DECLINED]
    (mine,) = list_asked(organisation)
    assert [(reply.kind, reply.words) for reply in mine.replies] == [(terms.AS_REJECT, "Pas maintenant.")]


def test_a_question_leaves_the_request_waiting(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    send(organisation, made.request, bag.owner, NOW)
    assert ask_back(bag, open_request(bag, made.request.iri), "Qui le lira ?", NOW)
    assert len(letterbox(bag).waiting) == 1
    (mine,) = list_asked(organisation)
    assert [reply.words for reply in mine.replies] == ["Qui le lira ?"]


def test_a_silenced_sender_is_not_heard_until_the_person_wants_to(bag: Bag, organisation: Bag) -> None:
    silence(bag, organisation.owner, NOW)
    made = asked(organisation)
    send(organisation, made.request, bag.owner, NOW)
    assert letterbox(bag).waiting == ()
    hear_again(bag, organisation.owner)
    assert len(letterbox(bag).waiting) == 1


def test_a_request_changed_since_it_was_looked_at_is_looked_at_again(
    bag: Bag, organisation: Bag, server: MemoryPod
) -> None:
    made = asked(organisation)
    opened = open_request(bag, made.request.iri)
    assert check_unchanged(bag, made.request.iri, opened.shown).request == opened.request
    url = organisation.layout.request(made.request_id)
    body = resources.read(organisation.pod, url).body
    server.put_bytes(url, body.replace(b"P90D", b"P700D"))
    with pytest.raises(RequestChanged):
        check_unchanged(bag, made.request.iri, opened.shown)


def test_accepting_is_opening_a_dossier_in_whole_or_in_part(bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    opened = open_request(bag, made.request.iri)
    activity = log_activity(bag, {"title": ["Repair café"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    recipient = sharing.check_recipient(bag, opened.request.sender)
    agreed = Terms(
        "Atelier", bag.owner, None, recipient.webid, opened.request.purpose, NOW, opened.request.until(NOW.date())
    )
    share = sharing.share(
        bag, Selection(frozenset({activity})), agreed, recipient, sharing.new_id(), request=made.request.iri
    )
    assert accepted(bag, opened, list_activities(bag).activities, NOW).decision == terms.DECISION_IN_PART
    (mine,) = list_asked(organisation)
    assert [(reply.kind, reply.about) for reply in mine.replies] == [(terms.AS_ANNOUNCE, share.dossier + "#it")]


@pytest.mark.parametrize("body", [b"", b"<html>", b"<#it> a <https://w3id.org/musette#Dossier> ."])
def test_what_is_no_request_is_said_to_be_none(bag: Bag, organisation: Bag, server: MemoryPod, body: bytes) -> None:
    made = asked(organisation)
    server.put_bytes(organisation.layout.request(made.request_id), body)
    from musette_solid.errors import MusetteError

    with pytest.raises(MusetteError):
        open_request(bag, made.request.iri)


def test_decisions_that_cannot_be_read_let_nobody_back_in(bag: Bag, organisation: Bag, server: MemoryPod) -> None:
    from musette_solid.pod.errors import NotUnderstood

    silence(bag, organisation.owner, NOW)
    server.put_bytes(bag.layout.answers, b"<#r-1> a <unfinished")
    with pytest.raises(NotUnderstood):
        letterbox(bag)
    assert syntax.TURTLE


def test_fifty_thousand_letters_and_an_enormous_one_leave_the_newest_to_be_read(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    """H-80. What lies there is listed once; only the newest are opened, and none further than a page of text."""
    made = ask(organisation, "Atelier", terms.PURPOSE_RECRUITMENT, 30, (Need(terms.Activity),), {}, NOW)
    assert send(organisation, made.request, bag.owner, NOW)
    inbox = bag.layout.inbox
    (real,) = [url for url in server._stored if url.startswith(inbox) and url not in {inbox, inbox + ".acl"}]
    server.put_bytes(inbox + "zzz-enormous.ttl", b"<#x> <urn:p> '" + b"x" * 100_000_000 + b"' .")
    lines = ["@prefix ldp: <http://www.w3.org/ns/ldp#> . @prefix dct: <http://purl.org/dc/terms/> ."]
    lines += [f'<> ldp:contains <j{i}.ttl> . <j{i}.ttl> dct:modified "2020-01-01T00:00:00Z" .' for i in range(50_000)]
    newest = [real, inbox + "zzz-enormous.ttl"]
    lines += [f'<> ldp:contains <{url}> . <{url}> dct:modified "2026-11-22T10:00:00Z" .' for url in newest]
    listing = "\n".join(lines).encode()

    def full(request: Request) -> Response | None:
        is_listing = request.method == "GET" and request.url == inbox
        return Response(request.url, 200, {"Content-Type": "text/turtle"}, listing) if is_listing else None

    server.instead = full
    server.requests.clear()
    begun = time.process_time()
    box = letterbox(bag)
    assert [letter.about for letter in box.waiting] == [made.request.iri]
    assert time.process_time() - begun < 10
    assert len([r for r in server.requests if r.url.startswith(inbox) and r.url != inbox]) <= 2 * PAGE


def test_who_has_many_real_letters_reads_more_than_one_page(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    made = ask(organisation, "Atelier", terms.PURPOSE_RECRUITMENT, 30, (Need(terms.Activity),), {}, NOW)
    assert send(organisation, made.request, bag.owner, NOW)
    inbox = bag.layout.inbox
    (real,) = [url for url in server._stored if url.startswith(inbox) and url not in {inbox, inbox + ".acl"}]
    body = server._stored[real].body.replace(made.request.iri.encode(), b"https://pod.example/other/r#it")
    for number in range(3 * PAGE):
        server.put_bytes(f"{inbox}zz-{number}.ttl", body, server._stored[real].media_type)
    assert made.request.iri in {letter.about for letter in letters.received(bag.pod)}
    # No further than so many, however real they look.
    for number in range(3 * PAGE, MOST + PAGE):
        server.put_bytes(f"{inbox}zz-{number}.ttl", body, server._stored[real].media_type)
    server.requests.clear()
    letters.received(Pod(bag.pod.transport, bag.pod.webid, bag.pod.credentials))
    assert len([r for r in server.requests if r.url.startswith(inbox) and r.url != inbox]) == MOST


def test_a_letterbox_that_cannot_be_read_in_time_leaves_the_page_usable(server: MemoryPod, bag: Bag) -> None:
    def slow(request: Request) -> Response | None:
        if request.url == bag.layout.inbox:
            raise Unreachable(request.url, host="pod.example")
        return None

    server.instead = slow
    box = letterbox(bag)
    assert (box.waiting, box.is_overfull) == ((), True)


def test_a_server_that_gives_up_on_a_letterbox_is_not_made_to_try_again_by_each_page(
    server: MemoryPod, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the Community Solid Server does after six seconds, on some ten thousand letters: 500."""
    server.instead = lambda r: Response(r.url, 500, {}, b"") if r.url == bag.layout.inbox else None
    server.requests.clear()
    assert [letterbox(bag).is_overfull for _ in range(3)] == [True] * 3
    assert [r.url for r in server.requests].count(bag.layout.inbox) == 1
    server.instead = lambda _request: None
    monkeypatch.setattr(letters, "REST_S", 0)
    assert not letterbox(bag).is_overfull


def test_a_letter_that_did_not_change_is_read_once(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    for _ in range(3):
        assert send(organisation, made.request, bag.owner, NOW)
    first = letterbox(bag).waiting
    server.requests.clear()
    assert letterbox(bag).waiting == first
    inside = [r.url for r in server.requests if r.url.startswith(bag.layout.inbox)]
    assert inside == [bag.layout.inbox]


def test_an_answer_to_a_request_never_made_and_a_replay_change_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    """H-84. Letters claim; what was asked is only what lies in one's own space."""
    made = asked(organisation)
    inbox = organisation.layout.inbox
    never = made.request.iri.replace(made.request_id, "00000000-0000-4000-8000-000000000000")
    for reply_to in (never, made.request.iri, made.request.iri):
        assert letters.send(
            *(bag.pod, inbox, terms.AS_REJECT, reply_to, organisation.owner, "Non", NOW), reply_to=reply_to
        )
    before = {url: one.body for url, one in server._stored.items() if url.startswith(organisation.layout.root)}
    (mine,) = list_asked(organisation)
    assert [(one.kind, one.reply_to) for one in mine.replies] == [(terms.AS_REJECT, made.request.iri)]
    after = {url: one.body for url, one in server._stored.items() if url.startswith(organisation.layout.root)}
    assert after == before


def test_what_is_asked_for_and_does_not_exist_is_left_out(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    document = made.request.iri.partition("#")[0]
    body = server._stored[document].body.decode()
    server.put_bytes(
        document,
        body.replace(str(terms.Skill), "https://example.org/Salary")
        .replace("mus:Skill", "<https://example.org/Salary>")
        .encode(),
    )
    assert {need.kind for need in open_request(bag, made.request.iri).request.needs} == {terms.Activity}


def test_two_who_decline_are_two_answers(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    made = asked(organisation)
    other = server.pod_for(server.create_pod("other").webid)
    for pod in (bag.pod, other):
        assert letters.send(
            *(pod, organisation.layout.inbox, terms.AS_REJECT, made.request.iri, organisation.owner, "Non", NOW),
            reply_to=made.request.iri,
        )
    (mine,) = list_asked(organisation)
    assert {one.sender for one in mine.replies} == {bag.owner, other.webid}
