"""Event ids and timestamps. Instants are integers: milliseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

MS_PER_SECOND = 1_000
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000
_EPOCH = date(1970, 1, 1)


def to_ms(instant: datetime) -> int:
    """An aware datetime as milliseconds."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; add Z or an offset such as +02:00")
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@lru_cache(maxsize=1_000)
def day_text(day_number: int) -> str:
    """UTC day, counted from 1970-01-01, as YYYY-MM-DD."""
    return (_EPOCH + timedelta(days=day_number)).isoformat()


def rfc3339(instant_ms: int) -> str:
    """UTC with milliseconds, such as 2025-03-01T10:00:00.123Z."""
    day_number, ms = divmod(instant_ms, MS_PER_DAY)
    seconds, ms = divmod(ms, MS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{day_text(day_number)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{ms:03d}Z"


def time_ordered_id(instant_ms: int, rng: Random) -> str:
    """A UUIDv7: 48 bits of time, then 74 bits from the seeded generator, so that ids sort by time."""
    bits = rng.getrandbits(74)
    return (
        f"{instant_ms >> 16:08x}-{instant_ms & 0xFFFF:04x}-7{bits >> 62:03x}"
        f"-{0x8000 | (bits >> 48) & 0x3FFF:04x}-{bits & 0xFFFF_FFFF_FFFF:012x}"
    )
