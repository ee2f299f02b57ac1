"""How people say what they do, and what a register should then propose among its first five answers.

`phrasings.tsv`: `expected` is a pattern on folded labels (29 labels of 48,918 fit it, in the middle of the list). The list
was written, with what is expected, before the search was first run and before vocab/everyday/ was; every third one is
"unseen": its answers were not looked at while the search was adjusted.
"""

import csv
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from musette_solid.model.references.index import Index
from musette_solid.model.references.search import Found, search
from musette_solid.model.words import folded


@dataclass(frozen=True)
class Phrasing:
    part: str
    said: str
    expected: re.Pattern[str]


@dataclass(frozen=True)
class Answer:
    phrasing: Phrasing
    first: tuple[Found, ...]

    @property
    def holds(self) -> bool:
        return any(self.phrasing.expected.search(folded(found.label)) for found in self.first)


def phrasings() -> list[Phrasing]:
    with Path(__file__).with_name("phrasings.tsv").open(encoding="utf-8") as file:
        return [
            Phrasing(row["set"], row["said"], re.compile(rf"\b(?:{row['expected']})"))
            for row in csv.DictReader(file, delimiter="\t")
        ]


def ask(indexes: Sequence[Index], said: str) -> tuple[Found, ...]:
    found = [one for index in indexes for one in search(index, said, most=5)]
    return tuple(sorted(found, key=lambda one: -one.score)[:5])


def answers(indexes: Sequence[Index]) -> list[Answer]:
    return [Answer(phrasing, ask(indexes, phrasing.said)) for phrasing in phrasings()]


def typing_times(indexes: Sequence[Index], every: int = 1) -> list[float]:
    """Seconds for each answer, while every phrasing is typed from its third letter to its last; sorted.

    `every` takes a part of the phrasings.
    """
    times = []
    for phrasing in phrasings()[::every]:
        for end in range(3, len(phrasing.said) + 1):
            begun = time.perf_counter()
            ask(indexes, phrasing.said[:end])
            times.append(time.perf_counter() - begun)
    return sorted(times)


def percentile(times: Sequence[float], share: int) -> float:
    return statistics.quantiles(times, n=100)[share - 1]
