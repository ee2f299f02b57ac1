"""Threads that parse at the same time: what each finds, and that they do not keep each other from it."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from musette_solid.rdf import syntax

BASE = "https://pod.example/musette/time/2026.ttl"
TRIPLES = 3_000
DOCUMENT = "".join(f'<#t-{number}> <https://v.example/#p> "{number}" .\n' for number in range(TRIPLES)).encode()
THREADS = 6


def _read() -> int:
    return len(syntax.parse(DOCUMENT, syntax.TURTLE, BASE))


def test_parsing_side_by_side_takes_little_longer_than_one_after_the_other() -> None:
    """The parser lets go of the interpreter after each triple: unguarded, six threads need six to eight times as long."""
    with ThreadPoolExecutor(THREADS) as pool:

        def side_by_side() -> float:
            begun = time.perf_counter()
            assert set(pool.map(lambda _: _read(), range(THREADS))) == {TRIPLES}
            return time.perf_counter() - begun

        def in_turn() -> float:
            begun = time.perf_counter()
            for _ in range(THREADS):
                _read()
            return time.perf_counter() - begun

        in_turn(), side_by_side()
        assert min(side_by_side() / in_turn() for _ in range(5)) < 3


@pytest.mark.parametrize("at", [0, 1, 511, 512, 513, 2_000])
def test_a_document_that_is_damaged_anywhere_keeps_nobody_from_reading(at: int) -> None:
    lines = DOCUMENT.splitlines(keepends=True)
    damaged = b"".join([*lines[:at], b"<#t> <#p> .\n", *lines[at:]])
    for read in (partial(syntax.parse, damaged), lambda kind, base: list(syntax.batches(damaged, kind, base))):
        with pytest.raises(syntax.NotRdf) as refused:
            read(syntax.TURTLE, BASE)
        assert refused.value.details["line"] == at + 1
    assert _read() == TRIPLES


@pytest.mark.parametrize("number", [0, 1, 511, 512, 513, 1_024, 1_025])
def test_no_triple_is_lost_between_two_visits_to_the_parser(number: int) -> None:
    body = b"".join(DOCUMENT.splitlines(keepends=True)[:number])
    assert len(syntax.parse(body, syntax.TURTLE, BASE)) == number
    found = [quad for some in syntax.batches(body, syntax.TURTLE, BASE) for quad in some]
    assert [getattr(quad.object, "value", "") for quad in found] == [str(n) for n in range(number)]
