"""Durations in business time: the overlap with the opening windows of each local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .durations import milliseconds
from .localtime import day_end, day_start, metric_date, zone_on
from .tenant import Tenant


def window_edge(tenant: Tenant, day: date, clock: str) -> datetime:
    """The instant of "HH:MM" on a local day, "24:00" being its end; UTC.

    reading: 00:00 and 24:00 are the edges of the local day; any other skipped time is read with the offset before the
    change, a repeated one with the offset after it, as PostgreSQL's AT TIME ZONE does.
    """
    if clock == "00:00":
        return day_start(tenant, day)
    if clock == "24:00":
        return day_end(tenant, day)
    local = datetime.combine(day, time.fromisoformat(clock), tzinfo=zone_on(tenant, day))
    is_repeated = _offset(local, 0) > _offset(local, 1)
    return local.replace(fold=1 if is_repeated else 0).astimezone(UTC)


def _offset(local: datetime, fold: int) -> timedelta:
    zone = local.tzinfo
    assert isinstance(zone, ZoneInfo)
    offset = zone.utcoffset(local.replace(fold=fold))
    assert offset is not None
    return offset


def windows(tenant: Tenant, day: date) -> list[tuple[datetime, datetime]] | None:
    """Opening windows of a local day as instants, clipped to the day; None when no schedule is in force.

    reading: the schedule (business_hours, holidays) in force on each local day counts for that day,
    unlike the other parameters, which are those of the episode's start date.
    """
    schedule: list[dict[str, Any]] | None = tenant.parameter("business_hours", day)
    if schedule is None:
        return None
    if day.isoformat() in {str(holiday) for holiday in tenant.parameter("holidays", day)}:
        return []
    begins, ends = day_start(tenant, day), day_end(tenant, day)
    edges = [
        (window_edge(tenant, day, window["opens"]), window_edge(tenant, day, window["closes"]))
        for window in schedule
        if window["weekday"] == day.isoweekday()
    ]
    return [(max(opens, begins), min(closes, ends)) for opens, closes in edges]


def business_ms(tenant: Tenant, start: datetime, end: datetime) -> int | None:
    """Business milliseconds in [start, end).

    reading: None as soon as one local day of the span has no schedule: part of the answer would be unknown.
    """
    total = timedelta(0)
    day = metric_date(tenant, start)
    while True:
        open_windows = windows(tenant, day)
        if open_windows is None:
            return None
        for opens, closes in open_windows:
            total += max(timedelta(0), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
        if day_start(tenant, day) >= end:
            return milliseconds(total)
