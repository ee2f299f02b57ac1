"""Dates as precise as the person said them: a year, a month or a day."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Self

from babel.dates import format_date
from rdflib import Literal
from rdflib.namespace import XSD

# `\d` would also take Arabic-Indic digits, which no xsd lexical form allows.
_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
# What other applications add: a time of day, a time zone. What is left is the day as they wrote it, in their zone.
_ADDITIONS = re.compile(r"(?:T[0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """`2019`, `2019-03` or `2019-03-12`; a month or a day that was not said is 0.

    Ordered by first day, the less precise first.
    """

    year: int
    month: int = 0
    day: int = 0
    # Made once: one value stands for a date wherever a document says it, and lists are sorted by these.
    _first: date = field(init=False, repr=False, compare=False)
    _last: date = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError("a day needs its month")
        first, month = date(self.year, self.month or 1, self.day or 1), self.month or 12
        object.__setattr__(self, "_first", first)
        last = first if self.day else date(self.year, month, monthrange(self.year, month)[1])
        object.__setattr__(self, "_last", last)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises ValueError unless `text` is exactly a year, a month or a day that exists."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a year, a month or a day: {text!r}")
        year, month, day = match.groups()
        if month == "00" or day == "00":
            raise ValueError(f"no such day: {text!r}")
        return cls(int(year), int(month or 0), int(day or 0))

    @staticmethod
    def from_literal(literal: Literal) -> "PartialDate":
        """Also reads what other applications write: no datatype, a time of day, a time zone. Raises ValueError."""
        return from_other(str(literal))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month, day.day)

    def literal(self) -> Literal:
        datatype = XSD.date if self.day else XSD.gYearMonth if self.month else XSD.gYear
        return Literal(self.text, datatype=datatype)

    def first(self) -> date:
        return self._first

    def last(self) -> date:
        return self._last

    @property
    def text(self) -> str:
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
        if self.day:
            text += f"-{self.day:02}"
        return text

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether both may be the same date, one said more precisely than the other."""
        shorter, longer = sorted((self.text, other.text), key=len)
        return longer.startswith(shorter)


@lru_cache(maxsize=4096)
def from_other(written: str) -> PartialDate:
    """What other applications write too: a time of day, a time zone. Raises ValueError."""
    text = written.strip()
    match = _WRITTEN.match(text)
    if match is None or not _ADDITIONS.fullmatch(text, match.end()):
        raise ValueError(f"not a year, a month or a day: {text!r}")
    return PartialDate.from_text(match.group())


@lru_cache(maxsize=4096)
def in_words(on: date, language: str) -> str:
    """`12 mars 2026`, `1er mars 2026` (no break after the number), `12 March 2026`."""
    if not language.startswith("fr"):
        return str(format_date(on, "d MMMM yyyy", locale="en"))
    number = "1er" if on.day == 1 else str(on.day)
    return f"{number}\u00a0{format_date(on, 'MMMM yyyy', locale='fr')}"


def day(on: date) -> Literal:
    return Literal(on.isoformat(), datatype=XSD.date)


def moment(when: datetime) -> Literal:
    """To the second, in UTC: the one spelling that every server leaves alone. Raises ValueError without a time zone."""
    if when.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return Literal(f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", datatype=XSD.dateTime)
