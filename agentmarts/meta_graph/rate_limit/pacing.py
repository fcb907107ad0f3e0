"""When the next call of one budget may go out: arithmetic without a clock and without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

PACE_FROM = Decimal(60)
"""Percent used from which the rest is spread over the hour."""
STOP_AT = Decimal(85)
"""Percent used from which nothing is sent until access is regained."""
HOUR = timedelta(hours=1)
"""Meta's rolling hour: what is spread over, how long a reading says anything, and how long a stop lasts if Meta does not tell."""
LONGEST_BLOCK = timedelta(days=7)
"""Whatever a header announces: a misread one must not silence an account for ever."""


@dataclass(frozen=True)
class BudgetState:
    """What is known of one budget. Instants are UTC; None: never."""

    used_pct: Decimal | None = None
    """The largest of calls, CPU and time; None while no header told it."""
    used_at: datetime | None = None
    next_send_at: datetime | None = None
    blocked_until: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Either `send_at` or `refused_until` is set.

    `send_at` not after the instant of the question: send now. Later: ask again then, as a block may come in between.
    """

    send_at: datetime | None = None
    refused_until: datetime | None = None
    reason: str = ""


def spacing(used_pct: Decimal | None) -> timedelta:
    """Time between two sends at this usage, rising with it: none below 60 %, then an hour divided by the points left to 85 %.

    One call is taken to cost one point, the resolution of the header; after each call the header corrects that. An unknown usage is
    no reason to wait. Never more than an hour.
    """
    if used_pct is None or used_pct < PACE_FROM:
        return timedelta(0)
    return HOUR / float(max(STOP_AT - used_pct, Decimal(1)))


def stop_until(used_pct: Decimal | None, at: datetime, regain_minutes: float | None) -> datetime | None:
    """Until when a reading at this instant stops the budget; None below 85 %, unless Meta announces when access is regained.

    Unknown or 0 minutes to regain access count as 60.
    """
    is_announced = regain_minutes is not None and regain_minutes > 0
    if not is_announced and (used_pct is None or used_pct < STOP_AT):
        return None
    return at + regain_time(regain_minutes)


def regain_time(minutes: float | None) -> timedelta:
    """Announced minutes until access is regained, at most a week; unknown or 0: an hour."""
    return min(timedelta(minutes=min(minutes, 1e6)), LONGEST_BLOCK) if minutes and minutes > 0 else HOUR


def decide(state: BudgetState, at: datetime) -> Decision:
    """Whether this budget allows a call at this instant, else when. Never while it is blocked; never earlier for a later question."""
    if state.blocked_until is not None and at < state.blocked_until:
        return Decision(refused_until=state.blocked_until, reason=f"blocked until {state.blocked_until.isoformat()}")
    if state.next_send_at is not None and at < state.next_send_at:
        return Decision(send_at=state.next_send_at, reason=f"paced: {state.used_pct} % used")
    return Decision(send_at=at)


def next_after_send(state: BudgetState, at: datetime) -> datetime | None:
    """`next_send_at` once a call went out at this instant; a reading older than an hour says nothing any more."""
    is_fresh = state.used_at is not None and at < state.used_at + HOUR
    gap = spacing(state.used_pct) if is_fresh else timedelta(0)
    return at + gap if gap else None
