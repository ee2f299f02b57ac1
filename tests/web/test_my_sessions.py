"""Where one is signed in: seen, and ended, from any of one's browsers; over a folder and over Redis, on two instances."""

from collections.abc import Callable
from pathlib import Path

import pytest

from musette_solid.web.my_sessions import browser_of
from musette_solid.web.register import MOST, Entry, Register
from musette_solid.web.sealed import FolderStore
from musette_solid.web.session import ABSOLUTE_S, IDLE_S
from tests.web.reviewer import Page, Reviewer
from tests.web.world import World, cookie

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def world(world_of_each_store: World) -> World:
    return world_of_each_store


@pytest.fixture
def at(world: World) -> Callable[[str], Reviewer]:
    """A browser of the person, signed in at an instance of its own."""

    def sign_in(user_agent: str) -> Reviewer:
        browser = world.browser(world.instance(), "en")
        browser.environ_base["HTTP_USER_AGENT"] = user_agent
        assert world.sign_in(browser).status_code == 303
        return browser

    return sign_in


def is_in(browser: Reviewer) -> bool:
    return browser.get("/activities/").status_code == 200


def ids(browser: Reviewer) -> list[str]:
    """What the page offers to end, one by one."""
    fields = Page(browser.get("/sessions/").text).named("input")
    found = [e.attributes["value"] for e in fields if e.attributes.get("name") == "session"]
    return [value for value in found if value != "others"]


def test_every_browser_is_shown_and_this_one_is_named(at: Callable[[str], Reviewer]) -> None:
    at(PHONE)
    here = at(FIREFOX)
    page = here.get("/sessions/").text
    assert page.index("Firefox on Linux") < page.index("This browser") < page.index("Chrome on Android")
    assert page.count("This browser") == 1
    assert "Mozilla" not in page
    assert here.get("/your-data").text.count('href="/sessions/"') == 1


def test_another_session_is_ended_on_every_instance_at_its_next_click(at: Callable[[str], Reviewer]) -> None:
    phone, here, third = at(PHONE), at(FIREFOX), at(FIREFOX)
    assert is_in(phone)
    # Each page offers the two others, so what two pages both offer is the third one.
    (wanted,) = set(ids(here)) & set(ids(third))
    here.post("/sessions/end", data={"session": wanted})
    assert "That session has ended." in here.get("/").text
    assert [is_in(browser) for browser in (here, third, phone)] == [True, True, False]
    assert len(ids(here)) == 1


def test_all_the_others_are_ended_at_once(at: Callable[[str], Reviewer]) -> None:
    others = [at(PHONE) for _ in range(3)]
    here = at(FIREFOX)
    here.post("/sessions/end", data={"session": "others"})
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert ids(here) == []
    assert "End all the others" not in here.get("/sessions/").text


def test_nobody_ends_a_session_of_somebody_else(world: World, at: Callable[[str], Reviewer]) -> None:
    hers = at(PHONE)
    key = world.browser(hers.application)  # anybody: no session at all
    assert key.post("/sessions/end", data={"session": "others"}).status_code == 401
    also_hers = at(FIREFOX)
    (known,) = ids(also_hers)
    other = world.pods.create_pod("other")
    world.provider.webid = other.webid
    profile = f"<#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> <{world.provider.issuer}> ."
    world.pods.put_bytes(other.webid.partition("#")[0], profile.encode())
    his = world.browser(world.instance(), "en")
    assert world.sign_in(his, address=other.webid).status_code == 303
    for wanted in (known, "others", "", known + "0", "*"):
        his.post("/sessions/end", data={"session": wanted})
    assert is_in(hers)
    assert is_in(also_hers)


def test_the_session_that_asks_is_never_ended_by_its_name(at: Callable[[str], Reviewer]) -> None:
    here, phone = at(FIREFOX), at(PHONE)
    (mine,) = ids(phone)
    here.post("/sessions/end", data={"session": mine})
    assert is_in(here)


def test_signing_out_and_growing_old_take_a_session_off_the_list(world: World, at: Callable[[str], Reviewer]) -> None:
    phone, here = at(PHONE), at(FIREFOX)
    phone.post("/signout")
    assert ids(here) == []
    at(PHONE)
    assert len(ids(here)) == 1
    for ahead_s in (IDLE_S - 60, IDLE_S + 400):  # here there are visits, there none
        world.ahead_s = ahead_s
        assert is_in(here)
    assert ids(here) == []


def test_a_session_that_its_provider_ended_is_off_the_list(world: World, at: Callable[[str], Reviewer]) -> None:
    here = at(FIREFOX)
    world.provider.lifetime_s = 1
    phone = at(PHONE)
    assert len(ids(here)) == 1
    world.provider.mode = "invalid_grant"
    assert not is_in(phone)
    world.provider.mode = ""
    assert ids(here) == []


def test_a_list_is_still_there_after_the_key_was_replaced(world: World, at: Callable[[str], Reviewer]) -> None:
    at(PHONE)
    here = at(FIREFOX)
    keys = world.folder / "keys"
    (keys / "session").rename(keys / "session.old")
    there = world.browser(world.instance(), "en")
    there.set_cookie("musette", cookie(here) or "")
    assert len(ids(there)) == 1
    new = at(PHONE)
    assert len(ids(new)) == 2
    (keys / "session.old").unlink()
    again = world.browser(world.instance(), "en")
    again.set_cookie("musette", cookie(new) or "")
    assert len(ids(again)) == 2


def test_what_is_kept_of_the_list_names_nobody(tmp_path: Path) -> None:
    webid = "https://pod.example/demo#me"
    register = Register(FolderStore(tmp_path), (b"k" * 32,), lambda _: False, 60)
    register.add(webid, Entry("f" * 64, 1, 2, "Firefox", "Linux"))
    kept = b"".join(p.name.encode() + p.read_bytes() for p in tmp_path.rglob("*"))
    assert not [word for word in (b"pod.example", b"Firefox", b"ffff", b"k" * 32) if word in kept]
    assert Register(FolderStore(tmp_path), (b"o" * 32,), lambda _: False, 60).of(webid) == ()
    assert register.of(webid + "2") == ()


def test_there_are_only_so_many_at_once_and_the_oldest_are_ended(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    register = Register(store, (b"k" * 32,), lambda _: False, ABSOLUTE_S)
    for number in range(MOST + 3):
        store.write(f"s{number}", b"x", 60)
        register.add("me", Entry(f"s{number}", number, number))
    assert len(register.of("me")) == MOST
    assert [store.read(f"s{number}") for number in range(4)] == [None, None, None, b"x"]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        (PHONE, ("Chrome", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("", ("", "")),
        ("<script>alert(1)</script>", ("", "")),
    ],
)
def test_what_a_browser_is(said: str, known: tuple[str, str]) -> None:
    assert browser_of(said) == known


def test_who_leaves_is_signed_out_everywhere(world: World, at: Callable[[str], Reviewer]) -> None:
    phone, here = at(PHONE), at(FIREFOX)
    assert is_in(phone)
    page = here.get("/your-data/leave")
    assert here.send(page, "/your-data/leave", sure="yes").status_code == 303
    assert not is_in(here)
    assert not is_in(phone)
    assert phone.get("/activities/").location.startswith("/signin")
    assert not [url for url in world.pods._stored if url.startswith(world.person.storage + "musette/")]
