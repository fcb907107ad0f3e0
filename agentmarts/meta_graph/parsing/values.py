"""Single values of an answer: numbers, values of dimensions, instants. What is none of them is refused with a reason."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agentmarts.warehouse.redaction import TOKEN_NAMES

TOO_LARGE = 10**18
"""No count, duration or amount of money of one account comes near it."""
MAX_PLACES = 30
"""Decimal places of the finest ratio."""
MAX_DIMENSION_LENGTH = 500
YEARS = range(2004, 2101)
"""No stamp of Meta lies outside of them."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_MAX_NUMBER_LENGTH = 64
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class NotReadableError(ValueError):
    """No rule reads this value; the message is a reason that a person understands."""


def number_of(value: object) -> Decimal:
    """An int, a float or a text of digits, exactly; whole numbers without decimal places. Raises NotReadableError."""
    match value:
        case bool():
            raise NotReadableError(f"{shown(value)} is not a number")
        case int() if abs(value) >= TOO_LARGE:
            raise NotReadableError(f"{shown(value)} is larger than any metric can be")
        case int():
            return Decimal(value)
        case float():
            return _checked(Decimal(repr(value)), value)
        case str() if len(value) <= _MAX_NUMBER_LENGTH and _NUMBER.fullmatch(value):
            return _checked(Decimal(value), value)
        case _:
            raise NotReadableError(f"{shown(value)} is not a number")


def dimension_of(value: object) -> str:
    """A value of a dimension, in lower case, as Meta writes it in either. Numbers and booleans become text, true 1 and false 0.

    Raises NotReadableError, also for text that cannot be stored.
    """
    match value:
        case bool():
            return str(int(value))
        case int() if abs(value) < TOO_LARGE:
            return str(value)
        case str() if not value.strip():
            raise NotReadableError("a blank text names no dimension")
        case str() if len(value) > MAX_DIMENSION_LENGTH or _CONTROL.search(value) or names_secret(value):
            raise NotReadableError(f"{shown(value)} names no dimension: it is too long, or holds control characters or a secret")
        case str():
            return value.lower()
        case _:
            raise NotReadableError(f"{shown(value)} names no dimension")


def instant_of(value: object) -> datetime:
    """An instant as Meta writes it (`2026-03-10T07:00:00+0000`, also with colon or Z), in UTC. Raises NotReadableError."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise NotReadableError(f"{shown(value)} is not an instant with its offset from UTC")
    try:
        instant = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotReadableError(f"{shown(value)} is not an instant of the calendar") from None
    if instant.year not in YEARS:
        raise NotReadableError(f"{shown(value)} is not in the years {YEARS.start} to {YEARS.stop - 1}")
    return instant


def _checked(number: Decimal, value: object) -> Decimal:
    if not number.is_finite():
        raise NotReadableError(f"{shown(value)} is not a number")
    if abs(number) >= TOO_LARGE:
        raise NotReadableError(f"{shown(value)} is larger than any metric can be")
    if number == number.to_integral_value():
        return Decimal(int(number))
    if -int(number.as_tuple().exponent) > MAX_PLACES:
        raise NotReadableError(f"{shown(value)} has more decimal places than any metric can have")
    return number


# Unreadable parts of an answer in a form that can be stored: JSON that PostgreSQL takes, without paging links and secrets.

MAX_DEPTH = 50
WITHHELD = "(withheld: it names a secret)"
_LARGEST = 2**63
_SHOWN = 60
_WRITTEN_BITS = 256
"""Python refuses to write integers of thousands of digits."""


def fragment_of(value: object, depth: int = MAX_DEPTH) -> Any:
    """The value as JSON that `jsonb` takes. `paging` is left out (its links hold the token), and so is all below `depth` levels.

    Text that names a secret is withheld, NaN and integers of more than 64 bits become text.
    """
    if isinstance(value, str):
        return WITHHELD if names_secret(value) else storable(value)
    if isinstance(value, list | dict) and depth == 0:
        return "…"
    if isinstance(value, list):
        return [fragment_of(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {str(fragment_of(key)): fragment_of(item, depth - 1) for key, item in value.items() if key != "paging"}
    return value if _is_plain(value) else shown(value)


def names_secret(text: str) -> bool:
    """Whether a text may hold a token or a proof."""
    return any(secret in text for secret in TOKEN_NAMES)


def storable(text: str) -> str:
    """The text with U+FFFD for NUL and halves of surrogate pairs, which PostgreSQL refuses."""
    return _UNSTORABLE.sub("\ufffd", text)


def shown(value: object) -> str:
    """A value as a sentence can name it: a list or an object by its kind, text in quotes and cut."""
    if isinstance(value, str):
        text = str(fragment_of(value))
        return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"'
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, int) and value.bit_length() > _WRITTEN_BITS:
        return f"an integer of {value.bit_length()} bits"
    return "null" if value is None else str(value).lower()


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, int) and -_LARGEST <= value < _LARGEST)
