"""Local days and hours of a tenant whose zone may change.

All instants are aware datetimes in UTC. A local day is half-open and may have 23, 24, 25 or other numbers of hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .tenant import Tenant


def to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time: of a repeated one the first, of a skipped one by the offset before the skip."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def zone_versions(tenant: Tenant) -> list[tuple[datetime, datetime, date, ZoneInfo]]:
    """(begins, ends, last metric_date, zone) for each zone version; a change takes effect at 00:00 in the NEW zone."""
    ordered = sorted(tenant.zones, key=lambda version: version[0] or date.min)
    begins = [
        datetime.min.replace(tzinfo=UTC) if valid_from is None else to_utc(valid_from, time(0), ZoneInfo(name))
        for valid_from, name in ordered
    ]
    ends = [*begins[1:], datetime.max.replace(tzinfo=UTC)]
    # reading: no instant before a change carries a date after the change's valid_from (matters only for jumps > 24 h).
    last_dates = [*(valid_from or date.max for valid_from, _ in ordered[1:]), date.max]
    return [(b, e, d, ZoneInfo(name)) for b, e, d, (_, name) in zip(begins, ends, last_dates, ordered, strict=True)]


def zone_at(tenant: Tenant, instant: datetime) -> ZoneInfo:
    """The zone in force at an instant."""
    return next(zone for begins, ends, _, zone in zone_versions(tenant) if begins <= instant < ends)


def zone_on(tenant: Tenant, day: date) -> ZoneInfo:
    """The zone in force on a local day: that of the latest valid_from not after it."""
    _, name = max((v for v in tenant.zones if (v[0] or date.min) <= day), key=lambda v: v[0] or date.min)
    return ZoneInfo(name)


def metric_date(tenant: Tenant, instant: datetime) -> date:
    """The one local day an instant belongs to."""
    for begins, ends, last_date, zone in zone_versions(tenant):
        if begins <= instant < ends:
            return min(instant.astimezone(zone).date(), last_date)
    raise AssertionError("every instant lies in one zone version")


def day_start(tenant: Tenant, day: date) -> datetime:
    """The first instant whose metric_date is this day or later."""
    candidates = []
    for begins, ends, last_date, zone in zone_versions(tenant):
        if day <= last_date:
            # A repeated midnight (Havana) starts the day the first time; a skipped one (Cairo) at the skip.
            start = max(begins, to_utc(day, time(0), zone))
            if start < ends:
                candidates.append(start)
    return min(candidates)


def day_end(tenant: Tenant, day: date) -> datetime:
    """The first instant after a local day."""
    return day_start(tenant, day + timedelta(days=1))


def hour_start(tenant: Tenant, instant: datetime) -> datetime:
    """occurred_at - (local_time - date_trunc('hour', local_time)), in UTC."""
    local = instant.astimezone(zone_at(tenant, instant))
    return instant - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def local_hour(tenant: Tenant, instant: datetime) -> int:
    """Hour 0..23 on the wall clock."""
    return instant.astimezone(zone_at(tenant, instant)).hour


def days_between(first: date, last: date) -> list[date]:
    """All days from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def week_start(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)
