"""A letterbox that somebody flooded: another beside it, in one gesture, and what was real is not lost."""

from contextlib import suppress
from datetime import timedelta

import pytest

from musette_solid.errors import MusetteError
from musette_solid.exchange.apart import Stopped
from musette_solid.model.dossier import Selection
from musette_solid.model.request import Need
from musette_solid.pod import access, containers, webid
from musette_solid.pod.errors import NotThere, PodError
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.wac import AUTHENTICATED, Mode
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import empty_letterbox, renew_letterbox
from musette_solid.usecases.answer_request import letterbox, silence
from musette_solid.usecases.ask import ask, send
from musette_solid.usecases.empty_letterbox import CannotBeListed, Emptied, NotAllKnown, empty
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.leave import leave
from musette_solid.usecases.letters import received
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.recover import recover
from musette_solid.usecases.renew_letterbox import CannotAnnounce, letterboxes, renew
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW
from tests.usecases.test_acknowledge import closed
from tests.usecases.test_share import selection, shared  # noqa: F401  (a fixture)


@pytest.fixture(params=["wac", "acp"])
def server(request: pytest.FixtureRequest) -> MemoryPod:
    return MemoryPod(f"https://{request.param}.pod.example/", str(request.param))


def drop(bag: Bag, place: str) -> int:
    return bag.pod.send("POST", place, {"Content-Type": syntax.TURTLE}, b"<> a <urn:x> .").status


def asks(organisation: Bag, to: Bag, title: str = "Atelier") -> bool:
    made = ask(organisation, title, terms.PURPOSE_RESEARCH, 30, (Need(terms.Activity),), {}, NOW)
    return send(organisation, made.request, to.owner, NOW)


def flooded(server: MemoryPod, bag: Bag) -> None:
    """As the Community Solid Server does: whatever asks about the container itself gets 500, writing into it works."""
    place = bag.layout.inbox

    def instead(request: Request) -> Response | None:
        if request.url == place and request.method in {"GET", "HEAD"}:
            return Response(place, 500, {}, b"")
        return None

    server.instead = instead


def test_another_letterbox_takes_letters_and_the_old_one_takes_none(
    server: MemoryPod, bag: Bag, organisation: Bag
) -> None:
    flooded(server, bag)
    assert letterbox(bag).is_overfull
    fresh = renew(bag)
    assert webid.profile(server, bag.owner).inbox == fresh == bag.layout.letterbox(2)
    assert drop(organisation, bag.layout.inbox) == 403
    assert asks(organisation, bag)
    box = letterbox(bag)
    assert ([one.title for one in box.waiting], box.is_overfull) == (["Atelier"], False)
    assert letterboxes(bag) == renew_letterbox.Letterboxes(fresh, (bag.layout.inbox,))
    for agent in (organisation.pod, bag.pod.anonymous()):
        assert agent.send("GET", fresh).status in {401, 403}
    assert (who_sees(bag, NOW.date()).openings, who_sees(bag, NOW.date()).unreadable) == ((), ())


def test_the_old_one_is_closed_before_the_new_one_is_announced(server: MemoryPod, bag: Bag) -> None:
    server.requests.clear()
    renew(bag)
    written = [r.url for r in server.requests if r.method in {"PUT", "PATCH"}]
    profile = next(n for n, url in enumerate(written) if url.endswith("/profile/card"))
    closing = next(n for n, url in enumerate(written) if url.startswith(bag.layout.inbox))
    opening = next(n for n, url in enumerate(written) if url.startswith(bag.layout.letterbox(2) + "."))
    assert closing < opening < profile


@pytest.mark.parametrize("k", range(0, 22, 2))
def test_interrupted_anywhere_it_is_finished_at_the_next_sign_in(
    server: MemoryPod, bag: Bag, organisation: Bag, k: int
) -> None:
    left = [k]

    def dies(request: Request) -> Response | None:
        left[0] -= 1
        if left[0] < 0:
            raise PodError(request.url, 503)
        return None

    server.instead = dies
    with suppress(MusetteError):
        renew(bag)
    server.instead = lambda _request: None
    recover(bag, NOW, everything=True)
    current = letterboxes(bag).current
    assert current is not None
    assert asks(organisation, bag)
    assert len(received(bag.pod)) == 1
    senders = [
        one
        for one in (bag.layout.inbox, bag.layout.letterbox(2), bag.layout.letterbox(3))
        if one in server._stored and Mode.APPEND in access.rules(bag.pod, one).agents().get(AUTHENTICATED, ())
    ]
    assert senders == [current]
    assert not renew_letterbox.is_begun(bag)


def test_a_profile_that_is_not_ours_to_write_leaves_everything_as_it_was(
    bag: Bag, organisation: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musette_solid.pod.discovery.replace_in_profile", lambda *_: False)
    with pytest.raises(CannotAnnounce):
        renew(bag)
    assert letterboxes(bag) == renew_letterbox.Letterboxes(bag.layout.inbox, ())
    assert drop(organisation, bag.layout.inbox) == 201
    assert not renew_letterbox.is_begun(bag)


def test_what_concerns_the_person_moves_along_and_the_rest_is_deleted(
    server: MemoryPod,
    bag: Bag,
    organisation: Bag,
    selection: Selection,  # noqa: F811
) -> None:
    shared(bag, organisation, selection)
    assert asks(organisation, bag)
    junk = server.create_pod("junk")
    for number in range(45):
        server.put_bytes(f"{bag.layout.inbox}zz-{number}.ttl", f"<> a <urn:x> ; <urn:from> <{junk.webid}> .".encode())
    server.put_bytes(f"{bag.layout.inbox}zz-large.ttl", b"<#x> <urn:p> '" + b"x" * 200_000 + b"' .")
    server.put_bytes(f"{bag.layout.inbox}zz-page.html", b"<script>alert(1)</script>", "text/html")
    old, fresh = bag.layout.inbox, renew(bag)
    steps: list[tuple[int, int]] = []
    assert empty(bag, old, NOW, lambda *step: steps.append(step)) == Emptied(1, 47)
    assert steps[0] == (0, 48)
    assert steps[-1] == (48, 48)
    assert [one.title for one in letterbox(bag).waiting] == ["Atelier"]
    assert letterboxes(bag) == renew_letterbox.Letterboxes(fresh, ())
    assert old not in server._stored


def test_who_was_silenced_does_not_move_along(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    assert asks(organisation, bag)
    silence(bag, organisation.owner, NOW)
    old = bag.layout.inbox
    renew(bag)
    assert empty(bag, old, NOW) == Emptied(0, 1)


def test_the_reader_keeps_what_was_opened_and_what_is_over(
    bag: Bag,
    organisation: Bag,
    selection: Selection,  # noqa: F811
) -> None:
    """A letter of the end, and the word that nothing is left: under names that the reader has dealt with."""
    closed(bag, organisation, selection)
    texts = {"title": ["Accueil"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    shared(organisation, bag, Selection(frozenset({log_activity(organisation, texts, NOW)})))
    old = organisation.layout.inbox
    renew(organisation)
    assert empty(organisation, old, NOW).deleted == 0


def test_it_is_stopped_between_two_letters_and_goes_on_later(server: MemoryPod, bag: Bag) -> None:
    for number in range(60):
        server.put_bytes(f"{bag.layout.inbox}zz-{number:02}.ttl", b"<> a <urn:x> .")
    old = bag.layout.inbox
    renew(bag)

    def told(step: int, _steps: int) -> None:
        if step >= 40:
            raise Stopped

    with pytest.raises(Stopped):
        empty(bag, old, NOW, told)
    assert len(containers.members(bag.pod, old)) == 20
    assert empty(bag, old, NOW) == Emptied(0, 20)


def test_what_cannot_be_listed_is_said_and_lies_there_harmless(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    flooded(server, bag)
    renew(bag)
    with pytest.raises(CannotBeListed) as error:
        empty(bag, bag.layout.inbox, NOW)
    assert error.value.details["name"] == "inbox"
    assert drop(organisation, bag.layout.inbox) == 403


@pytest.mark.parametrize("place", ["inbox/", "shares/", "activities.ttl", "../profile/"])
def test_nothing_but_an_old_letterbox_is_ever_emptied(server: MemoryPod, bag: Bag, place: str) -> None:
    before = dict(server._stored)
    with pytest.raises(NotThere):
        empty(bag, bag.layout.root + place, NOW)
    assert server._stored == before


def test_no_more_than_a_few_hundred_move_along(
    server: MemoryPod, bag: Bag, organisation: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_letterbox, "MOST_MOVED", 5)
    silence(bag, "https://somebody.example/#me", NOW)
    assert asks(organisation, bag)
    (real,) = [
        url for url in server._stored if url.startswith(bag.layout.inbox) and not url.endswith(("/", ".acl", ".acr"))
    ]
    one = server._stored[real]
    for number in range(30):
        forged = one.body.replace(organisation.owner.encode(), bag.owner.encode())
        server.put_bytes(f"{bag.layout.inbox}zz-{number}.ttl", forged, one.media_type)
    old = bag.layout.inbox
    renew(bag)
    assert empty(bag, old, NOW).moved == 5


def test_leaving_takes_the_new_one_out_of_the_profile_too(server: MemoryPod, bag: Bag) -> None:
    renew(bag)
    renew(bag)
    assert letterboxes(bag).current == bag.layout.letterbox(3)
    leave(bag)
    assert webid.profile(server, bag.owner).inbox is None


def test_setting_up_again_opens_no_letterbox_that_was_closed(bag: Bag, organisation: Bag) -> None:
    from musette_solid.usecases import set_up

    renew(bag)
    set_up.finish(bag, NOW + timedelta(days=1))
    assert drop(organisation, bag.layout.inbox) == 403
    assert drop(organisation, bag.layout.letterbox(2)) == 201


def test_the_gesture_repeated_opens_no_third_one(server: MemoryPod, bag: Bag) -> None:
    seen = bag.layout.inbox
    assert renew(bag, seen) == renew(bag, seen) == bag.layout.letterbox(2)
    assert letterboxes(bag) == renew_letterbox.Letterboxes(bag.layout.letterbox(2), (seen,))


def test_nothing_is_deleted_while_a_dossier_cannot_be_read(
    server: MemoryPod,
    bag: Bag,
    organisation: Bag,
    selection: Selection,  # noqa: F811
) -> None:
    """Whose letters they are is not known then: those of a dialogue would be taken for junk."""
    grant = shared(bag, organisation, selection).grant.partition("#")[0]
    assert asks(organisation, bag)
    old = bag.layout.inbox
    renew(bag)
    server.instead = lambda r: Response(r.url, 503, {}, b"") if r.url == grant else None
    with pytest.raises(NotAllKnown):
        empty(bag, old, NOW)
    assert len(containers.members(bag.pod, old)) == 1


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_letter_that_is_not_given_out_now_is_not_deleted(
    server: MemoryPod,
    bag: Bag,
    organisation: Bag,
    selection: Selection,  # noqa: F811
    status: int,
) -> None:
    shared(bag, organisation, selection)
    assert asks(organisation, bag)
    old = bag.layout.inbox
    renew(bag)
    (letter,) = (one.iri for one in containers.members(bag.pod, old))
    server.instead = lambda r: Response(r.url, status, {}, b"") if r.url == letter else None
    with pytest.raises(PodError):
        empty(bag, old, NOW)
    server.instead = lambda _request: None
    assert empty(bag, old, NOW) == Emptied(1, 0)
