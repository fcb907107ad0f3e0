"""Versions of the interface: a dead one does not fail, the oldest living one answers in its place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from .errors import unknown_path

_RELEASED_AND_ENDED: tuple[tuple[str, date, date | None], ...] = (
    ("v20.0", date(2024, 5, 21), date(2026, 9, 24)),
    ("v21.0", date(2024, 10, 2), date(2027, 1, 21)),
    ("v22.0", date(2025, 1, 21), date(2027, 5, 20)),
    ("v23.0", date(2025, 5, 29), date(2027, 10, 8)),
    ("v24.0", date(2025, 10, 8), date(2028, 2, 18)),
    ("v25.0", date(2026, 2, 18), date(2028, 7, 29)),
    ("v26.0", date(2026, 7, 29), None),
)
"""From the specification, section 3. Older versions died before all of these."""
VERSION = re.compile(r"v(\d+)\.0")


def number_of(version: str) -> int:
    """25 of v25.0."""
    found = VERSION.fullmatch(version)
    if not found:
        raise unknown_path(f"/{version}")
    return int(found.group(1))


def served_version(asked: str, now: int) -> str:
    """The version that answers at an instant: the asked one while it lives, else the oldest living one; one that is not out yet is unknown.

    An empty `asked` means a path without a version.
    """
    today = datetime.fromtimestamp(now, tz=UTC).date()
    known = [(version, end) for version, released, end in _RELEASED_AND_ENDED if released <= today]
    living = [version for version, end in known if end is None or today < end]
    if asked in living:
        return asked
    if asked and (number_of(asked) < 2 or number_of(asked) > number_of(living[-1])):
        raise unknown_path(f"/{asked}")
    return living[0]
