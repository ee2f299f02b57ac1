"""Time spent on activities: entries, months, and the line in which a person logs an hour."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import days, durations
from musette_solid.model.activity import Activity
from musette_solid.model.described import Described, Index
from musette_solid.model.recognition import is_small, recognise
from musette_solid.model.words import words
from musette_solid.rdf import terms
from musette_solid.rdf.store import once

DAY_IN_MINUTES: Final = 24 * 60
_LONGEST_LINE: Final = 400
_MINUTES: Final = re.compile(r"\+?[0-9]{1,5}")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    def __post_init__(self) -> None:
        date(self.year, self.number, 1)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`2026-11`. Raises ValueError."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @property
    def text(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def previous(self) -> "Month":
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    def following(self) -> "Month":
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def first(self) -> date:
        return date(self.year, self.number, 1)

    def last(self) -> date:
        return date.max if (self.year, self.number) == (9999, 12) else self.following().first() - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)


@dataclass(frozen=True, slots=True)
class TimeEntry:
    iri: str
    activity: str
    on: date
    minutes: int
    precision: URIRef | None = None
    counterpart: URIRef | None = None
    description: str | None = None

    @property
    def spent(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@once
def read(graph: Graph) -> tuple[TimeEntry, ...]:
    """Newest first. Entries that cannot be counted are left out: `unreadable` names them."""
    return _sorted(entry for entry in map(entry_of, _nodes(graph)) if entry is not None)


def unreadable(graph: Graph) -> tuple[str, ...]:
    """The entries without a day, without a number of minutes, or with two of either: nothing says which one is true."""
    return tuple(sorted(node.iri for node in _nodes(graph) if entry_of(node) is None))


def hours(graph: Graph, month: Month) -> timedelta:
    """Time spent in `month`, exactly. Reads `mus:minutes` (xsd:integer) of the entries that `read` gives."""
    return total(entry for entry in read(graph) if month.holds(entry.on))


def total(entries: Iterable[TimeEntry]) -> timedelta:
    return timedelta(minutes=sum(entry.minutes for entry in entries))


def _nodes(graph: Graph) -> Iterable[Described]:
    return Index(graph).of_type(terms.TimeEntry)


def _sorted(entries: Iterable[TimeEntry]) -> tuple[TimeEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: (-entry.on.toordinal(), entry.iri)))


def minutes_of(text: str) -> int | None:
    """As an entry has them; None when that is no number of minutes."""
    return int(text) if _MINUTES.fullmatch(text.strip()) else None


def entry_of(node: Described) -> TimeEntry | None:
    """None when it cannot be counted."""
    minutes = {text.strip() for text in node.texts(terms.MINUTES)}
    day = node.day(terms.DCTERMS_DATE)
    if day is None or len(minutes) != 1 or len(set(node.texts(terms.DCTERMS_DATE))) != 1:
        return None
    number = minutes_of(minutes.pop())
    if number is None:
        return None
    return TimeEntry(
        iri=node.iri,
        activity=node.iri_of(terms.ACTIVITY) or "",
        on=day,
        minutes=number,
        precision=node.concept(terms.PRECISION),
        counterpart=node.concept(terms.COUNTERPART),
        description=node.text(terms.DCTERMS_DESCRIPTION),
    )


class Unclear(MusetteError):
    """A line that does not say how long, on one day, up to now."""

    what = N_("This line could not be understood.")
    do = N_("Write how long, on what and, if it was not today, when: “2 h 30 repair café yesterday”.")


class NoDuration(Unclear):
    what = N_("This line does not say how long it took.")
    do = N_("Begin with the time: “2 h 30”, “45 min”, “1.5 h”, then what you did.")


class SeveralDurations(Unclear):
    what = N_("This line says two different times: “%(first)s” and “%(second)s”.")
    do = N_("Write one line for each, or only the total.")


class NoSuchDuration(Unclear):
    what = N_("“%(text)s” is not a time: minutes go from 0 to 59.")
    do = N_("Write “1 h 15” or “75 min”.")


class NoTime(Unclear):
    what = N_("“%(text)s” is no time at all.")
    do = N_("Write at least one minute, or nothing.")


class TooLong(Unclear):
    what = N_("“%(text)s” is more than a day: an entry is for one day, and a day has 24 hours.")
    do = N_("Write one line for each day.")


class NoSuchDay(Unclear):
    what = N_("There is no such day as “%(text)s”.")
    do = N_("Write the day as “12/03”, “12 March”, “Monday” or “yesterday”.")


class SeveralDays(Unclear):
    what = N_("This line says two different days: “%(first)s” and “%(second)s”.")
    do = N_("Write one line for each day.")


class DayAhead(Unclear):
    what = N_("“%(text)s” has not happened yet: time is logged once it is spent.")
    do = N_("Write a day up to today; for a day of an earlier year, write the year too.")


class LineTooLong(Unclear):
    what = N_("This line is longer than %(limit)s characters.")
    do = N_("Keep to how long, what and when; the rest has its place in the description.")


@dataclass(frozen=True, slots=True)
class QuickEntry:
    """What a line says. `activity` is None when nothing, or more than one activity (`candidates`), fits the words.

    `rest` is what neither the time, the day nor the activity explains: the description.
    """

    minutes: int
    on: date
    activity: Activity | None = None
    candidates: tuple[Activity, ...] = ()
    rest: str = ""
    precision: URIRef = terms.PRECISION_EXACT


def understand(line: str, today: date, activities: Sequence[Activity]) -> QuickEntry:
    """French and English, in any order: "2 h 30 repair café hier", "3h de compta pour le club lundi". Raises Unclear.

    Without a day it is today; a weekday is the last one before today.
    """
    text = unicodedata.normalize("NFC", line).strip()
    if len(text) > _LONGEST_LINE:
        raise LineTooLong(limit=_LONGEST_LINE)
    plain = _plain(text)
    # "3 h Les 24 heures de lecture", "2 h café du lundi": those hours and that day belong to the name.
    masked = _without_names(plain, activities, today)
    try:
        spent, on, taken = _how_long_and_when(masked, text, today)
    except Unclear:
        if masked == plain:
            raise
        spent, on, taken = _how_long_and_when(plain, text, today)
    remaining = _remaining(text, plain, taken)
    found = recognise([word for token in remaining for word in token.words], activities, on)
    return QuickEntry(
        minutes=spent.minutes,
        on=on,
        activity=found.activity,
        candidates=found.candidates,
        rest=_rest(text, remaining, found.used),
        precision=terms.PRECISION_ESTIMATED if spent.is_estimated else terms.PRECISION_EXACT,
    )


_SPELLINGS: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "´": "'", "`": "'", "′": "'"} | dict.fromkeys("‐‑‒–—−", "-")
)
_KEPT: Final = frozenset("½¼¾~≈")


def _plain(text: str) -> str:
    """Small letters without accents, one for one: a place in it is the same place in `text`."""
    return "".join(map(_plain_character, text.translate(_SPELLINGS)))


def _plain_character(character: str) -> str:
    if character.isascii():
        return " " if character.isspace() else character.lower()
    if character in _KEPT:
        return character
    if character.isspace() or unicodedata.category(character) in {"Cf", "Cc"}:
        return " "
    plain = unicodedata.normalize("NFKD", character)[0].lower()
    return plain if len(plain) == 1 else character


def _without_names(plain: str, activities: Sequence[Activity], today: date) -> str:
    for title in sorted({_plain(activity.title.strip()) for activity in activities}, key=len, reverse=True):
        start = plain.find(title) if title else -1
        if start >= 0 and (days.mentions(title, today) or durations.mentions(title, title)):
            plain = plain[:start] + "\0" * len(title) + plain[start + len(title) :]
    return plain


def _how_long_and_when(plain: str, text: str, today: date) -> tuple[durations.Mention, date, list[tuple[int, int]]]:
    spent = durations.mentions(plain, text)
    _check_duration(spent, text)
    taken = [(mention.start, mention.end) for mention in spent]
    for start, end in taken:
        plain = plain[:start] + "\0" * (end - start) + plain[end:]
    when = days.mentions(plain, today)
    on = _day(when, text, today)
    return spent[0], on, [*taken, *((day.start, day.end) for day in when)]


def _check_duration(spent: Sequence[durations.Mention], text: str) -> None:
    if not spent:
        raise NoDuration
    said = [text[mention.start : mention.end].strip() for mention in spent]
    for mention, words_said in zip(spent, said, strict=True):
        if not mention.is_valid:
            raise NoSuchDuration(text=words_said)
        if mention.minutes != spent[0].minutes:
            raise SeveralDurations(first=said[0], second=words_said)
    if spent[0].minutes == 0:
        raise NoTime(text=said[0])
    if spent[0].minutes > DAY_IN_MINUTES:
        raise TooLong(text=said[0])


def _day(when: Sequence[days.Mention], text: str, today: date) -> date:
    on = None
    for mention in when:
        said = text[mention.start : mention.end].strip()
        if mention.on is None:
            raise NoSuchDay(text=said)
        if on is not None and mention.on != on:
            raise SeveralDays(first=text[when[0].start : when[0].end].strip(), second=said)
        if mention.on > today:
            raise DayAhead(text=said)
        on = mention.on
    return on or today


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    words: tuple[str, ...]


def _remaining(text: str, plain: str, taken: list[tuple[int, int]]) -> list[_Token]:
    for start, end in taken:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return [
        _Token(match.start(), match.end(), words(text[match.start() : match.end()]))
        for match in re.finditer(r"[\w+#]+", plain)
    ]


def _rest(text: str, tokens: list[_Token], used: frozenset[str]) -> str:
    """What is left once the words that named the activity are gone from either end; in the middle they stay."""

    def explained(token: _Token) -> bool:
        return all(word in used or is_small(word) for word in token.words)

    while tokens and explained(tokens[0]):
        tokens = tokens[1:]
    while tokens and explained(tokens[-1]):
        tokens = tokens[:-1]
    # The spans of the time and of the day may lie between two tokens: they are not part of the description.
    parts: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        between = text[before.end : token.start] if before else ""
        parts.append(between if len(between) <= 3 and not re.search(r"\w", between) else " ")
        parts.append(text[token.start : token.end])
    closing = ")" if tokens and text[tokens[-1].end : tokens[-1].end + 1] == ")" and "(" in "".join(parts) else ""
    return " ".join("".join(parts).split()) + closing
