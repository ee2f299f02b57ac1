"""Calendars (iCalendar, RFC 5545) to time entries: what happened, when, for how long; which activity it was is asked once.

Events of one title are one line, waiting for an activity. What has not happened yet, was cancelled, lasts whole days or
several is no time that was spent: it is left out, and said. Who else was there stays in the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr
from icalendar import Calendar, Event
from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import sheets
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source
from musette_solid.model.words import folded
from musette_solid.rdf import terms

MOST_EVENTS: Final = 10_000
MOST_TIMES: Final = 3000  # of one event
MOST_ENTRIES: Final = 10_000
_LONGEST: Final = timedelta(hours=24)

#: What an event may say that a time spent does not.
_NO_PLACE: Final = ("DESCRIPTION", "LOCATION", "CATEGORIES", "ORGANIZER", "URL", "GEO", "CONTACT", "ATTACH", "COMMENT")

_EXPECTED: Final = N_("a calendar: BEGIN:VCALENDAR, and events in it")
_TOO_MANY: Final = N_("a calendar of at most 10000 events: export a shorter period")
_BROKEN: Final = N_("this event could not be read")
_LINE: Final = N_("a line of this event could not be read: %(value)s")
_UNSAID: Final = N_("“%(value)s”: a time spent has no place for it")
_EMPTY: Final = N_("there is no event in this calendar")
_NO_START: Final = N_("this event does not say when it was")
_WHOLE_DAY: Final = N_("“%(value)s” lasts whole days: it says no hours")
_SEVERAL_DAYS: Final = N_("“%(value)s” lasts more than a day: nobody can say which hours were spent")
_NO_TIME: Final = N_("“%(value)s” has no length that makes sense")
_CANCELLED: Final = N_("“%(value)s” was cancelled")
_AHEAD: Final = N_("“%(value)s” has not happened yet")
_ZONE: Final = N_("its time zone “%(value)s” is not known: the hours are taken as they are written")
_UNTITLED: Final = N_("this event has no title, so nothing says what it was")
_OTHERS: Final = N_("“%(value)s”: who else was there stays in the file")
_REPEATS: Final = N_("“%(value)s” repeats in a way that could not be followed: only its first time was taken")
_ENDLESS: Final = N_("“%(value)s” repeats more than 3000 times: the rest was left out")
_TASK: Final = N_("%(value)s of another kind (tasks, notes): your bag has no place for them")


@dataclass(frozen=True)
class _Time:
    start: datetime
    minutes: int


def read(source: Source, draft: Draft) -> None:
    _Reading(draft).of(source)


class _Reading:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._entries = 0
        self._titles: dict[str, URIRef] = {}
        self._totals: dict[URIRef, list[int]] = {}
        self._seen: set[tuple[str, str]] = set()
        self._unsaid: dict[str, tuple[str, int]] = {}
        self._zone: ZoneInfo | None = None

    def of(self, source: Source) -> None:
        text, _ = sheets.decoded(source.data, source.name)
        if "BEGIN:V" not in text.upper():
            raise UnreadableFile(file=source.name, expected=_EXPECTED, row=1, column=1)
        events = list(islice(_events(text, self._draft), MOST_EVENTS + 1))
        if len(events) > MOST_EVENTS:
            raise UnreadableFile(file=source.name, expected=_TOO_MANY)
        said = re.search(r"^X-WR-TIMEZONE(?:;[^:\n]*)?:(\S+)", text, re.MULTILINE | re.IGNORECASE)
        if said and _is_known(said[1]):
            self._zone = ZoneInfo(said[1])
        moved = self._overrides(events)
        for number, event in events:
            self._event(f"#event={number}", event, moved)
        others = len(re.findall(r"^BEGIN:(?:VTODO|VJOURNAL|VFREEBUSY)", text, re.MULTILINE | re.IGNORECASE))
        if others:
            self._draft.lose("/", _TASK, others)
        elif not events:
            self._draft.lose("/", _EMPTY)
        for name, (place, count) in sorted(self._unsaid.items()):
            self._draft.lose(place, _UNSAID, f"{name} × {count}")
        for node, (count, minutes) in self._totals.items():
            self._draft.amend(node, f"{count} × · {minutes // 60} h {minutes % 60:02d}")

    @staticmethod
    def _overrides(events: list[tuple[int, Event]]) -> set[tuple[str, date | datetime]]:
        """The times of a series that were moved or changed: they are events of their own."""
        found = set()
        for _, event in events:
            moved = _value(event, "RECURRENCE-ID")
            if moved is not None:
                found.add((str(event.get("UID", "")), _plain(moved)))
        return found

    def _event(self, place: str, event: Event, moved: set[tuple[str, date | datetime]]) -> None:
        title = self._draft.text(place, str(event.get("SUMMARY", "")))
        start = _value(event, "DTSTART")
        if title is None:
            self._draft.lose(place, _UNTITLED if start is not None else _NO_START)
            return
        if self._ours(place, event, start):
            return
        length = self._length(place, title, event, start)
        if length is None:
            return
        if event.get("ATTENDEE") is not None:
            self._draft.lose(place, _OTHERS, title)
        zone = _unknown_zone(event)
        if zone:
            self._draft.lose(place, _ZONE, zone)
        for name in _NO_PLACE:
            if event.get(name) is not None:
                first, count = self._unsaid.get(name, (place, 0))
                self._unsaid[name] = (first, count + 1)
        identity = str(event.get("UID", "")) or title
        is_series = event.get("RECURRENCE-ID") is None
        ahead = 0
        assert isinstance(start, datetime)
        periods = _periods(event, start)
        for time in self._times(place, title, event, start):
            if is_series and (identity, _plain(time)) in moved:
                continue
            if _as_utc(time) > self._draft.bag.now:
                ahead += 1
                continue
            own = periods.get(time.replace(tzinfo=None), length)
            # A calendar in UTC says in which zone it is looked at: the day there counts.
            shown = time.astimezone(self._zone) if self._zone and str(time.tzinfo) == "UTC" else time
            self._spent(place, title, identity, shown, own)
        if ahead:
            self._draft.lose(place, _AHEAD, title)

    def _ours(self, place: str, event: Event, start: Any) -> bool:
        """Time that we wrote ourselves: the day, and the exact minutes beside the title."""
        minutes = str(event.get("X-MUSETTE-MINUTES", ""))
        if not minutes.isdecimal() or isinstance(start, datetime) or not isinstance(start, date):
            return False
        if not 0 < int(minutes) <= 24 * 60:
            return False
        named = event.get("CATEGORIES")
        category = next((str(one) for one in getattr(named, "cats", ())), "")
        title = self._draft.text(place, category) or str(event.get("SUMMARY", ""))
        node = self._activity(place, title)
        said = self._draft.text(place, str(event.get("DESCRIPTION", "")), 1000)
        identity = str(event.get("UID", ""))
        self._draft.time(place, node, start, int(minutes), key=(identity,), description=said)
        self._totals[node][0] += 1
        self._totals[node][1] += int(minutes)
        return True

    def _length(self, place: str, title: str, event: Event, start: Any) -> timedelta | None:
        """How long it takes; None (and said) when it is no time of one day."""
        if start is None:
            self._draft.lose(place, _NO_START)
        elif str(event.get("STATUS", "")).upper() == "CANCELLED":
            self._draft.lose(place, _CANCELLED, title)
        elif not isinstance(start, datetime):
            self._draft.lose(place, _WHOLE_DAY, title)
        else:
            length = _length(event, start)
            if length is None or length <= timedelta(0):
                self._draft.lose(place, _NO_TIME, title)
            elif length > _LONGEST:
                self._draft.lose(place, _SEVERAL_DAYS, title)
            else:
                return length
        return None

    def _times(self, place: str, title: str, event: Event, start: datetime) -> Iterator[datetime]:
        """Every start of a series up to now, at most MOST_TIMES; of a single event its own."""
        rules = [rule for rule in _list(event.get("RRULE")) if rule]
        added = [one for one in _dates(event, "RDATE") if isinstance(one, datetime)]
        if not rules and not added:
            yield start
            return
        naive = start.replace(tzinfo=None)
        found = rruleset()
        try:
            found.rdate(naive)
            for rule in rules:
                one = rrulestr(_rule(rule.to_ical().decode(), start), dtstart=naive)
                if isinstance(one, rrule):
                    found.rrule(one)
        except (ValueError, TypeError, KeyError, AttributeError):
            self._draft.lose(place, _REPEATS, title)
            yield start
            return
        for extra in added:
            found.rdate(_local(extra, start))
        for left_out in _dates(event, "EXDATE"):
            moment = left_out if isinstance(left_out, datetime) else datetime.combine(left_out, naive.time())
            found.exdate(_local(moment, start))
        now = self._draft.bag.now.replace(tzinfo=None) + timedelta(days=1)
        for taken, time in enumerate(found, 1):
            if time > now:
                self._draft.lose(place, _AHEAD, title)
                return
            if taken > MOST_TIMES:
                self._draft.lose(place, _ENDLESS, title)
                return
            yield time.replace(tzinfo=start.tzinfo)

    def _spent(self, place: str, title: str, identity: str, start: datetime, length: timedelta) -> None:
        mark = (identity, start.isoformat())
        if mark in self._seen:  # the same event twice: a calendar that was exported in two parts
            return
        self._seen.add(mark)
        node = self._activity(place, title)
        for time in _by_day(start, length):
            self._entries += 1
            if self._entries > MOST_ENTRIES:
                raise UnreadableFile(file=self._draft.file, expected=_TOO_MANY)
            key = (identity, time.start.isoformat())
            self._draft.time(place, node, time.start.date(), time.minutes, key=key, description=title)
            self._totals[node][0] += 1
            self._totals[node][1] += time.minutes

    def _activity(self, place: str, title: str) -> URIRef:
        """The line that stands for every event of that title, until somebody says what it is."""
        key = folded(title) or title
        node = self._titles.get(key)
        if node is None:
            node = self._draft.node("mappings", "c", terms.Classification, ("calendar", key), place)
            self._draft.say_text("mappings", node, terms.DCTERMS_TITLE, title)
            self._draft.line(node, "time", title, place)
            self._titles[key] = node
            self._totals[node] = [0, 0]
        return node


def _events(text: str, draft: Draft) -> Iterator[tuple[int, Event]]:
    """Each event with its number; one that is broken is named, and the others are read all the same."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    zones: list[str] = []
    block: list[str] = []
    kind, number, depth = "", 0, 0
    for line in lines:
        upper = line.strip().upper()
        if upper in {"BEGIN:VEVENT", "BEGIN:VTIMEZONE"}:
            if kind == "VEVENT":  # the one before never ended
                yield from _one(number, block, zones, draft)
            kind, block, depth = upper[6:], [], 0
            number += kind == "VEVENT"
        elif kind and upper in {f"END:{kind}", "END:VCALENDAR"}:
            if kind == "VEVENT":
                yield from _one(number, block, zones, draft)
            else:
                zones += ["BEGIN:VTIMEZONE", *block, "END:VTIMEZONE"]
            kind = ""
        elif kind:
            # Alarms say nothing about time that was spent, and are where most calendars are broken.
            if upper.startswith("BEGIN:") and kind == "VEVENT":
                depth += 1
            if not depth:
                block.append(line)
            elif upper.startswith("END:"):
                depth -= 1
            if kind == "VTIMEZONE" and depth == 0:
                continue
    if kind == "VEVENT":
        yield from _one(number, block, zones, draft)


def _one(number: int, block: list[str], zones: list[str], draft: Draft) -> Iterator[tuple[int, Event]]:
    used = {match[1] for line in block if (match := re.search(r'TZID="?([^";:]+)', line))}
    known = _zones_of(zones, used) if used else []
    whole = "\r\n".join(["BEGIN:VCALENDAR", *known, "BEGIN:VEVENT", *block, "END:VEVENT", "END:VCALENDAR", ""])
    try:
        calendar = Calendar.from_ical(whole)
        event = next(iter(calendar.walk("VEVENT")), None)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        event = None
    if not isinstance(event, Event):
        draft.lose(f"#event={number}", _BROKEN)
        return
    for name, said in event.errors:
        draft.lose(f"#event={number}", _LINE, f"{name or ''} {said}".strip())
    yield number, event


def _zones_of(zones: list[str], used: set[str]) -> list[str]:
    """Only the zones that have a name of their own: those that everybody knows are known better elsewhere."""
    found: list[str] = []
    block: list[str] = []
    for line in zones:
        block.append(line)
        if line == "END:VTIMEZONE":
            name = next((one.partition(":")[2].strip() for one in block if one.upper().startswith("TZID")), "")
            if name in used and not _is_known(name):
                found += block
            block = []
    return found


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _unknown_zone(event: Event) -> str:
    said = event.get("DTSTART")
    name = str(getattr(said, "params", {}).get("TZID", ""))
    value = _value(event, "DTSTART")
    return name if name and isinstance(value, datetime) and value.tzinfo is None else ""


def _value(event: Event, name: str) -> date | datetime | None:
    said = event.get(name)
    try:
        value = getattr(said[0] if isinstance(said, list) and said else said, "dt", None)
    except ValueError:  # a broken property says so when it is asked
        return None
    return value if isinstance(value, date) else None


def _length(event: Event, start: datetime) -> timedelta | None:
    end = _value(event, "DTEND")
    if isinstance(end, datetime):
        if (end.tzinfo is None) != (start.tzinfo is None):
            end, start = end.replace(tzinfo=None), start.replace(tzinfo=None)
        return end - start
    if end is None:
        try:
            said = getattr(event.get("DURATION"), "dt", None)
        except (ValueError, OverflowError):
            return None
        return said if isinstance(said, timedelta) else None
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _dates(event: Event, name: str) -> Iterator[date | datetime]:
    for said in _list(event.get(name)):
        try:
            listed = getattr(said, "dts", ())
        except ValueError:
            continue
        for one in listed:
            value = getattr(one, "dt", None)
            # RDATE may be a period: its beginning counts.
            value = value[0] if isinstance(value, tuple) else value
            if isinstance(value, date):
                yield value


def _periods(event: Event, start: datetime) -> dict[datetime, timedelta]:
    """How long the added times take that say it themselves (RDATE;VALUE=PERIOD), by their beginning on the event's clock."""
    found: dict[datetime, timedelta] = {}
    for said in _list(event.get("RDATE")):
        try:
            listed = getattr(said, "dts", ())
        except ValueError:
            continue
        for one in listed:
            value = getattr(one, "dt", None)
            if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], datetime):
                begun, until = value
                length = until if isinstance(until, timedelta) else until - begun
                if timedelta(0) < length <= _LONGEST:
                    found[_local(begun, start)] = length
    return found


def _rule(text: str, start: datetime) -> str:
    """UNTIL as the wall clock of the event says it: without a zone, like everything else here."""
    if re.search(r"INTERVAL=0*(?:;|$)", text):  # it would go on for ever without coming to its second time
        raise ValueError(text)
    match = re.search(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?", text)
    if not match:
        return text
    until = datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007
    if match[3]:
        until = _local(until.replace(tzinfo=UTC), start)
    return text.replace(match[0], f"UNTIL={until:%Y%m%dT%H%M%S}")


def _local(moment: datetime, start: datetime) -> datetime:
    """On the clock of the event, without a zone."""
    if moment.tzinfo is not None and start.tzinfo is not None:
        moment = moment.astimezone(start.tzinfo)
    return moment.replace(tzinfo=None)


def _plain(moment: date | datetime) -> date | datetime:
    return _as_utc(moment) if isinstance(moment, datetime) else moment


def _as_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _by_day(start: datetime, length: timedelta) -> Iterator[_Time]:
    """Cut at midnight, to the whole minute; what is less than one is one."""
    left = max(1, round(length.total_seconds() / 60))
    moment = start.replace(second=0, microsecond=0)
    while left > 0:
        until_midnight = 24 * 60 - moment.hour * 60 - moment.minute
        taken = min(left, until_midnight)
        yield _Time(moment, taken)
        left -= taken
        moment = (moment + timedelta(days=1)).replace(hour=0, minute=0)
