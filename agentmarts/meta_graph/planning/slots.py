"""When an object is sampled, and the plan key: what is asked for has the same key in every run, so that it is sent once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEPT_FOR = 730 * DAY
"""Meta keeps insights of posts and media for two years."""
STORY_LIVES = 24 * HOUR


def _ages() -> tuple[tuple[str, timedelta], ...]:
    early = [(f"{hours}h", hours * HOUR) for hours in (1, 6, 24, 48, 72)]
    checkpoints = [(f"{days}d", days * DAY) for days in (7, 14, 28)]
    weekly = [(f"{days}d", days * DAY) for days in range(35, 91, 7)]
    monthly = [(f"{days}d", days * DAY) for days in range(120, KEPT_FOR.days + 1, 30)]
    return (*early, *checkpoints, *weekly, *monthly)


AGES = _ages()
"""Ages at which posts and media are sampled: 1 to 72 hours, 7, 14, 28 days, then weekly to 90 days and every 30 days to two years."""
STORY_AGES = tuple((f"{hours}h", hours * HOUR) for hours in (4, 8, 12, 16, 20, 22))
"""Ages at which stories are sampled; Meta forgets them at 24 hours."""
YOUNG = 72 * HOUR
"""Checkpoints up to this age are worth a request of their own; later ones ride with the daily run."""


def age_slot(published_at: datetime, at: datetime, ages: Iterable[tuple[str, timedelta]] = AGES) -> str | None:
    """The newest age reached, e.g. `age:24h`; None before the first age and after two years.

    Only the newest: a sample taken now says nothing of the ages that were missed.
    """
    age = at - published_at
    if age > KEPT_FOR:
        return None
    reached = [name for name, length in ages if length <= age]
    return f"age:{reached[-1]}" if reached else None


def story_slot(published_at: datetime, at: datetime) -> str | None:
    """As `age_slot` for a story; None once it is gone."""
    return age_slot(published_at, at, STORY_AGES) if at - published_at < STORY_LIVES else None


def is_young(slot: str) -> bool:
    """Whether a slot of `age_slot` is one of the first 72 hours."""
    return any(slot == f"age:{name}" and length <= YOUNG for name, length in AGES)


def day_slot(at: datetime, timezone: str) -> str:
    """The local day of an instant, `day:YYYY-MM-DD`: stocks and what lists bring free are sampled once in each."""
    return f"day:{at.astimezone(ZoneInfo(timezone)).date().isoformat()}"


# The name of one need: what is asked for has the same key in every run, so that it is sent once.

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
