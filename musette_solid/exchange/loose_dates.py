"""Dates as exports write them, in the languages around: "Aug 2022", "März 2019", "06 Jun 2026", "3/7/24, 2:22 PM".

Each form is understood in one way only. "12/03/2024" is either: who knows the format says whether the day comes first;
a number above 12 says it by itself, and so do dots ("01.02.2012" is a day in February wherever dots are written).
"""

import re
from collections.abc import Iterable
from typing import Final

from musette_solid.model.dates import PartialDate
from musette_solid.model.days import MONTHS
from musette_solid.model.words import folded

#: What stands in a cell that says nothing.
NOTHING: Final = frozenset(
    {"", "n a", "na", "not available", "none", "null", "nil", "unknown", "non renseigne", "inconnu"}
)
STILL: Final = frozenset(
    {
        *("present", "current", "currently", "now", "today", "ongoing", "to date", "aujourd hui", "en cours"),
        *(
            "actuel",
            "actuelle",
            "actuellement",
            "a ce jour",
            "depuis",
            "maintenant",
            "jusqu a present",
            "jusqu a ce jour",
        ),
        *("until now", "till now", "till date", "in progress", "continuing", "still", "ce jour", "a aujourd hui"),
        *("heute", "bis heute", "aktuell", "laufend", "gegenwartig", "jetzt", "derzeit", "actualidad", "la actualidad"),
        *(
            "presente",
            "actualmente",
            "oggi",
            "ad oggi",
            "attuale",
            "in corso",
            "hoje",
            "atual",
            "o momento",
            "heden",
            "nu",
        ),
    }
)
#: What stands before a date that begins something and never ended.
_SINCE: Final = re.compile(r"(?:depuis|since|from|seit|ab|desde|dal|a partir de) (?:le |the |den |el )?(.+)")
#: "Mar" alone may be a Tuesday in a line that somebody types; before a year it is March.
_MONTHS: Final = (
    MONTHS
    | {"mar": 3}
    | {
        name: number
        for number, names in enumerate(
            (
                "januar janner enero ene gennaio gen janeiro januari",
                "februar feber febrero febbraio fevereiro februari",
                "marz maerz mrz marzo marco maart",
                "aprile abril abr",
                "maj mayo maggio mag maio mei",
                "juni junio giugno giu junho",
                "juli julio luglio lug julho",
                "augustus agosto ago",
                "septiembre setiembre settembre set setembro",
                "oktober okt octubre ottobre ott outubro out",
                "noviembre novembro",
                "dezember dez diciembre dic dicembre dezembro december",
            ),
            1,
        )
        for name in names.split()
    }
)
_TIME: Final = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?)?"
_ZONE: Final = r"(?: ?(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2}))?"
_FORMS: Final = tuple(
    re.compile(form + _TIME + _ZONE, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<one>\d{1,2})(?P<sign>[-/.]) ?(?P<two>\d{1,2})[-/.] ?(?P<year>\d{4}|\d{2})",
        r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    )
)
_NAMED: Final = tuple(
    re.compile(form)
    for form in (
        r"(?:[a-z]+ )?(?P<day>\d{1,2})(?:st|nd|rd|th|er)?(?: de)? (?P<name>[a-z]+)(?: de)? (?P<year>\d{4})(?: .*)?",
        r"(?P<name>[a-z]+) (?P<day>\d{1,2}) (?P<year>\d{4})(?: .*)?",
        r"[a-z]+ (?P<name>[a-z]+) (?P<day>\d{1,2}) [\d ]+ [a-z]+ (?P<year>\d{4})",
        r"(?P<name>[a-z]+)(?: de)? (?P<year>\d{4})",
        r"(?P<year>\d{4}) (?P<name>[a-z]+)",
    )
)
_CENTURY: Final = 70  # "71" is 1971, "70" is 2070: nobody exports what they will do in fifty years


def says_nothing(text: str) -> bool:
    return folded(text) in NOTHING


def goes_on(text: str) -> bool:
    return folded(text) in STILL or text.strip() == "-"


def said(text: str, *, day_first: bool = False) -> PartialDate | None:
    """The date that `text` says, as precise as it says it; None when it says none that exists."""
    plain = text.strip().strip("\u200e\u200f")
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match:
            return _numbers(match.groupdict(), day_first=day_first)
    words = folded(plain)
    for form in _NAMED:
        match = form.fullmatch(words)
        month = _MONTHS.get(match["name"]) if match else None
        if match and month:
            return _date(int(match["year"]), month, int(match.groupdict().get("day") or 0))
    return None


def since(text: str) -> str:
    """What follows "depuis", "since", "seit"; the text itself when it does not begin so."""
    match = _SINCE.fullmatch(folded(text))
    return match[1] if match else text


def day_comes_first(texts: Iterable[str]) -> bool | None:
    """What the dates of one column say together: 25/12/2020 is one of December, so 3/4/2020 is one of April. None: nothing."""
    found = [match for text in texts if (match := _FORMS[2].fullmatch(text.strip()))]
    if any(int(match["one"]) > 12 for match in found):
        return True
    return False if any(int(match["two"]) > 12 for match in found) else None


def _numbers(found: dict[str, str | None], *, day_first: bool) -> PartialDate | None:
    year = int(found["year"] or 0)
    if len(found["year"] or "") == 2:
        year += 1900 if year > _CENTURY else 2000
    if found.get("one"):
        one, two = int(found["one"] or 0), int(found["two"] or 0)
        day_first = day_first or found.get("sign") == "."
        day, month = (one, two) if (day_first and two <= 12) or one > 12 else (two, one)
        return _date(year, month, day) if day and month else None
    if any(found.get(part) and not int(found[part] or 0) for part in ("month", "day")):
        return None
    return _date(year, int(found.get("month") or 0), int(found.get("day") or 0))


def _date(year: int, month: int, day: int) -> PartialDate | None:
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None
