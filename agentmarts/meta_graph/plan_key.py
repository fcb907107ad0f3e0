"""The name of one need: what is asked for has the same key in every run, so that it is sent once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

Window = tuple[datetime, datetime]


def plan_key(account_id: UUID, group_name: str, asked: str | Window, objects: Iterable[str], asked_on: date | None = None) -> str:
    """32 hex digits of the SHA-256 over account, call group, slot or window, objects (as a set) and the date if it is asked anew daily.

    `asked`: a slot such as `age:24h`, or a half-open window of two instants with zones. Objects that are asked together today and apart
    tomorrow need a key each. Raises ValueError for an instant without a zone.
    """
    parts = [
        "plan",
        str(account_id),
        group_name,
        f"slot {asked}" if isinstance(asked, str) else f"window {_utc(asked[0])} {_utc(asked[1])}",
        asked_on.isoformat() if asked_on else "",
        *sorted(set(objects)),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone: windows are instants")
    return moment.astimezone(UTC).isoformat()
