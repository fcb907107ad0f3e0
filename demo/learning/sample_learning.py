"""What agents did on one local day, what came of it and what people thought: actions, signals, feedback, and the conversations that decide.

The truth behind the data is in `action_kinds`: one overconfident type, two calibrated ones, one underconfident, one too
rare, and a single segment at a single tenant that makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from demo.conversations.activity import Calendar, starts_of_day
from demo.demo_tenants import DemoTenant
from demo.learning.action_kinds import ADVANCE_DEAL, BEGINNINGS, SCHEDULE_MEETING, SEND_EMAIL
from demo.learning.agent_work import AgentWork
from demo.learning.sample_deals import run_deal
from demo.learning.sample_emails import send_email
from demo.learning.sample_feedback import rate
from demo.learning.sample_signals import escalate, schedule_meeting

LEARNING_DAYS = 60
"""How many local days before the anchor agents began to act; fewer if the whole history is shorter."""

BEGINNINGS_PER_CONVERSATION = 0.5
"""A deal is one beginning with several actions, an e-mail may have a follow-up."""


def learning_days(calendar: Calendar, today: date) -> Iterator[date]:
    """The local days on which agents acted, up to today."""
    first = max(calendar.first_day, calendar.anchor - timedelta(days=LEARNING_DAYS))
    for offset in range((today - first).days + 1):
        yield first + timedelta(days=offset)


def work_of_day(tenant: DemoTenant, day: date, calendar: Calendar, seed: int) -> AgentWork:
    """What began on this day, with all its consequences, those of later weeks included.

    It hangs on seed, tenant, day and calendar only, and has random numbers of its own: conversations of the demo are the
    same with and without it.
    """
    rng = Random(f"{seed}/{tenant.slug}/{day.isoformat()}/learning")
    work = AgentWork(tenant, rng)
    busy = replace(tenant, conversations_per_day=round(tenant.conversations_per_day * BEGINNINGS_PER_CONVERSATION))
    for count, started_ms in enumerate(starts_of_day(busy, day, calendar, rng), start=1):
        number = f"{day:%Y%m%d}-{count:04d}"
        kind = rng.choices(BEGINNINGS, [beginning.weight for beginning in BEGINNINGS])[0]
        if kind is SEND_EMAIL:
            send_email(work, started_ms, number)
        elif kind is ADVANCE_DEAL:
            run_deal(work, started_ms, number)
        elif kind is SCHEDULE_MEETING:
            schedule_meeting(work, started_ms)
        else:
            escalate(work, started_ms)
    rate(work, day, calendar)
    return work
