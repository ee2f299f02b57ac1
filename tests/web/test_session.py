"""Sessions: who is signed in, over two instances of the application and one store. The provider is real, on loopback."""

import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from musette_solid.pod import resources
from musette_solid.pod.http import Request, Response
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.renew_letterbox import renew
from musette_solid.web import Config
from musette_solid.web.sealed import FolderStore, StoreUnreachable
from musette_solid.web.session import ABSOLUTE_S, IDLE_S
from tests.web.conftest import NOW
from tests.web.reviewer import Page, Reviewer
from tests.web.world import RedisServer, World, cookie, running_redis

CANARY = "Zibeline-CANARY"


@pytest.fixture
def world(world_of_each_store: World) -> World:
    return world_of_each_store


@pytest.fixture
def stolen(request: pytest.FixtureRequest, world: World) -> Callable[[], bytes]:
    """Everything that this installation keeps on its own side."""

    def taken() -> bytes:
        kept = b"".join(p.read_bytes() for p in world.folder.rglob("*") if p.is_file())
        return kept + (request.getfixturevalue("redis_server").dump() if world.redis_url else b"")

    return taken


def is_in(browser: Reviewer) -> bool:
    answer = browser.get("/activities/")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def as_another(world: World, browser: Reviewer) -> Reviewer:
    """The same browser in front of another instance."""
    other = world.browser(world.instance())
    other.set_cookie("musette", cookie(browser) or "")
    return other


def test_a_cookie_opens_the_session_on_every_instance(world: World) -> None:
    browser = world.browser(world.instance())
    world.sign_in(browser)
    assert is_in(browser)
    assert is_in(as_another(world, browser))


def test_each_sign_in_makes_a_new_ticket_and_ends_the_session_before(world: World) -> None:
    app = world.instance()
    browser, old = world.browser(app), world.browser(app)
    tickets = []
    for _ in range(3):
        world.sign_in(browser)
        tickets.append(cookie(browser) or "")
    assert len(set(tickets)) == 3
    for ticket in tickets[:-1]:
        old.set_cookie("musette", ticket)
        assert not is_in(old)
    assert is_in(browser)


def test_a_cookie_set_by_somebody_else_never_becomes_a_session(world: World) -> None:
    app = world.instance()
    attacker, victim = world.browser(app), world.browser(app)
    planted = "planted-name.planted-secret"
    victim.set_cookie("musette", planted)
    world.sign_in(victim)
    assert cookie(victim) != planted
    attacker.set_cookie("musette", planted)
    assert not is_in(attacker)


def test_signing_out_ends_the_session_on_every_instance(world: World) -> None:
    browser = world.browser(world.instance())
    world.sign_in(browser)
    elsewhere = as_another(world, browser)
    assert is_in(elsewhere)  # it holds the connection to the space by now
    answer = browser.post("/signout")
    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_in(elsewhere)
    elsewhere.set_cookie("musette", "")
    assert "Vous êtes déconnecté" in browser.get("/").text


def test_a_session_ends_after_two_hours_without_a_visit(world: World) -> None:
    browser = world.browser(world.instance())
    world.sign_in(browser)
    # Visits so close together that not each is written down must count all the same.
    for ahead_s in (0, 299, 299 + IDLE_S - 1):
        world.ahead_s = ahead_s
        assert is_in(browser)
    world.ahead_s += IDLE_S + 301
    assert not is_in(browser)


def test_a_session_ends_after_twelve_hours_whatever_the_visits(world: World) -> None:
    browser = world.browser(world.instance())
    world.provider.lifetime_s = ABSOLUTE_S * 2
    world.sign_in(browser)
    for hour in range(1, 12):
        world.ahead_s = 3600 * hour
        assert is_in(browser)
    world.ahead_s = ABSOLUTE_S - 30
    assert is_in(browser)
    world.ahead_s = ABSOLUTE_S + 1
    assert not is_in(browser)


def test_an_attempt_is_good_for_ten_minutes(world: World) -> None:
    browser = world.browser(world.instance())
    left = world.leave(browser)
    world.ahead_s = 601
    if world.redis_url:
        import redis

        with redis.Redis.from_url(world.redis_url) as client:
            (key,) = client.keys("musette:*")
            assert 590 <= client.ttl(key) <= 600
        return
    assert world.come_back(browser, left).status_code == 400


def test_two_instances_refresh_once_at_the_instant_of_expiry(world: World) -> None:
    one, other = world.instance(), world.instance()
    browser = world.browser(one)
    world.provider.lifetime_s = 46  # renewed 45 s before its end
    world.sign_in(browser)
    time.sleep(1.2)
    world.provider.lifetime_s = 600
    before = world.provider.hits["/token"]
    answers: list[int] = []

    def visit(app: int) -> None:
        client = world.browser((one, other)[app % 2])
        client.set_cookie("musette", cookie(browser) or "")
        answers.append(client.get("/activities/").status_code)

    threads = [threading.Thread(target=visit, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8
    assert world.provider.hits["/token"] == before + 1


def test_a_long_emptying_outlives_the_tokens_it_began_with(world: World) -> None:
    """Nobody visits meanwhile: what goes on behind a page asks for new tokens by itself, each time the old ones end."""
    bag = world.bag()
    old = bag.layout.inbox
    for number in range(120):
        world.pods.put_bytes(f"{old}zz-{number:03}.ttl", b"<> a <urn:x> .")
    renew(bag)
    first_seen: dict[str, float] = {}
    refused: list[str] = []

    def takes_its_time(request: Request) -> Response | None:
        token = request.headers.get("Authorization", "")
        if token and time.monotonic() - first_seen.setdefault(token, time.monotonic()) > 3:
            refused.append(request.url)
            return Response(request.url, 401, {})
        if request.method == "DELETE" and request.url.startswith(old):
            time.sleep(0.3)
        return None

    world.provider.lifetime_s = 46  # renewed 45 s before its end: after each second
    browser = world.browser(world.instance())
    world.sign_in(browser)
    world.pods.instead = takes_its_time
    before = world.provider.hits["/token"]
    answer = browser.send(browser.get("/letterbox/"), "/letterbox/empty", number="1")
    assert "/under-way/" in answer.location
    ends = time.monotonic() + 60
    while old in world.pods._stored:
        assert time.monotonic() < ends
        time.sleep(0.1)
    last = browser.get(answer.location)
    assert "120 lettres" in browser.get(last.location).text
    assert world.provider.hits["/token"] >= before + 3
    assert refused == []


def test_a_refresh_that_is_refused_keeps_what_was_typed(world: World) -> None:
    browser = world.browser(world.instance())
    world.provider.lifetime_s = 46
    world.sign_in(browser)
    page = browser.get("/activities/new")
    time.sleep(1.2)
    world.provider.mode = "invalid_grant"
    answer = browser.send(page, "/activities/", title=CANARY, sphere=str(terms.SPHERE_CARE))
    assert answer.status_code == 401
    assert f'value="{CANARY}"' in answer.text
    world.provider.mode = ""
    world.sign_in(browser)
    assert browser.send(answer, "/activities/").status_code == 303


def test_a_provider_that_is_out_of_order_for_a_moment_ends_no_session(world: World) -> None:
    browser = world.browser(world.instance())
    world.provider.lifetime_s = 46
    world.sign_in(browser)
    time.sleep(1.2)
    world.provider.mode = "out_of_order"
    answer = browser.get("/activities/")
    assert answer.status_code == 504
    assert "Pas de réponse de localhost" in answer.text
    world.provider.mode = ""
    assert is_in(browser)


def test_a_refresh_that_names_somebody_else_ends_the_session(world: World) -> None:
    browser = world.browser(world.instance())
    world.provider.lifetime_s = 46
    world.sign_in(browser)
    time.sleep(1.2)
    world.provider.mode = "refresh_other_webid"
    assert not is_in(browser)


@pytest.mark.parametrize("status", [400, 401])
def test_a_space_that_no_longer_takes_the_token_keeps_what_was_typed(world: World, status: int) -> None:
    """Community Solid Server answers 400 to a token that has ended."""
    browser = world.browser(world.instance())
    world.provider.lifetime_s = 100
    world.sign_in(browser)
    page = browser.get("/activities/new")
    world.provider.mode = "invalid_grant"
    world.pods.instead = lambda request: (
        Response(request.url, status, {"Content-Type": "application/json"}, b"{}")
        if "Authorization" in request.headers
        else None
    )
    answer = browser.send(page, "/activities/", title=CANARY, sphere=str(terms.SPHERE_CARE))
    assert answer.status_code == 401
    assert f'value="{CANARY}"' in answer.text


def test_signing_out_while_a_request_is_under_way_brings_nothing_back(world: World) -> None:
    app = world.instance()
    browser = world.browser(app)
    world.provider.lifetime_s = 46
    world.sign_in(browser)
    elsewhere = as_another(world, browser)
    time.sleep(1.2)

    def sign_out_first(request: Request) -> Response | None:
        world.pods.instead = lambda _request: None
        browser.post("/signout")
        return Response(request.url, 401, {})

    world.pods.instead = sign_out_first
    assert elsewhere.get("/activities/").status_code == 303
    assert not is_in(elsewhere)
    assert not is_in(as_another(world, elsewhere))


def test_nobody_who_only_looks_leaves_anything_behind(world: World, stolen: Callable[[], bytes]) -> None:
    browser = world.browser(world.instance())
    before = stolen()
    for path in ("/", "/help", "/signin", "/activities/", "/ns"):
        for _ in range(3):
            browser.get(path).close()
    assert len(stolen()) == len(before)


def test_nothing_of_the_space_and_no_token_is_kept_on_our_side(world: World, stolen: Callable[[], bytes]) -> None:
    """A canary in every room of the bag, a whole visit, and then a look at every byte that this installation keeps."""
    bag = world.bag()
    iri = log_activity(bag, {"title": [f"{CANARY} 1"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    world.publish(f'solid:oidcIssuer <{world.provider.issuer}>; <http://xmlns.com/foaf/0.1/name> "{CANARY} 2"')
    browser = world.browser(world.instance())
    world.sign_in(browser)
    page = browser.get("/activities/new")
    browser.send(page, "/activities/", title=f"{CANARY} 3", sphere=str(terms.SPHERE_CARE), description=f"{CANARY} 4")
    browser.send(browser.get("/"), "/time/", line=f"2 h {CANARY} 1")
    seen = 0
    for path in (
        "/",
        "/activities/",
        f"/activities/{iri.partition('#')[2]}",
        "/time/",
        "/skills/",
        "/shares/new",
        "/your-data/",
    ):
        seen += CANARY in browser.get(path).text
    assert seen >= 3  # it was shown
    data = next(e for e in Page(browser.get("/import/").text).named("form") if "enctype" in e.attributes)
    assert data.attributes["action"] == "/import/"
    kept = stolen()
    assert resources.read(bag.pod, bag.layout.activities).body.count(CANARY.encode()) >= 2
    tokens = set(re.findall(r"ey[\w-]+\.[\w-]+\.[\w-]+", " ".join(world.pods._tokens)))
    assert tokens
    secrets = [CANARY, world.person.webid, world.person.storage, world.provider.issuer, "refresh_token", '"d"', *tokens]
    assert [secret for secret in secrets if secret.encode() in kept] == []
    held = cookie(browser) or ""
    assert [part for part in held.split(".") if part.encode() in kept] == []


def test_an_old_key_still_opens_after_it_was_replaced(world: World) -> None:
    browser = world.browser(world.instance())
    world.sign_in(browser)
    keys = world.folder / "keys"
    (keys / "session").rename(keys / "session.old")
    assert is_in(as_another(world, browser))
    (keys / "session.old").unlink()
    assert not is_in(as_another(world, browser))


def test_a_key_is_replaced_on_two_instances_one_after_the_other_and_nobody_is_signed_out(world: World) -> None:
    keys = world.folder / "keys"
    one, other = world.browser(world.instance()), world.browser(world.instance())
    everybody = [one]
    world.sign_in(one)

    def all_are_in(*instances: Reviewer) -> bool:
        for browser in everybody:
            for instance in instances:
                instance.set_cookie("musette", cookie(browser) or "")
                if not is_in(instance):
                    return False
        return True

    def restart_one_after_the_other() -> None:
        nonlocal one, other
        for which in (0, 1):
            new = world.browser(world.instance())
            one, other = (new, other) if which == 0 else (one, new)
            fresh = world.browser((one, other)[which].application)  # somebody signs in meanwhile
            world.sign_in(fresh)
            world.ahead_s += 301  # long enough that each visit is written down, under whichever key
            everybody.append(fresh)
            assert all_are_in(one, other)

    (keys / "session.next").write_bytes(b"n" * 32)
    restart_one_after_the_other()
    (keys / "session").rename(keys / "session.old")
    (keys / "session.next").rename(keys / "session")
    restart_one_after_the_other()
    (keys / "session.old").unlink()
    late = world.browser(world.instance())
    late.set_cookie("musette", cookie(everybody[-1]) or "")
    assert is_in(late)


def test_two_workers_that_start_at_once_have_the_same_keys(tmp_path: Path) -> None:
    for number in range(20):
        config = Config("http://localhost:8000", tmp_path / str(number))
        found: list[bytes] = []
        threads = [threading.Thread(target=lambda c=config, f=found: f.append(c.key("session"))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {len(key) for key in found} == {32}
        assert len(set(found)) == 1
        assert [p.name for p in (config.data / "keys").iterdir()] == ["session"]


# --- while Redis is away


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """For tests that stop it."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with running_redis(folder) as running:
        yield running


@pytest.fixture
def shared(own_redis: RedisServer, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data", own_redis.url)
    set_up.create(made.pods.pod_for(made.person.webid), made.person.storage, NOW)
    yield made
    made.provider.close()


OUTAGE = {
    "fr": "Ce site ne peut pas vérifier qui est connecté pour le moment.",
    "en": "This site cannot look up who is signed in at the moment.",
}


@pytest.mark.parametrize(("how", "language"), [("stopped", "fr"), ("ended", "en")])
def test_while_sessions_cannot_be_looked_up_a_page_says_so_at_once(
    shared: World, own_redis: RedisServer, how: str, language: str
) -> None:
    browser = shared.browser(shared.instance(), language)
    shared.sign_in(browser)
    page = browser.get("/activities/new")
    own_redis.process.send_signal(signal.SIGSTOP if how == "stopped" else signal.SIGKILL)
    for path in ("/", "/activities/", "/setup", "/sessions/"):
        begun = time.monotonic()
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store"), path
        assert OUTAGE[language] in answer.text
        assert time.monotonic() - begun < 4
    typed = browser.send(page, "/activities/", title=CANARY, sphere=str(terms.SPHERE_CARE))
    assert typed.status_code == 503
    assert f'value="{CANARY}"' in typed.text  # kept, to be sent again
    for path in ("/help", "/ns", "/your-data"):
        assert browser.get(path).status_code == 200, path
    left = shared.leave(shared.browser(browser.application, language))
    assert left.status_code == 503
    assert OUTAGE[language] in left.text
    if how == "stopped":
        own_redis.process.send_signal(signal.SIGCONT)
        time.sleep(1.1)
        assert is_in(browser)
        assert browser.send(typed, "/activities/").status_code == 303


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "sessions")
    store.write("kept", b"before", 60)
    (tmp_path / "sessions" / "kept.lock").mkdir()
    with pytest.raises(StoreUnreachable), store.lock("kept"):
        pass
    shutil.rmtree(tmp_path / "sessions")
    (tmp_path / "sessions").write_text("a file is in its place")
    with pytest.raises(StoreUnreachable):
        store.read("kept")
    with pytest.raises(StoreUnreachable):
        store.write("kept", b"x", 60)
    with pytest.raises(StoreUnreachable):
        store.check()
