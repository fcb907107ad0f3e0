"""Instants are whole seconds since 1970 (UTC); Meta writes them with `+0000`, without a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR = 3_600
DAY = 86_400
TWO_YEARS = 2 * 365 * DAY

_DIGITS = re.compile(r"\d{9,11}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def from_iso(text: str) -> int:
    """Seconds of an ISO 8601 instant; one without an offset counts as UTC. ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def stamp(seconds: int) -> str:
    """As Meta writes an instant: 2026-03-10T07:00:00+0000."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def iso(seconds: int) -> str:
    """As the control API writes an instant: 2026-03-10T07:00:00Z."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def asked_instant(text: str, zone: ZoneInfo) -> int:
    """A `since` or `until`: Unix seconds, a date (its midnight in `zone`) or an ISO instant. ValueError if it is none of them."""
    if _DIGITS.fullmatch(text):
        return int(text)
    if _DATE.fullmatch(text):
        day = date.fromisoformat(text)
        return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    return from_iso(text)


# Days of a platform: from midnight to midnight in a zone, so 23, 24 or 25 hours long.

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
