"""A server that is ill rests, one that asks us to wait is left alone, and neither slows whoever asks another one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from musette_solid.pod.errors import Busy, Unreachable
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.origins import (
    FAILURES,
    LONGEST_WAIT_S,
    MOST_SLOW,
    MOST_SLOW_IN_ALL,
    REST_S,
    SLOW_S,
    TURN_S,
    WIDTH,
    Origins,
    Passage,
    retry_after,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def origins(clock: Clock) -> Origins:
    return Origins(clock)


ONE, OTHER = "https://one.example/", "https://other.example/"


def answer(
    origins: Origins, url: str, status: int = 200, headers: dict[str, str] | None = None, proof: str | None = None
) -> None:
    with origins.passage(url, proof) as passage:
        passage.answered(status, headers or {})


def fail(origins: Origins, url: str, *, anywhere: bool = True) -> None:
    with origins.passage(url, None) as passage:
        passage.failed(anywhere=anywhere)


Enter = Callable[[Origins, str], Passage]


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Begins a request that stays under way until the end of the test."""
    with ExitStack() as under_way:
        yield lambda origins, url: under_way.enter_context(origins.passage(url, None))


# --- rest after failures


def test_after_five_failures_in_a_row_a_server_rests_and_no_other_one_does(origins: Origins) -> None:
    for _ in range(FAILURES):
        fail(origins, ONE)
    with pytest.raises(Busy) as refusal:
        answer(origins, ONE + "elsewhere")
    assert refusal.value.details["sent"] is False
    assert refusal.value.details["seconds"] == REST_S
    answer(origins, OTHER)
    answer(origins, "https://one.example:8443/")


def test_after_its_rest_one_request_sees_whether_it_is_well_again(origins: Origins, clock: Clock, enter: Enter) -> None:
    for _ in range(FAILURES):
        fail(origins, ONE)
    clock.now += REST_S + 0.1
    with origins.passage(ONE, None) as trial:
        with pytest.raises(Busy):
            enter(origins, ONE)
        trial.failed(anywhere=True)
    with pytest.raises(Busy):
        enter(origins, ONE)
    clock.now += REST_S + 0.1
    answer(origins, ONE)
    for _ in range(WIDTH):
        enter(origins, ONE)


def test_a_trial_that_ends_unsaid_does_not_close_the_door_for_ever(origins: Origins, clock: Clock) -> None:
    for _ in range(FAILURES):
        fail(origins, ONE)
    clock.now += REST_S + 0.1
    with origins.passage(ONE, None):
        pass
    answer(origins, ONE)


def test_an_answer_in_between_begins_the_count_anew(origins: Origins) -> None:
    for _ in range(10):
        for _ in range(FAILURES - 1):
            fail(origins, ONE)
        answer(origins, ONE, 404)


def test_one_document_that_breaks_its_server_leaves_the_others_alone(origins: Origins) -> None:
    for _ in range(20):
        answer(origins, ONE + "broken", 500)
        fail(origins, ONE + "broken", anywhere=False)
    answer(origins, ONE + "fine")


def test_documents_that_all_fail_are_a_server_that_fails(origins: Origins) -> None:
    for number in range(FAILURES):
        answer(origins, f"{ONE}{number}", 500)
    with pytest.raises(Busy):
        answer(origins, ONE + "fine")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_says_it_is_out_of_order_is_believed(origins: Origins, status: int) -> None:
    for _ in range(FAILURES):
        answer(origins, ONE, status)
    with pytest.raises(Busy):
        answer(origins, ONE)


@pytest.mark.parametrize("status", [200, 304, 400, 401, 403, 404, 409, 412, 413, 422, 501, 507])
def test_an_answer_that_is_no_failure_of_the_server(origins: Origins, status: int) -> None:
    for _ in range(20):
        answer(origins, ONE, status)


# --- Retry-After


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5", 5),
        ("0", 0),
        ("86400", LONGEST_WAIT_S),
        ("9" * 5000, LONGEST_WAIT_S),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("5.5", None),
        ("٥", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT_S),
        ("Fri, 31 Dec 9999 23:59:59", LONGEST_WAIT_S),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_what_retry_after_may_say(said: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": said}) == seconds


def test_a_moment_is_as_good_as_seconds() -> None:
    soon = retry_after({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)})
    assert soon is not None
    assert 17 < soon <= 20


def test_a_server_that_asks_everybody_to_wait_is_left_alone(origins: Origins, clock: Clock) -> None:
    answer(origins, ONE, 503, {"Retry-After": "30"})
    clock.now += 29
    with pytest.raises(Busy) as refusal:
        answer(origins, ONE, proof="DPoP a")
    assert refusal.value.details["seconds"] == 1
    answer(origins, OTHER)
    clock.now += 2
    answer(origins, ONE)


def test_who_asked_too_much_waits_and_nobody_else_does(origins: Origins, clock: Clock) -> None:
    answer(origins, ONE, 429, {"Retry-After": "30"}, proof="DPoP a")
    with pytest.raises(Busy):
        answer(origins, ONE, proof="DPoP a")
    answer(origins, ONE, proof="DPoP b")
    answer(origins, ONE)
    clock.now += 31
    answer(origins, ONE, proof="DPoP a")


def test_a_stranger_who_asked_too_much_is_all_of_us(origins: Origins) -> None:
    answer(origins, ONE, 429, {"Retry-After": "30"})
    with pytest.raises(Busy):
        answer(origins, ONE, proof="DPoP a")


def test_a_day_is_never_waited_for(origins: Origins, clock: Clock) -> None:
    answer(origins, ONE, 503, {"Retry-After": "86400"})
    clock.now += LONGEST_WAIT_S + 1
    answer(origins, ONE)


# --- the door


def test_so_many_at_a_time_and_one_more_waits_for_its_turn() -> None:
    origins = Origins()
    open_ones = [origins.passage(ONE, None) for _ in range(WIDTH)]
    for passage in open_ones:
        passage.__enter__()
    entered = threading.Event()

    def one_more() -> None:
        with origins.passage(ONE, None):
            entered.set()

    waiting = threading.Thread(target=one_more)
    waiting.start()
    assert not entered.wait(0.2)
    answer(origins, OTHER)
    open_ones[0].__exit__(None, None, None)
    assert entered.wait(2)
    waiting.join()


def test_who_waits_too_long_for_a_turn_is_told_so(enter: Enter) -> None:
    origins = Origins()
    for _ in range(WIDTH):
        enter(origins, ONE)
    begun = time.monotonic()
    with pytest.raises(Busy):
        enter(origins, ONE)
    assert 0.5 < time.monotonic() - begun < 3


def test_those_who_came_together_are_not_all_turned_away_at_one_moment(enter: Enter) -> None:
    """Sixteen pages that say so, made at once, would keep everybody else's waiting."""
    origins = Origins()
    for _ in range(WIDTH):
        enter(origins, ONE)
    told: list[float] = []

    def wait() -> None:
        with pytest.raises(Busy):
            enter(origins, ONE)
        told.append(time.monotonic())

    begun = time.monotonic()
    waiting = [threading.Thread(target=wait) for _ in range(WIDTH)]
    for one in waiting:
        one.start()
    for one in waiting:
        one.join()
    assert max(told) - min(told) > (TURN_S[1] - TURN_S[0]) / 4
    assert min(told) - begun >= TURN_S[0] - 0.01
    assert max(told) - begun < TURN_S[1] + 1


def test_where_some_wait_long_already_nobody_joins_them(origins: Origins, clock: Clock, enter: Enter) -> None:
    for _ in range(MOST_SLOW):
        enter(origins, ONE)
    answer(origins, ONE)
    clock.now += SLOW_S + 0.1
    begun = time.monotonic()
    with pytest.raises(Busy):
        enter(origins, ONE)
    assert time.monotonic() - begun < 0.5
    answer(origins, OTHER)


def test_many_servers_that_are_a_little_slow_do_not_take_everything(
    origins: Origins, clock: Clock, enter: Enter
) -> None:
    each = MOST_SLOW - 1
    places = [f"https://{number}.example/" for number in range(MOST_SLOW_IN_ALL // each + 1)]
    for place in places:
        for _ in range(each):
            enter(origins, place)
    clock.now += SLOW_S + 0.1
    with pytest.raises(Busy):
        enter(origins, places[0])
    answer(origins, ONE)


def test_what_is_remembered_of_servers_stays_small(origins: Origins) -> None:
    for number in range(3000):
        answer(origins, f"https://{number}.example/")
    assert len(origins._places) <= 1100


# --- a pod that asks us to wait


def test_a_reader_waits_a_moment_and_a_writer_is_told() -> None:
    server = MemoryPod()
    person = server.create_pod("demo")
    pod = server.pod_for(person.webid)
    answers = [Response(person.storage, 503, {"Retry-After": "0"})]
    server.instead = lambda _request: answers.pop() if answers else None
    assert pod.send("GET", person.storage).status == 200
    answers.append(Response(person.storage, 503, {"Retry-After": "0"}))
    with pytest.raises(Busy):
        pod.send("PUT", person.storage + "x", {"Content-Type": "text/plain"}, b"x")
    answers.append(Response(person.storage, 429, {"Retry-After": "40"}))
    with pytest.raises(Busy) as refusal:
        pod.send("GET", person.storage)
    assert refusal.value.details["seconds"] == 40


def test_a_pod_that_is_out_of_order_without_a_word_is_an_answer() -> None:
    server = MemoryPod()
    person = server.create_pod("demo")
    server.instead = lambda _request: Response(person.storage, 503, {})
    assert server.pod_for(person.webid).send("GET", person.storage).status == 503


# --- really sent


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hits = 0

    def do_GET(self) -> None:
        type(self).hits += 1
        status = 503 if self.path.startswith("/ill") else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if "wait" in self.path:
            self.send_header("Retry-After", "30")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pages() -> Iterator[str]:
    _Pages.hits = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def stalled() -> Iterator[str]:
    """Accepts connections and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=200)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    listening.close()


def outgoing_to(*urls: str) -> Outgoing:
    return Outgoing(frozenset(url.removeprefix("http://").rstrip("/") for url in urls))


def test_a_storm_of_failures_sends_a_few_requests_and_no_more(pages: str) -> None:
    outgoing = outgoing_to(pages)
    for _ in range(200):
        with suppress(Busy):
            outgoing.send(Request("GET", pages + "ill"))
    assert FAILURES <= _Pages.hits <= FAILURES + 1


def test_what_was_asked_is_kept_over_requests(pages: str) -> None:
    outgoing = outgoing_to(pages)
    assert outgoing.send(Request("GET", pages + "ill-wait")).status == 503
    with pytest.raises(Busy):
        outgoing.send(Request("GET", pages + "well"))
    assert _Pages.hits == 1


def test_a_stalled_server_holds_a_few_threads_for_a_while_and_slows_nobody_else(pages: str, stalled: str) -> None:
    outgoing = outgoing_to(pages, stalled)
    ended: list[float] = []

    def ask_the_stalled_one(number: int) -> None:
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            outgoing.send(Request("GET", f"{stalled}{number}"), Limits(connect_s=1, first_byte_s=2, total_s=4))
        ended.append(time.monotonic() - begun)

    threads = [threading.Thread(target=ask_the_stalled_one, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    slowest = 0.0
    for _ in range(100):
        begun = time.monotonic()
        assert outgoing.send(Request("GET", pages + "well")).status == 200
        slowest = max(slowest, time.monotonic() - begun)
    for thread in threads:
        thread.join(10)
    assert len(ended) == 60
    assert sum(seconds > 1.7 for seconds in ended) == WIDTH  # no more than these were sent
    assert max(ended) < 4
    assert slowest < 0.5
