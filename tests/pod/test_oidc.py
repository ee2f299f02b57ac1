"""Signing in: what must hold before anybody is taken for somebody. The provider is real, on loopback, and may be hostile."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from musette_solid.errors import MusetteError
from musette_solid.pod import oidc
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import SignInFailed, SignInNeeded, TooLarge, Unreachable
from musette_solid.pod.http import Outgoing, Response
from musette_solid.pod.oidc import Attempt, Client, ClientCredentials, KeptTokens, Tokens
from tests.pod.provider import CLIENT, Provider

Start = Callable[[str], tuple[Provider, Outgoing]]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Provider] = []

    def make(mode: str = "") -> tuple[Provider, Outgoing]:
        provider = Provider(mode)
        running.append(provider)
        return provider, Outgoing(frozenset({f"localhost:{provider.port}"}))

    yield make
    for provider in running:
        provider.close()


def begun(provider: Provider, outgoing: Outgoing) -> Attempt:
    at = oidc.provider(outgoing, provider.issuer)
    url, attempt = oidc.begin(at, Client(CLIENT), "http://localhost/signin/callback", None, "/")
    assert "code_challenge_method=S256" in url
    provider.nonce = attempt.nonce
    return attempt


def answer_of(attempt: Attempt, **changes: str | None) -> dict[str, str]:
    answer: dict[str, str | None] = {"code": "good", "state": attempt.state, "iss": attempt.provider.issuer, **changes}
    return {name: value for name, value in answer.items() if value is not None}


def test_a_correct_provider_signs_its_own_person_in(start: Start) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    tokens = oidc.finish(outgoing, attempt, answer_of(attempt))
    assert tokens.webid == provider.webid
    assert Tokens.from_json(tokens.to_json()) == tokens


HOSTILE_TOKENS = [
    "other_issuer_in_token",
    "issuer_without_slash",
    "other_audience",
    "only_solid_audience",
    "other_azp",
    "expired",
    "from_the_future",
    "not_yet",
    "other_nonce",
    "no_nonce",
    "webid_is_script",
    "webid_is_file",
    "webid_with_user",
    "webid_too_long",
    "alg_none",
    "hs256_with_public_key",
    "signed_by_another",
    "key_in_header",
    "bearer",
    "bound_to_another",
    "profile_lists_nobody",
    "profile_lists_another",
    "profile_lists_for_another_subject",
    "profile_is_html",
    "fat_answer",
    "invalid_grant",
    "wants_nonces_for_ever",
]


@pytest.mark.parametrize("mode", HOSTILE_TOKENS)
def test_a_hostile_provider_signs_nobody_in(start: Start, mode: str) -> None:
    provider, outgoing = start(mode)
    attempt = begun(provider, outgoing)
    with pytest.raises((SignInFailed, SignInNeeded, MusetteError)) as refusal:
        oidc.finish(outgoing, attempt, answer_of(attempt))
    assert isinstance(refusal.value, SignInFailed | SignInNeeded | TooLarge | MusetteError)
    assert all(refusal.value.sentences())


@pytest.mark.parametrize("mode", ["issuer_mismatch", "javascript_endpoint", "no_token_endpoint"])
def test_a_provider_that_contradicts_itself_is_refused_before_the_browser_leaves(start: Start, mode: str) -> None:
    provider, outgoing = start(mode)
    with pytest.raises(SignInFailed):
        oidc.provider(outgoing, provider.issuer)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "another"},
        {"iss": None},
        {"iss": "https://another.example/"},
        {"code": None},
        {"error": "access_denied"},
        {"error": "server_error"},
    ],
)
def test_a_wrong_answer_is_refused_before_the_code_is_spent(start: Start, changes: dict[str, str | None]) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    with pytest.raises(SignInFailed):
        oidc.finish(outgoing, attempt, answer_of(attempt, **changes))
    assert provider.hits["/token"] == 0


def test_an_issuer_that_differs_by_its_slash_is_refused(start: Start) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    with pytest.raises(SignInFailed):
        oidc.finish(outgoing, attempt, answer_of(attempt, iss=provider.issuer.rstrip("/")))
    assert provider.hits["/token"] == 0


def test_somebody_else_than_the_address_that_was_typed_is_refused(start: Start) -> None:
    provider, outgoing = start("")
    attempt = replace(begun(provider, outgoing), webid=provider.issuer + "profile#somebody-else")
    with pytest.raises(SignInFailed):
        oidc.finish(outgoing, attempt, answer_of(attempt))


def test_a_nonce_that_the_provider_asks_for_is_given_once(start: Start) -> None:
    provider, outgoing = start("wants_nonce")
    attempt = begun(provider, outgoing)
    oidc.finish(outgoing, attempt, answer_of(attempt))
    assert provider.hits["/token"] == 2


def test_a_key_that_cannot_be_read_does_not_hide_the_others(start: Start) -> None:
    provider, outgoing = start("unparsable_key")
    attempt = begun(provider, outgoing)
    assert oidc.finish(outgoing, attempt, answer_of(attempt)).webid == provider.webid


class OneKeeper:
    """Tokens of one session in memory, with a real lock."""

    def __init__(self, tokens: Tokens | None) -> None:
        self.tokens = tokens
        self._lock = threading.RLock()

    def load(self) -> Tokens | None:
        return self.tokens

    def save(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def end(self) -> None:
        self.tokens = None

    def locked(self) -> AbstractContextManager[bool]:
        return self._lock


def test_twenty_requests_at_the_instant_of_expiry_make_one_refresh(start: Start) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    keeper = OneKeeper(replace(oidc.finish(outgoing, attempt, answer_of(attempt)), ends_at=time.time() + 1))
    before = provider.hits["/token"]
    # Two credentials over one keeper: as two workers would hold them.
    both = [KeptTokens(outgoing, keeper), KeptTokens(outgoing, keeper)]
    signed: list[str] = []

    def ask(which: int) -> None:
        signed.append(both[which % 2].sign("GET", "https://pod.example/")["Authorization"])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert provider.hits["/token"] == before + 1
    assert len(signed) == 20
    assert len(set(signed)) == 1


def kept_by(provider: Provider, outgoing: Outgoing, ends_in_s: float = 1) -> OneKeeper:
    attempt = begun(provider, outgoing)
    return OneKeeper(replace(oidc.finish(outgoing, attempt, answer_of(attempt)), ends_at=time.time() + ends_in_s))


def side_by_side(number: int, task: Callable[[int], object]) -> list[object]:
    """What each of so many threads got, errors included."""

    def one(which: int) -> object:
        try:
            return task(which)
        except MusetteError as error:
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_a_provider_that_does_not_answer_is_waited_for_once_by_all_who_wait(start: Start) -> None:
    """Each in turn would be a minute for the last of four."""
    provider, outgoing = start("")
    credentials = KeptTokens(outgoing, kept_by(provider, outgoing))
    provider.slow_s, provider.mode = 0.5, "out_of_order_slowly"
    begun_at = time.monotonic()
    got = side_by_side(8, lambda _: credentials.sign("GET", "https://pod.example/"))
    assert all(isinstance(one, Unreachable) for one in got)
    assert time.monotonic() - begun_at < 1.5
    provider.as_before()
    assert credentials.sign("GET", "https://pod.example/")["Authorization"]


def program(provider: Provider, outgoing: Outgoing) -> ClientCredentials:
    return ClientCredentials(outgoing, provider.issuer, Client("program", "secret"), provider.webid)


def test_a_program_that_reads_side_by_side_asks_for_its_tokens_once(start: Start) -> None:
    provider, outgoing = start("")
    credentials = program(provider, outgoing)
    got = side_by_side(8, lambda _: credentials.sign("GET", "https://pod.example/")["Authorization"])
    assert len(set(got)) == 1
    assert provider.hits["/token"] == 1
    # One whose tokens had ended on the server, and seven who were told the same of those before.
    credentials._granted_at -= 60
    refusal = Response("https://pod.example/", 401, {})
    assert side_by_side(8, lambda _: credentials.refused(refusal)) == [True] * 8
    renewed = side_by_side(8, lambda _: credentials.sign("GET", "https://pod.example/")["Authorization"])
    assert len(set(renewed)) == 1
    assert renewed[0] != got[0]
    assert credentials.refused(refusal)
    assert credentials.sign("GET", "https://pod.example/")["Authorization"] == renewed[0]
    assert provider.hits["/token"] == 2


def test_a_program_waits_once_for_a_provider_that_does_not_answer(start: Start) -> None:
    provider, outgoing = start("")
    provider.slow_s, provider.mode = 0.5, "out_of_order_slowly"
    credentials = program(provider, outgoing)
    begun_at = time.monotonic()
    got = side_by_side(8, lambda _: credentials.sign("GET", "https://pod.example/"))
    assert all(isinstance(one, Unreachable) for one in got)
    assert time.monotonic() - begun_at < 1.5
    provider.as_before()
    assert credentials.sign("GET", "https://pod.example/")["Authorization"]


def test_a_lock_that_was_lost_signs_nobody_out(start: Start) -> None:
    """Two who refresh at the same time, against the rule: the slower one takes over what the faster one got."""
    provider, outgoing = start("")
    keeper = kept_by(provider, outgoing)
    slow, fast = KeptTokens(outgoing, keeper), KeptTokens(outgoing, keeper)
    lost, keeper._lock = keeper._lock, threading.RLock()
    with lost:  # the slower one has read the old tokens, and its lock is gone
        before = keeper.tokens
        fast.sign("GET", "https://pod.example/")
        after = keeper.tokens
        assert after != before
        keeper.load = iter([before, after]).__next__  # type: ignore[method-assign]
        assert (
            slow.sign("GET", "https://pod.example/")["Authorization"] == f"DPoP {after.access_token if after else ''}"
        )
    assert provider.reuses == 1


def test_a_refresh_token_that_is_refused_for_good_ends_the_session_and_is_not_tried_again(start: Start) -> None:
    provider, outgoing = start("")
    keeper = kept_by(provider, outgoing)
    credentials = KeptTokens(outgoing, keeper)
    provider.mode = "invalid_grant"
    before = provider.hits["/token"]
    for _ in range(3):
        with pytest.raises(SignInNeeded):
            credentials.sign("GET", "https://pod.example/")
    assert provider.hits["/token"] == before + 1
    assert keeper.tokens is None


def test_a_server_that_refuses_every_proof_does_not_make_us_ask_for_ever(start: Start) -> None:
    provider, outgoing = start("")
    credentials = KeptTokens(outgoing, kept_by(provider, outgoing, 600))
    before = provider.hits["/token"]
    refusal = Response("https://pod.example/", 401, {})
    assert [credentials.refused(refusal) for _ in range(5)] == [True, False, False, False, False]
    assert provider.hits["/token"] == before + 1


def test_each_refresh_token_is_used_once(start: Start) -> None:
    provider, outgoing = start("")
    keeper = kept_by(provider, outgoing)
    for number in range(1, 6):
        assert keeper.tokens is not None
        keeper.tokens = replace(keeper.tokens, ends_at=time.time())
        credentials = KeptTokens(outgoing, keeper)
        side_by_side(6, lambda _, c=credentials: c.sign("GET", "https://pod.example/"))  # type: ignore[misc]
        assert (provider.refreshes, provider.reuses) == (number, 0)


def test_a_refresh_that_names_somebody_else_ends_the_session(start: Start) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    tokens = oidc.finish(outgoing, attempt, answer_of(attempt))
    provider.mode = "refresh_other_webid"
    with pytest.raises(MusetteError):
        oidc.refreshed(outgoing, tokens)


def test_a_session_that_was_ended_meanwhile_is_not_brought_back(start: Start) -> None:
    provider, outgoing = start("")
    attempt = begun(provider, outgoing)
    keeper = OneKeeper(replace(oidc.finish(outgoing, attempt, answer_of(attempt)), ends_at=time.time()))
    credentials = KeptTokens(outgoing, keeper)
    keeper.tokens = None
    with pytest.raises(SignInNeeded):
        credentials.sign("GET", "https://pod.example/")
    assert keeper.tokens is None


def test_every_proof_is_new_and_says_what_it_is_for() -> None:
    key = Key.generate()
    proofs = {key.proof("GET", "https://pod.example/a?b#c", token="t") for _ in range(50)}
    assert len(proofs) == 50


@pytest.mark.parametrize(
    ("issuer", "ours", "fetches"),
    [
        ("http://localhost:3000/", "http://localhost:8000/", True),
        ("https://provider.example/", "http://localhost:8000/", False),
        ("https://provider.example/", "https://musette.example/", True),
        ("http://localhost:3000/", "http://127.0.0.1:8000/", False),
    ],
)
def test_our_document_is_used_where_the_provider_can_fetch_it(issuer: str, ours: str, fetches: bool) -> None:
    assert oidc.can_fetch(issuer, ours) is fetches
