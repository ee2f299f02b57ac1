"""One entry of a JSON Resume: what is asked for is taken as a text, a date or a link; what nobody asked for is reported."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange.losses import Loss
from musette_solid.exchange.strict_json import pointer
from musette_solid.model.dates import PartialDate
from musette_solid.model.days import MONTHS
from musette_solid.model.words import folded

NO_TITLE: Final = N_("it has no name, so there is nothing to call it by")
NOT_A_DATE: Final = N_("“%(value)s” is not a date: it was left out")
PART_OF_A_DATE: Final = N_("“%(value)s” is not a date: only what can be read of it was kept")
ENDS_BEFORE: Final = N_("it would end before it begins (%(value)s): the end was left out")
END_NOT_A_DATE: Final = N_("“%(value)s” is not a date: it was left out, and the activity looks as if it were going on")
NOT_A_TEXT: Final = N_("a text was expected here")
ZERO: Final = N_("“0” says nothing here")
TOO_LONG: Final = N_("this text is too long: only its beginning was kept")
NOT_A_LINK: Final = N_("“%(value)s” is not a web address")
UNKNOWN: Final = N_("JSON Resume has no “%(value)s” here")

#: What people put in the place of an employer when they have none.
FREELANCE: Final = frozenset(
    {
        *("freelance", "freelancer", "free lance", "self employed", "self employment", "independent", "independant"),
        *("independante", "independent contractor", "independent consultant", "travailleur independant"),
        *(
            "travailleuse independante",
            "auto entrepreneur",
            "auto entrepreneuse",
            "autoentrepreneur",
            "micro entrepreneur",
        ),
        *("micro entreprise", "profession liberale", "sole trader", "sole proprietor", "a mon compte"),
    }
)

_SHORT: Final = 200
_LONG: Final = 10_000
_STILL: Final = frozenset(
    [
        "present",
        "current",
        "currently",
        "now",
        "today",
        "ongoing",
        "to date",
        "aujourd hui",
        "en cours",
        "actuel",
        "actuellement",
        "a ce jour",
    ]
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINK: Final = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]{1,1990}", re.IGNORECASE)
_BARE_LINK: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\x00-\x20<>\"{}|\\^`]*)?", re.IGNORECASE)


def items(values: Iterable[Any], place: str, short: str, losses: list[Loss]) -> Iterator["Entry"]:
    """The objects of a list; a text alone is an object that only has the property `short`."""
    for number, value in enumerate(values):
        at = place + pointer(number)
        if isinstance(value, str) and value.strip():
            yield Entry({short: value}, at, losses, is_text=True)
        elif isinstance(value, dict):
            yield Entry(value, at, losses)
        elif value not in (None, "") and not isinstance(value, str):
            losses.append(Loss.of(at, NOT_A_TEXT, value))


class Entry:
    def __init__(self, values: dict[str, Any], place: str, losses: list[Loss], *, is_text: bool = False) -> None:
        self.place = place
        self._values, self._losses, self._is_text = values, losses, is_text
        self._asked: set[str] = set()

    def has(self, *keys: str) -> bool:
        return any(self._values.get(key) not in (None, "") for key in keys)

    def lose(self, reason: str, value: object = "") -> None:
        self._losses.append(Loss.of(self.place, reason, value))

    def report_the_rest(self) -> None:
        """What nobody asked for and says something; a second call reports nothing more."""
        for key, value in self._values.items():
            if key not in self._asked and value not in (None, "", [], {}):
                self._losses.append(Loss.of(self._at(key), UNKNOWN, key))
        self._asked.update(self._values)

    def text(self, *keys: str) -> str | None:
        """The first of `keys` that says something, on one line."""
        return self._first(keys, _SHORT, one_line=True)

    def long_text(self, *keys: str) -> str | None:
        return self._first(keys, _LONG, one_line=False)

    def _first(self, keys: Iterable[str], most: int, *, one_line: bool) -> str | None:
        found = None
        for key in keys:
            if found is None:
                self._asked.add(key)
                found = self._text_of(self._values.get(key), self._at(key), most, one_line=one_line)
        return found

    def texts(self, key: str, most: int) -> list[str]:
        """The texts of a list, each once; a text alone is a list of one."""
        found = (
            self._text_of(value, f"{self._at(key)}/{number}", most, one_line=most == _SHORT)
            for number, value in enumerate(self.list_of(key))
        )
        return list(dict.fromkeys(text for text in found if text))

    def list_of(self, key: str) -> list[Any]:
        self._asked.add(key)
        value = self._values.get(key)
        if isinstance(value, list):
            return value
        return [] if value in (None, "", {}) else [value]

    def place_name(self, key: str) -> str | None:
        """A place as a text; before 1.0 it could be an object."""
        self._asked.add(key)
        value = self._values.get(key)
        if isinstance(value, dict):
            parts = [value.get(part) for part in ("address", "postalCode", "city", "region", "countryCode", "country")]
            return ", ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())[:_SHORT] or None
        return self._text_of(value, self._at(key), _SHORT, one_line=True)

    def link(self, *keys: str) -> str | None:
        text = self._first(keys, 2000, one_line=True)
        if text is None:
            return None
        if _LINK.fullmatch(text):
            return text
        if _BARE_LINK.fullmatch(text):
            return f"https://{text}"
        asked = next(key for key in keys if self._values.get(key))
        self._losses.append(Loss.of(self._at(asked), NOT_A_LINK, text))
        return None

    def date(self, *keys: str) -> PartialDate | None:
        """A date that is none is left out."""
        text, at = self._said(keys)
        if text is None:
            return None
        found = _date(text)
        if found is None:
            self._losses.append(Loss.of(at, NOT_A_DATE, text))
        return found

    def end_date(self, key: str) -> PartialDate | None:
        """Without an end an activity goes on, so of an end that is no date the part that can be read is kept."""
        text, at = self._said((key,))
        if text is None or folded(text) in _STILL or text == "-":
            return None
        found = _date(text)
        if found is not None:
            return found
        for size in (7, 4):
            found = _date(text[:size]) if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2})?", text[:size]) else None
            if found is not None:
                self._losses.append(Loss.of(at, PART_OF_A_DATE, text))
                return found
        self._losses.append(Loss.of(at, END_NOT_A_DATE, text))
        return None

    def _said(self, keys: Iterable[str]) -> tuple[str | None, str]:
        for key in keys:
            self._asked.add(key)
            value = self._values.get(key)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value)
            if isinstance(value, str):
                if value.strip():
                    return value.strip(), self._at(key)
            elif value not in (None, [], {}):
                self._losses.append(Loss.of(self._at(key), NOT_A_DATE, value))
        return None, self.place

    def _text_of(self, value: Any, at: str, most: int, *, one_line: bool) -> str | None:
        if value is None or value in ("", [], {}):
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._losses.append(Loss.of(at, NOT_A_TEXT, value))
            return None
        text = _CONTROLS.sub("", str(value)).strip()
        if one_line:
            text = " ".join(text.split())
        if text == "0":
            self._losses.append(Loss.of(at, ZERO, value))
            return None
        if len(text) > most:
            self._losses.append(Loss.of(at, TOO_LONG, text))
            text = text[: most - 1].rstrip() + "…"
        return text or None

    def _at(self, key: str) -> str:
        return self.place if self._is_text else self.place + pointer(key)


def _date(text: str) -> PartialDate | None:
    """Also "2014/06", "06/2014", "2014-6-9" and "June 2014": each can only be understood in one way."""
    forms = (
        r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?)?(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?",
        r"(?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})",
        r"(?P<name>[^\W\d]+)\.? (?P<year>[0-9]{4})",
    )
    for form in forms:
        match = re.fullmatch(form, text)
        if match is None:
            continue
        said = match.groupdict()
        month = (MONTHS | {"mar": 3}).get(folded(said["name"]), 99) if "name" in said else int(said.get("month") or 0)
        day = int(said.get("day") or 0)
        if (said.get("month") and not month) or (said.get("day") and not day):
            return None
        try:
            return PartialDate(int(said["year"]), month, day)
        except ValueError:
            return None
    return None
