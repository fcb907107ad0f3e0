"""Percentiles: exact (percentile_cont), and merged from logarithmic histograms. Values are milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log

BASE = 1.02


def percentile_cont(values: Sequence[float], q: float) -> float | None:
    """Interpolated between the ranks floor(h) and floor(h) + 1 of h = q (n - 1); None without values."""
    if not values:
        return None
    ordered = sorted(values)
    h = q * (len(ordered) - 1)
    below = floor(h)
    low = float(ordered[below])
    high = float(ordered[min(below + 1, len(ordered) - 1)])
    return low + (h - below) * (high - low)


def bucket(value: int) -> int:
    """Bucket of a value in whole ms: -1 for 0, else ceil(ln x / ln 1.02)."""
    return -1 if value == 0 else ceil(log(value) / log(BASE))


def estimate(index: int) -> float:
    """The value a bucket stands for in ms; relative error at most 0.0099."""
    return 0.0 if index == -1 else 2 * BASE**index / (BASE + 1)


def histogram(values: Iterable[int]) -> dict[str, int]:
    """{"bucket": count}; empty when there are no values (reading: {} and never NULL)."""
    counts = Counter(bucket(value) for value in values)
    return {str(index): counts[index] for index in sorted(counts)}


def merge(histograms: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The histogram of all values together."""
    total: Counter[str] = Counter()
    for each in histograms:
        total.update(each)
    return dict(total)


def merged_percentile(counts: Mapping[str, int], q: float) -> float | None:
    """percentile_cont over the bucket estimates."""
    return percentile_cont([estimate(int(index)) for index, count in counts.items() for _ in range(count)], q)
