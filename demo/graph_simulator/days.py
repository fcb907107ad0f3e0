"""Days of a platform: from midnight to midnight in a zone, so 23, 24 or 25 hours long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Facebook closes its days at Pacific midnight: 07:00 UTC in summer, 08:00 UTC in winter."""
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Day:
    """The local day `date`: instants `[start, end)`."""

    date: date
    start: int
    end: int


@lru_cache(maxsize=100_000)
def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant (seconds) at which a local day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def the_day(day: date, zone: ZoneInfo) -> Day:
    """The local day of this date."""
    return Day(day, midnight(day, zone), midnight(day + timedelta(days=1), zone))


def day_of(instant: int, zone: ZoneInfo) -> Day:
    """The local day in which an instant lies."""
    return the_day(datetime.fromtimestamp(instant, tz=zone).date(), zone)


def days_starting_in(since: int, until: int, zone: ZoneInfo) -> Iterator[Day]:
    """Days whose first instant lies in `[since, until)`, ascending."""
    day = day_of(since, zone)
    if day.start < since:
        day = the_day(day.date + timedelta(days=1), zone)
    while day.start < until:
        yield day
        day = the_day(day.date + timedelta(days=1), zone)
