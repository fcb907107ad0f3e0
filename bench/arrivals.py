"""When the bench's conversations begin: how the volume spreads over tenants and over the hours of 90 days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from demo.conversations.kiosk_shop import KIOSK_SHOP
from demo.conversations.outdoor_shop import OUTDOOR_SHOP
from demo.event_stamps import MS_PER_HOUR

ZONES: tuple[tuple[str, str], ...] = (
    ("America/New_York", "USD"),
    ("Europe/Berlin", "EUR"),
    ("America/Los_Angeles", "USD"),
    ("Europe/London", "GBP"),
    ("Asia/Kolkata", "INR"),
    ("America/Sao_Paulo", "BRL"),
    ("Australia/Sydney", "AUD"),
    ("Asia/Tokyo", "JPY"),
    ("America/Chicago", "USD"),
    ("UTC", "EUR"),
)
"""Time zones with currencies, dealt out to the tenants in turn."""


def zipf_shares(count: int, exponent: float = 1.1) -> list[float]:
    """Shares of `count` tenants that sum to 1; the k-th is in proportion to k to the power of -exponent."""
    weights = [rank**-exponent for rank in range(1, count + 1)]
    total = sum(weights)
    return [weight / total for weight in weights]


class Intensity:
    """How busy each hour of [begin, end) is in a time zone; both instants in ms UTC, at full hours."""

    def __init__(self, timezone: str, begin_ms: int, end_ms: int) -> None:
        zone = ZoneInfo(timezone)
        # Half shops of the day, half of the night, so that no hour is empty.
        hours = [day + night for day, night in zip(OUTDOOR_SHOP.hour_weights, KIOSK_SHOP.hour_weights, strict=True)]
        weekdays = OUTDOOR_SHOP.weekday_weights
        weights = []
        for hour_ms in range(begin_ms, end_ms, MS_PER_HOUR):
            local = datetime.fromtimestamp(hour_ms / 1_000, tz=zone)
            weights.append(hours[local.hour] * weekdays[local.weekday()])
        self._begin_ms = begin_ms
        self._cumulative = [0.0, *accumulate(weights)]

    def between(self, begin_ms: int, end_ms: int) -> float:
        """The sum over these hours, in a unit of its own: only ratios mean something."""
        return self._at(end_ms) - self._at(begin_ms)

    def draw(self, count: int, begin_ms: int, end_ms: int, rng: Random) -> list[int]:
        """Instants (ms, ascending) of `count` arrivals in [begin, end)."""
        low, high = self._at(begin_ms), self._at(end_ms)
        cumulative = self._cumulative
        starts = []
        for level in sorted(low + (high - low) * rng.random() for _ in range(count)):
            hour = max(1, bisect_left(cumulative, level))
            part = (level - cumulative[hour - 1]) / (cumulative[hour] - cumulative[hour - 1])
            starts.append(self._begin_ms + int((hour - 1 + part) * MS_PER_HOUR))
        return starts

    def _at(self, instant_ms: int) -> float:
        return self._cumulative[(instant_ms - self._begin_ms) // MS_PER_HOUR]


def intensities(begin_ms: int, end_ms: int) -> dict[str, Intensity]:
    """The rhythm of every zone over [begin, end)."""
    return {timezone: Intensity(timezone, begin_ms, end_ms) for timezone, _ in ZONES}


def hours_for_share(rhythms: dict[str, Intensity], shares: list[float], *, since_ms: int, until_ms: int, end_ms: int, share: float) -> int:
    """How many hours after `until` bring `share` (0..1) of the volume of [since, until), over all tenants."""
    longest = (end_ms - until_ms) // MS_PER_HOUR
    for hours in range(1, longest + 1):
        volume = 0.0
        for rank, tenant_share in enumerate(shares):
            rhythm = rhythms[ZONES[rank % len(ZONES)][0]]
            after = rhythm.between(until_ms, until_ms + hours * MS_PER_HOUR)
            volume += tenant_share * after / rhythm.between(since_ms, until_ms)
        if volume >= share:
            return hours
    return longest
