"""When a figure of the warehouse and one of an oracle are the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def same(found: Any, expected: Any) -> bool:
    """Equal, or equal to 1e-9 where one side is a floating-point number."""
    if isinstance(found, float) or isinstance(expected, float):
        if found is None or expected is None or isinstance(found, bool) or isinstance(expected, bool):
            return found is expected
        return abs(float(found) - float(expected)) <= 1e-9 * max(1.0, abs(float(expected)))
    if isinstance(expected, Decimal) and found is not None:
        return Decimal(found) == expected
    if isinstance(expected, dict):
        return isinstance(found, dict) and {str(k): v for k, v in expected.items()} == found
    return bool(found == expected)
