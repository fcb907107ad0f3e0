"""Timestamps as senders write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agentmarts.streams.contract.rejection import Reason, Rejection, shown

OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE_TOLERANCE = timedelta(minutes=5)
_LENGTH_OF_A_DATE = 10


def parse_instant(text: str) -> datetime:
    """RFC 3339 or ISO 8601 text with a time of day → datetime, naive when no zone was written.

    Digits beyond microseconds are cut off. Raises ValueError: a date alone names no instant, a leap second has no place in UTC days.
    """
    if len(text) <= _LENGTH_OF_A_DATE:
        raise ValueError("a date without a time of day")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text.upper())  # RFC 3339 allows "t" and "z"


def utc_within_bounds(sent: datetime, received_at: datetime) -> datetime:
    """The instant in UTC; without zone it is read as UTC. Raises Rejection when before 2000 or over 5 minutes ahead of `received_at`."""
    instant = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    # Compared before conversion: year 1 east of Greenwich has no UTC date in Python.
    if instant < OLDEST:
        raise Rejection(Reason.OCCURRED_TOO_OLD, f"occurred_at {shown(sent.isoformat())} lies before the year 2000")
    if instant > received_at + FUTURE_TOLERANCE:
        raise Rejection(
            Reason.OCCURRED_IN_FUTURE,
            f"occurred_at {shown(sent.isoformat())} lies more than 5 minutes ahead of {received_at.isoformat(timespec='seconds')}, "
            "when it was received",
        )
    return instant.astimezone(UTC)
