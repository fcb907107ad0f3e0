"""A token bucket per key: how much one client may ask of one process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

REMEMBERED = 10_000
"""Buckets kept; the one longest unused goes first, and by then it is full again."""


@dataclass
class _Bucket:
    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a request may pass, how many more may at once, and in how many seconds the bucket gives one again."""

    allowed: bool
    remaining: int
    retry_after: int


class RateLimit:
    """A bucket of `burst` tokens per name, filled with `per_second`."""

    def __init__(self, per_second: float, burst: int) -> None:
        self.per_second = per_second
        self.burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    @property
    def policy(self) -> str:
        """Value of the header RateLimit-Policy: quota and window in seconds."""
        return f'"default";q={self.burst};w={math.ceil(self.burst / self.per_second)}'

    def take(self, name: str, cost: int = 1) -> Allowance:
        """Take a token from the bucket of this name, if there is one; with cost 0 only look."""
        at = time.monotonic()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(float(self.burst), at)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            bucket.tokens = min(float(self.burst), bucket.tokens + (at - bucket.at) * self.per_second)
            bucket.at = at
            self._buckets.move_to_end(name)
        if bucket.tokens < max(cost, 1):
            return Allowance(False, 0, max(1, math.ceil((1 - bucket.tokens) / self.per_second)))
        bucket.tokens -= cost
        return Allowance(True, int(bucket.tokens), 0)
