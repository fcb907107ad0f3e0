"""Instants are whole seconds since 1970 (UTC); Meta writes them with `+0000`, without a colon."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
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
