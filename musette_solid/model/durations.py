"""How long, as people write it in French and English: "2 h 30", "1,5 h", "une demi-heure", "14h-16h30"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Mention:
    """A duration and where it stands in the line. `is_valid` is false for "1h75"."""

    start: int
    end: int
    minutes: int
    is_valid: bool = True
    is_estimated: bool = False


_FRENCH = [
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
]
_ENGLISH = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]


def _number_words() -> dict[str, int]:
    numbers = {word: value for words in (_FRENCH, _ENGLISH) for value, word in enumerate(words, 1)}
    tens = {
        "vingt": 20,
        "trente": 30,
        "quarante": 40,
        "cinquante": 50,
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
    }
    for word, ten in tens.items():
        numbers[word] = ten
        units = _FRENCH[1:9] if word in {"vingt", "trente", "quarante", "cinquante"} else _ENGLISH[:9]
        numbers |= {f"{word}-{unit}": ten + numbers[unit] for unit in units}
    numbers |= {f"{word}-et-{one}": tens[word] + 1 for word in list(tens)[:4] for one in ("un", "une")}
    numbers |= {"soixante": 60, "soixante-quinze": 75, "quatre-vingt-dix": 90, "sixty": 60, "ninety": 90}
    numbers |= dict.fromkeys(("une", "a", "an"), 1)
    numbers |= {
        f"{one}-{size}": 1 for one in ("une", "a", "an") for size in ("petite", "bonne", "grosse", "good", "short")
    }
    return numbers


_NUMBERS: Final = _number_words()
_SIZES: Final = re.compile(r"petite|bonne|grosse|good|short")
_WORD = "|".join(re.escape(word).replace(r"\-", "[ -]") for word in sorted(_NUMBERS, key=len, reverse=True))

_BEFORE = r"(?<![\w])(?<!\d[/.,:-])"
_HOURS = r"(?:heures?|hours?|hrs?|h)(?![a-z])"
_MINUTES = r"(?:minutes?|mins?|mn|m|')(?![a-z])"
# After a word the unit is spelt out: "10 a m" is no minute.
_WHOLE = rf"(?:\d+|(?:{_WORD})(?=[ -](?!(?:h|mn?|')(?!\w))))"
_NUMBER = rf"(?:\d+[.,]\d+|[.,]\d+|{_WHOLE})"
_MONTHS = r"(?:er\b|jan|fev|feb|mar|avr|apr|mai|may|jui|jun|jul|aou|aug|sep|oct|nov|dec)"
# "2 h 12 mars", "2 h 12/03" and "2 h 2026-03-12" hold a day, not minutes.
_NO_DAY = rf"(?!\d)(?! ?{_MONTHS})(?!/\d)(?!-\d)(?![.,]\d)"
_HALF = r"(?:½|1/2|demie?s?|half)"
_QUARTER = r"(?:¼|1/4|quart|quarter)"
_THREE_QUARTERS = r"(?:¾|3/4|(?:trois|3)[ -]quarts?|three[ -]quarters?)"
_FRACTION = rf"(?:(?P<half>{_HALF})|(?P<three>{_THREE_QUARTERS})|(?P<quarter>{_QUARTER}))"
_CLOCK = r"\d{1,2} ?(?:h ?(?:\d{2})?|:\d{2})(?: ?[ap]m)?|\d{1,2} ?[ap]m"

_RANGE = re.compile(
    rf"(?<![\w:/.,])(?:(?P<said>de|from|entre|between) )?(?P<from>{_CLOCK}) ?(?:-|\ba\b|\bto\b|\buntil\b|\btill\b|(?P<and>\bet\b|\band\b)|jusqu'a) ?(?P<to>{_CLOCK})(?![\w:])"
)
_PATTERNS = (
    # "1 ½ h"
    re.compile(rf"{_BEFORE}(?P<hours>\d+) ?(?:(?P<half>½|1/2)|(?P<three>¾|3/4)|(?P<quarter>¼|1/4)) ?{_HOURS}"),
    # "one and a half hours", "deux et demie heures"
    re.compile(rf"{_BEFORE}(?P<hours>{_WHOLE}) (?:et|and) (?:(?:an?|une?|un) )?{_FRACTION}[ -]?{_HOURS}"),
    # "une heure et demie", "1h1/2", "2 hours and a quarter"
    re.compile(
        rf"{_BEFORE}(?P<hours>{_WHOLE}) ?{_HOURS} ?(?:(?:et|and) (?:(?:an?|une?) )?{_FRACTION}(?: d'heure)?|(?P<glued>½|1/2|¼|¾|demie|trois quarts|quart))(?![\w/])"
    ),
    # "2 h 30", "2h5", "1 heure et 20 minutes", "deux heures trente"
    re.compile(
        rf"{_BEFORE}(?P<hours>{_WHOLE}) ?{_HOURS}(?:(?: ?(?:et|and) ?| ?)(?P<minutes>{_WHOLE}) ?{_MINUTES}| ?(?P<digits>\d{{2}}){_NO_DAY}(?![a-z])|(?P<digit>\d){_NO_DAY}(?![a-z])| (?P<word>{_WORD})(?!\w))"
    ),
    # "une demi-heure", "½ h", "three quarters of an hour"
    re.compile(
        rf"{_BEFORE}(?:(?:une?|an?)[ -])?(?:(?:petite|bonne|grosse|good) )?{_FRACTION}[ -]?(?:d'|d |of an |an |of )?(?:heures?|hours?|h)(?![a-z])"
    ),
    re.compile(rf"{_BEFORE}(?P<hours>{_NUMBER}) ?{_HOURS}"),
    re.compile(rf"{_BEFORE}(?P<minutes>{_NUMBER}) ?{_MINUTES}"),
    re.compile(r"(?<![\w:/.,-])(?P<hours>\d{1,2}):(?P<digits>\d{2})(?![\d:])(?: ?h(?![a-z]))?"),
)
# "réunion à 18h" says when, not how long. Without its accent, "a 18h" may also be the English "a 2h meeting".
_SAYS_WHEN = re.compile(r"(?:^|\s)(?:vers|des|at|avant|apres|before|after|by|jusqu'a|until|till|@) ?$")
_MAY_SAY_WHEN = re.compile(r"(?:^|\s)a ?$")
_ABOUT_BEFORE = re.compile(
    r"(?<!\w)(?:environ|a peu pres|presque|pres de|~|≈|about|around|roughly|approx\.?|almost|nearly|plus de|more than) ?$"
)
_ABOUT_AFTER = re.compile(r"^ ?(?:environ|a peu pres|approx\.?|or so|plus ou moins)(?!\w)")
_TAKEN = "\0"


def mentions(plain: str, accented: str) -> tuple[Mention, ...]:
    """The durations in a line, in order.

    `plain` is the line without accents or capitals, `accented` as it was written; both have the same length.
    """
    found = list(_all(plain))
    found.sort(key=lambda mention: mention.start)
    sure = [m for m in found if not _says_when(m, plain, accented)]
    maybe = [m for m in sure if not _MAY_SAY_WHEN.search(plain[: m.start])]
    return tuple(_with_about(m, plain) for m in (maybe or sure))


def _all(text: str) -> Iterator[Mention]:
    for match in _RANGE.finditer(text):
        minutes = _between(match)
        if minutes is not None:
            yield Mention(*match.span(), minutes)
            text = _take(text, match)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            mention = _mention(match)
            if mention is not None:
                yield mention
                text = _take(text, match)


def _take(text: str, match: re.Match[str]) -> str:
    start, end = match.span()
    return text[:start] + _TAKEN * (end - start) + text[end:]


def _mention(match: re.Match[str]) -> Mention | None:
    parts = match.groupdict()
    minutes = _number(parts.get("hours")) * 60 + _number(parts.get("minutes")) + _fraction(parts)
    digits = parts.get("digits") or parts.get("digit")
    word = parts.get("word")
    if word:
        # "une heure deux ateliers": a number word this small counts something else.
        value = _NUMBERS[word.replace(" ", "-")]
        if value % 5:
            return None
        minutes += value
    if digits:
        minutes += int(digits)
    whole = int(minutes.quantize(Decimal(1), ROUND_HALF_UP))
    return Mention(
        *match.span(), whole, is_valid=not digits or int(digits) < 60, is_estimated=bool(_SIZES.search(match.group()))
    )


def _fraction(parts: dict[str, str | None]) -> Decimal:
    glued = parts.get("glued") or ""
    if parts.get("half") or glued in {"½", "1/2", "demie"}:
        return Decimal(30)
    if parts.get("three") or glued in {"¾", "trois quarts"}:
        return Decimal(45)
    return Decimal(15 if parts.get("quarter") or glued else 0)


def _number(text: str | None) -> Decimal:
    if not text:
        return Decimal(0)
    word = _NUMBERS.get(text.replace(" ", "-"))
    return Decimal(word) if word is not None else Decimal(text.replace(",", "."))


def _between(match: re.Match[str]) -> int | None:
    begin, finish = _clock(match["from"]), _clock(match["to"])
    if begin is None or finish is None or (match["and"] and match["said"] not in {"entre", "between"}):
        return None
    # "1h-2h" is more likely a hesitation than the middle of the night.
    if not match["said"] and begin < 5 * 60:
        return None
    if finish <= begin:
        finish += 24 * 60
    # A night shift is a range; "16h-15h" of twenty-three hours is two texts that happen to be side by side.
    return finish - begin if finish - begin <= 12 * 60 else None


def _clock(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:h|:)?(\d{2})?([ap]m)?", text.replace(" ", ""))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _says_when(mention: Mention, plain: str, accented: str) -> bool:
    if _SAYS_WHEN.search(plain[: mention.start]):
        return True
    before = accented[: mention.start].rstrip()
    return before.endswith(("à", "À")) and (len(before) == 1 or before[-2].isspace())


def _with_about(mention: Mention, plain: str) -> Mention:
    before = _ABOUT_BEFORE.search(plain[: mention.start])
    after = _ABOUT_AFTER.search(plain[mention.end :])
    return Mention(
        start=before.start() if before else mention.start,
        end=mention.end + after.end() if after else mention.end,
        minutes=mention.minutes,
        is_valid=mention.is_valid,
        is_estimated=mention.is_estimated or bool(before or after),
    )
