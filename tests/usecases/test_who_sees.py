"""Who can see what is read from the rules that are there, whoever wrote them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.request import Need
from musette_solid.pod import access, acp, resources, wac
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import set_up
from musette_solid.usecases import share as sharing
from musette_solid.usecases.ask import ask
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.revoke import revoke
from musette_solid.usecases.who_sees import NotOurs, make_private_again, revoke_all, who_sees
from tests.usecases.conftest import NOW

UNTIL = date(2027, 2, 22)


@pytest.fixture(params=["wac", "acp"])
def server(request: pytest.FixtureRequest) -> MemoryPod:
    """Both ways of writing rules."""
    return MemoryPod(f"https://{request.param}.pod.example/", str(request.param))


@pytest.fixture
def selection(bag: Bag) -> Selection:
    texts = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    return Selection(frozenset({log_activity(bag, texts, NOW)}))


def shared(bag: Bag, to: str, selection: Selection, until: date = UNTIL) -> sharing.Shared:
    agreed = Terms("Dossier", bag.owner, "Demo", to, str(terms.PURPOSE_RECRUITMENT), NOW, until)
    made = sharing.share(bag, selection, agreed, sharing.check_recipient(bag, to), sharing.new_id())
    assert sharing.confirm(bag, made.share_id).holds
    return made


def open_to(bag: Bag, place: str, agent: str, modes: set[Mode]) -> None:
    """What another application does: one rule more, beside those that are there."""
    rules = access.rules(bag.pod, place)
    everybody = agent in {wac.PUBLIC, wac.AUTHENTICATED}
    inside = place.endswith("/")
    if rules.kind == access.ACP:
        graph = acp.with_agent(
            rules.graph, place, rules.document, agent, modes, "theirs", contents=inside, everybody=everybody
        )
    else:
        graph = rules.graph
        if not rules.exists:
            graph = wac.owner_only(place, rules.document, bag.owner, container=inside)
        graph = wac.with_agent(
            graph, place, rules.document, agent, modes, "theirs", contents=inside, everybody=everybody
        )
    response = bag.pod.send("PUT", rules.document, {"Content-Type": syntax.TURTLE}, syntax.turtle(graph))
    assert response.ok, response.status


def test_a_bag_that_shows_nothing_has_nothing_to_tell(bag: Bag) -> None:
    picture = who_sees(bag, NOW.date())
    assert (picture.sights, picture.openings, picture.unreadable) == ((), (), ())
    assert picture.looked_at > 3


def test_what_is_open_is_told_by_recipient_and_by_thing(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = [shared(bag, organisation.owner, selection) for _ in range(2)]
    picture = who_sees(bag, NOW.date())
    assert {sight.state for sight in picture.sights} == {"effective"}
    ((recipient, name, sights),) = picture.by_recipient
    assert (recipient, name, len(sights)) == (organisation.owner, "Demo association", 2)
    ((item, through),) = picture.by_item
    assert item.name == "Trésorerie"
    assert {sight.line.share_id for sight in through} == {one.share_id for one in made}
    assert picture.openings == ()
    assert {event.kind for event in picture.history} == {"opened"}


def test_looking_writes_nothing_and_a_closed_share_is_history(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation.owner, selection)
    revoke(bag, made.share_id, NOW)
    server.requests.clear()
    picture = who_sees(bag, NOW.date())
    assert {request.method for request in server.requests} <= {"GET", "HEAD"}
    assert [sight.state for sight in picture.sights] == ["closed"]
    assert (picture.by_recipient, picture.by_item) == ((), ())
    assert {event.kind for event in picture.history} == {"opened", "closed"}


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("stranger", "container"),
        ("everybody", "document"),
        ("anybody signed in", "container"),
        ("the recipient, to write", "document"),
    ],
)
def test_a_share_that_another_application_widened_is_told(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection, who: str, place: str
) -> None:
    made = shared(bag, organisation.owner, selection)
    stranger = server.create_pod("stranger").webid
    agent, modes = {
        "stranger": (stranger, {Mode.READ}),
        "everybody": (wac.PUBLIC, {Mode.READ}),
        "anybody signed in": (wac.AUTHENTICATED, {Mode.READ}),
        "the recipient, to write": (organisation.owner, {Mode.READ, Mode.WRITE}),
    }[who]
    open_to(bag, made.dossier if place == "document" else bag.layout.share(made.share_id), agent, modes)
    (sight,) = who_sees(bag, NOW.date()).sights
    assert sight.state == "wider"
    assert sight.others == (() if who.startswith("the recipient") else (agent,))


@pytest.mark.parametrize("comments", [False, True])
def test_a_share_whose_rule_another_application_removed_is_told(
    bag: Bag, organisation: Bag, selection: Selection, comments: bool
) -> None:
    """Also where the recipient still reads what they said beside it."""
    agreed = Terms("Dossier", bag.owner, "Demo", organisation.owner, str(terms.PURPOSE_RECRUITMENT), NOW, UNTIL)
    to = sharing.check_recipient(bag, organisation.owner)
    made = sharing.share(bag, selection, replace(agreed, comments=comments), to, sharing.new_id())
    assert sharing.confirm(bag, made.share_id).holds
    assert [sight.state for sight in who_sees(bag, NOW.date()).sights] == ["effective"]
    access.make_private(bag.pod, bag.layout.share(made.share_id), bag.owner)
    assert [sight.state for sight in who_sees(bag, NOW.date()).sights] == ["failed"]


def test_a_dossier_that_is_gone_is_told(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation.owner, selection)
    resources.delete(bag.pod, made.dossier)
    assert [sight.state for sight in who_sees(bag, NOW.date()).sights] == ["failed"]


def test_a_share_past_its_end_that_is_still_open_is_told(bag: Bag, organisation: Bag, selection: Selection) -> None:
    shared(bag, organisation.owner, selection, NOW.date())
    (sight,) = who_sees(bag, NOW.date() + timedelta(days=1)).sights
    assert (sight.state, sight.is_open) == ("over", True)


def test_a_closed_share_that_was_opened_again_by_another_application_is_told(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation.owner, selection)
    revoke(bag, made.share_id, NOW)
    resources.put(bag.pod, made.dossier, b"<#it> a <urn:x> .", syntax.TURTLE, {})
    open_to(bag, bag.layout.share(made.share_id), organisation.owner, {Mode.READ})
    assert [sight.state for sight in who_sees(bag, NOW.date()).sights] == ["wider"]


def test_rules_that_cannot_be_read_are_never_taken_for_private(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation.owner, selection)

    def ill(request: Request) -> Response | None:
        is_rule = request.url.endswith((".acl", ".acr")) and made.share_id in request.url
        return Response(request.url, 500, {}) if is_rule else None

    server.instead = ill
    picture = who_sees(bag, NOW.date())
    assert [sight.state for sight in picture.sights] in (["unknown"], ["pending"])
    assert any(made.share_id in place for place in picture.unreadable)


@pytest.mark.parametrize(
    "silent",
    [
        *("the dossier", "the shares", "the share", "the rules of the share", "the rules of the dossier"),
        *("the comments", "the rules of the comments"),
    ],
)
@pytest.mark.parametrize("how", [None, 500])
def test_a_busy_space_that_does_not_answer_never_makes_an_open_share_look_closed(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection, silent: str, how: int | None
) -> None:
    """Whoever reads "they cannot read it" believes it, and the recipient goes on reading."""
    agreed = Terms("Dossier", bag.owner, "Demo", organisation.owner, str(terms.PURPOSE_RECRUITMENT), NOW, UNTIL)
    to = sharing.check_recipient(bag, organisation.owner)
    made = sharing.share(bag, selection, replace(agreed, comments=True), to, sharing.new_id())
    assert sharing.confirm(bag, made.share_id).holds
    layout = bag.layout
    place = {
        "the dossier": made.dossier,
        "the shares": layout.shares,
        "the share": layout.share(made.share_id),
        "the rules of the share": access.rules(bag.pod, layout.share(made.share_id)).document,
        "the rules of the dossier": access.rules(bag.pod, made.dossier).document,
        "the comments": layout.comments(made.share_id),
        "the rules of the comments": access.rules(bag.pod, layout.comments(made.share_id)).document,
    }[silent]

    def ill(request: Request) -> Response | None:
        if request.url != place or request.method not in {"GET", "HEAD"}:
            return None
        if how is None:
            raise Unreachable(request.url, host="busy")
        return Response(request.url, how, {})

    bag.pod.cache = Cache()
    server.instead = ill
    picture = who_sees(bag, NOW.date())
    # Who reads the dossier is known without a list of its comments.
    assert [sight.state for sight in picture.sights] == ["effective" if silent == "the comments" else "unknown"]
    assert picture.unreadable
    assert [recipient for recipient, _, _ in picture.by_recipient] == [organisation.owner]
    server.instead = lambda _: None
    assert [sight.state for sight in who_sees(bag, NOW.date()).sights] == ["effective"]


def test_what_goes_away_between_listing_and_looking_is_not_said_to_be_unknown(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    shared(bag, organisation.owner, selection)
    place = f"{bag.layout.root}evidence.ttl"
    resources.put(bag.pod, place, b"<#it> a <urn:x> .", syntax.TURTLE, {})
    server.instead = lambda request: Response(place, 404, {}) if request.url.startswith(place) else None
    picture = who_sees(bag, NOW.date(), everywhere=True)
    assert picture.unreadable == ()
    assert [sight.state for sight in picture.sights] == ["effective"]


def test_in_a_bag_with_more_places_than_one_look_takes_in_every_share_is_still_told(
    monkeypatch: pytest.MonkeyPatch, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = [shared(bag, organisation.owner, selection) for _ in range(3)]
    for number in range(60):
        resources.put(bag.pod, f"{bag.layout.root}evidence/{number}.ttl", b"<#it> a <urn:x> .", syntax.TURTLE, {})
    monkeypatch.setattr("musette_solid.usecases.who_sees._MOST_PLACES", 40)
    picture = who_sees(bag, NOW.date(), everywhere=True)
    assert picture.cut
    assert [sight.state for sight in picture.sights] == ["effective"] * len(made)


def test_what_one_look_does_not_take_in_is_told_as_unknown(
    monkeypatch: pytest.MonkeyPatch, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    shared(bag, organisation.owner, selection)
    monkeypatch.setattr("musette_solid.usecases.who_sees._MOST_PLACES", 3)
    picture = who_sees(bag, NOW.date())
    assert (picture.cut, [sight.state for sight in picture.sights]) == (True, ["unknown"])


@pytest.mark.parametrize(
    ("where", "agent"),
    [
        ("activities.ttl", wac.PUBLIC),
        ("time/", "https://elsewhere.example/me#it"),
        ("shares/", wac.AUTHENTICATED),
        ("", wac.PUBLIC),
    ],
)
def test_what_another_application_opened_is_told_and_closed_in_one_gesture(
    server: MemoryPod, bag: Bag, agent: str, where: str
) -> None:
    if where == "activities.ttl":
        log_activity(bag, {"title": ["X"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    elif where:
        resources.put(bag.pod, bag.layout.root + where + "x.ttl", b"<#it> a <urn:x> .", syntax.TURTLE, {})
    place = bag.layout.root + where
    open_to(bag, place, agent, {Mode.READ})
    picture = who_sees(bag, NOW.date())
    assert (place, agent, frozenset({Mode.READ})) in {(one.place, one.agent, one.modes) for one in picture.openings}
    make_private_again(bag, place)
    assert who_sees(bag, NOW.date()).openings == ()
    assert access.rules(bag.pod, place).modes(bag.owner) >= {Mode.READ, Mode.WRITE, Mode.CONTROL}


def test_what_is_opened_above_the_bag_is_told_where_rules_add_up(server: MemoryPod, bag: Bag) -> None:
    storage = bag.layout.root.removesuffix("musette/")
    open_to(bag, storage, wac.PUBLIC, {Mode.READ})
    openings = who_sees(bag, NOW.date()).openings
    if server.base.startswith("https://wac"):  # the bag has rules of its own, and they replace those above
        assert openings == ()
    else:
        assert openings
        assert {(one.rules_of, one.agent, one.can_close) for one in openings} == {(storage, wac.PUBLIC, False)}


def test_what_lies_deep_is_looked_at_when_asked_for(bag: Bag) -> None:
    deep = bag.layout.root + "evidence/photos/2019/x.ttl"
    resources.put(bag.pod, deep, b"<#it> a <urn:x> .", syntax.TURTLE, {})
    open_to(bag, deep, wac.PUBLIC, {Mode.READ})
    assert who_sees(bag, NOW.date()).openings == ()
    (opening,) = who_sees(bag, NOW.date(), everywhere=True).openings
    assert (opening.place, opening.agent) == (deep, wac.PUBLIC)


def test_letters_and_requests_are_meant_to_be_open(bag: Bag) -> None:
    ask(bag, "Title", terms.PURPOSE_RECRUITMENT, 30, (Need(terms.Activity),), {}, NOW)
    assert who_sees(bag, NOW.date(), everywhere=True).openings == ()
    open_to(bag, bag.layout.inbox, wac.AUTHENTICATED, {Mode.READ})
    assert [one.place for one in who_sees(bag, NOW.date()).openings] == [bag.layout.inbox]


@pytest.mark.parametrize("place", ["https://elsewhere.example/x", "../profile/card", "inbox/", "requests/x/", "../"])
def test_nothing_but_ones_own_places_is_made_private(bag: Bag, place: str) -> None:
    with pytest.raises(NotOurs):
        make_private_again(bag, place if "//" in place else bag.layout.root + place)


def test_everything_of_one_recipient_is_closed_and_nothing_of_another(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    other = server.create_pod("other")
    set_up.create(server.pod_for(other.webid), other.storage, NOW)
    mine = [shared(bag, organisation.owner, selection) for _ in range(2)]
    kept = shared(bag, other.webid, selection)
    closed = revoke_all(bag, organisation.owner, NOW)
    assert {one.share_id for one in closed} == {one.share_id for one in mine}
    assert all(one.verified for one in closed)
    states = {sight.line.share_id: sight.state for sight in who_sees(bag, NOW.date()).sights}
    assert states == {**dict.fromkeys((one.share_id for one in mine), "closed"), kept.share_id: "effective"}
