"""The history of the demo tenants as landing files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from demo.conversations.activity import Calendar
from demo.conversations.sample_conversations import Clientele, conversations_of_day
from demo.conversations.sample_scores import scores_of
from demo.demo_tenants import DemoTenant
from demo.event_stamps import to_ms
from demo.landing.deliveries import Delivery, deliver
from demo.landing.landing_writer import LandingFile, write_stream

__all__ = ["LandingFile", "local_days", "write_landing_files"]


def write_landing_files(
    folder: Path,
    tenants: Sequence[DemoTenant],
    until: datetime,
    days: int = 90,
    seed: int = 7,
    *,
    anchor: date | None = None,
    on_day: Callable[[DemoTenant, date], None] | None = None,
    file_days: int = 1,
) -> list[LandingFile]:
    """Write conversation events and quality scores of the tenants; give the files with their expected counts.

    The history begins `days` local days before `anchor` (a local date; default: the day of `until`) and holds what had
    happened and been delivered up to `until` (aware, inclusive). With the same anchor and seed a later `until` only
    adds rows: a demo can go on where it stopped, and files that a loader has already seen stay the same or grow at
    their end. `on_day` is called after each tenant's day, for progress bars. Files of other days are left alone.
    A file holds the deliveries of `file_days` days.
    """
    files: list[LandingFile] = []
    until_ms = to_ms(until)
    for tenant in tenants:
        today = until.astimezone(ZoneInfo(tenant.timezone)).date()
        calendar = Calendar(anchor=anchor or today, days=days)
        clientele = Clientele(tenant)
        events: list[Delivery] = []
        scores: list[Delivery] = []
        for day in _days(calendar.first_day, today):
            for conversation in conversations_of_day(tenant, day, calendar, clientele, seed):
                if conversation.setting.started_ms > until_ms:
                    continue
                rng = Random(f"{seed}/{tenant.slug}/{conversation.setting.conversation_id}/delivery")
                events += deliver("conversation_events", conversation.events, rng)
                scores += deliver("quality_scores", scores_of(conversation, seed), rng)
            if on_day:
                on_day(tenant, day)
        files += write_stream(folder, tenant.slug, "conversation_events", events, until_ms, file_days=file_days)
        files += write_stream(folder, tenant.slug, "quality_scores", scores, until_ms, file_days=file_days)
    return files


def local_days(tenant: DemoTenant, until: datetime, days: int, anchor: date | None = None) -> int:
    """How many times `on_day` is called for this tenant."""
    today = until.astimezone(ZoneInfo(tenant.timezone)).date()
    return max(0, (today - Calendar(anchor or today, days).first_day).days + 1)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
