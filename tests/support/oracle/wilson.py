"""Rates with their Wilson 95 % interval."""

from __future__ import annotations

from math import sqrt
from typing import Any

Z = 1.959963984540054


def wilson(numerator: int, denominator: int) -> tuple[float | None, float | None, float | None]:
    """(rate, low, high), 0..1; all None when the denominator is 0."""
    if denominator == 0:
        return None, None, None
    n, p = denominator, numerator / denominator
    centre = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low = 0.0 if numerator == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if numerator == denominator else min(1.0, (centre + half) / scale)
    return p, low, high


def rate_columns(name: str, numerator: int, denominator: int) -> dict[str, Any]:
    """The five columns of R(name)."""
    rate, low, high = wilson(numerator, denominator)
    return {
        f"{name}_rate": rate,
        f"{name}_rate_numerator": numerator,
        f"{name}_rate_denominator": denominator,
        f"{name}_rate_low": low,
        f"{name}_rate_high": high,
    }
