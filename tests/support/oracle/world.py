"""Everything the period marts count, laid out once with local day and hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .activity import Activity, activities
from .conversations import conversations
from .episodes import gather
from .events import Event
from .ladder import Row
from .localtime import days_between, hour_start, metric_date
from .responses import Reply, walk
from .scores import Score
from .tenant import Tenant


@dataclass(frozen=True)
class Moment:
    """Local day and hour (UTC instant) of something."""

    day: date
    hour: datetime


@dataclass(frozen=True)
class World:
    """One tenant as it stands at as_of. days: all local days from the first event to as_of, none without events."""

    tenant: Tenant
    as_of: datetime
    days: list[date]
    first_in_hour: dict[datetime, datetime]  # hour_start -> earliest event in the hour (UTC)
    episodes: list[Row]
    messages: list[Moment]
    replies: list[tuple[Moment, Reply, bool]]  # the flag: below gap_confidence_threshold
    activities: list[Activity]


def build(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> World:
    """Lay out the world; only events up to as_of exist."""
    events = list(events)
    gathered = gather(events, as_of)
    existing = [event for conversation in gathered for event in conversation.events]
    replies = []
    for conversation in gathered:
        for episode in conversation.episodes:
            # reading: whether a reply's confidence is low is judged by the threshold of the episode's start date.
            start_date = metric_date(tenant, episode.events[0].occurred_at)
            threshold = tenant.parameter("gap_confidence_threshold", start_date)
            for reply in walk(episode.events)[0]:
                confidence = reply.event.confidence
                is_low = confidence is not None and confidence < threshold
                replies.append((_moment(tenant, reply.event), reply, is_low))
    return World(
        tenant=tenant,
        as_of=as_of,
        days=_days(existing, tenant, as_of),
        first_in_hour=_first_in_hour(existing, tenant),
        episodes=conversations(events, scores, tenant, as_of),
        messages=[_moment(tenant, event) for event in existing if event.is_public_message],
        replies=replies,
        activities=activities(gathered, tenant),
    )


def _days(existing: list[Event], tenant: Tenant, as_of: datetime) -> list[date]:
    """reading: the tenant's first event is its first conversation event; the day as_of falls on is included."""
    if not existing:
        return []
    first = min(event.occurred_at for event in existing)
    return days_between(metric_date(tenant, first), metric_date(tenant, as_of))


def _first_in_hour(existing: list[Event], tenant: Tenant) -> dict[datetime, datetime]:
    earliest: dict[datetime, datetime] = {}
    for at in sorted(event.occurred_at for event in existing):
        earliest.setdefault(hour_start(tenant, at), at)
    return earliest


def _moment(tenant: Tenant, event: Event) -> Moment:
    return Moment(metric_date(tenant, event.occurred_at), hour_start(tenant, event.occurred_at))


def is_provisional(world: World, last_day: date, period_end: datetime) -> bool:
    """Cohort columns may still mature.

    reading: period_end > as_of - durable_days * 24 h, durable_days being that of the period's last local day.
    """
    days = world.tenant.parameter("durable_days", last_day)
    return period_end > world.as_of - timedelta(days=days)
