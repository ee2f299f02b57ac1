"""Small secrets of ours: what a thief of the store, of the server's key or of a cookie alone can do with it. Nothing."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from musette_solid.web.sealed import FolderStore, RedisStore, Sealed, Store, Ticket

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
RECORD = {"tokens": "CANARY-of-a-token", "root": "https://pod.example/CANARY/"}


@dataclass(frozen=True)
class Kept:
    """A store, and everything that a thief of it would have."""

    store: Store
    bytes: Callable[[], bytes]


@pytest.fixture(params=["folder", "redis"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    if request.param == "folder":
        folder = tmp_path / "sessions"
        return Kept(FolderStore(folder), lambda: b"".join(p.name.encode() + p.read_bytes() for p in folder.rglob("*")))
    server = request.getfixturevalue("redis_server")
    server.empty()
    return Kept(RedisStore(server.url), server.dump)


def test_a_ticket_opens_what_was_sealed_with_it(kept: Kept) -> None:
    ticket = Ticket.new()
    Sealed(kept.store, (KEY,)).write(ticket, RECORD, 60)
    again = Ticket.parse(str(ticket))
    assert again is not None
    assert Sealed(kept.store, (KEY,)).read(again) == RECORD


def test_a_stolen_store_says_nothing(kept: Kept) -> None:
    ticket = Ticket.new()
    Sealed(kept.store, (KEY,)).write(ticket, RECORD, 60)
    stolen = kept.bytes()
    assert ticket.key.encode() in stolen  # it is there
    for secret in (b"CANARY", ticket.name.encode(), ticket.secret.encode(), KEY):
        assert secret not in stolen


def test_a_stolen_store_and_server_key_open_nothing_without_the_browser(kept: Kept) -> None:
    ticket = Ticket.new()
    Sealed(kept.store, (KEY,)).write(ticket, RECORD, 60)
    sealed = kept.store.read(ticket.key)
    assert sealed is not None
    guesses = [
        "",
        ticket.name,
        ticket.key,
        ticket.secret[:-1],
        ticket.secret + "A",
        *(Ticket.new().secret for _ in range(50)),
    ]
    for guess in guesses:
        assert Sealed(kept.store, (KEY,)).read(Ticket(ticket.name, guess)) is None
    # By hand, with every key that the server's alone could give.
    for material in (KEY, KEY + ticket.key.encode(), KEY + ticket.name.encode()):
        for key in (material[:32], HKDF(SHA256(), 32, salt=None, info=b"musette session 1").derive(material)):
            for data in (None, ticket.name.encode() + b"1", ticket.name.encode()):
                with pytest.raises(InvalidTag):
                    AESGCM(key).decrypt(sealed[:12], sealed[12:], data)


def test_a_stolen_store_and_cookie_open_nothing_without_the_server_key(kept: Kept) -> None:
    ticket = Ticket.new()
    Sealed(kept.store, (KEY,)).write(ticket, RECORD, 60)
    assert Sealed(kept.store, (OTHER_KEY,)).read(ticket) is None
    assert Sealed(kept.store, (b"",)).read(ticket) is None


def test_a_record_under_another_name_opens_for_nobody(kept: Kept) -> None:
    """Who can write to the store cannot put one person's session into another's place."""
    sealed = Sealed(kept.store, (KEY,))
    hers, his = Ticket.new(), Ticket.new()
    sealed.write(hers, RECORD, 60)
    sealed.write(his, {"tokens": "his"}, 60)
    taken = kept.store.read(hers.key)
    assert taken is not None
    kept.store.write(his.key, taken, 60)
    assert sealed.read(his) is None
    assert sealed.read(Ticket(his.name, hers.secret)) is None


def test_a_damaged_record_opens_for_nobody_and_breaks_nothing(kept: Kept) -> None:
    sealed = Sealed(kept.store, (KEY, OTHER_KEY))
    ticket = Ticket.new()
    sealed.write(ticket, RECORD, 60)
    whole = kept.store.read(ticket.key)
    assert whole is not None
    damaged = [whole[:n] for n in (0, 1, 7, 8, 11, 12, 13, 27, 28, len(whole) - 1)]
    damaged += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(0, len(whole), 7)]
    for data in damaged:
        kept.store.write(ticket.key, data, 60)
        assert sealed.read(ticket) is None


def test_a_key_can_be_replaced_without_signing_anybody_out(kept: Kept) -> None:
    ticket = Ticket.new()
    Sealed(kept.store, (OTHER_KEY,)).write(ticket, RECORD, 60)
    rotated = Sealed(kept.store, (KEY, OTHER_KEY))
    assert rotated.read(ticket) == RECORD
    rotated.write(ticket, RECORD, 60)
    assert Sealed(kept.store, (KEY,)).read(ticket) == RECORD
    assert Sealed(kept.store, (OTHER_KEY,)).read(ticket) is None


def test_two_writings_of_one_record_have_nothing_in_common(kept: Kept) -> None:
    sealed, ticket = Sealed(kept.store, (KEY,)), Ticket.new()
    seen = set()
    for _ in range(20):
        sealed.write(ticket, RECORD, 60)
        found = kept.store.read(ticket.key)
        assert found is not None
        seen.add(found[:12])
    assert len(seen) == 20


def test_what_has_outlived_itself_is_gone(kept: Kept) -> None:
    sealed, brief, long = Sealed(kept.store, (KEY,)), Ticket.new(), Ticket.new()
    sealed.write(brief, RECORD, 1)
    sealed.write(long, RECORD, 60)
    time.sleep(2.1)
    assert sealed.read(brief) is None
    assert sealed.read(long) == RECORD
    assert brief.key.encode() not in kept.bytes()


def test_what_was_deleted_is_gone_and_deleting_it_again_is_no_error(kept: Kept) -> None:
    sealed, ticket = Sealed(kept.store, (KEY,)), Ticket.new()
    sealed.write(ticket, RECORD, 60)
    with sealed.lock(ticket):
        sealed.delete(ticket)
    sealed.delete(ticket)
    assert sealed.read(ticket) is None
    assert ticket.key.encode() not in kept.bytes()


def test_one_at_a_time_holds_the_lock_over_several_instances(
    request: pytest.FixtureRequest, kept: Kept, tmp_path: Path
) -> None:
    ticket = Ticket.new()
    one = kept.store
    other: Store = (
        RedisStore(request.getfixturevalue("redis_server").url)
        if isinstance(one, RedisStore)
        else FolderStore(tmp_path / "sessions")
    )
    inside, most = [0], [0]

    def hold(store: Store) -> None:
        for _ in range(5):
            with Sealed(store, (KEY,)).lock(ticket):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.002)
                inside[0] -= 1

    threads = [threading.Thread(target=hold, args=(store,)) for store in (one, other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


@pytest.mark.parametrize(
    "cookie", ["", ".", "a", "a.", ".a", "a" * 65 + ".b", "a." + "b" * 129, "\x00", "../../etc/passwd", "é" * 40]
)
def test_a_cookie_that_is_no_ticket(cookie: str) -> None:
    assert Ticket.parse(cookie) is None


@pytest.mark.parametrize("cookie", ["/etc/passwd.y", "\x00.y", "…/….y", "a.b.c"])
def test_a_hostile_name_never_leaves_the_folder(tmp_path: Path, cookie: str) -> None:
    ticket = Ticket.parse(cookie)
    assert ticket is not None
    sealed = Sealed(FolderStore(tmp_path / "sessions"), (KEY,))
    assert sealed.read(ticket) is None
    sealed.write(ticket, RECORD, 60)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "sessions"}


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.rglob("*")}


def test_only_their_owner_can_read_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir(mode=0o755)  # made by somebody else, too open
    sealed, ticket = Sealed(FolderStore(folder), (KEY,)), Ticket.new()
    sealed.write(ticket, RECORD, 60)
    with sealed.lock(ticket):
        assert modes(folder) == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_folder_is_swept_at_the_start_and_every_hour(tmp_path: Path) -> None:
    now = [1_000_000.0]
    store = FolderStore(tmp_path, lambda: now[0])
    store.write("brief", b"x", 60)
    store.write("long", b"x", 100_000)
    with store.lock("brief"), store.lock("long"):
        pass
    with store.lock("orphan"):
        pass
    (tmp_path / "cut.12345678.new").write_bytes(b"half")
    now[0] += 120
    FolderStore(tmp_path, lambda: now[0]).sweep()
    # A half-written file may be another worker's: it goes when it is old.
    assert {p.name for p in tmp_path.iterdir()} == {"long", "long.lock", "cut.12345678.new"}
    store.write("brief", b"x", 60)
    now[0] += 3700
    store.write("new", b"x", 60)
    assert not (tmp_path / "brief").exists()
    assert (tmp_path / "long").exists()


def test_a_file_that_is_none_of_ours_opens_for_nobody(tmp_path: Path) -> None:
    ticket = Ticket.new()
    for data in (b"", b"\n", b"soon\nx", b"-1\nx", b"99999999999", "²\nx".encode()):
        (tmp_path / ticket.key).write_bytes(data)
        assert Sealed(FolderStore(tmp_path), (KEY,)).read(ticket) is None
