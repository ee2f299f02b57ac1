"""What time it is where the people are: "yesterday" is their yesterday."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from musette_solid.web import access


def now() -> datetime:
    """With its offset, to the second."""
    return datetime.now(ZoneInfo(access.config().timezone)).replace(microsecond=0)


def today() -> date:
    return now().date()
