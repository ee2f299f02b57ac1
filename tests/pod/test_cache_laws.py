"""No order of requests, writes, messages and gaps lets the cache give out what is known to be past."""

from collections import deque
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from musette_solid.pod.cache import Cache

URL = "https://pod.example/a.ttl"


@dataclass
class Reading:
    """A request under way: what it asks about, and what the server answered once it has come to it."""

    turn: int | None
    known: "Version | None"
    answer: "Version | None" = None


@dataclass(frozen=True, eq=False)
class Version:
    number: int

    @property
    def etag(self) -> str:
        return f'"{self.number}"'


@dataclass
class Writing:
    number: int | None = None


@dataclass
class Server:
    """A document that changes one version at a time, and a channel that tells of each change, in order, some time later."""

    number: int = 1
    messages: deque[int] = field(default_factory=deque)
    is_listening: bool = False

    def change(self) -> int:
        self.number += 1
        if self.is_listening:
            self.messages.append(self.number)
        return self.number


class Laws(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.cache: Cache[Version] = Cache()
        self.readings: list[Reading] = []
        self.writings: list[Writing] = []
        self.our_last = 0

    @rule()
    def a_reader_asks(self) -> None:
        turn = self.cache.asking(URL)
        self.readings.append(Reading(turn, self.cache.get(URL)))

    @precondition(lambda self: self.readings)
    @rule(data=st.data())
    def the_server_comes_to_a_reading(self, data: st.DataObject) -> None:
        reading = data.draw(st.sampled_from(self.readings))
        if reading.answer is None:
            known = reading.known
            now = self.server.number
            reading.answer = known if known is not None and known.number == now else Version(now)

    @precondition(lambda self: any(reading.answer for reading in self.readings))
    @rule(data=st.data())
    def an_answer_arrives(self, data: st.DataObject) -> None:
        reading = data.draw(st.sampled_from([reading for reading in self.readings if reading.answer]))
        self.readings.remove(reading)
        answer = reading.answer
        assert answer is not None
        if answer is reading.known:
            self.cache.confirmed(URL, answer, reading.turn)
        else:
            self.cache.put(URL, answer, 10, etag=answer.etag, turn=reading.turn)

    @rule()
    def we_begin_to_write(self) -> None:
        self.cache.writing(URL)
        self.writings.append(Writing())

    @precondition(lambda self: any(writing.number is None for writing in self.writings))
    @rule()
    def the_server_does_what_we_write(self) -> None:
        next(writing for writing in self.writings if writing.number is None).number = self.server.change()

    @precondition(lambda self: any(writing.number for writing in self.writings))
    @rule()
    def we_hear_that_it_is_written(self) -> None:
        writing = next(writing for writing in self.writings if writing.number)
        self.writings.remove(writing)
        self.cache.written(URL)
        self.our_last = max(self.our_last, writing.number or 0)

    @rule()
    def somebody_else_writes(self) -> None:
        self.server.change()

    @precondition(lambda self: self.server.messages)
    @rule(says_which=st.booleans())
    def a_message_arrives(self, says_which: bool) -> None:
        number = self.server.messages.popleft()
        self.cache.moved(URL, Version(number).etag if says_which else None)

    @precondition(lambda self: not self.server.is_listening)
    @rule(says_which=st.booleans())
    def a_channel_opens(self, says_which: bool) -> None:
        self.server.is_listening = True
        self.cache.live(URL, Version(self.server.number).etag if says_which else None)

    @precondition(lambda self: self.server.is_listening)
    @rule()
    def the_channel_breaks(self) -> None:
        self.server.is_listening = False
        self.server.messages.clear()
        self.cache.gone(URL)

    @rule()
    def another_worker_wrote(self) -> None:
        self.cache.distrust()

    @invariant()
    def what_we_wrote_is_shown(self) -> None:
        shown = self.cache.current(URL)
        assert shown is None or shown.number >= self.our_last

    @invariant()
    def when_every_message_has_come_what_is_shown_is_what_is_there(self) -> None:
        shown = self.cache.current(URL)
        if not self.server.messages:
            assert shown is None or shown.number == self.server.number


Laws.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
test_what_is_past_is_not_given_out = Laws.TestCase
