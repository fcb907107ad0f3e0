"""The mart `hourly_metrics`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from .events import Event
from .ladder import Row
from .localtime import hour_start, local_hour, metric_date
from .metrics import distinct_conversations, rounded_average
from .percentiles import percentile_cont
from .scores import Score
from .tenant import Tenant
from .world import World, build


def hourly_metrics(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.hourly_metrics; hour_start in UTC.

    reading: an hour has data when any event of any type fell into it, so a row may be all zeros.
    reading: metric_date and local_hour are those of the hour's events.
    """
    world = build(events, scores, tenant, as_of)
    return [
        {
            "tenant_id": tenant.tenant_id,
            "hour_start": hour,
            "metric_date": metric_date(tenant, at),
            "local_hour": local_hour(tenant, at),
            **_columns(world, hour),
        }
        for hour, at in world.first_in_hour.items()
    ]


def _columns(world: World, hour: datetime) -> Row:
    """The original seven, and response times of the hour."""

    def in_hour(column: str) -> list[Row]:
        # Any hour spans at most 60 minutes from its start, which spares most of the zone arithmetic.
        near = [r for r in world.episodes if r[column] and timedelta(0) <= r[column] - hour < timedelta(hours=1)]
        return [row for row in near if hour_start(world.tenant, row[column]) == hour]

    values = [r.response_ms for m, r, _ in world.replies if m.hour == hour and r.response_ms is not None]
    return {
        "total_conversations": sum(row["episode_no"] == 1 for row in in_hour("started_at")),
        "resolved_conversations": distinct_conversations(in_hour("resolved_at")),
        "escalated_conversations": distinct_conversations(in_hour("handoff_at")),
        "abandoned_conversations": distinct_conversations(in_hour("abandoned_at")),
        "avg_response_time_ms": rounded_average(sum(values), len(values)),
        "total_messages": sum(moment.hour == hour for moment in world.messages),
        "unique_customers": len({act.customer_id for act in world.activities if act.hour == hour and act.customer_id is not None}),
        "responses": len(values),
        "response_time_sum_ms": sum(values),
        "p50_response_time_ms": percentile_cont(values, 0.50),
        "p90_response_time_ms": percentile_cont(values, 0.90),
        "p95_response_time_ms": percentile_cont(values, 0.95),
    }
