"""The share that succeeds by the end of the window, of actions of which some are still open (Aalen and Johansen 1978)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction


@dataclass(frozen=True)
class FollowUp:
    """How long an action was followed, and how that ended: 1 positive, 2 negative, 0 censored."""

    length: timedelta
    cause: int


@dataclass(frozen=True)
class Estimate:
    """The columns; without any action there is no rate."""

    rate: float | None
    n: int
    at_risk: int | None


def aalen_johansen(followed: Collection[FollowUp], window: timedelta) -> Estimate:
    """Exact, with fractions: S = product of (1 - events / at risk) before each event time; rate = sum of S * positives / at risk."""
    if not followed:
        return Estimate(None, 0, None)
    survival, rate, at_risk = Fraction(1), Fraction(0), None
    for time in sorted({one.length for one in followed if one.cause and one.length <= window}):
        at_risk = sum(one.length >= time for one in followed)
        positives = sum(one.length == time and one.cause == 1 for one in followed)
        events = sum(one.length == time and one.cause != 0 for one in followed)
        rate += survival * Fraction(positives, at_risk)
        survival *= 1 - Fraction(events, at_risk)
    return Estimate(float(rate), len(followed), at_risk)
