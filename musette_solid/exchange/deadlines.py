"""Deadlines as a calendar that other applications read (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

#: RFC 7986, 5.7: deadlines move by days, not by hours.
_OFTEN = timedelta(hours=12)


@dataclass(frozen=True)
class DayToKeep:
    """`uid` stays the same when the feed is fetched again: an entry is moved, never doubled."""

    uid: str
    on: date
    title: str
    text: str


def calendar(days: Iterable[DayToKeep], name: str, now: datetime, *, is_feed: bool = False) -> bytes:
    """One all-day entry a deadline, with a reminder two weeks before. `is_feed`: it says how often it is worth fetching."""
    made = Calendar()
    made.add("prodid", "-//La Musette//rights//")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    if is_feed:
        made.add("refresh-interval", _OFTEN, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT12H")  # older calendars read this one
    for found in sorted(days, key=lambda d: (d.on, d.uid)):
        event = Event()
        event.add("uid", found.uid)
        event.add("dtstamp", now)
        event.add("dtstart", found.on)
        event.add("dtend", found.on + timedelta(days=1))
        event.add("summary", found.title)
        event.add("description", found.text)
        event.add("class", "PRIVATE")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", found.title)
        alarm.add("trigger", timedelta(days=-14))
        event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())
