"""The learning domain of the demo tenants as landing files, beside those of their conversations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from demo.conversations.activity import Calendar
from demo.conversations.transcript import Event
from demo.demo_tenants import DemoTenant
from demo.event_stamps import to_ms
from demo.landing.bad_rows import kinds_of, spoil_as
from demo.landing.deliveries import Delivery, deliver
from demo.landing.landing_writer import LandingFile, write_stream
from demo.learning.agent_work import LEARNING_STREAMS
from demo.learning.sample_learning import learning_days, work_of_day

SUFFIX = ".learning"
"""Events of conversations that come from here have files of their own, so that those of the others keep their bytes."""

FILE_DAYS = 7
"""So little happens on one day that a file of its own would cost more to open than to read."""


def write_learning_files(
    folder: Path, tenants: Sequence[DemoTenant], until: datetime, days: int = 90, seed: int = 7, *, anchor: date | None = None
) -> list[LandingFile]:
    """Write agent actions, outcome signals, feedback and the conversation events they need; give the files with their expected counts.

    Arguments as of `landing_files.write_landing_files`. Each way to spoil a row of a learning stream occurs at least once
    per tenant as soon as that stream has as many rows as there are ways.
    """
    files: list[LandingFile] = []
    until_ms = to_ms(until)
    for tenant in tenants:
        today = until.astimezone(ZoneInfo(tenant.timezone)).date()
        calendar = Calendar(anchor=anchor or today, days=days)
        deliveries: defaultdict[str, list[Delivery]] = defaultdict(list)
        firsts: defaultdict[str, list[Event]] = defaultdict(list)
        for day in learning_days(calendar, today):
            for stream, events in work_of_day(tenant, day, calendar, seed).events.items():
                rng = Random(f"{seed}/{tenant.slug}/{day.isoformat()}/learning/{stream}/delivery")
                deliveries[stream] += deliver(stream, events, rng)
                firsts[stream] += events[: len(kinds_of(stream)) - len(firsts[stream])]
        for stream in LEARNING_STREAMS:
            if stream != "conversation_events":
                deliveries[stream] += _spoilt(stream, firsts[stream], Random(f"{seed}/{tenant.slug}/learning/{stream}/bad"))
            files += write_stream(folder, tenant.slug, stream, deliveries[stream], until_ms, suffix=SUFFIX, file_days=FILE_DAYS)
    return files


def _spoilt(stream: str, events: Iterable[Event], rng: Random) -> list[Delivery]:
    """One bad row of each kind, after the good one it is a copy of."""
    return [
        Delivery(event.occurred_ms + 1, spoil_as(stream, kind, event, rng), "bad")
        for kind, event in zip(kinds_of(stream), events, strict=False)
    ]
