"""Which day, as people write it in French and English: "hier", "lundi", "12 mars", "March 12", "12/03", "il y a 3 jours"."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "lundi monday lun. mon.",
            "mardi tuesday tue tues tue.",
            "mercredi wednesday wed wed.",
            "jeudi thursday thu thur thurs thu.",
            "vendredi friday fri ven. fri.",
            "samedi saturday sam. sat.",
            "dimanche sunday dim. sun.",
        )
    )
    for name in names.split()
}
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "decembre december dec",
        ),
        1,
    )
    for name in names.split()
}
_COUNTS: Final = {
    "un": 1,
    "une": 1,
    "a": 1,
    "one": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
    "quatre": 4,
    "four": 4,
}


_A_SLIP: Final = timedelta(days=30)


def _any(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_WEEKDAY = rf"(?:{_any(_WEEKDAYS)})(?![a-z])"
_MONTH = rf"(?:{_any(MONTHS)})(?![a-z])\.?"
_MOMENT = r"(?:[ -](?:matin|midi|apres[ -]midi|aprem|soir|nuit|morning|afternoon|evening|night|noon))?(?![a-z])"
_THE = r"(?<!\w)(?:(?:le|du|on|the|of|for|depuis|pour) )?(?:the )?"
_NAMED = rf"(?:(?P<weekday>{_WEEKDAY}),? )?(?:le )?"
# A day number that begins something else: "lundi 2 h", "le 3 %", "lundi 1,5 h".
_NO_MORE = r"(?![\w\0])(?![/:.,-]\d)(?! ?(?:h|heures?|hours?|hrs?|min|mins|minutes?|mn|m|km|%|€|½|¼|¾)(?!\w))"

_Resolve = Callable[["re.Match[str]", date], "date | None"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A day and where it stands in the line. `on` is None when there is no such day ("31/02")."""

    start: int
    end: int
    on: date | None


def mentions(plain: str, today: date) -> tuple[Mention, ...]:
    """The days in a line without accents or capitals, in order.

    A weekday is the last one, before today. A day without a year is the last one too, unless it lies less than a month
    ahead: then it is that one, for the caller to refuse.
    """
    return tuple(sorted(_all(plain, today), key=lambda mention: mention.start))


def _all(text: str, today: date) -> Iterator[Mention]:
    for pattern, resolve in _PATTERNS:
        for match in pattern.finditer(text):
            try:
                on = resolve(match, today)
            except _NotADay:
                continue
            except (ValueError, OverflowError):
                on = None
            start, end = match.span()
            yield Mention(start, end, on)
            text = text[:start] + "\0" * (end - start) + text[end:]


class _NotADay(Exception):
    """It looked like one: "24/24"."""


def _iso(match: re.Match[str], _today: date) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _named_month(match: re.Match[str], today: date) -> date:
    return _dated(int(match["day"]), MONTHS[match["month"].rstrip(".")], match["year"], today)


def _numeric(match: re.Match[str], today: date) -> date:
    first, second = int(match["day"]), int(match["month"])
    if first > 12 and second > 12 and not match["year"]:
        raise _NotADay
    # Day first, as in both languages' countries of this project; 03/25 can only be the other way round.
    day, month = (second, first) if second > 12 and first <= 12 else (first, second)
    return _dated(day, month, match["year"], today)


def _dated(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        number = int(year) + (2000 if len(year) == 2 else 0)
        if number < 1900:
            raise ValueError("before anybody's time")
        return date(number, month, day)
    days = []
    for number in range(max(today.year - 8, 1), min(today.year + 1, 9999) + 1):
        try:
            days.append(date(number, month, day))
        except ValueError:
            continue
    # "25/11" written on the 22nd of November is a slip, not last year.
    return max(on for on in days if on <= today + _A_SLIP)


def _day_of_month(match: re.Match[str], today: date) -> date:
    """The last day with this number; with a weekday ("lundi 12") the last that is one, within three months."""
    day, weekday = int(match["day"]), match.groupdict().get("weekday")
    first = today.replace(day=1)
    for _ in range(4):
        if 1 <= day <= monthrange(first.year, first.month)[1]:
            on = first.replace(day=day)
            if on <= today and (not weekday or on.weekday() == _WEEKDAYS[weekday]):
                return on
        first = (first - timedelta(days=1)).replace(day=1)
    raise _NotADay


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = _WEEKDAYS[match["weekday"]]
    if match["ahead"] or match["next"]:
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)


def _ago(match: re.Match[str], today: date) -> date:
    number = _COUNTS[match["count"]] if match["count"] in _COUNTS else int(match["count"])
    return today - timedelta(days=number * (7 if match["unit"][0] in "sw" else 1))


def _words(days: int) -> _Resolve:
    return lambda _match, today: today + timedelta(days=days)


_COUNT = rf"(?P<count>\d{{1,3}}|{_any(_COUNTS)})"
_PATTERNS: Final[tuple[tuple[re.Pattern[str], _Resolve], ...]] = (
    (re.compile(rf"{_THE}(?<![\d-])(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?![\d-])"), _iso),
    (
        re.compile(
            rf"{_THE}{_NAMED}(?<![\d/.,:])(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?(?: of)?[ -]?(?P<month>{_MONTH})(?:,?[ -](?P<year>\d{{4}})(?![\d-]))?"
        ),
        _named_month,
    ),
    (
        re.compile(
            rf"{_THE}{_NAMED}(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_NO_MORE}(?:,? (?P<year>\d{{4}})(?![\d-]))?"
        ),
        _named_month,
    ),
    (
        re.compile(
            rf"{_THE}{_NAMED}(?<![\d/.,:-])(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?(?![\d/])(?! ?(?:d'|h\b|heure|hour|journee|jour|day))"
        ),
        _numeric,
    ),
    (
        re.compile(
            rf"{_THE}{_NAMED}(?<![\d/.,:-])(?P<day>\d{{1,2}})(?P<between>[.-])(?P<month>\d{{1,2}})(?P=between)(?P<year>\d{{4}})(?![\d.-])"
        ),
        _numeric,
    ),
    (re.compile(r"(?<!\w)(?:avant[ -]hier|the day before yesterday)(?!\w)" + _MOMENT), _words(-2)),
    (re.compile(r"(?<!\w)(?:apres[ -]demain|the day after tomorrow)(?!\w)" + _MOMENT), _words(2)),
    (re.compile(rf"(?<!\w)(?:(?:d'|from )?(?:hier|yesterday){_MOMENT}|last night)(?!\w)"), _words(-1)),
    (re.compile(rf"(?<!\w)(?:demain|tomorrow){_MOMENT}"), _words(1)),
    (
        re.compile(
            r"(?<!\w)(?:d'|from )?(?:aujourd'? ?hui|auj(?!\w)\.?|today|ce (?:matin|midi|soir)|cet(?:te)? apres[ -]midi|cette nuit|this (?:morning|afternoon|evening)|tonight)(?!\w)"
        ),
        _words(0),
    ),
    (re.compile(rf"(?<!\w)il y a {_COUNT} (?P<unit>jours?|semaines?)(?!\w)"), _ago),
    (re.compile(rf"(?<!\w){_COUNT} (?P<unit>days?|weeks?) ago(?!\w)"), _ago),
    (
        re.compile(
            rf"(?<!\w)(?:(?:le|on) )?(?P<weekday>{_WEEKDAY}),? (?:le )?(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?{_NO_MORE}"
        ),
        _day_of_month,
    ),
    (re.compile(rf"(?<!\w)(?:le|du) (?P<day>\d{{1,2}})(?:er)?{_NO_MORE}"), _day_of_month),
    (re.compile(rf"(?<!\w)(?:on )?the (?P<day>\d{{1,2}})(?:st|nd|rd|th){_NO_MORE}"), _day_of_month),
    (
        re.compile(
            rf"(?<!\w)(?:(?:le|on|du|de|this|ce) )?(?:(?P<next>next) |(?:last|this past|past) )?(?P<weekday>{_WEEKDAY})(?:(?P<ahead> prochain| en huit| next week)|(?: dernier| passe| last)?{_MOMENT}(?: dernier| passe)?)(?!\w)"
        ),
        _weekday,
    ),
)
