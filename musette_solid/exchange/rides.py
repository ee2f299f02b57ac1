"""What ride platforms give their drivers: hours online and on trip, trips, fares, ratings; as they count them, by day and month.

Added up while reading, so a life of rides takes no more memory than a week. Riders, addresses and vehicles stay in the file.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from rdflib import Literal, URIRef

from musette_solid.errors import N_
from musette_solid.exchange import sheets
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.sheets import Row
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.rdf import terms

_NO_PERIOD: Final = N_("this row does not say when it was")
_NO_NUMBER: Final = N_("“%(value)s” is no number")
_OTHERS: Final = N_("riders, places and vehicles of %(value)s rows stay in the file")
_MORE_THAN_A_DAY: Final = N_("more than 24 hours in one day (%(value)s): only 24 were kept")
_NO_CURRENCY: Final = N_("the fares (%(value)s in all) do not say their currency: they were left out")
_EMPTY: Final = N_("a table of rides with at least one of them")

#: A table with one of these sets of columns is one of rides.
ONLINE: Final = frozenset({"minutes online", "minutes on trip"})
SIGNATURES: Final = (
    ONLINE,
    frozenset({"minutes online", "completed trips"}),
    frozenset({"begintrip timestamp local", "dropoff timestamp local"}),
    frozenset({"begin trip timestamp local", "dropoff timestamp local"}),
    frozenset({"begin trip time", "dropoff time"}),
    frozenset({"request time", "begin trip time", "fare amount"}),
    frozenset({"online time", "trips", "earnings"}),
)
_START: Final = (
    *("start timestamp local", "begintrip timestamp local", "begin trip timestamp local", "begin trip time"),
    *("start timestamp utc", "request timestamp local", "request time", "date", "day"),
)
_END: Final = ("end timestamp local", "dropoff timestamp local", "dropoff time", "end timestamp utc")
_STATUS: Final = ("status", "trip status", "trip or order status", "request status")
_FARE: Final = (
    *("trip fares", "original fare local", "driver upfront fare local", "fare amount", "earnings", "total earnings"),
    "net earnings",
)
#: What riders gave, one by one: kept as counts of each value, never averaged.
_RATING: Final = ("driver rating", "rider rating of driver", "rating", "stars", "note")
_MONEY: Final = ("currency code", "fare currency", "currency", "currencycode")
_DAYS_IN_MINUTES: Final = 24 * 60


@dataclass
class _Day:
    online: Decimal = Decimal(0)
    on_trip: Decimal = Decimal(0)
    trips: int = 0
    cancelled: int = 0
    first_row: int = 0


@dataclass
class _Sums:
    days: dict[date, _Day] = field(default_factory=lambda: defaultdict(_Day))
    fares: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    ratings: dict[tuple[str, Decimal], list[int]] = field(default_factory=dict)  # month, value: how many, first row
    fare_rows: dict[tuple[str, str], int] = field(default_factory=dict)
    unnamed: Decimal = Decimal(0)
    rows: int = 0
    flow: str = ""


def is_rides(header: tuple[frozenset[str], ...]) -> bool:
    return any(signature <= line for line in header for signature in SIGNATURES)


def read(source: Source, draft: Draft) -> None:
    sheet = sheets.read(source.data, source.name, wanted=SIGNATURES, most=sheets.MOST_ROWS_ADDED_UP)
    sums = _Sums()
    for row in sheet.rows:
        _add(row, sums, draft)
    if not sums.days:
        raise UnreadableFile(file=source.name, expected=_EMPTY, row=1, column=1)
    _write(sums, draft)


def _add(row: Row, sums: _Sums, draft: Draft) -> None:
    place = f"#row={row.number}"
    sums.rows += 1
    start, end = moment(row.text(*_START)), moment(row.text(*_END))
    if start is None:
        draft.lose(place, _NO_PERIOD)
        return
    sums.flow = sums.flow or row.text("flow type", "product type", "product type name")
    status = row.text(*_STATUS).casefold()
    day = sums.days[start.date()]
    day.first_row = day.first_row or row.number
    if "cancel" in status or "annul" in status:
        day.cancelled += 1
        return
    spent = number(row, place, draft, "minutes online")
    if spent is None and end is not None and end > start:
        spent = Decimal(int((end - start).total_seconds())) / 60
    on_trip = number(row, place, draft, "minutes on trip")
    if on_trip is None and "minutes online" not in row.cells:
        on_trip = spent
    for when, minutes in _split(start, spent or Decimal(0)):
        here = sums.days[when]
        here.first_row = here.first_row or row.number
        here.online += minutes
    day.on_trip += on_trip or Decimal(0)
    trips = number(row, place, draft, "completed trips", "trips")
    day.trips += int(trips) if trips is not None else 1 if "minutes online" not in row.cells else 0
    _fare(row, place, start, sums, draft)
    given = number(row, place, draft, *_RATING)
    if given is not None and given > 0:
        sums.ratings.setdefault((f"{start:%Y-%m}", given), [0, row.number])[0] += 1


def _fare(row: Row, place: str, start: datetime, sums: _Sums, draft: Draft) -> None:
    fare = number(row, place, draft, *_FARE)
    if not fare:
        return
    currency = row.text(*_MONEY).upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        sums.unnamed += fare
        return
    month = (f"{start:%Y-%m}", currency)
    sums.fares[month] += fare
    sums.fare_rows.setdefault(month, row.number)


def _split(start: datetime, minutes: Decimal) -> Iterator[tuple[date, Decimal]]:
    """A shift over midnight belongs to both days."""
    left, moment_ = minutes, start
    for _ in range(8):
        until = Decimal(_DAYS_IN_MINUTES) - moment_.hour * 60 - moment_.minute - Decimal(moment_.second) / 60
        taken = min(left, until)
        if taken > 0:
            yield moment_.date(), taken
        left -= taken
        if left <= 0:
            return
        moment_ = (moment_ + timedelta(days=1)).replace(hour=0, minute=0, second=0)


def _write(sums: _Sums, draft: Draft) -> None:
    first, last = min(sums.days), max(sums.days)
    title = "VTC" + (f" ({sums.flow})" if sums.flow else "")
    node = draft.activity(
        "/",
        title,
        terms.SPHERE_PLATFORM_WORK,
        start=PartialDate.of(first),
        end=PartialDate.of(last),
        # One life of rides is one activity, however many exports there are of it.
        key=("rides", sums.flow),
    )
    if node is None:
        return
    total = 0
    for on, day in sorted(sums.days.items()):
        total += _day(draft, node, on, day)
    draft.amend(node, f"{len(sums.days)} × · {total // 60} h {total % 60:02d}")
    for (month, currency), amount in sorted(sums.fares.items()):
        income(draft, f"#row={sums.fare_rows[month, currency]}", node, PartialDate.from_text(month), amount, currency)
    for (month, value), (count, first_row) in sorted(sums.ratings.items()):
        rating(draft, f"#row={first_row}", node, value, count=count, period=PartialDate.from_text(month))
    if sums.unnamed:
        draft.lose("/", _NO_CURRENCY, sums.unnamed)
    draft.lose("/", _OTHERS, sums.rows)


def _day(draft: Draft, node: URIRef, on: date, day: _Day) -> int:
    place = f"#row={day.first_row}"
    minutes = int(day.online.to_integral_value())
    if minutes > _DAYS_IN_MINUTES:
        draft.lose(place, _MORE_THAN_A_DAY, f"{on}: {minutes // 60} h")
        minutes = _DAYS_IN_MINUTES
    if minutes < 1:
        return 0
    said = [f"{int(day.on_trip.to_integral_value())} min en course" if day.on_trip else ""]
    said += [f"{day.trips} courses" if day.trips else "", f"{day.cancelled} annulées" if day.cancelled else ""]
    draft.time(
        place,
        node,
        on,
        minutes,
        key=("online",),
        description=", ".join(text for text in said if text),
        counterpart=terms.COUNTERPART_PAID,
    )
    return minutes


def income(draft: Draft, place: str, activity: URIRef, period: PartialDate, amount: Decimal, currency: str) -> None:
    """What an activity brought in a period, as the platform says it: an exact amount, never a float."""
    exact = amount.quantize(Decimal("0.01"))
    node = draft.node(
        "activities", "n", terms.SCHEMA_MONETARY_AMOUNT, ("income", activity, period.text, currency), place
    )
    draft.say("activities", node, terms.ACTIVITY, activity)
    draft.say("activities", node, terms.SCHEMA_VALUE, Literal(f"{exact:f}", datatype=terms.XSD_DECIMAL))
    draft.say_text("activities", node, terms.SCHEMA_CURRENCY, currency)
    draft.say("activities", node, terms.DCTERMS_DATE, period.literal())
    draft.line(node, "income", f"{exact:f} {currency}", place, period.text)


def rating(
    draft: Draft,
    place: str,
    activity: URIRef,
    value: Decimal,
    *,
    best: Decimal | None = None,
    count: int | None = None,
    period: PartialDate | None = None,
) -> None:
    """A rating as the platform counts it, raw."""
    key = ("rating", activity, value, period.text if period else "")
    node = draft.node("activities", "g", terms.SCHEMA_AGGREGATE_RATING, key, place)
    draft.say("activities", node, terms.ACTIVITY, activity)
    draft.say("activities", node, terms.SCHEMA_RATING_VALUE, Literal(f"{value:f}", datatype=terms.XSD_DECIMAL))
    if best is not None:
        draft.say("activities", node, terms.SCHEMA_BEST_RATING, Literal(f"{best:f}", datatype=terms.XSD_DECIMAL))
    if count is not None:
        draft.say("activities", node, terms.SCHEMA_RATING_COUNT, Literal(str(count), datatype=terms.XSD_INTEGER))
    if period is not None:
        draft.say("activities", node, terms.DCTERMS_DATE, period.literal())
    label = f"{value:f}" + (f" / {best:f}" if best is not None else "")
    draft.line(node, "rating", label, place, period.text if period else "")


_MOMENT: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)? ?(?:Z|UTC|[+-]\d{2}:?\d{2}(?: UTC)?|[A-Z]{3,4})?"
)


def moment(text: str) -> datetime | None:
    """A clock time as it is written, hours not padded, whatever the zone: the day of the driver counts."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None


def number(row: Row, place: str, draft: Draft, *columns: str) -> Decimal | None:
    said = row.text(*columns)
    if not said:
        return None
    found = _exact(said)
    if not found.is_finite() or abs(found) > 10_000_000:
        draft.lose(place, _NO_NUMBER, said)
        return None
    return found


@lru_cache(maxsize=65536)
def _exact(said: str) -> Decimal:
    """A number as French and English write it; NaN for what is none."""
    text = said.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if "," in text:
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
