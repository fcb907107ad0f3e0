"""Unreadable parts of an answer in a form that can be stored: JSON that PostgreSQL takes, without paging links and secrets."""

from __future__ import annotations

import math
from typing import Any

MAX_DEPTH = 50
WITHHELD = "(withheld: it names a secret)"
_SECRETS = ("access_token", "appsecret_proof", "input_token")
_LARGEST = 2**63
_SHOWN = 60
_WRITTEN_BITS = 256
"""Python refuses to write integers of thousands of digits."""


def fragment_of(value: object, depth: int = MAX_DEPTH) -> Any:
    """The value as JSON that `jsonb` takes. `paging` is left out (its links hold the token), and so is all below `depth` levels.

    Text that names a secret is withheld. NUL, halves of surrogate pairs, NaN and integers of more than 64 bits become text.
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
    return any(secret in text for secret in _SECRETS)


def storable(text: str) -> str:
    """The text with NUL and halves of surrogate pairs, which PostgreSQL refuses, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")


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
