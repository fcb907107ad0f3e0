"""How events reach the landing folder: mostly at once, some days later, some twice, a few spoilt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Literal, NamedTuple

import orjson

from demo.conversations.transcript import Event
from demo.event_stamps import MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND
from demo.landing.bad_rows import spoil

LATE_SHARE = 0.012
DUPLICATE_SHARE = 0.004
BAD_SHARE = 0.001
LATEST_MS = 7 * MS_PER_DAY


class Delivery(NamedTuple):
    """A row as it arrives: when (ms UTC), the line without its end, and what it is meant to be."""

    delivered_ms: int
    line: bytes
    kind: Literal["good", "duplicate", "bad"]


def deliver(stream: str, events: Iterable[Event], rng: Random) -> Iterator[Delivery]:
    """Deliveries of these events; a duplicate always comes after the row that it repeats, byte for byte."""
    for event in events:
        line = orjson.dumps(event.body)
        lag_ms = round(rng.expovariate(1 / (8 * MS_PER_SECOND)))
        if rng.random() < LATE_SHARE:
            lag_ms = min(LATEST_MS, round(rng.expovariate(1 / (18 * MS_PER_HOUR))))
        delivered_ms = event.occurred_ms + lag_ms
        yield Delivery(delivered_ms, line, "good")
        chance = rng.random()
        if chance < DUPLICATE_SHARE:
            yield Delivery(delivered_ms + 1 + round(rng.expovariate(1 / (4 * MS_PER_HOUR))), line, "duplicate")
        elif chance < DUPLICATE_SHARE + BAD_SHARE:
            yield Delivery(delivered_ms + 1, spoil(stream, event, rng), "bad")
