"""The day that a stamp of the Graph API stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def metric_day(stamp: datetime, day_shift: int) -> date:
    """UTC date of the stamp plus `day_shift` days. Raises ValueError for a stamp without a zone.

    Facebook stamps the end of a bucket, midnight in Los Angeles, so that −1 gives the day there. For Instagram the account says 0 or −1.
    """
    if stamp.tzinfo is None:
        raise ValueError(f"the stamp {stamp.isoformat()} has no time zone")
    return stamp.astimezone(UTC).date() + timedelta(days=day_shift)
