"""What customers did, and the mart `customer_days`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .episodes import Conversation, gather
from .events import Event
from .ladder import Row
from .localtime import hour_start, metric_date
from .scores import Score
from .tenant import Tenant

ACTIVE_TYPES = ("message_received", "citation_clicked", "csat_submitted")


@dataclass(frozen=True)
class Activity:
    """A customer started, wrote, clicked or rated at an instant (UTC); customer_id None = anonymous."""

    conversation_id: str
    customer_id: str | None
    kind: str
    occurred_at: datetime
    day: date
    hour: datetime


def activities(gathered: list[Conversation], tenant: Tenant) -> list[Activity]:
    """All activities.

    reading: a customer starts a conversation at the beginning of its episode 1 unless initiated_by is `agent`; an
    inferred start counts. Later episodes are no starts. Thanks and goodbyes (`closing`) are messages.
    """
    found = []
    for conversation in gathered:
        started = conversation.started
        acts = [(event.event_type, event.occurred_at) for event in conversation.events]
        acts = [(kind, at) for kind, at in acts if kind in ACTIVE_TYPES]
        if started is None or started.initiated_by != "agent":
            acts.append(("conversation_started", conversation.events[0].occurred_at))
        for kind, at in acts:
            found.append(
                Activity(
                    conversation.conversation_id,
                    conversation.customer_id,
                    kind,
                    at,
                    metric_date(tenant, at),
                    hour_start(tenant, at),
                )
            )
    return found


def customer_days(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.customer_days.

    reading: first_seen_at is the customer's first activity of that day; is_new_customer: no customer_days row on an
    earlier day.
    """
    acts = [a for a in activities(gather(events, as_of), tenant) if a.customer_id is not None]
    cells: dict[tuple[date, str], list[Activity]] = {}
    for act in acts:
        cells.setdefault((act.day, str(act.customer_id)), []).append(act)
    rows = []
    for (day, customer_id), mine in sorted(cells.items(), key=lambda cell: (cell[0][0], cell[0][1].encode())):
        rows.append(
            {
                "tenant_id": tenant.tenant_id,
                "metric_date": day,
                "customer_id": customer_id,
                "conversations_started": sum(act.kind == "conversation_started" for act in mine),
                "messages_received": sum(act.kind == "message_received" for act in mine),
                "first_seen_at": min(act.occurred_at for act in mine),
                "is_new_customer": not any(act.customer_id == customer_id and act.day < day for act in acts),
            }
        )
    return rows
