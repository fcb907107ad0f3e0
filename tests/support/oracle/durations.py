"""Whole milliseconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from math import floor


def round_half_up(value: Fraction) -> int:
    """The nearest integer, halves upwards (values here are never negative), as PostgreSQL rounds numerics."""
    return floor(value + Fraction(1, 2))


def milliseconds(duration: timedelta) -> int:
    """reading: a duration becomes whole milliseconds by rounding, halves away from zero (numeric::bigint)."""
    return round_half_up(Fraction(duration // timedelta(microseconds=1), 1000))


def elapsed_ms(start: datetime | None, end: datetime | None) -> tuple[int | None, bool]:
    """(milliseconds from start to end, is it clock skew). Unknown ends give None; a negative duration None and skew."""
    if start is None or end is None:
        return None, False
    if end < start:
        return None, True
    return milliseconds(end - start), False
