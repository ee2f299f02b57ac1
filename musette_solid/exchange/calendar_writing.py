"""Time and deadlines as a calendar. An entry says a day and minutes, not when: it stands on its day, its length in its title."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from musette_solid.errors import N_
from musette_solid.exchange.losses import Loss
from musette_solid.model.activity import Activity
from musette_solid.model.goal import Goal, Step
from musette_solid.model.time import TimeEntry

#: The exact number, for whoever reads it back.
MINUTES = "X-MUSETTE-MINUTES"

_NO_HOUR = N_(
    "a calendar wants to know at what time: %(value)s times stand on their day, with their length in the title"
)


def write(
    entries: Iterable[TimeEntry],
    activities: Iterable[Activity],
    now: datetime,
    ends: str = "Fin : {title}",
    goals: Iterable[Goal] = (),
) -> tuple[bytes, tuple[Loss, ...]]:
    """Every time spent, and the days that are ahead: ends of what goes on, of goals and their steps. `ends`: how to say an end."""
    known = {activity.iri: activity for activity in activities}
    calendar = Calendar()
    calendar.add("prodid", "-//La Musette//FR")
    calendar.add("version", "2.0")
    stamp = now.astimezone(UTC)
    written = 0
    for entry in entries:
        written += 1
        activity = known.get(entry.activity)
        title = activity.title if activity else ""
        spent = f"{entry.minutes // 60} h {entry.minutes % 60:02d}" if entry.minutes >= 60 else f"{entry.minutes} min"
        event = _event(entry.iri, entry.on, f"{title} ({spent})", stamp)
        event.add(MINUTES, str(entry.minutes))
        if title:
            event.add("categories", [title])
        if entry.description:
            event.add("description", entry.description)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    for activity in known.values():
        if activity.end is not None and activity.end.day and activity.end.last() >= now.date():
            said = ends.format(title=activity.title)
            calendar.add_component(_event(f"{activity.iri}-end", activity.end.last(), said, stamp))
    for goal in goals:
        due: tuple[Goal | Step, ...] = (goal, *goal.steps)
        for one in due:
            is_open = one.is_open if isinstance(one, Step) else one.is_pursued
            if is_open and one.by is not None and one.by.day and one.by.last() >= now.date():
                calendar.add_component(_event(f"{one.iri}-by", one.by.last(), one.title, stamp))
    losses = (Loss.of("/", _NO_HOUR, written),) if written else ()
    return calendar.to_ical(), losses


def _event(iri: str, on: date, title: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", iri.rpartition("#")[2] or iri)
    event.add("dtstamp", stamp)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    return event
